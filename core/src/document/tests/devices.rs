//! What devices give an attachment is one value: of two versions one stands whole, and nobody is asked to choose.

use serde_json::json;

use super::*;
use crate::document::apart::APART;

/// A phone that holds an entry with one attachment.
#[derive(Clone)]
struct Phone {
    changes: Vec<Vec<u8>>,
    next_actor: u64,
}

impl Phone {
    fn new() -> Self {
        let mut fields = entry("With a recording.");
        fields.insert("attachments".into(), json!({"a1": {"key": "K0"}}));
        let first = create(&Entry::SHAPE, &fields, actor(1)).unwrap();
        let changes = vec![first.raw];
        Self {
            changes,
            next_actor: 100,
        }
    }

    fn shows(&self) -> Map<String, Value> {
        materialize(&self.changes).projection
    }

    fn edit(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        let seen = materialize(&self.changes);
        let mut target = seen.projection.clone();
        change(&mut target);
        self.next_actor += 1;
        let history = History::of(&self.changes);
        let by = actor(self.next_actor);
        let made = edit(&Entry::SHAPE, history, &seen.revision, &target, by).unwrap();
        self.changes.push(made.unwrap().raw);
    }

    /// Gives the attachment other fields than it has.
    fn gives(&mut self, given: Value) {
        self.edit(|fields| {
            let item = fields["attachments"]["a1"].as_object_mut().unwrap();
            for (name, value) in super::fields(given) {
                match value.is_null() {
                    true => item.remove(&name),
                    false => item.insert(name, value),
                };
            }
        });
    }

    /// What it says of the attachment: its key, the name of its bytes, and whether they are lost.
    fn says(&self) -> Value {
        let item = &self.shows()["attachments"]["a1"];
        json!([item["key"], item["blob"], item["lost"]])
    }
}

/// What two phones made of one entry says of its attachment: the same in both orders, and once it is written down.
fn met(one: impl FnOnce(&mut Phone), other: impl FnOnce(&mut Phone)) -> Value {
    let first = Phone::new();
    let (mut left, mut right) = (first.clone(), first);
    right.next_actor = 200;
    one(&mut left);
    other(&mut right);
    let (of_left, of_right) = (left.changes.clone(), right.changes.clone());
    left.changes.extend(of_right[1..].iter().cloned());
    right.changes.extend(of_left[1..].iter().cloned());
    let says = left.says();
    assert_eq!(right.says(), says);
    assert_eq!(left.shows().get(APART), None);
    left.edit(set("title", json!("Tuesday")));
    assert_eq!(left.says(), says);
    assert_eq!(left.shows().get(APART), None);
    says
}

/// Many changes, so that what is written next counts as later than what is written beside it.
fn goes_on(phone: &mut Phone) {
    for title in ["One", "Two", "Three"] {
        phone.edit(set("title", json!(title)));
    }
}

#[test]
fn a_key_and_the_name_of_its_bytes_are_of_one_version() {
    for is_first_later in [true, false] {
        let says = met(
            |phone| {
                phone.gives(json!({"key": "K1", "blob": "B1"}));
                if is_first_later {
                    goes_on(phone);
                    phone.gives(json!({"blob": "B1 again"}));
                }
            },
            |phone| {
                phone.edit(set("mood", json!(2)));
                phone.gives(json!({"key": "K2", "blob": "B2"}));
            },
        );
        let first = match is_first_later {
            true => json!(["K1", "B1 again", null]),
            false => json!(["K1", "B1", null]),
        };
        let second = json!(["K2", "B2", null]);
        assert!(says == first || says == second, "{says}");
    }
}

#[test]
fn a_version_that_names_bytes_stands_before_one_that_names_none_or_lost_ones() {
    let fills_in = |phone: &mut Phone| phone.gives(json!({"blob": "B0"}));
    let is_without = |phone: &mut Phone| {
        goes_on(phone);
        phone.gives(json!({"key": "K1"}));
    };
    assert_eq!(met(fills_in, is_without), json!(["K0", "B0", null]));
    assert_eq!(met(is_without, fills_in), json!(["K0", "B0", null]));
    let is_lost = |phone: &mut Phone| {
        goes_on(phone);
        phone.gives(json!({"key": "K1", "blob": "B1", "lost": true}));
    };
    assert_eq!(met(is_lost, fills_in), json!(["K0", "B0", null]));
    // Whoever did nothing with it says nothing.
    assert_eq!(met(is_lost, goes_on), json!(["K1", "B1", true]));
}

#[test]
fn wordings_of_what_devices_gave_are_read_by_nobody_where_they_were_written_down() {
    let mut phone = Phone::new();
    phone.edit(|fields| {
        let apart = json!({"attachments.a1.key": ["K0", "K1"], "title": ["One", "Two"]});
        fields.insert(APART.into(), apart);
    });
    let mut other = phone.clone();
    assert_eq!(phone.shows()[APART], json!({"title": ["One", "Two"]}));
    // Nor where what two phones made of it meets.
    phone.edit(set("mood", json!(2)));
    other.next_actor = 200;
    other.edit(set("kind", json!("integration")));
    phone.changes.extend(other.changes.pop());
    assert_eq!(phone.shows()[APART], json!({"title": ["One", "Two"]}));
}
