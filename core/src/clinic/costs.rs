//! Structure and costs of a patient's programme: written line by line, and walked through with the patient.

use super::Clinic;
use crate::costs::Costs;
use crate::domain::cost_sheet::CostLine;
use crate::domain::programme::CostReview;
use crate::domain::{CostSheet, CostWalkthrough, DocumentId, ItemId};
use crate::error::{CoreError, Missing, Result};
use crate::records::{Seen, View};

impl Clinic {
    /// Structure and costs of a patient's programme as they are now, and who stands by them; `None` as long
    /// as there is no sheet.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.costs(ada)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn costs(&self, patient: DocumentId) -> Result<Option<Costs>> {
        Costs::read(&self.records_of(patient)?)
    }

    /// Who stands by the present version of a patient's newest cost sheet; `None` as long as there is none.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::domain::cost_sheet::{CostLine, Payer};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let line = CostLine {
    /// #     label: "Session".into(),
    /// #     provider: String::new(),
    /// #     payer: Payer::Cash,
    /// #     is_medicine: false,
    /// #     hsa_fsa: false,
    /// #     amount: "12000 USD".parse().ok(),
    /// # };
    /// clinic.add_cost_line(ada, line)?;
    /// let costs = clinic.costs(ada)?.unwrap();
    /// clinic.walk_through_costs(ada, &costs, "Maya")?;
    /// let review = clinic.cost_review(ada)?.unwrap();
    /// assert!(review.walked_through.is_some() && review.acknowledged.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn cost_review(&self, patient: DocumentId) -> Result<Option<CostReview>> {
        Ok(self.costs(patient)?.map(|costs| costs.review))
    }

    /// Adds a line to a patient's cost sheet, and begins the sheet where there is none. Whoever stood by
    /// the sheet before is asked again.
    ///
    /// # Errors
    ///
    /// [`CoreError::StandsOtherwise`] where the programme has ended: another one has costs of its own;
    /// [`CoreError::Invalid`] for a line without a label, and for one too many;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::cost_sheet::{CostLine, Payer};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let line = CostLine {
    /// #     label: "Session".into(),
    /// #     provider: String::new(),
    /// #     payer: Payer::Cash,
    /// #     is_medicine: false,
    /// #     hsa_fsa: false,
    /// #     amount: "12000 USD".parse().ok(),
    /// # };
    /// let sheet = clinic.add_cost_line(ada, line)?;
    /// assert_eq!((sheet.content.version, sheet.content.lines.len()), (1, 1));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn add_cost_line(&self, patient: DocumentId, line: CostLine) -> Result<View<CostSheet>> {
        // Two that are added at once must not begin two sheets.
        let _turn = self.take_register_turn();
        self.costs_must_be_open(patient)?;
        let item = self.new_item();
        match self.costs(patient)? {
            Some(Costs { sheet, .. }) => {
                self.edit::<CostSheet>(patient, sheet.id, &sheet.revision, |sheet| {
                    sheet.revise(|lines| lines.push(item, line));
                })
            }
            None => {
                let mut sheet = CostSheet::new(self.now());
                sheet.lines.push(item, line);
                self.create(patient, sheet)
            }
        }
    }

    /// Says something else in a line of a cost sheet. `change` is given the line as it stands, and gives the one
    /// that is to stand, or `None` where nothing is to be written: so what somebody else wrote meanwhile is never
    /// overwritten unseen. The same words again make no version, so nobody is asked again.
    ///
    /// # Errors
    ///
    /// [`Missing::CostLine`](crate::Missing::CostLine) for a line that was removed; [`CoreError::Invalid`]
    /// for one without a label; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::cost_sheet::{CostLine, Payer};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let line = CostLine {
    /// #     label: "Session".into(),
    /// #     provider: String::new(),
    /// #     payer: Payer::Cash,
    /// #     is_medicine: false,
    /// #     hsa_fsa: false,
    /// #     amount: "12000 USD".parse().ok(),
    /// # };
    /// let sheet = clinic.add_cost_line(ada, line.clone())?;
    /// let (item, _) = sheet.content.lines.iter().next().unwrap();
    /// let insured = CostLine { payer: Payer::Insurance, ..line };
    /// let sheet = clinic.change_cost_line(ada, sheet.id, item, |_| Some(insured))?;
    /// assert_eq!(sheet.content.version, 2);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_cost_line(
        &self,
        patient: DocumentId,
        sheet: DocumentId,
        item: ItemId,
        change: impl FnOnce(&CostLine) -> Option<CostLine>,
    ) -> Result<View<CostSheet>> {
        let _turn = self.take_register_turn();
        self.costs_must_be_open(patient)?;
        let present = self.get::<CostSheet>(patient, sheet)?;
        let line = present.content.lines.get(item);
        let Some(line) = change(line.ok_or(CoreError::NotFound(Missing::CostLine))?) else {
            return Ok(present);
        };
        self.edit::<CostSheet>(patient, sheet, &present.revision, |sheet| {
            sheet.revise(|lines| {
                lines.update(item, |present| *present = line);
            });
        })
    }

    /// Removes a line of a cost sheet. `seen` is the line that the person had before them; removing one a second time
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] for a line that says something else by now; [`Missing::Patient`](crate::Missing::Patient); [`CoreError::NotFound`] for another sheet.
    ///
    /// ```
    /// use companion_core::domain::cost_sheet::{CostLine, Payer};
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let line = CostLine {
    /// #     label: "Session".into(),
    /// #     provider: String::new(),
    /// #     payer: Payer::Cash,
    /// #     is_medicine: false,
    /// #     hsa_fsa: false,
    /// #     amount: "12000 USD".parse().ok(),
    /// # };
    /// let sheet = clinic.add_cost_line(ada, line)?;
    /// let (item, line) = sheet.content.lines.iter().next().unwrap();
    /// let seen = Seen::of(line);
    /// assert!(clinic.remove_cost_line(ada, sheet.id, item, seen)?.content.lines.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_cost_line(
        &self,
        patient: DocumentId,
        sheet: DocumentId,
        item: ItemId,
        seen: Seen,
    ) -> Result<View<CostSheet>> {
        let _turn = self.take_register_turn();
        let present = self.get::<CostSheet>(patient, sheet)?;
        let Some(line) = present.content.lines.get(item) else {
            return Ok(present);
        };
        self.costs_must_be_open(patient)?;
        seen.must_be(line)?;
        self.edit::<CostSheet>(patient, sheet, &present.revision, |sheet| {
            sheet.revise(|lines| {
                lines.remove(item);
            });
        })
    }

    /// That they may still be agreed on, in an entry that is not put away.
    fn costs_must_be_open(&self, patient: DocumentId) -> Result<()> {
        self.must_not_be_put_away(patient)?;
        Costs::must_be_open(&self.records_of(patient)?)
    }

    /// Records that somebody of the clinic went through structure and costs with the patient, in the version and
    /// with the number of sessions that they had before them.
    ///
    /// # Errors
    ///
    /// [`NotNow::CostsChanged`](crate::NotNow::CostsChanged) where that is not the present one;
    /// [`CoreError::Invalid`] for a name that is missing; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::domain::cost_sheet::{CostLine, Payer};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let line = CostLine {
    /// #     label: "Session".into(),
    /// #     provider: String::new(),
    /// #     payer: Payer::Cash,
    /// #     is_medicine: false,
    /// #     hsa_fsa: false,
    /// #     amount: "12000 USD".parse().ok(),
    /// # };
    /// clinic.add_cost_line(ada, line)?;
    /// let costs = clinic.costs(ada)?.unwrap();
    /// let walked = clinic.walk_through_costs(ada, &costs, "Maya")?;
    /// assert_eq!(walked.content.revision, costs.sheet.revision);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn walk_through_costs(
        &self,
        patient: DocumentId,
        costs: &Costs,
        by: &str,
    ) -> Result<View<CostWalkthrough>> {
        let records = self.records_of(patient)?;
        self.costs_must_be_open(patient)?;
        let seen = Costs::seen(&records, costs)?;
        records.create(CostWalkthrough {
            about: seen.sheet.id,
            revision: seen.sheet.revision,
            planned: seen.planned,
            by: by.to_owned(),
            at: self.now(),
        })
    }
}
