//! Who is let in at all.

use companion_protocol::api::{ErrorCode, path};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};
use crate::support::{NOW_MS, Relay};

fn list() -> Request {
    Request::new("GET", path::SPACES, Vec::new())
}

#[test]
fn an_unsigned_request_learns_nothing() {
    let relay = Relay::start();
    let chain = path::chain(SpaceId::new([1; 32]));
    let changes = path::changes(SpaceId::new([1; 32]));
    for (method, target) in [
        ("GET", path::SPACES),
        ("POST", path::SPACES),
        ("GET", &chain),
        ("POST", &chain),
        ("GET", &changes),
        ("POST", &changes),
        ("GET", path::EVENTS),
    ] {
        let answer = Request::new(method, target, Vec::new()).send(&relay);
        assert_eq!(
            answer.code(),
            ErrorCode::Unauthenticated,
            "{method} {target}"
        );
    }
}

#[test]
fn a_request_changed_after_signing_is_refused() {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 20);
    let space = Space::founded(&relay, &key(1), &key(1), 1);
    let target = format!("{}?after=1", path::changes(space.id()));
    let target = target.as_str();
    let signed = || Request::new("GET", target, Vec::new()).signed(&key(1));
    type Bend<'a> = &'a dyn Fn(&mut Request);
    let bent: [(&str, Bend<'_>); 6] = [
        ("method", &|r| r.method = "POST"),
        ("path", &|r| r.path = path::EVENTS.into()),
        ("query", &|r| r.query = "after=2".into()),
        ("host", &|r| r.host = "other.example".into()),
        ("key", &|r| {
            let other = Request::new("GET", target, Vec::new()).signed(&key(2));
            r.signed.as_mut().unwrap().signature_input = other.signed.unwrap().signature_input;
        }),
        ("signature", &|r| {
            let other = Request::new("GET", target, Vec::new()).signed(&key(2));
            r.signed.as_mut().unwrap().signature = other.signed.unwrap().signature;
        }),
    ];
    for (what, bend) in bent {
        let mut request = signed();
        bend(&mut request);
        assert_eq!(
            request.send(&relay).code(),
            ErrorCode::Unauthenticated,
            "{what}"
        );
    }
    let changes = path::changes(space.id());
    let mut request = Request::new("POST", &changes, b"abc".to_vec()).signed(&key(1));
    request.body = b"abd".to_vec();
    assert_eq!(
        request.send(&relay).code(),
        ErrorCode::Unauthenticated,
        "body"
    );
    assert_eq!(signed().send(&relay).status, 200, "unbent");
}

#[test]
fn a_signature_header_that_stands_there_twice_is_refused() {
    let relay = Relay::start();
    let request = list().signed(&key(1));
    for (name, value) in request.signed.clone().unwrap().pairs() {
        let answer = request.clone().header(name, value).send(&relay);
        assert_eq!(answer.code(), ErrorCode::Unauthenticated, "{name}");
    }
}

#[test]
fn a_wrong_clock_is_told_the_servers_time() {
    let relay = Relay::start();
    let now = u64::try_from(NOW_MS / 1000).unwrap();
    for wrong in [now - 301, now + 301, 0, u64::MAX] {
        let (code, detail) = list().signed_at(&key(1), wrong).send(&relay).refusal();
        assert_eq!(code, ErrorCode::ClockSkew);
        assert_eq!(detail["server_time_ms"], NOW_MS);
    }
    for near in [now - 300, now + 300] {
        assert_eq!(list().signed_at(&key(1), near).send(&relay).status, 200);
    }
}

#[test]
fn the_same_request_is_answered_once() {
    let relay = Relay::start();
    let request = list().signed(&key(1));
    assert_eq!(request.send(&relay).status, 200);
    assert_eq!(request.send(&relay).code(), ErrorCode::Replayed);
    relay.clock.advance(299_000);
    assert_eq!(request.send(&relay).code(), ErrorCode::Replayed);
    relay.clock.advance(2_000);
    assert_eq!(request.send(&relay).code(), ErrorCode::ClockSkew);
}

#[test]
fn a_request_for_another_server_is_refused_where_the_operator_named_this_one() {
    let relay = Relay::start_with(|config| config.authorities = vec!["Relay.Example".into()]);
    assert_eq!(list().signed(&key(1)).send(&relay).status, 200);
    let mut other = list();
    other.host = "evil.example".into();
    assert_eq!(
        other.signed(&key(1)).send(&relay).code(),
        ErrorCode::Unauthenticated
    );
}

fn on_every_space_route(relay: &Relay, space: &mut Space, by: u8) -> Vec<Answer> {
    let by = key(by);
    let author = key(1);
    let change = space.clone().write(&author, "x");
    let statement = space.invite(&author, &key(77), Role::Reader);
    vec![
        Request::new("GET", &path::chain(space.id()), Vec::new())
            .signed(&by)
            .send(relay),
        space.offer(relay, &by, &statement),
        space.pull(relay, &by, 0),
        space.push(relay, &by, &[change]),
    ]
}

#[test]
fn a_stranger_is_answered_alike_for_a_space_that_exists_and_one_that_does_not() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let mut real = Space::founded(&relay, &clinic, &clinic, 1);
    let mut imagined = Space::imagined(&clinic, &clinic, 2);
    let of_real = on_every_space_route(&relay, &mut real, 9);
    let of_imagined = on_every_space_route(&relay, &mut imagined, 9);
    for (real, imagined) in of_real.iter().zip(&of_imagined) {
        assert_eq!(real.status / 100, 4);
        assert_eq!((real.status, &real.body), (imagined.status, &imagined.body));
    }
}

#[test]
fn a_removed_member_is_let_in_nowhere() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Writer);
    let change = space.write(&phone, "before");
    space.pushed(&relay, &phone, &[change]);
    let rotate = space.rotate(&clinic, &[&phone]);
    space.extend(&relay, &clinic, rotate);
    let answers = on_every_space_route(&relay, &mut space, 2);
    let codes: Vec<_> = answers.iter().map(Answer::code).collect();
    let (removed, forbidden) = (ErrorCode::Removed, ErrorCode::Forbidden);
    // The chain's two routes say so, for it knows of the space; nobody else's key is told.
    assert_eq!(codes, [removed, removed, forbidden, forbidden]);
    let heads: companion_protocol::api::SpaceHeads = list().signed(&phone).send(&relay).json();
    assert!(heads.spaces.is_empty());
    let after = space.write(&phone, "after");
    let (code, detail) = space.push(&relay, &clinic, &[after]).refusal();
    assert_eq!(
        (code, detail["reason"].as_str()),
        (ErrorCode::InvalidChange, Some("after_removal"))
    );
    assert_eq!(space.pulled(&relay, &clinic).changes.len(), 1);
}
