//! Taking the whole record along as a folder that anybody can read, and bringing one back.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::folder::{NamedFile, open_in_folder, save_folder};
use companion_core::patient::Patient;
use companion_core::ports::Cancel;
use companion_core::{CoreError, FileProblem, FormerRecord, FormerView, ImportPlan, ImportReport};

use super::{PhoneRecord, WrittenBy};
use crate::cross::{Cross, view};
use crate::error::{CompanionError, Result};
use crate::inner::Inner;
use crate::values::LocalMoment;
use companion_core::domain::{DocumentId, Kind};

/// Hears how far something long got. Called on a thread of this library: hop to the main thread from it.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// So many of so many are done.
    fn on_progress(&self, done: u64, of: u64);
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ExportView {
    /// The names of the files; `README.md` is the one to begin with.
    pub files: Vec<String>,
    /// How many documents are in it.
    pub documents: u64,
    /// How many of them this version can't read: they stand in `record.json` as they are.
    pub unreadable: u64,
    /// How many are left out, since this version does not know what they are.
    pub unknown: u64,
    /// How many recordings and pictures are not on this phone yet, so that the folder is without them: exchange, and
    /// export again.
    pub attachments_not_here: u64,
    /// How many are lost: they were on one phone alone and are damaged there, so that no later export has them.
    pub attachments_lost: u64,
}

/// How many there are of one kind.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct KindCountView {
    /// As `kind()` of its list names it.
    pub kind: String,
    /// How many.
    pub count: u64,
}

impl Cross<(Kind, usize)> for KindCountView {
    fn out((kind, count): (Kind, usize)) -> Self {
        Self {
            kind: Cross::out(kind),
            count: Cross::out(count),
        }
    }
}

view! {
    /// What an import did, or would do.
    ImportView of ImportReport {
        /// What is the person's own again, by kind: on their own phones only, whoever could read it before.
        own: Vec<KindCountView>,
        /// What is kept as a former clinic left it, by kind.
        former: Vec<KindCountView>,
        /// Documents that are here already. They stay as they are here.
        here_already: u64,
        /// Those of them that say something else in the export.
        in_other_words: u64,
        /// Documents that were deleted here since. They stay deleted.
        deleted_here: u64,
        /// Recordings and pictures.
        files: u64,
        /// Bytes of them.
        bytes: u64,
        /// Recordings and pictures that were not on the phone that exported: their entries come without.
        without_file: u64,
    }
}

/// What an export holds, before anything of it is written.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ImportPlanView {
    /// The clinic that the record was shared with; nothing where it was with none.
    pub clinic: Option<String>,
    /// When it was exported, by the clock of the phone that did.
    pub exported_at: LocalMoment,
    /// Which version of the program exported it.
    pub program: String,
    /// When the oldest document happened.
    pub oldest: Option<LocalMoment>,
    /// When the newest document happened.
    pub newest: Option<LocalMoment>,
    /// How many documents were left out when it was exported, since that program did not know them.
    pub left_out_of_unknown_kinds: u64,
    /// What importing it would do.
    pub would: ImportView,
}

impl ImportPlanView {
    fn of(core: &ImportPlan) -> Self {
        let (oldest, newest) = core.from_to.unzip();
        Self {
            clinic: core.clinic.clone(),
            exported_at: Cross::out(core.exported_at),
            program: core.program.clone(),
            oldest: Cross::out(oldest),
            newest: Cross::out(newest),
            left_out_of_unknown_kinds: Cross::out(core.left_out_of_unknown_kinds),
            would: Cross::out(core.would.clone()),
        }
    }
}

view! {
    /// One document of a former record.
    FormerDocumentView of FormerView {
        /// The name that it had.
        id: DocumentId,
        /// What it was.
        kind: String,
        /// When it happened; nothing where that is not known.
        when: Option<LocalMoment>,
        /// What the clinic was called; empty where that is not known.
        clinic: String,
        /// Who wrote in it.
        written_by: Vec<WrittenBy>,
        /// Whether this version can read it.
        is_readable: bool,
    }
}

view! {
    /// What came here with a record that was imported and nobody here can write: as a former clinic left it, to read.
    /// It is no part of a present programme.
    FormerRecordView of FormerRecord {
        /// Its documents, the oldest first.
        documents: Vec<FormerDocumentView>,
        /// All that they say, in Markdown, kind by kind.
        page: String,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Writes everything of the record that this phone holds, private and shared, into a new folder: Markdown to read,
    /// and JSON with every field. Whole or not at all; nothing may be at that path. It needs no network and changes
    /// nothing of the record. **The files are not encrypted**: say so before. `stop_syncing` gives up on it.
    ///
    /// # Errors
    ///
    /// `NotWritable` where something is at that path, or the folder can't be written; `DiskFull`; `Canceled`.
    pub async fn export_into(
        &self,
        folder: String,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<ExportView> {
        self.inner
            .exchange(move |patient, cancel| {
                export(patient, Path::new(&folder), cancel, listener.as_deref())
            })
            .await
    }

    /// Reads an export and checks all of it, before anything is written: its list of files, its form, and the limits of
    /// each kind. `stop_syncing` gives up on it.
    ///
    /// # Errors
    ///
    /// `Import` says what is wrong with it; `Canceled`.
    pub async fn read_export(&self, folder: String) -> Result<Arc<ExportToImport>> {
        let (folder, inner) = (PathBuf::from(folder), Arc::clone(&self.inner));
        let read = self.inner.exchange(move |patient, cancel| {
            let plan = patient.read_export(&|name| opened(&folder, name, cancel));
            Ok(Arc::new(ExportToImport {
                plan: Arc::new(given_up(plan, cancel)?),
                inner,
                folder,
            }))
        });
        read.await
    }

    /// What came here with a record that was imported, as a former clinic left it.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn former_record(&self) -> Result<FormerRecordView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.former_record()?)))
            .await
    }
}

/// An export that was read and checked, and can be imported.
#[derive(uniffi::Object)]
pub struct ExportToImport {
    plan: Arc<ImportPlan>,
    inner: Arc<Inner>,
    folder: PathBuf,
}

#[uniffi::export]
impl ExportToImport {
    /// What it is, and what importing it would do. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn plan(&self) -> Result<ImportPlanView> {
        Ok(ImportPlanView::of(&self.plan))
    }

    /// Imports it, whole or not at all. Nothing is sent to any clinic. What was imported before is not imported twice.
    /// `stop_syncing` gives up on it.
    ///
    /// # Errors
    ///
    /// As of `read_export`: the files are held to their list again. `DiskFull`.
    pub async fn import(&self) -> Result<ImportView> {
        let (plan, folder) = (Arc::clone(&self.plan), self.folder.clone());
        let report = self.inner.exchange(move |patient, cancel| {
            let imported = patient.import(&plan, &|name| opened(&folder, name, cancel));
            Ok(Cross::out(given_up(imported, cancel)?))
        });
        report.await
    }
}

fn export(
    patient: &Patient,
    folder: &Path,
    cancel: &Cancel,
    listener: Option<&dyn ProgressListener>,
) -> Result<ExportView> {
    let export = patient.export()?;
    let files = patient.files_of(&export)?;
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let files: Vec<NamedFile<'_>> = files
        .into_iter()
        .map(|(name, from)| (name, until(from, cancel)))
        .collect();
    let of = Cross::out(names.len());
    let mut tell = |done: usize| {
        if let Some(listener) = listener {
            // What the shell's own code throws keeps nobody from taking their record along.
            let told = AssertUnwindSafe(|| listener.on_progress(Cross::out(done), of));
            let _ = catch_unwind(told);
        }
    };
    let saved = save_folder(folder, files, &mut tell);
    given_up(saved.map_err(not_saved), cancel)?;
    Ok(ExportView {
        files: names,
        documents: Cross::out(export.documents),
        unreadable: Cross::out(export.unreadable),
        unknown: Cross::out(export.unknown),
        attachments_not_here: Cross::out(export.not_here_yet()),
        attachments_lost: Cross::out(export.lost()),
    })
}

/// Why a folder could not be written.
fn not_saved(error: io::Error) -> CompanionError {
    let words = match error.kind() {
        io::ErrorKind::AlreadyExists => "something is there already".to_owned(),
        _ => format!("the folder can't be written: {error}"),
    };
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            CompanionError::DiskFull { words }
        }
        _ => CompanionError::NotWritable { words },
    }
}

fn opened<'a>(
    folder: &std::path::Path,
    name: &str,
    cancel: &'a Cancel,
) -> Result<Box<dyn Read + 'a>, FileProblem> {
    Ok(until(open_in_folder(folder, name)?, cancel))
}

/// What is read until somebody gives up.
fn until<'a>(from: Box<dyn Read + 'a>, cancel: &'a Cancel) -> Box<dyn Read + 'a> {
    struct Until<'a>(Box<dyn Read + 'a>, &'a Cancel);
    impl Read for Until<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            match self.1.is_canceled() {
                true => Err(io::Error::other("it was canceled")),
                false => self.0.read(to),
            }
        }
    }
    Box::new(Until(from, cancel))
}

/// What came of it; where it failed since somebody gave up, that.
fn given_up<T, E>(done: Result<T, E>, cancel: &Cancel) -> Result<T>
where
    CompanionError: From<E>,
{
    match done {
        Err(_) if cancel.is_canceled() => Err(CoreError::Canceled.into()),
        done => Ok(done?),
    }
}
