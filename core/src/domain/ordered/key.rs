//! Where an item of a list stands: a word between the words of its neighbors.
//!
//! A key is a path of whole numbers, compared as text. Between two keys the next number is taken, or
//! the one before, or the path goes one number deeper. A number from -20 to 19 is one character;
//! beyond that, its first character says how many digits follow. So items that are added one after
//! the other at one place, in either direction, have keys that grow with the logarithm of their
//! number: 4 characters after 1,000, 5 after 100,000. Only the unlikely zigzag, each time between
//! the last two, costs half a character an item.

use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits that announce a length, at each end; the others are numbers of their own.
const LENGTHS: i64 = 11;
/// Numbers below this, from zero, are one character.
const SHORT: i64 = 20;

/// Where an item stands. Keys that were not made here compare as the texts that they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OrderKey(String);

impl OrderKey {
    /// The key as an item holds it.
    pub(super) fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// A key after the one and, if one fits, before the other. Always after the one.
    pub(super) fn between(before: Option<&Self>, after: Option<&Self>) -> Self {
        let path = |key: Option<&Self>| key.map_or(Some(Vec::new()), |key| parse(&key.0));
        let fits = |key: &Self| {
            before.is_none_or(|before| before < key) && after.is_none_or(|after| key < after)
        };
        let found = path(before).zip(path(after)).and_then(|(low, high)| {
            let high = after.map(|_| &*high);
            Some(Self(write(&middle(&low, high)?))).filter(fits)
        });
        found.unwrap_or_else(|| {
            // Neighbors with one key, or with one of a form that we do not know.
            let mut text = before.map_or(String::new(), |before| before.0.clone());
            text.push_str(&write(&[0]));
            Self(text)
        })
    }
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path after `low` and before `high`; an empty `low` is before all, no `high` is after all.
fn middle(low: &[i64], high: Option<&[i64]>) -> Option<Vec<i64>> {
    let high = high.unwrap_or_default();
    let same = low.iter().zip(high).take_while(|(a, b)| a == b).count();
    let (shared, rest) = low.split_at_checked(same)?;
    let mut path = shared.to_vec();
    match (rest, high.get(same)) {
        ([], None) => path.push(0),
        ([], Some(next)) => path.push(next.checked_sub(1)?),
        ([first, ..], None) => path.push(first.checked_add(1)?),
        ([first, deeper @ ..], Some(next)) => {
            if next.checked_sub(*first)? >= 2 {
                path.push(first + 1);
            } else {
                path.push(*first);
                path.push(match deeper.first() {
                    Some(number) => number.checked_add(1)?,
                    None => 0,
                });
            }
        }
    }
    Some(path)
}

fn write(path: &[i64]) -> String {
    let digit = |at: i64| {
        let at = usize::try_from(at).ok().and_then(|at| DIGITS.get(at));
        char::from(at.copied().unwrap_or(b'0'))
    };
    let mut text = String::new();
    for &number in path {
        if (-SHORT..SHORT).contains(&number) {
            text.push(digit(number + SHORT + LENGTHS));
            continue;
        }
        let mut rest = if number < 0 {
            -(number + SHORT + 1)
        } else {
            number - SHORT
        };
        let mut digits = Vec::new();
        while digits.is_empty() || rest > 0 {
            digits.push(rest % 62);
            rest /= 62;
        }
        let length = digits.len() as i64;
        // Below zero everything is turned around, so that the greater number is the smaller text.
        if number < 0 {
            text.push(digit(LENGTHS - length));
            text.extend(digits.iter().rev().map(|d| digit(61 - d)));
        } else {
            text.push(digit(61 - LENGTHS + length));
            text.extend(digits.iter().rev().map(|d| digit(*d)));
        }
    }
    text
}

fn parse(text: &str) -> Option<Vec<i64>> {
    let value = |byte: u8| {
        let at = DIGITS.binary_search(&byte).ok()?;
        i64::try_from(at).ok()
    };
    let mut bytes = text.bytes();
    let mut path = Vec::new();
    while let Some(first) = bytes.next() {
        let first = value(first)?;
        let (below, length) = if first < LENGTHS {
            (true, LENGTHS - first)
        } else if first > 61 - LENGTHS {
            (false, first + LENGTHS - 61)
        } else {
            path.push(first - LENGTHS - SHORT);
            continue;
        };
        let mut number = 0_i64;
        for _ in 0..length {
            let digit = value(bytes.next()?)?;
            let digit = if below { 61 - digit } else { digit };
            number = number.checked_mul(62)?.checked_add(digit)?;
        }
        path.push(if below {
            number.checked_neg()?.checked_sub(SHORT + 1)?
        } else {
            number.checked_add(SHORT)?
        });
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_stay_short_when_items_are_added_at_one_place_again_and_again() {
        let (left, right) = (OrderKey("U".into()), OrderKey("V".into()));
        let (mut after, mut before) = (left.clone(), right.clone());
        let mut end = left.clone();
        for _ in 0..1_000 {
            after = OrderKey::between(Some(&after), Some(&right));
            before = OrderKey::between(Some(&left), Some(&before));
            end = OrderKey::between(Some(&end), None);
        }
        let lengths = [after, before, end].map(|key| key.to_string().len());
        assert!(lengths.iter().all(|length| *length <= 4), "{lengths:?}");
    }

    #[test]
    fn a_zigzag_costs_at_most_half_a_character_an_item() {
        let (mut low, mut high) = (OrderKey("U".into()), OrderKey("V".into()));
        for step in 0..100 {
            let key = OrderKey::between(Some(&low), Some(&high));
            assert!(low < key && key < high);
            *(if step % 2 == 0 { &mut high } else { &mut low }) = key;
        }
        assert!(low.to_string().len() <= 53, "{low}");
    }

    proptest! {
        #[test]
        fn numbers_compare_as_their_texts_do(a: i64, b: i64, small in -5_000..5_000_i64) {
            for (a, b) in [(a / 2, b / 2), (a / 2, small), (small, small + 1)] {
                prop_assert_eq!(write(&[a]).cmp(&write(&[b])), a.cmp(&b));
                prop_assert_eq!(parse(&write(&[a, b])), Some(vec![a, b]));
            }
        }

        #[test]
        fn a_key_is_always_found_between_two_that_differ(
            a in proptest::collection::vec(-30..30_i64, 1..5),
            b in proptest::collection::vec(-30..30_i64, 1..5),
        ) {
            prop_assume!(a != b);
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let [low, high] = [low, high].map(|path| OrderKey(write(&path)));
            let key = OrderKey::between(Some(&low), Some(&high));
            prop_assert!(low < key && key < high, "{} {} {}", low, key, high);
            prop_assert!(OrderKey::between(None, Some(&low)) < low);
            prop_assert!(OrderKey::between(Some(&high), None) > high);
        }

        #[test]
        fn a_key_that_nobody_of_ours_wrote_still_has_a_next(text in ".{0,8}") {
            let odd = OrderKey(text);
            prop_assert!(OrderKey::between(Some(&odd), None) > odd);
            prop_assert!(OrderKey::between(Some(&odd), Some(&odd)) > odd);
        }
    }
}
