//! What went wrong, in one plain sentence. It begins with a word of ours: a terminal makes the first letter large, and
//! a name that somebody typed must stay as it is.

use std::path::PathBuf;

use companion_core::ports::TransportError;
use companion_core::{CoreError, NotNow, StoreError};

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The core said no.
    #[error("{}", of_core(.0))]
    Core(CoreError),
    /// The command was not understood.
    #[error("{0}")]
    Usage(String),
    /// The command was understood and can't be done.
    #[error("{0}")]
    NotDone(String),
    /// No entry, check-in or device has this id.
    #[error("nothing here has an id that begins with {0}")]
    NoSuchId(String),
    /// Several have.
    #[error("{count} things have an id that begins with {prefix}; write more of it")]
    AmbiguousId {
        /// What was typed.
        prefix: String,
        /// How many it fits.
        count: usize,
    },
    /// A command that only looks was given a folder without a phone.
    #[error(
        "there is no phone in {path}; `write`, `check-in`, `pair`, `recover` and `import` make one, and nothing was made now"
    )]
    NoPhone {
        /// The folder.
        path: PathBuf,
    },
    /// The phone's folder, or something in it, is read-only.
    #[error(
        "the file or folder {path} can't be written, so nothing can be saved or sent; what is there can be read"
    )]
    NotWritable {
        /// Which file or folder.
        path: PathBuf,
    },
    /// There is no room.
    #[error(
        "the disk is full, so nothing can be saved or sent until there is room; what is in {path} can be read"
    )]
    Full {
        /// Which file or folder.
        path: PathBuf,
    },
    /// The phone's folder can't be used.
    #[error("the file or folder {path} can't be used: {error}")]
    Folder {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The key file is not one, or is open to others.
    #[error("the file {path} {why}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is a file already where one was to be saved.
    #[error(
        "the file {path} is there already, so nothing was saved; `--force` puts the new one in its place"
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A folder for the person would stand where something is already.
    #[error(
        "something named {path} is there already, so nothing was saved; name a folder that is not there yet"
    )]
    FolderExists {
        /// The folder.
        path: PathBuf,
    },
    /// A file for the person can't be written.
    #[error("the file {path} can't be saved: {error}")]
    NotSaved {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The terminal can't be read or written.
    #[error("the terminal can't be used: {0}")]
    Terminal(#[from] std::io::Error),
}

impl From<CoreError> for PhoneError {
    fn from(error: CoreError) -> Self {
        PhoneError::Core(error)
    }
}

impl From<TransportError> for PhoneError {
    fn from(error: TransportError) -> Self {
        PhoneError::Core(error.into())
    }
}

fn of_core(error: &CoreError) -> String {
    match error {
        CoreError::Offline(_) => "the server can't be reached now; everything written here is saved on \
                                  this phone, try again later"
            .to_owned(),
        CoreError::Untrusted => {
            "the server's certificate is not trusted, so nothing was sent; trying again does not help"
                .to_owned()
        }
        CoreError::BadAddress { reason } => {
            format!("the server's address can't be used, so nothing was sent: {reason}")
        }
        CoreError::NotPaired => {
            "this phone is not paired with a clinic yet; `pair` with the clinic's link first"
                .to_owned()
        }
        CoreError::NotNow(NotNow::SessionNotBegun { session }) => {
            format!(
                "it can't be over before it has begun; if you are there already, `session here` first: {session}"
            )
        }
        CoreError::NotNow(NotNow::Shared) => {
            "this is shared with the clinic; `withdraw` it first".to_owned()
        }
        CoreError::NotNow(NotNow::NotSenior) => {
            "that device was there before this phone, so this phone can't remove it; use one that was there \
             before it, or your recovery words: `devices remove ID --with-words`"
                .to_owned()
        }
        CoreError::NotNow(NotNow::NotFirstDevice) => {
            "recovery words are made on your first phone, of your phones in `devices` the one that is listed first; \
             if it is lost, remove it by the words that you have: `devices remove ID --with-words`"
                .to_owned()
        }
        CoreError::NotNow(NotNow::OwnDevice) => {
            "that is this phone; `devices leave` leaves the record with it".to_owned()
        }
        CoreError::NotNow(NotNow::NobodyToConfirm) => {
            "no phone waits to be confirmed; one that is in already is listed in `devices`, and `devices remove ID` \
             removes it"
                .to_owned()
        }
        CoreError::NotNow(NotNow::WordsOpenHalf) => {
            "these words open only a part of the record on this server. Either newer words ended them in the other \
             part, as after your clinic replaced your phone; then use the newer sheet. Or the server was restored \
             and is not complete yet; then try again later, and tell your clinic"
                .to_owned()
        }
        CoreError::NotNow(NotNow::AnotherRecordHere) => {
            "this phone holds a record already, and nothing says that it is the same as the one that this would open; \
             two records are not mixed, and nothing was changed. If both are yours: `export FOLDER` here, open the \
             other one in an empty folder (phone --data NEW …), and `import FOLDER` there"
                .to_owned()
        }
        CoreError::NotNow(NotNow::Removed) => {
            "this phone was removed from this record and can't come back to it, so the link was not used; begin \
             in another folder with it: phone --data FOLDER pair LINK"
                .to_owned()
        }
        CoreError::NotNow(NotNow::WordsOpenNothing) => {
            "these words open no record on this server: newer words replaced them, or they belong to another \
             server; compare both with your sheet"
                .to_owned()
        }
        CoreError::Store(StoreError::Lost) => {
            "the record, phone.db in this folder, is missing or empty, while its key or its recordings are there, so \
             nothing was changed: put phone.db back. If it is gone for good, begin in another folder; your recovery \
             words bring back there what was sent: phone --data FOLDER recover"
                .to_owned()
        }
        CoreError::Store(StoreError::Busy) => {
            "another command is writing to this phone's record; nothing was changed, try again"
                .to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::sentence;

    #[test]
    fn a_name_that_was_typed_is_said_as_it_was_typed() {
        let path = || PathBuf::from("ex");
        let error = || std::io::Error::other("it broke");
        for said in [
            PhoneError::NoPhone { path: path() },
            PhoneError::NotWritable { path: path() },
            PhoneError::Full { path: path() },
            PhoneError::Folder {
                path: path(),
                error: error(),
            },
            PhoneError::Key {
                path: path(),
                why: "is open to others",
            },
            PhoneError::Exists { path: path() },
            PhoneError::FolderExists { path: path() },
            PhoneError::NotSaved {
                path: path(),
                error: error(),
            },
        ] {
            let said = sentence(&said.to_string());
            let words: Vec<_> = said.split([' ', ':', ',', ';']).collect();
            assert!(words.contains(&"ex"), "{said}");
        }
    }
}
