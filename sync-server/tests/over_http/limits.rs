//! How much one caller may take, and what the operator sees.

use std::io::{Seek, Write};

use companion_protocol::api::{ErrorCode, path};
use sync_server::config::Rate;

use crate::happy::Stream;
use crate::support::Relay;
use crate::support::client::{Request, raw};
use crate::support::people::{Space, key, member};

const TWO: Rate = Rate {
    per_second: 1,
    burst: 2,
};

fn info() -> Request {
    Request::new("GET", path::INFO, Vec::new())
}

fn list() -> Request {
    Request::new("GET", path::SPACES, Vec::new())
}

#[test]
fn an_address_that_asks_too_often_is_told_to_wait() {
    let relay = Relay::start_with(|config| config.limits.peer = TWO);
    for _ in 0..2 {
        assert_eq!(info().send(&relay).status, 200);
    }
    let answer = info().send(&relay);
    assert_eq!(answer.code(), ErrorCode::RateLimited);
    assert!(
        answer
            .header("retry-after")
            .unwrap()
            .parse::<u64>()
            .unwrap()
            >= 1
    );
    let spoofed = info().header("x-forwarded-for", "203.0.113.9").send(&relay);
    assert_eq!(
        spoofed.code(),
        ErrorCode::RateLimited,
        "the header is not believed"
    );
    let alive = Request::new("GET", "/livez", Vec::new()).send(&relay);
    assert_eq!(alive.status, 200);
}

#[test]
fn behind_a_trusted_proxy_callers_are_told_apart_by_what_the_proxy_wrote() {
    let relay = Relay::start_with(|config| {
        config.limits.peer = TWO;
        config.trusted_proxy_hops = 1;
        config.authorities = vec!["relay.example".into()];
    });
    let from = |address: &str| {
        info()
            .header("x-forwarded-for", address)
            .send(&relay)
            .status
    };
    assert_eq!(
        (from("198.51.100.1"), from("9.9.9.9, 198.51.100.1")),
        (200, 200)
    );
    assert_eq!(
        from("8.8.8.8, 198.51.100.1"),
        429,
        "what stands further left is invented"
    );
    assert_eq!(from("198.51.100.2"), 200);
}

#[test]
fn a_member_that_asks_too_often_is_told_to_wait_and_others_are_not() {
    let relay = Relay::start_with(|config| config.limits.member = TWO);
    for _ in 0..2 {
        assert_eq!(list().signed(&key(1)).send(&relay).status, 200);
    }
    assert_eq!(
        list().signed(&key(1)).send(&relay).code(),
        ErrorCode::RateLimited
    );
    assert_eq!(list().signed(&key(2)).send(&relay).status, 200);
}

#[test]
fn a_member_has_a_limited_number_of_event_streams() {
    let relay = Relay::start_with(|config| config.limits.streams_per_member = 2);
    let _open = [Stream::open(&relay, 1), Stream::open(&relay, 1)];
    let more = Request::new("GET", path::EVENTS, Vec::new())
        .signed(&key(1))
        .send(&relay);
    assert_eq!(more.code(), ErrorCode::RateLimited);
    let _other = Stream::open(&relay, 2);
}

#[test]
fn a_saturated_server_turns_requests_away() {
    let relay = Relay::start_with(|config| config.limits.concurrent = 0);
    let answer = list().signed(&key(1)).send(&relay);
    assert_eq!(answer.code(), ErrorCode::Unavailable);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(
        Request::new("GET", "/readyz", Vec::new())
            .send(&relay)
            .status,
        503
    );
    assert_eq!(
        Request::new("GET", "/livez", Vec::new())
            .send(&relay)
            .status,
        200
    );
}

#[test]
fn a_healthy_server_is_ready_and_one_without_room_is_not() {
    let relay = Relay::start();
    assert_eq!(
        Request::new("GET", "/readyz", Vec::new())
            .send(&relay)
            .status,
        200
    );
    let relay = Relay::start_with(|config| config.limits.least_free_bytes = u64::MAX);
    let answer = Request::new("GET", "/readyz", Vec::new()).send(&relay);
    assert_eq!(answer.code(), ErrorCode::Unavailable);
}

#[test]
fn damage_stops_writes_and_readiness_and_nothing_else() {
    let mut relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let changes: Vec<_> = (0..200)
        .map(|_| space.write(&clinic, &"x".repeat(2000)))
        .collect();
    space.pushed(&relay, &clinic, &changes);
    relay.stop();
    let file = relay.config.data.join("sync.db");
    let mut database = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    let length = database.metadata().unwrap().len();
    database.seek(std::io::SeekFrom::Start(length / 2)).unwrap();
    database
        .write_all(&vec![0xff; usize::try_from(length / 2).unwrap()])
        .unwrap();
    drop(database);
    relay.start_again();
    assert_eq!(
        space.pull(&relay, &clinic, 0).code(),
        ErrorCode::Unavailable
    );
    // The pages that a founding needs are sound; it is refused because others are not.
    let other = Space::imagined(&clinic, &clinic, 2);
    assert_eq!(other.found(&relay, &clinic).code(), ErrorCode::Unavailable);
    let change = space.write(&clinic, "not now");
    assert_eq!(
        space.push(&relay, &clinic, &[change]).code(),
        ErrorCode::Unavailable
    );
    assert_eq!(
        Request::new("GET", "/readyz", Vec::new())
            .send(&relay)
            .status,
        503
    );
    assert_eq!(
        Request::new("GET", "/livez", Vec::new())
            .send(&relay)
            .status,
        200
    );
}

#[test]
fn measures_are_on_a_port_of_their_own() {
    let relay = Relay::start();
    info().send(&relay);
    let metrics = relay.running.as_ref().unwrap().metrics_address().unwrap();
    let ask = b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let page = raw(metrics, ask);
    assert!(
        page.text()
            .contains(r#"kap_requests_total{method="GET",route="/v1/info",status="200"}"#)
    );
    assert_eq!(
        Request::new("GET", "/metrics", Vec::new())
            .send(&relay)
            .status,
        404
    );
}

#[test]
fn one_data_folder_serves_one_server() {
    let relay = Relay::start();
    let second = sync_server::Server::start(relay.config.clone(), relay.clock.clone());
    assert!(matches!(second, Err(sync_server::StartError::InUse)));
}
