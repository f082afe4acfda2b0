//! A document of a record that was brought here from elsewhere, which nobody can write here: what a former clinic
//! wrote, and what lived only in the space that was shared with it.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    limits, text,
};

const KIND_OF_IT: Named = named("kind", "the kind of a former document");
const AT: Named = named("at", "the time of a former document");
const CLINIC: Named = named("clinic", "the name of the former clinic");
const WRITTEN: Named = named("written", "a former document");

/// One former document, to read. Since it has a kind of its own, nothing that looks for a programme, a session, a
/// support card or anything else of the present clinic's ever finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerDocument {
    /// The id that it had.
    pub document: DocumentId,
    /// What it was: a word of a kind, known here or not.
    pub kind: Kind,
    /// When it happened; `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// What the clinic was called that the record was shared with then; empty where that is not known.
    #[serde(default)]
    pub clinic: String,
    /// All of it, as `record.json` of an export holds a document (`docs/export.md`). At most 500,000 bytes.
    pub written: String,
}

impl Content for FormerDocument {
    const KIND: Kind = Kind::named("former_document");
    const SHAPE: Shape = Shape::new(&[
        Field::value("document"),
        Field::value("kind"),
        Field::value("at"),
        Field::value("clinic"),
        Field::value("written"),
    ]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;
    // An export holds the document that it was.
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let kind = text::needed_line(self.kind.as_str(), KIND_OF_IT, limits::WORD)?;
        if let Some(at) = self.at {
            text::moment(at, AT)?;
        }
        let clinic = text::line(&self.clinic, CLINIC, limits::NAME)?;
        let limit = limits::FORMER_DOCUMENT;
        if self.written.len() > limit {
            return Err(WRITTEN.wrong(Problem::TooManyBytes { limit }));
        }
        if serde_json::from_str::<super::Projection>(&self.written).is_err() {
            let form = "a document as an export holds it";
            return Err(WRITTEN.wrong(Problem::NotOfForm { form }));
        }
        Ok(Self {
            kind: Kind::from_stored(kind),
            clinic,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: self.at,
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| FormerDocument {
            document: DocumentId::new([n; 16]),
            kind: Kind::from_stored(match n {
                1 => "session",
                2 => "letter",
                _ => "reply",
            }),
            at: Some(Moment::utc(1_795_465_113_123 + i64::from(n))),
            clinic: format!("Riverbank {n}"),
            written: format!("{{\"n\":{n}}}"),
        };
        (1..=3).map(example).collect()
    }
}
