//! Nobody past here without a session.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::app::App;
use super::problem::Problem;
use super::signed_in::SignedIn;
use crate::accounts::Touch;

/// Sent by a page that refreshes itself: such a request keeps no session alive and opens nothing.
const LIVE: &str = "console-live";

/// Lets a request with a live session through; sends everybody else to sign in.
pub(super) async fn require(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let by_page = request.headers().contains_key(LIVE) || request.uri().path() == "/live";
    let touch = if by_page { Touch::Page } else { Touch::Person };
    let Some(token) = app.channel.token(request.headers()) else {
        return to_sign_in(request.headers());
    };
    let (accounts, key) = (Arc::clone(&app.accounts), token.clone());
    let found = tokio::task::spawn_blocking(move || accounts.session(&key, touch)).await;
    match found {
        Ok(Ok(Some(session))) => {
            request.extensions_mut().insert(SignedIn {
                name: session.name,
                token,
                by_page,
            });
            next.run(request).await
        }
        Ok(Ok(None)) => to_sign_in(request.headers()),
        Ok(Err(error)) => {
            tracing::error!(%error, "sessions cannot be read");
            Problem::Fault.page(&app.frame(None, None))
        }
        Err(_) => Problem::Fault.page(&app.frame(None, None)),
    }
}

/// htmx would follow a redirect and look for a part of the sign-in page: it is told to leave.
fn to_sign_in(headers: &HeaderMap) -> Response {
    if headers.contains_key("hx-request") {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        response
            .headers_mut()
            .insert("hx-redirect", HeaderValue::from_static("/sign-in"));
        return response;
    }
    let accepts_pages = headers
        .get(header::ACCEPT)
        .is_none_or(|accept| !accept.as_bytes().starts_with(b"text/event-stream"));
    if accepts_pages {
        Redirect::to("/sign-in").into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}
