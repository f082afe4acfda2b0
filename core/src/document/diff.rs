//! How one text became another, as few insertions and removals of whole words.
//!
//! Words, because a merge of two people's edits should not mix letters of both into one word, and
//! because an emoji or an accent is never torn from what it belongs to.

/// Most words added and removed that are looked for one by one. The search takes time in proportion
/// to this times the length; beyond it, what lies between the common ends is replaced as a whole.
const EDITS_LIMIT: usize = 1_000;

/// Replace `removed` characters at `at` by `inserted`. Positions count characters (code points) of
/// the text as earlier splices left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: usize,
    pub(super) removed: usize,
    pub(super) inserted: String,
}

/// The splices that turn `old` into `new`, from left to right.
pub(super) fn splices(old: &str, new: &str) -> Vec<Splice> {
    let (old, new) = (tokens(old), tokens(new));
    let ahead = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (before, old) = old.split_at_checked(ahead).unwrap_or_default();
    let new = new.get(ahead..).unwrap_or_default();
    let behind = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let old = old.get(..old.len() - behind).unwrap_or_default();
    let new = new.get(..new.len() - behind).unwrap_or_default();

    let mut splices = Vec::new();
    let mut at = before.iter().map(|token| characters(token)).sum();
    let (mut from_old, mut from_new) = (0, 0);
    let kept = kept(old, new).unwrap_or_default();
    for (old_at, new_at) in kept.into_iter().chain([(old.len(), new.len())]) {
        let removed = old.get(from_old..old_at).unwrap_or_default();
        let inserted = new.get(from_new..new_at).unwrap_or_default();
        if !removed.is_empty() || !inserted.is_empty() {
            let splice = Splice {
                at,
                removed: removed.iter().map(|token| characters(token)).sum(),
                inserted: inserted.concat(),
            };
            at += characters(&splice.inserted);
            splices.push(splice);
        }
        at += old.get(old_at).map_or(0, |token| characters(token));
        (from_old, from_new) = (old_at + 1, new_at + 1);
    }
    splices
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

/// Words, runs of white space, and anything else with what is attached to it.
fn tokens(text: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Sort {
        Word,
        Space,
        Sign,
        Beyond,
    }
    let sort = |c: char| match c {
        '\n' => Sort::Sign,
        c if c.is_whitespace() => Sort::Space,
        c if c.is_alphanumeric() || c == '\'' || c == '’' => Sort::Word,
        c if c.is_ascii() => Sort::Sign,
        // Accents, joiners, variation selectors, emoji: together, and with what stands before.
        _ => Sort::Beyond,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = sort(c);
        let goes_on = match &last {
            None => true,
            Some(Sort::Sign) => this == Sort::Beyond,
            Some(last) => this == Sort::Beyond || *last == this && this != Sort::Sign,
        };
        if !goes_on {
            tokens.extend(text.get(start..at));
            start = at;
        }
        last = Some(this);
    }
    tokens.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    tokens
}

/// Pairs of positions that stay, by Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986);
/// `None` when more than [`EDITS_LIMIT`] edits would be needed.
fn kept(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize)>> {
    if old.is_empty() || new.is_empty() {
        return Some(Vec::new());
    }
    let (old_len, new_len) = (old.len() as isize, new.len() as isize);
    let limit = EDITS_LIMIT.min(old.len() + new.len()) as isize;
    let same = |x: isize, y: isize| match (usize::try_from(x), usize::try_from(y)) {
        (Ok(x), Ok(y)) => old.get(x).is_some_and(|token| new.get(y) == Some(token)),
        _ => false,
    };
    // Furthest position in `old` on each diagonal, one row for each number of edits.
    let mut rows: Vec<Vec<isize>> = Vec::new();
    let furthest = |row: Option<&Vec<isize>>, edits: isize, diagonal: isize| -> isize {
        let at = usize::try_from(diagonal + edits).ok().map(|at| at / 2);
        row.zip(at)
            .and_then(|(row, at)| row.get(at))
            .copied()
            .unwrap_or(-1)
    };
    let step = |row: Option<&Vec<isize>>, edits: isize, diagonal: isize| -> (isize, bool) {
        if edits == 0 {
            return (0, false);
        }
        let removing = furthest(row, edits - 1, diagonal - 1);
        let inserting = furthest(row, edits - 1, diagonal + 1);
        let goes_down = diagonal == -edits || diagonal != edits && removing < inserting;
        if goes_down {
            (inserting, true)
        } else {
            (removing + 1, false)
        }
    };
    let mut found = None;
    'search: for edits in 0..=limit {
        let mut row = Vec::new();
        for diagonal in (-edits..=edits).step_by(2) {
            let (mut x, _) = step(rows.last(), edits, diagonal);
            while same(x, x - diagonal) {
                x += 1;
            }
            row.push(x);
            if x >= old_len && x - diagonal >= new_len {
                found = Some(edits);
                rows.push(row);
                break 'search;
            }
        }
        rows.push(row);
    }
    let mut pairs = Vec::new();
    let (mut x, mut y) = (old_len, new_len);
    for edits in (0..=found?).rev() {
        let diagonal = x - y;
        let before = usize::try_from(edits - 1).ok().and_then(|at| rows.get(at));
        let (start, goes_down) = step(before, edits, diagonal);
        while x > start {
            (x, y) = (x - 1, y - 1);
            pairs.push((usize::try_from(x).ok()?, usize::try_from(y).ok()?));
        }
        (x, y) = if goes_down { (x, y - 1) } else { (x - 1, y) };
    }
    pairs.reverse();
    Some(pairs)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn apply(old: &str, splices: &[Splice]) -> String {
        let mut characters: Vec<char> = old.chars().collect();
        for splice in splices {
            let end = splice.at + splice.removed;
            characters.splice(splice.at..end, splice.inserted.chars());
        }
        characters.into_iter().collect()
    }

    #[test]
    fn only_the_words_that_changed_are_touched() {
        let (old, new) = (
            "I slept badly, and woke early.",
            "I slept well, and woke very early.",
        );
        let expected = [
            Splice {
                at: 8,
                removed: 5,
                inserted: "well".into(),
            },
            Splice {
                at: 23,
                removed: 0,
                inserted: "very ".into(),
            },
        ];
        let found = splices(old, new);
        assert_eq!(apply(old, &found), new);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found.first(), expected.first());
        assert_eq!(found.iter().map(|s| s.removed).sum::<usize>(), 5);
    }

    #[test]
    fn an_emoji_and_an_accent_are_never_torn() {
        let found = splices("a 👩‍👩‍👧 e\u{301}", "a 👩‍👩‍👦 e");
        assert_eq!(apply("a 👩‍👩‍👧 e\u{301}", &found), "a 👩‍👩‍👦 e");
        for splice in found {
            assert!(
                !splice.inserted.starts_with(['\u{200d}', '\u{301}']),
                "{splice:?}"
            );
        }
    }

    #[test]
    fn a_long_text_that_is_all_new_is_replaced_without_a_long_search() {
        let old: String = (0..15_000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..15_000).map(|n| format!("b{n} ")).collect();
        let found = splices(&old, &new);
        assert_eq!(found.len(), 1);
        assert_eq!(apply(&old, &found), new);
    }

    proptest! {
        #[test]
        fn the_splices_always_lead_to_the_new_text(
            old in "[ab \n,.é👍\u{301}]{0,40}",
            new in "[ab \n,.é👍\u{301}]{0,40}",
        ) {
            prop_assert_eq!(apply(&old, &splices(&old, &new)), new);
        }

        #[test]
        fn the_search_finds_no_longer_way_than_the_plain_one(
            old in proptest::collection::vec("[abc]", 0..12),
            new in proptest::collection::vec("[abc]", 0..12),
        ) {
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            let new: Vec<&str> = new.iter().map(String::as_str).collect();
            let found = kept(&old, &new).unwrap();
            for (x, y) in &found {
                prop_assert_eq!(old.get(*x).unwrap(), new.get(*y).unwrap());
            }
            prop_assert!(found.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
            prop_assert_eq!(found.len(), longest_common(&old, &new));
        }
    }

    /// The textbook table, as the model.
    fn longest_common(old: &[&str], new: &[&str]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut diagonal = 0;
            for (at, b) in new.iter().enumerate() {
                let above = *row.get(at + 1).unwrap();
                let best = if a == b {
                    diagonal + 1
                } else {
                    above.max(*row.get(at).unwrap())
                };
                *row.get_mut(at + 1).unwrap() = best;
                diagonal = above;
            }
        }
        *row.last().unwrap()
    }
}
