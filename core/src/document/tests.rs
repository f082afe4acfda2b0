//! What must hold of documents as a whole.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod choosing;
mod convergence;
mod devices;
mod fixture;
mod hostile;
mod merging;
mod mutation;
mod ordered;
mod paper;
mod snapshot;

use serde_json::{Map, Value, json};

use super::{ActorId, History, Materialized, NewChange, Revision, create, edit, materialize};
use crate::domain::{Content as _, Entry, Field, Shape};

/// An entry as the fixtures and vectors here have it. They are about how documents are written and merge, byte by
/// byte: a field more of that kind is none of it.
const ENTRY: Shape = Shape::new(&[
    Field::value("title"),
    Field::text("body"),
    Field::value("kind"),
    Field::value("mood"),
    Field::value("session"),
    Field::set("tags"),
    Field::value("visibility"),
    Field::value("at"),
]);

fn actor(n: u64) -> ActorId {
    ActorId::from_slice(&[n.to_be_bytes(), n.to_be_bytes()].concat()).unwrap()
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("{other} is no set of fields"),
    }
}

fn entry(body: &str) -> Map<String, Value> {
    fields(json!({
        "title": "The lake",
        "body": body,
        "kind": "reflection",
        "mood": 4,
        "tags": {"water": true},
        "visibility": "only_me",
        "at": "2026-11-23T21:18:33.123+01:00",
    }))
}

/// An entry and the replica of one phone that holds it.
struct Replica {
    changes: Vec<Vec<u8>>,
    next_actor: u64,
}

impl Replica {
    fn with_entry(body: &str) -> Self {
        let first = create(&ENTRY, &entry(body), actor(1)).unwrap();
        Self {
            changes: vec![first.raw],
            next_actor: 100,
        }
    }

    fn copy(&self, next_actor: u64) -> Self {
        Self {
            changes: self.changes.clone(),
            next_actor,
        }
    }

    fn shows(&self) -> Materialized {
        materialize(&self.changes)
    }

    fn revision(&self) -> Revision {
        self.shows().revision
    }

    fn field(&self, name: &str) -> Value {
        self.shows().projection[name].clone()
    }

    /// Edits what the replica shows now.
    fn edit(&mut self, change: impl FnOnce(&mut Map<String, Value>)) -> Option<NewChange> {
        let seen = self.shows();
        self.edit_at(&seen, change)
    }

    /// Edits what was seen earlier.
    fn edit_at(
        &mut self,
        seen: &Materialized,
        change: impl FnOnce(&mut Map<String, Value>),
    ) -> Option<NewChange> {
        let mut target = seen.projection.clone();
        change(&mut target);
        self.next_actor += 1;
        let made = edit(
            &ENTRY,
            History::of(&self.changes),
            &seen.revision,
            &target,
            actor(self.next_actor),
        );
        let made = made.unwrap();
        self.changes
            .extend(made.iter().map(|made| made.raw.clone()));
        made
    }

    fn receive(&mut self, other: &Replica) {
        for change in &other.changes {
            if !self.changes.contains(change) {
                self.changes.push(change.clone());
            }
        }
    }
}

fn set(name: &str, value: Value) -> impl FnOnce(&mut Map<String, Value>) {
    move |fields| {
        fields.insert(name.to_owned(), value);
    }
}
