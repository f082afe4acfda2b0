//! What is about to be imported, read and checked, to be shown to whoever decides.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::checked::{Own, sorted, times};
use super::files::{is_name, pass, whole};
use super::scan::scan;
use super::{ImportError, OpenFile};
use crate::domain::text::{self, Named, named};
use crate::domain::{FormerDocument, Kind, Moment, RecordId, limits};
use crate::error::{CoreError, Result};
use crate::export::{EXPORT_FORMAT, ListedFile, MANIFEST, Manifest, RECORD, RecordDocument};

/// Bytes of the longest list: some ten thousand files.
const LIST: u64 = 8 * 1024 * 1024;
/// Bytes of the largest record. Ten years of writing each day take a quarter of it.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Most names that a record goes by.
const NAMES: usize = 64;

const CLINIC: Named = named("clinic", "the clinic's name");
const PROGRAM: Named = named("program", "the version of the program");

/// How many documents there are of each kind.
pub type ImportCounts = BTreeMap<Kind, usize>;

/// An export that was read and found whole, and what importing it would do here. Nothing is written yet.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    /// The clinic that the record was shared with; `None` where it was with none.
    pub clinic: Option<String>,
    /// When it was exported, by the clock of the phone that did.
    pub exported_at: Moment,
    /// Which version of the program exported it.
    pub program: String,
    /// When the oldest and the newest document happened.
    pub from_to: Option<(Moment, Moment)>,
    /// How many documents were left out when it was exported, since that program did not know them.
    pub left_out_of_unknown_kinds: usize,
    /// What importing it would do.
    pub would: ImportReport,
    pub(crate) record: Vec<RecordId>,
    pub(crate) own: Vec<Own>,
    pub(crate) former: Vec<FormerDocument>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// What is the patient's own again, by kind: on their own devices only, whoever could read it before.
    pub own: ImportCounts,
    /// What is kept as a former clinic left it, by kind.
    pub former: ImportCounts,
    /// Documents that are here already. They stay as they are here.
    pub here_already: usize,
    /// Those of them that say something else in the export.
    pub in_other_words: usize,
    /// Documents that were deleted here since. They stay deleted.
    pub deleted_here: usize,
    /// Recordings and pictures.
    pub files: usize,
    /// Bytes of them.
    pub bytes: u64,
    /// Recordings and pictures that were not on the phone that exported: their entries come without.
    pub without_file: usize,
}

/// The whole of `record.json`, as far as it is imported. The measures in it are for other programs.
#[derive(Deserialize)]
struct RecordFile {
    program: String,
    exported_at: Moment,
    clinic: Option<String>,
    left_out_of_unknown_kinds: usize,
    documents: Vec<RecordDocument>,
}

#[derive(Deserialize)]
struct Format {
    format: u16,
}

/// Reads an export and checks all of it.
pub(crate) fn read(folder: OpenFile<'_>) -> Result<ImportPlan> {
    let manifest = manifest(folder)?;
    let mut record = None;
    for file in &manifest.files {
        match file.name == RECORD {
            true => record = Some(file),
            // Of recordings and pictures it is seen later whether they are what their entries say.
            false => pass(folder, file, &mut |_| Ok(()))?,
        }
    }
    let record = record.ok_or_else(|| missing(RECORD))?;
    let text = record_text(folder, record)?;
    scan(&text, RECORD)?;
    if format(&text, RECORD)? != manifest.format {
        return Err(ImportError::Nonsense { file: RECORD }.into());
    }
    let record: RecordFile =
        serde_json::from_slice(&text).map_err(|_| ImportError::Nonsense { file: RECORD })?;
    drop(text);
    let said = |text: &str, name, limit| {
        text::line(text, name, limit).map_err(|why| ImportError::Head { why })
    };
    let program = said(&record.program, PROGRAM, limits::WORD)?;
    let clinic = record
        .clinic
        .map(|clinic| said(&clinic, CLINIC, limits::NAME));
    // One that is called nothing is none.
    let clinic = clinic.transpose()?.filter(|clinic| !clinic.is_empty());
    let from_to = times(&record.documents);
    let of_clinic = clinic.as_deref().unwrap_or_default();
    let sorted = sorted(record.documents, of_clinic, &manifest.files, folder)?;
    Ok(ImportPlan {
        from_to,
        clinic,
        exported_at: record.exported_at,
        program,
        left_out_of_unknown_kinds: record.left_out_of_unknown_kinds,
        would: ImportReport::default(),
        record: manifest.record,
        own: sorted.own,
        former: sorted.former,
    })
}

fn manifest(folder: OpenFile<'_>) -> Result<Manifest, ImportError> {
    let nonsense = || ImportError::Nonsense { file: MANIFEST };
    let text = whole(folder, MANIFEST, LIST).map_err(|error| match error {
        ImportError::Missing { .. } => ImportError::NoExport,
        error => error,
    })?;
    scan(&text, MANIFEST)?;
    let format = format(&text, MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| nonsense())?;
    if format < 1 || manifest.record.is_empty() || manifest.record.len() > NAMES {
        return Err(nonsense());
    }
    let mut names: Vec<&str> = Vec::new();
    for file in &manifest.files {
        if !is_name(&file.name) {
            let name = file.name.clone();
            return Err(ImportError::BadName { name });
        }
        names.push(&file.name);
    }
    names.sort_unstable();
    if names.windows(2).any(|two| two.first() == two.last()) || names.contains(&MANIFEST) {
        return Err(nonsense());
    }
    Ok(manifest)
}

/// Its form, which is asked before anything else of it is read: a newer one may be written otherwise.
fn format(text: &[u8], file: &'static str) -> Result<u16, ImportError> {
    let Format { format } =
        serde_json::from_slice(text).map_err(|_| ImportError::Nonsense { file })?;
    match format > EXPORT_FORMAT {
        true => Err(ImportError::NewerFormat { format }),
        false => Ok(format),
    }
}

fn missing(name: &str) -> ImportError {
    let name = name.to_owned();
    ImportError::Missing { name }
}

fn record_text(folder: OpenFile<'_>, record: &ListedFile) -> Result<Vec<u8>, CoreError> {
    if record.bytes > LARGEST {
        return Err(ImportError::TooLarge { file: RECORD }.into());
    }
    let mut text = Vec::new();
    pass(folder, record, &mut |piece| {
        text.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(text)
}
