//! Reads the outside of a raw change without Automerge, and refuses what no honest app writes.
//!
//! Automerge inflates compressed chunks without a limit (97 KB become 395 MB), and believes run
//! lengths: twenty bytes can claim a billion operations. So before it sees a change, everything that
//! has a length is counted here, and only raw, canonical chunks pass.
//!
//! A chunk is: magic (4 bytes), first 4 bytes of the hash, type (1 = change), length of the body as
//! LEB128, body. The body: dependencies, actor, sequence number, first operation, time, message,
//! other actors, column specifications, columns. The hash is SHA-256 over type, length and body.

use sha2::{Digest as _, Sha256};

use super::column;
use super::cursor::{Cursor, write_unsigned};
use super::nesting::Made;
use super::{ActorId, ChangeHash, Refusal};

/// Largest raw change, in bytes. The longest text that can be written fits several times.
pub const CHANGE_LIMIT: usize = 512 * 1024;
/// Largest salt in a change's time field. Automerge keeps differences between the times of changes
/// and panics when one does not fit 64 bits, so honest salts stay well inside and others are refused.
pub(super) const SALT_LIMIT: i64 = i64::MAX >> 2;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_TYPE: u8 = 1;
const COMPRESSED_TYPE: u8 = 2;

/// What a raw change says about itself, before its operations are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkInfo {
    /// Its name: SHA-256 over its content.
    pub hash: ChangeHash,
    /// The changes that it builds upon; empty for the first of a document.
    pub deps: Vec<ChangeHash>,
    /// The actor that made it: a commitment to its content.
    pub actor: ActorId,
    /// Which change of its actor it is: always 1.
    pub seq: u64,
    /// Number of its first operation.
    pub start_op: u64,
    /// How many operations it holds.
    pub operations: u64,
    /// Actors of earlier changes that its operations refer to.
    pub other_actors: Vec<ActorId>,
    /// The objects that its operations make.
    pub(super) made: Vec<Made>,
}

impl ChunkInfo {
    /// Number of its last operation.
    pub(super) fn last_op(&self) -> u64 {
        self.start_op
            .saturating_add(self.operations)
            .saturating_sub(1)
    }
}

/// Where the parts of a chunk are.
struct Parts<'a> {
    hash: [u8; 32],
    body: &'a [u8],
}

/// What stands before the operations of a change.
struct Head {
    deps: Vec<ChangeHash>,
    actor: ActorId,
    seq: u64,
    start_op: u64,
    other_actors: Vec<ActorId>,
}

fn head(body: &mut Cursor<'_>) -> Result<Head, Refusal> {
    let deps = body
        .array32_list()?
        .into_iter()
        .map(ChangeHash::new)
        .collect::<Vec<_>>();
    if !deps.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::Malformed);
    }
    let actor = body.actor()?;
    let seq = body.unsigned()?;
    let start_op = body.unsigned()?;
    if !(0..=SALT_LIMIT).contains(&body.signed()?) {
        return Err(Refusal::Malformed);
    }
    let message = body.length()?;
    body.take(message)?;
    let other_actors = body.actor_list()?;
    if !other_actors.is_sorted_by(|a, b| a < b) || other_actors.contains(&actor) {
        return Err(Refusal::Malformed);
    }
    Ok(Head {
        deps,
        actor,
        seq,
        start_op,
        other_actors,
    })
}

/// Whether a change writes or takes away one of these fields, wherever in the document. Reads its bytes once
/// more: few changes are asked for it, and [`inspect`] is for all.
///
/// # Errors
///
/// As [`inspect`], which comes first.
pub(crate) fn touches(raw: &[u8], fields: &[&str]) -> Result<bool, Refusal> {
    let parts = split(raw)?;
    let mut body = Cursor::new(parts.body);
    head(&mut body)?;
    column::touch(&mut body, fields)
}

/// Reads a raw change's header and counts what it claims, in time proportional to its length.
///
/// # Errors
///
/// A [`Refusal`] for anything but one whole, raw, canonical change within the limits.
pub fn inspect(raw: &[u8]) -> Result<ChunkInfo, Refusal> {
    let parts = split(raw)?;
    let mut body = Cursor::new(parts.body);
    let Head {
        deps,
        actor,
        seq,
        start_op,
        other_actors,
    } = head(&mut body)?;
    let operations = column::operations(&mut body)?;
    if !body.is_empty() {
        return Err(Refusal::TrailingBytes);
    }
    if seq != 1 || actor != actor_of(parts.body)? {
        return Err(Refusal::ForgedActor);
    }
    // Automerge numbers operations with 32 bits and does not expect to reach their end.
    if start_op == 0 || start_op > u64::from(u32::MAX / 2) {
        return Err(Refusal::WrongStart);
    }
    let hash = ChangeHash::new(parts.hash);
    Ok(ChunkInfo {
        hash,
        deps,
        actor,
        seq,
        start_op,
        operations: operations.count,
        other_actors,
        made: operations.made,
    })
}

/// Gives a change that was made with the actor `[0; 16]` its real actor.
///
/// The actor is a hash of the rest of the body, the random salt in its time field included. So every
/// change has an actor of its own that nobody else can use: a second change under the same actor,
/// which Automerge could not hold beside the first, cannot be made, neither by a phone restored from
/// a backup nor by a member who wants an entry of somebody else to disappear.
pub(super) fn claim_actor(raw: &[u8]) -> Result<Vec<u8>, Refusal> {
    let body = split(raw)?.body;
    let actor = actor_of(body)?;
    let mut body = body.to_vec();
    let at = actor_position(&body)?;
    let slot = body
        .get_mut(at..at + ActorId::LENGTH)
        .ok_or(Refusal::Malformed)?;
    slot.copy_from_slice(actor.as_bytes());
    Ok(wrap(&body))
}

/// Puts a body into a chunk with the right checksum.
pub(super) fn wrap(body: &[u8]) -> Vec<u8> {
    let hash = hash_of(body);
    let mut raw = Vec::with_capacity(body.len() + 14);
    raw.extend(MAGIC);
    raw.extend(hash.iter().take(4));
    raw.push(CHANGE_TYPE);
    write_unsigned(body.len() as u64, &mut raw);
    raw.extend(body);
    raw
}

fn split(raw: &[u8]) -> Result<Parts<'_>, Refusal> {
    if raw.len() > CHANGE_LIMIT {
        return Err(Refusal::TooLarge);
    }
    let mut chunk = Cursor::new(raw);
    if chunk.take(4)? != MAGIC {
        return Err(Refusal::NotAChange);
    }
    let checksum = chunk.take(4)?;
    match chunk.byte()? {
        CHANGE_TYPE => {}
        COMPRESSED_TYPE => return Err(Refusal::Compressed),
        _ => return Err(Refusal::NotAChange),
    }
    let length = chunk.length()?;
    let body = chunk.take(length)?;
    if !chunk.is_empty() {
        return Err(Refusal::TrailingBytes);
    }
    let hash = hash_of(body);
    if !hash.starts_with(checksum) {
        return Err(Refusal::WrongChecksum);
    }
    Ok(Parts { hash, body })
}

fn hash_of(body: &[u8]) -> [u8; 32] {
    let mut header = vec![CHANGE_TYPE];
    write_unsigned(body.len() as u64, &mut header);
    Sha256::new()
        .chain_update(header)
        .chain_update(body)
        .finalize()
        .into()
}

fn actor_position(body: &[u8]) -> Result<usize, Refusal> {
    let mut cursor = Cursor::new(body);
    cursor.array32_list()?;
    cursor.unsigned()?;
    Ok(body.len() - cursor.remaining())
}

fn actor_of(body: &[u8]) -> Result<ActorId, Refusal> {
    let at = actor_position(body)?;
    let (before, rest) = body.split_at_checked(at).ok_or(Refusal::Malformed)?;
    let after = rest.get(ActorId::LENGTH..).ok_or(Refusal::Malformed)?;
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"kap companion: actor of a change, v1")
        .chain_update(before)
        .chain_update(after)
        .finalize()
        .into();
    let actor = hash.first_chunk().copied().ok_or(Refusal::Malformed)?;
    Ok(ActorId::new(actor))
}
