//! Who is there for a session: nobody needs to be named to book one, and both the therapist and the medical provider
//! before a clinician writes down a reading of it, or that it was held.

use companion_core::domain::medicine_record::Vitals;
use companion_core::domain::near_session::NotNamed;
use companion_core::domain::session_details::SessionDetails;
use companion_core::domain::{DosingSession, Readiness};
use companion_core::records::View;
use companion_core::{CoreError, Result};
use companion_tests::attended;

use super::booking::{clinic_and_ada, in_days};

const BY: &str = "Dr Moss";
const BOTH: [NotNamed; 2] = [NotNamed::Therapist, NotNamed::MedicalProvider];

fn missing<T: std::fmt::Debug>(refused: Result<T>) -> Vec<NotNamed> {
    match refused {
        Err(CoreError::NamesMissing(why)) => why.missing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_is_booked_without_names_and_no_reading_is_logged_before_both_are_there() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic
        .create(patient, Readiness::ready(BY, clinic.now()))
        .unwrap();
    let booked = clinic
        .plan_session(patient, DosingSession::new(1, in_days(&world, 1)))
        .unwrap();
    world.days_pass(1);
    let reading = || Vitals {
        dissociation: Some(0),
        ..Vitals::new(clinic.now())
    };
    let log = || clinic.add_reading(patient, booked.id, reading(), BY);
    let tell = |seen: &View<DosingSession>, therapist: &str, provider: &str| {
        let details = SessionDetails {
            therapist: therapist.into(),
            medical_provider: provider.into(),
            ..SessionDetails::of(&seen.content)
        };
        clinic.tell_session(patient, booked.id, &seen.revision, details, "Maya")
    };
    assert_eq!(missing(log()), BOTH);
    assert_eq!(clinic.medicine(patient, booked.id).unwrap(), None);
    let half = tell(&booked, "Maya", " ").unwrap();
    assert_eq!(missing(log()), [NotNamed::MedicalProvider]);
    let named = tell(&half, "Maya", "Dr. Vega").unwrap();
    let record = log().unwrap().content;
    assert_eq!(record.by_time()[0].dissociation, Some(0));
    // With a reading, another may be named in the place of either, and nobody is not enough.
    assert_eq!(missing(tell(&named, "", "Dr. Vega")), [NotNamed::Therapist]);
    let other = tell(&named, "Jo", "Dr. Vega").unwrap();
    assert_eq!(other.content.therapist, "Jo");
}

#[test]
fn a_session_that_was_held_names_both_however_it_is_said() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic
        .create(patient, Readiness::ready(BY, clinic.now()))
        .unwrap();
    let (past, ahead) = (in_days(&world, -7), in_days(&world, 1));
    let held = DosingSession::new(1, past);
    assert_eq!(missing(clinic.plan_session(patient, held.clone())), BOTH);
    assert!(clinic.sessions(patient).unwrap().is_empty());
    let held = clinic.plan_session(patient, attended(held)).unwrap();
    let nobody = SessionDetails {
        medical_provider: String::new(),
        ..SessionDetails::of(&held.content)
    };
    let told = clinic.tell_session(patient, held.id, &held.revision, nobody, "Maya");
    assert_eq!(missing(told), [NotNamed::MedicalProvider]);

    let booked = clinic
        .plan_session(patient, DosingSession::new(2, ahead))
        .unwrap();
    let past = in_days(&world, -3);
    let why = "It was held three days ago.";
    let corrected = clinic.correct_session(patient, booked.id, &booked.revision, past, why, BY);
    assert_eq!(missing(corrected), BOTH);

    // One that was called off and is put back once it should have begun was held.
    let off = clinic
        .call_off_session(patient, booked.id, &booked.revision, "Snow.", BY)
        .unwrap();
    world.days_pass(2);
    let back = || clinic.put_back_session(patient, booked.id, &off.revision, BY);
    assert_eq!(missing(back()), BOTH);
    let seen: View<DosingSession> = clinic.get(patient, booked.id).unwrap();
    assert!(!seen.content.takes_place(), "nothing was done");
}
