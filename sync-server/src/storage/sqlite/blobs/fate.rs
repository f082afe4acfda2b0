//! Where a process ends, or finds the disk full: before which of its steps. A test counts the steps of a
//! whole story first, and then tells it once for each. What was not synced by then is remembered, since a
//! machine that loses its power loses that.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What becomes of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ending {
    /// All are made.
    #[default]
    Good,
    /// This one and all after it are not: the process is gone, and does not tidy up either.
    KilledAt(usize),
    /// This one is not, for want of room.
    FullAt(usize),
}

/// What only the machine's memory holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Unsynced {
    /// Files, and how much of each is on the disk.
    pub(super) bytes: BTreeMap<PathBuf, u64>,
    /// Files and folders whose entry is not on the disk.
    pub(super) entries: BTreeSet<PathBuf>,
}

#[derive(Debug, Default)]
struct State {
    ending: Ending,
    steps: usize,
    unsynced: Unsynced,
}

#[derive(Debug, Default)]
pub(in super::super) struct Fate(Mutex<State>);

impl Fate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides, and counts from here on.
    pub(super) fn decide(&self, ending: Ending) {
        let mut state = self.state();
        state.ending = ending;
        state.steps = 0;
    }

    /// How many steps there were since it was decided.
    pub(super) fn steps(&self) -> usize {
        self.state().steps
    }

    pub(super) fn unsynced(&self) -> Unsynced {
        self.state().unsynced.clone()
    }

    pub(super) fn step(&self) -> io::Result<()> {
        let mut state = self.state();
        state.steps = state.steps.saturating_add(1);
        match (state.ending, state.steps) {
            (Ending::KilledAt(at), now) if now >= at => Err(io::Error::other("killed")),
            (Ending::FullAt(at), now) if now == at => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    pub(super) fn written(&self, path: &Path, from: u64) {
        let mut state = self.state();
        let synced = state.unsynced.bytes.entry(path.to_owned()).or_insert(from);
        *synced = from.min(*synced);
    }

    pub(super) fn synced(&self, path: &Path) {
        self.state().unsynced.bytes.remove(path);
    }

    pub(super) fn entered(&self, path: &Path) {
        self.state().unsynced.entries.insert(path.to_owned());
    }

    pub(super) fn folder_synced(&self, folder: &Path) {
        let mut state = self.state();
        let entries = &mut state.unsynced.entries;
        entries.retain(|entry| entry.parent() != Some(folder));
    }
}
