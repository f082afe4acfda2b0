//! What people type or paste, in the one spelling that is read: one function for each purpose, named
//! for what it reads. Only what says nothing is left out here. Whether the rest is genuine is for the
//! checksums to say.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use zeroize::Zeroizing;

/// Most pieces that a link may have been cut into; more is no link, and costs time.
const PIECES: usize = 256;
/// Most characters that a link has: most have some 500.
const LONGEST: usize = 8_192;

/// Characters in their plain form (NFKC, UAX #15: full-width letters, no-break spaces, circled numbers),
/// without those that show nothing (`Default_Ignorable_Code_Point`: zero-width and bidirectional marks,
/// soft hyphens).
fn plain(text: &str) -> Zeroizing<String> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let shown: Zeroizing<String> =
        Zeroizing::new(text.chars().filter(|c| !ignorable.contains(*c)).collect());
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    Zeroizing::new(nfkc.normalize(&shown).into_owned())
}

/// The words of a list as a sheet or a person writes it: in any case, with their numbers, bullets and
/// punctuation around them, one to a line or all on one. A letter is never left out: a word with a digit
/// or a mark inside falls apart, and is then none of the list.
pub(super) fn recovery_words(text: &str) -> Vec<Zeroizing<String>> {
    plain(text)
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(|word| Zeroizing::new(word.to_lowercase()))
        .collect()
}

/// What may stand behind the prefix of a link that was pasted, the longest first: mail cuts it into
/// lines, marks quoted lines with `>` and ends cut ones with `=` (a soft line break, RFC 2045, 6.7); people
/// put it in brackets or quotes, end their sentence behind it, or go on to write. `None` without the prefix.
pub(super) fn link_after(prefix: &str, text: &str) -> Option<Vec<Zeroizing<String>>> {
    let text = plain(text);
    let (joined, breaks) = without_breaks(&text);
    let start = find_in_any_case(&joined, prefix)?;
    let mut pieces: Vec<Zeroizing<String>> = Vec::new();
    let mut piece = Zeroizing::new(String::new());
    for (index, c) in joined.chars().enumerate().skip(start).take(LONGEST) {
        if breaks.contains(&index) && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        if !(c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            break;
        }
        piece.push(c);
    }
    pieces.push(piece);
    pieces.truncate(PIECES);
    let whole = |count: usize| {
        let pieces = pieces.iter().take(count);
        Zeroizing::new(pieces.map(|piece| piece.as_str()).collect::<String>())
    };
    Some((1..=pieces.len()).rev().map(whole).collect())
}

/// The text without white space, quote marks of mail and soft line breaks; and the characters before
/// which there was a break.
fn without_breaks(text: &str) -> (Zeroizing<String>, std::collections::BTreeSet<usize>) {
    let mut joined = Zeroizing::new(String::with_capacity(text.len()));
    let mut breaks = std::collections::BTreeSet::new();
    let mut count = 0;
    for line in text.lines() {
        let line = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
        let line = line.trim_end();
        let line = line.strip_suffix('=').unwrap_or(line);
        for word in line.split_whitespace() {
            breaks.insert(count);
            for c in word.chars() {
                joined.push(hyphen(c));
                count += 1;
            }
        }
    }
    (joined, breaks)
}

/// A hyphen that a word processor put in place of the plain one.
fn hyphen(c: char) -> char {
    match c {
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        c => c,
    }
}

/// Where the text goes on after the prefix, counted in characters.
fn find_in_any_case(text: &str, prefix: &str) -> Option<usize> {
    let (text, length) = (text.to_ascii_lowercase(), prefix.chars().count());
    let (before, _) = text.split_once(prefix)?;
    Some(before.chars().count().saturating_add(length))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

    use companion_protocol::id::{SpaceId, StatementHash};
    use proptest::prelude::*;

    use super::super::SpaceError;
    use super::super::invitation::{Invite, PairingLink};
    use super::super::membership::InviteSecret;
    use super::super::recovery::RecoveryCode;
    use crate::domain::Purpose;
    use crate::ports::testing::SeededRng;

    fn words() -> RecoveryCode {
        RecoveryCode::generate(&SeededRng::new(7)).unwrap()
    }

    fn link() -> String {
        let invite = Invite {
            purpose: Purpose::Care,
            space: SpaceId::new([0xf1; 32]),
            secret: InviteSecret::new([0xfb; 32]),
            head: StatementHash::new([3; 32]),
        };
        let link = PairingLink {
            server: "https://sync.example".into(),
            clinic: "Harbor Clinic".into(),
            invites: vec![invite],
            records: Vec::new(),
        };
        link.to_text()
    }

    /// A word in full-width letters.
    fn wide(word: &str) -> String {
        let widened = word.bytes().map(|c| 0xfee0 + u32::from(c));
        widened.map(|c| char::from_u32(c).unwrap()).collect()
    }

    #[test]
    fn words_are_read_with_numbers_commas_and_bullets_and_in_any_width() {
        let code = words();
        let all = code.words();
        let numbered = |before: &str, after: &str| -> String {
            let lines = all.iter().enumerate();
            lines
                .map(|(n, word)| format!("{}{before}{word}{after}", n + 1))
                .collect()
        };
        let typed = [
            numbered("  ", "\n"),
            numbered(". ", "\r\n"),
            numbered(") ", ", "),
            numbered(".\u{a0}", ";\n"),
            numbered("", "\n"),
            format!("• {}", all.join("\n• ")),
            format!("- [ ] {}", all.join("\n- [ ] ")),
            format!("\u{feff}“{}”.", all.join(", ")),
            all.join("\u{2003}"),
            all.join(",\u{200b} \u{2067}"),
            all.join(" ").to_uppercase(),
            all.iter()
                .map(|word| wide(word))
                .collect::<Vec<_>>()
                .join("\u{3000}"),
            all.iter()
                .enumerate()
                .map(|(n, word)| format!("{}\u{20e3} {word} ", n + 1))
                .collect(),
        ];
        for typed in typed {
            let read = RecoveryCode::parse(&typed);
            assert!(
                read.as_ref().is_ok_and(|read| *read == code),
                "{typed:?}: {read:?}"
            );
        }
    }

    #[test]
    fn a_mistake_in_words_is_named_by_its_place_and_never_by_what_was_typed() {
        let code = words();
        let mut typed: Vec<String> = code.words().iter().map(|word| (*word).to_owned()).collect();
        typed[4] = "qwertz".to_owned();
        let said = RecoveryCode::parse(&typed.join(" "))
            .unwrap_err()
            .to_string();
        assert!(
            said.ends_with("word 5 is not on the list of words"),
            "{said}"
        );
        assert!(!said.contains("qwertz"), "{said}");
        let said = RecoveryCode::parse("1. abandon 2. ability")
            .unwrap_err()
            .to_string();
        assert!(said.ends_with("there are 2"), "{said}");
        let mut swapped = code.words();
        swapped.swap(0, 1);
        let said = RecoveryCode::parse(&swapped.join(" "))
            .unwrap_err()
            .to_string();
        assert!(said.contains("don't belong together"), "{said}");
    }

    #[test]
    fn a_link_is_read_as_mail_and_people_hand_it_on() {
        let link = link();
        let body = &link["kap://pair/".len()..];
        let wrapped = |width: usize, end: &str, start: &str| -> String {
            let lines = link.as_bytes().chunks(width);
            let lines: Vec<&str> = lines
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect();
            lines.join(&format!("{end}\n{start}"))
        };
        for pasted in [
            format!("<{link}>"),
            format!("({link})."),
            format!("“{link}”,"),
            format!("'{link}'"),
            format!("[Pair]({link})"),
            format!("Here it is: {link}. Yours, Ada"),
            format!("{link} Yours, Ada"),
            format!("{link}\r\n\r\nYours\r\nAda"),
            format!("KAP://PAIR/{body}"),
            format!("Kap://pair/{body}"),
            format!("\u{2068}{}\u{200b}{}\u{2069}", &link[..40], &link[40..]),
            wrapped(76, "", ""),
            wrapped(76, "=", ""),
            wrapped(75, "=\r", ""),
            wrapped(60, "", "> "),
            wrapped(60, "=", ">> "),
            wrapped(5, "", ""),
            link.replace('-', "\u{2011}"),
        ] {
            let read = PairingLink::parse(&pasted);
            assert!(read.is_ok_and(|read| read.to_text() == link), "{pasted:?}");
        }
    }

    proptest! {
        #[test]
        fn a_link_that_says_something_else_is_refused(at in 11_usize..300, to in "[A-Za-z0-9_-]") {
            let link = link();
            prop_assume!(at < link.len() && link[at..=at] != to);
            let mut changed = link.clone();
            changed.replace_range(at..=at, &to);
            prop_assert!(PairingLink::parse(&changed).is_err());
            let mut shorter = link;
            shorter.remove(at);
            prop_assert!(PairingLink::parse(&shorter).is_err());
        }

        #[test]
        fn whatever_is_pasted_is_a_link_or_refused(text in any::<String>(), body in "[ -~\n]{0,200}") {
            let _ = PairingLink::parse(&text);
            let nonsense = format!("kap://pair/{body}");
            prop_assert!(PairingLink::parse(&nonsense).is_err());
        }

        #[test]
        fn words_with_anything_but_letters_between_them_are_read(
            between in proptest::collection::vec("[0-9 .,;:)(•*\t\n\u{a0}\u{200b}\u{202e}-]{0,4}[ \n,.]", 12),
        ) {
            let code = words();
            let typed: String = code.words().iter().zip(&between).map(|(word, gap)| format!("{word}{gap}")).collect();
            prop_assert!(RecoveryCode::parse(&typed).is_ok_and(|read| read == code), "{typed:?}");
        }

        #[test]
        fn words_of_which_one_is_another_are_refused_unless_the_list_checks(
            place in 0_usize..12, other in 0_usize..2048,
        ) {
            let code = words();
            let mut typed = code.words();
            let list = bip39::Language::English.word_list();
            prop_assume!(typed[place] != list[other]);
            typed[place] = list[other];
            match RecoveryCode::parse(&typed.join(" ")) {
                // One in sixteen fits its checksum: then it is read as what it says, and as nothing else.
                Ok(read) => prop_assert_eq!(read.words(), typed),
                Err(error) => prop_assert!(matches!(error, SpaceError::BadRecoveryWords(_))),
            }
        }
    }
}
