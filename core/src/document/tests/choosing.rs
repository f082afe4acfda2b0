//! A choice between two wordings stands against changes that do not touch the field, however many there are and
//! whatever they knew of; a change of the field, or another choice, opens it again.

use serde_json::json;

use super::*;
use crate::document::apart::APART;

/// A field that was rewritten apart, and what it says in each place.
#[derive(Clone, Copy)]
enum Rewritten {
    Body,
    Mood,
}

impl Rewritten {
    fn name(self) -> &'static str {
        match self {
            Rewritten::Body => "body",
            Rewritten::Mood => "mood",
        }
    }

    /// As the one and the other phone wrote it, and a third way.
    fn says(self, way: usize) -> Value {
        match self {
            Rewritten::Body => {
                let all = ["I do not feel safe.", "I never feel safe.", "I feel well."];
                json!(all[way])
            }
            Rewritten::Mood => json!([2, 6, 7][way]),
        }
    }
}

/// Chooses one of the wordings, as the verb for that does.
fn choose(replica: &mut Replica, field: Rewritten, way: usize) {
    let name = field.name();
    replica.edit(move |fields| {
        fields.insert(name.to_owned(), field.says(way));
        let apart = fields[APART].as_object_mut().unwrap();
        apart.remove(name).expect("it stands in two wordings");
        if apart.is_empty() {
            fields.remove(APART);
        }
        fields.insert("edited_at".into(), json!("2026-11-24T10:00:00.000+01:00"));
    });
}

/// Two phones that rewrote a field apart and heard of each other, and a third one that knows only of the first.
fn rewritten(field: Rewritten) -> [Replica; 3] {
    let mut one = Replica::with_entry("I feel safe.");
    let mut other = one.copy(200);
    one.edit(set(field.name(), field.says(0))).unwrap();
    let third = one.copy(300);
    other.edit(set(field.name(), field.says(1))).unwrap();
    one.receive(&other);
    other.receive(&one);
    [one, other, third]
}

fn wordings(replica: &Replica, field: Rewritten) -> Option<Vec<String>> {
    let shown = replica.shows().projection;
    let wordings = shown.get(APART)?.get(field.name())?.as_array()?.clone();
    Some(
        wordings
            .iter()
            .map(|one| one.as_str().unwrap().to_owned())
            .collect(),
    )
}

fn assert_chosen(replica: &Replica, field: Rewritten, way: usize) {
    assert_eq!(replica.field(field.name()), field.says(way), "{way}");
    assert_eq!(wordings(replica, field), None, "{way}");
}

/// Each field, and each of its wordings.
fn each(test: impl Fn(Rewritten, usize)) {
    for field in [Rewritten::Body, Rewritten::Mood] {
        for way in [0, 1] {
            test(field, way);
        }
    }
}

#[test]
fn a_choice_stands_against_a_change_of_another_field() {
    each(|field, way| {
        let [mut one, mut other, _] = rewritten(field);
        choose(&mut one, field, way);
        assert_chosen(&one, field, way);
        other.edit(set("title", json!("Tuesday"))).unwrap();
        one.receive(&other);
        assert_chosen(&one, field, way);
        assert_eq!(one.field("title"), "Tuesday");
        // It is written down with the next edit, and stays.
        one.edit(set("title", json!("Wednesday"))).unwrap();
        other.edit(set("tags", json!({"sleep": true}))).unwrap();
        other.receive(&one);
        assert_chosen(&other, field, way);
    });
}

#[test]
fn a_choice_stands_against_several_changes_of_other_fields_and_one_by_a_phone_that_knew_less() {
    each(|field, way| {
        let [mut one, mut other, mut third] = rewritten(field);
        let mut fourth = other.copy(400);
        choose(&mut one, field, way);
        other.edit(set("title", json!("Tuesday"))).unwrap();
        fourth.edit(set("tags", json!({"sleep": true}))).unwrap();
        third.edit(set("kind", json!("integration"))).unwrap();
        for replica in [&other, &fourth, &third] {
            one.receive(replica);
        }
        assert_chosen(&one, field, way);
        assert_eq!(one.revision().heads().len(), 4);
    });
}

#[test]
fn a_change_of_the_field_or_another_choice_opens_it_again() {
    each(|field, way| {
        let [mut one, mut other, _] = rewritten(field);
        choose(&mut one, field, way);
        let mut chose_too = other.copy(400);
        choose(&mut chose_too, field, 1 - way);
        chose_too.receive(&one);
        let said = wordings(&chose_too, field).expect("both chose");
        assert_eq!(said.len(), 2, "{said:?}");

        other.edit(set(field.name(), field.says(2))).unwrap();
        other.receive(&one);
        let said = wordings(&other, field).expect("one chose, the other rewrote it");
        let written = |way: usize| match field.says(way) {
            Value::String(text) => text,
            number => number.to_string(),
        };
        assert!(
            said.contains(&written(2)) && said.contains(&written(way)),
            "{said:?}"
        );
    });
}

#[test]
fn what_two_phones_changed_in_turn_is_no_second_wording_of_what_a_third_left_alone() {
    let mut one = Replica::with_entry("Calm.");
    let mut behind = one.copy(300);
    one.edit(set("mood", json!(2))).unwrap();
    let mut other = one.copy(200);
    one.edit(set("title", json!("Tuesday"))).unwrap();
    other.edit(set("mood", json!(6))).unwrap();
    behind.edit(set("kind", json!("integration"))).unwrap();
    for replica in [&other, &behind] {
        one.receive(replica);
    }
    assert_eq!(
        (one.field("mood"), wordings(&one, Rewritten::Mood)),
        (json!(6), None)
    );
}
