//! Where a process ends, or finds the disk full, in the life of a blob on this device. The story is told in
//! `records/tests/attaching.rs`, where documents and blobs are written together.
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where a process ends, or finds the disk full: before which of its steps, counted from 1.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    steps: AtomicUsize,
    killed_at: AtomicUsize,
    full_at: AtomicUsize,
}

impl Fate {
    /// From here on the process ends before that step, or finds the disk full there; 0 for never.
    pub(crate) fn decide(&self, killed_at: usize, full_at: usize) {
        self.steps.store(0, Ordering::SeqCst);
        self.killed_at.store(killed_at, Ordering::SeqCst);
        self.full_at.store(full_at, Ordering::SeqCst);
    }

    /// How many steps there were since.
    pub(crate) fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    pub(super) fn step(&self) -> io::Result<()> {
        let now = self.steps.fetch_add(1, Ordering::SeqCst) + 1;
        let is = |at: &AtomicUsize, is: fn(usize, usize) -> bool| {
            let at = at.load(Ordering::SeqCst);
            at > 0 && is(now, at)
        };
        if is(&self.killed_at, |now, at| now >= at) {
            return Err(io::Error::other("killed"));
        }
        if is(&self.full_at, |now, at| now == at) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}
