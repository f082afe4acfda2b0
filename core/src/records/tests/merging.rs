//! Every declared field, changed apart on three replicas, merges as its kind declares, in every order
//! of arrival.

use serde_json::{Value, json};

use crate::document::{self, ActorId};
use crate::domain::{Content, Field, KindVisitor, Merge, Projection, Revision, visit_kinds};

struct Document {
    first: Vec<u8>,
    revision: Revision,
    fields: Projection,
}

fn created<T: Content>(fields: &Projection) -> Document {
    let made = document::create(&T::SHAPE, fields, ActorId::new([1; 16])).unwrap();
    Document {
        first: made.raw,
        revision: made.revision,
        fields: made.projection,
    }
}

impl Document {
    /// The change that gives one field another value.
    fn change<T: Content>(&self, actor: u8, field: &str, value: &Value) -> Option<Vec<u8>> {
        let mut target = self.fields.clone();
        target.insert(field.to_owned(), value.clone());
        let changes = [&self.first];
        let history = document::History::of(&changes);
        let made = document::edit(
            &T::SHAPE,
            history,
            &self.revision,
            &target,
            ActorId::new([actor; 16]),
        );
        made.unwrap().map(|made| made.raw)
    }

    /// What all replicas show once each has all changes, in whatever order they came.
    fn merged(&self, changes: &[Vec<u8>]) -> Projection {
        let mut shown: Option<Projection> = None;
        for order in orders(changes.len()) {
            let mut all = vec![self.first.clone()];
            all.extend(order.iter().map(|at| changes[*at].clone()));
            let whole = document::materialize(&all);
            assert_eq!((whole.refused, whole.waiting), (vec![], vec![]));
            let shown = shown.get_or_insert_with(|| whole.projection.clone());
            assert_eq!(
                *shown, whole.projection,
                "another order shows something else"
            );
        }
        shown.unwrap()
    }
}

/// Every order of so many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for at in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(at, count - 1);
            all.push(longer);
        }
    }
    all
}

#[test]
fn every_declared_field_merges_as_it_is_declared_on_three_replicas_in_every_order() {
    struct Visit;
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            let fields: Vec<_> = T::examples()
                .iter()
                .map(|example| example.to_projection().unwrap())
                .collect();
            let document = created::<T>(&fields[0]);
            for field in T::SHAPE.fields {
                println!("{} of {}", field.name, T::KIND);
                merges::<T>(&document, field, &fields);
            }
        }
    }
    visit_kinds(&mut Visit);
}

fn merges<T: Content>(document: &Document, field: &Field, examples: &[Projection]) {
    let value = |n: usize| examples[n][field.name].clone();
    let values = match field.merge {
        Merge::Value => [value(1), value(2), value(1)],
        Merge::Text => {
            let text = |n: usize| value(n).as_str().unwrap().to_owned();
            let written = text(0);
            [
                json!(format!("Before. {written}")),
                json!(format!("{written} After.")),
                json!(format!("{written} Later.")),
            ]
        }
        Merge::Set | Merge::Map | Merge::Ordered(_) => {
            let with = |n: usize| {
                let mut entries = value(0).as_object().unwrap().clone();
                entries.extend(value(n).as_object().unwrap().clone());
                Value::Object(entries)
            };
            [with(1), with(2), with(1)]
        }
    };
    let changes: Vec<Vec<u8>> = (2..)
        .zip(&values)
        .filter_map(|(actor, value)| document.change::<T>(actor, field.name, value))
        .collect();
    assert_eq!(changes.len(), 3);
    let merged = document.merged(&changes);
    let shown = &merged[field.name];
    match field.merge {
        Merge::Value => assert!(values.contains(shown), "{shown} was written by nobody"),
        Merge::Text => {
            let text = shown.as_str().unwrap();
            for words in ["Before. ", " After.", " Later."] {
                assert_eq!(text.matches(words).count(), 1, "{text}");
            }
            assert!(text.contains(value(0).as_str().unwrap()), "{text}");
        }
        Merge::Set | Merge::Map | Merge::Ordered(_) => {
            for n in 0..3 {
                for (key, one) in value(n).as_object().unwrap() {
                    assert_eq!(shown.get(key), Some(one), "{key} was lost");
                }
            }
        }
    }
    // No other field has changed with it.
    for other in T::SHAPE.fields.iter().filter(|other| other != &field) {
        assert_eq!(merged.get(other.name), document.fields.get(other.name));
    }
}

#[test]
fn there_are_six_orders_of_three() {
    assert_eq!(orders(3).len(), 6);
}
