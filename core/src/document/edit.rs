//! Makes changes: the first of a document, and edits of it as somebody saw it.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable as _, Transaction};
use automerge::{
    Automerge, Change, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue, Value as Found,
};
use serde_json::{Map, Value};

use super::assemble::{Assembly, assemble};
use super::chunk::{CHANGE_LIMIT, SALT_LIMIT, claim_actor, inspect};
use super::diff::splices;
use super::guard::contain;
use super::project::{DEPTH_LIMIT, project};
use super::{ActorId, ChangeHash, DocumentError, Revision};
use crate::domain::Kind;

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
    kind: &Kind,
    content: &Map<String, Value>,
    actor: ActorId,
) -> Result<NewChange, DocumentError> {
    let target = with_standing_fields(kind, content)?;
    let raw = commit(Automerge::new(), &Map::new(), &target, kind, actor)?;
    finish(&[] as &[&[u8]], raw.ok_or(DocumentError::Failed)?)
}

/// Makes the change that turns the document, as it was at `base`, into `target`; `None` when they
/// are the same.
///
/// `changes` are all changes of the document, in any order. `base` is the revision that the person
/// had before them when they began: what others changed since then is merged, not overwritten. Only
/// fields that differ are written, so fields that this version does not know stay as they are if
/// `target` carries them along. A field missing in `target` is removed.
///
/// # Errors
///
/// [`DocumentError::UnknownRevision`] when `base` is not made of `changes`, and others when the
/// fields cannot be kept.
pub fn edit(
    kind: &Kind,
    changes: &[impl AsRef<[u8]>],
    base: &Revision,
    target: &Map<String, Value>,
    actor: ActorId,
) -> Result<Option<NewChange>, DocumentError> {
    let target = with_standing_fields(kind, target)?;
    let present = assemble(changes);
    let seen = as_it_was(present, base)?;
    let before = contain(|| project(&seen))
        .and_then(Result::ok)
        .ok_or(DocumentError::Failed)?;
    match commit(seen, &before, &target, kind, actor)? {
        Some(raw) => finish(changes, raw).map(Some),
        None => Ok(None),
    }
}

/// The document at an earlier revision.
fn as_it_was(present: Assembly<'_>, base: &Revision) -> Result<Automerge, DocumentError> {
    if base.is_empty() {
        return Err(DocumentError::UnknownRevision);
    }
    if present.revision() == *base {
        return Ok(present.document);
    }
    let by_hash: BTreeMap<_, _> = present.taken.iter().map(|c| (c.info.hash, c)).collect();
    let mut wanted: Vec<_> = base.heads().to_vec();
    let mut closure = BTreeSet::new();
    while let Some(hash) = wanted.pop() {
        if closure.insert(hash) {
            let candidate = by_hash.get(&hash).ok_or(DocumentError::UnknownRevision)?;
            wanted.extend(&candidate.info.deps);
        }
    }
    let earlier: Vec<&[u8]> = present
        .taken
        .iter()
        .filter(|candidate| closure.contains(&candidate.info.hash))
        .map(|candidate| candidate.raw)
        .collect();
    let earlier = assemble(&earlier);
    if earlier.revision() == *base {
        Ok(earlier.document)
    } else {
        Err(DocumentError::UnknownRevision)
    }
}

/// The new change beside all others, as every replica will see it.
fn finish(changes: &[impl AsRef<[u8]>], raw: Vec<u8>) -> Result<NewChange, DocumentError> {
    if raw.len() > CHANGE_LIMIT {
        return Err(DocumentError::TooLarge);
    }
    let info = inspect(&raw).map_err(|refusal| match refusal {
        super::Refusal::TooManyOperations => DocumentError::TooLarge,
        _ => DocumentError::Failed,
    })?;
    let all: Vec<&[u8]> = changes.iter().map(AsRef::as_ref).chain([&*raw]).collect();
    let merged = assemble(&all);
    if !merged
        .taken
        .iter()
        .any(|candidate| candidate.info.hash == info.hash)
    {
        return Err(DocumentError::Failed);
    }
    let revision = merged.revision();
    let projection = merged.projection;
    Ok(NewChange {
        hash: info.hash,
        deps: info.deps,
        projection,
        revision,
        raw,
    })
}

/// The fields with every standing text and map of the kind, if only empty: an object that two people
/// created apart would not merge but hide one of the two.
fn with_standing_fields(
    kind: &Kind,
    fields: &Map<String, Value>,
) -> Result<Map<String, Value>, DocumentError> {
    check_fields(fields, 0)?;
    let mut fields = fields.clone();
    for text in kind.text_fields() {
        fields
            .entry(*text)
            .or_insert_with(|| Value::String(String::new()));
    }
    for map in kind.map_fields() {
        fields
            .entry(*map)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    Ok(fields)
}

fn check_fields(fields: &Map<String, Value>, depth: usize) -> Result<(), DocumentError> {
    if fields.contains_key("") {
        return Err(DocumentError::NamelessField);
    }
    fields
        .values()
        .try_for_each(|value| check_value(value, depth))
}

fn check_value(value: &Value, depth: usize) -> Result<(), DocumentError> {
    if depth >= DEPTH_LIMIT {
        return Err(DocumentError::TooDeep);
    }
    match value {
        Value::Object(fields) => check_fields(fields, depth + 1),
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| check_value(item, depth + 1)),
        _ => Ok(()),
    }
}

/// Writes the difference into the document and returns the raw change, if there is a difference.
fn commit(
    mut document: Automerge,
    before: &Map<String, Value>,
    target: &Map<String, Value>,
    kind: &Kind,
    actor: ActorId,
) -> Result<Option<Vec<u8>>, DocumentError> {
    let raw = contain(move || {
        document.set_actor(automerge::ActorId::from([0_u8; ActorId::LENGTH]));
        let mut transaction = document.transaction();
        let mut writer = Writer {
            transaction: &mut transaction,
            texts: kind.text_fields(),
        };
        writer.fields(&ROOT, before, target)?;
        if transaction.pending_ops() == 0 {
            return Ok(None);
        }
        // The time field carries no time, which would tell when somebody's clock was wrong, but the
        // salt that makes this change's actor its own.
        let salt = actor.as_bytes().first_chunk().copied().unwrap_or_default();
        let salt = i64::from_be_bytes(salt) & SALT_LIMIT;
        transaction.commit_with(CommitOptions::default().with_time(salt));
        Ok(document.get_last_local_change())
    });
    let change: Option<Change> = raw
        .unwrap_or(Err(automerge::AutomergeError::Fail))
        .map_err(|_| DocumentError::Failed)?;
    let Some(change) = change else {
        return Ok(None);
    };
    if change.raw_bytes().len() > CHANGE_LIMIT {
        return Err(DocumentError::TooLarge);
    }
    claim_actor(change.raw_bytes())
        .map(Some)
        .map_err(|_| DocumentError::Failed)
}

type Outcome = Result<(), automerge::AutomergeError>;

struct Writer<'a, 'd> {
    transaction: &'a mut Transaction<'d>,
    /// Fields of the root that are long text.
    texts: &'static [&'static str],
}

impl Writer<'_, '_> {
    /// Turns the fields of a map from `before` into `target`.
    fn fields(
        &mut self,
        map: &ObjId,
        before: &Map<String, Value>,
        target: &Map<String, Value>,
    ) -> Outcome {
        let names: BTreeSet<&String> = before.keys().chain(target.keys()).collect();
        for name in names {
            match (before.get(name), target.get(name)) {
                (Some(_), None) => self.transaction.delete(map, name.as_str())?,
                (old, Some(new)) if old != Some(new) => self.field(map, name, old, new)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn field(&mut self, map: &ObjId, name: &str, old: Option<&Value>, new: &Value) -> Outcome {
        let existing = match self.transaction.get(map, name)? {
            Some((Found::Object(sort), id)) => Some((sort, id)),
            _ => None,
        };
        match (existing, old, new) {
            (Some((ObjType::Map, id)), Some(Value::Object(old)), Value::Object(new)) => {
                self.fields(&id, old, new)
            }
            (Some((ObjType::Text, id)), Some(Value::String(old)), Value::String(new)) => {
                self.text(&id, old, new)
            }
            (_, _, Value::String(new)) if *map == ROOT && self.texts.contains(&name) => {
                let id = self.transaction.put_object(map, name, ObjType::Text)?;
                self.text(&id, "", new)
            }
            (_, _, Value::Object(new)) => {
                let id = self.transaction.put_object(map, name, ObjType::Map)?;
                self.fields(&id, &Map::new(), new)
            }
            // Lists are replaced whole: nothing of ours is a list that two people edit.
            (_, _, Value::Array(items)) => {
                let id = self.transaction.put_object(map, name, ObjType::List)?;
                self.items(&id, items)
            }
            (_, _, new) => self.transaction.put(map, name, scalar(new)),
        }
    }

    fn items(&mut self, list: &ObjId, items: &[Value]) -> Outcome {
        for (position, item) in items.iter().enumerate() {
            match item {
                Value::Object(fields) => {
                    let id = self
                        .transaction
                        .insert_object(list, position, ObjType::Map)?;
                    self.fields(&id, &Map::new(), fields)?;
                }
                Value::Array(items) => {
                    let id = self
                        .transaction
                        .insert_object(list, position, ObjType::List)?;
                    self.items(&id, items)?;
                }
                item => self.transaction.insert(list, position, scalar(item))?,
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &ObjId, old: &str, new: &str) -> Outcome {
        for splice in splices(old, new) {
            let removed = splice.removed as isize;
            self.transaction
                .splice_text(text, splice.at, removed, &splice.inserted)?;
        }
        Ok(())
    }
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Bool(truth) => ScalarValue::Boolean(*truth),
        Value::String(text) => ScalarValue::Str(text.as_str().into()),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => ScalarValue::Int(number),
            (_, Some(number), _) => ScalarValue::Uint(number),
            (_, _, Some(number)) => ScalarValue::F64(number),
            _ => ScalarValue::Null,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => ScalarValue::Null,
    }
}
