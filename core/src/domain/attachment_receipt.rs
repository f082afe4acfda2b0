//! What tells a patient truthfully that a recording or picture, and not its words alone, is at the clinic.

use std::collections::BTreeMap;

use companion_protocol::id::BlobId;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    limits, text,
};

const CLINIC: Named = named("clinic", "the clinic's name");
const AT: Named = named("at", "the time of delivery");

/// The clinic's node holds these attachments of a document whole, and has found them to be what was attached. Told
/// apart from [`DeliveryReceipt`](super::DeliveryReceipt): words come first, and what hangs on them may come much
/// later, or never.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentReceipt {
    /// The document that they hang on.
    pub about: DocumentId,
    /// Each that is there, by the name of its sealed bytes, and since when, by the clinic's clock.
    #[serde(default)]
    pub blobs: BTreeMap<BlobId, Moment>,
    /// The clinic's name as the patient sees it.
    pub clinic: String,
    /// When the first came, by the clinic's clock.
    pub at: Moment,
}

impl Content for AttachmentReceipt {
    const KIND: Kind = Kind::named("attachment_receipt");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::map("blobs"),
        Field::value("clinic"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::WithItsSubject;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let clinic = text::needed_line(&self.clinic, CLINIC, limits::NAME)?;
        text::moment(self.at, AT)?;
        for at in self.blobs.values() {
            text::moment(*at, AT)?;
        }
        Ok(Self { clinic, ..self })
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
        let example = |n: u8| AttachmentReceipt {
            about: DocumentId::new([n; 16]),
            blobs: [(
                BlobId::new([n; 32]),
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )]
            .into(),
            clinic: format!("Harbor Clinic {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
