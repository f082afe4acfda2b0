//! The list of medicines and supplements. Nothing is taken off it: what was stopped stays.

use companion_core::domain::medication_list::Medication;
use companion_core::domain::{DocumentId, ItemId, MedicationReview};
use companion_core::patient::Medicines;
use companion_core::records::View;

use super::PhoneRecord;
use crate::cross::{Back, Cross, view};
use crate::error::Result;
use crate::kinds::{MedicineListView, MedicineSort};
use crate::values::LocalMoment;

view! {
    /// That somebody of the clinic went through a list.
    MedicinesGoneThroughView of MedicationReview {
        /// Who.
        by: String,
        /// When.
        at: LocalMoment,
    }
    without { about, revision }
}

/// A list of medicines, with who went through it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MedicinesNowView {
    /// The list.
    pub list: MedicineListView,
    /// Who went through it as it is now.
    pub reviewed: Option<MedicinesGoneThroughView>,
    /// Who last went through it as it was before, where nobody went through it as it is now.
    pub reviewed_before: Option<MedicinesGoneThroughView>,
}

impl Cross<(View<companion_core::domain::MedicationList>, Medicines)> for MedicinesNowView {
    fn out((list, gone): (View<companion_core::domain::MedicationList>, Medicines)) -> Self {
        let Medicines {
            reviewed,
            reviewed_before,
        } = gone;
        Self {
            list: Cross::out(list),
            reviewed: Cross::out(reviewed),
            reviewed_before: Cross::out(reviewed_before),
        }
    }
}

/// A medicine or supplement to add.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MedicineRequest {
    /// Its name with whatever belongs to it, 1 to 200 characters.
    pub name: String,
    /// What it is taken for, at most 200 characters; may be empty.
    #[uniffi(default = "")]
    pub what_for: String,
    /// What sort of thing it is.
    pub sort: MedicineSort,
    /// When it was stopped, if it was.
    #[uniffi(default = None)]
    pub stopped_at: Option<LocalMoment>,
}

impl Back<Medication> for MedicineRequest {
    fn back(self) -> Result<Medication> {
        let MedicineRequest {
            name,
            what_for,
            sort,
            stopped_at,
        } = self;
        Ok(Medication {
            name,
            what_for,
            sort: sort.back()?,
            stopped_at: stopped_at.back()?,
        })
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The lists, the newest first, each with who went through it. There is one, unless two phones began apart: then
    /// both count.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn medicines(&self) -> Result<Vec<MedicinesNowView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.medicines()?)))
            .await
    }

    /// Adds something to the newest list, or begins one. The clinic sees it.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `Invalid` names the field.
    pub async fn add_medicine(&self, medicine: MedicineRequest) -> Result<MedicineListView> {
        self.inner
            .ask(move |patient| {
                let medicine = medicine.back()?;
                Ok(Cross::out(patient.add_medicine(medicine)?))
            })
            .await
    }

    /// Says when something on a list was stopped; with nothing, that it is taken.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn set_medicine_stopped(
        &self,
        list: DocumentId,
        item: ItemId,
        stopped_at: Option<LocalMoment>,
    ) -> Result<MedicineListView> {
        self.inner
            .ask(move |patient| {
                let stopped_at = stopped_at.back()?;
                Ok(Cross::out(
                    patient.set_medicine_stopped(list, item, stopped_at)?,
                ))
            })
            .await
    }
}
