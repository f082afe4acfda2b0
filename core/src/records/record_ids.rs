//! By which names this record is known: what tells an export of it from an export of somebody else's.

use companion_protocol::id::SpaceId;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::bring_in::has_in_folders;
use super::commit::{Begins, Edit};
use super::read_row;
use crate::domain::{Content as _, DocumentId, ImportedRecord, Purpose, RecordId};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::replica::Replica;
use crate::space::SpaceError;
use crate::space::keys::{Keyring, derive_with};
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
        Ok(derived(&self.space(private.space)?.keys, info)?)
    }

    /// All names of the record, its own first.
    ///
    /// Its own is derived from the oldest secret of the private space, which is random, made once, and held by each
    /// of the patient's devices and by nobody else. So it is the same on all of them without anything to write or to
    /// wait for, and the server, which knows that space's id, can't tell by an export whose it is.
    pub(crate) fn record_ids(&self) -> Result<Vec<RecordId>> {
        let private = self.row_for(Purpose::Private);
        let private = private.ok_or(CoreError::NotFound(Missing::Space))?;
        let mut all = vec![record_id(&self.space(private.space)?.keys)?];
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

    /// Holds what is here to the record that this phone is about to come into, which leads into these spaces and goes
    /// by these names. Whatever a person wrote on a phone alone moves along: it is theirs who comes. What was
    /// imported, and what came from other devices, is a record of somebody, and only a name that both go by says
    /// that it is the same person's.
    ///
    /// # Errors
    ///
    /// [`NotNow::AnotherRecordHere`].
    pub(crate) fn must_be_one_with(
        &self,
        [care, private]: [SpaceId; 2],
        names: &[RecordId],
    ) -> Result<()> {
        // It is in, or waits there: that was decided.
        if self.knows(private) {
            return Ok(());
        }
        let known = self.record_ids()?;
        let mut is_a_record = known.len() > 1;
        for row in self.rows().into_iter().filter(|row| row.space != care) {
            let state = self.space(row.space)?;
            let chain = &state.chain;
            let was_in = chain.member(&state.my_id()).is_some();
            is_a_record |= was_in && chain.members().nth(1).is_some();
        }
        match is_a_record && !known.iter().any(|known| names.contains(known)) {
            true => Err(NotNow::AnotherRecordHere.into()),
            false => Ok(()),
        }
    }

    /// Lets what was written on this phone alone keep its name in the record that it moves into: an export of it is
    /// one of that record.
    pub(crate) fn keep_own_name(&self, adopted: SpaceId) -> Result<()> {
        for space in self.spaces_for(Purpose::Private) {
            let state = self.space(space)?;
            let is_own = state.chain.founder().map(|m| m.id) == Some(state.my_id());
            if space == adopted || !is_own || !self.may_be_exported(space)? {
                continue;
            }
            self.commit(&[goes_by(space, record_id(&state.keys)?)?])?;
        }
        Ok(())
    }

    /// Whether a folder outside may hold something of a space.
    fn may_be_exported(&self, space: SpaceId) -> Result<bool> {
        self.store
            .read(|r| Ok(!r.items_of_space(space)?.is_empty() || has_in_folders(r)?))
    }
}

fn derived(keys: &Keyring, info: &[&[u8]]) -> std::result::Result<Zeroizing<[u8; 32]>, SpaceError> {
    let secret = keys.values().next().ok_or(SpaceError::NoKey)?;
    Ok(derive_with(secret.as_bytes(), info))
}

/// The name that a record has by itself, from the keys of its private space.
pub(crate) fn record_id(keys: &Keyring) -> std::result::Result<RecordId, SpaceError> {
    let derived = derived(keys, &[PURPOSE])?;
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *derived;
    Ok(RecordId::new(id))
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
