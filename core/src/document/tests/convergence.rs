//! Replicas that have seen the same changes show the same, whatever the order: random edits on three
//! replicas, random deliveries, and a model that says what a merge may come to.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::document::ChangeHash;

#[derive(Clone, Debug)]
enum Step {
    Title(usize, u8),
    Mood(usize, u8),
    Tag(usize, u8, bool),
    /// Puts a marked word into the text, between two others.
    Word(usize, u8),
    /// One replica hears from another.
    Deliver(usize, usize),
    /// An edit of what was on the screen some steps ago.
    StaleTitle(usize, u8, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let replica = 0..3_usize;
    prop_oneof![
        2 => (replica.clone(), any::<u8>()).prop_map(|(r, n)| Step::Title(r, n)),
        2 => (replica.clone(), 1..=7_u8).prop_map(|(r, n)| Step::Mood(r, n)),
        2 => (replica.clone(), 0..4_u8, any::<bool>()).prop_map(|(r, n, on)| Step::Tag(r, n, on)),
        3 => (replica.clone(), any::<u8>()).prop_map(|(r, n)| Step::Word(r, n)),
        3 => (replica.clone(), replica.clone()).prop_map(|(a, b)| Step::Deliver(a, b)),
        1 => (replica, any::<u8>(), any::<u8>()).prop_map(|(r, n, ago)| Step::StaleTitle(r, n, ago)),
    ]
}

/// What the test itself remembers of a change: who wrote which value knowing which others.
struct Written {
    hash: ChangeHash,
    known: BTreeSet<ChangeHash>,
    title: Option<String>,
    mood: Option<u8>,
}

#[derive(Default)]
struct Model {
    written: Vec<Written>,
    words: BTreeSet<String>,
}

impl Model {
    /// Values that no later write knew of: one of them must win.
    fn candidates<T: Clone + Ord>(&self, value: impl Fn(&Written) -> Option<T>) -> BTreeSet<T> {
        let writes: Vec<_> = self
            .written
            .iter()
            .filter_map(|w| Some((w, value(w)?)))
            .collect();
        let overwritten = |w: &Written| {
            writes
                .iter()
                .any(|(later, _)| later.known.contains(&w.hash))
        };
        writes
            .iter()
            .filter(|(w, _)| !overwritten(w))
            .map(|(_, value)| value.clone())
            .collect()
    }
}

struct World {
    replicas: Vec<Replica>,
    known: Vec<BTreeSet<ChangeHash>>,
    screens: Vec<Vec<(Materialized, BTreeSet<ChangeHash>)>>,
    model: Model,
}

impl World {
    fn new() -> Self {
        let first = Replica::with_entry("<start>");
        let made = first.shows();
        let hash = made.revision.heads()[0];
        let known = BTreeSet::from([hash]);
        let written = Written {
            hash,
            known: BTreeSet::new(),
            title: Some("The lake".into()),
            mood: Some(4),
        };
        Self {
            replicas: (1..=3).map(|n| first.copy(n * 1_000)).collect(),
            known: vec![known.clone(); 3],
            screens: vec![vec![(made, known)]; 3],
            model: Model {
                written: vec![written],
                words: BTreeSet::from(["<start>".into()]),
            },
        }
    }

    fn run(&mut self, step: &Step) {
        match *step {
            Step::Title(r, n) => self.write(r, 0, json!({"title": format!("title {n}")})),
            Step::StaleTitle(r, n, ago) => {
                self.write(
                    r,
                    usize::from(ago % 4),
                    json!({"title": format!("stale {n}")}),
                );
            }
            Step::Mood(r, n) => self.write(r, 0, json!({ "mood": n })),
            Step::Tag(r, n, on) => {
                let mut tags = fields(self.replicas[r].field("tags"));
                tags.remove(&format!("tag {n}"));
                if on {
                    tags.insert(format!("tag {n}"), json!(true));
                }
                self.write(r, 0, json!({ "tags": tags }));
            }
            Step::Word(r, n) => {
                let body = self.replicas[r].field("body").as_str().unwrap().to_owned();
                let word = format!("<{r} {} {n}>", self.model.written.len());
                let mut words: Vec<_> = body.split_inclusive('>').map(str::to_owned).collect();
                words.insert(usize::from(n) % (words.len() + 1), word.clone());
                self.model.words.insert(word);
                self.write(r, 0, json!({ "body": words.concat() }));
            }
            Step::Deliver(from, to) => {
                let sender = self.replicas[from].copy(0);
                self.replicas[to].receive(&sender);
                let known = self.known[from].clone();
                self.known[to].extend(known);
                self.see(to);
            }
        }
    }

    fn see(&mut self, r: usize) {
        let seen = (self.replicas[r].shows(), self.known[r].clone());
        self.screens[r].push(seen);
    }

    fn write(&mut self, r: usize, ago: usize, new: Value) {
        let new = fields(new);
        let screen = self.screens[r].len().saturating_sub(1 + ago);
        let (seen, known) = self.screens[r][screen].clone();
        let made = self.replicas[r].edit_at(&seen, |target| target.extend(new.clone()));
        let Some(made) = made else { return };
        self.model.written.push(Written {
            hash: made.hash,
            known,
            title: new
                .get("title")
                .map(|title| title.as_str().unwrap().to_owned()),
            mood: new.get("mood").map(|mood| mood.as_u64().unwrap() as u8),
        });
        self.known[r].insert(made.hash);
        let shown = self.replicas[r].shows();
        assert_eq!(
            (made.projection, made.revision),
            (shown.projection, shown.revision)
        );
        self.see(r);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(220))]

    #[test]
    fn three_replicas_converge_on_what_the_model_allows(
        steps in proptest::collection::vec(step(), 1..14),
        shuffle in any::<u64>(),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.run(step);
        }
        for r in 0..3 {
            let all = world.replicas[(r + 1) % 3].copy(0);
            world.replicas[r].receive(&all);
        }
        for r in 0..3 {
            let all = world.replicas[(r + 1) % 3].copy(0);
            world.replicas[r].receive(&all);
        }
        let seen = world.replicas[0].shows();
        for replica in &mut world.replicas {
            // Rotated and reversed: the order of arrival must not matter.
            let by = (shuffle % replica.changes.len() as u64) as usize;
            replica.changes.rotate_left(by);
            if shuffle & 1 == 0 {
                replica.changes.reverse();
            }
            let same = replica.shows();
            prop_assert_eq!(
                serde_json::to_string(&same.projection).unwrap(),
                serde_json::to_string(&seen.projection).unwrap()
            );
            prop_assert_eq!(&same.revision, &seen.revision);
            prop_assert!(same.refused.is_empty() && same.waiting.is_empty());
        }
        let title = seen.projection["title"].as_str().unwrap();
        let titles = world.model.candidates(|w| w.title.clone());
        prop_assert!(titles.contains(title), "{title} is none of {titles:?}");
        let mood = seen.projection["mood"].as_u64().unwrap() as u8;
        let moods = world.model.candidates(|w| w.mood);
        prop_assert!(moods.contains(&mood), "{mood} is none of {moods:?}");
        let body = seen.projection["body"].as_str().unwrap();
        let apart = seen.projection.get("apart").map(Value::to_string).unwrap_or_default();
        for word in &world.model.words {
            let times = body.matches(word.as_str()).count();
            prop_assert!(times <= 1, "{word} is {times} times in {body}");
            prop_assert!(times == 1 || apart.contains(word), "{word} is lost: {body} {apart}");
        }
    }
}
