//! The server's own router called without sockets: the same code behind it, one request at a time.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http;
use companion_core::ports::{
    Cancel, HintRequest, Lane, Network, OnHint, Request, Response, Transport, TransportError,
    WatchHandle,
};
use tower::ServiceExt;

/// Where the in-memory server answers.
pub(crate) const URL: &str = "http://kap.test";
const AUTHORITY: &str = "kap.test";
const MOST: usize = 64 * 1024 * 1024;

/// A router and the runtime that drives it; empty while the server is stopped.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Option<(axum::Router, tokio::runtime::Runtime)>>);

impl Slot {
    pub(crate) fn put(&self, router: axum::Router) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        *self.0.lock().unwrap() = Some((router, runtime));
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn call(&self, request: &Request) -> Result<Response, TransportError> {
        let slot = self.0.lock().unwrap();
        let (router, runtime) = slot.as_ref().ok_or(TransportError::Unreachable)?;
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.path_and_query())
            .header("host", AUTHORITY)
            .header("content-length", request.body.len());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let request = builder.body(Body::from(request.body.clone())).unwrap();
        runtime.block_on(async {
            let answer = router.clone().oneshot(request).await.unwrap();
            let status = answer.status().as_u16();
            let headers = answer
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect();
            let body = to_bytes(answer.into_body(), MOST).await.unwrap().to_vec();
            Ok(Response {
                status,
                headers,
                body,
            })
        })
    }
}

/// A network that has one server on it.
pub(crate) struct LocalNetwork(pub(crate) Arc<Slot>);

impl Network for LocalNetwork {
    fn transport(&self, _server: &str, _lane: &Lane) -> Result<Arc<dyn Transport>, TransportError> {
        Ok(Arc::new(LocalTransport(Arc::clone(&self.0))))
    }

    fn authority(&self, _server: &str) -> Result<String, TransportError> {
        Ok(AUTHORITY.to_owned())
    }

    fn listen(
        &self,
        _server: &str,
        _lane: &Lane,
        _request: HintRequest,
        _on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        Err(TransportError::Unreachable)
    }
}

struct LocalTransport(Arc<Slot>);

impl Transport for LocalTransport {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, TransportError> {
        if cancel.is_canceled() {
            return Err(TransportError::Canceled);
        }
        self.0.call(request)
    }
}
