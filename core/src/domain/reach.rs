//! How somebody is reached: numbers to call or text, and addresses to open.

use super::text::{Named, Problem};
use super::{Invalid, limits, text};

const A_NUMBER: Problem = Problem::NotOfForm {
    form: "a phone number of digits, spaces and + - ( ) .",
};
const A_LINK: Problem = Problem::NotOfForm {
    form: "a link that begins with https://",
};

/// A number as people write it, or nothing: digits with spaces and `+ - ( ) .` between them, at most 40
/// characters. What a phone dials is [`dialed`].
///
/// # Errors
///
/// Anything else in it, or no digit.
pub(super) fn number(number: &str, name: Named) -> Result<String, Invalid> {
    let number = text::line(number, name, limits::PHONE_NUMBER)?;
    let is_number = number
        .chars()
        .all(|c| c.is_ascii_digit() || " +-().".contains(c))
        && (number.is_empty() || number.contains(|c: char| c.is_ascii_digit()))
        // A plus anywhere else is dialed as something else.
        && !number.chars().skip(1).any(|c| c == '+');
    is_number.then_some(number).ok_or(name.wrong(A_NUMBER))
}

/// What a phone dials for a number: its digits, and the plus in front if it has one.
pub fn dialed(number: &str) -> String {
    let mut dialed = String::new();
    for c in number.trim().chars() {
        if c.is_ascii_digit() || (c == '+' && dialed.is_empty()) {
            dialed.push(c);
        }
    }
    dialed
}

/// An address to open, or nothing: `https://`, a host without a user's name in front of it, at most 500
/// characters, no white space.
///
/// # Errors
///
/// Anything else.
pub(super) fn link(link: &str, name: Named) -> Result<String, Invalid> {
    let link = text::line(link, name, limits::ADDRESS)?;
    if link.is_empty() {
        return Ok(link);
    }
    let rest = link.strip_prefix("https://").ok_or(name.wrong(A_LINK))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || "-.:".contains(c));
    let is_link = is_host && !link.contains(' ') && !link.contains('\\');
    is_link.then_some(link).ok_or(name.wrong(A_LINK))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::text::named;
    use super::*;

    #[test]
    fn a_number_is_what_a_phone_can_dial() {
        let name = named("number", "the number");
        for (written, dials) in [
            ("988", "988"),
            ("+1 (307) 555-0100", "+13075550100"),
            ("", ""),
        ] {
            assert_eq!(number(written, name).as_deref(), Ok(written));
            assert_eq!(dialed(written), dials);
        }
        for wrong in ["call me", "911;ext=1", "+", "()", "1+1", "٩٨٨", "*67 555"] {
            let error = number(wrong, name).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the number is not a phone number of digits, spaces and + - ( ) .",
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_link_goes_to_the_place_that_it_shows() {
        let name = named("link", "the link");
        for right in [
            "",
            "https://example.org",
            "https://music.example.org/list?id=7#a",
        ] {
            assert_eq!(link(right, name).as_deref(), Ok(right));
        }
        for wrong in [
            "http://example.org",
            "javascript:alert(1)",
            "https://",
            "https://localhost",
            "https://bank.example@evil.example/",
            "https://example.org/a b",
            "https://example.org\\@evil.example",
        ] {
            assert!(link(wrong, name).is_err(), "{wrong}");
        }
    }
}
