//! The programme as one line, for its patient and for the clinic.

use companion_core::domain::guide::{Language, Pack};
use companion_core::domain::programme::Standing;
use companion_core::domain::timeline::{Step, Task, What};
use companion_core::domain::{Commitment, DosingSession, Readiness, Visibility};
use companion_tests::Phone;

use crate::clinic_and_ada;

fn tasks(line: &[Step]) -> Vec<Task> {
    let due = line.iter().filter_map(|step| match &step.what {
        What::Due(task) => Some(task.clone()),
        _ => None,
    });
    due.collect()
}

fn asked(phone: &Phone) -> Vec<Task> {
    let pack = Pack::ketamine().unwrap();
    tasks(&phone.timeline(&pack, &Language::english()).unwrap())
}

#[test]
fn one_line_asks_for_nothing_in_the_quiet_hours_nor_in_a_pause() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let exchange = || {
        clinic.sync_cleanly();
        ada.sync_cleanly();
    };
    clinic.begin_programme(patient, "Dr Moss").unwrap();
    let ready = Readiness::ready("Dr Moss", clinic.now());
    clinic.create(patient, ready).unwrap();
    let mut at = world.now();
    at.unix_ms += 60 * 60 * 1000;
    clinic
        .plan_session(patient, DosingSession::new(1, at))
        .unwrap();
    exchange();
    assert!(
        asked(&ada).contains(&Task::Questionnaires),
        "{:?}",
        asked(&ada)
    );
    world.minutes_pass(60 + 150 + 30);
    assert_eq!(asked(&ada), []);
    world.days_pass(2);
    assert_ne!(asked(&ada), []);
    let pause = |standing| {
        let said = clinic.set_standing(
            patient,
            clinic.standing_seen(patient).unwrap(),
            standing,
            "Away.",
            "Dr Moss",
        );
        said.unwrap();
        exchange();
    };
    pause(Standing::Paused);
    assert_eq!(asked(&ada), []);
    pause(Standing::Running);
    assert_ne!(asked(&ada), []);
}

#[test]
fn of_what_a_patient_wants_to_do_the_clinics_line_has_what_was_shared_and_is_open() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let wants = |text: &str, visibility| {
        let commitment = Commitment {
            review_on: ada.now().local_date(),
            visibility,
            ..Commitment::new(text, ada.now())
        };
        ada.create(commitment).unwrap()
    };
    wants("Call my brother.", Visibility::OnlyMe);
    let lake = wants("Walk to the lake.", Visibility::CareTeam);
    let exchange = || {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    };
    exchange();
    let text = "Walk to the lake.".to_owned();
    let line = || tasks(&clinic.timeline(patient).unwrap());
    assert_eq!(line(), [Task::Commitment { text }]);
    ada.edit::<Commitment>(lake.id, &lake.revision, |lake| {
        lake.became = Some(companion_core::domain::commitment::Became::Partly);
    })
    .unwrap();
    exchange();
    assert_eq!(line(), []);
}
