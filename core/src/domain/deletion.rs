//! That a document was deleted: which, when, and what of it whoever deleted it had read. It repeats nothing that the
//! document said.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId};
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    text,
};

const AT: Named = named("at", "the time of the deletion");

/// A document was deleted, with all that its deleter had read of it. Which changes those are is said by count, since
/// even a digest of what they said could be found out by trying, as long as it was a short answer. The deleter's own
/// are those before this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deletion {
    /// The document.
    pub about: DocumentId,
    /// Whose changes of it were read, each up to a count. Not the deleter's own.
    #[serde(default)]
    pub read: BTreeMap<MemberId, Counter>,
    /// How often the document had been shared by then, as far as its deleter knew. What shares it under a later number
    /// was made by somebody who had not heard of the deletion.
    #[serde(default)]
    pub shared: u32,
    /// When.
    pub at: Moment,
}

impl Content for Deletion {
    const KIND: Kind = Kind::named("deletion");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::map("read"),
        Field::value("shared"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::CareOrPrivate;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        Ok(self)
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
        let example = |n: u8| Deletion {
            about: DocumentId::new([n; 16]),
            read: [(MemberId::new([n; 32]), Counter(u64::from(n)))].into(),
            shared: u32::from(n),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
