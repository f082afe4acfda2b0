//! The digest as JSON, for scripts: what is shown in words, under names of its own, with the rule of each part.

use companion_core::domain::Scale;
use companion_core::domain::digest::{
    Coming, Concern, Handled, Line, MoodMovement, ScoreMovement, Section, What, Why,
};
use companion_core::domain::near_session::NotNamed;
use companion_core::domain::session_preparation::StillOpen;
use companion_core::patient::AtAGlance;
use serde_json::{Value, json};

pub(super) fn of(seen: &AtAGlance) -> Value {
    let digest = &seen.digest;
    let told = |lines: &[Line]| lines.iter().map(|one| line_as_value(seen, one)).collect();
    let part =
        |section: Section, lines: Vec<Value>| json!({"rule": section.rule(), "lines": lines});
    json!({
        "since": digest.since,
        "made_at": digest.made_at,
        "safety": {
            "rule": Section::Safety.rule(),
            "lines": digest.safety.iter().map(concern_as_value).collect::<Vec<_>>(),
        },
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

fn coming_as_value(next: &Coming) -> Value {
    json!({
        "session": next.session.to_string(),
        "number": next.number,
        "at": next.at,
        "therapist": next.therapist,
        "medical_provider": next.medical_provider,
        "not_named": next.not_named.iter().map(|who| NotNamed::as_str(*who)).collect::<Vec<_>>(),
        "eyeshades": next.eyeshades,
        "music": next.music,
        "open": next.open.iter().map(|open| match open {
            StillOpen::NoRide => "escort",
            StillOpen::RideNotConfirmed => "escort_confirmation",
            StillOpen::Item(item) => item.as_str(),
        }).collect::<Vec<_>>(),
    })
}

fn concern_as_value(one: &Concern) -> Value {
    let state = match &one.handled {
        Handled::NoFlag => "no_flag",
        Handled::New => "new",
        Handled::Reopened { .. } => "reopened",
        Handled::Acknowledged { .. } => "acknowledged",
        Handled::Closed { .. } => "closed",
        Handled::NotHere => "not_here",
    };
    let (source, words, measure, item, points) = match &one.what {
        What::Flag { source, words } => (Some(source.as_str()), Some(words), None, None, None),
        What::Answer {
            measure,
            item,
            points,
        } => (None, None, Some(measure), Some(item), *points),
    };
    json!({
        "about": one.about.map(|about| about.to_string()),
        "source": source,
        "words": words,
        "measure": measure,
        "item": item.map(ToString::to_string),
        "points": points.map(|points| points.to_string()),
        "at": one.when,
        "state": state,
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
        "in_two_wordings": line.doubts.in_two_wordings,
        "clock_ahead": line.doubts.clock_ahead,
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
        "doubted": moved.doubted,
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
        "item": moved.item,
        "latest": moved.latest,
        "at": moved.at,
        "before": moved.before.map(|(total, at)| json!({"total": total, "at": at})),
        "difference": moved.difference,
        "since_then": moved.since_then.iter().map(|(total, at)| json!({"total": total, "at": at})).collect::<Vec<_>>(),
        "incomplete": moved.incomplete,
    })
}
