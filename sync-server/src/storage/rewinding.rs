//! What stays of a space that is cut back to an earlier end of its chain.
//!
//! After a restore two people may have gone on from the same old statement, each with what they knew.
//! A chain is a line, so one of the two ends must go. Which one is for people to say; what goes with
//! it follows from the log: every change that names a statement which goes, whatever its author wrote
//! after it, and whatever was written by somebody who had read it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, HistoryHash, Incarnation, LogNumber, SpaceId};
use companion_protocol::statement::Statement;

use super::sqlite::SqliteStorage;
use super::{BlobStorage, Life, Rewind, Storage, StorageError};
use crate::random;
use crate::relay::listed;

/// Bytes read at a time.
const PAGE: usize = 4 * 1024 * 1024;
/// Changes read at a time.
const PAGE_CHANGES: usize = 2048;

/// Why a space can't be cut back so.
#[derive(Debug, thiserror::Error)]
pub enum RewindError {
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is no such space.
    #[error("there is no such space")]
    NoSuchSpace,
    /// The chain has no such earlier end.
    #[error(
        "the chain has {length} statement(s); it can be cut to 1 and more, and to fewer than that"
    )]
    NotShorter {
        /// How many it has.
        length: u64,
    },
}

/// What a space keeps, and how much it had.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What to do.
    pub rewind: Rewind,
    /// Statements that the chain has.
    pub statements: u64,
    /// Changes that the log has.
    pub changes: u64,
}

/// Plans a cut to `to` statements. Nothing is written: see [`Storage::rewind`].
pub fn plan(
    storage: &dyn Storage,
    space: SpaceId,
    to: u64,
    life: Life,
) -> Result<Plan, RewindError> {
    let head = storage.head(space)?.ok_or(RewindError::NoSuchSpace)?;
    if !(1..head.chain_length).contains(&to) {
        let length = head.chain_length;
        return Err(RewindError::NotShorter { length });
    }
    let chain = cut(storage, space, to)?;
    let mut log = Kept::new(&chain);
    let mut last = LogNumber(0);
    while let Some(page) = storage.pull(space, last, PAGE_CHANGES, PAGE)? {
        let Some((newest, _)) = page.changes.last() else {
            break;
        };
        last = *newest;
        for (number, bytes) in &page.changes {
            let change = SealedChange::parse(bytes).map_err(|_| StorageError::Corrupt)?;
            log.take(*number, &change);
        }
    }
    Ok(Plan {
        rewind: Rewind {
            space,
            chain_length: chain.length(),
            chain_head: chain.head(),
            listed: listed(&chain).into_iter().collect(),
            members: chain.members().map(|member| member.id).collect(),
            kept: log.numbers,
            life,
        },
        statements: head.chain_length,
        changes: head.number.0,
    })
}

/// Cuts a space of a database file back, under a new life that began at `at_ms`. The server must not be
/// running.
pub fn rewind_file(
    database: &Path,
    space: SpaceId,
    to: u64,
    at_ms: i64,
) -> Result<Plan, RewindError> {
    let storage = SqliteStorage::open(database)?;
    let life = Life {
        incarnation: Incarnation::new(random::bytes().map_err(StorageError::File)?),
        restored_at_ms: Some(at_ms),
    };
    let plan = plan(&storage, space, to, life)?;
    storage.rewind(plan.rewind.clone())?;
    storage.reconcile_blobs()?;
    Ok(plan)
}

/// The chain up to there.
fn cut(storage: &dyn Storage, space: SpaceId, to: u64) -> Result<Chain, StorageError> {
    let mut chain: Option<Chain> = None;
    loop {
        let length = chain.as_ref().map_or(0, Chain::length);
        let page = storage.chain(space, length, PAGE)?;
        if page.is_empty() {
            return Err(StorageError::Corrupt);
        }
        for bytes in page {
            let statement = Statement::parse(&bytes).map_err(|_| StorageError::Corrupt)?;
            let extended = match chain.take() {
                None => Chain::start(&statement),
                Some(mut before) => before.extend(&statement).map(|()| before),
            }
            .map_err(|_| StorageError::Corrupt)?;
            if extended.length() == to {
                return Ok(extended);
            }
            chain = Some(extended);
        }
    }
}

struct Kept<'a> {
    chain: &'a Chain,
    numbers: Vec<LogNumber>,
    newest: BTreeMap<u16, HistoryHash>,
    gone: BTreeSet<(u16, Counter)>,
}

impl<'a> Kept<'a> {
    fn new(chain: &'a Chain) -> Self {
        Self {
            chain,
            numbers: Vec::new(),
            newest: BTreeMap::new(),
            gone: BTreeSet::new(),
        }
    }

    fn take(&mut self, number: LogNumber, change: &SealedChange) {
        let header = change.header();
        // Somebody who is no member any more is named by nobody who stays.
        let Some(author) = self.chain.member(&header.author).map(|m| m.index) else {
            return;
        };
        let before = self.newest.get(&author).copied();
        let stays = self.chain.check_change(header).is_ok()
            && before.unwrap_or(HistoryHash::ZERO) == header.previous_own
            && header
                .frontier
                .iter()
                .all(|seen| !self.gone.contains(&(seen.index, seen.counter)));
        if stays {
            self.numbers.push(number);
            self.newest.insert(author, change.history());
        } else {
            self.gone.insert((author, header.counter));
        }
    }
}
