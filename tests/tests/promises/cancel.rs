//! Giving up, pausing, and many threads at once: typed, nothing lost, nobody else held up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use companion_core::CoreError;
use companion_core::domain::Entry;
use companion_core::ports::Cancel;
use companion_tests::{Fault, Phone, World};

use crate::interruptions::{agreed, busy};

/// Gives up at the request of that number: before it leaves, or once the server acted upon it.
fn cancel_at(phone: &Phone, cancel: &Cancel, at: usize, answered: bool) {
    let (count, cancel) = (AtomicUsize::new(0), cancel.clone());
    let give_up = move |_: &companion_core::ports::Request| {
        if count.fetch_add(1, Ordering::SeqCst) == at {
            cancel.cancel();
        }
    };
    if answered {
        phone.faults().after_each(give_up);
    } else {
        phone.faults().before_each(give_up);
    }
}

#[test]
fn a_sync_given_up_at_any_request_says_so_and_loses_and_doubles_nothing() {
    for answered in [false, true] {
        let mut at = 0;
        loop {
            let (_world, clinic, ada, tablet) = busy(at as u64);
            let cancel = Cancel::new();
            cancel_at(&ada, &cancel, at, answered);
            let outcome = ada.sync_until(&cancel);
            ada.faults().heal();
            let case = format!("given up at request {at}, answered: {answered}");
            let reached = cancel.is_canceled();
            match outcome {
                Err(CoreError::Canceled) => assert!(reached, "{case}"),
                Ok(_) => assert!(!reached, "{case}: it went unnoticed"),
                Err(error) => panic!("{case}: {error:?}"),
            }
            agreed(&clinic, &ada, &tablet, &case);
            if !reached {
                assert!(at > 4, "the sync was too short to mean anything");
                break;
            }
            at += 1;
        }
    }
}

#[test]
fn a_clinics_sync_given_up_at_any_request_says_so_and_loses_and_doubles_nothing() {
    let mut at = 0;
    loop {
        let (_world, clinic, ada, tablet) = busy(at as u64);
        ada.sync().unwrap();
        let (cancel, count) = (Cancel::new(), AtomicUsize::new(0));
        let give_up = cancel.clone();
        clinic.faults().after_each(move |_| {
            if count.fetch_add(1, Ordering::SeqCst) == at {
                give_up.cancel();
            }
        });
        let outcome = clinic.sync_until(&cancel);
        clinic.faults().heal();
        let case = format!("clinic, given up at request {at}");
        let reached = cancel.is_canceled();
        assert_eq!(
            matches!(outcome, Err(CoreError::Canceled)),
            reached,
            "{case}: {outcome:?}"
        );
        agreed(&clinic, &ada, &tablet, &case);
        if !reached {
            break;
        }
        at += 1;
    }
}

#[test]
fn a_sync_given_up_before_it_began_asks_the_server_nothing() {
    let (_world, _clinic, ada, _tablet) = busy(3);
    ada.faults().heal();
    let cancel = Cancel::new();
    cancel.cancel();
    let outcome = ada.sync_until(&cancel);
    assert!(matches!(outcome, Err(CoreError::Canceled)), "{outcome:?}");
    assert_eq!(ada.faults().sent(), 0);
}

/// From now on the phone's next request hangs until its caller gives up, and the ones after it do not.
fn hang_once(phone: &Phone, hangs: Sender<()>) {
    phone.faults().script(move |number, _| {
        if number == 0 {
            hangs.send(()).unwrap();
            Fault::Hang
        } else {
            Fault::None
        }
    });
}

#[test]
fn who_gives_up_on_a_server_that_hangs_holds_up_nobody_who_waits_behind() {
    let (_world, clinic, ada, tablet) = busy(4);
    let (hangs, hanging) = channel();
    hang_once(&ada, hangs);
    let (cancel, impatient) = (Cancel::new(), Cancel::new());
    std::thread::scope(|scope| {
        let first = scope.spawn(|| ada.sync_until(&cancel));
        hanging.recv().unwrap();
        let second = scope.spawn(|| ada.sync());
        // Whoever waits may give up too, and does not end what is under way.
        let third = scope.spawn(|| ada.sync_until(&impatient));
        impatient.cancel();
        let gave_up = third.join().unwrap();
        assert!(matches!(gave_up, Err(CoreError::Canceled)), "{gave_up:?}");
        // Reading and writing wait for nobody.
        ada.write_privately("Fifth.");
        assert!(ada.texts().contains(&"Fifth.".to_owned()));
        assert!(!first.is_finished() && !second.is_finished());
        cancel.cancel();
        let first = first.join().unwrap();
        assert!(matches!(first, Err(CoreError::Canceled)), "{first:?}");
        let second = second.join().unwrap().unwrap();
        assert!(second.is_clean(), "{second:?}");
    });
    ada.faults().heal();
    let fifth = ada.search::<Entry>("Fifth", companion_core::records::PageSize::ONE);
    ada.delete::<Entry>(fifth.unwrap()[0].id).unwrap();
    agreed(&clinic, &ada, &tablet, "after a server that hung");
}

#[test]
fn a_pause_ends_a_sync_that_hangs_and_writing_goes_on_until_it_is_over() {
    let (_world, clinic, ada, tablet) = busy(5);
    let (hangs, hanging) = channel();
    hang_once(&ada, hangs);
    std::thread::scope(|scope| {
        let sync = scope.spawn(|| ada.sync());
        hanging.recv().unwrap();
        ada.pause();
        let ended = sync.join().unwrap();
        assert!(matches!(ended, Err(CoreError::Paused)), "{ended:?}");
    });
    let sent = ada.faults().sent();
    for _ in 0..2 {
        let refused = ada.sync();
        assert!(matches!(refused, Err(CoreError::Paused)), "{refused:?}");
        ada.pause();
    }
    assert_eq!(ada.faults().sent(), sent, "nothing goes to the network");
    // A private entry, and away with it again; a shared one.
    let fifth = ada.write_privately("Fifth.");
    assert_eq!(ada.get::<Entry>(fifth.id).unwrap(), fifth);
    ada.delete::<Entry>(fifth.id).unwrap();
    let shared = ada.entries().into_iter().find(|view| view.shared).unwrap();
    ada.edit::<Entry>(shared.id, &shared.revision, |entry| {
        entry.title = "Written in my sleep".to_owned();
    })
    .unwrap();
    ada.resume();
    ada.faults().heal();
    agreed(&clinic, &ada, &tablet, "after a pause");
    let there = clinic.get::<Entry>(ada.record.unwrap(), shared.id).unwrap();
    assert_eq!(there.content.title, "Written in my sleep");
}

#[test]
fn a_pause_and_what_comes_after_it_are_the_same_at_the_clinic() {
    let (_world, clinic, ada, tablet) = busy(6);
    clinic.pause();
    let refused = clinic.sync();
    assert!(matches!(refused, Err(CoreError::Paused)), "{refused:?}");
    let entry = clinic.entries_of(&ada).remove(0).view;
    clinic
        .mark_reviewed(ada.record.unwrap(), entry.id, &entry.revision, "Dr Moss")
        .unwrap();
    clinic.resume();
    agreed(&clinic, &ada, &tablet, "after a clinic's pause");
}

#[test]
fn two_threads_that_sync_while_a_third_writes_lose_and_double_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = Arc::new(clinic.with_patient("Ada"));
    let written = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while written.load(Ordering::SeqCst) < 60 {
                    let report = ada.sync().unwrap();
                    let fine = report.problems.is_empty() && report.warnings.is_empty();
                    assert!(fine, "{report:?}");
                }
            });
        }
        scope.spawn(|| {
            for n in 0..60 {
                ada.write(&format!("entry {n:02}"));
                written.fetch_add(1, Ordering::SeqCst);
            }
        });
    });
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let all: Vec<String> = (0..60).map(|n| format!("entry {n:02}")).collect();
    assert_eq!(ada.texts(), all);
    assert_eq!(clinic.texts_of(&ada), all);
    assert!(ada.check_record().unwrap().differing.is_empty());
}
