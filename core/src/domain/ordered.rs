//! A list whose items two people add, edit, move and remove apart from each other.
//!
//! Kept as a map by item id, `{id: {"order": key, …fields, "removed": digest?}}`: edits of different
//! items touch different keys, and a move writes one word. The key of an item is never deleted, or an
//! edit inside it that the remover had not seen would vanish with it. Instead `removed` holds a
//! digest of what the item said when it was removed, and hides it only while it still says that.

mod key;
#[cfg(test)]
mod tests;
mod together;

use std::collections::BTreeMap;
use std::fmt::Debug;

use data_encoding::HEXLOWER;
use serde::de::{self, DeserializeOwned};
use serde::ser;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::attachment::NOT_SAID;
use super::hex::hex_type;
use super::text::{Invalid, Named, Problem};
use key::OrderKey;

const ORDER: &str = "order";
const REMOVED: &str = "removed";

/// A slice or text that is not an item id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an item id of 32 hex digits")]
pub struct ItemIdError;

hex_type!(
    /// Names one item of a list: sixteen random bytes, chosen when the item is added.
    ItemId,
    16,
    ItemIdError
);

/// The items of a list that two people edit, each with an id of its own.
///
/// `T` must read and write as a map with neither of the fields `order` and `removed`. Fields of an
/// item that `T` does not know are kept.
///
/// ```
/// # use companion_core::domain::{ItemId, Ordered};
/// # use serde::{Deserialize, Serialize};
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// struct Step {
///     text: String,
/// }
///
/// let mut steps = Ordered::default();
/// let first = ItemId::new([1; 16]);
/// steps.push(first, Step { text: "Open the window".into() });
/// steps.push(ItemId::new([2; 16]), Step { text: "Call Ada".into() });
/// steps.move_to(first, 1);
/// let texts: Vec<_> = steps.iter().map(|(_, step)| &*step.text).collect();
/// assert_eq!(texts, ["Call Ada", "Open the window"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered<T> {
    items: BTreeMap<ItemId, Item<T>>,
    /// What is shown, in order. Always equal to what `items` say.
    shown: Vec<ItemId>,
}

#[derive(Clone, Debug, PartialEq)]
struct Item<T> {
    value: T,
    order: OrderKey,
    /// Digest of what it said when somebody removed it.
    removed: Option<String>,
    /// Fields from a newer version.
    unknown: Map<String, Value>,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self {
            items: BTreeMap::new(),
            shown: Vec::new(),
        }
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Debug> Ordered<T> {
    /// The items in their order, with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ItemId, &T)> {
        let item = |id: &ItemId| Some((*id, &self.items.get(id)?.value));
        self.shown.iter().filter_map(item)
    }

    /// All items in their order, also those that were removed.
    pub(super) fn iter_all(&self) -> Vec<(ItemId, &T)> {
        let mut all: Vec<_> = self.items.iter().collect();
        all.sort_by_key(|(id, item)| (&item.order, **id));
        all.into_iter()
            .map(|(id, item)| (*id, &item.value))
            .collect()
    }

    /// The same with each shown item tidied, or the first thing that is wrong: more items than `most`, which
    /// are called `name`, or what is wrong with one. Items that are tidy already stay untouched.
    pub(super) fn each_checked(
        mut self,
        name: Named,
        most: usize,
        check: impl Fn(T) -> Result<T, Invalid>,
    ) -> Result<Self, Invalid> {
        if self.len() > most {
            return Err(name.wrong(Problem::TooMany { limit: most }));
        }
        for id in self.shown.clone() {
            let Some(item) = self.items.get(&id) else {
                continue;
            };
            let tidied = check(item.value.clone())?;
            if tidied != item.value {
                self.update(id, |value| *value = tidied);
            }
        }
        Ok(self)
    }

    /// Every item with whether it was removed, by id.
    pub(super) fn iter_with_removed(&self) -> impl Iterator<Item = (ItemId, &T, bool)> {
        let items = self.items.iter();
        items.map(|(id, item)| (*id, &item.value, item.is_hidden()))
    }

    /// Changes every item in place, also those that were removed, and those stay removed.
    pub(crate) fn update_all(&mut self, mut change: impl FnMut(ItemId, &mut T)) {
        for (id, item) in &mut self.items {
            let is_hidden = item.is_hidden();
            change(*id, &mut item.value);
            item.removed = is_hidden.then(|| item.digest());
        }
    }

    /// An item, whether it was removed or not.
    pub(crate) fn get_any(&self, id: ItemId) -> Option<&T> {
        Some(&self.items.get(&id)?.value)
    }

    /// The last item that is about something.
    pub(super) fn last_about(&self, about: impl Fn(&T) -> bool) -> Option<(ItemId, &T)> {
        self.iter().filter(|(_, item)| about(item)).last()
    }

    /// Puts `value` in place of the last item that is about the same, or at the end, as the item `id`.
    pub(super) fn put_about(&mut self, id: ItemId, value: T, about: impl Fn(&T) -> bool) {
        match self.last_about(about).map(|(item, _)| item) {
            Some(item) => drop(self.update(item, |it| *it = value)),
            None => self.push(id, value),
        }
    }

    /// Removes every item that is about something.
    pub(super) fn remove_about(&mut self, about: impl Fn(&T) -> bool) {
        let items = self.iter().filter(|(_, item)| about(item));
        let items: Vec<ItemId> = items.map(|(id, _)| id).collect();
        for item in items {
            self.remove(item);
        }
    }

    /// How many items are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether no item is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Whether nothing was ever put in.
    pub(crate) fn is_empty_of_all(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of that id, unless it was removed.
    pub fn get(&self, id: ItemId) -> Option<&T> {
        let item = self.items.get(&id).filter(|item| !item.is_hidden())?;
        Some(&item.value)
    }

    /// Adds an item at the end. The id must be new, as [`ItemId::random`] gives it.
    pub fn push(&mut self, id: ItemId, value: T) {
        self.insert(id, self.len(), value);
    }

    /// Adds an item before the one that is shown at `index`, or at the end. The id must be new; an
    /// item that has it already is replaced and moved.
    pub fn insert(&mut self, id: ItemId, index: usize, value: T) {
        let unknown = self.items.remove(&id).map(|item| item.unknown);
        self.shown.retain(|shown| *shown != id);
        let item = Item {
            value,
            order: OrderKey::default(),
            removed: None,
            unknown: unknown.unwrap_or_default(),
        };
        self.items.insert(id, item);
        self.put_at(id, index);
    }

    /// Moves an item so that it is shown at `index`, or at the end. Returns whether it is there.
    pub fn move_to(&mut self, id: ItemId, index: usize) -> bool {
        let Some(from) = self.shown.iter().position(|shown| *shown == id) else {
            return false;
        };
        if from != index.min(self.len().saturating_sub(1)) {
            self.shown.remove(from);
            self.put_at(id, index);
        }
        true
    }

    /// Changes an item in place. Returns whether it is there.
    pub fn update(&mut self, id: ItemId, change: impl FnOnce(&mut T)) -> bool {
        let Some(item) = self.items.get_mut(&id).filter(|item| !item.is_hidden()) else {
            return false;
        };
        change(&mut item.value);
        // A removal that no longer holds must not take hold again when the old words come back.
        item.removed = None;
        true
    }

    /// Removes an item as it is now: it comes back if somebody changes it who has not seen this.
    /// Returns whether it was there.
    pub fn remove(&mut self, id: ItemId) -> bool {
        let Some(item) = self.items.get_mut(&id).filter(|item| !item.is_hidden()) else {
            return false;
        };
        item.removed = Some(item.digest());
        self.shown.retain(|shown| *shown != id);
        true
    }

    /// Gives an item, which must not be shown yet, an order between those now around that index.
    fn put_at(&mut self, id: ItemId, index: usize) {
        let index = index.min(self.shown.len());
        let order = |at: Option<usize>| {
            let item = self.items.get(self.shown.get(at?)?)?;
            Some(&item.order)
        };
        let before = order(index.checked_sub(1));
        let mut last = OrderKey::between(before, order(Some(index)));
        self.set_order(id, &last);
        // Two items that were added apart may have the same key; then nothing fits between them, and
        // those behind move on. So do keys that nobody of ours wrote.
        let behind = self.shown.get(index..).unwrap_or_default().to_vec();
        for (next, after) in behind
            .iter()
            .zip(behind.iter().skip(1).map(Some).chain([None]))
        {
            let key = |id: &ItemId| self.items.get(id).map(|item| &item.order);
            if key(next).is_some_and(|key| *key > last) {
                break;
            }
            last = OrderKey::between(Some(&last), after.and_then(key).filter(|key| **key > last));
            self.set_order(*next, &last);
        }
        self.shown.insert(index, id);
    }

    fn set_order(&mut self, id: ItemId, order: &OrderKey) {
        if let Some(item) = self.items.get_mut(&id) {
            item.order = order.clone();
        }
    }
}

impl<T: Serialize> Ordered<T> {
    /// Finds out anew what is shown.
    fn show(&mut self) {
        let living = self.items.iter().filter(|(_, item)| !item.is_hidden());
        let mut shown: Vec<_> = living.map(|(id, item)| (&item.order, *id)).collect();
        shown.sort_unstable();
        self.shown = shown.into_iter().map(|(_, id)| id).collect();
    }
}

impl<T: Serialize> Item<T> {
    fn is_hidden(&self) -> bool {
        let removed = self.removed.as_ref();
        removed.is_some_and(|digest| *digest == self.digest())
    }

    /// What the item says: all but where it stands and whether it was removed.
    fn words(&self) -> Result<Map<String, Value>, serde_json::Error> {
        let mut words = self.unknown.clone();
        words.extend(fields_of(&self.value)?);
        Ok(words)
    }

    fn digest(&self) -> String {
        // An item that cannot be written down is in no document either.
        digest(self.words().unwrap_or_default())
    }
}

/// SHA-256 of the words of an item in hex, without what devices alone fill in. What is empty counts as not there,
/// because a document gives an item texts that it was created without.
fn digest(mut words: Map<String, Value>) -> String {
    words.retain(|name, _| !NOT_SAID.contains(&name.as_str()));
    words.retain(|_, value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    });
    let mut sha = Sha256::new();
    hash(&Value::Object(words), &mut sha);
    HEXLOWER.encode(&sha.finalize())
}

/// Whether the fields of a document, at some name, are those of an item that was removed and says what it said then.
pub(crate) fn is_removed(item: &Map<String, Value>) -> bool {
    let Some(Value::String(removed)) = item.get(REMOVED) else {
        return false;
    };
    let mut words = item.clone();
    words.remove(ORDER);
    words.remove(REMOVED);
    *removed == digest(words)
}

/// Hashes a value so that no two values are hashed alike, whatever order a map keeps its names in.
fn hash(value: &Value, sha: &mut Sha256) {
    let mut count = |sort: &[u8], length: usize| {
        sha.update(sort);
        sha.update((length as u64).to_be_bytes());
    };
    match value {
        Value::Object(fields) => {
            count(b"map", fields.len());
            let sorted: BTreeMap<_, _> = fields.iter().collect();
            for (name, value) in sorted {
                sha.update((name.len() as u64).to_be_bytes());
                sha.update(name);
                hash(value, sha);
            }
        }
        Value::Array(items) => {
            count(b"list", items.len());
            for item in items {
                hash(item, sha);
            }
        }
        Value::String(text) => {
            count(b"text", text.len());
            sha.update(text);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            let word = value.to_string();
            count(b"word", word.len());
            sha.update(word);
        }
    }
}

fn fields_of<T: Serialize>(value: &T) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(value)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(ser::Error::custom("an item is not a set of fields")),
    }
}

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = BTreeMap::new();
        for (id, item) in &self.items {
            let mut fields = item.words().map_err(ser::Error::custom)?;
            fields.insert(ORDER.to_owned(), item.order.to_string().into());
            if let Some(digest) = &item.removed {
                fields.insert(REMOVED.to_owned(), digest.clone().into());
            }
            items.insert(id, fields);
        }
        serializer.collect_map(items)
    }
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = BTreeMap::<ItemId, Map<String, Value>>::deserialize(deserializer)?;
        let mut items = BTreeMap::new();
        for (id, mut fields) in stored {
            // Total: an item without an order, or with an odd one, still stands somewhere.
            let text = |value: Option<Value>| match value {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            let order = OrderKey::from_stored(text(fields.remove(ORDER)).unwrap_or_default());
            let removed = text(fields.remove(REMOVED));
            let value = T::deserialize(Value::Object(fields.clone())).map_err(de::Error::custom)?;
            let known = fields_of(&value).map_err(de::Error::custom)?;
            fields.retain(|name, _| !known.contains_key(name));
            let item = Item {
                value,
                order,
                removed,
                unknown: fields,
            };
            items.insert(id, item);
        }
        let mut list = Self {
            items,
            shown: Vec::new(),
        };
        list.show();
        Ok(list)
    }
}
