//! A document that two replicas may begin apart and fill with different words, as the shared copy of
//! something private.
//!
//! Of two objects that Automerge was given apart under one name it shows one, with all that is in it, and
//! hides the other. So the objects that both would make come first, in changes that are the same byte for
//! byte wherever they are made: one with the standing texts and maps of the kind, and upon it one for each
//! item of a list, since the two may not have the same items. What is said comes upon these, and merges as
//! any two edits; but of two texts each is a whole one, since what they were made of does not travel with a
//! copy (`apart`).

use serde_json::{Map, Value};

use super::edit::{NewChange, create, edit};
use super::write::check_fields;
use super::{ActorId, DocumentError, History, Revision};
use crate::domain::Shape;

/// Makes a new document with these fields: the changes that are its frame, each before what builds upon it,
/// and the change upon them that holds what it says. For the same actor and fields all are the same, and for
/// other fields the frame merges.
///
/// # Errors
///
/// As [`create`].
pub fn create_framed(
    shape: &Shape,
    content: &Map<String, Value>,
    actor: ActorId,
) -> Result<(Vec<NewChange>, NewChange), DocumentError> {
    check_fields(content, 0)?;
    if !shape.fields.iter().any(|field| field.merge.is_inside()) {
        return Ok((Vec::new(), create(shape, content, actor)?));
    }
    let first = create(shape, &Map::new(), actor)?;
    let root = [first.raw.clone()];
    let mut frame = Vec::new();
    for field in shape.fields {
        let Some(Value::Object(items)) = content.get(field.name) else {
            continue;
        };
        let items = items.iter().filter(|(_, value)| value.is_object());
        for (id, _) in items.filter(|_| field.merge.is_inside()) {
            let mut target = first.projection.clone();
            let item = Map::from_iter([(id.clone(), Value::Object(Map::new()))]);
            target.insert(field.name.to_owned(), Value::Object(item));
            let history = History::of(&root);
            frame.extend(edit(shape, history, &first.revision, &target, actor)?);
        }
    }
    let base: Revision = match frame.is_empty() {
        true => first.revision.clone(),
        false => frame.iter().map(|change| change.hash).collect(),
    };
    frame.insert(0, first);
    let all: Vec<&[u8]> = frame.iter().map(|change| &*change.raw).collect();
    let said = edit(shape, History::of(&all), &base, content, actor)?;
    Ok((frame, said.ok_or(DocumentError::Failed)?))
}

/// Whether fields are those of a frame alone: nothing is said in them yet.
pub(crate) fn is_frame(fields: &Map<String, Value>) -> bool {
    fn holds_nothing(value: &Value) -> bool {
        match value {
            Value::String(text) => text.is_empty(),
            Value::Object(fields) => fields.values().all(holds_nothing),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
        }
    }
    !fields.is_empty() && fields.values().all(holds_nothing)
}
