//! Sessions: a random token in the browser, its hash here.

use companion_core::ports::Rng;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::rights::{Role, role};
use super::{Accounts, AccountsError, ClinicianId};

const MINUTE: i64 = 60_000;
/// Without a request for this long, a session ends.
const IDLE: i64 = 15 * MINUTE;
/// However busy, a session ends after this.
const ABSOLUTE: i64 = 12 * 60 * MINUTE;
/// For this long after its end a session still says whose it was: words that it was too late for are
/// kept for that person.
const REMEMBERED: i64 = 24 * 60 * MINUTE;
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
    /// The clinician.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

/// How long a session goes on if nothing more comes from its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// In milliseconds.
    pub ms: i64,
    /// Whether anything can make it longer.
    pub can_grow: bool,
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
        let Some(found) = find(&store, hash)?.filter(|found| !found.is_over) else {
            return Ok(None);
        };
        if found.left(now).ms <= 0 {
            // Over for good, also should the clock be put back.
            store.execute(
                "UPDATE session SET is_over = 1 WHERE token_hash = ?1",
                [hash],
            )?;
            return Ok(None);
        }
        if touch == Touch::Person && now.saturating_sub(found.seen_ms) >= TOUCH {
            store.execute(
                "UPDATE session SET seen_ms = ?2 WHERE token_hash = ?1",
                params![hash, now],
            )?;
        }
        Ok(Some(found.session))
    }

    /// How long a session still goes on; `None` when it is unknown or over.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn left(&self, token: &Token) -> Result<Option<Left>, AccountsError> {
        let now = self.now_ms();
        let found = find(&self.store(), token.hash())?.filter(|found| !found.is_over);
        Ok(found
            .map(|found| found.left(now))
            .filter(|left| left.ms > 0))
    }

    /// Whose session this was that ended by itself, within the last day. Good for nothing but keeping
    /// what they typed.
    ///
    /// # Errors
    ///
    /// The store.
    pub(super) fn ended(&self, token: &Token) -> Result<Option<ClinicianId>, AccountsError> {
        let now = self.now_ms();
        let found = find(&self.store(), token.hash())?.filter(|found| {
            let since = found.left(now).ms.saturating_neg();
            (found.is_over || since >= 0) && since < REMEMBERED
        });
        Ok(found.map(|found| found.session.clinician))
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
            params![
                now.saturating_sub(IDLE + REMEMBERED),
                now.saturating_sub(ABSOLUTE + REMEMBERED)
            ],
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

/// A session as stored.
struct Found {
    session: Session,
    created_ms: i64,
    seen_ms: i64,
    is_over: bool,
}

impl Found {
    fn left(&self, now: i64) -> Left {
        let idle = self.seen_ms.saturating_add(IDLE).saturating_sub(now);
        let absolute = self.created_ms.saturating_add(ABSOLUTE).saturating_sub(now);
        Left {
            ms: idle.min(absolute),
            can_grow: idle < absolute,
        }
    }
}

fn find(store: &Connection, hash: [u8; 32]) -> Result<Option<Found>, AccountsError> {
    Ok(store
        .query_row(
            "SELECT clinician.id, clinician.name, session.created_ms, session.seen_ms, session.is_over,
                 clinician.role
             FROM session JOIN clinician ON clinician.id = session.clinician
             WHERE session.token_hash = ?1 AND clinician.ended_ms IS NULL",
            [hash],
            |row| {
                Ok(Found {
                    session: Session {
                        clinician: ClinicianId(row.get(0)?),
                        name: row.get(1)?,
                        role: role(&row.get::<_, String>(5)?),
                    },
                    created_ms: row.get(2)?,
                    seen_ms: row.get(3)?,
                    is_over: row.get(4)?,
                })
            },
        )
        .optional()?)
}

/// Whether a request shows that a person is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Somebody clicked.
    Person,
    /// A page refreshed itself.
    Page,
}
