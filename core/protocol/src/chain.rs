//! A membership chain as everybody derives it: from its first statement on, each one checked
//! against all before. The server runs the same code, and nobody trusts the server to have done so.

mod apply;
pub mod authority;
mod refusal;
mod room;

pub use refusal::{ChainError, ChangeRefusal};
pub use room::{MAX_CHAIN_BYTES, MAX_STATEMENTS, statements_left};

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::change::{DroppedBody, Header};
use crate::id::{Epoch, InviteKey, MemberId, SpaceId, StatementHash};
use crate::statement::{Invite, LastChange, Role, Statement};
use crate::suite::HPKE_KEY_LENGTH;
use authority::{Lowering, Roll, Standing, Waiting};

/// A member, present or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its signing key.
    pub id: MemberId,
    /// Its place in the order of admission, from 0: its rank. Frontiers name members by it.
    pub index: u16,
    /// What it is.
    pub role: Role,
    /// Its key for receiving epoch keys (X-Wing).
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// The statement that let it in.
    pub joined_at: u64,
    /// Who let it in; itself for the founder.
    pub admitted_by: MemberId,
    /// When it was let in, by the clock of whoever did, milliseconds since 1970 UTC. For display.
    pub joined_at_ms: u64,
    /// The join and the answer that the compare-words were made from; `None` where it was enrolled.
    pub compared: Option<Compared>,
    /// Set when it was removed or left.
    pub removed: Option<Removed>,
}

impl Member {
    /// Whether it was in after statement `sequence`.
    fn was_in(&self, sequence: u64) -> bool {
        let removed = self.removed.map(|removed| removed.sequence);
        self.joined_at <= sequence && removed.is_none_or(|removed| removed > sequence)
    }
}

/// What compare-words are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// The hash of the join.
    pub join: StatementHash,
    /// The hash of the answer to it.
    pub answer: StatementHash,
}

/// How a membership ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The statement that ended it.
    pub sequence: u64,
    /// Who ended it; itself where it left.
    pub by: MemberId,
    /// When, by the clock of whoever ended it, milliseconds since 1970 UTC. For display.
    pub at_ms: u64,
    /// The last of its changes that counts.
    pub last: LastChange,
    /// Set when somebody lowered that since.
    pub lowered: Option<Lowered>,
}

impl Removed {
    /// Who said what counts last, and when, by the clock of whoever did.
    pub fn last_by(&self) -> Lowered {
        self.lowered.unwrap_or(Lowered {
            by: self.by,
            at_ms: self.at_ms,
        })
    }
}

/// How a space was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The statement that ended it, the last of its chain.
    pub sequence: u64,
    /// Who ended it.
    pub by: MemberId,
    /// When, by the clock of whoever did, milliseconds since 1970 UTC. For display.
    pub at_ms: u64,
    /// For how many days a server is asked to keep it.
    pub keep_days: u16,
}

/// How the last change that counts of somebody who is gone was lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lowered {
    /// Who did.
    pub by: MemberId,
    /// When, by the clock of whoever did, milliseconds since 1970 UTC. For display.
    pub at_ms: u64,
}

/// A newcomer who is not let in yet: it reads nothing, writes nothing that anybody takes, and decides
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its signing key.
    pub id: MemberId,
    /// What its invite makes it.
    pub role: Role,
    /// Its key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// The invite by which it came.
    pub invite_key: InviteKey,
    /// Who opened that invite.
    pub invited_by: MemberId,
    /// Until when that invite was good, milliseconds since 1970 UTC.
    pub invited_until_ms: u64,
    /// Where its join stands.
    pub joined_at: u64,
    /// The hash of its join.
    pub joined_by: StatementHash,
    /// When it says that it came, milliseconds since 1970 UTC.
    pub joined_at_ms: u64,
    /// The hash of the answer to it, which is by whoever invited it.
    pub answer: Option<StatementHash>,
}

impl Pending {
    /// What the compare-words are made from, once it was answered.
    pub fn compared(&self) -> Option<Compared> {
        self.answer.map(|answer| Compared {
            join: self.joined_by,
            answer,
        })
    }
}

/// An invite that nobody used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvite {
    /// What the statement said.
    pub invite: Invite,
    /// Who opened it.
    pub by: MemberId,
    /// Where it stands.
    pub sequence: u64,
    /// The hash of the statement.
    pub hash: StatementHash,
}

/// A verified chain.
#[derive(Debug, Clone)]
pub struct Chain {
    space: SpaceId,
    binding: [u8; 32],
    head: StatementHash,
    length: u64,
    /// Of all statements together.
    bytes: u64,
    epoch: Epoch,
    /// Whether a member left in the present epoch, whose key it has.
    left: bool,
    members: BTreeMap<MemberId, Member>,
    order: Vec<MemberId>,
    /// Indexes of those who are in. Few, where `order` may hold thousands who were.
    present: BTreeSet<u16>,
    pending: BTreeMap<MemberId, Pending>,
    /// Newcomers who were turned away or left again: their keys can't come back.
    turned_away: BTreeSet<MemberId>,
    invites: BTreeMap<InviteKey, OpenInvite>,
    /// The keys of all invites that ever were opened: none is opened twice.
    invited: BTreeSet<InviteKey>,
    /// Each statement's sequence and the epoch that held after it.
    heads: BTreeMap<StatementHash, (u64, Epoch)>,
    commitments: BTreeMap<Epoch, [u8; 32]>,
    /// Set once the space was ended.
    ended: Option<Ended>,
}

/// What everything that is sealed in a space is bound to: its founder and its nonce. The space's own id
/// can't serve, since the first commitment is part of what it is the hash of.
pub fn space_binding(founder: MemberId, nonce: &[u8; 16]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"kap/space/1")
        .chain_update(founder.as_bytes())
        .chain_update(nonce)
        .finalize()
        .into()
}

impl Chain {
    /// Derives a chain from all its statements in order.
    ///
    /// # Errors
    ///
    /// The first [`ChainError`] that a statement meets; [`ChainError::NotAFounding`] where there is none.
    pub fn from_statements<'a>(
        statements: impl IntoIterator<Item = &'a Statement>,
    ) -> Result<Self, ChainError> {
        let mut statements = statements.into_iter();
        let mut chain = Self::start(statements.next().ok_or(ChainError::NotAFounding)?)?;
        for statement in statements {
            chain.extend(statement)?;
        }
        Ok(chain)
    }

    /// Whether a change may stand in this space, as far as membership says.
    /// Counters, hash links and the signature are checked by whoever holds the log.
    ///
    /// # Errors
    ///
    /// [`ChangeRefusal`] for the first rule of `WIRE.md` §4.2 that the change breaks.
    pub fn check_change(&self, header: &Header) -> Result<(), ChangeRefusal> {
        if header.space != self.space {
            return Err(ChangeRefusal::OtherSpace);
        }
        let (sequence, epoch) = *self
            .heads
            .get(&header.chain_head)
            .ok_or(ChangeRefusal::UnknownHead)?;
        if epoch != header.epoch {
            return Err(ChangeRefusal::WrongEpoch);
        }
        if self.ended.is_some_and(|ended| ended.sequence <= sequence) {
            return Err(ChangeRefusal::AfterEnd);
        }
        let author = self
            .members
            .get(&header.author)
            .ok_or(ChangeRefusal::NotAWriter)?;
        if !author.role.writes() || author.joined_at > sequence {
            return Err(ChangeRefusal::NotAWriter);
        }
        if let Some(removed) = author.removed {
            let last = removed.last;
            let is_other = header.counter == last.counter && header.history() != last.hash;
            if removed.sequence <= sequence || header.counter > last.counter || is_other {
                return Err(ChangeRefusal::AfterRemoval);
            }
        }
        // Measured at the head that the change names, so that the answer stays the same as the
        // chain grows.
        let known = |index| {
            self.member_by_index(index)
                .is_some_and(|member| member.joined_at <= sequence && member.index != author.index)
        };
        if !header.frontier.iter().all(|seen| known(seen.index)) {
            return Err(ChangeRefusal::UnknownFrontier);
        }
        // Asked once: a change may drop thousands.
        let is_first = !header.drops.is_empty() && self.was_first(author, sequence);
        let may = |drop: &DroppedBody| match self.member_by_index(drop.index) {
            Some(other) if other.id == author.id => drop.counter < header.counter,
            Some(other) => may_drop(author, other, sequence, is_first),
            None => false,
        };
        if !header.drops.iter().all(may) {
            return Err(ChangeRefusal::WrongDrop);
        }
        Ok(())
    }

    /// Whether one member may drop the bodies of another as the chain stands now (`WIRE.md` §4.5).
    pub fn may_drop_now(&self, author: &MemberId, other: &MemberId) -> bool {
        let now = self.length().saturating_sub(1);
        let (Some(author), Some(other)) = (self.present(author), self.member(other)) else {
            return false;
        };
        may_drop(author, other, now, self.was_first(author, now))
    }

    /// Whether a member was the first device or the first host that was in after statement `sequence`.
    fn was_first(&self, member: &Member, sequence: u64) -> bool {
        let before = self.order.iter().take(usize::from(member.index));
        let mut before = before.filter_map(|id| self.members.get(id));
        matches!(member.role, Role::Device | Role::Host)
            && !before.any(|other| other.role == member.role && other.was_in(sequence))
    }

    /// Somebody who is gone, as whoever would put its last change earlier has to ask; `None` for everybody else.
    pub fn lowering(&self, gone: &MemberId) -> Option<Lowering<MemberId>> {
        let standing = |id: &MemberId| {
            let member = self.members.get(id)?;
            Some(Standing {
                id: member.id,
                role: member.role,
                rank: member.index,
            })
        };
        let removed = self.members.get(gone)?.removed?;
        Some(Lowering {
            member: standing(gone)?,
            named_by: standing(&removed.last_by().by)?,
        })
    }

    /// Who is there, as far as authority goes.
    pub fn roll(&self) -> Roll<MemberId> {
        let present = self.present_by_rank().map(|member| Standing {
            id: member.id,
            role: member.role,
            rank: member.index,
        });
        let pending = self.pending.values().map(|newcomer| Waiting {
            id: newcomer.id,
            role: newcomer.role,
            invited_by: newcomer.invited_by,
            answered: newcomer.answer.is_some(),
        });
        Roll {
            present: present.collect(),
            pending: pending.collect(),
        }
    }

    /// The space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// What everything sealed in it is bound to: see [`space_binding`].
    pub fn binding(&self) -> &[u8; 32] {
        &self.binding
    }

    /// The newest statement.
    pub fn head(&self) -> StatementHash {
        self.head
    }

    /// How many statements.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// How many bytes all statements have together.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The present epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How the space was ended, if it was.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// Whether a member left since the key was turned: a leave turns none, so an admin is to rotate.
    pub fn left_since_rotation(&self) -> bool {
        self.left
    }

    /// Whether a statement stands in this chain.
    pub fn contains(&self, statement: &StatementHash) -> bool {
        self.heads.contains_key(statement)
    }

    /// Where a statement stands in this chain.
    pub fn sequence_of(&self, statement: &StatementHash) -> Option<u64> {
        self.heads.get(statement).map(|(sequence, _)| *sequence)
    }

    /// What the chain says an epoch's key must commit to.
    pub fn commitment(&self, epoch: Epoch) -> Option<&[u8; 32]> {
        self.commitments.get(&epoch)
    }

    /// A member, present or removed.
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.members.get(id)
    }

    /// A member that is in.
    pub fn present(&self, id: &MemberId) -> Option<&Member> {
        self.members
            .get(id)
            .filter(|member| member.removed.is_none())
    }

    /// The member that was let in as number `index`.
    pub fn member_by_index(&self, index: u16) -> Option<&Member> {
        self.order
            .get(usize::from(index))
            .and_then(|id| self.members.get(id))
    }

    /// Who founded the space, present or removed.
    pub fn founder(&self) -> Option<&Member> {
        self.member_by_index(0)
    }

    /// Every member ever, ordered by id.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// The members of now, ordered by id.
    pub fn present_members(&self) -> impl Iterator<Item = &Member> {
        self.members
            .values()
            .filter(|member| member.removed.is_none())
    }

    /// The members of now in the order in which they were let in.
    fn present_by_rank(&self) -> impl Iterator<Item = &Member> {
        let indexes = self.present.iter();
        indexes.filter_map(|index| self.member_by_index(*index))
    }

    /// The patient's first device that is still there.
    pub fn senior_device(&self) -> Option<&Member> {
        self.present_by_rank()
            .find(|member| member.role == Role::Device)
    }

    /// A newcomer who waits to be let in.
    pub fn pending(&self, id: &MemberId) -> Option<&Pending> {
        self.pending.get(id)
    }

    /// The newcomers who wait, ordered by id.
    pub fn all_pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.values()
    }

    /// The newcomers who came by a member's own invites and wait, ordered by id.
    pub fn newcomers_of(&self, inviter: MemberId) -> impl Iterator<Item = &Pending> {
        self.all_pending()
            .filter(move |newcomer| newcomer.invited_by == inviter)
    }

    /// Whether a newcomer was turned away, or left before it was let in.
    pub fn was_turned_away(&self, id: &MemberId) -> bool {
        self.turned_away.contains(id)
    }

    /// An invite that is still open, as far as the chain says (its expiry is the caller's to check).
    pub fn open_invite(&self, key: &InviteKey) -> Option<&OpenInvite> {
        self.invites.get(key)
    }

    /// All open invites.
    pub fn open_invites(&self) -> impl Iterator<Item = &OpenInvite> {
        self.invites.values()
    }
}

/// Whether an author may drop, at statement `sequence`, the bodies of another; `is_first` where it is the
/// first device or host that is in. Nobody else may: a second phone that was stolen would wipe out what
/// others wrote.
fn may_drop(author: &Member, other: &Member, sequence: u64, is_first: bool) -> bool {
    let same_side = (other.role == Role::Host) == (author.role == Role::Host);
    let is_over = author.index < other.index || !other.was_in(sequence);
    is_first && same_side && is_over && other.joined_at <= sequence
}
