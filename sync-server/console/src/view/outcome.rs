//! What an assessment came to: what was said of it, and the form to say it.

use companion_core::clinic::PatientView;
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::{Readiness, RecordSection, Screening};
use companion_core::records::{Seen, View};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::screening;
use crate::view::time;

/// Nothing is chosen beforehand: no outcome is recorded by pressing a button unread.
const NOT_CHOSEN: (&str, &str) = ("", "Choose …");
const APPROPRIATE: [(&str, &str); 3] = [
    NOT_CHOSEN,
    (Appropriate::Yes.as_str(), "Yes"),
    (Appropriate::No.as_str(), "No"),
];
const TIMING: [(&str, &str); 3] = [
    NOT_CHOSEN,
    (Timing::Now.as_str(), "Yes"),
    (Timing::Later.as_str(), "Not for now"),
];

/// One line: the outcome with who gave it, or that there is none.
pub fn said(frame: &Frame, readiness: Option<&Readiness>) -> Markup {
    html! {
        @match readiness {
            None => "No outcome yet: preparation, sessions and integration wait for it.",
            Some(one) => {
                strong { (one.outcome().label()) } ", said by " (name(&one.by)) " "
                span class="quiet" { (time::when(one.at, frame.now)) }
                @if let Some(day) = one.revisit_on { "; to be looked at again on " (time::date(day.to_chrono())) }
            }
        }
    }
}

/// The page with the form, about the outcome that counts and the programme as it stands: `appropriate`, `timing`, `explanation`, `orientation` (one on each line) and
/// `revisit_on`.
pub fn page(
    frame: &Frame,
    patient: &PatientView,
    (stands, programme): (Option<&View<Readiness>>, Option<Seen>),
    list: Option<&Screening>,
    form: &Form,
) -> Markup {
    let place = format!("/patients/{}/outcome", patient.id);
    let has_ended = patient.programme_has_ended();
    layout::page(
        frame,
        "Outcome of the assessment",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            section class="card narrow" {
                h1 { "Outcome of the assessment" }
                p { (said(frame, stands.map(|view| &view.content))) }
                @if frame.shows(RecordSection::Medicines) {
                    p { "Screening: " (screening::said(list)) " " a href=(screening::address(patient.id)) { "Open the screening" } }
                } @else { p class="quiet" { "The screening is not shown to your role." } }
                @if has_ended {
                    p { strong { span aria-hidden="true" { "! " } "The programme has ended, and no outcome is recorded any more." } " "
                        a href=(format!("/patients/{}", patient.id)) { "Begin another programme, or go on with this one" } }
                }
                // What somebody typed already stays before them.
                @if !has_ended || form.is_waiting() {
                p { "Two questions, each by itself. Yes to both is “ready”, yes to the first alone is "
                    "“not yet”, and anything else is “not a fit”. The patient reads the outcome and what you write." }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    @if let Some(view) = stands { (form::revision(&view.revision)) }
                    @if let Some(programme) = programme { (form::seen_as(programme)) }
                    (form::choice("appropriate", "Is it clinically appropriate?", &APPROPRIATE, &form.field("appropriate")))
                    (form::choice("timing", "Is this the right time in their life?", &TIMING, &form.field("timing")))
                    (form::optional_text("explanation", "What it means, for the patient", "Needed unless the outcome is “ready”.", &form.field("explanation")))
                    (form::optional_text("orientation", "What would be useful now", "Referrals and resources, one on each line.", &form.field("orientation")))
                    (form::line(Line { name: "revisit_on", label: "Look at it again on", hint: "Needed for “not yet”.", kind: "date", ..Line::default() }, &form.field("revisit_on")))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Record the outcome" }
                }
                (form::discard(&place, form.is_kept()))
                }
            }
        },
    )
}
