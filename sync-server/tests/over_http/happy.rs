//! What a server is for: founding, joining, writing, reading, hints.

use std::io::{BufRead, BufReader, Read, Write};

use companion_protocol::api::{ChainPage, Hint, Info, PushStatus, SpaceHeads, path};
use companion_protocol::id::{LogNumber, SpaceId};
use companion_protocol::statement::{Role, Statement};

use crate::support::Relay;
use crate::support::client::{Answer, Request, connect};
use crate::support::people::{Space, key, member};

fn get(relay: &Relay, target: &str, by: u8) -> Answer {
    Request::new("GET", target, Vec::new())
        .signed(&key(by))
        .send(relay)
}

#[test]
fn anybody_may_ask_what_server_this_is() {
    let relay = Relay::start();
    let answer = Request::new("GET", path::INFO, Vec::new()).send(&relay);
    let info: Info = answer.json();
    assert_eq!(info.version, 1);
    assert_eq!(info.time_ms, crate::support::NOW_MS);
    assert_eq!(
        answer.header("kap-incarnation"),
        Some(info.incarnation.to_string().as_str())
    );
}

#[test]
fn a_newcomer_reads_the_chain_joins_and_both_read_what_either_writes() {
    let relay = Relay::start();
    let (clinic, phone, invited) = (key(1), key(2), key(3));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let invite = space.invite(&clinic, &invited, Role::Writer);
    space.extend(&relay, &clinic, invite);

    let answer = get(&relay, &format!("{}?from=0", path::chain(space.id())), 3);
    let page = ChainPage::decode(&answer.body).unwrap();
    let read: Vec<_> = page
        .statements
        .iter()
        .map(|s| Statement::parse(s).unwrap())
        .collect();
    assert_eq!((read, page.length), (space.statements.clone(), 2));
    let join = space.join(&phone, &invited);
    space.extend(&relay, &invited, join);
    let answered = space.answer(&clinic, &phone);
    space.extend(&relay, &clinic, answered);
    let admission = space.admission(&clinic, &[&phone]);
    space.extend(&relay, &clinic, admission);

    let first = space.write(&phone, "first");
    let second = space.write(&phone, "second");
    let accepted = space.pushed(&relay, &phone, &[first.clone(), second.clone()]);
    assert_eq!(accepted.head, LogNumber(2));
    assert!(
        accepted
            .results
            .iter()
            .all(|result| result.status == PushStatus::Stored)
    );
    let reply = space.write(&clinic, "reply");
    space.pushed(&relay, &clinic, std::slice::from_ref(&reply));

    let page = space.pulled(&relay, &clinic);
    assert_eq!(page.head, LogNumber(3));
    let expected: Vec<_> = [&first, &second, &reply]
        .iter()
        .zip(1..)
        .map(|(change, number)| (LogNumber(number), change.bytes().to_vec()))
        .collect();
    assert_eq!(page.changes, expected);

    let heads: SpaceHeads = get(&relay, path::SPACES, 2).json();
    let head = heads.spaces[0];
    assert_eq!(
        (
            heads.spaces.len(),
            head.space,
            head.chain_length,
            head.chain_head,
            head.number
        ),
        (1, space.id(), 5, space.chain.head(), LogNumber(3))
    );
}

#[test]
fn a_repeated_push_is_answered_with_what_is_stored_and_stored_once() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let change = space.write(&clinic, "once");
    let first = space.pushed(&relay, &clinic, std::slice::from_ref(&change));
    let next = space.write(&clinic, "next");
    let again = space.pushed(&relay, &clinic, &[change, next]);
    assert_eq!(again.results[0].status, PushStatus::Known);
    assert_eq!(
        (again.results[0].number, again.results[0].hash),
        (first.results[0].number, first.results[0].hash)
    );
    assert_eq!(again.results[1].status, PushStatus::Stored);
    assert_eq!(space.pulled(&relay, &clinic).changes.len(), 2);
}

#[test]
fn a_repeated_founding_and_a_repeated_statement_are_answered_as_the_first_time() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 1, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    assert_eq!(space.found(&relay, &clinic).status, 201);
    let invite = space.invite(&clinic, &key(3), Role::Writer);
    space.extend(&relay, &clinic, invite.clone());
    assert_eq!(space.offer(&relay, &clinic, &invite).status, 201);
    assert_eq!(
        relay.running.as_ref().unwrap().storage().clinics().unwrap()[0].spaces,
        1
    );
}

#[test]
fn a_page_ends_at_its_limit_and_the_next_begins_there() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let changes: Vec<_> = (0..7)
        .map(|n| space.write(&clinic, &format!("{n}")))
        .collect();
    space.pushed(&relay, &clinic, &changes);
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map_or(0, |(LogNumber(number), _)| *number);
        let target = format!("{}?after={after}&limit=3", path::changes(space.id()));
        let page =
            companion_protocol::api::PullPage::decode(&get(&relay, &target, 1).body).unwrap();
        assert_eq!(page.head, LogNumber(7));
        if page.changes.is_empty() {
            break;
        }
        assert!(page.changes.len() <= 3);
        seen.extend(page.changes);
    }
    let expected: Vec<_> = changes
        .iter()
        .map(|change| change.bytes().to_vec())
        .collect();
    assert_eq!(
        seen.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(),
        expected
    );
}

/// An open event stream; hints are read one at a time.
pub(crate) struct Stream(BufReader<std::net::TcpStream>);

impl Stream {
    pub(crate) fn open(relay: &Relay, by: u8) -> Self {
        let request = Request::new("GET", path::EVENTS, Vec::new()).signed(&key(by));
        let mut stream = connect(relay.address());
        stream.write_all(&request.head(0)).unwrap();
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 200"), "{line}");
        while line != "\r\n" {
            line.clear();
            lines.read_line(&mut line).unwrap();
        }
        Self(lines)
    }

    pub(crate) fn hint(&mut self) -> Hint {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    fn comment(&mut self) -> String {
        let mut line = String::new();
        while !line.starts_with(':') {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
        }
        line
    }

    pub(crate) fn ends(mut self) -> bool {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).is_ok()
    }
}

fn hint(space: SpaceId, number: u64, chain_length: u64) -> Hint {
    Hint {
        space,
        number: LogNumber(number),
        chain_length,
    }
}

#[test]
fn a_listener_hears_of_its_own_spaces_and_of_no_others() {
    let relay = Relay::start();
    let (clinic, other) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut mine = Space::founded(&relay, &clinic, &clinic, 1);
    let mut stream = Stream::open(&relay, 1);
    assert_eq!(
        stream.hint(),
        hint(mine.id(), 0, 1),
        "where it stands, first"
    );

    let mut foreign = Space::founded(&relay, &clinic, &other, 2);
    let change = foreign.write(&other, "not for you");
    foreign.pushed(&relay, &other, &[change]);
    let change = mine.write(&clinic, "for you");
    mine.pushed(&relay, &clinic, &[change]);
    assert_eq!(stream.hint(), hint(mine.id(), 1, 1));
    let invite = mine.invite(&clinic, &key(3), Role::Writer);
    mine.extend(&relay, &clinic, invite);
    assert_eq!(stream.hint(), hint(mine.id(), 1, 2));
}

#[test]
fn a_silent_stream_says_that_it_is_alive() {
    let relay = Relay::start_with(|config| {
        config.limits.heartbeat = std::time::Duration::from_millis(20);
    });
    let mut stream = Stream::open(&relay, 1);
    assert_eq!(
        (stream.comment(), stream.comment()),
        (":\n".into(), ":\n".into())
    );
}

#[test]
fn stopping_does_not_wait_for_open_event_streams() {
    let mut relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let streams: Vec<_> = (0..3).map(|_| Stream::open(&relay, 1)).collect();
    let began = std::time::Instant::now();
    relay.stop();
    assert!(
        began.elapsed() < relay.config.limits.grace,
        "the grace period was not needed"
    );
    assert!(streams.into_iter().all(Stream::ends));
}

#[test]
fn a_restart_keeps_everything() {
    let mut relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Writer);
    let change = space.write(&phone, "kept");
    space.pushed(&relay, &phone, &[change]);
    let before = space.pulled(&relay, &clinic);
    relay.start_again();
    assert_eq!(space.pulled(&relay, &clinic), before);
    let next = space.write(&phone, "goes on");
    assert_eq!(space.pushed(&relay, &phone, &[next]).head, LogNumber(2));
}
