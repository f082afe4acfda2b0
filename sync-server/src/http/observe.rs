//! What is logged and counted of a request: method, route template, status, duration and bytes.
//! Nothing else: no member, no address, no path as it was sent, no query, no body.

use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;
use companion_protocol::api::INCARNATION_HEADER;

use super::App;
use super::answer::Refused;

pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = known_method(request.method().as_str());
    let route: MatchedPath = match request.extensions().get::<MatchedPath>() {
        Some(route) => route.clone(),
        None => return finish(&app, began, method, "unknown", 0, next.run(request).await),
    };
    let bytes_in = length(request.headers().get(CONTENT_LENGTH));
    let response = next.run(request).await;
    finish(&app, began, method, route.as_str(), bytes_in, response)
}

fn finish(
    app: &App,
    began: Instant,
    method: &'static str,
    route: &str,
    bytes_in: u64,
    mut response: Response,
) -> Response {
    let incarnation = app.relay.life.incarnation.to_string();
    if let Ok(value) = HeaderValue::from_str(&incarnation) {
        response.headers_mut().insert(INCARNATION_HEADER, value);
    }
    let status = response.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    let bytes_out = HttpBody::size_hint(response.body()).exact().unwrap_or(0);
    let code = response
        .extensions()
        .get::<Refused>()
        .map(|refused| refused.0.as_str());
    let route = route.to_owned();
    metrics::histogram!("kap_request_seconds", "route" => route.clone()).record(seconds);
    metrics::counter!(
        "kap_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    if let Some(code) = code {
        metrics::counter!("kap_refusals_total", "code" => code).increment(1);
    }
    tracing::info!(
        method,
        route,
        status,
        code = code.unwrap_or("none"),
        milliseconds = seconds * 1000.0,
        bytes_in,
        bytes_out,
        "request"
    );
    response
}

/// Anybody may invent a method, and an invented one must not reach a log or a label.
fn known_method(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

fn length(value: Option<&HeaderValue>) -> u64 {
    value
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
