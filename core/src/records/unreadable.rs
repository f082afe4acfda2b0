//! What this version can't understand. No list shows it, so somebody has to be told that it is there.

use companion_protocol::id::{MemberId, SpaceId};

use super::envelope::Envelope;
use super::fields_of;
use crate::domain::{DocumentId, Kind, Moment, index_unknown};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::Standing;

/// Something that can't be understood, by what can be told of it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) id: DocumentId,
    pub(crate) kind: Kind,
    /// When it says that it was, if it does.
    pub(crate) at: Option<Moment>,
}

impl Replica {
    /// What others wrote in a space that this version can't understand and that nobody withdrew or deleted,
    /// in the order of its ids.
    pub(crate) fn unreadable_of_others(
        &self,
        space: SpaceId,
        me: MemberId,
    ) -> Result<Vec<Unreadable>> {
        let rows = self.store.read(|r| r.unreadable_items(space))?;
        let there = rows.into_iter().filter_map(|row| {
            let fields = fields_of(&row);
            let is_others = row.writers.iter().any(|writer| writer.member != me);
            let is_there = Envelope::read(&fields).standing(&fields) == Standing::Living;
            (is_others && is_there).then(|| Unreadable {
                id: row.document,
                kind: row.kind,
                at: index_unknown(&fields).at,
            })
        });
        Ok(there.collect())
    }
}
