//! The day of a dosing session, end to end: what is written in its quiet hours is the patient's own until
//! the next day, and of the medicine they see what a clinician chose to show.

use companion_core::domain::near_session::NotNamed;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::session_day::{Offer, SessionStage};
use companion_core::domain::session_details::SessionDetails;
use companion_core::domain::session_preparation::StillOpen;
use companion_core::domain::{
    AssessmentSection, CheckIn, Commitment, ContactRequest, Content, DocumentId, DosingSession,
    Entry, Intention, MedicineRecord, MedicineShown, Moment, NextSessionItem, Rating, Readiness,
    SafetyPlan, UseCheck, Visibility,
};
use companion_core::patient::DayMark;
use companion_core::records::{Query, Seen};
use companion_core::{CoreError, NotNow};
use companion_tests::{Canary, Node, Phone, World};

use crate::clinic_and_ada;

/// A session that begins in an hour, known on the phone.
pub(crate) fn with_session(world: &World, clinic: &Node, ada: &Phone) -> DocumentId {
    let mut at = world.now();
    at.unix_ms += 60 * 60 * 1000;
    let patient = ada.record.unwrap();
    let session = clinic.book(patient, DosingSession::new(1, at));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    session.id
}

fn written(now: Moment, body: &str, visibility: Visibility) -> Entry {
    Entry {
        body: body.to_owned(),
        visibility,
        ..Entry::new(now)
    }
}

pub(crate) fn is_quiet<T: std::fmt::Debug>(refused: &companion_core::Result<T>) -> bool {
    matches!(refused, Err(CoreError::NotNow(NotNow::QuietHours { .. })))
}

#[test]
fn what_is_written_in_the_quiet_hours_is_shared_by_nobody_before_the_next_day() {
    let (world, clinic, ada) = clinic_and_ada();
    let before = ada.create(written(ada.now(), "Nervous.", Visibility::CareTeam));
    assert!(before.unwrap().shared, "before the session all is as ever");
    with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 150 + 30);
    let today = ada.session_day().unwrap().unwrap();
    assert_eq!(today.stage, SessionStage::After);
    assert!(!today.stage.offers(Offer::Measures) && today.stage.offers(Offer::CrisisHelp));

    let hasty = written(ada.now(), "Everything is one.", Visibility::TalkInSession);
    assert!(is_quiet(&ada.create(hasty)));
    let kept = ada.write_privately("Everything is one.");
    world.minutes_pass(1);
    let shared = ada.write_privately("The rain on the roof.");
    assert!(is_quiet(
        &ada.share::<Entry>(shared.id, Visibility::CareTeam)
    ));
    assert!(
        ada.to_review().unwrap().is_empty(),
        "not before the next day"
    );
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.entries_of(&ada).len(), 1);

    world.days_pass(1);
    let today = ada.session_day().unwrap().unwrap();
    assert_eq!(today.stage, SessionStage::NextDay);
    let waiting: Vec<_> = ada.to_review().unwrap().iter().map(|it| it.id).collect();
    assert_eq!(waiting, [kept.id, shared.id]);
    ada.keep_private(kept.id).unwrap();
    ada.share::<Entry>(shared.id, Visibility::CareTeam).unwrap();
    assert!(ada.to_review().unwrap().is_empty());
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.entries_of(&ada).len(), 2);
}

#[test]
fn in_the_quiet_hours_nothing_that_can_wait_reaches_the_clinic_in_any_kind() {
    fn hold<T: Content>(ada: &Phone, before: DocumentId, made: T) {
        assert!(is_quiet(&ada.create(made)), "created: {}", T::KIND);
        let seen = ada.get::<T>(before).unwrap();
        let mut is_changed = false;
        let edited = ada.edit::<T>(before, &seen.revision, |_| is_changed = true);
        assert!(
            matches!(
                edited,
                Err(CoreError::NotNow(NotNow::SharedInQuietHours { .. }))
            ) && !is_changed,
            "edited: {}",
            T::KIND
        );
    }
    let (world, clinic, ada) = clinic_and_ada();
    let shared = Visibility::CareTeam;
    let check_in = |at| CheckIn {
        visibility: shared,
        ..CheckIn::new(Rating::MIDDLE, at)
    };
    let line = |at| NextSessionItem {
        visibility: shared,
        ..NextSessionItem::new("Everything is one.", at)
    };
    let intention = |at| Intention {
        visibility: shared,
        ..Intention::new(DocumentId::new([3; 16]), "To let go of all.", at)
    };
    let commitment = |at| Commitment {
        visibility: shared,
        ..Commitment::new("Quit my job.", at)
    };
    let section = |at| AssessmentSection {
        visibility: shared,
        at,
        ..AssessmentSection::examples().remove(0)
    };
    let uses = |at| UseCheck {
        visibility: shared,
        at,
        ..UseCheck::examples().remove(0)
    };
    let at = ada.now();
    let entry = ada.write("Nervous.").id;
    let private = ada.write_privately("Told nobody.").id;
    let (felt, said) = (
        ada.create(check_in(at)).unwrap().id,
        ada.create(line(at)).unwrap().id,
    );
    let (meant, told) = (
        ada.create(commitment(at)).unwrap().id,
        ada.create(section(at)).unwrap().id,
    );
    let used = ada.create(uses(at)).unwrap().id;
    let intended = ada.create(intention(at)).unwrap().id;
    let plan = ada
        .change_safety_plan(|_, _| {})
        .and_then(|plan| ada.share::<SafetyPlan>(plan.id, shared));
    plan.unwrap();
    with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 150 + 30);
    let at = ada.now();
    hold(&ada, entry, written(at, "Everything is one.", shared));
    hold(&ada, felt, check_in(at));
    hold(&ada, said, line(at));
    hold(&ada, meant, commitment(at));
    hold(&ada, told, section(at));
    hold(&ada, used, uses(at));
    hold(&ada, intended, intention(at));
    // Words that are added to what is private are the patient's own as well, so it is not shared either.
    let seen = ada.get::<Entry>(private).unwrap();
    ada.edit::<Entry>(private, &seen.revision, |it| {
        it.body.push_str(" Now I know.");
    })
    .unwrap();
    assert!(is_quiet(&ada.share::<Entry>(private, shared)));

    // What is meant for help now waits for no morning.
    ada.create(ContactRequest::new(ada.now())).unwrap();
    let changed = ada.change_safety_plan(|plan, id| {
        let lines = plan.lines_mut(PlanStep::Coping);
        lines.push(id, PlanLine::new("Call Ida."));
    });
    assert!(changed.unwrap().shared);

    world.days_pass(1);
    let seen = ada.get::<Entry>(entry).unwrap();
    ada.edit::<Entry>(entry, &seen.revision, |it| it.body.push_str(" Calm now."))
        .unwrap();
    ada.share::<Entry>(private, shared).unwrap();
}

#[test]
fn a_ride_that_was_agreed_for_one_day_is_to_be_agreed_again_for_another() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = with_session(&world, &clinic, &ada);
    let confirm = || {
        let (now, begins) = (
            ada.now(),
            ada.get::<DosingSession>(session).unwrap().content.at,
        );
        ada.prepare(session, |it| {
            it.name_escort("Ida", None, None);
            it.confirm_ride(now, begins);
        })
        .unwrap();
        ada.sync_cleanly();
        clinic.sync_cleanly();
    };
    let is_open = || {
        let digest = clinic.digest(patient, clinic.now()).unwrap();
        let open = digest.next_session.unwrap().open;
        open.contains(&StillOpen::RideNotConfirmed)
    };
    confirm();
    assert!(!is_open());
    let seen = clinic.get::<DosingSession>(patient, session).unwrap();
    let later = Moment {
        unix_ms: seen.content.at.unix_ms + 4 * 24 * 3_600_000,
        ..seen.content.at
    };
    clinic
        .move_session(patient, session, &seen.revision, later, "Maya")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(is_open(), "the clinic");
    let said = ada.preparation(session).unwrap().unwrap();
    assert_eq!(said.ride_confirmed_at(later), None, "the phone");
    confirm();
    assert!(!is_open());
}

#[test]
fn what_was_held_back_stays_held_when_the_session_is_called_off_after_it_began() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 30);
    let held = ada.write_privately("Everything is one.");
    world.minutes_pass(10);
    let seen = clinic.get::<DosingSession>(patient, session).unwrap();
    clinic
        .call_off_session(patient, session, &seen.revision, "She went home.", "Maya")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    world.minutes_pass(1);
    assert_eq!(
        ada.session_day().unwrap(),
        None,
        "it is nobody's session now"
    );
    let shares = || ada.share::<Entry>(held.id, Visibility::CareTeam);
    assert!(is_quiet(&shares()));
    assert!(ada.to_review().unwrap().is_empty(), "not yet");
    // What is written from now on is no word of a session.
    let after = written(ada.now(), "At home again.", Visibility::CareTeam);
    assert!(ada.create(after).unwrap().shared);
    world.days_pass(2);
    let waiting: Vec<_> = ada.to_review().unwrap().iter().map(|it| it.id).collect();
    assert_eq!(waiting, [held.id]);
    assert!(shares().is_ok());
}

#[test]
fn a_ride_that_was_taken_back_on_one_phone_stays_back_on_all() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    let begins = ada.get::<DosingSession>(session).unwrap().content.at;
    let now = ada.now();
    ada.prepare(session, |it| {
        it.name_escort("Ida", None, None);
        it.confirm_ride(now, begins);
    })
    .unwrap();
    world.minutes_pass(1);
    tablet.prepare(session, |it| it.music = Some(true)).unwrap();
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    world.minutes_pass(1);
    ada.prepare(session, |it| it.name_escort("", None, None))
        .unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    for phone in [&ada, &tablet] {
        let said = phone.preparation(session).unwrap().unwrap();
        assert_eq!((&*said.escort_name, said.music), ("", Some(true)));
        assert_eq!(said.still_open(begins).first(), Some(&StillOpen::NoRide));
    }
}

#[test]
fn an_end_that_was_said_on_one_phone_is_the_end_on_another() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let tablet = ada.second_phone();
    world.minutes_pass(60);
    ada.mark_day(session, DayMark::Here).unwrap();
    world.minutes_pass(60);
    let over = ada.now();
    ada.mark_day(session, DayMark::Ended).unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let day = tablet.session_day().unwrap().unwrap().day;
    assert_eq!(day.ends.unix_ms, over.unix_ms);
}

#[test]
fn of_the_medicine_a_patient_sees_a_copy_of_what_was_shown_and_no_reading() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let patient = ada.record.unwrap();
    let space = clinic.patient(patient).unwrap().record.care_space;
    let mut record = MedicineRecord {
        about: session,
        care_space: space,
        ..MedicineRecord::examples().remove(0)
    };
    let (dose, reading) = (
        Canary::new("the-dose-as-agreed"),
        Canary::new("reading-is-calm"),
    );
    record.dose = "the-dose-as-agreed".to_owned();
    let (id, _) = record.vitals.iter().next().unwrap();
    record
        .vitals
        .update(id, |vitals| vitals.note = "reading-is-calm".to_owned());
    let record = clinic.create(patient, record).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(dose.found_in(&ada.plain_bytes()), None);

    for _ in 0..2 {
        let seen = &record.revision;
        clinic
            .show_medicine(patient, record.id, seen, "Dr Moss")
            .unwrap();
    }
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let shown = ada.all(Query::<MedicineShown>::about(session));
    assert_eq!(shown.len(), 1, "shown twice is shown once");
    assert_eq!(shown[0].content.dose, "the-dose-as-agreed");
    assert_eq!(reading.found_in(&ada.plain_bytes()), None);

    let stale = clinic.hide_medicine(patient, record.id, Seen::of("another dose"));
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    clinic
        .hide_medicine(patient, record.id, Seen::of(&shown[0].content))
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let hidden = &ada.all(Query::<MedicineShown>::about(session))[0].content;
    assert!(!hidden.is_shown() && hidden.dose.is_empty());
}

#[test]
fn music_that_was_taken_back_stays_back_on_all_phones() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    ada.prepare(session, |it| it.music_note = "Quiet piano.".into())
        .unwrap();
    world.minutes_pass(1);
    tablet
        .prepare(session, |it| it.eyeshades = Some(true))
        .unwrap();
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    world.minutes_pass(1);
    tablet.prepare(session, |it| it.music_note.clear()).unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    for phone in [&ada, &tablet] {
        let said = phone.preparation(session).unwrap().unwrap();
        assert_eq!((&*said.music_note, said.eyeshades), ("", Some(true)));
    }
}

#[test]
fn a_ride_that_is_not_confirmed_is_on_the_caseload_from_three_days_before() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let ready = Readiness::ready("Dr. Vega", clinic.now());
    clinic.create(patient, ready).unwrap();
    let begins = Moment::utc(clinic.now().unix_ms + 4 * 24 * 3_600_000);
    let session = DosingSession {
        therapist: "Maya".into(),
        ..DosingSession::new(1, begins)
    };
    let session = clinic.plan_session(patient, session).unwrap().id;
    let exchange = || {
        clinic.sync_cleanly();
        ada.sync_cleanly();
        clinic.sync_cleanly();
    };
    let soon = || clinic.caseload().unwrap()[0].soon.clone();
    exchange();
    assert_eq!(soon(), None, "it is four days away");
    world.days_pass(2);
    let open = soon().unwrap();
    assert_eq!(open.ride, Some(StillOpen::NoRide));
    assert_eq!(open.not_named, [NotNamed::MedicalProvider]);
    ada.prepare(session, |it| it.name_escort("Ida", None, None))
        .unwrap();
    exchange();
    assert_eq!(soon().unwrap().ride, Some(StillOpen::RideNotConfirmed));
    let now = ada.now();
    ada.prepare(session, |it| it.confirm_ride(now, begins))
        .unwrap();
    exchange();
    assert_eq!(soon().unwrap().ride, None);
    let present = clinic.get::<DosingSession>(patient, session).unwrap();
    let details = SessionDetails {
        medical_provider: "Dr. Vega".into(),
        ..SessionDetails::of(&present.content)
    };
    clinic
        .tell_session(patient, session, &present.revision, details, "Maya")
        .unwrap();
    let left = soon().unwrap();
    assert!(left.is_closed, "nobody wrote down what it costs");
    assert!(left.ride.is_none() && left.not_named.is_empty());
    let told = clinic.digest(patient, clinic.now()).unwrap();
    assert!(told.next_session.unwrap().not_named.is_empty());
}

#[test]
fn who_has_no_programme_is_named_on_the_caseload_until_one_begins() {
    let (_, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    assert!(clinic.caseload().unwrap()[0].has_no_programme);
    clinic.begin_programme(patient, "Maya").unwrap();
    assert!(!clinic.caseload().unwrap()[0].has_no_programme);
}
