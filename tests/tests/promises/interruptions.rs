//! A sync that breaks off anywhere: nothing lost, nothing twice, and it goes on where it was.

use std::sync::atomic::{AtomicBool, Ordering};

use companion_core::WarningCode;
use companion_core::domain::Entry;
use companion_core::ports::{Cancel, Lane, Method};
use companion_core::protocol::api::PullPage;
use companion_core::records::DeliveryState;
use companion_tests::{Fault, Node, Phone, World};

/// A clinic with a patient of two phones, and something waiting on each side.
pub(crate) fn busy(seed: u64) -> (World, Node, Phone, Phone) {
    let world = World::in_memory(seed);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write("Shared: ");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(ada.record.unwrap(), entry.id, "Noted.", "Dr Moss")
        .unwrap();
    tablet.rewrite(
        &tablet.get::<Entry>(entry.id).unwrap(),
        "Shared: from the tablet.",
    );
    ada.rewrite(
        &ada.get::<Entry>(entry.id).unwrap(),
        "Shared: from the phone.",
    );
    ada.write("Second.");
    ada.write_privately("Third.");
    tablet.write_privately("Fourth.");
    tablet.sync().unwrap();
    clinic.sync().unwrap();
    (world, clinic, ada, tablet)
}

pub(crate) fn agreed(clinic: &Node, ada: &Phone, tablet: &Phone, case: &str) {
    for _ in 0..2 {
        for phone in [ada, tablet] {
            let report = phone.sync().unwrap();
            assert!(report.problems.is_empty(), "{case}: {report:#?}");
            assert!(report.warnings.is_empty(), "{case}: {report:#?}");
        }
        let report = clinic.sync().unwrap();
        assert!(report.is_clean(), "{case}: {report:#?}");
    }
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert_eq!(ada.texts(), tablet.texts(), "{case}");
    let texts = ada.texts();
    assert_eq!(texts.len(), 4, "{case}: {texts:?}");
    let all = texts.concat();
    for words in [
        "from the tablet.",
        "from the phone.",
        "Second.",
        "Third.",
        "Fourth.",
    ] {
        assert_eq!(
            all.matches(words).count(),
            1,
            "{case}: {words} in {texts:?}"
        );
    }
    assert_eq!(clinic.texts_of(ada).len(), 2, "{case}");
    assert!(!clinic.texts_of(ada).concat().contains("Third."), "{case}");
    for check in [
        ada.check_record(),
        tablet.check_record(),
        clinic.check_record(),
    ] {
        let check = check.unwrap();
        assert!(
            check.differing.is_empty() && check.quarantined.is_empty(),
            "{case}: {check:?}"
        );
    }
    let entry = &ada
        .entries()
        .into_iter()
        .find(|v| v.content.body.contains("phone"))
        .unwrap();
    assert_eq!(ada.replies(entry.id).len(), 1, "{case}");
}

/// Breaks off the phone's sync at every request there is, each in a fresh world.
fn break_off_everywhere(fault: &Fault) {
    let mut at = 0;
    loop {
        let (_world, clinic, ada, tablet) = busy(at as u64);
        ada.faults().at(at, fault.clone());
        let first = ada.sync();
        let reached = ada.faults().sent() > at;
        ada.faults().heal();
        let case = format!("{fault:?} at request {at}");
        if *fault == Fault::DropRequest && reached {
            assert!(first.is_err(), "{case} went unnoticed");
        }
        agreed(&clinic, &ada, &tablet, &case);
        if !reached {
            assert!(at > 4, "the sync was too short to mean anything");
            return;
        }
        at += 1;
    }
}

#[test]
fn a_sync_whose_request_is_lost_at_any_point_loses_nothing_and_doubles_nothing() {
    break_off_everywhere(&Fault::DropRequest);
}

#[test]
fn a_sync_whose_answer_is_lost_at_any_point_loses_nothing_and_doubles_nothing() {
    break_off_everywhere(&Fault::DropAnswer);
}

#[test]
fn a_request_that_arrives_twice_at_any_point_is_done_once() {
    break_off_everywhere(&Fault::TwiceFirstAnswer);
    break_off_everywhere(&Fault::TwiceSecondAnswer);
}

#[test]
fn an_answer_cut_short_at_any_point_is_taken_for_none() {
    for length in [3, 200] {
        break_off_everywhere(&Fault::CutAnswer(length));
    }
}

#[test]
fn a_request_cut_short_on_its_way_is_refused_and_sent_again() {
    break_off_everywhere(&Fault::CutRequest(50));
}

#[test]
fn a_captive_portal_a_proxys_error_and_a_redirect_are_not_answers() {
    for fault in [Fault::Portal, Fault::Redirect, Fault::Status(503)] {
        break_off_everywhere(&fault);
    }
}

#[test]
fn every_kth_answer_lost_for_every_k_ends_in_agreement() {
    for k in 2..9 {
        let (_world, clinic, ada, tablet) = busy(k as u64);
        for faults in [ada.faults(), tablet.faults(), clinic.faults()] {
            faults.script(move |n, _| {
                if n % k == k - 1 {
                    Fault::DropAnswer
                } else {
                    Fault::None
                }
            });
        }
        for _ in 0..6 {
            let _ = ada.sync();
            let _ = clinic.sync();
            let _ = tablet.sync();
        }
        for faults in [ada.faults(), tablet.faults(), clinic.faults()] {
            faults.heal();
        }
        agreed(&clinic, &ada, &tablet, &format!("every {k}th answer lost"));
    }
}

#[test]
fn a_clinics_sync_that_breaks_off_anywhere_loses_and_doubles_nothing() {
    for fault in [Fault::DropAnswer, Fault::DropRequest, Fault::Portal] {
        let mut at = 0;
        loop {
            let (_world, clinic, ada, tablet) = busy(at as u64);
            ada.sync().unwrap();
            clinic.faults().at(at, fault.clone());
            let _ = clinic.sync();
            let reached = clinic.faults().sent() > at;
            clinic.faults().heal();
            agreed(
                &clinic,
                &ada,
                &tablet,
                &format!("clinic, {fault:?} at request {at}"),
            );
            if !reached {
                break;
            }
            at += 1;
        }
    }
}

#[test]
fn a_phone_killed_in_the_middle_of_a_sync_at_every_request_loses_nothing() {
    let mut at = 0;
    loop {
        let (_world, clinic, mut ada, tablet) = busy(at as u64);
        // From here on no answer comes, and then the process is killed.
        ada.faults().silent_from(at);
        let broke = ada.sync().is_err();
        ada.faults().heal();
        ada.kill();
        agreed(&clinic, &ada, &tablet, &format!("killed at request {at}"));
        if !broke {
            break;
        }
        at += 1;
    }
}

#[test]
fn removing_a_device_can_break_off_at_any_request_and_be_asked_for_again() {
    for fault in [Fault::DropRequest, Fault::DropAnswer, Fault::Portal] {
        let mut at = 0;
        loop {
            let (_world, clinic, ada, tablet) = busy(at as u64);
            let lost = tablet.member();
            ada.sync().unwrap();
            ada.faults().at(at, fault.clone());
            let first = ada.remove_device(lost);
            let reached = ada.faults().sent() > at;
            ada.faults().heal();
            let case = format!("{fault:?} at request {at}");
            if first.is_err() {
                ada.remove_device(lost)
                    .unwrap_or_else(|error| panic!("{case}: {error}"));
            }
            assert!(
                ada.devices()
                    .unwrap()
                    .iter()
                    .any(|d| d.member == lost && d.removed.is_some()),
                "{case}"
            );
            ada.write("After.");
            ada.sync_cleanly();
            clinic.sync().unwrap();
            assert!(
                clinic.texts_of(&ada).contains(&"After.".to_owned()),
                "{case}"
            );
            let _ = tablet.sync();
            assert!(!tablet.texts().contains(&"After.".to_owned()), "{case}");
            for purpose in ["care", "private"] {
                let chain = companion_tests::Insider::of(&ada, purpose).chain;
                assert!(chain.present(&lost).is_none(), "{case}: still in {purpose}");
            }
            if !reached {
                break;
            }
            at += 1;
        }
    }
}

#[test]
fn others_acting_between_any_two_requests_of_a_sync_disturb_nothing() {
    for at in 0..14 {
        let (_world, clinic, ada, tablet) = busy(at as u64);
        let tablet = std::sync::Arc::new(tablet);
        let (count, other) = (
            std::sync::atomic::AtomicUsize::new(0),
            std::sync::Arc::clone(&tablet),
        );
        ada.faults().after_each(move |_| {
            if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == at {
                other.check_in(5, "in between");
                other.sync().unwrap();
            }
        });
        ada.sync().unwrap();
        ada.faults().heal();
        agreed(
            &clinic,
            &ada,
            &tablet,
            &format!("tablet after request {at}"),
        );
    }
}

#[test]
fn two_phones_that_push_at_the_same_moment_over_real_sockets_lose_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    std::thread::scope(|scope| {
        for phone in [&ada, &tablet] {
            scope.spawn(move || {
                for n in 0..12 {
                    phone.write(&format!("{} {n}", phone.name()));
                    phone.sync().unwrap();
                }
            });
        }
        scope.spawn(|| (0..12).for_each(|_| drop(clinic.sync().unwrap())));
    });
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(ada.texts().len(), 24);
    assert_eq!(ada.texts(), tablet.texts());
    assert_eq!(ada.texts(), clinic.texts_of(&ada));
}

#[test]
fn writing_goes_on_while_a_sync_waits_for_its_answer() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = std::sync::Arc::new(clinic.with_patient("Ada"));
    ada.write("Before.");
    let writer = std::sync::Arc::downgrade(&ada);
    ada.faults().before_each(move |request| {
        if request.method == Method::Post
            && let Some(writer) = writer.upgrade()
            && writer.texts().len() == 1
        {
            writer.write("During.");
        }
    });
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    ada.faults().heal();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Before.", "During."]);
}

#[test]
fn a_warning_is_kept_though_the_connection_breaks_right_after_it() {
    let world = World::in_memory(41);
    let clinic = world.clinic("Riverbank");
    let (ada, bo) = (clinic.with_patient("Ada"), clinic.with_patient("Bo"));
    ada.write("From Ada.");
    bo.write("From Bo.");
    ada.sync_cleanly();
    bo.sync_cleanly();
    let is_pull = |request: &companion_core::ports::Request| {
        request.method == Method::Get && request.path.ends_with("/changes")
    };
    clinic.faults().rewrite(move |request, mut answer| {
        if is_pull(request) {
            let mut page = PullPage::decode(&answer.body).unwrap();
            for (_, bytes) in &mut page.changes {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }
            answer.body = page.encode();
        }
        answer
    });
    let mut pulls = 0;
    clinic.faults().script(move |_, request| {
        pulls += usize::from(is_pull(request));
        match pulls {
            0 | 1 => Fault::None,
            _ => Fault::DropRequest,
        }
    });
    assert!(
        clinic.sync().is_err(),
        "the second patient's pull broke off"
    );
    let forged =
        |warning: &companion_core::StandingWarning| warning.code == Some(WarningCode::Forged);
    assert!(clinic.warnings().unwrap().iter().any(forged));
}

#[test]
fn what_arrives_while_a_clinic_reads_back_what_it_sent_is_acknowledged() {
    let world = World::in_memory(42);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let first = ada.write("First.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    clinic
        .reply(ada.record.unwrap(), first.id, "Noted.", "Dr Moss")
        .unwrap();
    let is_push = |request: &companion_core::ports::Request| {
        request.method == Method::Post && request.path.ends_with("/changes")
    };
    clinic.faults().record();
    clinic
        .faults()
        .script(move |_, request| match is_push(request) {
            true => Fault::DropRequest,
            false => Fault::None,
        });
    assert!(clinic.sync().is_err());
    let tape = clinic.faults().recorded();
    let (late, _) = tape
        .into_iter()
        .find(|(request, _)| is_push(request))
        .unwrap();
    clinic.faults().heal();
    // What was given up on gets through after all, together with something of the patient's, just
    // before the clinic sends it again.
    let second = ada.write("Second.");
    let (network, url) = (world.network(), world.server().url());
    std::thread::scope(|scope| {
        let (to, from) = std::sync::mpsc::channel();
        let (done, is_done) = std::sync::mpsc::channel();
        let is_done = std::sync::Mutex::new(is_done);
        let once = AtomicBool::new(false);
        clinic.faults().before_each(move |request| {
            if is_push(request) && !once.swap(true, Ordering::SeqCst) {
                let transport = network.transport(&url, &Lane::new([0; 16])).unwrap();
                transport.send(&late, &Cancel::new()).unwrap();
                to.send(()).unwrap();
                is_done.lock().unwrap().recv().unwrap();
            }
        });
        let ada = &ada;
        scope.spawn(move || {
            from.recv().unwrap();
            ada.sync_cleanly();
            done.send(()).unwrap();
        });
        clinic.sync_cleanly();
    });
    clinic.faults().heal();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let delivery = ada.get::<Entry>(second.id).unwrap().delivery;
    assert!(
        matches!(delivery, DeliveryState::Delivered { .. }),
        "{delivery:?}"
    );
}
