//! What a patient takes, and who of the clinic went through it; and which groups of medicines the literature
//! names. Nothing here says what goes with what.

use companion_core::clinic::Medicines;
use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::medicine_groups::MEDICINE_GROUPS;
use companion_core::domain::{MedicationList, Revision};
use maud::{Markup, html};

use crate::view::form;
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::time;

/// The list.
pub fn draw(frame: &Frame, list: &MedicationList) -> Markup {
    let stopped = || {
        let items = list.items.iter().map(|(_, item)| item);
        items.filter_map(|item| Some((item, item.stopped_at?)))
    };
    html! {
        section class="part" aria-labelledby="taken" {
            h2 id="taken" { "Taken now" }
            @if list.taken().next().is_none() { p class="quiet" { "Nothing." } }
            @else { ul class="plainly" { @for one in list.taken() { li { (medication(one)) } } } }
        }
        @if stopped().next().is_some() {
            section class="part" aria-labelledby="stopped" {
                h2 id="stopped" { "Stopped" }
                ul class="plainly" {
                    @for (one, at) in stopped() { li { (medication(one)) span class="quiet" { " · stopped " (time::at(at, frame.now)) } } }
                }
            }
        }
        (groups())
    }
}

/// What the literature names, for whoever goes through the list.
fn groups() -> Markup {
    html! {
        details class="part" {
            summary { "Groups of medicines to talk about" }
            p class="hint" { "What was written about them together with ketamine. The list above is not searched for them: what is not named here is not thereby safe. What to do is for whoever prescribes to say." }
            ul class="plainly" {
                @for group in MEDICINE_GROUPS {
                    li { strong { (group.name) } ". " (group.why) " " cite class="quiet" { "(" (group.source.cited) ")" } }
                }
            }
        }
    }
}

fn medication(one: &Medication) -> Markup {
    html! {
        strong dir="auto" { (one.name) }
        @if one.sort == MedicationSort::Supplement { span class="quiet" { " · supplement" } }
        @if !one.what_for.is_empty() { span class="quiet" { " · for " span dir="auto" { (one.what_for) } } }
    }
}

/// Who went through this version, or the form to say so.
pub fn review(frame: &Frame, medicines: &Medicines, revision: &Revision, address: &str) -> Markup {
    html! {
        div class="part" {
            @if let Some(review) = &medicines.reviewed {
                p { span aria-hidden="true" { "✓ " } strong { "Reviewed by " (name(&review.by)) } " "
                    (time::at(review.at, frame.now)) ". The patient sees this. A change of the list asks again." }
            } @else {
                @match &medicines.reviewed_before {
                    Some(review) => p { span aria-hidden="true" { "↻ " } "Changed since " (name(&review.by)) " reviewed it "
                        (time::at(review.at, frame.now)) "." },
                    None => p { span aria-hidden="true" { "◇ " } "Nobody of the clinic has reviewed it." },
                }
                form method="post" action=(format!("{address}/medicines-reviewed")) {
                    (form::once(frame))
                    (form::revision(revision))
                    button class="primary" type="submit" { "I reviewed these medicines" }
                }
                p class="hint" { "The patient sees your name and the time. It says that the list was read, and nothing about what is in it." }
            }
        }
    }
}
