//! What the clinic sees at a glance of what this person shared: told as it is, with the rule of each part.

use companion_core::domain::digest::{
    Coming, Line, MoodMovement, ScoreMovement, Section, Silence, Why,
};
use companion_core::domain::session_preparation::StillOpen;
use companion_core::domain::{Moment, Rating, Scale};
use companion_core::patient::AtAGlance;
use serde_json::{Value, json};

use super::{Done, Phone, own, plan, support};
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
        return phone.json(&as_value(&seen));
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
    let (id, kind) = (format::short(line.id), own::kind_in_words(&line.kind));
    let when = match line.came_late {
        Some(came) => format!(
            "recorded {} · received {}",
            format::time(line.when, now),
            format::time(came, now)
        ),
        None => format::time(line.when, now),
    };
    match &*line.words {
        "" => format!("{id}  {kind} ({when}{why}{waits})"),
        words => format!("{id}  {words} ({kind}, {when}{why}{waits})"),
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

fn coming_as_value(next: &Coming) -> Value {
    json!({
        "session": next.session.to_string(),
        "number": next.number,
        "at": next.at,
        "waits_for": next.closed.map(|closed| closed.as_str()),
        "therapist": next.therapist,
        "medical_provider": next.medical_provider,
        "eyeshades": next.eyeshades,
        "music": next.music,
        "open": next.open.iter().map(|open| match open {
            StillOpen::NoRide => "escort",
            StillOpen::RideNotConfirmed => "escort_confirmation",
            StillOpen::Item(item) => item.as_str(),
        }).collect::<Vec<_>>(),
    })
}

fn mood(moved: &MoodMovement) -> String {
    let said = |rating: Rating| format!("{} ({})", moved.scale.label(rating), rating.number());
    let before = moved.before.map_or_else(
        || "none before".to_owned(),
        |before| format!("before that {}", said(before)),
    );
    format!(
        "{}: {}; first {}, last {}; lowest {}, highest {}; {before}",
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
        "{}: {} on {}{before}{all}{incomplete}",
        moved.measure,
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

fn as_value(seen: &AtAGlance) -> Value {
    let digest = &seen.digest;
    let told = |lines: &[Line]| lines.iter().map(|one| line_as_value(seen, one)).collect();
    let part =
        |section: Section, lines: Vec<Value>| json!({"rule": section.rule(), "lines": lines});
    json!({
        "since": digest.since,
        "made_at": digest.made_at,
        "next_session": {
            "rule": Section::NextSession.rule(),
            "session": digest.next_session.as_ref().map(coming_as_value),
        },
        "to_talk_about": part(Section::ToTalkAbout, told(&digest.to_talk_about)),
        "changed": part(Section::Changed, told(&digest.changed)),
        "left_undone": part(Section::LeftUndone, told(&digest.left_undone)),
        "moods": part(Section::Moods, digest.moods.iter().map(mood_as_value).collect()),
        "totals": part(Section::Totals, digest.totals.iter().map(total_as_value).collect()),
        "silence": {
            "rule": Section::Silence.rule(),
            "quiet": digest.silence.map(|quiet| json!({"last": quiet.last, "days": quiet.days})),
        },
        "not_received": seen.not_received.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn line_as_value(seen: &AtAGlance, line: &Line) -> Value {
    let (why, edited_at, became) = match &line.why {
        Why::WantsToTalk => ("wants_to_talk", None, None),
        Why::New => ("new", None, None),
        Why::Edited { at } => ("edited", Some(*at), None),
        Why::NothingSaid => ("nothing_said", None, None),
        Why::Became(became) => ("became", None, Some(became.as_str())),
    };
    json!({
        "id": line.id.to_string(),
        "kind": line.kind.as_str(),
        "words": line.words,
        "at": line.when,
        "came_late": line.came_late,
        "why": why,
        "edited_at": edited_at,
        "became": became,
        "received": !seen.not_received.contains(&line.id),
    })
}

fn mood_as_value(moved: &MoodMovement) -> Value {
    let scale = match moved.scale {
        Scale::Valence => "valence",
        Scale::Energy => "energy",
        Scale::Anxiety => "anxiety",
        Scale::Sleep => "sleep",
    };
    json!({
        "scale": scale,
        "answers": moved.answers,
        "first": moved.first,
        "last": moved.last,
        "lowest": moved.lowest,
        "highest": moved.highest,
        "before": moved.before,
    })
}

fn total_as_value(moved: &ScoreMovement) -> Value {
    json!({
        "measure": moved.measure,
        "version": moved.version,
        "latest": moved.latest,
        "at": moved.at,
        "before": moved.before.map(|(total, at)| json!({"total": total, "at": at})),
        "difference": moved.difference,
        "since_then": moved.since_then.iter().map(|(total, at)| json!({"total": total, "at": at})).collect::<Vec<_>>(),
        "incomplete": moved.incomplete,
    })
}
