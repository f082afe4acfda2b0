//! Who may use the console: clinicians, their passphrases, their sessions, and the audit record.
//!
//! Kept in an SQLCipher file of its own beside the replica, under the same key. Nothing here is ever
//! synced. The audit names patients by id; the only words about them are drafts, until they are sent.

pub mod audit;
mod backup;
mod calendar_feed;
mod draft;
mod emergency;
mod opaque_string;
mod passphrase;
mod people;
mod rights;
mod schema;
mod sent_form;
mod session;
mod sign_in;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use companion_core::domain::text::{Named, named};
use companion_core::domain::{Invalid, limits, nickname};
use companion_core::ports::{Clock, Rng};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::Semaphore;

pub use calendar_feed::{Feed, FeedOf, FeedOwner};
pub use draft::Fields;
pub use emergency::{EMERGENCY_MS, Emergency, LONGEST_REASON, RunningEmergency};
pub use people::Person;
pub use rights::{Area, Right, Rights, Role};
pub use sent_form::{Begun, Sending};
pub use session::{Left, Session, Token, Touch};
pub use sign_in::SignInError;

/// The console's own store of people and what they did.
pub struct Accounts {
    store: Mutex<Connection>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    /// Hashing takes 19 MiB and a whole core: two at once, and a short queue.
    hashing: Semaphore,
    queue: Semaphore,
}

/// Why accounts can't be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// SQLite said no: a wrong key, a full disk, a damaged file.
    #[error("the accounts file cannot be used: {0}")]
    Store(#[from] rusqlite::Error),
    /// The file can't be made or written.
    #[error("the accounts file cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// Made by a later version.
    #[error("the accounts file was written by a newer version of the console")]
    Newer,
    /// The name is taken, in whatever spelling.
    #[error("there is already a clinician of this name")]
    NameTaken,
    /// The name is empty or too long, or holds what no screen shows: patients see it.
    #[error(transparent)]
    BadName(#[from] Invalid),
    /// Too short.
    #[error("a passphrase has at least {} characters", passphrase::SHORTEST)]
    BadPassphrase,
    /// Too long.
    #[error("a passphrase has at most {} bytes", passphrase::LONGEST)]
    LongPassphrase,
    /// It holds something that another keyboard would not type.
    #[error(
        "the passphrase holds a character that no screen shows: another keyboard may not type it"
    )]
    UnsteadyPassphrase,
    /// Nobody has this name.
    #[error("there is no clinician of this name")]
    NoSuchClinician,
    /// Nobody would be left who may do everything.
    #[error("somebody has to be clinic lead: make somebody else one first")]
    LastLead,
    /// What a lead may do can't be changed.
    #[error("a clinic lead may do everything")]
    LeadMayAll,
    /// Somebody else held the file for as long as it was asked for.
    #[error("the accounts file is in use; try again")]
    InUse,
    /// A page of it is not what was written.
    #[error("the accounts file is damaged")]
    Damaged,
    /// The passphrase could not be hashed.
    #[error("the passphrase could not be hashed")]
    Hash,
}

const NAME: Named = named("name", "the name");
/// A clinician as the tables name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClinicianId(i64);

#[cfg(test)]
impl ClinicianId {
    pub(crate) const fn of(id: i64) -> Self {
        Self(id)
    }
}

impl std::fmt::Display for ClinicianId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Accounts {
    /// Opens the file at `path`, or makes it on first use.
    ///
    /// # Errors
    ///
    /// A wrong key, a damaged file, or a file of a newer version; the file stays as it is.
    pub fn open(
        path: &Path,
        key: &[u8; 32],
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, AccountsError> {
        let mut store = connect(path, key)?;
        let version: i64 = store.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > schema::VERSION {
            return Err(AccountsError::Newer);
        }
        // Pragmas that write come only after the key and the version are known to be right.
        store.pragma_update(None, "journal_mode", "WAL")?;
        store.pragma_update(None, "synchronous", "FULL")?;
        store.pragma_update(None, "foreign_keys", true)?;
        store.busy_timeout(std::time::Duration::from_secs(5))?;
        if version < schema::VERSION {
            schema::migrate(&mut store, version)?;
        }
        Ok(Self {
            store: Mutex::new(store),
            clock,
            rng,
            hashing: Semaphore::new(2),
            queue: Semaphore::new(16),
        })
    }

    /// Adds a clinician. Takes as long as hashing a passphrase does.
    ///
    /// # Errors
    ///
    /// A name that is empty or taken, a passphrase that is too short, a first one who is no lead, or the store.
    pub fn add_clinician(
        &self,
        name: &str,
        passphrase: &str,
        role: Role,
    ) -> Result<(), AccountsError> {
        let name = &*self.new_name(name)?;
        let hashed = passphrase::Hashed::new(passphrase, self.rng.as_ref())?;
        let now = self.now_ms();
        let store = self.store();
        if find(&store, name)?.is_some() {
            return Err(AccountsError::NameTaken);
        }
        let is_first = count(&store)? == 0;
        if is_first && role != Role::Lead {
            return Err(AccountsError::LastLead);
        }
        store.execute(
            "INSERT INTO clinician (name, folded_name, salt, hash, memory_kib, passes, lanes, added_ms, role)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                name, nickname::key(name), hashed.salt, hashed.hash, hashed.memory_kib, hashed.passes,
                hashed.lanes, now, role.as_str()
            ],
        )?;
        let added = format!("{name}: {}", role.label());
        let action = audit::Action::AddedClinician;
        audit::append_change(&store, now, "clinic-console", action, &added)?;
        Ok(())
    }

    /// The name of a clinician to add, as it will be shown: to be asked before anybody thinks of a
    /// passphrase.
    ///
    /// # Errors
    ///
    /// A name that can't be used or is taken, or the store.
    pub fn new_name(&self, name: &str) -> Result<String, AccountsError> {
        let name = nickname::checked(name, NAME, limits::NAME)?;
        match find(&self.store(), &name)? {
            Some(_) => Err(AccountsError::NameTaken),
            None => Ok(name),
        }
    }

    /// The name of somebody who is there, as it is shown.
    ///
    /// # Errors
    ///
    /// Nobody of that name, or the store.
    pub fn known_name(&self, name: &str) -> Result<String, AccountsError> {
        let found = find(&self.store(), name)?;
        let clinician = found.ok_or(AccountsError::NoSuchClinician)?;
        Ok(clinician.name)
    }

    /// Whether a passphrase may be set: to be asked before it is typed a second time.
    ///
    /// # Errors
    ///
    /// It is too short or too long, or holds what another keyboard may not type.
    pub fn check_passphrase(passphrase: &str) -> Result<(), AccountsError> {
        passphrase::checked(passphrase).map(drop)
    }

    /// Sets a new passphrase and ends every session of that clinician.
    ///
    /// # Errors
    ///
    /// Nobody of that name, a passphrase that is too short, or the store.
    pub fn set_passphrase(&self, name: &str, passphrase: &str) -> Result<(), AccountsError> {
        let hashed = passphrase::Hashed::new(passphrase, self.rng.as_ref())?;
        let now = self.now_ms();
        let mut store = self.store();
        let clinician = find(&store, name)?.ok_or(AccountsError::NoSuchClinician)?;
        let change = store.transaction()?;
        change.execute(
            "UPDATE clinician SET salt = ?2, hash = ?3, memory_kib = ?4, passes = ?5, lanes = ?6 WHERE id = ?1",
            params![
                clinician.id, hashed.salt, hashed.hash, hashed.memory_kib, hashed.passes, hashed.lanes
            ],
        )?;
        change.execute("DELETE FROM session WHERE clinician = ?1", [clinician.id])?;
        let action = audit::Action::SetPassphrase;
        audit::append_change(&change, now, "clinic-console", action, &clinician.name)?;
        change.commit()?;
        Ok(())
    }

    /// How many clinicians there are.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn clinicians(&self) -> Result<u64, AccountsError> {
        count(&self.store())
    }

    /// Writes a line into the audit record.
    ///
    /// # Errors
    ///
    /// The store; whoever asked must then not be given what they asked for.
    pub fn record(
        &self,
        actor: &str,
        action: audit::Action,
        patient: Option<&str>,
    ) -> Result<(), AccountsError> {
        let now = self.now_ms();
        audit::append(&self.store(), now, actor, action, patient)
    }

    /// The same about a patient, with what exactly: a few words of this program, and none of the record.
    ///
    /// # Errors
    ///
    /// The store; whoever asked must then not be given what they asked for.
    pub fn record_about(
        &self,
        actor: &str,
        action: audit::Action,
        patient: &str,
        detail: &str,
    ) -> Result<(), AccountsError> {
        let now = self.now_ms();
        audit::append_about(&self.store(), now, actor, action, (patient, detail))
    }

    /// The audit record, newest first, and whether its chain is unbroken.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn audit(&self) -> Result<audit::Record, AccountsError> {
        audit::read(&self.store())
    }

    fn store(&self) -> MutexGuard<'_, Connection> {
        // A panic while holding the lock leaves SQLite itself consistent: its transaction rolled back.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().unix_ms
    }
}

fn connect(path: &Path, key: &[u8; 32]) -> Result<Connection, AccountsError> {
    for_its_owner(path)?;
    let store = Connection::open(path)?;
    let hex = zeroize::Zeroizing::new(data_encoding::HEXLOWER.encode(key));
    let raw = zeroize::Zeroizing::new(format!("x'{}'", hex.as_str()));
    store.pragma_update(None, "key", raw.as_str())?;
    Ok(store)
}

/// Makes the file before SQLite does, so that no other user of the machine may read it; SQLite gives
/// its other files the same mode.
fn for_its_owner(path: &Path) -> Result<(), AccountsError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    Ok(())
}

fn count(store: &Connection) -> Result<u64, AccountsError> {
    let count: i64 = store.query_row("SELECT count(*) FROM clinician", [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// One clinician as stored.
struct Clinician {
    id: i64,
    name: String,
    /// Whether their access was ended.
    has_ended: bool,
    hashed: passphrase::Hashed,
}

fn find(store: &Connection, name: &str) -> Result<Option<Clinician>, AccountsError> {
    Ok(store
        .query_row(
            "SELECT id, name, salt, hash, memory_kib, passes, lanes, ended_ms IS NOT NULL
             FROM clinician WHERE folded_name = ?1",
            [nickname::key(name)],
            |row| {
                Ok(Clinician {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    has_ended: row.get(7)?,
                    hashed: passphrase::Hashed {
                        salt: row.get(2)?,
                        hash: row.get(3)?,
                        memory_kib: row.get(4)?,
                        passes: row.get(5)?,
                        lanes: row.get(6)?,
                    },
                })
            },
        )
        .optional()?)
}

#[cfg(test)]
mod tests;
