//! Where texts differ from what they were made of, in whole words, and which of these places are one.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::sentence::{ends_line, is_end, is_ended, is_new, starts_line};
use super::{Letter, LetterId, Text, text_of};

/// Letters `before` of the base became letters `after` of a text. Either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// A place of the base that was changed.
pub(super) struct Place {
    pub(super) of: Range<usize>,
    /// The changes: which text, and which of its hunks.
    pub(super) changes: Vec<(usize, usize)>,
    /// What the last of them took the place of.
    last: Range<usize>,
    /// Whether a change of what stands right before it would be one of the same thought.
    holds_left: bool,
    /// The same for what stands right after it.
    holds_right: bool,
}

/// Where a text differs from what it was made of, from left to right, in whole words of both. Letters
/// that both have stand in the same order.
pub(super) fn hunks(base: &[Letter], text: &[Letter]) -> Vec<Hunk> {
    let shared: BTreeSet<LetterId> = {
        let here: BTreeSet<LetterId> = text.iter().filter_map(|letter| letter.id).collect();
        let base = base.iter().filter_map(|letter| letter.id);
        base.filter(|id| here.contains(id)).collect()
    };
    let is_shared = |letter: &Letter| letter.id.is_some_and(|id| shared.contains(&id));
    let mut hunks = Vec::new();
    let (mut before, mut after) = (0, 0);
    loop {
        let start = (before, after);
        while base.get(before).is_some_and(|letter| !is_shared(letter)) {
            before += 1;
        }
        while text.get(after).is_some_and(|letter| !is_shared(letter)) {
            after += 1;
        }
        if start != (before, after) {
            hunks.push(Hunk {
                before: start.0..before,
                after: start.1..after,
            });
        }
        match (base.get(before), text.get(after)) {
            (Some(old), Some(new)) if old.id == new.id => (before, after) = (before + 1, after + 1),
            (None, None) => break,
            // The same letters in another order, which Automerge never gives: all is one change.
            _ => return vec![all(base, text)],
        }
    }
    in_words(base, text, hunks)
}

fn all(base: &[Letter], text: &[Letter]) -> Hunk {
    Hunk {
        before: 0..base.len(),
        after: 0..text.len(),
    }
}

/// Widens hunks to whole words, and joins those that meet by that.
fn in_words(base: &[Letter], text: &[Letter], hunks: Vec<Hunk>) -> Vec<Hunk> {
    if hunks.is_empty() {
        return hunks;
    }
    let (old, new) = (word_bounds(base), word_bounds(text));
    let is_bound = |before: usize, after: usize| old.contains(&before) && new.contains(&after);
    let mut widened: Vec<Hunk> = Vec::new();
    let mut ahead = hunks.into_iter().peekable();
    while let Some(mut hunk) = ahead.next() {
        // Between two hunks both texts have the same letters, so a step is one letter of each.
        while hunk.before.start.min(hunk.after.start) > 0
            && !is_bound(hunk.before.start, hunk.after.start)
        {
            if let Some(last) = widened.pop_if(|last| last.before.end == hunk.before.start) {
                hunk.before.start = last.before.start;
                hunk.after.start = last.after.start;
            } else {
                hunk.before.start -= 1;
                hunk.after.start -= 1;
            }
        }
        while hunk.before.end < base.len()
            && hunk.after.end < text.len()
            && !is_bound(hunk.before.end, hunk.after.end)
        {
            if let Some(next) = ahead.next_if(|next| next.before.start == hunk.before.end) {
                hunk.before.end = next.before.end;
                hunk.after.end = next.after.end;
            } else {
                hunk.before.end += 1;
                hunk.after.end += 1;
            }
        }
        match widened.last_mut() {
            Some(last) if last.before.end == hunk.before.start => {
                last.before.end = hunk.before.end;
                last.after.end = hunk.after.end;
            }
            _ => widened.push(hunk),
        }
    }
    widened
}

/// The letters before which a word begins, as Unicode divides text into words (UAX #29), and the end.
fn word_bounds(letters: &[Letter]) -> BTreeSet<usize> {
    let text = text_of(letters);
    let mut at = 0;
    let mut bounds = BTreeSet::from([0]);
    for word in text.split_word_bounds() {
        at += word.chars().count();
        bounds.insert(at);
    }
    bounds
}

/// The places that were changed, from left to right: those that overlap are one.
pub(super) fn places(base: &[Letter], texts: &[Text]) -> Vec<Place> {
    let mut changed: Vec<Place> = Vec::new();
    for (by, text) in texts.iter().enumerate() {
        let hunks = text.hunks.iter().enumerate();
        changed.extend(hunks.map(|(at, hunk)| place(base, text, hunk, (by, at))));
    }
    changed.sort_by_key(|place| (place.of.start, place.of.end));
    let mut places: Vec<Place> = Vec::new();
    for next in changed {
        match places.last_mut() {
            Some(last) if overlap(base, last, &next) => {
                if next.of.end >= last.of.end {
                    let same = next.of.end == last.of.end;
                    last.holds_right = next.holds_right || same && last.holds_right;
                    last.of.end = next.of.end;
                }
                last.changes.extend(next.changes);
                last.last = next.last;
            }
            _ => places.push(next),
        }
    }
    places
}

fn place(base: &[Letter], text: &Text, hunk: &Hunk, change: (usize, usize)) -> Place {
    let of = hunk.before.clone();
    let added = of
        .is_empty()
        .then(|| text_of(text.between(hunk.after.clone())));
    let holds = |stands_alone: bool| added.is_none() || !stands_alone;
    let added = added.as_deref().unwrap_or_default();
    Place {
        holds_left: holds(is_new(base, of.start) || starts_line(added)),
        holds_right: holds(ends_line(base, of.end) || is_ended(added)),
        changes: vec![change],
        last: of.clone(),
        of,
    }
}

/// Whether two places, the second not before the first, are one: they share words, or they are in one
/// sentence. Two edits of one sentence can turn its meaning around, though each is of other words: of "I
/// will not go", one "I will go" and one "I will not go today" make "I will go today".
fn overlap(base: &[Letter], first: &Place, second: &Place) -> bool {
    if first.last == second.of || second.of.start < first.of.end {
        return true;
    }
    let gap = base.get(first.of.end..second.of.start).unwrap_or_default();
    let in_one_sentence = !gap
        .iter()
        .any(|letter| letter.letter == '\n' || is_end(letter.letter));
    in_one_sentence && first.holds_right && second.holds_left
}
