//! The words of a text as the search index holds them, and a query in the same words.
//!
//! Text is cut into pieces: words between spaces and punctuation, runs of a script that writes no
//! spaces, and symbols. A run is held as its overlapping pairs of characters, and its last character
//! alone: then any part of it can be found without a dictionary. The index itself only has to know
//! ASCII, and a script newer than SQLite is searched like any other.

use icu_properties::props::{
    ExtendedPictographic, GeneralCategory, LineBreak, RegionalIndicator, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::fold::{fold, is_mark};

/// More words than anybody searches for; the rest of a pasted page is ignored.
const MOST_WORDS: usize = 64;

/// The words of a text, with spaces between them.
pub(super) fn indexed(text: &str) -> String {
    let folded = fold(text);
    let mut words = String::with_capacity(folded.len());
    for piece in pieces(&folded) {
        match piece {
            Piece::Gap => {}
            Piece::Word(word) | Piece::Symbol(word) => {
                words.push_str(word);
                words.push(' ');
            }
            Piece::Run(run) => {
                for pair in pairs(run) {
                    words.extend(pair);
                    words.push(' ');
                }
                words.extend(run.chars().next_back());
                words.push(' ');
            }
        }
    }
    words
}

/// What the person typed, in the index's language: each word in quotes, so that none of it is taken
/// for an operator, and the last one as the beginning of a word. What stands together without a space
/// must be found side by side.
pub(super) struct Expression {
    phrases: Vec<String>,
}

impl Expression {
    /// All of the words, somewhere in a document.
    pub(super) fn all(&self) -> String {
        self.phrases.join(" AND ")
    }

    /// All of the words in a document, and one of them at least in this column of it.
    pub(super) fn also_in(&self, column: &str) -> String {
        match self.phrases.as_slice() {
            // Looking up every word that begins with one letter is dear: once, then.
            [only] => format!("{{{column}}} : {only}"),
            several => format!(
                "{} AND {{{column}}} : ({})",
                self.all(),
                several.join(" OR ")
            ),
        }
    }
}

/// `None` if there is nothing to search for.
pub(super) fn expression(query: &str) -> Option<Expression> {
    let folded = fold(query);
    let phrases = phrases(&folded);
    let last = phrases.len().checked_sub(1)?;
    let phrases = phrases
        .iter()
        .enumerate()
        .map(|(position, phrase)| {
            let open = match phrase.end {
                End::OneOfRun => true,
                End::Word => position == last,
                End::LastOfRun | End::Whole => false,
            };
            let star = if open { "*" } else { "" };
            format!("\"{}\"{star}", phrase.words.join(" "))
        })
        .collect();
    Some(Expression { phrases })
}

/// Words that must be found side by side.
#[derive(Default)]
struct Phrase {
    words: Vec<String>,
    end: End,
}

#[derive(Default, PartialEq, Eq)]
enum End {
    #[default]
    Whole,
    /// A word, which is unfinished if nothing follows.
    Word,
    /// The last character of a run of several. The run may go on in the text, so it is not sought.
    LastOfRun,
    /// A run of one character. If the run goes on in the text, a pair begins with it.
    OneOfRun,
}

fn phrases(folded: &str) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut present = Phrase::default();
    let mut left = MOST_WORDS;
    let pieces = pieces(folded);
    for piece in pieces.chain([Piece::Gap]) {
        let apart = matches!(piece, Piece::Gap | Piece::Symbol(_));
        if apart || left == 0 {
            if present.end == End::LastOfRun {
                present.words.pop();
            }
            if !present.words.is_empty() {
                phrases.push(std::mem::take(&mut present));
            }
        }
        if left == 0 {
            break;
        }
        match piece {
            Piece::Gap => {}
            Piece::Word(word) => {
                present.words.push(word.to_owned());
                present.end = End::Word;
                left -= 1;
            }
            Piece::Symbol(symbol) => {
                phrases.push(Phrase {
                    words: vec![symbol.to_owned()],
                    end: End::Whole,
                });
                left -= 1;
            }
            Piece::Run(run) => {
                let before = present.words.len();
                present
                    .words
                    .extend(pairs(run).take(left).map(String::from_iter));
                let added = present.words.len() - before;
                left -= added;
                present.end = if added == 0 {
                    left -= 1;
                    End::OneOfRun
                } else {
                    End::LastOfRun
                };
                present
                    .words
                    .extend(run.chars().next_back().map(String::from));
            }
        }
    }
    phrases
}

/// What a folded text consists of.
enum Piece<'a> {
    /// Letters and digits of scripts with spaces.
    Word(&'a str),
    /// Letters of scripts without spaces.
    Run(&'a str),
    /// One emoji or other symbol, on its own wherever it stands.
    Symbol(&'a str),
    /// A space between words. Punctuation ends a word, too, but holds its neighbors together.
    Gap,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Run,
    Symbol,
    Punctuation,
    Gap,
}

fn pieces(folded: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        loop {
            let mut chars = rest.char_indices();
            let class = class(chars.next()?.1);
            let end = match class {
                Class::Word | Class::Run => chars
                    .find(|(_, c)| self::class(*c) != class && !is_mark(*c))
                    .map(|(at, _)| at),
                Class::Symbol | Class::Punctuation | Class::Gap => chars.next().map(|(at, _)| at),
            };
            let (piece, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            rest = after;
            return Some(match class {
                Class::Word => Piece::Word(piece),
                Class::Run => Piece::Run(piece),
                Class::Symbol => Piece::Symbol(piece),
                Class::Gap => Piece::Gap,
                Class::Punctuation => continue,
            });
        }
    })
}

fn class(c: char) -> Class {
    if c.is_ascii_alphanumeric() {
        return Class::Word;
    }
    if c.is_whitespace() || c.is_control() {
        return Class::Gap;
    }
    if c.is_ascii() || is_apostrophe(c) {
        return Class::Punctuation;
    }
    if CodePointSetData::new::<RegionalIndicator>().contains(c) {
        // Two of them are a flag, and flags have no spaces between them.
        return Class::Run;
    }
    if CodePointSetData::new::<ExtendedPictographic>().contains(c) {
        return Class::Symbol;
    }
    match CodePointMapData::<GeneralCategory>::new().get(c) {
        GeneralCategory::OtherSymbol
        | GeneralCategory::MathSymbol
        | GeneralCategory::CurrencySymbol => Class::Symbol,
        GeneralCategory::DashPunctuation
        | GeneralCategory::OpenPunctuation
        | GeneralCategory::ClosePunctuation
        | GeneralCategory::ConnectorPunctuation
        | GeneralCategory::InitialPunctuation
        | GeneralCategory::FinalPunctuation
        | GeneralCategory::OtherPunctuation
        | GeneralCategory::ModifierSymbol
        | GeneralCategory::Format => Class::Punctuation,
        // Letters, marks, numbers, and what this version of Unicode does not know yet.
        _ if has_no_spaces(c) => Class::Run,
        _ => Class::Word,
    }
}

/// The letters among the modifiers that look like an apostrophe (U+02B9 to U+02BF), as in Ukrainian,
/// Hawaiian or transcribed Arabic. Most people type an apostrophe for them.
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2b9}'..='\u{2bf}')
}

/// Whether the script is written without spaces between words: the East Asian ones by name, the
/// others by the classes of UAX #14 for scripts that need a dictionary (`SA`: Thai, Lao, Khmer,
/// Myanmar and more) or that break between any two syllables (`AK` and its like: Balinese, Javanese).
/// Tibetan is not among them: it has a mark between syllables, which ends a word here.
fn has_no_spaces(c: char) -> bool {
    matches!(
        CodePointMapData::<Script>::new().get(c),
        Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo
    ) || matches!(
        CodePointMapData::<LineBreak>::new().get(c),
        // The first also holds the mark for a long vowel in Katakana.
        LineBreak::ConditionalJapaneseStarter
            | LineBreak::ComplexContext
            | LineBreak::Aksara
            | LineBreak::AksaraPrebase
            | LineBreak::AksaraStart
            | LineBreak::ViramaFinal
            | LineBreak::Virama
    )
}

/// The overlapping pairs of characters of a run.
fn pairs(run: &str) -> impl Iterator<Item = [char; 2]> {
    run.chars()
        .zip(run.chars().skip(1))
        .map(|(first, second)| [first, second])
}
