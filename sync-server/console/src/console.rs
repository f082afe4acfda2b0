//! A running console: the web service and the sync task, started and stopped together.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use companion_core::clinic::Clinic;
use companion_core::ports::{Clock, Rng};
use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::door::{Door, Limited, Names};
pub use crate::door::{Limits, Name, NameError};
use crate::live::Live;
use crate::web::{self, App, Channel};

/// How a console is reached, and what it tells the time by.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// How browsers reach it.
    pub security: Security,
    /// The names under which it is called, and no others. On this machine alone, `localhost`, `127.0.0.1` and
    /// `[::1]` need not be said; everywhere else there must be one.
    pub names: Vec<Name>,
    /// How much one caller may take.
    pub limits: Limits,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for the jitter of the sync task.
    pub rng: Arc<dyn Rng>,
}

/// How the way between browser and console is kept private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Plain http on this machine only; browsers use `http://localhost:PORT`.
    LoopbackHttp,
    /// Plain http on this machine only, behind a proxy on the same machine that speaks TLS and
    /// passes `Host` and `Origin` on unchanged.
    BehindProxy,
    /// TLS with these PEM files.
    Tls {
        /// Certificate chain.
        certificate: PathBuf,
        /// Private key.
        key: PathBuf,
    },
}

/// Why a console did not start.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Without TLS only this machine may reach it.
    #[error(
        "{0} can be reached from other machines: give --tls-cert and --tls-key, or listen on 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    /// Whoever can be reached from other machines must know under which name.
    #[error("give --authority NAME, the name that browsers call the console by")]
    NoName,
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The PEM files can't be used.
    #[error("the certificate or its key cannot be used: {0}")]
    Certificate(std::io::Error),
}

/// Starts consoles.
pub struct Console;

impl Console {
    /// Starts serving a clinic's pages on a tokio runtime, and keeps the clinic in step with its
    /// server.
    ///
    /// # Errors
    ///
    /// An address or certificate that can't be used, or no name where one is needed.
    pub async fn start(
        config: Config,
        clinic: Arc<Clinic>,
        accounts: Arc<Accounts>,
    ) -> Result<Running, ConsoleError> {
        let plain = !matches!(config.security, Security::Tls { .. });
        if plain && !config.listen.ip().is_loopback() {
            return Err(ConsoleError::NotLoopback(config.listen));
        }
        let names = names(&config)?;
        let listen_error = |error| ConsoleError::Listen {
            address: config.listen,
            error,
        };
        let listener = TcpListener::bind(config.listen).map_err(listen_error)?;
        listener.set_nonblocking(true).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;

        if let Err(error) = accounts.tell_of_interrupted_forms() {
            tracing::error!(%error, "forms that were interrupted are not in the audit record yet");
        }
        let live = Live::new();
        let channel = match config.security {
            Security::LoopbackHttp => Channel::LoopbackHttp,
            Security::BehindProxy | Security::Tls { .. } => Channel::Tls,
        };
        let app = Arc::new(App {
            // A store that can't be read says so on the first page.
            clinic_name: clinic.name().unwrap_or_else(|_| "Clinic".to_owned()),
            clinic: Arc::clone(&clinic),
            accounts,
            live: Arc::clone(&live),
            clock: Arc::clone(&config.clock),
            once: web::Once::default(),
            channel,
            door: Door::new(names, &config.limits),
            beat: Duration::from_secs(15),
        });
        let told = Arc::clone(&app);
        let service = web::router(app).into_make_service();
        let handle = Handle::new();
        let limits = config.limits;
        let by_address = config.security != Security::BehindProxy;
        let limited = Limited::new(&limits, by_address);
        let serving = match &config.security {
            Security::Tls { certificate, key } => {
                // Fails only when one is installed already, which then is the one in use.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let tls = RustlsConfig::from_pem_file(certificate, key)
                    .await
                    .map_err(ConsoleError::Certificate)?;
                let acceptor = RustlsAcceptor::new(tls)
                    .handshake_timeout(limits.header_timeout)
                    .acceptor(limited);
                let mut server = axum_server::from_tcp(listener)
                    .map_err(listen_error)?
                    .handle(handle.clone())
                    .first_request_timeout(limits.header_timeout)
                    .acceptor(acceptor);
                guard_protocols(server.http_builder(), &limits);
                tokio::spawn(async move { log(server.serve(service).await) })
            }
            Security::LoopbackHttp | Security::BehindProxy => {
                let mut server = axum_server::from_tcp(listener)
                    .map_err(listen_error)?
                    .handle(handle.clone())
                    .first_request_timeout(limits.header_timeout)
                    .acceptor(limited);
                guard_protocols(server.http_builder(), &limits);
                tokio::spawn(async move { log(server.serve(service).await) })
            }
        };
        // Also what was changed at the clinic's computer, by a command.
        let exchanging = tokio::spawn(Arc::clone(&live).run(
            Arc::clone(&clinic),
            config.clock,
            config.rng,
            move || told.tell_people(),
        ));
        Ok(Running {
            address,
            security: config.security,
            handle,
            live,
            tasks: vec![serving, exchanging],
            clinic,
        })
    }
}

/// The names that a console answers to.
fn names(config: &Config) -> Result<Names, ConsoleError> {
    let only_here = match config.security {
        Security::LoopbackHttp => return Ok(Names::of_this_machine()),
        Security::Tls { .. } => config.listen.ip().is_loopback(),
        Security::BehindProxy => false,
    };
    match (config.names.is_empty(), only_here) {
        (false, _) => Ok(Names::of(config.names.clone())),
        (true, true) => Ok(Names::of_this_machine()),
        (true, false) => Err(ConsoleError::NoName),
    }
}

type Protocols = hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>;

/// What one connection may take before anything is known of a request: time for its head, and memory.
fn guard_protocols(protocols: &mut Protocols, limits: &Limits) {
    protocols
        .http1()
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(32 * 1024);
    // What no handler has read yet waits within these windows.
    protocols
        .http2()
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(limits.header_timeout)
        .max_concurrent_streams(32)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(128 * 1024)
        .max_header_list_size(16 * 1024);
}

fn log(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(%error, "the console stopped serving");
    }
}

/// A console at work. Dropping it leaves it running until the runtime ends; see [`Self::shutdown`].
pub struct Running {
    address: SocketAddr,
    security: Security,
    handle: Handle<SocketAddr>,
    live: Arc<Live>,
    tasks: Vec<JoinHandle<()>>,
    /// Held until the end: the core's network has a runtime of its own, which must not be dropped on
    /// a thread of ours.
    clinic: Arc<Clinic>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to type into a browser on this machine.
    pub fn url(&self) -> String {
        match self.security {
            Security::LoopbackHttp | Security::BehindProxy => {
                format!("http://localhost:{}", self.address.port())
            }
            Security::Tls { .. } => format!("https://{}", self.address),
        }
    }

    /// Ends open streams, answers requests in flight for at most five seconds, and waits for the
    /// sync task.
    pub async fn shutdown(self) {
        self.live.close();
        self.handle.graceful_shutdown(Some(Duration::from_secs(5)));
        for task in self.tasks {
            let _ = task.await;
        }
        let clinic = self.clinic;
        let _ = tokio::task::spawn_blocking(move || drop(clinic)).await;
    }
}

#[cfg(test)]
mod tests;
