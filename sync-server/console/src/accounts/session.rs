//! Sessions: a random token in the browser, its hash here.

use companion_core::ports::Rng;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{Accounts, AccountsError};

const MINUTE: i64 = 60_000;
/// Without a request for this long, a session ends.
const IDLE: i64 = 15 * MINUTE;
/// However busy, a session ends after this.
const ABSOLUTE: i64 = 12 * 60 * MINUTE;
/// Writing each request down would cost a disk flush each; half a minute is exact enough.
const TOUCH: i64 = MINUTE / 2;

/// What the browser holds: 32 random bytes in hex.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(super) fn fresh(rng: &dyn Rng) -> Self {
        Self(data_encoding::HEXLOWER.encode(&companion_core::ports::random::<32>(rng)))
    }

    /// Takes what a browser sent; `None` unless it looks like a token.
    pub fn from_cookie(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| Self(text.to_owned()))
    }

    /// The text for the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name for the session that gives the token away to nobody.
    pub fn fingerprint(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.hash())
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The clinician's name.
    pub name: String,
}

impl Accounts {
    /// Whose session this is; `None` when it is unknown or over. A request of a person (not of a
    /// page refreshing itself) keeps it alive.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn session(&self, token: &Token, touch: Touch) -> Result<Option<Session>, AccountsError> {
        let now = self.now_ms();
        let hash = token.hash();
        let store = self.store();
        let found = store
            .query_row(
                "SELECT clinician.name, session.created_ms, session.seen_ms
                 FROM session JOIN clinician ON clinician.id = session.clinician
                 WHERE session.token_hash = ?1",
                [hash],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, i64>(1)?,
                        row.get::<_, i64>(2)?,
                    ))
                },
            )
            .optional()?;
        let Some((name, created, seen)) = found else {
            return Ok(None);
        };
        if now.saturating_sub(seen) >= IDLE || now.saturating_sub(created) >= ABSOLUTE {
            store.execute("DELETE FROM session WHERE token_hash = ?1", [hash])?;
            return Ok(None);
        }
        if touch == Touch::Person && now.saturating_sub(seen) >= TOUCH {
            store.execute(
                "UPDATE session SET seen_ms = ?2 WHERE token_hash = ?1",
                params![hash, now],
            )?;
        }
        Ok(Some(Session { name }))
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn sign_out(&self, token: &Token) -> Result<(), AccountsError> {
        let now = self.now_ms();
        let hash = token.hash();
        let mut store = self.store();
        let change = store.transaction()?;
        let name: Option<String> = change
            .query_row(
                "SELECT clinician.name FROM session JOIN clinician ON clinician.id = session.clinician
                 WHERE session.token_hash = ?1",
                [hash],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(name) = name {
            change.execute("DELETE FROM session WHERE token_hash = ?1", [hash])?;
            super::audit::append(&change, now, &name, super::audit::Action::SignedOut, None)?;
        }
        change.commit()?;
        Ok(())
    }

    pub(super) fn begin_session(&self, clinician: i64, name: &str) -> Result<Token, AccountsError> {
        let now = self.now_ms();
        let token = Token::fresh(self.rng.as_ref());
        let mut store = self.store();
        let change = store.transaction()?;
        change.execute(
            "DELETE FROM session WHERE seen_ms <= ?1 OR created_ms <= ?2",
            params![now.saturating_sub(IDLE), now.saturating_sub(ABSOLUTE)],
        )?;
        change.execute(
            "INSERT INTO session (token_hash, clinician, created_ms, seen_ms) VALUES (?1, ?2, ?3, ?3)",
            params![token.hash(), clinician, now],
        )?;
        super::audit::append(&change, now, name, super::audit::Action::SignedIn, None)?;
        change.commit()?;
        Ok(token)
    }
}

/// Whether a request shows that a person is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Somebody clicked.
    Person,
    /// A page refreshed itself.
    Page,
}
