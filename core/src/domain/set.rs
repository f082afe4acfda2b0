//! How a set of words is written: as a map `{"word": true}`.
//!
//! Two people who each add a word apart then touch different keys, so both words survive a merge; a
//! list would need to know positions, and a plain field would keep only one of the two sets.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize as _, Deserializer, Serializer};
use serde_json::Value;

/// For `#[serde(serialize_with)]` or `#[serde(with)]`.
pub(super) fn serialize<S: Serializer>(
    set: &BTreeSet<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(set.iter().map(|word| (word, true)))
}

/// For `#[serde(deserialize_with)]` or `#[serde(with)]`. Only `true` counts as being in the set.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeSet<String>, D::Error> {
    let map = BTreeMap::<String, Value>::deserialize(deserializer)?;
    Ok(map
        .into_iter()
        .filter(|(_, present)| *present == Value::Bool(true))
        .map(|(word, _)| word)
        .collect())
}
