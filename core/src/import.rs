//! Reading an export back in, so that an app that holds nothing yet holds the same record. First all of it is read
//! and held to its list of files, to its form and to the limits of each kind; only then is anything written.
//!
//! Nothing here touches a disk: whoever has the folder opens its files by name. What an export says is taken for
//! nobody's word but the patient's own, so all of it goes into their private space.

mod checked;
mod files;
mod media;
mod plan;
mod scan;

use std::io::Read;

pub(crate) use checked::{Own, Source, each_attachment, former_id};
pub(crate) use files::pass;
pub(crate) use plan::read;
pub use plan::{ImportCounts, ImportPlan, ImportReport};

use crate::domain::{Invalid, Kind};
use crate::export::{EXPORT_FORMAT, RECORD};

/// Of a name that no file in the folder can have, so many characters are shown: it may be as long as its list.
const NAME_SHOWN: usize = 60;

/// Opens a file of the folder by its name, which has letters, digits, `-` and `.` alone. Whoever opens it follows no
/// link: what is imported is what stands in the folder.
pub type OpenFile<'a> = &'a dyn Fn(&str) -> Result<Box<dyn Read + 'a>, FileProblem>;

/// Why a file can't be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// Nothing has that name.
    Missing,
    /// What has that name is a link, a folder or a device.
    NoFile,
    /// It can't be read, for the reason that the system gives.
    Unreadable(String),
}

/// Why an export is not imported. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The folder has no list of files.
    #[error("this folder holds no finished export: manifest.json is missing from it")]
    NoExport,
    /// A newer program wrote it in another form.
    #[error(
        "this export has format {format}, and this version reads up to format {EXPORT_FORMAT}: bring the program up to \
         date, and import again"
    )]
    NewerFormat {
        /// Its form.
        format: u16,
    },
    /// It is not written as an export writes it.
    #[error("the file {file} is not written as an export writes it")]
    Nonsense {
        /// Which file.
        file: &'static str,
    },
    /// It is nested deeper than any record.
    #[error("the file {file} is nested more deeply than any record is")]
    TooDeep {
        /// Which file.
        file: &'static str,
    },
    /// It is larger than any record.
    #[error("the file {file} is larger than any record that can be imported")]
    TooLarge {
        /// Which file.
        file: &'static str,
    },
    /// What it says of itself can't be so.
    #[error("the file {RECORD} can't be as it is: {why}")]
    Head {
        /// What, and what is wrong with it.
        why: Invalid,
    },
    /// A name that leads out of the folder, or is none.
    #[error(
        "the export names a file {:?}, which is no name of a file in it; nothing outside the folder is read",
        .name.chars().take(NAME_SHOWN).collect::<String>()
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// A file that is listed is not there.
    #[error("the file {name} is missing: only a whole export is imported")]
    Missing {
        /// Which file.
        name: String,
    },
    /// A link or a folder instead of a file.
    #[error(
        "the file {name} is a link or a folder, and none of its own: only what stands in the folder itself is imported"
    )]
    NoFile {
        /// Which file.
        name: String,
    },
    /// The system does not give it.
    #[error("the file {name} can't be read: {why}")]
    Unreadable {
        /// Which file.
        name: String,
        /// What the system says.
        why: String,
    },
    /// It has fewer bytes than were exported.
    #[error("the file {name} is cut off: only a whole export is imported")]
    Cut {
        /// Which file.
        name: String,
    },
    /// It has more bytes than were exported.
    #[error("the file {name} is longer than what was exported: it was changed since")]
    Longer {
        /// Which file.
        name: String,
    },
    /// It has other bytes than were exported.
    #[error("the file {name} is not what was exported: it was changed or damaged since")]
    Changed {
        /// Which file.
        name: String,
    },
    /// Another record than the one that is here.
    #[error(
        "this is an export of another record than the one in this app, and two records are not mixed: import it into an \
         empty app"
    )]
    AnotherRecord,
    /// One id for two documents.
    #[error("the export holds one document twice ({})", .kind.in_words())]
    Twice {
        /// Of which kind.
        kind: Kind,
    },
    /// A field that nobody could have saved.
    #[error("a document in the export can't be as it is ({}): {why}", .kind.in_words())]
    Field {
        /// Of which kind.
        kind: Kind,
        /// Which field, and what is wrong with it.
        why: Invalid,
    },
    /// A document that this version can't read, though its writer could.
    #[error(
        "a document in the export can't be read by this version ({}): if a newer program wrote it, bring this one up to \
         date, and import again",
        .kind.in_words()
    )]
    NotReadable {
        /// Of which kind.
        kind: Kind,
    },
    /// What no export holds.
    #[error("the export holds something that no export does ({})", .kind.in_words())]
    NotForExports {
        /// Of which kind.
        kind: Kind,
    },
    /// A document that is larger than what can be kept.
    #[error("a document in the export is larger than any that can be kept ({})", .kind.in_words())]
    DocumentTooLarge {
        /// Of which kind.
        kind: Kind,
    },
    /// A recording or picture of another format or length than its entry says.
    #[error("the file {name} is not the recording or picture that its entry says it is")]
    NotWhatItSays {
        /// Which file.
        name: String,
    },
}
