//! Keeping the register right: correcting who a patient is, putting an entry away, and merging one that
//! was made twice. Nothing of it touches what a patient shared. Whoever changes an entry says which one they had
//! before them ([`PatientRecord::entry`]): where somebody changed it meanwhile, nothing is done. What is so already is
//! not refused.

use super::Clinic;
use super::programme::how_it_stands;
use super::view::{Correction, SameName};
use crate::domain::programme::Standing;
use crate::domain::{Content as _, DocumentId, PatientRecord, Programme, nickname};
use crate::error::{CoreError, NotNow, Result};
use crate::records::Seen;

/// Why a programme ends with an entry that is archived, for the patient: an end says why.
const ARCHIVED: &str = "The clinic archived this record.";

impl Clinic {
    /// Corrects who a patient is: name, initials and pronouns. No patient sees any of it.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where `seen` is not the present entry; [`CoreError::SameName`] when another
    /// patient has that name and nobody said that it is another person; [`CoreError::Invalid`] names the field.
    ///
    /// ```
    /// use companion_core::clinic::Correction;
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Adda".into(), ..NewPatient::default() })?;
    ///
    /// let seen = Seen::of(&clinic.patient(ada)?.record.entry());
    /// clinic.correct_patient(ada, seen, Correction { name: "Ada".into(), ..Correction::default() })?;
    /// assert_eq!(clinic.patient(ada)?.record.name, "Ada");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn correct_patient(
        &self,
        patient: DocumentId,
        seen: Seen,
        correction: Correction,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let record = self.record(patient)?;
        let corrected = PatientRecord {
            name: correction.name,
            initials: correction.initials,
            pronouns: correction.pronouns,
            ..record.content.clone()
        }
        .checked()?;
        if corrected == record.content {
            return Ok(());
        }
        seen.must_be(&record.content.entry())?;
        self.must_be_another(&corrected.name, Some(patient), correction.same_name)?;
        let edited = self
            .own
            .edit::<PatientRecord>(patient, &record.revision, |record| {
                record.name = corrected.name;
                record.initials = corrected.initials;
                record.pronouns = corrected.pronouns;
            });
        edited.map(drop)
    }

    /// A patient's entry of the register with how their programme stands: what archiving it ends.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn to_archive(&self, patient: DocumentId) -> Result<Seen> {
        let record = self.record(patient)?.content;
        self.with_its_programme(patient, &record)
            .map(|shown| Seen::of(&shown))
    }

    fn with_its_programme(
        &self,
        patient: DocumentId,
        record: &PatientRecord,
    ) -> Result<(Seen, Option<Seen>)> {
        let programme = self.programme(patient)?;
        Ok((
            Seen::of(&record.entry()),
            programme.as_ref().map(how_it_stands),
        ))
    }

    /// Ends a patient's programme and puts their entry away. What they write from now on still arrives,
    /// and brings the entry back to the caseload until somebody saw it.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where `seen` is not [what it would end](Clinic::to_archive); [`CoreError::StillAhead`] names the sessions and visits that are still to come: call them off first;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # use companion_core::records::Seen;
    /// clinic.archive_patient(ada, clinic.to_archive(ada)?, "Maya")?;
    /// assert!(clinic.caseload()?[0].is_put_away());
    /// clinic.bring_back_patient(ada, Seen::of(&clinic.patient(ada)?.record.entry()))?;
    /// assert!(!clinic.caseload()?[0].is_put_away());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn archive_patient(&self, patient: DocumentId, seen: Seen, by: &str) -> Result<()> {
        let at = self.now();
        let _turn = self.take_register_turn();
        let record = self.record(patient)?;
        if record.content.archived_at.is_none() {
            seen.must_be(&self.with_its_programme(patient, &record.content)?)?;
        }
        let mut edits = vec![self.own.edit_to_commit::<PatientRecord>(
            patient,
            &record.revision,
            |record| {
                record.archived_at.get_or_insert(at);
            },
        )?];
        if let Some(programme) = self.programme_to_change(patient)? {
            if programme.content.standing() != Standing::Ended {
                self.nothing_may_be_ahead(patient)?;
            }
            if self.over_in(record.content.care_space)?.is_some() {
                // Nothing is written there any more, and nothing is on.
                return self.replica.commit(&edits);
            }
            let id = self.new_item();
            edits.push(self.records_of(patient)?.edit_to_commit::<Programme>(
                programme.id,
                &programme.revision,
                |programme| programme.set_standing(id, Standing::Ended, ARCHIVED, by, at),
            )?);
        }
        self.replica.commit(&edits)
    }

    /// Takes an entry out of the archive, or apart from the one that it was merged into. The phase stays
    /// for somebody to set.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where `seen` is not the present entry; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # use companion_core::records::Seen;
    /// clinic.archive_patient(ada, clinic.to_archive(ada)?, "Maya")?;
    /// clinic.bring_back_patient(ada, Seen::of(&clinic.patient(ada)?.record.entry()))?;
    /// assert_eq!(clinic.patient(ada)?.record.archived_at, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn bring_back_patient(&self, patient: DocumentId, seen: Seen) -> Result<()> {
        let _turn = self.take_register_turn();
        let record = self.record(patient)?.content;
        if record.archived_at.is_none() && record.merged_into.is_none() {
            return Ok(());
        }
        seen.must_be(&record.entry())?;
        self.edit_record(patient, |record| {
            record.archived_at = None;
            record.merged_into = None;
        })
    }

    /// Says that the entry `twice` is the same person as `kept`, and puts it away. Each keeps its own
    /// shared record: what is written to the other one surfaces under that entry.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where `seen` is not the present entry of `twice`; [`NotNow::MergedAlready`] for an entry into itself or into one that was itself merged;
    /// [`NotNow::PutAway`] into one that was archived;
    /// [`CoreError::StillAhead`] names the sessions and visits of `twice` that are still to come: call them off first;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::clinic::SameName;
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let same_name = SameName::IsAnother;
    /// let twice = clinic.register(NewPatient { name: "Ada".into(), same_name, ..NewPatient::default() })?;
    /// let seen = Seen::of(&clinic.patient(twice)?.record.entry());
    /// clinic.merge_patients(ada, twice, seen)?;
    /// assert_eq!(clinic.merged_into(ada)?, [twice]);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn merge_patients(&self, kept: DocumentId, twice: DocumentId, seen: Seen) -> Result<()> {
        let _turn = self.take_register_turn();
        let record = self.record(twice)?.content;
        if record.merged_into != Some(kept) {
            seen.must_be(&record.entry())?;
        }
        let into = self.record(kept)?.content;
        if record.merged_into != Some(kept) && into.archived_at.is_some() {
            return Err(NotNow::PutAway.into());
        }
        let is_merged = into.merged_into.is_some();
        if kept == twice || is_merged || !self.merged_into(twice)?.is_empty() {
            return Err(NotNow::MergedAlready.into());
        }
        if record.merged_into.is_none() {
            // Nobody looks at an entry that was put away.
            self.nothing_may_be_ahead(twice)?;
        }
        self.edit_record(twice, |record| record.merged_into = Some(kept))
    }

    /// That a patient's entry is neither archived nor merged into another one: nobody looks at one that is.
    ///
    /// # Errors
    ///
    /// [`NotNow::PutAway`]; [`Missing::Patient`](crate::Missing::Patient).
    pub(super) fn must_not_be_put_away(&self, patient: DocumentId) -> Result<()> {
        let record = self.record(patient)?.content;
        if record.archived_at.is_some() || record.merged_into.is_some() {
            return Err(NotNow::PutAway.into());
        }
        Ok(())
    }

    /// The entries that were merged into one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.merged_into(ada)?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn merged_into(&self, kept: DocumentId) -> Result<Vec<DocumentId>> {
        let register = self.read_register()?.into_iter();
        let merged = register.filter(|(_, record)| record.merged_into == Some(kept));
        Ok(merged.map(|(patient, _)| patient).collect())
    }

    /// That nobody else in the register has that name, unless somebody said that it is another person.
    pub(super) fn must_be_another(
        &self,
        name: &str,
        own: Option<DocumentId>,
        same_name: SameName,
    ) -> Result<()> {
        if same_name == SameName::IsAnother {
            return Ok(());
        }
        let key = nickname::key(name);
        for (patient, record) in self.read_register()? {
            if Some(patient) != own && nickname::key(&record.name) == key {
                return Err(CoreError::SameName { patient });
            }
        }
        Ok(())
    }
}
