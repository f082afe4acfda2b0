//! Watching a list and asking what has changed: nobody holds up anybody, and other processes count.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use companion_core::domain::{CheckIn, Content as _, Entry};
use companion_core::records::{Diff, PageSize, Query, View};
use companion_tests::{World, private_note};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Applies what an observer was told until the list has so many rows.
fn until(told: &Receiver<Vec<Diff<Entry>>>, list: &mut Vec<View<Entry>>, rows: usize) {
    while list.len() != rows {
        for diff in told.recv_timeout(PATIENCE).unwrap() {
            match diff {
                Diff::Reset(views) => *list = views,
                Diff::Insert(at, view) => list.insert(at as usize, view),
                Diff::Set(at, view) => list[at as usize] = view,
                Diff::Remove(at) => drop(list.remove(at as usize)),
            }
        }
    }
}

#[test]
fn an_observer_that_panics_or_blocks_for_ever_holds_up_neither_who_writes_nor_who_watches() {
    let world = World::in_memory(41);
    let ada = world.phone("Ada");
    let all = Query::<Entry>::all;
    // Dropped at the end of the test only: until then nothing comes out of it.
    let (release, never) = channel::<()>();
    let (to_blocked, blocked) = channel();
    let blocking = ada.observe(all(), move |_| {
        to_blocked.send(()).unwrap_or_default();
        let _ = never.recv();
    });
    let (to_panicked, panicked) = channel::<()>();
    let panicking = ada.observe(all(), move |_| {
        let _ = to_panicked.send(());
        panic!("an observer's own fault");
    });
    let (to, told) = channel();
    let watching = ada.observe(all(), move |diffs| to.send(diffs).unwrap_or_default());
    blocked.recv_timeout(PATIENCE).unwrap();
    panicked.recv_timeout(PATIENCE).unwrap();
    let mut list = Vec::new();
    for n in 0..5 {
        ada.write_privately(&format!("entry {n}"));
        until(&told, &mut list, n + 1);
    }
    assert_eq!(list, ada.entries());
    // It is not called again, since nobody knows in what state it is.
    let silence = panicked.recv_timeout(PATIENCE);
    assert_eq!(silence, Err(RecvTimeoutError::Disconnected));
    assert!(blocked.try_recv().is_err(), "one call at a time");
    // Nor does one that blocks keep anybody from ending it.
    drop((blocking, panicking, watching));
    ada.write_privately("afterwards");
    assert_eq!(ada.texts().len(), 6);
    drop(release);
}

#[test]
fn an_observer_hears_nothing_once_its_observation_is_dropped() {
    let world = World::in_memory(42);
    let ada = world.phone("Ada");
    let (to, told) = channel();
    let all = Query::<Entry>::all();
    let watching = ada.observe(all, move |diffs| to.send(diffs).unwrap_or_default());
    let mut list = Vec::new();
    ada.write_privately("heard");
    until(&told, &mut list, 1);
    drop(watching);
    // Its thread ends, and lets go of the observer, though nobody writes any more.
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(_) => {}
            Err(end) => {
                assert_eq!(end, RecvTimeoutError::Disconnected);
                break;
            }
        }
    }
}

#[test]
fn an_observer_is_told_of_what_came_and_what_went_whoever_wrote_it() {
    let world = World::in_memory(43);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let (to, told) = channel();
    let all = Query::<Entry>::all();
    let watching = ada.observe(all, move |diffs| to.send(diffs).unwrap_or_default());
    let mut list = Vec::new();
    let entry = tablet.write_privately("from the tablet");
    tablet.write("from the tablet, shared");
    tablet.sync_cleanly();
    ada.sync_cleanly();
    until(&told, &mut list, 2);
    tablet.delete::<Entry>(entry.id).unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    until(&told, &mut list, 1);
    assert_eq!(list[0].content.body, "from the tablet, shared");
    drop(watching);
}

#[test]
fn what_another_process_wrote_is_seen_by_whoever_asks_what_has_changed() {
    let world = World::in_memory(44);
    let ada = world.phone("Ada");
    let mine = ada.write_privately("by this process");
    let since = ada.sequence().unwrap();
    let widget = ada.opened_beside();
    assert_eq!(widget.sequence().unwrap(), since);

    let theirs = widget.create(private_note("by the other")).unwrap();
    let edited = widget.edit::<Entry>(mine.id, &mine.revision, |entry| {
        entry.body = "edited by the other".to_owned();
    });
    let check_in = widget.create(CheckIn::examples().pop().unwrap()).unwrap();
    let changes = ada.changes(since, PageSize::LARGEST).unwrap();
    let seen: Vec<_> = changes.changes.iter().map(|c| (c.id, c.is_shown)).collect();
    assert_eq!(
        seen,
        [(theirs.id, true), (mine.id, true), (check_in.id, true)]
    );
    assert_eq!(ada.texts(), ["by the other", "edited by the other"]);
    assert_eq!(ada.get::<Entry>(mine.id).unwrap(), edited.unwrap());
    // What goes is told too, and nothing is told twice.
    let since = changes.next;
    widget.delete::<Entry>(theirs.id).unwrap();
    let changes = ada.changes(since, PageSize::LARGEST).unwrap();
    let seen: Vec<_> = changes.changes.iter().map(|c| (c.id, c.is_shown)).collect();
    assert_eq!(seen, [(theirs.id, false)]);
    let quiet = ada.changes(changes.next, PageSize::LARGEST).unwrap();
    assert!(quiet.changes.is_empty() && quiet.next == changes.next);
    // Page by page it is the same.
    let mut since = companion_core::records::Sequence::default();
    let mut all = Vec::new();
    loop {
        let page = ada.changes(since, PageSize::ONE).unwrap();
        since = page.next;
        if page.changes.is_empty() {
            break;
        }
        all.extend(page.changes);
    }
    let at_once = ada.changes(Default::default(), PageSize::LARGEST).unwrap();
    assert_eq!(all, at_once.changes);
    // And both processes write on in the same record.
    ada.write_privately("on we go");
    widget.create(private_note("and on")).unwrap();
    assert_eq!(ada.texts().len(), 3);
    assert!(ada.check_record().unwrap().differing.is_empty());
}
