//! What a space is founded with: a clinic's grant and a founder's statement.

use companion_protocol::api::{GRANT_HEADER, path};
use companion_protocol::grant::{Grant, Terms};
use companion_protocol::id::GrantSerial;
use companion_protocol::statement::{ChainPosition, Create, Role, Statement, StatementBody};
use companion_protocol::suite::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;

use super::NOW_MS;
use super::client::Request;
use super::people::member;

/// A year after the tests' now.
pub(crate) const LATER_MS: u64 = 1_827_000_000_000;

pub(crate) fn now() -> u64 {
    u64::try_from(NOW_MS).unwrap()
}

/// A grant for a space of this founder, good for a year.
pub(crate) fn grant(clinic: &SigningKey, founder: &SigningKey, serial: u8) -> Grant {
    grant_with(clinic, founder, serial, 0, LATER_MS)
}

pub(crate) fn grant_with(
    clinic: &SigningKey,
    founder: &SigningKey,
    serial: u8,
    max_bytes: u64,
    expires_at_ms: u64,
) -> Grant {
    let terms = Terms {
        founder: member(founder),
        serial: GrantSerial::new([serial; 16]),
        max_bytes,
        expires_at_ms,
    };
    Grant::sign(clinic, terms)
}

/// The founding of a clinic's node, or of a phone.
pub(crate) fn create(founder: &SigningKey, nonce: u8, role: Role) -> Statement {
    let body = StatementBody::Create(Create {
        nonce: [nonce; 16],
        role,
        signing_key: member(founder),
        hpke_key: Box::new([1; HPKE_KEY_LENGTH]),
        commitment: [2; 32],
        wrapped: Box::new([3; WRAPPED_KEY_LENGTH]),
    });
    Statement::sign(founder, ChainPosition::FIRST, now(), body)
}

/// Founds with these bytes as they are.
pub(crate) fn founding_request(grant: &[u8], create: &[u8]) -> Request {
    Request::new("POST", path::SPACES, create.to_vec())
        .header(GRANT_HEADER, &BASE64URL_NOPAD.encode(grant))
}
