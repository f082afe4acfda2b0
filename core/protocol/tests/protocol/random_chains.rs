//! Long lives of a space: whatever is said by whomever in whatever order, real signed chains take exactly
//! what the model takes, a refusal changes nothing, and what the chain derives stays in step with a plain
//! list kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::chain::authority::{Act, Decision, Lowering, Roll, Standing, Waiting};
use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{Epoch, MemberId};
use companion_protocol::statement::{LastChange, Removal, Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;

use crate::fixtures::{
    Space, Turn, answer, end, id, invite, invite_key_of, join, key, last, leave,
};

/// Somebody says something. Whom it is about is chosen among all who ever were there, so that much of it
/// is refused.
#[derive(Debug, Clone)]
enum Step {
    Invite(Index, Role),
    Join(Index),
    Answer(Index, Index),
    Rotate(Index, Choice),
    Leave(Index, u64),
    End(Index),
    Rejoin(Index, Index),
}

#[derive(Debug, Clone)]
struct Choice {
    removed: Vec<(Index, u64)>,
    refused: Vec<Index>,
    admitted: Vec<Index>,
    enrolled: Vec<Role>,
}

fn step() -> impl Strategy<Value = Step> {
    let role = || prop::sample::select(Role::ALL.to_vec());
    let index = any::<Index>;
    let choice = (
        prop_oneof![2 => Just(Vec::new()), 1 => vec((index(), 0u64..9), 1)],
        prop_oneof![4 => Just(Vec::new()), 1 => vec(index(), 1)],
        vec(index(), 0..3),
        prop_oneof![2 => Just(Vec::new()), 1 => vec(role(), 1)],
    )
        .prop_map(|(removed, refused, admitted, enrolled)| Choice {
            removed,
            refused,
            admitted,
            enrolled,
        });
    prop_oneof![
        20 => (index(), role()).prop_map(|(by, role)| Step::Invite(by, role)),
        20 => index().prop_map(Step::Join),
        20 => (index(), index()).prop_map(|(by, who)| Step::Answer(by, who)),
        30 => (index(), choice).prop_map(|(by, choice)| Step::Rotate(by, choice)),
        5 => (index(), 0u64..9).prop_map(|(by, counter)| Step::Leave(by, counter)),
        1 => index().prop_map(Step::End),
        5 => (index(), index()).prop_map(|(who, through)| Step::Rejoin(who, through)),
    ]
}

/// The plain list.
struct Life {
    space: Space,
    /// Everybody who ever was there or waits, in the order of coming.
    keys: Vec<SigningKey>,
    roll: Roll<MemberId>,
    /// Members in the order of admission, and what counts of whoever is gone.
    order: Vec<MemberId>,
    removed: BTreeMap<MemberId, LastChange>,
    /// Those of them, and who named that.
    gone: BTreeMap<MemberId, Lowering<MemberId>>,
    invites: Vec<(SigningKey, Role, MemberId)>,
    epoch: u32,
    ended: bool,
    seeds: u8,
    taken: usize,
    refused: usize,
}

impl Life {
    fn new(role: Role) -> Self {
        let founder = key(1);
        let me = id(&founder);
        Self {
            space: Space::founded_by(&founder, role),
            keys: vec![founder],
            roll: Roll {
                present: vec![Standing {
                    id: me,
                    role,
                    rank: 0,
                }],
                pending: Vec::new(),
            },
            order: vec![me],
            removed: BTreeMap::new(),
            gone: BTreeMap::new(),
            invites: Vec::new(),
            epoch: 0,
            ended: false,
            seeds: 1,
            taken: 0,
            refused: 0,
        }
    }

    fn fresh(&mut self) -> SigningKey {
        self.seeds += 1;
        key(self.seeds)
    }

    /// Most often one of a kind that makes sense; now and then anybody.
    fn mostly(&self, which: &Index, kind: impl Fn(MemberId) -> bool) -> usize {
        let all = 0..self.keys.len();
        let such: Vec<usize> = all.clone().filter(|at| kind(id(&self.keys[*at]))).collect();
        let pool: Vec<usize> = std::iter::repeat_n(such, 20).flatten().chain(all).collect();
        *which.get(&pool)
    }

    fn actor(&self, which: &Index) -> SigningKey {
        let is_admin = |id| {
            let mut present = self.roll.present.iter();
            present.any(|member| member.id == id && member.role.is_admin())
        };
        self.keys[self.mostly(which, is_admin)].clone()
    }

    fn newcomer(&self, which: &Index) -> usize {
        self.mostly(which, |id| self.roll.pending.iter().any(|one| one.id == id))
    }

    /// Most often whoever invited a newcomer, who alone may answer it and let it in.
    fn inviter_or_other(&self, newcomer: MemberId, by: &Index) -> SigningKey {
        let mut waiting = self.roll.pending.iter();
        let inviter = waiting.find(|one| one.id == newcomer);
        let inviter = inviter.map(|one| one.invited_by);
        self.keys[self.mostly(by, |id| Some(id) == inviter)].clone()
    }

    /// Says it, and asks the model whether that should have been possible.
    fn say(&mut self, who: &SigningKey, act: &Act<MemberId>, body: StatementBody) -> bool {
        let expected = match self.roll.broken(id(who), act).first() {
            Some(rule) => Err(ChainError::NotAllowed(*rule)),
            None => Ok(()),
        };
        let said = self.space.say(who, body);
        assert_eq!(said, expected, "{act:?}");
        let count = if said.is_ok() {
            &mut self.taken
        } else {
            &mut self.refused
        };
        *count += 1;
        said.is_ok()
    }

    fn take(&mut self, step: &Step) {
        if self.ended {
            for who in self.keys.clone() {
                let again = self.space.say(&who, leave(0));
                assert_eq!(again, Err(ChainError::Ended));
            }
            return;
        }
        match step {
            Step::Invite(by, role) => {
                let (by, invited) = (self.actor(by), self.fresh());
                if self.say(&by, &Act::Invite(*role), invite(&invited, *role)) {
                    self.invites.push((invited, *role, id(&by)));
                }
            }
            Step::Join(through) if !self.invites.is_empty() => {
                let newcomer = self.fresh();
                let which = through.index(self.invites.len());
                let (invited, role, invited_by) = self.invites.remove(which);
                let through = join(self.space.id(), &newcomer, &invited);
                self.space.say(&newcomer, through).unwrap();
                self.roll.pending.push(Waiting {
                    id: id(&newcomer),
                    role,
                    invited_by,
                    answered: false,
                });
                self.keys.push(newcomer);
            }
            Step::Answer(by, who) => {
                let who = id(&self.keys[self.newcomer(who)]);
                let by = self.inviter_or_other(who, by);
                if self.say(&by, &Act::Answer(who), answer(who)) {
                    let mut waiting = self.roll.pending.iter_mut();
                    waiting.find(|one| one.id == who).unwrap().answered = true;
                }
            }
            Step::Rotate(by, choice) => self.turn(by, choice),
            Step::Leave(by, counter) => {
                let by = self.actor(by);
                if self.say(&by, &Act::Leave, leave(*counter)) {
                    let mut present = self.roll.present.iter();
                    if let Some(member) = present.find(|member| member.id == id(&by)) {
                        self.removed.insert(member.id, wrote(*counter));
                        let (member, named_by) = (*member, *member);
                        self.gone.insert(member.id, Lowering { member, named_by });
                    }
                    self.roll.present.retain(|member| member.id != id(&by));
                    self.roll.pending.retain(|newcomer| newcomer.id != id(&by));
                }
            }
            Step::End(by) => {
                let by = self.actor(by);
                if self.say(&by, &Act::End, end()) {
                    self.invites.clear();
                    self.ended = true;
                }
            }
            Step::Rejoin(who, through) if !self.invites.is_empty() => {
                let known = who.get(&self.keys).clone();
                let (invited, ..) = through.get(&self.invites).clone();
                let again = join(self.space.id(), &known, &invited);
                assert_eq!(self.space.say(&known, again), Err(ChainError::AlreadyKnown));
            }
            Step::Join(_) | Step::Rejoin(..) => {}
        }
    }

    fn turn(&mut self, by: &Index, choice: &Choice) {
        let first = choice.admitted.first();
        let by = match first.map(|one| id(&self.keys[self.newcomer(one)])) {
            Some(newcomer) => self.inviter_or_other(newcomer, by),
            None => self.actor(by),
        };
        let distinct = |all: &[Index]| {
            let all = all.iter().map(|one| self.newcomer(one));
            all.collect::<BTreeSet<usize>>()
        };
        let removed: BTreeMap<usize, u64> = choice
            .removed
            .iter()
            .map(|(who, counter)| (who.index(self.keys.len()), *counter))
            .collect();
        let (refused, admitted) = (distinct(&choice.refused), distinct(&choice.admitted));
        let keys = self.keys.clone();
        let at = |places: BTreeSet<usize>| places.into_iter().map(|at| &keys[at]).collect();
        let (refused, admitted): (Vec<_>, Vec<_>) = (at(refused), at(admitted));
        let removed: Vec<(&SigningKey, LastChange)> = removed
            .into_iter()
            .map(|(at, counter)| (&keys[at], wrote(counter)))
            .collect();
        let new: Vec<(SigningKey, Role)> = choice
            .enrolled
            .iter()
            .map(|role| (self.fresh(), *role))
            .collect();
        let enrolled: Vec<(&SigningKey, Role)> =
            new.iter().map(|(key, role)| (key, *role)).collect();
        let rotate = self.space.rotation(Turn {
            removed: &removed,
            refused: &refused,
            admitted: &admitted,
            enrolled: &enrolled,
        });
        let (lowers, removes): (Vec<&Removal>, Vec<&Removal>) =
            rotate.removals.iter().partition(|one| self.lowers(one));
        let decision = Decision {
            removed: removes.iter().map(|removal| removal.member).collect(),
            lowered: lowers
                .iter()
                .map(|removal| self.gone[&removal.member])
                .collect(),
            refused: rotate.refused.clone(),
            admitted: rotate.admitted.clone(),
            enrolled: rotate
                .enrolled
                .iter()
                .map(|new| (new.member, new.role))
                .collect(),
        };
        let act = Act::Rotate(decision.clone());
        let before = self.roll.clone();
        if !self.say(&by, &act, StatementBody::Rotate(rotate)) {
            return;
        }
        let of = |who: &MemberId| *before.present.iter().find(|m| m.id == *who).unwrap();
        let named_by = of(&id(&by));
        let lowered = decision.lowered.iter().map(|one| one.member);
        let removed_now = decision.removed.iter().map(of);
        for member in lowered.chain(removed_now) {
            self.gone.insert(member.id, Lowering { member, named_by });
        }
        let waiting = self.roll.pending.clone();
        let role_of = |who: &MemberId| waiting.iter().find(|one| one.id == *who).unwrap().role;
        let admitted = decision.admitted.iter().map(|who| (*who, role_of(who)));
        for (id, role) in admitted.chain(decision.enrolled.iter().copied()) {
            let rank = u16::try_from(self.order.len()).unwrap();
            self.roll.present.push(Standing { id, role, rank });
            self.order.push(id);
        }
        let gone = removed.iter().map(|(who, last)| (id(who), *last));
        self.removed.extend(gone);
        self.roll
            .present
            .retain(|member| !decision.removed.contains(&member.id));
        self.roll.pending.retain(|one| {
            !decision.admitted.contains(&one.id) && !decision.refused.contains(&one.id)
        });
        self.keys.extend(new.into_iter().map(|(key, _)| key));
        self.invites.clear();
        self.epoch += 1;
    }

    /// Whether a removal puts the last change of somebody who is gone earlier.
    fn lowers(&self, removal: &Removal) -> bool {
        let named = self.removed.get(&removal.member);
        named.is_some_and(|named| removal.last.counter < named.counter)
    }

    fn check(&self) {
        let chain = &self.space.chain;
        assert_eq!(chain.length(), self.space.statements.len() as u64);
        assert_eq!(chain.head(), self.space.statements.last().unwrap().hash());
        assert_eq!(chain.epoch(), Epoch(self.epoch));
        let mut statements = self.space.statements.iter();
        assert!(statements.all(|statement| chain.contains(&statement.hash())));

        let mut derived = chain.roll();
        let mut expected = self.roll.clone();
        derived.pending.sort();
        expected.pending.sort();
        assert_eq!(derived, expected);
        assert!(chain.present_members().any(|member| member.role.is_admin()));
        for (index, member) in (0..).zip(&self.order) {
            assert_eq!(chain.member_by_index(index).map(|m| m.id), Some(*member));
            let removed = chain.member(member).unwrap().removed;
            let last = removed.map(|removed| removed.last);
            assert_eq!(last.as_ref(), self.removed.get(member));
        }
        let invites: BTreeSet<_> = self
            .invites
            .iter()
            .map(|(invited, ..)| invite_key_of(invited))
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
        for key in &self.keys {
            let may = chain.check_change(&self.space.header(key));
            let mut present = self.roll.present.iter();
            let member = present.find(|member| member.id == id(key));
            let writes = member.is_some_and(|member| member.role.writes());
            assert_eq!(may.is_ok(), writes && !self.ended);
        }
    }

    /// Everybody who is in, and nobody else, is sealed the new key.
    fn check_recipients(&self) {
        let Some(StatementBody::Rotate(rotate)) = self.space.statements.last().map(Statement::body)
        else {
            return;
        };
        let recipients: BTreeSet<MemberId> = rotate.wrapped.iter().map(|(id, _)| *id).collect();
        let present = self.roll.present.iter().map(|member| member.id);
        assert_eq!(recipients, present.collect());
    }
}

fn wrote(counter: u64) -> LastChange {
    if counter == 0 {
        LastChange::NONE
    } else {
        last(counter)
    }
}

fn founders() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Host, Role::Device])
}

/// Or the lives below would be dull.
#[test]
fn in_random_lives_much_is_taken_and_much_is_refused() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut taken, mut refused, mut members) = (0, 0, 0);
    for _ in 0..50 {
        let steps = vec(step(), 60).new_tree(&mut runner).unwrap().current();
        let mut life = Life::new(Role::Host);
        steps.iter().for_each(|step| life.take(step));
        taken += life.taken;
        refused += life.refused;
        members += life.order.len();
    }
    assert!(
        taken > 500 && refused > 500 && members > 100,
        "{taken} {refused} {members}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_a_chain_derives_follows_from_what_was_said(
        founder in founders(), steps in vec(step(), 0..60),
    ) {
        let mut life = Life::new(founder);
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
        founder in founders(), steps in vec(step(), 4..30), which in any::<Index>(),
    ) {
        let mut life = Life::new(founder);
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
