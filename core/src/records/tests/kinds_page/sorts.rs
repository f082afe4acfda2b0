//! What each field of each kind may hold: in words for the page, and as values to try it with.

mod of_sessions;

use serde_json::{Value, json};

use crate::domain::{DeviceSort, EntryKind, Phase, Visibility, limits};

const AT: &str = "2026-11-23T20:18:33.123+01:00";

/// What a field may hold.
pub(super) enum Sort {
    /// One line of so many characters.
    Line {
        most: usize,
        needed: bool,
    },
    /// Paragraphs of so many bytes; `needed` where they must not be empty.
    Paragraphs {
        most: usize,
        needed: bool,
    },
    /// A word of which new ones may come.
    Word {
        known: Vec<String>,
    },
    /// One of these words, and no others.
    OneOf(Vec<&'static str>),
    /// A set of lines.
    Words,
    Number {
        least: u64,
        most: u64,
    },
    Moment,
    /// A moment in the years of dosing sessions.
    SessionMoment,
    /// An id of so many bytes.
    Hex {
        of: &'static str,
        bytes: usize,
    },
    Revision,
    /// The bytes of a founding statement.
    Founding,
    Key,
    Counts,
    Steps,
    /// In words, with values that are taken and values that are refused.
    Told {
        as_words: String,
        taken: Vec<Value>,
        refused: Vec<Value>,
    },
}

/// Of every field of every kind. A new field needs a line here.
pub(super) fn sort_of(kind: &str, field: &str) -> Sort {
    let line = |most| Sort::Line {
        most,
        needed: false,
    };
    let needed_line = |most| Sort::Line { most, needed: true };
    let text = |most| Sort::Paragraphs {
        most,
        needed: false,
    };
    if let Some(sort) = of_sessions::sort_of(kind, field) {
        return sort;
    }
    match (kind, field) {
        ("session", "at") => Sort::SessionMoment,
        (_, "at" | "undone_at" | "called_off_at" | "moved_from" | "invited_at" | "paired_at")
        | ("patient", "refused_at" | "archived_at") => Sort::Moment,
        (_, "about" | "merged_into" | "patient") | ("entry", "session") => Sort::Hex {
            of: "document id",
            bytes: 16,
        },
        (_, "care_space") => Sort::Hex {
            of: "space id",
            bytes: 32,
        },
        (_, "member" | "grant_for" | "founder") | ("member_keys", "care" | "private") => {
            Sort::Hex {
                of: "member id",
                bytes: 32,
            }
        }
        ("member_keys", _) => Sort::Hex {
            of: "signature",
            bytes: 64,
        },
        (_, "revision") => Sort::Revision,
        (_, "words") => line(limits::DIGEST),
        (_, "visibility") => Sort::OneOf(Visibility::ALL.map(Visibility::as_str).to_vec()),
        (_, "by" | "name" | "clinic") => needed_line(limits::NAME),
        ("entry", "title") => line(limits::TITLE),
        ("entry", "body") => text(limits::BODY),
        ("entry", "kind") => {
            let known = EntryKind::ALL.iter().map(|kind| kind.as_str().to_owned());
            Sort::Word {
                known: known.collect(),
            }
        }
        ("entry", "mood") | ("check_in", "valence" | "energy" | "anxiety" | "sleep") => {
            Sort::Number { least: 1, most: 7 }
        }
        ("entry", "tags") | ("check_in", "feelings") => Sort::Words,
        (_, "note") => text(limits::NOTE),
        ("reply", "body") => Sort::Paragraphs {
            most: limits::BODY,
            needed: true,
        },
        ("session", "number") => Sort::Number {
            least: 1,
            most: limits::SESSION_NUMBER.into(),
        },
        ("patient", "initials") => line(limits::INITIALS),
        ("patient", "pronouns") => line(limits::PRONOUNS),
        ("patient", "phase") => Sort::OneOf(Phase::ALL.map(Phase::as_str).to_vec()),
        ("device", "sort") => {
            let sorts = [DeviceSort::Phone, DeviceSort::Tablet];
            Sort::OneOf(sorts.map(DeviceSort::as_str).to_vec())
        }
        ("clinic_profile", "server") => line(limits::ADDRESS),
        ("space_grant", "grant") => needed_line(limits::GRANT),
        ("evidence", "header") => needed_line(limits::SIGNED_HEADER),
        ("evidence", "counter") => Sort::Number {
            least: 0,
            most: u64::MAX,
        },
        ("care_key", "founding") => Sort::Founding,
        ("care_key", "key") => Sort::Key,
        ("delivery_receipt", "through") => Sort::Counts,
        ("delivery_receipt", "steps") => Sort::Steps,
        _ => panic!("say what {kind}.{field} may hold"),
    }
}

impl Sort {
    pub(super) fn described(&self) -> String {
        let list = |words: &mut dyn Iterator<Item = &str>| {
            words
                .map(|word| format!("`{word}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Sort::Line { most, needed } => {
                let least = if *needed { "1 to" } else { "at most" };
                format!("one line, {least} {most} characters")
            }
            Sort::Paragraphs { most, needed } => {
                let least = if *needed { "1 to" } else { "at most" };
                format!("paragraphs, {least} {most} bytes of UTF-8")
            }
            Sort::Word { known } => format!(
                "a word of 1 to {} characters; known: {}",
                limits::WORD,
                list(&mut known.iter().map(String::as_str))
            ),
            Sort::OneOf(words) => format!("one of {}", list(&mut words.iter().copied())),
            Sort::Words => format!(
                "at most {} lines of at most {} characters",
                limits::WORDS,
                limits::WORD
            ),
            Sort::Number { least, most } => format!("a whole number from {least} to {most}"),
            Sort::Moment => "moment".to_owned(),
            Sort::SessionMoment => format!(
                "moment in the years {} to {}",
                limits::SESSION_FIRST_YEAR,
                limits::SESSION_LAST_YEAR
            ),
            Sort::Hex { of, bytes } => format!("{of}, {} hex digits", bytes * 2),
            Sort::Revision => "revision".to_owned(),
            Sort::Founding => {
                "the bytes of a create statement, base64url without padding, at most 16000 characters"
                    .to_owned()
            }
            Sort::Key => "32 bytes, base64url without padding".to_owned(),
            Sort::Counts => "member id, in hex, to a counter (a whole number)".to_owned(),
            Sort::Steps => "`<member id>:<counter>` to a moment".to_owned(),
            Sort::Told { as_words, .. } => as_words.clone(),
        }
    }

    /// Values that are taken at the very limit, and values just beyond it.
    pub(super) fn probes(&self) -> (Vec<Value>, Vec<Value>) {
        let long = |length: usize| json!("x".repeat(length));
        match self {
            Sort::Line { most, needed } | Sort::Paragraphs { most, needed } => {
                let (mut taken, mut refused) = (vec![long(*most)], vec![long(most + 1), json!(1)]);
                if *needed { &mut refused } else { &mut taken }.push(json!(""));
                (taken, refused)
            }
            Sort::Word { known } => {
                let mut taken: Vec<_> = known.iter().map(|word| json!(word)).collect();
                taken.push(long(limits::WORD));
                (taken, vec![json!(""), json!(1), long(limits::WORD + 1)])
            }
            Sort::OneOf(words) => {
                let taken = words.iter().map(|word| json!(word)).collect();
                (taken, vec![json!("moon"), json!("")])
            }
            Sort::Words => {
                let set = |count: usize| -> Value {
                    (0..count)
                        .map(|n| (format!("w{n}"), json!(true)))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                };
                let one = |length: usize| json!({ "x".repeat(length): true });
                (
                    vec![set(0), set(limits::WORDS), one(limits::WORD)],
                    vec![set(limits::WORDS + 1), one(limits::WORD + 1), json!(["a"])],
                )
            }
            Sort::Number { least, most } => {
                // Beyond what 64 bits hold there is still one less than 0, and there are fractions.
                let less = least.checked_sub(1).map_or(json!(-1), |less| json!(less));
                let more = most
                    .checked_add(1)
                    .map_or(json!(2.0e19), |more| json!(more));
                (
                    vec![json!(least), json!(most)],
                    vec![less, more, json!("4"), json!(1.5)],
                )
            }
            Sort::Moment => (
                vec![
                    json!(AT),
                    json!("0000-01-01T00:00:00.000+00:00"),
                    json!("9999-12-31T23:59:59.999+00:00"),
                ],
                vec![
                    json!("yesterday"),
                    json!("2026-11-23T20:18:33"),
                    json!("9999-12-31T23:59:59.999-00:01"),
                    json!(5),
                ],
            ),
            Sort::SessionMoment => {
                let in_year = |year: i32| json!(format!("{year}-06-01T00:00:00.000+00:00"));
                let (first, last) = (limits::SESSION_FIRST_YEAR, limits::SESSION_LAST_YEAR);
                (
                    vec![json!(AT), in_year(first), in_year(last)],
                    vec![in_year(first - 1), in_year(last + 1), json!("soon")],
                )
            }
            Sort::Hex { bytes, .. } => (
                vec![json!("0a".repeat(*bytes))],
                vec![
                    json!("0a".repeat(bytes + 1)),
                    json!("0A".repeat(*bytes)),
                    json!(""),
                ],
            ),
            Sort::Revision => {
                let (one, two) = ("0a".repeat(32), "0b".repeat(32));
                (
                    vec![json!(one), json!(format!("{one}.{two}"))],
                    vec![json!("0a"), json!(1)],
                )
            }
            Sort::Founding => (
                vec![json!("AQEB"), json!("A".repeat(16_000))],
                vec![
                    json!(""),
                    json!("A".repeat(16_004)),
                    json!("AQEB="),
                    json!("+/+/"),
                ],
            ),
            Sort::Key => (
                vec![json!("A".repeat(43))],
                vec![json!("A".repeat(44)), json!("A".repeat(42)), json!("")],
            ),
            Sort::Counts => {
                let id = "0a".repeat(32);
                (
                    vec![json!({}), json!({ &id: 7 })],
                    vec![json!({ "x": 7 }), json!({ &id: "7" })],
                )
            }
            Sort::Steps => {
                let step = format!("{}:7", "0a".repeat(32));
                (
                    vec![json!({}), json!({ &step: AT })],
                    vec![json!({ step: "soon" })],
                )
            }
            Sort::Told { taken, refused, .. } => (taken.clone(), refused.clone()),
        }
    }
}
