//! The day of a dosing session: before, during, the quiet 24 hours after, and the day that follows. What
//! an app leaves off in each, and which entries stay the patient's own until they looked again.

use super::session_block::Block;
use super::session_step::{SessionAct, SessionStep};
use super::{DosingSession, Moment, SessionPreparation};

const HOUR_MS: i64 = 3_600_000;

/// How long it is quiet after the end. Spravato's label has people drive only "the next day following a
/// restful sleep", and Ketalar's tells of recurrences within 24 hours.
pub const QUIET_HOURS: i64 = LEAST_QUIET_HOURS as i64;
/// The same as a limit: a clinic may have its reminders rest for longer, and for no shorter time.
pub const LEAST_QUIET_HOURS: u16 = 24;
/// How long the day after is: what was said in the quiet hours is asked about first.
pub const REVIEW_HOURS: i64 = 24;
/// "I'm here" counts from so long before the arrival on, and an end until so long after the planned one;
/// what lies outside was pressed for another day.
const MARK_HOURS: i64 = 12;

/// Where somebody stands on the day of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionStage {
    /// The day has begun, and the session has not.
    Before,
    /// From the arrival to the end.
    During,
    /// The quiet 24 hours.
    After,
    /// The day after: what was written in the quiet hours is to be kept or shared.
    NextDay,
}

/// What an app can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offer {
    /// Help right now: 988, 911, the clinic's number, the person's own safety plan.
    CrisisHelp,
    /// Writing or speaking something down for oneself.
    Writing,
    /// Prompts, suggestions and tasks that ask for something.
    Prompts,
    /// Measures and rating scales.
    Measures,
    /// Settings, the care team, and deleting.
    Settings,
    /// Letting the care team see what was written in these hours.
    Sharing,
}

impl Offer {
    /// All of them.
    pub const ALL: [Offer; 6] = [
        Offer::CrisisHelp,
        Offer::Writing,
        Offer::Prompts,
        Offer::Measures,
        Offer::Settings,
        Offer::Sharing,
    ];
}

impl SessionStage {
    /// All of them, in their order.
    pub const ALL: [SessionStage; 4] = [
        SessionStage::Before,
        SessionStage::During,
        SessionStage::After,
        SessionStage::NextDay,
    ];

    /// Whether an app offers that now. Crisis help is on always, and so is writing.
    pub const fn offers(self, what: Offer) -> bool {
        match (self, what) {
            (_, Offer::CrisisHelp | Offer::Writing) | (SessionStage::NextDay, _) => true,
            // A scale on the day would measure the day.
            (SessionStage::Before, Offer::Measures)
            | (SessionStage::During | SessionStage::After, _) => false,
            (SessionStage::Before, _) => true,
        }
    }
}

/// What somebody said on the day itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// When they pressed "I'm here".
    pub here: Option<Moment>,
    /// When they said that it is over.
    pub ended: Option<Moment>,
}

impl From<&SessionPreparation> for Marks {
    fn from(preparation: &SessionPreparation) -> Marks {
        Marks {
            here: preparation.here_at,
            ended: preparation.ended_at,
        }
    }
}

/// The times of one session's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionDay {
    /// Midnight before it, by the session's own offset.
    pub day_begins: Moment,
    /// The arrival, or "I'm here".
    pub begins: Moment,
    /// The end, as it was said or else as it is planned from the beginning on.
    pub ends: Moment,
    /// Until when it is quiet: 24 hours from the end as it was said or as it is planned, whichever is later. Somebody
    /// who is not back yet may say too early that it is over, and that must not shorten what protects them.
    pub quiet_until: Moment,
    /// Until when the day after is the day after.
    pub review_until: Moment,
    /// When it was called off, where that was after it began: nothing of the day is on from then, and what was made
    /// until then stays held for as long as it was to be.
    pub called_off: Option<Moment>,
}

impl SessionDay {
    /// The times of a session; `None` where it does not take place. Marks that can't be about it are
    /// passed over.
    pub fn of(session: &DosingSession, marks: Marks) -> Option<SessionDay> {
        let takes_place = session.takes_place();
        takes_place.then(|| SessionDay::planned(session.block(), marks))
    }

    /// Whether "I'm here" counts for a session when it is said then.
    pub fn counts_here(session: &DosingSession, said: Moment) -> bool {
        let here = Marks {
            here: Some(said),
            ended: None,
        };
        SessionDay::of(session, here)
            .is_some_and(|day| day.begins == said && day.ends.unix_ms > said.unix_ms)
    }

    /// Whether "it is over" counts for a session when it is said then, beside what was said before.
    pub fn counts_end(session: &DosingSession, marks: Marks, said: Moment) -> bool {
        let ended = Marks {
            ended: Some(said),
            ..marks
        };
        SessionDay::of(session, ended).is_some_and(|day| day.ends == said)
    }

    /// The times of a session's days that were called off after they began, whatever was said of it since.
    pub fn called_off(session: &DosingSession, marks: Marks) -> Vec<SessionDay> {
        let steps = session.steps.iter().map(|(_, step)| step);
        // A correction says nothing of whether it takes place.
        let steps: Vec<_> = steps
            .filter(|step| step.act != SessionAct::Corrected)
            .collect();
        let was_off = |step: Option<&&SessionStep>| {
            step.is_some_and(|step| step.act == SessionAct::CalledOff)
        };
        // Of two words in a row, such as another reason, the first one called it off.
        let off = steps.iter().enumerate().filter(|(place, step)| {
            let before = place.checked_sub(1).and_then(|before| steps.get(before));
            was_off(Some(step)) && !was_off(before)
        });
        off.map(|(_, step)| SessionDay {
            called_off: Some(step.at),
            ..SessionDay::planned(session.block_from(step.of), marks)
        })
        .filter(|day| day.called_off.is_some_and(|off| off >= day.begins))
        .collect()
    }

    fn planned(planned: Block, marks: Marks) -> SessionDay {
        let here = marks.here.filter(|here| {
            *here >= hours_after(planned.arrives, -MARK_HOURS) && *here < planned.ends
        });
        let begins = here.unwrap_or(planned.arrives);
        let late_ms = begins
            .unix_ms
            .saturating_sub(planned.arrives.unix_ms)
            .max(0);
        let would_end = Moment {
            unix_ms: planned.ends.unix_ms.saturating_add(late_ms),
            ..planned.ends
        };
        let ended = marks
            .ended
            .filter(|ended| *ended >= begins && *ended < hours_after(would_end, MARK_HOURS));
        let ends = ended.unwrap_or(would_end);
        let quiet_until = hours_after(ends.max(would_end), QUIET_HOURS);
        SessionDay {
            day_begins: midnight_before(begins.min(planned.arrives)),
            begins,
            ends,
            quiet_until,
            review_until: hours_after(quiet_until, REVIEW_HOURS),
            called_off: None,
        }
    }

    /// From when the quiet hours are counted.
    pub const fn quiet_from(&self) -> Moment {
        hours_after(self.quiet_until, -QUIET_HOURS)
    }

    /// Where somebody stands at a moment; `None` on all other days.
    pub fn stage(&self, now: Moment) -> Option<SessionStage> {
        let now = now.unix_ms;
        let is_around = self.day_begins.unix_ms <= now && now < self.review_until.unix_ms;
        if self.called_off.is_some() || !is_around {
            None
        } else if now < self.begins.unix_ms {
            Some(SessionStage::Before)
        } else if now < self.ends.unix_ms {
            Some(SessionStage::During)
        } else if now < self.quiet_until.unix_ms {
            Some(SessionStage::After)
        } else {
            Some(SessionStage::NextDay)
        }
    }

    /// Whether what was made then is the patient's own until they looked at it again.
    pub fn holds(&self, made: Moment) -> bool {
        let until = self
            .called_off
            .map_or(self.quiet_until, |off| off.min(self.quiet_until));
        (self.begins.unix_ms..until.unix_ms).contains(&made.unix_ms)
    }
}

/// Where somebody stands of several sessions: the one that asks for the most quiet counts.
pub fn stage_of(days: &[SessionDay], now: Moment) -> Option<SessionStage> {
    let stages = days.iter().filter_map(|day| day.stage(now));
    stages.max_by_key(|stage| match stage {
        SessionStage::During => 3,
        SessionStage::After => 2,
        SessionStage::Before => 1,
        SessionStage::NextDay => 0,
    })
}

/// Until when something that was made then can't be shared; `None` where it can.
pub fn held_until(days: &[SessionDay], made: Moment, now: Moment) -> Option<Moment> {
    let holding = days.iter().filter(|day| day.holds(made));
    let until = holding.map(|day| day.quiet_until).max()?;
    (now.unix_ms < until.unix_ms).then_some(until)
}

/// Whether something that was made then was made in a session's quiet hours and can be shared by now: it is to be
/// kept or shared, for as long as that takes.
pub fn is_to_review(days: &[SessionDay], made: Moment, now: Moment) -> bool {
    days.iter().any(|day| day.holds(made)) && held_until(days, made, now).is_none()
}

const fn hours_after(moment: Moment, hours: i64) -> Moment {
    Moment {
        unix_ms: moment.unix_ms.saturating_add(hours * HOUR_MS),
        ..moment
    }
}

/// Midnight at the beginning of the day that the calendar showed.
fn midnight_before(moment: Moment) -> Moment {
    let local_ms = moment
        .unix_ms
        .saturating_add(i64::from(moment.offset_minutes) * 60_000);
    let of_the_day = local_ms.rem_euclid(24 * HOUR_MS);
    Moment {
        unix_ms: moment.unix_ms.saturating_sub(of_the_day),
        ..moment
    }
}

#[cfg(test)]
mod tests;
