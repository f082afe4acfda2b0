//! Lists that two people edit apart, through documents.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::domain::{Field, ItemId, Ordered};

const SHAPE: Shape = Shape::new(&[Field::ordered(
    "steps",
    &[Field::text("text"), Field::value("done")],
)]);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    #[serde(default)]
    text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    done: bool,
}

fn step(text: &str) -> Step {
    Step {
        text: text.into(),
        done: false,
    }
}

fn id(n: u64) -> ItemId {
    ItemId::from_slice(&[n.to_be_bytes(), n.to_be_bytes()].concat()).unwrap()
}

fn texts(steps: &Ordered<Step>) -> Vec<&str> {
    steps.iter().map(|(_, step)| &*step.text).collect()
}

fn list(texts: &[&str]) -> Ordered<Step> {
    let mut steps = Ordered::default();
    for (n, text) in (0..).zip(texts) {
        steps.push(id(n), step(text));
    }
    steps
}

/// One replica of a document that holds such a list.
#[derive(Clone)]
struct Lists {
    changes: Vec<Vec<u8>>,
    actor: u64,
}

impl Lists {
    fn with(steps: &Ordered<Step>) -> Self {
        let fields = json!({ "steps": steps });
        let made = create(&SHAPE, fields.as_object().unwrap(), ActorId::new([0; 16])).unwrap();
        Self {
            changes: vec![made.raw],
            actor: 0,
        }
    }

    fn copy(&self, n: u64) -> Self {
        Self {
            actor: n * 10_000,
            ..self.clone()
        }
    }

    fn steps(&self) -> Ordered<Step> {
        serde_json::from_value(materialize(&self.changes).projection["steps"].clone()).unwrap()
    }

    fn edit(&mut self, change: impl FnOnce(&mut Ordered<Step>)) {
        let seen = materialize(&self.changes);
        let mut steps = self.steps();
        change(&mut steps);
        let mut target = seen.projection.clone();
        target.insert("steps".into(), json!(steps));
        self.actor += 1;
        let n = self.actor.to_be_bytes();
        let actor = ActorId::from_slice(&[n, n].concat()).unwrap();
        let made = edit(
            &SHAPE,
            History::of(&self.changes),
            &seen.revision,
            &target,
            actor,
        );
        self.changes
            .extend(made.unwrap().into_iter().map(|made| made.raw));
    }

    fn receive(&mut self, other: &Lists) {
        for change in &other.changes {
            if !self.changes.contains(change) {
                self.changes.push(change.clone());
            }
        }
    }
}

#[test]
fn two_people_edit_the_text_of_one_item_and_both_edits_stand() {
    let mut one = Lists::with(&list(&["Call Ada. Before noon"]));
    let mut two = one.copy(2);
    one.edit(|steps| {
        steps.update(id(0), |step| {
            step.text = "Call dear Ada. Before noon".into();
        });
    });
    two.edit(|steps| {
        steps.update(id(0), |step| {
            step.text = "Call Ada. Before noon, or write".into();
        });
    });
    one.receive(&two);
    assert_eq!(
        texts(&one.steps()),
        ["Call dear Ada. Before noon, or write"]
    );
}

#[test]
fn texts_that_two_people_give_to_an_item_without_one_both_stand() {
    let bare = json!({"steps": {id(0).to_string(): {"order": "V"}}});
    let made = create(&SHAPE, &fields(bare), actor(1)).unwrap();
    assert_eq!(made.projection["steps"][id(0).to_string()]["text"], "");
    let mut one = Lists {
        changes: vec![made.raw],
        actor: 10,
    };
    let mut two = one.copy(2);
    let put = |text: &'static str| {
        move |steps: &mut Ordered<Step>| {
            steps.update(id(0), |step| step.text = text.into());
        }
    };
    one.edit(put("First."));
    two.edit(put("Second."));
    one.receive(&two);
    let steps = one.steps();
    let text = &steps.get(id(0)).unwrap().text;
    assert!(
        text.contains("First.") && text.contains("Second."),
        "{text}"
    );
}

#[test]
fn an_edit_that_the_remover_had_not_seen_brings_the_item_back() {
    let mut one = Lists::with(&list(&["a", "b"]));
    let mut two = one.copy(2);
    one.edit(|steps| {
        steps.remove(id(0));
    });
    assert_eq!(texts(&one.steps()), ["b"]);
    two.edit(|steps| {
        steps.update(id(0), |step| step.text = "a, and more".into());
    });
    one.receive(&two);
    two.receive(&one);
    assert_eq!(texts(&one.steps()), ["a, and more", "b"]);
    assert_eq!(one.steps(), two.steps());
}

#[test]
fn items_that_two_people_added_at_one_place_can_be_parted() {
    let mut one = Lists::with(&list(&["a"]));
    let mut two = one.copy(2);
    one.edit(|steps| steps.push(id(11), step("x")));
    two.edit(|steps| steps.push(id(12), step("y")));
    one.receive(&two);
    assert_eq!(texts(&one.steps()), ["a", "x", "y"]);
    one.edit(|steps| steps.insert(id(13), 2, step("between")));
    assert_eq!(texts(&one.steps()), ["a", "x", "between", "y"]);
}

#[derive(Clone, Copy, Debug)]
enum Verb {
    Insert(usize),
    Move(usize, usize),
    Update(usize),
    Remove(usize),
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        (0..9_usize).prop_map(Verb::Insert),
        (0..9_usize, 0..9_usize).prop_map(|(from, to)| Verb::Move(from, to)),
        (0..9_usize).prop_map(Verb::Update),
        (0..9_usize).prop_map(Verb::Remove),
    ]
}

fn apply(verb: Verb, n: u64, steps: &mut Ordered<Step>) {
    let ids: Vec<_> = steps.iter().map(|(id, _)| id).collect();
    let pick = |at: usize| ids.get(at % ids.len().max(1)).copied().unwrap_or(id(0));
    match verb {
        Verb::Insert(at) => steps.insert(id(n), at, step(&format!("step {n}"))),
        Verb::Move(from, to) => {
            steps.move_to(pick(from), to);
        }
        Verb::Update(at) => {
            steps.update(pick(at), |step| step.text.push_str(&format!(" and {n}")));
        }
        Verb::Remove(at) => {
            steps.remove(pick(at));
        }
    }
}

fn shown(steps: &Ordered<Step>) -> Vec<(ItemId, String)> {
    let items = steps.iter();
    items.map(|(id, step)| (id, step.text.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn three_replicas_converge_and_no_edited_item_vanishes(
        script in proptest::collection::vec((0..3_usize, verb(), proptest::option::of(0..3_usize)), 1..12),
        order in Just((0..40_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let first = Lists::with(&list(&["a", "b", "c"]));
        let mut replicas: Vec<_> = (1..=3).map(|n| first.copy(n)).collect();
        // For each item: its last edit on each replica, and what removers knew of it.
        let mut said: Vec<(ItemId, String)> = Vec::new();
        let mut removed: Vec<(ItemId, String)> = Vec::new();
        for (n, (r, verb, hears)) in (100..).zip(&script) {
            if let Some(from) = hears {
                let from = replicas[*from].clone();
                replicas[*r].receive(&from);
            }
            replicas[*r].edit(|steps| {
                let before = shown(steps);
                apply(*verb, n, steps);
                let model = shown(steps);
                said.extend(model.iter().filter(|item| !before.contains(item)).cloned());
                let kept: BTreeSet<_> = model.iter().map(|(id, _)| *id).collect();
                removed.extend(before.into_iter().filter(|(id, _)| !kept.contains(id)));
            });
        }
        let mut all = first.copy(9);
        for replica in &replicas {
            all.receive(replica);
        }
        let steps = all.steps();
        let mut shuffled = all.clone();
        shuffled.changes = order.iter().filter_map(|n| all.changes.get(*n).cloned()).collect();
        prop_assert_eq!(shuffled.changes.len(), all.changes.len());
        prop_assert_eq!(&shuffled.steps(), &steps);
        // What somebody added or edited, and nobody removed knowing it, is still there.
        for (id, words) in &said {
            if !removed.iter().any(|(gone, _)| gone == id) {
                prop_assert!(steps.get(*id).is_some(), "{} {}", id, words);
            }
        }
        // An item is gone only if somebody removed it saying exactly what it says now.
        for (id, item) in json!(steps).as_object().unwrap() {
            let id = id.parse().unwrap();
            if steps.get(id).is_none() {
                let says = item["text"].as_str().unwrap().to_owned();
                prop_assert!(removed.contains(&(id, says)), "{} {:?}", item, removed);
            }
        }
    }
}
