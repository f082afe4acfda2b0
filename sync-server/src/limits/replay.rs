//! Requests are answered once: the nonces of the time window are remembered, in memory.
//!
//! A restart forgets them. That is harmless: a push is recognized by its ids, a statement by its
//! place in the chain, a founding by its grant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use companion_protocol::id::MemberId;
use companion_protocol::request::{Authenticated, WINDOW_SECONDS};

/// Nonces of one member.
const MOST_PER_MEMBER: usize = 65_536;
/// Nonces of all: about 100 MB.
const MOST: usize = 1_000_000;

/// What is known of a nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Not met before; remembered now.
    New,
    /// Met before.
    Before,
    /// No room to remember it, so it can't be let through.
    NoRoom,
}

#[derive(Default)]
struct Memory {
    members: BTreeMap<MemberId, BTreeSet<(u64, [u8; 16])>>,
    count: usize,
    swept_at: u64,
}

/// The nonces of the window.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<Memory>);

impl Nonces {
    /// Remembers the request. `now` is in seconds; the request's own time was checked before.
    pub(crate) fn check(&self, request: &Authenticated, now: u64) -> Seen {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A request is acceptable until its time plus the window, and memory must last as long.
        let oldest = now.saturating_sub(WINDOW_SECONDS);
        if memory.swept_at < oldest || (memory.count >= MOST && memory.swept_at < now) {
            memory.sweep(oldest);
            memory.swept_at = now;
        }
        if memory.count >= MOST {
            return Seen::NoRoom;
        }
        let of_member = memory.members.entry(request.member).or_default();
        if of_member.len() >= MOST_PER_MEMBER {
            return Seen::NoRoom;
        }
        if !of_member.insert((request.created, request.nonce)) {
            return Seen::Before;
        }
        memory.count = memory.count.saturating_add(1);
        Seen::New
    }
}

impl Memory {
    fn sweep(&mut self, oldest: u64) {
        self.members.retain(|_, nonces| {
            *nonces = nonces.split_off(&(oldest, [0; 16]));
            !nonces.is_empty()
        });
        self.count = self.members.values().map(BTreeSet::len).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(member: u8, created: u64, nonce: u8) -> Authenticated {
        Authenticated {
            member: MemberId::new([member; 32]),
            created,
            nonce: [nonce; 16],
        }
    }

    #[test]
    fn the_same_request_is_met_once() {
        let nonces = Nonces::default();
        assert_eq!(nonces.check(&request(1, 1000, 1), 1000), Seen::New);
        assert_eq!(nonces.check(&request(1, 1000, 1), 1000), Seen::Before);
        assert_eq!(nonces.check(&request(2, 1000, 1), 1000), Seen::New);
        assert_eq!(nonces.check(&request(1, 1000, 2), 1000), Seen::New);
    }

    #[test]
    fn a_request_from_the_future_is_remembered_until_its_own_window_ends() {
        let nonces = Nonces::default();
        let early = request(1, 1300, 1);
        assert_eq!(nonces.check(&early, 1000), Seen::New);
        for now in [1301, 1599, 1600] {
            assert_eq!(nonces.check(&early, now), Seen::Before, "{now}");
        }
    }

    #[test]
    fn what_left_the_window_is_forgotten() {
        let nonces = Nonces::default();
        for n in 0..100 {
            nonces.check(&request(1, 1000, n), 1000);
        }
        nonces.check(&request(2, 9000, 1), 9000);
        let memory = nonces.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((memory.count, memory.members.len()), (1, 1));
    }
}
