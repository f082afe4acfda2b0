//! The care team on a patient's page: who is on it, and the forms that add and remove people.

use companion_core::domain::programme::{TeamMember, TeamRole};
use companion_core::domain::{DocumentId, ItemId, Programme};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::releases;

/// Where somebody is added.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/team")
}

/// What somebody does, as the page calls it. A part that a newer version wrote is shown as its word.
pub fn part(role: &TeamRole) -> String {
    match role.as_str() {
        "therapist" => "therapist".to_owned(),
        "medical_provider" => "medical provider".to_owned(),
        "outside_therapist" => "therapist outside the clinic".to_owned(),
        "outside_psychiatrist" => "psychiatrist outside the clinic".to_owned(),
        other => other.replace('_', " "),
    }
}

/// The people, and the forms.
pub fn team(frame: &Frame, patient: DocumentId, programme: &Programme, typed: &Form) -> Markup {
    let place = address(patient);
    let parts: Vec<(&str, String)> = TeamRole::KNOWN
        .into_iter()
        .map(|word| (word, part(&TeamRole::from(word.to_owned()))))
        .collect();
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(word, label)| (*word, label.as_str()))
        .collect();
    html! {
        details open[typed.is_waiting()] {
            summary { "Care team: " (names(programme)) }
            p class="quiet" { "The patient reads these names. A name gives nobody access." }
            p { a href=(releases::address(patient)) { "Releases to providers outside, and what was sent" } }
            ul class="plainly" {
                @for (id, member) in programme.team.iter() { (one(patient, id, member)) }
            }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::line(Line { name: "team_name", label: "Name", hint: "As the patient knows it.", required: true, ..Line::default() }, &typed.field("team_name")))
                (form::choice("team_role", "Part", &parts, &typed.field("team_role")))
                (form::keeping(typed.is_kept()))
                button type="submit" { "Add to the care team" }
            }
            (form::discard(&place, typed.is_kept()))
        }
    }
}

fn names(programme: &Programme) -> Markup {
    html! {
        @for (at, (_, member)) in programme.team.iter().enumerate() {
            @if at > 0 { ", " }
            (name(&member.name))
        }
    }
}

fn one(patient: DocumentId, id: ItemId, member: &TeamMember) -> Markup {
    html! {
        li {
            (name(&member.name)) ", " (part(&member.role))
            form class="inline" method="post" action=(format!("{}/{id}/remove", address(patient))) {
                (form::seen(member))
                button type="submit" class="quietly" { "Remove" span class="visually-hidden" { " " (member.name) " from the care team" } }
            }
        }
    }
}
