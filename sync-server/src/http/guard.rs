//! Turning away callers that ask too often, before anything else is done for them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use companion_protocol::api::ErrorCode;

use super::App;
use crate::limits;
use crate::refusal::Refusal;

pub(super) fn too_many(wait: Duration) -> Refusal {
    Refusal::new(ErrorCode::RateLimited, "too many requests; wait a moment")
        .retry_after(wait.as_secs().saturating_add(1))
}

pub(super) async fn limit_peer(State(app): State<App>, request: Request, next: Next) -> Response {
    // Whoever watches over the process must hear from it also while it is flooded.
    if request.uri().path() == "/livez" {
        return next.run(request).await;
    }
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
    match app.peers.check(&peer) {
        Ok(()) => next.run(request).await,
        Err(wait) => too_many(wait).into_response(),
    }
}
