//! Shares of something limited that callers hold at the same time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// There is no room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

struct Held<K> {
    all: usize,
    each: BTreeMap<K, usize>,
}

/// Something limited, for all together and for each holder.
pub(crate) struct Shares<K> {
    most: usize,
    most_each: usize,
    held: Arc<Mutex<Held<K>>>,
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self {
            most: self.most,
            most_each: self.most_each,
            held: Arc::clone(&self.held),
        }
    }
}

/// What one holder has of it; dropping it gives it back.
pub(crate) struct Share<K: Ord> {
    of: Shares<K>,
    holder: Option<K>,
    amount: usize,
}

impl<K: Ord + Clone> Shares<K> {
    pub(crate) fn new(most: usize, most_each: usize) -> Self {
        Self {
            most,
            most_each,
            held: Arc::new(Mutex::new(Held {
                all: 0,
                each: BTreeMap::new(),
            })),
        }
    }

    /// Takes a share. A holder that nothing tells from others counts with all only.
    pub(crate) fn take(&self, holder: Option<K>, amount: usize) -> Result<Share<K>, Full> {
        let mut share = Share {
            of: self.clone(),
            holder,
            amount: 0,
        };
        share.grow(amount)?;
        Ok(share)
    }
}

impl<K> Shares<K> {
    fn held(&self) -> MutexGuard<'_, Held<K>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord + Clone> Share<K> {
    /// Takes so much more, or nothing.
    pub(crate) fn grow(&mut self, more: usize) -> Result<(), Full> {
        let mut held = self.of.held();
        let all = held.all.saturating_add(more);
        if all > self.of.most {
            return Err(Full);
        }
        if let Some(holder) = &self.holder {
            let own = held
                .each
                .get(holder)
                .copied()
                .unwrap_or(0)
                .saturating_add(more);
            if own > self.of.most_each {
                return Err(Full);
            }
            held.each.insert(holder.clone(), own);
        }
        held.all = all;
        drop(held);
        self.amount = self.amount.saturating_add(more);
        Ok(())
    }

    /// Grows to this much, where it is less.
    pub(crate) fn cover(&mut self, amount: usize) -> Result<(), Full> {
        match amount.saturating_sub(self.amount) {
            0 => Ok(()),
            more => self.grow(more),
        }
    }
}

impl<K: Ord> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.of.held();
        held.all = held.all.saturating_sub(self.amount);
        if let Some(holder) = &self.holder
            && let Some(own) = held.each.get_mut(holder)
        {
            *own = own.saturating_sub(self.amount);
            if *own == 0 {
                held.each.remove(holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_holder_leaves_room_for_another() {
        let shares = Shares::new(10, 6);
        let mut first = shares.take(Some("a"), 5).unwrap();
        assert_eq!(first.grow(2), Err(Full), "more than one may hold");
        first.grow(1).unwrap();
        first.cover(6).unwrap();
        let _other = shares.take(Some("b"), 4).unwrap();
        assert!(shares.take(None, 1).is_err(), "all together");
        drop(first);
        let _unknown = shares.take(None, 6).unwrap();
        assert!(shares.take(Some("a"), 1).is_err());
    }

    #[test]
    fn what_is_given_back_or_refused_leaves_no_trace() {
        let shares = Shares::new(10, 6);
        assert!(shares.take(Some("a"), 7).is_err());
        drop(shares.take(Some("a"), 6).unwrap());
        let held = shares.held();
        assert_eq!((held.all, held.each.len()), (0, 0));
    }
}
