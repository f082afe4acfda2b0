//! What stands on top of a patient's digest: flags that nobody has closed, and what was answered about thoughts
//! of death, each with what people did about it.

use companion_core::domain::digest::{Concern, Handled, What};
use companion_core::domain::{Content as _, DocumentId, Response};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::sentence::capital;
use crate::view::shelf::Shelf;
use crate::view::time;

/// How many things somebody still has to deal with, on top of the patient's page, whose flags stand beside it;
/// nothing where all is closed.
pub fn short(all: &[Concern]) -> Markup {
    let open = all.iter().filter(|one| one.handled.is_open()).count() as u64;
    html! {
        @if open > 0 {
            p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } "Safety: "
                (time::count(open, "thing", "things")) " that nobody has closed" } }
        }
    }
}

/// All of it, as a part of the digest.
pub fn all(frame: &Frame, patient: DocumentId, all: &[Concern]) -> Markup {
    html! {
        @if all.is_empty() { p { "No open flag, and no such answer since then. It does not mean that the patient is safe." } }
        @else { ul class="plainly" { @for one in all { li { (line(frame, patient, one)) } } } }
    }
}

fn line(frame: &Frame, patient: DocumentId, one: &Concern) -> Markup {
    let address = match (one.flag, one.about) {
        (Some(flag), _) => Some(format!("/patients/{patient}#flag-{flag}")),
        (None, Some(about)) => {
            Shelf::of(&Response::KIND).map(|shelf| shelf.address(patient, about))
        }
        (None, None) => None,
    };
    html! {
        @match address {
            Some(address) => a href=(address) { (what(&one.what)) },
            None => (what(&one.what)),
        }
        span class="quiet" { " · " (time::at(one.when, frame.now)) }
        " " (handled(frame, &one.handled))
    }
}

fn what(what: &What) -> Markup {
    html! {
        @match what {
            What::Flag { source, words } if words.is_empty() => (capital(source.label())),
            What::Flag { words, .. } => span dir="auto" { (words) },
            What::Answer { measure, item, points: Some(points) } => {
                (measure) ": item " (item) " (thoughts of death) was answered with " (points)
            }
            What::Answer { measure, item, points: None } => {
                (measure) ": the answer to item " (item) " (thoughts of death) can’t be read here"
            }
        }
    }
}

fn handled(frame: &Frame, handled: &Handled) -> Markup {
    let act =
        |words: &str| html! { span class="badge act" { span aria-hidden="true" { "! " } (words) } };
    html! {
        @match handled {
            Handled::NoFlag => (act("No flag was raised")),
            Handled::NotHere => {}
            Handled::New => (act("Nobody has acknowledged it")),
            Handled::Reopened { by, at } => { (act("Opened again")) " by " (by) " " (time::at(*at, frame.now)) }
            Handled::Acknowledged { by, at } => {
                span class="badge" { "Acknowledged" } " by " (by) " " (time::at(*at, frame.now))
            }
            Handled::Closed { by, at } => { span class="badge" { "Closed" } " by " (by) " " (time::at(*at, frame.now)) }
        }
    }
}
