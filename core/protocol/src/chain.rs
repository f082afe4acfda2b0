//! A membership chain as everybody derives it: from its first statement on, each one checked
//! against all before. The server runs the same code, and nobody trusts the server to have done so.

mod refusal;

pub use refusal::{ChainError, ChangeRefusal};

use std::collections::BTreeMap;

use crate::change::Header;
use crate::id::{Counter, Epoch, InviteKey, MemberId, SpaceId, StatementHash};
use crate::statement::{
    HPKE_KEY_LENGTH, Invite, Join, MAX_MEMBERS, Role, Rotate, Statement, StatementBody,
    join_message, verify,
};

/// A member, present or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its signing key.
    pub id: MemberId,
    /// Its place in the order of joining, from 0. Frontiers name members by it.
    pub index: u16,
    /// What it may do.
    pub role: Role,
    /// Its key for receiving epoch keys (X-Wing).
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// The statement that made it a member.
    pub joined_at: u64,
    /// The hash of that statement; the compare-words are made from it.
    pub joined_by: StatementHash,
    /// When it claims to have joined, milliseconds since 1970 UTC. For display.
    pub joined_at_ms: u64,
    /// Set when it was removed.
    pub removed: Option<Removed>,
}

/// How a membership ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The statement that removed it.
    pub sequence: u64,
    /// The last of its changes that counts.
    pub last_counter: Counter,
}

/// An invite that nobody joined by yet.
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
    head: StatementHash,
    length: u64,
    epoch: Epoch,
    members: BTreeMap<MemberId, Member>,
    order: Vec<MemberId>,
    invites: BTreeMap<InviteKey, OpenInvite>,
    /// Each statement's sequence and the epoch that held after it.
    heads: BTreeMap<StatementHash, (u64, Epoch)>,
    commitments: BTreeMap<Epoch, [u8; 32]>,
}

impl Chain {
    /// Begins a chain from its founding.
    ///
    /// # Errors
    ///
    /// [`ChainError::NotAFounding`] where the statement founds nothing, [`ChainError::NotTheHead`] where
    /// it does not stand first.
    pub fn start(statement: &Statement) -> Result<Self, ChainError> {
        let StatementBody::Create(create) = statement.body() else {
            return Err(ChainError::NotAFounding);
        };
        let position = statement.position();
        if position != crate::statement::ChainPosition::FIRST {
            return Err(ChainError::NotTheHead);
        }
        let founder = Member {
            id: statement.author(),
            index: 0,
            role: Role::Admin,
            hpke_key: create.hpke_key.clone(),
            joined_at: 0,
            joined_by: statement.hash(),
            joined_at_ms: statement.made_at_ms(),
            removed: None,
        };
        Ok(Self {
            space: statement.space(),
            head: statement.hash(),
            length: 1,
            epoch: Epoch(0),
            order: vec![founder.id],
            members: BTreeMap::from([(founder.id, founder)]),
            invites: BTreeMap::new(),
            heads: BTreeMap::from([(statement.hash(), (0, Epoch(0)))]),
            commitments: BTreeMap::from([(Epoch(0), create.commitment)]),
        })
    }

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

    /// Applies the next statement, or refuses it and stays as it was.
    ///
    /// # Errors
    ///
    /// [`ChainError`], by the rules of `WIRE.md` §3.6 in their order.
    pub fn extend(&mut self, statement: &Statement) -> Result<(), ChainError> {
        if matches!(statement.body(), StatementBody::Create(_)) {
            return Err(ChainError::NotAFounding);
        }
        if statement.position().space != self.space {
            return Err(ChainError::OtherSpace);
        }
        if statement.previous() != self.head || statement.sequence() != self.length {
            return Err(ChainError::NotTheHead);
        }
        match statement.body() {
            StatementBody::Create(_) => return Err(ChainError::NotAFounding),
            StatementBody::Invite(invite) => self.apply_invite(statement, invite)?,
            StatementBody::Join(join) => self.apply_join(statement, join)?,
            StatementBody::Rotate(rotate) => self.apply_rotate(statement, rotate)?,
        }
        self.head = statement.hash();
        self.length = self.length.saturating_add(1);
        self.heads
            .insert(statement.hash(), (statement.sequence(), self.epoch));
        Ok(())
    }

    fn require_admin(&self, author: &MemberId) -> Result<(), ChainError> {
        match self.present(author) {
            Some(member) if member.role == Role::Admin => Ok(()),
            _ => Err(ChainError::NotAllowed),
        }
    }

    fn apply_invite(&mut self, statement: &Statement, invite: &Invite) -> Result<(), ChainError> {
        self.require_admin(&statement.author())?;
        if invite.epoch != self.epoch {
            return Err(ChainError::WrongEpoch);
        }
        if self.invites.contains_key(&invite.invite_key) || self.invites.len() >= MAX_MEMBERS {
            return Err(ChainError::InviteUnusable);
        }
        self.invites.insert(
            invite.invite_key,
            OpenInvite {
                invite: invite.clone(),
                by: statement.author(),
                sequence: statement.sequence(),
                hash: statement.hash(),
            },
        );
        Ok(())
    }

    fn apply_join(&mut self, statement: &Statement, join: &Join) -> Result<(), ChainError> {
        let open = self
            .invites
            .get(&join.invite_key)
            .ok_or(ChainError::InviteUnusable)?;
        if statement.made_at_ms() > open.invite.expires_at_ms {
            return Err(ChainError::InviteUnusable);
        }
        let newcomer = statement.author();
        if self.members.contains_key(&newcomer) {
            return Err(ChainError::AlreadyKnown);
        }
        if self.present_members().count() >= MAX_MEMBERS {
            return Err(ChainError::Full);
        }
        verify(
            join.invite_key.as_bytes(),
            &join_message(self.space, newcomer, &join.hpke_key),
            &join.invite_signature,
        )
        .map_err(|()| ChainError::InviteUnusable)?;
        let index = u16::try_from(self.order.len()).map_err(|_| ChainError::Full)?;
        let member = Member {
            id: newcomer,
            index,
            role: open.invite.role,
            hpke_key: join.hpke_key.clone(),
            joined_at: statement.sequence(),
            joined_by: statement.hash(),
            joined_at_ms: statement.made_at_ms(),
            removed: None,
        };
        self.invites.remove(&join.invite_key);
        self.order.push(newcomer);
        self.members.insert(newcomer, member);
        Ok(())
    }

    fn apply_rotate(&mut self, statement: &Statement, rotate: &Rotate) -> Result<(), ChainError> {
        self.require_admin(&statement.author())?;
        if rotate.epoch != self.epoch.next() {
            return Err(ChainError::WrongEpoch);
        }
        let mut removed = BTreeMap::new();
        for removal in &rotate.removals {
            if self.present(&removal.member).is_none()
                || removed
                    .last_key_value()
                    .is_some_and(|(last, _)| *last >= removal.member)
            {
                return Err(ChainError::WrongRemoval);
            }
            removed.insert(removal.member, removal.last_counter);
        }
        let stay: Vec<&Member> = self
            .present_members()
            .filter(|m| !removed.contains_key(&m.id))
            .collect();
        if !stay
            .iter()
            .map(|m| &m.id)
            .eq(rotate.wrapped.iter().map(|(id, _)| id))
        {
            return Err(ChainError::WrongRecipients);
        }
        if !stay.iter().any(|m| m.role == Role::Admin) {
            return Err(ChainError::NoAdmin);
        }
        for (id, last_counter) in removed {
            if let Some(member) = self.members.get_mut(&id) {
                member.removed = Some(Removed {
                    sequence: statement.sequence(),
                    last_counter,
                });
            }
        }
        self.epoch = rotate.epoch;
        self.commitments.insert(rotate.epoch, rotate.commitment);
        self.invites.clear();
        Ok(())
    }

    /// Whether a change may stand in this space, as far as membership says. Counters, hash links and
    /// the signature are checked by whoever holds the log.
    ///
    /// # Errors
    ///
    /// [`ChangeRefusal`] for the first rule that the change breaks.
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
        let author = self
            .members
            .get(&header.author)
            .ok_or(ChangeRefusal::NotAWriter)?;
        if author.role < Role::Writer || author.joined_at > sequence {
            return Err(ChangeRefusal::NotAWriter);
        }
        if let Some(removed) = author.removed
            && (removed.sequence <= sequence || header.counter > removed.last_counter)
        {
            return Err(ChangeRefusal::AfterRemoval);
        }
        // Measured at the head that the change names, so that the answer stays the same as the
        // chain grows.
        let known = |index| {
            self.member_by_index(index)
                .is_some_and(|m| m.joined_at <= sequence)
        };
        if !header.frontier.iter().all(|(index, _)| known(*index)) {
            return Err(ChangeRefusal::UnknownFrontier);
        }
        Ok(())
    }

    /// The space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The newest statement.
    pub fn head(&self) -> StatementHash {
        self.head
    }

    /// How many statements.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The present epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
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

    /// A member that has not been removed.
    pub fn present(&self, id: &MemberId) -> Option<&Member> {
        self.members
            .get(id)
            .filter(|member| member.removed.is_none())
    }

    /// The member that joined as number `index`.
    pub fn member_by_index(&self, index: u16) -> Option<&Member> {
        self.order
            .get(usize::from(index))
            .and_then(|id| self.members.get(id))
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

    /// An invite that is still open, as far as the chain says (its expiry is the caller's to check).
    pub fn open_invite(&self, key: &InviteKey) -> Option<&OpenInvite> {
        self.invites.get(key)
    }

    /// All open invites.
    pub fn open_invites(&self) -> impl Iterator<Item = &OpenInvite> {
        self.invites.values()
    }
}
