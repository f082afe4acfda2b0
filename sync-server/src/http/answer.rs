//! Answers: JSON, bytes, and the one shape of errors.

use std::any::Any;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use companion_protocol::api::{BINARY, ErrorCode};
use serde::Serialize;

use super::authenticated::full_of;
use super::{App, outgoing};
use crate::limits::Holder;
use crate::refusal::Refusal;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const BYTES: HeaderValue = HeaderValue::from_static(BINARY);
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

fn answer(status: StatusCode, kind: HeaderValue, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    response
}

pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => answer(status, JSON, body),
        Err(_) => Refusal::internal().into_response(),
    }
}

pub(super) fn text_as_json(text: &'static str) -> Response {
    answer(StatusCode::OK, JSON, text)
}

/// A page, if there is room for it until it went out.
pub(super) fn page(bytes: Vec<u8>, holder: Holder, app: &App) -> Result<Response, Refusal> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let share = app.pages.take(holder, length).map_err(|full| {
        full_of(full, "pages that were asked for before are not read yet").retry_after(1)
    })?;
    Ok(answer(StatusCode::OK, BYTES, outgoing::body(bytes, share)))
}

/// Put into an answer's extensions for whoever counts refusals.
#[derive(Clone, Copy)]
pub(super) struct Refused(pub(super) ErrorCode);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = answer(status, JSON, body);
        response.extensions_mut().insert(Refused(self.code));
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer where a handler panicked. What it said stays here: it may quote its input.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the layer hands it over like this"
)]
pub(super) fn panicked(_said: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Refusal::internal().into_response()
}
