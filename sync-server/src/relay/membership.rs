//! Reading and extending membership chains. A chain stays a line: a statement goes in only if its
//! writer saw the newest one.

use std::sync::Arc;

use companion_protocol::api::{ChainPage, ChainRun, ErrorCode, SpaceHead};
use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{InviteKey, MemberId, SpaceId};
use companion_protocol::statement::{Statement, StatementBody, StatementError};
use companion_protocol::wire::WireError;

use super::{ATTEMPTS, Relay};
use crate::refusal::Refusal;
use crate::storage::{Extended, Extension, Room};

/// Bytes of statements in one page of a chain.
pub(crate) const MAX_CHAIN_PAGE: usize = 8 * 1024 * 1024;

impl Relay {
    /// Statements from number `from` on, for a present member or whoever holds an open invite.
    pub(crate) fn chain_page(
        &self,
        member: MemberId,
        space: SpaceId,
        from: u64,
    ) -> Result<ChainPage, Refusal> {
        let chain = self.load(space)?.ok_or_else(Refusal::forbidden)?;
        let is_here = chain.present(&member).is_some() || chain.pending(&member).is_some();
        if !is_here && !self.holds_invite(&chain, member) {
            return Err(Refusal::forbidden());
        }
        let statements = self.storage.chain(space, from, MAX_CHAIN_PAGE)?;
        Ok(ChainPage {
            incarnation: self.life.incarnation,
            length: chain.length(),
            statements,
        })
    }

    fn holds_invite(&self, chain: &Chain, signer: MemberId) -> bool {
        chain
            .open_invite(&InviteKey::new(*signer.as_bytes()))
            .is_some_and(|open| self.now_ms() <= open.invite.expires_at_ms)
    }

    /// Whether a statement of this signer is worth reading: of a present member, or while somebody
    /// is expected, of whoever may hold the invite.
    pub(crate) fn may_extend(&self, signer: MemberId, space: SpaceId) -> Result<(), Refusal> {
        let Some(chain) = self.load(space)? else {
            return Err(refuse_invite());
        };
        let now = self.now_ms();
        let expected = || {
            let mut open = chain.open_invites();
            open.any(|open| now <= open.invite.expires_at_ms)
        };
        if chain.present(&signer).is_some() || self.catching_up() || expected() {
            return Ok(());
        }
        Err(match chain.member(&signer) {
            Some(_) => Refusal::forbidden(),
            None => refuse_invite(),
        })
    }

    /// Adds one statement. Offering one that is in the chain already is answered as if it were new.
    pub(crate) fn extend(
        &self,
        signer: MemberId,
        space: SpaceId,
        body: &[u8],
    ) -> Result<SpaceHead, Refusal> {
        let run = ChainRun::decode(body).map_err(|why| Refusal::bad(why.to_string()))?;
        let mut statements = Vec::new();
        for bytes in &run.statements {
            statements.push(Statement::parse(bytes).map_err(|why| match why {
                StatementError::Malformed(WireError::TooLarge(_)) => {
                    Refusal::new(ErrorCode::TooLarge, why.to_string())
                }
                _ => refuse_statement(why.to_string()),
            })?);
        }
        let Some(mut chain) = self.load(space)?.map(|chain| (*chain).clone()) else {
            return Err(Refusal::forbidden());
        };
        let was_here = chain.present(&signer).is_some()
            || chain.pending(&signer).is_some()
            || self.holds_invite(&chain, signer);
        if !was_here {
            for statement in &statements {
                let _ = chain.extend(statement);
            }
            if chain.present(&signer).is_none() {
                return Err(Refusal::forbidden());
            }
        }
        let mut head = None;
        for statement in statements {
            head = Some(self.extend_one(signer, space, statement)?);
        }
        head.ok_or_else(Refusal::internal)
    }

    fn extend_one(
        &self,
        signer: MemberId,
        space: SpaceId,
        statement: Statement,
    ) -> Result<SpaceHead, Refusal> {
        if statement.space() != space {
            return Err(refuse_statement(ChainError::OtherSpace.to_string()));
        }
        for _ in 0..ATTEMPTS {
            let Some(chain) = self.load(space)? else {
                return Err(stranger(&statement, signer));
            };
            let next = match self.next(&chain, signer, &statement)? {
                Next::InChain => return self.present_head(space),
                Next::Extended(next) => next,
            };
            let all = |chain: &Chain| -> std::collections::BTreeSet<MemberId> {
                let present = chain.present_members().map(|m| m.id);
                present.chain(chain.all_pending().map(|p| p.id)).collect()
            };
            let (before, after) = (all(&chain), all(&next));
            let extension = Extension {
                space,
                previous: statement.previous(),
                statement: statement.bytes().to_vec(),
                hash: statement.hash(),
                joined: after.difference(&before).copied().collect(),
                removed: before.difference(&after).copied().collect(),
                room: match statement.body() {
                    StatementBody::Rotate(rotate) if !rotate.removals.is_empty() => Room::Grace,
                    _ => Room::Needed,
                },
            };
            match self.storage.extend_chain(extension)? {
                Extended::Done(head) => {
                    self.hints.publish(head, &next);
                    self.chains.keep(Arc::new(next));
                    return Ok(head);
                }
                Extended::Moved(_) => {}
                Extended::QuotaExceeded => {
                    let message = "the room for this space is used up";
                    return Err(Refusal::new(ErrorCode::QuotaExceeded, message));
                }
                Extended::NoSuchSpace => return Err(stranger(&statement, signer)),
            }
        }
        Err(Refusal::unavailable(
            "the chain is moving too fast; try again",
        ))
    }

    fn present_head(&self, space: SpaceId) -> Result<SpaceHead, Refusal> {
        self.storage.head(space)?.ok_or_else(Refusal::forbidden)
    }

    /// The chain with the statement applied, if the signer may offer it and it is allowed.
    fn next(
        &self,
        chain: &Chain,
        signer: MemberId,
        statement: &Statement,
    ) -> Result<Next, Refusal> {
        let is_member = chain.present(&signer).is_some() || chain.pending(&signer).is_some();
        if chain.contains(&statement.hash()) && is_member {
            return Ok(Next::InChain);
        }
        let join = match statement.body() {
            StatementBody::Join(join) => Some(join),
            _ => None,
        };
        let open = join.and_then(|join| chain.open_invite(&join.invite_key));
        let knocks = join.is_some_and(|join| join.invite_key.as_bytes() == signer.as_bytes())
            && open.is_some();
        // After a restore the statement's own signature is enough, whoever brings it.
        if !is_member && !knocks && !self.catching_up() {
            return Err(stranger(statement, signer));
        }
        if let Some(open) = open
            && self.now_ms() > open.invite.expires_at_ms
            && !self.catching_up()
        {
            return Err(refuse_invite());
        }
        let mut next = chain.clone();
        match next.extend(statement) {
            Ok(()) => Ok(Next::Extended(next)),
            Err(ChainError::NotTheHead) if is_member || knocks => {
                let message = "another statement came first; read the chain and decide again";
                Err(Refusal::new(ErrorCode::ChainConflict, message)
                    .with("head", chain.head().to_string())
                    .with("length", chain.length()))
            }
            Err(ChainError::InviteUnusable) => Err(refuse_invite()),
            Err(why) if is_member || knocks => Err(refuse_statement(why.to_string())),
            Err(_) => Err(stranger(statement, signer)),
        }
    }
}

enum Next {
    InChain,
    Extended(Chain),
}

/// The answer to somebody who is no member: the same for a space that does not exist.
fn stranger(statement: &Statement, signer: MemberId) -> Refusal {
    let joins = matches!(statement.body(), StatementBody::Join(_));
    if joins && statement.author() == signer {
        refuse_invite()
    } else {
        Refusal::forbidden()
    }
}

fn refuse_invite() -> Refusal {
    Refusal::new(
        ErrorCode::InviteUnusable,
        ChainError::InviteUnusable.to_string(),
    )
}

pub(super) fn refuse_statement(message: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidStatement, message)
}
