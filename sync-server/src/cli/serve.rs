//! `sync-server serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::{Data, Failure, logs, say};
use crate::config::{Budget, Config, Limits, Rate, TlsFiles};
use crate::{Server, SystemClock};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: Data,
    /// Where members connect.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8440")]
    listen: SocketAddr,
    /// Where Prometheus reads measures; keep it on loopback.
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    /// Certificate chain (PEM), to serve TLS without a proxy.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy on another machine terminates TLS and reaches this server over a network that nobody
    /// else reads. Needed to serve plain HTTP off loopback.
    #[arg(long, conflicts_with = "tls_cert")]
    behind_proxy: bool,
    /// How many proxies in front append to X-Forwarded-For.
    #[arg(long, value_name = "N", default_value_t = 0)]
    trusted_proxy_hops: usize,
    /// The name under which members reach this server (host or host:port); may be given again.
    /// Requests signed for another name are refused. Needed off loopback and behind a proxy.
    #[arg(long = "authority", value_name = "NAME")]
    authorities: Vec<String>,
    /// Requests per second from one address.
    #[arg(long, value_name = "N", default_value_t = Limits::default().peer.per_second)]
    peer_rate: u32,
    /// Requests per second by one member.
    #[arg(long, value_name = "N", default_value_t = Limits::default().member.per_second)]
    member_rate: u32,
    /// Statements (invitations, admissions, removals …) that one member adds to one space at once.
    #[arg(long, value_name = "N", default_value_t = Limits::default().statements.at_once)]
    statements_at_once: u32,
    /// Seconds until such a member may add one more.
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().statements.every.as_secs())]
    statement_seconds: u64,
}

impl Serve {
    fn config(self) -> Config {
        let defaults = Limits::default();
        let rate = |per_second: u32, usual: Rate| Rate {
            per_second,
            burst: usual.burst.max(per_second),
        };
        let limits = Limits {
            peer: rate(self.peer_rate, defaults.peer),
            member: rate(self.member_rate, defaults.member),
            statements: Budget {
                at_once: self.statements_at_once,
                every: Duration::from_secs(self.statement_seconds),
            },
            ..defaults
        };
        let tls = self.tls_cert.zip(self.tls_key);
        Config {
            data: self.data.folder,
            listen: self.listen,
            metrics: self.metrics,
            tls: tls.map(|(certificates, key)| TlsFiles { certificates, key }),
            behind_proxy: self.behind_proxy,
            trusted_proxy_hops: self.trusted_proxy_hops,
            authorities: self.authorities,
            limits,
        }
    }

    pub(super) fn run(self) -> Result<(), Failure> {
        logs::start();
        allow_open_files();
        let scheme = if self.tls_cert.is_some() {
            "https"
        } else {
            "http"
        };
        let running = Server::start(self.config(), Arc::new(SystemClock))?;
        say(format_args!("serving {scheme}://{}", running.address()))?;
        if let Some(metrics) = running.metrics_address() {
            say(format_args!("metrics http://{metrics}/metrics"))?;
        }
        tracing::info!(address = %running.address(), "started");
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(told())?;
        tracing::info!("stopping");
        running.shutdown();
        tracing::info!("stopped");
        Ok(())
    }
}

/// Each connection is an open file, and the usual limit of a process is lower than that of the server.
fn allow_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let present = getrlimit(Resource::Nofile);
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: present.maximum,
            maximum: present.maximum,
        },
    );
    if raised.is_err() {
        tracing::warn!("the limit of open files could not be raised");
    }
}

/// Waits for the signal to stop.
async fn told() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
