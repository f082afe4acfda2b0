//! Every declared field, changed apart on three replicas, merges as its kind declares, in every order
//! of arrival.

use proptest::prelude::*;
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

/// The texts of a kind that merge inside, as paths to them: also those of a list's items. Of lists whose
/// items are alike, as the steps of a safety plan, those of one.
fn texts(fields: &[Field]) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let mut earlier = fields.iter().take(at);
        let is_list = matches!(field.merge, Merge::Ordered(_));
        if is_list && earlier.any(|other| other.merge == field.merge) {
            continue;
        }
        match field.merge {
            Merge::Text => found.push(vec![field.name]),
            Merge::Ordered(item) => {
                let inside = texts(item).into_iter();
                found.extend(inside.map(|path| [&[field.name, ""], &path[..]].concat()));
            }
            Merge::Value | Merge::Set | Merge::Map => {}
        }
    }
    found
}

/// The text at a path; of a list's items, that of the first.
fn text_at<'a>(fields: &'a mut Projection, path: &[&str]) -> Option<&'a mut Value> {
    let (name, rest) = path.split_first()?;
    let value = match *name {
        "" => fields.values_mut().next()?,
        name => fields.get_mut(name)?,
    };
    match rest {
        [] => Some(value),
        rest => text_at(value.as_object_mut()?, rest),
    }
}

/// What one of three people makes of a text.
#[derive(Clone, Debug)]
enum Rewrite {
    Replace(usize, &'static str),
    Insert(usize, &'static str),
    Remove(usize),
    Append(&'static str),
}

const BASE: &str = "Took 10 mg at 8. I feel safe, not alone. Slept badly.";

fn rewritten(text: &str, rewrite: &Rewrite) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    match *rewrite {
        Rewrite::Replace(at, word) => words[at % BASE.split(' ').count()] = word,
        Rewrite::Insert(at, word) => words.insert(at % words.len(), word),
        Rewrite::Remove(at) => drop(words.remove(at % words.len())),
        Rewrite::Append(word) => words.push(word),
    }
    words.join(" ")
}

fn rewrite() -> impl Strategy<Value = Rewrite> {
    let word = prop::sample::select(vec!["15", "not", "very", "焦虑", "Went out.", "👍🏽", "ًلا"]);
    let at = 0..11_usize;
    prop_oneof![
        (at.clone(), word.clone()).prop_map(|(at, word)| Rewrite::Replace(at, word)),
        (at.clone(), word.clone()).prop_map(|(at, word)| Rewrite::Insert(at, word)),
        at.prop_map(Rewrite::Remove),
        word.prop_map(Rewrite::Append),
    ]
}

/// The words that a merge of three rewrites shows, and all that can be read of it.
fn three_rewrites<T: Content>(path: &[&str], rewrites: &[Rewrite; 3]) -> Option<(String, String)> {
    let mut fields = T::examples()[0].to_projection().unwrap();
    *text_at(&mut fields, path)? = json!(BASE);
    let document = created::<T>(&fields);
    let changes: Vec<Vec<u8>> = (2..)
        .zip(rewrites)
        .filter_map(|(actor, rewrite)| {
            let mut target = document.fields.clone();
            *text_at(&mut target, path)? = json!(rewritten(BASE, rewrite));
            let changes = [&document.first];
            let history = document::History::of(&changes);
            let actor = ActorId::new([actor; 16]);
            let made = document::edit(&T::SHAPE, history, &document.revision, &target, actor);
            made.unwrap().map(|made| made.raw)
        })
        .collect();
    let mut merged = document.merged(&changes);
    let wordings = merged.get("apart").map(Value::to_string);
    let shown = text_at(&mut merged, path)?.as_str()?.to_owned();
    let readable = format!("{shown} {}", wordings.unwrap_or_default());
    Some((shown, readable))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn three_people_who_rewrite_a_text_of_any_kind_read_only_words_that_somebody_wrote(
        rewrites in [rewrite(), rewrite(), rewrite()],
    ) {
        struct Visit<'a> {
            rewrites: &'a [Rewrite; 3],
            kinds: usize,
        }
        impl KindVisitor for Visit<'_> {
            fn visit<T: Content>(&mut self) {
                let written: Vec<String> =
                    self.rewrites.iter().map(|rewrite| rewritten(BASE, rewrite)).collect();
                for path in texts(T::SHAPE.fields) {
                    let (shown, readable) = three_rewrites::<T>(&path, self.rewrites).unwrap();
                    self.kinds += 1;
                    for word in shown.split_whitespace() {
                        let by_somebody = written.iter().any(|text| text.split_whitespace().any(|w| w == word));
                        assert!(by_somebody, "{word:?} in {shown:?} of {}", T::KIND);
                    }
                    // What was added can be read, in the text or in a wording beside it.
                    for text in &written {
                        let before: Vec<&str> = BASE.split_whitespace().collect();
                            for word in text.split_whitespace().filter(|w| !before.contains(w)) {
                            assert!(readable.contains(word), "{word:?} is lost in {readable:?}");
                        }
                    }
                    // The same correction by all three is one.
                    let same = [(); 3].map(|()| self.rewrites[0].clone());
                    let (shown, _) = three_rewrites::<T>(&path, &same).unwrap();
                    assert_eq!(shown, written[0], "of {}", T::KIND);
                }
            }
        }
        let mut visit = Visit { rewrites: &rewrites, kinds: 0 };
        visit_kinds(&mut visit);
        assert!(visit.kinds >= 3, "there are kinds with text");
    }
}

#[test]
fn there_are_six_orders_of_three() {
    assert_eq!(orders(3).len(), 6);
}
