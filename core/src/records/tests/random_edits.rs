//! Any edits of any kind on three devices, passed on in any order: all devices show the same in the end,
//! the record reads it, and nothing that somebody added is lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::document::{self, ActorId};
use crate::domain::{Content, Field, KindVisitor, Merge, Projection, visit_kinds};

/// One step of three devices.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A device writes an example's value into a field.
    Write {
        device: usize,
        field: usize,
        example: usize,
    },
    /// A device takes an entry of a list, a set or a map away, or the words of a text.
    Clear { device: usize, field: usize },
    /// A device gets all that another one has.
    Sync { from: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (device, field) = (0..3_usize, 0..16_usize);
    prop_oneof![
        4 => (device.clone(), field.clone(), 0..3_usize)
            .prop_map(|(device, field, example)| Step::Write { device, field, example }),
        1 => (device.clone(), field).prop_map(|(device, field)| Step::Clear { device, field }),
        3 => (device.clone(), device).prop_map(|(from, to)| Step::Sync { from, to }),
    ]
}

/// All changes of one document, and which of them each device has.
struct Devices {
    changes: Vec<Vec<u8>>,
    held: [BTreeSet<usize>; 3],
}

impl Devices {
    fn shown(&self, device: usize) -> document::Materialized {
        let changes: Vec<&[u8]> = self.held[device]
            .iter()
            .map(|at| &*self.changes[*at])
            .collect();
        document::materialize(&changes)
    }

    fn edit<T: Content>(&mut self, device: usize, change: impl FnOnce(&mut Projection)) {
        let present = self.shown(device);
        let mut target = present.projection.clone();
        change(&mut target);
        // What the facade would refuse is written by no device.
        let content = T::from_projection(&target).map(T::checked);
        let Ok(Ok(content)) = content else {
            return;
        };
        let target = content.to_projection().unwrap();
        let changes: Vec<&[u8]> = self.held[device]
            .iter()
            .map(|at| &*self.changes[*at])
            .collect();
        let number = u8::try_from(self.changes.len()).unwrap();
        let actor = ActorId::new([number; 16]);
        let history = document::History::of(&changes);
        let made = document::edit(&T::SHAPE, history, &present.revision, &target, actor).unwrap();
        if let Some(made) = made {
            self.held[device].insert(self.changes.len());
            self.changes.push(made.raw);
        }
    }

    fn take<T: Content>(&mut self, step: Step, examples: &[Projection]) {
        let fields = T::SHAPE.fields;
        match step {
            Step::Write {
                device,
                field,
                example,
            } => {
                let field = &fields[field % fields.len()];
                let value = examples[example % examples.len()].get(field.name);
                self.edit::<T>(device, |target| write(target, field, value));
            }
            Step::Clear { device, field } => {
                let field = &fields[field % fields.len()];
                self.edit::<T>(device, |target| clear(target, field));
            }
            Step::Sync { from, to } => {
                let held = self.held[from].clone();
                self.held[to].extend(held);
            }
        }
    }
}

fn write(target: &mut Projection, field: &Field, value: Option<&Value>) {
    let Some(value) = value else {
        target.remove(field.name);
        return;
    };
    let present = target.get(field.name).cloned();
    let written = match (field.merge, present) {
        (Merge::Set | Merge::Map | Merge::Ordered(_), Some(Value::Object(mut entries))) => {
            entries.extend(value.as_object().cloned().unwrap_or_default());
            Value::Object(entries)
        }
        _ => value.clone(),
    };
    target.insert(field.name.to_owned(), written);
}

fn clear(target: &mut Projection, field: &Field) {
    match (field.merge, target.get_mut(field.name)) {
        (Merge::Set | Merge::Map | Merge::Ordered(_), Some(Value::Object(entries))) => {
            let first = entries.keys().next().cloned();
            first.map(|key| entries.remove(&key));
        }
        (Merge::Text, Some(text)) => *text = json!(""),
        (_, Some(_)) => drop(target.remove(field.name)),
        (_, None) => {}
    }
}

fn ends_well<T: Content>(steps: &[Step]) {
    let fields: Vec<Projection> = T::examples()
        .iter()
        .map(|example| example.to_projection().unwrap())
        .collect();
    let first = document::create(&T::SHAPE, &fields[0], ActorId::new([200; 16])).unwrap();
    let mut devices = Devices {
        changes: vec![first.raw],
        held: [(); 3].map(|()| BTreeSet::from([0])),
    };
    for step in steps {
        devices.take::<T>(*step, &fields);
    }
    let whole = document::materialize(&devices.changes);
    assert_eq!((whole.refused, whole.waiting), (vec![], vec![]));
    // What comes in another order, each device's own changes as they were made, shows the same.
    let backwards: Vec<&Vec<u8>> = devices.changes.iter().rev().collect();
    let again = document::materialize(&backwards);
    assert_eq!(whole.projection, again.projection, "of {}", T::KIND);
    assert_eq!(whole.revision, again.revision);
    let read = T::from_projection(&whole.projection);
    assert!(
        read.is_ok(),
        "of {}: {read:?} in {:?}",
        T::KIND,
        whole.projection
    );
    // A device that heard of nothing yet gets there by its own changes and then the others'.
    for device in 0..3 {
        let mut order: Vec<usize> = devices.held[device].iter().copied().collect();
        order.extend((0..devices.changes.len()).filter(|at| !devices.held[device].contains(at)));
        let changes: Vec<&Vec<u8>> = order.iter().map(|at| &devices.changes[*at]).collect();
        assert_eq!(document::materialize(&changes).projection, whole.projection);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_edits_of_any_kind_on_three_devices_end_in_one_readable_document(
        steps in prop::collection::vec(step(), 1..14),
    ) {
        struct Visit<'a>(&'a [Step]);
        impl KindVisitor for Visit<'_> {
            fn visit<T: Content>(&mut self) {
                ends_well::<T>(self.0);
            }
        }
        visit_kinds(&mut Visit(&steps));
    }
}
