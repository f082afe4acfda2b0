//! What one version of a day held stays held whatever is said of the session afterwards.

use super::*;
use crate::domain::session_block::Minutes;
use crate::domain::session_details::SessionDetails;

/// What can be said of a session and of its day.
#[derive(Clone, Copy, Debug)]
enum Word {
    OfDay(DayMark, DayAct),
    CallOff,
    PutBack,
    Move(i64),
    Correct(i64),
    Ground(Minutes),
}

fn word() -> impl Strategy<Value = Word> {
    let minutes = -720_i64..2_880;
    prop_oneof![
        4 => (
            prop_oneof![Just(DayMark::Here), Just(DayMark::Ended)],
            prop_oneof![Just(DayAct::Said), Just(DayAct::TakenBack)],
        )
            .prop_map(|(mark, act)| Word::OfDay(mark, act)),
        1 => Just(Word::CallOff),
        1 => Just(Word::PutBack),
        2 => minutes.clone().prop_map(Word::Move),
        1 => minutes.prop_map(Word::Correct),
        1 => (0_u16..360).prop_map(|it| Word::Ground(Minutes(it))),
    ]
}

#[test]
fn what_was_held_back_before_a_session_was_moved_on_its_day_stays_so() {
    let mut session = session();
    let held = "2026-11-23T09:10:00-07:00";
    let (noticed, late) = ("2026-11-23T09:20:00-07:00", "2026-11-23T10:00:00-07:00");
    session.move_to(ItemId::new([1; 16]), at(late), "Maya", at(noticed));
    let days = SessionDay::all_of(&session, None);
    // The day that was planned first ends its quiet an hour before the one that stands.
    assert_eq!(
        held_until(&days, at(held), at(noticed)),
        Some(day().quiet_until)
    );
    assert!(is_to_review(
        &days,
        at(held),
        None,
        at("2026-11-24T13:00:00-07:00")
    ));
    let between = "2026-11-23T09:30:00-07:00";
    assert_eq!(
        held_until(&days, at(between), at(between)),
        None,
        "it has not begun"
    );
    assert_eq!(session.moved_from, Some(at("2026-11-23T09:00:00-07:00")));
}

#[test]
fn shorter_parts_end_no_quiet_hours_that_had_begun() {
    let mut session = session();
    let details = SessionDetails {
        grounding_minutes: Minutes(0),
        ..SessionDetails::of(&session)
    };
    let said = "2026-11-23T12:00:00-07:00";
    session.tell(ItemId::new([1; 16]), details.clone(), "Maya", at(said));
    let days = SessionDay::all_of(&session, None);
    let held = "2026-11-23T11:50:00-07:00";
    assert_eq!(
        held_until(&days, at(held), at(said)),
        Some(day().quiet_until)
    );
    session.tell(ItemId::new([2; 16]), details, "Maya", at(said));
    assert_eq!(session.steps.len(), 1, "its parts are as long as before");
}

#[test]
fn a_time_at_which_a_session_was_called_off_holds_nothing_when_it_is_moved() {
    let mut session = called_off(at("2026-11-23T08:00:00-07:00"));
    let noon = at("2026-11-23T12:00:00-07:00");
    session.move_to(
        ItemId::new([8; 16]),
        at("2026-11-24T09:00:00-07:00"),
        "Maya",
        noon,
    );
    session.put_back(ItemId::new([9; 16]), "Maya", noon);
    let days = SessionDay::all_of(&session, None);
    let made = at("2026-11-23T10:00:00-07:00");
    assert_eq!(held_until(&days, made, noon), None);
    assert_eq!(days.len(), 1);
}

/// A session and what was said of its day, after words at so many minutes from its planned beginning.
#[derive(Clone)]
struct Told {
    session: DosingSession,
    preparation: SessionPreparation,
    words: u8,
}

fn minutes(after: i64) -> Moment {
    let planned = session().at;
    Moment {
        unix_ms: planned.unix_ms + after * 60_000,
        ..planned
    }
}

impl Told {
    fn nothing() -> Self {
        Self {
            session: session(),
            preparation: said(&[]),
            words: 0,
        }
    }

    fn hear(&mut self, (word, when): (Word, i64)) {
        self.words += 1;
        let (id, by, when) = (ItemId::new([self.words; 16]), "Maya", minutes(when));
        let session = &mut self.session;
        match word {
            Word::OfDay(mark, act) => self.preparation.say(id, (mark, act), when),
            Word::CallOff => session.call_off(id, "Ill.", by, when),
            Word::PutBack => session.put_back(id, by, when),
            Word::Move(to) => session.move_to(id, minutes(to), by, when),
            Word::Correct(to) => session.correct(id, minutes(to), "Mistyped.", by, when),
            Word::Ground(grounding_minutes) => {
                let details = SessionDetails {
                    grounding_minutes,
                    ..SessionDetails::of(session)
                };
                session.tell(id, details, by, when);
            }
        }
    }

    fn days(&self) -> Vec<SessionDay> {
        SessionDay::all_of(&self.session, Some(&self.preparation))
    }
}

#[test]
fn a_wish_is_offered_although_the_session_had_been_moved_before_it_was_noted() {
    let mut told = Told::nothing();
    let (made, moved) = (
        "2026-11-23T09:40:00-07:00",
        // Two days later, said an hour before it was to begin; the phone was offline.
        (Word::Move(2 * 24 * 60), -60),
    );
    assert!(held_until(&told.days(), at(made), at(made)).is_some());
    told.hear(moved);
    let wished = Some(Visibility::TalkInSession);
    let heard = at("2026-11-23T10:30:00-07:00");
    assert!(is_to_review(&told.days(), at(made), wished, heard));
    assert!(!is_to_review(&told.days(), at(made), None, heard));
    let in_session = at("2026-11-25T09:30:00-07:00");
    assert!(
        !is_to_review(&told.days(), at(made), wished, in_session),
        "in quiet hours nothing is asked"
    );
    let weeks_later = at("2026-12-23T09:30:00-07:00");
    assert!(is_to_review(&told.days(), at(made), wished, weeks_later));
}

proptest! {
    #[test]
    fn no_word_lets_go_of_what_was_held_before_it(
        words in vec((word(), -720_i64..2_880), 0..6),
        made in -720_i64..2_880,
        now in -720_i64..4_320,
    ) {
        let mut words = words;
        words.sort_by_key(|(.., when)| *when);
        let mut told = Told::nothing();
        let mut before = held_until(&told.days(), minutes(made), minutes(now));
        for (word, when) in words {
            // What is written after a word goes by that word.
            if when <= made {
                before = None;
            }
            told.hear((word, when));
            let after = held_until(&told.days(), minutes(made), minutes(now));
            prop_assert!(after >= before, "{after:?} and not {before:?}");
            before = after;
        }
    }

    #[test]
    fn a_wish_that_was_noted_is_offered_once_it_is_quiet_nowhere(
        words in vec((word(), -720_i64..2_880, any::<bool>()), 0..6),
        made in -720_i64..2_880,
        now in -720_i64..12_000,
    ) {
        let mut words = words;
        words.sort_by_key(|(_, when, _)| *when);
        // What the phone knew as it was written is a part of what was said by then.
        let (mut known, mut all) = (Told::nothing(), Told::nothing());
        for (word, when, was_heard) in words {
            if was_heard && when <= made {
                known.hear((word, when));
            }
            all.hear((word, when));
        }
        let wished = held_until(&known.days(), minutes(made), minutes(made))
            .map(|_| Visibility::TalkInSession);
        let days = all.days();
        let offered = |now| is_to_review(&days, minutes(made), wished, now);
        let is_quiet = |at| held_until(&days, at, minutes(now)).is_some();
        if is_quiet(minutes(now)) || is_quiet(minutes(made)) {
            prop_assert!(!offered(minutes(now)), "nothing is asked in quiet hours");
        } else if wished.is_some() {
            prop_assert!(offered(minutes(now)));
        }
        // No day lasts for ever: at some time it is offered.
        let over = days.iter().map(|day| day.quiet_until).max();
        let over = over.unwrap_or(minutes(now)).max(minutes(now));
        prop_assert!(wished.is_none() || offered(over));
    }
}
