//! Log and outbox against a model that a person can read.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// A change from outside: (author, counter, id, hash) drawn from few, so that they collide.
    Append {
        author: u8,
        counter: u64,
        id: u8,
        hash: u8,
    },
    Push {
        id: u8,
    },
    Acknowledge {
        waiting: usize,
        author: u8,
        counter: u64,
        hash: u8,
    },
    /// A transaction that writes and then fails.
    Abandon {
        author: u8,
        counter: u64,
        hash: u8,
    },
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let few = 1..4_u8;
    let counts = 1..6_u64;
    prop_oneof![
        8 => (few.clone(), counts.clone(), 1..12_u8, few.clone())
            .prop_map(|(author, counter, id, hash)| Step::Append { author, counter, id, hash }),
        4 => (20..40_u8).prop_map(|id| Step::Push { id }),
        4 => (0..4_usize, few.clone(), counts.clone(), few.clone())
            .prop_map(|(waiting, author, counter, hash)| Step::Acknowledge { waiting, author, counter, hash }),
        2 => (few.clone(), counts, few)
            .prop_map(|(author, counter, hash)| Step::Abandon { author, counter, hash }),
        1 => Just(Step::Reopen),
    ]
}

#[derive(Default)]
struct Model {
    log: Vec<LogRow>,
    outbox: Vec<OutboxRow>,
}

impl Model {
    /// What appending must answer.
    fn append(&mut self, row: &LogRow) -> Result<Appended, StoreError> {
        let same_place = |other: &&LogRow| {
            other.author == row.author && (other.id == row.id || other.counter == row.counter)
        };
        let fork = self
            .log
            .iter()
            .filter(same_place)
            .map(|other| other.hash)
            .find(|hash| *hash != row.hash);
        if let Some(stored) = fork {
            return Err(StoreError::Fork {
                author: row.author,
                counter: row.counter,
                stored,
            });
        }
        if self.log.iter().any(|other| same_place(&other)) {
            return Ok(Appended::Known { hash: row.hash });
        }
        self.log.push(row.clone());
        Ok(Appended::New)
    }
}

fn received(author: u8, counter: u64, id: ChangeId, hash: u8) -> LogRow {
    LogRow {
        id,
        ..log_row(author, counter, hash)
    }
}

fn same(left: &Result<Appended, StoreError>, right: &Result<Appended, StoreError>) -> bool {
    match (left, right) {
        // Where two stored changes contradict it, either may be named.
        (Err(StoreError::Fork { .. }), Err(StoreError::Fork { .. })) => true,
        _ => left == right,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn log_and_outbox_do_as_the_model_does(steps in proptest::collection::vec(step(), 1..40)) {
        let folder = Folder::new();
        let mut store = folder.store();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Append { author, counter, id, hash } => {
                    let row = received(author, counter, ChangeId::new([id; 16]), hash);
                    let got = store.write(|w| w.append_log(&row));
                    let expected = model.append(&row);
                    prop_assert!(same(&got, &expected), "{got:?} {expected:?}");
                }
                Step::Push { id } => {
                    let mut row = outbox_row(id);
                    let got = store.write(|w| w.push_outbox(&row));
                    if model.outbox.iter().any(|waiting| waiting.id == row.id) {
                        prop_assert!(got.is_err());
                    } else {
                        row.position = got.unwrap();
                        let last = model.outbox.last().map_or(0, |waiting| waiting.position);
                        prop_assert!(row.position > last);
                        model.outbox.push(row);
                    }
                }
                Step::Acknowledge { waiting, author, counter, hash } => {
                    let Some(row) = model.outbox.get(waiting).cloned() else { continue };
                    let log = received(author, counter, row.id, hash);
                    let got = store.write(|w| w.acknowledge_outbox(row.position, &log));
                    let expected = model.append(&log);
                    prop_assert!(same(&got, &expected), "{got:?} {expected:?}");
                    if got.is_ok() {
                        model.outbox.remove(waiting);
                    }
                }
                Step::Abandon { author, counter, hash } => {
                    let row = received(author, counter, ChangeId::new([15; 16]), hash);
                    let got: Result<(), StoreError> = store.write(|w| {
                        let _ = w.append_log(&row);
                        let _ = w.push_outbox(&outbox_row(41));
                        Err(StoreError::Missing("reason"))
                    });
                    prop_assert!(got.is_err());
                }
                Step::Reopen => {
                    drop(store);
                    store = Store::open(&folder.file(), &KEY).unwrap();
                }
            }
        }
        let mut heads: BTreeMap<MemberId, (Counter, HistoryHash)> = BTreeMap::new();
        for row in &model.log {
            let head = heads.entry(row.author).or_insert((row.counter, row.history));
            if row.counter >= head.0 {
                *head = (row.counter, row.history);
            }
        }
        let heads: Vec<_> = heads.into_iter().map(|(author, (counter, hash))| (author, counter, hash)).collect();
        store.read(|r| {
            assert_eq!(r.log_in_order(SPACE)?, model.log);
            assert_eq!(r.outbox(SPACE, usize::MAX)?, model.outbox);
            assert_eq!(r.author_heads(SPACE)?, heads);
            assert_eq!(r.count_outbox()?, model.outbox.len());
            Ok::<_, StoreError>(())
        }).unwrap();
        store.integrity_check().unwrap();
    }
}
