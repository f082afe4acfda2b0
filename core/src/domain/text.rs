//! What a person may type: how long, and which characters. Refusals are worded for that person.

use std::borrow::Cow;

use super::limits;

/// What is wrong with something that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A short text has too many characters.
    TooManyCharacters {
        /// The most characters that are allowed.
        limit: usize,
    },
    /// A long text takes too much room.
    TooManyBytes {
        /// The most that is allowed, in bytes of UTF-8.
        limit: usize,
    },
    /// A set has too many members.
    TooMany {
        /// The most members that are allowed.
        limit: usize,
    },
    /// A number is outside its range.
    OutOfRange {
        /// The least that is allowed.
        least: i64,
        /// The most that is allowed.
        most: i64,
    },
    /// Something needed is missing.
    Empty,
    /// There is one that says the same.
    Twice,
    /// A character that no keyboard types and no screen shows.
    ControlCharacter,
    /// A time outside the years that can be written down.
    Time,
    /// The place to go on from belongs to another list.
    ForeignCursor,
    /// Something that this program may not offer.
    NotOffered,
    /// A text that is to be a guide holds something that a guide can't.
    Guide(super::guide::GuideError),
    /// A prompt for integration that can't be offered.
    Prompt(super::integration_prompt::PromptError),
    /// It does not go together with something else that is set, or with itself.
    Contradicts {
        /// What of it, as the rest of a sentence: `begin and end at the same time`.
        how: &'static str,
    },
    /// Not written as such a thing is.
    NotOfForm {
        /// What it should be, with its article: `a phone number`.
        form: &'static str,
    },
}

/// What a field is called: in the document, and in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The field's name in the document: `title`.
    pub field: &'static str,
    /// The same for a person, with its article: `the title`. Of a set, its plural: `tags`.
    pub label: &'static str,
}

/// A field and what a person calls it.
pub const fn named(field: &'static str, label: &'static str) -> Named {
    Named { field, label }
}

/// Why something typed cannot be saved as it is: which field, and its limit. Its text is fit to show
/// beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Which field.
    pub name: Named,
    /// What is wrong with it.
    pub problem: Problem,
}

impl Named {
    /// The field with what is wrong about it.
    pub const fn wrong(self, problem: Problem) -> Invalid {
        Invalid {
            name: self,
            problem,
        }
    }
}

impl std::error::Error for Invalid {}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let label = self.name.label;
        match self.problem {
            Problem::TooManyCharacters { limit } => {
                write!(f, "{label} is longer than {limit} characters")
            }
            Problem::TooManyBytes { limit } => {
                write!(f, "{label} is longer than {} kilobytes", limit / 1000)
            }
            Problem::TooMany { limit } => write!(f, "there are more than {limit} {label}"),
            Problem::OutOfRange { least, most } => {
                write!(f, "{label} is not between {least} and {most}")
            }
            Problem::Empty => write!(f, "{label} is empty"),
            Problem::Twice => write!(f, "{label} is there already"),
            Problem::ControlCharacter => {
                write!(f, "{label} holds a character that cannot be shown")
            }
            Problem::Time => write!(f, "{label} is not a time that can be written down"),
            Problem::ForeignCursor => write!(f, "{label} belongs to another list"),
            Problem::NotOffered => write!(f, "{label} is not offered here"),
            Problem::Guide(error) => write!(f, "{label} can't be shown as a guide: {error}"),
            Problem::Prompt(error) => write!(f, "{label} can't be offered: {error}"),
            Problem::Contradicts { how } => write!(f, "{label} {how}"),
            Problem::NotOfForm { form } => write!(f, "{label} is not {form}"),
        }
    }
}

/// One line: white space at the ends goes, runs of it inside become one space.
///
/// # Errors
///
/// Too long, or a control character (a line break counts as white space).
pub fn line(text: &str, name: Named, limit: usize) -> Result<String, Invalid> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(char::is_control) {
        return Err(name.wrong(Problem::ControlCharacter));
    }
    if text.chars().count() > limit {
        return Err(name.wrong(Problem::TooManyCharacters { limit }));
    }
    Ok(text)
}

/// One line that must not be empty.
///
/// # Errors
///
/// As [`line()`], and [`Problem::Empty`].
pub fn needed_line(text: &str, name: Named, limit: usize) -> Result<String, Invalid> {
    let text = line(text, name, limit)?;
    if text.is_empty() {
        Err(name.wrong(Problem::Empty))
    } else {
        Ok(text)
    }
}

/// Paragraphs: every kind of line break becomes `\n`, white space at the very ends goes, and what
/// stands between is left as the person wrote it.
///
/// # Errors
///
/// More than `limit` bytes, or a control character other than a line break or tab.
pub fn paragraphs(text: &str, name: Named, limit: usize) -> Result<String, Invalid> {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let text = text.trim();
    if text.chars().any(moves_a_terminal) {
        return Err(name.wrong(Problem::ControlCharacter));
    }
    if text.len() > limit {
        return Err(name.wrong(Problem::TooManyBytes { limit }));
    }
    Ok(text.to_owned())
}

/// The same text as a terminal, or a file that is shown in one, may be given it: a character that would move the cursor,
/// change what stands there already or make the terminal answer becomes a replacement character. Line breaks and tabs
/// stay. What others sent was held to no rule for typing.
///
/// ```
/// use companion_core::domain::text;
///
/// assert_eq!(text::printable("The\tlake\n"), "The\tlake\n");
/// assert_eq!(text::printable("\u{1b}[2JThe lake"), "\u{fffd}[2JThe lake");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    match text.chars().any(moves_a_terminal) {
        false => Cow::Borrowed(text),
        true => text
            .chars()
            .map(|c| match moves_a_terminal(c) {
                true => char::REPLACEMENT_CHARACTER,
                false => c,
            })
            .collect(),
    }
}

/// The same words with their first letter large. A name that begins them stays as it is written, where it can be told from
/// a word: by a dot, a slash, a digit or a large letter in it.
///
/// ```
/// use companion_core::domain::text;
///
/// assert_eq!(text::capital("ångest: it is there"), "Ångest: it is there");
/// for name in ["lake.jpg", "a/lake", "2026-11", "iPhone", "`sync`", "_lake"] {
///     let said = format!("{name}: it is not there");
///     assert_eq!(text::capital(&said), said);
/// }
/// ```
pub fn capital(words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    if !first.chars().all(|c| c.is_lowercase() || "-’'".contains(c)) {
        return words.to_owned();
    }
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Whether a text of several lines must not hold it.
pub(crate) fn moves_a_terminal(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

/// A set of single lines; empty ones disappear.
///
/// # Errors
///
/// As [`line()`] for each (`one`), and too many of them (`all`, in the plural).
pub fn lines(
    texts: &std::collections::BTreeSet<String>,
    (one, all): (Named, Named),
    (limit_one, limit_all): (usize, usize),
) -> Result<std::collections::BTreeSet<String>, Invalid> {
    let mut kept = std::collections::BTreeSet::new();
    for text in texts {
        let text = line(text, one, limit_one)?;
        if !text.is_empty() {
            kept.insert(text);
        }
    }
    if kept.len() > limit_all {
        return Err(all.wrong(Problem::TooMany { limit: limit_all }));
    }
    Ok(kept)
}

/// The moment itself, if it can be written down.
///
/// # Errors
///
/// [`Problem::Time`] outside the years 0 to 9999.
pub fn moment(moment: super::Moment, name: Named) -> Result<super::Moment, Invalid> {
    moment
        .to_chrono()
        .map(|_| moment)
        .ok_or(name.wrong(Problem::Time))
}

/// A moment in the years that a clinic plans and records: 2000 to 2200.
///
/// # Errors
///
/// [`Problem::Time`], of `name`, where it can't be written down; [`Problem::OutOfRange`], of `year`, in any
/// other year.
pub(super) fn planned_moment(
    at: super::Moment,
    name: Named,
    year: Named,
) -> Result<super::Moment, Invalid> {
    use chrono::Datelike as _;
    moment(at, name)?;
    let years = limits::SESSION_FIRST_YEAR..=limits::SESSION_LAST_YEAR;
    if years.contains(&at.local_date().map_or(0, |date| date.year())) {
        Ok(at)
    } else {
        Err(year.wrong(Problem::OutOfRange {
            least: limits::SESSION_FIRST_YEAR.into(),
            most: limits::SESSION_LAST_YEAR.into(),
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    const TITLE: Named = named("title", "the title");
    const TEXT: Named = named("body", "the text");
    const NOTE: Named = named("note", "the note");

    #[test]
    fn a_line_is_trimmed_and_keeps_to_its_limit() {
        assert_eq!(
            line("  After \n the  session ", TITLE, 20).unwrap(),
            "After the session"
        );
        assert_eq!(line("ääää", TITLE, 4).unwrap(), "ääää");
        assert_eq!(
            line("äääää", TITLE, 4).unwrap_err().to_string(),
            "the title is longer than 4 characters"
        );
    }

    #[test]
    fn paragraphs_keep_their_shape_and_lose_foreign_line_breaks() {
        assert_eq!(
            paragraphs("\r\n one\r\n\ttwo\rthree ", TEXT, 99).unwrap(),
            "one\n\ttwo\nthree"
        );
        assert_eq!(
            paragraphs(&"a".repeat(100_001), TEXT, 100_000)
                .unwrap_err()
                .to_string(),
            "the text is longer than 100 kilobytes"
        );
    }

    #[test]
    fn control_characters_are_refused_in_plain_words() {
        for text in ["a\0b", "a\u{1b}[31m", "\u{7f}", "\u{85}x\u{80}"] {
            assert_eq!(
                paragraphs(text, NOTE, 100).unwrap_err().to_string(),
                "the note holds a character that cannot be shown",
            );
        }
        assert!(line("a\u{8}", TITLE, 9).is_err());
    }

    #[test]
    fn a_set_drops_empty_words_and_counts_the_rest() {
        let words = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let named = (named("tags", "a tag"), named("tags", "tags"));
        let kept = lines(&words(&["", " b ", "b", "a"]), named, (40, 2)).unwrap();
        assert_eq!(kept, words(&["a", "b"]));
        assert_eq!(
            lines(&words(&["a", "b", "c"]), named, (40, 2))
                .unwrap_err()
                .to_string(),
            "there are more than 2 tags"
        );
    }

    proptest! {
        #[test]
        fn what_was_accepted_once_is_accepted_unchanged_again(text in any::<String>()) {
            if let Ok(once) = paragraphs(&text, TEXT, 50) {
                prop_assert_eq!(paragraphs(&once, TEXT, 50), Ok(once));
            }
            if let Ok(once) = line(&text, TITLE, 50) {
                prop_assert_eq!(line(&once, TITLE, 50), Ok(once));
            }
        }
    }
}
