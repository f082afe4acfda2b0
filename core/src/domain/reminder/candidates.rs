//! Everything that a rule wants to say because of a session or a visit, before anybody asks whether there
//! is room for it. Check-ins have a file of their own.

use chrono::{Days, Months, NaiveDate, NaiveDateTime};

use super::facts::{Readiness, Session, Visit};
use super::measures_due::only_due;
use super::notification::{About, Part};
use super::plan::{FURTHEST_MOVE, Planner};
use super::{DayTime, Rule, TimeOfDay, When};

/// One thing that a rule wants to say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    /// The local day that it asks about.
    pub(super) day: NaiveDate,
    /// Its rule's place in the pack: the lower, the more important.
    pub(super) rank: usize,
    pub(super) rule: &'a Rule,
    pub(super) about: About,
    pub(super) wanted: Wanted,
    pub(super) part: Part,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// When the wall shows that.
    Wall(NaiveDateTime),
    /// At that instant.
    Instant(i64),
}

impl<'a> Planner<'a> {
    /// All that may still be to come, by day and then by importance.
    pub(super) fn candidates(&self) -> Vec<Candidate<'a>> {
        let mut found = Vec::new();
        for (rank, rule) in self.rules.pack.rules.iter().enumerate() {
            if self.choices.silence(rule.topic) {
                continue;
            }
            match rule.when {
                When::SessionDay { .. } | When::BeforeSession { .. } => {
                    for dosing in self.to_prepare() {
                        self.for_session(&mut found, rank, rule, dosing.session, dosing.day);
                    }
                }
                When::BeforeVisit { days, at } => {
                    for visit in &self.visits {
                        self.for_visit(&mut found, (rank, rule), visit, days, at);
                    }
                }
                When::AfterLastSession { months, at } => {
                    let last = self.to_prepare().last();
                    let day =
                        last.and_then(|l| l.day.checked_add_months(Months::new(months.into())));
                    if let (Some(last), Some(day)) = (last, day) {
                        let about = About::Session(last.session.id);
                        self.ask(&mut found, (rank, rule), about, day, at);
                    }
                }
                When::SeriesAfterSession { .. } | When::Rhythm { .. } => {}
            }
        }
        let mut found = only_due(found, &self.facts.measures, self.today);
        found.sort_by_key(|candidate| (candidate.day, candidate.rank));
        found
    }

    /// The sessions that reminders may speak of: none before *ready*.
    pub(super) fn to_prepare(&self) -> &[super::plan::Dosing<'a>] {
        match self.facts.readiness {
            Readiness::Ready => &self.sessions,
            Readiness::Undecided => &[],
        }
    }

    fn for_session(
        &self,
        found: &mut Vec<Candidate<'a>>,
        rank: usize,
        rule: &'a Rule,
        session: &'a Session,
        day: NaiveDate,
    ) {
        let about = About::Session(session.id);
        if self.is_done(rule, Some(session)) {
            return;
        }
        match rule.when {
            When::SessionDay { days, at } => {
                if let Some(day) = shifted(day, days) {
                    self.ask(found, (rank, rule), about, day, at);
                }
            }
            When::BeforeSession { minutes } => {
                let starts = session.starts.unix_ms;
                let at = starts.checked_sub(i64::from(minutes) * 60_000);
                let local = at.and_then(|at| self.zone.local(at));
                if let (Some(at), Some(local)) = (at, local) {
                    self.keep(
                        found,
                        Candidate {
                            day: local.date(),
                            rank,
                            rule,
                            about,
                            wanted: Wanted::Instant(at),
                            part: Part::Before(starts),
                        },
                    );
                }
            }
            _ => {}
        }
    }

    fn for_visit(
        &self,
        found: &mut Vec<Candidate<'a>>,
        (rank, rule): (usize, &'a Rule),
        visit: &Visit,
        days: u16,
        at: DayTime,
    ) {
        let day = self
            .zone
            .local(visit.starts.unix_ms)
            .map(|local| local.date());
        let first = day.and_then(|day| day.checked_sub_days(Days::new(days.into())));
        if let Some(first) = first.filter(|_| !self.is_done(rule, None)) {
            self.ask(found, (rank, rule), About::Visit(visit.id), first, at);
        }
    }

    /// From that day on, once a day, as often as the rule says.
    fn ask(
        &self,
        found: &mut Vec<Candidate<'a>>,
        (rank, rule): (usize, &'a Rule),
        about: About,
        first: NaiveDate,
        at: DayTime,
    ) {
        let at = self.time_of(rule, at).to_chrono();
        for time in 0..rule.times {
            let Some(day) = first.checked_add_days(Days::new(time.into())) else {
                return;
            };
            self.keep(
                found,
                Candidate {
                    day,
                    rank,
                    rule,
                    about,
                    wanted: Wanted::Wall(day.and_time(at)),
                    part: Part::Day(day),
                },
            );
        }
    }

    fn keep(&self, found: &mut Vec<Candidate<'a>>, candidate: Candidate<'a>) {
        let over = self.today.signed_duration_since(candidate.day).num_days() > FURTHEST_MOVE;
        if !over {
            found.push(candidate);
        }
    }

    /// The time of day of a rule: where the patient moved it, else as it says.
    pub(super) fn time_of(&self, rule: &Rule, at: DayTime) -> TimeOfDay {
        let chosen = match at {
            DayTime::At(at) => at,
            DayTime::OfCheckIns => self
                .choices
                .check_in_at
                .unwrap_or(self.rules.pack.caps.check_in_at),
        };
        self.choices.moved.get(&rule.id).copied().unwrap_or(chosen)
    }

    /// Whether all that the rule asks for is done.
    pub(super) fn is_done(&self, rule: &Rule, session: Option<&Session>) -> bool {
        let mut asks = rule.asks.iter().peekable();
        asks.peek().is_some()
            && asks.all(|task| {
                self.facts.done.contains(task)
                    || session.is_some_and(|session| session.done.contains(task))
            })
    }
}

fn shifted(day: NaiveDate, days: i16) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs().into());
    if days < 0 {
        day.checked_sub_days(by)
    } else {
        day.checked_add_days(by)
    }
}
