//! What can go wrong, as the facades say it: one enum that a shell can branch on, each variant with
//! a sentence for a person.

use companion_protocol::api::ErrorCode;

use crate::document::DocumentError;
use crate::domain::{ContentError, Invalid};
use crate::ports::TransportError;
use crate::space::SpaceError;
use crate::store::StoreError;

/// Why a verb of a facade did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The encrypted store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys, seals, links, membership.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// A document could not be read or edited.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What was typed is not allowed: too long, empty, out of range.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A document is not in a form that this version understands.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// No answer from the server. Nothing is lost; it will be tried again.
    #[error(transparent)]
    Offline(#[from] TransportError),
    /// The server answered with a refusal.
    #[error("the server refused: {message}")]
    Refused {
        /// For a program.
        code: ErrorCode,
        /// For a person.
        message: String,
        /// What the code's documentation names.
        detail: Box<serde_json::Map<String, serde_json::Value>>,
    },
    /// The server (or something between) answered what no honest server answers.
    #[error("the server's answer makes no sense: {0}")]
    BadAnswer(String),
    /// This needs a clinic, and the phone is paired with none.
    #[error("this phone is not paired with a clinic yet")]
    NotPaired,
    /// Pairing twice.
    #[error("this phone is already paired with {0}")]
    AlreadyPaired(String),
    /// Nothing by that name.
    #[error("there is no such {0} in this record")]
    NotFound(&'static str),
    /// Not in this state.
    #[error("{0}")]
    NotNow(&'static str),
}

impl CoreError {
    /// The server's code, where it refused.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            CoreError::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether waiting and trying again can help.
    pub fn is_passing(&self) -> bool {
        match self {
            CoreError::Offline(_) => true,
            CoreError::Refused { code, .. } => {
                matches!(code, ErrorCode::Unavailable | ErrorCode::RateLimited)
            }
            _ => false,
        }
    }
}

/// The facades' result.
pub type Result<T, E = CoreError> = std::result::Result<T, E>;

impl From<companion_protocol::chain::ChainError> for CoreError {
    fn from(error: companion_protocol::chain::ChainError) -> Self {
        CoreError::Space(error.into())
    }
}

impl From<companion_protocol::statement::StatementError> for CoreError {
    fn from(error: companion_protocol::statement::StatementError) -> Self {
        CoreError::Space(error.into())
    }
}

impl From<companion_protocol::wire::WireError> for CoreError {
    fn from(error: companion_protocol::wire::WireError) -> Self {
        CoreError::BadAnswer(error.to_string())
    }
}
