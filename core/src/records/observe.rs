//! Watching a list: all of it first, then what changes in it.
//!
//! Each observer has a thread of its own, so that one that is slow, blocks or panics holds up nobody
//! else: neither who writes nor who else watches.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{PageSize, Query, Records, Sequence, View};
use crate::domain::{Content, Kind};
use crate::error::{CoreError, Result};
use crate::store::{ChangeSignal, StoreError};

/// A small change of a list, in the order in which to apply them.
#[derive(Debug, Clone, PartialEq)]
pub enum Diff<T> {
    /// Forget what was there: this is the list.
    Reset(Vec<View<T>>),
    /// A row came in at that position, counted from 0.
    Insert(u32, View<T>),
    /// The row at that position shows something else.
    Set(u32, View<T>),
    /// The row at that position went.
    Remove(u32),
}

/// Hears of a list. Called on a thread of its own, one call at a time.
pub trait Observer<T>: Send + 'static {
    /// Applies these in their order. The first call is one [`Diff::Reset`].
    fn on_diffs(&mut self, diffs: Vec<Diff<T>>);

    /// The list can't be read any more; nothing follows.
    fn on_end(&mut self, error: CoreError) {
        let _ = error;
    }
}

impl<T, F: FnMut(Vec<Diff<T>>) + Send + 'static> Observer<T> for F {
    fn on_diffs(&mut self, diffs: Vec<Diff<T>>) {
        self(diffs);
    }
}

/// Keeps an observer listening. Dropping it ends that; a call that is under way is not waited for.
#[derive(Debug)]
pub struct Observation {
    stop: Arc<AtomicBool>,
    signal: Arc<ChangeSignal>,
}

impl Drop for Observation {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.signal.wake();
    }
}

/// Something of the record changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChanged {
    /// Where the record stands now.
    pub sequence: Sequence,
    /// What changed, since the change before: which kinds of things. Empty in the first call.
    pub kinds: BTreeSet<Kind>,
}

impl Records {
    /// Calls with where the record stands, and again after each change, until the observation is dropped. Changes
    /// that follow each other closely may come as one; none is left out, and they come in their order.
    pub(crate) fn listen(
        &self,
        mut heard: impl FnMut(RecordChanged) + Send + 'static,
    ) -> Result<Observation> {
        let first = self.sequence()?;
        let (stop, signal) = (
            Arc::new(AtomicBool::new(false)),
            self.replica.store.signal(),
        );
        let observation = Observation {
            stop: Arc::clone(&stop),
            signal: Arc::clone(&signal),
        };
        let records = self.clone();
        let watch = move || {
            let mut say = |changed| catch_unwind(AssertUnwindSafe(|| heard(changed))).is_ok();
            let kinds = BTreeSet::new();
            let mut goes_on = say(RecordChanged {
                sequence: first,
                kinds,
            });
            let mut seen = first;
            while goes_on {
                let stopped = || stop.load(Ordering::SeqCst);
                let newest = Sequence(signal.wait_beyond(seen.0, stopped));
                if stopped() {
                    return;
                }
                match records.changed_beyond(seen) {
                    Ok(mut changed) => {
                        // A row that went has no change to show, and counts all the same.
                        changed.sequence = changed.sequence.max(newest);
                        seen = changed.sequence;
                        goes_on = say(changed);
                    }
                    // It can't be read any more: whoever reads it themselves hears why.
                    Err(_) => return,
                }
            }
        };
        run_beside(watch)?;
        Ok(observation)
    }

    /// All that changed after a point.
    fn changed_beyond(&self, seen: Sequence) -> Result<RecordChanged> {
        let mut changed = RecordChanged {
            sequence: seen,
            kinds: BTreeSet::new(),
        };
        loop {
            let page = self.changes(changed.sequence, PageSize::LARGEST)?;
            let is_last = page.changes.len() < PageSize::LARGEST.rows();
            changed.sequence = page.next;
            let kinds = page.changes.into_iter().map(|change| change.kind);
            changed.kinds.extend(kinds);
            if is_last {
                return Ok(changed);
            }
        }
    }

    /// Calls the observer with the first page of a list, and again whenever it shows something else.
    /// Changes that follow each other closely may come as one.
    pub(crate) fn observe<T: Content>(
        &self,
        query: Query<T>,
        mut observer: impl Observer<T>,
    ) -> Result<Observation> {
        // Whatever is wrong with the query is for the caller to hear, not for the observer.
        self.page(&query)?;
        let (stop, signal) = (
            Arc::new(AtomicBool::new(false)),
            self.replica.store.signal(),
        );
        let observation = Observation {
            stop: Arc::clone(&stop),
            signal: Arc::clone(&signal),
        };
        let records = self.clone();
        let watch = move || {
            let mut shown: Option<Vec<View<T>>> = None;
            let mut seen = i64::MIN;
            loop {
                let stopped = || stop.load(Ordering::SeqCst);
                seen = signal.wait_beyond(seen, stopped);
                if stopped() {
                    return;
                }
                let diffs = match records.page(&query) {
                    Ok(page) => {
                        let diffs = match &shown {
                            None => vec![Diff::Reset(page.items.clone())],
                            Some(before) => differences(before, &page.items),
                        };
                        shown = Some(page.items);
                        diffs
                    }
                    Err(error) => {
                        let _ = catch_unwind(AssertUnwindSafe(|| observer.on_end(error)));
                        return;
                    }
                };
                if diffs.is_empty() || stopped() {
                    continue;
                }
                let called = catch_unwind(AssertUnwindSafe(|| observer.on_diffs(diffs)));
                if called.is_err() {
                    // It is in an unknown state: calling it again could only make it worse.
                    return;
                }
            }
        };
        run_beside(watch)?;
        Ok(observation)
    }
}

/// Starts a thread for whoever watches.
fn run_beside(watch: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new()
        .name("companion-observer".to_owned())
        .spawn(watch)
        .map_err(|error| StoreError::Disk(error.to_string()))?;
    Ok(())
}

/// The changes that make the second list of the first.
fn differences<T: Clone + PartialEq>(before: &[View<T>], after: &[View<T>]) -> Vec<Diff<T>> {
    let mut diffs = Vec::new();
    let mut list: Vec<&View<T>> = before.iter().collect();
    let stays = |view: &View<T>| after.iter().any(|kept| kept.id == view.id);
    for at in (0..list.len()).rev() {
        if list.get(at).is_some_and(|view| !stays(view)) {
            list.remove(at);
            diffs.push(Diff::Remove(position(at)));
        }
    }
    for (at, view) in after.iter().enumerate() {
        match list.get(at) {
            Some(here) if here.id == view.id => {
                if *here != view {
                    diffs.push(Diff::Set(position(at), view.clone()));
                }
            }
            _ => {
                // One that moved goes first, and comes in where it stands now.
                let elsewhere = list.iter().position(|moved| moved.id == view.id);
                if let Some(elsewhere) = elsewhere {
                    list.remove(elsewhere);
                    diffs.push(Diff::Remove(position(elsewhere)));
                }
                list.insert(at.min(list.len()), view);
                diffs.push(Diff::Insert(position(at), view.clone()));
            }
        }
    }
    diffs
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{DocumentId, Revision};
    use crate::records::DeliveryState;

    fn view(id: u8, content: u8) -> View<u8> {
        View {
            id: DocumentId::new([id; 16]),
            revision: Revision::default(),
            content,
            when: None,
            clock_ahead: false,
            apart: Vec::new(),
            shared: false,
            edited_at: None,
            received_ms: 0,
            delivery: DeliveryState::Sent,
            writers: Vec::new(),
        }
    }

    fn apply(list: &mut Vec<View<u8>>, diffs: Vec<Diff<u8>>) {
        for diff in diffs {
            match diff {
                Diff::Reset(views) => *list = views,
                Diff::Insert(at, view) => list.insert(at as usize, view),
                Diff::Set(at, view) => *list.get_mut(at as usize).unwrap() = view,
                Diff::Remove(at) => {
                    list.remove(at as usize);
                }
            }
        }
    }

    fn list(ids: &[u8], contents: &[u8]) -> Vec<View<u8>> {
        let mut seen = std::collections::BTreeSet::new();
        let pairs = ids.iter().zip(contents);
        pairs
            .filter(|(id, _)| seen.insert(**id))
            .map(|(id, content)| view(*id, *content))
            .collect()
    }

    proptest! {
        #[test]
        fn the_differences_always_lead_to_the_new_list(
            before in proptest::collection::vec(0_u8..12, 0..12),
            after in proptest::collection::vec(0_u8..12, 0..12),
            contents in proptest::collection::vec(0_u8..3, 12),
        ) {
            let mut shown = list(&before, &[0; 12]);
            let wanted = list(&after, &contents);
            let diffs = differences(&shown, &wanted);
            prop_assert!(!diffs.iter().any(|diff| matches!(diff, Diff::Reset(_))));
            apply(&mut shown, diffs);
            prop_assert_eq!(shown, wanted);
        }

        #[test]
        fn a_list_that_stays_has_no_differences(ids in proptest::collection::vec(0_u8..12, 0..12)) {
            let shown = list(&ids, &[1; 12]);
            prop_assert_eq!(differences(&shown, &shown), vec![]);
        }
    }
}
