//! The list of all files of an export, written last: a folder without it is an export that was not finished, and one
//! that differs from it was cut or changed since.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{EXPORT_FORMAT, ExportFile};
use crate::domain::RecordId;

/// The name of the list.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The name of the file that holds every document.
pub(crate) const RECORD: &str = "record.json";

/// What the list says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// [`EXPORT_FORMAT`] of whoever wrote it.
    pub(crate) format: u16,
    /// Whose record it is: all names by which it is known.
    pub(crate) record: Vec<RecordId>,
    /// Every other file of the folder.
    pub(crate) files: Vec<ListedFile>,
}

/// One file as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ListedFile {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    /// In lowercase hex.
    pub(crate) sha256: String,
}

impl ListedFile {
    pub(crate) fn of_text(file: &ExportFile) -> Self {
        Self {
            name: file.name.to_owned(),
            bytes: file.text.len() as u64,
            sha256: HEXLOWER.encode(&Sha256::digest(&file.text)),
        }
    }
}

impl Manifest {
    pub(crate) fn new(record: Vec<RecordId>, files: Vec<ListedFile>) -> Self {
        Self {
            format: EXPORT_FORMAT,
            record,
            files,
        }
    }

    /// The list as a file.
    pub(crate) fn file(&self) -> ExportFile {
        // Names, numbers and digests can always be written.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        ExportFile {
            name: MANIFEST,
            text: text + "\n",
        }
    }
}
