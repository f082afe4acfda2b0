//! Lists of several documents that are read and changed as one.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ItemId, Ordered};

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Debug> Ordered<T> {
    /// Adds the items of another list that this one does not have, each where its order says: what one person
    /// began in two places is read as one list. Removed items come along as removed. For items that never change.
    pub(in crate::domain) fn join(&mut self, other: &Self) {
        for (id, item) in &other.items {
            self.items.entry(*id).or_insert_with(|| item.clone());
        }
        self.show();
    }

    /// The same for items that change. One that says something else there than here stands beside it by the name that
    /// `beside` gives it: one of the two was changed by whoever did not know of the other list yet.
    pub(in crate::domain) fn join_changed(
        &mut self,
        other: &Self,
        beside: impl Fn(ItemId) -> ItemId,
    ) {
        for (id, item) in &other.items {
            let known = self.items.get(id);
            let name = match known {
                None => *id,
                Some(known) if item.is_hidden() || item.value == known.value => continue,
                Some(_) => beside(*id),
            };
            self.items.entry(name).or_insert_with(|| item.clone());
        }
        self.show();
    }

    /// By which name an item of this list stands in one that it was [joined to](Self::join_changed); `None` where what
    /// stands there is not what this list says.
    pub(in crate::domain) fn name_in(
        &self,
        id: ItemId,
        joined: &Self,
        beside: impl Fn(ItemId) -> ItemId,
    ) -> Option<ItemId> {
        let own = &self.items.get(&id)?.value;
        let names = [beside(id), id].into_iter();
        let says_it = |name: &ItemId| joined.items.get(name).is_some_and(|it| it.value == *own);
        names.into_iter().find(says_it)
    }

    /// Takes over what one change made of the items of this list in a list that it was [joined
    /// to](Self::join_changed), read before the change and after it. With `takes_new` also what is new there.
    pub(in crate::domain) fn follow(
        &mut self,
        (before, after): (&Self, &Self),
        takes_new: bool,
        beside: impl Fn(ItemId) -> ItemId,
    ) {
        let own: Vec<ItemId> = self.items.keys().copied().collect();
        for id in own {
            // What is removed here is no line of this list any more, whatever another one says.
            if self.items.get(&id).is_none_or(super::Item::is_hidden) {
                continue;
            }
            let Some(name) = self.name_in(id, before, &beside) else {
                continue;
            };
            if let Some(item) = after.items.get(&name)
                && before.items.get(&name) != Some(item)
            {
                self.items.insert(id, item.clone());
            }
        }
        let new = after.items.iter().filter(|(id, _)| {
            takes_new && !before.items.contains_key(id) && !self.items.contains_key(id)
        });
        let new: Vec<_> = new.map(|(id, item)| (*id, item.clone())).collect();
        self.items.extend(new);
        self.show();
    }
}
