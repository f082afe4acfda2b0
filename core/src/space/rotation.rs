//! Rotating a space's key, learning the keys that others made, and seeing whether what they made is
//! genuine. All that a rotation seals follows from its new key, so whoever holds that key makes the whole
//! of it again and compares.

use std::collections::BTreeSet;

use companion_protocol::chain::Chain;
use companion_protocol::id::{Epoch, MemberId};
use companion_protocol::statement::{
    Enrolled, MOST_PREVIOUS_KEYS, PreviousKey, Removal, Role, Rotate, Statement, StatementBody,
    enrol_message,
};
use companion_protocol::suite::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use ed25519_dalek::Signer;

use super::SpaceError;
use super::agreement::{KeyAgreement, Recipient, XWingHpke};
use super::identity::Identity;
use super::keys::{EpochKey, Keyring, open_previous, seal_previous};
use super::membership::next;
use crate::ports::{Moment, Rng};

/// Most earlier keys that one rotation seals again beside that of the epoch before, so that it fits a
/// statement whatever others left out. What is over comes with the next rotations.
pub const MOST_AGAIN: usize = MOST_PREVIOUS_KEYS - 1;

/// Who is in after a rotation.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Members who go, each with the last of their changes that counts.
    pub remove: Vec<Removal>,
    /// Newcomers who are turned away.
    pub refuse: Vec<MemberId>,
    /// Newcomers who are let in.
    pub admit: Vec<MemberId>,
    /// Who is let in without a link: see [`enrol`].
    pub enrol: Vec<Enrolled>,
}

/// A newcomer's own word that it comes as the next statement of this chain says.
pub fn enrol(newcomer: &Identity, chain: &Chain, role: Role) -> Enrolled {
    let (member, hpke_key) = (newcomer.member(), newcomer.hpke_key());
    let message = enrol_message(chain.space(), chain.head(), role, member, &hpke_key);
    Enrolled {
        role,
        member,
        hpke_key,
        proof: newcomer.signing_key().sign(&message).to_bytes(),
    }
}

/// Rotates the key. `keys` are all that are known here: the one before is sealed under the new one, and so
/// are those of the newest [`MOST_AGAIN`] epochs in `again`, whose sealing is known to be false.
pub fn rotate(
    me: &Identity,
    chain: &Chain,
    keys: &Keyring,
    again: &[Epoch],
    mut change: Change,
    at: Moment,
    rng: &dyn Rng,
) -> Result<(Statement, EpochKey), SpaceError> {
    let epoch = chain.epoch().next();
    let key = EpochKey::generate(rng);
    let commitment = key.commitment(chain.binding(), epoch);
    change.remove.sort_by_key(|removal| removal.member);
    change.refuse.sort_unstable();
    change.admit.sort_unstable();
    change.enrol.sort_by_key(|enrolled| enrolled.member);
    let newest = newest(keys, chain);
    let again: BTreeSet<Epoch> = again.iter().copied().filter(|e| *e != newest).collect();
    let mut passed_on: BTreeSet<Epoch> = again.into_iter().rev().take(MOST_AGAIN).collect();
    passed_on.insert(newest);
    let mut previous_keys = Vec::new();
    for earlier in passed_on {
        if let Some(earlier_key) = keys.get(&earlier) {
            previous_keys.push(PreviousKey {
                epoch: earlier,
                sealed: seal_previous(chain.binding(), (epoch, &key), (earlier, earlier_key))?,
            });
        }
    }
    let mut wrapped = Vec::new();
    for (member, hpke_key) in recipients(chain, &change) {
        let recipient = Recipient {
            member: &member,
            hpke_key: &hpke_key,
        };
        wrapped.push((member, XWingHpke.wrap(recipient, &commitment, &key)?));
    }
    let body = StatementBody::Rotate(Rotate {
        epoch,
        commitment,
        previous_keys,
        removals: change.remove,
        refused: change.refuse,
        admitted: change.admit,
        enrolled: change.enrol,
        wrapped,
    });
    Ok((next(me, chain, at, body), key))
}

/// The newest epoch whose key is here: the present one, unless this member was locked out of it.
fn newest(keys: &Keyring, chain: &Chain) -> Epoch {
    keys.range(..=chain.epoch())
        .next_back()
        .map_or(Epoch(0), |(epoch, _)| *epoch)
}

type PublicKey = Box<[u8; HPKE_KEY_LENGTH]>;

/// Everybody who is in afterwards, ordered by id.
fn recipients(chain: &Chain, change: &Change) -> Vec<(MemberId, PublicKey)> {
    let goes = |id: &MemberId| change.remove.iter().any(|removal| removal.member == *id);
    let stay = chain.present_members().filter(|member| !goes(&member.id));
    let mut all: Vec<_> = stay.map(|m| (m.id, m.hpke_key.clone())).collect();
    let admitted = change.admit.iter().filter_map(|id| chain.pending(id));
    all.extend(admitted.map(|newcomer| (newcomer.id, newcomer.hpke_key.clone())));
    all.extend(
        change
            .enrol
            .iter()
            .map(|new| (new.member, new.hpke_key.clone())),
    );
    all.sort_by_key(|(id, _)| *id);
    all
}

/// Adds to `keys` every epoch key that `me` can open from these statements: those sealed to me, and from
/// each of them backwards the earlier ones. A key that does not match the chain's commitment is refused, so
/// nobody can give two members two keys.
pub fn learn_keys(me: &Identity, chain: &Chain, statements: &[Statement], keys: &mut Keyring) {
    let mine = me.member();
    for statement in statements.iter().rev() {
        let (epoch, wrapped, previous): (_, _, &[PreviousKey]) = match statement.body() {
            StatementBody::Create(create) => {
                let wrapped = (statement.author() == mine).then_some(&create.wrapped);
                (Epoch(0), wrapped, &[])
            }
            StatementBody::Rotate(rotate) => {
                let wrapped = rotate.wrapped.iter().find(|(member, _)| *member == mine);
                (rotate.epoch, wrapped.map(|(_, w)| w), &rotate.previous_keys)
            }
            _ => continue,
        };
        if !keys.contains_key(&epoch)
            && let Some(key) = wrapped.and_then(|wrapped| open_mine(me, chain, epoch, wrapped))
        {
            keys.insert(epoch, key);
        }
        let Some(key) = keys.get(&epoch).cloned() else {
            continue;
        };
        for earlier in previous {
            if !keys.contains_key(&earlier.epoch)
                && let Ok(found) = open_previous(
                    chain.binding(),
                    (epoch, &key),
                    earlier.epoch,
                    &earlier.sealed,
                )
                && is_committed(chain, earlier.epoch, &found)
            {
                keys.insert(earlier.epoch, found);
            }
        }
    }
}

fn open_mine(
    me: &Identity,
    chain: &Chain,
    epoch: Epoch,
    wrapped: &[u8; WRAPPED_KEY_LENGTH],
) -> Option<EpochKey> {
    let commitment = chain.commitment(epoch)?;
    let key = XWingHpke.unwrap(me.receiving_seed(), &me.member(), commitment, wrapped);
    key.ok().filter(|key| is_committed(chain, epoch, key))
}

/// Whether the chain says that a key is the one of that epoch.
pub fn is_committed(chain: &Chain, epoch: Epoch, key: &EpochKey) -> bool {
    chain.commitment(epoch) == Some(&key.commitment(chain.binding(), epoch))
}

/// A rotation that is not what an honest member makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FalseRotation {
    /// The epoch that it began.
    pub epoch: Epoch,
    /// Who made it.
    pub by: MemberId,
    /// When, by its author's clock, milliseconds since 1970 UTC.
    pub at_ms: u64,
    /// What is wrong with it.
    pub what: Falsehood,
}

/// What is wrong with a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Falsehood {
    /// The key that it says is sealed to this member does not open.
    LockedOut,
    /// What it says is sealed to another member is something else.
    LocksOut(MemberId),
    /// An earlier key is missing or is something else: later members could not read what was before.
    HidesHistory(Epoch),
}

/// What is wrong with a rotation, as far as `me` can see with these keys. `statements` are those of the
/// chain: whoever was locked out of an epoch can't pass its key on, and does no wrong.
pub fn falsehood(
    me: &Identity,
    chain: &Chain,
    statement: &Statement,
    statements: &[Statement],
    keys: &Keyring,
) -> Option<FalseRotation> {
    let StatementBody::Rotate(rotate) = statement.body() else {
        return None;
    };
    let named = |what| FalseRotation {
        epoch: rotate.epoch,
        by: statement.author(),
        at_ms: statement.made_at_ms(),
        what,
    };
    let mine = rotate
        .wrapped
        .iter()
        .find(|(member, _)| *member == me.member());
    let opened = mine.map(|(_, wrapped)| open_mine(me, chain, rotate.epoch, wrapped));
    if matches!(opened, Some(None)) {
        return Some(named(Falsehood::LockedOut));
    }
    let key = keys.get(&rotate.epoch)?;
    let commitment = chain.commitment(rotate.epoch)?;
    for (member, wrapped) in &rotate.wrapped {
        if !is_genuine(chain, member, commitment, key, wrapped) {
            return Some(named(Falsehood::LocksOut(*member)));
        }
    }
    for earlier in &rotate.previous_keys {
        let new = (rotate.epoch, key);
        let opened = open_previous(chain.binding(), new, earlier.epoch, &earlier.sealed).ok();
        if !opened.is_some_and(|found| is_committed(chain, earlier.epoch, &found)) {
            return Some(named(Falsehood::HidesHistory(earlier.epoch)));
        }
    }
    let last = Epoch(rotate.epoch.0.saturating_sub(1));
    let passes_on = rotate.previous_keys.iter().any(|key| key.epoch == last);
    let hides = !passes_on
        && keys.contains_key(&last)
        && !was_locked_out(chain, &statement.author(), last, statements, keys);
    hides.then(|| named(Falsehood::HidesHistory(last)))
}

/// Whether what is sealed to a member is the key of that epoch.
fn is_genuine(
    chain: &Chain,
    member: &MemberId,
    commitment: &[u8; 32],
    key: &EpochKey,
    wrapped: &[u8; WRAPPED_KEY_LENGTH],
) -> bool {
    let genuine = chain.member(member).and_then(|known| {
        let hpke_key = &known.hpke_key;
        let recipient = Recipient { member, hpke_key };
        XWingHpke.wrap(recipient, commitment, key).ok()
    });
    genuine.is_some_and(|genuine| *genuine == *wrapped)
}

/// Whether the rotation that began an epoch sealed something else than its key to this member.
fn was_locked_out(
    chain: &Chain,
    member: &MemberId,
    epoch: Epoch,
    statements: &[Statement],
    keys: &Keyring,
) -> bool {
    let begun = statements.iter().find_map(|said| match said.body() {
        StatementBody::Rotate(rotate) if rotate.epoch == epoch => Some(rotate),
        _ => None,
    });
    let wrapped = begun.and_then(|begun| begun.wrapped.iter().find(|(id, _)| id == member));
    match (wrapped, chain.commitment(epoch), keys.get(&epoch)) {
        (Some((_, wrapped)), Some(commitment), Some(key)) => {
            !is_genuine(chain, member, commitment, key, wrapped)
        }
        _ => false,
    }
}

/// Epochs whose key is here and that no later rotation passes on: a later member could not read them. The
/// next rotations seal them again.
pub fn not_passed_on(chain: &Chain, statements: &[Statement], keys: &Keyring) -> Vec<Epoch> {
    let earlier = keys.range(..chain.epoch());
    let mut missing: BTreeSet<Epoch> = earlier.map(|(epoch, _)| *epoch).collect();
    for statement in statements {
        let StatementBody::Rotate(rotate) = statement.body() else {
            continue;
        };
        let Some(key) = keys.get(&rotate.epoch) else {
            continue;
        };
        for earlier in &rotate.previous_keys {
            if !missing.contains(&earlier.epoch) {
                continue;
            }
            let new = (rotate.epoch, key);
            let opened = open_previous(chain.binding(), new, earlier.epoch, &earlier.sealed);
            if opened.is_ok_and(|found| is_committed(chain, earlier.epoch, &found)) {
                missing.remove(&earlier.epoch);
            }
        }
    }
    missing.into_iter().collect()
}
