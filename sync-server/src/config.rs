//! What an operator decides: where things are, and how much one caller may take.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Everything a server needs to start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that holds the database and what belongs to it, and nothing else.
    pub data: PathBuf,
    /// Where members connect. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where metrics are read; keep it on a loopback address.
    pub metrics: Option<SocketAddr>,
    /// Serve TLS from these files; without them a proxy in front must.
    pub tls: Option<TlsFiles>,
    /// A proxy on another machine terminates TLS, over a network that nobody else reads. Without this
    /// and without certificate files, the server listens on loopback only.
    pub behind_proxy: bool,
    /// How many proxies in front add to `X-Forwarded-For`. 0 ignores that header.
    pub trusted_proxy_hops: usize,
    /// The names under which members reach this server (`host` or `host:port`). A signed request
    /// for another name is refused, so that none can be passed on from another server. Empty
    /// accepts any, which is for loopback only.
    pub authorities: Vec<String>,
    /// How much one caller may take.
    pub limits: Limits,
}

/// A certificate chain and its key, PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// Certificates, the server's own first.
    pub certificates: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Limits. The defaults serve a clinic of a few hundred patients behind one address.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests from one address, before anything is known of the caller.
    pub peer: Rate,
    /// Requests by one member, after authentication.
    pub member: Rate,
    /// Requests from one address whether the server lives or is ready. Counted apart, so that
    /// whoever watches over it hears from it also while it is flooded.
    pub health: Rate,
    /// New statements of one signer in one space.
    pub statements: Budget,
    /// Requests worked on at once; more are turned away.
    pub concurrent: usize,
    /// Connections at once; more are closed.
    pub connections: u64,
    /// Connections of one address; behind a proxy, which is one address, the proxy's to limit.
    pub connections_per_address: u64,
    /// Bytes of bodies in memory, while they arrive and while they are worked on.
    pub body_bytes: u64,
    /// Bytes of bodies from one address.
    pub body_bytes_per_address: u64,
    /// Bytes of bodies of one member.
    pub body_bytes_per_member: u64,
    /// Bytes of pages in memory that are not sent yet.
    pub page_bytes: u64,
    /// Bytes of pages to one address.
    pub page_bytes_per_address: u64,
    /// Bytes of pages to one member.
    pub page_bytes_per_member: u64,
    /// Event streams of one member.
    pub streams_per_member: u64,
    /// Event streams to one address.
    pub streams_per_address: u64,
    /// Event streams of all.
    pub streams: u64,
    /// Silence after which an event stream says that it is alive.
    pub heartbeat: Duration,
    /// To send a request's headers.
    pub header_timeout: Duration,
    /// For a connection over which nothing is asked.
    pub idle_timeout: Duration,
    /// To send a request's body.
    pub body_timeout: Duration,
    /// For open requests to end at shutdown.
    pub grace: Duration,
    /// Most days for which a space is kept after its end, where whoever ended it asks for as many.
    pub ended_days: u16,
    /// Free bytes on the data folder's disk below which the server calls itself not ready.
    pub least_free_bytes: u64,
}

/// A steady rate with room for a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests per second in the long run.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

/// So many at once, and then one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many at once.
    pub at_once: u32,
    /// How long until one more is there.
    pub every: Duration,
}

impl Config {
    /// A server on a free loopback port with default limits and metrics on another free one.
    pub fn new(data: &Path) -> Self {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            data: data.to_owned(),
            listen: loopback,
            metrics: Some(loopback),
            tls: None,
            behind_proxy: false,
            trusted_proxy_hops: 0,
            authorities: Vec::new(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            peer: Rate {
                per_second: 200,
                burst: 2000,
            },
            member: Rate {
                per_second: 50,
                burst: 1000,
            },
            health: Rate {
                per_second: 10,
                burst: 100,
            },
            statements: Budget {
                at_once: 64,
                every: Duration::from_secs(10),
            },
            concurrent: 256,
            connections: 4096,
            connections_per_address: 1024,
            body_bytes: 64 * 1024 * 1024,
            body_bytes_per_address: 32 * 1024 * 1024,
            body_bytes_per_member: 8 * 1024 * 1024,
            page_bytes: 256 * 1024 * 1024,
            page_bytes_per_address: 128 * 1024 * 1024,
            page_bytes_per_member: 32 * 1024 * 1024,
            streams_per_member: 8,
            streams_per_address: 1000,
            streams: 4000,
            heartbeat: Duration::from_secs(15),
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            body_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(10),
            ended_days: 366,
            least_free_bytes: 64 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// The defaults without limits on rates, and one address may have all: for measurements and
    /// simulations from one address.
    pub fn without_rates() -> Self {
        let usual = Self::default();
        let free = Rate {
            per_second: 1_000_000,
            burst: u32::MAX,
        };
        Self {
            peer: free,
            member: free,
            health: free,
            statements: Budget {
                at_once: u32::MAX,
                every: Duration::ZERO,
            },
            connections_per_address: usual.connections,
            body_bytes_per_address: usual.body_bytes,
            page_bytes_per_address: usual.page_bytes,
            streams_per_address: usual.streams,
            ..usual
        }
    }
}

/// The database inside a data folder.
pub fn database(data: &Path) -> PathBuf {
    data.join("sync.db")
}

/// Makes the data folder, for its owner's eyes only, where it does not exist.
pub(crate) fn make_folder(data: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
}

/// Makes a file for its owner's eyes only where it does not exist, and takes it from everybody else's
/// where it does.
pub(crate) fn private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}
