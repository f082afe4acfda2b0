//! What tells a patient truthfully that somebody has opened what they wrote.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Revision, Shape,
    Writers, limits, text,
};

const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of opening");
const WORDS: Named = named("words", "the digest");

/// A clinician opened something: one document for each person, thing and version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadReceipt {
    /// What was opened.
    pub about: DocumentId,
    /// The version that was opened: what was written since is not "opened".
    pub revision: Revision,
    /// A digest of what that version says and to whom: two phones that correct the same apart make other
    /// versions of the same words.
    #[serde(default)]
    pub words: String,
    /// Who opened it, by the name that the patient sees.
    pub by: String,
    /// When it was opened first, by the clinic's clock.
    pub at: Moment,
}

impl ReadReceipt {
    /// Whether it is of that version, or of another that says the same.
    pub fn is_of(&self, revision: &Revision, words: &str) -> bool {
        self.revision == *revision || self.words == words
    }
}

impl Content for ReadReceipt {
    const KIND: Kind = Kind::named("read_receipt");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("revision"),
        Field::value("words"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::WithItsSubject;

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
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| ReadReceipt {
            about: DocumentId::new([n; 16]),
            revision: Revision::new([super::ChangeHash::new([n; 32])]),
            words: format!("{n:064}.care_team"),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
