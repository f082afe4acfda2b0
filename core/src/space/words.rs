//! Words that two people compare when a device joins: the same on both sides only if both saw the
//! same newcomer join the same space.

use bip39::Language;
use companion_protocol::chain::Compared;
use companion_protocol::id::SpaceId;
use sha2::{Digest, Sha256};

/// How many words; eleven bits each.
pub const COUNT: usize = 4;

/// The words for a newcomer's joins and the answers to them, the care space before the private one. The
/// answer was chosen when the join was there already, so nobody could try joins until the words fit.
pub fn compare_words(joins: &[(SpaceId, Compared)]) -> Vec<String> {
    let mut hash = Sha256::new().chain_update(b"kap/compare/1");
    for (space, compared) in joins {
        hash.update(space.as_bytes());
        hash.update(compared.join.as_bytes());
        hash.update(compared.answer.as_bytes());
    }
    let digest = hash.finalize();
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
