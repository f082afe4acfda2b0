//! What one caller may hold at the same time: memory, connections, event streams. Each bound is
//! asserted as a count.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use companion_protocol::api::{ErrorCode, MAX_BODY, path};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use crate::support::Relay;
use crate::support::client::{Request, answer_on, connect, nonsense, parse};
use crate::support::people::{Space, key, member};

#[test]
fn unfinished_bodies_of_strangers_take_no_memory() {
    let relay = Relay::start();
    let mut open = Vec::new();
    for _ in 0..150 {
        let mut stream = connect(relay.address());
        let request = nonsense(SpaceId::new([1; 32]));
        stream.write_all(&request.head(MAX_BODY)).unwrap();
        let _ = stream.write_all(&vec![7; 64 * 1024]);
        assert_eq!(answer_on(&mut stream).code(), ErrorCode::Unauthenticated);
        open.push(stream);
    }
    relay.is_up();
    let counts = relay.counts();
    assert_eq!(
        (counts.body_bytes_read, counts.most_body_bytes_held),
        (0, 0)
    );
    assert_eq!(counts.signatures_checked, 150, "one for each and no more");
}

#[test]
fn unfinished_bodies_of_one_member_leave_room_for_others() {
    let mebi = 1024 * 1024;
    let relay = Relay::start_with(|config| {
        config.limits.body_bytes = 16 * mebi;
        config.limits.body_bytes_per_member = 2 * mebi;
    });
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 30);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Writer);
    let before = relay.counts();
    let (mut open, mut refused) = (Vec::new(), 0);
    for _ in 0..20 {
        let push = Request::new("POST", &path::changes(space.id()), vec![7; 1000]).signed(&phone);
        let mut stream = connect(relay.address());
        let length = usize::try_from(mebi).unwrap();
        stream.write_all(&push.head(length)).unwrap();
        // Most of it, and then nothing more.
        if stream.write_all(&vec![7; length - 1]).is_err() {
            refused += 1;
            continue;
        }
        stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let mut answer = vec![0; 4096];
        match stream.read(&mut answer) {
            Ok(read) if read > 0 => {
                assert_eq!(parse(&answer[..read]).code(), ErrorCode::RateLimited);
                refused += 1;
            }
            _ => open.push(stream),
        }
    }
    assert_eq!(open.len(), 2, "{refused} refused");
    assert!(relay.counts().most_body_bytes_held <= 2 * mebi);
    assert_eq!(
        relay.counts().signatures_checked - before.signatures_checked,
        20
    );
    let change = space.write(&clinic, "from somebody else");
    space.pushed(&relay, &clinic, &[change]);
}

#[test]
fn bodies_of_one_address_leave_room_for_others() {
    let relay = Relay::start_with(|config| {
        config.limits.body_bytes_per_address = 1000;
        config.trusted_proxy_hops = 1;
        config.authorities = vec!["relay.example".into()];
    });
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::imagined(&clinic, &clinic, 1);
    assert_eq!(space.found(&relay, &clinic).code(), ErrorCode::RateLimited);
}

#[test]
fn one_address_does_not_take_all_connections() {
    let relay = Relay::start_with(|config| {
        config.limits.connections = 40;
        config.limits.connections_per_address = 10;
    });
    // They say nothing, which is nobody's right to keep a place by.
    let mut open: Vec<TcpStream> = (0..30).map(|_| connect(relay.address())).collect();
    let closed = |stream: &mut TcpStream| {
        stream
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        matches!(stream.read(&mut [0; 1]), Ok(0)) || { stream.write_all(b"x").is_err() }
    };
    let refused = open
        .iter_mut()
        .filter_map(|s| closed(s).then_some(()))
        .count();
    assert_eq!(refused, 20);
    assert_eq!(relay.counts().connections_refused, 20);
    drop(open);
    let from_elsewhere = relay.from("127.0.0.2");
    assert_eq!(from_elsewhere.status, 200);
}

#[test]
fn a_connection_over_which_nothing_is_asked_ends() {
    let relay = Relay::start_with(|config| {
        config.limits.idle_timeout = Duration::from_millis(200);
        config.limits.header_timeout = Duration::from_secs(60);
    });
    let mut stream = connect(relay.address());
    let ask = "GET /v1/info HTTP/1.1\r\nhost: relay.example\r\n\r\n";
    stream.write_all(ask.as_bytes()).unwrap();
    // Reading to the end returns only because the server closes.
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert_eq!(parse(&answer).status, 200);
    assert_eq!(relay.counts().connections_idle, 1);
}

#[test]
fn an_open_event_stream_is_not_idle() {
    let relay = Relay::start_with(|config| {
        config.limits.idle_timeout = Duration::from_millis(50);
        config.limits.heartbeat = Duration::from_millis(400);
    });
    let mut stream = connect(relay.address());
    let listen = Request::new("GET", path::EVENTS, Vec::new()).signed(&key(1));
    stream.write_all(&listen.head(0)).unwrap();
    let mut heard = Vec::new();
    // Two heartbeats: each several times the time after which an idle connection ends.
    while heard.windows(3).filter(|part| part == b"\n:\n").count() < 2 {
        let mut piece = [0; 1024];
        let read = stream.read(&mut piece).unwrap();
        assert!(
            read > 0,
            "the stream ended: {}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&piece[..read]);
    }
}

#[test]
fn event_streams_of_one_address_leave_room_for_others() {
    let relay = Relay::start_with(|config| config.limits.streams_per_address = 3);
    let listen = |number: u8| {
        let mut stream = connect(relay.address());
        let listen = Request::new("GET", path::EVENTS, Vec::new()).signed(&key(number));
        stream.write_all(&listen.head(0)).unwrap();
        let answer = answer_on(&mut stream);
        (stream, answer.status)
    };
    // Keys cost nothing: each stream has one of its own.
    let open: Vec<_> = (1..=20).map(listen).collect();
    assert_eq!(open.iter().filter(|(_, status)| *status == 200).count(), 3);
    assert_eq!(open.iter().filter(|(_, status)| *status == 429).count(), 17);
}

#[test]
fn health_checks_are_limited_apart_from_everything_else() {
    let relay = Relay::start_with(|config| {
        config.limits.health = sync_server::config::Rate {
            per_second: 1,
            burst: 4,
        };
    });
    let ask = |route| Request::new("GET", route, Vec::new()).send(&relay).status;
    let answers: Vec<u16> = (0..3)
        .flat_map(|_| [ask("/livez"), ask("/readyz")])
        .collect();
    assert_eq!(answers, [200, 200, 200, 200, 429, 429]);
    relay.is_up();
}

#[test]
fn a_health_check_does_not_keep_a_connection() {
    let relay = Relay::start();
    for route in ["/livez", "/readyz"] {
        let mut stream = connect(relay.address());
        let ask = format!("GET {route} HTTP/1.1\r\nhost: relay.example\r\n\r\n");
        stream.write_all(ask.as_bytes()).unwrap();
        let answer = answer_on(&mut stream);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("connection"), Some("close"), "{route}");
    }
}
