//! Lists as one person edits them. How two people's edits merge is tested in `document`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use serde_json::json;

use super::*;

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

fn read_back(steps: &Ordered<Step>) -> Ordered<Step> {
    serde_json::from_value(serde_json::to_value(steps).unwrap()).unwrap()
}

#[test]
fn a_list_is_written_as_a_map_by_id_and_read_back() {
    let mut steps = list(&["a", "b"]);
    steps.remove(id(0));
    let written = serde_json::to_value(&steps).unwrap();
    let item = &written[id(0).to_string()];
    assert_eq!((&item["text"], &item["order"]), (&json!("a"), &json!("V")));
    assert_eq!(item["removed"].as_str().unwrap().len(), 64);
    let other = &written[id(1).to_string()];
    assert_eq!(*other, json!({"text": "b", "order": "W"}));
    assert_eq!(read_back(&steps), steps);
}

#[test]
fn removing_hides_an_item_until_it_says_something_else() {
    let mut steps = list(&["a", "b"]);
    assert!(steps.remove(id(0)));
    assert!(!steps.remove(id(0)) && !steps.update(id(0), |_| {}) && !steps.move_to(id(0), 1));
    assert_eq!((steps.len(), steps.get(id(0))), (1, None));
    let mut written = serde_json::to_value(&steps).unwrap();
    written[id(0).to_string()]["text"] = json!("a!");
    let mut steps: Ordered<Step> = serde_json::from_value(written).unwrap();
    assert_eq!(texts(&steps), ["a!", "b"]);
    // The old words do not bring the old removal back.
    assert!(steps.update(id(0), |step| step.text = "a".into()));
    assert_eq!(texts(&read_back(&steps)), ["a", "b"]);
}

#[test]
fn an_empty_text_that_a_document_adds_brings_nothing_back() {
    let mut steps = list(&["a"]);
    steps.remove(id(0));
    let mut written = serde_json::to_value(&steps).unwrap();
    written[id(0).to_string()]["note"] = json!("");
    written[id(0).to_string()]["tags"] = json!({});
    let steps: Ordered<Step> = serde_json::from_value(written).unwrap();
    assert!(steps.is_empty());
}

#[test]
fn what_a_newer_version_wrote_in_an_item_is_kept() {
    let key = id(7).to_string();
    let written = json!({ key.clone(): {"text": "a", "order": "U", "color": {"hue": 3}} });
    let mut steps: Ordered<Step> = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&steps).unwrap(), written);
    steps.update(id(7), |step| step.done = true);
    let again = serde_json::to_value(&steps).unwrap();
    assert_eq!(again[&key]["color"], json!({"hue": 3}));
    steps.remove(id(7));
    let mut again = serde_json::to_value(&steps).unwrap();
    again[&key]["color"] = json!("red");
    let back: Ordered<Step> = serde_json::from_value(again).unwrap();
    assert_eq!(back.len(), 1, "an edit by the newer version counts too");
}

#[derive(Clone, Debug)]
enum Verb {
    Push,
    Insert(usize),
    Move(usize, usize),
    Update(usize),
    Remove(usize),
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        Just(Verb::Push),
        (0..9_usize).prop_map(Verb::Insert),
        (0..9_usize, 0..9_usize).prop_map(|(from, to)| Verb::Move(from, to)),
        (0..9_usize).prop_map(Verb::Update),
        (0..9_usize).prop_map(Verb::Remove),
    ]
}

/// Applies a verb to a list and to the plain list that it should look like.
fn apply(verb: &Verb, n: u64, steps: &mut Ordered<Step>, model: &mut Vec<(ItemId, String)>) {
    let new = (id(n), format!("step {n}"));
    let pick = |at: usize| at % model.len().max(1);
    match *verb {
        Verb::Push => {
            steps.push(new.0, step(&new.1));
            model.push(new);
        }
        Verb::Insert(at) => {
            let at = at.min(model.len());
            steps.insert(new.0, at, step(&new.1));
            model.insert(at, new);
        }
        _ if model.is_empty() => {}
        Verb::Move(from, to) => {
            let (from, to) = (pick(from), pick(to));
            assert!(steps.move_to(model[from].0, to));
            let item = model.remove(from);
            model.insert(to, item);
        }
        Verb::Update(at) => {
            let at = pick(at);
            assert!(steps.update(model[at].0, |step| step.text.push_str(&new.1)));
            model[at].1.push_str(&new.1);
        }
        Verb::Remove(at) => {
            assert!(steps.remove(model.remove(pick(at)).0));
        }
    }
}

fn shown(steps: &Ordered<Step>) -> Vec<(ItemId, String)> {
    let items = steps.iter();
    items.map(|(id, step)| (id, step.text.clone())).collect()
}

proptest! {
    #[test]
    fn a_list_does_what_a_plain_list_does(
        start in proptest::collection::vec((0..3_u64, "[UV]{0,2}|z.?|\\PC"), 0..6),
        verbs in proptest::collection::vec(verb(), 0..40),
    ) {
        // Whatever keys there are, equal ones and odd ones among them.
        let items = (500..).zip(start).map(|(n, (_, order))| {
            (id(n).to_string(), json!({"text": n.to_string(), "order": order}))
        });
        let items = Value::Object(items.collect());
        let mut steps: Ordered<Step> = serde_json::from_value(items).unwrap();
        let mut model = shown(&steps);
        for (n, verb) in (0..).zip(&verbs) {
            apply(verb, n, &mut steps, &mut model);
            prop_assert_eq!(shown(&steps), model.clone());
            let again = read_back(&steps);
            prop_assert_eq!(&again, &steps);
        }
    }
}
