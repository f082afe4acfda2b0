//! What is offered now: which prompts, by the days since the last session that was held, or why none.

use super::{Prompt, PromptId};
use crate::domain::programme::{Offered as On, Standing};
use crate::domain::readiness::Outcome;
use crate::domain::session_day::{self, Offer as OnTheDay, SessionDay, SessionStage};
use crate::domain::{DocumentId, Entry, EntryKind, Moment, Programme, Readiness};

/// What decides about it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The programme, if one has begun.
    pub programme: Option<&'a Programme>,
    /// What the assessment came to.
    pub readiness: Option<&'a Readiness>,
    /// The sessions that take place or took place, in any order.
    pub sessions: &'a [(DocumentId, SessionDay)],
    /// The time now, with the offset of the patient's own clock.
    pub now: Moment,
}

/// Prompts, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// These, at least one.
    Prompts(Offered),
    /// None.
    Nothing(NothingNow),
}

/// The prompts of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The session that they look back on.
    pub session: DocumentId,
    /// How many days ago that was, by the calendar: 1 or more.
    pub day: u16,
    /// The prompts, in order.
    pub prompts: Vec<Prompt>,
}

impl Offered {
    /// An entry of integration about that session, with what the prompt asked as its title: so whoever reads it
    /// knows what it answers. `None` for a prompt that is not offered.
    pub fn entry(&self, prompt: &PromptId, at: Moment) -> Option<Entry> {
        let asked = self.prompts.iter().find(|offered| offered.id == *prompt)?;
        Some(Entry {
            title: asked.words.clone(),
            kind: EntryKind::Integration,
            session: Some(self.session),
            ..Entry::new(at)
        })
    }
}

/// Why nothing is offered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NothingNow {
    /// This phone is no member of the record: a pause or an end would never reach it.
    NotAMember,
    /// No programme has begun, or the assessment did not come to *ready*.
    NotReady,
    /// The programme is paused.
    Paused,
    /// It has ended.
    Ended,
    /// It is the day of a session, or its quiet hours.
    SessionDay,
    /// No session was held yet.
    NoSession,
    /// There is none for a day so long after the last session.
    NoneForThisDay,
}

/// Which of these prompts are offered now, in their order.
pub fn offer(prompts: &[Prompt], facts: Facts<'_>) -> Offer {
    match today(facts) {
        Err(why) => Offer::Nothing(why),
        Ok((session, day)) => {
            let due = prompts.iter().filter(|prompt| prompt.days.include(day));
            let prompts: Vec<Prompt> = due.cloned().collect();
            if prompts.is_empty() {
                return Offer::Nothing(NothingNow::NoneForThisDay);
            }
            Offer::Prompts(Offered {
                session,
                day,
                prompts,
            })
        }
    }
}

/// The last session that was held, and how many days ago that was.
fn today(facts: Facts<'_>) -> Result<(DocumentId, u16), NothingNow> {
    if !On::by(facts.programme, facts.readiness).integration {
        return Err(off_because(facts));
    }
    let now = facts.now;
    let days: Vec<SessionDay> = facts.sessions.iter().map(|(_, day)| *day).collect();
    // In the morning before a session nothing looks back on another one.
    let is_quiet = session_day::stage_of(&days, now)
        .is_some_and(|stage| stage == SessionStage::Before || !stage.offers(OnTheDay::Prompts));
    if is_quiet {
        return Err(NothingNow::SessionDay);
    }
    let held = facts.sessions.iter().filter(|(_, day)| day.ends <= now);
    let last = held.max_by_key(|(id, day)| (day.ends, *id));
    let (session, day) = last.ok_or(NothingNow::NoSession)?;
    let date = day.day_begins.local_date().zip(now.local_date());
    let days = date.map(|(then, today)| today.signed_duration_since(then).num_days());
    let days = days.and_then(|days| u16::try_from(days).ok());
    match days {
        None => Err(NothingNow::NoneForThisDay),
        // A phone that traveled west may still have the session's day.
        Some(0) => Err(NothingNow::SessionDay),
        Some(days) => Ok((*session, days)),
    }
}

/// Why integration is not on.
fn off_because(facts: Facts<'_>) -> NothingNow {
    let is_ready = facts
        .readiness
        .is_some_and(|one| one.outcome() == Outcome::Ready);
    match facts.programme.map(Programme::standing) {
        Some(Standing::Ended) => NothingNow::Ended,
        Some(Standing::Paused) if is_ready => NothingNow::Paused,
        _ => NothingNow::NotReady,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;
    use crate::domain::integration_prompt::Words;
    use crate::domain::readiness::Timing;
    use crate::domain::session_day::Marks;
    use crate::domain::{DosingSession, ItemId, PromptRules};

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// 23 November 2026, 09:00 UTC.
    const BEGINS: Moment = Moment::utc(1_795_428_000_000);

    fn later(ms: i64) -> Moment {
        Moment::utc(BEGINS.unix_ms + ms)
    }

    fn session(nth: u8, at: Moment) -> (DocumentId, SessionDay) {
        let session = DosingSession::new(nth.into(), at);
        let day = SessionDay::of(&session, Marks::default()).unwrap();
        (DocumentId::new([nth; 16]), day)
    }

    fn running() -> (Programme, Readiness) {
        let programme = Programme::new("Dr. Vega", ItemId::new([1; 16]), BEGINS);
        (programme, Readiness::ready("Dr. Vega", BEGINS))
    }

    fn with(
        programme: Option<&Programme>,
        readiness: Option<&Readiness>,
        sessions: &[(DocumentId, SessionDay)],
        now: Moment,
    ) -> Offer {
        let words = Words::of(&"en".parse().unwrap());
        let facts = Facts {
            programme,
            readiness,
            sessions,
            now,
        };
        offer(&PromptRules::prompts(None, words), facts)
    }

    fn now(at: Moment, sessions: &[(DocumentId, SessionDay)]) -> Offer {
        let (programme, readiness) = running();
        with(Some(&programme), Some(&readiness), sessions, at)
    }

    fn ids(offer: &Offer) -> Vec<&str> {
        match offer {
            Offer::Prompts(offered) => offered.prompts.iter().map(|it| it.id.as_str()).collect(),
            Offer::Nothing(_) => Vec::new(),
        }
    }

    #[test]
    fn nothing_is_offered_on_the_day_and_in_the_quiet_hours_and_then_by_days() {
        let sessions = [session(1, BEGINS)];
        let nothing = |at| match now(at, &sessions) {
            Offer::Nothing(why) => why,
            Offer::Prompts(offered) => panic!("{offered:?}"),
        };
        assert_eq!(nothing(later(-DAY)), NothingNow::NoSession);
        for at in [-9 * HOUR, 0, HOUR, 5 * HOUR, 20 * HOUR, DAY] {
            assert_eq!(nothing(later(at)), NothingNow::SessionDay, "{at}");
        }
        let next_day = now(later(DAY + 8 * HOUR), &sessions);
        assert_eq!(ids(&next_day).first(), Some(&"body"));
        assert!(matches!(next_day, Offer::Prompts(Offered { day: 1, .. })));
        let week = now(later(7 * DAY), &sessions);
        assert!(ids(&week).contains(&"stayed") && !ids(&week).contains(&"body"));
        assert_eq!(nothing(later(200 * DAY)), NothingNow::NoneForThisDay);
    }

    #[test]
    fn nothing_is_offered_before_ready_and_while_it_waits_and_after_the_end() {
        let sessions = [session(1, BEGINS)];
        let (running, ready) = running();
        let (paused, ended) = (
            standing(&running, Standing::Paused),
            standing(&running, Standing::Ended),
        );
        let not_yet = Readiness {
            timing: Timing::Later,
            ..ready.clone()
        };
        for (programme, readiness, why) in [
            (None, None, NothingNow::NotReady),
            (None, Some(&ready), NothingNow::NotReady),
            (Some(&running), None, NothingNow::NotReady),
            (Some(&running), Some(&not_yet), NothingNow::NotReady),
            (Some(&paused), Some(&ready), NothingNow::Paused),
            (Some(&ended), Some(&ready), NothingNow::Ended),
            (Some(&ended), Some(&not_yet), NothingNow::Ended),
        ] {
            let offered = with(programme, readiness, &sessions, later(3 * DAY));
            assert_eq!(offered, Offer::Nothing(why));
        }
    }

    fn standing(running: &Programme, standing: Standing) -> Programme {
        let mut programme = running.clone();
        let id = ItemId::new([9; 16]);
        programme.set_standing(id, standing, "Away in June.", "Dr. Vega", later(DAY));
        programme
    }

    #[test]
    fn the_last_session_counts_and_the_morning_of_the_next_is_quiet() {
        let sessions = [session(1, BEGINS), session(2, later(14 * DAY))];
        let before = now(later(13 * DAY), &sessions);
        let Offer::Prompts(before) = before else {
            panic!("{before:?}")
        };
        assert_eq!((before.session, before.day), (sessions[0].0, 13));
        let morning = now(later(14 * DAY - 2 * HOUR), &sessions);
        assert_eq!(morning, Offer::Nothing(NothingNow::SessionDay));
        let Offer::Prompts(after) = now(later(16 * DAY), &sessions) else {
            panic!("nothing after the second")
        };
        assert_eq!((after.session, after.day), (sessions[1].0, 2));
    }
}
