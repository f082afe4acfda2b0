//! What an operator may give: a value that can't be meant is refused here, in plain words, before
//! anything is opened.

use std::ops::RangeInclusive;

use axum::http::uri::Authority;
use companion_protocol::id::MemberId;
use ed25519_dalek::VerifyingKey;

/// Rates and budgets: none at all would lock everybody out.
pub(super) const SOME: RangeInclusive<i64> = 1..=1_000_000;
/// A day.
pub(super) const SECONDS: RangeInclusive<i64> = 1..=86_400;
/// Nobody has more proxies in a row; beyond what is there callers could not be told apart.
pub(super) const HOPS: RangeInclusive<i64> = 0..=16;

/// Something that is no name of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is `host` or `host:port`, without https:// and without a path")]
pub(super) struct NameError;

/// The name of a server, as members send it: `host` or `host:port`.
pub(super) fn name(text: &str) -> Result<String, NameError> {
    // A user's name before the host is never sent.
    if text.contains('@') {
        return Err(NameError);
    }
    let authority: Authority = text.parse().map_err(|_| NameError)?;
    let host = authority.host();
    let has_colon = text.len() > host.len();
    if host.is_empty() || (has_colon && authority.port_u16().is_none()) {
        return Err(NameError);
    }
    // Two names in one would be neither; the bracket is that of an IPv6 address.
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !host.starts_with('[') && !host.chars().all(is_of_a_name) {
        return Err(NameError);
    }
    Ok(text.to_owned())
}

/// Something that is no clinic's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a clinic's public key: copy the 64 hexadecimal digits, in lower case, as `clinic-console init` \
     prints them; one wrong digit makes it no key"
)]
pub(super) struct KeyError;

/// A clinic's key. Of those that are typed wrong, half are not even a key.
pub(super) fn key(text: &str) -> Result<MemberId, KeyError> {
    let id: MemberId = text.parse().map_err(|_| KeyError)?;
    match VerifyingKey::from_bytes(id.as_bytes()) {
        Ok(key) if !key.is_weak() => Ok(id),
        _ => Err(KeyError),
    }
}

/// How many spaces or bytes: SQLite counts no further.
pub(super) const COUNT: RangeInclusive<u64> = 0..=(1 << 62);
