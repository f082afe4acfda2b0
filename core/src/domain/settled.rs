//! What stands where one field was given different values apart and nobody has to choose between them: the same act on
//! two devices, and settings. A person is asked only about what people wrote.

use serde_json::Value;

use super::reminder_preferences::{LONGER_SILENCE, THE_LATER_STANDS, longer};
use super::{Moment, Visibility};

/// What a field says of which these values were given apart, as they stand at each of the newest changes (null for
/// none), and of which the document shows one. `None` where a person chooses. The same whatever the order.
pub(crate) fn settled(path: &str, shown: &Value, given: &[Value]) -> Option<Value> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let setting = path.split('.').next().unwrap_or(path);
    match path {
        "visibility" => to_talk_about(given),
        _ if LONGER_SILENCE.contains(&setting) => Some(longest_silence(given)),
        _ if THE_LATER_STANDS.contains(&setting) => Some(shown.clone()),
        // Of what was said to hold since then, whoever says so counts before whoever does not.
        _ if name.ends_with("_since") => instants(given.iter().filter(|it| !it.is_null()), true),
        _ if name.ends_with("_at") => instants(given.iter(), false),
        _ => None,
    }
}

/// The wish to talk about something survives that it was shared without it elsewhere.
fn to_talk_about(given: &[Value]) -> Option<Value> {
    let is = |value: &Value, how: Visibility| value.as_str() == Some(how.as_str());
    let (talk, read) = (Visibility::TalkInSession, Visibility::CareTeam);
    let are_shared = given.iter().all(|it| is(it, talk) || is(it, read));
    let is_wished = given.iter().any(|it| is(it, talk));
    (are_shared && is_wished).then(|| Value::from(talk.as_str()))
}

fn longest_silence(given: &[Value]) -> Value {
    let mut longest = String::new();
    for word in given.iter().filter_map(Value::as_str) {
        longest = longer(&longest, word);
    }
    Value::from(longest)
}

/// The first or the last of instants: the same act, done on two devices. `None` where one of them is none.
fn instants<'a>(given: impl Iterator<Item = &'a Value>, last: bool) -> Option<Value> {
    let read = |value: &'a Value| {
        let at: Moment = value.as_str()?.parse().ok()?;
        Some((at.unix_ms, value.as_str()?, value))
    };
    let mut all: Vec<_> = given.map(read).collect::<Option<_>>()?;
    all.sort_by_key(|(ms, text, _)| (*ms, *text));
    let one = if last { all.last() } else { all.first() };
    one.map(|(.., value)| (*value).clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_people_wrote_is_theirs_to_choose() {
        let (early, late) = (
            "2026-11-23T09:00:00.000-07:00",
            "2026-11-23T10:00:00.000-07:00",
        );
        for (path, given, stands) in [
            ("taken_back_at", json!([late, early]), Some(json!(early))),
            (
                "medicines.a1.stopped_at",
                json!([early, late]),
                Some(json!(early)),
            ),
            // That somebody did it, and that somebody undid it, are two things.
            ("taken_back_at", json!([null, early]), None),
            ("neutral_since", json!([null, early]), Some(json!(early))),
            ("words_since", json!([late, early]), Some(json!(late))),
            (
                "visibility",
                json!(["care_team", "talk_in_session"]),
                Some(json!("talk_in_session")),
            ),
            ("visibility", json!(["only_me", "talk_in_session"]), None),
            ("all", json!(["2026-12-01", "open"]), Some(json!("open"))),
            (
                "paused.measure",
                json!(["2026-12-03", null]),
                Some(json!("2026-12-03")),
            ),
            (
                "quiet_hours",
                json!(["22:00-08:00", "21:00-07:00"]),
                Some(json!("21:00-07:00")),
            ),
            (
                "moved.day_before",
                json!(["17:00", "16:00"]),
                Some(json!("16:00")),
            ),
            ("title", json!([early, late]), None),
            ("check_in_at", json!(["18:00", "19:00"]), None),
        ] {
            let mut given: Vec<Value> = given.as_array().cloned().unwrap_or_default();
            let shown = given.last().cloned().unwrap_or_default();
            assert_eq!(settled(path, &shown, &given), stands, "{path}");
            given.reverse();
            assert_eq!(
                settled(path, &shown, &given),
                stands,
                "{path}, in another order"
            );
        }
    }
}
