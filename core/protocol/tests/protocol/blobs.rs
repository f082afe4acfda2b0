//! The names of blobs.

use companion_protocol::api::{BlobName, BlobState};
use companion_protocol::id::BlobId;
use sha2::{Digest, Sha256};

fn named(pieces: &[&[u8]]) -> BlobId {
    let mut name = BlobName::default();
    for piece in pieces {
        name.update(piece);
    }
    name.finish()
}

#[test]
fn a_blob_is_named_by_the_hash_of_its_sealed_bytes() {
    let sealed = b"KB\x01 sealed";
    // By `sha256sum`, over the purpose and then the bytes.
    let known = "af2b8e95e6248e9771c0540afd3d8ed0cb8a8da1bba4cbc50d6c11fd7a97efe1";
    assert_eq!(named(&[sealed]).to_string(), known);
    let plain: [u8; 32] = Sha256::digest(sealed).into();
    assert_ne!(named(&[sealed]), BlobId::new(plain), "a purpose of its own");
}

#[test]
fn a_name_is_the_same_however_the_bytes_come() {
    let sealed: Vec<u8> = (0..=u8::MAX).cycle().take(1000).collect();
    let whole = named(&[&sealed]);
    for at in [0, 1, 63, 64, 65, 999, 1000] {
        let (first, rest) = sealed.split_at(at);
        assert_eq!(named(&[first, rest]), whole, "{at}");
    }
    let mut other = sealed.clone();
    other[999] ^= 1;
    assert_ne!(named(&[&other]), whole);
}

#[test]
fn a_blob_is_whole_when_all_of_it_was_received() {
    let state = |received| BlobState {
        blob: BlobId::new([1; 32]),
        size: 10,
        received,
    };
    assert!(!state(0).is_whole() && !state(9).is_whole());
    assert!(state(10).is_whole());
}
