//! What a signer is to a chain, and what it may offer by that alone.

use companion_protocol::api::{ErrorCode, MAX_RUN_BYTES, MAX_SMALL_RUN_BYTES};
use companion_protocol::chain::Chain;
use companion_protocol::id::{InviteKey, MemberId, SpaceId};
use companion_protocol::statement::{Statement, StatementBody};

use super::Relay;
use super::membership::refuse_invite;
use crate::refusal::Refusal;

/// From whom a run of statements is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offerer {
    /// The chain says that this one may offer something: so many bytes are read, and what is wrong with
    /// them is said.
    Known(usize),
    /// After a restore whoever the chain does not know may be a member by what it brings. Until that is
    /// certain nothing is said, and this is the same for every space and for none.
    Unknown,
}

impl Offerer {
    /// How many bytes of a run are read.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::Known(limit) => limit,
            Self::Unknown => MAX_SMALL_RUN_BYTES,
        }
    }

    /// What this one is told of a refusal: where it is unknown, nothing that another space, or none, would
    /// not have said as well.
    pub(crate) fn told(self, refusal: Refusal) -> Refusal {
        let of_the_server = matches!(
            refusal.code,
            ErrorCode::RateLimited
                | ErrorCode::Timeout
                | ErrorCode::Unavailable
                | ErrorCode::Internal
                // Comes only once the run made it a member.
                | ErrorCode::QuotaExceeded
        );
        match self {
            Self::Unknown if !of_the_server => Refusal::forbidden(),
            _ => refusal,
        }
    }
}

/// What a signer is to a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Present,
    Pending,
    /// Holds an open invite.
    Invited,
    /// Holds an invite that is open and over.
    InviteIsOver,
    /// Holds the invite by which somebody came who is still pending.
    Knocked,
    /// Was a member, and left or was removed.
    Former,
    Stranger,
}

/// Present members offer whatever they like; a newcomer comes by its invite, and may leave again.
pub(super) fn may_offer(standing: Standing, signer: MemberId, run: &[Statement]) -> bool {
    let only = match run {
        [only] => Some(only),
        _ => None,
    };
    match standing {
        Standing::Present => true,
        Standing::Pending => only.is_some_and(|statement| {
            statement.author() == signer && matches!(statement.body(), StatementBody::Leave(_))
        }),
        Standing::Invited | Standing::Knocked => {
            let key = InviteKey::new(*signer.as_bytes());
            only.is_some_and(|statement| match statement.body() {
                StatementBody::Join(join) => join.invite_key == key,
                _ => false,
            })
        }
        Standing::InviteIsOver | Standing::Former | Standing::Stranger => false,
    }
}

impl Relay {
    /// Whether statements of this signer are worth reading, and how many bytes of them.
    pub(crate) fn may_extend(&self, signer: MemberId, space: SpaceId) -> Result<Offerer, Refusal> {
        let chain = self.load(space)?;
        let known = chain.map(|chain| (self.standing(&chain, signer), chain));
        match known {
            Some((Standing::Present, _)) => Ok(Offerer::Known(MAX_RUN_BYTES)),
            Some((Standing::Pending | Standing::Knocked, _)) => {
                Ok(Offerer::Known(MAX_SMALL_RUN_BYTES))
            }
            Some((Standing::Invited, chain)) => {
                self.awaited(&chain)?;
                Ok(Offerer::Known(MAX_SMALL_RUN_BYTES))
            }
            Some((Standing::InviteIsOver, _)) => Err(refuse_invite()),
            Some((Standing::Former, _)) => Err(Refusal::removed()),
            None if self.storage.is_forgotten(space)? => Err(self.no_space(space)?),
            Some((Standing::Stranger, _)) | None if self.life.restored_at_ms.is_some() => {
                Ok(Offerer::Unknown)
            }
            Some((Standing::Stranger, _)) | None => Err(Refusal::forbidden()),
        }
    }

    /// What a signer is to a chain.
    pub(super) fn standing(&self, chain: &Chain, signer: MemberId) -> Standing {
        if chain.present(&signer).is_some() {
            return Standing::Present;
        }
        if chain.pending(&signer).is_some() {
            return Standing::Pending;
        }
        if chain.member(&signer).is_some() {
            return Standing::Former;
        }
        let key = InviteKey::new(*signer.as_bytes());
        match chain.open_invite(&key) {
            Some(open) if self.now_ms() <= open.invite.expires_at_ms => Standing::Invited,
            Some(_) => Standing::InviteIsOver,
            None if chain.all_pending().any(|p| p.invite_key == key) => Standing::Knocked,
            None => Standing::Stranger,
        }
    }
}
