//! The digest of a patient that a clinician reads before a session.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clinic, Shared};
use crate::domain::digest::{self, Digest, FlagFact, Material, digest};
use crate::domain::disclosed::Disclosed;
use crate::domain::{Content, DocumentId, Flag, Moment, Placement, Visibility};
use crate::error::{CoreError, Result};
use crate::present;
use crate::records::{PageSize, Query, Records};

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
        let mut record = Read {
            clinic: self,
            records: self.records_of(patient)?,
            patient,
            talked_about: BTreeSet::new(),
        };
        let mut material = Material::gather(&mut record)?;
        material.talked_about = record.talked_about;
        material.closed = present::before_sessions(&self.records_of(patient)?)?;
        material.flags = Some(self.flag_facts(patient, &material)?);
        Ok(digest(&material, since, self.now()))
    }

    /// The flags of a patient that nobody has closed, and all that are about what they answered about
    /// thoughts of death, by the name that it has now.
    fn flag_facts(&self, patient: DocumentId, material: &Material) -> Result<Vec<FlagFact>> {
        let mut facts = BTreeMap::new();
        for answer in &material.harm {
            let about = answer.id();
            for flag in self.own.every(&Query::<Flag>::about(about))? {
                if flag.content.patient == patient {
                    let fact = FlagFact::of(flag.id, &flag.content, Some(about));
                    facts.insert(flag.id, fact);
                }
            }
        }
        for flag in self.open_flags(patient)? {
            let fact = FlagFact::of(flag.id, &flag.content, flag.content.about);
            facts.entry(flag.id).or_insert(fact);
        }
        Ok(facts.into_values().collect())
    }
}

/// What a patient shared, noting what of it was talked about.
struct Read<'a> {
    clinic: &'a Clinic,
    records: Records,
    patient: DocumentId,
    talked_about: BTreeSet<DocumentId>,
}

impl digest::Shared for Read<'_> {
    type Error = CoreError;

    fn all<T: Content>(&mut self) -> Result<Vec<Disclosed<T>>> {
        if T::PLACEMENT == Placement::Care {
            // The patient chooses nothing about whom it is for, so nothing of it is marked.
            return self.every(&Query::<T>::all());
        }
        let mut all = self.marked::<T>()?;
        let others = Query::<T>::all().in_state(Visibility::CareTeam.as_str());
        all.extend(self.every(&others)?);
        Ok(all)
    }
}

impl Read<'_> {
    /// What is to be talked about. Only of that it is asked what was done about it.
    fn marked<T: Content>(&mut self) -> Result<Vec<Disclosed<T>>> {
        let mut all = Vec::new();
        let mut marked = Query::<T>::all()
            .in_state(Visibility::TalkInSession.as_str())
            .size(PageSize::LARGEST);
        loop {
            let page = self.clinic.shared(self.patient, &marked)?;
            let done = |shared: &&Shared<T>| !shared.is_to_talk_about;
            let done = page.items.iter().filter(done).map(|shared| shared.view.id);
            self.talked_about.extend(done);
            for shared in page.items {
                all.extend(self.records.disclosed(shared.view)?);
            }
            match page.next {
                Some(next) => marked = marked.after(next),
                None => return Ok(all),
            }
        }
    }

    fn every<T: Content>(&self, query: &Query<T>) -> Result<Vec<Disclosed<T>>> {
        let mut all = Vec::new();
        for view in self.records.every(query)? {
            all.extend(self.records.disclosed(view)?);
        }
        Ok(all)
    }
}
