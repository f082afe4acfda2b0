//! The statements a member makes, with the secrets that go into them. What rotates a key is in
//! [`super::rotation`].

use companion_protocol::chain::{Chain, space_binding};
use companion_protocol::id::{Epoch, InviteKey, MemberId};
use companion_protocol::statement::{
    Answer, ChainPosition, Create, End, Invite, Join, LastChange, Leave, Role, Statement,
    StatementBody, join_message,
};
use ed25519_dalek::{Signer, SigningKey};
use zeroize::Zeroizing;

use super::SpaceError;
use super::agreement::{KeyAgreement, Recipient, XWingHpke};
use super::identity::Identity;
use super::keys::{EpochKey, derive};
use crate::ports::{Moment, Rng, random};

const INVITE_SIGNING: &[u8] = b"kap/invite-signing/1";

/// The secret of an invite. It travels by QR code or by hand, never through the server.
#[derive(Clone)]
pub struct InviteSecret(Zeroizing<[u8; 32]>);

impl InviteSecret {
    /// Wraps bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Signs the join, and the newcomer's first look at the chain.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&derive(self.as_bytes(), INVITE_SIGNING))
    }

    /// What the chain names the invite by.
    pub fn invite_key(&self) -> InviteKey {
        InviteKey::new(self.signing_key().verifying_key().to_bytes())
    }
}

impl std::fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InviteSecret(..)")
    }
}

pub(super) fn millis(at: Moment) -> u64 {
    u64::try_from(at.unix_ms).unwrap_or(0)
}

/// Signs the statement that comes next in a chain.
pub(super) fn next(me: &Identity, chain: &Chain, at: Moment, body: StatementBody) -> Statement {
    let position = ChainPosition {
        space: chain.space(),
        sequence: chain.length(),
        previous: chain.head(),
    };
    Statement::sign(me.signing_key(), position, millis(at), body)
}

/// Founds a space: its first statement and the key of epoch 0.
pub fn found(
    me: &Identity,
    role: Role,
    at: Moment,
    rng: &dyn Rng,
) -> Result<(Statement, EpochKey), SpaceError> {
    let key = EpochKey::generate(rng);
    let (member, hpke_key, nonce) = (me.member(), me.hpke_key(), random(rng));
    let commitment = key.commitment(&space_binding(member, &nonce), Epoch(0));
    let recipient = Recipient {
        member: &member,
        hpke_key: &hpke_key,
    };
    let wrapped = XWingHpke.wrap(recipient, &commitment, &key)?;
    let body = StatementBody::Create(Create {
        nonce,
        role,
        signing_key: member,
        hpke_key,
        commitment,
        wrapped,
    });
    let statement = Statement::sign(me.signing_key(), ChainPosition::FIRST, millis(at), body);
    Ok((statement, key))
}

/// Makes a one-use invite into a space. It carries no key: whoever comes by it waits to be let in.
pub fn invite(
    me: &Identity,
    chain: &Chain,
    role: Role,
    at: Moment,
    expires_at_ms: u64,
    rng: &dyn Rng,
) -> (Statement, InviteSecret) {
    let secret = InviteSecret::new(random(rng));
    let body = StatementBody::Invite(Invite {
        invite_key: secret.invite_key(),
        role,
        expires_at_ms,
    });
    (next(me, chain, at, body), secret)
}

/// Uses an invite.
pub fn join(
    me: &Identity,
    chain: &Chain,
    secret: &InviteSecret,
    at: Moment,
) -> Result<Statement, SpaceError> {
    chain
        .open_invite(&secret.invite_key())
        .ok_or(companion_protocol::chain::ChainError::InviteUnusable)?;
    let hpke_key = me.hpke_key();
    let message = join_message(chain.space(), me.member(), &hpke_key);
    let body = StatementBody::Join(Join {
        invite_key: secret.invite_key(),
        signing_key: me.member(),
        hpke_key,
        invite_signature: secret.signing_key().sign(&message).to_bytes(),
    });
    Ok(next(me, chain, at, body))
}

/// Answers a newcomer, so that there are words to compare.
pub fn answer(
    me: &Identity,
    chain: &Chain,
    newcomer: MemberId,
    at: Moment,
    rng: &dyn Rng,
) -> Statement {
    let body = StatementBody::Answer(Answer {
        newcomer,
        nonce: random(rng),
    });
    next(me, chain, at, body)
}

/// Ends a space.
pub fn end(me: &Identity, chain: &Chain, keep_days: u16, at: Moment) -> Statement {
    next(me, chain, at, StatementBody::End(End { keep_days }))
}

/// Leaves a space.
pub fn leave(me: &Identity, chain: &Chain, last: LastChange, at: Moment) -> Statement {
    next(me, chain, at, StatementBody::Leave(Leave { last }))
}
