//! Bytes that nobody meant: the server answers in its one shape, stores nothing, and stays up.

use std::io::{Read, Write};

use companion_protocol::api::{ErrorCode, GRANT_HEADER, path};
use data_encoding::BASE64URL_NOPAD;

use crate::support::Relay;
use crate::support::client::{Request, connect, parse};
use crate::support::people::{Space, grant, key, member};

/// A small generator, so that a failure can be repeated.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.next() % most;
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

#[test]
fn random_bytes_to_every_route_store_nothing() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let (chain, changes) = (path::chain(space.id()), path::changes(space.id()));
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let good = BASE64URL_NOPAD.encode(grant(&clinic, &clinic, 2).bytes());
    for magic in [
        &b""[..],
        b"KS\x01\x01",
        b"KE\x01",
        b"KE\x01\0\0\0\x01\0\0\0\xc8KS\x01\x01",
        b"KP\x01",
        b"KP\x01\0\0\0\x01\0\0\0\xc8KC\x01\x01",
    ] {
        for _ in 0..20 {
            for target in [path::SPACES, &chain, &changes] {
                let body = [magic, &noise.bytes(400)].concat();
                let answer = Request::new("POST", target, body)
                    .header(GRANT_HEADER, &good)
                    .signed(&clinic)
                    .send(&relay);
                assert!(
                    (400..500).contains(&answer.status),
                    "{} {}",
                    answer.status,
                    answer.text()
                );
                answer.refusal();
            }
        }
    }
    let storage = relay.running.as_ref().unwrap().storage();
    assert_eq!(storage.spaces().unwrap(), [space.id()]);
    assert!(space.pulled(&relay, &clinic).changes.is_empty());
    assert_eq!(storage.head(space.id()).unwrap().unwrap().chain_length, 1);
}

#[test]
fn random_bytes_instead_of_http_do_no_harm() {
    let relay = Relay::start();
    let mut noise = Noise(42);
    for _ in 0..50 {
        let mut stream = connect(relay.address());
        let _ = stream.write_all(&noise.bytes(2000));
        let _ = stream.write_all(b"\r\n\r\n");
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    relay.is_up();
}

#[test]
fn a_hundred_megabytes_are_refused_before_they_are_read() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let request = Request::new("POST", &path::changes(space.id()), Vec::new()).signed(&clinic);
    let mut stream = connect(relay.address());
    // Only the announcement is sent: an answer now is an answer before reading.
    stream.write_all(&request.head(100 * 1024 * 1024)).unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap();
    assert_eq!(parse(&answer[..read]).status, 413);
    drop(stream);
    relay.is_up();
}

#[test]
fn a_body_without_an_announced_length_is_cut_at_the_limit() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let request = Request::new("POST", &path::chain(space.id()), Vec::new()).signed(&clinic);
    let head = String::from_utf8(request.head(0)).unwrap();
    let head = head.replace("content-length: 0", "transfer-encoding: chunked");
    let mut stream = connect(relay.address());
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"10000\r\n".to_vec(), vec![7; 0x10000], b"\r\n".to_vec()].concat();
    for _ in 0..20 {
        let _ = stream.write_all(&chunk);
    }
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap();
    assert_eq!(parse(&answer[..read]).status, 413);
    relay.is_up();
}

#[test]
fn a_truncated_body_is_refused_and_not_stored() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let change = space.write(&clinic, "whole");
    let request = space
        .push_request(std::slice::from_ref(&change))
        .signed(&clinic);
    for cut in [0, 1, request.body.len() / 2, request.body.len() - 1] {
        let mut stream = connect(relay.address());
        stream.write_all(&request.head(request.body.len())).unwrap();
        stream.write_all(&request.body[..cut]).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{cut}");
    }
    // A body cut in itself, its digest fitting.
    for cut in [0, 3, 7, 11, 100, request.body.len() - 1] {
        let mut short = space.push_request(&[]);
        short.body = request.body[..cut].to_vec();
        let code = short.signed(&clinic).send(&relay).code();
        assert_eq!(code, ErrorCode::BadRequest, "{cut}");
    }
    assert!(space.pulled(&relay, &clinic).changes.is_empty());
    space.pushed(&relay, &clinic, &[change]);
}

#[test]
fn unknown_routes_methods_and_queries_are_refused_in_the_one_shape() {
    let relay = Relay::start();
    let send = |method, target: &str| Request::new(method, target, Vec::new()).send(&relay).code();
    assert_eq!(send("GET", "/"), ErrorCode::NotFound);
    assert_eq!(send("GET", "/v1/spaces/zz/chain"), ErrorCode::NotFound);
    assert_eq!(send("GET", "/v1/spaces/%2e%2e/chain"), ErrorCode::NotFound);
    assert_eq!(send("DELETE", path::SPACES), ErrorCode::MethodNotAllowed);
    assert_eq!(send("PUT", path::INFO), ErrorCode::MethodNotAllowed);
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    for query in [
        "after=x",
        "after=1&after=2",
        "after",
        "other=1",
        "after=-1",
        "limit=1.5",
    ] {
        let target = format!("{}?{query}", path::changes(space.id()));
        let answer = Request::new("GET", &target, Vec::new())
            .signed(&clinic)
            .send(&relay);
        assert_eq!(answer.code(), ErrorCode::BadRequest, "{query}");
    }
}

#[test]
fn headers_sent_drop_by_drop_are_cut_off() {
    let relay = Relay::start_with(|config| {
        config.limits.header_timeout = std::time::Duration::from_millis(300);
    });
    let mut stream = connect(relay.address());
    stream
        .write_all(b"GET /v1/info HTTP/1.1\r\nhost: rel")
        .unwrap();
    // Reading to the end returns only because the server closes.
    let _ = stream.read_to_end(&mut Vec::new());
    relay.is_up();
}

#[test]
fn a_body_sent_drop_by_drop_is_cut_off() {
    let relay = Relay::start_with(|config| {
        config.limits.body_timeout = std::time::Duration::from_millis(300);
    });
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let changes = path::changes(space.id());
    let request = Request::new("POST", &changes, vec![1; 100]).signed(&clinic);
    let mut stream = connect(relay.address());
    stream.write_all(&request.head(100)).unwrap();
    stream.write_all(&[1; 10]).unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap();
    assert_eq!(parse(&answer[..read]).code(), ErrorCode::Timeout);
}
