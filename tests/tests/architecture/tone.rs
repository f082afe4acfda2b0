//! What people read keeps the tone: calm, no hype, no streaks, no promise of a cure, and nobody is told that
//! they may drive or that they failed. Looked for in every text of the screens, the phone and the core's
//! words, and in the guides.

use crate::house::House;
use crate::search::{is_test, without_unit_tests};

/// Where the words are that patients and clinicians read.
const READ_BY_PEOPLE: &[&str] = &[
    "core/src/domain",
    "core/src/patient",
    "phone/src",
    "sync-server/console/src/view",
    "sync-server/console/src/web",
];

/// Guides: text files, read as a whole.
const GUIDES: &str = "core/guides";

/// What is not said to anybody, each with a reason. Words are looked for in small letters.
const NEVER_SAID: &[(&str, &str)] = &[
    ("streak", "nobody is shamed for a day without an entry"),
    ("well done", "nobody is graded"),
    ("good job", "nobody is graded"),
    ("great job", "nobody is graded"),
    ("congrat", "nobody is graded"),
    ("keep it up", "nobody is pushed"),
    ("you failed", "nobody is shamed"),
    ("you missed", "nobody is shamed"),
    ("noncomplian", "nobody is shamed"),
    ("non-complian", "nobody is shamed"),
    ("amazing", "no hype"),
    ("awesome", "no hype"),
    ("breakthrough treatment", "no hype"),
    ("game-chang", "no hype"),
    ("life-changing", "no hype"),
    ("magic", "no hype"),
    ("miracle", "no hype"),
    ("transformative", "no hype"),
    ("trip report", "this is no diary of trips"),
    ("psychonaut", "this is no diary of trips"),
    ("will cure", "no cure is promised"),
    ("cures", "no cure is promised"),
    ("will heal", "no cure is promised"),
    ("safe to drive", "only a clinician says that"),
    ("ok to drive", "only a clinician says that"),
    ("fit to drive", "only a clinician says that"),
    ("you can drive", "only a clinician says that"),
    ("recommended dose", "no advice on a dose"),
    ("increase the dose", "no advice on a dose"),
    ("mg/kg", "no advice on a dose"),
];

/// The names of measures and their owners are not ours to change.
const NAMES: &[&str] = &["emotional breakthrough inventory"];

#[test]
fn nothing_that_people_read_hypes_shames_or_promises() {
    let house = House::read();
    let mut read = 0;
    let mut faults = Vec::new();
    for (path, text) in house.sources() {
        let path = path.to_string_lossy();
        if is_test(&path) || !READ_BY_PEOPLE.iter().any(|place| path.starts_with(place)) {
            continue;
        }
        for text in texts_in(without_unit_tests(&text)) {
            read += 1;
            faults.extend(faults_in(&text).map(|fault| format!("{path}: {fault}: {text:?}")));
        }
    }
    for (path, text) in guides(&house) {
        read += 1;
        faults.extend(faults_in(&text).map(|fault| format!("{path}: {fault}")));
    }
    assert!(read > 2_000, "the texts are not being read: {read}");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_search_for_tone_finds_what_it_looks_for() {
    let source = r##"
        // "a streak of days" in a comment is read by nobody
        let one = "You are on a 7 day Streak!"; let mark = '"'; let raw = r#"say "Well done""#;
        let quoted = "it says \"magic\""; // and "more"
    "##;
    let texts = texts_in(source);
    assert_eq!(
        texts,
        [
            "You are on a 7 day Streak!",
            "say \"Well done\"",
            "it says \\\"magic\\\"",
        ]
    );
    for text in texts {
        assert_eq!(faults_in(&text).count(), 1, "{text}");
    }
    assert_eq!(faults_in("Emotional Breakthrough Inventory").count(), 0);
    assert_eq!(faults_in("The day is yours.").count(), 0);
}

fn faults_in(text: &str) -> impl Iterator<Item = String> {
    let mut text = text.to_lowercase();
    for name in NAMES {
        text = text.replace(name, "");
    }
    let said = move |(words, why): &(&str, &str)| {
        text.contains(words)
            .then(|| format!("“{words}” is never said: {why}"))
    };
    NEVER_SAID.iter().filter_map(said)
}

/// The texts of a source, plain and raw, without what stands in comments.
fn texts_in(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'', 'r']) {
        let (before, here) = rest.split_at(at);
        let in_a_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest = if let Some(comment) = here.strip_prefix("//") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if here.starts_with("'\"'") || here.starts_with("'\\\"'") {
            here.split_once("\"'").map_or("", |(_, after)| after)
        } else if let (false, Some((hashes, text))) = (in_a_word, raw(here)) {
            let end = format!("\"{hashes}");
            let (text, after) = text.split_once(&*end).unwrap_or((text, ""));
            texts.push(text.to_owned());
            after
        } else if let Some(text) = here.strip_prefix('"') {
            let (text, after) = text.split_at(end_of(text));
            texts.push(text.to_owned());
            after.strip_prefix('"').unwrap_or(after)
        } else {
            let mut after = here.chars();
            after.next();
            after.as_str()
        };
    }
    texts
}

/// The hashes and the rest of a raw text, if one begins here.
fn raw(here: &str) -> Option<(&str, &str)> {
    let (hashes, text) = here.strip_prefix('r')?.split_once('"')?;
    hashes.chars().all(|c| c == '#').then_some((hashes, text))
}

/// Where the quotation mark is that ends a text.
fn end_of(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

fn guides(house: &House) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![house.root.join(GUIDES)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "md") {
                found.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    assert!(found.len() > 10, "the guides are not being read");
    found
}
