//! Everything of a patient's record that a phone holds, as files that people and other programs read without
//! this one: Markdown to read, and JSON with every field.
//!
//! Nothing here touches a disk; a shell writes the files where the person says, by [`folder`](crate::folder). What is
//! of use to devices alone (keys, permissions, receipts of machines) is not in it: each kind says so of itself
//! ([`Content::IN_EXPORT`](crate::domain::Content::IN_EXPORT)).

mod document;
mod fields;
mod hand_over;
mod journal;
mod json;
mod manifest;
mod measures;
mod page;
mod record;

use std::collections::BTreeSet;

pub(crate) use document::RecordDocument;
pub(crate) use hand_over::{HandOverHead, released, summary};
pub use hand_over::{PART_2_NOTICE, PART_2_SCOPE, PART_2_SOURCE, REDISCLOSURE};
pub(crate) use manifest::{ListedFile, MANIFEST, Manifest, RECORD};

use crate::domain::{DocumentId, FormerDocument, ItemId, Kind, Moment, RecordId, Side};
use crate::records::{Taken, TakenAlong};

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
    /// The list of all of them, to be written last: a folder without it is no finished export.
    pub manifest: ExportFile,
    /// How many documents are in it.
    pub documents: usize,
    /// How many of them this version can't read: they stand in `record.json` as they are.
    pub unreadable: usize,
    /// How many are left out, since this version does not know what they are: they could hold keys.
    pub unknown: usize,
}

impl Export {
    /// How many recordings and pictures are not on this phone yet, so that the folder is without them.
    pub fn not_here_yet(&self) -> usize {
        let may_come = |media: &&ExportMedia| !media.is_here && !media.is_lost;
        self.media.iter().filter(may_come).count()
    }

    /// How many recordings and pictures are lost: no later export has them.
    pub fn lost(&self) -> usize {
        self.media.iter().filter(|media| media.is_lost).count()
    }
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
    /// Whether they are not, and come from nowhere as far as this phone knows.
    pub is_lost: bool,
    /// How many there are.
    pub bytes: u64,
    /// Their SHA-256 in lowercase hex; empty where they are not on this phone.
    pub sha256: String,
}

/// What an export says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The clinic's name as the phone knows it; `None` where it is paired with none.
    pub(crate) clinic: Option<String>,
    pub(crate) now: Moment,
    /// The names of the record.
    pub(crate) record: Vec<RecordId>,
    /// Documents of kinds that this version does not know.
    pub(crate) unknown: usize,
}

/// All documents oldest first, those of a former clinic among them as what they were. One that stands here by itself
/// counts before what an import brought of it.
pub(crate) fn in_order(all: TakenAlong) -> Vec<Taken> {
    let mut taken = all.documents;
    let here: BTreeSet<DocumentId> = taken.iter().map(|one| one.id).collect();
    let former = former(all.former).into_iter();
    taken.extend(former.filter(|one| !here.contains(&one.id)));
    taken.sort_by_key(|one| (one.when.map(|at| at.unix_ms), one.id));
    taken
}

/// What came here with a record that was imported and nobody here can write: as a former clinic left it, to read. It
/// is no part of a present programme, and nothing is reminded, asked or counted by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerRecord {
    /// Its documents, oldest first.
    pub documents: Vec<FormerView>,
    /// All that they say, in Markdown, kind by kind, as an export has it.
    pub page: String,
}

/// One document of a former record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerView {
    /// The id that it had.
    pub id: DocumentId,
    /// What it was.
    pub kind: Kind,
    /// When it happened; `None` where that is not known.
    pub when: Option<Moment>,
    /// What the clinic was called; empty where that is not known.
    pub clinic: String,
    /// The sides that wrote in it.
    pub written_by: Vec<Side>,
    /// Whether this version can read it.
    pub is_readable: bool,
}

/// What of all that is taken along came with an import.
pub(crate) fn former_record(all: TakenAlong) -> FormerRecord {
    let mut taken = former(all.former);
    taken.sort_by_key(|one| (one.when.map(|at| at.unix_ms), one.id));
    let documents = taken.iter().map(|one| FormerView {
        id: one.id,
        kind: one.kind.clone(),
        when: one.when,
        clinic: one.former_clinic.clone().unwrap_or_default(),
        written_by: one.by.clone(),
        is_readable: one.is_readable,
    });
    FormerRecord {
        documents: documents.collect(),
        page: record::page_of(record::FORMER, &taken),
    }
}

/// Documents of a former clinic as what they were. What is damaged is left out.
fn former(former: Vec<FormerDocument>) -> Vec<Taken> {
    let all = former.into_iter().filter_map(|one| {
        let document: RecordDocument = serde_json::from_str(&one.written).ok()?;
        Some(document.into_taken(one.clinic))
    });
    all.collect()
}

/// The files, of documents oldest first.
pub(crate) fn files(head: &Head, taken: &[Taken], media: Vec<ExportMedia>) -> Export {
    let unreadable = taken.iter().filter(|one| !one.is_readable).count();
    let file = |name, text| ExportFile { name, text };
    let files = vec![
        file("README.md", page::readme(head, taken, unreadable)),
        file("journal.md", journal::entries(taken, &media)),
        file("check-ins.md", journal::check_ins(taken)),
        file("measures.md", measures::page(taken)),
        file("record.md", record::page(taken)),
        file(RECORD, json::record(head, taken, &media)),
    ];
    let here = media.iter().filter(|media| media.is_here);
    let here = here.map(|media| ListedFile {
        name: media.name.clone(),
        bytes: media.bytes,
        sha256: media.sha256.clone(),
    });
    let listed = files.iter().map(ListedFile::of_text).chain(here);
    Export {
        manifest: Manifest::new(head.record.clone(), listed.collect()).file(),
        files,
        media,
        documents: taken.len(),
        unreadable,
        unknown: head.unknown,
    }
}
