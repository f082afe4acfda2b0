//! The statements a member makes, with the secrets that go into them, and the keys it learns from
//! the statements of others.

use companion_protocol::chain::{Chain, OpenInvite};
use companion_protocol::id::{Counter, Epoch, InviteKey, MemberId};
use companion_protocol::statement::{
    ChainPosition, Create, Invite, Join, Removal, Role, Rotate, Statement, StatementBody,
    join_message,
};
use ed25519_dalek::{Signer, SigningKey};
use zeroize::Zeroizing;

use super::SpaceError;
use super::agreement::{KeyAgreement, XWingHpke};
use super::identity::Identity;
use super::keys::{EpochKey, Keyring, derive, open_key, seal_key};
use crate::ports::{Moment, Rng, random};

const INVITE_SIGNING: &[u8] = b"kap/invite-signing/1";
const INVITE_SEALING: &[u8] = b"kap/invite-sealing/1";
const PREVIOUS_KEY: &[u8] = b"kap/previous-key/1";

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

fn millis(at: Moment) -> u64 {
    u64::try_from(at.unix_ms).unwrap_or(0)
}

fn next_position(chain: &Chain) -> ChainPosition {
    ChainPosition {
        space: chain.space(),
        sequence: chain.length(),
        previous: chain.head(),
    }
}

/// Founds a space: its first statement and the key of epoch 0.
pub fn found(
    me: &Identity,
    at: Moment,
    rng: &dyn Rng,
) -> Result<(Statement, EpochKey), SpaceError> {
    let key = EpochKey::generate(rng);
    let commitment = key.commitment(Epoch(0));
    let hpke_key = me.hpke_key();
    let wrapped = XWingHpke.wrap(&hpke_key, &commitment, &key, rng)?;
    let body = StatementBody::Create(Create {
        nonce: random(rng),
        hpke_key,
        commitment,
        wrapped,
    });
    Ok((
        Statement::sign(me.signing_key(), ChainPosition::FIRST, millis(at), body),
        key,
    ))
}

/// Makes a one-use invite into a space.
pub fn invite(
    me: &Identity,
    chain: &Chain,
    key: &EpochKey,
    role: Role,
    at: Moment,
    expires_at_ms: u64,
    rng: &dyn Rng,
) -> Result<(Statement, InviteSecret), SpaceError> {
    let secret = InviteSecret::new(random(rng));
    let epoch = chain.epoch();
    let body = StatementBody::Invite(Invite {
        invite_key: secret.invite_key(),
        role,
        expires_at_ms,
        epoch,
        sealed_key: seal_key(secret.as_bytes(), INVITE_SEALING, epoch, key, rng)?,
    });
    Ok((
        Statement::sign(me.signing_key(), next_position(chain), millis(at), body),
        secret,
    ))
}

/// Uses an invite: the statement to publish, and the present epoch's key.
pub fn join(
    me: &Identity,
    chain: &Chain,
    secret: &InviteSecret,
    at: Moment,
) -> Result<(Statement, EpochKey), SpaceError> {
    let open = chain
        .open_invite(&secret.invite_key())
        .ok_or(companion_protocol::chain::ChainError::InviteUnusable)?;
    let epoch = open.invite.epoch;
    let key = open_invite_key(secret, &open.invite)?;
    check_commitment(chain, epoch, &key)?;
    let hpke_key = me.hpke_key();
    let message = join_message(chain.space(), me.member(), &hpke_key);
    let body = StatementBody::Join(Join {
        invite_key: secret.invite_key(),
        hpke_key,
        invite_signature: secret.signing_key().sign(&message).to_bytes(),
    });
    Ok((
        Statement::sign(me.signing_key(), next_position(chain), millis(at), body),
        key,
    ))
}

/// The epoch key that an invite carries.
pub fn open_invite_key(secret: &InviteSecret, invite: &Invite) -> Result<EpochKey, SpaceError> {
    open_key(
        secret.as_bytes(),
        INVITE_SEALING,
        invite.epoch,
        &invite.sealed_key,
    )
}

/// Rotates the key, removing whoever is named with the last of their changes that counts.
pub fn rotate(
    me: &Identity,
    chain: &Chain,
    present_key: &EpochKey,
    remove: &[(MemberId, Counter)],
    at: Moment,
    rng: &dyn Rng,
) -> Result<(Statement, EpochKey), SpaceError> {
    let epoch = chain.epoch().next();
    let key = EpochKey::generate(rng);
    let commitment = key.commitment(epoch);
    let mut removals: Vec<Removal> = remove
        .iter()
        .map(|(member, last_counter)| Removal {
            member: *member,
            last_counter: *last_counter,
        })
        .collect();
    removals.sort_by_key(|removal| removal.member);
    let mut wrapped = Vec::new();
    for member in chain.present_members() {
        if !removals.iter().any(|removal| removal.member == member.id) {
            wrapped.push((
                member.id,
                XWingHpke.wrap(&member.hpke_key, &commitment, &key, rng)?,
            ));
        }
    }
    let previous_key = seal_key(
        key.as_bytes(),
        PREVIOUS_KEY,
        chain.epoch(),
        present_key,
        rng,
    )?;
    let body = StatementBody::Rotate(Rotate {
        epoch,
        commitment,
        previous_key,
        removals,
        wrapped,
    });
    Ok((
        Statement::sign(me.signing_key(), next_position(chain), millis(at), body),
        key,
    ))
}

/// Adds to `keys` every epoch key that `me` can open from these statements: those sealed to me, and
/// from each of them backwards the ones before. A key that does not match the chain's commitment is
/// refused, so an admin can't give two members two keys.
pub fn learn_keys(me: &Identity, chain: &Chain, statements: &[Statement], keys: &mut Keyring) {
    for statement in statements.iter().rev() {
        let (epoch, wrapped, previous) = match statement.body() {
            StatementBody::Create(create) => {
                let mine = statement.author() == me.member();
                (Epoch(0), mine.then_some(&create.wrapped), None)
            }
            StatementBody::Rotate(rotate) => {
                let mine = rotate
                    .wrapped
                    .iter()
                    .find(|(member, _)| *member == me.member());
                (
                    rotate.epoch,
                    mine.map(|(_, wrapped)| wrapped),
                    Some(&rotate.previous_key),
                )
            }
            StatementBody::Invite(_) | StatementBody::Join(_) => continue,
        };
        if !keys.contains_key(&epoch)
            && let (Some(wrapped), Some(commitment)) = (wrapped, chain.commitment(epoch))
            && let Ok(key) = XWingHpke.unwrap(me.receiving_seed(), commitment, wrapped)
            && check_commitment(chain, epoch, &key).is_ok()
        {
            keys.insert(epoch, key);
        }
        let Some(before) = epoch.0.checked_sub(1).map(Epoch) else {
            continue;
        };
        if !keys.contains_key(&before)
            && let (Some(key), Some(previous)) = (keys.get(&epoch), previous)
            && let Ok(key) = open_key(key.as_bytes(), PREVIOUS_KEY, before, previous)
            && check_commitment(chain, before, &key).is_ok()
        {
            keys.insert(before, key);
        }
    }
}

/// From when on a member is to rotate a space's key, in milliseconds since 1970; `None` when there is
/// no cause. At once if somebody joined since the key was last rotated, by whose invite nobody else
/// may come in (the newcomer does not rotate it: whoever was there before does); or when an open
/// invite runs out that nobody used: whoever finds it later must not find a key that is still in use.
pub fn rotation_due(chain: &Chain, statements: &[Statement], me: MemberId) -> Option<i64> {
    let mine = chain
        .present(&me)
        .filter(|member| member.role == Role::Admin)?;
    let rotated = statements
        .iter()
        .rev()
        .find(|statement| matches!(statement.body(), StatementBody::Rotate(_)))
        .map_or(0, Statement::sequence);
    let newcomer = chain.present_members().any(|member| {
        member.joined_at > rotated && member.joined_at > mine.joined_at && member.id != me
    });
    if newcomer {
        return Some(i64::MIN);
    }
    let runs_out = |open: &OpenInvite| i64::try_from(open.invite.expires_at_ms).unwrap_or(i64::MAX);
    chain.open_invites().map(runs_out).min()
}

fn check_commitment(chain: &Chain, epoch: Epoch, key: &EpochKey) -> Result<(), SpaceError> {
    if chain.commitment(epoch) == Some(&key.commitment(epoch)) {
        Ok(())
    } else {
        Err(SpaceError::CannotOpen)
    }
}
