//! The one place with sockets: reqwest over rustls, on a small runtime of its own, so that callers
//! may block. No redirects, no cookies, no proxies from the environment's whim, bounded answers.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};
use std::time::Duration;

use companion_protocol::api::{Hint, INCARNATION_HEADER};
use futures_util::{FutureExt, StreamExt};
use reqwest::{Client, Url, redirect};
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::runtime::{Builder, Handle, Runtime};

use super::trust::{CertificateTrust, Judged};
use crate::ports::{
    Cancel, HintRequest, Lane, Method, Network, NetworkKind, OnHint, Request, Response, Rng,
    Transport, TransportError, WatchHandle, random,
};

/// Largest answer that is read: a page of a log and its frame.
const MAX_ANSWER: usize = 16 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// The server says something at least every 15 s; three silences mean that the line is dead.
const SILENCE: Duration = Duration::from_secs(45);
/// How many sessions a lane remembers: it talks to one server.
const TLS_SESSIONS: usize = 8;
const FIRST_RETRY_MS: u64 = 1_000;
const LAST_RETRY_MS: u64 = 30_000;

/// A runtime that whoever drops it does not wait for: a name that is looked up ends by itself, some time.
struct OwnRuntime {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl OwnRuntime {
    fn of(runtime: Runtime) -> Self {
        Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        }
    }
}

impl Deref for OwnRuntime {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Real HTTP.
pub struct HttpNetwork {
    runtime: Arc<OwnRuntime>,
    root: Option<reqwest::Certificate>,
    judged: Option<Arc<Judged>>,
    tls: OnceLock<ClientConfig>,
    clients: Mutex<BTreeMap<Lane, Client>>,
    rng: Arc<dyn Rng>,
    is_metered: AtomicBool,
}

impl HttpNetwork {
    /// The shell tells what the network is: whenever that changes, before the next exchange at the latest.
    pub fn set_kind(&self, kind: NetworkKind) {
        self.is_metered
            .store(kind == NetworkKind::Metered, Ordering::Relaxed);
    }

    /// Starts the runtime and the client. `rng` spreads reconnects.
    pub fn new(rng: Arc<dyn Rng>) -> Result<Self, TransportError> {
        Self::with_root(rng, None)
    }

    /// Also trusts one certificate authority (PEM): a clinic's own.
    pub fn with_root(rng: Arc<dyn Rng>, root_pem: Option<&[u8]>) -> Result<Self, TransportError> {
        let root = root_pem.map(reqwest::Certificate::from_pem);
        let root = root.transpose().map_err(|error| bad(&error))?;
        Self::of(rng, root, None)
    }

    /// Asks the platform through the shell whose certificates are trusted, and also trusts one certificate authority
    /// (PEM) if there is one.
    pub fn with_trust(
        rng: Arc<dyn Rng>,
        trust: Arc<dyn CertificateTrust>,
        root_pem: Option<&[u8]>,
    ) -> Result<Self, TransportError> {
        let judged = Judged::new(trust, root_pem).map_err(|error| bad(&error))?;
        Self::of(rng, None, Some(Arc::new(judged)))
    }

    fn of(
        rng: Arc<dyn Rng>,
        root: Option<reqwest::Certificate>,
        judged: Option<Arc<Judged>>,
    ) -> Result<Self, TransportError> {
        install_provider();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("companion-network")
            .enable_all()
            .build()
            .map_err(|error| bad(&error))?;
        Ok(Self {
            runtime: Arc::new(OwnRuntime::of(runtime)),
            root,
            judged,
            tls: OnceLock::new(),
            clients: Mutex::default(),
            rng,
            is_metered: AtomicBool::new(false),
        })
    }

    /// The client of a lane. Each has connections and TLS sessions of its own: a session that is taken
    /// up again would tell the server as much as a connection that is shared.
    fn client(&self, lane: &Lane) -> Result<Client, TransportError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(lane) {
            return Ok(client.clone());
        }
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .user_agent("kap-companion/1");
        builder = match &self.root {
            Some(root) => builder.tls_certs_merge([root.clone()]),
            None => {
                let mut tls = self.tls()?.clone();
                tls.resumption = Resumption::in_memory_sessions(TLS_SESSIONS);
                builder.tls_backend_preconfigured(tls)
            }
        };
        let client = builder.build().map_err(|error| bad(&error))?;
        clients.insert(*lane, client.clone());
        Ok(client)
    }

    /// How certificates are checked, once for all lanes: reading the system's authorities takes
    /// milliseconds. What a lane remembers of a session is its own.
    fn tls(&self) -> Result<&ClientConfig, TransportError> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let builder = ClientConfig::builder();
        let builder = match &self.judged {
            // Dangerous is what does not check: this checks.
            Some(judged) => builder
                .dangerous()
                .with_custom_certificate_verifier(judged.clone()),
            None => builder
                .with_platform_verifier()
                .map_err(|error| bad(&error))?,
        };
        let mut tls = builder.with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(self.tls.get_or_init(|| tls))
    }
}

/// The library wants one process-wide choice of cryptography; ring, like everywhere here.
fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Fails only if somebody chose before us, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn bad(error: &dyn std::fmt::Display) -> TransportError {
    TransportError::BadRequest {
        reason: error.to_string(),
    }
}

fn base(server: &str) -> Result<Url, TransportError> {
    let url = Url::parse(server).map_err(|_| TransportError::BadRequest {
        reason: "it is not of the form https://sync.example.org".to_owned(),
    })?;
    // Whoever types a name and a passphrase into it would find them in every list of addresses.
    let has_more = !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some();
    if has_more {
        return Err(TransportError::BadRequest {
            reason: "it holds more than a server's name and place".to_owned(),
        });
    }
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        // The content is sealed anyway; who talks to whom is not. Off this machine, TLS is a must.
        "http" if local => Ok(url),
        _ => Err(TransportError::BadRequest {
            reason: "the server's address must begin with https://".to_owned(),
        }),
    }
}

impl Network for HttpNetwork {
    fn kind(&self) -> NetworkKind {
        match self.is_metered.load(Ordering::Relaxed) {
            true => NetworkKind::Metered,
            false => NetworkKind::Unmetered,
        }
    }

    fn transport(&self, server: &str, lane: &Lane) -> Result<Arc<dyn Transport>, TransportError> {
        Ok(Arc::new(HttpTransport {
            runtime: Arc::clone(&self.runtime),
            client: self.client(lane)?,
            base: base(server)?,
        }))
    }

    fn authority(&self, server: &str) -> Result<String, TransportError> {
        let url = base(server)?;
        let host = url.host_str().unwrap_or_default().to_lowercase();
        Ok(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        })
    }

    fn listen(
        &self,
        server: &str,
        lane: &Lane,
        request: HintRequest,
        on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        let base = base(server)?;
        let (client, rng) = (self.client(lane)?, Arc::clone(&self.rng));
        let task = self.runtime.spawn(async move {
            let mut ceiling = FIRST_RETRY_MS;
            loop {
                if let Some(request) = request() {
                    // A fault in what is told ends this connection, and not the listening.
                    let once = AssertUnwindSafe(listen_once(&client, &base, &request, &on_hint));
                    if once.catch_unwind().await.unwrap_or(false) {
                        ceiling = FIRST_RETRY_MS;
                    }
                }
                // Full jitter: after a restart of the server not everybody returns at once.
                let wait = u64::from_le_bytes(random(&*rng)) % ceiling;
                tokio::time::sleep(Duration::from_millis(wait)).await;
                ceiling = ceiling.saturating_mul(2).min(LAST_RETRY_MS);
            }
        });
        Ok(WatchHandle::new(AbortOnDrop {
            task,
            _runtime: Arc::clone(&self.runtime),
        }))
    }
}

struct AbortOnDrop {
    task: tokio::task::JoinHandle<()>,
    _runtime: Arc<OwnRuntime>,
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads hints until the stream ends. Gives whether the connection had been accepted.
async fn listen_once(client: &Client, base: &Url, request: &Request, on_hint: &OnHint) -> bool {
    let Ok(built) = build(client, base, request) else {
        return false;
    };
    let Ok(Ok(response)) = tokio::time::timeout(ANSWER_TIMEOUT, client.execute(built)).await else {
        return false;
    };
    if !response.status().is_success() {
        return false;
    }
    let mut stream = response.bytes_stream();
    let mut line = Vec::new();
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(SILENCE, stream.next()).await {
        for byte in bytes {
            if byte != b'\n' {
                // An event of ours is short; whatever is longer is not one.
                if line.len() < 4096 {
                    line.push(byte);
                }
                continue;
            }
            if let Some(data) = line.strip_prefix(b"data:")
                && let Ok(hint) = serde_json::from_slice::<Hint>(data)
            {
                on_hint(hint);
            }
            line.clear();
        }
    }
    true
}

struct HttpTransport {
    runtime: Arc<OwnRuntime>,
    client: Client,
    base: Url,
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, TransportError> {
        let request = build(&self.client, &self.base, request)?;
        let client = self.client.clone();
        wait_for(&self.runtime, cancel, async move {
            tokio::time::timeout(ANSWER_TIMEOUT, exchange(&client, request))
                .await
                .unwrap_or(Err(TransportError::TimedOut))
        })
    }
}

/// What a request comes to, or that somebody gave up on it. Driven on our own runtime, not on the caller's thread, so
/// that it also works when the caller happens to be inside another runtime's blocking thread. A panic there goes on
/// here, as it would had the request run here: whoever waits must hear of it.
fn wait_for<T: Send + 'static>(
    runtime: &Handle,
    cancel: &Cancel,
    answer: impl Future<Output = Result<T, TransportError>> + Send + 'static,
) -> Result<T, TransportError> {
    let (to, from) = std::sync::mpsc::channel();
    let given_up = to.clone();
    let task = runtime.spawn(async move {
        let answer = AssertUnwindSafe(answer).catch_unwind().await;
        // The caller waits below; if it is gone, so is the need for an answer.
        let _ = to.send(answer);
    });
    let task = task.abort_handle();
    let _hook = cancel.on_cancel(move || {
        task.abort();
        let _ = given_up.send(Ok(Err(TransportError::Canceled)));
    });
    match from.recv() {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => Err(TransportError::Interrupted),
    }
}

fn build(
    client: &Client,
    base: &Url,
    request: &Request,
) -> Result<reqwest::Request, TransportError> {
    let mut url = base.clone();
    url.set_path(&request.path);
    url.set_query((!request.query.is_empty()).then_some(request.query.as_str()));
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut builder = client.request(method, url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if !request.body.is_empty() || request.method == Method::Post {
        builder = builder.body(request.body.clone());
    }
    builder.build().map_err(|error| bad(&error))
}

async fn exchange(client: &Client, request: reqwest::Request) -> Result<Response, TransportError> {
    let response = client
        .execute(request)
        .await
        .map_err(|error| reason(&error))?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .filter(|(name, _)| {
            matches!(
                name.as_str(),
                INCARNATION_HEADER | "content-type" | "retry-after"
            )
        })
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(bytes) = stream.next().await {
        let bytes = bytes.map_err(|_| TransportError::Interrupted)?;
        if body.len().saturating_add(bytes.len()) > MAX_ANSWER {
            return Err(TransportError::AnswerTooLarge);
        }
        body.extend_from_slice(&bytes);
    }
    Ok(Response {
        status,
        headers,
        body,
    })
}

fn reason(error: &reqwest::Error) -> TransportError {
    let chain = std::iter::successors(std::error::Error::source(error), |error| {
        std::error::Error::source(*error)
    });
    if chain
        .into_iter()
        .any(|cause| cause.to_string().contains("certificate"))
    {
        TransportError::Untrusted
    } else if error.is_connect() {
        TransportError::Unreachable
    } else if error.is_timeout() {
        TransportError::TimedOut
    } else if error.is_builder() {
        bad(error)
    } else {
        TransportError::Interrupted
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_panic_in_a_request_reaches_whoever_waits_for_its_answer() {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let wait = || {
            wait_for::<()>(runtime.handle(), &Cancel::new(), async {
                panic!("a fault in the network")
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(wait)).is_err());
        let after = wait_for(runtime.handle(), &Cancel::new(), async { Ok(7) });
        assert_eq!(after, Ok(7));
    }

    #[test]
    fn giving_up_ends_the_wait_for_an_answer_that_never_comes() {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let cancel = Cancel::new();
        cancel.cancel();
        let never = wait_for::<()>(runtime.handle(), &cancel, std::future::pending());
        assert_eq!(never, Err(TransportError::Canceled));
    }
}
