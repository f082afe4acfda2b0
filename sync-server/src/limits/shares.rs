//! Shares of something limited that callers hold at the same time: connections, bytes of bodies that
//! are still arriving, event streams. Whoever finds no room is refused at once and never waits, or
//! the waiting would be what fills the memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use companion_protocol::id::MemberId;

use super::Peer;

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Most {
    /// For all together.
    pub(crate) all: u64,
    /// For one address.
    pub(crate) each_peer: u64,
    /// For one key.
    pub(crate) each_member: u64,
}

/// Where no room is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The holder has as much as one may.
    Yours,
    /// All together do.
    All,
}

/// Who holds: an address where it tells callers apart, a key where it is known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Holder {
    pub(crate) peer: Option<Peer>,
    pub(crate) member: Option<MemberId>,
}

#[derive(Default)]
struct Held {
    all: u64,
    most_ever: u64,
    peers: BTreeMap<Peer, u64>,
    members: BTreeMap<MemberId, u64>,
}

/// Something limited.
#[derive(Clone)]
pub(crate) struct Shares {
    most: Most,
    gauge: &'static str,
    held: Arc<Mutex<Held>>,
}

/// What one holder has of it; dropping it gives it back.
pub(crate) struct Share {
    of: Shares,
    holder: Holder,
    amount: u64,
}

impl Shares {
    /// `gauge` is the measure that shows how much is held.
    pub(crate) fn new(most: Most, gauge: &'static str) -> Self {
        Self {
            most,
            gauge,
            held: Arc::default(),
        }
    }

    /// A share of nothing yet.
    pub(crate) fn empty(&self, holder: Holder) -> Share {
        Share {
            of: self.clone(),
            holder,
            amount: 0,
        }
    }

    /// A share of this much, if there is room.
    pub(crate) fn take(&self, holder: Holder, amount: u64) -> Result<Share, Full> {
        let mut share = self.empty(holder);
        share.grow(amount)?;
        Ok(share)
    }

    /// The most that was ever held at once.
    pub(crate) fn most_ever(&self) -> u64 {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .most_ever
    }
}

fn fits<K: Ord>(held: &BTreeMap<K, u64>, key: Option<&K>, more: u64, most: u64) -> bool {
    key.is_none_or(|key| held.get(key).copied().unwrap_or(0).saturating_add(more) <= most)
}

fn add<K: Ord>(held: &mut BTreeMap<K, u64>, key: Option<K>, more: u64) {
    if let Some(key) = key {
        let of_key = held.entry(key).or_default();
        *of_key = of_key.saturating_add(more);
    }
}

fn give_back<K: Ord>(held: &mut BTreeMap<K, u64>, key: Option<K>, less: u64) {
    if let Some(key) = key
        && let Some(of_key) = held.get_mut(&key)
    {
        *of_key = of_key.saturating_sub(less);
        if *of_key == 0 {
            held.remove(&key);
        }
    }
}

impl Share {
    /// Whether this much more would fit now. Nothing is taken.
    pub(crate) fn has_room(&self, more: u64) -> Result<(), Full> {
        let held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.room(&held, more)
    }

    /// Takes this much more.
    pub(crate) fn grow(&mut self, more: u64) -> Result<(), Full> {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.room(&held, more)?;
        held.all = held.all.saturating_add(more);
        held.most_ever = held.most_ever.max(held.all);
        add(&mut held.peers, self.holder.peer, more);
        add(&mut held.members, self.holder.member, more);
        drop(held);
        self.amount = self.amount.saturating_add(more);
        metrics::gauge!(self.of.gauge).increment(as_f64(more));
        Ok(())
    }

    fn room(&self, held: &Held, more: u64) -> Result<(), Full> {
        let (most, holder) = (self.of.most, &self.holder);
        if !fits(
            &held.members,
            holder.member.as_ref(),
            more,
            most.each_member,
        ) || !fits(&held.peers, holder.peer.as_ref(), more, most.each_peer)
        {
            return Err(Full::Yours);
        }
        if held.all.saturating_add(more) > most.all {
            return Err(Full::All);
        }
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.all = held.all.saturating_sub(self.amount);
        give_back(&mut held.peers, self.holder.peer, self.amount);
        give_back(&mut held.members, self.holder.member, self.amount);
        drop(held);
        metrics::gauge!(self.of.gauge).decrement(as_f64(self.amount));
    }
}

/// Measures are floating; amounts here stay far below where that loses a byte.
fn as_f64(amount: u64) -> f64 {
    u32::try_from(amount).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn holder(peer: u8, member: u8) -> Holder {
        Holder {
            peer: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, peer)).into()),
            member: Some(MemberId::new([member; 32])),
        }
    }

    fn shares() -> Shares {
        let most = Most {
            all: 100,
            each_peer: 60,
            each_member: 40,
        };
        Shares::new(most, "kap_test")
    }

    #[test]
    fn a_key_an_address_and_all_together_have_limits_of_their_own() {
        let shares = shares();
        let mut first = shares.take(holder(1, 1), 40).unwrap();
        assert_eq!(first.grow(1), Err(Full::Yours), "the key has its share");
        let _second = shares.take(holder(1, 2), 20).unwrap();
        let third = shares.take(holder(1, 3), 1).err();
        assert_eq!(third, Some(Full::Yours), "the address has its share");
        let _other = shares.take(holder(2, 4), 40).unwrap();
        assert_eq!(shares.take(holder(3, 5), 1).err(), Some(Full::All));
        assert_eq!(shares.most_ever(), 100);
    }

    #[test]
    fn what_is_given_back_is_there_for_the_next_and_leaves_no_trace() {
        let shares = shares();
        let mut share = shares.empty(holder(1, 1));
        share.grow(15).unwrap();
        share.grow(25).unwrap();
        drop(share);
        let _again = shares.take(holder(1, 1), 40).unwrap();
        drop(_again);
        let held = shares.held.lock().unwrap();
        assert_eq!((held.all, held.peers.len(), held.members.len()), (0, 0, 0));
    }

    #[test]
    fn what_does_not_fit_takes_nothing() {
        let shares = shares();
        let mut share = shares.take(holder(1, 1), 30).unwrap();
        assert_eq!(share.grow(11), Err(Full::Yours));
        assert!(share.has_room(10).is_ok());
        share.grow(10).unwrap();
    }
}
