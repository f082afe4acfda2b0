//! Writes the difference between two sets of fields into a document, as a kind's shape says.

use std::collections::BTreeSet;

use automerge::transaction::{Transactable as _, Transaction};
use automerge::{AutomergeError, ObjId, ObjType, ReadDoc as _, ScalarValue, Value as Found};
use serde_json::{Map, Value};

use super::DocumentError;
use super::diff::splices;
use super::project::DEPTH_LIMIT;
use crate::domain::{Field, Merge};

/// What is declared of the names in a map.
#[derive(Clone, Copy)]
pub(super) enum Names {
    /// Each name is one of these fields, or of a newer version.
    Fields(&'static [Field]),
    /// Each name is the id of an item with these fields.
    Items(&'static [Field]),
}

/// What is declared of one name.
#[derive(Clone, Copy)]
enum Declared {
    Field(Merge),
    Item(&'static [Field]),
}

impl Names {
    fn of(self, name: &str) -> Declared {
        match self {
            Names::Items(fields) => Declared::Item(fields),
            Names::Fields(fields) => {
                let field = fields.iter().find(|field| field.name == name);
                Declared::Field(field.map_or(Merge::Value, |field| field.merge))
            }
        }
    }
}

impl Declared {
    /// What is declared of the names inside.
    fn inside(self) -> Names {
        match self {
            Declared::Item(fields) => Names::Fields(fields),
            Declared::Field(Merge::Ordered(item)) => Names::Items(item),
            Declared::Field(_) => Names::Fields(&[]),
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Declared::Field(Merge::Text))
    }
}

/// The fields with every standing text and map, if only empty: an object that two people created
/// apart would not merge but hide one of the two. The same for each item of a list.
pub(super) fn with_standing_fields(
    fields: &Map<String, Value>,
    declared: &[Field],
) -> Map<String, Value> {
    let mut fields = fields.clone();
    for field in declared {
        let standing = match field.merge {
            Merge::Value => continue,
            Merge::Text => Value::String(String::new()),
            Merge::Set | Merge::Map | Merge::Ordered(_) => Value::Object(Map::new()),
        };
        let value = fields.entry(field.name).or_insert(standing);
        if let (Merge::Ordered(item), Value::Object(items)) = (field.merge, value) {
            for value in items.values_mut() {
                if let Value::Object(fields) = value {
                    *fields = with_standing_fields(fields, item);
                }
            }
        }
    }
    fields
}

/// Refuses fields that no document can hold.
pub(super) fn check_fields(fields: &Map<String, Value>, depth: usize) -> Result<(), DocumentError> {
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

type Outcome = Result<(), AutomergeError>;

/// Puts fields into an open transaction.
pub(super) struct Writer<'a, 'd>(pub(super) &'a mut Transaction<'d>);

impl Writer<'_, '_> {
    /// Turns the fields of a map from `before` into `target`.
    pub(super) fn fields(
        &mut self,
        map: &ObjId,
        before: &Map<String, Value>,
        target: &Map<String, Value>,
        names: Names,
    ) -> Outcome {
        let either: BTreeSet<&String> = before.keys().chain(target.keys()).collect();
        for name in either {
            match (before.get(name), target.get(name)) {
                (Some(_), None) => self.0.delete(map, name.as_str())?,
                (old, Some(new)) if old != Some(new) => {
                    self.field(map, name, old, new, names.of(name))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        map: &ObjId,
        name: &str,
        old: Option<&Value>,
        new: &Value,
        declared: Declared,
    ) -> Outcome {
        let inside = declared.inside();
        // What was not there needs no look: on a new document that is most of the work.
        let existing = match old.map(|_| self.0.get(map, name)).transpose()?.flatten() {
            Some((Found::Object(sort), id)) => Some((sort, id)),
            _ => None,
        };
        match (existing, old, new) {
            (Some((ObjType::Map, id)), Some(Value::Object(old)), Value::Object(new)) => {
                self.fields(&id, old, new, inside)
            }
            (Some((ObjType::Text, id)), Some(Value::String(old)), Value::String(new)) => {
                self.text(&id, old, new)
            }
            (_, _, Value::String(new)) if declared.is_text() => {
                let id = self.0.put_object(map, name, ObjType::Text)?;
                self.text(&id, "", new)
            }
            (_, _, Value::Object(new)) => {
                let id = self.0.put_object(map, name, ObjType::Map)?;
                self.fields(&id, &Map::new(), new, inside)
            }
            // Lists are replaced whole: a list that two people edit is an `Ordered`, a map.
            (_, _, Value::Array(items)) => {
                let id = self.0.put_object(map, name, ObjType::List)?;
                self.items(&id, items)
            }
            (_, _, new) => self.0.put(map, name, scalar(new)),
        }
    }

    fn items(&mut self, list: &ObjId, items: &[Value]) -> Outcome {
        for (position, item) in items.iter().enumerate() {
            match item {
                Value::Object(fields) => {
                    let id = self.0.insert_object(list, position, ObjType::Map)?;
                    self.fields(&id, &Map::new(), fields, Names::Fields(&[]))?;
                }
                Value::Array(items) => {
                    let id = self.0.insert_object(list, position, ObjType::List)?;
                    self.items(&id, items)?;
                }
                item => self.0.insert(list, position, scalar(item))?,
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &ObjId, old: &str, new: &str) -> Outcome {
        if old.is_empty() {
            return match new {
                "" => Ok(()),
                new => self.0.splice_text(text, 0, 0, new),
            };
        }
        for splice in splices(old, new) {
            let removed = splice.removed as isize;
            self.0
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
