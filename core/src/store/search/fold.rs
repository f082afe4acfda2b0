//! One spelling for all the ways in which the same word is written.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Stretches an Arabic word to fill a line, and says nothing (Unicode core specification, 9.2).
const TATWEEL: char = '\u{640}';

/// The text in the spelling that is compared.
///
/// In this order: compatibility decomposition (NFKD, UAX #15); without characters that show nothing
/// (`Default_Ignorable_Code_Point`, as in `NFKC_Casefold`: joiners, variation selectors, soft
/// hyphens); full case folding (default caseless matching, Unicode core specification, 3.13);
/// without the marks that a reader of the script can do without ([`does_without`]); letters
/// with strokes and ligatures as plain ones ([`plain`]); composed again (NFC), so that Hangul
/// syllables and voiced kana are one character each.
///
/// Nothing of this reaches across a space. Most words are ASCII alone even in a text with curly
/// apostrophes, and lowering their case is all there is to do: half the time for such a text.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            fold_any(word, &mut folded);
        }
    }
    folded
}

fn fold_any(text: &str, folded: &mut String) {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let mut shown = DecomposingNormalizerBorrowed::new_nfkd()
        .normalize(text)
        .into_owned();
    shown.retain(|c| c != TATWEEL && !ignorable.contains(c));
    let cased = CaseMapper::new().fold_string(&shown);
    let bare = without_marks(&cased);
    folded.push_str(&ComposingNormalizerBorrowed::new_nfc().normalize(&bare));
}

fn without_marks(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    // Of the letter that the marks stand on.
    let mut marks_go = true;
    for c in text.chars() {
        if c.is_ascii() {
            marks_go = true;
            bare.push(c);
        } else if !is_mark(c) {
            marks_go = does_without(c, true);
            match plain(c) {
                Some(letters) => bare.push_str(letters),
                None => bare.push(c),
            }
        } else if !does_without(c, marks_go) {
            bare.push(c);
        }
    }
    bare
}

/// Accents, vowel signs and whatever else stands on a letter.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
    )
}

/// Whether people leave out the marks on this letter, or leave them out when they search: accents in
/// European alphabets, points in Hebrew, harakat and hamza in Arabic. In other scripts a mark is a
/// vowel, and without it the word is another one. A mark of no script of its own is as the letter
/// before it, `before`.
fn does_without(c: char, before: bool) -> bool {
    match CodePointMapData::<Script>::new().get(c) {
        Script::Inherited => before,
        Script::Common
        | Script::Latin
        | Script::Greek
        | Script::Cyrillic
        | Script::Coptic
        | Script::Hebrew
        | Script::Arabic
        | Script::Syriac => true,
        _ => false,
    }
}

/// Letters that Unicode does not decompose, as people type them on a keyboard without them. From the
/// transform `Latin-ASCII` of CLDR (`common/transforms/Latin-ASCII.xml`), the small letters that
/// present-day orthographies use.
const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ⱥ' => "a",
        'ƀ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' => "c",
        'đ' | 'ð' | 'ɖ' | 'ɗ' | 'ƌ' => "d",
        'ɛ' | 'ɇ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' => "g",
        'ħ' | 'ⱨ' => "h",
        'ı' | 'ɨ' => "i",
        'ȷ' | 'ɉ' => "j",
        'ƙ' | 'ⱪ' => "k",
        'ł' | 'ƚ' | 'ⱡ' => "l",
        'ŋ' | 'ɲ' | 'ƞ' => "n",
        'ø' => "o",
        'ƥ' | 'ᵽ' => "p",
        'ĸ' => "q",
        'ɍ' | 'ɽ' => "r",
        'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'ʉ' => "u",
        'ʋ' => "v",
        'ⱳ' => "w",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' | 'ⱬ' => "z",
        _ => return None,
    })
}
