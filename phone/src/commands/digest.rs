//! What the clinic sees at a glance of what this person shared: told as it is, with the rule of each part.

mod as_json;

use companion_core::domain::digest::{
    Coming, Concern, Handled, Line, MoodMovement, ScoreMovement, Section, Silence, What, Why,
};
use companion_core::domain::disclosed::Doubts;
use companion_core::domain::session_preparation::StillOpen;
use companion_core::domain::{Moment, Rating};
use companion_core::patient::AtAGlance;

use super::{Done, Phone, plan, support};
use crate::args::integration::Glance;
use crate::error::PhoneError;
use crate::format;

/// So many days back where there was no session.
const DAYS: i64 = 7;
const DAY_MS: i64 = 86_400_000;

pub(super) fn digest(phone: &mut Phone<'_, '_>, asked: &Glance) -> Done {
    let since = since(phone, asked)?;
    let seen = phone.patient.at_a_glance(since)?;
    if asked.shape.json {
        return phone.json(&as_json::of(&seen));
    }
    let now = phone.now;
    phone.say(&format!(
        "What your clinic sees at a glance of what you shared, since {}.\n\
         Nothing of what is only yours is in it.",
        format::time(since, now)
    ))?;
    for section in Section::ALL {
        let lines = lines(&seen, section, now);
        if lines.is_empty() {
            continue;
        }
        phone.say(&format!(
            "\n{}\n  (The rule: {})",
            heading(section),
            section.rule()
        ))?;
        for line in &lines {
            phone.say(&format!("  {line}"))?;
        }
        if section == Section::Safety {
            phone.say(
                "  Your clinic sees this first, together with what it is doing about it. What it does stays there and \
                 is not known on this phone.",
            )?;
        }
        if section == Section::ToTalkAbout {
            phone.say(
                "  What your clinic marks as talked about leaves its list, and stays on this one: such marks stay \
                 at the clinic.",
            )?;
        }
    }
    let waiting = seen.not_received.len();
    if waiting > 0 {
        let things = match waiting {
            1 => "1 thing that you shared has".to_owned(),
            many => format!("{many} things that you shared have"),
        };
        phone.say(&format!(
            "\n{things} not reached your clinic yet as it stands here, and may be missing there."
        ))?;
    }
    let call = support::to_be_called(phone, "phone contact ask")?;
    phone.say(&format!(
        "\nNobody promises to look at it before your session. {call}"
    ))
}

/// Since when: the day that was typed, or else the last session, or else some days ago.
fn since(phone: &Phone<'_, '_>, asked: &Glance) -> Result<Moment, PhoneError> {
    let now = phone.now;
    if let Some(day) = asked.since {
        let midnight = day.and_hms_opt(0, 0, 0);
        let midnight = midnight.map(|at| at.and_utc().timestamp_millis());
        let local = midnight.map(|ms| ms - i64::from(now.offset_minutes) * 60_000);
        return local
            .map(|unix_ms| Moment { unix_ms, ..now })
            .ok_or_else(|| PhoneError::Usage("give a day like 2026-11-23".to_owned()));
    }
    let sessions = phone.patient.plan()?.sessions.into_iter();
    let held = sessions
        .filter(|session| session.takes_place() && session.at.unix_ms < now.unix_ms)
        .map(|session| session.at);
    Ok(held.max_by_key(|at| at.unix_ms).unwrap_or(Moment {
        unix_ms: now.unix_ms.saturating_sub(DAYS * DAY_MS),
        ..now
    }))
}

const fn heading(section: Section) -> &'static str {
    match section {
        Section::Safety => "Thoughts of death, and what waits for somebody",
        Section::NextSession => "Next session",
        Section::ToTalkAbout => "To talk about",
        Section::Changed => "New or changed",
        Section::LeftUndone => "What you wanted to do",
        Section::Moods => "Check-ins",
        Section::Totals => "Questionnaires",
        Section::Silence => "Quiet",
    }
}

fn lines(seen: &AtAGlance, section: Section, now: Moment) -> Vec<String> {
    let digest = &seen.digest;
    let told = |lines: &[Line]| lines.iter().map(|one| line(seen, one, now)).collect();
    match section {
        Section::Safety => digest.safety.iter().map(|one| concern(one, now)).collect(),
        Section::NextSession => digest
            .next_session
            .iter()
            .flat_map(|next| coming(next, now))
            .collect(),
        Section::ToTalkAbout => told(&digest.to_talk_about),
        Section::Changed => told(&digest.changed),
        Section::LeftUndone => told(&digest.left_undone),
        Section::Moods => digest.moods.iter().map(mood).collect(),
        Section::Totals => digest.totals.iter().map(|one| total(one, now)).collect(),
        Section::Silence => digest
            .silence
            .iter()
            .map(|one| silence(*one, now))
            .collect(),
    }
}

/// What stands on top.
fn concern(one: &Concern, now: Moment) -> String {
    let (at, state) = (format::time(one.when, now), handled(&one.handled, now));
    match &one.what {
        What::Flag { source, words } => match &**words {
            "" => format!("{} ({at}{state})", source.label()),
            words => format!("{words} ({at}{state})"),
        },
        What::Answer {
            measure,
            item,
            points: Some(points),
        } => format!("{measure}, question {item}: answered with {points} ({at}{state})"),
        What::Answer { measure, item, .. } => {
            format!("{measure}, question {item}: the answer can't be read here ({at}{state})")
        }
    }
}

/// How far people are with it, after what it is.
fn handled(handled: &Handled, now: Moment) -> String {
    let said =
        |what: &str, by: &str, at: Moment| format!("; {what} by {by}, {}", format::time(at, now));
    match handled {
        Handled::NoFlag => "; no flag was raised".to_owned(),
        Handled::New => "; nobody has acknowledged it".to_owned(),
        Handled::Reopened { by, at } => said("opened again", by, *at),
        Handled::Acknowledged { by, at } => said("acknowledged", by, *at),
        Handled::Closed { by, at } => said("closed", by, *at),
        Handled::NotHere => String::new(),
    }
}

/// What is to be doubted of a line, after what it says.
fn doubts(doubts: Doubts) -> String {
    let said = [
        (doubts.in_two_wordings, "; it stands in two wordings"),
        (
            doubts.clock_ahead,
            "; written by a clock that was ahead, so its time is when it was received",
        ),
    ];
    let said = said.into_iter().filter(|(is, _)| *is);
    said.map(|(_, words)| words).collect()
}

fn line(seen: &AtAGlance, line: &Line, now: Moment) -> String {
    let why = match &line.why {
        Why::WantsToTalk => String::new(),
        Why::New => "; new".to_owned(),
        Why::Edited { at } => format!("; changed {}", format::time(*at, now)),
        Why::NothingSaid => "; its day has come, and nothing is said of it yet".to_owned(),
        Why::Became(became) => format!("; {}", became.label()),
    };
    let waits = match seen.not_received.contains(&line.id) {
        true => "; not with the clinic yet",
        false => "",
    };
    let (id, kind) = (format::short(line.id), line.kind.in_words());
    let when = match line.came_late {
        Some(came) => format!(
            "recorded {} · received {}",
            format::time(line.when, now),
            format::time(came, now)
        ),
        None => format::time(line.when, now),
    };
    let doubts = doubts(line.doubts);
    match &*line.words {
        "" => format!("{id}  {kind} ({when}{why}{doubts}{waits})"),
        words => format!("{id}  {words} ({kind}, {when}{why}{doubts}{waits})"),
    }
}

/// Who is there, what is wanted and what is open.
fn coming(next: &Coming, now: Moment) -> Vec<String> {
    let named = |name: &str| match name {
        "" => "not named".to_owned(),
        name => name.to_owned(),
    };
    let wish = |wish| match wish {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    };
    let mut lines = vec![
        format!("S{}, {}", next.number, format::time(next.at, now)),
        format!(
            "therapist: {}; medical provider: {}",
            named(&next.therapist),
            named(&next.medical_provider)
        ),
        format!(
            "eyeshades: {}; music: {}",
            wish(next.eyeshades),
            wish(next.music)
        ),
    ];
    let missing = next.not_named.iter();
    lines.extend(missing.map(|who| format!("open: {}", who.label())));
    lines.extend(
        next.closed
            .map(|closed| format!("before it, {}", plan::before_it(closed))),
    );
    lines.extend(
        next.open
            .iter()
            .map(|open| format!("open: {}", still_open(open))),
    );
    lines
}

fn still_open(open: &StillOpen) -> String {
    match open {
        StillOpen::NoRide => "nobody is named who takes you home".to_owned(),
        StillOpen::RideNotConfirmed => "the ride home is not confirmed".to_owned(),
        StillOpen::Item(item) => item.label().to_owned(),
    }
}

fn mood(moved: &MoodMovement) -> String {
    let said = |rating: Rating| format!("{} ({})", moved.scale.label(rating), rating.number());
    let before = moved.before.map_or_else(
        || "none before".to_owned(),
        |before| format!("before that {}", said(before)),
    );
    let doubted = match moved.doubted {
        0 => String::new(),
        1 => {
            "; 1 of them stands in two wordings or was written by a clock that was ahead".to_owned()
        }
        some => format!(
            "; {some} of them stand in two wordings or were written by a clock that was ahead"
        ),
    };
    format!(
        "{}: {}; first {}, last {}; lowest {}, highest {}; {before}{doubted}",
        moved.scale.name(),
        format::count(
            moved.answers.try_into().unwrap_or(u64::MAX),
            "answer",
            "answers"
        ),
        said(moved.first),
        said(moved.last),
        said(moved.lowest),
        said(moved.highest)
    )
}

fn total(moved: &ScoreMovement, now: Moment) -> String {
    let before = match (moved.before, moved.difference) {
        (Some((before, at)), Some(difference)) => {
            format!("; {before} on {}, so {difference:+}", format::time(at, now))
        }
        _ => "; none before".to_owned(),
    };
    let incomplete = match moved.incomplete {
        0 => String::new(),
        some => format!("; {some} without a total"),
    };
    let all = match &*moved.since_then {
        [] | [_] => String::new(),
        all => {
            let all = all.iter();
            let each = all.map(|(total, at)| format!("{total} on {}", format::time(*at, now)));
            let each: Vec<String> = each.collect();
            format!("; since then, first to last: {}", each.join(", "))
        }
    };
    format!(
        "{}{}: {} on {}{before}{all}{incomplete}",
        moved.measure,
        moved
            .item
            .map(|item| format!(", question {item}"))
            .unwrap_or_default(),
        moved.latest,
        format::time(moved.at, now)
    )
}

fn silence(quiet: Silence, now: Moment) -> String {
    match (quiet.last, quiet.days) {
        (Some(last), Some(days)) => format!(
            "You last wrote, changed or shared something for your clinic on {}, {} ago.",
            format::time(last, now),
            format::count(days.try_into().unwrap_or(0), "day", "days")
        ),
        _ => "You have shared nothing of this yet.".to_owned(),
    }
}
