//! Sealed changes, whole and bare.

use companion_protocol::change::SealedChange;

use super::super::seal::{open, seal};
use super::*;

const PLAIN: [u8; 1024] = [7; 1024];

#[test]
fn a_sealed_change_opens_only_whole_and_under_its_own_header() {
    let phone = identity(1);
    let space = Space::of_phone(&phone, 4);
    let header = space.header(&phone);
    let change = seal(&phone, &space.key, header.clone(), &PLAIN, &space.rng).unwrap();
    assert!(change.verify_signature().is_ok());
    assert_eq!(open(&space.key, &change).unwrap().as_slice(), PLAIN);
    assert_eq!(
        open(&EpochKey::new(noise(1)), &change).unwrap_err(),
        SpaceError::CannotOpen
    );

    let mut other = header;
    other.counter = Counter(2);
    other.previous_own = HistoryHash::new([1; 32]);
    let body = change.sealed().unwrap().clone();
    let moved = SealedChange::sign(phone.signing_key(), other, body);
    assert!(moved.verify_signature().is_ok());
    assert_eq!(
        open(&space.key, &moved).unwrap_err(),
        SpaceError::CannotOpen
    );

    for at in 0..change.bytes().len() {
        let mut bytes = change.bytes().to_vec();
        bytes[at] ^= 1;
        let opened =
            SealedChange::parse(&bytes).is_ok_and(|change| change.verify_signature().is_ok());
        assert!(!opened, "a flipped bit at {at} went unnoticed");
    }
}

#[test]
fn a_change_without_its_body_is_the_same_change_and_opens_no_more() {
    let phone = identity(1);
    let space = Space::of_phone(&phone, 5);
    let header = space.header(&phone);
    let change = seal(&phone, &space.key, header, &PLAIN, &space.rng).unwrap();
    let bare = SealedChange::parse(change.bare().bytes()).unwrap();
    assert!(bare.is_bare() && bare.verify_signature().is_ok());
    assert_eq!(
        (bare.hash(), bare.header()),
        (change.hash(), change.header())
    );
    assert!(bare.bytes().len() < change.bytes().len() - PLAIN.len());
    assert_eq!(open(&space.key, &bare).unwrap_err(), SpaceError::Dropped);
}

#[test]
fn the_same_words_sealed_twice_look_different_and_each_change_has_a_key_of_its_own() {
    let (phone, other) = (identity(1), identity(2));
    let space = Space::of_phone(&phone, 6);
    let sealed =
        |me: &Identity, header: Header| seal(me, &space.key, header, &PLAIN, &space.rng).unwrap();
    let first = sealed(&phone, space.header(&phone));
    let again = sealed(&phone, space.header(&phone));
    assert_ne!(first.sealed().unwrap().nonce, again.sealed().unwrap().nonce);
    // Both have one name and author, so one key; another name or author makes another.
    let commitment = |change: &SealedChange| change.sealed().unwrap().commitment;
    assert_eq!(commitment(&first), commitment(&again));
    let mut named = space.header(&phone);
    named.id = ChangeId::new([8; 16]);
    assert_ne!(commitment(&sealed(&phone, named)), commitment(&first));
    let by_other = sealed(&other, space.header(&other));
    assert_ne!(commitment(&by_other), commitment(&first));
}
