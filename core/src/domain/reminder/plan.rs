//! Puts together what the next notifications are. Each thing finds its time by itself, and each local day
//! then keeps the most important of what came to it; so what a plan says of a day does not depend on the
//! hour at which it is made, nor on what was left out of other days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::candidates::{Candidate, Wanted};
use super::check_ins::CheckIns;
use super::facts::{Facts, Session, Standing, Visit};
use super::free_time::{Around, FreeTime, Way};
use super::notification::{About, LockScreen, Notification, NotificationId, fingerprint, id_of};
use super::wording::filled;
use super::{LockScreenChoice, Preferences, Rules, TimeOfDay, Topic, When};
use crate::domain::zone::Placing;
use crate::domain::{Moment, Zone};

/// Most notifications of a plan: iOS keeps the soonest 64 of an app, and some are for other things.
pub const MOST: usize = 50;

/// Nothing is moved further than this from the day that it was wanted for, in days.
pub(super) const FURTHEST_MOVE: i64 = 10;
/// What is told so few minutes before a session says that it is time to go. In quiet hours it is left out: on
/// the evening before it would be false.
const NOT_THE_EVENING_BEFORE: u16 = 120;
/// Of a session where nobody said when it is over.
const USUAL_LENGTH_MS: i64 = 3 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;

/// What a phone has to have scheduled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The next notifications, the soonest first.
    pub notifications: Vec<Notification>,
    /// Whether more are to come than fit: the phone plans again when one was shown.
    pub more: bool,
}

/// The next notifications after `now`, at most `most` and never more than [`MOST`].
///
/// Pure: the same input gives the same plan. Only a programme that runs, and only until its last day,
/// has any. A plan of later the same day has the same notifications at the same times, without those
/// that are past. `now` outside the years 0 to 9999 gives an empty plan.
pub fn plan(
    rules: &Rules,
    facts: &Facts,
    choices: &Preferences,
    zone: &Zone,
    now: Moment,
    most: usize,
) -> Plan {
    let runs = facts.standing == Standing::Running;
    let planner = runs.then(|| Planner::of(rules, facts, choices, zone, now));
    match planner.flatten() {
        Some(planner) => planner.plan(most.min(MOST)),
        None => Plan::default(),
    }
}

pub(super) struct Planner<'a> {
    pub(super) rules: &'a Rules,
    pub(super) facts: &'a Facts,
    pub(super) choices: &'a Preferences,
    pub(super) zone: &'a Zone,
    pub(super) today: NaiveDate,
    pub(super) sessions: Vec<Dosing<'a>>,
    pub(super) visits: Vec<&'a Visit>,
    pub(super) times: FreeTime<'a>,
    now_ms: i64,
    shown: BTreeSet<NotificationId>,
    shown_on: BTreeMap<NaiveDate, usize>,
}

/// A session that takes place, with its local day.
pub(super) struct Dosing<'a> {
    pub(super) session: &'a Session,
    pub(super) day: NaiveDate,
    around: Around,
}

/// A thing with the time that it found.
struct Placed<'a> {
    candidate: Candidate<'a>,
    at: Moment,
    wanted: NaiveDateTime,
}

/// What may be said once a day only.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    CheckIn,
    Evening,
    Rule(usize, About),
}

impl<'a> Planner<'a> {
    /// `None` where the clock shows a year that can't be written down.
    pub(super) fn of(
        rules: &'a Rules,
        facts: &'a Facts,
        choices: &'a Preferences,
        zone: &'a Zone,
        now: Moment,
    ) -> Option<Planner<'a>> {
        let today = zone.local(now.unix_ms)?.date();
        let quiet_hours = rules.pack.caps.quiet_hours_after_session;
        let mut known = BTreeSet::new();
        let taking_place = facts.sessions.iter().filter(|session| session.takes_place);
        let mut sessions: Vec<_> = taking_place
            .filter(|session| known.insert(session.id))
            .filter_map(|session| {
                let starts = session.starts.unix_ms;
                let usual = starts.checked_add(USUAL_LENGTH_MS)?;
                let ends = session.ends.map_or(usual, |ends| ends.unix_ms);
                let around = Around::of(session.id, starts, ends, quiet_hours, zone)?;
                let day = around.local.0.date();
                Some(Dosing {
                    session,
                    day,
                    around,
                })
            })
            .collect();
        sessions.sort_by_key(|dosing| (dosing.session.starts, dosing.session.id));
        let mut known = BTreeSet::new();
        let visits = facts.visits.iter().filter(|visit| visit.takes_place);
        let mut shown_on: BTreeMap<_, usize> = BTreeMap::new();
        for shown in facts.shown.iter().filter(|s| s.topic != Topic::Fasting) {
            if let Some(local) = zone.local(shown.at.unix_ms) {
                *shown_on.entry(local.date()).or_default() += 1;
            }
        }
        Some(Planner {
            rules,
            facts,
            choices,
            zone,
            today,
            times: FreeTime {
                zone,
                quiet: choices.quiet.unwrap_or(rules.pack.caps.quiet),
                around: sessions.iter().map(|dosing| dosing.around).collect(),
            },
            sessions,
            visits: visits.filter(|visit| known.insert(visit.id)).collect(),
            now_ms: now.unix_ms,
            shown: facts.shown.iter().map(|shown| shown.id).collect(),
            shown_on,
        })
    }

    /// When the session or visit begins, and where it is.
    pub(super) fn subject(&self, about: About) -> (Option<Moment>, &str) {
        let found = match about {
            About::Session(id) => {
                let mut sessions = self.sessions.iter().map(|dosing| dosing.session);
                let session = sessions.find(|session| session.id == id);
                session.map(|session| (session.starts, &session.place))
            }
            About::Visit(id) => {
                let visit = self.visits.iter().find(|visit| visit.id == id);
                visit.map(|visit| (visit.starts, &visit.place))
            }
            About::Programme => None,
        };
        found.map_or((None, ""), |(starts, place)| (Some(starts), place))
    }

    fn plan(&self, most: usize) -> Plan {
        let mut candidates = self.candidates().into_iter().peekable();
        let mut check_ins = CheckIns::of(self).peekable();
        let mut days: BTreeMap<NaiveDate, Vec<Placed<'a>>> = BTreeMap::new();
        let mut notifications = Vec::new();
        loop {
            let check_in_is_next = match (candidates.peek(), check_ins.peek()) {
                (Some(other), Some(check_in)) => check_in.day < other.day,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            let next = if check_in_is_next {
                check_ins.next()
            } else {
                candidates.next()
            };
            let Some(next) = next else { break };
            // Nothing that comes from here on can still be moved into these days.
            while let Some(day) = days.first_entry() {
                if next.day.signed_duration_since(*day.key()).num_days() <= FURTHEST_MOVE {
                    break;
                }
                let (day, all) = day.remove_entry();
                self.settle(day, all, &mut notifications);
            }
            if notifications.len() > most {
                break;
            }
            if let Some((day, placed)) = self.place(next) {
                days.entry(day).or_default().push(placed);
            }
        }
        for (day, all) in days {
            self.settle(day, all, &mut notifications);
        }
        notifications.sort_by_key(|(placed, id)| (placed.at.unix_ms, placed.candidate.rank, *id));
        let more = notifications.len() > most;
        notifications.truncate(most);
        let written = notifications
            .into_iter()
            .map(|(placed, id)| self.written(&placed, id));
        Plan {
            notifications: written.collect(),
            more,
        }
    }

    /// The time at which it may be shown, if there is one, and the local day of that.
    fn place(&self, candidate: Candidate<'a>) -> Option<(NaiveDate, Placed<'a>)> {
        let own = match candidate.about {
            About::Session(id) => self.sessions.iter().find(|dosing| dosing.session.id == id),
            _ => None,
        };
        let mut wanted = match candidate.wanted {
            Wanted::Wall(local) => self.on_its_day(local)?,
            Wanted::Instant(unix_ms) => self.zone.moment(unix_ms)?,
        };
        let local = match candidate.wanted {
            Wanted::Wall(local) => local,
            Wanted::Instant(unix_ms) => self.zone.local(unix_ms)?,
        };
        let topic = candidate.rule.topic;
        if let When::BeforeSession { minutes } = candidate.rule.when
            && topic == Topic::Leaving
            && minutes < NOT_THE_EVENING_BEFORE
            && self.times.quiet.include(TimeOfDay::of(local))
        {
            return None;
        }
        let before = match candidate.rule.when {
            When::BeforeSession { .. } => own.map(|own| own.around.starts_ms),
            When::SessionDay { days, .. } if days < 0 => own.map(|own| own.around.from_ms),
            When::BeforeVisit { .. } => {
                self.subject(candidate.about).0.map(|starts| starts.unix_ms)
            }
            _ => None,
        };
        if let (Topic::Evening, Some(own)) = (topic, own) {
            let home = own.around.ends_ms.checked_add(HOUR_MS)?;
            wanted = self.zone.moment(wanted.unix_ms.max(home))?;
        }
        let way = match (topic, before) {
            (Topic::Evening | Topic::CheckIn, _) => Way::Nowhere,
            (_, Some(_)) => Way::Earlier,
            (_, None) => Way::Later,
        };
        let at = self
            .times
            .nearest(wanted, topic, own.map(|own| own.session.id), way)?;
        let day = self.zone.local(at.unix_ms)?.date();
        let moved = day.signed_duration_since(candidate.day).num_days().abs();
        let may = before.is_none_or(|before| at.unix_ms < before)
            && self.facts.last_day.is_none_or(|last| day <= last)
            && moved <= FURTHEST_MOVE
            && self.choices.allow(topic, day);
        let placed = Placed {
            candidate,
            at,
            wanted: local,
        };
        may.then_some((day, placed))
    }

    /// A skipped time is moved on, unless that would be the next day's: then back.
    fn on_its_day(&self, wanted: NaiveDateTime) -> Option<Moment> {
        let (moved_on, placing) = self.zone.place(wanted)?;
        let of_the_day = |moment: Moment| {
            let local = self.zone.local(moment.unix_ms);
            local.is_some_and(|local| local.date() == wanted.date())
        };
        if placing != Placing::Skipped || of_the_day(moved_on) {
            return Some(moved_on);
        }
        let (moved_back, _) = self.zone.place_before(wanted)?;
        Some(if of_the_day(moved_back) {
            moved_back
        } else {
            moved_on
        })
    }

    /// Keeps of one local day what it may hold, the most important first. What is past took its place.
    fn settle(
        &self,
        day: NaiveDate,
        mut all: Vec<Placed<'a>>,
        kept: &mut Vec<(Placed<'a>, NotificationId)>,
    ) {
        if day < self.today {
            return;
        }
        all.sort_by_key(|placed| (placed.candidate.rank, placed.at.unix_ms));
        let mut room = usize::from(self.rules.pack.caps.per_day)
            .saturating_sub(self.shown_on.get(&day).copied().unwrap_or(0));
        let mut said = BTreeSet::new();
        for placed in all {
            let Candidate {
                rank,
                rule,
                about,
                part,
                ..
            } = placed.candidate;
            let (thing, name) = match rule.topic {
                // No rule can have such a name: check-ins are one thing, whichever rule asks.
                Topic::CheckIn => (Thing::CheckIn, "check in"),
                Topic::Evening => (Thing::Evening, rule.id.as_str()),
                _ => (Thing::Rule(rank, about), rule.id.as_str()),
            };
            let beside = rule.topic == Topic::Fasting;
            if !said.insert(thing) {
                continue;
            }
            let id = id_of(name, about, part);
            if self.shown.contains(&id) || (room == 0 && !beside) {
                continue;
            }
            if !beside {
                room -= 1;
            }
            if placed.at.unix_ms > self.now_ms {
                kept.push((placed, id));
            }
        }
    }

    fn written(&self, placed: &Placed<'a>, id: NotificationId) -> Notification {
        let Candidate {
            rule, about, day, ..
        } = placed.candidate;
        let words = filled(&rule.words, self, about, placed.at);
        let choice = self.choices.lock_screen;
        Notification {
            id,
            at: placed.at,
            wanted: placed.wanted,
            day,
            topic: rule.topic,
            rule: rule.id.clone(),
            about,
            exact: rule.topic == Topic::Fasting,
            fingerprint: fingerprint(id, placed.at, &words, choice),
            lock_screen: match choice {
                LockScreenChoice::Neutral => LockScreen::Neutral,
                LockScreenChoice::Words => LockScreen::Words(words.clone()),
            },
            words,
        }
    }
}
