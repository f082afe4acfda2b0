//! Signing in, with a delay that grows with each wrong passphrase for one name.

use std::sync::Arc;

use companion_core::domain::nickname;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{Accounts, AccountsError, Token, audit, find, passphrase};

/// So many wrong passphrases cost nothing: people mistype.
const FREE_FAILURES: i64 = 3;
/// The wait never grows beyond a minute, so nobody can lock a colleague out for a day.
const LONGEST_WAIT_MS: i64 = 60_000;
/// Failures are forgotten after a day.
const FORGET_MS: i64 = 24 * 60 * 60_000;

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The two don't belong together; which of them is wrong is not said.
    #[error("name and passphrase do not fit")]
    Wrong,
    /// Too many wrong ones for this name.
    #[error("wait {seconds} s before the next try")]
    Wait {
        /// How long.
        seconds: i64,
    },
    /// Too many people are signing in at this instant.
    #[error("too many sign-ins at once")]
    Busy,
    /// The store or the hash.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
}

impl Accounts {
    /// Checks a passphrase and begins a session with a fresh token. The work is done on a blocking
    /// thread, two at a time.
    ///
    /// # Errors
    ///
    /// See [`SignInError`].
    pub async fn sign_in(
        self: &Arc<Self>,
        name: String,
        passphrase: zeroize::Zeroizing<String>,
    ) -> Result<Token, SignInError> {
        let _place = self.queue.try_acquire().map_err(|_| SignInError::Busy)?;
        let _turn = self
            .hashing
            .acquire()
            .await
            .map_err(|_| SignInError::Busy)?;
        let accounts = Arc::clone(self);
        tokio::task::spawn_blocking(move || accounts.check(&name, &passphrase))
            .await
            .map_err(|_| SignInError::Accounts(AccountsError::Hash))?
    }

    fn check(&self, name: &str, passphrase: &str) -> Result<Token, SignInError> {
        let now = self.now_ms();
        let key: [u8; 32] = Sha256::digest(nickname::key(name).as_bytes()).into();
        self.wait(key, now)?;
        let found = find(&self.store(), name)?;
        let nobody = passphrase::Hashed::of_nobody();
        let hashed = found
            .as_ref()
            .map_or(&nobody, |clinician| &clinician.hashed);
        let fits = hashed.fits(passphrase)?;
        match (found, fits) {
            (Some(clinician), true) if !clinician.has_ended => {
                self.store()
                    .execute("DELETE FROM attempt WHERE name_hash = ?1", [key])
                    .map_err(AccountsError::from)?;
                Ok(self.begin_session(clinician.id, &clinician.name)?)
            }
            (found, _) => {
                self.remember_failure(key, now)?;
                // A name that nobody has may be a passphrase typed into the wrong field: it is
                // never written down.
                let actor =
                    found.map_or_else(|| "unknown name".to_owned(), |clinician| clinician.name);
                audit::append(
                    &self.store(),
                    now,
                    &actor,
                    audit::Action::FailedSignIn,
                    None,
                )?;
                Err(SignInError::Wrong)
            }
        }
    }

    fn wait(&self, key: [u8; 32], now: i64) -> Result<(), SignInError> {
        let found: Option<(i64, i64)> = self
            .store()
            .query_row(
                "SELECT failures, last_ms FROM attempt WHERE name_hash = ?1",
                [key],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(AccountsError::from)?;
        let Some((failures, last)) = found else {
            return Ok(());
        };
        let left = last
            .saturating_add(wait_after(failures))
            .saturating_sub(now);
        // A clock set back must not keep anybody waiting for longer than the longest wait.
        if left > 0 && now >= last {
            return Err(SignInError::Wait {
                seconds: left.saturating_add(999) / 1000,
            });
        }
        Ok(())
    }

    fn remember_failure(&self, key: [u8; 32], now: i64) -> Result<(), AccountsError> {
        let store = self.store();
        store.execute(
            "DELETE FROM attempt WHERE last_ms < ?1",
            [now.saturating_sub(FORGET_MS)],
        )?;
        store.execute(
            "INSERT INTO attempt (name_hash, failures, last_ms) VALUES (?1, 1, ?2)
             ON CONFLICT (name_hash) DO UPDATE SET failures = failures + 1, last_ms = excluded.last_ms",
            params![key, now],
        )?;
        Ok(())
    }
}

/// Nothing for the first three, then 1 s, 2 s, 4 s … up to a minute.
fn wait_after(failures: i64) -> i64 {
    let beyond = failures - FREE_FAILURES;
    match beyond {
        ..=0 => 0,
        1..=6 => 1000 << (beyond - 1),
        _ => LONGEST_WAIT_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends_at_a_minute() {
        let waits: Vec<i64> = (1..=12).map(wait_after).collect();
        assert_eq!(
            waits,
            [
                0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000
            ]
        );
        assert_eq!(wait_after(i64::MAX), LONGEST_WAIT_MS);
    }
}
