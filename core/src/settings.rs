//! What an installation remembers beside its record: the server, the clinic, the last exchange, and
//! the warnings that nobody dismissed.

use std::sync::atomic::Ordering;

use companion_protocol::id::SpaceId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{CoreError, Missing, Result};
use crate::replica::Replica;
use crate::report::{StandingWarning, WarningCode, WarningId};
use crate::store::{Reader, StoreError, Writer};

/// The server's address.
pub(crate) const SERVER: &str = "server";
/// The clinic's name as patients see it.
pub(crate) const CLINIC: &str = "clinic";
/// The links for second phones, and what became of them.
pub(crate) const SECOND_PHONES: &str = "second_phones";
/// What was decided about ending the account on this phone, and how far that got.
pub(crate) const ENDING: &str = "ending";
const LAST_SYNC: &str = "last_sync_ms";

/// How old the noted time of the last sync may be. A screen shows minutes, and each note waits for
/// the disk: as long as all the rest of a sync that brings one change.
const NOTED_MS: u64 = 10_000;

/// What is noted under a name in several fields. What can't be read was written by a newer version, or is
/// damaged, and is none.
pub(crate) fn noted<T: DeserializeOwned>(r: &Reader<'_>, name: &str) -> Result<Option<T>> {
    let stored = r.setting(name)?;
    Ok(stored.and_then(|json| serde_json::from_slice(&json).ok()))
}

/// Notes something of several fields under a name.
pub(crate) fn note<T: Serialize>(w: &mut Writer<'_>, name: &str, value: &T) -> Result<()> {
    let json = serde_json::to_vec(value).map_err(|e| StoreError::Damaged(e.to_string()))?;
    Ok(w.set_setting(name, &json)?)
}

impl Replica {
    /// A setting that is text.
    pub(crate) fn text_setting(&self, name: &str) -> Result<Option<String>> {
        let saved = self.store.read(|r| r.setting(name))?;
        Ok(saved.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// When the last sync ended well, milliseconds since 1970 UTC.
    pub(crate) fn last_sync_ms(&self) -> Result<Option<i64>> {
        Ok(self.text_setting(LAST_SYNC)?.and_then(|ms| ms.parse().ok()))
    }

    /// Notes that a sync ended well.
    pub(crate) fn remember_sync(&self) -> Result<()> {
        let now_ms = self.now().unix_ms;
        let noted_ms = self.sync_noted_ms.load(Ordering::Relaxed);
        if noted_ms <= now_ms && noted_ms.abs_diff(now_ms) < NOTED_MS {
            return Ok(());
        }
        let now = now_ms.to_string();
        self.store
            .write(|w| w.set_setting(LAST_SYNC, now.as_bytes()))?;
        self.sync_noted_ms.store(now_ms, Ordering::Relaxed);
        Ok(())
    }

    /// Warnings that nobody dismissed, oldest first.
    pub(crate) fn standing_warnings(&self) -> Result<Vec<StandingWarning>> {
        let rows = self.store.read(|r| r.warnings())?;
        let warnings = rows.into_iter().map(|row| StandingWarning {
            id: WarningId(row.id),
            code: WarningCode::from_stored(&row.code),
            space: row.space,
            detail: row.detail,
            at_ms: row.at_ms,
        });
        Ok(warnings.collect())
    }

    /// Warns of something that stays so until a person does something about it. Gives whether that is news.
    pub(crate) fn warn_of_state(
        &self,
        code: WarningCode,
        space: SpaceId,
        detail: &str,
    ) -> Result<bool> {
        let said = self.store.read(|r| r.warning(code.as_str(), space))?;
        if said.is_some_and(|(said, _)| said == detail) {
            return Ok(false);
        }
        let at_ms = self.now().unix_ms;
        self.store
            .write(|w| w.put_warning(code.as_str(), Some(space), detail, at_ms))?;
        Ok(true)
    }

    /// What [`Replica::warn_of_state`] said is so no more.
    pub(crate) fn clear_warning(&self, code: WarningCode, space: SpaceId) -> Result<()> {
        let said = self.store.read(|r| r.warning(code.as_str(), space))?;
        match said {
            // Written only when it is news: each write waits for the disk.
            Some(_) => Ok(self
                .store
                .write(|w| w.clear_warning(code.as_str(), space))?),
            None => Ok(()),
        }
    }

    /// Shows a warning no longer, unless it comes back with other words.
    pub(crate) fn dismiss_warning(&self, id: WarningId) -> Result<()> {
        if self.store.write(|w| w.dismiss_warning(id.0))? {
            Ok(())
        } else {
            Err(CoreError::NotFound(Missing::Warning))
        }
    }
}
