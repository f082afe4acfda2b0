//! When something was last heard of each member of a space.

use std::collections::BTreeMap;

use companion_protocol::id::{MemberId, SpaceId};
use rusqlite::params;

use super::{Reader, StoreError};

impl Reader<'_> {
    /// When this device stored the newest change of each author, in milliseconds since 1970.
    pub fn last_heard(&self, space: SpaceId) -> Result<BTreeMap<MemberId, i64>, StoreError> {
        let mut heard = BTreeMap::new();
        for (author, newest, _) in self.author_heads(space)? {
            let counter = super::rows::signed(newest.0, "counter")?;
            let at = self.row(
                "SELECT received_ms FROM log WHERE space = ?1 AND author = ?2 AND counter = ?3",
                params![space.as_bytes(), author.as_bytes(), counter],
                |row| Ok(row.get(0)?),
            )?;
            heard.extend(at.map(|at| (author, at)));
        }
        Ok(heard)
    }
}
