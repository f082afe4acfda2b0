//! What an id, or the beginning of one, names.

use std::collections::{BTreeMap, BTreeSet};

use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Kind};
use companion_core::records::{PageSize, Sequence};

use super::Phone;
use crate::error::PhoneError;

/// What an id named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Entry(DocumentId),
    CheckIn(DocumentId),
}

impl Phone<'_, '_> {
    /// The entry or check-in whose id begins with what was typed. One that is not shown any more is
    /// found too, where nothing else is meant: the core says what became of it.
    pub(super) fn find(&self, typed: &str) -> Result<Thing, PhoneError> {
        let (id, kind) = self.find_of(typed, &[Entry::KIND, CheckIn::KIND])?;
        Ok(if kind == Entry::KIND {
            Thing::Entry(id)
        } else {
            Thing::CheckIn(id)
        })
    }

    /// The same for one kind.
    pub(super) fn find_one<T: Content>(&self, typed: &str) -> Result<DocumentId, PhoneError> {
        let (id, _) = self.find_of(typed, &[T::KIND])?;
        Ok(id)
    }

    /// What is of one of these kinds, and of which.
    pub(super) fn find_of(
        &self,
        typed: &str,
        kinds: &[Kind],
    ) -> Result<(DocumentId, Kind), PhoneError> {
        let mut things = BTreeMap::new();
        let mut since = Sequence::default();
        loop {
            let page = self.patient.changes(since, PageSize::LARGEST)?;
            for change in &page.changes {
                if kinds.contains(&change.kind) {
                    things.insert(change.id, (change.kind.clone(), change.is_shown));
                }
            }
            if page.changes.len() < PageSize::LARGEST.rows() {
                break;
            }
            since = page.next;
        }
        let standing = |wanted: bool| {
            let things = things.iter();
            things.filter_map(move |(id, (_, is_shown))| (*is_shown == wanted).then_some(*id))
        };
        let id = match by_prefix(typed, standing(true)) {
            Err(PhoneError::NoSuchId(_)) => by_prefix(typed, standing(false))?,
            found => found?,
        };
        let found = things.remove(&id).map(|(kind, _)| (id, kind));
        found.ok_or_else(|| PhoneError::NoSuchId(typed.to_owned()))
    }
}

/// The one id that begins with what was typed.
pub(super) fn by_prefix<T: Copy + Ord + std::fmt::Display>(
    prefix: &str,
    ids: impl Iterator<Item = T>,
) -> Result<T, PhoneError> {
    let prefix = prefix.trim().to_lowercase();
    if prefix.is_empty() {
        return Err(PhoneError::Usage(
            "give an id, or the beginning of one".to_owned(),
        ));
    }
    let fitting: BTreeSet<T> = ids
        .filter(|id| id.to_string().starts_with(&prefix))
        .collect();
    let count = fitting.len();
    match fitting.first() {
        Some(id) if count == 1 => Ok(*id),
        Some(_) => Err(PhoneError::AmbiguousId { prefix, count }),
        None => Err(PhoneError::NoSuchId(prefix)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_short_id_is_taken_only_if_it_fits_one_thing() {
        let id = |byte| DocumentId::new([byte; 16]);
        let ids = || [id(0xab), id(0xac), id(0xab)].into_iter();
        assert_eq!(by_prefix("AB", ids()).unwrap(), id(0xab));
        let both = by_prefix("a", ids()).unwrap_err();
        assert!(
            matches!(both, PhoneError::AmbiguousId { count: 2, .. }),
            "{both}"
        );
        assert!(matches!(
            by_prefix("b", ids()).unwrap_err(),
            PhoneError::NoSuchId(_)
        ));
        assert!(matches!(
            by_prefix(" ", ids()).unwrap_err(),
            PhoneError::Usage(_)
        ));
    }
}
