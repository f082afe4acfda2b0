//! What each field of releases, of what was told by them, and of who looks may hold.

use serde_json::{Value, json};

use super::{AT, Sort};
use crate::domain::release::AtProgrammeEnd;
use crate::domain::{RecordSection, limits};

/// Of a field of those kinds; `None` for all others.
pub(super) fn of_releases(kind: &str, field: &str) -> Option<Sort> {
    let line = |most, needed| Sort::Line { most, needed };
    let number = |most: u32| Sort::Number {
        least: 1,
        most: most.into(),
    };
    let terms = ["release", "release_request"].contains(&kind);
    Some(match (kind, field) {
        ("release" | "release_request" | "disclosure", "provider") => line(limits::NAME, true),
        (_, "what") if terms => line(limits::TITLE, true),
        (_, "contact") if terms => line(limits::PLACE, false),
        (_, "purpose") if terms => line(limits::REASON, true),
        (_, "sections") if terms => sections(true),
        ("disclosure", "sections") => sections(false),
        (_, "at_programme_end") if terms => {
            Sort::OneOf(AtProgrammeEnd::ALL.map(AtProgrammeEnd::as_str).to_vec())
        }
        ("release", "until") => Sort::Told {
            as_words: "moment, after `from`".to_owned(),
            taken: vec![json!("9999-12-31T23:59:59.999+00:00")],
            refused: vec![
                json!("2020-01-01T00:00:00.000+00:00"),
                json!("soon"),
                json!(5),
            ],
        },
        ("release", "from") => Sort::Told {
            as_words: "moment, before `until`".to_owned(),
            taken: vec![json!(AT), json!("0000-01-01T00:00:00.000+00:00")],
            refused: vec![json!("9999-12-31T23:59:59.999+00:00"), json!("soon")],
        },
        ("release_request", "until" | "taken_back_at") => Sort::Moment,
        ("release", "programme" | "request") => Sort::Hex {
            of: "document id",
            bytes: 16,
        },
        ("release", "narrowed") => Sort::Items {
            most: limits::STEPS,
            item: json!({"without": "costs", "until": AT, "at": AT}),
            with: json!({}),
        },
        ("release", "taken_back") => Sort::Items {
            most: limits::STEPS,
            item: json!({"words": "", "at": AT}),
            with: json!({}),
        },
        ("release_declined", "reason") => line(limits::REASON, false),
        ("disclosure", "documents") => documents(),
        ("disclosure", "part" | "parts") => number(limits::DISCLOSED_PARTS),
        ("access", "role") => line(limits::WORD, true),
        ("access", "day") => Sort::Day,
        ("access", "first" | "last") => Sort::Told {
            as_words: "section to a moment".to_owned(),
            taken: vec![json!({}), json!({"journal": AT})],
            refused: vec![json!({"journal": "soon"}), json!({"everything": AT})],
        },
        ("access", "emergencies") => emergencies(),
        ("people" | "clinic_people", "people") => Sort::Items {
            most: limits::PEOPLE,
            item: json!({"name": "Maya", "role": "therapist", "sections": "costs journal"}),
            with: json!({}),
        },
        ("release_rules" | "clinic_release_rules", "longest_days") => number(limits::RELEASE_DAYS),
        ("release_rules" | "clinic_release_rules", "part_2") => Sort::Told {
            as_words: "`true` or `false`".to_owned(),
            taken: vec![json!(true), json!(false)],
            refused: vec![json!("yes"), json!(1)],
        },
        _ => return None,
    })
}

fn sections(needed: bool) -> Sort {
    let words = RecordSection::ALL.map(RecordSection::as_str);
    let mut refused = vec![
        json!("everything"),
        json!(["journal"]),
        json!({"journal": true}),
    ];
    let mut taken = vec![json!("journal"), json!(words.join(" "))];
    if needed { &mut refused } else { &mut taken }.push(json!(""));
    let least = if needed { "at least one" } else { "any" };
    let words = words.map(|word| format!("`{word}`")).join(", ");
    Sort::Told {
        as_words: format!("one line of {least} of {words}"),
        taken,
        refused,
    }
}

fn emergencies() -> Sort {
    let of = |until: &str| json!({"1795464600000-1": {"begun": AT, "until": until, "ended": AT, "looks": {"journal": AT}}});
    Sort::Told {
        as_words: format!(
            "name, one line, 1 to {} characters, to: `begun` and `until`, moments; `ended`, a moment, may be missing; \
             `looks`, section to a moment",
            limits::WORD
        ),
        taken: vec![json!({}), of(AT)],
        refused: vec![of("soon"), json!([])],
    }
}

fn documents() -> Sort {
    let map = |count: usize| -> Value {
        let one = |n: usize| (format!("{n:032x}"), json!("0a".repeat(32)));
        (0..count)
            .map(one)
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    Sort::Told {
        as_words: format!("document id to revision, at most {}", limits::DISCLOSED),
        taken: vec![map(0), map(limits::DISCLOSED)],
        refused: vec![map(limits::DISCLOSED + 1), json!({"x": "0a"}), json!([])],
    }
}
