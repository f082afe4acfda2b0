//! Room on the server: what goes beyond a quota, and what known changes cost.

use companion_protocol::api::PushAccepted;
use companion_protocol::statement::Role;

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

#[test]
fn removals_share_a_small_grace() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 30);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    for number in 20..50 {
        space.admit(&relay, &clinic, &key(number), Role::Writer);
    }
    let id = space.id();
    let used = |relay: &Relay| {
        let storage = relay.running.as_ref().unwrap().storage();
        storage.usage(id).unwrap().unwrap().bytes
    };
    let full = used(&relay);
    relay.register(member(&clinic), 10, full);
    let mut removed = 0;
    for number in 20..50 {
        let removal = space.rotate(&clinic, &[&key(number)]);
        let answer = space.offer(&relay, &clinic, &removal);
        if answer.status == 507 {
            break;
        }
        assert_eq!(answer.status, 201, "{}", answer.text());
        space.learn(removal);
        removed += 1;
    }
    assert!(removed >= 5, "{removed}: a removal waits for no payment");
    let beyond = used(&relay) - full;
    assert!(beyond <= sync_server::storage::GRACE, "{beyond}");
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
