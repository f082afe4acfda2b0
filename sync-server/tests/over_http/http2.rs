//! The same doors over HTTP/2, frame by frame: one connection carries many requests, and a client
//! may open, reset and lengthen them as it likes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use companion_protocol::api::path;
use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use crate::support::Relay;
use crate::support::client::{Request, connect, nonsense};
use crate::support::people::{Space, key, member};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend_from_slice(&[kind, flags]);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// A header in HPACK's plainest form: never indexed, not compressed.
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0x10];
    for text in [name, value] {
        // A length of 127 and more goes on in further bytes of seven bits.
        match text.len() {
            short @ ..127 => field.push(u8::try_from(short).unwrap()),
            long => {
                let rest = long - 127;
                assert!(rest < 0x4000);
                field.push(127);
                if rest < 128 {
                    field.push(u8::try_from(rest).unwrap());
                } else {
                    field.push(u8::try_from(rest & 127).unwrap() | 128);
                    field.push(u8::try_from(rest >> 7).unwrap());
                }
            }
        }
        field.extend_from_slice(text.as_bytes());
    }
    field
}

fn head(request: &Request) -> Vec<u8> {
    let target = if request.query.is_empty() {
        request.path.clone()
    } else {
        format!("{}?{}", request.path, request.query)
    };
    let mut head = [
        field(":method", request.method),
        field(":scheme", "http"),
        field(":authority", &request.host),
        field(":path", &target),
    ]
    .concat();
    for (name, value) in request.signed.iter().flat_map(|signed| signed.pairs()) {
        head.extend(field(name, value));
    }
    head
}

fn opened(relay: &Relay) -> TcpStream {
    let mut stream = connect(relay.address());
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).unwrap();
    stream
}

/// The kinds of frames that came until the server closed or was silent.
fn frames(stream: &mut TcpStream) -> Vec<u8> {
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut kinds = Vec::new();
    loop {
        let mut header = [0; 9];
        if stream.read_exact(&mut header).is_err() {
            return kinds;
        }
        kinds.push(header[3]);
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        if stream.read_exact(&mut payload).is_err() {
            return kinds;
        }
    }
}

fn info() -> Vec<u8> {
    head(&Request::new("GET", "/v1/info", Vec::new()))
}

#[test]
fn frames_by_hand_are_answered() {
    let relay = Relay::start();
    let mut stream = opened(&relay);
    let ask = frame(HEADERS, END_HEADERS | END_STREAM, 1, &info());
    stream.write_all(&ask).unwrap();
    let kinds = frames(&mut stream);
    assert!(
        kinds.contains(&HEADERS) && kinds.contains(&DATA),
        "{kinds:?}"
    );
}

#[test]
fn unfinished_bodies_over_one_connection_take_no_memory() {
    let relay = Relay::start();
    let mut stream = opened(&relay);
    for number in 0..60 {
        let open = frame(
            HEADERS,
            END_HEADERS,
            2 * number + 1,
            &head(&nonsense(SpaceId::new([1; 32]))),
        );
        stream.write_all(&open).unwrap();
        let _ = stream.write_all(&frame(DATA, 0, 2 * number + 1, &[7; 1000]));
    }
    let answers = frames(&mut stream)
        .iter()
        .filter(|kind| **kind == HEADERS)
        .count();
    assert_eq!(answers, 60);
    let counts = relay.counts();
    assert_eq!(
        (counts.body_bytes_read, counts.most_body_bytes_held),
        (0, 0)
    );
    relay.is_up();
}

#[test]
fn pages_that_nobody_reads_are_not_piled_up() {
    let relay = Relay::start_with(|config| config.limits.page_bytes_per_member = 800_000);
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Device);
    let text = "x".repeat(100_000);
    let changes: Vec<_> = (0..5).map(|_| space.write(&clinic, &text)).collect();
    space.pushed(&relay, &clinic, &changes);
    // More than the window that a client opens at first, so that it waits in the server.
    let mut stream = opened(&relay);
    for number in 0..20 {
        let pull = Request::new("GET", &path::changes(space.id()), Vec::new()).signed(&phone);
        let ask = frame(
            HEADERS,
            END_HEADERS | END_STREAM,
            2 * number + 1,
            &head(&pull),
        );
        stream.write_all(&ask).unwrap();
    }
    let answers = frames(&mut stream);
    let headers = answers.iter().filter(|kind| **kind == HEADERS).count();
    assert_eq!(
        headers, 20,
        "each is answered: one with the page, the rest with a refusal"
    );
    let held = relay.counts().most_page_bytes_held;
    assert!((500_000..800_000).contains(&held), "{held}");
    // Somebody else reads the same page meanwhile; and the reader itself once it let go.
    assert_eq!(space.pulled(&relay, &clinic).changes.len(), 5);
    drop(stream);
    while space.pull(&relay, &phone, 0).status == 429 {
        std::thread::yield_now();
    }
}

#[test]
fn headers_without_end_are_cut_off() {
    let relay = Relay::start();
    let mut stream = opened(&relay);
    stream
        .write_all(&frame(HEADERS, END_STREAM, 1, &info()))
        .unwrap();
    let more = frame(CONTINUATION, 0, 1, &field("x", &"y".repeat(8000)));
    let mut taken = 0;
    for _ in 0..10_000 {
        if stream.write_all(&more).is_err() {
            break;
        }
        taken += 1;
    }
    assert!(taken < 10_000, "80 MB of headers were taken");
    relay.is_up();
}

#[test]
fn requests_that_are_taken_back_at_once_end_the_connection() {
    let relay = Relay::start();
    let mut stream = opened(&relay);
    let mut sent = 0;
    // Written in one piece, so that they come faster than they can be looked at.
    for round in 0..200_u32 {
        let mut flood = Vec::new();
        for number in 0..100 {
            let id = 2 * (round * 100 + number) + 1;
            flood.extend(frame(HEADERS, END_HEADERS | END_STREAM, id, &info()));
            flood.extend(frame(RESET, 0, id, &8_u32.to_be_bytes()));
        }
        if stream.write_all(&flood).is_err() {
            break;
        }
        sent += 100;
    }
    assert!(sent < 20_000, "all {sent} were taken");
    relay.is_up();
}

#[test]
fn a_connection_that_only_answers_pings_ends() {
    let relay = Relay::start_with(|config| {
        config.limits.idle_timeout = Duration::from_millis(200);
    });
    let mut stream = opened(&relay);
    let ask = frame(HEADERS, END_HEADERS | END_STREAM, 1, &info());
    stream.write_all(&ask).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    assert_eq!(relay.counts().connections_idle, 1);
}
