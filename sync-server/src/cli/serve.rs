//! `sync-server serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Data, Failure, arguments, existing, logs, say};
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
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(arguments::HOPS))]
    trusted_proxy_hops: u16,
    /// The name under which members reach this server (host or host:port); a second one by giving this again.
    /// Requests signed for another name are refused. Needed off loopback and behind a proxy.
    #[arg(long = "authority", value_name = "NAME", value_parser = arguments::name)]
    authorities: Vec<String>,
    /// Requests per second from one address.
    #[arg(long, value_name = "N", default_value_t = Limits::default().peer.per_second, value_parser = clap::value_parser!(u32).range(arguments::SOME))]
    peer_rate: u32,
    /// Requests per second by one member.
    #[arg(long, value_name = "N", default_value_t = Limits::default().member.per_second, value_parser = clap::value_parser!(u32).range(arguments::SOME))]
    member_rate: u32,
    /// Statements (invitations, admissions, removals …) that one member adds to one space at once.
    #[arg(long, value_name = "N", default_value_t = Limits::default().statements.at_once, value_parser = clap::value_parser!(u32).range(arguments::SOME))]
    statements_at_once: u32,
    /// Seconds until such a member may add one more.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u32).range(arguments::SECONDS))]
    statement_seconds: u32,
    /// Most days for which a space is kept after its end, where whoever ended it asks for as many.
    #[arg(long, value_name = "DAYS", default_value_t = Limits::default().ended_days)]
    ended_days: u16,
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
                every: Duration::from_secs(self.statement_seconds.into()),
            },
            ended_days: self.ended_days,
            ..defaults
        };
        let tls = self.tls_cert.zip(self.tls_key);
        Config {
            data: self.data.folder,
            listen: self.listen,
            metrics: self.metrics,
            tls: tls.map(|(certificates, key)| TlsFiles { certificates, key }),
            behind_proxy: self.behind_proxy,
            trusted_proxy_hops: self.trusted_proxy_hops.into(),
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
        let waiting = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        // Listened for before anybody is told that it runs, so that it can be stopped from then on.
        let mut signals = waiting.block_on(async { Signals::listen() })?;
        let is_first_start = existing(&self.data.folder).is_err();
        let running = Server::start(self.config(), Arc::new(SystemClock))?;
        say(format_args!("serving {scheme}://{}", running.address()))?;
        if let Some(metrics) = running.metrics_address() {
            say(format_args!("metrics http://{metrics}/metrics"))?;
        }
        if is_first_start {
            tracing::info!("there was no database in the data folder; a new one was made");
        }
        tracing::info!(address = %running.address(), "started");
        waiting.block_on(signals.told());
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

/// The signals that stop a server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From here on they end nothing by themselves.
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one of them.
    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
