//! What a patient shares: every kind of it has a place in addresses, a line somewhere on the patient's
//! page, and a page of its own. A test holds this list to the registry of kinds.

use companion_core::clinic::Shared;
use companion_core::domain::{
    AnythingNew, AssessmentSection, Belongs, CheckIn, Commitment, ContactRequest, Content,
    DocumentId, Entry, Goal, Intention, Kind, MedicationList, NextSessionItem, Response,
    SafetyPlan, SessionPreparation, UseCheck, Visibility,
};
use companion_core::ports::Moment;
use companion_core::records::View;

use crate::accounts::Area;

/// Where on a patient's page the line of a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In the timeline: it happened at one time.
    InTimeline,
    /// Among the documents: it is kept up to date.
    AmongDocuments,
    /// With the session that it is for.
    WithSession,
}

/// A kind that has pages.
pub trait OnShelf: Content {
    /// Where it stands.
    const SHELF: Shelf;
    /// The same as one of the things that a page shows.
    fn thing(self) -> Thing;
}

/// Goes through all kinds that have pages, for whoever needs their types.
pub trait ShelfVisitor {
    /// Called once for each kind.
    fn visit<T: OnShelf>(&mut self);
}

macro_rules! shelves {
    ($($content:ident on $shelf:ident: $word:literal, $one:literal, $many:literal, $stands:ident;)*) => {
        /// Where a kind of thing stands in addresses, and what people call it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Shelf {
            $(#[doc = $many] $shelf,)*
        }

        impl Shelf {
            /// All of them, in the order to offer them.
            pub const ALL: &'static [Self] = &[$(Self::$shelf),*];

            /// The kind that stands on it.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$shelf => $content::KIND,)* }
            }

            /// The section of the record that it belongs to. What belongs to none is for the lead alone.
            pub fn area(self) -> Area {
                let section = Belongs::of(&self.kind()).and_then(|place| place.section(None));
                section.map_or(Area::People, Area::Section)
            }

            /// The word in addresses, and of the part of the timeline.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$shelf => $word,)* }
            }

            /// One of them, in a sentence.
            pub const fn one(self) -> &'static str {
                match self { $(Self::$shelf => $one,)* }
            }

            /// All of them, as a heading.
            pub const fn many(self) -> &'static str {
                match self { $(Self::$shelf => $many,)* }
            }

            /// Where their lines stand on the patient's page.
            pub const fn stands(self) -> Stands {
                match self { $(Self::$shelf => Stands::$stands,)* }
            }
        }

        $(impl OnShelf for $content {
            const SHELF: Shelf = Shelf::$shelf;

            fn thing(self) -> Thing {
                Thing::$content(Box::new(self))
            }
        })*

        /// Goes through all kinds that have pages.
        pub fn visit_shelves(visitor: &mut impl ShelfVisitor) {
            $(visitor.visit::<$content>();)*
        }

        /// One of the things that a page shows.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Thing {
            $(#[doc = $many] $content(Box<$content>),)*
        }

        impl Thing {
            /// Where it stands.
            pub const fn shelf(&self) -> Shelf {
                match self { $(Self::$content(_) => Shelf::$shelf,)* }
            }

            /// When it happened, by its writer's own clock.
            pub const fn at(&self) -> Moment {
                match self { $(Self::$content(it) => it.at,)* }
            }

            /// Whom it is for; `None` where that is not the patient's to choose.
            pub fn visibility(&self) -> Option<Visibility> {
                match self { $(Self::$content(it) => it.visibility(),)* }
            }
        }
    };
}

shelves! {
    Entry on Entries: "entries", "entry", "Entries", InTimeline;
    CheckIn on CheckIns: "check-ins", "check-in", "Check-ins", InTimeline;
    Response on Measures: "measures", "answer to a measure", "Measures", InTimeline;
    Commitment on Commitments: "commitments", "commitment", "Commitments", InTimeline;
    UseCheck on UseChecks: "use-checks", "answer to questions on use", "Questions on use", InTimeline;
    NextSessionItem on NextSession: "next-session", "line for the next session", "For the next session", InTimeline;
    Intention on Intentions: "intentions", "intention for a session", "Intentions", InTimeline;
    AnythingNew on News: "anything-new", "answer about what is new", "Anything new?", InTimeline;
    ContactRequest on ContactRequests: "contact-requests", "request to be contacted", "Requests to be contacted", InTimeline;
    SafetyPlan on SafetyPlans: "safety-plans", "safety plan", "Safety plans", AmongDocuments;
    MedicationList on Medicines: "medicines", "list of medicines", "Medicines", AmongDocuments;
    AssessmentSection on Assessment: "assessment", "section of the assessment", "Assessment", AmongDocuments;
    Goal on Goals: "goals", "goal", "Goals", AmongDocuments;
    SessionPreparation on Preparations: "preparations", "preparation for a session", "Preparations", WithSession;
}

impl Shelf {
    /// The shelf of a kind; `None` for a kind that no patient shares.
    pub fn of(kind: &Kind) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|shelf| shelf.kind() == *kind).copied()
    }

    /// The shelf of a word in an address.
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|shelf| shelf.as_str() == word).copied()
    }

    /// The address of one of them.
    pub fn address(self, patient: DocumentId, id: DocumentId) -> String {
        format!("/patients/{patient}/{}/{id}", self.as_str())
    }

    /// Whether the care team marks what it reviewed of it. What a patient settles for a session holds ticks,
    /// and what is open of it stands with the session.
    pub const fn is_reviewed(self) -> bool {
        !matches!(self.stands(), Stands::WithSession)
    }
}

impl Thing {
    /// The session that it belongs to.
    pub fn session(&self) -> Option<DocumentId> {
        match self {
            Self::Entry(entry) => entry.session,
            Self::Commitment(one) => one.about,
            Self::Intention(one) => Some(one.about),
            Self::AnythingNew(one) => Some(one.about),
            Self::SessionPreparation(one) => Some(one.about),
            Self::CheckIn(_)
            | Self::Response(_)
            | Self::UseCheck(_)
            | Self::NextSessionItem(_)
            | Self::ContactRequest(_)
            | Self::SafetyPlan(_)
            | Self::MedicationList(_)
            | Self::AssessmentSection(_)
            | Self::Goal(_) => None,
        }
    }

    /// What stands over it.
    pub fn heading(&self) -> &str {
        match self {
            Self::Entry(entry) if entry.title.is_empty() => "Entry without a title",
            Self::Entry(entry) => &entry.title,
            Self::CheckIn(_) => "Check-in",
            Self::Response(response) => response
                .instrument()
                .map_or_else(|_| response.measure.as_str(), |known| known.short_name),
            Self::UseCheck(_) => "Questions on use",
            Self::Commitment(_) => "Commitment",
            Self::NextSessionItem(_) => "For the next session",
            Self::Intention(_) => "Intention for a session",
            Self::AnythingNew(_) => "Anything new?",
            Self::ContactRequest(_) => "Asked to be contacted",
            Self::SafetyPlan(_) => "Safety plan",
            Self::MedicationList(_) => "Medicines and supplements",
            Self::AssessmentSection(one) => one.section.label(),
            Self::Goal(_) => "Goal",
            Self::SessionPreparation(_) => "Preparation for a session",
        }
    }
}

/// The same with its content as one of the things that a page shows.
pub fn on_its_shelf<T: OnShelf>(shared: Shared<T>) -> Shared<Thing> {
    let view = shared.view;
    Shared {
        view: View {
            content: view.content.thing(),
            id: view.id,
            revision: view.revision,
            when: view.when,
            clock_ahead: view.clock_ahead,
            apart: view.apart,
            shared: view.shared,
            edited_at: view.edited_at,
            received_ms: view.received_ms,
            delivery: view.delivery,
            writers: view.writers,
        },
        is_new: shared.is_new,
        review: shared.review,
        changed_since_review: shared.changed_since_review,
        is_to_talk_about: shared.is_to_talk_about,
        talked_about: shared.talked_about,
        replies: shared.replies,
    }
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{Placement, REGISTRY, Side};

    use super::*;

    #[test]
    fn every_kind_that_is_new_to_the_clinic_until_somebody_saw_it_has_a_page() {
        let to_be_seen = REGISTRY.iter().filter(|declared| declared.to_be_seen);
        let without: Vec<_> = to_be_seen
            .filter(|declared| Shelf::of(&declared.kind).is_none())
            .map(|declared| declared.kind.as_str())
            .collect();
        assert_eq!(without, Vec::<&str>::new());
    }

    #[test]
    fn nothing_has_a_page_that_a_patient_does_not_write_or_that_never_reaches_the_clinic() {
        for shelf in Shelf::ALL {
            let declared = companion_core::domain::declared(&shelf.kind());
            let fits = declared.is_some_and(|declared| {
                declared.writers.include(Side::Patient)
                    && matches!(
                        declared.placement,
                        Placement::Care | Placement::ByVisibility
                    )
            });
            assert!(fits, "{shelf:?}");
            assert_eq!(Shelf::named(shelf.as_str()), Some(*shelf));
        }
    }
}
