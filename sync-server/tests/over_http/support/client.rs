//! HTTP/1.1 by hand over one connection for each request.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use companion_protocol::api::{ErrorBody, ErrorCode, MAX_BODY, path};
use companion_protocol::id::SpaceId;
use companion_protocol::request::{Parts, SignedHeaders, sign};
use ed25519_dalek::SigningKey;

use super::people::key;
use super::{NOW_MS, Relay};

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        assert!(self.status < 300, "{} {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Asserts that this is the one shape of errors, and gives its code and detail.
    pub(crate) fn refusal(&self) -> (ErrorCode, serde_json::Map<String, serde_json::Value>) {
        let body: ErrorBody = serde_json::from_slice(&self.body)
            .unwrap_or_else(|why| panic!("{} {}: {why}", self.status, self.text()));
        assert_eq!(self.status, body.error.code.status());
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(
            self.header("kap-incarnation")
                .is_some_and(|value| value.len() == 32)
        );
        (body.error.code, body.error.detail)
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.refusal().0
    }
}

/// A request that can be bent before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) body: Vec<u8>,
    pub(crate) signed: Option<SignedHeaders>,
    pub(crate) more: Vec<(String, String)>,
}

fn fresh_nonce() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    nonce
}

impl Request {
    pub(crate) fn new(method: &'static str, target: &str, body: Vec<u8>) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            path: path.into(),
            query: query.into(),
            host: "relay.example".into(),
            body,
            signed: None,
            more: Vec::new(),
        }
    }

    pub(crate) fn signed(self, key: &SigningKey) -> Self {
        let now = u64::try_from(NOW_MS / 1000).unwrap();
        self.signed_at(key, now)
    }

    pub(crate) fn signed_at(mut self, key: &SigningKey, created: u64) -> Self {
        let parts = Parts {
            method: self.method,
            authority: &self.host,
            path: &self.path,
            query: &self.query,
            body: &self.body,
        };
        self.signed = Some(sign(key, parts, created, &fresh_nonce()));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.into(), value.into()));
        self
    }

    /// The head as bytes; `length` is what it says of the body.
    pub(crate) fn head(&self, length: usize) -> Vec<u8> {
        let question = if self.query.is_empty() { "" } else { "?" };
        let mut head = format!(
            "{} {}{question}{} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n",
            self.method, self.path, self.query, self.host
        );
        if let Some(signed) = &self.signed {
            for (name, value) in signed.pairs() {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        for (name, value) in &self.more {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    pub(crate) fn send(&self, to: &Relay) -> Answer {
        let mut bytes = self.head(self.body.len());
        bytes.extend_from_slice(&self.body);
        raw(to.address(), &bytes)
    }
}

pub(crate) fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends only the head, which announces a body of the largest size, and reads the answer to it.
pub(crate) fn announced(relay: &Relay, request: &Request) -> (TcpStream, Answer) {
    let mut stream = connect(relay.address());
    stream.write_all(&request.head(MAX_BODY)).unwrap();
    let answer = answer_on(&mut stream);
    (stream, answer)
}

/// What comes back although the body was not sent.
pub(crate) fn answer_on(stream: &mut TcpStream) -> Answer {
    let mut answer = vec![0; 8192];
    let read = stream.read(&mut answer).expect("an answer without a body");
    parse(&answer[..read])
}

/// A push whose signature is of the right form and fits nothing.
pub(crate) fn nonsense(space: SpaceId) -> Request {
    let mut request = Request::new("POST", &path::changes(space), vec![7; 100]).signed(&key(9));
    request.query = "other=1".into();
    request
}

/// Asks for the server's information from this address of the machine.
pub(crate) fn asked_from(address: &str, to: SocketAddr) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket
            .bind(SocketAddr::new(address.parse().unwrap(), 0))
            .unwrap();
        socket.connect(to).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    ask(
        stream,
        b"GET /v1/info HTTP/1.1\r\nhost: relay.example\r\nconnection: close\r\n\r\n",
    )
}

/// Sends bytes and reads the answer to its end.
pub(crate) fn raw(to: SocketAddr, bytes: &[u8]) -> Answer {
    ask(connect(to), bytes)
}

fn ask(mut stream: TcpStream, bytes: &[u8]) -> Answer {
    // The server may refuse and close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    parse(&answer)
}

pub(crate) fn parse(answer: &[u8]) -> Answer {
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(answer)));
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: answer[end + 4..].to_vec(),
    }
}
