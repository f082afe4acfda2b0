//! What a document says whose newest changes do not know of each other.
//!
//! Automerge decides what it holds; what people read is decided here, from what each of the newest
//! changes says and from what all of them were made of: texts as `merge` makes one of them, of values
//! Automerge's choice. What was rewritten in two places differently is named in the field `apart`, with
//! all wordings, until somebody writes that field again. A document with one newest change says what it
//! holds.

mod devices;
mod since;
mod wordings;

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    Automerge, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValueRef, Value as Found, ValueRef,
};
use serde_json::{Map, Value};

use super::graph::Graph;
use super::merge::{Letter, LetterId, Order, Version, merge};
use super::project::{DEPTH_LIMIT, project};
use super::{ChangeHash, Refusal, Revision};
use crate::domain::attachment::is_of_devices;
use crate::domain::{BESIDE_CONTENT, settled};
use since::{Budget, Read};
use wordings::Wordings;
pub(crate) use wordings::{at_path, retain_wordings, wordings_in};

/// The field that names what was rewritten apart: paths of fields, and their wordings.
pub(crate) const APART: &str = "apart";

/// Who may see something: no wording, and settled between two who shared it differently.
const VISIBILITY: &str = "visibility";
/// More newest changes than people make apart. Of a document with more, Automerge alone decides.
const HEADS_LIMIT: usize = 8;
/// Most wordings of one field that are kept.
const WORDINGS_LIMIT: usize = 16;
/// The most that they may take together, in bytes, as long as there are more than two.
const WORDINGS_SIZE: usize = 300_000;

/// The fields of a document at a revision that is made of what is in `graph`, as people read them.
/// `document` stands at that revision.
pub(super) fn read(
    document: &Automerge,
    graph: &Graph,
    revision: &Revision,
) -> Result<Map<String, Value>, Refusal> {
    read_over(document, graph, revision, project(document)?)
}

/// The same, where the fields that the document holds are known.
pub(super) fn read_over(
    document: &Automerge,
    graph: &Graph,
    revision: &Revision,
    held: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    read_within(document, graph, revision, held, &mut Budget::new())
}

fn read_within(
    document: &Automerge,
    graph: &Graph,
    revision: &Revision,
    held: Map<String, Value>,
    budget: &mut Budget,
) -> Result<Map<String, Value>, Refusal> {
    let heads = revision.heads();
    if !(2..=HEADS_LIMIT).contains(&heads.len()) {
        return Ok(held);
    }
    let mut reading = Reading {
        document,
        graph,
        heads: heads.iter().map(|head| automerge_heads([head])).collect(),
        known_to: graph.known_to(heads),
        carried: Vec::new(),
        read: Read::new(),
        budget,
        apart: Wordings::new(),
    };
    reading.carried = (reading.heads.iter())
        .map(|head| reading.wordings_at(head))
        .collect::<Result<_, _>>()?;
    reading.apart = reading.not_chosen_from()?;
    let mut fields = held;
    fields.remove(APART);
    reading.map(&ROOT, &mut fields, "", 0)?;
    if !reading.apart.is_empty() {
        let apart = reading.apart.into_iter();
        let apart = apart.map(|(path, wordings)| (path, Value::from(wordings)));
        fields.insert(APART.to_owned(), Value::Object(apart.collect()));
    }
    Ok(fields)
}

fn automerge_heads<'a>(
    heads: impl IntoIterator<Item = &'a ChangeHash>,
) -> Vec<automerge::ChangeHash> {
    let heads = heads.into_iter();
    heads
        .map(|head| automerge::ChangeHash(*head.as_bytes()))
        .collect()
}

struct Reading<'a> {
    document: &'a Automerge,
    graph: &'a Graph,
    /// Each of the newest changes.
    heads: Vec<Vec<automerge::ChangeHash>>,
    /// Which of them know each change, a bit for each.
    known_to: Vec<u64>,
    /// The earlier rewrites that each of them carries along.
    carried: Vec<Wordings>,
    /// What people read where two of them part, as far as that was asked.
    read: Read,
    budget: &'a mut Budget,
    apart: Wordings,
}

/// What a name holds at one of the newest changes.
#[derive(PartialEq)]
enum Holding {
    Nothing,
    Scalar(Value),
    /// What is merged inside, or replaced whole.
    Other,
}

impl Reading<'_> {
    /// Earlier rewrites that the newest changes carry along: but for those that one of them chose from.
    fn not_chosen_from(&mut self) -> Result<Wordings, Refusal> {
        let chosen = self.chosen()?;
        let mut all = Wordings::new();
        for (path, wordings) in self.carried.iter().flatten() {
            add(all.entry(path.clone()).or_default(), wordings.clone());
        }
        all.retain(|path, _| !chosen.contains(path));
        Ok(all)
    }

    fn wordings_at(&self, at: &[automerge::ChangeHash]) -> Result<Wordings, Refusal> {
        let mut found = Wordings::new();
        if at.is_empty() {
            return Ok(found);
        }
        let apart = self.document.get_at(&ROOT, APART, at);
        let Some((Found::Object(ObjType::Map), apart)) = apart.map_err(|_| Refusal::Invalid)?
        else {
            return Ok(found);
        };
        for item in self.document.map_range_at(&apart, .., at) {
            let ValueRef::Object(ObjType::List) = item.value else {
                continue;
            };
            if is_of_devices(&item.key) {
                continue;
            }
            let wordings = self.document.list_range_at(item.id(), .., at);
            let wordings = wordings.filter_map(|item| match item.value {
                ValueRef::Scalar(ScalarValueRef::Str(text)) => Some(text.into_owned()),
                _ => None,
            });
            found.insert(item.key.to_string(), wordings.collect());
        }
        Ok(found)
    }

    fn map(
        &mut self,
        object: &ObjId,
        fields: &mut Map<String, Value>,
        path: &str,
        depth: usize,
    ) -> Result<(), Refusal> {
        if depth > DEPTH_LIMIT {
            return Err(Refusal::TooDeep);
        }
        let mut is_attachment = false;
        for (name, shown) in fields.iter_mut() {
            let is_beside = depth == 0 && BESIDE_CONTENT.contains(&name.as_str());
            let here = self.document.get(object, name.as_str());
            let here = here.map_err(|_| Refusal::Invalid)?;
            let path = format!("{path}{name}");
            match (here, &mut *shown) {
                (Some((Found::Scalar(_), _)), value) if is_beside && name == VISIBILITY => {
                    let given = self.given(object, name, &path)?;
                    settle(&path, value, &given);
                }
                _ if is_beside => {}
                _ if is_of_devices(&path) => is_attachment = true,
                (Some((Found::Object(ObjType::Map), inside)), Value::Object(fields)) => {
                    self.map(&inside, fields, &format!("{path}."), depth + 1)?;
                }
                (Some((Found::Object(ObjType::Text), _)), Value::String(text)) => {
                    self.text(object, name, text, &path)?;
                }
                (Some((Found::Scalar(_), _)), value) => self.scalar(object, name, value, &path)?,
                _ => {}
            }
        }
        match is_attachment {
            true => self.given_by_devices(object, path, fields),
            false => Ok(()),
        }
    }

    fn text(
        &mut self,
        object: &ObjId,
        name: &str,
        shown: &mut String,
        path: &str,
    ) -> Result<(), Refusal> {
        let held = self.document.get_heads();
        let held = self.letters(object, name, &held)?.unwrap_or_default();
        let ids = held.iter().filter_map(|letter| letter.id);
        let order: Order = ids.zip(0..).collect();
        let mut merged: Option<(u64, Version)> = None;
        let at_heads = self.heads.iter().map(|at| self.letters(object, name, at));
        let mut at_heads = at_heads.collect::<Result<Vec<_>, _>>()?;
        for head in self.that_wrote(object, name, path, &at_heads)? {
            let Some(letters) = at_heads.get_mut(head).and_then(Option::take) else {
                continue;
            };
            let (bit, version) = (1_u64 << head, Version::of(letters));
            merged = Some(match merged {
                None => (bit, version),
                Some((bits, before)) => {
                    // Of what both know they were made.
                    let stood_apart = self.where_they_part(bits, bit)?.apart.contains_key(path);
                    let origin = automerge_heads(self.shared_by(bits, bit).heads());
                    // An empty text of a frame is none that somebody left empty: what two people say upon it is
                    // two whole texts, and not two additions to one. So is what two made of several wordings.
                    let origin = match stood_apart || self.says_nothing(&ROOT, &origin, 0)? {
                        true => None,
                        false => self.letters(object, name, &origin)?,
                    };
                    (
                        bits | bit,
                        merge(origin.as_deref(), before, version, &order),
                    )
                }
            });
        }
        if let Some((_, merged)) = merged {
            *shown = merged.text();
            self.note(path, merged.rivals.into_iter().collect());
        }
        Ok(())
    }

    /// Whether nothing is said in an object at a point: of a whole document, whether it is but its frame.
    fn says_nothing(
        &self,
        object: &ObjId,
        at: &[automerge::ChangeHash],
        depth: usize,
    ) -> Result<bool, Refusal> {
        if at.is_empty() {
            return Ok(true);
        }
        if depth > DEPTH_LIMIT {
            return Err(Refusal::TooDeep);
        }
        for item in self.document.map_range_at(object, .., at) {
            let is_empty = match item.value {
                ValueRef::Object(ObjType::Text) => self.document.length_at(item.id(), at) == 0,
                ValueRef::Object(ObjType::Map) => self.says_nothing(&item.id(), at, depth + 1)?,
                ValueRef::Object(_) | ValueRef::Scalar(_) => false,
            };
            if !is_empty {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The letters of a text at a point; `None` where there is no such text.
    fn letters(
        &self,
        object: &ObjId,
        name: &str,
        at: &[automerge::ChangeHash],
    ) -> Result<Option<Vec<Letter>>, Refusal> {
        if at.is_empty() {
            return Ok(None);
        }
        let found = self.document.get_at(object, name, at);
        let Some((Found::Object(ObjType::Text), text)) = found.map_err(|_| Refusal::Invalid)?
        else {
            return Ok(None);
        };
        let mut changes = BTreeMap::new();
        let mut letters = Vec::new();
        for item in self.document.list_range_at(&text, .., at) {
            let ValueRef::Scalar(ScalarValueRef::Str(text)) = &item.value else {
                continue;
            };
            let ObjId::Id(counter, actor, index) = item.id() else {
                return Err(Refusal::Invalid);
            };
            let change = *changes.entry(index).or_insert_with(|| {
                let actor = super::ActorId::from_slice(actor.to_bytes()).ok();
                actor.and_then(|actor| self.graph.position_of(&actor))
            });
            let change = change.ok_or(Refusal::Invalid)?;
            let id = Some(LetterId { change, counter });
            letters.extend(text.chars().map(|letter| Letter { id, letter }));
        }
        Ok(Some(letters))
    }

    /// A value of which one won: where the newest changes gave it others, each of them counts, unless nobody has to
    /// choose between them.
    fn scalar(
        &mut self,
        object: &ObjId,
        name: &str,
        shown: &mut Value,
        path: &str,
    ) -> Result<(), Refusal> {
        let given = self.given(object, name, path)?;
        if settle(path, shown, &given) {
            return Ok(());
        }
        let given: BTreeSet<String> = given.iter().map(written).collect();
        let won = written(shown);
        if given.len() > 1 && given.contains(&won) {
            self.note(path, given.into_iter().collect());
        }
        Ok(())
    }

    /// The values that the newest changes gave a field, as far as they count; null for none.
    fn given(&mut self, object: &ObjId, name: &str, path: &str) -> Result<Vec<Value>, Refusal> {
        let mut given = Vec::new();
        for head in self.that_gave(object, name, path)? {
            let Some(at) = self.heads.get(head) else {
                continue;
            };
            let value = match self.holding(object, name, at)? {
                Holding::Scalar(value) => value,
                Holding::Nothing => Value::Null,
                Holding::Other => continue,
            };
            if !given.contains(&value) {
                given.push(value);
            }
        }
        Ok(given)
    }

    fn holding(
        &self,
        object: &ObjId,
        name: &str,
        at: &[automerge::ChangeHash],
    ) -> Result<Holding, Refusal> {
        let found = self.document.get_at(object, name, at);
        Ok(match found.map_err(|_| Refusal::Invalid)? {
            None => Holding::Nothing,
            Some((Found::Object(_), _)) => Holding::Other,
            Some((Found::Scalar(scalar), _)) => Holding::Scalar(match scalar.as_ref() {
                automerge::ScalarValue::Str(text) => Value::String(text.to_string()),
                automerge::ScalarValue::Int(number) => Value::from(*number),
                automerge::ScalarValue::Uint(number) => Value::from(*number),
                automerge::ScalarValue::F64(number) => Value::from(*number),
                automerge::ScalarValue::Boolean(truth) => Value::Bool(*truth),
                // None of ours, and nothing that a person wrote.
                _ => return Ok(Holding::Other),
            }),
        })
    }

    fn note(&mut self, path: &str, wordings: Vec<String>) {
        if wordings.is_empty() {
            return;
        }
        add(self.apart.entry(path.to_owned()).or_default(), wordings);
    }
}

/// Lets a field say what stands of the values that were given to it, where nobody has to choose. Says whether it does.
fn settle(path: &str, shown: &mut Value, given: &[Value]) -> bool {
    if given.len() < 2 {
        return false;
    }
    let settled = settled(path, shown, given);
    let is_settled = settled.is_some();
    if let Some(value) = settled {
        *shown = value;
    }
    is_settled
}

/// Adds wordings, each once. Of very many the last ones stay.
fn add(all: &mut Vec<String>, wordings: Vec<String>) {
    for wording in wordings {
        if !all.contains(&wording) {
            all.push(wording);
        }
    }
    let size = |all: &[String]| all.iter().map(String::len).sum::<usize>();
    while all.len() > WORDINGS_LIMIT || all.len() > 2 && size(all) > WORDINGS_SIZE {
        all.remove(0);
    }
}

/// A value as a person would read it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
