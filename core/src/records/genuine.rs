//! Checking the signatures of a page before it is taken in: on all processors, and without holding
//! the replica, so that a person can go on writing meanwhile. Measured: a sixth of a first sync.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::OnceLock;

use companion_protocol::change::SealedChange;
use companion_protocol::id::{LogNumber, SealedHash};

/// Fewer are not worth a thread.
const WORTH_A_THREAD: usize = 32;

/// The hashes of those changes whose signature is their author's. A change's hash covers all of its
/// bytes, so whoever meets it again need not check again. That one is missing here says nothing.
pub(crate) fn genuine(changes: &[(LogNumber, Vec<u8>)]) -> BTreeSet<SealedHash> {
    if changes.len() <= WORTH_A_THREAD {
        return genuine_in(changes);
    }
    let each = changes.len().div_ceil(processors()).max(WORTH_A_THREAD);
    let mut parts = changes.chunks(each);
    let Some(first) = parts.next() else {
        return BTreeSet::new();
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(|| genuine_in(part))).collect();
        let mut found = genuine_in(first);
        for other in others {
            // What a thread did not finish is checked when it is taken in.
            found.extend(other.join().unwrap_or_default());
        }
        found
    })
}

/// Asked once: the answer opens files of the system each time.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

fn genuine_in(changes: &[(LogNumber, Vec<u8>)]) -> BTreeSet<SealedHash> {
    changes
        .iter()
        .filter_map(|(_, bytes)| SealedChange::parse(bytes).ok())
        .filter(|change| change.verify_signature().is_ok())
        .map(|change| change.hash())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use companion_protocol::change::{Header, MIN_CIPHERTEXT, Sealed};
    use companion_protocol::id::{
        ChangeId, ContentHash, Counter, Epoch, HistoryHash, MemberId, SpaceId, StatementHash,
    };
    use ed25519_dalek::SigningKey;

    use super::*;

    fn page(count: u64) -> Vec<(LogNumber, Vec<u8>)> {
        let key = SigningKey::from_bytes(&[3; 32]);
        let mut previous_own = HistoryHash::ZERO;
        let change = |counter| {
            let header = Header {
                space: SpaceId::new([1; 32]),
                epoch: Epoch(0),
                id: ChangeId::new([2; 16]),
                author: MemberId::new(key.verifying_key().to_bytes()),
                counter: Counter(counter),
                previous_own,
                chain_head: StatementHash::new([4; 32]),
                content: ContentHash::ZERO,
                frontier: Vec::new(),
                drops: Vec::new(),
            };
            let sealed = Sealed {
                nonce: [0; 24],
                commitment: [0; 32],
                ciphertext: vec![5; MIN_CIPHERTEXT],
            };
            let change = SealedChange::sign(&key, header, sealed);
            previous_own = change.history();
            (LogNumber(counter), change.bytes().to_vec())
        };
        (1..=count).map(change).collect()
    }

    #[test]
    fn whatever_was_altered_is_not_called_genuine_wherever_it_stands() {
        for count in [0, 1, 40, 150] {
            let whole = page(count);
            assert_eq!(genuine(&whole).len(), whole.len());
            for altered in [0, whole.len() / 2, whole.len().saturating_sub(1)] {
                let mut page = whole.clone();
                if page.is_empty() {
                    continue;
                }
                let in_the_seal = page[altered].1.len() - 80;
                page[altered].1[in_the_seal] ^= 1;
                assert_eq!(genuine(&page).len(), whole.len() - 1);
                page[altered].1.truncate(9);
                assert_eq!(genuine(&page).len(), whole.len() - 1);
            }
        }
    }
}
