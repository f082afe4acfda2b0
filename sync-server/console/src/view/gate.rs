//! What is missing before a session may take place, in words, with the page on which to do it: for whoever is shown
//! what it is read from.

use companion_core::domain::programme::Gate;
use companion_core::domain::{DocumentId, RecordSection};
use maud::{Markup, html};

use crate::accounts::Rights;
use crate::view::costs;
use crate::view::frame::Frame;
use crate::view::message::Way;
use crate::view::sentence::sentence;

/// Whether somebody is told of a gate. That costs are what is missing also says what the assessment came to.
fn is_told(gate: Gate, rights: &Rights) -> bool {
    rights.shows(RecordSection::Assessment)
        && (gate.is_outcome() || rights.shows(RecordSection::Costs))
}

/// What is missing, for whoever is refused because of it.
pub fn why(gate: Gate, rights: &Rights) -> String {
    if is_told(gate, rights) {
        return gate.to_string();
    }
    "something has to be done first, and not all that this waits for is shown to your role: ask somebody who is shown \
     the assessment and the costs"
        .to_owned()
}

/// The page on which to do what a gate waits for.
pub fn way(patient: DocumentId, gate: Gate, rights: &Rights) -> Way {
    if gate == Gate::UnreadableOutcome || !is_told(gate, rights) {
        // Nothing that is recorded here helps.
        Way {
            to: format!("/patients/{patient}"),
            words: "Open the patient’s page",
        }
    } else if gate.is_outcome() {
        Way {
            to: format!("/patients/{patient}/outcome"),
            words: "Record an outcome of the assessment",
        }
    } else {
        Way {
            to: costs::address(patient),
            words: "Open structure and costs",
        }
    }
}

/// What is missing before a session is booked, for whoever is about to book one. Whoever is not told reads the same
/// whether something is missing or not.
pub fn before_booking(frame: &Frame, patient: DocumentId, closed: Option<Gate>) -> Markup {
    let rights = &frame.sight.rights;
    let told = closed.filter(|gate| is_told(*gate, rights));
    html! {
        @if let Some(gate) = told {
            @let Way { to, words } = way(patient, gate, rights);
            p {
                strong { span aria-hidden="true" { "! " } (sentence(&gate.to_string())) } " "
                @if gate.is_outcome() { "A session that is still to come can’t be booked before; one that took place can be written down. " }
                @else { "A session can be booked, and should not take place before. " }
                a href=(to) { (words) }
            }
        } @else if !(rights.shows(RecordSection::Assessment) && rights.shows(RecordSection::Costs)) {
            p class="quiet" { "Not all that a session waits for is shown to your role." }
        }
    }
}

/// What is missing before a session that is booked.
pub fn booked(frame: &Frame, number: u32, closed: Option<Gate>) -> Markup {
    let told = closed.filter(|gate| is_told(*gate, &frame.sight.rights));
    html! {
        @if let Some(gate) = told {
            p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } "Session " (number) " is booked; " (gate) } }
        }
    }
}
