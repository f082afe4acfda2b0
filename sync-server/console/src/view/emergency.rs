//! Opening the whole record of a patient in an emergency: what a person's role does not show, for an hour, with a
//! reason that stays.

use companion_core::clinic::PatientView;
use companion_core::domain::DocumentId;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::message::Way;
use crate::view::patient::banner;
use crate::view::sentence::capital;

/// The form's address.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/emergency")
}

/// The link to it.
pub fn way(patient: DocumentId) -> Way {
    Way {
        to: address(patient),
        words: "Open the record in an emergency",
    }
}

/// What is said on a patient's page to whoever is not shown all of it, or reads all of it in an emergency alone.
pub fn partial(frame: &Frame, patient: DocumentId) -> Markup {
    let way = way(patient);
    html! {
        @if !frame.sight.in_emergency.is_empty() {
            div class="notice calm" {
                p { "You read this record in an emergency: your role does not show all of it." }
                form class="inline" method="post" action=(format!("{}/end", address(patient))) {
                    button type="submit" { "End the emergency now" }
                }
            }
        }
        @if frame.sight.is_partial() {
            p class="notice calm" { (capital(frame.sight.role.label())) ": parts of the record are left out, because the clinic does not show them to this role. "
                a href=(way.to) { (way.words) } }
        }
    }
}

/// The form.
pub fn page(frame: &Frame, patient: &PatientView, form: &Form) -> Markup {
    let place = address(patient.id);
    layout::page(
        frame,
        &format!("Emergency · {}", patient.record.name),
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            section class="card narrow" {
                h1 { "Open the record in an emergency" }
                p { "For one hour, or until you end it, you can read everything that " (patient.record.name) " shared. You can change what your role lets you change, and nothing else." }
                p { "Your name, the time and your reason are written down. The clinic’s lead reads them, and they can’t be removed." }
                p { (patient.record.name) " reads your name, from when until when, and what you looked at. Your reason stays with the clinic." }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    (form::line(Line { name: "emergency_reason", label: "Why", hint: "What the emergency is, in a few words.", required: true, ..Line::default() }, &form.field("emergency_reason")))
                    (form::keeping(form.is_kept()))
                    button class="danger" type="submit" { "Open for one hour" }
                }
                (form::discard(&place, form.is_kept()))
            }
        },
    )
}
