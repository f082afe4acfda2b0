//! Ending the account: from the first phone, for both spaces, and never by a server's word.

use companion_core::clinic::{NewPatient, SharingOver};
use companion_core::domain::{AccountEnd, DosingSession, Entry, Visibility};
use companion_core::patient::{AccountState, SharedThen};
use companion_core::records::Query;
use companion_core::{CoreError, NotNow, WarningCode};
use companion_tests::{Fault, Node, Phone, World, note, private_note};

mod goes_and_stays;
mod said_truly;
mod shared_right_before;
mod taken_back;

use crate::clinic_and_ada;
use crate::session_day::with_session;

fn is_over(phone: &Phone) -> bool {
    matches!(
        phone.account_state().unwrap(),
        Some(AccountState::Ended { .. })
    )
}

/// Nothing is left of a phone but its empty folder.
fn is_gone(phone: &mut Phone) {
    assert!(phone.removed_if_ended().is_some(), "{}", phone.name());
    let left: Vec<_> = std::fs::read_dir(phone.folder()).unwrap().collect();
    assert!(left.is_empty(), "{}: {left:?}", phone.name());
}

/// The clinic heard of it, once, reads what it had, and books nothing more.
fn is_told(clinic: &Node, ada: &Phone, texts: &[&str], case: &str) {
    let patient = ada.record.unwrap();
    let report = clinic.sync().unwrap();
    assert!(report.is_clean(), "{case}: {report:#?}");
    assert_eq!(clinic.texts_of(ada), texts, "{case}");
    assert!(clinic.sharing_over(patient).unwrap().is_some(), "{case}");
    let said = clinic.page(patient, &Query::<AccountEnd>::all()).unwrap();
    assert_eq!(said.items.len(), 1, "{case}");
    let booked = clinic.plan_session(patient, DosingSession::new(7, clinic.now()));
    assert!(booked.is_err(), "{case}");
}

#[test]
fn an_account_is_ended_from_the_first_phone_and_everywhere() {
    let (world, clinic, mut ada) = clinic_and_ada();
    let mut tablet = ada.second_phone();
    ada.written_words();
    let shared = ada.write("Shared with you.");
    ada.write_privately("Mine alone.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    clinic
        .open_shared::<Entry>(patient, shared.id, "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();

    let before = ada.before_ending().unwrap();
    assert_eq!((before.shared, before.opened), (1, 1));
    assert_eq!(before.other_phones.len(), 1);
    assert!(before.has_words && before.waiting == 0 && before.keep_days == 30);
    let refused = tablet.end_account(SharedThen::Stays);
    assert!(matches!(
        refused,
        Err(CoreError::NotNow(NotNow::NotTheFirstPhone))
    ));

    // What is private is not sent any more: the end alone waits.
    ada.write_privately("Never sent.");
    let ending = ada.end_account(SharedThen::Stays).unwrap();
    assert!(
        matches!(ending, AccountState::Ending { waiting: 1, .. }),
        "{ending:?}"
    );
    let late = ada.create(note("late"));
    assert!(matches!(
        late,
        Err(CoreError::NotNow(NotNow::AccountEnding))
    ));
    let again = ada.end_account(SharedThen::Stays).unwrap();
    assert_eq!(again, ending, "said twice it is what it was");
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);

    is_told(&clinic, &ada, &["Shared with you."], "at once");
    let booked = clinic.create(
        patient,
        companion_core::domain::Readiness::ready("Dr Moss", clinic.now()),
    );
    assert!(matches!(
        booked,
        Err(CoreError::NotNow(NotNow::AccountEnded { .. }))
    ));
    let row = &clinic.caseload().unwrap()[0];
    assert!(row.over.is_some());
    let opened = clinic.open_shared::<Entry>(patient, shared.id, "Dr Reyes");
    assert_eq!(opened.unwrap().view.content.body, "Shared with you.");
    let seen = clinic.to_archive(patient).unwrap();
    clinic.archive_patient(patient, seen, "Dr Moss").unwrap();

    assert!(tablet.sync().unwrap().ended);
    assert!(is_over(&tablet));
    is_gone(&mut tablet);

    // The server forgets; the clinic's record stays, and no exchange fails.
    world.days_pass(32);
    world.server().restart();
    for _ in 0..2 {
        clinic.sync_cleanly();
    }
    assert_eq!(clinic.texts_of(&ada), ["Shared with you."]);
}

#[test]
fn the_server_keeps_what_was_shared_for_as_long_as_the_clinic_says() {
    let (world, clinic, mut ada) = clinic_and_ada();
    clinic.set_keep_days(3).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.before_ending().unwrap().keep_days, 3);
    ada.write("Shared.");
    ada.end_account(SharedThen::Stays).unwrap();
    ada.sync().unwrap();
    is_gone(&mut ada);
    world.days_pass(3);
    world.server().restart();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Shared."], "it was still there");
    let later = clinic.with_patient("Ben");
    assert_eq!(
        later.before_ending().unwrap().keep_days,
        3,
        "also for who comes later"
    );
}

#[test]
fn what_is_shared_is_taken_back_where_the_person_says_so() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    for text in ["One.", "Two.", "Three."] {
        ada.write(text);
    }
    ada.check_in(4, "calm");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.write("Never sent.");
    ada.end_account(SharedThen::IsTakenBack).unwrap();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    is_told(&clinic, &ada, &[], "taken back");
    let patient = ada.record.unwrap();
    assert_eq!(clinic.withdrawn_of(&ada).len(), 3);
    let said = clinic.page(patient, &Query::<AccountEnd>::all()).unwrap();
    assert!(said.items[0].content.taken_back);
}

#[test]
fn whoever_decides_late_to_take_back_what_is_shared_can_until_the_end_is_out() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    ada.write("One.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.end_account(SharedThen::Stays).unwrap();
    ada.end_account(SharedThen::IsTakenBack).unwrap();
    let decided = ada.shared_after_the_end().unwrap();
    assert_eq!(decided, Some(SharedThen::IsTakenBack));
    assert!(ada.sync().unwrap().ended);
    let late = ada.end_account(SharedThen::IsTakenBack).map(drop);
    assert!(late.is_ok(), "it was decided so: {late:?}");
    is_gone(&mut ada);
    clinic.sync_cleanly();
    assert_eq!(clinic.withdrawn_of(&ada).len(), 1);
    is_told(&clinic, &ada, &[], "decided late");
    let over = clinic.sharing_over(ada.record.unwrap()).unwrap();
    assert!(
        matches!(
            over,
            Some(SharingOver::AccountEnded {
                taken_back: Some(true),
                ..
            })
        ),
        "{over:?}"
    );
    assert_eq!(clinic.caseload().unwrap()[0].over, over);
}

/// The clinic may have been told of the end, and of what was to stay, before the person decided otherwise.
#[test]
fn what_is_decided_late_changes_the_end_that_was_said_and_is_no_second_one() {
    let mut taken_back = 0;
    for at in 0.. {
        let case = format!("cut off at request {at}");
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        ada.write("One.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.end_account(SharedThen::Stays).unwrap();
        ada.faults().at(at, Fault::DropRequest);
        let first = ada.sync();
        ada.faults().heal();
        let patient = ada.record.unwrap();
        let is_taken_back = match ada.end_account(SharedThen::IsTakenBack) {
            Ok(_) => true,
            Err(CoreError::NotNow(NotNow::SharedStays)) => false,
            Err(error) => panic!("{case}: {error:?}"),
        };
        taken_back += usize::from(is_taken_back);
        // What the clinic reads in between is not the last word.
        clinic.sync().unwrap();
        assert!(ada.sync().unwrap().ended, "{case}");
        is_gone(&mut ada);
        let texts: &[&str] = if is_taken_back { &[] } else { &["One."] };
        is_told(&clinic, &ada, texts, &case);
        let over = clinic.sharing_over(patient).unwrap();
        assert!(
            matches!(over, Some(SharingOver::AccountEnded { taken_back, .. }) if taken_back == Some(is_taken_back)),
            "{case}: {over:?}"
        );
        assert_eq!(clinic.patient(patient).unwrap().over, over, "{case}");
        assert_eq!(clinic.caseload().unwrap()[0].over, over, "{case}");
        if first.is_ok() {
            break;
        }
    }
    assert!(
        taken_back > 2,
        "{taken_back}: also after the clinic was told"
    );
}

#[test]
fn no_account_is_ended_on_the_day_of_a_session_nor_in_its_quiet_hours() {
    let (world, clinic, ada) = clinic_and_ada();
    with_session(&world, &clinic, &ada);
    let refused = || match ada.end_account(SharedThen::Stays) {
        Err(CoreError::NotNow(NotNow::NotOnASessionsDay { until })) => until,
        other => panic!("{other:?}"),
    };
    let before = refused();
    world.minutes_pass(60 + 150 + 30);
    let quiet = refused();
    assert_eq!(before, quiet, "both say until when");
    let left = (quiet.unix_ms - world.now().unix_ms) / 60_000;
    world.minutes_pass(left - 1);
    refused();
    assert!(ada.write_privately("Still mine.").content.visibility == Visibility::OnlyMe);
    world.minutes_pass(2);
    ada.end_account(SharedThen::Stays).unwrap();
}

/// Every request of the end, lost on its way or acted upon without an answer, and the process killed right then.
#[test]
fn an_end_that_breaks_off_anywhere_goes_on_and_happens_once() {
    for fault in [Fault::DropRequest, Fault::DropAnswer] {
        for at in 0.. {
            let case = format!("{fault:?} at request {at}");
            let world = World::in_memory(at as u64);
            let clinic = world.clinic("Riverbank");
            let mut ada = clinic.with_patient("Ada");
            let mut tablet = ada.second_phone();
            ada.write("Shared.");
            ada.write_privately("Mine.");
            ada.sync_cleanly();
            ada.write("Shared later.");
            ada.end_account(SharedThen::Stays).unwrap();
            ada.kill();
            ada.faults().at(at, fault.clone());
            let first = ada.sync();
            let reached = ada.faults().sent() > at;
            ada.faults().heal();
            if !reached {
                assert!(at >= 6, "{case}: that is all there is to ask");
                assert!(first.unwrap().ended, "{case}");
                break;
            }
            ada.kill();
            if !is_over(&ada) {
                let gone = ada.removed_if_ended();
                assert_eq!(gone, None, "{case}: not before the server acknowledged");
                assert_eq!(ada.texts().len(), 3, "{case}: all is still here");
                let late = ada.create(note("late"));
                assert!(late.is_err(), "{case}");
                assert!(ada.sync().unwrap().ended, "{case}");
            }
            is_gone(&mut ada);
            is_told(&clinic, &ada, &["Shared later.", "Shared."], &case);
            assert!(tablet.sync().unwrap().ended, "{case}");
            is_gone(&mut tablet);
        }
    }
}

#[test]
fn taking_back_that_is_killed_anywhere_goes_on() {
    let world = World::in_memory(3);
    let clinic = world.clinic("Riverbank");
    let mut ada = clinic.with_patient("Ada");
    for text in ["One.", "Two."] {
        ada.write(text);
    }
    ada.sync_cleanly();
    clinic.sync_cleanly();
    // As if the process had ended right after the decision, before anything was taken back or told.
    let decided = format!(
        r#"{{"at":"{}","shared":"is_taken_back","keep_days":30,"stage":"decided"}}"#,
        ada.now()
    );
    let note = "INSERT INTO setting (name, value) VALUES ('ending', CAST(?1 AS BLOB))";
    ada.damage(note, [decided]);
    ada.reopen();
    assert_eq!(ada.texts().len(), 2);
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    let patient = ada.record.unwrap();
    clinic.sync_cleanly();
    assert!(clinic.texts_of(&ada).is_empty());
    assert!(clinic.sharing_over(patient).unwrap().is_some());
}

#[test]
fn another_phone_keeps_words_that_were_never_sent_until_the_person_says_so() {
    let (_world, _clinic, mut ada) = clinic_and_ada();
    let mut tablet = ada.second_phone();
    tablet.write_privately("Written on the train.");
    ada.end_account(SharedThen::Stays).unwrap();
    ada.sync().unwrap();
    is_gone(&mut ada);
    assert!(tablet.sync().unwrap().ended);
    let state = tablet.account_state().unwrap();
    assert!(
        matches!(
            state,
            Some(AccountState::EndedElsewhere {
                never_sent: 1,
                until: None,
                ..
            })
        ),
        "{state:?}"
    );
    assert_eq!(tablet.removed_if_ended(), None);
    assert_eq!(tablet.texts(), ["Written on the train."]);
    assert!(tablet.export().is_ok());
    let late = tablet.create(private_note("late"));
    assert!(matches!(
        late,
        Err(CoreError::NotNow(NotNow::AccountEnded { .. }))
    ));
    tablet.sync().unwrap();
    tablet.end_account(SharedThen::Stays).unwrap();
    is_gone(&mut tablet);
}

#[test]
fn another_phone_takes_nothing_away_on_the_day_of_a_session() {
    let (world, clinic, mut ada) = clinic_and_ada();
    let mut tablet = ada.second_phone();
    ada.end_account(SharedThen::Stays).unwrap();
    ada.faults().always(Fault::DropRequest);
    assert!(ada.sync().is_err());
    // Booked before the clinic heard of the end; the phone that ends the account never reads of it.
    let mut at = world.now();
    at.unix_ms += 60 * 60 * 1000;
    clinic.book(ada.record.unwrap(), DosingSession::new(1, at));
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    ada.faults().heal();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    tablet.sync().unwrap();
    let state = tablet.account_state().unwrap();
    assert!(
        matches!(
            state,
            Some(AccountState::EndedElsewhere {
                never_sent: 0,
                until: Some(_),
                ..
            })
        ),
        "{state:?}"
    );
    assert_eq!(tablet.removed_if_ended(), None);
    world.days_pass(3);
    is_gone(&mut tablet);
}

/// Whoever runs the server can say anything; what is on a phone stays there.
#[test]
fn a_server_that_says_that_an_account_was_ended_takes_nothing_away() {
    let (_world, _clinic, mut ada) = clinic_and_ada();
    ada.write_privately("Mine.");
    ada.sync_cleanly();
    ada.faults().rewrite(|request, response| {
        let mut response = response;
        if request.path.ends_with("/chain") {
            response.status = 410;
            response.body = br#"{"error":{"code":"space_ended","message":"forgotten"}}"#.to_vec();
        } else if request.path == "/v1/spaces" {
            let mut heads: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            heads["spaces"] = serde_json::json!([]);
            response.body = serde_json::to_vec(&heads).unwrap();
        }
        response
    });
    let report = ada.sync().unwrap();
    assert!(!report.ended, "{report:?}");
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(ada.warned(WarningCode::SpaceForgotten).is_some());
    assert_eq!(ada.account_state().unwrap(), None);
    assert_eq!(ada.removed_if_ended(), None);
    assert_eq!(ada.texts(), ["Mine."]);
}

/// A clinic's node can remove a patient's phone and let one of its own in, which then speaks for the patient there.
#[test]
fn whoever_ends_what_is_shared_takes_nothing_of_what_is_private() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    ada.write_privately("Mine.");
    ada.sync_cleanly();
    let patient = ada.record.unwrap();
    clinic.remove_device(patient, ada.member()).unwrap();
    let mut false_phone = clinic.come_again(patient, "Somebody");
    false_phone.end_account(SharedThen::IsTakenBack).unwrap();
    assert!(false_phone.sync().unwrap().ended);
    is_gone(&mut false_phone);
    let report = ada.sync().unwrap();
    assert!(!report.ended, "{report:?}");
    assert_eq!(ada.account_state().unwrap(), None);
    assert_eq!(ada.removed_if_ended(), None);
    ada.write_privately("Still mine.");
    assert_eq!(ada.texts(), ["Mine.", "Still mine."]);
}

#[test]
fn a_clinic_that_was_away_until_the_server_forgot_keeps_its_record_without_an_error() {
    let (world, clinic, mut ada) = clinic_and_ada();
    ada.write("Shared.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.end_account(SharedThen::Stays).unwrap();
    ada.sync().unwrap();
    is_gone(&mut ada);
    world.days_pass(32);
    world.server().restart();
    let report = clinic.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(
        clinic
            .warnings()
            .unwrap()
            .iter()
            .any(|warning| { warning.code == Some(WarningCode::SpaceForgotten) })
    );
    let again = clinic.sync().unwrap();
    assert!(
        again.problems.is_empty() && again.warnings.is_empty(),
        "{again:?}"
    );
    assert_eq!(clinic.texts_of(&ada), ["Shared."]);
}

#[test]
fn a_removal_that_is_killed_between_two_files_goes_on() {
    for gone in 0..=2 {
        let world = World::in_memory(9);
        let mut ada = world.phone("Ada");
        ada.write_privately("Mine.");
        ada.end_account(SharedThen::Stays).unwrap();
        let beside = |ending: &str| ada.folder().join(format!("record.db.{ending}"));
        let (help, blobs) = (beside("help"), beside("blobs"));
        std::fs::write(&help, b"{}").unwrap();
        std::fs::create_dir_all(&blobs).unwrap();
        std::fs::write(blobs.join("left"), b"sealed").unwrap();
        // As far as an earlier try got.
        if gone > 0 {
            std::fs::remove_file(&help).unwrap();
        }
        if gone > 1 {
            std::fs::remove_dir_all(&blobs).unwrap();
        }
        is_gone(&mut ada);
    }
}

#[test]
fn a_node_that_was_lost_reads_what_an_ended_account_left() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    let copy = clinic.copy();
    ada.write("Shared.");
    ada.sync_cleanly();
    ada.end_account(SharedThen::Stays).unwrap();
    ada.sync().unwrap();
    is_gone(&mut ada);
    let mut clinic = clinic;
    clinic.put_back(&copy);
    clinic.sync_cleanly();
    is_told(&clinic, &ada, &["Shared."], "put back");
    let other = clinic.register(NewPatient {
        name: "Ben".into(),
        ..NewPatient::default()
    });
    assert!(other.is_ok(), "others go on");
}
