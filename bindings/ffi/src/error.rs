//! What can go wrong, as one enum that a shell branches on. Every error has a sentence for a person, in plain English,
//! with nothing of what anybody wrote into the record. Most variants carry it as `words`; of the others it is always the
//! same one, and the libraries of both languages know it: `Words.kt`, `Words.swift`.

mod media;
mod not_now;

pub use media::MediaReason;
pub use not_now::NotNowReason;

use companion_core::domain::{ContentError, Invalid, Problem};
use companion_core::{CoreError, Missing, Offline, SpaceError, StoreError};

use crate::vault::VaultError;

/// The result of every call.
pub type Result<T, E = CompanionError> = std::result::Result<T, E>;

/// Why a call did not do what it was asked. Nothing is half done, and nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CompanionError {
    /// The file is not a record, or its key is another one. The file is as it was.
    #[error("{words}")]
    WrongKey {
        /// For a person.
        words: String,
    },
    /// There is a record, and the vault has no key for it; or its key has not 32 bytes. No other key was made.
    #[error("there is a record on this phone, and its key is missing")]
    NoKey,
    /// The vault can't be read now: the phone is locked, or the person did not unlock it. Try again.
    #[error("the key is locked")]
    VaultLocked,
    /// The vault failed.
    #[error("the key can't be reached: {words}")]
    VaultFailed {
        /// In the platform's words.
        words: String,
    },
    /// A newer version of the app wrote the record. Nothing was changed: update the app.
    #[error("the record was written by a newer version of the app; update it")]
    NewerRecord {
        /// The form of the file.
        found: u32,
        /// The newest form that this version knows.
        known: u32,
    },
    /// The file of the record is gone or empty while others of it are there. Nothing was made in its place.
    #[error("{words}")]
    RecordLost {
        /// For a person.
        words: String,
    },
    /// The record is damaged.
    #[error("{words}")]
    Damaged {
        /// For a person.
        words: String,
    },
    /// There is no room on the disk. What is stored can be read.
    #[error("{words}")]
    DiskFull {
        /// For a person.
        words: String,
    },
    /// The folder can't be written. What is stored can be read.
    #[error("{words}")]
    NotWritable {
        /// For a person.
        words: String,
    },
    /// Another process writes to the record: an extension, a second copy of the app. Trying again helps.
    #[error("{words}")]
    InUse {
        /// For a person.
        words: String,
    },
    /// The disk failed.
    #[error("{words}")]
    DiskFailed {
        /// For a person.
        words: String,
    },
    /// What was typed can't be saved as it is.
    #[error("{words}")]
    Invalid {
        /// Which field: `body`.
        field: String,
        /// What is wrong with it.
        problem: FieldProblem,
        /// For a person.
        words: String,
    },
    /// No answer from the server. Trying again later can help.
    #[error("{words}")]
    Offline {
        /// Why.
        reason: OfflineReason,
        /// For a person.
        words: String,
    },
    /// The server's certificate is not one that this device trusts.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// The server's address can't be used.
    #[error("{words}")]
    BadAddress {
        /// For a person.
        words: String,
    },
    /// The server refused.
    #[error("{words}")]
    Refused {
        /// The code of `WIRE.md`.
        code: String,
        /// Whether waiting and trying again can help.
        is_passing: bool,
        /// For a person.
        words: String,
    },
    /// The server answered what no honest server answers.
    #[error("{words}")]
    BadAnswer {
        /// For a person.
        words: String,
    },
    /// Whoever asked gave up waiting. What had been acknowledged stays so.
    #[error("it was canceled")]
    Canceled,
    /// The app sleeps: see `PhoneRecord::resume`.
    #[error("the app is paused")]
    Paused,
    /// The phone is paired with no clinic.
    #[error("this phone is not paired with a clinic yet")]
    NotPaired,
    /// The phone is paired already.
    #[error("this phone is already paired with {clinic}")]
    AlreadyPaired {
        /// With whom.
        clinic: String,
    },
    /// That is no pairing link, or not all of one.
    #[error("{words}")]
    BadLink {
        /// For a person.
        words: String,
    },
    /// These are not twelve recovery words.
    #[error("{words}")]
    BadRecoveryWords {
        /// For a person.
        words: String,
    },
    /// Somebody changed it meanwhile, so nothing was done: show it as it is now.
    #[error("{words}")]
    ChangedMeanwhile {
        /// For a person.
        words: String,
    },
    /// There is nothing by that name.
    #[error("{words}")]
    NotFound {
        /// What was not found.
        what: MissingThing,
        /// For a person.
        words: String,
    },
    /// It is not possible in the present state.
    #[error("{words}")]
    NotNow {
        /// Why.
        reason: NotNowReason,
        /// For a person.
        words: String,
    },
    /// A recording or a picture can't be attached or opened.
    #[error("{words}")]
    Media {
        /// Why.
        reason: MediaReason,
        /// For a person.
        words: String,
    },
    /// An export can't be imported.
    #[error("{words}")]
    Import {
        /// For a person.
        words: String,
    },
    /// It can't be done for a reason that a shell has nothing to do about but to say it.
    #[error("{words}")]
    Other {
        /// For a person.
        words: String,
    },
    /// A fault of this library. The record is opened anew with the next call.
    #[error("{words}")]
    Internal {
        /// For a person.
        words: String,
    },
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum FieldProblem {
    /// More characters, or bytes, than can be kept.
    TooLong {
        /// The most.
        most: u64,
    },
    /// More of them than can be kept.
    TooMany {
        /// The most.
        most: u64,
    },
    /// Outside of its range.
    OutOfRange {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Nothing was written.
    Empty,
    /// It is there already.
    Twice,
    /// A character that can't be shown.
    ControlCharacter,
    /// Anything else: the words say what.
    Other,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum OfflineReason {
    /// No connection.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    Interrupted,
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MissingThing {
    /// A document: an entry, a check-in, a reply.
    Document,
    /// A device.
    Device,
    /// An item of a list: it was removed.
    Item,
    /// A recording or a picture: it was removed.
    Attachment,
    /// A warning.
    Warning,
    /// A part of the record itself.
    RecordPart,
}

impl CompanionError {
    pub(crate) fn internal(what: &str) -> Self {
        CompanionError::Internal {
            words: format!("something went wrong inside the app ({what}); nothing is lost"),
        }
    }

    /// That something typed is not one of what can be chosen.
    pub(crate) fn not_offered(field: &str) -> Self {
        CompanionError::Invalid {
            field: field.to_owned(),
            problem: FieldProblem::Other,
            words: format!("{field} is not offered here"),
        }
    }
}

impl From<CoreError> for CompanionError {
    fn from(error: CoreError) -> Self {
        let words = error.to_string();
        let is_passing = error.is_passing();
        match error {
            CoreError::Store(error) => of_store(&error, words),
            CoreError::Space(SpaceError::BadLink | SpaceError::NoLink) => {
                CompanionError::BadLink { words }
            }
            CoreError::Space(SpaceError::BadRecoveryWords(_)) => {
                CompanionError::BadRecoveryWords { words }
            }
            CoreError::Media(error) => CompanionError::Media {
                reason: MediaReason::from(&error),
                words,
            },
            CoreError::Import(_) => CompanionError::Import { words },
            CoreError::Invalid(error) => of_field(&error, words),
            CoreError::Offline(why) => CompanionError::Offline {
                reason: match why {
                    Offline::Unreachable => OfflineReason::Unreachable,
                    Offline::TimedOut => OfflineReason::TimedOut,
                    Offline::Interrupted => OfflineReason::Interrupted,
                },
                words,
            },
            CoreError::Untrusted => CompanionError::Untrusted,
            CoreError::BadAddress { .. } => CompanionError::BadAddress { words },
            CoreError::Refused { code, .. } => CompanionError::Refused {
                code: code.as_str().to_owned(),
                is_passing,
                words,
            },
            CoreError::BadAnswer(_) => CompanionError::BadAnswer { words },
            CoreError::Canceled => CompanionError::Canceled,
            CoreError::Paused => CompanionError::Paused,
            CoreError::NotPaired => CompanionError::NotPaired,
            CoreError::AlreadyPaired { clinic } => CompanionError::AlreadyPaired { clinic },
            CoreError::ChangedMeanwhile | CoreError::SessionChanged { .. } => {
                CompanionError::ChangedMeanwhile { words }
            }
            CoreError::NotFound(what) => CompanionError::NotFound {
                what: missing(what),
                words,
            },
            CoreError::NotNow(why) => CompanionError::NotNow {
                reason: NotNowReason::from(&why),
                words,
            },
            CoreError::Content(ContentError { .. })
            | CoreError::Document(_)
            | CoreError::Space(_) => CompanionError::Damaged { words },
            CoreError::NotRegistered { .. }
            | CoreError::NotYours { .. }
            | CoreError::HasOwnVerbs { .. }
            | CoreError::SameName { .. }
            | CoreError::SessionExists { .. }
            | CoreError::SessionsOverlap { .. }
            | CoreError::VisitAtThatTime { .. }
            | CoreError::OutcomeChanged { .. }
            | CoreError::PhaseChanged { .. }
            | CoreError::NamesMissing(_)
            | CoreError::MedicineChanged { .. }
            | CoreError::BeyondPlan(_)
            | CoreError::StillAhead(_)
            | CoreError::StandsOtherwise(_)
            | CoreError::Gate(_)
            | CoreError::Rule(_)
            | CoreError::Reminders(_)
            | CoreError::Release(_) => CompanionError::Other { words },
        }
    }
}

fn of_store(error: &StoreError, words: String) -> CompanionError {
    match error {
        StoreError::WrongKeyOrNotOurs => CompanionError::WrongKey { words },
        StoreError::Newer { found, known } => CompanionError::NewerRecord {
            found: *found,
            known: *known,
        },
        StoreError::Lost => CompanionError::RecordLost { words },
        StoreError::Full => CompanionError::DiskFull { words },
        StoreError::NotWritable | StoreError::LeftOpen => CompanionError::NotWritable { words },
        StoreError::Disk(_) => CompanionError::DiskFailed { words },
        StoreError::Busy => CompanionError::InUse { words },
        _ => CompanionError::Damaged { words },
    }
}

fn of_field(error: &Invalid, words: String) -> CompanionError {
    let number = |limit: usize| u64::try_from(limit).unwrap_or(u64::MAX);
    let problem = match error.problem {
        Problem::TooManyCharacters { limit } | Problem::TooManyBytes { limit } => {
            FieldProblem::TooLong {
                most: number(limit),
            }
        }
        Problem::TooMany { limit } => FieldProblem::TooMany {
            most: number(limit),
        },
        Problem::OutOfRange { least, most } => FieldProblem::OutOfRange { least, most },
        Problem::Empty => FieldProblem::Empty,
        Problem::Twice => FieldProblem::Twice,
        Problem::ControlCharacter => FieldProblem::ControlCharacter,
        _ => FieldProblem::Other,
    };
    CompanionError::Invalid {
        field: error.name.field.to_owned(),
        problem,
        words,
    }
}

fn missing(what: Missing) -> MissingThing {
    match what {
        Missing::Document | Missing::Patient | Missing::Clinic => MissingThing::Document,
        Missing::Device => MissingThing::Device,
        Missing::CostLine | Missing::PlanLine | Missing::ScreeningItem => MissingThing::Item,
        Missing::Attachment => MissingThing::Attachment,
        Missing::Warning => MissingThing::Warning,
        Missing::Space | Missing::Identity | Missing::Recoverable => MissingThing::RecordPart,
    }
}

impl From<VaultError> for CompanionError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => CompanionError::VaultLocked,
            VaultError::Unavailable { reason } => CompanionError::VaultFailed { words: reason },
        }
    }
}

/// What a foreign trait of the shell threw.
impl From<uniffi::UnexpectedUniFFICallbackError> for CompanionError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        CompanionError::internal("the app's own code failed")
    }
}
