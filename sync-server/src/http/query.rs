//! Queries are of numbers, each in its one spelling, so that a request has one meaning and one form.

use crate::refusal::Refusal;

/// The largest number that a query may hold: what the database counts to.
const LARGEST: u64 = i64::MAX.unsigned_abs();

fn unknown() -> Refusal {
    Refusal::bad("the query is not one that this route takes")
}

/// A number in decimal digits without a sign and without leading zeros.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = text.parse().ok().filter(|number| *number <= LARGEST)?;
    (plain && (number == 0 || !text.starts_with('0')) && (number != 0 || text == "0"))
        .then_some(number)
}

/// Reads a query; a name that the route does not know, one twice, or an empty part is refused.
pub(super) fn numbers<const N: usize>(
    query: Option<&str>,
    names: [&str; N],
) -> Result<[Option<u64>; N], Refusal> {
    let mut values = [None; N];
    let query = query.unwrap_or_default();
    if query.is_empty() {
        return Ok(values);
    }
    for pair in query.split('&') {
        let known = pair.split_once('=').and_then(|(name, value)| {
            let slot = names
                .iter()
                .zip(values.iter_mut())
                .find(|(known, _)| **known == name)?
                .1;
            slot.replace(number(value)?).is_none().then_some(())
        });
        known.ok_or_else(unknown)?;
    }
    Ok(values)
}

/// How much is asked for: from 1 to `most`, which is meant where nothing is said.
pub(super) fn limit(asked: Option<u64>, most: usize, range: &str) -> Result<usize, Refusal> {
    let Some(asked) = asked else {
        return Ok(most);
    };
    usize::try_from(asked)
        .ok()
        .filter(|asked| (1..=most).contains(asked))
        .ok_or_else(|| Refusal::bad(range))
}

/// For a route that takes none.
pub(super) fn no_query(query: Option<&str>) -> Result<(), Refusal> {
    numbers(query, []).map(|[]| ())
}
