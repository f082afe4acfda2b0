//! The address at which somebody's own calendar fetches their appointments, without signing in: a secret, kept as its
//! hash alone, one for each person, and taken back whenever they like.

use companion_core::ports::random;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::rights::{Role, role};
use super::{Accounts, AccountsError, ClinicianId, audit};

/// Which appointments a feed has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// Those that name its owner.
    Own,
    /// Those of all patients.
    All,
}

impl FeedOf {
    /// The word in the file and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::All => "all",
        }
    }

    /// Reads the word.
    pub fn named(word: &str) -> Option<Self> {
        let mut all = [Self::Own, Self::All].into_iter();
        all.find(|one| one.as_str() == word)
    }
}

/// Somebody's feed, as its page shows it: its secret is shown once, when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Which appointments.
    pub of: FeedOf,
    /// When it was made, in milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When a calendar last fetched it, if one did.
    pub fetched_ms: Option<i64>,
}

/// Whose feed a secret opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedOwner {
    /// Their name.
    pub name: String,
    /// Their role at present.
    pub role: Role,
    /// Which appointments.
    pub of: FeedOf,
}

impl Accounts {
    /// Somebody's feed, if they have one.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn feed(&self, clinician: ClinicianId) -> Result<Option<Feed>, AccountsError> {
        let found = self.store().query_row(
            "SELECT of, made_ms, fetched_ms FROM calendar_feed WHERE clinician = ?1",
            [clinician.0],
            |row| {
                Ok(Feed {
                    of: feed_of(&row.get::<_, String>(0)?),
                    made_ms: row.get(1)?,
                    fetched_ms: row.get(2)?,
                })
            },
        );
        Ok(found.optional()?)
    }

    /// Makes a feed, in place of the one before, whose address leads nowhere from now on. Gives the secret, which is kept
    /// nowhere.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn make_feed(
        &self,
        clinician: ClinicianId,
        name: &str,
        of: FeedOf,
    ) -> Result<String, AccountsError> {
        let secret = data_encoding::HEXLOWER.encode(&random::<32>(self.rng.as_ref()));
        let now = self.now_ms();
        let mut store = self.store();
        let change = store.transaction()?;
        change.execute(
            "INSERT OR REPLACE INTO calendar_feed (clinician, secret_hash, of, made_ms) VALUES (?1, ?2, ?3, ?4)",
            params![clinician.0, hash(&secret), of.as_str(), now],
        )?;
        let action = audit::Action::MadeCalendarFeed;
        audit::append_about(&change, now, name, action, ("", of.as_str()))?;
        change.commit()?;
        Ok(secret)
    }

    /// Takes a feed back: its address leads nowhere from now on. Says whether there was one.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn revoke_feed(&self, clinician: ClinicianId, name: &str) -> Result<bool, AccountsError> {
        let now = self.now_ms();
        let mut store = self.store();
        let change = store.transaction()?;
        let gone = change.execute(
            "DELETE FROM calendar_feed WHERE clinician = ?1",
            [clinician.0],
        )?;
        if gone > 0 {
            audit::append(&change, now, name, audit::Action::RevokedCalendarFeed, None)?;
        }
        change.commit()?;
        Ok(gone > 0)
    }

    /// Whose feed a secret opens; `None` for one that is unknown or was taken back, and for somebody who may not sign in
    /// any more. Notes when it was fetched: a calendar asks every few minutes, so that a line of the audit record for
    /// each would bury all others.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn feed_owner(&self, secret: &str) -> Result<Option<FeedOwner>, AccountsError> {
        let now = self.now_ms();
        let hash = hash(secret);
        let store = self.store();
        let found = store.query_row(
            "SELECT clinician.name, clinician.role, calendar_feed.of FROM calendar_feed
             JOIN clinician ON clinician.id = calendar_feed.clinician
             WHERE calendar_feed.secret_hash = ?1 AND clinician.ended_ms IS NULL",
            [hash],
            |row| {
                Ok(FeedOwner {
                    name: row.get(0)?,
                    role: role(&row.get::<_, String>(1)?),
                    of: feed_of(&row.get::<_, String>(2)?),
                })
            },
        );
        let found = found.optional()?;
        if found.is_some() {
            store.execute(
                "UPDATE calendar_feed SET fetched_ms = ?2 WHERE secret_hash = ?1",
                params![hash, now],
            )?;
        }
        Ok(found)
    }
}

/// What nobody knows is the smaller of the two.
fn feed_of(word: &str) -> FeedOf {
    FeedOf::named(word).unwrap_or(FeedOf::Own)
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
