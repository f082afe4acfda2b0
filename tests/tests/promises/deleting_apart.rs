//! Deleting on several phones: what is deleted is in no file of anybody, and what somebody wrote without knowing of it
//! is lost nowhere.

use std::collections::{BTreeMap, BTreeSet};

use companion_core::WarningCode;
use companion_core::domain::Entry;
use companion_core::ports::random;
use companion_core::ports::testing::SeededRng;
use companion_core::protocol::change::SealedChange;
use companion_core::records::{NewAttachment, View};
use companion_core::testing::media::recording;
use companion_tests::{Fault, Node, Phone, World, raw_bytes};

fn house(world: &World, phones: usize) -> (Node, Vec<Phone>) {
    let clinic = world.clinic("Riverbank");
    let mut all = vec![clinic.with_patient("Ada")];
    while all.len() < phones {
        let next = all[0].second_phone();
        all.push(next);
    }
    (clinic, all)
}

fn all_sync(phones: &[Phone]) {
    for _ in 0..3 {
        for phone in phones {
            phone.sync_cleanly();
        }
    }
}

/// Exchanges everything, where nothing but what came back may be told.
fn syncs(phone: &Phone) {
    let report = phone.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    let is_known = |code| code == WarningCode::CameBack;
    assert!(
        report.warnings.iter().all(|warning| is_known(warning.code)),
        "{report:?}"
    );
}

fn all_told(phones: &[Phone]) {
    for _ in 0..3 {
        phones.iter().for_each(syncs);
    }
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    let (first, rest) = piece.split_first().unwrap();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| byte == first) {
        at += next + 1;
        if bytes[at..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// The end of each whole body of a phone's private space, as it is sealed: 32 bytes of the signature stand behind it.
fn sealed_pieces(phone: &Phone, of: companion_core::domain::DocumentId) -> Vec<Vec<u8>> {
    let store = phone.store();
    let spaces = store.read(|r| r.spaces()).unwrap();
    let mut pieces = Vec::new();
    for space in spaces {
        for row in store.read(|r| r.log_in_order(space.space)).unwrap() {
            let change = SealedChange::parse(&row.sealed).unwrap();
            if row.document == Some(of) && !change.is_bare() {
                let end = row.sealed.len() - 66 - 16;
                pieces.push(row.sealed[end - 32..end].to_vec());
            }
        }
    }
    pieces
}

#[test]
fn what_is_deleted_is_in_no_file_of_any_phone_and_none_of_the_server() {
    let world = World::in_memory(81);
    world.open_files();
    let (clinic, phones) = house(&world, 3);
    let ada = &phones[0];
    let words = "velvet-otter-hums";
    let kept = ada.write_privately("Kept, whatever goes.");
    let entry = ada.write_privately(&format!("The {words} at night."));
    let size = recording(90_000).len() as u64;
    let attached = ada.attach(
        entry.id,
        NewAttachment {
            size,
            ..NewAttachment::default()
        },
        &mut recording(90_000).as_slice(),
    );
    let attached = attached.unwrap();
    all_sync(&phones);
    let seen = phones[1].get::<Entry>(entry.id).unwrap();
    phones[1].rewrite(&seen, &format!("The {words} at night, and by day."));
    all_sync(&phones);
    let (_, one) = attached.content.attachments.iter().next().unwrap();
    let key = serde_json::to_value(one).unwrap()["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let blob = one.blob.unwrap().to_string();
    let pieces = sealed_pieces(ada, entry.id);
    assert!(pieces.len() >= 3, "{}", pieces.len());
    for phone in &phones {
        let raw = phone.raw_bytes();
        assert!(holds(&raw, words.as_bytes()) && holds(&raw, key.as_bytes()));
        assert!(pieces.iter().all(|piece| holds(&raw, piece)));
    }
    world.server().stop();
    let before = raw_bytes(&world.server().data());
    assert!(pieces.iter().all(|piece| holds(&before, piece)));
    world.server().start();

    phones[2].delete::<Entry>(entry.id).unwrap();
    all_sync(&phones);
    for phone in &phones {
        phone.rebuild().unwrap();
        let raw = phone.raw_bytes();
        assert!(
            !holds(&raw, words.as_bytes()),
            "the words, at {}",
            phone.name()
        );
        assert!(!holds(&raw, b"otter"), "a word of the index");
        assert!(!holds(&raw, key.as_bytes()), "the key of the recording");
        let left = pieces.iter().filter(|piece| holds(&raw, piece)).count();
        assert_eq!(left, 0, "bodies, at {}", phone.name());
        assert_eq!(phone.texts(), ["Kept, whatever goes."]);
        let check = phone.check_record().unwrap();
        assert!(
            check.differing.is_empty() && check.quarantined.is_empty(),
            "{check:?}"
        );
        assert!(phone.status().unwrap().warnings.is_empty());
        let named = std::fs::read_dir(phone.folder().join("record.db.blobs")).unwrap();
        assert!(
            named
                .flatten()
                .all(|file| !file.file_name().to_string_lossy().starts_with(&blob))
        );
    }
    world.server().stop();
    let after = raw_bytes(&world.server().data());
    let left = pieces.iter().filter(|piece| holds(&after, piece)).count();
    assert_eq!(left, 0, "bodies at the server");
    assert!(!holds(&after, blob.as_bytes()), "the recording's file");
    world.server().start();

    // The history still holds for whoever comes anew, and nothing is missed.
    let fourth = phones[0].second_phone();
    assert_eq!(fourth.texts(), ["Kept, whatever goes."]);
    assert!(fourth.status().unwrap().warnings.is_empty());
    assert_eq!(
        fourth.get::<Entry>(kept.id).unwrap().content.body,
        "Kept, whatever goes."
    );
    drop(clinic);
}

#[test]
fn what_is_deleted_is_gone_from_the_phone_at_once_and_without_a_network() {
    let world = World::in_memory(84);
    world.open_files();
    let (_clinic, phones) = house(&world, 1);
    let ada = &phones[0];
    let entry = ada.write_privately("The velvet otter at night.");
    all_sync(&phones);
    assert!(holds(&ada.raw_bytes(), b"otter"));
    ada.faults().always(Fault::DropRequest);
    ada.delete::<Entry>(entry.id).unwrap();
    assert!(!holds(&ada.raw_bytes(), b"otter"));
}

#[test]
fn a_server_that_was_restored_lets_go_again_of_what_was_deleted_since() {
    let world = World::in_memory(82);
    let (clinic, phones) = house(&world, 2);
    let entry = phones[0].write_privately("Better forgotten, all of it.");
    all_sync(&phones);
    let pieces = sealed_pieces(&phones[0], entry.id);
    let backup = world.server().backup();
    phones[1].delete::<Entry>(entry.id).unwrap();
    all_sync(&phones);
    world.server().restore(&backup);
    let stored = || world.server().stored_changes().concat();
    assert!(pieces.iter().all(|piece| holds(&stored(), piece)));
    for _ in 0..3 {
        for phone in &phones {
            phone.sync().unwrap();
        }
        clinic.sync().unwrap();
    }
    assert!(pieces.iter().all(|piece| !holds(&stored(), piece)));
    for phone in &phones {
        assert!(phone.texts().is_empty());
        assert!(phone.get::<Entry>(entry.id).is_err());
    }
}

#[test]
fn the_first_phone_drops_what_a_phone_wrote_that_is_gone_and_nobody_is_accused() {
    let world = World::in_memory(83);
    let (_clinic, mut phones) = house(&world, 3);
    let lost = phones.remove(1);
    let entry = lost.write_privately("Better forgotten, all of it.");
    lost.sync_cleanly();
    all_sync(&phones);
    let pieces = sealed_pieces(&phones[0], entry.id);
    phones[0].remove_device(lost.member()).unwrap();
    all_sync(&phones);
    // The one that came last deletes; it may drop nobody's bodies but its own.
    phones[1].delete::<Entry>(entry.id).unwrap();
    phones[1].sync_cleanly();
    let stored = || world.server().stored_changes().concat();
    assert!(pieces.iter().all(|piece| holds(&stored(), piece)));
    all_sync(&phones);
    assert!(!pieces.is_empty() && pieces.iter().all(|piece| !holds(&stored(), piece)));
    for phone in &phones {
        assert!(phone.texts().is_empty());
        let warned = phone.status().unwrap().warnings;
        let dropped = |code: &Option<WarningCode>| *code == Some(WarningCode::Dropped);
        assert!(
            !warned.iter().any(|warning| dropped(&warning.code)),
            "{warned:?}"
        );
    }
}

#[test]
fn a_phone_that_is_killed_at_any_request_of_a_deletion_goes_on_with_it() {
    for cut in 0..6 {
        let world = World::in_memory(90 + cut);
        let (_clinic, mut phones) = house(&world, 2);
        let entry = phones[0].write_privately("Better forgotten, all of it.");
        all_sync(&phones);
        let pieces = sealed_pieces(&phones[0], entry.id);
        phones[1].delete::<Entry>(entry.id).unwrap();
        phones[1].sync_cleanly();
        for side in [0, 1] {
            let mut asked = 0;
            phones[side].faults().script(move |_, _| {
                asked += 1;
                match asked > cut {
                    true => Fault::DropAnswer,
                    false => Fault::None,
                }
            });
            drop(phones[side].sync());
            phones[side].faults().heal();
            phones[side].kill();
        }
        all_sync(&phones);
        let stored = world.server().stored_changes().concat();
        assert!(
            pieces.iter().all(|piece| !holds(&stored, piece)),
            "cut after {cut}"
        );
        assert!(phones.iter().all(|phone| phone.texts().is_empty()));
        assert!(
            phones
                .iter()
                .all(|phone| phone.status().unwrap().warnings.is_empty())
        );
    }
}

/// Everything that an entry says, in any of its wordings.
fn all_it_says(view: &View<Entry>) -> String {
    let apart = view.apart.iter().flat_map(|apart| apart.wordings.clone());
    std::iter::once(view.content.body.clone())
        .chain(apart)
        .collect::<Vec<_>>()
        .join(" ")
}

fn tokens(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| word.starts_with("tok"))
        .map(str::to_owned)
        .collect()
}

fn on(phone: &Phone) -> BTreeSet<String> {
    phone
        .entries()
        .iter()
        .flat_map(|view| tokens(&all_it_says(view)))
        .collect()
}

#[test]
fn whatever_phones_write_and_delete_apart_no_word_is_lost_that_nobody_deleted_and_deleted_ones_are_nowhere()
 {
    let seeds = std::env::var("SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(6_u64);
    for seed in 0..seeds {
        three_phones_apart(seed);
    }
}

fn three_phones_apart(seed: u64) {
    let world = World::in_memory(1_000 + seed);
    world.open_files();
    let (_clinic, phones) = house(&world, 3);
    let rng = SeededRng::new(seed);
    let below = |n: usize| usize::from(random::<2>(&rng)[0]) % n;
    phones[0].write_privately("tok0x here.");
    all_sync(&phones);
    let (mut written, mut deleted) = (1, BTreeSet::new());
    let mut log: BTreeMap<usize, String> = BTreeMap::new();
    for step in 0..14 {
        let who = below(3);
        let phone = &phones[who];
        let entries = phone.entries();
        let what = below(6);
        log.insert(step, format!("{who} does {what}"));
        match (what, entries.is_empty()) {
            (0 | 1, false) => {
                let view = &entries[below(entries.len())];
                let token = format!("tok{written}x");
                written += 1;
                phone.rewrite(view, &format!("{} And {token}.", view.content.body));
            }
            (2, false) => {
                let view = &entries[below(entries.len())];
                deleted.extend(tokens(&all_it_says(view)));
                phone.delete::<Entry>(view.id).unwrap();
            }
            (0..=3, _) => {
                phone.write_privately(&format!("tok{written}x is new."));
                written += 1;
            }
            _ => syncs(phone),
        }
    }
    all_told(&phones);
    let everything = on(&phones[0]);
    let told = |phone: &Phone| {
        let warnings = phone.status().unwrap().warnings;
        warnings
            .iter()
            .map(|warning| (warning.code, warning.detail.clone()))
            .collect::<Vec<_>>()
    };
    for phone in &phones {
        // What is back is told on every phone alike, and nothing else is.
        assert_eq!(told(phone), told(&phones[0]), "seed {seed}");
        let is_known = |(code, _): &(_, _)| *code == Some(WarningCode::CameBack);
        assert!(told(phone).iter().all(is_known), "seed {seed}");
        assert_eq!(on(phone), everything, "seed {seed}: {log:?}");
        for number in 0..written {
            let token = format!("tok{number}x");
            assert!(
                deleted.contains(&token) || everything.contains(&token),
                "seed {seed}: {token} is lost: {log:?}, {everything:?}"
            );
        }
        let check = phone.check_record().unwrap();
        assert!(
            check.differing.is_empty() && check.quarantined.is_empty(),
            "seed {seed}: {check:?}"
        );
        let raw = phone.raw_bytes();
        for gone in deleted.difference(&everything) {
            assert!(
                !holds(&raw, gone.as_bytes()),
                "seed {seed}: {gone} is left: {log:?}"
            );
        }
    }
    // And in the end all of it can go.
    for view in phones[1].entries() {
        phones[1].delete::<Entry>(view.id).unwrap();
    }
    all_told(&phones);
    for phone in &phones {
        assert!(phone.texts().is_empty(), "seed {seed}");
        assert!(phone.status().unwrap().warnings.is_empty(), "seed {seed}");
        let raw = phone.raw_bytes();
        for number in 0..written {
            let token = format!("tok{number}x");
            assert!(
                !holds(&raw, token.as_bytes()),
                "seed {seed}: {token}: {log:?}"
            );
        }
        phone.rebuild().unwrap();
        assert!(phone.texts().is_empty());
        // Of each document that is gone only headers are left.
        let store = phone.store();
        for space in store.read(|r| r.spaces()).unwrap() {
            for row in store.read(|r| r.log_in_order(space.space)).unwrap() {
                let is_whole = !SealedChange::parse(&row.sealed).unwrap().is_bare();
                let is_here = row
                    .document
                    .map(|id| store.read(|r| r.item(id)).unwrap().is_some());
                assert!(!is_whole || is_here != Some(false), "seed {seed}: {row:?}");
            }
        }
    }
}
