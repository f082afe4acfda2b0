//! A running console: the web service and the sync task, started and stopped together.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use companion_core::clinic::Clinic;
use companion_core::ports::{Clock, Rng};
use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::live::Live;
use crate::web::{self, App, Channel};

/// How a console is reached, and what it tells the time by.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// How browsers reach it.
    pub security: Security,
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
    /// An address or certificate that can't be used.
    pub async fn start(
        config: Config,
        clinic: Arc<Clinic>,
        accounts: Arc<Accounts>,
    ) -> Result<Running, ConsoleError> {
        let plain = !matches!(config.security, Security::Tls { .. });
        if plain && !config.listen.ip().is_loopback() {
            return Err(ConsoleError::NotLoopback(config.listen));
        }
        let listen_error = |error| ConsoleError::Listen {
            address: config.listen,
            error,
        };
        let listener = TcpListener::bind(config.listen).map_err(listen_error)?;
        listener.set_nonblocking(true).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;

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
            beat: Duration::from_secs(15),
        });
        let service = web::router(app).into_make_service();
        let handle = Handle::new();
        let serving = match &config.security {
            Security::Tls { certificate, key } => {
                // Fails only when one is installed already, which then is the one in use.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let tls = RustlsConfig::from_pem_file(certificate, key)
                    .await
                    .map_err(ConsoleError::Certificate)?;
                let server = axum_server::from_tcp_rustls(listener, tls)
                    .map_err(listen_error)?
                    .handle(handle.clone());
                tokio::spawn(async move { log(server.serve(service).await) })
            }
            Security::LoopbackHttp | Security::BehindProxy => {
                let server = axum_server::from_tcp(listener)
                    .map_err(listen_error)?
                    .handle(handle.clone());
                tokio::spawn(async move { log(server.serve(service).await) })
            }
        };
        let exchanging =
            tokio::spawn(Arc::clone(&live).run(Arc::clone(&clinic), config.clock, config.rng));
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
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::ports::testing::{ManualClock, SeededRng};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::rehearsal::Rehearsal;
    use crate::view::examples;

    const PASSPHRASE: &str = "correct horse battery staple";

    fn config(listen: &str) -> Config {
        Config {
            listen: listen.parse().unwrap(),
            security: Security::LoopbackHttp,
            clock: Arc::new(ManualClock::new(examples::now())),
            rng: Arc::new(SeededRng::new(1)),
        }
    }

    fn accounts(folder: &std::path::Path) -> Arc<Accounts> {
        let config = config("127.0.0.1:0");
        let accounts = Accounts::open(
            &folder.join("console.db"),
            &[7; 32],
            config.clock,
            config.rng,
        );
        Arc::new(accounts.unwrap())
    }

    async fn say(stream: &mut TcpStream, request: &str) -> String {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).await.unwrap();
        answer.truncate(length);
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_console_serves_on_a_free_port_and_stops_with_a_stream_open() {
        let folder = tempfile::tempdir().unwrap();
        let accounts = accounts(folder.path());
        accounts.add_clinician("Mira", PASSPHRASE).unwrap();
        let token = accounts
            .sign_in(
                "Mira".to_owned(),
                zeroize::Zeroizing::new(PASSPHRASE.to_owned()),
            )
            .await
            .unwrap();
        let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
        let running = Console::start(config("127.0.0.1:0"), clinic, accounts)
            .await
            .unwrap();
        assert_eq!(
            running.url(),
            format!("http://localhost:{}", running.address().port())
        );
        let mut page = TcpStream::connect(running.address()).await.unwrap();
        let answer = say(
            &mut page,
            "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        let cookie = format!("console-on-this-machine={}", token.as_str());
        let request = format!("GET /live HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
        let answer = say(&mut stream, &request).await;
        assert!(answer.contains("text/event-stream"), "{answer}");
        // Well under the five seconds after which open connections are cut.
        tokio::time::timeout(Duration::from_secs(4), running.shutdown())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn plain_http_is_never_served_to_other_machines() {
        let folder = tempfile::tempdir().unwrap();
        for security in [Security::LoopbackHttp, Security::BehindProxy] {
            let config = Config {
                security,
                ..config("0.0.0.0:0")
            };
            let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
            let refused = Console::start(config, clinic, accounts(folder.path())).await;
            assert!(matches!(refused, Err(ConsoleError::NotLoopback(_))));
        }
    }
}
