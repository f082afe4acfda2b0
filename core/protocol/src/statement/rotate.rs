//! The statement that gives a space a new key, and with it decides who is in.

use super::body::Role;
use crate::id::{Counter, Epoch, HistoryHash, MemberId};
use crate::suite::{HPKE_KEY_LENGTH, SEALED_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use crate::wire::{Reader, WireError, Writer};

/// The last change of a member that counts: its count and the history that ends in it, both zero where there
/// is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastChange {
    /// Its author's own count.
    pub counter: Counter,
    /// Its author's history up to it, by which it can't be another one.
    pub hash: HistoryHash,
}

impl LastChange {
    /// It wrote nothing that counts.
    pub const NONE: Self = Self {
        counter: Counter(0),
        hash: HistoryHash::ZERO,
    };

    pub(super) fn encode(&self, to: &mut Writer) {
        to.u64(self.counter.0).array(self.hash.as_bytes());
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, WireError> {
        let last = Self {
            counter: Counter(from.u64()?),
            hash: HistoryHash::new(from.array()?),
        };
        let is_count = i64::try_from(last.counter.0).is_ok();
        if is_count && (last.counter == Counter(0)) == (last.hash == HistoryHash::ZERO) {
            Ok(last)
        } else {
            Err(WireError::BadValue("last change"))
        }
    }
}

/// Most previous keys in a rotation of an honest member: that of the epoch before, and of 256 earlier ones
/// that others left out (`WIRE.md` §5.5).
pub const MOST_PREVIOUS_KEYS: usize = 257;

/// One member's removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// Who goes.
    pub member: MemberId,
    /// The last of their changes that counts; whatever comes after it counts for nothing.
    pub last: LastChange,
}

/// A member that an admin lets in without a link, because it holds the newcomer's keys itself or a
/// person has them in hand: recovery words, a phone that came back by words, a clinic's second node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// What it is to be.
    pub role: Role,
    /// Its key for signing, which is its name.
    pub member: MemberId,
    /// Its key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// By its own key: see [`super::enrol_message`].
    pub proof: [u8; 64],
}

/// The key of an earlier epoch, sealed under the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviousKey {
    /// Whose key is inside.
    pub epoch: Epoch,
    /// That key, sealed under the new epoch's.
    pub sealed: [u8; SEALED_KEY_LENGTH],
}

/// A new epoch: closes every open invite, decides who is in, and gives those who stay a new key. All that
/// is sealed in it follows from the new key, so whoever holds that key can check all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotate {
    /// The new epoch, one more than the last.
    pub epoch: Epoch,
    /// Commits to the new epoch's key.
    pub commitment: [u8; 32],
    /// Earlier keys, so that a later member reads the history: the one before, and any whose sealing was
    /// found to be false. Ascending by epoch.
    pub previous_keys: Vec<PreviousKey>,
    /// Who goes, ordered by member.
    pub removals: Vec<Removal>,
    /// Pending newcomers who are turned away, ordered.
    pub refused: Vec<MemberId>,
    /// Pending newcomers who are let in, ordered.
    pub admitted: Vec<MemberId>,
    /// Who is let in without a link, ordered by member.
    pub enrolled: Vec<Enrolled>,
    /// The new key sealed to each member who is present from now on, ordered by member.
    pub wrapped: Vec<(MemberId, Box<[u8; WRAPPED_KEY_LENGTH]>)>,
}

fn count(to: &mut Writer, length: usize) {
    to.u16(u16::try_from(length).unwrap_or(u16::MAX));
}

/// Reads a list that ascends strictly by `key`.
fn ascending<T, K: Ord>(
    from: &mut Reader<'_>,
    what: &'static str,
    key: impl Fn(&T) -> K,
    mut read: impl FnMut(&mut Reader<'_>) -> Result<T, WireError>,
) -> Result<Vec<T>, WireError> {
    let mut list: Vec<T> = Vec::new();
    for _ in 0..from.u16()? {
        let next = read(from)?;
        if list.last().is_some_and(|last| key(last) >= key(&next)) {
            return Err(WireError::BadValue(what));
        }
        list.push(next);
    }
    Ok(list)
}

fn member(from: &mut Reader<'_>) -> Result<MemberId, WireError> {
    from.array().map(MemberId::new)
}

impl Rotate {
    pub(super) fn encode(&self, to: &mut Writer) {
        to.u32(self.epoch.0).array(&self.commitment);
        count(to, self.previous_keys.len());
        for previous in &self.previous_keys {
            to.u32(previous.epoch.0).of_suite(&previous.sealed);
        }
        count(to, self.removals.len());
        for removal in &self.removals {
            to.array(removal.member.as_bytes());
            removal.last.encode(to);
        }
        for list in [&self.refused, &self.admitted] {
            count(to, list.len());
            for member in list {
                to.array(member.as_bytes());
            }
        }
        count(to, self.enrolled.len());
        for enrolled in &self.enrolled {
            to.u8(enrolled.role.code())
                .of_suite(enrolled.member.as_bytes())
                .of_suite(&*enrolled.hpke_key)
                .of_suite(&enrolled.proof);
        }
        count(to, self.wrapped.len());
        for (member, wrapped) in &self.wrapped {
            to.array(member.as_bytes()).of_suite(&**wrapped);
        }
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            epoch: Epoch(from.u32()?),
            commitment: from.array()?,
            previous_keys: ascending(
                from,
                "previous_keys",
                |previous: &PreviousKey| previous.epoch,
                |from| {
                    Ok(PreviousKey {
                        epoch: Epoch(from.u32()?),
                        sealed: from.of_suite("sealed key")?,
                    })
                },
            )?,
            removals: ascending(
                from,
                "removals",
                |removal: &Removal| removal.member,
                |from| {
                    Ok(Removal {
                        member: member(from)?,
                        last: LastChange::decode(from)?,
                    })
                },
            )?,
            refused: ascending(from, "refused", |member: &MemberId| *member, member)?,
            admitted: ascending(from, "admitted", |member: &MemberId| *member, member)?,
            enrolled: ascending(
                from,
                "enrolled",
                |enrolled: &Enrolled| enrolled.member,
                |from| {
                    Ok(Enrolled {
                        role: Role::from_code(from.u8()?)?,
                        member: from.signing_key()?,
                        hpke_key: from.hpke_key()?,
                        proof: from.signature()?,
                    })
                },
            )?,
            wrapped: ascending(
                from,
                "recipients",
                |(member, _): &(MemberId, Box<[u8; WRAPPED_KEY_LENGTH]>)| *member,
                |from| Ok((member(from)?, Box::new(from.of_suite("wrapped")?))),
            )?,
        })
    }
}
