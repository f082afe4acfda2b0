//! The bundled guides are plain enough for an eleven-year-old, by the usual formulas.

use crate::domain::guide::model::words_of;
use crate::domain::guide::{Block, Guide, Pack};

/// Sentences, words and syllables of a text.
#[derive(Debug, Default)]
struct Counts {
    sentences: f64,
    words: f64,
    syllables: f64,
}

fn counts(guide: &Guide) -> Counts {
    let mut counts = Counts::default();
    for text in guide.blocks.iter().flat_map(Block::texts) {
        let text = words_of(text);
        for sentence in text.split(['.', '?', '!', ':']) {
            let words = sentence.split(|c: char| !c.is_alphabetic() && c != '\'');
            let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
            if words.is_empty() {
                continue;
            }
            counts.sentences += 1.0;
            for word in words {
                counts.words += 1.0;
                counts.syllables += match guide.language.as_str() {
                    "en" => english_syllables(word),
                    _ => spanish_syllables(word),
                };
            }
        }
    }
    counts
}

/// Groups of vowels, but for a silent e at the end.
fn english_syllables(word: &str) -> f64 {
    let word = word.to_lowercase();
    let mut groups = groups(&word, |c| "aeiouy".contains(c));
    if groups > 1.0 && word.ends_with('e') && !word.ends_with("le") {
        groups -= 1.0;
    }
    groups.max(1.0)
}

/// Groups of vowels; two strong ones side by side, or an accented weak one, are two.
fn spanish_syllables(word: &str) -> f64 {
    let word = word.to_lowercase();
    let mut count = groups(&word, |c| "aeiouáéíóúü".contains(c));
    let letters: Vec<char> = word.chars().collect();
    for pair in letters.windows(2) {
        let strong = |c: char| "aeoáéó".contains(c);
        let vowel = |c: char| "aeiouáéíóúü".contains(c);
        let both_strong = strong(pair[0]) && strong(pair[1]);
        let hiatus = ("íú".contains(pair[0]) && vowel(pair[1]))
            || (vowel(pair[0]) && "íú".contains(pair[1]));
        if both_strong || hiatus {
            count += 1.0;
        }
    }
    count.max(1.0)
}

fn groups(word: &str, is_vowel: impl Fn(char) -> bool) -> f64 {
    let (mut count, mut inside) = (0.0, false);
    for letter in word.chars() {
        let vowel = is_vowel(letter);
        if vowel && !inside {
            count += 1.0;
        }
        inside = vowel;
    }
    count
}

/// Flesch–Kincaid grade: 6 is about age 11 to 12 (Kincaid and others 1975).
fn grade(counts: &Counts) -> f64 {
    0.39 * (counts.words / counts.sentences) + 11.8 * (counts.syllables / counts.words) - 15.59
}

/// Szigriszt's perspicuity: from 65 on "quite easy", primary school and comics, on the scale of INFLESZ
/// (Szigriszt 1993; Barrio-Cantalejo and others 2008).
fn perspicuity(counts: &Counts) -> f64 {
    206.835 - 62.3 * (counts.syllables / counts.words) - counts.words / counts.sentences
}

#[test]
fn english_guides_are_at_the_level_of_age_eleven_and_spanish_ones_quite_easy() {
    for guide in Pack::ketamine().unwrap().all() {
        let counts = counts(guide);
        match guide.language.as_str() {
            "en" => assert!(grade(&counts) <= 6.0, "{}: {:.1}", guide.id, grade(&counts)),
            _ => assert!(
                perspicuity(&counts) >= 65.0,
                "{}: {:.1}",
                guide.id,
                perspicuity(&counts)
            ),
        }
    }
}

#[test]
fn syllables_are_counted_as_people_say_them() {
    for (word, count) in [
        ("ride", 1.0),
        ("table", 2.0),
        ("medicine", 3.0),
        ("the", 1.0),
    ] {
        assert_eq!(english_syllables(word), count, "{word}");
    }
    for (word, count) in [
        ("día", 2.0),
        ("clínica", 3.0),
        ("cuidado", 3.0),
        ("leer", 2.0),
    ] {
        assert_eq!(spanish_syllables(word), count, "{word}");
    }
}
