//! Something that the clinic sets for all its patients or for one alone: whom a page is about, and what it says
//! of whom a change reaches.

use companion_core::clinic::OfTheirOwn;
use companion_core::domain::{DocumentId, HeldForAll, HoldsFor, Kind};
use maud::{Markup, html};

use crate::view::form;
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::time;

/// A page of something so set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetHere {
    /// What phones remind of.
    Reminders,
    /// Prompts for integration.
    Prompts,
    /// The questions on use.
    Questions,
}

impl SetHere {
    /// The word of the address, which is also what a person calls several of them.
    pub const fn word(self) -> &'static str {
        match self {
            SetHere::Reminders => "reminders",
            SetHere::Prompts => "prompts",
            SetHere::Questions => "questions",
        }
    }

    /// The same where a sentence or a name begins.
    pub const fn title(self) -> &'static str {
        match self {
            SetHere::Reminders => "Reminders",
            SetHere::Prompts => "Prompts",
            SetHere::Questions => "Questions",
        }
    }

    /// The page for all patients, or for one.
    pub fn address(self, patient: Option<DocumentId>) -> String {
        let word = self.word();
        match patient {
            None => format!("/{word}"),
            Some(patient) => format!("/patients/{patient}/{word}"),
        }
    }
}

/// The field that says whom what a page shows holds for.
pub const HOLDS_FOR: &str = "holds_for";

/// Whose a page shows.
#[derive(Clone, Debug)]
pub struct Whose<T> {
    /// The patient, and what the clinic calls them; `None`: all patients.
    pub patient: Option<(DocumentId, String)>,
    /// What is set: for the one patient what their phone has.
    pub set: Option<T>,
    /// On the page for all patients: who has their own, and what the clinic calls them.
    pub apart: Vec<OfTheirOwn>,
    /// What this version can't read of the settings or the record.
    pub unreadable: Vec<Kind>,
}

impl<T: HeldForAll> Whose<T> {
    /// Where the page is.
    pub fn address(&self, of: SetHere) -> String {
        of.address(self.patient.as_ref().map(|(id, _)| *id))
    }

    /// Whom what this page shows holds for, as its forms say it.
    pub fn shown(&self) -> Markup {
        let holds_for = if self.is_their_own() {
            HoldsFor::Patient
        } else {
            HoldsFor::All
        };
        html! { input type="hidden" name=(HOLDS_FOR) value=(holds_for.as_str()); }
    }

    /// Whether it holds for this patient alone.
    fn is_their_own(&self) -> bool {
        let set = self.set.as_ref().filter(|_| self.patient.is_some());
        set.is_some_and(|set| *set.holds_for() == HoldsFor::Patient)
    }
}

/// Whom it holds for, and who set it.
pub fn told<T: HeldForAll>(frame: &Frame, whose: &Whose<T>, of: SetHere) -> Markup {
    let word = of.word();
    html! {
        @match &whose.patient {
            None => {
                p { "For all patients, except those who have " (word) " of their own. What is not changed here is a template: the clinic answers for it." }
                (who_stays_apart(&whose.apart, of))
            },
            Some((patient, _)) if whose.is_their_own() => {
                p { strong { "For this patient alone." } " What is changed for all patients leaves these as they are." }
                form class="inline" method="post" action=(format!("{}/for-all", of.address(Some(*patient)))) {
                    @if let Some(set) = &whose.set { (form::seen(set)) }
                    button type="submit" { "Use those for all patients again" }
                }
            },
            Some(_) => p { "As for all patients. What you change here holds for this patient alone." },
        }
        @if let Some((by, at)) = whose.set.as_ref().map(T::signed) {
            p class="quiet" { "Set by " (name(by)) " " (time::at(at, frame.now)) "." }
        }
    }
}

/// Whom a change for all patients does not reach.
fn who_stays_apart(apart: &[OfTheirOwn], of: SetHere) -> Markup {
    let word = of.word();
    html! {
        @if !apart.is_empty() {
            div class="card warned" {
                p { span aria-hidden="true" { "▲ " } strong {
                    (time::count(apart.len() as u64, &format!("patient has {word} of their own"), &format!("patients have {word} of their own")))
                } ": what is changed here does not reach them." }
                ul class="plainly" {
                    @for one in apart { (stays_apart(one, of)) }
                }
            }
        }
    }
}

/// One of them, with what lets those for all count for them again.
fn stays_apart(one: &OfTheirOwn, of: SetHere) -> Markup {
    let place = of.address(Some(one.patient));
    let called = &one.name;
    html! {
        li {
            a href=(place) { (of.title()) " of " (name(called)) }
            form class="inline" method="post" action=(format!("{place}/for-all")) {
                (form::seen_as(one.seen))
                input type="hidden" name=(BACK) value=(BACK_TO_ALL);
                button type="submit" { "Use those for all patients" span class="visually-hidden" { " for " (name(called)) } }
            }
        }
    }
}

/// The field that says which page leads on.
pub const BACK: &str = "back";
/// Its word for the page of all patients.
const BACK_TO_ALL: &str = "all";

/// Whose page comes after those for all count for a patient again, by what [`BACK`] says: theirs, or that of all
/// patients.
pub fn page_after(back: &str, patient: DocumentId) -> Option<DocumentId> {
    (back != BACK_TO_ALL).then_some(patient)
}
