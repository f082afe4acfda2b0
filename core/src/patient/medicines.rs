//! The list of medicines and supplements on a patient's phone. Nothing is taken off it: what was stopped stays.

use super::Patient;
use crate::domain::medication_list::Medication;
use crate::domain::{DocumentId, ItemId, MedicationList, Moment};
use crate::error::Result;
use crate::medicines::Medicines;
use crate::records::{Query, View};

impl Patient {
    /// The lists, newest first, each with who went through it. There is one, unless two phones began apart: then
    /// both count.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.medicines()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn medicines(&self) -> Result<Vec<(View<MedicationList>, Medicines)>> {
        let lists = self.every(&Query::<MedicationList>::all())?.into_iter();
        let with = lists.map(|list| {
            let medicines = Medicines::read(&self.records, &list)?;
            Ok((list, medicines))
        });
        with.collect()
    }

    /// Adds something to the newest list, or begins one.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`](crate::CoreError::NotPaired) when there is no clinic to see it;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::domain::medication_list::{Medication, MedicationSort};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let zinc = Medication {
    ///     name: "Zinc".into(),
    ///     what_for: String::new(),
    ///     sort: MedicationSort::Supplement,
    ///     stopped_at: None,
    /// };
    /// assert!(matches!(phone.add_medicine(zinc), Err(CoreError::NotPaired)));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn add_medicine(&self, medication: Medication) -> Result<View<MedicationList>> {
        let (item, now) = (ItemId::random(&*self.replica.ports.rng), self.now());
        match self.medicines()?.into_iter().next() {
            Some((list, _)) => self.edit::<MedicationList>(list.id, &list.revision, |it| {
                it.items.push(item, medication);
                it.at = now;
            }),
            None => {
                let mut list = MedicationList::new(now);
                list.items.push(item, medication);
                self.create(list)
            }
        }
    }

    /// Says when something on a list was stopped; with `None`, that it is taken.
    ///
    /// # Errors
    ///
    /// As [`Patient::get`].
    pub fn set_medicine_stopped(
        &self,
        list: DocumentId,
        item: ItemId,
        stopped_at: Option<Moment>,
    ) -> Result<View<MedicationList>> {
        let now = self.now();
        let present = self.get::<MedicationList>(list)?;
        self.edit::<MedicationList>(list, &present.revision, |it| {
            it.items
                .update(item, |medication| medication.stopped_at = stopped_at);
            it.at = now;
        })
    }
}
