//! Reading and extending membership chains. A chain stays a line: statements go in only if their
//! writer saw the newest one.

use std::collections::BTreeSet;
use std::sync::Arc;

use companion_protocol::api::{ChainPage, ChainRun, ErrorCode, SpaceHead, Vouch};
use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::{LastChange, Statement, StatementBody, StatementError};
use companion_protocol::wire::WireError;

use super::standing::{Standing, may_offer};
use super::{ATTEMPTS, Relay, beyond_quota};
use crate::refusal::Refusal;
use crate::storage::{Extended, Extension, Named, NewStatement, Room};

/// Bytes of statements in one page of a chain.
pub(crate) const MAX_CHAIN_PAGE: usize = 8 * 1024 * 1024;

/// A chain with a run applied.
struct Applied {
    chain: Chain,
    /// Whether what is new of the run needs free room.
    room: Room,
}

impl Relay {
    /// Statements from number `from` on, for whoever is present or pending, or holds an open invite.
    pub(crate) fn chain_page(
        &self,
        signer: MemberId,
        space: SpaceId,
        from: u64,
    ) -> Result<ChainPage, Refusal> {
        let Some(chain) = self.load(space)? else {
            return Err(self.no_space(space)?);
        };
        match self.standing(&chain, signer) {
            Standing::Present | Standing::Pending => {}
            Standing::Invited => self.awaited(&chain)?,
            Standing::InviteIsOver => return Err(refuse_invite()),
            Standing::Former => return Err(Refusal::removed()),
            Standing::Knocked | Standing::Stranger => return Err(Refusal::forbidden()),
        }
        let statements = self.storage.chain(space, from, MAX_CHAIN_PAGE)?;
        Ok(ChainPage {
            incarnation: self.life.incarnation,
            length: chain.length(),
            statements,
        })
    }

    /// Adds a run of statements, all or none. What is in the chain already is passed over, so that a
    /// run can be offered again.
    pub(crate) fn extend(
        &self,
        signer: MemberId,
        space: SpaceId,
        body: &[u8],
    ) -> Result<SpaceHead, Refusal> {
        let run = self.parsed(space, body)?;
        for _ in 0..ATTEMPTS {
            let Some(chain) = self.load(space)? else {
                return Err(self.no_space(space)?);
            };
            let vouched = self.is_vouched(&chain)?;
            let Some((next, new)) = self.next(&chain, signer, &run, vouched)? else {
                return self.storage.head(space)?.ok_or_else(Refusal::forbidden);
            };
            // Whoever gives back what a restore lost says nothing new; only for its own word each one pays, or
            // it could keep a restored chain moving for as long as it likes.
            let is_own = |statement: &&Statement| statement.author() == signer;
            let cost = match vouched {
                true => new.len(),
                false => new.iter().filter(is_own).count(),
            };
            let taken = self
                .statements
                .take((space, signer), cost, self.now_ms())
                .map_err(wait)?;
            match self
                .storage
                .extend_chain(self.extension(&chain, &next, new))?
            {
                Extended::Done(head) => {
                    taken.spent();
                    self.hints.publish(head, &next.chain);
                    self.chains.keep(Arc::new(next.chain));
                    return Ok(head);
                }
                Extended::Moved(_) => {}
                Extended::UnknownChange(_) => {
                    let message = "it names a change as somebody's last that is not stored here, or none \
                                   of somebody who wrote";
                    return Err(refuse_statement(message.into(), "unknown_change"));
                }
                Extended::QuotaExceeded => {
                    let message = "the room for this space is used up";
                    return Err(Refusal::new(ErrorCode::QuotaExceeded, message));
                }
                Extended::NoSuchSpace => return Err(Refusal::forbidden()),
            }
        }
        Err(Refusal::unavailable(
            "the chain is moving too fast; try again",
        ))
    }

    /// Whether a vouch of this signer is worth reading.
    pub(crate) fn may_vouch(&self, signer: MemberId, space: SpaceId) -> Result<(), Refusal> {
        self.as_member(signer, space).map(|_| ())
    }

    /// After a restore: takes an admin's word that this chain is the one that stands, by any statement of it.
    /// Whoever names one says that it knows of none that is not here; what others added since changes nothing
    /// about that, and must not keep the vouch away.
    pub(crate) fn vouch(
        &self,
        signer: MemberId,
        space: SpaceId,
        vouch: Vouch,
    ) -> Result<SpaceHead, Refusal> {
        for _ in 0..ATTEMPTS {
            let chain = self.as_member(signer, space)?;
            let is_admin = chain
                .present(&signer)
                .is_some_and(|member| member.role.is_admin());
            if !is_admin {
                return Err(Refusal::forbidden());
            }
            let length = chain.sequence_of(&vouch.chain_head);
            if length.map(|sequence| sequence.saturating_add(1)) != Some(vouch.chain_length) {
                return Err(conflict(&chain));
            }
            if self.storage.vouch(space, chain.head())? {
                return self.storage.head(space)?.ok_or_else(Refusal::forbidden);
            }
        }
        Err(Refusal::unavailable(
            "the chain is moving too fast; try again",
        ))
    }

    /// Whether an admin vouched for the chain since the last restore, or there was none.
    pub(super) fn is_vouched(&self, chain: &Chain) -> Result<bool, Refusal> {
        if self.life.restored_at_ms.is_none() {
            return Ok(true);
        }
        Ok(self.storage.is_vouched(chain.space())?)
    }

    /// Nobody comes by an invite into a space of which nobody knows whether its chain is the newest.
    pub(super) fn awaited(&self, chain: &Chain) -> Result<(), Refusal> {
        if self.is_vouched(chain)? {
            return Ok(());
        }
        Err(Refusal::unavailable(
            "the server was restored; whoever decides about this space must come first",
        )
        .retry_after(60))
    }

    fn parsed(&self, space: SpaceId, body: &[u8]) -> Result<Vec<Statement>, Refusal> {
        let run = ChainRun::decode(body).map_err(|why| Refusal::bad(why.to_string()))?;
        let mut statements = Vec::with_capacity(run.statements.len());
        for bytes in &run.statements {
            self.counter.signatures(1);
            let statement = Statement::parse(bytes).map_err(|why| match why {
                StatementError::Malformed(WireError::TooLarge(_)) => {
                    Refusal::new(ErrorCode::TooLarge, why.to_string())
                }
                StatementError::Malformed(_) => refuse_statement(why.to_string(), "malformed"),
                StatementError::BadSignature => refuse_statement(why.to_string(), "bad_signature"),
            })?;
            if statement.space() != space {
                return Err(refuse(ChainError::OtherSpace));
            }
            statements.push(statement);
        }
        Ok(statements)
    }

    /// The chain with the run applied and what of the run is new, if the signer may offer it and it is
    /// allowed; `None` where all of it stands in the chain already.
    fn next<'a>(
        &self,
        chain: &Chain,
        signer: MemberId,
        run: &'a [Statement],
        vouched: bool,
    ) -> Result<Option<(Applied, &'a [Statement])>, Refusal> {
        let known = run
            .iter()
            .take_while(|statement| chain.contains(&statement.hash()))
            .count();
        let new = run.get(known..).unwrap_or_default();
        let standing = self.standing(chain, signer);
        let may = may_offer(standing, signer, run) && (vouched || standing == Standing::Present);
        if new.is_empty() {
            return if may {
                Ok(None)
            } else {
                Err(Refusal::forbidden())
            };
        }
        // An invite that is used up lets nobody else in.
        if standing == Standing::Knocked {
            return Err(refuse_invite());
        }
        // Only who comes by an invite itself is held against the clock: a member may give back a join of long ago.
        let next = self.applied(chain, new, vouched && standing == Standing::Invited);
        // Whoever was let in by what a restore lost gives that back, its own admission included: also where an
        // admin who never heard of it vouched first.
        let is_present = |next: &Applied| next.chain.present(&signer).is_some();
        let given_back = self.catching_up() && next.as_ref().is_ok_and(is_present);
        if !may && !given_back {
            return Err(Refusal::forbidden());
        }
        next.map(|next| Some((next, new)))
    }

    fn applied(
        &self,
        chain: &Chain,
        new: &[Statement],
        by_clock: bool,
    ) -> Result<Applied, Refusal> {
        let (mut next, mut room) = (chain.clone(), Room::NotNeeded);
        for statement in new {
            if !beyond_quota::goes(&next, statement) {
                room = Room::Needed;
            }
            if let StatementBody::Join(join) = statement.body()
                && by_clock
                && let Some(open) = next.open_invite(&join.invite_key)
                && self.now_ms() > open.invite.expires_at_ms
            {
                return Err(refuse_invite());
            }
            next.extend(statement).map_err(|why| match why {
                ChainError::NotTheHead => conflict(chain),
                ChainError::InviteUnusable => refuse_invite(),
                ChainError::Ended if chain.ended().is_some() => self.told_of_the_end(chain),
                other => refuse(other),
            })?;
        }
        Ok(Applied { chain: next, room })
    }

    fn extension(&self, chain: &Chain, next: &Applied, new: &[Statement]) -> Extension {
        let Applied { chain: next, room } = next;
        let (before, after) = (listed(chain), listed(next));
        // While others may still bring what a restore lost, a change that is named may be among it.
        let last = if self.catching_up() {
            Vec::new()
        } else {
            last_changes(next, new)
        };
        Extension {
            space: chain.space(),
            previous: chain.head(),
            statements: new
                .iter()
                .map(|statement| NewStatement {
                    bytes: statement.bytes().to_vec(),
                    hash: statement.hash(),
                })
                .collect(),
            comes: after.difference(&before).copied().collect(),
            goes: before.difference(&after).copied().collect(),
            last,
            room: *room,
            ends: next.ended().map(|ended| self.ending(ended.keep_days)),
        }
    }
}

/// Who has the space in its list.
pub(crate) fn listed(chain: &Chain) -> BTreeSet<MemberId> {
    let present = chain.present_members().map(|member| member.id);
    present
        .chain(chain.all_pending().map(|newcomer| newcomer.id))
        .collect()
}

/// The changes that statements name as somebody's last; a count of 0 where they say that there is none.
fn last_changes(chain: &Chain, statements: &[Statement]) -> Vec<Named> {
    let named = |member: MemberId, last: LastChange| {
        let author = chain.member(&member)?.index;
        Some(Named {
            author,
            counter: last.counter,
            hash: last.hash,
        })
    };
    statements
        .iter()
        .flat_map(|statement| -> Vec<Option<Named>> {
            match statement.body() {
                StatementBody::Rotate(rotate) => rotate
                    .removals
                    .iter()
                    .map(|removal| named(removal.member, removal.last))
                    .collect(),
                StatementBody::Leave(leave) => vec![named(statement.author(), leave.last)],
                _ => Vec::new(),
            }
        })
        .flatten()
        .collect()
}

fn wait(milliseconds: u64) -> Refusal {
    let message = "this key added many statements to this space lately; wait a moment";
    Refusal::new(ErrorCode::RateLimited, message).retry_after(milliseconds.div_ceil(1000))
}

fn conflict(chain: &Chain) -> Refusal {
    let message = "another statement came first; read the chain and decide again";
    Refusal::new(ErrorCode::ChainConflict, message)
        .with("head", chain.head().to_string())
        .with("length", chain.length())
}

pub(super) fn refuse_invite() -> Refusal {
    Refusal::new(
        ErrorCode::InviteUnusable,
        ChainError::InviteUnusable.to_string(),
    )
}

fn refuse(why: ChainError) -> Refusal {
    refuse_statement(why.to_string(), why.name())
}

pub(super) fn refuse_statement(message: String, reason: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidStatement, message).with("reason", reason)
}
