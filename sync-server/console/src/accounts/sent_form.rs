//! Which forms were begun and which were done, so that one that comes twice has one result, and one whose doing was cut
//! off is known as such.

use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::draft::Fields;
use super::{Accounts, AccountsError, ClinicianId, audit};

/// No page stands open for longer than two days.
const KEPT_MS: i64 = 2 * 24 * 60 * 60_000;

/// One sending of one form: who sent it, where to, the key of the page that it stood on, and what was
/// typed. The words belong to it: other words from the same page are another sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sending([u8; 32]);

/// Whether a form is begun for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Now.
    Now,
    /// It was before, and nobody can tell what it did.
    Before,
}

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

    /// Writes down that a form is begun, before anything of it is done. Says whether it was begun before and never
    /// finished, since the program was stopped in the middle: then nobody can tell what it did, and the next time that
    /// it comes it is done.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn begin_form(
        &self,
        sending: Sending,
        actor: &str,
        address: &str,
    ) -> Result<Begun, AccountsError> {
        let now = self.now_ms();
        let store = self.store();
        let before = store.execute("DELETE FROM begun_form WHERE digest = ?1", [sending.0])?;
        if before > 0 {
            return Ok(Begun::Before);
        }
        store.execute(
            "INSERT INTO begun_form (digest, actor, address, begun_ms) VALUES (?1, ?2, ?3, ?4)",
            params![sending.0, actor, address, now],
        )?;
        Ok(Begun::Now)
    }

    /// Forgets that a form was begun: what became of it is known.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn end_form(&self, sending: Sending) -> Result<(), AccountsError> {
        self.store()
            .execute("DELETE FROM begun_form WHERE digest = ?1", [sending.0])?;
        Ok(())
    }

    /// Writes into the audit record which forms were begun before the program was stopped, and may have been done. To be
    /// called when it starts.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn tell_of_interrupted_forms(&self) -> Result<(), AccountsError> {
        let now = self.now_ms();
        let mut store = self.store();
        let change = store.transaction()?;
        let begun: Vec<(String, String)> = change
            .prepare("SELECT actor, address FROM begun_form WHERE is_told = 0 ORDER BY begun_ms")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (actor, address) in begun {
            audit::append_interrupted(&change, now, &actor, &address)?;
        }
        change.execute("UPDATE begun_form SET is_told = 1", [])?;
        change.execute(
            "DELETE FROM begun_form WHERE begun_ms < ?1",
            [now.saturating_sub(KEPT_MS)],
        )?;
        change.commit()?;
        Ok(())
    }

    /// The name of a form that has no key, as of a button: nothing that comes later is the same.
    pub fn nameless_sending(&self) -> Sending {
        Sending(companion_core::ports::random(self.rng.as_ref()))
    }

    /// A key for the forms of one page.
    pub fn page_key(&self) -> String {
        data_encoding::HEXLOWER.encode(&companion_core::ports::random::<16>(self.rng.as_ref()))
    }
}
