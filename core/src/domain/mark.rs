//! What a clinician notes about something that a patient shared, in one version of it. The kinds of
//! marks differ in what they say and in nothing else.

use companion_protocol::id::SpaceId;

use super::{Content, DocumentId, Moment, Revision};

/// A mark of a clinician's on one version of something. It lives in the clinic space: the patient does
/// not see it. Once the words change, it stands no longer.
pub trait Mark: Content {
    /// The mark, as it is made.
    fn made(made: Made) -> Self;
    /// Makes it again, for another version or after it was taken back.
    fn make_again(&mut self, made: Made);
    /// Takes it back.
    fn take_back(&mut self, at: Moment);
    /// What it is about.
    fn subject(&self) -> DocumentId;
    /// Whether it stands for that version, or for another that says the same.
    fn stands_for(&self, revision: &Revision, words: &str) -> bool;
    /// Whether it was taken back.
    fn is_taken_back(&self) -> bool;
}

/// What a mark is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// What it is about.
    pub about: DocumentId,
    /// The care space that this is in.
    pub care_space: SpaceId,
    /// The version that the clinician had before them.
    pub revision: Revision,
    /// A digest of what that version says and to whom.
    pub words: String,
    /// The clinician's name.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// Declares a kind of mark.
macro_rules! mark_kind {
    ($(#[$doc:meta])* $mark:ident, $word:literal, $at:literal) => {
        use companion_protocol::id::SpaceId;
        use serde::{Deserialize, Serialize};

        use super::mark::{Made, Mark};
        use super::text::{Named, named};
        use super::{
            Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Revision, Shape,
            Writers, limits, text,
        };

        const BY: Named = named("by", "the name");
        const AT: Named = named("at", $at);
        const WORDS: Named = named("words", "the digest");

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $mark {
            /// The entry or check-in that it is about.
            pub about: DocumentId,
            /// The care space that this is in.
            pub care_space: SpaceId,
            /// The version that it is about.
            pub revision: Revision,
            /// A digest of what that version says and to whom: two phones that correct the same apart make
            /// other versions of the same words.
            #[serde(default)]
            pub words: String,
            /// The clinician's name.
            pub by: String,
            /// When it was made.
            pub at: Moment,
            /// When it was taken back, if it was.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub undone_at: Option<Moment>,
        }

        impl Content for $mark {
            const KIND: Kind = Kind::named($word);
            const SHAPE: Shape = Shape::new(&[
                Field::value("about"),
                Field::value("care_space"),
                Field::value("revision"),
                Field::value("words"),
                Field::value("by"),
                Field::value("at"),
                Field::value("undone_at"),
            ]);
            const PLACEMENT: Placement = Placement::Clinic;
            const WRITERS: Writers = Writers::Clinic;
            const BELONGS: super::Belongs = super::Belongs::WithItsSubject;

            fn checked(self) -> Result<Self, Invalid> {
                let by = text::needed_line(&self.by, BY, limits::NAME)?;
                text::moment(self.at, AT)?;
                text::line(&self.words, WORDS, limits::DIGEST)?;
                Ok(Self { by, ..self })
            }

            fn index(&self) -> Index {
                Index {
                    at: Some(self.at),
                    about: Some(self.about),
                    concerns: Some(self.care_space),
                    state: match self.undone_at {
                        None => "stands",
                        Some(_) => "undone",
                    },
                    ..Index::default()
                }
            }

            #[cfg(any(test, feature = "testing"))]
            fn examples() -> Vec<Self> {
                let example = |n: u8| $mark {
                    about: DocumentId::new([n; 16]),
                    care_space: SpaceId::new([n; 32]),
                    revision: Revision::new([super::ChangeHash::new([n; 32])]),
                    words: format!("{n:064}.care_team"),
                    by: format!("Dr. Vega {n}"),
                    at: Moment::utc(1_795_465_113_123 + i64::from(n)),
                    undone_at: Some(Moment::utc(1_795_465_114_000 + i64::from(n))),
                };
                (1..=3).map(example).collect()
            }
        }

        impl Mark for $mark {
            fn made(made: Made) -> Self {
                Self {
                    about: made.about,
                    care_space: made.care_space,
                    revision: made.revision,
                    words: made.words,
                    by: made.by,
                    at: made.at,
                    undone_at: None,
                }
            }

            fn make_again(&mut self, made: Made) {
                *self = Self::made(made);
            }

            fn take_back(&mut self, at: Moment) {
                self.undone_at = Some(at);
            }

            fn subject(&self) -> DocumentId {
                self.about
            }

            fn stands_for(&self, revision: &Revision, words: &str) -> bool {
                let is_same = self.revision == *revision || self.words == words;
                self.undone_at.is_none() && is_same
            }

            fn is_taken_back(&self) -> bool {
                self.undone_at.is_some()
            }
        }
    };
}
pub(super) use mark_kind;
