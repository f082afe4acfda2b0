//! Founding costs a grant of a registered clinic.

use companion_protocol::api::{ErrorCode, NewSpace, path};
use companion_protocol::grant::Grant;
use companion_protocol::id::GrantSerial;

use crate::support::client::Request;
use crate::support::people::{LATER_MS, Space, create, grant, key, member};
use crate::support::{NOW_MS, Relay};

fn spaces(relay: &Relay) -> usize {
    relay
        .running
        .as_ref()
        .unwrap()
        .storage()
        .spaces()
        .unwrap()
        .len()
}

#[test]
fn a_grant_that_is_unknown_used_forged_or_over_founds_nothing() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    let space = Space::imagined(&clinic, &phone, 1);
    assert_eq!(
        space.found(&relay, &phone).code(),
        ErrorCode::GrantUnusable,
        "not registered"
    );
    relay.register(member(&clinic), 10, 1 << 20);
    assert_eq!(space.found(&relay, &phone).status, 201);

    let mut used = Space::imagined(&clinic, &phone, 2);
    used.grant = space.grant.clone();
    assert_eq!(
        used.found(&relay, &phone).code(),
        ErrorCode::GrantUnusable,
        "used"
    );

    let now = u64::try_from(NOW_MS).unwrap();
    let mut over = Space::imagined(&clinic, &phone, 3);
    over.grant = Grant::sign(&clinic, GrantSerial::new([3; 16]), 0, now - 1);
    assert_eq!(
        over.found(&relay, &phone).code(),
        ErrorCode::GrantUnusable,
        "over"
    );

    let mut forged = grant(&clinic, 4).bytes().to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let new = NewSpace {
        grant: forged,
        create: create(&phone, 4).bytes().to_vec(),
    };
    let request = Request::new("POST", path::SPACES, new.encode()).signed(&phone);
    assert_eq!(
        request.send(&relay).code(),
        ErrorCode::GrantUnusable,
        "forged"
    );
    assert_eq!(spaces(&relay), 1);
}

#[test]
fn nobody_founds_in_anothers_name() {
    let relay = Relay::start();
    let (clinic, phone, thief) = (key(1), key(2), key(3));
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::imagined(&clinic, &phone, 1);
    assert_eq!(space.found(&relay, &thief).code(), ErrorCode::Forbidden);
    assert_eq!(spaces(&relay), 0);
}

#[test]
fn quotas_of_spaces_and_of_bytes_are_refused_as_such() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 1, 10_000);
    let mut space = Space::founded(&relay, &clinic, &phone, 1);
    let second = Space::imagined(&clinic, &phone, 2);
    assert_eq!(
        second.found(&relay, &phone).code(),
        ErrorCode::QuotaExceeded
    );

    let small = space.write(&phone, &"x".repeat(3000));
    space.pushed(&relay, &phone, &[small]);
    let large = space.clone().write(&phone, &"x".repeat(8000));
    assert_eq!(
        space.push(&relay, &phone, &[large]).code(),
        ErrorCode::QuotaExceeded
    );
    let fits = space.write(&phone, "fits");
    space.pushed(&relay, &phone, &[fits]);

    relay.register(member(&clinic), 1, 1);
    let invite = space.invite(&phone, &key(7), companion_protocol::statement::Role::Reader);
    assert_eq!(
        space.offer(&relay, &phone, &invite).code(),
        ErrorCode::QuotaExceeded
    );
    let rotate = space.rotate(&phone, &[]);
    assert_eq!(
        space.offer(&relay, &phone, &rotate).code(),
        ErrorCode::QuotaExceeded
    );
}

#[test]
fn a_grants_own_limit_holds_for_its_space() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::imagined(&clinic, &phone, 1);
    space.grant = Grant::sign(&clinic, GrantSerial::new([9; 16]), 6000, LATER_MS);
    assert_eq!(space.found(&relay, &phone).status, 201);
    let large = space.write(&phone, &"x".repeat(6000));
    assert_eq!(
        space.push(&relay, &phone, &[large]).code(),
        ErrorCode::QuotaExceeded
    );
}
