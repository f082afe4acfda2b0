//! What one address does.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Sizes;
use crate::request::{ATTACKER, answer, connect, head, invented_key, signed, status};
use crate::target::{Kind, Target};

/// Connections made at once, so that the attacker is not held up by its own machine.
const AT_ONCE: usize = 128;
/// Between two questions on a connection that is kept warm.
const WARM: Duration = Duration::from_secs(4);
/// Bytes of a body sent at once.
const PIECE: usize = 64 * 1024;
/// Without any progress for so long, the flood stands.
const STILL: Duration = Duration::from_millis(1_500);

/// One kind of flood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attack {
    /// Bodies that lack their last byte, each on a connection of its own.
    Bodies,
    /// The same over one connection of HTTP/2.
    BodiesInOneConnection,
    /// Connections on which nothing happens, or half a head, or now and then the cheapest request.
    Idle,
    /// Connections on which the cheapest request is asked every few seconds.
    Warm,
    /// Event streams, each with another invented key.
    Streams,
}

impl Attack {
    pub(crate) const ALL: [Self; 5] = [
        Self::Bodies,
        Self::BodiesInOneConnection,
        Self::Idle,
        Self::Warm,
        Self::Streams,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bodies => "unfinished bodies",
            Self::BodiesInOneConnection => "unfinished bodies, one HTTP/2 connection",
            Self::Idle => "idle connections, a tenth kept warm",
            Self::Warm => "connections kept warm",
            Self::Streams => "event streams, invented keys",
        }
    }

    /// Begins it, and returns once it stands.
    pub(crate) async fn begin(self, target: &Target, sizes: &Sizes) -> Flood {
        let mut flood = Flood::default();
        match self {
            Self::Bodies => flood.bodies(target, sizes.bodies),
            Self::BodiesInOneConnection => flood.in_one_connection(target, sizes.bodies).await,
            Self::Idle => flood.idle(target, sizes.connections, 10),
            Self::Warm => flood.idle(target, sizes.connections, 1),
            Self::Streams => flood.streams(target, sizes.streams),
        }
        flood.stands().await;
        flood
    }
}

/// A flood that stands; dropping it ends it.
#[derive(Default)]
pub(crate) struct Flood {
    tried: usize,
    /// How often the other side did what was asked: a stream opened, an answer on a warm connection.
    served: Arc<AtomicUsize>,
    /// Goes up as long as anything gets through.
    progress: Arc<AtomicUsize>,
    tasks: JoinSet<()>,
}

impl Flood {
    pub(crate) fn tried(&self) -> usize {
        self.tried
    }

    pub(crate) fn served(&self) -> usize {
        self.served.load(Ordering::Relaxed)
    }

    async fn stands(&self) {
        let mut before = usize::MAX;
        loop {
            let now = self.progress.load(Ordering::Relaxed);
            if now == before {
                return;
            }
            before = now;
            tokio::time::sleep(STILL).await;
        }
    }

    /// Opens connections, says on each what is its turn to say, and leaves it to what comes then.
    fn connections<F>(
        &mut self,
        target: &Target,
        firsts: Vec<String>,
        then: impl Fn(TcpStream) -> F + Clone + Send + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        self.tried += firsts.len();
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        for first in firsts {
            let (turns, progress) = (Arc::clone(&turns), Arc::clone(&self.progress));
            let (address, then) = (target.address, then.clone());
            self.tasks.spawn(async move {
                let turn = turns.acquire_owned().await.unwrap();
                let stream = connect(ATTACKER, address).await;
                drop(turn);
                progress.fetch_add(1, Ordering::Relaxed);
                let Some(mut stream) = stream else { return };
                if stream.write_all(first.as_bytes()).await.is_ok() {
                    then(stream).await;
                }
            });
        }
    }

    fn bodies(&mut self, target: &Target, count: usize) {
        let length = target.longest_body();
        let firsts = (0..count)
            .map(|_| format!("{}\r\n", nonsense(target, length)))
            .collect();
        let progress = Arc::clone(&self.progress);
        self.connections(target, firsts, move |mut stream| {
            let progress = Arc::clone(&progress);
            async move {
                let mut left = length - 1;
                while left > 0 {
                    let piece = vec![b'x'; left.min(PIECE)];
                    if stream.write_all(&piece).await.is_err() {
                        break;
                    }
                    left -= piece.len();
                    progress.fetch_add(1, Ordering::Relaxed);
                }
                until_closed(stream).await;
            }
        });
    }

    async fn in_one_connection(&mut self, target: &Target, count: usize) {
        self.tried += count;
        let stream = connect(ATTACKER, target.address)
            .await
            .expect("a connection");
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
        self.tasks.spawn(async move {
            let _ = connection.await;
        });
        for _ in 0..count {
            let (mut sender, progress) = (sender.clone(), Arc::clone(&self.progress));
            let length = target.longest_body();
            let mut request = hyper::Request::post(format!(
                "http://{}{}",
                target.authority,
                target.takes_bodies()
            ));
            for (name, value) in nonsense_headers(target, length) {
                request = request.header(name, value);
            }
            let pieces = futures_util::stream::unfold(length - 1, move |left| {
                let progress = Arc::clone(&progress);
                async move {
                    if left == 0 {
                        std::future::pending::<()>().await;
                    }
                    progress.fetch_add(1, Ordering::Relaxed);
                    let piece = Bytes::from(vec![b'x'; left.min(PIECE)]);
                    let left = left - piece.len();
                    Some((Ok::<_, Infallible>(piece), left))
                }
            });
            let request = request.body(Body::from_stream(pieces)).unwrap();
            self.tasks.spawn(async move {
                let _ = sender.send_request(request).await;
            });
        }
    }

    /// One of so many connections is kept warm.
    fn idle(&mut self, target: &Target, count: usize, one_of: usize) {
        let warm = format!("{}\r\n", head(target, "GET", target.cheapest(), &[]));
        let firsts = (0..count)
            .map(|number| match number % one_of {
                0 => warm.clone(),
                1 | 2 => "GET / HTTP/1.1\r\nhost".to_owned(),
                _ => String::new(),
            })
            .collect();
        let served = Arc::clone(&self.served);
        self.connections(target, firsts, move |mut stream| {
            let (served, warm) = (Arc::clone(&served), warm.clone());
            async move {
                // An answer comes only where something was asked.
                while answer(&mut stream).await.is_some() {
                    served.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(WARM).await;
                    if stream.write_all(warm.as_bytes()).await.is_err() {
                        break;
                    }
                }
            }
        });
    }

    fn streams(&mut self, target: &Target, count: usize) {
        let path = target.stream();
        let firsts = (0..count).map(|number| {
            let head = match target.kind {
                Kind::Server => {
                    let signed = signed(target, &invented_key(), "GET", path);
                    head(target, "GET", path, &signed.pairs())
                }
                Kind::Console => {
                    let cookie = format!("console-on-this-machine={number:064x}");
                    head(target, "GET", path, &[("cookie", &cookie)])
                }
            };
            format!("{head}\r\n")
        });
        let (served, progress) = (Arc::clone(&self.served), Arc::clone(&self.progress));
        self.connections(target, firsts.collect(), move |mut stream| {
            let (served, progress) = (Arc::clone(&served), Arc::clone(&progress));
            async move {
                let answer = answer(&mut stream).await;
                progress.fetch_add(1, Ordering::Relaxed);
                if answer.is_some_and(|answer| status(&answer) == 200) {
                    served.fetch_add(1, Ordering::Relaxed);
                }
                until_closed(stream).await;
            }
        });
    }
}

/// Headers of a request whose signature is well formed and fits nothing.
fn nonsense_headers(target: &Target, length: usize) -> Vec<(&'static str, String)> {
    let mut headers = vec![("content-length", length.to_string())];
    match target.kind {
        Kind::Server => {
            let signed = signed(target, &invented_key(), "POST", "/another");
            let pairs = signed.pairs();
            headers.extend(pairs.map(|(name, value)| (name, value.to_owned())));
        }
        Kind::Console => {
            headers.push((
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ));
        }
    }
    headers
}

/// The same as a head of HTTP/1.1.
fn nonsense(target: &Target, length: usize) -> String {
    let headers = nonsense_headers(target, length);
    let pairs: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    head(target, "POST", &target.takes_bodies(), &pairs)
}

/// Holds a connection until the other side ends it.
async fn until_closed(mut stream: TcpStream) {
    use tokio::io::AsyncReadExt as _;
    let mut part = [0; 4096];
    while stream.read(&mut part).await.is_ok_and(|read| read > 0) {}
}
