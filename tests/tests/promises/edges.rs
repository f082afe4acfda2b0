//! Links, words and answers crafted to bring what is private elsewhere, or to make a screen lie.

use companion_core::domain::{Entry, Purpose};
use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorBody, ErrorCode, ErrorDetail, PullPage, path};
use companion_core::protocol::change::SealedChange;
use companion_core::records::DeliveryState;
use companion_core::testing::space::invitation::{Invite, PairingLink};
use companion_core::{CoreError, NotNow};
use companion_tests::{Insider, World};

use crate::clinic_and_ada;

#[test]
fn a_clinics_link_that_calls_the_care_space_private_gets_nothing_private() {
    let world = World::in_memory(71);
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let mut link = PairingLink::parse(&invitation.link).unwrap();
    let care = link.invites[0].clone();
    link.invites.push(Invite {
        purpose: Purpose::Private,
        ..care
    });
    let mut ada = world.phone("Ada");
    ada.record = Some(invitation.patient);
    ada.write_privately("Nobody's but mine.");
    let _ = ada.pair(&link.to_text());
    let _ = ada.sync();
    let _ = clinic.sync();
    let _ = ada.sync();
    let _ = clinic.sync();
    assert!(
        clinic.texts_of(&ada).is_empty(),
        "{:?}",
        clinic.texts_of(&ada)
    );
    assert_eq!(ada.texts(), ["Nobody's but mine."]);
    ada.write_privately("Still mine.");
}

#[test]
fn a_paired_phone_does_not_take_a_link_into_another_private_space() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write_privately("Nobody's but mine.");
    ada.sync_cleanly();
    // The clinic runs a phone of its own, in a record of its own, and a second invite into Ada's.
    let puppet = clinic.with_patient("Puppet");
    let mut link = PairingLink::parse(&puppet.invite_phone().unwrap().link).unwrap();
    let into_ada = clinic.reinvite(ada.record.unwrap()).unwrap();
    let into_ada = PairingLink::parse(&into_ada.link).unwrap();
    link.invites[0] = into_ada.invites[0].clone();
    assert!(ada.pair(&link.to_text()).is_err());
    let _ = ada.sync();
    puppet.sync().unwrap();
    assert!(puppet.texts().is_empty(), "{:?}", puppet.texts());
    assert_eq!(ada.texts(), ["Nobody's but mine."]);
    let _ = world;
}

#[test]
fn words_of_another_record_do_not_pour_this_phones_private_entries_into_it() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write_privately("Ada's own.");
    ada.sync_cleanly();
    let ben = clinic.with_patient("Ben");
    let words = ben.written_words();
    ben.sync_cleanly();
    let result = ada.recover(&world.server().url(), &words);
    assert!(
        matches!(result, Err(CoreError::AlreadyPaired { .. })),
        "{result:?}"
    );
    let _ = ada.sync();
    ben.sync().unwrap();
    assert!(ben.texts().is_empty(), "{:?}", ben.texts());
    assert_eq!(ada.texts(), ["Ada's own."]);
}

#[test]
fn words_made_after_a_change_of_clinics_tell_the_private_space_from_the_shared_one() {
    for seed in 0..4 {
        let world = World::in_memory(seed);
        let first = world.clinic("Riverbank");
        let phone = first.with_patient("Ada");
        first
            .remove_device(phone.record.unwrap(), phone.member())
            .unwrap();
        phone.sync().unwrap();
        let second = world.clinic("Hillside");
        let invitation = second.invite("Ada");
        let mut phone = phone;
        phone.pair(&invitation.link).unwrap();
        phone.record = Some(invitation.patient);
        second.sync_cleanly();
        phone.sync().unwrap();
        second.confirm(invitation.patient).unwrap();
        phone.sync().unwrap();
        let words = phone.written_words();
        phone.sync().unwrap();
        let mut new = world.phone("new");
        new.record = Some(invitation.patient);
        new.recover(&world.server().url(), &words).unwrap();
        new.write_privately("Mine.");
        new.sync().unwrap();
        second.sync().unwrap();
        new.sync().unwrap();
        second.sync().unwrap();
        assert!(
            second.texts_of(&new).is_empty(),
            "seed {seed}: {:?}",
            second.texts_of(&new)
        );
    }
}

#[test]
fn what_a_server_withholds_from_the_clinic_is_not_called_delivered() {
    let (_world, clinic, ada) = clinic_and_ada();
    let urgent = ada.write("Please call me.");
    ada.write("Something else.");
    ada.sync_cleanly();
    let space = Insider::of(&ada, "care").space;
    let mut held = None;
    clinic.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.changes.retain(|(number, bytes)| {
                let mine = SealedChange::parse(bytes).unwrap();
                if held.is_none() && mine.header().frontier.len() == 1 {
                    held = Some(*number);
                }
                held != Some(*number)
            });
            answer.body = page.encode();
        }
        answer
    });
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Something else."]);
    ada.sync().unwrap();
    let state = ada.get::<Entry>(urgent.id).unwrap().delivery;
    assert_eq!(state, DeliveryState::Sent);
    clinic.faults().heal();
    clinic.sync().unwrap();
    ada.sync().unwrap();
    let state = ada.get::<Entry>(urgent.id).unwrap().delivery;
    assert!(
        matches!(state, DeliveryState::Delivered { .. }),
        "{state:?}"
    );
}

#[test]
fn a_server_that_once_says_that_a_phone_was_removed_does_not_shut_it_out_for_good() {
    let (_world, clinic, ada) = clinic_and_ada();
    ada.faults().rewrite(move |request, mut answer| {
        if request.path == path::SPACES {
            let mut heads: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            heads["spaces"] = serde_json::json!([]);
            answer.body = serde_json::to_vec(&heads).unwrap();
        } else {
            let error = ErrorDetail {
                code: ErrorCode::Forbidden,
                message: "no".to_owned(),
                detail: serde_json::Map::new(),
            };
            answer.status = 403;
            answer.body = serde_json::to_vec(&ErrorBody { error }).unwrap();
        }
        answer
    });
    ada.sync().unwrap();
    // Writing for oneself needs no server's leave.
    ada.write_privately("Mine.");
    ada.faults().heal();
    ada.sync().unwrap();
    ada.write("Here I am.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Here I am."]);
}

#[test]
fn a_removed_phone_is_told_that_a_new_link_into_the_same_record_does_not_let_it_in() {
    let (_world, clinic, ada) = clinic_and_ada();
    clinic
        .remove_device(ada.record.unwrap(), ada.member())
        .unwrap();
    ada.sync().unwrap();
    let again = clinic.reinvite(ada.record.unwrap()).unwrap();
    assert!(ada.pair(&again.link).is_err());
}

#[test]
fn a_page_that_never_ends_ends() {
    let (_world, clinic, ada) = clinic_and_ada();
    ada.write("Something.");
    ada.sync_cleanly();
    let space = Insider::of(&ada, "care").space;
    let mut asked = 0;
    clinic.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            asked += 1;
            assert!(asked < 50, "it asks for ever");
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.head.0 = 1_000_000;
            page.changes = vec![(companion_core::protocol::id::LogNumber(1), vec![1, 2, 3])];
            answer.body = page.encode();
        }
        answer
    });
    let report = clinic.sync().unwrap();
    assert!(!report.problems.is_empty(), "{report:?}");
}

#[test]
fn what_a_removed_phone_slipped_in_neither_alarms_anybody_nor_blocks_a_restored_server() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    tablet.write("In time.");
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    tablet.write("Too late.");
    let slipped = std::sync::atomic::AtomicBool::new(false);
    let late = std::sync::Arc::new(tablet);
    let member = late.member();
    // The tablet syncs after Ada's phone has read the log, before the removal is there.
    let other = std::sync::Arc::clone(&late);
    let clinic = std::sync::Arc::new(clinic);
    let reader = std::sync::Arc::clone(&clinic);
    ada.faults().before_each(move |request| {
        if request.method == Method::Post
            && request.path.ends_with("/chain")
            && !slipped.swap(true, std::sync::atomic::Ordering::SeqCst)
        {
            other.sync().unwrap();
            reader.sync().unwrap();
        }
    });
    ada.remove_device(member).unwrap();
    ada.faults().heal();
    let report = clinic.sync().unwrap();
    assert!(report.warnings.is_empty(), "clinic: {:?}", report.warnings);
    let report = ada.sync().unwrap();
    assert!(report.warnings.is_empty(), "ada: {:?}", report.warnings);
    ada.write("After.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    let laptop = ada.invite_phone().unwrap();
    let new = world.phone("laptop");
    new.pair(&laptop.link).unwrap();
    let report = new.sync().unwrap();
    assert!(report.warnings.is_empty(), "new: {:?}", report.warnings);
    world.server().restore(&backup);
    for _ in 0..3 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "ada: {:?}", report.problems);
    let report = clinic.sync().unwrap();
    assert!(report.problems.is_empty(), "clinic: {:?}", report.problems);
}

#[test]
fn a_phone_that_was_away_while_a_restored_server_was_filled_can_still_send() {
    let (world, clinic, ada) = clinic_and_ada();
    let backup = world.server().backup();
    ada.write("Lost by the server.");
    ada.sync_cleanly();
    // The key turns, too.
    let tablet = ada.second_phone();
    world.server().restore(&backup);
    world.days_pass(31);
    ada.write("After a month away.");
    for _ in 0..3 {
        let _ = ada.sync();
        let _ = clinic.sync();
    }
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(
        clinic.texts_of(&ada),
        ["After a month away.", "Lost by the server."]
    );
    drop(tablet);
}

#[test]
fn old_words_end_once_the_new_ones_are_on_paper_however_often_ending_them_breaks_off() {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let url = world.server().url();
        let old = ada.written_words();
        let sheet = ada.make_recovery_code().unwrap();
        ada.faults().at(at, companion_tests::Fault::DropAnswer);
        let word = sheet.words()[sheet.asks_for - 1].to_owned();
        ada.confirm_recovery_code(&word).unwrap();
        finished = ada.faults().sent() <= at;
        ada.kill();
        ada.faults().heal();
        ada.sync().unwrap();
        assert!(world.phone("finder").recover(&url, &old).is_err(), "{at}");
        let new = sheet.words().join(" ");
        world.phone("new").recover(&url, &new).unwrap();
        if finished {
            break;
        }
    }
    assert!(finished, "every request was tried");
}

#[test]
fn a_phone_just_let_in_is_told_what_words_and_invitations_wait_for() {
    let world = World::in_memory(5);
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let mut ada = world.phone("Ada");
    ada.record = Some(invitation.patient);
    ada.pair(&invitation.link).unwrap();
    let waits = |error| matches!(error, CoreError::NotNow(NotNow::NotLetIn));
    assert!(ada.make_recovery_code().is_err_and(waits));
    assert!(ada.invite_phone().is_err_and(waits));
    clinic.sync().unwrap();
    clinic.confirm(invitation.patient).unwrap();
    ada.sync().unwrap();
    // The clinic pays for what is private, and has not heard of it yet.
    let waits = |error| matches!(error, CoreError::NotNow(NotNow::NoPlaceYet));
    assert!(ada.make_recovery_code().is_err_and(waits));
    assert!(ada.invite_phone().is_err_and(waits));
    clinic.sync().unwrap();
    ada.make_recovery_code().unwrap();
    ada.invite_phone().unwrap();
}

#[test]
fn words_open_the_record_even_if_the_phone_that_made_them_never_syncs_again() {
    let (world, _clinic, ada) = clinic_and_ada();
    ada.write_privately("Mine.");
    ada.sync_cleanly();
    let words = ada.written_words();
    drop(ada);
    let new = world.phone("new");
    new.recover(&world.server().url(), &words).unwrap();
    assert_eq!(new.texts(), ["Mine."]);
}
