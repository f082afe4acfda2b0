//! The health of a replica as a report that a person can read whole and then send to whoever helps them: counts,
//! sizes, versions, ages and codes.
//!
//! Nothing that was written or named gets into it: no text, name, address or id, and no word that came from
//! another device. What such a word says is counted under a word of this program's own.

mod text;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::domain::{INDEX_VERSION, Placement, Purpose, REGISTRY, Side};
use crate::error::{CoreError, Result};
use crate::records::{INDEXED, NO_KEY};
use crate::replica::Replica;
use crate::report::WarningCode;
use crate::store::{
    AFTER_REMOVAL, BlobNumbers, BlobStanding, DELETED, DROPPED, Reader, SpaceRow, SpaceStanding,
    Store, StoreError,
};

/// The version of the form of report.
const FORMAT: u16 = 2;

const HOUR_MS: i64 = 3_600_000;

/// What stands for a word that this version does not know.
const UNKNOWN: &str = "unknown";

/// What stands for all kinds that can be the patient's own.
const OWN: &str = "own";

/// The health of one replica, without anything of what is in it. Its `Display` is all of it in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    /// The version of this form of report.
    pub format: u16,
    /// The version of the program.
    pub program: &'static str,
    /// Whose replica it is: `patient` or `clinic`.
    pub side: &'static str,
    /// The operating system.
    pub system: &'static str,
    /// The processor.
    pub processor: &'static str,
    /// The schema of the file.
    pub schema: u32,
    /// The version by which this program indexes rows.
    pub index: u32,
    /// The one by which the rows here were indexed; `None` where that can't be read.
    pub indexed: Option<u32>,
    /// Bytes of the file; `None` where it can't be looked at.
    pub file_bytes: Option<u64>,
    /// Bytes that stand beside it until they are folded in.
    pub beside_bytes: Option<u64>,
    /// How many rows each known kind has. All kinds that this version does not know are one, `unknown`. On a
    /// patient's phone all kinds that can live in the private space are one, `own`: that there is a safety plan, or
    /// an answer on misuse, is itself the patient's own.
    ///
    /// Here and below, `None` is what could not be counted, since its pages are damaged.
    pub kinds: Option<BTreeMap<&'static str, u64>>,
    /// The spaces, those of one purpose together.
    pub spaces: Vec<SpacesHealth>,
    /// What the log holds.
    pub log: Option<Volume>,
    /// What waits to be sent.
    pub outbox: Option<OutboxHealth>,
    /// Recordings and pictures of what is shown that are not safe elsewhere.
    pub files: Option<FilesHealth>,
    /// How many changes were put aside, by why: `no_key`, `after_removal`, `deleted` (its body is
    /// gone, or about to go) or `other`.
    pub put_aside: Option<BTreeMap<&'static str, u64>>,
    /// How many standing warnings there are of each code.
    pub warnings: Option<BTreeMap<&'static str, u64>>,
    /// Whole hours since the last exchange that ended well.
    pub hours_since_exchange: Option<u64>,
    /// What comparing everything with the documents behind it came to.
    pub check: CheckHealth,
}

/// A number of changes and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// How many.
    pub changes: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A number of recordings and pictures, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FileVolume {
    /// How many.
    pub files: u64,
    /// Their bytes, sealed.
    pub bytes: u64,
}

impl From<BlobNumbers> for FileVolume {
    fn from(numbers: BlobNumbers) -> Self {
        Self {
            files: numbers.blobs,
            bytes: numbers.bytes,
        }
    }
}

/// Recordings and pictures of what is shown that are on this device alone, or were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FilesHealth {
    /// Those that wait to be sent.
    pub waiting: FileVolume,
    /// Those that were on this device alone, as far as it knows, and are damaged.
    pub lost: FileVolume,
}

impl FilesHealth {
    pub(crate) fn read(r: &Reader<'_>) -> Result<Self> {
        Ok(Self {
            waiting: r.blob_numbers(BlobStanding::ToSend)?.into(),
            lost: r.blob_numbers(BlobStanding::Lost)?.into(),
        })
    }
}

/// All spaces of one purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SpacesHealth {
    /// `care`, `private` or `clinic`.
    pub purpose: &'static str,
    /// In how many this installation is a member.
    pub member: u64,
    /// In how many it waits to be let in.
    pub waiting: u64,
    /// In how many it is not, and how many were ended.
    pub gone: u64,
    /// How many the server has.
    pub on_server: u64,
    /// The height of the shortest chain, in statements.
    pub lowest_chain: u64,
    /// The height of the longest.
    pub highest_chain: u64,
    /// In how many something that must exist is missing.
    pub with_gaps: u64,
    /// How many are being given back to a restored server.
    pub backfilling: u64,
    /// In how many the key is to be changed.
    pub rotation_due: u64,
}

/// What waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OutboxHealth {
    /// How many changes, and their bytes.
    pub size: Volume,
    /// Whole hours that the oldest waits.
    pub oldest_hours: Option<u64>,
    /// Whole hours that the newest waits.
    pub newest_hours: Option<u64>,
}

/// What comparing everything with the documents behind it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum CheckHealth {
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
        /// Why, in a word: `wrong_key_or_first_page` (the two can't be told apart), `damaged`, `newer`, `full`,
        /// `not_writable`, `disk`, `busy`, `missing` (or empty, with other files of it there) or `other`.
        why: &'static str,
    },
}

impl HealthReport {
    /// What can still be said of a file that can't be opened: versions, sizes, and why.
    pub(crate) fn of_unopened(side: Side, path: &Path, why: &CoreError) -> Self {
        let why = not_opened_word(why);
        Self::uncounted(side, Store::sizes_at(path), CheckHealth::NotOpened { why })
    }

    /// What is known without counting anything in the file: versions and sizes.
    fn uncounted(
        side: Side,
        (file_bytes, beside_bytes): (Option<u64>, Option<u64>),
        check: CheckHealth,
    ) -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION"),
            side: side.as_str(),
            system: std::env::consts::OS,
            processor: std::env::consts::ARCH,
            schema: Store::SCHEMA,
            index: INDEX_VERSION,
            indexed: None,
            file_bytes,
            beside_bytes,
            kinds: None,
            spaces: Vec::new(),
            log: None,
            outbox: None,
            files: None,
            put_aside: None,
            warnings: None,
            hours_since_exchange: None,
            check,
        }
    }
}

const fn not_opened_word(why: &CoreError) -> &'static str {
    let CoreError::Store(why) = why else {
        return "other";
    };
    match why {
        StoreError::WrongKeyOrNotOurs => "wrong_key_or_first_page",
        StoreError::Damaged(_) => "damaged",
        StoreError::Newer { .. } => "newer",
        StoreError::Full => "full",
        StoreError::NotWritable | StoreError::LeftOpen => "not_writable",
        StoreError::Disk(_) => "disk",
        StoreError::Busy => "busy",
        StoreError::Lost => "missing",
        _ => "other",
    }
}

impl Replica {
    /// The health of this replica. Slow: it compares everything with the documents behind it.
    pub(crate) fn health_report(&self) -> Result<HealthReport> {
        let now_ms = self.now().unix_ms;
        let hours = |since_ms: i64| {
            let hours = now_ms.saturating_sub(since_ms).div_euclid(HOUR_MS);
            u64::try_from(hours).unwrap_or(0)
        };
        // First: a file that is found damaged now is lost now.
        let check = match self.check_record() {
            Ok(found) => CheckHealth::Compared {
                documents: found.documents,
                differing: found.differing.len().try_into().unwrap_or(u64::MAX),
                damaged_files: found.damaged_files,
            },
            Err(CoreError::Store(StoreError::Damaged(_))) => CheckHealth::Damaged,
            Err(_) => CheckHealth::NotDone,
        };
        // Each by itself: a damaged page keeps nobody from the rest, and whoever helps needs it then above all.
        let store = &self.store;
        let kinds = store.read(|r| r.rows_by_kind()).ok();
        let outbox = store.read(|r| r.outbox_numbers()).ok();
        let files = store.read(FilesHealth::read).ok();
        let log = store.read(|r| r.log_numbers()).ok();
        let refusals = store.read(|r| r.refusals()).ok();
        let indexed = store.read(|r| r.setting(INDEXED)).ok().flatten();
        let warnings = self.standing_warnings().ok();
        Ok(HealthReport {
            indexed: indexed
                .and_then(|bytes| bytes.try_into().ok())
                .map(u32::from_be_bytes),
            kinds: kinds.map(|kinds| {
                let kinds = kinds.into_iter();
                counted(kinds.map(|(kind, rows)| (kind_word(self.side, &kind), rows)))
            }),
            spaces: spaces(&self.rows()),
            log: log.map(|log| Volume {
                changes: log.changes,
                bytes: log.bytes,
            }),
            outbox: outbox.map(|outbox| OutboxHealth {
                size: Volume {
                    changes: outbox.waiting,
                    bytes: outbox.bytes,
                },
                oldest_hours: outbox.oldest_ms.map(hours),
                newest_hours: outbox.newest_ms.map(hours),
            }),
            files,
            put_aside: refusals.map(|refusals| {
                counted(refusals.iter().map(|(why, rows)| (reason_word(why), *rows)))
            }),
            warnings: warnings.map(|warnings| {
                let codes = warnings.iter().map(|it| it.code);
                counted(codes.map(|code| (code.map_or(UNKNOWN, WarningCode::as_str), 1)))
            }),
            hours_since_exchange: self.last_sync_ms().ok().flatten().map(hours),
            ..HealthReport::uncounted(self.side, self.store.sizes(), check)
        })
    }
}

/// The word of a kind that this version knows. What a change calls its kind is its author's to choose, so any
/// other word could say something.
fn kind_word(side: Side, stored: &str) -> &'static str {
    let known = REGISTRY.iter().find(|one| one.kind.as_str() == stored);
    known.map_or(UNKNOWN, |one| match (side, one.placement) {
        (
            Side::Patient,
            Placement::Private | Placement::ByVisibility | Placement::CareOrPrivate,
        ) => OWN,
        _ => one.kind.as_str(),
    })
}

/// Why something was put aside, in a word of ours: the stored reason may quote what was wrong.
fn reason_word(stored: &str) -> &'static str {
    match stored {
        NO_KEY => "no_key",
        AFTER_REMOVAL => "after_removal",
        DELETED | DROPPED => "deleted",
        _ => "other",
    }
}

fn counted(each: impl Iterator<Item = (&'static str, u64)>) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for (word, number) in each {
        let count: &mut u64 = counts.entry(word).or_default();
        *count = count.saturating_add(number);
    }
    counts
}

fn spaces(rows: &[SpaceRow]) -> Vec<SpacesHealth> {
    let of_purpose = |purpose: Purpose| {
        let its: Vec<&SpaceRow> = rows.iter().filter(|row| row.purpose == purpose).collect();
        let count = |wanted: fn(&SpaceRow) -> bool| {
            let number = its.iter().filter(|row| wanted(row)).count();
            u64::try_from(number).unwrap_or(u64::MAX)
        };
        let heights = || its.iter().map(|row| row.chain_length);
        Some(SpacesHealth {
            purpose: purpose.as_str(),
            member: count(|row| row.standing == SpaceStanding::Member),
            waiting: count(|row| row.standing == SpaceStanding::Waiting),
            gone: count(|row| {
                matches!(
                    row.standing,
                    SpaceStanding::Gone | SpaceStanding::Ended | SpaceStanding::Forgotten
                )
            }),
            on_server: count(|row| row.on_server),
            lowest_chain: heights().min()?,
            highest_chain: heights().max()?,
            with_gaps: count(|row| row.gaps || row.bodies_missed > 0),
            backfilling: count(|row| row.backfilling),
            rotation_due: count(|row| row.rotation_due),
        })
    };
    Purpose::ALL.into_iter().filter_map(of_purpose).collect()
}
