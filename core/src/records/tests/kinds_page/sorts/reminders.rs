//! What each field of a clinic's rules for reminders may hold.

use serde_json::{Value, json};

use super::Sort;
use crate::domain::{HoldsFor, limits};

/// Of a field of those kinds; `None` for all others.
pub(super) fn of_reminders(kind: &str, field: &str) -> Option<Sort> {
    if !["reminder_rules", "clinic_reminder_rules"].contains(&kind) {
        return None;
    }
    let number = |least, most| Sort::Number { least, most };
    Some(match field {
        "clinic_zone" => told(
            "an IANA time zone: `America/New_York`, or nothing",
            vec![json!(""), json!("America/New_York")],
            vec![json!("Mars/Olympus"), json!(5)],
        ),
        "per_day" => number(1, 6),
        "times_asked" => number(1, 7),
        "quiet_hours_after_session" => number(24, 168),
        "thin_after" => number(1, 30),
        "check_in_every" => number(1, 60),
        "quiet" => told(
            "hours that leave at least six of a day: `21:00-09:00`, or nothing",
            vec![json!(""), json!("22:00-08:00")],
            vec![json!("01:00-23:00"), json!("late"), json!(9)],
        ),
        "check_in_at" => told(
            "a time of day: `19:00`, or nothing",
            vec![json!(""), json!("19:30")],
            vec![json!("25:00"), json!("7 pm"), json!(19)],
        ),
        "changes" => Sort::Items {
            most: limits::REMINDERS,
            item: json!({"rule": "day_before", "off": false, "number": -2, "at": "17:00", "times": 1,
                "topic": "", "words": "Two days to go."}),
            with: json!({}),
        },
        "holds_for" => Sort::Word {
            known: HoldsFor::ALL
                .iter()
                .map(|word| word.as_str().to_owned())
                .collect(),
        },
        _ => return None,
    })
}

fn told(as_words: &str, taken: Vec<Value>, refused: Vec<Value>) -> Sort {
    Sort::Told {
        as_words: as_words.to_owned(),
        taken,
        refused,
    }
}
