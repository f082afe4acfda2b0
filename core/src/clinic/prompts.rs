//! A clinic's own prompts for integration: for all its patients, or for one alone.

use super::Clinic;
use super::for_all_or_one::Settable;
use crate::domain::{DocumentId, PromptRules};
use crate::error::Result;
use crate::records::View;

impl Settable for PromptRules {}

impl Clinic {
    /// What the clinic set of the prompts for all its patients; `None` while ours count as they are.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.prompt_rules()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn prompt_rules(&self) -> Result<Option<PromptRules>> {
        self.held_for_all()
    }

    /// Changes the prompts of all patients, except of those who have prompts of their own. What says the same
    /// again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names what can't be offered, and why.
    ///
    /// ```
    /// use companion_core::domain::prompt_rules::PromptChange;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let own = PromptChange {
    ///     prompt: "lake".into(),
    ///     from_day: Some(3),
    ///     until_day: Some(10),
    ///     words: "Have you been outside?".into(),
    ///     ..PromptChange::default()
    /// };
    /// let id = clinic.new_item();
    /// clinic.change_prompt_rules("Maya", |rules| rules.change(id, own.clone()))?;
    /// assert_eq!(clinic.prompt_rules_of(ada)?.unwrap().content.changes.len(), 1);
    /// let late = PromptChange { from_day: Some(20), ..own };
    /// let refused = clinic.change_prompt_rules("Maya", |rules| rules.change(id, late));
    /// assert!(refused.unwrap_err().to_string().contains("its last day, 10, comes before its first, 20"));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_prompt_rules(
        &self,
        by: &str,
        change: impl FnOnce(&mut PromptRules),
    ) -> Result<()> {
        self.change_for_all(by, change)
    }

    /// What this patient's phone has of the prompts: those for all, or for them alone; `None` while ours count as
    /// they are.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn prompt_rules_of(&self, patient: DocumentId) -> Result<Option<View<PromptRules>>> {
        self.held_for(patient)
    }

    /// Changes the prompts of one patient alone. From then on those for all leave theirs as they are.
    ///
    /// # Errors
    ///
    /// As [`Clinic::change_prompt_rules`], and [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::prompt_rules::PromptChange;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let off = PromptChange { prompt: "hard".into(), off: true, ..PromptChange::default() };
    /// let id = clinic.new_item();
    /// clinic.change_prompt_rules_of(ada, "Maya", |rules| rules.change(id, off))?;
    /// assert_eq!(clinic.patients_with_their_own_prompts()?, [(ada, "Ada".to_owned())]);
    /// clinic.use_prompt_rules_for_all(ada, "Maya")?;
    /// assert!(clinic.prompt_rules_of(ada)?.unwrap().content.changes.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_prompt_rules_of(
        &self,
        patient: DocumentId,
        by: &str,
        change: impl FnOnce(&mut PromptRules),
    ) -> Result<()> {
        self.change_for(patient, by, change)
    }

    /// The patients who have prompts of their own, by name: what changes for all changes nothing for them.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn patients_with_their_own_prompts(&self) -> Result<Vec<(DocumentId, String)>> {
        self.patients_apart::<PromptRules>()
    }

    /// Lets the prompts for all count for one patient again.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn use_prompt_rules_for_all(&self, patient: DocumentId, by: &str) -> Result<()> {
        self.hold_for_all_again::<PromptRules>(patient, by)
    }
}
