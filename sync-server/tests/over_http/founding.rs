//! Founding costs a grant of a registered clinic.

use companion_protocol::api::{ErrorCode, GRANT_HEADER, path};
use companion_protocol::statement::Role;
use data_encoding::BASE64URL_NOPAD;

use crate::support::client::{Request, announced};
use crate::support::people::{
    LATER_MS, Space, create, founding_request, grant, grant_with, key, member,
};
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
    over.grant = grant_with(&clinic, &phone, 3, 0, now - 1);
    assert_eq!(
        over.found(&relay, &phone).code(),
        ErrorCode::GrantUnusable,
        "over"
    );

    let mut forged = grant(&clinic, &phone, 4).bytes().to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let create = create(&phone, 4, Role::Device);
    let request = founding_request(&forged, create.bytes()).signed(&phone);
    assert_eq!(
        request.send(&relay).code(),
        ErrorCode::GrantUnusable,
        "forged"
    );
    assert_eq!(spaces(&relay), 1);
}

#[test]
fn a_grant_is_worth_nothing_to_whoever_finds_it() {
    let relay = Relay::start();
    let (clinic, phone, thief) = (key(1), key(2), key(3));
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::imagined(&clinic, &phone, 1);
    assert_eq!(
        space.found(&relay, &thief).code(),
        ErrorCode::GrantUnusable,
        "the thief brings what the phone signed"
    );
    let mut own = Space::imagined(&clinic, &thief, 2);
    own.grant = space.grant.clone();
    assert_eq!(
        own.found(&relay, &thief).code(),
        ErrorCode::GrantUnusable,
        "the thief founds a space of its own"
    );
    assert_eq!(spaces(&relay), 0);
    let usage = relay.running.as_ref().unwrap().storage().clinics().unwrap();
    assert_eq!((usage[0].spaces, usage[0].bytes), (0, 0));
    assert_eq!(space.found(&relay, &phone).status, 201, "it is still good");
}

#[test]
fn a_founding_without_a_good_grant_is_refused_before_a_byte_of_the_body() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::imagined(&clinic, &phone, 1);
    let create = space.statements[0].bytes();
    let good = BASE64URL_NOPAD.encode(space.grant.bytes());
    let none = Request::new("POST", path::SPACES, create.to_vec());
    let twice = none
        .clone()
        .header(GRANT_HEADER, &good)
        .header(GRANT_HEADER, &good);
    let padded = none.clone().header(GRANT_HEADER, &format!("{good}="));
    let stolen = none.clone().header(GRANT_HEADER, &good).signed(&key(9));
    for (request, code) in [
        (none.signed(&phone), ErrorCode::BadRequest),
        (twice.signed(&phone), ErrorCode::BadRequest),
        (padded.signed(&phone), ErrorCode::BadRequest),
        (stolen, ErrorCode::GrantUnusable),
    ] {
        let (_open, answer) = announced(&relay, &request);
        assert_eq!(answer.code(), code);
    }
    assert_eq!(relay.counts().body_bytes_read, 0);
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
    let invite = space.invite(&phone, &key(7), Role::Reader);
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
    space.grant = grant_with(&clinic, &phone, 9, 6000, LATER_MS);
    assert_eq!(space.found(&relay, &phone).status, 201);
    let large = space.write(&phone, &"x".repeat(6000));
    assert_eq!(
        space.push(&relay, &phone, &[large]).code(),
        ErrorCode::QuotaExceeded
    );
}
