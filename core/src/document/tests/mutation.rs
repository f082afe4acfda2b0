//! Random damage, made to look right from the outside, so that it reaches Automerge.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use super::super::chunk::{claim_actor, wrap};
use super::super::{Refusal, inspect};
use super::*;

/// Changes bytes of a change's body, then gives it the checksum and actor that belong to it, so that
/// the mutation reaches Automerge.
fn mutated(raw: &[u8], mutations: &[(u16, u8, u8)]) -> Vec<u8> {
    let header = raw.len() - body_of(raw).len();
    let mut body = raw[header..].to_vec();
    for &(at, with, how) in mutations {
        let at = usize::from(at) % body.len();
        match how % 4 {
            0 => body[at] = with,
            1 => body[at] ^= 1 << (with % 8),
            2 => body.insert(at, with),
            _ => drop(body.remove(at)),
        }
        if body.is_empty() {
            body.push(with);
        }
    }
    claim_actor(&wrap(&body)).unwrap_or_else(|_| wrap(&body))
}

fn body_of(raw: &[u8]) -> &[u8] {
    let mut at = 9;
    while raw[at] & 0x80 != 0 {
        at += 1;
    }
    &raw[at + 1..]
}

#[test]
fn no_mutation_of_a_change_breaks_out_or_touches_what_honest_changes_say() {
    let mut phone = Replica::with_entry("I slept badly. The water was cold.");
    phone
        .edit(set("body", json!("I slept well. The water was very cold.")))
        .unwrap();
    phone
        .edit(set("tags", json!({"water": true, "sleep": true})))
        .unwrap();
    let victim = phone.edit(|fields| {
        fields.insert("body".into(), json!("I slept well. It was warm."));
        fields.insert("mood".into(), json!(6));
        fields.insert("more".into(), json!({"list": [1, "two", null]}));
    });
    let victim = victim.unwrap().raw;
    let first = phone.changes[0].clone();
    let good = materialize(&phone.changes);

    let reached = Cell::new(0);
    let refusals = RefCell::new(BTreeSet::new());
    let mutations = proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..4);
    let strategy = (any::<bool>(), mutations);
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(2_000)
    };
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, seed);
    runner
        .run(&strategy, |(of_first, mutations)| {
            let bad = mutated(if of_first { &first } else { &victim }, &mutations);
            if phone.changes.contains(&bad) {
                return Ok(());
            }
            let mut changes = phone.changes.clone();
            changes.push(bad.clone());
            let seen = materialize(&changes);
            changes.reverse();
            let reversed = materialize(&changes);
            prop_assert_eq!(
                (&seen.projection, &seen.revision),
                (&reversed.projection, &reversed.revision)
            );
            prop_assert!(seen.refused.iter().all(|(at, _)| *at == changes.len() - 1));
            refusals
                .borrow_mut()
                .extend(seen.refused.iter().map(|(_, refusal)| *refusal));
            if seen.refused.is_empty() && seen.waiting.is_empty() {
                // A valid change of a member: it may say something else, but the honest ones stay.
                reached.set(reached.get() + 1);
                prop_assert!(seen.revision.heads().contains(&inspect(&bad).unwrap().hash));
                let mut target = seen.projection.clone();
                target.insert("title".into(), json!("still writable"));
                target.insert("body".into(), json!("I slept well. Still."));
                let made = edit(
                    &ENTRY,
                    History::of(&changes),
                    &seen.revision,
                    &target,
                    actor(77),
                );
                let made = made
                    .map_err(|error| TestCaseError::fail(error.to_string()))?
                    .unwrap();
                prop_assert_eq!(&made.projection, &target);
            } else {
                prop_assert_eq!(
                    (&seen.projection, &seen.revision),
                    (&good.projection, &good.revision)
                );
            }
            Ok(())
        })
        .unwrap();
    let (reached, refusals) = (reached.get(), refusals.into_inner());
    assert!(reached > 50, "only {reached} mutations were accepted");
    for refusal in [
        Refusal::Malformed,
        Refusal::UnknownActor,
        Refusal::Breaks,
        Refusal::Unstable,
    ] {
        assert!(
            refusals.contains(&refusal),
            "{refusal} is not among {refusals:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(inspect(&bytes).is_err());
        prop_assert!(inspect(&wrap(&bytes)).is_err());
        let claimed = claim_actor(&wrap(&bytes)).unwrap_or_default();
        let seen = materialize(&[&claimed, &bytes]);
        prop_assert!(seen.refused.len() + seen.waiting.len() >= 1);
    }
}
