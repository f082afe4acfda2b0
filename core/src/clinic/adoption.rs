//! Taking back care spaces that the register names and this node does not hold: after the node was put
//! back from an older copy, or when its store lost one.
//!
//! The register travels with the founding statement and first key of each care space. The chain comes
//! from the server and is verified from that statement on; every later key is sealed to this node in it.

use std::sync::atomic::Ordering;

use companion_protocol::api::ErrorCode;
use companion_protocol::id::{Epoch, LogNumber, SpaceId};
use companion_protocol::statement::Statement;

use super::Clinic;
use crate::domain::{CareKey, DocumentId, PatientRecord, Purpose};
use crate::error::{CoreError, Result};
use crate::records::{Edit, PageSize, Query};
use crate::report::{SyncProblem, SyncReport};
use crate::space::identity::Handle;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::rotation;
use crate::store::SpaceRow;
use crate::sync::{self, ReadChain, ServerConnection, Signer};

impl Clinic {
    /// The founding of a care space that this node holds, to be written with the register entry.
    pub(super) fn care_key_edit(&self, patient: DocumentId, care: SpaceId) -> Result<Option<Edit>> {
        let state = self.replica.space(care)?;
        let (Some(founding), Some(key)) = (state.statements.first(), state.keys.get(&Epoch(0)))
        else {
            return Ok(None);
        };
        let kept = CareKey::new(patient, care, founding.bytes(), key.as_bytes());
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let document = DocumentId::random(&*self.replica.ports.rng);
        Edit::new(clinic, document, &kept).map(Some)
    }

    /// Exchanges everything; and where that brought register entries whose care spaces are not here,
    /// takes those back and exchanges what is in them.
    pub(super) fn sync_and_adopt(&self, server: &ServerConnection<'_>) -> Result<SyncReport> {
        let mut report = sync::run(server, self)?;
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let changed = self.replica.store.read(|r| r.changed_by_space())?;
        let changed = changed.into_iter().find(|(space, _)| *space == clinic);
        let changed = changed.map_or(0, |(_, changed)| changed);
        if self.held_at.load(Ordering::Relaxed) == changed {
            return Ok(report);
        }
        let (mut adopted, mut is_missing) = (false, false);
        for (patient, record) in self.read_register()? {
            let care = record.care_space;
            if self.replica.knows(care) {
                continue;
            }
            match self.adopt(server, patient, &record) {
                Ok(true) => adopted = true,
                Ok(false) => is_missing = true,
                Err(error @ (CoreError::Offline(_) | CoreError::Canceled)) => return Err(error),
                Err(error) => {
                    is_missing = true;
                    report.problems.push(SyncProblem {
                        space: Some(care),
                        message: error.to_string(),
                        passing: error.is_passing(),
                    });
                }
            }
        }
        let sealed = self.seal_what_is_not_sealed()?;
        if adopted || sealed {
            let mut again = sync::run(server, self)?;
            again.problems.append(&mut report.problems);
            report.warnings.append(&mut again.warnings);
            again.warnings = report.warnings;
            again.sent = again.sent.saturating_add(report.sent);
            again.received = again.received.saturating_add(report.received);
            again.rotated = again.rotated.saturating_add(report.rotated);
            report = again;
        }
        if !is_missing && !sealed {
            self.held_at.store(changed, Ordering::Relaxed);
        }
        Ok(report)
    }

    /// Takes back the care space of one patient, if the server can give it. `false` leaves the patient
    /// unreadable for now.
    pub(super) fn adopt(
        &self,
        server: &ServerConnection<'_>,
        patient: DocumentId,
        record: &PatientRecord,
    ) -> Result<bool> {
        let (care, me) = (record.care_space, self.public_key());
        let kept = self.care_key(patient, care)?;
        let node = self.replica.identity(&Handle::SHARED);
        let as_node = Signer::member(&node, &Handle::SHARED);
        let ReadChain { chain, statements } = match sync::whole_chain(server, as_node, care) {
            Ok(read) => read,
            // Lost there as well, or this node was removed from it. Founded there again, the patient's
            // phone can give back what it holds; the chain shows which it was.
            Err(error) if is_unknown_there(&error) => {
                let Some(founding) = kept.as_ref().and_then(CareKey::founding_bytes) else {
                    return Ok(false);
                };
                let founding = Statement::parse(&founding)?;
                let offered = sync::offer_space(server, Purpose::Care, &Handle::SHARED, &founding);
                return match offered {
                    Ok(_) => Ok(false),
                    Err(error) if is_unknown_there(&error) => Ok(false),
                    Err(error) => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        if chain.present(&me).is_none() {
            return Ok(false);
        }
        // Just founded again: what this node wrote in it before is on the patient's phone only. Writing
        // now would give two changes one number.
        if statements.len() == 1
            && server
                .pull_as(as_node, care, LogNumber(0), 1)?
                .changes
                .is_empty()
        {
            return Ok(false);
        }
        let mut keys = Keyring::new();
        if let Some(key) = kept
            .as_ref()
            .and_then(CareKey::key_bytes)
            .map(EpochKey::new)
            && rotation::is_committed(&chain, Epoch(0), &key)
        {
            keys.insert(Epoch(0), key);
        }
        let mut row = SpaceRow::new(care, Purpose::Care, Handle::SHARED);
        row.label = Some(patient);
        row.on_server = true;
        self.replica.adopt_space(row, statements, keys)?;
        Ok(true)
    }

    fn care_key(&self, patient: DocumentId, care: SpaceId) -> Result<Option<CareKey>> {
        let of_patient = Query::<CareKey>::about(patient).size(PageSize::LARGEST);
        let kept = self.own.contents(&of_patient)?.into_iter();
        let mut kept = kept.map(|(_, kept)| kept);
        Ok(kept.find(|kept| kept.care_space == care))
    }

    /// Registers that were begun by an earlier version hold no founding keys: they are added. Gives
    /// whether there was one to add.
    fn seal_what_is_not_sealed(&self) -> Result<bool> {
        let mut edits = Vec::new();
        for (patient, record) in self.read_register()? {
            let care = record.care_space;
            if self.replica.knows(care) && self.care_key(patient, care)?.is_none() {
                edits.extend(self.care_key_edit(patient, care)?);
            }
        }
        for edits in edits.chunks(64) {
            self.replica.commit(edits)?;
        }
        Ok(!edits.is_empty())
    }
}

/// Whether the server has no such space for this node: it does not say whether it has one for others.
fn is_unknown_there(error: &CoreError) -> bool {
    matches!(
        error.code(),
        Some(ErrorCode::Forbidden | ErrorCode::NotFound | ErrorCode::SpaceEnded)
    )
}
