//! Room on the server: what goes beyond a quota, and what known changes cost.

use companion_protocol::api::PushAccepted;
use companion_protocol::id::Epoch;
use companion_protocol::statement::{PreviousKey, Role, Rotate, Statement, StatementBody};
use companion_protocol::suite::SEALED_KEY_LENGTH;
use ed25519_dalek::{Signer, SigningKey};

use crate::support::Relay;
use crate::support::people::{LATER_MS, Space, grant_with, key, member, sealed};

#[test]
fn known_changes_cost_no_signature_and_no_write() {
    let relay = Relay::start();
    let (clinic, reader) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &reader, Role::Reader);
    let changes: Vec<_> = (0..100).map(|_| space.write(&clinic, "x")).collect();
    let stored = space.pushed(&relay, &clinic, &changes);
    let before = relay.counts().signatures_checked;
    for _ in 0..5 {
        let known = space.pushed(&relay, &reader, &changes);
        assert_eq!(known.head, stored.head);
        let hashes = |of: &PushAccepted| -> Vec<_> {
            of.results.iter().map(|r| (r.number, r.hash)).collect()
        };
        assert_eq!(hashes(&known), hashes(&stored));
    }
    let checked = relay.counts().signatures_checked - before;
    assert_eq!(checked, 5, "those of the requests");
    // One more is one more, and a forged one among known ones is found.
    let mut more = changes.clone();
    more.push(space.write(&clinic, "new"));
    space.pushed(&relay, &clinic, &more);
    assert_eq!(relay.counts().signatures_checked - before, 7);
}

#[test]
fn a_forged_change_under_a_known_name_changes_nothing() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Writer);
    let change = space.write(&clinic, "true");
    let stored = space.pushed(&relay, &clinic, std::slice::from_ref(&change));
    // The same header under the wrong key: what is stored stands, and is what is answered.
    let forged = sealed(&phone, change.header().clone(), "false");
    let answer = space.pushed(&relay, &phone, &[forged]);
    assert_eq!(answer.results[0].hash, stored.results[0].hash);
    assert_eq!(space.pulled(&relay, &clinic).changes.len(), 1);
}

/// An id is its author's: were it everybody's, whoever took the id of a change that a restore lost would
/// keep that change out for ever.
#[test]
fn an_id_that_somebody_took_keeps_nobody_else_from_using_it() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Writer);
    let change = space.write(&clinic, "true");
    let mut header = space.header(&phone);
    header.id = change.header().id;
    let taken = sealed(&phone, header, "mine");
    space.pushed(&relay, &phone, std::slice::from_ref(&taken));
    let first = space.pushed(&relay, &clinic, std::slice::from_ref(&change));
    let again = space.pushed(&relay, &clinic, &[taken.clone(), change.clone()]);
    assert_eq!(first.results[0].hash, change.hash());
    assert_eq!(again.results[0].hash, taken.hash());
    assert_eq!(again.results[1].hash, change.hash());
    assert_eq!(space.pulled(&relay, &clinic).changes.len(), 2);
}

fn used(relay: &Relay, space: &Space) -> u64 {
    let storage = relay.running.as_ref().unwrap().storage();
    storage.usage(space.id()).unwrap().unwrap().bytes
}

/// A space of these writers for which no byte is left.
fn full(relay: &Relay, clinic: &SigningKey, writers: std::ops::Range<u8>) -> Space {
    relay.register(member(clinic), 10, 1 << 30);
    let mut space = Space::founded(relay, clinic, clinic, 1);
    for number in writers {
        space.admit(relay, clinic, &key(number), Role::Writer);
    }
    relay.register(member(clinic), 10, used(relay, &space));
    space
}

#[test]
fn removals_never_wait_for_room() {
    let relay = Relay::start();
    let clinic = key(1);
    let mut space = full(&relay, &clinic, 20..50);
    let before = used(&relay, &space);
    for number in 20..50 {
        let removal = space.rotate(&clinic, &[&key(number)]);
        let answer = space.offer(&relay, &clinic, &removal);
        assert_eq!(answer.status, 201, "{number}: {}", answer.text());
        space.learn(removal);
    }
    assert!(used(&relay, &space) > before, "and it is charged");
}

#[test]
fn after_a_leave_the_key_of_a_full_space_is_turned_once() {
    let relay = Relay::start();
    let clinic = key(1);
    let mut space = full(&relay, &clinic, 20..23);
    let leave = space.leave(&key(20));
    assert_eq!(space.offer(&relay, &key(20), &leave).status, 201);
    space.learn(leave);
    let rotation = space.rotate(&clinic, &[]);
    assert_eq!(space.offer(&relay, &clinic, &rotation).status, 201);
    space.learn(rotation);
    let again = space.rotate(&clinic, &[]);
    assert_eq!(space.offer(&relay, &clinic, &again).status, 507);
}

/// The same statement with something where a later version has fields.
fn padded(author: &SigningKey, statement: &Statement) -> Statement {
    let bytes = statement.bytes();
    let mut long = bytes[..bytes.len() - 70].to_vec();
    long.extend([0, 0, 0, 1, 0xab]);
    let signature = author.sign(&[b"kap/statement/1", &long[..]].concat());
    long.extend(64u16.to_be_bytes());
    long.extend(signature.to_bytes());
    Statement::parse(&long).unwrap()
}

#[test]
fn nothing_that_is_longer_than_it_must_be_goes_beyond_a_quota() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 30);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    for number in 20..22 {
        space.admit(&relay, &clinic, &key(number), Role::Writer);
    }
    // As many epochs as give more earlier keys than an honest rotation passes on.
    while space.chain.epoch().0 < 300 {
        let rotation = space.rotate(&clinic, &[]);
        space.extend(&relay, &clinic, rotation);
    }
    relay.register(member(&clinic), 10, used(&relay, &space));
    let (removal, leave) = (space.rotate(&clinic, &[&key(20)]), space.leave(&key(21)));
    let StatementBody::Rotate(mut rotate) = removal.body().clone() else {
        panic!("it is a rotation");
    };
    let passed_on = |count: u32| {
        let sealed = [7; SEALED_KEY_LENGTH];
        let epochs = (0..count).map(Epoch);
        epochs.map(|epoch| PreviousKey { epoch, sealed }).collect()
    };
    rotate.previous_keys = passed_on(258);
    let signed = |rotate: &Rotate| {
        let body = StatementBody::Rotate(rotate.clone());
        Statement::sign(&clinic, removal.position(), removal.made_at_ms(), body)
    };
    for (author, long) in [
        (&clinic, signed(&rotate)),
        (&clinic, padded(&clinic, &removal)),
        (&key(21), padded(&key(21), &leave)),
    ] {
        assert_eq!(space.offer(&relay, author, &long).status, 507);
    }
    rotate.previous_keys = passed_on(257);
    assert_eq!(space.offer(&relay, &clinic, &signed(&rotate)).status, 201);
}

#[test]
fn rotations_do_not_fill_a_full_space() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 30);
    let mut space = Space::imagined(&clinic, &clinic, 1);
    space.grant = grant_with(&clinic, &clinic, 1, 64 * 1024, LATER_MS);
    assert_eq!(space.found(&relay, &clinic).status, 201);
    let mut written = 0;
    loop {
        let rotation = space.rotate(&clinic, &[]);
        let answer = space.offer(&relay, &clinic, &rotation);
        if answer.status == 507 {
            break;
        }
        assert_eq!(answer.status, 201, "{}", answer.text());
        written += rotation.bytes().len();
        assert!(written <= 64 * 1024, "{written} bytes in a space of 65536");
        space.learn(rotation);
    }
}
