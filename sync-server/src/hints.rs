//! "Something is new in this space": hints to whoever listens now. They carry no content, they may
//! get lost, and nothing depends on them.

use std::sync::Arc;

use companion_protocol::api::{Hint, SpaceHead};
use companion_protocol::chain::Chain;
use companion_protocol::id::MemberId;
use tokio::sync::broadcast;

use crate::relay::listed;

/// A hint and who may see it: whoever was present or pending at that moment.
#[derive(Debug, Clone)]
pub(crate) struct Addressed {
    pub(crate) hint: Hint,
    members: Arc<[MemberId]>,
}

impl Addressed {
    pub(crate) fn is_for(&self, member: &MemberId) -> bool {
        self.members.binary_search(member).is_ok()
    }
}

/// Hints waiting for a slow listener; one that falls behind is told everything anew.
const BACKLOG: usize = 1024;

/// Where hints are published and listened to.
#[derive(Debug, Clone)]
pub(crate) struct Hints(broadcast::Sender<Addressed>);

impl Hints {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }

    pub(crate) fn publish(&self, head: SpaceHead, chain: &Chain) {
        if self.0.receiver_count() == 0 {
            return;
        }
        // A set comes ordered, as the search above needs it.
        let members = listed(chain).into_iter().collect();
        // Whoever stopped listening meanwhile is not told.
        let _ = self.0.send(Addressed {
            hint: hint(&head),
            members,
        });
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Addressed> {
        self.0.subscribe()
    }
}

/// A space's head as a hint.
pub(crate) fn hint(head: &SpaceHead) -> Hint {
    Hint {
        space: head.space,
        number: head.number,
        chain_length: head.chain_length,
    }
}
