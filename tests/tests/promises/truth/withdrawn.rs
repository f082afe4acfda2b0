//! Withdrawing, sharing and replying, each at the same time as something else.

use companion_core::domain::{DocumentId, Entry, Visibility};
use companion_core::records::{DeliveryState, PageSize, Reached};
use companion_core::{CoreError, NotNow};
use companion_tests::{Node, Phone, World};

use crate::clinic_and_ada;

fn with_tablet() -> (World, Node, Phone, Phone) {
    let (world, clinic, phone) = clinic_and_ada();
    let tablet = phone.second_phone();
    tablet.sync_cleanly();
    (world, clinic, phone, tablet)
}

fn all_sync(clinic: &Node, phones: [&Phone; 2]) {
    for _ in 0..3 {
        for phone in phones {
            phone.sync_cleanly();
        }
        clinic.sync_cleanly();
    }
}

/// The same, where the phones may be told that something is back.
fn all_told(clinic: &Node, phones: [&Phone; 2]) {
    for _ in 0..3 {
        for phone in phones {
            phone.sync_told();
        }
        clinic.sync_cleanly();
    }
}

/// Every text on both phones, once they show the same.
fn texts(phones: [&Phone; 2]) -> Vec<String> {
    let texts = phones[0].texts();
    assert_eq!(phones[1].texts(), texts);
    texts
}

#[test]
fn words_that_another_phone_added_to_what_was_withdrawn_come_back_as_private_words() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let entry = phone.write("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    tablet.rewrite(
        &tablet.get(entry.id).unwrap(),
        "At the lake. Nobody was there.",
    );
    phone.withdraw::<Entry>(entry.id).unwrap();
    phone.sync_cleanly();
    all_sync(&clinic, [&tablet, &phone]);

    let both = "At the lake. Nobody was there.";
    assert_eq!(texts([&phone, &tablet]), [both]);
    for phone in [&phone, &tablet] {
        let view = &phone.entries()[0];
        assert_eq!(
            (view.shared, &view.delivery),
            (
                false,
                &DeliveryState::TakenBack {
                    reached: Reached::Clinic
                }
            )
        );
        assert_eq!(
            phone
                .search::<Entry>("nobody", PageSize::SCREEN)
                .unwrap()
                .len(),
            1
        );
        assert_eq!(phone.check_record().unwrap().differing, []);
    }
    assert_eq!(clinic.texts_of(&phone), [""; 0]);
}

#[test]
fn words_that_come_late_stand_beside_what_was_written_into_the_private_copy_since() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let entry = phone.write("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    tablet.rewrite(
        &tablet.get(entry.id).unwrap(),
        "At the lake. Nobody was there.",
    );
    let private = phone.withdraw::<Entry>(entry.id).unwrap();
    phone.rewrite(&private, "At the sea.");
    phone.sync_cleanly();
    all_sync(&clinic, [&tablet, &phone]);
    let expected = ["At the lake. Nobody was there.", "At the sea."];
    assert_eq!(texts([&phone, &tablet]), expected);
    assert_eq!(clinic.texts_of(&phone), [""; 0]);
}

#[test]
fn what_two_phones_withdraw_apart_comes_back_once() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let entry = phone.write("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    let one = phone.withdraw::<Entry>(entry.id).unwrap();
    let two = tablet.withdraw::<Entry>(entry.id).unwrap();
    assert_eq!(one.id, two.id);
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["At the lake."]);
}

#[test]
fn what_two_phones_share_apart_is_shared_once() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let private = phone.write_privately("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    phone
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    tablet
        .share::<Entry>(private.id, Visibility::TalkInSession)
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["At the lake."]);
    assert_eq!(clinic.texts_of(&phone), ["At the lake."]);
    assert!(phone.entries()[0].apart.is_empty());
}

#[test]
fn what_two_phones_delete_apart_stays_deleted() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let private = phone.write_privately("Not this.");
    all_sync(&clinic, [&phone, &tablet]);
    phone.delete::<Entry>(private.id).unwrap();
    tablet.delete::<Entry>(private.id).unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), [""; 0]);
}

fn replies(phone: &Phone, about: DocumentId) -> Vec<String> {
    let replies = phone.replies(about).into_iter();
    replies.map(|view| view.content.body).collect()
}

#[test]
fn replies_stay_with_what_they_answer_when_it_is_withdrawn_and_when_it_is_shared_again() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let patient = phone.record.unwrap();
    let private = phone.write_privately("At the lake.");
    let shared = phone
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    clinic
        .reply(patient, shared.id, "Which lake?", "Maya")
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(replies(&phone, shared.id), ["Which lake?"]);

    let withdrawn = phone.withdraw::<Entry>(shared.id).unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    for phone in [&phone, &tablet] {
        assert_eq!(replies(phone, withdrawn.id), ["Which lake?"]);
    }
    let again = phone
        .share::<Entry>(withdrawn.id, Visibility::CareTeam)
        .unwrap();
    assert_ne!(again.id, shared.id);
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(replies(&tablet, again.id), ["Which lake?"]);
    let at_clinic = clinic.get_shared::<Entry>(patient, again.id).unwrap();
    assert_eq!((at_clinic.replies, at_clinic.is_new), (1, true));

    // And once more, from a phone that has seen all of it.
    let withdrawn = tablet.withdraw::<Entry>(again.id).unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(replies(&phone, withdrawn.id), ["Which lake?"]);
}

#[test]
fn a_reply_to_what_was_withdrawn_meanwhile_is_refused_or_reaches_the_private_copy() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let patient = phone.record.unwrap();
    let shared = phone.write("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    // The clinic does not know of the withdrawal yet: its words are not lost.
    let withdrawn = phone.withdraw::<Entry>(shared.id).unwrap();
    clinic
        .reply(patient, shared.id, "Which lake?", "Maya")
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(replies(&phone, withdrawn.id), ["Which lake?"]);
    // Now it does.
    let refused = clinic.reply(patient, shared.id, "Hello?", "Maya");
    assert!(matches!(
        refused,
        Err(CoreError::NotNow(NotNow::Withdrawn { .. }))
    ));
}

#[test]
fn the_same_act_on_three_devices_apart_has_one_result() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let third = phone.second_phone();
    let devices = [&phone, &tablet, &third];
    let all = || {
        for _ in 0..3 {
            for device in devices {
                device.sync_cleanly();
            }
            clinic.sync_cleanly();
        }
    };
    let same = |expected: &[&str]| {
        all();
        for device in devices {
            assert_eq!(device.texts(), expected);
            assert_eq!(device.check_record().unwrap().differing, []);
        }
    };
    let private = phone.write_privately("At the lake.");
    same(&["At the lake."]);
    for device in devices {
        device
            .share::<Entry>(private.id, Visibility::CareTeam)
            .unwrap();
    }
    same(&["At the lake."]);
    assert_eq!(clinic.texts_of(&phone), ["At the lake."]);
    let shared = phone.entries().remove(0);
    for device in devices {
        device.rewrite(&device.get(shared.id).unwrap(), "At the sea.");
    }
    same(&["At the sea."]);
    assert!(phone.get::<Entry>(shared.id).unwrap().apart.is_empty());
    for device in devices {
        device.withdraw::<Entry>(shared.id).unwrap();
    }
    same(&["At the sea."]);
    assert_eq!(clinic.texts_of(&phone), [""; 0]);
    let private = phone.entries().remove(0);
    for device in devices {
        device
            .share::<Entry>(private.id, Visibility::TalkInSession)
            .unwrap();
    }
    same(&["At the sea."]);
    assert_eq!(clinic.texts_of(&phone), ["At the sea."]);
    let shared = phone.entries().remove(0);
    for device in devices {
        device.withdraw::<Entry>(shared.id).unwrap();
    }
    all();
    for device in devices {
        device.delete::<Entry>(device.entries()[0].id).unwrap();
    }
    same(&[]);
}

#[test]
fn what_came_back_stays_though_it_says_again_what_was_deleted_or_shared() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let private = phone.write_privately("Not this.");
    all_told(&clinic, [&phone, &tablet]);
    tablet.rewrite(&tablet.get(private.id).unwrap(), "Not this. But that.");
    phone.delete::<Entry>(private.id).unwrap();
    all_told(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["Not this. But that."]);
    let private = tablet.entries().remove(0);
    tablet.rewrite(&private, "Not this.");
    all_told(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["Not this."]);

    tablet.rewrite(&tablet.get(private.id).unwrap(), "Not this. Or this.");
    let shared = phone
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    all_told(&clinic, [&phone, &tablet]);
    assert_eq!(
        texts([&phone, &tablet]),
        ["Not this.", "Not this. Or this."]
    );
    tablet.rewrite(&tablet.get(private.id).unwrap(), "Not this.");
    phone.rewrite(&phone.get(shared.id).unwrap(), "Something else.");
    all_told(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["Not this.", "Something else."]);
}

#[test]
fn what_two_phones_share_apart_a_second_time_is_shared_once() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let private = phone.write_privately("First.");
    all_sync(&clinic, [&phone, &tablet]);
    tablet.rewrite(&tablet.get(private.id).unwrap(), "First. Second.");
    phone
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    phone
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    tablet
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(clinic.texts_of(&phone), ["First.", "First. Second."]);
}

#[test]
fn a_phone_that_only_withdrew_has_rewritten_nothing() {
    let (_world, clinic, phone, tablet) = with_tablet();
    let shared = phone.write("At the lake.");
    all_sync(&clinic, [&phone, &tablet]);
    let longer = tablet.rewrite(&tablet.get(shared.id).unwrap(), "At the lake. Alone.");
    tablet.withdraw::<Entry>(longer.id).unwrap();
    phone.withdraw::<Entry>(shared.id).unwrap();
    all_sync(&clinic, [&phone, &tablet]);
    assert_eq!(texts([&phone, &tablet]), ["At the lake. Alone."]);
    assert!(phone.entries()[0].apart.is_empty());
}
