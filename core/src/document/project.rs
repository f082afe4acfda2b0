//! Reads a whole document as plain JSON, without knowing its kind.

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValueRef, ValueRef};
use data_encoding::HEXLOWER;
use serde_json::{Map, Number, Value};

use super::Refusal;
use super::apart::retain_wordings;
use crate::domain::attachment::is_of_devices;

/// Deepest nesting of fields. Ours use two levels; recursion must end before the stack does.
pub(super) const DEPTH_LIMIT: usize = 16;

/// The fields of the document, in the order of their names at every level. Wordings of what is nobody's word, which earlier
/// versions wrote down, are none of them: whoever reads, copies or shares it must not carry keys along.
pub(super) fn project(document: &Automerge) -> Result<Map<String, Value>, Refusal> {
    let mut fields = map(document, &ROOT, 0)?;
    retain_wordings(&mut fields, |path| !is_of_devices(path));
    Ok(fields)
}

fn map(document: &Automerge, object: &ObjId, depth: usize) -> Result<Map<String, Value>, Refusal> {
    if depth > DEPTH_LIMIT {
        return Err(Refusal::TooDeep);
    }
    let mut fields = Vec::new();
    for item in document.map_range(object, ..) {
        let id = item.id();
        fields.push((
            item.key.into_owned(),
            value(document, item.value, &id, depth)?,
        ));
    }
    // Sorted here, because serde_json keeps insertion order once any crate asks it to.
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(fields.into_iter().collect())
}

fn list(document: &Automerge, object: &ObjId, depth: usize) -> Result<Vec<Value>, Refusal> {
    if depth > DEPTH_LIMIT {
        return Err(Refusal::TooDeep);
    }
    document
        .list_range(object, ..)
        .map(|item| {
            let id = item.id();
            value(document, item.value, &id, depth)
        })
        .collect()
}

fn value(
    document: &Automerge,
    value: ValueRef<'_>,
    id: &ObjId,
    depth: usize,
) -> Result<Value, Refusal> {
    let scalar = match value {
        ValueRef::Object(ObjType::Map | ObjType::Table) => {
            return map(document, id, depth + 1).map(Value::Object);
        }
        ValueRef::Object(ObjType::List) => {
            return list(document, id, depth + 1).map(Value::Array);
        }
        ValueRef::Object(ObjType::Text) => {
            return document
                .text(id)
                .map(Value::String)
                .map_err(|_| Refusal::Invalid);
        }
        ValueRef::Scalar(scalar) => scalar,
    };
    Ok(match scalar {
        ScalarValueRef::Str(text) => Value::String(text.into_owned()),
        ScalarValueRef::Int(number)
        | ScalarValueRef::Counter(number)
        | ScalarValueRef::Timestamp(number) => Value::from(number),
        ScalarValueRef::Uint(number) => Value::from(number),
        ScalarValueRef::F64(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        ScalarValueRef::Boolean(truth) => Value::Bool(truth),
        // We write none of these. They stay in the document as they are; here they only need a form.
        ScalarValueRef::Bytes(bytes) => Value::String(HEXLOWER.encode(&bytes)),
        ScalarValueRef::Unknown { .. } | ScalarValueRef::Null => Value::Null,
    })
}
