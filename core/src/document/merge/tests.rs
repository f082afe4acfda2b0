#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::document::diff::words;

use crate::document::diff::splices;

/// A text as its letters: all written by one change.
fn letters(text: &str, change: usize) -> Vec<Letter> {
    (0..)
        .zip(text.chars())
        .map(|(counter, letter)| Letter {
            id: Some(LetterId { change, counter }),
            letter,
        })
        .collect()
}

/// The letters of a text that somebody made of another by an edit, as Automerge would name them.
fn edited_letters(before: &[Letter], text: &str, change: usize) -> Vec<Letter> {
    let mut letters = before.to_vec();
    let mut counter = 0;
    for splice in splices(&text_of(before), text) {
        let new: Vec<Letter> = splice
            .inserted
            .chars()
            .map(|letter| {
                counter += 1;
                Letter {
                    id: Some(LetterId { change, counter }),
                    letter,
                }
            })
            .collect();
        letters.splice(splice.at..splice.at + splice.removed, new);
    }
    assert_eq!(text_of(&letters), text);
    letters
}

#[derive(Debug, PartialEq)]
struct Merged {
    text: String,
    wordings: Vec<String>,
}

/// Texts that each was made of the base alone.
fn merged(base: &str, texts: &[&str]) -> Merged {
    let base = letters(base, 0);
    let mut texts = texts.to_vec();
    texts.sort_unstable();
    let versions = (1..).zip(texts);
    let mut versions =
        versions.map(|(change, text)| Version::of(edited_letters(&base, text, change)));
    let first = versions.next().unwrap();
    let all = versions.fold(first, |all, next| {
        merge(Some(&base), all, next, &Order::new())
    });
    Merged {
        text: all.text(),
        wordings: all.rivals.into_iter().collect(),
    }
}

/// Everybody agrees.
fn plain(base: &str, texts: &[&str]) -> String {
    let merged = merged(base, texts);
    assert_eq!(merged.wordings, [""; 0], "{merged:?}");
    merged.text
}

/// The texts rewrite each other's words: one of them is shown, all can be chosen from.
fn apart(base: &str, texts: &[&str]) -> String {
    let merged = merged(base, texts);
    let mut all = texts.to_vec();
    all.sort_unstable();
    assert_eq!(merged.wordings, all, "{merged:?}");
    merged.text
}

#[test]
fn the_same_correction_made_twice_counts_once() {
    let took = "Took 10 mg.";
    assert_eq!(plain(took, &["Took 15 mg.", "Took 15 mg."]), "Took 15 mg.");
    assert_eq!(
        plain(took, &["Took 15 mg.", "Took 15 mg at night."]),
        "Took 15 mg at night."
    );
    assert_eq!(
        plain(
            "It rained.",
            &["It rained. So what.", "It rained. So what. I went."]
        ),
        "It rained. So what. I went."
    );
    assert_eq!(plain("", &["Calm.", "Calm."]), "Calm.");
}

#[test]
fn rewrites_of_the_same_words_show_one_wording_and_keep_all() {
    assert_eq!(
        apart("Took 10 mg.", &["Took 15 mg.", "Took 2 mg."]),
        "Took 15 mg."
    );
    let shown = apart("I am safe.", &["I am not safe.", "I am very safe."]);
    assert!(["I am not safe.", "I am very safe."].contains(&&*shown));
    apart("safe", &["not safe", "very safe"]);
    apart(
        "It rained.\nsafe",
        &["It rained.\nnot safe", "It rained.\nvery safe"],
    );
    // Neighboring words are one thought.
    apart("not safe", &["very safe", "not dangerous"]);
    apart("I am safe", &["I am not safe", "I am dangerous"]);
    // So are words of one sentence: each edit alone may turn around what the other says.
    apart(
        "I will not hurt myself",
        &["I will hurt myself", "I will not hurt myself tonight"],
    );
    // What is shown is one of them, whole, and not a third text made of both.
    let shown = apart(
        "Took 10 mg. Slept well.",
        &[
            "Took 15 mg. Slept well. Woke at 5.",
            "Took 20 mg. Slept badly.",
        ],
    );
    assert_eq!(shown, "Took 15 mg. Slept well. Woke at 5.");
    // A removal never wins over words.
    assert_eq!(
        apart(
            "One. Two. Three.",
            &["One. Three.", "One. Two and a half. Three."]
        ),
        "One. Two and a half. Three."
    );
}

#[test]
fn edits_of_different_places_are_all_kept() {
    assert_eq!(
        plain(
            "I slept badly. The water was cold.",
            &[
                "I slept quite well. The water was cold.",
                "I slept badly. The water was cold. I went in.",
            ],
        ),
        "I slept quite well. The water was cold. I went in."
    );
    assert_eq!(
        plain(
            "One. Two.",
            &["Zero. One. Two.", "One. Two. Three.", "One. Two. Four."]
        ),
        "Zero. One. Two. Four. Three."
    );
    assert_eq!(
        plain(
            "The list:\n- water\n",
            &[
                "The list:\n- water\n- bread\n",
                "The list:\n- water\n- salt\n"
            ]
        ),
        "The list:\n- water\n- bread\n- salt\n"
    );
    assert_eq!(plain("", &["Calm", "Tired"]), "Calm\nTired");
    assert_eq!(
        plain("今天焦虑。", &["今天很焦虑。", "今天焦虑。睡得好。"]),
        "今天很焦虑。睡得好。"
    );
}

#[test]
fn what_two_people_add_to_an_unfinished_sentence_is_kept_and_flagged() {
    assert_eq!(
        apart("I slept", &["I slept badly", "I slept well"]),
        "I slept badly well"
    );
}

#[test]
fn what_a_third_person_added_elsewhere_is_among_the_wordings() {
    let merged = merged(
        "Took 10 mg. Went out.",
        &[
            "Took 15 mg. Went out.",
            "Took 20 mg. Went out.",
            "Took 10 mg. Went out. Came back.",
        ],
    );
    assert_eq!(merged.text, "Took 15 mg. Went out. Came back.");
    let all = [
        "Took 10 mg. Went out. Came back.",
        "Took 15 mg. Went out.",
        "Took 20 mg. Went out.",
    ];
    assert_eq!(merged.wordings, all);
}

#[test]
fn texts_that_were_made_apart_are_not_put_one_after_the_other() {
    let made = |[one, two]: [&str; 2]| {
        let one = Version::of(letters(one, 1));
        let merged = merge(None, one, Version::of(letters(two, 2)), &Order::new());
        (merged.text(), merged.rivals.len())
    };
    assert_eq!(made(["Calm.", "Calm."]), ("Calm.".to_owned(), 0));
    assert_eq!(
        made(["Calm.", "Calm. Or not."]),
        ("Calm. Or not.".to_owned(), 0)
    );
    let apart = made(["Calm. Or not.", "Calm. So what."]);
    assert_eq!(apart, ("Calm. So what.".to_owned(), 2));
}

/// Words and signs of a text, without the space between.
fn said(text: &str) -> Vec<String> {
    let words = words(text)
        .into_iter()
        .filter(|word| !word.trim().is_empty());
    words.map(str::to_owned).collect()
}

fn prose() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("calm"),
        Just("not"),
        Just("very"),
        Just("10"),
        Just("15"),
        Just("mg"),
        Just("é"),
        Just("👍🏽"),
        Just("焦虑"),
        Just("آرام"),
    ];
    let end = prop_oneof![Just(" "), Just(". "), Just("\n"), Just(", ")];
    proptest::collection::vec((word, end), 0..12).prop_map(|words| {
        words
            .into_iter()
            .map(|(word, end)| format!("{word}{end}"))
            .collect()
    })
}

/// A text that somebody made of another by a few edits of words.
fn edited(text: &str, edits: Vec<(usize, u8, String)>) -> String {
    let mut words: Vec<String> = words(text).into_iter().map(str::to_owned).collect();
    for (at, how, new) in edits {
        let at = if words.is_empty() {
            0
        } else {
            at % words.len()
        };
        match how % 3 {
            0 => words.insert(at, new),
            1 if at < words.len() => drop(words.splice(at..=at, [new])),
            2 if at < words.len() => drop(words.remove(at)),
            _ => words.push(new),
        }
    }
    words.concat()
}

fn three_versions() -> impl Strategy<Value = (String, Vec<String>)> {
    let edit = || proptest::collection::vec((0_usize..40, any::<u8>(), prose()), 0..3);
    (prose(), edit(), edit(), edit()).prop_map(|(base, one, two, three)| {
        let versions = [one, two, three].map(|edits| edited(&base, edits));
        (base, versions.to_vec())
    })
}

proptest! {
    #[test]
    fn every_order_of_three_gives_the_same((base, texts) in three_versions()) {
        let all = |order: [usize; 3]| merged(&base, &order.map(|at| &*texts[at]));
        let first = all([0, 1, 2]);
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            prop_assert_eq!(&all(order), &first);
        }
    }

    #[test]
    fn nobody_reads_a_word_that_nobody_wrote((base, texts) in three_versions()) {
        let merged = merged(&base, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let mut written: BTreeSet<String> = said(&base).into_iter().collect();
        written.extend(texts.iter().flat_map(|text| said(text)));
        for word in said(&merged.text) {
            prop_assert!(written.contains(&word), "{word:?} in {merged:?}");
        }
        for wording in &merged.wordings {
            prop_assert!(texts.contains(wording));
        }
    }

    #[test]
    fn no_word_that_somebody_added_is_lost((base, texts) in three_versions()) {
        let merged = merged(&base, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        let before: BTreeSet<String> = said(&base).into_iter().collect();
        let mut readable: BTreeSet<String> = said(&merged.text).into_iter().collect();
        readable.extend(merged.wordings.iter().flat_map(|text| said(text)));
        for word in texts.iter().flat_map(|text| said(text)) {
            prop_assert!(before.contains(&word) || readable.contains(&word), "{word:?}");
        }
    }

    #[test]
    fn what_all_but_one_left_alone_is_as_that_one_wrote_it(
        (base, texts) in three_versions(),
    ) {
        let text = &texts[0];
        let merged = merged(&base, &[&*base, text, text]);
        prop_assert_eq!(merged, Merged { text: text.clone(), wordings: Vec::new() });
    }
}
