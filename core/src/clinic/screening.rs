//! The checklist of contraindications, as clinicians go through it: what was found of each item, by whom and
//! when. Nothing is concluded from it here: the outcome is a person's.

use super::Clinic;
use crate::domain::screening::{Finding, FindingStep};
use crate::domain::{DocumentId, ItemId, Screening};
use crate::error::{CoreError, Missing, Result};
use crate::present;
use crate::records::{Records, Seen, View};

impl Clinic {
    /// The checklist of a patient, which is the newest one; `None` as long as nobody began one, and where this
    /// version can't read it ([`PatientView::unreadable`](super::PatientView::unreadable)).
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.screening(ada)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn screening(&self, patient: DocumentId) -> Result<Option<View<Screening>>> {
        let records = self.records_of(patient)?;
        of_the_present(&records, records.newest()?.or_nothing())
    }

    /// Writes down what somebody found of an item of the checklist, which is begun where there is none. Each
    /// look is kept, and the last one of an item stands. `seen` is what the person had before them of the item:
    /// nobody's finding is put aside unread.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where somebody found something meanwhile; [`Missing::ScreeningItem`] for an item that was removed; [`CoreError::Invalid`] for a name that is
    /// missing, or a note that is too long; [`NotNow::Newer`](crate::NotNow::Newer);
    /// [`Missing::Patient`].
    ///
    /// ```
    /// use companion_core::domain::Screening;
    /// use companion_core::domain::screening::{Finding, GROUPS};
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let (heart, _) = GROUPS[0];
    /// let unlooked = Screening::new(clinic.now());
    /// let seen = Seen::of(&unlooked.looked_at(heart));
    /// let list = clinic.note_finding(ada, heart, seen, Finding::Absent, "As told.", "Dr. Vega")?;
    /// assert_eq!(list.content.finding(heart).unwrap().by, "Dr. Vega");
    /// assert_eq!(list.content.open_items().len(), 2);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn note_finding(
        &self,
        patient: DocumentId,
        item: ItemId,
        seen: Seen,
        finding: Finding,
        note: &str,
        by: &str,
    ) -> Result<View<Screening>> {
        let found = FindingStep {
            item,
            finding,
            note: note.to_owned(),
            by: by.to_owned(),
            at: self.now(),
        };
        let id = self.new_item();
        self.change_screening(patient, |list| {
            let Some(looked_at) = list.looked_at(item) else {
                return Err(CoreError::NotFound(Missing::ScreeningItem));
            };
            seen.must_be(&looked_at)?;
            list.findings.add(id, found);
            Ok(())
        })
    }

    /// Asks one thing more of this patient.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for words that say nothing, are too long, or are asked already;
    /// [`NotNow::Newer`](crate::NotNow::Newer); [`Missing::Patient`].
    pub fn add_screening_item(&self, patient: DocumentId, label: &str) -> Result<View<Screening>> {
        let (id, label) = (self.new_item(), label.to_owned());
        self.change_screening(patient, |list| Ok(list.ask(id, label)?))
    }

    /// Takes back that something was asked besides the three groups, which stay. What was found of it stays in
    /// the history. `seen` is what the person had before them of the item; taking it back a second time changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where somebody found something meanwhile; [`CoreError::Invalid`] for one of the three groups; [`NotNow::Newer`](crate::NotNow::Newer);
    /// [`Missing::Patient`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # use companion_core::domain::screening::GROUPS;
    /// # use companion_core::records::Seen;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let list = clinic.add_screening_item(ada, "Thyroid")?.content;
    /// let (thyroid, _) = list.items.iter().last().unwrap();
    /// let seen = Seen::of(&list.looked_at(thyroid));
    /// let list = clinic.remove_screening_item(ada, thyroid, seen)?.content;
    /// assert_eq!(list.items.len(), 3);
    /// let (heart, _) = GROUPS[0];
    /// let seen = Seen::of(&list.looked_at(heart));
    /// assert!(clinic.remove_screening_item(ada, heart, seen).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_screening_item(
        &self,
        patient: DocumentId,
        item: ItemId,
        seen: Seen,
    ) -> Result<View<Screening>> {
        self.change_screening(patient, |list| {
            if let Some(looked_at) = list.looked_at(item) {
                seen.must_be(&looked_at)?;
            }
            list.items.remove(item);
            Ok(())
        })
    }

    fn change_screening(
        &self,
        patient: DocumentId,
        change: impl FnOnce(&mut Screening) -> Result<()>,
    ) -> Result<View<Screening>> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let present = records.newest::<Screening>()?.or_refuse()?;
        let Some(present) = of_the_present(&records, present)? else {
            let mut list = Screening::new(self.now());
            change(&mut list)?;
            return records.create(list);
        };
        let mut list = present.content.clone();
        change(&mut list)?;
        records.edit::<Screening>(present.id, &present.revision, |it| *it = list)
    }
}

/// The checklist, if it is of the present programme: one that follows begins with a screening of its own, as with
/// an outcome of its own.
fn of_the_present(
    records: &Records,
    list: Option<View<Screening>>,
) -> Result<Option<View<Screening>>> {
    let since = present::since(records)?;
    Ok(list.filter(|view| since.counts(view.content.at)))
}
