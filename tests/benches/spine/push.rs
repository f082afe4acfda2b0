//! Durable pushes over HTTP with everything sealed and signed beforehand, so that what is measured
//! is the server and the way to it, and not the phone.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use companion_core::ports::{OsRng, random};
use companion_core::protocol::api::{GRANT_HEADER, PushBatch, path};
use companion_core::protocol::change::{Header, MIN_CIPHERTEXT, Sealed, SealedChange};
use companion_core::protocol::grant::{Grant, Terms};
use companion_core::protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, GrantSerial, HistoryHash, MemberId, SpaceId,
};
use companion_core::protocol::request::{Parts, sign};
use companion_core::protocol::statement::{ChainPosition, Create, Role, Statement, StatementBody};
use companion_core::protocol::suite::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;

use crate::floors::{Sizes, bare_sqlite};
use crate::meter::{Spread, processor};
use crate::relay::Relay;
use crate::report::per_second;

/// Changes in a batch, as many as a phone sends.
const BATCH: usize = 128;
/// Members that push at once.
const CROWD: usize = 16;
/// Rounds of bare commits and pushes in turn, so that both meet the same disk.
const ROUNDS: usize = 3;

/// All of it. Rates are changes per second.
pub(crate) struct Pushes {
    pub(crate) alone: Rate,
    pub(crate) batched: Rate,
    pub(crate) crowd: Rate,
    pub(crate) crowd_batched: Rate,
    pub(crate) bare_1: f64,
    pub(crate) bare_64: f64,
}

/// How fast.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rate {
    pub(crate) rate: f64,
    /// Of one push.
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Processor time of the server for one change.
    pub(crate) server_each: Duration,
}

pub(crate) fn measure(sizes: &Sizes, quick: bool) -> Pushes {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::start(&folder.path().join("server"));
    let clinic = SigningKey::from_bytes(&random(&OsRng));
    relay.register(MemberId::new(clinic.verifying_key().to_bytes()));
    let (bench, part) = (Bench { relay, clinic }, if quick { 20 } else { 1 });
    let bare = Duration::from_millis(1_000 / part);
    let part = usize::try_from(part).unwrap();
    let (mut bares_1, mut bares_64) = (Vec::new(), Vec::new());
    let (mut alone, mut batched, mut crowd, mut crowd_batched) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bares_1.push(bare_sqlite(sizes, 1, bare));
        alone.push(bench.run(sizes, 1, 3_000 / part, 1));
        bares_64.push(bare_sqlite(sizes, 64, bare));
        batched.push(bench.run(sizes, 1, 100 / part, BATCH));
        crowd.push(bench.run(sizes, CROWD, 500 / part, 1));
        crowd_batched.push(bench.run(sizes, CROWD, 8, BATCH));
    }
    bench.relay.stop();
    Pushes {
        alone: middle(alone),
        batched: middle(batched),
        crowd: middle(crowd),
        crowd_batched: middle(crowd_batched),
        bare_1: middle_number(bares_1),
        bare_64: middle_number(bares_64),
    }
}

fn middle(mut all: Vec<Rate>) -> Rate {
    all.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    all[all.len() / 2]
}

fn middle_number(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

struct Bench {
    relay: Relay,
    clinic: SigningKey,
}

impl Bench {
    /// So many members, each with a space and a connection of their own, send so many pushes.
    fn run(&self, sizes: &Sizes, members: usize, pushes: usize, each: usize) -> Rate {
        let ready: Vec<(Connection, Vec<Vec<u8>>)> = (0..members)
            .map(|_| self.member(sizes, pushes, each))
            .collect();
        let server = self.relay.process();
        let (before, began) = (processor(&server), Instant::now());
        let times = std::thread::scope(|scope| {
            let running: Vec<_> = ready
                .into_iter()
                .map(|(connection, requests)| scope.spawn(move || send_all(connection, &requests)))
                .collect();
            let mut times = Vec::new();
            for thread in running {
                times.extend(thread.join().unwrap());
            }
            times
        });
        let (took, used) = (began.elapsed(), processor(&server).saturating_sub(before));
        let count = members * pushes * each;
        let spread = Spread::of(times);
        Rate {
            rate: per_second(count, took),
            p50: spread.p50,
            p99: spread.p99,
            server_each: used / u32::try_from(count).unwrap(),
        }
    }

    /// A new member with a space on the server, and all their requests as bytes.
    fn member(&self, sizes: &Sizes, pushes: usize, each: usize) -> (Connection, Vec<Vec<u8>>) {
        let key = SigningKey::from_bytes(&random(&OsRng));
        let authority = self.relay.address().to_string();
        let create = StatementBody::Create(Create {
            nonce: random(&OsRng),
            role: Role::Device,
            signing_key: MemberId::new(key.verifying_key().to_bytes()),
            hpke_key: Box::new([1; HPKE_KEY_LENGTH]),
            commitment: [2; 32],
            wrapped: Box::new([3; WRAPPED_KEY_LENGTH]),
        });
        let create = Statement::sign(&key, ChainPosition::FIRST, now_ms(), create);
        let terms = Terms {
            founder: create.author(),
            serial: GrantSerial::new(random(&OsRng)),
            max_bytes: 0,
            expires_at_ms: now_ms() + 3_600_000,
        };
        let grant = Grant::sign(&self.clinic, terms);
        let grant = BASE64URL_NOPAD.encode(grant.bytes());
        let mut connection = Connection::open(self.relay.address());
        let founding = create.bytes();
        let more = format!("{GRANT_HEADER}: {grant}\r\n");
        connection.send(&post(&key, &authority, path::SPACES, founding, &more));
        let changes = corpus(&key, &create, sizes, pushes * each);
        let to = path::changes(create.space());
        let requests = changes
            .chunks(each)
            .map(|changes| {
                let changes = changes.to_vec();
                post(&key, &authority, &to, &PushBatch { changes }.encode(), "")
            })
            .collect();
        (connection, requests)
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// Changes of real sizes. The server never looks inside, so noise stands in for the seal.
fn corpus(key: &SigningKey, create: &Statement, sizes: &Sizes, count: usize) -> Vec<Vec<u8>> {
    let noise: [u8; 4096] = random(&OsRng);
    let author = MemberId::new(key.verifying_key().to_bytes());
    let space: SpaceId = create.space();
    let mut last = (Counter(0), HistoryHash::ZERO);
    let mut changes: Vec<Vec<u8>> = Vec::with_capacity(count);
    for index in 0..count {
        let header = Header {
            space,
            epoch: Epoch(0),
            id: ChangeId::new(random(&OsRng)),
            author,
            counter: last.0.next(),
            previous_own: last.1,
            chain_head: create.hash(),
            content: ContentHash::new(random(&OsRng)),
            frontier: Vec::new(),
            drops: Vec::new(),
        };
        let around = header.encode().len() + 1 + 24 + 32 + 4 + 2 + 64;
        let length = sizes.at(index).saturating_sub(around);
        let length = length.clamp(MIN_CIPHERTEXT, noise.len());
        let sealed = Sealed {
            nonce: random(&OsRng),
            commitment: [9; 32],
            ciphertext: noise[..length].to_vec(),
        };
        let change = SealedChange::sign(key, header, sealed);
        last = (change.header().counter, change.history());
        changes.push(change.bytes().to_vec());
    }
    changes
}

/// A signed request as it goes over the wire.
fn post(key: &SigningKey, authority: &str, path: &str, body: &[u8], more: &str) -> Vec<u8> {
    let parts = Parts {
        method: "POST",
        authority,
        path,
        query: "",
        body,
    };
    let signed = sign(key, parts, now_ms() / 1000, &random(&OsRng));
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: {authority}\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in signed.pairs() {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(more);
    request.push_str("\r\n");
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    request
}

fn send_all(mut connection: Connection, requests: &[Vec<u8>]) -> Vec<Duration> {
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let began = Instant::now();
        connection.send(request);
        times.push(began.elapsed());
    }
    times
}

/// One connection that is kept.
struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            answer: Vec::new(),
        }
    }

    /// Sends a request and reads its answer, which must be one of success.
    fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).unwrap();
        self.answer.clear();
        let mut some = [0; 16 * 1024];
        loop {
            let count = self.stream.read(&mut some).unwrap();
            assert!(count > 0, "the server closed the connection");
            self.answer.extend_from_slice(&some[..count]);
            if whole(&self.answer) {
                break;
            }
        }
        let good = self.answer.starts_with(b"HTTP/1.1 20");
        assert!(good, "{}", String::from_utf8_lossy(&self.answer));
    }
}

fn whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..end]);
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.trim().parse::<usize>().unwrap());
    answer.len() >= end + 4 + length
}
