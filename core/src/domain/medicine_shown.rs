//! What a clinician chose to show a patient of the medicine in a session.

use serde::{Deserialize, Serialize};

use super::medicine_record::{BY, DOSE, ROUTE, Route};
use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, MedicineRecord, Moment, Placement,
    RecordSection, Shape, Writers, limits, text,
};

const AT: Named = named("at", "the time of showing it");
const TAKEN_BACK_AT: Named = named("taken_back_at", "the time of taking it back");

/// A **copy** of route and dose for the patient, in the care space. The fact is the
/// [`MedicineRecord`] in the clinic space; where they differ, the copy is old, and
/// [`MedicineShown::is_current`] says so to the clinic. Readings are never copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicineShown {
    /// The session.
    pub about: DocumentId,
    /// The record that it is a copy of.
    pub copy_of: DocumentId,
    /// How the medicine is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// The dose in the clinician's words, at most 200 characters.
    #[serde(default)]
    pub dose: String,
    /// Who chose to show it.
    pub by: String,
    /// When it was copied.
    pub at: Moment,
    /// When it was taken back, if it was: the phone then shows nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Moment>,
}

impl MedicineShown {
    /// A copy of what a record says now.
    pub fn of(copy_of: DocumentId, record: &MedicineRecord, by: &str, at: Moment) -> Self {
        Self {
            about: record.about,
            copy_of,
            route: record.route.clone(),
            dose: record.dose.clone(),
            by: by.to_owned(),
            at,
            taken_back_at: None,
        }
    }

    /// Whether it is shown and says what the record says.
    pub fn is_current(&self, record: &MedicineRecord) -> bool {
        self.is_shown() && self.route == record.route && self.dose == record.dose
    }

    /// Whether the patient is to see it.
    pub const fn is_shown(&self) -> bool {
        self.taken_back_at.is_none()
    }

    /// Takes it back with all that it said. What a phone received before stays in its history.
    pub fn take_back(&mut self, at: Moment) {
        self.taken_back_at = Some(at);
        self.route = None;
        self.dose.clear();
    }
}

impl Content for MedicineShown {
    const KIND: Kind = Kind::named("medicine_shown");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("copy_of"),
        Field::value("route"),
        Field::value("dose"),
        Field::value("by"),
        Field::value("at"),
        Field::value("taken_back_at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::MedicineGiven);

    fn checked(self) -> Result<Self, Invalid> {
        let route = self.route.as_ref().map(|route| route.checked(ROUTE));
        let dose = text::line(&self.dose, DOSE, limits::DOSE)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        let back = self.taken_back_at;
        back.map(|at| text::moment(at, TAKEN_BACK_AT)).transpose()?;
        Ok(Self {
            route: route.transpose()?,
            dose,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            state: if self.is_shown() {
                "shown"
            } else {
                "taken_back"
            },
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let records = MedicineRecord::examples().into_iter().zip(1_u8..);
        let example = |(record, n): (MedicineRecord, u8)| MedicineShown {
            taken_back_at: Some(Moment::utc(1_795_465_114_000 + i64::from(n))),
            ..MedicineShown::of(
                DocumentId::new([n + 100; 16]),
                &record,
                &record.by,
                record.at,
            )
        };
        records.map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_says_when_it_is_old_and_nothing_once_it_is_taken_back() {
        let mut record = MedicineRecord::examples().remove(0);
        let id = DocumentId::new([9; 16]);
        let mut shown = MedicineShown::of(id, &record, "Dr. Vega", Moment::utc(0));
        assert!(shown.is_current(&record));
        record.dose = "another plan".into();
        assert!(!shown.is_current(&record));
        shown.take_back(Moment::utc(1));
        assert!(!shown.is_shown() && shown.dose.is_empty() && shown.route.is_none());
    }
}
