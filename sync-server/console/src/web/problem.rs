//! What goes wrong, as a proper page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::app::{App, drawn};
use super::guard::SignedIn;
use crate::accounts::AccountsError;
use crate::record::RecordError;
use crate::view::message;
use crate::view::model::Frame;
use crate::view::sentence::sentence;

/// Why there is no page of the usual kind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Accounts or audit: what can't be written down is not done.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// A form that no page of ours sends.
    #[error("a form that no page sends")]
    Form,
    /// A form that a page of another site sent.
    #[error("a form sent from another site")]
    Foreign,
    /// A fault of ours: named in the log where it happened.
    #[error("a fault inside the console")]
    Fault,
    /// No such address.
    #[error("no such page")]
    NoPage,
    /// The address exists, the method does not.
    #[error("no such method")]
    NoMethod,
}

impl Problem {
    pub(crate) fn page(&self, frame: &Frame) -> Response {
        let (status, heading, text) = match self {
            Self::NoPage | Self::Record(RecordError::NotFound) => (
                StatusCode::NOT_FOUND,
                "There is no such page",
                "It may have been withdrawn or removed, or the address is mistyped.".to_owned(),
            ),
            Self::NoMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "This address can’t be opened",
                "It belongs to a form. Go back to the page with the form and send it again."
                    .to_owned(),
            ),
            Self::Form => (
                StatusCode::BAD_REQUEST,
                "This form could not be read",
                "Nothing was changed. Go back, reload the page and try again.".to_owned(),
            ),
            Self::Record(RecordError::Invalid(why)) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "Nothing was changed",
                sentence(why),
            ),
            Self::Record(RecordError::NotNow(why)) => (
                StatusCode::CONFLICT,
                "This can’t be done now",
                sentence(why),
            ),
            Self::Record(RecordError::Offline) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The sync server can’t be reached",
                "This step needs it. Nothing is lost: try again when the connection is back."
                    .to_owned(),
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "This form came from another site",
                "Nothing was changed. If you sent it from a page of this console, reload that page and try again; \
                 a proxy in between must pass Host and Origin on unchanged."
                    .to_owned(),
            ),
            Self::Record(RecordError::Failed(_)) | Self::Accounts(_) | Self::Fault => {
                tracing::error!(error = %self, "a request failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Something went wrong here",
                    "The console could not do this. If it happens again, tell whoever looks after the clinic’s computer: the log says more.".to_owned(),
                )
            }
        };
        (status, drawn(&message::page(frame, heading, &text))).into_response()
    }
}

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
