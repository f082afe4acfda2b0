//! A document put together once and kept, so that reading it again does not begin at its first change.
//!
//! Measured reason: one more edit of a document with 300 edits took 143 ms, and the time grew with
//! each. A snapshot is a cache of this device in its own sealed store, never sent and never the only
//! copy. Whatever is odd about one makes it useless, and the caller takes the changes instead.
//!
//! Layout: magic and version (8 bytes), SHA-256 of all that follows (32), number of changes (LEB128,
//! like all numbers here), their hashes (32 each, each after what it builds upon), then for each its
//! actor (16), last operation, number of dependencies and their positions, number of objects that it
//! made and for each its operation and depth, then what Automerge saved.

use std::collections::BTreeSet;

use automerge::Automerge;
use sha2::{Digest as _, Sha256};

use super::apart;
use super::assemble::{Checked, Start, revision};
use super::cursor::{Cursor, write_unsigned};
use super::graph::{Graph, Node};
use super::guard::contain;
use super::{ActorId, ChangeHash, Refusal};

const MAGIC: [u8; 8] = *b"kapdoc\x00\x01";

/// Most changes that stand outside a snapshot before a new one is offered.
const OUTSIDE_LIMIT: usize = 8;

/// Why a snapshot is of no use. The changes of the document still are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot of this version.
    #[error("these bytes are no snapshot that this version reads")]
    NotASnapshot,
    /// Its bytes have changed since it was made.
    #[error("the snapshot is damaged")]
    Damaged,
    /// It does not hold the document that it says it holds.
    #[error("the snapshot does not hold what it names")]
    Inconsistent,
}

impl From<Refusal> for SnapshotError {
    /// What [`Cursor`] says of a header that ends too early.
    fn from(_: Refusal) -> Self {
        SnapshotError::Inconsistent
    }
}

/// The bytes of snapshots, of which only this module knows the form.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot;

impl Snapshot {
    /// The changes inside a snapshot: a [`History`](super::History) with it needs only the others.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when it is of no use; it is then best thrown away.
    pub fn included(bytes: &[u8]) -> Result<BTreeSet<ChangeHash>, SnapshotError> {
        let mut cursor = open(bytes)?;
        Ok(hashes(&mut cursor)?.into_iter().collect())
    }
}

/// A snapshot of a document, if so many changes stand outside the last one that it is worth it.
pub(super) fn offer(checked: &Checked, graph: &Graph, outside: usize) -> Option<Vec<u8>> {
    if outside > OUTSIDE_LIMIT {
        write(checked, graph)
    } else {
        None
    }
}

/// A snapshot of a document.
pub(super) fn write(checked: &Checked, graph: &Graph) -> Option<Vec<u8>> {
    let nodes = graph.nodes();
    let mut content = Vec::new();
    write_unsigned(nodes.len() as u64, &mut content);
    for node in nodes {
        content.extend(node.hash.as_bytes());
    }
    for node in nodes {
        content.extend(node.actor.as_bytes());
        write_unsigned(node.last_op, &mut content);
        write_unsigned(node.deps.len() as u64, &mut content);
        for dep in &node.deps {
            write_unsigned(*dep as u64, &mut content);
        }
        write_unsigned(node.objects.len() as u64, &mut content);
        for (counter, depth) in &node.objects {
            write_unsigned(*counter, &mut content);
            write_unsigned(*depth as u64, &mut content);
        }
    }
    match &checked.saved {
        // The check of the changes outside has saved the document already.
        Some(saved) => content.extend(saved),
        None => content.extend(contain(|| checked.document.save_nocompress())?),
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend(Sha256::digest(&content));
    bytes.extend(content);
    Some(bytes)
}

/// The document inside a snapshot.
pub(super) fn read(bytes: &[u8]) -> Result<Start, SnapshotError> {
    let mut cursor = open(bytes)?;
    let mut graph = Graph::default();
    for (position, hash) in hashes(&mut cursor)?.into_iter().enumerate() {
        let actor = cursor.take(ActorId::LENGTH)?;
        let actor = ActorId::from_slice(actor).map_err(|_| SnapshotError::Inconsistent)?;
        let last_op = cursor.unsigned()?;
        let count = cursor.length()?;
        let deps = (0..count).map(|_| {
            let dep = cursor.unsigned()?;
            let dep = usize::try_from(dep).map_err(|_| SnapshotError::Inconsistent)?;
            (dep < position)
                .then_some(dep)
                .ok_or(SnapshotError::Inconsistent)
        });
        let deps = deps.collect::<Result<_, _>>()?;
        let count = cursor.length()?;
        let objects = (0..count).map(|_| {
            let (counter, depth) = (cursor.unsigned()?, cursor.unsigned()?);
            let depth = usize::try_from(depth).map_err(|_| SnapshotError::Inconsistent)?;
            Ok::<_, SnapshotError>((counter, depth))
        });
        let objects = objects.collect::<Result<_, _>>()?;
        graph.push(Node {
            hash,
            actor,
            last_op,
            deps,
            objects,
        });
    }
    let saved = cursor.take(cursor.remaining())?;
    let checked = contain(|| {
        // This hashes every change inside again, so the heads below vouch for all of them.
        let document = Automerge::load(saved).ok()?;
        if revision(&document) != graph.revision() {
            return None;
        }
        let projection = apart::read(&document, &graph, &graph.revision()).ok()?;
        Some(Checked {
            document,
            projection,
            saved: None,
        })
    });
    let checked = checked.flatten().ok_or(SnapshotError::Inconsistent)?;
    Ok(Start { checked, graph })
}

/// What stands behind the checksum, once that fits.
fn open(bytes: &[u8]) -> Result<Cursor<'_>, SnapshotError> {
    let content = bytes.strip_prefix(&MAGIC);
    let (digest, content) = content
        .and_then(|content| content.split_at_checked(32))
        .ok_or(SnapshotError::NotASnapshot)?;
    if *digest == *Sha256::digest(content) {
        Ok(Cursor::new(content))
    } else {
        Err(SnapshotError::Damaged)
    }
}

fn hashes(cursor: &mut Cursor<'_>) -> Result<Vec<ChangeHash>, SnapshotError> {
    let list = cursor.array32_list()?;
    Ok(list.into_iter().map(ChangeHash::new).collect())
}
