//! Reads a whole storage back and holds it against what it claims: every chain and signature, each
//! author's counters and hash links, numbers, memberships, blobs and the bytes charged.

mod blobs;

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::api::SpaceHead;
use companion_protocol::chain::{Chain, ChangeRefusal};
use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, HistoryHash, LogNumber, MemberId, SpaceId};
use companion_protocol::statement::Statement;

use super::{Named, Storage, StorageError};
use crate::relay::listed;

/// Bytes read at a time.
const PAGE: usize = 4 * 1024 * 1024;
/// Changes read at a time.
const PAGE_CHANGES: usize = 2048;

/// What was read and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Spaces read.
    pub spaces: u64,
    /// Statements verified.
    pub statements: u64,
    /// Changes verified.
    pub changes: u64,
    /// Blobs held to their names.
    pub blobs: u64,
    /// In plain words; empty where all is well.
    pub problems: Vec<String>,
}

/// Checks everything. An error means that it could not be read; problems are in the report.
pub fn audit(storage: &dyn Storage) -> Result<Audit, StorageError> {
    let mut audit = Audit::default();
    let mut charged: BTreeMap<MemberId, (u64, u64)> = BTreeMap::new();
    for space in storage.spaces()? {
        audit.spaces = audit.spaces.saturating_add(1);
        let Some(head) = storage.head(space)? else {
            continue;
        };
        let mut bytes = 0;
        let chain = audit.chain(storage, head, &mut bytes)?;
        if let Some(chain) = chain {
            audit.members(storage, &chain)?;
            audit.log(storage, head, &chain, &mut bytes)?;
        }
        audit.blobs(storage, space, &mut bytes)?;
        let usage = storage.usage(space)?;
        if usage.is_none_or(|usage| usage.bytes != bytes) {
            audit.problem(space, "the bytes charged are not the bytes held");
        }
        if let Some(usage) = usage {
            let (spaces, all) = charged.entry(usage.clinic).or_default();
            *spaces = spaces.saturating_add(1);
            *all = all.saturating_add(bytes);
        }
    }
    audit.files(storage)?;
    for clinic in storage.clinics()? {
        let held = charged.get(&clinic.clinic.key).copied().unwrap_or_default();
        if held != (clinic.spaces, clinic.bytes) {
            let key = clinic.clinic.key.short();
            audit.problems.push(format!(
                "clinic {key}: charged for other than what it holds"
            ));
        }
    }
    Ok(audit)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Audit {
    fn problem(&mut self, space: SpaceId, what: impl std::fmt::Display) {
        self.problems
            .push(format!("space {}: {what}", space.short()));
    }

    fn chain(
        &mut self,
        storage: &dyn Storage,
        head: SpaceHead,
        bytes: &mut u64,
    ) -> Result<Option<Chain>, StorageError> {
        let mut chain: Option<Chain> = None;
        loop {
            let from = chain.as_ref().map_or(0, Chain::length);
            let page = storage.chain(head.space, from, PAGE)?;
            if page.is_empty() {
                break;
            }
            for raw in page {
                *bytes = bytes.saturating_add(length(&raw));
                self.statements = self.statements.saturating_add(1);
                let applied = Statement::parse(&raw)
                    .map_err(|why| why.to_string())
                    .and_then(|s| {
                        match &mut chain {
                            None => Chain::start(&s).map(|started| chain = Some(started)),
                            Some(chain) => chain.extend(&s),
                        }
                        .map_err(|why| why.to_string())
                    });
                if let Err(why) = applied {
                    self.problem(head.space, format_args!("a statement is not valid: {why}"));
                    return Ok(None);
                }
            }
        }
        let stands = chain.as_ref().is_some_and(|chain| {
            (chain.space(), chain.length(), chain.head())
                == (head.space, head.chain_length, head.chain_head)
        });
        if !stands {
            self.problem(head.space, "the chain does not end where the space says");
        }
        Ok(chain)
    }

    fn members(&mut self, storage: &dyn Storage, chain: &Chain) -> Result<(), StorageError> {
        let expected = listed(chain);
        let ever = chain.members().map(|member| member.id);
        let ever: BTreeSet<MemberId> = ever.chain(expected.iter().copied()).collect();
        for member in ever {
            let found = storage
                .spaces_of(member)?
                .iter()
                .any(|head| head.space == chain.space());
            if found != expected.contains(&member) {
                self.problem(chain.space(), "the list of members is not the chain's");
            }
        }
        Ok(())
    }

    fn log(
        &mut self,
        storage: &dyn Storage,
        head: SpaceHead,
        chain: &Chain,
        bytes: &mut u64,
    ) -> Result<(), StorageError> {
        let was_restored = storage.life()?.restored_at_ms.is_some();
        let mut log = Log {
            chain,
            was_restored,
            authors: BTreeMap::new(),
            bare: BTreeSet::new(),
            whole: BTreeSet::new(),
            dropped: BTreeSet::new(),
            dropped_here: BTreeSet::new(),
        };
        let mut last = LogNumber(0);
        while let Some(page) = storage.pull(head.space, last, PAGE_CHANGES, PAGE)? {
            if page.changes.is_empty() {
                break;
            }
            self.names(storage, chain, &page.changes)?;
            for (number, raw) in page.changes {
                *bytes = bytes.saturating_add(length(&raw));
                self.changes = self.changes.saturating_add(1);
                if number != last.next() {
                    self.problem(
                        head.space,
                        format_args!("number {} is missing", last.next()),
                    );
                }
                last = number;
                if let Err(why) = log.take(&raw) {
                    self.problem(head.space, format_args!("change {number}: {why}"));
                }
            }
        }
        if last != head.number {
            self.problem(head.space, "the log does not end where the space says");
        }
        if storage.authors(head.space)? != log.newest() {
            self.problem(head.space, "the authors' counters are not those of the log");
        }
        if log.dropped_here.intersection(&log.whole).next().is_some() {
            self.problem(head.space, "a body that was dropped is still there");
        }
        // After a restore what dropped a body may be among what is not given back yet.
        if !was_restored && !log.bare.is_subset(&log.dropped) {
            self.problem(head.space, "a body is missing that nobody dropped");
        }
        Ok(())
    }
}

impl Audit {
    /// Changes are found again by their names.
    fn names(
        &mut self,
        storage: &dyn Storage,
        chain: &Chain,
        page: &[(LogNumber, Vec<u8>)],
    ) -> Result<(), StorageError> {
        let (mut names, mut held) = (Vec::new(), Vec::new());
        for (number, raw) in page {
            if let Ok(change) = SealedChange::parse(raw)
                && let Some(author) = chain.member(&change.header().author)
            {
                names.push((author.index, change.header().id));
                held.push(Some((*number, change.hash())));
            }
        }
        let found = storage.known(chain.space(), names)?;
        let found = found.iter().map(|found| found.map(|f| (f.number, f.hash)));
        if !found.eq(held) {
            self.problem(chain.space(), "a change is not found by its name");
        }
        Ok(())
    }
}

/// A log as it is read.
struct Log<'a> {
    chain: &'a Chain,
    /// Whether the database was put back from a backup. Whoever was removed since then counted as present
    /// until the removal was given back, and what it said meanwhile stands in the log; no client takes it.
    was_restored: bool,
    authors: BTreeMap<u16, (Counter, HistoryHash)>,
    /// Changes with a body and without, and those that changes drop.
    whole: BTreeSet<Named>,
    bare: BTreeSet<Named>,
    dropped: BTreeSet<Named>,
    /// Those of them that were there when they were dropped. Of the others, which come after a restore, a
    /// server remembers only so many.
    dropped_here: BTreeSet<Named>,
}

impl Log<'_> {
    fn newest(&self) -> Vec<Named> {
        let authors = self.authors.iter();
        authors
            .map(|(author, (counter, hash))| Named {
                author: *author,
                counter: *counter,
                hash: *hash,
            })
            .collect()
    }

    fn take(&mut self, raw: &[u8]) -> Result<(), String> {
        let change = SealedChange::parse(raw).map_err(|why| why.to_string())?;
        change.verify_signature().map_err(|why| why.to_string())?;
        let header = change.header();
        match self.chain.check_change(header) {
            Err(ChangeRefusal::AfterRemoval) if self.was_restored => {}
            checked => checked.map_err(|why| why.to_string())?,
        }
        let author = self
            .chain
            .member(&header.author)
            .map(|author| author.index)
            .ok_or("its author is no member")?;
        let form = if change.is_bare() {
            &mut self.bare
        } else {
            &mut self.whole
        };
        form.insert(Named {
            author,
            counter: header.counter,
            hash: change.history(),
        });
        let drops = header.drops.iter().map(|drop| Named {
            author: drop.index,
            counter: drop.counter,
            hash: drop.hash,
        });
        for drop in drops {
            if self.whole.contains(&drop) {
                self.dropped_here.insert(drop);
            }
            self.dropped.insert(drop);
        }
        let now = (header.counter, change.history());
        let before = self.authors.insert(author, now);
        let (counter, history) = before.unwrap_or((Counter(0), HistoryHash::ZERO));
        if header.counter != counter.next() {
            return Err("its author's counter is not the next one".into());
        }
        if header.previous_own != history {
            return Err("it does not follow its author's history".into());
        }
        Ok(())
    }
}
