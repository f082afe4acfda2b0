//! What is too large for a change, sealed and opened.

use std::io::{Cursor, Read as _};

use companion_protocol::api::BlobName;
use companion_protocol::id::SpaceId;
use proptest::prelude::*;

use crate::ports::testing::SeededRng;
use crate::space::blob::{
    BlobError, BlobKey, BlobReader, BlobWriter, CHUNK, MAX_CONTENT, SealedBlob, content_in,
    sealed_size,
};

fn key(seed: u64) -> BlobKey {
    BlobKey::generate(&SeededRng::new(seed))
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8 + 1).collect()
}

fn sealed(key: &BlobKey, content: &[u8]) -> (SealedBlob, Vec<u8>) {
    let mut writer = BlobWriter::new(key, Vec::new()).unwrap();
    writer.write_all_of(&mut Cursor::new(content)).unwrap();
    writer.finish().unwrap()
}

fn opened(key: &BlobKey, length: u64, bytes: &[u8]) -> Result<Vec<u8>, BlobError> {
    let size = bytes.len() as u64;
    let mut reader = BlobReader::new(key, length, Cursor::new(bytes), size)?;
    let mut all = Vec::new();
    loop {
        let some = reader.next_bytes()?;
        if some.is_empty() {
            return Ok(all);
        }
        all.extend_from_slice(some);
    }
}

fn is_refused(key: &BlobKey, length: u64, bytes: &[u8]) -> bool {
    matches!(opened(key, length, bytes), Err(BlobError::NotGenuine))
}

#[test]
fn any_content_comes_back_as_it_was_whatever_the_pieces_are() {
    for length in [
        1,
        2,
        16_384,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK,
        3 * CHUNK + 77,
    ] {
        let content = content(length);
        let (blob, bytes) = sealed(&key(1), &content);
        assert_eq!(blob.length, length as u64);
        assert_eq!(blob.size, bytes.len() as u64);
        let mut name = BlobName::default();
        name.update(&bytes);
        assert_eq!(blob.id, name.finish());
        assert_eq!(
            opened(&key(1), blob.length, &bytes).unwrap(),
            content,
            "{length}"
        );

        let mut writer = BlobWriter::new(&key(1), Vec::new()).unwrap();
        for piece in content.chunks(1 + length / 7) {
            writer.write(piece).unwrap();
        }
        assert_eq!(
            writer.finish().unwrap(),
            (blob, bytes),
            "in pieces, {length}"
        );
    }
}

#[test]
fn what_a_reader_is_given_is_in_its_place_wherever_it_goes_on() {
    let content = content(3 * CHUNK + 77);
    let (blob, bytes) = sealed(&key(1), &content);
    let mut reader = BlobReader::new(&key(1), blob.length, Cursor::new(&bytes), blob.size).unwrap();
    for at in [
        0,
        5,
        CHUNK - 1,
        CHUNK,
        2 * CHUNK + 9,
        content.len() - 1,
        content.len(),
        3,
    ] {
        reader.go_to(at as u64).unwrap();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert!(rest == content[at..], "from {at}");
    }
    reader.go_to(CHUNK as u64).unwrap();
    reader.check().unwrap();
    let mut bad = bytes.clone();
    *bad.last_mut().unwrap() ^= 1;
    let reader = BlobReader::new(&key(1), blob.length, Cursor::new(&bad), blob.size).unwrap();
    assert!(matches!(reader.check(), Err(BlobError::NotGenuine)));
}

#[test]
fn short_contents_look_alike_and_long_ones_nearly() {
    let size = |length| sealed(&key(1), &content(length)).0.size;
    assert_eq!(size(1), size(16_384));
    assert_eq!(size(1_000_000), size(1_010_000));
    assert!(size(1_000_000) < 1_130_000);
}

#[test]
fn how_large_a_content_becomes_and_how_much_of_it_has_come_is_known_by_its_length() {
    for length in [1, 16_384, 65_536, 65_537, 131_072, 1_000_000, 1_048_574] {
        let (blob, bytes) = sealed(&key(1), &content(length));
        assert_eq!(sealed_size(blob.length), blob.size);
        let mut before = 0;
        for come in (0..=bytes.len() as u64).step_by(997) {
            let known = content_in(come, blob.length);
            assert!(known >= before && known <= blob.length.min(come), "{come}");
            before = known;
        }
        assert_eq!(content_in(blob.size, blob.length), blob.length);
    }
    // The head and the first chunk, and the second begun.
    let head = sealed_size(1) - 16_384 - 16;
    assert_eq!(content_in(head, 200_000), 0);
    assert_eq!(content_in(head + 65_536 + 16 + 5, 200_000), 65_541);
}

#[test]
fn nothing_and_too_much_are_refused() {
    let writer = BlobWriter::new(&key(1), Vec::new()).unwrap();
    assert!(matches!(writer.finish(), Err(BlobError::Empty)));
    let mut writer = BlobWriter::new(&key(1), std::io::sink()).unwrap();
    let mut endless = std::io::repeat(7);
    let too_large = writer.write_all_of(&mut endless);
    assert!(matches!(too_large, Err(BlobError::TooLarge)));
    let mut writer = BlobWriter::new(&key(1), std::io::sink()).unwrap();
    writer
        .write_all_of(&mut std::io::repeat(7).take(MAX_CONTENT))
        .unwrap();
    let (largest, _) = writer.finish().unwrap();
    assert!(
        largest.size <= companion_protocol::api::MAX_BLOB,
        "{}",
        largest.size
    );
}

#[test]
fn another_key_another_length_and_chunks_elsewhere_open_nothing() {
    let (blob, bytes) = sealed(&key(1), &content(3 * CHUNK));
    assert!(is_refused(&key(2), blob.length, &bytes));
    assert!(is_refused(&key(1), blob.length + CHUNK as u64, &bytes));
    assert!(
        is_refused(&key(1), blob.length - 1, &bytes),
        "padding that is none"
    );
    assert!(is_refused(&key(1), 0, &bytes));

    let whole = CHUNK + 16;
    let mut swapped = bytes.clone();
    let (first, second) = swapped[35..].split_at_mut(whole);
    first.swap_with_slice(&mut second[..whole]);
    assert!(is_refused(&key(1), blob.length, &swapped));

    let cut = &bytes[..35 + 2 * whole];
    assert!(
        is_refused(&key(1), 2 * CHUNK as u64, cut),
        "it ends without its last chunk"
    );
    for length in [0, 2, 34, 35, 40] {
        assert!(is_refused(&key(1), 1, &bytes[..length]), "{length}");
    }
}

#[test]
fn the_same_content_sealed_again_for_a_space_is_one_blob_on_two_phones_and_another_than_before() {
    let words = content(5000);
    let (blob, _) = sealed(&key(1), &words);
    let care = SpaceId::new([3; 32]);
    let again = key(1).again(care);
    let (there, _) = sealed(&again, &words);
    let (on_the_other, _) = sealed(&key(1).again(care), &words);
    assert_eq!(there, on_the_other);
    assert_ne!(there.id, blob.id);
    let other_space = key(1).again(SpaceId::new([4; 32]));
    assert_ne!(again.as_bytes(), other_space.as_bytes());
    let other_content = key(2).again(care);
    assert_ne!(again.as_bytes(), other_content.as_bytes());
}

proptest! {
    #[test]
    fn one_flipped_bit_anywhere_is_found(at in 0usize..70_000, bit in 0u8..8) {
        let (blob, mut bytes) = sealed(&key(1), &content(CHUNK + 1000));
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        prop_assert!(is_refused(&key(1), blob.length, &bytes));
    }

    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..3000), length in any::<u64>()) {
        prop_assert!(is_refused(&key(1), length, &bytes));
    }
}
