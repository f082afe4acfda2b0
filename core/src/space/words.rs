//! Words that two people compare when a device joins: the same on both sides only if both saw the
//! same newcomer join the same space.

use bip39::Language;
use companion_protocol::id::{SpaceId, StatementHash};
use sha2::{Digest, Sha256};

/// How many words; eleven bits each.
pub const COUNT: usize = 4;

/// The words for the statement by which somebody joined.
pub fn compare_words(space: SpaceId, joined_by: StatementHash) -> Vec<String> {
    let digest = Sha256::new()
        .chain_update(b"kap/compare/1")
        .chain_update(space.as_bytes())
        .chain_update(joined_by.as_bytes())
        .finalize();
    let list = Language::English.word_list();
    let mut bits = digest.iter().fold((0u64, 0u32), |(bits, taken), byte| {
        if taken < 8 {
            (bits << 8 | u64::from(*byte), taken + 1)
        } else {
            (bits, taken)
        }
    });
    let mut words = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let index = usize::try_from(bits.0 >> 53).unwrap_or(0);
        words.extend(list.get(index).map(|word| (*word).to_owned()));
        bits.0 <<= 11;
    }
    words
}
