//! How one text became another, as few insertions and removals of whole words.
//!
//! Words, as Unicode divides text into them (UAX #29), because a merge of two people's edits should
//! not mix letters of both into one word, and because an emoji or an accent is never torn from what it
//! belongs to. The comparison is the one of git (`imara-diff`): it gives up looking for the very
//! shortest way where that would take long, and gives the same answer on every device.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation as _;

/// Most places of a text that are replaced one by one. Of more, what lies between the first and the last
/// is replaced as a whole: each place takes time of its own, here and on every other device.
const PLACES_LIMIT: usize = 500;

/// Replace `removed` characters at `at` by `inserted`. Positions count characters (code points) of
/// the text as earlier splices left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: usize,
    pub(super) removed: usize,
    pub(super) inserted: String,
}

/// Words `before` of the old text became words `after` of the new one. Either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// Words, runs of spaces, and single signs, each with what is attached to it. Together they are the
/// text.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

/// What changed between two texts, from left to right; no two of them touch.
pub(super) fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let place = |place: Range<u32>| place.start as usize..place.end as usize;
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    // Of several places where the same words can have been added, the last: a sentence is added after the
    // full stop of the one before, not between its last word and its full stop.
    diff.postprocess_no_heuristic(&input);
    let hunks = diff.hunks().map(|hunk| Hunk {
        before: place(hunk.before),
        after: place(hunk.after),
    });
    let hunks: Vec<Hunk> = hunks.collect();
    match (hunks.first(), hunks.last()) {
        (Some(first), Some(last)) if hunks.len() > PLACES_LIMIT => vec![Hunk {
            before: first.before.start..last.before.end,
            after: first.after.start..last.after.end,
        }],
        _ => hunks,
    }
}

/// The splices that turn `old` into `new`, from left to right.
pub(super) fn splices(old: &str, new: &str) -> Vec<Splice> {
    let (old, new) = (words(old), words(new));
    let mut splices = Vec::new();
    let (mut at, mut from) = (0, 0);
    for hunk in hunks(&old, &new) {
        at += characters(&old, from..hunk.before.start);
        let splice = Splice {
            at,
            removed: characters(&old, hunk.before.clone()),
            inserted: new.get(hunk.after).unwrap_or_default().concat(),
        };
        at += splice.inserted.chars().count();
        from = hunk.before.end;
        splices.push(splice);
    }
    splices
}

fn characters(words: &[&str], of: Range<usize>) -> usize {
    let words = words.get(of).unwrap_or_default();
    words.iter().map(|word| word.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn apply(old: &str, splices: &[Splice]) -> String {
        let mut characters: Vec<char> = old.chars().collect();
        for splice in splices {
            let end = splice.at + splice.removed;
            characters.splice(splice.at..end, splice.inserted.chars());
        }
        characters.into_iter().collect()
    }

    #[test]
    fn only_the_words_that_changed_are_touched() {
        let (old, new) = (
            "I slept badly, and woke early.",
            "I slept well, and woke very early.",
        );
        let found = splices(old, new);
        assert_eq!(apply(old, &found), new);
        assert_eq!(found.len(), 2, "{found:?}");
        let first = Splice {
            at: 8,
            removed: 5,
            inserted: "well".into(),
        };
        assert_eq!(found.first(), Some(&first));
        assert_eq!(found.iter().map(|s| s.removed).sum::<usize>(), 5);
    }

    #[test]
    fn a_word_an_emoji_and_an_accent_are_never_torn() {
        for (old, new) in [
            ("a 👩‍👩‍👧 e\u{301}", "a 👩‍👩‍👦 e"),
            ("don't", "don’t"),
            ("1.5 mg", "1.25 mg"),
            ("🇩🇪 🇫🇷", "🇩🇰 🇫🇷"),
            ("न\u{94d}षि", "न\u{94d}ष"),
            ("กำ", "กั"),
        ] {
            let found = splices(old, new);
            assert_eq!(apply(old, &found), new);
            for splice in found {
                let torn = ['\u{200d}', '\u{301}', '\u{94d}', '\u{e31}', '\u{e33}'];
                assert!(!splice.inserted.starts_with(torn), "{splice:?}");
            }
        }
    }

    #[test]
    fn a_long_text_that_is_all_new_is_compared_in_few_steps() {
        let old: String = (0..15_000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..15_000).map(|n| format!("b{n} ")).collect();
        let found = splices(&old, &new);
        assert_eq!(apply(&old, &found), new);
    }

    proptest! {
        #[test]
        fn the_splices_always_lead_to_the_new_text(
            old in "[ab \n,.é👍\u{301}]{0,40}",
            new in "[ab \n,.é👍\u{301}]{0,40}",
        ) {
            prop_assert_eq!(apply(&old, &splices(&old, &new)), new);
        }

        #[test]
        fn no_two_changes_of_a_text_touch(old in "[abc ]{0,20}", new in "[abc ]{0,20}") {
            let (old, new) = (words(&old), words(&new));
            for pair in hunks(&old, &new).windows(2) {
                let [one, two] = pair else { continue };
                prop_assert!(one.before.end < two.before.start && one.after.end < two.after.start);
            }
        }
    }
}
