//! Long lives of a space: whatever allowed things are said in whatever order, what the chain
//! derives stays in step with a plain list kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{Counter, Epoch, MemberId};
use companion_protocol::statement::{Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fixtures::{Space, id, invite, invite_key_of, join, key};

#[derive(Debug, Clone)]
enum Step {
    Invite(Index, Role),
    Join(Index),
    Rotate(Index, Vec<(Index, u64)>),
    Rejoin(Index, Index),
}

fn step() -> impl Strategy<Value = Step> {
    let role = prop::sample::select(vec![Role::Reader, Role::Writer, Role::Admin]);
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), role).prop_map(|(by, role)| Step::Invite(by, role)),
        3 => index().prop_map(Step::Join),
        2 => (index(), vec((index(), 0u64..9), 0..3)).prop_map(|(by, who)| Step::Rotate(by, who)),
        1 => (index(), index()).prop_map(|(who, through)| Step::Rejoin(who, through)),
    ]
}

/// The plain list.
struct Life {
    space: Space,
    keys: BTreeMap<MemberId, SigningKey>,
    present: BTreeMap<MemberId, Role>,
    removed: BTreeMap<MemberId, u64>,
    invites: Vec<(SigningKey, Role)>,
    order: Vec<MemberId>,
    epoch: u32,
    seeds: u8,
}

impl Life {
    fn new() -> Self {
        let founder = key(1);
        let me = id(&founder);
        Self {
            space: Space::founded_by(&founder),
            keys: BTreeMap::from([(me, founder)]),
            present: BTreeMap::from([(me, Role::Admin)]),
            removed: BTreeMap::new(),
            invites: Vec::new(),
            order: vec![me],
            epoch: 0,
            seeds: 1,
        }
    }

    fn fresh(&mut self) -> SigningKey {
        self.seeds += 1;
        key(self.seeds)
    }

    fn admin(&self, which: &Index) -> SigningKey {
        let admins: Vec<&MemberId> = self
            .present
            .iter()
            .filter(|(_, role)| **role == Role::Admin)
            .map(|(id, _)| id)
            .collect();
        self.keys[*which.get(&admins)].clone()
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Invite(by, role) => {
                let (admin, invited) = (self.admin(by), self.fresh());
                self.space
                    .say(&admin, invite(&invited, *role, self.epoch))
                    .unwrap();
                self.invites.push((invited, *role));
            }
            Step::Join(through) if !self.invites.is_empty() => {
                let newcomer = self.fresh();
                let (invited, role) = self.invites.remove(through.index(self.invites.len()));
                let through = join(self.space.id(), &newcomer, &invited);
                self.space.say(&newcomer, through).unwrap();
                self.present.insert(id(&newcomer), role);
                self.order.push(id(&newcomer));
                self.keys.insert(id(&newcomer), newcomer);
            }
            Step::Rotate(by, who) => {
                let admin = self.admin(by);
                let present: Vec<MemberId> = self.present.keys().copied().collect();
                // The one who rotates the key stays, so an admin always does.
                let removals: BTreeMap<MemberId, u64> = who
                    .iter()
                    .map(|(which, last)| (*which.get(&present), *last))
                    .filter(|(member, _)| *member != id(&admin))
                    .collect();
                let listed: Vec<_> = removals.iter().map(|(id, last)| (*id, *last)).collect();
                self.space.rotate(&admin, &listed);
                self.present
                    .retain(|member, _| !removals.contains_key(member));
                self.removed.extend(removals);
                self.invites.clear();
                self.epoch += 1;
            }
            Step::Rejoin(who, through) if !self.invites.is_empty() => {
                let known = self.keys[who.get(&self.order)].clone();
                let (invited, _) = through.get(&self.invites).clone();
                let again = join(self.space.id(), &known, &invited);
                assert_eq!(self.space.say(&known, again), Err(ChainError::AlreadyKnown));
            }
            Step::Join(_) | Step::Rejoin(..) => {}
        }
    }

    fn check(&self) {
        let chain = &self.space.chain;
        assert_eq!(chain.length(), self.space.statements.len() as u64);
        assert_eq!(chain.head(), self.space.statements.last().unwrap().hash());
        assert_eq!(chain.epoch(), Epoch(self.epoch));
        assert!(
            self.space
                .statements
                .iter()
                .all(|statement| chain.contains(&statement.hash()))
        );

        let present: Vec<(MemberId, Role)> =
            chain.present_members().map(|m| (m.id, m.role)).collect();
        assert_eq!(
            present,
            self.present
                .iter()
                .map(|(id, role)| (*id, *role))
                .collect::<Vec<_>>()
        );
        assert!(present.iter().any(|(_, role)| *role == Role::Admin));
        for (index, member) in self.order.iter().enumerate() {
            let index = u16::try_from(index).unwrap();
            assert_eq!(chain.member_by_index(index).map(|m| m.id), Some(*member));
            let removed = chain
                .member(member)
                .unwrap()
                .removed
                .map(|removed| removed.last_counter);
            assert_eq!(removed, self.removed.get(member).map(|last| Counter(*last)));
        }
        let invites: BTreeSet<_> = self
            .invites
            .iter()
            .map(|(invited, _)| invite_key_of(invited))
            .collect();
        let open: BTreeSet<_> = chain
            .open_invites()
            .map(|open| open.invite.invite_key)
            .collect();
        assert_eq!(open, invites);
        for epoch in 0..=self.epoch {
            assert!(chain.commitment(Epoch(epoch)).is_some());
        }
        assert!(chain.commitment(Epoch(self.epoch + 1)).is_none());
        for member in &self.order {
            let may = chain
                .check_change(&self.space.header(&self.keys[member]))
                .is_ok();
            let writes = self
                .present
                .get(member)
                .is_some_and(|role| *role >= Role::Writer);
            assert_eq!(may, writes);
        }
    }

    /// Everybody who stays, and nobody else, is sealed the new key.
    fn check_recipients(&self) {
        let Some(StatementBody::Rotate(rotate)) = self.space.statements.last().map(Statement::body)
        else {
            return;
        };
        let recipients: Vec<&MemberId> = rotate.wrapped.iter().map(|(member, _)| member).collect();
        assert_eq!(recipients, self.present.keys().collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_chain_derives_follows_from_what_was_said(steps in vec(step(), 0..40)) {
        let mut life = Life::new();
        for step in &steps {
            life.take(step);
            life.check();
            life.check_recipients();
        }
        let parsed: Vec<Statement> = life
            .space
            .statements
            .iter()
            .map(|statement| Statement::parse(statement.bytes()).unwrap())
            .collect();
        let derived = Chain::from_statements(&parsed).unwrap();
        prop_assert_eq!(format!("{derived:?}"), format!("{:?}", life.space.chain));
    }

    #[test]
    fn nothing_said_before_can_be_said_again_or_left_out(
        steps in vec(step(), 4..20), which in any::<Index>(),
    ) {
        let mut life = Life::new();
        steps.iter().for_each(|step| life.take(step));
        let said = life.space.statements.clone();
        for statement in &said {
            let refused = life.space.chain.extend(statement);
            prop_assert!(matches!(refused, Err(ChainError::NotTheHead | ChainError::NotAFounding)));
        }
        let left_out = which.index(said.len());
        let rest = said.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, s)| s);
        prop_assert!(left_out + 1 == said.len() || Chain::from_statements(rest).is_err());
        if said.len() > 2 {
            let mut swapped = said.clone();
            let at = 1 + which.index(said.len() - 2);
            swapped.swap(at, at + 1);
            prop_assert!(Chain::from_statements(&swapped).is_err());
        }
    }
}
