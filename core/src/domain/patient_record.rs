//! The clinic's register: who its patients are.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Phase, Placement, Shape,
    Writers, limits, nickname, text,
};

const NAME: Named = named("name", "the name");
const INITIALS: Named = named("initials", "the initials");
const PRONOUNS: Named = named("pronouns", "the pronouns");
const INVITED_AT: Named = named("invited_at", "the time of the invitation");

/// One patient in the clinic's register. It lives in the clinic space: no patient sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientRecord {
    /// The name that the care team uses, at most 120 characters.
    pub name: String,
    /// Short form for lists, at most 8 characters; may be empty.
    #[serde(default)]
    pub initials: String,
    /// The patient's pronouns, at most 40 characters; may be empty.
    #[serde(default)]
    pub pronouns: String,
    /// Where they stood when this was written by a version that knew no programmes. Nothing writes it any
    /// more: the phase stands in the [`Programme`](super::Programme), where both sides see it, and this
    /// is read only of a patient who has none.
    #[serde(default, rename = "phase")]
    pub former_phase: Phase,
    /// The space that is shared with them.
    pub care_space: SpaceId,
    /// When they were invited last.
    pub invited_at: Moment,
    /// When both sides confirmed each other's keys, if they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired_at: Option<Moment>,
    /// When the words last differed and the phone that had joined was removed, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_at: Option<Moment>,
    /// When the entry was put away, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Moment>,
    /// The entry of the same person, if this one was made a second time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<DocumentId>,
}

impl PatientRecord {
    /// What a page shows of an entry as it may be corrected or put away: who it is, and whether it is put away.
    pub fn entry(&self) -> (&str, &str, &str, Option<Moment>, Option<DocumentId>) {
        let Self {
            name,
            initials,
            pronouns,
            ..
        } = self;
        (name, initials, pronouns, self.archived_at, self.merged_into)
    }
}

impl Content for PatientRecord {
    const KIND: Kind = Kind::named("patient");
    const SHAPE: Shape = Shape::new(&[
        Field::value("name"),
        Field::value("initials"),
        Field::value("pronouns"),
        Field::value("phase"),
        Field::value("care_space"),
        Field::value("invited_at"),
        Field::value("paired_at"),
        Field::value("refused_at"),
        Field::value("archived_at"),
        Field::value("merged_into"),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let name = nickname::needed_tidied(&self.name, NAME, limits::NAME)?;
        let initials = nickname::tidied(&self.initials, INITIALS, limits::INITIALS)?;
        let pronouns = nickname::tidied(&self.pronouns, PRONOUNS, limits::PRONOUNS)?;
        text::moment(self.invited_at, INVITED_AT)?;
        Ok(Self {
            name,
            initials,
            pronouns,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            // A patient has no time of their own: the register is ordered by invitation.
            at: Some(self.invited_at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, phase| PatientRecord {
            name: format!("Ada Sample {n}"),
            initials: format!("AS{n}"),
            pronouns: format!("she/her {n}"),
            former_phase: phase,
            care_space: SpaceId::new([n; 32]),
            invited_at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            paired_at: Some(Moment::utc(1_795_465_213_123 + i64::from(n))),
            refused_at: Some(Moment::utc(1_795_465_313_123 + i64::from(n))),
            archived_at: Some(Moment::utc(1_795_465_413_123 + i64::from(n))),
            merged_into: Some(DocumentId::new([n; 16])),
        };
        vec![
            example(1, Phase::Assessment),
            example(2, Phase::Session),
            example(3, Phase::Integration),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_patient_needs_a_name() {
        let patient = || PatientRecord::examples().remove(0);
        let nameless = PatientRecord {
            name: " ".into(),
            ..patient()
        };
        assert_eq!(
            nameless.checked().unwrap_err().to_string(),
            "the name is empty"
        );
        let tidied = PatientRecord {
            name: " Ada  Sample 1 ".into(),
            ..patient()
        };
        assert_eq!(tidied.checked().unwrap(), patient());
    }
}
