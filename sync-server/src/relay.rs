//! The rules: who may do what with which space. Everything is verified here before it is stored,
//! and what must hold at the instant of storing is asked of the storage in the same step.
//! These functions block.

mod beyond_quota;
mod blobs;
mod ending;
mod founding;
mod log;
mod membership;
mod standing;

pub(crate) use blobs::Place;
pub(crate) use membership::listed;
pub(crate) use standing::Offerer;

use std::sync::Arc;

use companion_protocol::api::{SpaceHead, SpaceHeads};
use companion_protocol::chain::Chain;
use companion_protocol::id::{MemberId, SpaceId};

use crate::chains::Chains;
use crate::clock::Clock;
use crate::config::Budget;
use crate::counts::Counter;
use crate::hints::Hints;
use crate::limits::Statements;
use crate::refusal::Refusal;
use crate::storage::{Life, Storage};

/// After a restore, members may fill in what the backup lacked for this long: then old epochs and
/// removed authors (up to the last change that counts) are taken once more, and foundings of before the
/// restore by whoever brings them.
const CATCH_UP_MS: i64 = 2 * 365 * 24 * 60 * 60 * 1000;
/// How often a request starts over because a chain moved under it.
const ATTEMPTS: usize = 8;

/// The server without its network.
pub(crate) struct Relay {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hints: Hints,
    pub(crate) life: Life,
    pub(crate) counter: Counter,
    /// Most days for which a space is kept after its end.
    pub(crate) ended_days: u16,
    chains: Chains,
    statements: Statements,
    proved: blobs::Proved,
}

impl Relay {
    pub(crate) fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        life: Life,
        statements: Budget,
        ended_days: u16,
    ) -> Self {
        Self {
            storage,
            clock,
            hints: Hints::new(),
            life,
            counter: Counter::default(),
            ended_days,
            chains: Chains::default(),
            statements: Statements::new(statements),
            proved: blobs::Proved::default(),
        }
    }

    /// Where the member's spaces stand.
    pub(crate) fn spaces(&self, member: MemberId) -> Result<SpaceHeads, Refusal> {
        let spaces = self.storage.spaces_of(member)?;
        Ok(SpaceHeads {
            incarnation: self.life.incarnation,
            spaces,
        })
    }

    /// Forgets signers who have said nothing for a while.
    pub(crate) fn sweep(&self) {
        self.statements.sweep(self.now_ms());
    }

    fn catching_up(&self) -> bool {
        let now = self.clock.now_ms();
        self.life
            .restored_at_ms
            .is_some_and(|at| now.saturating_sub(at) < CATCH_UP_MS)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now_ms()).unwrap_or(0)
    }

    fn load(&self, space: SpaceId) -> Result<Option<Arc<Chain>>, Refusal> {
        Ok(self.stands(space)?.map(|(_, chain)| chain))
    }

    /// Where a space stands, and its chain.
    fn stands(&self, space: SpaceId) -> Result<Option<(SpaceHead, Arc<Chain>)>, Refusal> {
        Ok(self.chains.load(&*self.storage, space)?)
    }

    /// The chain of a space, for a present member of it and nobody else.
    fn as_member(&self, member: MemberId, space: SpaceId) -> Result<Arc<Chain>, Refusal> {
        match self.load(space)? {
            Some(chain) if chain.present(&member).is_some() => Ok(chain),
            Some(_) => Err(Refusal::forbidden()),
            None => Err(self.no_space(space)?),
        }
    }

    /// The same for who is to write: nothing is written any more in a space that was ended.
    fn as_writer(&self, member: MemberId, space: SpaceId) -> Result<Arc<Chain>, Refusal> {
        let chain = self.as_member(member, space)?;
        match chain.ended() {
            None => Ok(chain),
            Some(_) => Err(self.ended(space)?),
        }
    }

    /// The same without a look at the storage, where the chain is known here. It may have moved since
    /// by another server's hand: only for what the storage refuses if it did.
    fn as_writer_lately(&self, member: MemberId, space: SpaceId) -> Result<Arc<Chain>, Refusal> {
        match self.chains.kept(space) {
            Some(chain) if chain.present(&member).is_some() && chain.ended().is_none() => Ok(chain),
            _ => self.as_writer(member, space),
        }
    }

    /// Whether the chain, as it was last seen here, has this member and goes on. Does not block.
    pub(crate) fn is_writer_lately(&self, member: MemberId, space: SpaceId) -> bool {
        self.chains
            .kept(space)
            .is_some_and(|chain| chain.present(&member).is_some() && chain.ended().is_none())
    }
}
