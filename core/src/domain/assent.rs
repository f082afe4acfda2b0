//! Somebody's word about one version of a document that both sides see. The kinds of it differ in what
//! they say and in who says it.
//!
//! A kind of its own and no field of the document: writing it would itself change the document, and where
//! both sides write the document either could sign for the other.

/// Declares a kind of such a word.
macro_rules! assent_kind {
    ($(#[$doc:meta])* $assent:ident, $word:literal, $writers:expr, $at:literal $(, also $(#[$more:meta])* $planned:ident)?) => {
        use serde::{Deserialize, Serialize};

        use super::text::{Named, named};
        use super::{
            Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Revision, Shape,
            Writers, limits, text,
        };

        const BY: Named = named("by", "the name");
        const AT: Named = named("at", $at);

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $assent {
            /// The document that it is about.
            pub about: DocumentId,
            /// The version that lay before whoever said it.
            pub revision: Revision,
            $(
                $(#[$more])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $planned: Option<u32>,
            )?
            /// Who said it.
            pub by: String,
            /// When.
            pub at: Moment,
        }

        impl $assent {
            /// Whether it is about just that version. Once the document changes, it stands no longer.
            pub fn stands_for(&self, document: DocumentId, revision: &Revision) -> bool {
                self.about == document && !revision.is_empty() && self.revision == *revision
            }
        }

        impl Content for $assent {
            const KIND: Kind = Kind::named($word);
            const SHAPE: Shape = Shape::new(&[
                Field::value("about"),
                Field::value("revision"),
                $(Field::value(stringify!($planned)),)?
                Field::value("by"),
                Field::value("at"),
            ]);
            const PLACEMENT: Placement = Placement::Care;
            const WRITERS: Writers = $writers;
            const BELONGS: super::Belongs = super::Belongs::WithItsSubject;
            // It holds no words: whoever waits for it asks whether it is there.
            const TO_BE_SEEN: bool = false;

            fn checked(self) -> Result<Self, Invalid> {
                let by = text::needed_line(&self.by, BY, limits::NAME)?;
                text::moment(self.at, AT)?;
                $(
                    let name = named(stringify!($planned), "the number of sessions");
                    self.$planned
                        .map(|number| super::programme::number_of_sessions(number, name))
                        .transpose()?;
                )?
                Ok(Self { by, ..self })
            }

            fn index(&self) -> Index {
                Index {
                    at: Some(self.at),
                    about: Some(self.about),
                    ..Index::default()
                }
            }

            #[cfg(any(test, feature = "testing"))]
            fn examples() -> Vec<Self> {
                let example = |n: u8| $assent {
                    about: DocumentId::new([n; 16]),
                    revision: Revision::new([super::ChangeHash::new([n; 32])]),
                    $($planned: Some(u32::from(n) + 3),)?
                    by: format!("Dr. Vega {n}"),
                    at: Moment::utc(1_795_465_113_123 + i64::from(n)),
                };
                (1..=3).map(example).collect()
            }
        }
    };
}
pub(super) use assent_kind;
