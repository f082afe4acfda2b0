//! Pages as answers.

use axum::response::{Html, IntoResponse as _, Response};

/// A page as an answer.
pub(crate) fn drawn(page: &maud::Markup) -> Response {
    Html(page.0.clone()).into_response()
}
