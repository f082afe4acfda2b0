//! What the clinic reads at a glance of what this patient shared: the same rules that its digest is made by,
//! over the shared part of this phone's record. What is private can't get into it.

use std::collections::BTreeSet;

use companion_protocol::id::MemberId;

use super::Patient;
use crate::domain::digest::{self, Digest, Material, digest};
use crate::domain::disclosed::Disclosed;
use crate::domain::{Content, DocumentId, Moment, Placement, Purpose, Visibility};
use crate::error::{CoreError, Result};
use crate::members::is_patients;
use crate::present;
use crate::records::{DeliveryState, Query};

/// What the clinic reads at a glance, as far as this phone knows.
#[derive(Debug, Clone, PartialEq)]
pub struct AtAGlance {
    /// The digest. What the clinic marked as talked about still stands in it: such marks stay at the clinic.
    pub digest: Digest,
    /// What of all that it was made of the clinic has not received yet, in the version that stands here.
    pub not_received: BTreeSet<DocumentId>,
}

impl Patient {
    /// What the clinic reads at a glance of what was shared since a moment, by the rules that each
    /// [`Section`](crate::domain::digest::Section) states. It takes nothing private.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let since = phone.now();
    /// phone.create(Entry { body: "For nobody else.".into(), ..Entry::new(phone.now()) })?;
    /// let seen = phone.at_a_glance(since)?;
    /// assert!(seen.digest.changed.is_empty() && seen.not_received.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn at_a_glance(&self, since: Moment) -> Result<AtAGlance> {
        let mut record = Read {
            phone: self,
            clinic: self.clinic_nodes()?,
            not_received: BTreeSet::new(),
        };
        let mut material = Material::gather(&mut record)?;
        material.closed = present::before_sessions(&self.records)?;
        Ok(AtAGlance {
            digest: digest(&material, since, self.now()),
            not_received: record.not_received,
        })
    }

    /// The clinic's nodes in the care space, those that were there once among them.
    pub(super) fn clinic_nodes(&self) -> Result<BTreeSet<MemberId>> {
        let Some(care) = self.replica.row_for(Purpose::Care) else {
            return Ok(BTreeSet::new());
        };
        let state = self.replica.space(care.space)?;
        let members = state.chain.members();
        let clinics = members.filter(|member| !is_patients(member));
        Ok(clinics.map(|member| member.id).collect())
    }
}

/// What the patient shared, noting what of it the clinic has not received.
struct Read<'a> {
    phone: &'a Patient,
    /// The members that are the clinic's.
    clinic: BTreeSet<MemberId>,
    not_received: BTreeSet<DocumentId>,
}

impl digest::Shared for Read<'_> {
    type Error = CoreError;

    fn all<T: Content>(&mut self) -> Result<Vec<Disclosed<T>>> {
        let queries = if T::PLACEMENT == Placement::Care {
            vec![Query::<T>::all()]
        } else {
            let states = [Visibility::TalkInSession, Visibility::CareTeam];
            let states = states.map(Visibility::as_str).into_iter();
            states
                .map(|state| Query::<T>::all().in_state(state))
                .collect()
        };
        let mut shared = Vec::new();
        for query in queries {
            for view in self.phone.every(&query)? {
                let is_received = !matches!(
                    view.delivery,
                    DeliveryState::OnlyYours
                        | DeliveryState::TakenBack { .. }
                        | DeliveryState::OnThisDevice
                        | DeliveryState::NeverSent
                        | DeliveryState::Sent
                );
                // What the clinic alone wrote came from there.
                let is_clinics = view.writers.iter().all(|one| self.clinic.contains(one));
                let id = view.id;
                let Some(disclosed) = self.phone.records.disclosed(view)? else {
                    continue;
                };
                if !is_received && !is_clinics {
                    self.not_received.insert(id);
                }
                shared.push(disclosed);
            }
        }
        Ok(shared)
    }
}
