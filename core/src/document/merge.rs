//! One text out of two that were made of the same one apart: what a person would make of them.
//!
//! Automerge alone keeps every insertion. Then the same correction made on two phones stands twice
//! ("Took 1515 mg"), and two rewrites of one word become something that nobody wrote ("not very safe").
//! Here the same correction counts once, edits of different places are all kept, and where two people
//! rewrote the same words one of the wordings is shown, and both are given to choose from.
//!
//! Automerge names each letter by the operation that wrote it, so nothing is guessed about which
//! letters of two texts are the same ones.

mod place;
mod sentence;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use place::{Hunk, Place};
use unicode_segmentation::UnicodeSegmentation as _;

/// One letter of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// The operation that wrote it; `None` for white space that only keeps apart what two people wrote.
    pub(super) id: Option<LetterId>,
    pub(super) letter: char,
}

/// The operation that wrote a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LetterId {
    /// The change that it belongs to.
    pub(super) change: usize,
    pub(super) counter: u64,
}

/// A text, and what people wrote that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) letters: Vec<Letter>,
    /// The texts as people wrote them: itself, unless it was merged.
    pub(super) written: BTreeMap<String, Vec<Letter>>,
    /// Those of them that rewrite the same words differently.
    pub(super) rivals: BTreeSet<String>,
}

impl Version {
    /// A text as somebody wrote it.
    pub(super) fn of(letters: Vec<Letter>) -> Self {
        Self {
            written: BTreeMap::from([(text_of(&letters), letters.clone())]),
            letters,
            rivals: BTreeSet::new(),
        }
    }

    pub(super) fn text(&self) -> String {
        text_of(&self.letters)
    }
}

/// The order in which the document holds its letters.
pub(super) type Order = BTreeMap<LetterId, usize>;

/// Merges two texts that were made of `origin`, or each from nothing. The same for both orders. What both
/// added stands in the order in which the document holds it, or writing it down would be moving it.
pub(super) fn merge(
    origin: Option<&[Letter]>,
    one: Version,
    two: Version,
    order: &Order,
) -> Version {
    let base = origin.unwrap_or_default();
    let mut texts = [Text::of(base, one), Text::of(base, two)];
    texts.sort_by(|a, b| (&a.text, &a.ids).cmp(&(&b.text, &b.ids)));
    let merging = Merging {
        base,
        has_origin: origin.is_some(),
        order,
        texts: &texts,
    };
    let (letters, mut rivals) = merging.merge();
    let [one, two] = texts.map(|text| text.version);
    rivals.extend(one.rivals);
    rivals.extend(two.rivals);
    Version {
        letters,
        rivals,
        written: one.written.into_iter().chain(two.written).collect(),
    }
}

/// A version, and where it differs from the base.
struct Text {
    version: Version,
    text: String,
    ids: BTreeSet<LetterId>,
    hunks: Vec<Hunk>,
}

impl Text {
    fn of(base: &[Letter], version: Version) -> Self {
        let mut hunks = place::hunks(base, &version.letters);
        // Whoever wrote the same again has changed nothing.
        hunks.retain(|hunk| {
            let before = base.get(hunk.before.clone()).unwrap_or_default();
            let after = version.letters.get(hunk.after.clone());
            text_of(before) != text_of(after.unwrap_or_default())
        });
        Self {
            text: version.text(),
            ids: version
                .letters
                .iter()
                .filter_map(|letter| letter.id)
                .collect(),
            hunks,
            version,
        }
    }

    fn between(&self, place: Range<usize>) -> &[Letter] {
        self.version.letters.get(place).unwrap_or_default()
    }
}

struct Merging<'a> {
    base: &'a [Letter],
    /// Whether there was one text to begin with. Texts that were made apart are not additions to one.
    has_origin: bool,
    order: &'a Order,
    texts: &'a [Text],
}

/// What texts say in a place, and which text it is: by its words, so that the same words count once.
type Said = BTreeMap<String, (usize, Vec<Letter>)>;

impl Merging<'_> {
    /// The letters, and the texts that rewrite the same words differently.
    fn merge(&self) -> (Vec<Letter>, BTreeSet<String>) {
        let places: Vec<(Place, Said)> = place::places(self.base, self.texts)
            .into_iter()
            .map(|place| {
                let said = self.said_in(&place);
                (place, said)
            })
            .collect();
        let mut letters = Vec::new();
        let mut rivals = BTreeSet::new();
        let mut is_clash = false;
        let mut from = 0;
        for (place, said) in places {
            push(&mut letters, self.between(from..place.of.start));
            from = place.of.end;
            let (shown, outcome) = self.agree_on(&place.of, said, &letters);
            push(&mut letters, &shown);
            is_clash |= outcome == Outcome::Clash;
            if outcome != Outcome::Agreed {
                rivals.extend(self.written_in(&place.of));
            }
        }
        push(&mut letters, self.between(from..self.base.len()));
        if is_clash {
            // One whole text, and not a third one made of both. The other is among the wordings.
            letters = self.longest();
            let written = self
                .texts
                .iter()
                .flat_map(|text| text.version.written.keys());
            rivals.extend(written.cloned());
        }
        (letters, rivals)
    }

    /// The text that keeps most of what was written: a removal does not win over words.
    fn longest(&self) -> Vec<Letter> {
        let longest = self.texts.iter().max_by_key(|text| text.text.len());
        longest.map_or_else(Vec::new, |text| text.version.letters.clone())
    }

    /// What is said in a place: the same words once, and nothing of a text all of whose changes there
    /// another one made as well.
    fn said_in(&self, place: &Place) -> Said {
        let changes: Vec<BTreeSet<(usize, usize, String)>> = (0..self.texts.len())
            .map(|by| {
                let of_this = place.changes.iter().filter(|(of, _)| *of == by);
                let changes = of_this.filter_map(|(_, at)| {
                    let text = self.texts.get(by)?;
                    let hunk = text.hunks.get(*at)?;
                    let words = text_of(text.between(hunk.after.clone()));
                    Some((hunk.before.start, hunk.before.end, words))
                });
                changes.collect()
            })
            .collect();
        let mut said = Said::new();
        for (by, own) in changes.iter().enumerate() {
            let others = changes.iter().enumerate();
            let mut others = others.filter(|(other, _)| *other != by);
            let is_said_by_another = others.any(|(_, all)| own.is_subset(all) && own != all);
            if !is_said_by_another && let Some(letters) = self.said(place, by) {
                said.entry(text_of(&letters)).or_insert((by, letters));
            }
        }
        said
    }

    fn between(&self, place: Range<usize>) -> &[Letter] {
        self.base.get(place).unwrap_or_default()
    }

    fn place_of(&self, letters: &[Letter]) -> usize {
        let mut places = letters.iter().filter_map(|letter| letter.id);
        let place = places.find_map(|id| self.order.get(&id));
        place.copied().unwrap_or(usize::MAX)
    }

    /// The texts as people wrote them that say something of their own in a place.
    fn written_in(&self, place: &Range<usize>) -> BTreeSet<String> {
        let written = self.texts.iter().flat_map(|text| &text.version.written);
        let is_in = |hunk: &Hunk| hunk.before.start <= place.end && hunk.before.end >= place.start;
        let those = written.filter(|(_, letters)| {
            let hunks = place::hunks(self.base, letters);
            hunks.iter().any(is_in)
        });
        those.map(|(text, _)| text.clone()).collect()
    }

    /// What a text says in a place; `None` if it left it alone.
    fn said(&self, place: &Place, by: usize) -> Option<Vec<Letter>> {
        let text = self.texts.get(by)?;
        let mut said = Vec::new();
        let mut from = place.of.start;
        let mut changed = false;
        for (_, at) in place.changes.iter().filter(|(of, _)| *of == by) {
            let hunk = text.hunks.get(*at)?;
            changed = true;
            said.extend(self.between(from..hunk.before.start));
            said.extend(text.between(hunk.after.clone()));
            from = hunk.before.end;
        }
        said.extend(self.between(from..place.of.end));
        changed.then_some(said)
    }

    /// What stands in a place of which these were said, and whether that is what everybody said.
    fn agree_on(
        &self,
        place: &Range<usize>,
        mut said: Said,
        before: &[Letter],
    ) -> (Vec<Letter>, Outcome) {
        if place.is_empty() || !self.has_origin {
            // Only added, by both at the same place. Who added more of the same has said it all.
            let all: Vec<String> = said.keys().cloned().collect();
            said.retain(|one, _| {
                !all.iter()
                    .any(|other| other != one && begins_with(other, one))
            });
        }
        if said.len() < 2 {
            return (first(said), Outcome::Agreed);
        }
        if !place.is_empty() || !self.has_origin {
            return (first(said), Outcome::Clash);
        }
        let at_end = place.end == self.base.len();
        let added: Vec<&str> = said.keys().map(String::as_str).collect();
        let is_whole = sentence::stand_alone(self.base, place.start, &added);
        if !is_whole && !at_end {
            return (first(said), Outcome::Clash);
        }
        let mut together: Vec<Letter> = Vec::new();
        let mut said: Vec<(String, Vec<Letter>)> = said
            .into_iter()
            .map(|(text, (_, letters))| (text, letters))
            .collect();
        said.sort_by_key(|(_, letters)| self.place_of(letters));
        for (text, letters) in said {
            let last = together.last().or_else(|| before.last());
            let touches = last.is_some_and(|last| !last.letter.is_whitespace());
            if !together.is_empty() && touches && !text.starts_with(char::is_whitespace) {
                together.push(between_people('\n'));
            }
            push(&mut together, &letters);
        }
        match is_whole {
            true => (together, Outcome::Agreed),
            false => (together, Outcome::BothStand),
        }
    }
}

fn text_of(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

const fn between_people(letter: char) -> Letter {
    Letter { id: None, letter }
}

/// Whether a text goes on from all the words of another.
fn begins_with(text: &str, beginning: &str) -> bool {
    let mut words = text.split_word_bounds();
    beginning
        .split_word_bounds()
        .all(|word| words.next() == Some(word))
}

/// What the first text says that says something.
fn first(said: Said) -> Vec<Letter> {
    let first = said.into_values().next();
    first.map(|(_, letters)| letters).unwrap_or_default()
}

/// What became of a place that texts changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All say the same, or each adds a sentence of its own.
    Agreed,
    /// What each added to an unfinished text stands, one after the other.
    BothStand,
    /// They say different things.
    Clash,
}

/// So many characters before and after a place say whether a word ends there.
const NEAR: usize = 40;

/// Goes on with what somebody else wrote. What would become one word is kept apart.
fn push(letters: &mut Vec<Letter>, next: &[Letter]) {
    let tail = letters.len().saturating_sub(NEAR);
    let mut both = text_of(letters.get(tail..).unwrap_or_default());
    let seam = both.len();
    both.extend(next.iter().take(NEAR).map(|letter| letter.letter));
    let is_seam_kept = both.split_word_bound_indices().any(|(at, _)| at == seam);
    if seam > 0 && !next.is_empty() && !is_seam_kept {
        letters.push(between_people(' '));
    }
    letters.extend(next);
}

#[cfg(test)]
mod tests;
