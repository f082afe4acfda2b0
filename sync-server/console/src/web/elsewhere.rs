//! Addresses that lead nowhere, for somebody who is signed in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::app::App;
use super::problem::Problem;
use super::signed_in::SignedIn;

pub(super) async fn not_found(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    app.run(who, |_, _| Err(Problem::NoPage)).await
}

pub(super) async fn not_allowed(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    app.run(who, |_, _| Err(Problem::NoMethod)).await
}
