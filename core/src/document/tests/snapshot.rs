//! A document that begins with a snapshot is the document that all its changes give, or an error.

use proptest::prelude::*;
use serde_json::json;

use super::super::assemble::{Start, assemble};
use super::super::chunk::{claim_actor, wrap};
use super::super::{
    DocumentError, MadeBy, Refusal, Snapshot, SnapshotError, inspect, materialize_history, snapshot,
};
use super::*;

fn snapshot_of(changes: &[Vec<u8>]) -> Vec<u8> {
    let whole = assemble(Start::default(), changes, MadeBy::Anybody);
    snapshot::write(&whole.checked, &whole.graph).unwrap()
}

/// The changes that a snapshot does not hold.
fn outside(snapshot: &[u8], changes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let included = Snapshot::included(snapshot).unwrap();
    let is_outside = |raw: &&Vec<u8>| inspect(raw).is_ok_and(|i| !included.contains(&i.hash));
    let odd = |raw: &&Vec<u8>| inspect(raw).is_err();
    let kept = changes.iter().filter(|raw| is_outside(raw) || odd(raw));
    kept.cloned().collect()
}

fn edited(times: usize) -> Replica {
    let mut phone = Replica::with_entry("One.");
    for n in 0..times {
        phone.edit(set("body", json!(format!("One. And {n}."))));
    }
    phone
}

#[test]
fn a_snapshot_is_offered_once_enough_has_come_together() {
    let phone = edited(8);
    assert_eq!(materialize(&phone.changes[..8]).snapshot, None);
    let offered = phone.shows().snapshot.unwrap();
    assert_eq!(Snapshot::included(&offered).unwrap().len(), 9);
    let made = edited(8).edit(set("mood", json!(7))).unwrap();
    assert_eq!(made.snapshot.as_ref(), Some(&offered));
    let history = History {
        snapshot: Some(&offered),
        changes: &[made.raw],
        made_by: MadeBy::Anybody,
    };
    let seen = materialize_history(history).unwrap();
    assert_eq!(seen.snapshot, None, "the one before is good enough");
    assert_eq!(seen.projection, made.projection);
}

#[test]
fn a_snapshot_grows_from_the_one_before() {
    let phone = edited(20);
    let first = snapshot_of(&phone.changes[..10]);
    let rest = outside(&first, &phone.changes);
    let history = History {
        snapshot: Some(&first),
        changes: &rest,
        made_by: MadeBy::Anybody,
    };
    let second = materialize_history(history).unwrap().snapshot.unwrap();
    assert_eq!(Snapshot::included(&second).unwrap().len(), 21);
    let history = History::<Vec<u8>> {
        snapshot: Some(&second),
        changes: &[],
        made_by: MadeBy::Anybody,
    };
    let seen = materialize_history(history).unwrap();
    assert_eq!(seen.projection, phone.shows().projection);
    assert_eq!(seen.revision, phone.shows().revision);
}

#[test]
fn changes_that_a_snapshot_holds_already_may_be_given_again() {
    let phone = edited(3);
    let snapshot = snapshot_of(&phone.changes[..2]);
    let history = History {
        snapshot: Some(&snapshot),
        changes: &phone.changes,
        made_by: MadeBy::Anybody,
    };
    let seen = materialize_history(history).unwrap();
    assert_eq!((seen.refused, seen.waiting), (vec![], vec![]));
    assert_eq!(seen.projection, phone.shows().projection);
}

#[test]
fn a_damaged_snapshot_is_an_error_and_never_another_document() {
    let phone = edited(3);
    let good = snapshot_of(&phone.changes);
    let none: &[Vec<u8>] = &[];
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        let expected = if at < 8 {
            SnapshotError::NotASnapshot
        } else {
            SnapshotError::Damaged
        };
        let history = History {
            snapshot: Some(&*bad),
            changes: none,
            made_by: MadeBy::Anybody,
        };
        assert_eq!(Snapshot::included(&bad), Err(expected));
        assert_eq!(materialize_history(history).err(), Some(expected));
        let made = edit(&ENTRY, history, &phone.revision(), &entry("x"), actor(5));
        assert_eq!(made, Err(DocumentError::Snapshot(expected)));
    }
    for length in 0..good.len() {
        assert!(Snapshot::included(&good[..length]).is_err());
    }
}

/// The same content with a checksum that fits.
fn sealed(content: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let mut bytes = b"kapdoc\x00\x01".to_vec();
    bytes.extend(Sha256::digest(content));
    bytes.extend(content);
    bytes
}

#[test]
fn a_snapshot_whose_parts_do_not_fit_is_an_error() {
    let phone = edited(2);
    let good = snapshot_of(&phone.changes);
    let older = snapshot_of(&phone.changes[..2]);
    let header = |snapshot: &[u8]| {
        let saved = snapshot
            .windows(4)
            .position(|w| w == [0x85, 0x6f, 0x4a, 0x83]);
        saved.unwrap()
    };
    let (at, older_at) = (header(&good), header(&older));
    let mixed = [&good[40..at], &older[older_at..]].concat();
    let no_document = good[40..at].to_vec();
    let mut other_hash = good[40..].to_vec();
    other_hash[1 + 2 * 32] ^= 1;
    let mut loop_in_deps = good[40..].to_vec();
    // The first change: actor, last operation, no dependencies; now one, upon the second.
    loop_in_deps.splice(1 + 3 * 32 + 17..1 + 3 * 32 + 18, [1, 1]);
    for content in [
        &[][..],
        &[9],
        &mixed,
        &no_document,
        &other_hash,
        &loop_in_deps,
    ] {
        let history = History::<Vec<u8>> {
            snapshot: Some(&sealed(content)),
            changes: &[],
            made_by: MadeBy::Anybody,
        };
        assert_eq!(
            materialize_history(history).err(),
            Some(SnapshotError::Inconsistent)
        );
    }
    assert_eq!(sealed(&good[40..]), good);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A replica edits what it showed some steps ago.
    Edit(usize, u8, usize),
    Hear(usize),
    /// Somebody sends one of the changes of [`hostile`].
    Attack(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..2_usize, any::<u8>(), 0..3_usize).prop_map(|(r, n, ago)| Step::Edit(r, n, ago)),
        2 => (0..2_usize).prop_map(Step::Hear),
        1 => (0..8_usize).prop_map(Step::Attack),
    ]
}

/// Changes that are refused on every level, upon a change of the document where they can be.
fn hostile(n: usize, changes: &[Vec<u8>]) -> Vec<u8> {
    let first = &changes[0];
    let last = changes.last().unwrap();
    match n {
        0 => super::hostile::deep_and_on_top(first)[0].clone(),
        1 => super::hostile::deep_and_on_top(first)[1].clone(),
        2 => data_encoding::HEXLOWER
            .decode(super::hostile::UNSTABLE.as_bytes())
            .unwrap(),
        3 => last[..last.len() / 2].to_vec(),
        // An operation's number that does not fit, and damage inside.
        4 | 5 => {
            let mut body = last[11..].to_vec();
            let at = if n == 4 { 50 } else { body.len() * 2 / 3 };
            let at = at.min(body.len() - 1);
            body[at] ^= 2;
            claim_actor(&wrap(&body)).unwrap_or_else(|_| wrap(&body))
        }
        // Another first change, which one may send.
        _ => super::hostile::foreign_claimed(|transaction| {
            use automerge::transaction::Transactable as _;
            transaction.put(automerge::ROOT, "title", "theirs").unwrap();
        }),
    }
}

/// What became of each change that was not taken, by its bytes.
fn left_out(seen: &Materialized, changes: &[Vec<u8>]) -> Vec<(Vec<u8>, Option<Refusal>)> {
    let refused = seen.refused.iter().map(|(at, why)| (*at, Some(*why)));
    let waiting = seen.waiting.iter().map(|at| (*at, None));
    let mut all: Vec<_> = refused
        .chain(waiting)
        .map(|(at, why)| (changes[at].clone(), why))
        .collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_snapshot_of_any_part_changes_nothing(
        steps in proptest::collection::vec(step(), 2..14),
        inside in any::<u32>(),
        base in any::<usize>(),
    ) {
        let first = Replica::with_entry("One. Two.");
        let mut replicas = [first.copy(1_000), first.copy(2_000)];
        let mut screens = vec![first.shows()];
        let mut attacks = Vec::new();
        for step in &steps {
            match *step {
                Step::Edit(r, n, ago) => {
                    let at = screens.len().saturating_sub(1 + ago);
                    let seen = screens[at].clone();
                    let is_known = |head: &crate::domain::ChangeHash| {
                        let mut raws = replicas[r].changes.iter();
                        raws.any(|raw| inspect(raw).is_ok_and(|info| info.hash == *head))
                    };
                    if !seen.revision.heads().iter().all(is_known) {
                        continue;
                    }
                    let body = seen.projection["body"].as_str().unwrap();
                    let body = format!("{n} {body}");
                    replicas[r].edit_at(&seen, set("body", json!(body)));
                    screens.push(replicas[r].shows());
                }
                Step::Hear(r) => {
                    let other = replicas[1 - r].copy(0);
                    replicas[r].receive(&other);
                    screens.push(replicas[r].shows());
                }
                Step::Attack(n) => attacks.push(hostile(n, &replicas[0].changes)),
            }
        }
        let mut all = replicas[0].copy(3_000);
        all.receive(&replicas[1]);
        for attack in attacks {
            if !all.changes.contains(&attack) {
                all.changes.push(attack);
            }
        }
        let changes = &all.changes;
        let is_inside = |at: usize| at == 0 || inside >> (at % 32) & 1 == 1;
        let part: Vec<_> = (0..changes.len())
            .filter(|at| is_inside(*at))
            .map(|at| changes[at].clone())
            .collect();
        let snapshot = snapshot_of(&part);
        let rest = outside(&snapshot, changes);
        let history = History { snapshot: Some(&snapshot), changes: &rest, made_by: MadeBy::Anybody };

        let (with, without) = (materialize_history(history).unwrap(), materialize(changes));
        prop_assert_eq!(&with.projection, &without.projection);
        prop_assert_eq!(&with.revision, &without.revision);
        prop_assert_eq!(left_out(&with, &rest), left_out(&without, changes));

        screens.push(without);
        let seen = &screens[base % screens.len()];
        let mut target = seen.projection.clone();
        target.insert("body".into(), json!("One. Two. Three."));
        target.insert("mood".into(), json!(7));
        let made = |history| {
            let made = edit(&ENTRY, history, &seen.revision, &target, actor(9));
            made.map(|made| made.map(|made| NewChange { snapshot: None, ..made }))
        };
        let (with, without) = (made(history), made(History::of(changes)));
        prop_assert!(with.is_ok(), "{:?}", with);
        prop_assert_eq!(with, without);
    }
}

#[test]
fn changes_of_our_own_give_the_same_without_the_check_that_they_survive_saving() {
    let mut changes = Vec::new();
    let mut seen = Revision::default();
    for n in 0..12_u8 {
        let fields =
            json!({"title": "A day", "body": format!("Line {n}.\n").repeat(usize::from(n) + 1)});
        let fields = fields.as_object().unwrap();
        let actor = ActorId::new([n + 1; 16]);
        let made = match n {
            0 => create(&ENTRY, fields, actor).unwrap(),
            _ => edit(&ENTRY, History::of(&changes), &seen, fields, actor)
                .unwrap()
                .unwrap(),
        };
        seen = made.revision;
        changes.push(made.raw);
    }
    let target = json!({"title": "A day", "body": "Over."});
    let made = |made_by| {
        let history = History {
            made_by,
            ..History::of(&changes)
        };
        let target = target.as_object().unwrap();
        edit(&ENTRY, history, &seen, target, ActorId::new([99; 16]))
            .unwrap()
            .unwrap()
    };
    let (ours, anybodys) = (made(MadeBy::Us), made(MadeBy::Anybody));
    assert_eq!(ours, anybodys);
    assert!(ours.snapshot.is_some());
}
