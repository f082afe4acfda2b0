//! Requests are answered once: the nonces of the time window are remembered, in memory and in a file
//! beside the database, so that a restart forgets none of them.

mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use companion_protocol::id::MemberId;
use companion_protocol::request::{Authenticated, WINDOW_SECONDS};

use kept::{Kept, Trace};

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
    /// What an earlier process answered.
    before: BTreeSet<Trace>,
    kept: Option<Kept>,
    members: BTreeMap<MemberId, BTreeSet<(u64, [u8; 16])>>,
    count: usize,
    swept_at: u64,
}

/// The nonces of the window.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<Memory>);

impl Nonces {
    /// Nonces that outlive the process, in a data folder.
    pub(crate) fn open(folder: &Path, now: u64) -> io::Result<Self> {
        let (kept, before) = Kept::open(folder, now.saturating_sub(WINDOW_SECONDS))?;
        Ok(Self(Mutex::new(Memory {
            before,
            kept: Some(kept),
            ..Memory::default()
        })))
    }

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
        let trace = Trace::of(request);
        if memory.before.contains(&trace) {
            return Seen::Before;
        }
        let of_member = memory.members.entry(request.member).or_default();
        if of_member.len() >= MOST_PER_MEMBER {
            return Seen::NoRoom;
        }
        if !of_member.insert((request.created, request.nonce)) {
            return Seen::Before;
        }
        memory.count = memory.count.saturating_add(1);
        if let Some(kept) = &mut memory.kept {
            kept.add(trace);
        }
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
        self.before = Trace::from(&self.before, oldest);
        if let Some(kept) = &mut self.kept {
            let present = self.members.iter().flat_map(|(member, nonces)| {
                nonces.iter().map(|(created, nonce)| {
                    Trace::of(&Authenticated {
                        member: *member,
                        created: *created,
                        nonce: *nonce,
                    })
                })
            });
            let most = self.count.saturating_add(self.before.len());
            kept.tidy(most, present.chain(self.before.iter().copied()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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

    #[test]
    fn another_process_remembers_what_this_one_answered() {
        let folder = tempfile::tempdir().unwrap();
        let nonces = Nonces::open(folder.path(), 1000).unwrap();
        assert_eq!(nonces.check(&request(1, 1300, 1), 1000), Seen::New);
        assert_eq!(nonces.check(&request(1, 900, 2), 1000), Seen::New);
        drop(nonces);
        for (now, other) in [(1000, 2), (1600, 3)] {
            let nonces = Nonces::open(folder.path(), now).unwrap();
            assert_eq!(nonces.check(&request(1, 1300, 1), now), Seen::Before);
            assert_eq!(nonces.check(&request(other, 1300, 1), now), Seen::New);
        }
        let nonces = Nonces::open(folder.path(), 1601).unwrap();
        let memory = nonces.0.lock().unwrap();
        assert!(
            memory.before.is_empty(),
            "what left the window is forgotten"
        );
    }

    #[test]
    fn the_file_does_not_grow_with_what_left_the_window() {
        let folder = tempfile::tempdir().unwrap();
        let nonces = Nonces::open(folder.path(), 0).unwrap();
        let length = || {
            std::fs::metadata(folder.path().join("nonces"))
                .unwrap()
                .len()
        };
        for round in 0..100_u64 {
            let now = 1000 + round * 1000;
            for nonce in 0..200 {
                nonces.check(&request(1, now, nonce), now);
            }
        }
        assert!(length() <= 24 * 5000, "{}", length());
    }
}
