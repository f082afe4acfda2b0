//! What a signer is to a chain, and what it may offer by that alone.

use companion_protocol::chain::Chain;
use companion_protocol::id::{InviteKey, MemberId};
use companion_protocol::statement::{Statement, StatementBody};

use super::Relay;

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
        Standing::InviteIsOver | Standing::Stranger => false,
    }
}

impl Relay {
    /// What a signer is to a chain.
    pub(super) fn standing(&self, chain: &Chain, signer: MemberId) -> Standing {
        if chain.present(&signer).is_some() {
            return Standing::Present;
        }
        if chain.pending(&signer).is_some() {
            return Standing::Pending;
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
