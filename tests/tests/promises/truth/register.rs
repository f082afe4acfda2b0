//! The register of patients: put right, archived, merged, and no stray entries.

use std::sync::Barrier;

use companion_core::clinic::{Correction, InviteState, NewPatient, SameName};
use companion_core::domain::Phase;
use companion_core::{CoreError, NotNow};
use companion_tests::World;

fn named(name: &str) -> NewPatient {
    NewPatient {
        name: name.to_owned(),
        ..NewPatient::default()
    }
}

#[test]
fn a_second_patient_of_the_same_name_is_asked_about_however_it_is_spelled() {
    let world = World::in_memory(1);
    let clinic = world.clinic("Riverbank");
    let zoe = clinic.register(named("Zoé  Ames")).unwrap();
    for spelling in [
        "zoe\u{301} ames",
        "ZOÉ AMES",
        " Zoé\u{200B} Ames",
        "\u{202E}Zoé Ames",
    ] {
        let again = clinic.register(named(spelling));
        assert!(
            matches!(again, Err(CoreError::SameName { patient }) if patient == zoe),
            "{spelling}"
        );
        assert!(clinic.invite_patient(named(spelling)).is_err());
    }
    assert_eq!(clinic.caseload().unwrap().len(), 1);
    let another = NewPatient {
        same_name: SameName::IsAnother,
        ..named("Zoé Ames")
    };
    clinic.register(another).unwrap();
    assert_eq!(clinic.caseload().unwrap().len(), 2);
}

#[test]
fn two_presses_at_once_make_one_patient() {
    let world = World::in_memory(2);
    let clinic = world.clinic("Riverbank");
    let together = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                together.wait();
                let _ = clinic.register(named("Ada"));
            });
        }
    });
    assert_eq!(clinic.caseload().unwrap().len(), 1);
}

#[test]
fn a_name_initials_and_pronouns_can_be_corrected() {
    let world = World::in_memory(3);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.register(named("Adda")).unwrap();
    clinic.register(named("Ben")).unwrap();
    let correct = |name: &str| Correction {
        name: name.to_owned(),
        initials: "A".to_owned(),
        pronouns: "she/her".to_owned(),
        same_name: SameName::Ask,
    };
    clinic
        .correct_patient(ada, clinic.entry_of(ada), correct("\u{202E}Ada"))
        .unwrap();
    let record = clinic.patient(ada).unwrap().record;
    assert_eq!(
        (&*record.name, &*record.initials, &*record.pronouns),
        ("Ada", "A", "she/her")
    );
    // Only another's name is asked about, not one's own.
    clinic
        .correct_patient(ada, clinic.entry_of(ada), correct("ADA"))
        .unwrap();
    assert!(matches!(
        clinic.correct_patient(ada, clinic.entry_of(ada), correct("ben")),
        Err(CoreError::SameName { .. })
    ));
    let nameless = clinic.correct_patient(ada, clinic.entry_of(ada), correct("\u{200B}"));
    assert!(matches!(nameless, Err(CoreError::Invalid(_))));
}

#[test]
fn an_archived_patient_is_put_away_until_they_write_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Dr Moss").unwrap();
    clinic
        .archive_patient(patient, clinic.to_archive(patient).unwrap(), "Dr Moss")
        .unwrap();
    let row = || clinic.caseload().unwrap().remove(0);
    assert_eq!(row().phase, Phase::Closed);
    assert!(row().is_put_away());
    ada.write("I am back.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(!row().is_put_away(), "new words surface");
    clinic
        .bring_back_patient(patient, clinic.entry_of(patient))
        .unwrap();
    assert!(row().record.archived_at.is_none());
    assert!(!row().is_put_away());
}

#[test]
fn an_entry_made_twice_is_merged_and_words_to_either_surface() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let twice = NewPatient {
        same_name: SameName::IsAnother,
        ..named("Ada")
    };
    let twice = clinic.invite_patient(twice).unwrap();
    let patient = ada.record.unwrap();
    clinic
        .merge_patients(patient, twice.patient, clinic.entry_of(twice.patient))
        .unwrap();
    let row = |of| {
        let rows = clinic.caseload().unwrap();
        rows.into_iter().find(|row| row.patient == of).unwrap()
    };
    assert_eq!(row(twice.patient).record.merged_into, Some(patient));
    assert!(row(twice.patient).is_put_away());
    assert!(!row(patient).is_put_away());
    assert_eq!(clinic.merged_into(patient).unwrap(), [twice.patient]);
    // A phone that still comes by the other entry's link is not overlooked.
    let mut second = world.phone("Ada's tablet");
    second.record = Some(twice.patient);
    second.pair(&twice.link).unwrap();
    clinic.sync().unwrap();
    assert!(!row(twice.patient).is_put_away());
    clinic.confirm(twice.patient).unwrap();
    assert!(row(twice.patient).is_put_away());
    second.write("To the other entry.");
    second.sync().unwrap();
    clinic.sync().unwrap();
    assert!(!row(twice.patient).is_put_away());
    assert_eq!(row(twice.patient).new, 1);
    // Neither into itself nor around in a circle.
    for (into, from) in [(patient, patient), (twice.patient, patient)] {
        assert!(matches!(
            clinic.merge_patients(into, from, clinic.entry_of(from)),
            Err(CoreError::NotNow(NotNow::MergedAlready))
        ));
    }
    clinic
        .bring_back_patient(twice.patient, clinic.entry_of(twice.patient))
        .unwrap();
    assert!(row(twice.patient).record.merged_into.is_none());
}

#[test]
fn a_patient_registered_without_the_server_is_registered_and_not_invited() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    world.server().stop();
    assert!(clinic.invite_patient(named("Ada")).is_err());
    let row = clinic.caseload().unwrap().remove(0);
    assert_eq!(row.invite, InviteState::Registered);
    world.server().start();
    clinic.reinvite(row.patient).unwrap();
    assert!(matches!(
        clinic.invite_state(row.patient).unwrap(),
        InviteState::Waiting { .. }
    ));
    // Once it ran out, it is over, and not as if it had never been.
    world.days_pass(2);
    clinic.sync().unwrap();
    assert_eq!(
        clinic.invite_state(row.patient).unwrap(),
        InviteState::NotInvited
    );
}

#[test]
fn after_words_that_differed_the_register_says_that_the_phone_was_removed() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let stranger = world.phone("A stranger's");
    stranger.pair(&invitation.link).unwrap();
    clinic.sync().unwrap();
    clinic.refuse(invitation.patient).unwrap();
    let state = || clinic.invite_state(invitation.patient).unwrap();
    assert_eq!(state(), InviteState::Refused { at: world.now() });
    assert!(clinic.invitation(invitation.patient).unwrap().is_none());
    let other = world.phone("Another stranger's");
    assert!(other.pair(&invitation.link).is_err(), "the link is dead");
    world.minutes_pass(5);
    clinic.reinvite(invitation.patient).unwrap();
    assert!(matches!(state(), InviteState::Waiting { .. }));
    world.days_pass(2);
    clinic.sync().unwrap();
    assert_eq!(
        state(),
        InviteState::NotInvited,
        "that of the later invitation"
    );
}
