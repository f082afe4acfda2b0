//! What a dishonest or broken device may send. Nothing of it may end the app, change what honest
//! changes say, or take memory out of proportion.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{Automerge, ObjType, ROOT};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use super::super::chunk::{claim_actor, wrap};
use super::super::guard::contain;
use super::super::{CHANGE_LIMIT, Refusal, inspect};
use super::*;

/// The header of our chunks of 128 to 16,383 bytes.
const HEADER: usize = 11;

fn apply_unguarded(raw: &[u8]) -> Option<usize> {
    let change = automerge::Change::from_bytes(raw.to_vec()).ok()?;
    let mut document = Automerge::new();
    document.apply_changes([change]).ok()?;
    Some(document.get_heads().len())
}

/// A change as Automerge itself writes it, with whatever is done to the document.
fn foreign(
    actor: &[u8],
    write: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
) -> Vec<u8> {
    let mut document = Automerge::new().with_actor(actor.into());
    let mut transaction = document.transaction();
    write(&mut transaction);
    transaction.commit_with(CommitOptions::default());
    document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

/// The same with the actor that belongs to it, so that only its content can be at fault.
fn foreign_claimed(write: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> Vec<u8> {
    claim_actor(&foreign(&[0; 16], write)).unwrap()
}

/// The document shows the honest change alone, and the other is refused for that reason.
fn assert_refused(raw: &[u8], refusal: Refusal) {
    let honest = create(&Kind::ENTRY, &entry("Calm."), actor(1)).unwrap();
    for changes in [[raw, &honest.raw], [&honest.raw, raw]] {
        let seen = materialise(&changes);
        let at = usize::from(changes[0] == honest.raw);
        assert_eq!(seen.refused, [(at, refusal)]);
        assert_eq!(seen.projection, honest.projection);
        assert_eq!(seen.revision, honest.revision);
    }
}

#[test]
fn eleven_bytes_that_panic_automerge_are_refused_and_would_be_contained() {
    // No dependencies, an actor nobody knows, its twelfth change, first operation 1, nothing else.
    let body = [0, 3, 0xaa, 0xbb, 0xcc, 12, 1, 0, 0, 0, 0];
    let raw = wrap(&body);
    assert_eq!(
        contain(|| apply_unguarded(&raw)),
        None,
        "Automerge no longer panics over this"
    );
    assert_refused(&raw, Refusal::Malformed);
}

#[test]
fn a_compressed_bomb_is_refused_without_being_inflated() {
    let mut bomb = foreign(&[7; 16], |transaction| {
        transaction
            .put(ROOT, "body", "a".repeat(3_000_000))
            .unwrap();
    });
    let mut change = automerge::Change::from_bytes(bomb.clone()).unwrap();
    let packed = change.bytes().into_owned();
    assert!(packed.len() < bomb.len() / 500, "{}", packed.len());
    assert_refused(&packed, Refusal::Compressed);
    assert_refused(&bomb, Refusal::TooLarge);
    bomb.truncate(1_000);
    assert_refused(&bomb, Refusal::Malformed);
}

#[test]
fn a_compressed_column_is_refused() {
    let raw = foreign_claimed(|transaction| {
        transaction.put(ROOT, "body", "short").unwrap();
    });
    let at = raw.windows(2).rposition(|pair| pair[0] == 0x57).unwrap();
    let mut body = raw[10..].to_vec();
    body[at - 10] |= 8;
    assert_refused(&claim_actor(&wrap(&body)).unwrap(), Refusal::Malformed);
}

#[test]
fn a_billion_operations_in_a_few_bytes_are_refused_at_once() {
    // One column: the action "set" (1), a billion times.
    let mut body = vec![0, 16];
    body.extend([0; 16]);
    body.extend([1, 1, 0, 0, 0, 1, 0x42, 6]);
    body.extend([0x80, 0x94, 0xeb, 0xdc, 0x03, 1]);
    assert_refused(
        &claim_actor(&wrap(&body)).unwrap(),
        Refusal::TooManyOperations,
    );
}

#[test]
fn a_long_name_repeated_for_every_operation_is_refused() {
    // 200,000 operations on a field whose name has 100,000 bytes: 20 GB once written out.
    let mut body = vec![0, 16];
    body.extend([0; 16]);
    let mut key = vec![0xc0, 0x9a, 0x0c, 0xa0, 0x8d, 0x06];
    key.extend(vec![b'k'; 100_000]);
    body.extend([1, 1, 0, 0, 0, 2, 0x15]);
    super::super::column::write_unsigned(key.len() as u64, &mut body);
    body.extend([0x42, 4]);
    body.extend(key);
    body.extend([0xc0, 0x9a, 0x0c, 1]);
    assert_refused(
        &claim_actor(&wrap(&body)).unwrap(),
        Refusal::TooManyOperations,
    );
}

#[test]
fn bytes_that_are_no_change_are_refused_for_what_they_are() {
    let honest = create(&Kind::ENTRY, &entry("Other."), actor(2))
        .unwrap()
        .raw;
    let mut longer = honest.clone();
    longer.push(0);
    let mut damaged = honest.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let mut extra = honest[HEADER..].to_vec();
    extra.push(0);
    assert_refused(b"hello, these are no bytes of ours", Refusal::NotAChange);
    assert_refused(&[], Refusal::Malformed);
    assert_refused(&honest[..40], Refusal::Malformed);
    assert_refused(&longer, Refusal::TrailingBytes);
    assert_refused(&damaged, Refusal::WrongChecksum);
    assert_refused(&wrap(&extra), Refusal::TrailingBytes);
    assert_refused(&vec![0; CHANGE_LIMIT + 1], Refusal::TooLarge);
    let document = apply_and_save(&honest);
    assert_refused(&document, Refusal::NotAChange);
}

fn apply_and_save(raw: &[u8]) -> Vec<u8> {
    let mut document = Automerge::new();
    document
        .apply_changes([automerge::Change::from_bytes(raw.to_vec()).unwrap()])
        .unwrap();
    document.save()
}

#[test]
fn nobody_can_write_under_another_changes_actor() {
    let honest = create(&Kind::ENTRY, &entry("Calm."), actor(1)).unwrap();
    let stolen = inspect(&honest.raw).unwrap().actor;
    for id in [*stolen.as_bytes(), [9; 16]] {
        let forged = foreign(&id, |transaction| {
            transaction.put(ROOT, "body", "overwritten").unwrap();
        });
        assert_refused(&forged, Refusal::ForgedActor);
    }
}

#[test]
fn a_second_change_of_one_actor_is_refused() {
    let mut document = Automerge::new().with_actor([5_u8; 16].into());
    for n in 0..2 {
        let mut transaction = document.transaction();
        transaction.put(ROOT, "n", n).unwrap();
        transaction.commit();
    }
    let second = document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec();
    assert_eq!(inspect(&second), Err(Refusal::ForgedActor));
    let mut body = second[10..].to_vec();
    let at = 1 + 32 + 1;
    body[at..at + 16].fill(0);
    assert_eq!(
        inspect(&claim_actor(&wrap(&body)).unwrap()),
        Err(Refusal::ForgedActor)
    );
}

#[test]
fn operations_numbered_far_ahead_are_refused() {
    let raw = foreign_claimed(|transaction| {
        transaction.put(ROOT, "body", "x").unwrap();
    });
    // Dependencies 1 byte, actor 17, sequence 1, then the first operation.
    for number in [0x00, 0x02, 0x7f] {
        let mut body = raw[10..].to_vec();
        body[19] = number;
        assert_refused(&claim_actor(&wrap(&body)).unwrap(), Refusal::WrongStart);
    }
    let mut body = raw[10..].to_vec();
    body.splice(19..20, [0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert_refused(&claim_actor(&wrap(&body)).unwrap(), Refusal::WrongStart);
}

#[test]
fn a_reference_to_an_actor_that_is_not_before_it_is_refused() {
    let honest = create(&Kind::ENTRY, &entry("Calm."), actor(1)).unwrap();
    let stranger = create(&Kind::ENTRY, &entry("Strange."), actor(2)).unwrap();
    let mut document = Automerge::new();
    let changes =
        [&honest.raw, &stranger.raw].map(|raw| automerge::Change::from_bytes(raw.clone()).unwrap());
    document.apply_changes(changes).unwrap();
    let mut at_honest = document.fork().with_actor([0_u8; 16].into());
    let mut transaction = at_honest.transaction();
    transaction.put(ROOT, "title", "both overwritten").unwrap();
    transaction.commit();
    let both = at_honest
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec();
    let both = claim_actor(&both).unwrap();
    assert_eq!(
        materialise(&[&honest.raw, &stranger.raw, &both]).refused,
        []
    );
    // Without its dependencies the reference leads nowhere.
    let at = both.len() - HEADER - both[HEADER..].len() + HEADER;
    let mut body = both[at..].to_vec();
    body.splice(0..65, [0]);
    let actor_and_seq = 1 + 17 + 1;
    body[actor_and_seq] = 1;
    body[2..18].fill(0);
    assert_refused(&claim_actor(&wrap(&body)).unwrap(), Refusal::UnknownActor);
}

#[test]
fn fields_nested_without_end_are_refused() {
    let deep = foreign_claimed(|transaction| {
        let mut object = ROOT;
        for _ in 0..5_000 {
            object = transaction.put_object(&object, "in", ObjType::Map).unwrap();
        }
    });
    assert_refused(&deep, Refusal::TooDeep);
}

#[test]
fn what_builds_on_a_refused_change_is_refused_and_the_rest_goes_on() {
    let mut phone = Replica::with_entry("Calm.");
    let deep = {
        let base = automerge::Change::from_bytes(phone.changes[0].clone()).unwrap();
        let mut document = Automerge::new();
        document.apply_changes([base]).unwrap();
        document.set_actor([0_u8; 16].into());
        let mut transaction = document.transaction();
        let mut object = ROOT;
        for _ in 0..40 {
            object = transaction.put_object(&object, "in", ObjType::Map).unwrap();
        }
        transaction.commit();
        let bad = claim_actor(document.get_last_local_change().unwrap().raw_bytes()).unwrap();
        let mut document = Automerge::new();
        let changes = [&phone.changes[0], &bad]
            .map(|raw| automerge::Change::from_bytes(raw.clone()).unwrap());
        document.apply_changes(changes).unwrap();
        document.set_actor([0_u8; 16].into());
        let mut transaction = document.transaction();
        transaction.put(ROOT, "title", "on top").unwrap();
        transaction.commit();
        let on_top = claim_actor(document.get_last_local_change().unwrap().raw_bytes()).unwrap();
        [bad, on_top]
    };
    phone.edit(set("title", json!("Honest"))).unwrap();
    let good = phone.shows();
    phone.changes.splice(1..1, deep);
    let seen = phone.shows();
    assert_eq!(
        seen.refused,
        [(1, Refusal::TooDeep), (2, Refusal::BuildsOnRefused)]
    );
    assert_eq!(
        (&seen.projection, &seen.revision),
        (&good.projection, &good.revision)
    );
    let made = phone.edit(set("mood", json!(7))).unwrap();
    assert_eq!(
        (made.projection["title"].as_str(), made.deps.len()),
        (Some("Honest"), 1)
    );
}

#[test]
fn values_that_we_never_write_are_shown_somehow_and_left_alone() {
    let odd = foreign_claimed(|transaction| {
        use automerge::ScalarValue;
        transaction
            .put(ROOT, "bytes", ScalarValue::Bytes(vec![1, 255]))
            .unwrap();
        transaction
            .put(ROOT, "when", ScalarValue::Timestamp(-5))
            .unwrap();
        transaction
            .put(ROOT, "count", ScalarValue::counter(3))
            .unwrap();
        transaction.put(ROOT, "nan", f64::NAN).unwrap();
    });
    let mut phone = Replica {
        changes: vec![odd],
        next_actor: 1,
    };
    let expected = fields(json!({"bytes": "01ff", "when": -5, "count": 3, "nan": null}));
    assert_eq!(phone.shows().projection, expected);
    let made = phone.edit(set("title", json!("Ours"))).unwrap();
    assert_eq!(
        inspect(&made.raw).unwrap().operations,
        3,
        "title, body and tags"
    );
}

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
    let good = materialise(&phone.changes);

    let reached = Cell::new(0);
    let refusals = RefCell::new(BTreeSet::new());
    let mutations = proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..4);
    let strategy = (any::<bool>(), mutations);
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(15_000)
    };
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[std::env::var("SEED").unwrap().parse().unwrap(); 32]);
    let mut runner = TestRunner::new_with_rng(config, seed);
    runner
        .run(&strategy, |(of_first, mutations)| {
            let bad = mutated(if of_first { &first } else { &victim }, &mutations);
            if phone.changes.contains(&bad) {
                return Ok(());
            }
            let mut changes = phone.changes.clone();
            changes.push(bad.clone());
            let seen = materialise(&changes);
            changes.reverse();
            let reversed = materialise(&changes);
            prop_assert_eq!(
                (&seen.projection, &seen.revision),
                (&reversed.projection, &reversed.revision)
            );
            prop_assert!(seen.refused.iter().all(|(at, _)| *at == changes.len() - 1));
if seen.refused.iter().any(|(_,r)| *r==Refusal::Unstable){eprintln!("UNSTABLE {}", data_encoding::HEXLOWER.encode(&bad));} for (_, r) in &seen.refused { *HIST.lock().unwrap().entry(*r).or_insert(0)+=1; }
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
                let made = edit(&Kind::ENTRY, &changes, &seen.revision, &target, actor(77));
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
    eprintln!("{:?} reached {}", HIST.lock().unwrap(), reached.get());
    let (reached, refusals) = (reached.get(), refusals.into_inner());
    assert!(reached > 50, "only {reached} mutations were accepted");
    for refusal in [Refusal::Malformed, Refusal::UnknownActor, Refusal::Breaks] {
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
        let seen = materialise(&[&claimed, &bytes]);
        prop_assert!(seen.refused.len() + seen.waiting.len() >= 1);
    }
}

static HIST: std::sync::Mutex<std::collections::BTreeMap<Refusal,u32>> = std::sync::Mutex::new(std::collections::BTreeMap::new());
