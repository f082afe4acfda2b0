//! The day of a dosing session: before, during, the quiet 24 hours after, and the day that follows. What
//! an app leaves off in each, and which entries stay the patient's own until they looked again.

pub use super::day_word::Marks;
use super::day_word::{self, DayAct, DayMark, DayWord};
use super::session_block::Block;
use super::session_step::{SessionAct, SessionStep};
use super::{DosingSession, Moment, SessionPreparation, Visibility, limits};

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
/// The four parts of a session at their longest.
const LONGEST_BLOCK_HOURS: i64 = 4 * (limits::BLOCK_MINUTES as i64) / 60;

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
    /// Since when it does not stand any more; `None` as long as it does. The session was called off after it began, or
    /// another word put a day with other times in its place: a mark was said or taken back, or the session was moved,
    /// corrected, or made longer or shorter. Nothing of it is on from then, and what was made until then stays held for as long as it was to be.
    pub ceased: Option<Moment>,
}

impl SessionDay {
    /// All days that hold or held something of a session: the one that stands, if it takes place; those that were
    /// called off after they began; and those that another word, of the patient's or of the clinic's, put others in the
    /// place of.
    ///
    /// So what was held back is found by every word that was ever said, and not by those that stand: no word, on any
    /// phone, lets go of what was written before it, or hides it. It follows from the words and from the time of what was
    /// written alone, so it is the same on a phone that was away meanwhile, and nothing of it is noted on what was
    /// written, where whoever it is shared with later could read how long its writer hesitated.
    pub fn all_of(session: &DosingSession, said: Option<&SessionPreparation>) -> Vec<SessionDay> {
        let mut all = Vec::new();
        for (block, ceased) in plans(session) {
            for (marks, until) in standing(block, said) {
                let ceased: Option<Moment> = [ceased, until].into_iter().flatten().min();
                let day = SessionDay {
                    ceased,
                    ..SessionDay::planned(block, marks)
                };
                if ceased.is_none_or(|ceased| ceased > day.begins) {
                    all.push(day);
                }
            }
        }
        all
    }

    /// What stands of what was said on the day that a session has now.
    pub fn marks(session: &DosingSession, said: Option<&SessionPreparation>) -> Marks {
        let standing = standing(session.block().into(), said);
        standing
            .last()
            .map_or(Marks::default(), |(marks, _)| *marks)
    }

    /// The times of a session; `None` where it does not take place. Marks that can't be about it are
    /// passed over.
    pub fn of(session: &DosingSession, marks: Marks) -> Option<SessionDay> {
        let takes_place = session.takes_place();
        takes_place.then(|| SessionDay::planned(session.block().into(), marks))
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

    /// Since when the planned time of a session is over, for somebody in its quiet hours who has said, if anything, only
    /// when they came; `None` where its time is still to come or on, or its day is past.
    pub fn time_over_since(
        session: &DosingSession,
        here: Option<Moment>,
        now: Moment,
    ) -> Option<Moment> {
        let marks = Marks { here, ended: None };
        let day = SessionDay::of(session, marks)?;
        (day.stage(now) == Some(SessionStage::After)).then_some(day.ends)
    }

    fn planned(planned: Planned, marks: Marks) -> SessionDay {
        let here = marks
            .here
            .filter(|here| is_of(planned, DayMark::Here, *here));
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
            ceased: None,
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
        if self.ceased.is_some() || !is_around {
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

    /// Whether what was made then is, or was, the patient's own until they looked at it again.
    pub fn holds(&self, made: Moment) -> bool {
        let until = self
            .ceased
            .map_or(self.quiet_until, |ceased| ceased.min(self.quiet_until));
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

/// Until when something that was made then can't be shared; `None` where it can. What any version of a day held stays
/// held for as long as that one said, whatever was said since.
pub fn held_until(days: &[SessionDay], made: Moment, now: Moment) -> Option<Moment> {
    let holding = days.iter().filter(|day| day.holds(made));
    let until = holding.map(|day| day.quiet_until).max()?;
    (now.unix_ms < until.unix_ms).then_some(until)
}

/// Where something stands that a session's quiet hours held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBack {
    /// It can't be shared yet, and nothing is asked: it is quiet, whatever held it.
    Quiet {
        /// Until when.
        until: Moment,
    },
    /// It is to be kept or shared, for as long as that takes.
    ToReview,
}

/// Where something stands that was held back; `None` for what was not. A session's quiet hours held it back when it was
/// made, or its writer was told so then (`wished` is how they wanted to share it). A phone tells them by what it knows,
/// so a wish counts where no day held anything after all: the session had been moved or called off before, and the
/// phone had not heard of it.
pub fn held_back(
    days: &[SessionDay],
    made: Moment,
    wished: Option<Visibility>,
    now: Moment,
) -> Option<HeldBack> {
    if wished.is_none() && !days.iter().any(|day| day.holds(made)) {
        return None;
    }
    let quiet = [made, now]
        .into_iter()
        .filter_map(|at| held_until(days, at, now));
    Some(match quiet.max() {
        Some(until) => HeldBack::Quiet { until },
        None => HeldBack::ToReview,
    })
}

/// From when until when a session is planned.
#[derive(Clone, Copy)]
struct Planned {
    arrives: Moment,
    ends: Moment,
}

impl From<Block> for Planned {
    fn from(block: Block) -> Self {
        Self {
            arrives: block.arrives,
            ends: block.ends,
        }
    }
}

impl Planned {
    /// As it was planned before a word changed it. The end was written by another device, and no session is longer
    /// than its parts can be.
    fn before(step: &SessionStep) -> Self {
        Self {
            arrives: step.of,
            ends: (step.ends).clamp(step.of, hours_after(step.of, LONGEST_BLOCK_HOURS)),
        }
    }
}

/// How a session was planned: as it stands, and as it stood before each word that called it off, moved it, or gave it
/// another length.
fn plans(session: &DosingSession) -> Vec<(Planned, Option<Moment>)> {
    let mut plans = Vec::new();
    let mut takes_place = true;
    for (_, step) in session.steps.iter() {
        // Of two words in a row, such as another reason, the first one called it off.
        if takes_place && step.act != SessionAct::PutBack {
            plans.push((Planned::before(step), Some(step.at)));
        }
        match step.act {
            SessionAct::CalledOff => takes_place = false,
            SessionAct::PutBack => takes_place = true,
            SessionAct::Corrected | SessionAct::Moved | SessionAct::PartsChanged => {}
        }
    }
    if takes_place {
        plans.push((session.block().into(), None));
    }
    plans
}

/// What stood of what was said on the day of a block, one after the other, each with until when it stood.
fn standing(block: Planned, said: Option<&SessionPreparation>) -> Vec<(Marks, Option<Moment>)> {
    // What was said is taken back at any time.
    let is_of = |word: &DayWord| word.act == DayAct::TakenBack || is_of(block, word.mark, word.at);
    said.map_or_else(
        || vec![(Marks::default(), None)],
        |said| day_word::standing(&said.day_words, is_of),
    )
}

/// Whether a mark can be about the day of a block when it is said then.
fn is_of(block: Planned, mark: DayMark, said: Moment) -> bool {
    let latest = match mark {
        DayMark::Here => block.ends,
        // Who came as late as they could is back so much later.
        DayMark::Ended => hours_after(
            Moment {
                unix_ms: (block.ends.unix_ms)
                    .saturating_add(block.ends.unix_ms.saturating_sub(block.arrives.unix_ms)),
                ..block.ends
            },
            MARK_HOURS,
        ),
    };
    hours_after(block.arrives, -MARK_HOURS) <= said && said < latest
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
