//! What a patient writes reaches the clinician, and the phone says truthfully how far it got.

use companion_core::domain::{DosingSession, Entry, ReadReceipt, Visibility};
use companion_core::records::{DeliveryState, Query};
use companion_core::{CoreError, NotNow};
use companion_tests::{World, private_note};

#[test]
fn what_a_patient_writes_offline_reaches_the_clinicians_page() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("The tide was high.");
    ada.check_in(6, "calm");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["The tide was high."]);
    let check_ins = clinic.check_ins_of(&ada);
    assert_eq!(check_ins.len(), 1);
    assert_eq!(check_ins[0].view.content.note, "calm");
}

#[test]
fn what_was_written_while_the_server_was_stopped_arrives_once_it_runs_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    world.server().stop();
    let entry = ada.write("Nobody is there.");
    assert!(ada.sync().is_err(), "a stopped server can't be synced with");
    assert_eq!(
        ada.get::<Entry>(entry.id).unwrap().delivery,
        DeliveryState::OnThisDevice
    );
    assert_eq!(ada.status().unwrap().waiting, 1);
    world.server().start();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Nobody is there."]);
}

#[test]
fn the_phone_says_truthfully_how_far_an_entry_got_at_each_step() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let id = ada.write("A heron.").id;
    let state = || ada.get::<Entry>(id).unwrap().delivery;
    assert_eq!(state(), DeliveryState::OnThisDevice);
    ada.sync_cleanly();
    assert_eq!(state(), DeliveryState::Sent);
    world.minutes_pass(7);
    ada.sync_cleanly();
    assert_eq!(
        state(),
        DeliveryState::Sent,
        "the clinic has not fetched it"
    );
    clinic.sync_cleanly();
    assert_eq!(state(), DeliveryState::Sent, "the phone can't know yet");
    ada.sync_cleanly();
    let DeliveryState::Delivered { clinic: name, at } = state() else {
        panic!("{:?}", state())
    };
    assert_eq!(name, "Riverbank");
    assert_eq!(at.unix_ms, world.now().unix_ms);

    world.minutes_pass(30);
    clinic
        .open_shared::<Entry>(ada.record.unwrap(), id, "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let DeliveryState::Opened { by, at } = state() else {
        panic!("{:?}", state())
    };
    assert_eq!((by.as_str(), at.unix_ms), ("Dr Moss", world.now().unix_ms));

    // Words written after the opening were not opened.
    ada.rewrite(&ada.get::<Entry>(id).unwrap(), "A heron. It waited.");
    assert_eq!(state(), DeliveryState::OnThisDevice);
    ada.sync_cleanly();
    assert_eq!(state(), DeliveryState::Sent);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(
        matches!(state(), DeliveryState::Delivered { .. }),
        "{:?}",
        state()
    );
}

#[test]
fn a_lost_answer_leaves_an_entry_unsent_in_words_and_sent_after_the_next_sync() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let id = ada.write("Did it go?").id;
    ada.faults().script(|_, request| {
        if request.path.ends_with("/changes") {
            companion_tests::Fault::DropAnswer
        } else {
            companion_tests::Fault::None
        }
    });
    assert!(ada.sync().is_err());
    // It is stored there, but nobody told the phone: it must not claim so.
    assert_eq!(
        ada.get::<Entry>(id).unwrap().delivery,
        DeliveryState::OnThisDevice
    );
    ada.faults().heal();
    ada.sync_cleanly();
    assert_eq!(ada.get::<Entry>(id).unwrap().delivery, DeliveryState::Sent);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Did it go?"]);
}

#[test]
fn delivered_is_not_said_while_the_clinic_has_only_the_other_phones_words() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let first = ada.write("Seen: ");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();

    ada.rewrite(&first, "Seen: a wren.");
    tablet.rewrite(&tablet.get::<Entry>(first.id).unwrap(), "Seen: an owl.");
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    // The clinic has the owl and not the wren.
    assert!(!clinic.texts_of(&ada)[0].contains("wren"));
    let said = ada.get::<Entry>(first.id).unwrap().delivery;
    assert_eq!(
        said,
        DeliveryState::Sent,
        "the clinic has not got this phone's words"
    );
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let said = ada.get::<Entry>(first.id).unwrap().delivery;
    assert!(matches!(said, DeliveryState::Delivered { .. }), "{said:?}");
}

#[test]
fn a_private_entry_is_never_said_to_be_on_its_way() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let id = ada.write_privately("Mine.").id;
    assert_eq!(
        ada.get::<Entry>(id).unwrap().delivery,
        DeliveryState::OnlyYours
    );
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(
        ada.get::<Entry>(id).unwrap().delivery,
        DeliveryState::OnlyYours
    );
}

#[test]
fn sharing_makes_a_new_document_without_the_history_of_the_draft() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let draft = ada.write_privately("I hate everything. crossed-out-sentence");
    let better = ada.rewrite(&draft, "It was a hard day.");
    let shared = ada.share::<Entry>(better.id, Visibility::CareTeam).unwrap();
    assert_ne!(shared.id, better.id);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["It was a hard day."]);
    assert_eq!(ada.texts(), ["It was a hard day."], "it is there once");
    let found = companion_tests::Canary::new("crossed-out-sentence");
    assert_eq!(found.found_in(&clinic.plain_bytes()), None);
    // Not even inside the sealed changes that the clinic can open.
    for payload in companion_tests::Insider::of_clinic(&clinic, &ada)
        .readable(&world.server().stored_changes())
    {
        assert_eq!(found.found_in(&payload.encode()), None);
    }
}

#[test]
fn a_withdrawn_entry_disappears_from_the_clinicians_page_and_stays_on_the_phone() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("Rather not.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Rather not."]);
    let back = ada.withdraw::<Entry>(entry.id).unwrap();
    assert!(!back.shared);
    assert_eq!(
        ada.texts(),
        ["Rather not."],
        "the words are the patient's own again, once"
    );
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(clinic.entries_of(&ada).is_empty());
    let patient = ada.record.unwrap();
    // Only that it was withdrawn, and when.
    let withdrawn = clinic.withdrawn_of(&ada);
    assert_eq!(withdrawn.len(), 1);
    assert_eq!((withdrawn[0].id, withdrawn[0].at), (entry.id, world.now()));
    for refused in [
        clinic.get::<Entry>(patient, entry.id).map(drop),
        clinic
            .open_shared::<Entry>(patient, entry.id, "Dr Moss")
            .map(drop),
        clinic.reply(patient, entry.id, "Why?", "Dr Moss").map(drop),
        clinic.mark_reviewed(patient, entry.id, &entry.revision, "Dr Moss"),
    ] {
        assert!(
            matches!(
                refused,
                Err(CoreError::NotNow(NotNow::Withdrawn { at })) if at == world.now()
            ),
            "{refused:?}"
        );
    }
    let opened = Query::<ReadReceipt>::about(entry.id);
    assert_eq!(
        clinic.count(patient, &opened).unwrap(),
        0,
        "a withdrawn entry is not opened"
    );
    // Shared again, it is a third document, with the words once.
    let again = ada
        .share::<Entry>(back.id, Visibility::TalkInSession)
        .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(ada.texts(), ["Rather not."]);
    assert_eq!(
        clinic.get::<Entry>(patient, again.id).unwrap().content.body,
        "Rather not."
    );
}

#[test]
fn what_one_phone_adds_while_another_shares_the_entry_is_not_lost() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let draft = ada.write_privately("On the train.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let shared = ada.share::<Entry>(draft.id, Visibility::CareTeam).unwrap();
    tablet.rewrite(
        &tablet.get::<Entry>(draft.id).unwrap(),
        "On the train. Later: by the sea.",
    );
    ada.sync_cleanly();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    let all = |phone: &companion_tests::Phone| phone.texts().concat();
    assert!(all(&ada).contains("by the sea"), "{:?}", ada.texts());
    assert!(all(&tablet).contains("by the sea"), "{:?}", tablet.texts());
    ada.withdraw::<Entry>(shared.id).unwrap();
    assert!(all(&ada).contains("by the sea"), "{:?}", ada.texts());
}

#[test]
fn a_reply_and_a_session_reach_the_phone_and_a_mark_of_review_does_not() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("How is this meant to feel?");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    clinic
        .reply(patient, entry.id, "There is no meant-to.", "Dr Moss")
        .unwrap();
    clinic
        .mark_reviewed(patient, entry.id, &entry.revision, "reviewer-of-the-day")
        .unwrap();
    let session = DosingSession {
        note: "half dose".to_owned(),
        ..DosingSession::new(2, world.now())
    };
    clinic.book(patient, session);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let replies = ada.replies(entry.id);
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].content.body, "There is no meant-to.");
    assert_eq!(ada.all(Query::<DosingSession>::all()).len(), 1);
    assert_eq!(clinic.caseload().unwrap()[0].unreviewed, 0);
    let mark = companion_tests::Canary::new("reviewer-of-the-day");
    assert_eq!(
        mark.found_in(&ada.plain_bytes()),
        None,
        "marks are the clinic's own"
    );
}

#[test]
fn a_draft_typed_twice_is_two_entries_and_a_sync_repeated_is_none_more() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.create(companion_tests::note("Same.")).unwrap();
    ada.create(companion_tests::note("Same.")).unwrap();
    ada.create(private_note("Same.")).unwrap();
    for _ in 0..3 {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
    assert_eq!(clinic.texts_of(&ada), ["Same.", "Same."]);
    assert_eq!(ada.texts(), ["Same.", "Same.", "Same."]);
}

#[test]
fn a_hint_tells_the_members_of_a_space_and_nobody_else_that_something_is_new() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, ben) = (clinic.with_patient("Ada"), clinic.with_patient("Ben"));
    let care = companion_tests::Insider::of(&ada, "care").space;
    let listen =
        |to: std::sync::mpsc::Sender<_>| Box::new(move |hint| to.send(hint).unwrap_or_default());
    let (to_clinic, at_clinic) = std::sync::mpsc::channel();
    let (to_ben, at_ben) = std::sync::mpsc::channel();
    let patience = std::time::Duration::from_secs(20);
    let watching = (
        clinic.watch(listen(to_clinic)).unwrap(),
        ben.watch(listen(to_ben)).unwrap(),
    );
    // On opening, a listener is told where each of its spaces stands.
    at_clinic.recv_timeout(patience).unwrap();
    at_ben.recv_timeout(patience).unwrap();
    ada.write("Something new.");
    ada.sync_cleanly();
    let news = std::iter::from_fn(|| at_clinic.recv_timeout(patience).ok())
        .find(|hint: &companion_core::protocol::api::Hint| hint.space == care && hint.number.0 > 0);
    assert!(news.is_some());
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Something new."]);
    ben.write("Mine.");
    ben.sync_cleanly();
    let own = companion_tests::Insider::of(&ben, "care").space;
    let mut heard = std::iter::from_fn(|| at_ben.recv_timeout(patience).ok())
        .inspect(|hint| assert_ne!(hint.space, care, "it is none of Ben's business"));
    assert!(heard.any(|hint| hint.space == own));
    drop(watching);
}

#[test]
fn a_clinics_clock_that_was_ahead_hides_no_later_delivery() {
    let world = World::in_memory(43);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    // So often that the clinic begins a second receipt, while its clock is an hour ahead.
    clinic.clock().be_wrong_by(60 * 60 * 1000);
    for n in 0..66 {
        ada.write(&format!("entry {n}"));
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
    clinic.clock().be_wrong_by(0);
    for _ in 0..2 {
        let entry = ada.write("By the right clock.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.sync_cleanly();
        let delivery = ada.get::<Entry>(entry.id).unwrap().delivery;
        assert!(
            matches!(delivery, DeliveryState::Delivered { .. }),
            "{delivery:?}"
        );
    }
}
