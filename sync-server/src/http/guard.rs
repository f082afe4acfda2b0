//! Turning away callers that ask too often, before anything else is done for them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Version;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use companion_protocol::api::ErrorCode;

use super::{App, LIVEZ, READYZ};
use crate::limits;
use crate::refusal::Refusal;

pub(super) fn too_many(wait: Duration) -> Refusal {
    Refusal::new(ErrorCode::RateLimited, "too many requests; wait a moment")
        .retry_after(wait.as_secs().saturating_add(1))
}

pub(super) async fn limit_peer(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let connected = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|c| c.0.ip());
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let peer = limits::peer(connected, &forwarded, app.config.trusted_proxy_hops);
    let rates = if is_health(request.uri().path()) {
        &app.health
    } else {
        &app.peers
    };
    if let Err(wait) = rates.check(&peer) {
        return too_many(wait).into_response();
    }
    if !names_its_host_once(&request) {
        return Refusal::bad("the request does not name its host once").into_response();
    }
    request.extensions_mut().insert(peer);
    next.run(request).await
}

fn is_health(path: &str) -> bool {
    [LIVEZ, READYZ].contains(&path)
}

/// RFC 9112 §3.2. HTTP/2 names it in the request line.
fn names_its_host_once(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    match request.version() {
        Version::HTTP_11 => hosts == 1,
        _ => hosts <= 1,
    }
}
