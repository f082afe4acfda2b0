//! How many sessions a programme plans, how many were held, and what to think of before the next one.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CHANGE_REASON, CHANGED_TO, CHANGES, Programme};
use crate::domain::text::{Named, Problem, named};
use crate::domain::{DosingSession, Invalid, ItemId, Moment, Visit, limits, text};

const BY: Named = named("plan_changes", "the name");

/// One change of the planned number of sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanChange {
    /// How many are planned in all from then on: not how many more, so that two devices that plan the
    /// same seventh session apart plan seven and not eight.
    pub sessions: u32,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// Who decided it.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// How far a programme is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionCount {
    /// Sessions that took place. Two documents of one number are one session that was planned twice.
    pub held: usize,
    /// Sessions that are still to come and not called off.
    pub ahead: usize,
    /// How many are planned in all; `None` as long as nobody agreed on a number.
    pub planned: Option<u32>,
}

/// One more session would be beyond what was planned: it needs a reason, given with
/// [`Programme::change_plan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{planned} sessions are planned, and one more needs a reason")]
pub struct BeyondPlan {
    /// How many are planned in all.
    pub planned: u32,
}

/// A programme ends only when no session of it is still to come, and no visit but a follow-up: nobody prepares for,
/// or is reminded of, what is in no programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StillAhead {
    /// The numbers of the sessions that are booked, without their repetition.
    pub numbers: BTreeSet<u32>,
    /// When the visits begin.
    pub visits: BTreeSet<Moment>,
}

impl std::error::Error for StillAhead {}

impl fmt::Display for StillAhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sessions = self
            .numbers
            .iter()
            .map(|number| format!("session {number}"));
        let visits = self.visits.iter().map(|at| match at.to_chrono() {
            Some(at) => format!("the visit on {}", at.format("%Y-%m-%d at %H:%M")),
            None => format!("the visit on {at}"),
        });
        let all: Vec<String> = sessions.chain(visits).collect();
        let (is, it) = match all.len() {
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        write!(
            f,
            "{} {is} still to come: call {it} off first",
            all.join(", ")
        )?;
        match self.visits.is_empty() {
            true => Ok(()),
            false => f.write_str("; a follow-up visit may stay"),
        }
    }
}

impl StillAhead {
    /// What of these sessions and visits is still to come. A follow-up visit belongs to the time after a programme.
    ///
    /// # Errors
    ///
    /// One or more are.
    pub fn none_of<'a>(
        sessions: impl IntoIterator<Item = &'a DosingSession>,
        visits: impl IntoIterator<Item = &'a Visit>,
        now: Moment,
    ) -> Result<(), StillAhead> {
        let sessions = sessions.into_iter();
        let sessions = sessions.filter(|session| session.takes_place() && !session.is_over(now));
        let visits = visits.into_iter();
        let visits = visits.filter(|visit| visit.needs_a_programme(now));
        let ahead = StillAhead {
            numbers: sessions.map(|session| session.number).collect(),
            visits: visits.map(|visit| visit.at).collect(),
        };
        if ahead == StillAhead::default() {
            Ok(())
        } else {
            Err(ahead)
        }
    }
}

/// What to think of when a session is booked. It states what is so; nothing here decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanCheck {
    /// More sessions are held or booked than planned: a bar, until the plan is changed with a reason.
    pub beyond_plan: Option<BeyondPlan>,
    /// Pairs of sessions, by their times, between which no integration is known of: a warning and not a
    /// bar. A patient may have written for themselves only.
    pub before_integration: Vec<(Moment, Moment)>,
    /// Pairs of sessions that are to come with a higher number before a lower one, by their numbers: the earlier in
    /// time first.
    pub out_of_order: Vec<(u32, u32)>,
    /// Pairs of visits that are to come and take place at one time, by when they begin.
    pub visits_at_one_time: Vec<(Moment, Moment)>,
}

impl PlanCheck {
    /// Adds what is to be thought of where visits take place beside each other.
    #[must_use]
    pub fn with_visits<'a>(
        mut self,
        visits: impl IntoIterator<Item = &'a Visit>,
        now: Moment,
    ) -> Self {
        let is_ahead = |visit: &&Visit| visit.takes_place() && visit.at.unix_ms >= now.unix_ms;
        let mut visits: Vec<&Visit> = visits.into_iter().filter(is_ahead).collect();
        visits.sort_by_key(|visit| visit.at);
        let pairs = visits.iter().zip(visits.iter().skip(1));
        let pairs = pairs.filter(|(one, next)| next.at.unix_ms < one.ends_ms());
        self.visits_at_one_time = pairs.map(|(one, next)| (one.at, next.at)).collect();
        self
    }
}

/// The number, if somebody may plan so many.
pub(in crate::domain) fn checked(number: u32, name: Named) -> Result<u32, Invalid> {
    if (1..=limits::PLANNED_SESSIONS).contains(&number) {
        Ok(number)
    } else {
        Err(name.wrong(Problem::OutOfRange {
            least: 1,
            most: limits::PLANNED_SESSIONS.into(),
        }))
    }
}

impl PlanChange {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        checked(self.sessions, CHANGED_TO)?;
        let reason = text::needed_line(&self.reason, CHANGE_REASON, limits::REASON)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, CHANGES)?;
        Ok(Self { reason, by, ..self })
    }

    fn says_the_same(&self, other: &PlanChange) -> bool {
        (self.sessions, &self.reason, &self.by) == (other.sessions, &other.reason, &other.by)
    }
}

impl Programme {
    /// How many sessions are planned now.
    pub fn planned_sessions(&self) -> Option<u32> {
        let changed = self.plan_changes.last().map(|change| change.sessions);
        changed.or(self.planned)
    }

    /// Plans another number of sessions in all, and keeps why. The first number needs no reason: it is
    /// [`Programme::planned`].
    pub fn change_plan(
        &mut self,
        id: ItemId,
        sessions: u32,
        reason: impl Into<String>,
        by: impl Into<String>,
        at: Moment,
    ) {
        let change = PlanChange {
            sessions,
            reason: reason.into(),
            by: by.into(),
            at,
        };
        self.plan_changes.add(id, change);
    }

    /// The changes of the plan, the first one first. A change that was entered twice, with the same number,
    /// reason and name one after the other, is shown once; the document keeps both.
    pub fn plan_history(&self) -> Vec<&PlanChange> {
        let mut history: Vec<&PlanChange> = self.plan_changes.iter().map(|(_, one)| one).collect();
        history.dedup_by(|later, earlier| later.says_the_same(earlier));
        history
    }

    /// How many sessions were held before `now`, and how many are to come.
    pub fn count_sessions<'a>(
        &self,
        sessions: impl IntoIterator<Item = &'a DosingSession>,
        now: Moment,
    ) -> SessionCount {
        let (mut held, mut ahead) = (BTreeSet::new(), BTreeSet::new());
        for session in sessions {
            if session.takes_place() {
                let which = if session.is_ahead(now) {
                    &mut ahead
                } else {
                    &mut held
                };
                which.insert(session.number);
            }
        }
        ahead.retain(|number| !held.contains(number));
        SessionCount {
            held: held.len(),
            ahead: ahead.len(),
            planned: self.planned_sessions(),
        }
    }

    /// What to think of with these sessions, the one that is being booked among them. `integrations` are
    /// the times of integration entries and visits that are known of, those to come among them.
    pub fn check_plan<'a>(
        &self,
        sessions: impl IntoIterator<Item = &'a DosingSession> + Clone,
        integrations: &[Moment],
        now: Moment,
    ) -> PlanCheck {
        let count = self.count_sessions(sessions.clone(), now);
        let mut to_come: Vec<(Moment, u32)> = sessions
            .clone()
            .into_iter()
            .filter(|session| session.takes_place() && session.is_ahead(now))
            .map(|session| (session.at, session.number))
            .collect();
        to_come.sort_unstable();
        let mut times: Vec<(Moment, i64)> = sessions
            .into_iter()
            .filter(|session| session.takes_place())
            .map(|session| (session.at, session.block().ends.unix_ms))
            .collect();
        times.sort_unstable();
        let pairs = times.iter().zip(times.iter().skip(1));
        let before_integration = pairs.filter(|((_, over_ms), (next, _))| {
            // What is over can't be booked otherwise any more.
            let is_ahead = next.unix_ms >= now.unix_ms;
            // While the medicine works nobody integrates anything.
            let between = *over_ms..next.unix_ms;
            let mut integrations = integrations.iter();
            is_ahead && !integrations.any(|at| between.contains(&at.unix_ms))
        });
        PlanCheck {
            beyond_plan: count.beyond_plan(),
            before_integration: before_integration
                .map(|((one, _), (next, _))| (*one, *next))
                .collect(),
            out_of_order: to_come
                .iter()
                .zip(to_come.iter().skip(1))
                .filter(|((_, one), (_, next))| next < one)
                .map(|((_, one), (_, next))| (*one, *next))
                .collect(),
            visits_at_one_time: Vec::new(),
        }
    }
}

impl SessionCount {
    /// Held and to come.
    pub const fn in_all(self) -> usize {
        self.held.saturating_add(self.ahead)
    }

    /// Whether these are more than planned.
    pub fn beyond_plan(self) -> Option<BeyondPlan> {
        let planned = self.planned?;
        let in_all = u32::try_from(self.in_all()).unwrap_or(u32::MAX);
        (in_all > planned).then_some(BeyondPlan { planned })
    }
}
