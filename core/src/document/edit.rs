//! Makes changes: the first of a document, and edits of it as somebody saw it.

use automerge::transaction::CommitOptions;
use automerge::{Automerge, AutomergeError, Change, ROOT};
use serde_json::{Map, Value};

use super::apart;
use super::assemble::{Assembly, Checked, Start, assemble, extended, revision};
use super::chunk::{CHANGE_LIMIT, ChunkInfo, SALT_LIMIT, claim_actor, inspect};
use super::graph::Graph;
use super::guard::contain;
use super::open::OpenDocument;
use super::project::project;
use super::write::{Names, Writer, check_fields, with_standing_fields};
use super::{ActorId, ChangeHash, DocumentError, History, Refusal, Revision};
use crate::domain::Shape;

/// A change of one's own, ready to be stored and sent.
#[derive(Clone, Debug, PartialEq)]
pub struct NewChange {
    /// The change as it is stored and sent.
    pub raw: Vec<u8>,
    /// Its name.
    pub hash: ChangeHash,
    /// What it builds upon.
    pub deps: Vec<ChangeHash>,
    /// The fields of the document with this change and all others that were given.
    pub projection: Map<String, Value>,
    /// The revision that has those fields.
    pub revision: Revision,
    /// A snapshot worth keeping, in place of the one before. This change is not inside it.
    pub snapshot: Option<Vec<u8>>,
}

/// Makes the first change of a new document with these fields.
///
/// The actor must be fresh: two changes made with the same actor and content are one change. The
/// actor that the change carries is derived from it and from the content.
///
/// # Errors
///
/// [`DocumentError`] when the fields cannot be kept.
pub fn create(
    shape: &Shape,
    content: &Map<String, Value>,
    actor: ActorId,
) -> Result<NewChange, DocumentError> {
    check_fields(content, 0)?;
    let target = with_standing_fields(content, shape.fields);
    let nothing = Map::new();
    let shown = Shown {
        fields: &nothing,
        is_held: true,
    };
    let made = commit(Automerge::new(), shown, &target, shape, actor)?;
    let made = made.ok_or(DocumentError::Failed)?;
    if made.projection == target {
        return made.alone(&Graph::default(), None);
    }
    made.merged(&Start::default().checked, &Graph::default(), None)
}

/// Makes the change that turns the document, as it was at `base`, into `target`; `None` when they
/// are the same.
///
/// `history` is all of the document, in any order. `base` is the revision that the person had before
/// them when they began: what others changed since then is merged, not overwritten. Only fields that
/// differ are written, so fields that this version does not know stay as they are if `target`
/// carries them along. A field missing in `target` is removed.
///
/// # Errors
///
/// [`DocumentError::UnknownRevision`] when `base` is not made of `history`,
/// [`DocumentError::Snapshot`] when its snapshot is of no use, and others when the fields cannot be
/// kept.
pub fn edit<C: AsRef<[u8]>>(
    shape: &Shape,
    history: History<'_, C>,
    base: &Revision,
    target: &Map<String, Value>,
    actor: ActorId,
) -> Result<Option<NewChange>, DocumentError> {
    let open = OpenDocument::of(history)?;
    let contains = |head| open.graph.contains(head);
    if base.is_empty() || !base.heads().iter().all(contains) {
        return Err(DocumentError::UnknownRevision);
    }
    if open.revision() == *base {
        return open.edit(shape, target, actor);
    }
    check_fields(target, 0)?;
    let target = with_standing_fields(target, shape.fields);
    let (seen, before) = as_it_was(&open.checked.document, &open.graph, base)?;
    let shown = Shown {
        fields: &before,
        is_held: base.heads().len() < 2,
    };
    let made = commit(seen, shown, &target, shape, actor)?;
    let offered = open.offered();
    let merged = made.map(|made| made.merged(&open.checked, &open.graph, offered));
    merged.transpose()
}

/// The fields of a document as they were at an earlier revision.
///
/// # Errors
///
/// [`DocumentError::UnknownRevision`] when `base` is not made of `history`, and
/// [`DocumentError::Snapshot`] when its snapshot is of no use.
pub fn fields_at<C: AsRef<[u8]>>(
    history: History<'_, C>,
    base: &Revision,
) -> Result<Map<String, Value>, DocumentError> {
    let Assembly { checked, graph, .. } =
        assemble(history.start()?, history.changes, history.made_by);
    if base.is_empty() || !base.heads().iter().all(|head| graph.contains(head)) {
        return Err(DocumentError::UnknownRevision);
    }
    if graph.revision() == *base {
        return Ok(checked.projection);
    }
    as_it_was(&checked.document, &graph, base).map(|(_, fields)| fields)
}

/// The document at an earlier revision, and its fields then as people read them.
fn as_it_was(
    document: &Automerge,
    graph: &Graph,
    base: &Revision,
) -> Result<(Automerge, Map<String, Value>), DocumentError> {
    let heads = base.heads().iter();
    let heads: Vec<_> = heads
        .map(|head| automerge::ChangeHash(*head.as_bytes()))
        .collect();
    let earlier = contain(|| {
        let earlier = document.fork_at(&heads).ok()?;
        let fields = apart::read(&earlier, graph, base).ok()?;
        Some((earlier, fields))
    });
    let (earlier, fields) = earlier.flatten().ok_or(DocumentError::Failed)?;
    if revision(&earlier) == *base {
        Ok((earlier, fields))
    } else {
        Err(DocumentError::UnknownRevision)
    }
}

/// A change that was just written.
pub(super) struct Written {
    raw: Vec<u8>,
    info: ChunkInfo,
    /// The fields of the document that it was written into.
    pub(super) projection: Map<String, Value>,
}

impl Written {
    /// The change on top of everything, where nothing was written apart from it. What Automerge has
    /// in memory is then what every replica will read, so nothing is built a second time.
    pub(super) fn alone(
        self,
        graph: &Graph,
        snapshot: Option<Vec<u8>>,
    ) -> Result<NewChange, DocumentError> {
        graph.check(&self.info).map_err(|_| DocumentError::Failed)?;
        Ok(NewChange {
            revision: Revision::new([self.info.hash]),
            hash: self.info.hash,
            deps: self.info.deps,
            projection: self.projection,
            raw: self.raw,
            snapshot,
        })
    }

    /// The change beside what others wrote, as every replica will read it.
    pub(super) fn merged(
        self,
        present: &Checked,
        graph: &Graph,
        snapshot: Option<Vec<u8>>,
    ) -> Result<NewChange, DocumentError> {
        let merged = extended(present, graph, &self.info, &self.raw);
        let (checked, graph) = merged.map_err(|_| DocumentError::Failed)?;
        Ok(NewChange {
            revision: graph.revision(),
            hash: self.info.hash,
            deps: self.info.deps,
            projection: checked.projection,
            raw: self.raw,
            snapshot,
        })
    }
}

/// The fields of a document as people read them.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) fields: &'a Map<String, Value>,
    /// Whether the document holds just these. Where its newest changes do not know of each other, what
    /// people read was made of them, and is written down with the next edit.
    pub(super) is_held: bool,
}

/// Writes the difference into the document, if there is a difference.
pub(super) fn commit(
    mut document: Automerge,
    shown: Shown<'_>,
    target: &Map<String, Value>,
    shape: &Shape,
    actor: ActorId,
) -> Result<Option<Written>, DocumentError> {
    if !shown.is_held && shown.fields == target {
        return Ok(None);
    }
    let made = contain(move || {
        let held = match shown.is_held {
            true => None,
            false => Some(project(&document).map_err(|_| AutomergeError::Fail)?),
        };
        document.set_actor(automerge::ActorId::from([0_u8; ActorId::LENGTH]));
        let mut transaction = document.transaction();
        let names = Names::Fields(shape.fields);
        let mut writer = Writer(&mut transaction);
        if let Some(held) = &held {
            writer.fields(&ROOT, held, shown.fields, names)?;
        }
        writer.fields(&ROOT, shown.fields, target, names)?;
        if automerge::transaction::Transactable::pending_ops(&transaction) == 0 {
            return Ok(None);
        }
        // The time field carries no time, which would tell when somebody's clock was wrong, but the
        // salt that makes this change's actor its own.
        let salt = actor.as_bytes().first_chunk().copied().unwrap_or_default();
        let salt = i64::from_be_bytes(salt) & SALT_LIMIT;
        transaction.commit_with(CommitOptions::default().with_time(salt));
        let change = document
            .get_last_local_change()
            .ok_or(AutomergeError::Fail)?;
        Ok(Some((change, document)))
    });
    let made: Option<(Change, Automerge)> = made
        .unwrap_or(Err(AutomergeError::Fail))
        .map_err(|_| DocumentError::Failed)?;
    let Some((change, document)) = made else {
        return Ok(None);
    };
    if change.raw_bytes().len() > CHANGE_LIMIT {
        return Err(DocumentError::TooLarge);
    }
    let raw = claim_actor(change.raw_bytes()).map_err(|_| DocumentError::Failed)?;
    let info = inspect(&raw).map_err(|refusal| match refusal {
        Refusal::TooManyOperations | Refusal::TooLarge => DocumentError::TooLarge,
        _ => DocumentError::Failed,
    })?;
    let projection = contain(|| project(&document))
        .and_then(Result::ok)
        .ok_or(DocumentError::Failed)?;
    Ok(Some(Written {
        raw,
        info,
        projection,
    }))
}
