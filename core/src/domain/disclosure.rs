//! What was told to somebody outside the clinic: the log of what was sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, RecordSections,
    Revision, Shape, Writers, limits, text,
};

const PROVIDER: Named = named("provider", "the provider's name");
const DOCUMENTS: Named = named("documents", "documents");
const PART: Named = named("part", "the number of this part");
const PARTS: Named = named("parts", "the number of parts");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time");

/// A file was handed over by a release. It is written before anything leaves: where both break off in between, it says
/// more than what left and never less. What is too much for one is said by several, as parts of one telling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The release that allowed it.
    pub about: DocumentId,
    /// Whom it was told.
    pub provider: String,
    /// The sections that the release opened then.
    pub sections: RecordSections,
    /// Each document that was told, at the version that it had.
    #[serde(default)]
    pub documents: BTreeMap<DocumentId, Revision>,
    /// Which part of one telling this is, from 1.
    #[serde(default = "one")]
    pub part: u32,
    /// How many parts that has.
    #[serde(default = "one")]
    pub parts: u32,
    /// Who of the clinic told it.
    pub by: String,
    /// When.
    pub at: Moment,
}

const fn one() -> u32 {
    1
}

impl Content for Disclosure {
    const KIND: Kind = Kind::named("disclosure");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("provider"),
        Field::value("sections"),
        Field::map("documents"),
        Field::value("part"),
        Field::value("parts"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const HAS_OWN_VERBS: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let provider = text::needed_line(&self.provider, PROVIDER, limits::NAME)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        if self.documents.len() > limits::DISCLOSED {
            return Err(DOCUMENTS.wrong(Problem::TooMany {
                limit: limits::DISCLOSED,
            }));
        }
        for (number, name) in [(self.part, PART), (self.parts, PARTS)] {
            if !(1..=limits::DISCLOSED_PARTS).contains(&number) {
                return Err(name.wrong(Problem::OutOfRange {
                    least: 1,
                    most: limits::DISCLOSED_PARTS.into(),
                }));
            }
        }
        Ok(Self {
            provider,
            by,
            ..self
        })
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
        let example = |n: u8| Disclosure {
            about: DocumentId::new([n; 16]),
            provider: format!("Dr. Iris Okafor {n}"),
            sections: [super::RecordSection::example(n)].into(),
            documents: [(
                DocumentId::new([n; 16]),
                Revision::new([super::ChangeHash::new([n; 32])]),
            )]
            .into(),
            part: n.into(),
            parts: u32::from(n) + 1,
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
