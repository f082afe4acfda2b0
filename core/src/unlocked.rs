//! The file beside a record that holds help to show without the record's key. It is written whole or not at all,
//! for its owner alone, and read as something that anybody may have written. Whoever opens the record compares it with
//! what the record says.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::domain::unlocked::{UnlockedCopy, UnlockedHelp};
use crate::error::Result;
use crate::space::keys::derive_with;
use crate::store::{Store, StoreError, StoreKey};

/// More than any copy has: 50 lines of a card and 100 of a plan.
const MOST_BYTES: u64 = 256 * 1024;

/// Where the copy of a record lies.
pub(crate) fn beside(record: &Path) -> PathBuf {
    with_suffix(record, ".help")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The file: the copy, and what proves to whoever has the record's key that this record wrote it.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    copy: UnlockedCopy,
    #[serde(default)]
    check: String,
}

impl Kept {
    fn new(copy: &UnlockedCopy, key: &StoreKey) -> Result<Self> {
        Ok(Self {
            copy: copy.clone(),
            check: HEXLOWER.encode(&*check_value(copy, key)?),
        })
    }

    fn is_ours(&self, key: &StoreKey) -> bool {
        let ours = check_value(&self.copy, key);
        let said = HEXLOWER.decode(self.check.as_bytes());
        matches!((ours, said), (Ok(ours), Ok(said)) if bool::from(ours.ct_eq(&said)))
    }
}

/// A value of the copy's words and its date that nobody can make without the key, and that says nothing of the key.
fn check_value(copy: &UnlockedCopy, key: &StoreKey) -> Result<Zeroizing<[u8; 32]>> {
    let said = to_json(copy)?;
    Ok(derive_with(key.as_bytes(), &[b"kap/help/1", &said]))
}

fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(value).map_err(|e| StoreError::Damaged(e.to_string()))?)
}

/// What lies where the copy of a record belongs.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// A copy that this record wrote, now or earlier.
    Ours(UnlockedCopy),
    /// Something else: a copy that was changed, or no copy at all.
    Foreign,
}

/// What lies beside a record, told by the record's key.
pub(crate) fn look(store: &Store) -> Found {
    let path = beside(store.path());
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Found::Nothing,
        _ => {}
    }
    match read(store.path()) {
        Some(kept) if kept.is_ours(store.key()) => Found::Ours(kept.copy),
        _ => Found::Foreign,
    }
}

/// The copy beside a record, if there is one that can be read, whoever wrote it.
fn read(record: &Path) -> Option<Kept> {
    let path = beside(record);
    // A pipe would let a person who needs help wait.
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    let is_small = u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES);
    is_small.then(|| serde_json::from_slice(&bytes).ok())?
}

/// Help to show while a record is locked, missing or damaged. It never fails.
pub(crate) fn help(record: &Path) -> UnlockedHelp {
    read(record).map_or_else(UnlockedHelp::bundled, |kept| kept.copy.help())
}

/// Puts a copy beside a record, or takes it away. Writes nothing where it says that already, by this record's own
/// word.
pub(crate) fn keep(store: &Store, wanted: Option<&UnlockedCopy>) -> Result<()> {
    let record = store.path();
    let Some(wanted) = wanted else {
        return remove(record);
    };
    let kept = put(store, wanted);
    // No number is better than one that somebody else wrote.
    if kept.is_err() && look(store) == Found::Foreign {
        forget(&beside(record)).map_err(|error| failed(&error))?;
    }
    kept
}

fn put(store: &Store, wanted: &UnlockedCopy) -> Result<()> {
    let record = store.path();
    // What a power cut left of an earlier one may say more than is wanted now.
    let draft = with_suffix(record, ".help.new");
    forget(&draft).map_err(|error| failed(&error))?;
    if matches!(look(store), Found::Ours(there) if there.says_the_same(wanted)) {
        return Ok(());
    }
    let json = to_json(&Kept::new(wanted, store.key())?)?;
    write(&draft, &json)
        .and_then(|()| fs::rename(&draft, beside(record)))
        .and_then(|()| settle(record))
        .map_err(|error| failed(&error))
}

/// Takes the copy away, and what was left of one. Needs no room on the disk.
pub(crate) fn remove(record: &Path) -> Result<()> {
    // Whatever becomes of the one, the other is tried: each may say what is not to be read.
    let copy = forget(&beside(record));
    let draft = forget(&with_suffix(record, ".help.new"));
    if copy.map_err(|error| failed(&error))? | draft.map_err(|error| failed(&error))? {
        settle(record).map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Removes a file, if it is there. Says whether it was.
fn forget(path: &Path) -> std::result::Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::result::Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Lets a change of names in the folder outlast a power cut.
fn settle(record: &Path) -> std::result::Result<(), Error> {
    #[cfg(unix)]
    if let Some(folder) = record.parent().filter(|it| !it.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = record;
    Ok(())
}

fn failed(error: &Error) -> crate::CoreError {
    StoreError::of_io(error).into()
}
