//! Starting and stopping. The server runs on threads of its own, so that a test, the demonstration
//! or the command line can hold it as a value.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum_server::Handle;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::{Config, database, make_folder};
use crate::connections::Limited;
use crate::counts::Counts;
use crate::http::{self, App};
use crate::limits::{Most, Nonces, Shares};
use crate::relay::Relay;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Reconciled, Storage, StorageError};
use crate::{measures, tls};

/// How often callers that stopped calling are forgotten.
const SWEEP: Duration = Duration::from_secs(60);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder could not be made or used.
    #[error("failed to use the data folder {0}: {1}")]
    Folder(PathBuf, #[source] io::Error),
    /// Another server, or a restore, has the data folder.
    #[error("the data folder is in use by another process")]
    InUse,
    /// The database could not be opened.
    #[error("failed to open the database {0}: {1}")]
    Storage(PathBuf, #[source] StorageError),
    /// An address could not be listened on.
    #[error("failed to listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// Off loopback, what members send would be readable on its way.
    #[error(
        "off loopback the server needs a certificate (--tls-cert, --tls-key), or --behind-proxy \
         where a proxy terminates TLS"
    )]
    Plain,
    /// Reachable from elsewhere, without the name under which it is reached.
    #[error(
        "a server that is reached from elsewhere needs its name (--authority): without it, \
         requests that were signed for another server pass here"
    )]
    Nameless,
    /// The certificate or its key could not be used.
    #[error("failed to use the certificate: {0}")]
    Tls(#[from] tls::TlsError),
    /// Threads could not be started.
    #[error("failed to start threads: {0}")]
    Threads(#[source] io::Error),
}

/// The relay.
#[derive(Debug)]
pub struct Server;

/// A running server. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    storage: Arc<dyn Storage>,
    counted: App,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// Holds a data folder for one process at a time.
#[derive(Debug)]
pub(crate) struct Held(#[allow(dead_code, reason = "the lock lives as long as the file")] File);

/// Takes the data folder, making it first where it does not exist.
pub(crate) fn hold(data: &Path) -> Result<Held, StartError> {
    let fail = |why| StartError::Folder(data.to_owned(), why);
    make_folder(data).map_err(fail)?;
    let lock = File::create(data.join("lock")).map_err(fail)?;
    match lock.try_lock() {
        Ok(()) => Ok(Held(lock)),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse),
        Err(TryLockError::Error(why)) => Err(fail(why)),
    }
}

/// Puts right what a process that was killed left half done of blobs. Nobody else has the folder.
fn blobs_in_step(storage: &dyn Storage) -> Result<(), StorageError> {
    let done = storage.reconcile_blobs()?;
    if done != Reconciled::default() {
        let Reconciled {
            finished,
            cut,
            lost,
            strays,
        } = done;
        tracing::info!(
            finished,
            cut,
            strays,
            "blobs were put in step with the database"
        );
        if lost > 0 {
            tracing::error!(
                lost,
                "blobs are missing that were kept; devices may give them again"
            );
        }
    }
    Ok(())
}

/// The server without a network: its routes over its storage. Tests and simulations call the router
/// directly; [`Server::start`] puts it behind sockets.
pub struct Service {
    app: App,
    storage: Arc<dyn Storage>,
    // Told by `Server`; kept so that event streams of a service alone do not end at once.
    stop: watch::Sender<bool>,
    // Last, so that the folder is free only once the database is closed.
    held: Held,
}

impl Service {
    /// Takes the data folder and opens the database in it.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let held = hold(&config.data)?;
        let file = database(&config.data);
        let fail = |why| StartError::Storage(file.clone(), why);
        let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(&file).map_err(fail)?);
        blobs_in_step(&*storage).map_err(fail)?;
        let now = u64::try_from(clock.now_ms() / 1000).unwrap_or(0);
        let nonces = Nonces::open(&config.data, now)
            .map_err(|why| StartError::Folder(config.data.clone(), why))?;
        let relay = Relay::new(
            Arc::clone(&storage),
            clock,
            storage.life().map_err(fail)?,
            config.limits.statements,
            config.limits.ended_days,
        );
        relay.tend_blobs();
        relay.tend_ended();
        let (stop, stopping) = watch::channel(false);
        Ok(Self {
            app: App::new(relay, nonces, config, stopping),
            storage,
            stop,
            held,
        })
    }

    /// The routes, with all layers around them. Requests need a Tokio runtime.
    pub fn router(&self) -> axum::Router {
        http::router(&self.app)
    }

    /// The storage under it, to register clinics and to look inside.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }
}

impl Server {
    /// Starts a server and returns once it accepts connections.
    pub fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
        closed_to_strangers(&config)?;
        let tls = config.tls.as_ref().map(tls::load).transpose()?;
        let Service {
            app,
            storage,
            stop,
            held,
        } = Service::open(config.clone(), clock)?;
        let (listener, address) = listen(config.listen)?;
        let metrics = config.metrics.map(listen).transpose()?;
        let counted = app.clone();
        let metrics_address = metrics.as_ref().map(|(_, address)| *address);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("sync-server")
            .build()
            .map_err(StartError::Threads)?;
        let stopping = stop.subscribe();
        let sockets = Sockets {
            main: listener,
            metrics: metrics.map(|(l, _)| l),
            tls,
        };
        let thread = std::thread::Builder::new()
            .name("sync-server".into())
            .spawn(move || {
                let _held = held;
                run(runtime, app, &config, sockets, stopping);
            })
            .map_err(StartError::Threads)?;
        Ok(Running {
            address,
            metrics: metrics_address,
            storage,
            counted,
            stop,
            thread: Some(thread),
        })
    }
}

impl Running {
    /// Where members connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are read.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// The storage under it, to register clinics and to look inside.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// What it has done since it started, as counts.
    pub fn counts(&self) -> Counts {
        self.counted.counts()
    }

    /// Stops: event streams end, running requests finish within the grace period, and the data
    /// folder is free when this returns.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// On loopback nobody listens in, and nobody else's requests arrive. Elsewhere, and where a proxy
/// passes requests on from elsewhere, both must be ruled out.
fn closed_to_strangers(config: &Config) -> Result<(), StartError> {
    let loopback = config.listen.ip().to_canonical().is_loopback();
    if !loopback && config.tls.is_none() && !config.behind_proxy {
        return Err(StartError::Plain);
    }
    let reached = !loopback || config.behind_proxy || config.trusted_proxy_hops > 0;
    if reached && config.authorities.is_empty() {
        return Err(StartError::Nameless);
    }
    Ok(())
}

struct Sockets {
    main: TcpListener,
    metrics: Option<TcpListener>,
    tls: Option<axum_server::tls_rustls::RustlsConfig>,
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let fail = |why| StartError::Listen(address, why);
    let listener = TcpListener::bind(address).map_err(fail)?;
    listener.set_nonblocking(true).map_err(fail)?;
    let bound = listener.local_addr().map_err(fail)?;
    Ok((listener, bound))
}

fn run(
    runtime: Runtime,
    app: App,
    config: &Config,
    sockets: Sockets,
    stopping: watch::Receiver<bool>,
) {
    let grace = config.limits.grace;
    let served = runtime.block_on(async {
        if let Some(listener) = sockets.metrics {
            tokio::spawn(measures::serve(listener));
        }
        tokio::spawn(sweep(app.clone()));
        let handle = Handle::new();
        tokio::spawn(stop_when_told(handle.clone(), stopping, grace));
        serve(&app, config, sockets.main, sockets.tls, handle).await
    });
    if let Err(why) = served {
        tracing::error!(reason = %why, "the server stopped");
    }
    drop(app);
    // What still runs after the grace period is left behind; nothing unacknowledged is lost by it.
    runtime.shutdown_timeout(Duration::from_secs(1));
}

async fn sweep(app: App) {
    let mut every = tokio::time::interval(SWEEP);
    loop {
        every.tick().await;
        app.sweep();
        let app = app.clone();
        let _ = tokio::task::spawn_blocking(move || {
            app.tend_blobs();
            app.tend_ended();
        })
        .await;
    }
}

async fn stop_when_told(
    handle: Handle<SocketAddr>,
    mut stopping: watch::Receiver<bool>,
    grace: Duration,
) {
    // An error means that the sender is gone, which is a stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
    handle.graceful_shutdown(Some(grace));
}

async fn serve(
    app: &App,
    config: &Config,
    listener: TcpListener,
    tls: Option<axum_server::tls_rustls::RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let service = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let slow = config.limits.header_timeout;
    let limits = &config.limits;
    let most = Most {
        all: limits.connections,
        each_peer: limits.connections_per_address,
        each_member: limits.connections,
    };
    let connections = Limited::new(
        Shares::new(most, "kap_connections"),
        limits.idle_timeout,
        config.trusted_proxy_hops == 0,
        app.counter().clone(),
    );
    match tls {
        None => {
            let mut server = axum_server::from_tcp(listener)?
                .handle(handle)
                .first_request_timeout(slow)
                .acceptor(connections);
            guard_headers(server.http_builder(), slow);
            server.serve(service).await
        }
        Some(tls) => {
            let acceptor = axum_server::tls_rustls::RustlsAcceptor::new(tls).acceptor(connections);
            let mut server = axum_server::from_tcp(listener)?
                .handle(handle)
                .first_request_timeout(slow)
                .acceptor(acceptor);
            guard_headers(server.http_builder(), slow);
            server.serve(service).await
        }
    }
}

type Builder = hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>;

/// A client that sends its headers drop by drop is cut off.
fn guard_headers(builder: &mut Builder, slow: Duration) {
    builder
        .http1()
        .header_read_timeout(slow)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(slow)
        .max_concurrent_streams(64)
        // Streams that a client opens and resets before anybody looked: beyond these it is cut off.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(64)
        .max_header_list_size(16 * 1024);
}
