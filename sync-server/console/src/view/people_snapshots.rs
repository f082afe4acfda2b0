//! Pages of people and roles, and what is left of a page for whoever is not shown all of it.

#![allow(clippy::unwrap_used)]

use companion_core::domain::RecordSection;

use super::frame::{Frame, Sight};
use super::people::{self, People};
use super::snapshots::readable;
use super::{emergency, examples, patient};
use crate::accounts::{Area, ClinicianId, Emergency, Person, Right, Rights, Role};

/// For a role as it usually is.
fn frame_of(role: Role) -> Frame {
    Frame {
        sight: Sight {
            emergency: None,
            in_emergency: Vec::new(),
            role,
            rights: Rights::usual(role),
            area: None,
        },
        ..examples::frame()
    }
}

fn person(id: i64, name: &str, role: Role) -> Person {
    Person {
        id: ClinicianId::of(id),
        name: name.to_owned(),
        role,
        ended_ms: (role == Role::Coordinator)
            .then(|| examples::moment("2026-11-20T09:00:00+01:00").unix_ms),
    }
}

#[test]
fn people_with_their_roles_and_what_each_may_do() {
    let page = people::page(
        &examples::frame(),
        &People {
            people: vec![
                person(1, "Maya <Lindqvist>", Role::Lead),
                person(2, "Noor Haddad", Role::Therapist),
                person(3, "Sam Ortiz", Role::Coordinator),
            ],
            roles: Role::ALL
                .into_iter()
                .map(|role| (role, Rights::usual(role)))
                .collect(),
            emergencies: [
                ("2026-11-23T18:00:00+01:00", true),
                ("2026-11-20T18:00:00+01:00", false),
            ]
            .map(|(at, is_running)| {
                let at_ms = examples::moment(at).unix_ms;
                let emergency = Emergency {
                    id: 7,
                    at_ms,
                    patient: "0b".repeat(16),
                    clinician: ClinicianId::of(3),
                    by: "Sam Ortiz".to_owned(),
                    reason: "Ada <called> from the bridge.".to_owned(),
                    is_running,
                    ended: (!is_running).then(|| (at_ms + 600_000, "Maya Lindqvist".to_owned())),
                };
                (emergency, "Ada Okafor".to_owned())
            })
            .to_vec(),
        },
    );
    insta::assert_snapshot!("people", readable(&page));
}

#[test]
fn a_patients_page_for_a_coordinator_and_the_form_of_an_emergency() {
    let frame = frame_of(Role::Coordinator);
    let page = patient::page(&frame, &examples::patient(), &patient::Forms::default());
    insta::assert_snapshot!("patient_for_a_coordinator", readable(&page));
    let view = examples::patient().patient;
    let form = emergency::page(&frame, &view, &super::form::Form::default());
    insta::assert_snapshot!("emergency", readable(&form));
    let mut frame = examples::frame();
    frame.sight.in_emergency = vec![RecordSection::Journal];
    insta::assert_snapshot!(
        "in_an_emergency",
        readable(&emergency::partial(&frame, view.id))
    );
}

#[test]
fn a_part_is_left_out_locked_or_open_by_the_right_to_it() {
    let draw = |right: Right| {
        let area = Area::Section(RecordSection::Costs);
        let mut frame = examples::frame();
        frame.sight.rights = [(area, right)].into_iter().collect();
        frame
            .part(area, || maud::html! { button { "Add" } })
            .into_string()
    };
    assert_eq!(draw(Right::None), "");
    assert_eq!(
        draw(Right::Read),
        "<fieldset class=\"read-only\" disabled><button>Add</button></fieldset>"
    );
    assert_eq!(draw(Right::Change), "<button>Add</button>");
}
