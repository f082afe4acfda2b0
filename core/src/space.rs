//! Keys and membership as a member's own code sees them: founding, inviting, joining and turning
//! the key of a space; sealing and opening changes. Knows nothing of SQL and HTTP.
//!
//! What a chain *allows* is decided in `companion_protocol::chain`; here are the secrets that go
//! with it. Key agreement stands behind [`agreement::KeyAgreement`], so that a matured group-key
//! library can take its place.

pub mod agreement;
pub mod blob;
pub mod identity;
pub mod invitation;
pub mod keys;
pub mod membership;
pub mod payload;
pub mod recovery;
pub mod rotation;
pub mod same_member;
pub mod seal;
#[cfg(test)]
mod tests;
mod typed;
pub mod words;

/// Why something could not be opened, sealed or said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// This installation holds no key for that epoch.
    #[error("this device has no key for that part of the record")]
    NoKey,
    /// The ciphertext was not made with this key, or was altered.
    #[error("the content can't be opened: it was altered or sealed with another key")]
    CannotOpen,
    /// The content opened, but is not in a form that we know.
    #[error("the content has an unknown or damaged form: {0}")]
    BadPayload(String),
    /// Another content than its signed header says.
    #[error("its header says that something else is inside")]
    OtherContent,
    /// Its author dropped the content and left the header.
    #[error("its content was deleted")]
    Dropped,
    /// A member's public key is not usable.
    #[error("a member's public key is not valid")]
    BadPublicKey,
    /// A link was cut off or is something else.
    #[error("this is not a complete pairing link: something of it is missing or was altered")]
    BadLink,
    /// There is no link in what was pasted.
    #[error("there is no pairing link in this; it begins with kap://pair/")]
    NoLink,
    /// Recovery words are misspelt, or one is missing.
    #[error("these are not twelve recovery words as they were shown: {0}")]
    BadRecoveryWords(String),
    /// The invite that the link names is not in the chain that the server gave.
    #[error("the server's copy of the membership does not contain this invitation")]
    NotTheInvitedSpace,
    /// A statement is not allowed.
    #[error(transparent)]
    Chain(#[from] companion_protocol::chain::ChainError),
    /// A statement is malformed.
    #[error(transparent)]
    Statement(#[from] companion_protocol::statement::StatementError),
}
