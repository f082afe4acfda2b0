//! Nobody past here who calls the console by another name.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use crate::door::Called;

/// Answers only what is asked of this console. In plain text: a page would carry the clinic's name.
pub(super) async fn require(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.door.names.called(&request) {
        Called::Us => next.run(request).await,
        Called::Another => (
            StatusCode::MISDIRECTED_REQUEST,
            "Nothing is shown under this name. Use the address that your clinic gave you.\n",
        )
            .into_response(),
        Called::Nobody => (
            StatusCode::BAD_REQUEST,
            "This request does not say which site it is for.\n",
        )
            .into_response(),
    }
}
