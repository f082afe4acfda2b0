//! Applying statements, by the rules of `WIRE.md` §3.6 in their order.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::{Act, Decision, Lowering};
use super::{
    Chain, ChainError, Ended, Lowered, Member, OpenInvite, Pending, Removed, space_binding,
};
use crate::id::{Epoch, MemberId};
use crate::statement::{
    Answer, ChainPosition, End, Enrolled, Invite, Join, LastChange, Leave, MAX_MEMBERS, Removal,
    Role, Rotate, Statement, StatementBody, enrol_message, join_message,
};
use crate::suite::verify;

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
        if statement.position() != ChainPosition::FIRST {
            return Err(ChainError::NotTheHead);
        }
        if !matches!(create.role, Role::Device | Role::Host) {
            return Err(ChainError::NotAFounding);
        }
        let founder = Member {
            id: statement.author(),
            index: 0,
            role: create.role,
            hpke_key: create.hpke_key.clone(),
            joined_at: 0,
            admitted_by: statement.author(),
            joined_at_ms: statement.made_at_ms(),
            compared: None,
            removed: None,
        };
        Ok(Self {
            space: statement.space(),
            binding: space_binding(founder.id, &create.nonce),
            head: statement.hash(),
            length: 1,
            bytes: statement.length(),
            epoch: Epoch(0),
            left: false,
            order: vec![founder.id],
            present: BTreeSet::from([founder.index]),
            members: BTreeMap::from([(founder.id, founder)]),
            pending: BTreeMap::new(),
            turned_away: BTreeSet::new(),
            invites: BTreeMap::new(),
            invited: BTreeSet::new(),
            heads: BTreeMap::from([(statement.hash(), (0, Epoch(0)))]),
            commitments: BTreeMap::from([(Epoch(0), create.commitment)]),
            ended: None,
        })
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
        if self.ended.is_some() {
            return Err(ChainError::Ended);
        }
        self.check_room(statement)?;
        match statement.body() {
            StatementBody::Create(_) => return Err(ChainError::NotAFounding),
            StatementBody::Invite(invite) => self.apply_invite(statement, invite)?,
            StatementBody::Join(join) => self.apply_join(statement, join)?,
            StatementBody::Answer(answer) => self.apply_answer(statement, answer)?,
            StatementBody::Rotate(rotate) => self.apply_rotate(statement, rotate)?,
            StatementBody::Leave(leave) => self.apply_leave(statement, leave)?,
            StatementBody::End(end) => self.apply_end(statement, *end)?,
        }
        self.head = statement.hash();
        self.length = self.length.saturating_add(1);
        self.bytes = self.bytes.saturating_add(statement.length());
        self.heads
            .insert(statement.hash(), (statement.sequence(), self.epoch));
        Ok(())
    }

    fn allow(&self, statement: &Statement, act: &Act<MemberId>) -> Result<(), ChainError> {
        match self.roll().broken(statement.author(), act).first() {
            Some(rule) => Err(ChainError::NotAllowed(*rule)),
            None => Ok(()),
        }
    }

    fn apply_invite(&mut self, statement: &Statement, invite: &Invite) -> Result<(), ChainError> {
        self.allow(statement, &Act::Invite(invite.role))?;
        if self.invited.contains(&invite.invite_key) || self.invites.len() >= MAX_MEMBERS {
            return Err(ChainError::InviteUnusable);
        }
        self.invited.insert(invite.invite_key);
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
        if self.was_here(&newcomer) {
            return Err(ChainError::AlreadyKnown);
        }
        if self.count() >= MAX_MEMBERS {
            return Err(ChainError::Full);
        }
        verify(
            join.invite_key.as_bytes(),
            &join_message(self.space, newcomer, &join.hpke_key),
            &join.invite_signature,
        )
        .map_err(|()| ChainError::InviteUnusable)?;
        let pending = Pending {
            id: newcomer,
            role: open.invite.role,
            hpke_key: join.hpke_key.clone(),
            invite_key: join.invite_key,
            invited_by: open.by,
            invited_until_ms: open.invite.expires_at_ms,
            joined_at: statement.sequence(),
            joined_by: statement.hash(),
            joined_at_ms: statement.made_at_ms(),
            answer: None,
        };
        self.invites.remove(&join.invite_key);
        self.pending.insert(newcomer, pending);
        Ok(())
    }

    fn apply_answer(&mut self, statement: &Statement, answer: &Answer) -> Result<(), ChainError> {
        self.allow(statement, &Act::Answer(answer.newcomer))?;
        if let Some(pending) = self.pending.get_mut(&answer.newcomer) {
            pending.answer = Some(statement.hash());
        }
        Ok(())
    }

    fn apply_rotate(&mut self, statement: &Statement, rotate: &Rotate) -> Result<(), ChainError> {
        let lowers = |removal: &&Removal| self.lowers(removal).is_some();
        let removed = rotate.removals.iter().filter(|removal| !lowers(removal));
        let removed = removed.map(|removal| removal.member);
        let lowered = rotate.removals.iter().filter_map(|one| self.lowers(one));
        let enrolled = rotate.enrolled.iter().map(|new| (new.member, new.role));
        let decision = Decision {
            removed: removed.collect(),
            lowered: lowered.collect(),
            refused: rotate.refused.clone(),
            admitted: rotate.admitted.clone(),
            enrolled: enrolled.collect(),
        };
        self.allow(statement, &Act::Rotate(decision.clone()))?;
        let mut previous = rotate.previous_keys.iter();
        if rotate.epoch != self.epoch.next() || previous.any(|key| key.epoch > self.epoch) {
            return Err(ChainError::WrongEpoch);
        }
        self.check_enrolled(statement, &rotate.enrolled)?;
        let mut after: BTreeSet<MemberId> = self.present_by_rank().map(|m| m.id).collect();
        for id in &decision.removed {
            after.remove(id);
        }
        after.extend(&decision.admitted);
        after.extend(decision.enrolled.iter().map(|(id, _)| id));
        if !after.iter().eq(rotate.wrapped.iter().map(|(id, _)| id)) {
            return Err(ChainError::WrongRecipients);
        }
        let let_in = decision
            .admitted
            .len()
            .saturating_add(decision.refused.len());
        let waiting = self.pending.len().saturating_sub(let_in);
        let places = usize::from(u16::MAX);
        let new = decision
            .admitted
            .len()
            .saturating_add(decision.enrolled.len());
        if after.len().saturating_add(waiting) > MAX_MEMBERS || self.order.len() + new > places {
            return Err(ChainError::Full);
        }
        self.enter_epoch(statement, rotate);
        Ok(())
    }

    /// Whom a removal takes for somebody who is gone, and whose last change it puts earlier.
    fn lowers(&self, removal: &Removal) -> Option<Lowering<MemberId>> {
        let gone = self.lowering(&removal.member)?;
        let removed = self.members.get(&removal.member)?.removed?;
        (removal.last.counter < removed.last.counter).then_some(gone)
    }

    fn check_enrolled(
        &self,
        statement: &Statement,
        enrolled: &[Enrolled],
    ) -> Result<(), ChainError> {
        for new in enrolled {
            if self.was_here(&new.member) {
                return Err(ChainError::AlreadyKnown);
            }
            let message = enrol_message(
                self.space,
                statement.previous(),
                new.role,
                new.member,
                &new.hpke_key,
            );
            verify(new.member.as_bytes(), &message, &new.proof)
                .map_err(|()| ChainError::BadProof)?;
        }
        Ok(())
    }

    /// What a rotation that is allowed does.
    fn enter_epoch(&mut self, statement: &Statement, rotate: &Rotate) {
        for removal in &rotate.removals {
            self.end_membership(statement, &removal.member, removal.last);
        }
        for id in &rotate.refused {
            self.pending.remove(id);
            self.turned_away.insert(*id);
        }
        for id in &rotate.admitted {
            if let Some(newcomer) = self.pending.remove(id) {
                let compared = newcomer.compared();
                self.let_in(
                    statement,
                    newcomer.id,
                    newcomer.role,
                    newcomer.hpke_key,
                    compared,
                );
            }
        }
        for new in &rotate.enrolled {
            self.let_in(statement, new.member, new.role, new.hpke_key.clone(), None);
        }
        self.epoch = rotate.epoch;
        self.left = false;
        self.commitments.insert(rotate.epoch, rotate.commitment);
        self.invites.clear();
    }

    fn let_in(
        &mut self,
        statement: &Statement,
        id: MemberId,
        role: Role,
        hpke_key: Box<[u8; crate::suite::HPKE_KEY_LENGTH]>,
        compared: Option<super::Compared>,
    ) {
        let member = Member {
            id,
            index: u16::try_from(self.order.len()).unwrap_or(u16::MAX),
            role,
            hpke_key,
            joined_at: statement.sequence(),
            admitted_by: statement.author(),
            joined_at_ms: statement.made_at_ms(),
            compared,
            removed: None,
        };
        self.order.push(id);
        self.present.insert(member.index);
        self.members.insert(id, member);
    }

    fn apply_leave(&mut self, statement: &Statement, leave: &Leave) -> Result<(), ChainError> {
        self.allow(statement, &Act::Leave)?;
        let author = statement.author();
        if self.pending.remove(&author).is_some() {
            self.turned_away.insert(author);
        } else {
            self.left = true;
        }
        self.end_membership(statement, &author, leave.last);
        Ok(())
    }

    fn apply_end(&mut self, statement: &Statement, end: End) -> Result<(), ChainError> {
        self.allow(statement, &Act::End)?;
        self.ended = Some(Ended {
            sequence: statement.sequence(),
            by: statement.author(),
            at_ms: statement.made_at_ms(),
            keep_days: end.keep_days,
        });
        // Nobody comes any more.
        self.invites.clear();
        Ok(())
    }

    /// A statement ends a membership, where there is one; of one that ended it lowers the last change.
    fn end_membership(&mut self, statement: &Statement, id: &MemberId, last: LastChange) {
        let Some(member) = self.members.get_mut(id) else {
            return;
        };
        if let Some(removed) = &mut member.removed {
            removed.last = last;
            removed.lowered = Some(Lowered {
                by: statement.author(),
                at_ms: statement.made_at_ms(),
            });
            return;
        }
        member.removed = Some(Removed {
            sequence: statement.sequence(),
            by: statement.author(),
            at_ms: statement.made_at_ms(),
            last,
            lowered: None,
        });
        self.present.remove(&member.index);
    }

    /// Whether a key was ever seen here, and so can't come (again).
    fn was_here(&self, id: &MemberId) -> bool {
        self.members.contains_key(id)
            || self.pending.contains_key(id)
            || self.turned_away.contains(id)
    }

    fn count(&self) -> usize {
        self.present.len().saturating_add(self.pending.len())
    }
}
