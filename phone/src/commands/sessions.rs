//! Dosing sessions as the clinic planned, moved and called them off, with the visits beside them.

use companion_core::domain::calendar::Telling;
use companion_core::domain::session_step::{SessionAct, SessionStep};
use companion_core::domain::{DosingSession, Moment};
use companion_core::records::{PageSize, Query};

use super::{Done, Phone, visits};
use crate::args::dates::Dates;
use crate::error::PhoneError;
use crate::format;
use crate::save::{Existing, save};

/// All sessions and visits, or the file with them for a calendar.
pub(super) fn sessions(phone: &mut Phone<'_, '_>, asked: &Dates) -> Done {
    let Some(path) = &asked.calendar else {
        return list(phone);
    };
    let (telling, tells) = match asked.everything {
        true => (
            Telling::Everything,
            "It tells what each is, with whom and where: whoever sees your calendar reads it.",
        ),
        false => (
            Telling::Neutral,
            "Each is called “Appointment” and tells no more.",
        ),
    };
    let existing = match asked.force {
        true => Existing::Replace,
        false => Existing::Keep,
    };
    save(path, &phone.patient.calendar(telling)?, existing)?;
    phone.say(&format!(
        "Sessions and visits are in {}. {tells} Where your calendar is kept by a company, it can read that. Keep \
         the file anew when the clinic moved something.",
        path.display()
    ))
}

/// Sessions by time, and then visits.
fn list(phone: &mut Phone<'_, '_>) -> Done {
    let sessions = all(phone)?;
    if sessions.is_empty() {
        phone.say("The clinic has not planned a dosing session on this phone yet.")?;
    }
    for session in &sessions {
        phone.say(&line(session, phone.now))?;
        if !session.note.is_empty() {
            phone.say(&format!("   {}", session.note))?;
        }
    }
    let visits = visits::list(phone)?;
    if sessions.is_empty() && visits == 0 {
        return Ok(());
    }
    phone.say(
        "\nThis is what the clinic had sent by the last exchange. Ask the clinic if something seems wrong.",
    )
}

/// What a glance shows: the next session, and whatever was called off since it should have been it.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    let now = phone.now;
    let ahead: Vec<DosingSession> = all(phone)?
        .into_iter()
        .filter(|session| session.at.unix_ms >= now.unix_ms)
        .collect();
    if let Some(next) = ahead.iter().find(|session| session.takes_place()) {
        let at = format::time(next.at, now);
        let moved = moved(next, now);
        phone.say(&format!(
            "Next dosing session: number {}, {at}{moved}.",
            next.number
        ))?;
    }
    for off in ahead.iter().filter(|session| !session.takes_place()) {
        let at = format::time(off.at, now);
        phone.say(&format!(
            "The clinic called off dosing session {} of {at}.",
            off.number
        ))?;
    }
    Ok(())
}

fn all(phone: &Phone<'_, '_>) -> Result<Vec<DosingSession>, PhoneError> {
    let query = Query::<DosingSession>::all().size(PageSize::LARGEST);
    let sessions = phone.patient.page(&query)?.items.into_iter();
    let mut sessions: Vec<DosingSession> = sessions.map(|view| view.content).collect();
    sessions.sort_by_key(|session| session.at);
    Ok(sessions)
}

/// One session in a line.
pub(crate) fn line(session: &DosingSession, now: Moment) -> String {
    let at = format::time(session.at, now);
    let what = match &*session.call_offs() {
        [] => format!("{}{}", moved(session, now), corrected(session, now)),
        // Two people who called it off apart have a reason each.
        all => all.iter().map(|off| called_off(off, now)).collect(),
    };
    format!("{}  {at}{what}", session.number)
}

/// That its time had been written down wrong, by whom it was put right, and why.
fn corrected(session: &DosingSession, now: Moment) -> String {
    let steps = session.steps.iter().map(|(_, step)| step);
    let last = steps
        .filter(|step| step.act == SessionAct::Corrected)
        .last();
    last.map_or_else(String::new, |step| {
        let from = format::time(step.of, now);
        format!("; corrected from {from} by {}: {}", step.by, step.reason)
    })
}

/// That it does not take place, or did not; by whom, and why.
fn called_off(off: &SessionStep, now: Moment) -> String {
    let said = format!("{} by {}", format::time(off.at, now), off.by);
    let what = match off.is_not_held() {
        true => format!("; did not take place, said {said}"),
        false => format!("; called off {said}"),
    };
    match &*off.reason {
        "" => what,
        reason => format!("{what}: {reason}"),
    }
}

fn moved(session: &DosingSession, now: Moment) -> String {
    let from = session.moved_from.map(|from| format::time(from, now));
    from.map_or_else(String::new, |from| format!("; moved from {from}"))
}

#[cfg(test)]
mod tests {
    use companion_core::domain::ItemId;

    use super::*;

    const AT: Moment = Moment {
        unix_ms: 1_795_465_113_123,
        offset_minutes: -300,
    };

    #[test]
    fn a_session_says_that_it_was_moved_or_called_off() {
        let mut session = DosingSession::new(2, AT);
        assert_eq!(line(&session, AT), "2  23 Nov 2026, 15:18");
        let mut before = AT;
        before.unix_ms -= 24 * 60 * 60 * 1000;
        session.at = before;
        session.move_to(ItemId::new([3; 16]), AT, "Maya", before);
        let moved = "2  23 Nov 2026, 15:18; moved from 22 Nov 2026, 15:18";
        assert_eq!(line(&session, AT), moved);
        let mut off = session.clone();
        off.call_off(ItemId::new([1; 16]), "", "Maya", before);
        let said = "2  23 Nov 2026, 15:18; called off 22 Nov 2026, 15:18 by Maya";
        assert_eq!(line(&off, AT), said);
        let mut apart = off;
        apart.call_off(ItemId::new([2; 16]), "Snow.", "Jo", before);
        let both = format!("{said}; called off 22 Nov 2026, 15:18 by Jo: Snow.");
        assert_eq!(line(&apart, AT), both);
        let mut right = DosingSession::new(2, before);
        right.correct(ItemId::new([1; 16]), AT, "The day was wrong.", "Maya", AT);
        let said =
            "2  23 Nov 2026, 15:18; corrected from 22 Nov 2026, 15:18 by Maya: The day was wrong.";
        assert_eq!(line(&right, AT), said);
        session.call_off(ItemId::new([1; 16]), "You were ill.", "Maya", AT);
        let said = "2  23 Nov 2026, 15:18; did not take place, said 23 Nov 2026, 15:18 by Maya: You were ill.";
        assert_eq!(line(&session, AT), said);
    }
}
