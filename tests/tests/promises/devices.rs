//! Several devices of one patient: edits that merge, and a second phone.

use companion_core::domain::Entry;
use companion_core::patient::DeviceKind;
use companion_tests::{Insider, Phone, World};

/// Everything about a space that must be the same on every replica that has seen the same.
fn picture(
    store: &companion_core::testing::store::Store,
    purpose: &str,
    of: &Phone,
) -> Vec<String> {
    let space = Insider::of(of, purpose).space;
    let mut rows: Vec<String> = store
        .read(|r| r.items_of_space(space))
        .unwrap()
        .into_iter()
        .map(|row| {
            format!(
                "{} {} {:?} {}",
                row.document,
                row.kind.as_str(),
                row.revision,
                row.projection
            )
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn two_phones_edit_the_same_entry_offline_and_every_replica_ends_with_both_texts_in_the_same_bytes()
{
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write("Morning: fog.\n\nEvening: rain.");
    ada.sync_cleanly();
    tablet.sync_cleanly();

    ada.rewrite(
        &ada.get::<Entry>(entry.id).unwrap(),
        "Morning: fog. I stayed in.\n\nEvening: rain.",
    );
    tablet.rewrite(
        &tablet.get::<Entry>(entry.id).unwrap(),
        "Morning: fog.\n\nEvening: rain. I danced in it.",
    );
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    tablet.sync_cleanly();

    let text = ada.get::<Entry>(entry.id).unwrap().content.body;
    assert_eq!(
        text,
        "Morning: fog. I stayed in.\n\nEvening: rain. I danced in it."
    );
    assert_eq!(tablet.texts().concat(), text);
    assert_eq!(clinic.texts_of(&ada), [text]);
    let on_ada = picture(&ada.store(), "care", &ada);
    assert_eq!(on_ada, picture(&tablet.store(), "care", &ada));
    assert_eq!(on_ada, picture(&clinic.store(), "care", &ada));
    for check in [
        ada.check_record().unwrap(),
        tablet.check_record().unwrap(),
        clinic.check_record().unwrap(),
    ] {
        assert!(
            check.differing.is_empty() && check.quarantined.is_empty(),
            "{check:?}"
        );
    }
}

#[test]
fn replicas_agree_whatever_the_order_in_which_three_concurrent_edits_arrive() {
    let orders: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for order in orders {
        let world = World::in_memory(1);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let laptop = ada.second_phone();
        tablet.sync_cleanly();
        let entry = ada.write("Base.");
        let phones = [&ada, &tablet, &laptop];
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        for (phone, word) in phones.iter().zip(["one", "two", "three"]) {
            let seen = phone.get::<Entry>(entry.id).unwrap();
            let once = phone.rewrite(&seen, &format!("Base. {word}"));
            phone.rewrite(&once, &format!("Base. {word} {word}-again"));
        }
        for which in order {
            phones[which].sync_cleanly();
        }
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        phones.iter().for_each(|phone| drop(phone.sync_cleanly()));
        clinic.sync_cleanly();
        let expected = picture(&ada.store(), "care", &ada);
        let body = ada.get::<Entry>(entry.id).unwrap().content.body;
        for word in ["one one-again", "two two-again", "three three-again"] {
            assert_eq!(body.matches(word).count(), 1, "{order:?}: {body}");
        }
        assert_eq!(
            picture(&tablet.store(), "care", &ada),
            expected,
            "{order:?}"
        );
        assert_eq!(
            picture(&laptop.store(), "care", &ada),
            expected,
            "{order:?}"
        );
        ada.sync_cleanly();
        assert_eq!(
            picture(&clinic.store(), "care", &ada),
            picture(&ada.store(), "care", &ada),
            "{order:?}"
        );
    }
}

#[test]
fn a_second_phone_reads_the_private_history_and_keeps_what_it_had_written_before_pairing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write_privately("Old and mine.");
    ada.write("Old and shared.");
    ada.sync_cleanly();
    let tablet = world.phone("tablet");
    tablet.write_privately("Written before anything.");
    let invitation = ada.invite_phone().unwrap();
    tablet.pair(&invitation.link).unwrap();
    assert_eq!(tablet.texts(), ["Written before anything."]);
    ada.let_in(&tablet);
    ada.sync_cleanly();
    let all = [
        "Old and mine.",
        "Old and shared.",
        "Written before anything.",
    ];
    assert_eq!(tablet.texts(), all);
    assert_eq!(ada.texts(), all);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Old and shared."]);
    let kinds: Vec<DeviceKind> = ada
        .devices()
        .unwrap()
        .into_iter()
        .map(|device| device.kind)
        .collect();
    assert_eq!(
        kinds,
        [DeviceKind::Clinic, DeviceKind::ThisPhone, DeviceKind::Phone]
    );
}

#[test]
fn a_link_for_a_second_phone_works_once_and_not_after_it_ran_out() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let link = ada.invite_phone().unwrap().link;
    let (tablet, thief) = (world.phone("tablet"), world.phone("thief"));
    tablet.pair(&link).unwrap();
    assert!(thief.pair(&link).is_err(), "used");
    assert!(!thief.is_paired());
    ada.sync_cleanly();
    let late = ada.invite_phone().unwrap().link;
    world.minutes_pass(61);
    assert!(thief.pair(&late).is_err(), "over");
    assert!(!thief.is_paired());
    assert!(thief.texts().is_empty());
}

#[test]
fn what_a_second_phone_had_kept_before_pairing_keeps_its_names_and_its_past() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = world.phone("tablet");
    let first = tablet.write_privately("First words.");
    let second = tablet.rewrite(&first, "First words. Second words.");
    let deleted = tablet.write_privately("Never mind.");
    tablet.delete::<Entry>(deleted.id).unwrap();
    tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
    ada.let_in(&tablet);
    for phone in [&tablet, &ada, &tablet, &ada] {
        phone.sync().unwrap();
    }
    for phone in [&ada, &tablet] {
        let view = phone.get::<Entry>(first.id).unwrap();
        assert_eq!(view.revision, second.revision, "{}", phone.name());
        assert_eq!(phone.texts(), ["First words. Second words."]);
    }
    // An edit that was begun before the pairing merges: its past is there.
    ada.edit::<Entry>(first.id, &first.revision, |entry| {
        entry.body = "First words, mine.".to_owned();
    })
    .unwrap();
    let text = ada.texts().concat();
    assert!(
        text.contains("mine") && text.contains("Second words."),
        "{text}"
    );
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert_eq!(tablet.texts(), [text]);
    assert!(tablet.check_record().unwrap().differing.is_empty());
}
