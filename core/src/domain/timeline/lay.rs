//! Puts the documents of a programme into one line.

use super::{Due, Material, State, Step, Task, What, When};
use crate::domain::programme::{Programme, Standing, StandingStep};
use crate::domain::readiness::Readiness;
use crate::domain::{DocumentId, DosingSession, Moment, Phase, Visit};

/// Who reads a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Patient,
    Clinician,
}

impl Material<'_> {
    /// The line as a patient sees it, the earliest first.
    pub fn for_patient(&self, now: Moment) -> Vec<Step> {
        self.lay(Reader::Patient, now)
    }

    /// The line as a clinician sees it, the earliest first: also with who said each step, and how the
    /// number of sessions changed.
    pub fn for_clinician(&self, now: Moment) -> Vec<Step> {
        self.lay(Reader::Clinician, now)
    }

    fn lay(&self, reader: Reader, now: Moment) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some(programme) = self.programme {
            steps.extend(phases(programme, reader, now));
            steps.extend(standings(programme, reader, now));
            if reader == Reader::Clinician {
                steps.extend(plans(programme));
            }
        }
        steps.extend(self.outcomes.iter().map(outcome));
        steps.extend(self.look_again(now));
        steps.extend(self.sessions.iter().map(|(id, one)| session(*id, one, now)));
        steps.extend(self.visits.iter().map(|(id, one)| visit(*id, one, now)));
        steps.extend(self.due.iter().filter_map(|due| to_do(due, now)));
        // Stable: of one time, the order is that of above.
        steps.sort_by_key(|step| place(step.from, now));
        steps
    }

    /// The day on which the outcome that counts is to be looked at again.
    fn look_again(&self, now: Moment) -> Option<Step> {
        let due = Due {
            what: Task::Assessment,
            on: Some(self.counts?.revisit_on?),
        };
        to_do(&due, now)
    }
}

/// How many of the steps of a line stand before now: a screen marks today behind them.
pub fn before_now(line: &[Step], now: Moment) -> usize {
    let is_before = |step: &&Step| match step.from {
        When::At(at) if at.unix_ms == now.unix_ms => !matches!(step.what, What::Due(_)),
        When::At(at) => at.unix_ms < now.unix_ms,
        When::On(day) => now
            .local_date()
            .is_some_and(|today| day.to_chrono() < today),
    };
    line.iter().take_while(is_before).count()
}

/// Where something stands: days without a time before all else of that day, by the clock of whoever looks.
fn place(when: When, now: Moment) -> (i64, bool) {
    match when {
        When::At(moment) => (moment.unix_ms, true),
        When::On(day) => {
            let midnight = day.to_chrono().and_time(chrono::NaiveTime::MIN).and_utc();
            let here = i64::from(now.offset_minutes).saturating_mul(60_000);
            (midnight.timestamp_millis().saturating_sub(here), false)
        }
    }
}

fn phases(programme: &Programme, reader: Reader, now: Moment) -> Vec<Step> {
    let ended = programme.standings.last();
    let ended = ended.filter(|step| step.standing == Standing::Ended);
    // A programme begins with its assessment, and no step says so.
    let mut all = vec![(Phase::Assessment, programme.at, None)];
    let steps = programme.phases.iter().map(|(_, step)| step);
    all.extend(steps.map(|step| (step.phase, step.at, said_by(&step.by, reader))));
    let nexts: Vec<Moment> = all.iter().skip(1).map(|(_, at, _)| *at).collect();
    let untils = nexts
        .into_iter()
        .map(Some)
        .chain([ended.map(|step| step.at)]);
    let phases = all.into_iter().zip(untils);
    let phases =
        phases.map(|((phase, at, by), until)| lasting(at, until, What::Phase { phase, by }, now));
    phases.collect()
}

fn standings(programme: &Programme, reader: Reader, now: Moment) -> Vec<Step> {
    let all: Vec<&StandingStep> = programme.standings.iter().map(|(_, step)| step).collect();
    let nexts = all.iter().skip(1).map(|next| Some(next.at)).chain([None]);
    let steps = all.iter().zip(nexts).map(|(step, next)| {
        let what = What::Standing {
            standing: step.standing,
            reason: step.reason.clone(),
            by: said_by(&step.by, reader),
        };
        match step.standing {
            Standing::Paused => lasting(step.at, next, what, now),
            Standing::Running | Standing::Ended => taken(step.at, what),
        }
    });
    steps.collect()
}

fn plans(programme: &Programme) -> impl Iterator<Item = Step> {
    let changes = programme.plan_history().into_iter();
    changes.map(|change| {
        let what = What::Plan {
            sessions: change.sessions,
            reason: change.reason.clone(),
            by: change.by.clone(),
        };
        taken(change.at, what)
    })
}

fn outcome(said: &Readiness) -> Step {
    let what = What::Outcome {
        outcome: said.outcome(),
        by: said.by.clone(),
    };
    taken(said.at, what)
}

fn session(id: DocumentId, session: &DosingSession, now: Moment) -> Step {
    let what = What::Session {
        id,
        number: session.number,
        place: session.place.clone(),
        moved_from: session.moved_from,
    };
    appointment(
        session.at,
        session.block().ends,
        session.takes_place(),
        what,
        now,
    )
}

fn visit(id: DocumentId, visit: &Visit, now: Moment) -> Step {
    let what = What::Visit {
        id,
        purpose: visit.purpose.clone(),
        way: visit.way.clone(),
        place: visit.place_in_words(),
        with: visit.with.clone(),
        moved_from: visit.moved_from,
    };
    appointment(visit.at, visit.ends(), visit.takes_place(), what, now)
}

fn appointment(from: Moment, until: Moment, takes_place: bool, what: What, now: Moment) -> Step {
    let mut step = lasting(from, Some(until), what, now);
    if !takes_place {
        step.state = State::CalledOff;
    }
    step
}

/// What is to be done stays until it is done: nothing of it is ever behind. `None` where the clock of
/// whoever looks shows no day.
fn to_do(due: &Due, now: Moment) -> Option<Step> {
    let today = now.local_date()?;
    let (from, state) = match due.on {
        Some(day) if day.to_chrono() > today => (When::On(day), State::Ahead),
        Some(day) => (When::On(day), State::Now),
        None => (When::At(now), State::Now),
    };
    Some(Step {
        from,
        until: None,
        state,
        what: What::Due(due.what.clone()),
    })
}

/// Something that was said once.
const fn taken(at: Moment, what: What) -> Step {
    Step {
        from: When::At(at),
        until: None,
        state: State::Behind,
        what,
    }
}

/// Something that takes time. An end before its beginning, as two clocks may give it, is none.
fn lasting(from: Moment, until: Option<Moment>, what: What, now: Moment) -> Step {
    let until = until.filter(|until| until.unix_ms >= from.unix_ms);
    let state = match until {
        _ if now.unix_ms < from.unix_ms => State::Ahead,
        Some(until) if until.unix_ms <= now.unix_ms => State::Behind,
        _ => State::Now,
    };
    Step {
        from: When::At(from),
        until,
        state,
        what,
    }
}

fn said_by(name: &str, reader: Reader) -> Option<String> {
    (reader == Reader::Clinician).then(|| name.to_owned())
}
