//! Names of people as RFC 8266 ("nicknames") prepares and compares them: shown as they were typed, and
//! the same name however a keyboard spells it. Kept in the display form, compared by the key.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    BidiControl, CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory,
    GeneralCategoryGroup, JoiningType,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::text::{self, Invalid, Named, Problem};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
/// Unicode counts it as a symbol; a screen shows nothing.
const BLANK_BRAILLE: char = '\u{2800}';

/// A name as it is kept and shown: composed (NFC), its spaces single ones, and nothing in it that a
/// screen does not show. The joiners of Persian and of Indic scripts stay where those scripts need them
/// (RFC 5892, appendix A.1 and A.2).
///
/// # Errors
///
/// As [`text::needed_line`], for invisible characters as for control characters; without a letter or a
/// digit it is empty.
///
/// ```
/// use companion_core::domain::nickname;
/// use companion_core::domain::text::named;
///
/// let name = named("name", "the name");
/// assert_eq!(nickname::checked(" Zoe\u{308}  M. ", name, 40)?, "Zo\u{eb} M.");
/// assert!(nickname::checked("Mi\u{200b}ra", name, 40).is_err());
/// # Ok::<(), companion_core::domain::Invalid>(())
/// ```
pub fn checked(text: &str, name: Named, limit: usize) -> Result<String, Invalid> {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let line = text::needed_line(&composed, name, limit)?;
    if shows_less_than_it_holds(&line) {
        return Err(name.wrong(Problem::ControlCharacter));
    }
    if !line.chars().any(is_letter_or_digit) {
        return Err(name.wrong(Problem::Empty));
    }
    Ok(line)
}

/// Joins or parts letters of some scripts, and changes how a name reads there (Unicode core
/// specification, 23.2).
const JOINERS: [char; 2] = [NON_JOINER, JOINER];

/// One line as a person is called: composed (NFC), without characters that show nothing or that turn the
/// direction of what stands beside the name, but for joiners, which some scripts need.
///
/// # Errors
///
/// As [`text::line`].
pub(super) fn tidied(name: &str, named: Named, limit: usize) -> Result<String, Invalid> {
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
pub(super) fn needed_tidied(name: &str, named: Named, limit: usize) -> Result<String, Invalid> {
    let name = tidied(name, named, limit)?;
    text::needed_line(&name, named, limit)
}

/// What two spellings of one name share: compatibility forms and widths (NFKC), full case folding, no
/// invisible characters, single spaces. Full case folding in place of the lower case of RFC 8266, so
/// that `STRAUSS` is `Strauß`.
///
/// ```
/// use companion_core::domain::nickname;
///
/// assert_eq!(nickname::key("ZOE\u{308}  M\u{fc}ller "), nickname::key("zo\u{eb} M\u{fc}ller"));
/// assert_ne!(nickname::key("Zoe"), nickname::key("Zo\u{eb}"));
/// ```
pub fn key(name: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd();
    let composed = ComposingNormalizerBorrowed::new_nfkc();
    let mut shown = decomposed.normalize(name).into_owned();
    shown.retain(|c| !ignorable.contains(c));
    // Folding may leave what normalizes further, and the other way round; twice is enough (Unicode
    // core specification, D146).
    for _ in 0..2 {
        let folded = CaseMapper::new().fold_string(&shown).into_owned();
        shown = composed.normalize(&folded).into_owned();
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_letter_or_digit(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .contains(category)
}

fn shows_less_than_it_holds(line: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let letters: Vec<char> = line.chars().collect();
    letters.iter().enumerate().any(|(at, c)| match *c {
        NON_JOINER => !follows_virama(&letters, at) && !breaks_a_joining(&letters, at),
        JOINER => !follows_virama(&letters, at),
        BLANK_BRAILLE => true,
        c => ignorable.contains(c),
    })
}

fn follows_virama(letters: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| letters.get(before));
    before.is_some_and(|c| {
        CodePointMapData::<CanonicalCombiningClass>::new().get(*c)
            == CanonicalCombiningClass::Virama
    })
}

/// Whether letters would join here if nothing stood between them.
fn breaks_a_joining(letters: &[char], at: usize) -> bool {
    let joining = |c: &char| CodePointMapData::<JoiningType>::new().get(*c);
    let (before, after) = letters.split_at(at);
    let tells = |side: &JoiningType| *side != JoiningType::Transparent;
    let before = before.iter().rev().map(joining).find(tells);
    let after = after.iter().skip(1).map(joining).find(tells);
    matches!(
        before,
        Some(JoiningType::LeftJoining | JoiningType::DualJoining)
    ) && matches!(
        after,
        Some(JoiningType::RightJoining | JoiningType::DualJoining)
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::super::text::named;
    use super::*;

    const NAME: Named = named("name", "the name");

    #[test]
    fn one_name_has_one_key_in_every_spelling() {
        for (one, other) in [
            ("Zo\u{eb}", "ZOE\u{308}"),
            ("\u{ff21}\u{ff24}\u{ff21}", "ada"),
            ("Strau\u{df}", "STRAUSS"),
            ("\u{fb01}ona", "FIONA"),
            ("Ada\u{a0}\u{3000} King", " ada king "),
            ("A\u{ad}da", "Ada"),
            ("\u{1100}\u{1161}", "\u{ac00}"),
        ] {
            assert_eq!(key(one), key(other), "{one:?} {other:?}");
        }
        for (one, other) in [("Zoe", "Zo\u{eb}"), ("Ada", "Adah"), ("Li Na", "Lina")] {
            assert_ne!(key(one), key(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them_and_nowhere_else() {
        for fine in [
            "\u{639}\u{644}\u{6cc}\u{200c}\u{631}\u{636}\u{627}",
            "\u{915}\u{94d}\u{200d}\u{937}",
            "\u{915}\u{94d}\u{200c}\u{937}",
            "O\u{2019}Neill-Smith Jr. 2",
            "\u{645}\u{64f}\u{62d}\u{645}\u{62f}",
        ] {
            assert_eq!(checked(fine, NAME, 40).as_deref(), Ok(fine));
        }
        for wrong in [
            "Mi\u{200c}ra",
            "Mira\u{200d}",
            "\u{200c}Mira",
            "\u{202e}ariM",
            "Mi\u{2060}ra",
            "Mira\u{fe0f}",
            "Mi\u{2800}ra",
            "\u{3164}",
        ] {
            let refused = checked(wrong, NAME, 40);
            assert_eq!(
                refused,
                Err(NAME.wrong(Problem::ControlCharacter)),
                "{wrong:?}"
            );
        }
        for empty in ["", " \u{a0}", "...", "\u{2605}"] {
            assert_eq!(checked(empty, NAME, 40), Err(NAME.wrong(Problem::Empty)));
        }
    }

    proptest! {
        #[test]
        fn a_name_that_was_accepted_is_accepted_unchanged_and_keeps_its_key(text in any::<String>()) {
            prop_assert_eq!(key(&key(&text)), key(&text));
            if let Ok(name) = checked(&text, NAME, 50) {
                prop_assert_eq!(checked(&name, NAME, 50), Ok(name.clone()));
                prop_assert_eq!(key(&name), key(&text));
            }
        }
    }

    #[test]
    fn a_tidied_name_holds_nothing_that_turns_or_hides_what_stands_beside_it() {
        let tidy = |name: &str| needed_tidied(name, NAME, 120);
        assert_eq!(tidy("\u{202E}Ada\u{2066}").unwrap(), "Ada");
        assert_eq!(tidy("A\u{200B}d\u{FEFF}a").unwrap(), "Ada");
        assert_eq!(tidy("Zoe\u{301}").unwrap(), "Zo\u{e9}");
        assert_eq!(tidy("علی\u{200C}رضا").unwrap(), "علی\u{200C}رضا");
        for empty in ["\u{200B}", "\u{200D}\u{200C}", "\u{202E} \u{2069}"] {
            assert_eq!(tidy(empty).unwrap_err().to_string(), "the name is empty");
        }
        for (one, other) in [
            ("\u{202E}Ada\u{202C}", "Ada"),
            ("ﬁona", "Fiona"),
            ("Ａｄａ", "Ada"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
    }
}
