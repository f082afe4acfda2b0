//! Something that a patient let the clinic see. The type is the proof: of what is private none can be made.

use super::{Content, DocumentId, Moment, Placement};

/// Content that both sides can read, with its name and times.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosed<T> {
    id: DocumentId,
    when: Moment,
    edited_at: Option<Moment>,
    received: Moment,
    word: PatientsWord,
    doubts: Doubts,
    content: T,
}

/// What of a document that both sides may write is the patient's word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatientsWord {
    /// The patient began it. Its times are those of what the patient wrote last.
    #[default]
    Began,
    /// The clinic began it, and the patient changed it. Its times are those of the patient's last change.
    Changed,
    /// The clinic alone wrote it.
    Nothing,
}

/// Why what it says, or when, is not to be taken as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doubts {
    /// Whether a text of it was written in two places apart: one of the wordings stands in it, or both do.
    pub in_two_wordings: bool,
    /// Whether its writer's clock was ahead: it stands where it was received, and when it was is not known.
    pub clock_ahead: bool,
}

impl<T: Content> Disclosed<T> {
    /// What a document says; `None` where it is private, or of a kind that never leaves its side. `when` is
    /// when it happened, as far as that can be known; `received` is when its newest version came to this
    /// device, or was written or shared on it.
    pub fn new(
        id: DocumentId,
        when: Moment,
        edited_at: Option<Moment>,
        received: Moment,
        content: T,
    ) -> Option<Disclosed<T>> {
        let is_disclosed = match (T::PLACEMENT, content.visibility()) {
            (Placement::Care, _) => true,
            (Placement::ByVisibility, Some(visibility)) => visibility.is_shared(),
            _ => false,
        };
        is_disclosed.then_some(Disclosed {
            id,
            when,
            edited_at,
            received,
            word: PatientsWord::default(),
            doubts: Doubts::default(),
            content,
        })
    }
}

impl<T> Disclosed<T> {
    /// The same with what of it is the patient's word.
    #[must_use]
    pub fn with_word(self, word: PatientsWord) -> Self {
        Self { word, ..self }
    }

    /// The same with what is to be doubted of it.
    #[must_use]
    pub fn doubted(self, doubts: Doubts) -> Self {
        Self { doubts, ..self }
    }

    /// Something told from what was disclosed, and from nothing else.
    pub fn map<U>(self, tell: impl FnOnce(T) -> U) -> Disclosed<U> {
        Disclosed {
            id: self.id,
            when: self.when,
            edited_at: self.edited_at,
            received: self.received,
            word: self.word,
            doubts: self.doubts,
            content: tell(self.content),
        }
    }

    /// The document.
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// When it happened.
    pub const fn when(&self) -> Moment {
        self.when
    }

    /// When it was last changed, if it was.
    pub const fn edited_at(&self) -> Option<Moment> {
        self.edited_at
    }

    /// When its newest version came to this device, or was written or shared on it.
    pub const fn received(&self) -> Moment {
        self.received
    }

    /// The latest of when it happened, when it was changed and when it was received. What happened before a
    /// moment and came after it is news all the same: nobody could have read it before.
    pub fn latest(&self) -> Moment {
        let said = self.edited_at.unwrap_or(self.when).max(self.when);
        said.max(self.received)
    }

    /// What of it is the patient's word.
    pub const fn word(&self) -> PatientsWord {
        self.word
    }

    /// What is to be doubted of it.
    pub const fn doubts(&self) -> Doubts {
        self.doubts
    }

    /// What it says.
    pub const fn content(&self) -> &T {
        &self.content
    }
}

impl<T> Disclosed<Option<T>> {
    /// The same with what was told; `None` where there was nothing to tell.
    pub fn transpose(self) -> Option<Disclosed<T>> {
        let Disclosed {
            id,
            when,
            edited_at,
            received,
            word,
            doubts,
            content,
        } = self;
        content.map(|content| Disclosed {
            id,
            when,
            edited_at,
            received,
            word,
            doubts,
            content,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, KeptPrivate, MedicineRecord, Visibility};
    use super::*;

    fn told<T: Content>(content: T) -> bool {
        let at = Moment::utc(0);
        Disclosed::new(DocumentId::new([1; 16]), at, None, at, content).is_some()
    }

    #[test]
    fn nothing_private_and_nothing_of_the_clinics_own_can_be_disclosed() {
        let mut entry = Entry::new(Moment::utc(0));
        assert!(!told(entry.clone()));
        entry.visibility = Visibility::CareTeam;
        assert!(told(entry));
        assert!(KeptPrivate::examples().into_iter().all(|one| !told(one)));
        assert!(MedicineRecord::examples().into_iter().all(|one| !told(one)));
    }
}
