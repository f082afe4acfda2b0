//! What a patient shares and the care team answers: entries and check-ins, which have pages of one kind.

use companion_core::clinic::Shared;
use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Kind, Visibility};
use companion_core::ports::Moment;
use companion_core::records::View;

/// Where a kind of thing stands in addresses, and what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Entries.
    Entries,
    /// Check-ins.
    CheckIns,
}

impl Shelf {
    /// The shelf of a kind.
    pub fn of(kind: &Kind) -> Self {
        if *kind == CheckIn::KIND {
            Self::CheckIns
        } else {
            Self::Entries
        }
    }

    /// The shelf that has pages for a kind; `None` for a kind without.
    pub fn holding(kind: &Kind) -> Option<Self> {
        [
            (CheckIn::KIND, Self::CheckIns),
            (Entry::KIND, Self::Entries),
        ]
        .into_iter()
        .find_map(|(known, shelf)| (known == *kind).then_some(shelf))
    }

    /// The word in addresses, and of the part of the timeline.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::CheckIns => "check-ins",
        }
    }

    /// One of them, in a sentence.
    pub const fn one(self) -> &'static str {
        match self {
            Self::Entries => "entry",
            Self::CheckIns => "check-in",
        }
    }

    /// The address of one of them.
    pub fn address(self, patient: DocumentId, id: DocumentId) -> String {
        format!("/patients/{patient}/{}/{id}", self.as_str())
    }
}

/// A kind that has pages.
pub trait OnShelf: Content {
    /// Where it stands.
    const SHELF: Shelf;
    /// The same as one of the things that a page shows.
    fn thing(self) -> Thing;
}

impl OnShelf for Entry {
    const SHELF: Shelf = Shelf::Entries;

    fn thing(self) -> Thing {
        Thing::Entry(self)
    }
}

impl OnShelf for CheckIn {
    const SHELF: Shelf = Shelf::CheckIns;

    fn thing(self) -> Thing {
        Thing::CheckIn(self)
    }
}

/// One of the things that a page shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// An entry.
    Entry(Entry),
    /// A check-in.
    CheckIn(CheckIn),
}

impl Thing {
    /// When it happened, by the patient's own clock.
    pub const fn at(&self) -> Moment {
        match self {
            Self::Entry(entry) => entry.at,
            Self::CheckIn(check_in) => check_in.at,
        }
    }

    /// Whom it is for.
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Entry(entry) => entry.visibility,
            Self::CheckIn(check_in) => check_in.visibility,
        }
    }

    /// The session that it belongs to.
    pub const fn session(&self) -> Option<DocumentId> {
        match self {
            Self::Entry(entry) => entry.session,
            Self::CheckIn(_) => None,
        }
    }

    /// What stands over it.
    pub fn heading(&self) -> &str {
        match self {
            Self::Entry(entry) if entry.title.is_empty() => "Entry without a title",
            Self::Entry(entry) => &entry.title,
            Self::CheckIn(_) => "Check-in",
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
