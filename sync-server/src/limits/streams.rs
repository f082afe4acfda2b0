//! Open event streams, counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use companion_protocol::id::MemberId;

#[derive(Default)]
struct Open {
    members: BTreeMap<MemberId, usize>,
    all: usize,
}

/// Counts open streams.
#[derive(Clone)]
pub(crate) struct Streams {
    open: Arc<Mutex<Open>>,
    most: usize,
    most_per_member: usize,
}

/// One open stream; dropping it closes it.
pub(crate) struct StreamPermit {
    streams: Streams,
    member: MemberId,
}

impl Streams {
    pub(crate) fn new(most: usize, most_per_member: usize) -> Self {
        Self {
            open: Arc::default(),
            most,
            most_per_member,
        }
    }

    /// Opens one more, if there is room.
    pub(crate) fn open(&self, member: MemberId) -> Option<StreamPermit> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_member = open.members.get(&member).copied().unwrap_or(0);
        if open.all >= self.most || of_member >= self.most_per_member {
            return None;
        }
        open.members.insert(member, of_member.saturating_add(1));
        open.all = open.all.saturating_add(1);
        metrics::gauge!("kap_event_streams").increment(1);
        Some(StreamPermit {
            streams: self.clone(),
            member,
        })
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut open = self
            .streams
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(of_member) = open.members.get_mut(&self.member) {
            *of_member = of_member.saturating_sub(1);
            if *of_member == 0 {
                open.members.remove(&self.member);
            }
        }
        metrics::gauge!("kap_event_streams").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_closed_stream_makes_room_for_another() {
        let streams = Streams::new(3, 2);
        let member = MemberId::new([1; 32]);
        let first = streams.open(member).unwrap();
        let _second = streams.open(member).unwrap();
        assert!(streams.open(member).is_none());
        let _other = streams.open(MemberId::new([2; 32])).unwrap();
        assert!(
            streams.open(MemberId::new([3; 32])).is_none(),
            "all streams together"
        );
        drop(first);
        assert!(streams.open(member).is_some());
    }
}
