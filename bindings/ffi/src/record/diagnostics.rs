//! How the record on this phone is: a report that can be sent, and putting rows right.

use companion_core::domain::DocumentId;
use companion_core::patient::Patient;
use companion_core::records::RecordCheck;
use companion_core::{CheckHealth, FilesHealth, HealthReport, OutboxHealth, SpacesHealth, Volume};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::standing::FilesStandingView;
use super::{OpenRequest, PhoneRecord};
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::network::ports;
use crate::runtime;
use crate::vault::{KeyVault, key};

/// A word and how often it counts.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WordCountView {
    /// A word of this library's own.
    pub word: String,
    /// How many.
    pub count: u64,
}

impl Cross<(&'static str, u64)> for WordCountView {
    fn out((word, count): (&'static str, u64)) -> Self {
        Self {
            word: word.to_owned(),
            count,
        }
    }
}

view! {
    /// A number of changes and their bytes.
    ChangesVolumeView of Volume {
        /// How many.
        changes: u64,
        /// Their bytes.
        bytes: u64,
    }
}

view! {
    /// All spaces of one purpose.
    SpacesHealthView of SpacesHealth {
        /// `care` or `private`.
        purpose: String,
        /// In how many this phone is a member.
        member: u64,
        /// In how many it waits to be let in.
        waiting: u64,
        /// In how many it is not, and how many were ended.
        gone: u64,
        /// How many the server has.
        on_server: u64,
        /// The height of the shortest chain, in statements.
        lowest_chain: u64,
        /// The height of the longest.
        highest_chain: u64,
        /// In how many something that must exist is missing.
        with_gaps: u64,
        /// How many are being given back to a restored server.
        backfilling: u64,
        /// In how many the key is to be changed.
        rotation_due: u64,
    }
}

view! {
    /// What waits to be sent.
    OutboxHealthView of OutboxHealth {
        /// How many changes, and their bytes.
        size: ChangesVolumeView,
        /// Whole hours that the oldest waits.
        oldest_hours: Option<u64>,
        /// Whole hours that the newest waits.
        newest_hours: Option<u64>,
    }
}

/// What comparing everything with the documents behind it came to.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum CheckOutcome {
    /// It was compared.
    Compared {
        /// How many documents.
        documents: u64,
        /// How many rows are not what their documents say.
        differing: u64,
        /// How many files of recordings and pictures were damaged, and are not here any more.
        damaged_files: u64,
    },
    /// A page of the file is damaged, or its tables contradict each other.
    Damaged,
    /// It could not be done for another reason.
    NotDone,
    /// The file could not be opened, so nothing in it could be counted either.
    NotOpened {
        /// Why, in a word: `wrong_key_or_first_page`, `damaged`, `newer`, `full`, `not_writable`, `disk`, `busy`,
        /// `missing` or `other`.
        why: String,
    },
}

impl Cross<CheckHealth> for CheckOutcome {
    fn out(core: CheckHealth) -> Self {
        match core {
            CheckHealth::Compared {
                documents,
                differing,
                damaged_files,
            } => CheckOutcome::Compared {
                documents,
                differing,
                damaged_files,
            },
            CheckHealth::Damaged => CheckOutcome::Damaged,
            CheckHealth::NotDone => CheckOutcome::NotDone,
            CheckHealth::NotOpened { why } => CheckOutcome::NotOpened {
                why: why.to_owned(),
            },
        }
    }
}

/// The health of the record on this phone: counts, sizes, versions, ages and codes, and nothing of what anybody wrote,
/// is called or is named by. What could not be counted, since its pages are damaged, is nothing.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct DiagnosticsView {
    /// All of it in plain words, for a person to read whole and then to send.
    pub as_words: String,
    /// The version of this form of report.
    pub format: u16,
    /// The version of this library.
    pub program: String,
    /// Whose record it is: `patient`.
    pub side: String,
    /// The operating system.
    pub system: String,
    /// The processor.
    pub processor: String,
    /// The form of the file.
    pub schema: u32,
    /// The version by which this library indexes rows.
    pub index: u32,
    /// The one by which the rows here were indexed.
    pub indexed: Option<u32>,
    /// Bytes of the file.
    pub file_bytes: Option<u64>,
    /// Bytes that stand beside it until they are folded in.
    pub beside_bytes: Option<u64>,
    /// How many rows each known kind has; all that can be private are one, `own`.
    pub kinds: Option<Vec<WordCountView>>,
    /// The spaces, those of one purpose together.
    pub spaces: Vec<SpacesHealthView>,
    /// What the log holds.
    pub log: Option<ChangesVolumeView>,
    /// What waits to be sent.
    pub outbox: Option<OutboxHealthView>,
    /// Recordings and pictures that are not safe elsewhere.
    pub files: Option<FilesStandingView>,
    /// How many changes were put aside, by why.
    pub put_aside: Option<Vec<WordCountView>>,
    /// How many standing warnings there are of each code.
    pub warnings: Option<Vec<WordCountView>>,
    /// Whole hours since the last exchange that ended well.
    pub hours_since_exchange: Option<u64>,
    /// What comparing everything with the documents behind it came to.
    pub check: CheckOutcome,
}

impl Cross<HealthReport> for DiagnosticsView {
    fn out(core: HealthReport) -> Self {
        let as_words = core.to_string();
        let HealthReport {
            format,
            program,
            side,
            system,
            processor,
            schema,
            index,
            indexed,
            file_bytes,
            beside_bytes,
            kinds,
            spaces,
            log,
            outbox,
            files,
            put_aside,
            warnings,
            hours_since_exchange,
            check,
        } = core;
        let counts = |counts: Option<BTreeMap<&'static str, u64>>| Cross::out(counts);
        let files: Option<FilesHealth> = files;
        Self {
            as_words,
            format,
            program: program.to_owned(),
            side: side.to_owned(),
            system: system.to_owned(),
            processor: processor.to_owned(),
            schema,
            index,
            indexed,
            file_bytes,
            beside_bytes,
            kinds: counts(kinds),
            spaces: Cross::out(spaces),
            log: Cross::out(log),
            outbox: Cross::out(outbox),
            files: Cross::out(files),
            put_aside: counts(put_aside),
            warnings: counts(warnings),
            hours_since_exchange,
            check: Cross::out(check),
        }
    }
}

/// What comparing every row with its document found.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RecordCheckView {
    /// Documents compared.
    pub documents: u64,
    /// Documents whose row is not what the document says.
    pub differing: Vec<DocumentId>,
    /// Changes that were put aside, each with the reason.
    pub put_aside: Vec<String>,
    /// Changes that would take the place of something else, and are shown nowhere. What the patient's own phones made apart
    /// is settled with `sync`.
    pub names_taken: u64,
    /// Files of recordings and pictures that were damaged, or are gone.
    pub damaged_files: u64,
}

impl Cross<RecordCheck> for RecordCheckView {
    fn out(core: RecordCheck) -> Self {
        let RecordCheck {
            documents,
            differing,
            quarantined,
            names_taken,
            damaged_files,
        } = core;
        Self {
            documents,
            differing: Cross::out(differing),
            put_aside: Cross::out(quarantined),
            names_taken,
            damaged_files,
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The health of the record as a report that can be sent. Slow, as `check_record` is.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read at all.
    pub async fn diagnostics(&self) -> Result<DiagnosticsView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.health_report()?)))
            .await
    }

    /// Compares every row with its document. Slow: for quiet times.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn check_record(&self) -> Result<RecordCheckView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.check_record()?)))
            .await
    }

    /// Makes every row and the search index anew. Slow; nothing is lost, and nothing is sent.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read; `DiskFull`.
    pub async fn rebuild(&self) -> Result<()> {
        self.inner.ask(|patient| Ok(patient.rebuild()?)).await
    }
}

/// The same report where `open_record` failed: versions, sizes of the files, and why they can't be opened, in a word.
/// Tries to open the record once more; where that goes well now, its whole report.
///
/// # Errors
///
/// Those of the vault; `RecordLost` where there is no record.
#[uniffi::export]
pub async fn diagnostics_of_unopened(
    request: OpenRequest,
    vault: Arc<dyn KeyVault>,
) -> Result<DiagnosticsView> {
    runtime::run(move || {
        let (ports, _) = ports(request.trusted_root.as_ref(), None)?;
        let path = Path::new(&request.path);
        let key = key(&vault, &*ports.rng, false)?;
        let report = match Patient::open(path, &key, ports) {
            Ok(patient) => patient.health_report()?,
            Err(why) => Patient::report_on_unopened(path, &why),
        };
        Ok(Cross::out(report))
    })
    .await
}
