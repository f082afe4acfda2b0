//! Which forms were sent, so that one that comes twice has one result.

use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::draft::Fields;
use super::{Accounts, AccountsError, ClinicianId};

/// No page stands open for longer than two days.
const KEPT_MS: i64 = 2 * 24 * 60 * 60_000;

/// One sending of one form: who sent it, where to, the key of the page that it stood on, and what was
/// typed. The words belong to it: other words from the same page are another sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sending([u8; 32]);

impl Sending {
    /// `None` for a form without a key.
    pub fn of(who: ClinicianId, place: &str, key: &str, fields: &Fields) -> Option<Self> {
        if key.is_empty() {
            return None;
        }
        let mut hash = Sha256::new();
        hash.update(who.0.to_be_bytes());
        let named = fields
            .iter()
            .flat_map(|(name, typed)| [name.as_str(), typed.as_str()]);
        for part in [place, key].into_iter().chain(named) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Some(Self(hash.finalize().into()))
    }
}

impl Accounts {
    /// The page that this very form led to, if it was sent before.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn led_to(&self, sending: Sending) -> Result<Option<String>, AccountsError> {
        Ok(self
            .store()
            .query_row(
                "SELECT led_to FROM sent_form WHERE digest = ?1",
                [sending.0],
                |row| row.get(0),
            )
            .optional()?)
    }

    /// Remembers where a form led.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn remember_sent(&self, sending: Sending, led_to: &str) -> Result<(), AccountsError> {
        let now = self.now_ms();
        let store = self.store();
        store.execute(
            "DELETE FROM sent_form WHERE sent_ms < ?1",
            [now.saturating_sub(KEPT_MS)],
        )?;
        store.execute(
            "INSERT OR REPLACE INTO sent_form (digest, led_to, sent_ms) VALUES (?1, ?2, ?3)",
            params![sending.0, led_to, now],
        )?;
        Ok(())
    }

    /// A key for the forms of one page.
    pub fn page_key(&self) -> String {
        data_encoding::HEXLOWER.encode(&companion_core::ports::random::<16>(self.rng.as_ref()))
    }
}
