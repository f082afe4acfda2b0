//! Structure and costs of a patient's programme, as the clinic walks through them.

use super::Clinic;
use crate::domain::programme::CostReview;
use crate::domain::{CostAcknowledgement, CostSheet, CostWalkthrough, DocumentId};
use crate::error::Result;
use crate::records::View;

impl Clinic {
    /// The newest cost sheet of a patient's in its present version, and who stands by that version;
    /// `None` as long as there is no sheet.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::CostSheet;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let sheet = clinic.create(ada, CostSheet::new(clinic.now()))?;
    /// clinic.walk_through_costs(ada, &sheet, "Maya")?;
    /// let review = clinic.cost_review(ada)?.unwrap();
    /// assert!(review.walked_through.is_some() && review.acknowledged.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn cost_review(&self, patient: DocumentId) -> Result<Option<CostReview>> {
        let records = self.records_of(patient)?;
        let Some(sheet) = records.newest::<CostSheet>()? else {
            return Ok(None);
        };
        let walkthroughs = records.about::<CostWalkthrough>(sheet.id)?;
        let acknowledgements = records.about::<CostAcknowledgement>(sheet.id)?;
        Ok(Some(CostReview::of(
            sheet.id,
            sheet.revision,
            walkthroughs,
            acknowledgements,
        )))
    }

    /// Records that somebody of the clinic went through a sheet with the patient, in the version that they
    /// had before them.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a name that is missing; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::CostSheet;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let sheet = clinic.create(ada, CostSheet::new(clinic.now()))?;
    /// let walked = clinic.walk_through_costs(ada, &sheet, "Maya")?;
    /// assert_eq!(walked.content.revision, sheet.revision);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn walk_through_costs(
        &self,
        patient: DocumentId,
        sheet: &View<CostSheet>,
        by: &str,
    ) -> Result<View<CostWalkthrough>> {
        let walkthrough = CostWalkthrough {
            about: sheet.id,
            revision: sheet.revision.clone(),
            by: by.to_owned(),
            at: self.now(),
        };
        self.create(patient, walkthrough)
    }
}
