//! Passphrases as RFC 8265 prepares them (the profile `OpaqueString`, section 4.2): every kind of space
//! is a plain one, and what is composed and decomposed is the same. Case, width and marks stay as typed.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use zeroize::Zeroizing;

/// The passphrase in the form that is hashed. `None` if it holds a character that the profile does not
/// allow: one that no screen shows is typed by one keyboard and not by the next.
pub(super) fn prepared(typed: &str) -> Option<Zeroizing<String>> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let category = CodePointMapData::<GeneralCategory>::new();
    let mut spaced = Zeroizing::new(String::with_capacity(typed.len()));
    for c in typed.chars() {
        if c.is_control() || ignorable.contains(c) {
            return None;
        }
        spaced.push(match category.get(c) {
            GeneralCategory::SpaceSeparator => ' ',
            _ => c,
        });
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&spaced);
    Some(Zeroizing::new(composed.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 8265, section 4.3, and what the profile refuses.
    #[test]
    fn the_examples_of_the_standard_hold() {
        let prepared = |typed| prepared(typed).map(|text| text.to_string());
        for kept in [
            "correct horse battery staple",
            "Correct Horse Battery Staple",
            "\u{3c0}\u{df}\u{e5}",
            "Jack of \u{2666}s",
            "foo bar",
        ] {
            assert_eq!(prepared(kept).as_deref(), Some(kept));
        }
        assert_eq!(prepared("foo\u{1680}bar").as_deref(), Some("foo bar"));
        assert_eq!(prepared("cafe\u{301}").as_deref(), Some("caf\u{e9}"));
        for refused in ["my cat is a \u{9}by", "one\u{200b}two", "heart\u{fe0f}"] {
            assert_eq!(prepared(refused), None, "{refused:?}");
        }
    }
}
