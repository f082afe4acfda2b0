//! What each field of each kind may hold: in words for the page, and as values to try it with.

mod guides;
mod of_sessions;
mod programme;
mod prompts;
mod releases;
mod reminders;

use serde_json::{Value, json};

use crate::domain::measure::Instrument;
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
    /// Markdown of a guide.
    Markdown {
        most: usize,
    },
    /// The name of a guide.
    GuideName,
    Language,
    /// A rule by which a guide comes due.
    Due,
    /// A set of so many words.
    WordsOf {
        of: &'static str,
        most: usize,
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
    /// A moment in the years of dosing sessions and visits.
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
    /// Answers to the measure of the kind's first example.
    Answers,
    /// A day of the calendar.
    Day,
    /// Item ids to items: at most so many, of which this is one. Some lists need the items of `with`.
    Items {
        most: usize,
        item: Value,
        with: Value,
    },
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
    if let Some(sort) = programme::of_the_programme(kind, field) {
        return sort;
    }
    if let Some(sort) = of_sessions::sort_of(kind, field) {
        return sort;
    }
    if let Some(sort) = reminders::of_reminders(kind, field) {
        return sort;
    }
    if let Some(sort) = prompts::of_prompts(kind, field) {
        return sort;
    }
    if let Some(sort) = releases::of_releases(kind, field) {
        return sort;
    }
    match (kind, field) {
        (kind, _) if kind.trim_start_matches("clinic_").starts_with("guide_") => {
            guides::of_guides(kind.trim_start_matches("clinic_"), field)
        }
        ("session" | "visit", "at") => Sort::SessionMoment,
        (
            _,
            "at" | "undone_at" | "called_off_at" | "moved_from" | "invited_at" | "paired_at"
            | "finished_at",
        )
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
        ("imported_record", "record") => Sort::Hex {
            of: "record id",
            bytes: 16,
        },
        ("former_document", "document") => Sort::Hex {
            of: "document id",
            bytes: 16,
        },
        ("former_document", "kind") => needed_line(limits::WORD),
        ("former_document", "clinic") => line(limits::NAME),
        ("former_document", "written") => Sort::Told {
            as_words: format!(
                "a document as `record.json` of an export holds it, at most {} bytes",
                limits::FORMER_DOCUMENT
            ),
            taken: vec![json!("{}"), json!("{\"kind\":\"reply\"}")],
            refused: vec![json!(""), json!("[]"), json!("{"), json!(7)],
        },
        ("member_keys", _) => Sort::Hex {
            of: "signature",
            bytes: 64,
        },
        (_, "revision") => Sort::Revision,
        (_, "words") => line(limits::DIGEST),
        (_, "visibility") | ("sharing_wish", "how") => {
            Sort::OneOf(Visibility::ALL.map(Visibility::as_str).to_vec())
        }
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
        ("entry", "attachments") => Sort::Items {
            most: limits::ATTACHMENTS,
            item: json!({
                "media": "audio/wav", "caption": "The lake.", "length": 1_000, "key": "A".repeat(43),
            }),
            with: json!({}),
        },
        (_, "note") => text(limits::NOTE),
        ("response", "measure") => Sort::Word {
            known: Instrument::offered()
                .map(|one| one.id.to_string())
                .collect(),
        },
        ("response", "version") => Sort::Number {
            least: 1,
            most: u16::MAX.into(),
        },
        ("response", "answers") => Sort::Answers,
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
        ("clinic_profile", "keep_days") => Sort::Number {
            least: crate::domain::LEAST_KEEP_DAYS.into(),
            most: crate::domain::MOST_KEEP_DAYS.into(),
        },
        ("space_grant", "grant") => needed_line(limits::GRANT),
        ("evidence", "header") => needed_line(limits::SIGNED_HEADER),
        ("evidence", "counter") => Sort::Number {
            least: 0,
            most: u64::MAX,
        },
        ("care_key", "founding") => Sort::Founding,
        ("care_key", "key") => Sort::Key,
        ("deletion", "shared") => Sort::Number {
            least: 0,
            most: u64::from(u32::MAX),
        },
        ("delivery_receipt", "through") | ("deletion", "read") => Sort::Counts,
        ("delivery_receipt", "steps") => Sort::Steps,
        ("attachment_receipt", "blobs") => Sort::Told {
            as_words: "name of a blob, in hex, to a moment".to_owned(),
            taken: vec![json!({}), json!({ "0a".repeat(32): AT })],
            refused: vec![json!({ "x": AT }), json!({ "0a".repeat(32): "soon" })],
        },
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
            Sort::Markdown { most } => {
                format!("Markdown of a guide (`domain/guide/parser.rs`), 1 to {most} bytes of UTF-8")
            }
            Sort::GuideName => {
                "1 to 40 lowercase letters, digits and hyphens, a letter first".to_owned()
            }
            Sort::Language => "a language of BCP 47: `en`, `es-MX`, `zh-Hant`".to_owned(),
            Sort::Due => {
                "`S-<days>` (0 to 365), `S+<days>` (1 to 365), `phase <phase>` or `never`".to_owned()
            }
            Sort::WordsOf { of, most } => {
                format!("at most {most} {of}, each at most {} characters", limits::WORD)
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
            Sort::Answers => format!(
                "an item's number, in its shortest form, to what the answer counts (a whole number) or \
                 `skipped`. Of a measure that is known just what that one offers; else at most {} items of \
                 at most {} characters",
                limits::ANSWERS,
                limits::ANSWER
            ),
            Sort::Day => "a day, `2026-11-23`".to_owned(),
            Sort::Items { most, with, .. } => {
                let needed = match with.as_object().map_or(0, serde_json::Map::len) {
                    0 => "",
                    1 => "; one is needed",
                    _ => "; three are needed",
                };
                format!("item id to item, at most {most}{needed}")
            }
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
            Sort::Markdown { most } => (
                vec![long(*most), json!("*One* rule.\n\n- a point")],
                vec![long(most + 1), json!(""), json!("<b>x</b>"), json!(1)],
            ),
            Sort::GuideName => (
                vec![json!("a"), long(40), json!("session-day-2")],
                vec![json!(""), long(41), json!("Day"), json!("2nd"), json!(1)],
            ),
            Sort::Language => (
                vec![json!("en"), json!("es-MX"), json!("zh-Hant")],
                vec![json!(""), json!("English"), json!("en-US-x"), json!(1)],
            ),
            Sort::Due => (
                vec![
                    json!("S-0"),
                    json!("S-365"),
                    json!("S+1"),
                    json!("never"),
                    json!("phase session"),
                ],
                vec![
                    json!("S-366"),
                    json!("S+0"),
                    json!("S"),
                    json!("phase"),
                    json!(3),
                ],
            ),
            Sort::WordsOf { most, .. } => {
                let set = |count: usize| -> Value {
                    let words = (0..count).map(|n| (format!("w{n}"), json!(true)));
                    words.collect::<serde_json::Map<_, _>>().into()
                };
                let one = |length: usize| json!({ "x".repeat(length): true });
                (
                    vec![set(0), set(*most), one(limits::WORD)],
                    vec![set(most + 1), one(limits::WORD + 1), json!(["a"])],
                )
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
            Sort::Day => (
                vec![json!("2026-11-23"), json!("2028-02-29")],
                vec![json!("2026-02-30"), json!(AT), json!("soon"), json!(5)],
            ),
            Sort::Items { most, item, with } => {
                let items = |count: usize| -> Value {
                    let mut items = with.as_object().unwrap().clone();
                    for n in items.len()..count {
                        items.insert(format!("{n:032x}"), item.clone());
                    }
                    items.into()
                };
                let with_item = |id: &str, item: Value| {
                    let mut items = with.as_object().unwrap().clone();
                    items.insert(id.to_owned(), item);
                    Value::from(items)
                };
                let mut refused = vec![
                    items(most + 1),
                    with_item("x", item.clone()),
                    with_item(&"0a".repeat(16), json!("x")),
                    with_item(&"0a".repeat(16), json!({})),
                    json!([item]),
                ];
                // Each line of an item has a limit of its own.
                for (name, value) in item.as_object().unwrap() {
                    if value.is_string() {
                        let mut item = item.clone();
                        item[name] = long(2_000);
                        refused.push(with_item(&"0a".repeat(16), item));
                    }
                }
                if with.as_object().is_some_and(|with| !with.is_empty()) {
                    refused.push(json!({}));
                }
                (vec![items(0), items(*most)], refused)
            }
            Sort::Steps => {
                let step = format!("{}:7", "0a".repeat(32));
                (
                    vec![json!({}), json!({ &step: AT })],
                    vec![json!({ step: "soon" })],
                )
            }
            Sort::Answers => (
                vec![
                    json!({}),
                    json!({"1": 0, "9": 3, "10": "skipped"}),
                    json!({"3": "skipped"}),
                ],
                vec![
                    json!({"1": 4}),
                    json!({"1": -1}),
                    json!({"1": 1.5}),
                    json!({"1": "2"}),
                    json!({"1": true}),
                    json!({"0": 1}),
                    json!({"01": 1}),
                    json!({"11": 1}),
                    json!({"mood": 1}),
                    json!([1]),
                ],
            ),
            Sort::Told { taken, refused, .. } => (taken.clone(), refused.clone()),
        }
    }
}
