//! What the quiet hours of a session held back, where words of the day are taken back, said again, or reach another
//! phone late: all of it is offered to be kept or shared, and nothing of it is shared unasked.

use companion_core::domain::{DocumentId, DosingSession, Entry, Visibility};
use companion_core::patient::DayMark;
use companion_core::{CoreError, NotNow};
use companion_tests::{Node, Phone, World};

use crate::clinic_and_ada;
use crate::session_day::{is_quiet, with_session};

/// A clinic, a patient with two phones, and a session that begins in an hour, known on both.
fn with_two_phones() -> (World, Node, [Phone; 2], DocumentId) {
    let (world, clinic, phone) = clinic_and_ada();
    let session = with_session(&world, &clinic, &phone);
    let tablet = phone.second_phone();
    for one in [&phone, &tablet] {
        one.sync_cleanly();
    }
    (world, clinic, [phone, tablet], session)
}

fn exchange(phones: &[Phone; 2], clinic: &Node) {
    for _ in 0..2 {
        for phone in phones {
            phone.sync_cleanly();
        }
    }
    clinic.sync_cleanly();
}

fn to_review(phone: &Phone) -> Vec<DocumentId> {
    let waiting = phone.to_review().unwrap();
    waiting.iter().map(|one| one.id).collect()
}

#[test]
fn what_was_held_back_is_offered_on_every_phone_although_the_arrival_was_taken_back() {
    let (world, clinic, phones, session) = with_two_phones();
    let [phone, tablet] = &phones;
    world.minutes_pass(20);
    phone.mark_day(session, DayMark::Here).unwrap();
    world.minutes_pass(5);
    let held = phone.write_privately("I am so nervous.").id;
    // The other phone has not heard that they are there.
    let beside = tablet.write_privately("On the tablet.").id;
    world.minutes_pass(5);
    phone.unmark_day(session, DayMark::Here).unwrap();
    let free = phone.write_privately("It was not time yet.").id;
    world.days_pass(2);
    assert_eq!(to_review(phone), [held]);
    exchange(&phones, &clinic);
    for phone in &phones {
        let mut offered = to_review(phone);
        offered.sort_unstable();
        let mut all = [held, beside];
        all.sort_unstable();
        assert_eq!(offered, all, "and not {free}");
    }
    // What was kept on one phone, or shared on the other, is asked about on none.
    phone.keep_private(held).unwrap();
    tablet.share::<Entry>(beside, Visibility::CareTeam).unwrap();
    exchange(&phones, &clinic);
    for phone in &phones {
        assert_eq!(to_review(phone), []);
    }
    assert_eq!(clinic.texts_of(phone), ["On the tablet."]);
}

#[test]
fn what_an_end_held_back_is_offered_although_the_other_phone_took_the_end_back() {
    let (world, clinic, phones, session) = with_two_phones();
    let [phone, tablet] = &phones;
    world.minutes_pass(60 + 150 + 4 * 60);
    phone.mark_day(session, DayMark::Ended).unwrap();
    exchange(&phones, &clinic);
    // Quiet for a day from the end that was said: by the planned one it would be over.
    world.minutes_pass(22 * 60);
    let held = phone.write_privately("Everything is one.").id;
    let early = phone.share::<Entry>(held, Visibility::CareTeam);
    assert!(is_quiet(&early));
    world.minutes_pass(1);
    tablet.unmark_day(session, DayMark::Ended).unwrap();
    exchange(&phones, &clinic);
    for phone in &phones {
        let early = phone.share::<Entry>(held, Visibility::CareTeam);
        assert!(is_quiet(&early), "it stays held as it was");
        assert_eq!(to_review(phone), []);
    }
    world.minutes_pass(2 * 60);
    for phone in &phones {
        assert_eq!(to_review(phone), [held]);
    }
    assert!(clinic.texts_of(phone).is_empty());
}

#[test]
fn who_says_again_that_they_are_there_is_there_whatever_the_other_phone_took_back_before() {
    let (world, clinic, phones, session) = with_two_phones();
    let [phone, tablet] = &phones;
    let here = |phone: &Phone| {
        let said = phone.preparation(session).unwrap();
        said.and_then(|said| said.marks().here)
    };
    world.minutes_pass(40);
    phone.mark_day(session, DayMark::Here).unwrap();
    exchange(&phones, &clinic);
    world.minutes_pass(1);
    tablet.unmark_day(session, DayMark::Here).unwrap();
    world.minutes_pass(1);
    phone.mark_day(session, DayMark::Here).unwrap();
    exchange(&phones, &clinic);
    let again = here(phone);
    assert!(again.is_some() && again == here(tablet));
    // The other way about: what was taken back last is taken back.
    world.minutes_pass(1);
    phone.mark_day(session, DayMark::Here).unwrap();
    world.minutes_pass(1);
    tablet.unmark_day(session, DayMark::Here).unwrap();
    exchange(&phones, &clinic);
    for phone in &phones {
        assert_eq!(here(phone), None);
        let said = phone.in_two_wordings().unwrap();
        assert!(
            said.is_empty(),
            "a word of the day is no wording of another"
        );
    }
}

#[test]
fn in_the_quiet_hours_what_is_shared_is_not_shared_in_another_way_and_can_be_withdrawn() {
    let (world, clinic, ada) = clinic_and_ada();
    let private = ada.write_privately("Nervous.").id;
    let shared = ada
        .share::<Entry>(private, Visibility::CareTeam)
        .unwrap()
        .id;
    with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 30);
    for id in [shared, private] {
        let changed = ada.share::<Entry>(id, Visibility::TalkInSession);
        assert!(
            matches!(
                changed,
                Err(CoreError::NotNow(NotNow::SharedInQuietHours { .. }))
            ),
            "{changed:?}"
        );
    }
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let read = &clinic.entries_of(&ada)[0].view;
    assert_eq!(read.content.visibility, Visibility::CareTeam);
    assert!(!ada.withdraw::<Entry>(shared).unwrap().shared);
}

#[test]
fn a_phone_that_hears_of_the_quiet_hours_as_it_exchanges_holds_back_what_was_written_in_them() {
    let (world, clinic, phones, session) = with_two_phones();
    let [phone, tablet] = &phones;
    world.minutes_pass(10);
    let before = tablet.write("On my way.").id;
    world.minutes_pass(30);
    phone.mark_day(session, DayMark::Here).unwrap();
    phone.sync_cleanly();
    world.minutes_pass(5);
    // The tablet has not heard of it: it shares, and then exchanges.
    tablet.write("Everything is one.");
    let nervous = tablet.write_privately("So nervous.").id;
    tablet
        .share::<Entry>(nervous, Visibility::TalkInSession)
        .unwrap();
    let report = tablet.sync().unwrap();
    assert_eq!(report.held_back, 2);
    exchange(&phones, &clinic);
    assert_eq!(clinic.texts_of(phone), ["On my way."]);
    assert!(tablet.get::<Entry>(before).unwrap().shared);
    for phone in &phones {
        assert_eq!(phone.texts().len(), 3, "nothing is lost");
        assert_eq!(to_review(phone), [], "not before the next day");
    }
    world.days_pass(2);
    for phone in &phones {
        let waiting = to_review(phone);
        assert!(waiting.len() == 2 && waiting.contains(&nervous));
    }
    // What was looked at and shared then is sent, although it was written in them.
    tablet
        .share_reviewed(nervous, Visibility::CareTeam)
        .unwrap();
    assert_eq!(tablet.sync().unwrap().held_back, 0);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(phone).len(), 2);
}

#[test]
fn an_arrival_said_late_sends_nothing_of_a_phone_that_had_not_heard_of_the_session() {
    let (world, clinic, phone) = clinic_and_ada();
    let tablet = phone.second_phone();
    let session = with_session(&world, &clinic, &phone);
    world.minutes_pass(60 + 5);
    tablet.write("Everything is one.");
    world.minutes_pass(15);
    phone.mark_day(session, DayMark::Here).unwrap();
    phone.sync_cleanly();
    world.minutes_pass(10);
    assert_eq!(tablet.sync().unwrap().held_back, 1);
    let phones = [phone, tablet];
    exchange(&phones, &clinic);
    let [phone, tablet] = &phones;
    assert!(clinic.texts_of(phone).is_empty());
    assert_eq!(to_review(tablet), []);
    world.days_pass(2);
    assert_eq!(to_review(tablet).len(), 1);
}

#[test]
fn what_was_written_before_and_after_a_late_arrival_stays_held_when_the_session_is_called_off() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = with_session(&world, &clinic, &ada);
    let mut held = Vec::new();
    for (minutes, words) in [(60 + 5, "Nervous."), (26, "Still waiting.")] {
        world.minutes_pass(minutes);
        held.push(ada.write_privately(words).id);
    }
    world.minutes_pass(9);
    ada.mark_day(session, DayMark::Here).unwrap();
    world.minutes_pass(1);
    held.push(ada.write_privately("In the room.").id);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    world.minutes_pass(4);
    let seen = clinic.get::<DosingSession>(patient, session).unwrap();
    clinic
        .call_off_session(patient, session, &seen.revision, "She went home.", "Maya")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    world.minutes_pass(1);
    for one in &held {
        let shared = ada.share::<Entry>(*one, Visibility::CareTeam);
        assert!(is_quiet(&shared));
    }
    assert_eq!(to_review(&ada), []);
    world.days_pass(2);
    assert_eq!(to_review(&ada), held);
}

#[test]
fn what_a_phone_promised_to_offer_is_offered_on_every_phone_although_the_session_had_been_moved() {
    let (world, clinic, phones, session) = with_two_phones();
    let [phone, tablet] = &phones;
    let patient = phone.record.unwrap();
    let seen = clinic.get::<DosingSession>(patient, session).unwrap();
    let mut later = seen.content.at;
    later.unix_ms += 5 * 24 * 3_600_000;
    clinic
        .move_session(patient, session, &seen.revision, later, "Maya")
        .unwrap();
    clinic.sync_cleanly();
    // The phone is offline, and by what it knows these are the quiet hours.
    world.minutes_pass(60 + 40);
    let promised = |body: &str| {
        let entry = Entry {
            body: body.to_owned(),
            visibility: Visibility::TalkInSession,
            ..Entry::new(phone.now())
        };
        assert!(is_quiet(&phone.create(entry.clone())));
        phone.create_for_later(entry).unwrap().id
    };
    let (kept, shared) = (promised("The rain."), promised("Everything is one."));
    let unasked = phone.write_privately("For me.").id;
    assert_eq!(to_review(phone), [], "not in the quiet hours");
    world.minutes_pass(50);
    exchange(&phones, &clinic);
    for days in [0, 5, 3] {
        world.days_pass(days);
        // On the second of these days it is quiet by the session that stands.
        let offered = if days == 5 { 0 } else { 2 };
        for phone in &phones {
            let waiting = phone.to_review().unwrap();
            let asked = waiting.iter().filter(|one| {
                [kept, shared].contains(&one.id) && one.wished == Some(Visibility::TalkInSession)
            });
            assert_eq!(asked.count(), offered, "day {days}");
            assert_eq!(waiting.len(), offered, "and not {unasked}");
        }
    }
    phone.keep_private(kept).unwrap();
    tablet
        .share_reviewed(shared, Visibility::TalkInSession)
        .unwrap();
    exchange(&phones, &clinic);
    assert_eq!(clinic.texts_of(phone), ["Everything is one."]);
    // Taking it back again answers it as well.
    phone.withdraw::<Entry>(shared).unwrap();
    exchange(&phones, &clinic);
    for phone in &phones {
        assert_eq!(to_review(phone), []);
    }
}
