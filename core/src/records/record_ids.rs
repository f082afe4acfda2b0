//! By which names this record is known: what tells an export of it from an export of somebody else's.

use companion_protocol::id::SpaceId;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::commit::{Begins, Edit};
use super::read_row;
use crate::domain::{Content as _, DocumentId, ImportedRecord, Purpose, RecordId};
use crate::error::{CoreError, Missing, Result};
use crate::replica::Replica;
use crate::space::SpaceError;
use crate::space::keys::derive_with;
use crate::store::{ItemQuery, Order, Standing};

const PURPOSE: &[u8] = b"kap/record-id/1";
/// More records than one person's goes through.
const MOST: usize = 64;

impl Replica {
    /// 32 bytes made of the oldest secret of the private space: the same on all of the patient's devices, and known to
    /// nobody else.
    pub(super) fn derived_in_private(&self, info: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>> {
        let private = self.row_for(Purpose::Private);
        let private = private.ok_or(CoreError::NotFound(Missing::Space))?;
        let state = self.space(private.space)?;
        let secret = state.keys.values().next().ok_or(SpaceError::NoKey)?;
        Ok(derive_with(secret.as_bytes(), info))
    }

    /// All names of the record, its own first.
    ///
    /// Its own is derived from the oldest secret of the private space, which is random, made once, and held by each
    /// of the patient's devices and by nobody else. So it is the same on all of them without anything to write or to
    /// wait for, and the server, which knows that space's id, can't tell by an export whose it is.
    pub(crate) fn record_ids(&self) -> Result<Vec<RecordId>> {
        let derived = self.derived_in_private(&[PURPOSE])?;
        let mut all = Vec::new();
        all.extend(derived.first_chunk().copied().map(RecordId::new));
        let query = ItemQuery {
            spaces: self.spaces_for(Purpose::Private),
            kind: ImportedRecord::KIND,
            standing: Standing::Living,
            about: Vec::new(),
            state: None,
            order: Order::OldestFirst,
            after: None,
            limit: MOST,
        };
        for row in self.store.read(|r| r.items(&query))? {
            // One that can't be read is damage, and is made anew from the log.
            if let Ok(imported) = read_row::<ImportedRecord>(&row)
                && !all.contains(&imported.record)
            {
                all.push(imported.record);
            }
        }
        Ok(all)
    }
}

/// Lets the record go by one more name. On two phones that is the same change.
pub(super) fn goes_by(space: SpaceId, record: RecordId) -> Result<Edit> {
    let mut digest = Sha256::new();
    digest.update(b"kap imported record\0");
    digest.update(record.as_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
    let edit = Edit::new(space, DocumentId::new(id), &ImportedRecord { record })?;
    Ok(Edit {
        begins: Begins::Repeatable,
        ..edit
    })
}
