//! Whether what the server holds looks like noise. Searching for words alone would miss a broken
//! seal: payloads are compressed before they are sealed, and a compressed word is no longer found.

use std::collections::HashSet;

use crate::broken::Broken;

/// Fewer bytes say nothing.
const LEAST: usize = 64 * 1024;
/// Pearson's statistic over 256 values has mean 255 and deviation 23 for noise; beyond this (about
/// fifteen deviations) no noise ever comes. Padding alone takes unsealed payloads into the millions.
const MOST_UNEVEN: f64 = 600.0;
/// Two equal blocks never happen in noise; they do where a key stream is used twice.
const BLOCK: usize = 16;

/// The sealed parts of all changes, taken together, are bytes as chance makes them.
pub(super) fn looks_sealed(sealed: &[Vec<u8>]) -> Result<usize, Broken> {
    let mut counts = [0_u32; 256];
    let mut blocks = HashSet::new();
    let mut total = 0_usize;
    let mut repeated = false;
    for bytes in sealed {
        total += bytes.len();
        for byte in bytes {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
        repeated |= bytes.chunks_exact(BLOCK).any(|block| !blocks.insert(block));
    }
    if total < LEAST {
        return Err(Broken::TooLittleToJudge(total));
    }
    if repeated || unevenness(&counts, total) > MOST_UNEVEN {
        return Err(Broken::NotSealed);
    }
    Ok(total)
}

/// Pearson's chi-squared against all values being equally likely.
fn unevenness(counts: &[u32; 256], total: usize) -> f64 {
    let total = u32::try_from(total).map_or(f64::from(u32::MAX), f64::from);
    let expected = total / 256.0;
    counts
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::ports::Rng as _;
    use companion_core::ports::testing::SeededRng;
    use companion_core::testing::space::payload::pack;

    use super::super::checks::{Secret, file_holds_none};
    use super::*;

    fn noise(changes: usize) -> Vec<Vec<u8>> {
        let rng = SeededRng::new(7);
        let mut bytes = vec![vec![0; 1040]; changes];
        bytes.iter_mut().for_each(|bytes| rng.fill(bytes));
        bytes
    }

    /// What the server would hold if payloads were packed and padded but not sealed.
    fn unsealed(changes: usize) -> Vec<Vec<u8>> {
        let entry = |n: usize| {
            format!(
                "{{\"title\":\"Title canary{n:012x}\",\"body\":\"Something that I want to say: \
                 canary{n:012x}. And some more words, as people write them.\",\"at\":\"2026-11-23\"}}"
            )
        };
        (1..=changes)
            .map(|n| {
                pack(entry(n * 0x1234_5678_9abc).as_bytes())
                    .unwrap()
                    .to_vec()
            })
            .collect()
    }

    #[test]
    fn sealed_bytes_pass() {
        assert_eq!(looks_sealed(&noise(100)), Ok(104_000));
    }

    #[test]
    fn payloads_that_were_never_sealed_are_noticed_even_where_no_word_can_be_found() {
        let unsealed = unsealed(100);
        let word = "Something that I want to say";
        let secrets = [Secret {
            what: "an entry",
            word,
        }];
        let found = unsealed
            .iter()
            .filter(|bytes| file_holds_none("log".as_ref(), bytes, &secrets).is_err())
            .count();
        assert!(
            found < unsealed.len(),
            "words survive: the search alone would do"
        );
        assert_eq!(looks_sealed(&unsealed), Err(Broken::NotSealed));
        // Nor does it help to stir in one and the same byte.
        let stirred: Vec<Vec<u8>> = unsealed
            .iter()
            .map(|bytes| bytes.iter().map(|byte| byte ^ 0x5a).collect())
            .collect();
        assert_eq!(looks_sealed(&stirred), Err(Broken::NotSealed));
    }

    #[test]
    fn a_key_stream_that_is_used_twice_is_noticed() {
        let [stream] = <[_; 1]>::try_from(noise(1)).unwrap();
        let sealed: Vec<Vec<u8>> = unsealed(100)
            .iter()
            .map(|bytes| {
                bytes
                    .iter()
                    .zip(&stream)
                    .map(|(byte, key)| byte ^ key)
                    .collect()
            })
            .collect();
        assert_eq!(looks_sealed(&sealed), Err(Broken::NotSealed));
    }

    #[test]
    fn too_little_is_not_taken_for_noise() {
        assert_eq!(
            looks_sealed(&noise(10)),
            Err(Broken::TooLittleToJudge(10_400))
        );
        assert_eq!(looks_sealed(&[]), Err(Broken::TooLittleToJudge(0)));
    }
}
