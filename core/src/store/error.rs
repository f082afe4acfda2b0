//! What can go wrong with a store, in words that a person can act on.

use companion_protocol::id::{Counter, LogNumber, MemberId, SealedHash, SpaceId};
use rusqlite::ErrorCode;
use rusqlite::ffi::code_to_str;

use crate::domain::DocumentId;

/// Why the store did not do what it was asked. Nothing of a failed write is kept, with one caveat
/// named at [`StoreError::Disk`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another key, a file of something else, or a first page so damaged that the two can't be told
    /// apart. The file is as it was.
    #[error("the file is not a companion store, or its key is another one")]
    WrongKeyOrNotOurs,
    /// A page fails its checksum or the tables contradict each other.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A newer version of the app has migrated the file. The file is as it was.
    #[error("the store was written by a newer version (schema {found}, known here: {known})")]
    Newer {
        /// The file's schema.
        found: u32,
        /// The newest schema that this version understands.
        known: u32,
    },
    /// The file is missing or empty, and other files of the store are where they were: recordings, a log, help to
    /// show without the key. Nothing was made in its place, and nothing changed.
    #[error(
        "the file of the record is missing or empty, while other files of it are there, so nothing was changed: put \
         the file back, or begin in another folder"
    )]
    Lost,
    /// There is no room for what was to be written. What is stored can still be read.
    #[error(
        "the disk is full, so nothing can be saved until there is room; what is here can be read"
    )]
    Full,
    /// The file or its folder is read-only. What is stored can still be read.
    #[error("this folder can't be written, so nothing can be saved; what is in it can be read")]
    NotWritable,
    /// Nothing can be written where the store lies, and a process that was killed there left a log that can't
    /// be read without writing.
    #[error(
        "this folder can't be written, and what was last saved in it can't be read without that: copy the whole \
         folder to a place that can be written"
    )]
    LeftOpen,
    /// The disk is failing. When it failed at the very end of a write, that write may turn
    /// out stored after all, whole: retry with the same ids.
    #[error("the disk failed: {0}")]
    Disk(String),
    /// Another process writes to the file and did not finish in time.
    #[error("the store is in use by another process")]
    Busy,
    /// There is a file already where a backup should go.
    #[error("there is a file at {0} already")]
    Exists(String),
    /// A statement does not follow the last one stored.
    #[error("statement {given} is out of order, expected {expected}")]
    OutOfOrder {
        /// The sequence that was to be appended.
        given: u64,
        /// The one that comes next.
        expected: u64,
    },
    /// Two different changes claim the same id, or the same count of one author.
    #[error("two different changes claim count {counter} of member {}", author.short())]
    Fork {
        /// Whose change was to be appended.
        author: MemberId,
        /// Its count.
        counter: Counter,
        /// The hash of the one that is stored and stays.
        stored: SealedHash,
    },
    /// A server gave the number of one change to another.
    #[error("number {number} of space {} belongs to another change", space.short())]
    NumberTaken {
        /// The space.
        space: SpaceId,
        /// The number.
        number: LogNumber,
    },
    /// A row names a document that belongs to another space.
    #[error("document {0} belongs to another space")]
    OtherSpace(DocumentId),
    /// A row names a space that was never put.
    #[error("a row names a space that is not stored")]
    UnknownSpace,
    /// There is no such row.
    #[error("there is no such {0} in the store")]
    Missing(&'static str),
    /// A number beyond 2^63, which no honest peer reaches.
    #[error("{0} is too large to store")]
    TooLarge(&'static str),
    /// A fault of this program.
    #[error("the database refused: {0}")]
    Sql(String),
}

impl StoreError {
    /// Whether the connection that met this must be closed and opened anew: after a disk fault or a
    /// bad page SQLite may hold state that no longer fits the file.
    pub(super) fn spoils_connection(&self) -> bool {
        matches!(
            self,
            StoreError::Disk(_)
                | StoreError::Full
                | StoreError::NotWritable
                | StoreError::Damaged(_)
                | StoreError::WrongKeyOrNotOurs
        )
    }

    /// Whether it may be possible to read all the same.
    pub(crate) fn forbids_writing_alone(&self) -> bool {
        matches!(
            self,
            StoreError::Disk(_) | StoreError::Full | StoreError::NotWritable
        )
    }

    /// What the system said of a file.
    pub(crate) fn of_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::NotWritable,
            _ => StoreError::Disk(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    /// Never carries the SQL text or a value: the one could hold the key, the other what a person
    /// wrote.
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(code, message) => from_code(code, message),
            rusqlite::Error::SqlInputError { error, msg, .. } => {
                StoreError::Sql(format!("{} ({msg})", code_to_str(error.extended_code)))
            }
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => {
                StoreError::Damaged("a column holds what it never should".to_owned())
            }
            other => StoreError::Sql(other.to_string()),
        }
    }
}

fn from_code(code: rusqlite::ffi::Error, message: Option<String>) -> StoreError {
    let words = || code_to_str(code.extended_code).to_owned();
    match code.code {
        ErrorCode::NotADatabase => StoreError::WrongKeyOrNotOurs,
        ErrorCode::DatabaseCorrupt => StoreError::Damaged(words()),
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::NotWritable,
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::NoLargeFileSupport => StoreError::Disk(words()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::ConstraintViolation
            if code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY =>
        {
            StoreError::UnknownSpace
        }
        // These messages name columns only.
        ErrorCode::ConstraintViolation => StoreError::Sql(message.unwrap_or_else(words)),
        _ => StoreError::Sql(words()),
    }
}
