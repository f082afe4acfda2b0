//! What a digest only says to be there: answers to measures, plans, lists and the like, to be opened.

use super::super::{
    AnythingNew, AssessmentSection, ContactRequest, Content, Goal, Intention, Kind, MedicationList,
    Response, SafetyPlan, UseCheck, Visibility,
};

/// Something of a kind of which a digest tells no more than that it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its kind.
    pub kind: Kind,
    /// What stands for it: words of the patient's, the name of what it is, or nothing.
    pub words: String,
    /// Whether the patient wants to talk about it.
    pub wants_to_talk: bool,
}

/// A kind that stands in a digest as [`Other`].
pub trait Noted: Content {
    /// What stands for it in a line; empty where its kind says enough.
    fn noted(&self) -> String {
        String::new()
    }

    /// The same as one of all.
    fn other(&self) -> Other {
        Other {
            kind: Self::KIND,
            words: self.noted(),
            wants_to_talk: self.visibility() == Some(Visibility::TalkInSession),
        }
    }
}

impl Noted for Response {
    fn noted(&self) -> String {
        let known = self.instrument().map(|known| known.short_name.to_owned());
        known.unwrap_or_else(|_| self.measure.to_string())
    }
}

impl Noted for AssessmentSection {
    fn noted(&self) -> String {
        self.section.label().to_owned()
    }
}

impl Noted for AnythingNew {
    fn noted(&self) -> String {
        self.words.clone()
    }
}

impl Noted for Intention {
    fn noted(&self) -> String {
        match self.text.is_empty() {
            true => self.values_in_a_line(),
            false => self.text.clone(),
        }
    }
}

impl Noted for Goal {
    fn noted(&self) -> String {
        self.text.clone()
    }
}

/// What somebody answers about craving and use is nothing to quote in passing.
impl Noted for UseCheck {}

/// Nor is what is in a plan.
impl Noted for SafetyPlan {}

impl Noted for MedicationList {}

/// Nobody reads a request in passing: who opens it is told to whoever asked.
impl Noted for ContactRequest {}
