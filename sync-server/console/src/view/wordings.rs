//! All that stands in two wordings in a patient's record, or in what the clinic keeps for itself. What has a page
//! of its own is chosen there; the rest here.

use companion_core::clinic::PatientView;
use companion_core::domain::DocumentId;
use companion_core::records::InTwoWordings;
use maud::{Markup, html};

use crate::view::apart;
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::patient::banner;
use crate::view::sentence::capital;
use crate::view::time;

/// One of them.
#[derive(Clone, Debug)]
pub struct Doubled {
    /// What it is, and what it says in each place.
    pub which: InTwoWordings,
    /// Its own page, where it has one.
    pub page: Option<String>,
}

/// The page of all of a patient's, or of the clinic's own.
pub fn address(patient: Option<DocumentId>) -> String {
    match patient {
        Some(patient) => format!("/patients/{patient}/wordings"),
        None => "/wordings".to_owned(),
    }
}

/// Where the choice between the wordings of something is sent.
pub fn place(patient: Option<DocumentId>, id: DocumentId) -> String {
    format!("{}/{id}", address(patient))
}

/// The line on another page that leads here; nothing where there is only one wording of everything.
pub fn line(patient: Option<DocumentId>, number: usize) -> Markup {
    html! {
        @if number > 0 {
            p class="signs" {
                a class="badge act" href=(address(patient)) {
                    span aria-hidden="true" { "≠ " }
                    (time::count(number as u64, "thing stands", "things stand")) " in two wordings"
                }
            }
        }
    }
}

/// The page.
pub fn page(frame: &Frame, patient: Option<&PatientView>, all: &[Doubled]) -> Markup {
    layout::page(
        frame,
        "In two wordings",
        NavItem::Caseload,
        None,
        &html! {
            @if let Some(patient) = patient { (banner(frame, patient, false)) }
            section class="card" {
                h1 { "In two wordings" }
                p { "Two people wrote these in two places that did not know of each other. Nothing is lost, and nothing is chosen by itself." }
                @if all.is_empty() { p { (if frame.sight.is_partial() { "Nothing that is shown to your role stands in two wordings now." } else { "Nothing stands in two wordings now." }) } }
            }
            @for one in all { (doubled(frame, patient.map(|patient| patient.id), one)) }
        },
    )
}

fn doubled(frame: &Frame, patient: Option<DocumentId>, one: &Doubled) -> Markup {
    let what = capital(&one.which.kind.as_str().replace('_', " "));
    html! {
        section class="card" aria-label=(what) {
            h2 { (what) }
            @match &one.page {
                Some(page) => {
                    p {
                        a href=(page) { "Open it" span class="visually-hidden" { ": " (what) } }
                        @if one.which.is_ours_to_choose { " to choose." }
                        @else { " to read both. Only the patient can choose, on their phone." }
                    }
                }
                None => (apart::draw_one(frame, &one.which, &place(patient, one.which.id))),
            }
        }
    }
}
