//! What a person may type: how long, and which characters. Refusals are worded for that person.

/// Why something typed cannot be saved as it is. The wording is fit to show beside the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A short text has too many characters.
    #[error("{what} is longer than {limit} characters")]
    TooManyCharacters {
        /// What it is, with its article: "the title".
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// A long text takes too much room.
    #[error("{what} is longer than {} kilobytes", limit / 1000)]
    TooManyBytes {
        /// What it is, with its article: "the text".
        what: &'static str,
        /// The most that is allowed, in bytes of UTF-8.
        limit: usize,
    },
    /// A set has too many members.
    #[error("there are more than {limit} {what}")]
    TooMany {
        /// What there is too much of, in the plural: "tags".
        what: &'static str,
        /// The most that is allowed.
        limit: usize,
    },
    /// Something needed is missing.
    #[error("{what} is empty")]
    Empty {
        /// What is missing, with its article: "the name".
        what: &'static str,
    },
    /// A character that no keyboard types and no screen shows.
    #[error("{what} holds a character that cannot be shown")]
    ControlCharacter {
        /// Where it stands, with its article.
        what: &'static str,
    },
    /// A time outside the years that can be written down.
    #[error("{what} is not a time that can be written down")]
    Time {
        /// Which time, with its article.
        what: &'static str,
    },
}

/// One line: white space at the ends goes, runs of it inside become one space.
///
/// # Errors
///
/// Too long, or a control character (a line break counts as white space).
pub fn line(text: &str, what: &'static str, limit: usize) -> Result<String, Invalid> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(char::is_control) {
        return Err(Invalid::ControlCharacter { what });
    }
    if text.chars().count() > limit {
        return Err(Invalid::TooManyCharacters { what, limit });
    }
    Ok(text)
}

/// One line that must not be empty.
///
/// # Errors
///
/// As [`line`], and [`Invalid::Empty`].
pub fn needed_line(text: &str, what: &'static str, limit: usize) -> Result<String, Invalid> {
    let text = line(text, what, limit)?;
    if text.is_empty() {
        Err(Invalid::Empty { what })
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
pub fn paragraphs(text: &str, what: &'static str, limit: usize) -> Result<String, Invalid> {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let text = text.trim();
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(Invalid::ControlCharacter { what });
    }
    if text.len() > limit {
        return Err(Invalid::TooManyBytes { what, limit });
    }
    Ok(text.to_owned())
}

/// A set of single lines; empty ones disappear.
///
/// # Errors
///
/// As [`line`] for each (`what_one`), and too many of them (`what_all`, in the plural).
pub fn lines(
    texts: &std::collections::BTreeSet<String>,
    (what_one, what_all): (&'static str, &'static str),
    (limit_one, limit_all): (usize, usize),
) -> Result<std::collections::BTreeSet<String>, Invalid> {
    let mut kept = std::collections::BTreeSet::new();
    for text in texts {
        let text = line(text, what_one, limit_one)?;
        if !text.is_empty() {
            kept.insert(text);
        }
    }
    if kept.len() > limit_all {
        return Err(Invalid::TooMany {
            what: what_all,
            limit: limit_all,
        });
    }
    Ok(kept)
}

/// The moment itself, if it can be written down.
///
/// # Errors
///
/// [`Invalid::Time`] outside the years 0 to 9999.
pub fn moment(moment: super::Moment, what: &'static str) -> Result<super::Moment, Invalid> {
    moment
        .to_chrono()
        .map(|_| moment)
        .ok_or(Invalid::Time { what })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_trimmed_and_keeps_to_its_limit() {
        assert_eq!(
            line("  After \n the  session ", "the title", 20).unwrap(),
            "After the session"
        );
        assert_eq!(line("ääää", "the title", 4).unwrap(), "ääää");
        assert_eq!(
            line("äääää", "the title", 4).unwrap_err().to_string(),
            "the title is longer than 4 characters"
        );
    }

    #[test]
    fn paragraphs_keep_their_shape_and_lose_foreign_line_breaks() {
        assert_eq!(
            paragraphs("\r\n one\r\n\ttwo\rthree ", "the text", 99).unwrap(),
            "one\n\ttwo\nthree"
        );
        assert_eq!(
            paragraphs(&"a".repeat(100_001), "the text", 100_000)
                .unwrap_err()
                .to_string(),
            "the text is longer than 100 kilobytes"
        );
    }

    #[test]
    fn control_characters_are_refused_in_plain_words() {
        for text in ["a\0b", "a\u{1b}[31m", "\u{7f}", "\u{85}x\u{80}"] {
            assert_eq!(
                paragraphs(text, "the note", 100).unwrap_err().to_string(),
                "the note holds a character that cannot be shown",
            );
        }
        assert!(line("a\u{8}", "the title", 9).is_err());
    }

    #[test]
    fn a_set_drops_empty_words_and_counts_the_rest() {
        let words = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let named = ("a tag", "tags");
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
            if let Ok(once) = paragraphs(&text, "the text", 50) {
                prop_assert_eq!(paragraphs(&once, "the text", 50), Ok(once));
            }
            if let Ok(once) = line(&text, "the title", 50) {
                prop_assert_eq!(line(&once, "the title", 50), Ok(once));
            }
        }
    }
}
