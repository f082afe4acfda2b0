//! The day of a dosing session, end to end: what is written in its quiet hours is the patient's own until
//! the next day, and of the medicine they see what a clinician chose to show.

use companion_core::domain::session_day::{Offer, SessionStage};
use companion_core::domain::{
    CheckIn, Content as _, DocumentId, DosingSession, Entry, MedicineRecord, MedicineShown, Moment,
    Rating, SessionPreparation, Visibility,
};
use companion_core::records::Query;
use companion_core::{CoreError, NotNow};
use companion_tests::{Canary, Node, Phone, World};

use crate::clinic_and_ada;

/// A session that begins in an hour, known on the phone.
fn with_session(world: &World, clinic: &Node, ada: &Phone) -> DocumentId {
    let mut at = world.now();
    at.unix_ms += 60 * 60 * 1000;
    let patient = ada.record.unwrap();
    let session = clinic.plan_session(patient, DosingSession::new(1, at));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    session.unwrap().id
}

fn written(now: Moment, body: &str, visibility: Visibility) -> Entry {
    Entry {
        body: body.to_owned(),
        visibility,
        ..Entry::new(now)
    }
}

fn is_quiet<T: std::fmt::Debug>(refused: &companion_core::Result<T>) -> bool {
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
    // A check-in is no diary: it can be shared as ever.
    let felt = CheckIn {
        visibility: Visibility::CareTeam,
        ..CheckIn::new(Rating::MIDDLE, ada.now())
    };
    assert!(ada.create(felt).unwrap().shared);
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
fn an_end_that_was_said_on_one_phone_is_the_end_on_another() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let tablet = ada.second_phone();
    world.minutes_pass(60);
    let preparation = SessionPreparation {
        here_at: Some(ada.now()),
        ..SessionPreparation::new(session, ada.now())
    };
    let preparation = ada.create(preparation).unwrap();
    world.minutes_pass(60);
    let over = ada.now();
    ada.edit::<SessionPreparation>(preparation.id, &preparation.revision, |it| {
        it.ended_at = Some(over);
    })
    .unwrap();
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

    clinic.show_medicine(patient, record.id, "Dr Moss").unwrap();
    clinic.show_medicine(patient, record.id, "Dr Moss").unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let shown = ada.all(Query::<MedicineShown>::about(session));
    assert_eq!(shown.len(), 1, "shown twice is shown once");
    assert_eq!(shown[0].content.dose, "the-dose-as-agreed");
    assert_eq!(reading.found_in(&ada.plain_bytes()), None);

    clinic.hide_medicine(patient, record.id).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let hidden = &ada.all(Query::<MedicineShown>::about(session))[0].content;
    assert!(!hidden.is_shown() && hidden.dose.is_empty());
}
