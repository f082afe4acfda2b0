//! Backups, restores, copies and long absences: nothing lost, nothing twice, and said so.

use companion_core::domain::Entry;
use companion_core::protocol::api::ErrorCode;
use companion_core::{SyncReport, WarningCode};
use companion_tests::{Fault, Insider, World};
use sync_server::storage::audit::audit;
use sync_server::storage::sqlite::SqliteStorage;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn told_of_restore(report: &SyncReport) {
    assert!(report.problems.is_empty(), "{report:#?}");
    assert!(
        report
            .warnings
            .iter()
            .all(|w| w.code == WarningCode::ServerRestored),
        "{report:#?}"
    );
}

#[test]
fn a_server_restored_from_a_backup_is_given_again_what_it_lost_whoever_wrote_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("Before the backup.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let backup = world.server().backup();
    ada.write("After the backup.");
    ada.write_privately("Mine, after the backup.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(ada.record.unwrap(), ada.entries()[0].id, "Read.", "Dr Moss")
        .ok();
    clinic.sync_cleanly();
    let before: std::collections::BTreeSet<_> =
        world.server().stored_changes().into_iter().collect();
    world.server().restore(&backup);
    assert!(world.server().stored_changes().len() < before.len());

    let report = ada.sync().unwrap();
    told_of_restore(&report);
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::ServerRestored)
    );
    told_of_restore(&clinic.sync().unwrap());
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let after = world.server().stored_changes();
    let distinct: std::collections::BTreeSet<_> = after.iter().cloned().collect();
    assert_eq!(after.len(), distinct.len(), "nothing twice");
    assert!(before.is_subset(&distinct), "nothing lost");
    assert_eq!(
        clinic.texts_of(&ada),
        ["After the backup.", "Before the backup."]
    );
    // A phone that comes new gets all of it.
    let tablet = ada.second_phone();
    assert_eq!(tablet.texts(), ada.texts());
}

#[test]
fn a_restored_server_is_filled_by_a_member_who_had_seen_more_than_the_author_may_offer_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    tablet.write("The tablet fell into the sea after this.");
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    drop(tablet);
    let copy = ada.copy();
    world.server().restore(&backup);
    // Ada had not seen it. She comes first, then the clinic, which had.
    let report = ada.sync().unwrap();
    told_of_restore(&report);
    ada.write("I come first.");
    ada.sync().unwrap();
    told_of_restore(&clinic.sync().unwrap());
    ada.sync().unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let expected = ["I come first.", "The tablet fell into the sea after this."];
    assert_eq!(ada.texts(), expected);
    assert_eq!(clinic.texts_of(&ada), expected);
    drop(copy);
    ada.reopen();
    assert_eq!(ada.texts(), expected);
}

#[test]
fn members_and_removals_that_a_restored_server_forgot_are_told_to_it_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let backup = world.server().backup();
    let tablet = ada.second_phone();
    tablet.write("From the tablet.");
    tablet.sync_cleanly();
    let laptop = ada.second_phone();
    ada.remove_device(laptop.member()).unwrap();
    let ben = clinic.with_patient("Ben");
    ben.write("Ben came after the backup.");
    ben.write_privately("Ben's own.");
    ben.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    world.server().restore(&backup);

    for _ in 0..3 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
        ben.sync().unwrap();
        tablet.sync().unwrap();
    }
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ben.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["From the tablet."]);
    assert_eq!(clinic.texts_of(&ben), ["Ben came after the backup."]);
    let thief = Insider::of(&laptop, "care");
    let answer = thief.send(
        companion_core::ports::Method::Get,
        &companion_core::protocol::api::path::changes(thief.space),
        "",
        Vec::new(),
    );
    assert_eq!(
        companion_tests::code(&answer),
        Some(ErrorCode::Forbidden),
        "it stays removed"
    );
}

#[test]
fn a_phone_that_joined_after_the_backup_comes_back_even_if_it_syncs_first() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let backup = world.server().backup();
    let tablet = ada.second_phone();
    tablet.write("From the tablet.");
    tablet.sync_cleanly();
    world.server().restore(&backup);
    let report = tablet.sync().unwrap();
    assert!(
        !report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Removed),
        "{report:#?}"
    );
    ada.sync().unwrap();
    tablet.sync().unwrap();
    ada.sync().unwrap();
    clinic.sync().unwrap();
    tablet.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["From the tablet."]);
    assert_eq!(ada.texts(), ["From the tablet."]);
}

#[test]
fn filling_a_restored_server_can_break_off_at_any_request() {
    for fault in [Fault::DropAnswer, Fault::DropRequest, Fault::Portal] {
        let mut at = 0;
        loop {
            let world = World::in_memory(at as u64);
            let clinic = world.clinic("Riverbank");
            let ada = clinic.with_patient("Ada");
            let backup = world.server().backup();
            let tablet = ada.second_phone();
            for n in 0..3 {
                ada.write(&format!("lost {n}"));
                ada.write_privately(&format!("lost and mine {n}"));
            }
            ada.sync_cleanly();
            tablet.sync_cleanly();
            world.server().restore(&backup);
            ada.write("new");
            ada.faults().at(at, fault.clone());
            let _ = ada.sync();
            let reached = ada.faults().sent() > at;
            ada.faults().heal();
            let case = format!("{fault:?} at request {at}");
            for _ in 0..3 {
                ada.sync().unwrap();
                tablet.sync().unwrap();
                clinic.sync().unwrap();
            }
            let report = ada.sync().unwrap();
            assert!(report.is_clean(), "{case}: {report:#?}");
            assert_eq!(ada.texts().len(), 7, "{case}");
            assert_eq!(tablet.texts(), ada.texts(), "{case}");
            assert_eq!(clinic.texts_of(&ada).len(), 4, "{case}");
            let stored = world.server().stored_changes();
            let distinct: std::collections::BTreeSet<_> = stored.iter().collect();
            assert_eq!(stored.len(), distinct.len(), "{case}");
            if !reached {
                break;
            }
            at += 1;
        }
    }
}

#[test]
fn a_phone_put_back_from_an_older_copy_gets_back_what_it_had_sent_and_goes_on() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = clinic.with_patient("Ada");
    let first = ada.write("First.");
    let copy = ada.copy();
    ada.sync_cleanly();
    ada.write("Second.");
    ada.rewrite(&ada.get::<Entry>(first.id).unwrap(), "First, longer.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.put_back(&copy);
    assert_eq!(ada.texts(), ["First."]);
    ada.write("Third.");
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:#?}");
    assert_eq!(ada.texts(), ["First, longer.", "Second.", "Third."]);
    clinic.sync_cleanly();
    assert_eq!(
        clinic.texts_of(&ada),
        ["First, longer.", "Second.", "Third."]
    );
    ada.sync().unwrap();
    let check = ada.check_record().unwrap();
    assert!(check.differing.is_empty(), "{check:?}");
}

#[test]
fn two_living_copies_of_one_phone_lose_nothing_and_say_that_something_is_odd() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("Before the copy.");
    let twin = ada.clone_from(&ada.copy());
    ada.write("By the original.");
    twin.write("By the twin.");
    let mut warned = false;
    for _ in 0..3 {
        for phone in [&ada, &twin] {
            let report = phone.sync().unwrap();
            warned |= report
                .warnings
                .iter()
                .any(|w| w.code == WarningCode::CloneSuspected);
            assert!(report.problems.is_empty(), "{report:#?}");
        }
        clinic.sync().unwrap();
    }
    let all = ["Before the copy.", "By the original.", "By the twin."];
    assert_eq!(ada.texts(), all);
    assert_eq!(twin.texts(), all);
    assert_eq!(clinic.texts_of(&ada), all);
    assert!(
        warned,
        "a device that finds changes of its own that it did not make says so"
    );
}

#[test]
fn clocks_that_are_two_days_wrong_in_either_direction_stop_nothing() {
    for wrong_by in [-2 * DAY_MS, 2 * DAY_MS, 400 * DAY_MS, -3_600_000] {
        let world = World::over_http();
        let clinic = world.clinic("Riverbank");
        let mut ada = world.phone("Ada");
        ada.clock().be_wrong_by(wrong_by);
        let invitation = clinic.invite("Ada");
        ada.record = Some(invitation.patient);
        ada.pair(&invitation.link)
            .unwrap_or_else(|error| panic!("{wrong_by}: {error}"));
        clinic.let_in(&ada);
        let entry = ada.write("What time is it?");
        assert_eq!(
            entry.content.at.unix_ms,
            world.now().unix_ms + wrong_by,
            "shown as the phone has it"
        );
        ada.write_privately("Late or early.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada), ["What time is it?"]);
        let tablet = ada.second_phone();
        assert_eq!(tablet.texts().len(), 2);
        ada.remove_device(tablet.member()).unwrap();
        ada.sync_cleanly();
        // And put right again in the middle of its life.
        ada.clock().be_wrong_by(0);
        ada.write("Now it is right.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada).len(), 2);
    }
}

#[test]
fn a_clinic_whose_clock_is_two_days_wrong_can_still_invite() {
    for wrong_by in [-2 * DAY_MS, 2 * DAY_MS] {
        let world = World::over_http();
        let clinic = world.clinic("Riverbank");
        clinic.clock().be_wrong_by(wrong_by);
        let invitation = clinic.invite("Ada");
        let mut ada = world.phone("Ada");
        ada.record = Some(invitation.patient);
        ada.pair(&invitation.link)
            .unwrap_or_else(|error| panic!("{wrong_by}: {error}"));
        ada.write("Hello.");
        clinic.let_in(&ada);
        assert_eq!(clinic.texts_of(&ada), ["Hello."]);
    }
}

#[test]
fn a_phone_away_for_400_days_sends_and_receives_everything_in_one_sync() {
    let world = World::in_memory(400);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let laptop = ada.second_phone();
    tablet.sync_cleanly();
    laptop.sync_cleanly();
    for day in 0..400 {
        world.days_pass(1);
        tablet.check_in(1 + (day % 7) as u8, "");
        if day % 4 == 0 {
            tablet.write(&format!("tablet, day {day}"));
        }
        if day % 5 == 0 {
            ada.write(&format!("phone, day {day}"));
            ada.sync().unwrap();
        }
        if day == 200 {
            ada.remove_device(laptop.member()).unwrap();
        }
        if day % 90 == 0 {
            clinic.sync().unwrap();
        }
    }
    let report = tablet.sync_cleanly();
    assert_eq!(report.sent, 500);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(tablet.texts().len(), 180);
    assert_eq!(ada.texts(), tablet.texts());
    assert_eq!(clinic.texts_of(&ada), tablet.texts());
    assert_eq!(clinic.check_ins_of(&ada).len(), 400);
}

#[test]
fn a_change_that_was_read_before_its_author_heard_of_it_and_before_a_restore_forks_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let entry = ada.write("Before the backup.").id;
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let backup = world.server().backup();
    // The server has the reply, and Ada reads it; the clinic never hears that it arrived.
    clinic.reply(patient, entry, "Read.", "Dr Moss").unwrap();
    clinic.faults().script(|_, request| {
        if request.path.ends_with("/changes") {
            Fault::DropAnswer
        } else {
            Fault::None
        }
    });
    assert!(clinic.sync().is_err());
    clinic.faults().heal();
    ada.sync_cleanly();
    assert_eq!(ada.replies(entry).len(), 1);
    world.server().restore(&backup);

    told_of_restore(&clinic.sync().unwrap());
    told_of_restore(&ada.sync().unwrap());
    clinic
        .reply(patient, entry, "And again.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let replies = ada.replies(entry).into_iter();
    let mut replies: Vec<_> = replies.map(|view| view.content.body).collect();
    replies.sort_unstable();
    assert_eq!(replies, ["And again.", "Read."]);
    assert_eq!(ada.check_record().unwrap().differing, []);
    let stored = |of| Insider::of(of, "care").space;
    let said = |store: companion_core::testing::store::Store, space| -> Vec<_> {
        let log = store.read(|r| r.log_in_order(space)).unwrap();
        let mut said: Vec<_> = log.into_iter().map(|row| row.history).collect();
        said.sort_unstable();
        said
    };
    let space = stored(&ada);
    assert_eq!(said(ada.store(), space), said(clinic.store(), space));
}

#[test]
fn what_a_removed_phone_said_to_a_restored_server_spoils_no_later_backup() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    ada.remove_device(tablet.member()).unwrap();
    world.server().restore(&backup);
    // It counts as present again, until somebody who was there gives the removal back.
    tablet.write("From the removed phone.");
    assert_eq!(tablet.sync().unwrap().waiting, 0);
    for phone in [&ada, &ada] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), [""; 0]);
    let later = world.server().backup();
    let report = audit(&SqliteStorage::open(&later).unwrap()).unwrap();
    assert_eq!(report.problems, [""; 0]);
    world.minutes_pass(1);
    world.server().restore(&later);
    ada.write("After all of it.");
    for _ in 0..2 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["After all of it."]);
}
