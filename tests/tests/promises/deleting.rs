//! Deleting what is private, and check-ins, which can do all that entries can.

use companion_core::domain::{CheckIn, Entry, Rating, Visibility};
use companion_core::records::{DeliveryState, PageSize, RecordCheck};
use companion_core::{CoreError, NotNow};
use companion_tests::{Canary, Phone, World, checked_in};

/// Ada's two phones, with one private entry on both.
fn two_phones(seed: u64) -> (World, Phone, Phone, companion_core::domain::DocumentId) {
    let world = World::in_memory(seed);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write_privately("Better forgotten.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    (world, ada, tablet, entry.id)
}

fn both_sync(ada: &Phone, tablet: &Phone) {
    for phone in [ada, tablet, ada, tablet] {
        phone.sync_cleanly();
    }
}

/// The same, where it may be told that something is back.
fn both_told(ada: &Phone, tablet: &Phone) {
    for phone in [ada, tablet, ada, tablet] {
        phone.sync_told();
    }
}

/// A check of the record that found nothing.
pub(crate) fn quiet(phone: &Phone) -> RecordCheck {
    RecordCheck {
        documents: phone.check_record().unwrap().documents,
        ..RecordCheck::default()
    }
}

#[test]
fn what_is_deleted_on_one_phone_is_gone_on_the_other() {
    let (_world, ada, tablet, id) = two_phones(51);
    ada.delete::<Entry>(id).unwrap();
    assert!(ada.texts().is_empty());
    both_sync(&ada, &tablet);
    for phone in [&ada, &tablet] {
        for _ in 0..2 {
            assert!(phone.texts().is_empty());
            let found = phone.search::<Entry>("forgotten", PageSize::SCREEN);
            assert!(found.unwrap().is_empty());
            let asked = phone.get::<Entry>(id);
            assert!(
                matches!(asked, Err(CoreError::NotNow(NotNow::Deleted))),
                "{asked:?}"
            );
            let again = phone.delete::<Entry>(id);
            assert!(
                matches!(again, Err(CoreError::NotNow(NotNow::Deleted))),
                "{again:?}"
            );
            phone.rebuild().unwrap();
        }
        assert!(phone.check_record().unwrap().differing.is_empty());
    }
}

#[test]
fn what_another_phone_wrote_meanwhile_brings_back_what_was_deleted() {
    for deleter_first in [true, false] {
        let (_world, ada, tablet, id) = two_phones(52);
        ada.delete::<Entry>(id).unwrap();
        tablet.rewrite(&tablet.get(id).unwrap(), "Better forgotten. Or not.");
        if deleter_first {
            ada.sync_told();
        }
        tablet.sync_told();
        both_told(&ada, &tablet);
        let again = tablet.entries().remove(0).id;
        for phone in [&ada, &tablet] {
            assert_eq!(phone.texts(), ["Better forgotten. Or not."]);
            assert_eq!(phone.entries()[0].id, again, "the same one on both");
            phone.rebuild().unwrap();
            assert_eq!(phone.texts(), ["Better forgotten. Or not."]);
            assert_eq!(phone.check_record().unwrap(), quiet(phone));
        }
        // And it can be deleted for good.
        tablet.delete::<Entry>(again).unwrap();
        both_told(&ada, &tablet);
        assert!(ada.texts().is_empty() && tablet.texts().is_empty());
    }
}

#[test]
fn what_is_deleted_before_it_was_ever_sent_leaves_no_trace() {
    let world = World::in_memory(53);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let slip = Canary::new("nobody-will-ever-read-this");
    let kept = ada.write_privately("Kept.");
    let since = ada.sequence().unwrap();
    let slipped = ada.write_privately(slip.words());
    ada.rewrite(&slipped, &format!("{} at all", slip.words()));
    assert_eq!(ada.status().unwrap().waiting, 3);
    ada.delete::<Entry>(slipped.id).unwrap();
    assert_eq!(ada.status().unwrap().waiting, 1, "only what is kept");
    assert_eq!(slip.found_in(&ada.plain_bytes()), None);
    assert!(matches!(
        ada.get::<Entry>(slipped.id),
        Err(CoreError::NotFound(_))
    ));
    let changes = ada.changes(since, PageSize::LARGEST).unwrap().changes;
    let told: Vec<_> = changes.iter().map(|c| (c.id, c.is_shown)).collect();
    assert_eq!(told, [(slipped.id, false)], "a widget has to know");
    ada.sync_cleanly();
    ada.rebuild().unwrap();
    assert_eq!(ada.entries()[0].id, kept.id);
    assert_eq!(ada.texts(), ["Kept."]);
}

#[test]
fn what_the_clinic_can_read_is_withdrawn_and_deleted_in_one_act() {
    for was_private in [false, true] {
        let world = World::in_memory(54);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let words = Canary::new("velvet-otter-hums");
        let shared = match was_private {
            false => ada.write(words.words()),
            true => {
                let private = ada.write_privately(words.words());
                both_sync(&ada, &tablet);
                ada.share::<Entry>(private.id, Visibility::CareTeam)
                    .unwrap()
            }
        };
        both_sync(&ada, &tablet);
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada), [words.words()]);
        both_sync(&ada, &tablet);
        let said = |phone: &Phone| {
            let remains = phone.what_remains::<Entry>(shared.id).unwrap();
            remains.once_deleted()
        };
        assert!(said(&tablet).contains("Nobody there is known to have opened it"));
        let patient = ada.record.unwrap();
        clinic
            .open_shared::<Entry>(patient, shared.id, "Maya")
            .unwrap();
        clinic.sync_cleanly();
        both_sync(&ada, &tablet);
        assert!(said(&tablet).contains("Somebody there opened it"));
        tablet.delete::<Entry>(shared.id).unwrap();
        both_sync(&ada, &tablet);
        clinic.sync_cleanly();
        for phone in [&ada, &tablet] {
            assert!(phone.texts().is_empty(), "was private: {was_private}");
            let found = phone.search::<Entry>("velvet", PageSize::SCREEN);
            assert!(found.unwrap().is_empty());
            assert!(phone.check_record().unwrap().differing.is_empty());
        }
        assert!(clinic.texts_of(&ada).is_empty());
        assert_eq!(clinic.withdrawn_of(&ada)[0].id, shared.id);
    }
}

#[test]
fn what_was_shared_and_never_left_is_deleted_without_a_trace() {
    let world = World::in_memory(56);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let slip = Canary::new("nobody-will-ever-read-this");
    let private = ada.write_privately(slip.words());
    let shared = ada
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    ada.delete::<Entry>(shared.id).unwrap();
    assert!(ada.texts().is_empty());
    assert_eq!(slip.found_in(&ada.plain_bytes()), None);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(clinic.withdrawn_of(&ada).is_empty());
}

#[test]
fn a_check_in_can_be_edited_shared_withdrawn_and_deleted() {
    let world = World::in_memory(55);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let draft = Canary::new("crossed-out-sentence");
    let private = ada.create(CheckIn {
        visibility: Visibility::OnlyMe,
        ..checked_in(2, draft.words())
    });
    let private = private.unwrap();
    assert_eq!(private.delivery, DeliveryState::OnlyYours);
    let better = ada.edit::<CheckIn>(private.id, &private.revision, |check_in| {
        check_in.note = "A hard day.".to_owned();
        check_in.valence = Rating::new(3).unwrap();
        // Who may see it is not changed by an edit.
        check_in.visibility = Visibility::CareTeam;
    });
    let better = better.unwrap();
    assert_eq!(better.content.visibility, Visibility::OnlyMe);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(clinic.check_ins_of(&ada).is_empty());

    let shared = ada
        .share::<CheckIn>(better.id, Visibility::TalkInSession)
        .unwrap();
    assert_ne!(shared.id, better.id);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let there = clinic.check_ins_of(&ada);
    assert_eq!(there.len(), 1);
    assert_eq!(there[0].view.content, shared.content);
    assert_eq!(there[0].view.content.valence.number(), 3);
    assert_eq!(draft.found_in(&clinic.plain_bytes()), None);
    assert_eq!(clinic.caseload().unwrap()[0].sparkline, [3]);
    assert_eq!(clinic.caseload().unwrap()[0].new_check_ins, 1);

    // Both phones say more about it, without knowing of each other.
    tablet.sync_cleanly();
    for (phone, word) in [(&ada, "Phone."), (&tablet, "Tablet.")] {
        let seen = phone.get::<CheckIn>(shared.id).unwrap();
        phone
            .edit::<CheckIn>(shared.id, &seen.revision, |check_in| {
                check_in.note = format!("{} {word}", check_in.note);
            })
            .unwrap();
    }
    both_sync(&ada, &tablet);
    clinic.sync_cleanly();
    let note = &clinic.check_ins_of(&ada)[0].view.content.note;
    assert!(
        note.contains("Phone.") && note.contains("Tablet."),
        "{note}"
    );
    assert_eq!(*note, ada.check_ins()[0].content.note);

    let back = ada.withdraw::<CheckIn>(shared.id).unwrap();
    assert_eq!(back.id, private.id);
    both_sync(&ada, &tablet);
    clinic.sync_cleanly();
    assert!(clinic.check_ins_of(&ada).is_empty());
    assert_eq!(clinic.caseload().unwrap()[0].new_check_ins, 0);
    let withdrawn = clinic
        .withdrawn::<CheckIn>(ada.record.unwrap(), PageSize::SCREEN)
        .unwrap();
    assert_eq!(withdrawn.len(), 1);
    ada.delete::<CheckIn>(back.id).unwrap();
    both_sync(&ada, &tablet);
    assert!(ada.check_ins().is_empty() && tablet.check_ins().is_empty());
}
