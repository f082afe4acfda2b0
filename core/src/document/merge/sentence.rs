//! What is a thought of its own: a sentence or a line.

use super::Letter;

/// Whether what several people added at one place of a text are sentences or lines of their own.
pub(super) fn stand_alone(base: &[Letter], at: usize, added: &[&str]) -> bool {
    (is_new(base, at) || added.iter().all(|one| starts_line(one)))
        && (ends_line(base, at) || added.iter().all(|one| is_ended(one)))
}

/// Whether a new sentence or line begins at a letter of a text.
pub(super) fn is_new(text: &[Letter], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    ends(before.iter().rev().map(|letter| letter.letter))
}

/// Whether a line ends before a letter of a text.
pub(super) fn ends_line(text: &[Letter], at: usize) -> bool {
    text.get(at).is_none_or(|letter| letter.letter == '\n')
}

/// Whether a text begins on a line of its own.
pub(super) fn starts_line(text: &str) -> bool {
    text.starts_with('\n')
}

/// Whether a text is a sentence or line to its end.
pub(super) fn is_ended(text: &str) -> bool {
    ends(text.chars().rev())
}

/// Whether a sentence or line ends with these letters, the last one first.
fn ends(mut backwards: impl Iterator<Item = char>) -> bool {
    let last = backwards.find(|c| *c == '\n' || !c.is_whitespace());
    last.is_none_or(|c| c == '\n' || is_end(c))
}

/// The signs that end a sentence in the scripts in present use (Unicode's property
/// `Sentence_Terminal`), and the three dots.
pub(super) fn is_end(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '։'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '።'
            | '។'
            | '။'
    )
}
