//! The digest of a patient that a clinician reads before a session.

use super::{Clinic, Shared};
use crate::domain::digest::{Digest, Material, TotalFact, digest};
use crate::domain::disclosed::Disclosed;
use crate::domain::{
    CheckIn, Commitment, Content, DocumentId, Entry, Moment, NextSessionItem, Response, Visibility,
};
use crate::error::Result;
use crate::records::{PageSize, Query, View};

impl Clinic {
    /// What was shared since a moment, in short, by the rules that each
    /// [`Section`](crate::domain::digest::Section) states. Nothing counts as opened by it.
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
    /// let digest = clinic.digest(ada, clinic.now())?;
    /// assert!(digest.to_talk_about.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn digest(&self, patient: DocumentId, since: Moment) -> Result<Digest> {
        let mut material = Material::default();
        material.entries = self.disclosed::<Entry>(patient, &mut material)?;
        material.check_ins = self.disclosed::<CheckIn>(patient, &mut material)?;
        material.commitments = self.disclosed::<Commitment>(patient, &mut material)?;
        material.lines = self.disclosed::<NextSessionItem>(patient, &mut material)?;
        let responses = self
            .disclosed::<Response>(patient, &mut material)?
            .into_iter();
        material.totals = responses
            .map(|one| one.map(|response| TotalFact::of(&response)))
            .collect();
        Ok(digest(&material, since, self.now()))
    }

    /// All that is shared of a kind, noting what of it was talked about.
    fn disclosed<T: Content>(
        &self,
        patient: DocumentId,
        material: &mut Material,
    ) -> Result<Vec<Disclosed<T>>> {
        let mut disclosed = Vec::new();
        // Only what is marked asks what was done about it.
        let mut marked = Query::<T>::all()
            .in_state(Visibility::TalkInSession.as_str())
            .size(PageSize::LARGEST);
        loop {
            let page = self.shared(patient, &marked)?;
            let done = |shared: &&Shared<T>| !shared.is_to_talk_about;
            let done = page.items.iter().filter(done).map(|shared| shared.view.id);
            material.talked_about.extend(done);
            let views = page.items.into_iter().map(|shared| shared.view);
            disclosed.extend(views.filter_map(View::disclosed));
            match page.next {
                Some(next) => marked = marked.after(next),
                None => break,
            }
        }
        let mut others = Query::<T>::all()
            .in_state(Visibility::CareTeam.as_str())
            .size(PageSize::LARGEST);
        loop {
            let page = self.page(patient, &others)?;
            disclosed.extend(page.items.into_iter().filter_map(View::disclosed));
            match page.next {
                Some(next) => others = others.after(next),
                None => return Ok(disclosed),
            }
        }
    }
}
