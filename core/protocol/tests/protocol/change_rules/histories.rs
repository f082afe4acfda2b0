//! What names a change stays when it is sealed again, and stays of nothing else.

use companion_protocol::change::{DroppedBody, Header, SealedChange};
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, HistoryHash, MemberId, SpaceId, StatementHash,
};
use proptest::prelude::*;

use crate::fixtures::{SMALLEST, filler, key};
use crate::strategies::header;

proptest! {
    #[test]
    fn sealed_again_a_change_has_the_same_history(
        said in header(),
        later in header(),
        length in SMALLEST..SMALLEST + 100,
    ) {
        // All that another time to seal it may change.
        let again = Header {
            epoch: later.epoch,
            chain_head: later.chain_head,
            frontier: later.frontier,
            ..said.clone()
        };
        let first = SealedChange::sign(&key(2), said, filler(SMALLEST));
        let second = SealedChange::sign(&key(2), again, filler(length));
        prop_assert_eq!(first.history(), second.history());
        prop_assert_eq!(first.bare().history(), second.bare().history());
        let read = SealedChange::parse(second.bytes()).unwrap();
        prop_assert_eq!(read.history(), first.history());
    }

    #[test]
    fn another_word_of_its_author_is_another_history(said in header(), byte in 1u8..) {
        let other = |with: fn(&mut Header, u8)| {
            let mut header = said.clone();
            with(&mut header, byte);
            header.history()
        };
        let all = [
            other(|_, _| ()),
            other(|h, by| h.space = SpaceId::new(flipped(h.space.as_bytes(), by))),
            other(|h, by| h.author = MemberId::new(flipped(h.author.as_bytes(), by))),
            other(|h, by| h.counter = Counter(h.counter.0 ^ u64::from(by))),
            other(|h, by| h.id = ChangeId::new(flipped(h.id.as_bytes(), by))),
            other(|h, by| h.previous_own = HistoryHash::new(flipped(h.previous_own.as_bytes(), by))),
            other(|h, by| h.content = ContentHash::new(flipped(h.content.as_bytes(), by))),
            other(|h, by| h.drops.push(drop(by.into(), 7))),
            other(|h, by| h.drops.push(drop(by.into(), 8))),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        prop_assert_eq!(different.len(), all.len());
        let sealing = other(|h, by| {
            h.epoch = Epoch(h.epoch.0 ^ u32::from(by));
            h.chain_head = StatementHash::new(flipped(h.chain_head.as_bytes(), by));
            h.frontier.clear();
        });
        prop_assert_eq!(sealing, said.history());
    }
}

fn drop(index: u16, hash: u8) -> DroppedBody {
    DroppedBody {
        index,
        counter: Counter(1),
        hash: HistoryHash::new([hash; 32]),
    }
}

fn flipped<const N: usize>(bytes: &[u8; N], by: u8) -> [u8; N] {
    let mut bytes = *bytes;
    bytes[N - 1] ^= by;
    bytes
}
