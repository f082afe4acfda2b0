//! The HTTP interface between a member and the server: routes, limits, errors, and the shapes of
//! bodies. Both sides use these definitions.

mod blobs;

pub use blobs::{BlobName, BlobState, Blobs, MAX_BLOB, MAX_BLOBS, MAX_PART};

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ChangeId, Incarnation, LogNumber, SealedHash, SpaceId, StatementHash};
use crate::statement::MAX_STATEMENT;
use crate::wire::{Reader, WireError, Writer};

/// Every answer names the life of the database that it comes from.
pub const INCARNATION_HEADER: &str = "kap-incarnation";
/// Holds the grant of a founding, base64url without padding: it is checked before the body is read.
pub const GRANT_HEADER: &str = "kap-grant";
/// The reason in the detail of `grant_unusable` where the clinic that signed the grant is not registered.
pub const UNKNOWN_CLINIC: &str = "unknown_clinic";
/// Content type of binary bodies.
pub const BINARY: &str = "application/octet-stream";
/// Largest body of a request, in bytes.
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// Most changes in one push.
pub const MAX_PUSH: usize = 512;
/// Most changes in one page of the log.
pub const MAX_PULL: usize = 1024;
/// Largest page of the log, in bytes of changes; a page holds at least one change.
pub const MAX_PULL_BYTES: usize = 4 * 1024 * 1024;

/// Most statements in one run.
pub const MAX_RUN: usize = 64;
/// Largest run of statements, in bytes.
pub const MAX_RUN_BYTES: usize = 1024 * 1024;
/// Largest run of whoever is not a present member: one statement of any size fits.
pub const MAX_SMALL_RUN_BYTES: usize = MAX_STATEMENT + 16;

/// Where things are.
pub mod path {
    use crate::id::{BlobId, SpaceId};

    /// `GET`, unsigned: [`super::Info`].
    pub const INFO: &str = "/v1/info";
    /// `GET`, unsigned: the description of this interface.
    pub const OPENAPI: &str = "/v1/openapi.json";
    /// `GET`: [`super::SpaceHeads`]. `POST`: a founding statement, with [`super::GRANT_HEADER`].
    pub const SPACES: &str = "/v1/spaces";
    /// `GET`, a stream of [`super::Hint`].
    pub const EVENTS: &str = "/v1/events";

    /// `GET ?from=`, the sequence to begin at: [`super::ChainPage`]. `POST` [`super::ChainRun`].
    pub fn chain(space: SpaceId) -> String {
        format!("/v1/spaces/{space}/chain")
    }

    /// `POST` [`super::Vouch`].
    pub fn vouch(space: SpaceId) -> String {
        format!("/v1/spaces/{space}/vouch")
    }

    /// `GET ?after=&limit=`, a log number and a count of changes, at most [`super::MAX_PULL`]:
    /// [`super::PullPage`]. `POST` [`super::PushBatch`].
    pub fn changes(space: SpaceId) -> String {
        format!("/v1/spaces/{space}/changes")
    }

    /// `GET`: [`super::Blobs`].
    pub fn blobs(space: SpaceId) -> String {
        format!("/v1/spaces/{space}/blobs")
    }

    /// `GET ?from=&limit=`, a place in the blob and a count of bytes, at most [`super::MAX_PART`]: those
    /// bytes. `POST ?from=&size=`, the place of the part and the size of the whole, with the part:
    /// [`super::BlobState`]. `DELETE`: what is left in the space, [`super::Blobs`].
    pub fn blob(space: SpaceId, blob: BlobId) -> String {
        format!("/v1/spaces/{space}/blobs/{blob}")
    }
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident => $name:literal, $status:literal;)+) => {
        /// What went wrong, for a program to branch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
            /// A code that this build does not know.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code that a server of this version may answer.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant),+];

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self {
                    $(ErrorCode::$variant => $status,)+
                    ErrorCode::Unknown => 500,
                }
            }

            /// As it is written in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ErrorCode::$variant => $name,)+
                    ErrorCode::Unknown => "unknown",
                }
            }
        }
    };
}

error_codes! {
    /// The request makes no sense.
    BadRequest => "bad_request", 400;
    /// Not signed, or the signature does not fit.
    Unauthenticated => "unauthenticated", 401;
    /// Signed at a time too far from the server's. `detail.server_time_ms`.
    ClockSkew => "clock_skew", 401;
    /// This very request was answered before.
    Replayed => "replayed", 401;
    /// The signer may not do this, or there is no such space; which of the two is not said.
    Forbidden => "forbidden", 403;
    /// The signer was a member of this space, and left it or was removed.
    Removed => "removed", 403;
    /// The grant is not of a registered clinic, not for this founder, used, or over.
    GrantUnusable => "grant_unusable", 403;
    /// No such route.
    NotFound => "not_found", 404;
    /// The space has no such blob, or not all of it yet. `detail.received`, `detail.size` where some of it is
    /// there.
    BlobMissing => "blob_missing", 404;
    /// The route exists, the method does not.
    MethodNotAllowed => "method_not_allowed", 405;
    /// The client took too long to send its request.
    Timeout => "timeout", 408;
    /// The statement does not extend the newest one. `detail.head`, `detail.length`.
    ChainConflict => "chain_conflict", 409;
    /// The change is sealed under an older epoch. `detail.epoch`.
    StaleEpoch => "stale_epoch", 409;
    /// The author's counter is not the next one. `detail.expected`.
    CounterMismatch => "counter_mismatch", 409;
    /// The change does not name the author's last one.
    OwnHistoryMismatch => "own_history_mismatch", 409;
    /// The part does not begin where the server's bytes of the blob end, or names another size of the whole.
    /// `detail.received`, `detail.size`.
    BlobOffset => "blob_offset", 409;
    /// The invite is unknown, used, withdrawn or over.
    InviteUnusable => "invite_unusable", 410;
    /// The space was ended, and takes nothing any more. `detail.forget_on` until it is forgotten.
    SpaceEnded => "space_ended", 410;
    /// The body is larger than the limit.
    TooLarge => "too_large", 413;
    /// The statement is malformed or not allowed.
    InvalidStatement => "invalid_statement", 422;
    /// The change is malformed or not allowed.
    InvalidChange => "invalid_change", 422;
    /// All bytes of the blob have arrived, and they are not those that its name says. They were thrown away.
    BlobMismatch => "blob_mismatch", 422;
    /// Too many requests. `Retry-After`.
    RateLimited => "rate_limited", 429;
    /// Something broke here.
    Internal => "internal", 500;
    /// Not now. `Retry-After`.
    Unavailable => "unavailable", 503;
    /// The clinic's or the space's room is used up.
    QuotaExceeded => "quota_exceeded", 507;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The one shape of every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// The error inside its envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// For a program.
    pub code: ErrorCode,
    /// For a person, in plain words.
    pub message: String,
    /// What the code's documentation names.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub detail: serde_json::Map<String, serde_json::Value>,
}

/// What anybody may know of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// Version of this interface.
    pub version: u32,
    /// The life of its database.
    pub incarnation: Incarnation,
    /// Its clock, milliseconds since 1970 UTC.
    pub time_ms: i64,
    /// Its limits.
    pub limits: Limits,
}

/// The limits of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: u64,
    /// Bytes of a sealed change.
    pub change_bytes: u64,
    /// Changes in one push.
    pub push_changes: u64,
    /// Changes in one page.
    pub pull_changes: u64,
    /// Bytes of a sealed blob.
    pub blob_bytes: u64,
    /// Bytes of a part of a blob.
    pub part_bytes: u64,
    /// Blobs of a space.
    pub space_blobs: u64,
    /// Most days for which a space is kept after its end.
    pub ended_days: u64,
}

/// Where the signer's spaces stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceHeads {
    /// The life of the database.
    pub incarnation: Incarnation,
    /// The spaces where the signer is a present member, or waits to be let in.
    pub spaces: Vec<SpaceHead>,
}

/// Where one space stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceHead {
    /// The space.
    pub space: SpaceId,
    /// Number of statements.
    pub chain_length: u64,
    /// The newest statement.
    pub chain_head: StatementHash,
    /// The number of the newest change; 0 where there is none.
    pub number: LogNumber,
    /// How many blobs of the space the server found damaged or missing so far, and let go of: a member that has
    /// given it blobs looks which are not there any more when this moves.
    #[serde(default)]
    pub blobs_lost: u64,
}

/// Changes to store: `KP`, version, count, changes. All or none are stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PushBatch {
    /// Bytes of each sealed change, in order.
    pub changes: Vec<Vec<u8>>,
}

impl PushBatch {
    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(b"KP")
            .u8(1)
            .u32(u32::try_from(self.changes.len()).unwrap_or(u32::MAX));
        for change in &self.changes {
            to.bytes(change);
        }
        to.finish()
    }

    /// Reads the bytes.
    ///
    /// # Errors
    ///
    /// [`WireError`] where the bytes are not this form from the first byte to the last,
    /// or where there are more than [`MAX_PUSH`] changes.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        from.magic(b"KP", "push")?;
        let count = from.u32()?;
        if usize::try_from(count).map_or(true, |count| count > MAX_PUSH) {
            return Err(WireError::BadValue("count"));
        }
        let mut changes = Vec::new();
        for _ in 0..count {
            changes.push(from.bytes()?.to_vec());
        }
        from.end()?;
        Ok(Self { changes })
    }
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAccepted {
    /// The life of the database.
    pub incarnation: Incarnation,
    /// The number of the newest change of the space.
    pub head: LogNumber,
    /// One for each change of the batch, in order.
    pub results: Vec<PushResult>,
}

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResult {
    /// The change.
    pub id: ChangeId,
    /// Its place in the log.
    pub number: LogNumber,
    /// The hash of what is stored under this id: after a lost answer, an earlier sealing of it.
    pub hash: SealedHash,
    /// Stored now or before.
    pub status: PushStatus,
}

/// Whether a change was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushStatus {
    /// Stored by this request.
    Stored,
    /// Stored before under the same id by the same author.
    Known,
}

/// A page of a space's log: `KL`, version, incarnation, head, count, numbered changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullPage {
    /// The life of the database.
    pub incarnation: Incarnation,
    /// The number of the newest change of the space.
    pub head: LogNumber,
    /// Ascending by number.
    pub changes: Vec<(LogNumber, Vec<u8>)>,
}

/// Writes a page of a log change by change, so that none is held twice.
#[derive(Debug)]
pub struct PullPageWriter {
    to: Writer,
    count: u32,
}

impl PullPageWriter {
    /// A page without changes yet, with room for some bytes of them.
    pub fn new(incarnation: Incarnation, room: usize) -> Self {
        let mut to = Writer::with_room(room.saturating_add(PULL_PAGE_START));
        // What is known at the end takes the place of the zeros.
        to.array(b"KL")
            .u8(1)
            .array(incarnation.as_bytes())
            .u64(0)
            .u32(0);
        Self { to, count: 0 }
    }

    /// The next change. Numbers ascend.
    pub fn change(&mut self, number: LogNumber, bytes: &[u8]) {
        self.to.u64(number.0).bytes(bytes);
        self.count = self.count.saturating_add(1);
    }

    /// The bytes; `head` is the number of the space's newest change.
    pub fn finish(self, head: LogNumber) -> Vec<u8> {
        let mut end = Writer::new();
        end.u64(head.0).u32(self.count);
        let mut bytes = self.to.finish();
        let places = bytes.iter_mut().take(PULL_PAGE_START).skip(19);
        for (to, from) in places.zip(end.as_slice()) {
            *to = *from;
        }
        bytes
    }
}

/// Bytes of a page of a log before its first change.
const PULL_PAGE_START: usize = 2 + 1 + 16 + 8 + 4;

impl PullPage {
    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let each = |(_, change): &(_, Vec<u8>)| change.len().saturating_add(12);
        let room = self.changes.iter().map(each).sum();
        let mut to = PullPageWriter::new(self.incarnation, room);
        for (number, change) in &self.changes {
            to.change(*number, change);
        }
        to.finish(self.head)
    }

    /// Reads the bytes.
    ///
    /// # Errors
    ///
    /// [`WireError`] where the bytes are not this form from the first byte to the last,
    /// or where the numbers do not rise.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        from.magic(b"KL", "page of a log")?;
        let incarnation = Incarnation::new(from.array()?);
        let head = LogNumber(from.u64()?);
        let mut changes: Vec<(LogNumber, Vec<u8>)> = Vec::new();
        for _ in 0..from.u32()? {
            let number = LogNumber(from.u64()?);
            if changes.last().map_or(LogNumber(0), |(last, _)| *last) >= number {
                return Err(WireError::BadValue("number"));
            }
            changes.push((number, from.bytes()?.to_vec()));
        }
        from.end()?;
        Ok(Self {
            incarnation,
            head,
            changes,
        })
    }
}

/// Statements of a chain: `KH`, version, incarnation, length of the chain, count, statements from the
/// number asked for on. Whoever has fewer than the length asks again from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainPage {
    /// The life of the database.
    pub incarnation: Incarnation,
    /// How many statements the whole chain has.
    pub length: u64,
    /// Bytes of each statement, in order.
    pub statements: Vec<Vec<u8>>,
}

impl ChainPage {
    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(b"KH")
            .u8(1)
            .array(self.incarnation.as_bytes())
            .u64(self.length);
        to.u32(u32::try_from(self.statements.len()).unwrap_or(u32::MAX));
        for statement in &self.statements {
            to.bytes(statement);
        }
        to.finish()
    }

    /// Reads the bytes.
    ///
    /// # Errors
    ///
    /// [`WireError`] where the bytes are not this form from the first byte to the last.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        from.magic(b"KH", "page of a chain")?;
        let incarnation = Incarnation::new(from.array()?);
        let length = from.u64()?;
        let mut statements = Vec::new();
        for _ in 0..from.u32()? {
            statements.push(from.bytes()?.to_vec());
        }
        from.end()?;
        Ok(Self {
            incarnation,
            length,
            statements,
        })
    }
}

/// Statements that extend a chain, in order: `KE`, version, count (1 to [`MAX_RUN`]), statements. All or
/// none are taken.
///
/// After a restore, until an admin vouched for a space, a server takes a run from whoever is present by its
/// chain before the run, or by the chain after it: an admin let them in. So a member gives back what the
/// backup lacks, its own admission included, and nobody comes in by an old invite.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainRun {
    /// Bytes of each statement, in order.
    pub statements: Vec<Vec<u8>>,
}

impl ChainRun {
    /// One statement.
    pub fn one(statement: &[u8]) -> Self {
        Self {
            statements: vec![statement.to_vec()],
        }
    }

    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(b"KE")
            .u8(1)
            .u32(u32::try_from(self.statements.len()).unwrap_or(u32::MAX));
        for statement in &self.statements {
            to.bytes(statement);
        }
        to.finish()
    }

    /// Reads the bytes.
    ///
    /// # Errors
    ///
    /// [`WireError`] where the bytes are not this form from the first byte to the last, or where there is no
    /// statement or more than [`MAX_RUN`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        from.magic(b"KE", "run of statements")?;
        let count = from.u32()?;
        if !usize::try_from(count).is_ok_and(|count| (1..=MAX_RUN).contains(&count)) {
            return Err(WireError::BadValue("count"));
        }
        let mut statements = Vec::new();
        for _ in 0..count {
            statements.push(from.bytes()?.to_vec());
        }
        from.end()?;
        Ok(Self { statements })
    }
}

/// An admin's word, after a server was restored, that its chain of a space is the one that stands. Until
/// then the server takes nobody new into that space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouch {
    /// Number of statements.
    pub chain_length: u64,
    /// The newest statement.
    pub chain_head: StatementHash,
}

/// "Something is new in this space": never content, and nothing depends on it arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The space.
    pub space: SpaceId,
    /// The number of its newest change.
    pub number: LogNumber,
    /// The length of its chain.
    pub chain_length: u64,
}
