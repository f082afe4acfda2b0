//! The fields of the kinds around a dosing session: what they may hold.

use serde_json::{Value, json};

use super::{AT, Sort};
use crate::domain::commitment::Became;
use crate::domain::flag::FlagSource;
use crate::domain::flag_rule::RuleWhen;
use crate::domain::limits;
use crate::domain::medicine_record::Route;
use crate::domain::session_preparation::EscortMode;
use crate::domain::visit::{VisitPurpose, VisitWay};

/// Of a field of one of these kinds that no other kind has alike; `None` for all others.
pub(super) fn sort_of(kind: &str, field: &str) -> Option<Sort> {
    let line = |most, needed| Sort::Line { most, needed };
    let text = |most, needed| Sort::Paragraphs { most, needed };
    let known = |words: Vec<&str>| Sort::Word {
        known: words.into_iter().map(str::to_owned).collect(),
    };
    let minutes = |least| Sort::Number {
        least,
        most: limits::BLOCK_MINUTES.into(),
    };
    // What stands in the clinic space says what its copies say.
    let kind = match kind {
        "clinic_monitoring" => "monitoring",
        "clinic_support_card" => "support_card",
        kind => kind,
    };
    Some(match (kind, field) {
        ("session", "medicine_minutes") | ("visit", "minutes") => minutes(1),
        ("session", "arrival_minutes" | "coming_back_minutes" | "grounding_minutes") => minutes(0),
        ("session", "place" | "therapist" | "medical_provider")
        | ("visit", "place" | "with")
        | ("session_preparation", "escort_name")
        | ("monitoring", "responsible")
        | ("flag", "raised_by") => line(limits::NAME, false),
        ("session" | "visit", "address" | "contact") => line(limits::PLACE, false),
        ("visit", "purpose") => known(VisitPurpose::ALL.iter().map(VisitPurpose::as_str).collect()),
        ("visit", "way") => known(VisitWay::ALL.iter().map(VisitWay::as_str).collect()),
        ("session_preparation", "eyeshades" | "music") | ("account_end", "taken_back") => truth(),
        ("session_preparation", "music_note")
        | ("contact_request" | "flag", "words")
        | ("commitment", "became_words") => text(limits::NOTE, false),
        ("commitment" | "next_session_item", "text") => text(limits::NOTE, true),
        ("intention", "text") => text(limits::NOTE, false),
        ("intention", "values") => Sort::Words,
        ("session_preparation", "music_link") => link(),
        ("session_preparation", "escort_phone") | ("support_card", "clinic_number") => number(),
        ("session_preparation", "escort_mode") => {
            known(EscortMode::ALL.iter().map(EscortMode::as_str).collect())
        }
        ("session_preparation", "escort_words") => ride_digest(),
        ("session_preparation", "done") => Sort::Words,
        ("session_preparation", "escort_confirmed_at")
        | ("medicine_shown" | "contact_request", "taken_back_at")
        | ("flag_rule", "retired_at") => Sort::Moment,
        ("medicine_record" | "medicine_shown", "route") => {
            known(Route::ALL.iter().map(Route::as_str).collect())
        }
        ("medicine_record" | "medicine_shown", "dose") => line(limits::DOSE, false),
        ("medicine_shown", "copy_of") => Sort::Hex {
            of: "document id",
            bytes: 16,
        },
        ("medicine_record", "vitals") => vitals(),
        ("flag", "source") => known(FlagSource::ALL.iter().map(FlagSource::as_str).collect()),
        ("session", "steps") => session_steps(),
        ("session_preparation", "day_words") => day_words(),
        ("flag", "steps") => steps(),
        ("flag_rule", "measure") => line(limits::WORD, true),
        ("flag_rule", "words") => line(limits::TITLE, true),
        ("flag_rule", "when") => known(RuleWhen::ALL.iter().map(RuleWhen::as_str).collect()),
        ("flag_rule", "points") => Sort::Number {
            least: 1,
            most: limits::POINTS.into(),
        },
        ("flag_rule", "item") => Sort::Number { least: 1, most: 99 },
        ("monitoring", "hours") => hours(),
        ("reminder_preferences", "check_in_time") => time_of_day(),
        ("reminder_preferences", "quiet_hours") => quiet_hours(),
        ("reminder_preferences", "all") => told(
            "`open`, a day like `2026-12-01`, or nothing",
            vec![json!(""), json!("open"), json!("2026-12-01")],
            vec![json!("2026-02-30"), json!("soon"), json!(true)],
        ),
        ("reminder_preferences", "paused") => told(
            "topics to `open` or a day: `check_in` to `2026-12-01`",
            vec![
                json!({}),
                json!({"check_in": "open", "measure": "2026-12-01"}),
            ],
            vec![
                json!({"check_in": ""}),
                json!({"check_in": "soon"}),
                json!({"": "open"}),
            ],
        ),
        ("reminder_preferences", "moved") => told(
            "names of reminders to times of a day: `day_before` to `17:15`",
            vec![json!({}), json!({"day_before": "17:15"})],
            vec![json!({"day_before": "25:00"}), json!({"day_before": 17})],
        ),
        ("reminder_preferences", "words_since" | "neutral_since") => Sort::Moment,
        ("monitoring", "zone") => zone(),
        ("support_card", "region") => region(),
        ("support_card", "lines") => card_lines(),
        ("support_card", "version") => Sort::Number {
            least: 1,
            most: limits::CARD_VERSION.into(),
        },
        (
            "safety_plan",
            "warning_signs" | "coping" | "distraction" | "people_to_ask" | "professionals"
            | "surroundings" | "reasons_to_live",
        ) => plan_lines(),
        ("commitment", "review_on") | ("readiness", "revisit_on") => day(),
        ("commitment", "became") => known(Became::ALL.iter().map(Became::as_str).collect()),
        _ => return None,
    })
}

fn told(as_words: impl Into<String>, taken: Vec<Value>, refused: Vec<Value>) -> Sort {
    Sort::Told {
        as_words: as_words.into(),
        taken,
        refused,
    }
}

fn truth() -> Sort {
    told(
        "true or false",
        vec![json!(true), json!(false)],
        vec![json!("true"), json!(1)],
    )
}

fn number() -> Sort {
    let long = |length| json!("5".repeat(length));
    told(
        format!(
            "a phone number or nothing: digits, spaces and `-().`, a `+` in front; at most {} characters",
            limits::PHONE_NUMBER
        ),
        vec![
            json!(""),
            json!("+1 (307) 555-0100"),
            long(limits::PHONE_NUMBER),
        ],
        vec![
            json!("Ada"),
            json!("1+1"),
            json!("-"),
            json!(911),
            long(limits::PHONE_NUMBER + 1),
        ],
    )
}

fn link() -> Sort {
    let long = |length: usize| json!(format!("https://example.org/{}", "x".repeat(length - 20)));
    told(
        format!(
            "an address that begins with `https://`, or nothing; at most {} characters",
            limits::ADDRESS
        ),
        vec![
            json!(""),
            json!("https://example.org/a?b#c"),
            long(limits::ADDRESS),
        ],
        vec![
            json!("http://example.org"),
            json!("javascript:alert(1)"),
            json!("https://a@b.example"),
            long(limits::ADDRESS + 1),
        ],
    )
}

/// A digest that fits nothing is kept: the ride is then not agreed.
fn ride_digest() -> Sort {
    let long = |length: usize| json!("x".repeat(length));
    told(
        format!(
            "SHA-256, in hex, over `escort_name`, `escort_phone`, `escort_mode` and the milliseconds of the \
             session's `at` in decimals, each as length u64 ‖ UTF-8: the ride is confirmed as long as it fits. \
             One line, at most {} characters",
            limits::DIGEST
        ),
        vec![json!(""), long(limits::DIGEST)],
        vec![long(limits::DIGEST + 1), json!(1)],
    )
}

fn id(n: usize) -> String {
    format!("{n:032x}")
}

/// A list of one item.
fn one(item: &Value) -> Value {
    let mut item = item.clone();
    item["order"] = json!("80");
    json!({ id(1): item })
}

fn many(count: usize, item: &Value) -> Value {
    let items = (0..count).map(|n| {
        let mut item = item.clone();
        item["order"] = json!("80");
        (id(n), item)
    });
    items.collect::<serde_json::Map<_, _>>().into()
}

/// The item with one field changed.
fn but(item: &Value, field: &str, value: Value) -> Value {
    let mut item = item.clone();
    item[field] = value;
    one(&item)
}

fn items(as_words: &str, most: usize, item: &Value, refused: Vec<Value>) -> Sort {
    let mut refused = refused;
    refused.push(many(most + 1, item));
    refused.push(json!([item]));
    told(
        format!("at most {most} items: {as_words}"),
        vec![json!({}), one(item), many(most, item)],
        refused,
    )
}

fn vitals() -> Sort {
    let reading = json!({
        "at": AT, "systolic": 118, "diastolic": 76, "pulse": 68, "spo2": 97, "dissociation": 4,
        "note": "Calm.", "by": "Dr. Moss",
    });
    items(
        "`at` a moment; whole numbers that may be missing: `systolic` 40 to 300, `diastolic` 20 to 200 and \
         below it, `pulse` 20 to 300, `spo2` 40 to 100, `dissociation` 0 to 10; `note` paragraphs, \
         at most 4000 bytes of UTF-8; not all of them missing; `by` one line, at most 120 characters",
        limits::VITALS,
        &reading,
        vec![
            but(&reading, "systolic", json!(301)),
            but(&reading, "diastolic", json!(118)),
            but(&reading, "pulse", json!(19)),
            but(&reading, "spo2", json!(101)),
            but(&reading, "dissociation", json!(11)),
            but(&reading, "note", json!("x".repeat(limits::NOTE + 1))),
            but(&reading, "by", json!("x".repeat(limits::NAME + 1))),
            but(&reading, "at", json!("noon")),
            one(&json!({ "at": AT })),
        ],
    )
}

fn steps() -> Sort {
    let step = json!({"act": "closed", "by": "Maya", "at": AT, "words": "Talked by phone."});
    items(
        "`act` a word (known: `acknowledged`, `closed`, `reopened`), `by` 1 to 120 characters, `at` a \
         moment, `words` paragraphs, at most 4000 bytes of UTF-8 and not empty where it is closed. Writers \
         only add items",
        limits::FLAG_STEPS,
        &step,
        vec![
            but(&step, "act", json!("")),
            but(&step, "by", json!("")),
            but(&step, "words", json!("")),
            but(&step, "at", json!(1)),
        ],
    )
}

fn session_steps() -> Sort {
    let step = json!({
        "act": "called_off", "of": AT, "ends": AT, "reason": "She was ill.", "by": "Maya", "at": AT,
    });
    let corrected = but(&step, "act", json!("corrected"));
    items(
        "`act` one of `called_off`, `put_back`, `corrected`, `moved`, `parts_changed`, `of`, `ends` and `at` moments \
         (`of` and `ends`: the beginning and the end before it was said), `reason` a line of at most 500 \
         characters and not empty where a time is corrected or a session called off that had begun, `by` 1 to 120 \
         characters. Writers only add items",
        limits::STEPS,
        &step,
        vec![
            but(&step, "act", json!("paused")),
            but(&step, "by", json!("")),
            but(&step, "ends", json!("later")),
            but(&step, "reason", json!("")),
            but(&corrected, "reason", json!("")),
        ],
    )
}

fn day_words() -> Sort {
    let word = json!({"mark": "here", "act": "said", "at": AT, "turn": AT});
    items(
        "`mark` one of `here`, `ended`, `act` one of `said`, `taken_back`, `at` and `turn` moments; words are read in \
         the order of `turn`, then of their names, and `turn` is after every word that their writer knew. Writers only \
         add items",
        limits::STEPS,
        &word,
        vec![
            but(&word, "mark", json!("gone")),
            but(&word, "act", json!("")),
            but(&word, "at", json!(1)),
            but(&word, "turn", json!(1)),
        ],
    )
}

fn card_lines() -> Sort {
    let line = json!({"label": "County crisis line", "number": "988", "how": "call"});
    items(
        "`label` 1 to 200 characters, `how` a word (known: `call`, `text`, `web`), `number` a phone number, \
         or for `web` an https address",
        limits::PLAN_LINES,
        &line,
        vec![
            but(&line, "label", json!("")),
            but(&line, "number", json!("")),
            but(&line, "number", json!("help")),
            but(&line, "how", json!("web")),
        ],
    )
}

fn plan_lines() -> Sort {
    let line = json!({"text": "Walk to the lake.", "number": "+1 307 555 0100"});
    items(
        "`text` paragraphs, at most 1000 bytes of UTF-8; `number` a phone number or nothing; not both empty",
        limits::PLAN_LINES,
        &line,
        vec![
            but(&line, "text", json!("x".repeat(limits::PLAN_LINE + 1))),
            but(&line, "number", json!("ask Jo")),
            one(&json!({"text": "", "number": ""})),
        ],
    )
}

fn time_of_day() -> Sort {
    told(
        "a time of day like `19:00`",
        vec![json!("00:00"), json!("23:59")],
        vec![json!("24:00"), json!("7:00"), json!(19)],
    )
}

fn quiet_hours() -> Sort {
    told(
        "hours like `21:00-09:00` that leave at least six of a day, or nothing",
        vec![json!(""), json!("21:00-09:00")],
        vec![json!("09:00-08:00"), json!("21-9"), json!(21)],
    )
}

fn hours() -> Sort {
    told(
        "`mon` to `sun` to times of that day, ascending: `09:00-12:30, 14:00-24:00`, or nothing",
        vec![
            json!({}),
            json!({"mon": "", "sun": "00:00-24:00"}),
            json!({"tue": "09:00-12:30, 14:00-17:00"}),
        ],
        vec![
            json!({"monday": "09:00-10:00"}),
            json!({"mon": "9-10"}),
            json!({"mon": "17:00-09:00"}),
            json!({"mon": "09:00-11:00, 10:00-12:00"}),
            json!({"mon": 9}),
            json!(["mon"]),
        ],
    )
}

fn zone() -> Sort {
    let long = |length: usize| json!("x".repeat(length));
    told(
        format!(
            "the IANA name of a time zone, or nothing; at most {} characters",
            limits::ZONE
        ),
        vec![
            json!(""),
            json!("America/Denver"),
            json!("Etc/GMT+7"),
            long(limits::ZONE),
        ],
        vec![
            json!("in the mountains"),
            json!("../x"),
            json!(7),
            long(limits::ZONE + 1),
        ],
    )
}

fn region() -> Sort {
    told(
        "a country by ISO 3166-1: two capital letters",
        vec![json!("US"), json!("DE")],
        vec![
            json!(""),
            json!("us"),
            json!("USA"),
            json!("XX"),
            json!("ÄÖ"),
        ],
    )
}

fn day() -> Sort {
    let in_year = |year: i32| json!(format!("{year}-06-01"));
    let (first, last) = (limits::SESSION_FIRST_YEAR, limits::SESSION_LAST_YEAR);
    told(
        format!("a day in the years {first} to {last}: `2026-12-01`"),
        vec![json!("2026-12-01"), in_year(first), in_year(last)],
        vec![
            json!("2026-02-30"),
            json!(AT),
            json!("soon"),
            in_year(first - 1),
            in_year(last + 1),
        ],
    )
}
