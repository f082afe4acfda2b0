//! Reads a whole storage back and holds it against what it claims: every chain and signature, each
//! author's counters and hash links, numbers, memberships and the bytes charged.

use std::collections::BTreeMap;

use companion_protocol::api::SpaceHead;
use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, LogNumber, MemberId, SealedHash, SpaceId};
use companion_protocol::statement::Statement;

use super::{Storage, StorageError};

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
        for member in chain.members() {
            let listed = storage
                .spaces_of(member.id)?
                .iter()
                .any(|head| head.space == chain.space());
            if listed != member.removed.is_none() {
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
        let mut authors: BTreeMap<MemberId, (Counter, SealedHash)> = BTreeMap::new();
        let mut last = LogNumber(0);
        while let Some(page) = storage.pull(head.space, last, PAGE_CHANGES, PAGE)? {
            if page.changes.is_empty() {
                break;
            }
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
                if let Err(why) = genuine(&raw, chain, &mut authors) {
                    self.problem(head.space, format_args!("change {number}: {why}"));
                }
            }
        }
        if last != head.number {
            self.problem(head.space, "the log does not end where the space says");
        }
        let derived: Vec<_> = authors
            .into_iter()
            .map(|(author, (counter, hash))| (author, counter, hash))
            .collect();
        if storage.authors(head.space)? != derived {
            self.problem(head.space, "the authors' counters are not those of the log");
        }
        Ok(())
    }
}

fn genuine(
    raw: &[u8],
    chain: &Chain,
    authors: &mut BTreeMap<MemberId, (Counter, SealedHash)>,
) -> Result<(), String> {
    let change = SealedChange::parse(raw).map_err(|why| why.to_string())?;
    change.verify_signature().map_err(|why| why.to_string())?;
    let header = change.header();
    chain
        .check_change(header, &change.hash())
        .map_err(|why| why.to_string())?;
    let before = authors.insert(header.author, (header.counter, change.hash()));
    let (counter, hash) = before.unwrap_or((Counter(0), SealedHash::ZERO));
    if header.counter != counter.next() {
        return Err("its author's counter is not the next one".into());
    }
    if header.previous_own != hash {
        return Err("it does not name its author's change before".into());
    }
    Ok(())
}
