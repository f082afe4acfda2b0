//! What is missing before a session may take place, in words, with the page on which to do it.

use companion_core::domain::DocumentId;
use companion_core::domain::programme::Gate;
use maud::{Markup, html};

use crate::view::costs;
use crate::view::message::Way;
use crate::view::sentence::sentence;

/// The page on which to do what a gate waits for.
pub fn way(patient: DocumentId, gate: Gate) -> Way {
    if gate == Gate::UnreadableOutcome {
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

/// What is missing before a session is booked, for whoever is about to book one.
pub fn before_booking(patient: DocumentId, gate: Gate) -> Markup {
    let Way { to, words } = way(patient, gate);
    html! {
        p {
            strong { span aria-hidden="true" { "! " } (sentence(&gate.to_string())) } " "
            @if gate.is_outcome() { "A session that is still to come can’t be booked before; one that took place can be written down. " }
            @else { "A session can be booked, and should not take place before. " }
            a href=(to) { (words) }
        }
    }
}

/// What is missing before a session that is booked.
pub fn booked(number: u32, gate: Gate) -> Markup {
    html! {
        p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } "Session " (number) " is booked; " (gate) } }
    }
}
