//! HTTP/1.1 by hand, so that a request can be left unfinished.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use companion_protocol::request::{Parts, SignedHeaders, sign};
use ed25519_dalek::SigningKey;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::target::Target;

/// All that attacks comes from here.
pub(crate) const ATTACKER: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// The honest client.
pub(crate) const HONEST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// After this a connection that is not taken counts as refused.
const CONNECTING: Duration = Duration::from_secs(3);

/// Connects from an address of this machine.
pub(crate) async fn connect(from: Ipv4Addr, to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).unwrap();
    let connecting = socket.connect(to);
    tokio::time::timeout(CONNECTING, connecting)
        .await
        .ok()?
        .ok()
}

/// A key that nobody knows, another each time.
pub(crate) fn invented_key() -> SigningKey {
    let mut seed = [3; 32];
    seed[..8].copy_from_slice(&next().to_be_bytes());
    SigningKey::from_bytes(&seed)
}

fn next() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Signs a request without a body. `path` may differ from what is asked: then the signature is nonsense in
/// a well-formed header.
pub(crate) fn signed(target: &Target, key: &SigningKey, method: &str, path: &str) -> SignedHeaders {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut nonce = [9; 16];
    nonce[..8].copy_from_slice(&next().to_be_bytes());
    let parts = Parts {
        method,
        authority: &target.authority,
        path,
        query: "",
        body: b"",
    };
    sign(key, parts, now.as_secs(), &nonce)
}

/// A head without its empty line.
pub(crate) fn head(target: &Target, method: &str, path: &str, more: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", target.authority);
    for (name, value) in more {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}

/// The head of the next answer, and what came after it; `None` where none comes.
pub(crate) async fn answer(stream: &mut TcpStream) -> Option<String> {
    let mut said = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part).await.ok()?;
        if read == 0 {
            return None;
        }
        said.extend_from_slice(&part[..read]);
        if said.windows(4).any(|end| end == b"\r\n\r\n") {
            return Some(String::from_utf8_lossy(&said).into_owned());
        }
    }
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or(0)
}
