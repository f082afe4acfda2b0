//! The page from which a patient's record is taken out as a file.

use companion_core::clinic::PatientView;
use companion_core::domain::{DocumentId, RecordSections};
use maud::{Markup, html};

use crate::csv::Table;
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::patient::banner;

/// The word of the bundle in addresses.
pub const BUNDLE: &str = "fhir";

/// What the reader may take out.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Whose record.
    pub patient: PatientView,
    /// The sections that a bundle has.
    pub bundle: RecordSections,
    /// The tables.
    pub tables: Vec<Table>,
    /// Whether the clinic is a program under 42 CFR Part 2.
    pub part_2: bool,
}

/// Where a patient's record is taken out.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/export")
}

/// The page.
pub fn page(frame: &Frame, leaving: &Leaving) -> Markup {
    let place = address(leaving.patient.id);
    layout::page(
        frame,
        "Take out a record",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, &leaving.patient, false))
            section class="card" {
                h1 { "Take out this record" }
                p { "A file is readable by whoever has it. Keep it where only those can read it who may, and delete it once it has arrived. "
                    "Each file that is taken out is written down with your name, and the patient reads on their phone that you looked at these sections." }
                p { "To tell somebody outside, use the patient’s release instead: it says to whom, why and until when." }
                @if leaving.part_2 {
                    p { strong { "This clinic is a program under 42 CFR Part 2." } " Send this notice with the file: “" (companion_core::PART_2_NOTICE) "”" }
                }
                @if leaving.bundle.is_empty() { p { "Nothing of this record that can be taken out is shown to your role." } }
            }
            @if !leaving.bundle.is_empty() {
                section class="card" aria-labelledby="fhir" {
                    h2 id="fhir" { "For another system" }
                    p { "A FHIR R4 bundle with: " (leaving.bundle.in_words()) ". What the patient took back is named in it as taken back, without its words. "
                        "Recordings and pictures are named and not contained." }
                    (button(&format!("{place}/{BUNDLE}"), "FHIR bundle"))
                }
            }
            @if !leaving.tables.is_empty() {
                section class="card" aria-labelledby="tables" {
                    h2 id="tables" { "For a spreadsheet" }
                    p { "Comma-separated values. A cell that a spreadsheet would take for a formula has an apostrophe before it." }
                    ul class="plainly" {
                        @for table in &leaving.tables {
                            li { (button(&format!("{place}/{}", table.as_str()), table.label())) }
                        }
                    }
                }
            }
        },
    )
}

fn button(place: &str, what: &str) -> Markup {
    html! {
        form class="inline" method="post" action=(place) {
            button type="submit" { "Take out: " (what) }
        }
    }
}
