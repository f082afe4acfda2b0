//! What the clinic reads at a glance of what this patient shared: the same rules that its digest is made by,
//! over the shared part of this phone's record. What is private can't get into it.

use std::collections::BTreeSet;

use super::Patient;
use crate::domain::digest::{Digest, Material, TotalFact, digest};
use crate::domain::disclosed::Disclosed;
use crate::domain::{
    CheckIn, Commitment, Content, DocumentId, Entry, Moment, NextSessionItem, Response, Visibility,
};
use crate::error::Result;
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
        let mut not_received = BTreeSet::new();
        let responses = self.shared::<Response>(&mut not_received)?.into_iter();
        let material = Material {
            entries: self.shared::<Entry>(&mut not_received)?,
            check_ins: self.shared::<CheckIn>(&mut not_received)?,
            commitments: self.shared::<Commitment>(&mut not_received)?,
            lines: self.shared::<NextSessionItem>(&mut not_received)?,
            totals: responses
                .map(|one| one.map(|response| TotalFact::of(&response)))
                .collect(),
            talked_about: BTreeSet::new(),
        };
        Ok(AtAGlance {
            digest: digest(&material, since, self.now()),
            not_received,
        })
    }

    /// All that is shared of a kind, noting what of it the clinic has not received.
    fn shared<T: Content>(
        &self,
        not_received: &mut BTreeSet<DocumentId>,
    ) -> Result<Vec<Disclosed<T>>> {
        let mut shared = Vec::new();
        for visibility in [Visibility::TalkInSession, Visibility::CareTeam] {
            let query = Query::<T>::all().in_state(visibility.as_str());
            for view in self.every(&query)? {
                let is_received = matches!(
                    view.delivery,
                    DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
                );
                let id = view.id;
                let Some(disclosed) = view.disclosed() else {
                    continue;
                };
                if !is_received {
                    not_received.insert(id);
                }
                shared.push(disclosed);
            }
        }
        Ok(shared)
    }
}
