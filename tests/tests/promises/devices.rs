//! Several devices of one patient: merging, a second phone, recovery words, a lost phone.

use companion_core::CoreError;
use companion_core::patient::DeviceKind;
use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorCode, PullPage, path};
use companion_core::protocol::change::Header;
use companion_core::space::payload::pack;
use companion_core::sync::WarningCode;
use companion_tests::{Canary, Insider, Phone, World, code};

/// Everything about a space that must be the same on every replica that has seen the same.
fn picture(store: &companion_core::store::Store, purpose: &str, of: &Phone) -> Vec<String> {
    let space = Insider::of(of, purpose).space;
    let filter = companion_core::store::ItemFilter {
        spaces: vec![space],
        ..Default::default()
    };
    let mut rows: Vec<String> = store
        .read(|r| r.items(&filter))
        .unwrap()
        .into_iter()
        .map(|row| {
            format!(
                "{} {} {:?} {}",
                row.document,
                row.kind.as_str(),
                row.revision,
                row.projection
            )
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn two_phones_edit_the_same_entry_offline_and_every_replica_ends_with_both_texts_in_the_same_bytes()
{
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write("Morning: fog.\n\nEvening: rain.");
    ada.sync_cleanly();
    tablet.sync_cleanly();

    ada.rewrite(
        &ada.entry(entry.id).unwrap(),
        "Morning: fog. I stayed in.\n\nEvening: rain.",
    );
    tablet.rewrite(
        &tablet.entry(entry.id).unwrap(),
        "Morning: fog.\n\nEvening: rain. I danced in it.",
    );
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    tablet.sync_cleanly();

    let text = ada.entry(entry.id).unwrap().entry.body;
    assert_eq!(
        text,
        "Morning: fog. I stayed in.\n\nEvening: rain. I danced in it."
    );
    assert_eq!(tablet.texts(), [text.clone()]);
    assert_eq!(clinic.texts_of(&ada), [text]);
    let on_ada = picture(&ada.store(), "care", &ada);
    assert_eq!(on_ada, picture(&tablet.store(), "care", &ada));
    assert_eq!(on_ada, picture(&clinic.store(), "care", &ada));
    for check in [
        ada.check_record().unwrap(),
        tablet.check_record().unwrap(),
        clinic.check_record().unwrap(),
    ] {
        assert!(
            check.differing.is_empty() && check.quarantined.is_empty(),
            "{check:?}"
        );
    }
}

#[test]
fn replicas_agree_whatever_the_order_in_which_three_concurrent_edits_arrive() {
    let orders: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for order in orders {
        let world = World::in_memory(1);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let laptop = ada.second_phone();
        tablet.sync_cleanly();
        let entry = ada.write("Base.");
        let phones = [&ada, &tablet, &laptop];
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        for (phone, word) in phones.iter().zip(["one", "two", "three"]) {
            let seen = phone.entry(entry.id).unwrap();
            let once = phone.rewrite(&seen, &format!("Base. {word}"));
            phone.rewrite(&once, &format!("Base. {word} {word}-again"));
        }
        for which in order {
            phones[which].sync_cleanly();
        }
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        clinic.sync_cleanly();
        let expected = picture(&ada.store(), "care", &ada);
        let body = ada.entry(entry.id).unwrap().entry.body;
        for word in ["one one-again", "two two-again", "three three-again"] {
            assert_eq!(body.matches(word).count(), 1, "{order:?}: {body}");
        }
        assert_eq!(
            picture(&tablet.store(), "care", &ada),
            expected,
            "{order:?}"
        );
        assert_eq!(
            picture(&laptop.store(), "care", &ada),
            expected,
            "{order:?}"
        );
        ada.sync_cleanly();
        assert_eq!(
            picture(&clinic.store(), "care", &ada),
            picture(&ada.store(), "care", &ada),
            "{order:?}"
        );
    }
}

#[test]
fn a_second_phone_reads_the_private_history_and_keeps_what_it_had_written_before_pairing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write_privately("Old and mine.");
    ada.write("Old and shared.");
    ada.sync_cleanly();
    let tablet = world.phone("tablet");
    tablet.write_privately("Written before anything.");
    let invitation = ada.invite_phone().unwrap();
    tablet.pair(&invitation.link).unwrap();
    tablet.sync().unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    let all = [
        "Old and mine.",
        "Old and shared.",
        "Written before anything.",
    ];
    assert_eq!(tablet.texts(), all);
    assert_eq!(ada.texts(), all);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Old and shared."]);
    let kinds: Vec<DeviceKind> = ada
        .devices()
        .unwrap()
        .into_iter()
        .map(|device| device.kind)
        .collect();
    assert_eq!(
        kinds,
        [DeviceKind::Clinic, DeviceKind::ThisPhone, DeviceKind::Yours]
    );
}

#[test]
fn a_link_for_a_second_phone_works_once_and_not_after_it_ran_out() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let link = ada.invite_phone().unwrap().link;
    let (tablet, thief) = (world.phone("tablet"), world.phone("thief"));
    tablet.pair(&link).unwrap();
    assert!(thief.pair(&link).is_err(), "used");
    assert!(!thief.status().unwrap().paired);
    ada.sync_cleanly();
    let late = ada.invite_phone().unwrap().link;
    world.minutes_pass(61);
    assert!(thief.pair(&late).is_err(), "over");
    assert!(!thief.status().unwrap().paired);
    assert!(thief.texts().is_empty());
}

#[test]
fn recovery_words_on_a_new_phone_bring_both_spaces_back() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.make_recovery_code().unwrap().words().join(" ");
    ada.sync_cleanly();
    ada.write("Shared after the words were made.");
    ada.write_privately("Private after the words were made.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let url = world.server().url();
    let lost = ada.member();
    drop(ada);

    let mut phone = world.phone("new");
    let pairing = phone.recover(&url, &words).unwrap();
    assert_eq!(pairing.clinic, "Riverbank");
    assert_eq!(
        phone.texts(),
        [
            "Private after the words were made.",
            "Shared after the words were made."
        ]
    );
    // The lost phone goes, and life goes on in both directions.
    phone.remove_device(lost).unwrap();
    phone.write("Here I am again.");
    phone.sync_cleanly();
    clinic.sync_cleanly();
    phone.record = Some(clinic.caseload().unwrap()[0].patient);
    assert_eq!(
        clinic.texts_of(&phone),
        ["Here I am again.", "Shared after the words were made."]
    );
    // Other words open nothing.
    let other = companion_core::space::recovery::RecoveryCode::generate(&*world.rng()).unwrap();
    let stranger = world.phone("stranger");
    assert!(stranger.recover(&url, &other.words().join(" ")).is_err());
    assert!(stranger.texts().is_empty());
}

#[test]
fn new_recovery_words_replace_the_old_ones() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let old = ada.make_recovery_code().unwrap().words().join(" ");
    let new = ada.make_recovery_code().unwrap().words().join(" ");
    ada.write("Hello.");
    ada.sync_cleanly();
    let url = world.server().url();
    assert!(world.phone("finder").recover(&url, &old).is_err());
    let phone = world.phone("new");
    phone.recover(&url, &new).unwrap();
    assert_eq!(phone.texts(), ["Hello."]);
}

#[test]
fn a_recovery_that_breaks_off_at_any_request_can_be_tried_again() {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let words = ada.make_recovery_code().unwrap().words().join(" ");
        ada.write_privately("Mine.");
        ada.write("Ours.");
        ada.sync_cleanly();
        let url = world.server().url();
        let phone = world.phone("new");
        phone.faults().at(at, companion_tests::Fault::DropAnswer);
        let first = phone.recover(&url, &words);
        finished = first.is_ok() && phone.faults().sent() <= at;
        phone.faults().heal();
        if first.is_err() {
            let again = phone.recover(&url, &words);
            assert!(
                again.is_ok(),
                "request {at} lost its answer, then: {again:?}"
            );
        }
        phone.sync().unwrap();
        assert_eq!(
            phone.texts(),
            ["Mine.", "Ours."],
            "request {at} lost its answer"
        );
        if finished {
            break;
        }
    }
    assert!(finished, "every request of a recovery was tried");
}

#[test]
fn a_removed_phone_gets_403_and_says_that_it_was_removed() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.remove_device(tablet.member()).unwrap();
    let lost = Insider::of(&tablet, "care");
    for (path, query) in [
        (path::chain(lost.space), "from=0"),
        (path::changes(lost.space), "after=0&limit=9"),
    ] {
        let answer = lost.send(Method::Get, &path, query, Vec::new());
        assert_eq!(
            (answer.status, code(&answer)),
            (403, Some(ErrorCode::Forbidden))
        );
    }
    tablet.write("I am still here.");
    let report = tablet.sync().unwrap();
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Removed),
        "{report:?}"
    );
    assert_eq!(
        tablet.status().unwrap().waiting,
        1,
        "nothing is thrown away"
    );
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(
        !clinic
            .texts_of(&ada)
            .iter()
            .any(|text| text.contains("still here"))
    );
}

#[test]
fn a_removed_phone_opens_nothing_that_came_after_even_given_the_servers_disk() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let before = Canary::new("written-before-the-loss");
    let after = Canary::new("written-after-the-loss");
    let after_in_private = Canary::new("private-after-the-loss");
    ada.write(before.words());
    ada.sync_cleanly();
    tablet.sync_cleanly();
    ada.remove_device(tablet.member()).unwrap();
    ada.write(after.words());
    ada.write_privately(after_in_private.words());
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(
            ada.record.unwrap(),
            ada.entries().unwrap()[0].id,
            after.words(),
            "Dr Moss",
        )
        .ok();
    clinic.sync_cleanly();

    let stored = world.server().stored_changes();
    for purpose in ["care", "private"] {
        let mut thief = Insider::of(&tablet, purpose);
        // Everything the chain would teach it, had it the newest chain too.
        let fresh = Insider::of(&ada, purpose);
        let mut keys = thief.keys.clone();
        companion_core::space::membership::learn_keys(
            &thief.me,
            &fresh.chain,
            &fresh.statements,
            &mut keys,
        );
        assert!(keys.len() < fresh.keys.len(), "the key was turned");
        thief.keys = keys;
        let opened: Vec<u8> = thief
            .readable(&stored)
            .iter()
            .flat_map(|payload| payload.encode())
            .collect();
        assert_eq!(after.found_in(&opened), None);
        assert_eq!(after_in_private.found_in(&opened), None);
        if purpose == "care" {
            assert!(before.found_in(&opened).is_some(), "it keeps what it had");
        }
    }
    let ours = Insider::of(&ada, "care").readable(&stored);
    assert!(
        ours.iter()
            .any(|payload| after.found_in(&payload.encode()).is_some())
    );
}

#[test]
fn a_removed_phones_backdated_change_is_refused_by_the_server_and_by_clients_that_a_lying_server_gives_it()
 {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = tablet.write("Mine while I was in.");
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    // As it would have been, had it been made before the removal.
    let mut insider = Insider::of(&tablet, "care");
    let payload = insider
        .readable(&world.server().stored_changes())
        .into_iter()
        .find(|payload| payload.document == entry.id)
        .unwrap();
    let backdated = insider.seal(&payload);
    ada.remove_device(tablet.member()).unwrap();

    assert_eq!(insider.push(std::slice::from_ref(&backdated)).status, 403);
    // Brought by somebody who is still in.
    let friend = Insider::of(&ada, "care");
    let answer = friend.push(std::slice::from_ref(&backdated));
    assert_eq!(code(&answer), Some(ErrorCode::InvalidChange));

    // A server that hands it out all the same.
    let smuggled = backdated.bytes().to_vec();
    let space = insider.space;
    ada.write("Something new, so that there is something to pull.");
    ada.sync_cleanly();
    clinic.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.head = page.head.next();
            page.changes.push((page.head, smuggled.clone()));
            answer.body = page.encode();
        }
        answer
    });
    let report = clinic.sync().unwrap();
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Forged),
        "{report:?}"
    );
    let rows = clinic
        .store()
        .read(|r| r.log_row(space, backdated.header().id))
        .unwrap();
    assert!(rows.is_none(), "it is not kept");
}

#[test]
fn the_outbox_of_a_phone_that_was_offline_through_a_removal_is_sealed_again_under_the_new_key() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let laptop = ada.second_phone();
    tablet.sync_cleanly();
    for n in 0..5 {
        tablet.write(&format!("offline {n}"));
        tablet.write_privately(&format!("offline and mine {n}"));
    }
    ada.remove_device(laptop.member()).unwrap();
    let epoch = Insider::of(&ada, "care").chain.epoch();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 5);
    assert_eq!(ada.texts().len(), 10);
    let me = tablet.member();
    let space = Insider::of(&ada, "care").space;
    for bytes in world.server().stored_changes() {
        let change = companion_core::protocol::change::SealedChange::parse(&bytes).unwrap();
        if change.header().author == me && change.header().space == space {
            assert_eq!(change.header().epoch, epoch);
        }
    }
}

#[test]
fn a_stale_epoch_push_is_refused_with_the_epoch_that_holds() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let laptop = ada.second_phone();
    tablet.sync_cleanly();
    let before = Insider::of(&tablet, "care");
    ada.remove_device(laptop.member()).unwrap();
    let stale = before.seal_under(before.next_header(), &pack(b"whatever").unwrap());
    let answer = before.push(&[stale]);
    assert_eq!(code(&answer), Some(ErrorCode::StaleEpoch));
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["error"]["detail"]["epoch"], before.chain.epoch().0 + 1);
    // Claiming the new epoch without its key's chain head does not help either.
    let after = Insider::of(&ada, "care");
    let header = Header {
        epoch: after.chain.epoch(),
        ..before.next_header()
    };
    let mut lie = before;
    lie.keys = after.keys.clone();
    let answer = lie.push(&[lie.seal_under(header, &pack(b"whatever").unwrap())]);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidChange));
}

#[test]
fn a_phone_cannot_remove_itself_nor_a_stranger() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    assert!(matches!(
        ada.remove_device(ada.member()),
        Err(CoreError::NotNow(_))
    ));
    let stranger = world.phone("stranger").member();
    assert!(matches!(
        ada.remove_device(stranger),
        Err(CoreError::NotFound(_))
    ));
    ada.sync_cleanly();
}
