//! Why a request is not answered with what it asked for. Becomes the one JSON shape of errors.

use companion_protocol::api::{ErrorBody, ErrorCode, ErrorDetail};
use serde_json::{Map, Value};

use crate::storage::StorageError;

/// A refusal on its way to the client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    message: String,
    detail: Map<String, Value>,
    /// Seconds after which trying again makes sense.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: Map::new(),
            retry_after: None,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    pub(crate) fn body(&self) -> ErrorBody {
        ErrorBody {
            error: ErrorDetail {
                code: self.code,
                message: self.message.clone(),
                detail: self.detail.clone(),
            },
        }
    }

    /// The one answer to "not a member", "no such space" and "not allowed", so that nobody learns
    /// which spaces exist.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            ErrorCode::Forbidden,
            "this key is not a present member of such a space, or may not do this",
        )
    }

    /// For a key that was a member: it knows of the space, and should learn that it waits in vain.
    pub(crate) fn removed() -> Self {
        Self::new(
            ErrorCode::Removed,
            "this key was a member of this space, and left it or was removed",
        )
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            ErrorCode::Internal,
            "something broke in the server; nothing was stored",
        )
    }

    pub(crate) fn unavailable(message: &str) -> Self {
        Self::new(ErrorCode::Unavailable, message).retry_after(1)
    }
}

impl From<StorageError> for Refusal {
    fn from(why: StorageError) -> Self {
        match why {
            StorageError::Busy => Self::unavailable("the server is busy; try again"),
            StorageError::Corrupt => {
                tracing::error!("the database is damaged; writes are refused until it is restored");
                Self::unavailable("the server's storage needs its operator").retry_after(300)
            }
            StorageError::Full => {
                tracing::error!("the disk is full");
                Self::unavailable("the server has no room left").retry_after(60)
            }
            other => {
                // Backend messages name tables and files, never content.
                tracing::error!(reason = %other, "storage failed");
                Self::internal()
            }
        }
    }
}
