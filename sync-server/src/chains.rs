//! Verified chains, kept in memory so that a request need not verify a space's whole past again.
//! The storage's head decides whether a kept chain still holds, so several servers may share one
//! storage.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use companion_protocol::api::SpaceHead;
use companion_protocol::chain::Chain;
use companion_protocol::change::Header;
use companion_protocol::id::{Counter, MemberId, SpaceId};
use companion_protocol::statement::Statement;

use crate::storage::{Storage, StorageError};

/// Chains kept. One of five members takes about 10 KB.
const KEPT: usize = 4096;
/// Bytes of statements read at a time.
const PAGE: usize = 4 * 1024 * 1024;

/// A chain, and what was last stored of each author since it is kept.
struct One {
    used: u64,
    chain: Arc<Chain>,
    newest: BTreeMap<MemberId, Counter>,
}

#[derive(Default)]
struct Kept {
    chains: BTreeMap<SpaceId, One>,
    uses: u64,
}

/// The kept chains.
#[derive(Default)]
pub(crate) struct Chains(Mutex<Kept>);

impl Chains {
    /// The chain of a space as it stands in storage now, and where the space stands; `None` where there is
    /// no such space.
    pub(crate) fn load(
        &self,
        storage: &dyn Storage,
        space: SpaceId,
    ) -> Result<Option<(SpaceHead, Arc<Chain>)>, StorageError> {
        let Some(head) = storage.head(space)? else {
            return Ok(None);
        };
        let kept = self.kept(space);
        if let Some(chain) = &kept
            && chain.head() == head.chain_head
        {
            return Ok(Some((head, Arc::clone(chain))));
        }
        let shorter = kept.filter(|chain| chain.length() < head.chain_length);
        let chain = match shorter.map(|chain| catch_up(storage, (*chain).clone())) {
            Some(Ok(chain)) => chain,
            _ => from_start(storage, space)?,
        };
        let chain = Arc::new(chain);
        self.keep(Arc::clone(&chain));
        Ok(Some((head, chain)))
    }

    /// Keeps a chain that was just stored.
    pub(crate) fn keep(&self, chain: Arc<Chain>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let space = chain.space();
        if kept.chains.len() >= KEPT && !kept.chains.contains_key(&space) {
            let oldest = kept
                .chains
                .iter()
                .min_by_key(|(_, one)| one.used)
                .map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                kept.chains.remove(&oldest);
            }
        }
        kept.uses = kept.uses.saturating_add(1);
        let used = kept.uses;
        let before = kept.chains.remove(&space);
        let newest = before.map(|one| one.newest).unwrap_or_default();
        let one = One {
            used,
            chain,
            newest,
        };
        kept.chains.insert(space, one);
    }

    /// Remembers the newest change of each author that was just stored.
    pub(crate) fn stored<'a>(&self, space: SpaceId, headers: impl Iterator<Item = &'a Header>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = kept.chains.get_mut(&space) {
            one.newest
                .extend(headers.map(|header| (header.author, header.counter)));
        }
    }

    /// Whether each of these changes comes right after what was last stored here of its author. Then none
    /// of them is stored already, as far as is known here; the storage looks again as it stores.
    pub(crate) fn go_on<'a>(
        &self,
        space: SpaceId,
        mut headers: impl Iterator<Item = &'a Header>,
    ) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(one) = kept.chains.get(&space) else {
            return false;
        };
        let mut met: BTreeMap<MemberId, Counter> = BTreeMap::new();
        headers.all(|header| {
            let before = met.get(&header.author).or(one.newest.get(&header.author));
            let goes_on = before.is_some_and(|before| before.next() == header.counter);
            met.insert(header.author, header.counter);
            goes_on
        })
    }

    /// The chain of a space as it was last seen here; the storage may hold more of it by now.
    pub(crate) fn kept(&self, space: SpaceId) -> Option<Arc<Chain>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses = kept.uses.saturating_add(1);
        let now = kept.uses;
        kept.chains.get_mut(&space).map(|one| {
            one.used = now;
            Arc::clone(&one.chain)
        })
    }
}

fn from_start(storage: &dyn Storage, space: SpaceId) -> Result<Chain, StorageError> {
    let first = storage
        .chain(space, 0, 0)?
        .into_iter()
        .next()
        .ok_or(StorageError::Corrupt)?;
    let first = Statement::parse(&first).map_err(|_| StorageError::Corrupt)?;
    let chain = Chain::start(&first).map_err(|_| StorageError::Corrupt)?;
    catch_up(storage, chain)
}

/// Adds what storage holds beyond the chain's end.
fn catch_up(storage: &dyn Storage, mut chain: Chain) -> Result<Chain, StorageError> {
    loop {
        let page = storage.chain(chain.space(), chain.length(), PAGE)?;
        if page.is_empty() {
            return Ok(chain);
        }
        for bytes in page {
            // Everything was verified before it was stored: a failure here is damage.
            let statement = Statement::parse(&bytes).map_err(|_| StorageError::Corrupt)?;
            chain
                .extend(&statement)
                .map_err(|_| StorageError::Corrupt)?;
        }
    }
}
