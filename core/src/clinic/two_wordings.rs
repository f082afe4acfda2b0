//! Choosing between the wordings of what was written in two places apart, where the clinic writes it.

use super::Clinic;
use crate::domain::{DocumentId, Writers, declared};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::records::InTwoWordings;

impl Clinic {
    /// All that stands in two wordings in a patient's record, and in what the clinic keeps about them for itself,
    /// whatever kind it is. What only the patient writes is among it, and only they can choose there.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient) for nobody of this clinic.
    pub fn in_two_wordings(&self, patient: DocumentId) -> Result<Vec<InTwoWordings>> {
        self.records_of(patient)?.in_two_wordings()
    }

    /// The same of what the clinic keeps for itself and about no patient alone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn own_in_two_wordings(&self) -> Result<Vec<InTwoWordings>> {
        self.own.in_two_wordings()
    }

    /// Chooses one of the wordings of something in a patient's record, or of the clinic's own where `patient` is
    /// `None`, in somebody's name. `which` is as it lay before them: where it changed since, nothing is done. Any
    /// wording may be chosen, also of a kind with verbs of its own: one of those verbs has taken it before.
    ///
    /// # Errors
    ///
    /// [`NotNow::NothingToChoose`](crate::NotNow::NothingToChoose) when there is no such wording, or not any more;
    /// [`CoreError::NotYours`](crate::CoreError::NotYours) for what only the patient writes;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that can't be used.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// for which in clinic.in_two_wordings(ada)?.iter().filter(|which| which.is_ours_to_choose) {
    ///     for apart in &which.apart {
    ///         clinic.choose_wording(Some(ada), which, &apart.field, &apart.wordings[0], "Maya")?;
    ///     }
    /// }
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn choose_wording(
        &self,
        patient: Option<DocumentId>,
        which: &InTwoWordings,
        field: &str,
        wording: &str,
        by: &str,
    ) -> Result<()> {
        self.must_be_a_name(by)?;
        let turn = self.take_register_turn();
        let records = match patient {
            Some(patient) => self.records_of(patient)?,
            None => self.own.clone(),
        };
        if !records.in_two_wordings()?.contains(which) {
            return Err(NotNow::NothingToChoose.into());
        }
        let kind = declared(&which.kind).ok_or(CoreError::NotFound(Missing::Document))?;
        let (id, seen) = (which.id, &which.revision);
        let chosen = records.choose_of(kind, id, seen, (field, wording), Some(by))?;
        if kind.writers == Writers::Both {
            records.name_writer(Some(seen), (id, &chosen.revision), by)?;
        }
        drop(turn);
        // What is copied into care spaces says it there too. What fails here is said by the next exchange.
        self.raise_what_arrived();
        Ok(())
    }
}
