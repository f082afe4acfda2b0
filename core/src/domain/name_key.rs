//! Names of people: what may stand in one, and when two are the same name.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::{BidiControl, DefaultIgnorableCodePoint};

use super::Invalid;
use super::text::{self, Named};

/// Joins or parts letters of some scripts, and changes how a name reads there (Unicode core
/// specification, 23.2).
const JOINERS: [char; 2] = ['\u{200C}', '\u{200D}'];

/// One line as a person is called: composed (NFC), without characters that show nothing or that turn the
/// direction of what stands beside the name, but for joiners, which some scripts need.
///
/// # Errors
///
/// As [`text::line`].
pub(super) fn line(name: &str, named: Named, limit: usize) -> Result<String, Invalid> {
    let bidi = CodePointSetData::new::<BidiControl>();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let shown: String = name
        .chars()
        .filter(|c| JOINERS.contains(c) || !(bidi.contains(*c) || ignorable.contains(*c)))
        .collect();
    let shown = if shown
        .chars()
        .all(|c| JOINERS.contains(&c) || c.is_whitespace())
    {
        String::new()
    } else {
        shown
    };
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&shown);
    text::line(&composed, named, limit)
}

/// The same, and it must not be empty.
///
/// # Errors
///
/// As [`text::needed_line`].
pub(super) fn needed_line(name: &str, named: Named, limit: usize) -> Result<String, Invalid> {
    let name = line(name, named, limit)?;
    text::needed_line(&name, named, limit)
}

/// What two spellings of one name have in common: compatibility forms (NFKC, UAX #15), full case
/// folding, no characters that show nothing, single spaces. Marks stay: Müller is not Muller.
pub fn name_key(name: &str) -> String {
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let bidi = CodePointSetData::new::<BidiControl>();
    let mut shown = nfkc.normalize(name).into_owned();
    shown.retain(|c| !ignorable.contains(c) && !bidi.contains(c));
    let folded = CaseMapper::new().fold_string(&shown).into_owned();
    let words: Vec<&str> = folded.split_whitespace().collect();
    // Folding can leave what composes again.
    nfkc.normalize(&words.join(" ")).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::text::named;
    use super::*;

    const NAME: Named = named("name", "the name");

    #[test]
    fn spellings_of_one_name_have_one_key_and_other_names_have_others() {
        for (one, other) in [
            ("Ada Lovelace", " ada  LOVELACE"),
            ("Zoe\u{301}", "Zoé"),
            ("Straße", "STRASSE"),
            ("Ａｄａ", "Ada"),
            ("A\u{200B}da", "Ada"),
            ("\u{202E}Ada\u{202C}", "Ada"),
            ("ﬁona", "Fiona"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        for (one, other) in [("Müller", "Muller"), ("Ada", "Adam"), ("An Na", "Anna")] {
            assert_ne!(name_key(one), name_key(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_holds_nothing_that_turns_or_hides_what_stands_beside_it() {
        let line = |name: &str| needed_line(name, NAME, 120);
        assert_eq!(line("\u{202E}Ada\u{2066}").unwrap(), "Ada");
        assert_eq!(line("A\u{200B}d\u{FEFF}a").unwrap(), "Ada");
        assert_eq!(line("Zoe\u{301}").unwrap(), "Zoé");
        assert_eq!(line("علی\u{200C}رضا").unwrap(), "علی\u{200C}رضا");
        for empty in ["\u{200B}", "\u{200D}\u{200C}", "\u{202E} \u{2069}"] {
            assert_eq!(line(empty).unwrap_err().to_string(), "the name is empty");
        }
    }
}
