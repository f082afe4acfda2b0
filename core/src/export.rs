//! Everything of a patient's record that a phone holds, as files that people and other programs read without
//! this one: Markdown to read, and JSON with every field.
//!
//! Nothing here touches a disk; a shell writes the files where the person says. What is of use to devices alone
//! (keys, permissions, receipts of machines) is not in it: each kind says so of itself
//! ([`Content::IN_EXPORT`](crate::domain::Content::IN_EXPORT)).

mod fields;
mod journal;
mod json;
mod measures;
mod page;
mod record;

use crate::domain::{DocumentId, ItemId, Moment};
use crate::records::Taken;

/// The form of the files. Raised when `record.json` changes in a way that a reader has to know of.
pub const EXPORT_FORMAT: u16 = 1;

/// A patient's record, to take elsewhere. It is plain text: whoever has the files can read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The texts of one folder.
    pub files: Vec<ExportFile>,
    /// The recordings and pictures that belong beside them: a shell reads each from
    /// [`Patient::open_attachment`](crate::patient::Patient::open_attachment) and writes it under its name.
    pub media: Vec<ExportMedia>,
    /// How many documents are in it.
    pub documents: usize,
    /// How many of them this version can't read: they stand in `record.json` as they are.
    pub unreadable: usize,
    /// How many are left out, since this version does not know what they are: they could hold keys.
    pub unknown: usize,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name: letters, digits, `-` and `.` alone.
    pub name: &'static str,
    /// All of it.
    pub text: String,
}

/// A recording or picture of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportMedia {
    /// Its name: letters, digits, `-` and `.` alone.
    pub name: String,
    /// The entry that it hangs on.
    pub entry: DocumentId,
    /// Which of the entry's.
    pub item: ItemId,
    /// Whether its bytes are on this phone.
    pub is_here: bool,
}

/// What an export says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The clinic's name as the phone knows it; `None` where it is paired with none.
    pub(crate) clinic: Option<String>,
    pub(crate) now: Moment,
    /// Documents of kinds that this version does not know.
    pub(crate) unknown: usize,
}

/// The files, of documents oldest first.
pub(crate) fn files(head: &Head, taken: &[Taken], media: Vec<ExportMedia>) -> Export {
    let unreadable = taken.iter().filter(|one| !one.is_readable).count();
    let file = |name, text| ExportFile { name, text };
    Export {
        files: vec![
            file("README.md", page::readme(head, taken, unreadable)),
            file("journal.md", journal::entries(taken, &media)),
            file("check-ins.md", journal::check_ins(taken)),
            file("measures.md", measures::page(taken)),
            file("record.md", record::page(taken)),
            file("record.json", json::record(head, taken, &media)),
        ],
        media,
        documents: taken.len(),
        unreadable,
        unknown: head.unknown,
    }
}
