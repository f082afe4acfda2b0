//! What was shared and is taken back: its bodies go from the server and from the patient's phones, and from the clinic
//! as well where nobody opened it. That it was withdrawn stays to be seen, and no word is lost.

use companion_core::domain::{DocumentId, Entry};
use companion_core::protocol::change::SealedChange;
use companion_core::records::{Reached, RecordCheck};
use companion_core::{CoreError, NotNow};
use companion_tests::{Canary, Node, Phone, World};

/// What the server holds more of than before.
fn stored_since(world: &World, before: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut now = world.server().stored_changes();
    now.retain(|one| !before.contains(one));
    now
}

/// Whether some bytes of what was sealed stand somewhere.
fn holds(place: &[u8], sealed: &[u8]) -> bool {
    let from = sealed.len() - 200;
    let run = &sealed[from..from + 32];
    place.windows(run.len()).any(|window| window == run)
}

/// Shares words that reach the server and nobody else; gives their bodies there.
fn shared(world: &World, ada: &Phone, words: &str) -> (DocumentId, Vec<Vec<u8>>) {
    ada.sync_cleanly();
    let before = world.server().stored_changes();
    let first = ada.write(words);
    let edited = ada.rewrite(&first, &format!("{words}, still"));
    ada.sync_cleanly();
    let sealed = stored_since(world, &before);
    assert_eq!(sealed.len(), 2);
    (edited.id, sealed)
}

fn all_sync(people: &[&Phone], clinic: &Node) {
    for _ in 0..3 {
        for phone in people {
            phone.sync_cleanly();
        }
        clinic.sync_cleanly();
    }
}

fn only_headers_are_left(world: &World, sealed: &[Vec<u8>]) {
    let stored = world.server().stored_changes();
    for change in sealed {
        let bare = SealedChange::parse(change).unwrap().bare();
        assert!(!stored.contains(change), "the body is still there");
        assert!(stored.iter().any(|one| one == bare.bytes()));
    }
}

fn is_shown_as_withdrawn(clinic: &Node, ada: &Phone, id: DocumentId) {
    assert!(clinic.texts_of(ada).is_empty());
    let withdrawn: Vec<_> = clinic.withdrawn_of(ada).iter().map(|one| one.id).collect();
    assert_eq!(withdrawn, [id]);
    let asked = clinic.open_shared::<Entry>(ada.record.unwrap(), id, "Maya");
    let is_withdrawn = |error: &CoreError| {
        matches!(
            error,
            CoreError::NotNow(NotNow::Withdrawn { .. } | NotNow::Deleted)
        )
    };
    let error = asked.unwrap_err();
    assert!(is_withdrawn(&error), "{error:?}");
}

fn checks_out(record: &RecordCheck) {
    assert!(record.differing.is_empty(), "{record:?}");
    assert!(record.quarantined.is_empty(), "{record:?}");
}

#[test]
fn what_nobody_opened_is_let_go_of_everywhere_once_it_is_taken_back() {
    for is_deleted in [false, true] {
        let world = World::in_memory(140);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let words = Canary::new("velvet-otter-hums");
        let (id, sealed) = shared(&world, &ada, words.words());
        all_sync(&[&ada, &tablet], &clinic);
        assert!(words.found_in(&clinic.plain_bytes()).is_some());
        let back = match is_deleted {
            true => ada.delete::<Entry>(id).map(|()| None).unwrap(),
            false => Some(ada.withdraw::<Entry>(id).unwrap().id),
        };
        all_sync(&[&ada, &tablet], &clinic);
        only_headers_are_left(&world, &sealed);
        is_shown_as_withdrawn(&clinic, &ada, id);
        let at_the_clinic = clinic.plain_bytes();
        assert_eq!(words.found_in(&at_the_clinic), None);
        for change in &sealed {
            assert!(!holds(&at_the_clinic, change));
            for phone in [&ada, &tablet] {
                assert!(!holds(&phone.plain_bytes(), change));
            }
        }
        for phone in [&ada, &tablet] {
            let texts = phone.texts();
            match back {
                Some(back) => {
                    assert_eq!(texts, [format!("{}, still", words.words())]);
                    // That it had reached the clinic is still known.
                    let remains = phone.what_remains::<Entry>(back).unwrap();
                    assert_eq!(remains.reached, Reached::Clinic);
                }
                None => {
                    assert!(texts.is_empty());
                    assert_eq!(words.found_in(&phone.plain_bytes()), None);
                }
            }
            phone.rebuild().unwrap();
            assert_eq!(phone.texts(), texts);
            checks_out(&phone.check_record().unwrap());
        }
        clinic.rebuild().unwrap();
        is_shown_as_withdrawn(&clinic, &ada, id);
        checks_out(&clinic.check_record().unwrap());
        // Nothing is left to be said.
        let before = world.server().stored_changes();
        all_sync(&[&ada, &tablet], &clinic);
        assert_eq!(world.server().stored_changes(), before);
    }
}

#[test]
fn what_somebody_opened_stays_at_the_clinic_sealed_and_not_shown() {
    let world = World::in_memory(141);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = Canary::new("velvet-otter-hums");
    let (id, sealed) = shared(&world, &ada, words.words());
    clinic.sync_cleanly();
    clinic
        .open_shared::<Entry>(ada.record.unwrap(), id, "Maya")
        .unwrap();
    all_sync(&[&ada], &clinic);
    let back = ada.withdraw::<Entry>(id).unwrap().id;
    all_sync(&[&ada], &clinic);
    only_headers_are_left(&world, &sealed);
    is_shown_as_withdrawn(&clinic, &ada, id);
    let kept = clinic.plain_bytes();
    assert!(sealed.iter().all(|change| holds(&kept, change)));
    clinic.rebuild().unwrap();
    is_shown_as_withdrawn(&clinic, &ada, id);
    checks_out(&clinic.check_record().unwrap());
    let remains = ada.what_remains::<Entry>(back).unwrap();
    assert_eq!(remains.reached, Reached::OpenedBefore);
}

#[test]
fn a_node_that_comes_late_reads_that_something_was_withdrawn_and_nothing_else_of_it() {
    let world = World::in_memory(142);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = Canary::new("velvet-otter-hums");
    let (id, _) = shared(&world, &ada, words.words());
    ada.withdraw::<Entry>(id).unwrap();
    for _ in 0..3 {
        ada.sync_cleanly();
    }
    clinic.sync_cleanly();
    is_shown_as_withdrawn(&clinic, &ada, id);
    assert_eq!(words.found_in(&clinic.plain_bytes()), None);
    clinic.rebuild().unwrap();
    is_shown_as_withdrawn(&clinic, &ada, id);
    checks_out(&clinic.check_record().unwrap());
}

#[test]
fn a_node_that_was_put_back_shows_no_words_that_were_withdrawn_since() {
    for was_opened in [false, true] {
        let world = World::in_memory(143);
        let mut clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let words = Canary::new("velvet-otter-hums");
        let (id, _) = shared(&world, &ada, words.words());
        clinic.sync_cleanly();
        if was_opened {
            clinic
                .open_shared::<Entry>(ada.record.unwrap(), id, "Maya")
                .unwrap();
            clinic.sync_cleanly();
        }
        let copy = clinic.copy();
        ada.withdraw::<Entry>(id).unwrap();
        all_sync(&[&ada], &clinic);
        clinic.put_back(&copy);
        assert_eq!(clinic.texts_of(&ada).len(), 1, "as it was in the backup");
        for _ in 0..3 {
            clinic.sync().unwrap();
            ada.sync().unwrap();
        }
        is_shown_as_withdrawn(&clinic, &ada, id);
        clinic.rebuild().unwrap();
        is_shown_as_withdrawn(&clinic, &ada, id);
        checks_out(&clinic.check_record().unwrap());
        let is_kept = words.found_in(&clinic.plain_bytes()).is_some();
        assert_eq!(is_kept, was_opened);
    }
}

#[test]
fn what_another_phone_wrote_meanwhile_is_private_and_whole() {
    for hears_late in [false, true] {
        let world = World::in_memory(144);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let (id, sealed) = shared(&world, &ada, "The lake");
        all_sync(&[&ada, &tablet], &clinic);
        ada.withdraw::<Entry>(id).unwrap();
        let written = tablet.get(id).unwrap();
        tablet.rewrite(&written, "The lake, still. And the boat.");
        // Either all is let go of before the tablet hears, or it hears of the withdrawal first.
        for _ in 0..if hears_late { 3 } else { 1 } {
            ada.sync_cleanly();
        }
        for _ in 0..3 {
            tablet.sync().unwrap();
            ada.sync().unwrap();
            clinic.sync_cleanly();
        }
        only_headers_are_left(&world, &sealed);
        is_shown_as_withdrawn(&clinic, &ada, id);
        for phone in [&ada, &tablet] {
            let texts = phone.texts();
            let is_whole = |text: &String| text == "The lake, still. And the boat.";
            assert!(texts.iter().any(is_whole), "{hears_late}: {texts:?}");
            phone.rebuild().unwrap();
            assert_eq!(phone.texts(), texts);
            checks_out(&phone.check_record().unwrap());
        }
    }
}
