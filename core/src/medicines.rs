//! That somebody of the clinic went through a list of medicines: the same for patient and clinic.

use crate::domain::{MedicationList, MedicationReview};
use crate::error::Result;
use crate::records::{Records, View};

/// Who went through a list of medicines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Medicines {
    /// Who went through the present version; the first who did.
    pub reviewed: Option<MedicationReview>,
    /// The newest word about an earlier version, where nobody went through the present one.
    pub reviewed_before: Option<MedicationReview>,
}

impl Medicines {
    pub(crate) fn read(records: &Records, list: &View<MedicationList>) -> Result<Self> {
        let mut reviews = records.about::<MedicationReview>(list.id)?;
        reviews.sort_by_key(|review| review.at);
        let stands = |review: &&MedicationReview| review.stands_for(list.id, &list.revision);
        let reviewed = reviews.iter().find(stands).cloned();
        Ok(Medicines {
            reviewed_before: reviewed.is_none().then(|| reviews.pop()).flatten(),
            reviewed,
        })
    }
}
