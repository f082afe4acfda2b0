//! A removed device: refused, blind to what comes after, and unable to rewrite what was.

use companion_core::CoreError;
use companion_core::WarningCode;
use companion_core::clinic::InviteState;
use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorCode, PullPage, path};
use companion_core::protocol::change::Header;
use companion_core::testing::space::payload::pack;
use companion_tests::{Canary, Insider, World, code};

#[test]
fn a_removed_phone_gets_403_and_says_that_it_was_removed() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.remove_device(tablet.member()).unwrap();
    let lost = Insider::of(&tablet, "care");
    for (path, query, said) in [
        (path::chain(lost.space), "from=0", ErrorCode::Removed),
        (
            path::changes(lost.space),
            "after=0&limit=9",
            ErrorCode::Forbidden,
        ),
    ] {
        let answer = lost.send(Method::Get, &path, query, Vec::new());
        assert_eq!((answer.status, code(&answer)), (403, Some(said)));
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
            ada.entries()[0].id,
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
        companion_core::testing::space::rotation::learn_keys(
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
        .read(|r| r.log_row(space, backdated.header().author, backdated.header().id))
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
    let sent_before = Insider::of(&tablet, "care").last.0;
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
        let header = change.header();
        if header.author == me && header.space == space && header.counter > sent_before {
            assert_eq!(header.epoch, epoch);
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

#[test]
fn a_phone_that_a_server_denied_once_by_mistake_goes_on_when_it_is_known_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let backup = world.server().backup();
    let ada = clinic.with_patient("Ada");
    let now = world.server().backup();
    // Somebody starts the server on an old copy of its data, and notices.
    world.server().roll_back_in_secret(&backup);
    ada.write("Meanwhile.");
    let _ = ada.sync();
    world.server().roll_back_in_secret(&now);
    ada.sync().unwrap();
    ada.write("Afterwards.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Afterwards.", "Meanwhile."]);
}

#[test]
fn a_removed_phone_that_is_given_a_new_link_is_not_told_that_it_is_paired() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    clinic.remove_device(patient, ada.member()).unwrap();
    let _ = ada.sync();
    assert!(!ada.is_paired());
    let link = clinic.reinvite(patient).unwrap().link;
    let paired = ada.pair(&link);
    clinic.sync().unwrap();
    let joined = !matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Waiting { .. } | InviteState::NotInvited
    );
    assert_eq!(paired.is_ok(), joined, "{paired:?}");
    assert!(!ada.is_paired());
    assert!(
        !joined,
        "a removed device comes back by words, or as a new one"
    );
}
