//! Which guides lie before a patient: due now, coming next, and there to look up. A pure function of
//! the pack, of what the clinic wrote and assigned, and of the facts of the programme.

use chrono::{Days, NaiveDate};

use super::facts::Done;
use super::shown::{Clinic, Shown, shown};
use super::{Again, Due, Facts, GuideId, Notice, Pack, Stage, Standing};
use crate::domain::{DocumentId, GuideAssignment, Phase};

/// When a guide is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Now.
    Now,
    /// From that day on.
    From(NaiveDate),
    /// Once the programme comes to that phase.
    InPhase(Phase),
    /// Finished, or never due by itself: there to look up.
    AnyTime,
}

/// One guide that lies before the patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Assigned {
    /// It, in the words that count.
    pub shown: Shown,
    /// When it is due.
    pub when: When,
    /// The rule by which it is.
    pub due: Due,
    /// The session that it is about, if it comes for each: progress is kept with it.
    pub session: Option<DocumentId>,
    /// How far the patient is with it.
    pub done: Done,
}

/// All guides that lie before a patient, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// Due now and not finished, in the order of the programme.
    pub now: Vec<Assigned>,
    /// Coming, the nearest first.
    pub next: Vec<Assigned>,
    /// There to look up, what is finished among it.
    pub shelf: Vec<Assigned>,
}

/// Lays out the guides.
///
/// Until the outcome is *ready*, and after *not yet* and *not a fit*, only the guides about the
/// programme lie there: nobody is prepared for a session that may never be. When the programme is
/// paused or has ended nothing is due, and all can be looked up.
pub fn desk(
    pack: &Pack,
    clinic: Clinic<'_>,
    assignments: &[GuideAssignment],
    facts: &Facts<'_>,
) -> Desk {
    let mut desk = Desk::default();
    for id in ids(pack, clinic) {
        let Some(shown) = shown(pack, clinic, &id, facts.language) else {
            continue;
        };
        if shown.guide.stage != Stage::About && !is_prepared(facts.standing) {
            continue;
        }
        let again = pack.ids().contains(&id).then_some(shown.guide.again);
        let assigned = assigned(shown, again, assignments, facts);
        match assigned.when {
            When::Now => desk.now.push(assigned),
            When::From(_) | When::InPhase(_) => desk.next.push(assigned),
            When::AnyTime => desk.shelf.push(assigned),
        }
    }
    // Stable: of those that come at one time, the order of the programme stands.
    desk.next.sort_by_key(|assigned| assigned.when);
    desk
}

/// Whether somebody in that standing is, or was, getting ready for sessions.
const fn is_prepared(standing: Standing) -> bool {
    match standing {
        Standing::Running | Standing::Paused | Standing::Ended => true,
        Standing::Assessing | Standing::NotYet | Standing::NotAFit => false,
    }
}

/// Bundled guides in their order, then those of the clinic's own by name.
fn ids(pack: &Pack, clinic: Clinic<'_>) -> Vec<GuideId> {
    let mut ids = pack.ids().to_vec();
    let texts = clinic.texts.iter().filter(|text| text.retired_at.is_none());
    let own: std::collections::BTreeSet<_> = texts.map(|text| text.guide.clone()).collect();
    ids.extend(own.into_iter().filter(|id| !pack.ids().contains(id)));
    ids
}

/// `again` is what a bundled guide says of itself; one of the clinic's own comes again for each session
/// if it was assigned by the days to one.
fn assigned(
    mut shown: Shown,
    again: Option<Again>,
    assignments: &[GuideAssignment],
    facts: &Facts<'_>,
) -> Assigned {
    let theirs = assignments.iter().filter(|it| it.guide == shown.guide.id);
    // The newest; of two of one time, the same one everywhere.
    let newest = theirs.max_by_key(|it| (it.at, it.due, it.by.as_str()));
    let due = newest.map_or(shown.guide.due, |it| it.due);
    let (when, session) = when(due, facts);
    let again = again.unwrap_or(match due {
        Due::Before { .. } | Due::After { .. } => Again::EachSession,
        Due::InPhase(_) | Due::Never => Again::Once,
    });
    let session = match again {
        Again::Once => None,
        Again::EachSession => session,
    };
    shown.guide.again = again;
    let done = facts.progress_of(&shown.guide.id, session);
    let is_finished = !done.finished.is_empty();
    if is_finished && !done.finished.contains(&shown.edition) {
        shown.notices.push(Notice::ChangedSinceFinished);
    }
    let when = match (facts.standing, when) {
        _ if is_finished => When::AnyTime,
        (Standing::Running, when) => when,
        // Nothing is promised before there is an outcome.
        (Standing::Assessing, When::Now) => When::Now,
        _ => When::AnyTime,
    };
    Assigned {
        shown,
        when,
        due,
        session,
        done,
    }
}

/// When that rule says, and of which session it speaks.
fn when(due: Due, facts: &Facts<'_>) -> (When, Option<DocumentId>) {
    let (next, last) = (facts.next(), facts.last());
    match due {
        Due::Never => (When::AnyTime, next.or(last).map(|it| it.id)),
        Due::InPhase(phase) => {
            let session = next.or(last).map(|it| it.id);
            (in_phase(phase, facts.phase), session)
        }
        Due::Before { days } => match next {
            Some(session) => {
                let begins = session.day.checked_sub_days(Days::new(days.into()));
                (from(begins, facts.today), Some(session.id))
            }
            None => (When::AnyTime, last.map(|it| it.id)),
        },
        Due::After { days } => {
            // What follows the last session, until the next one is today.
            let is_next_today = next.is_some_and(|it| it.day == facts.today);
            let session = if is_next_today { next } else { last.or(next) };
            match session {
                Some(session) => {
                    let begins = session.day.checked_add_days(Days::new(days.into()));
                    (from(begins, facts.today), Some(session.id))
                }
                None => (When::AnyTime, None),
            }
        }
    }
}

fn from(begins: Option<NaiveDate>, today: NaiveDate) -> When {
    match begins {
        Some(day) if day > today => When::From(day),
        Some(_) => When::Now,
        None => When::AnyTime,
    }
}

fn in_phase(wanted: Phase, present: Phase) -> When {
    match wanted.cmp(&present) {
        std::cmp::Ordering::Equal => When::Now,
        std::cmp::Ordering::Greater => When::InPhase(wanted),
        std::cmp::Ordering::Less => When::AnyTime,
    }
}
