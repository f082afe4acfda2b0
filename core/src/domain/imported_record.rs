//! That an export was imported: by which name the record that it came from goes on here.

use serde::{Deserialize, Serialize};

use super::{Belongs, Content, Field, Index, Invalid, Kind, Placement, RecordId, Shape, Writers};

/// A name that this record had where it was exported. Exports from here carry it too, so that they are known as
/// the same person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedRecord {
    /// The name.
    pub record: RecordId,
}

impl Content for ImportedRecord {
    const KIND: Kind = Kind::named("imported_record");
    const SHAPE: Shape = Shape::new(&[Field::value("record")]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;
    // The manifest of an export has it.
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        Ok(self)
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| ImportedRecord {
            record: RecordId::new([n; 16]),
        };
        (1..=3).map(example).collect()
    }
}
