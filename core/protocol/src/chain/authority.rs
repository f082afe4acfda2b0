//! Who may decide what about members. The whole rule stands here, apart from signatures, hashes and
//! epochs, so that it can be read in one sitting and searched exhaustively (`tests/protocol/authority`).
//!
//! A member's **rank** is its place in the order of admission, the founder first. Whoever was there
//! before outranks whoever came later; hosts and recovery words have rules of their own.

use std::fmt;

use crate::statement::Role;

/// One member, as far as authority goes. `Id` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing<Id> {
    /// Who.
    pub id: Id,
    /// What it is.
    pub role: Role,
    /// Its place in the order of admission, from 0.
    pub rank: u16,
}

/// A newcomer who is not let in yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Waiting<Id> {
    /// Who.
    pub id: Id,
    /// What its invite makes it.
    pub role: Role,
    /// Who opened the invite by which it came, present or not.
    pub invited_by: Id,
    /// Whether it was answered.
    pub answered: bool,
}

/// Who is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Roll<Id> {
    /// The present members, by rank.
    pub present: Vec<Standing<Id>>,
    /// The pending newcomers.
    pub pending: Vec<Waiting<Id>>,
}

/// What somebody wants to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<Id> {
    /// Open an invite.
    Invite(Role),
    /// Answer a pending newcomer.
    Answer(Id),
    /// Rotate the key, and decide with it who is in.
    Rotate(Decision<Id>),
    /// Leave.
    Leave,
    /// End the space.
    End,
}

/// Who is in after a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<Id> {
    /// Present members who go.
    pub removed: Vec<Id>,
    /// Members who are gone, whose last change that counts is put earlier.
    pub lowered: Vec<Lowering<Id>>,
    /// Pending newcomers who are turned away.
    pub refused: Vec<Id>,
    /// Pending newcomers who are let in.
    pub admitted: Vec<Id>,
    /// Who is let in without a link.
    pub enrolled: Vec<(Id, Role)>,
}

/// Somebody who is gone, and who said which change of its was the last that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lowering<Id> {
    /// Who is gone.
    pub member: Standing<Id>,
    /// Who named the last change that holds: itself where it left, else whoever removed it, or the last one
    /// who lowered it; present or not.
    pub named_by: Standing<Id>,
}

/// A rule of authority. `WIRE.md` §3.7 states them in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Only a present device, words or host decides about others.
    PresentAdmin,
    /// A link is for a role that its maker may let in.
    InvitableRole,
    /// Whoever is answered, admitted or refused is pending.
    Pending,
    /// A newcomer is answered once, by whoever invited it: nobody else has a part in the words.
    Answers,
    /// Whoever admits a newcomer invited and answered it: the people compared those words.
    Compared,
    /// A newcomer is turned away by whoever invited it, by whoever may remove that one, or by any admin
    /// where that one is gone.
    Refuses,
    /// A host admits a device only where no other device stays, and no words from before the host: its
    /// device would be the first, and could end them.
    OneDeviceByHost,
    /// Words are enrolled by the senior device or by words, a device by words, a host by a host.
    EnrolledRole,
    /// Whoever is removed is present, or gone: then its last change is put earlier.
    RemovesPresent,
    /// Nobody removes itself: it leaves.
    NotOneself,
    /// A host is removed only by a host before it.
    HostsAreKept,
    /// Words are removed only by words after them, or by the senior device.
    WordsAreKept,
    /// Everybody else is removed by words, or by an admin who was there before.
    Rank,
    /// An admin stays.
    AnAdminStays,
    /// A space is ended by the senior device alone: the phone that speaks for the patient.
    FirstDeviceEnds,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 15] = [
        Rule::PresentAdmin,
        Rule::InvitableRole,
        Rule::Pending,
        Rule::Answers,
        Rule::Compared,
        Rule::Refuses,
        Rule::OneDeviceByHost,
        Rule::EnrolledRole,
        Rule::RemovesPresent,
        Rule::NotOneself,
        Rule::HostsAreKept,
        Rule::WordsAreKept,
        Rule::Rank,
        Rule::AnAdminStays,
        Rule::FirstDeviceEnds,
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::PresentAdmin => {
                "only a present device, recovery words or clinic's node may decide this"
            }
            Rule::InvitableRole => "this member may not invite somebody to that role",
            Rule::Pending => "it names a newcomer who does not wait to be let in",
            Rule::Answers => "a newcomer is answered once, and by whoever invited it",
            Rule::Compared => "a newcomer is let in only by whoever invited and answered it",
            Rule::Refuses => {
                "a newcomer is turned away only by whoever invited it, or may remove that member"
            }
            Rule::OneDeviceByHost => {
                "a clinic's node lets a device in only where the patient has no other one, and no \
                 recovery words from before that node"
            }
            Rule::EnrolledRole => "this member may not let somebody of that role in without a link",
            Rule::RemovesPresent => {
                "a removal names neither a present member nor, to put its last change earlier, one that is gone"
            }
            Rule::NotOneself => "nobody removes itself: it leaves",
            Rule::HostsAreKept => "a clinic's node is removed only by one that was there before it",
            Rule::WordsAreKept => {
                "recovery words are removed only by newer ones or by the patient's first device"
            }
            Rule::Rank => {
                "only recovery words, or somebody who was there before, may remove this member"
            }
            Rule::AnAdminStays => "somebody who may decide about members must stay",
            Rule::FirstDeviceEnds => "a space is ended only by the patient's first device",
        })
    }
}

impl<Id: Copy + Eq> Roll<Id> {
    fn present(&self, id: Id) -> Option<&Standing<Id>> {
        self.present.iter().find(|member| member.id == id)
    }

    fn pending(&self, id: Id) -> Option<&Waiting<Id>> {
        self.pending.iter().find(|newcomer| newcomer.id == id)
    }

    /// The present device of lowest rank: the patient's first device that is still there.
    pub fn senior_device(&self) -> Option<Id> {
        let devices = self.present.iter().filter(|m| m.role == Role::Device);
        devices.min_by_key(|m| m.rank).map(|m| m.id)
    }

    /// The rules that an act breaks; none where it is allowed.
    pub fn broken(&self, actor: Id, act: &Act<Id>) -> Vec<Rule> {
        let mut broken = Vec::new();
        let mut ask = |holds: bool, rule: Rule| {
            if !holds && !broken.contains(&rule) {
                broken.push(rule);
            }
        };
        let me = self.present(actor);
        if matches!(act, Act::Leave) {
            let others = self.present.iter().filter(|m| m.id != actor);
            let admin_stays = others.into_iter().any(|m| m.role.is_admin());
            ask(
                me.is_some() || self.pending(actor).is_some(),
                Rule::PresentAdmin,
            );
            ask(me.is_none() || admin_stays, Rule::AnAdminStays);
            return broken;
        }
        let admin = me.filter(|me| me.role.is_admin());
        ask(admin.is_some(), Rule::PresentAdmin);
        let role = admin.map(|me| me.role);
        match act {
            Act::Invite(invited) => ask(may_invite(role, *invited), Rule::InvitableRole),
            Act::Answer(newcomer) => match self.pending(*newcomer) {
                Some(waiting) => ask(
                    waiting.invited_by == actor && !waiting.answered,
                    Rule::Answers,
                ),
                None => ask(false, Rule::Pending),
            },
            Act::Rotate(decision) => self.judge(actor, role, decision, &mut ask),
            Act::End => ask(self.senior_device() == Some(actor), Rule::FirstDeviceEnds),
            Act::Leave => {}
        }
        broken
    }

    /// The rule that keeps a member from being removed by another; `None` where it may be.
    fn keeps(&self, actor: Id, target: &Standing<Id>) -> Option<Rule> {
        let me = self.present(actor);
        let role = me.map(|me| me.role);
        let before = me.is_some_and(|me| me.rank < target.rank);
        let (may, rule) = match target.role {
            Role::Host => (role == Some(Role::Host) && before, Rule::HostsAreKept),
            Role::Words => {
                let newer = role == Some(Role::Words) && !before;
                let is_senior_device = self.senior_device() == Some(actor);
                (newer || is_senior_device, Rule::WordsAreKept)
            }
            Role::Device | Role::Writer | Role::Reader => {
                (before || role == Some(Role::Words), Rule::Rank)
            }
        };
        (!may).then_some(rule)
    }

    fn may_refuse(&self, actor: Id, newcomer: &Waiting<Id>) -> bool {
        let inviter = self.present(newcomer.invited_by);
        newcomer.invited_by == actor
            || inviter.is_none_or(|inviter| self.keeps(actor, inviter).is_none())
    }

    fn judge(
        &self,
        actor: Id,
        role: Option<Role>,
        decision: &Decision<Id>,
        ask: &mut impl FnMut(bool, Rule),
    ) {
        let is_senior_device = self.senior_device() == Some(actor);
        for id in &decision.refused {
            let waiting = self.pending(*id);
            ask(waiting.is_some(), Rule::Pending);
            ask(
                waiting.is_none_or(|waiting| self.may_refuse(actor, waiting)),
                Rule::Refuses,
            );
        }
        for id in &decision.admitted {
            let waiting = self.pending(*id);
            ask(
                waiting.is_some() && !decision.refused.contains(id),
                Rule::Pending,
            );
            if let Some(waiting) = waiting {
                let compared = waiting.invited_by == actor && waiting.answered;
                ask(compared, Rule::Compared);
            }
        }
        for (_, enrolled) in &decision.enrolled {
            let may = match (role, enrolled) {
                (Some(Role::Words), Role::Words | Role::Device) => true,
                (Some(Role::Device), Role::Words) => is_senior_device,
                (Some(Role::Host), Role::Host) => true,
                _ => false,
            };
            ask(may, Rule::EnrolledRole);
        }
        let me = self.present(actor);
        for id in &decision.removed {
            let Some(target) = self.present(*id) else {
                ask(false, Rule::RemovesPresent);
                continue;
            };
            ask(target.id != actor, Rule::NotOneself);
            if let Some(rule) = self.keeps(actor, target) {
                ask(false, rule);
            }
        }
        // A last change that is far ahead puts nobody beyond those who might have removed it, whether it named
        // that itself or somebody did for it whom they might remove as well.
        for gone in &decision.lowered {
            let by_another = gone.named_by.id != gone.member.id && gone.named_by.id != actor;
            let named_by = by_another.then_some(&gone.named_by);
            for kept in [&gone.member].into_iter().chain(named_by) {
                if let Some(rule) = self.keeps(actor, kept) {
                    ask(false, rule);
                }
            }
        }
        let stays = |m: &&Standing<Id>| !decision.removed.contains(&m.id);
        let devices_kept = self.present.iter().filter(stays);
        let devices_kept = devices_kept.filter(|m| m.role == Role::Device).count();
        let newcomers = decision.admitted.iter().filter_map(|id| self.pending(*id));
        let devices_new = newcomers.filter(|m| m.role == Role::Device).count();
        if role == Some(Role::Host) && devices_new > 0 {
            let is_before = |m: &Standing<Id>| me.is_some_and(|me| m.rank < me.rank);
            let mut words = self.present.iter().filter(|m| m.role == Role::Words);
            let alone = devices_kept == 0 && devices_new == 1;
            ask(alone && !words.any(is_before), Rule::OneDeviceByHost);
        }
        let admin_stays = self.present.iter().filter(stays).any(|m| m.role.is_admin());
        ask(admin_stays, Rule::AnAdminStays);
    }
}

/// Whether an admin of that role may invite somebody to another.
fn may_invite(admin: Option<Role>, invited: Role) -> bool {
    match (admin, invited) {
        (Some(Role::Host), Role::Words) | (None, _) => false,
        (Some(Role::Host), _) => true,
        (Some(Role::Device), Role::Device | Role::Writer | Role::Reader) => true,
        _ => false,
    }
}
