//! Rotations and removals that are not what an honest member makes.

use companion_core::WarningCode;
use companion_core::protocol::id::Counter;
use companion_core::protocol::statement::{LastChange, Rotate};
use companion_core::testing::space::rotation::Change;
use companion_tests::{Insider, Node, Phone, World};

fn house(seed: u64) -> (World, Node, Phone, Phone) {
    let world = World::in_memory(seed);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    (world, clinic, ada, tablet)
}

/// The tablet rotates the key of the care space, with something of the rotation changed, and signs that.
fn rotates_falsely(thief: &Insider, spoil: impl FnOnce(&mut Rotate)) {
    let (spoiled, _) = thief.spoiled_rotation(spoil);
    assert_eq!(thief.offer(&spoiled).status, 201, "the server can't know");
}

fn warned(warnings: &[companion_core::StandingWarning], code: WarningCode) -> String {
    let found = warnings.iter().find(|warning| warning.code == Some(code));
    found
        .map(|warning| warning.detail.clone())
        .unwrap_or_default()
}

#[test]
fn whoever_locks_another_out_is_named_and_the_others_mend_it_by_themselves() {
    let (_world, clinic, ada, tablet) = house(1);
    let thief = Insider::of(&tablet, "care");
    let victim = ada.member();
    rotates_falsely(&thief, |rotate| {
        let wrap = rotate.wrapped.iter_mut().find(|(id, _)| *id == victim);
        wrap.unwrap().1[5] ^= 1;
    });
    // The one who is locked out knows, and so does everybody who can look.
    ada.write("Written while locked out.");
    ada.sync().unwrap();
    let said = warned(&ada.status().unwrap().warnings, WarningCode::FalseRotation);
    assert!(
        said.contains("Ada's tablet") && said.contains("this device"),
        "{said}"
    );
    clinic.sync().unwrap();
    let said = warned(&clinic.warnings().unwrap(), WarningCode::FalseRotation);
    assert!(said.contains("Ada's tablet"), "{said}");
    // Nobody did anything: the next exchanges gave everybody a new key.
    for _ in 0..2 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["Written while locked out."]);
    clinic
        .reply(
            ada.record.unwrap(),
            ada.entries()[0].id,
            "We can read you.",
            "Dr Moss",
        )
        .unwrap();
    clinic.sync().unwrap();
    ada.sync().unwrap();
    assert_eq!(ada.replies(ada.entries()[0].id).len(), 1);
    // And the first phone may remove the one that did it.
    ada.remove_device(tablet.member()).unwrap();
    ada.sync().unwrap();
    let third = ada.second_phone();
    assert_eq!(third.texts(), ["Written while locked out."]);
}

#[test]
fn whoever_hides_the_history_from_later_devices_is_named_and_it_is_passed_on_again() {
    for missing in [false, true] {
        let (_world, clinic, ada, tablet) = house(2);
        ada.write("Before the false key.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.sync_cleanly();
        tablet.sync_cleanly();
        let thief = Insider::of(&tablet, "care");
        rotates_falsely(&thief, |rotate| {
            if missing {
                rotate.previous_keys.clear();
            } else {
                rotate.previous_keys[0].sealed[30] ^= 1;
            }
        });
        ada.sync().unwrap();
        let said = warned(&ada.status().unwrap().warnings, WarningCode::FalseRotation);
        assert!(
            said.contains("Ada's tablet") && said.contains("hides"),
            "{said}"
        );
        clinic.sync().unwrap();
        ada.sync().unwrap();
        // A device that comes later reads all of it.
        let laptop = ada.second_phone();
        assert_eq!(laptop.texts(), ["Before the false key."]);
        assert!(laptop.check_record().unwrap().quarantined.is_empty());
    }
}

#[test]
fn a_rotation_that_gives_the_key_to_nobody_locks_out_nobody_for_long() {
    let (_world, clinic, ada, tablet) = house(3);
    let thief = Insider::of(&tablet, "care");
    rotates_falsely(&thief, |rotate| {
        for (_, wrap) in &mut rotate.wrapped {
            wrap[700] ^= 1;
        }
    });
    ada.write("Still here.");
    for _ in 0..3 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["Still here."]);
}

#[test]
fn what_a_removal_takes_back_is_shown_with_by_whom_and_when() {
    let (world, clinic, ada, tablet) = house(4);
    tablet.write("What the tablet said.");
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(ada.texts(), ["What the tablet said."]);
    // The clinic's node, an older member, removes the tablet as if it had never written those words, which the
    // node acknowledged before.
    let node = Insider::of_clinic(&clinic, &ada);
    let counter = Counter(node.last_of(tablet.member()).counter.0 - 1);
    let store = clinic.store();
    let before = store.read(|r| r.log_history(node.space, tablet.member(), counter));
    let hash = before.unwrap().unwrap();
    let change = Change {
        remove: vec![companion_core::protocol::statement::Removal {
            member: tablet.member(),
            last: LastChange { counter, hash },
        }],
        ..Change::default()
    };
    let (statement, _) = node.rotation(change);
    let at = world.now();
    assert_eq!(node.offer(&statement).status, 201);
    ada.sync().unwrap();
    let said = warned(&ada.status().unwrap().warnings, WarningCode::Retracted);
    assert!(
        said.contains("Ada's tablet") && said.contains("the clinic"),
        "{said}"
    );
    let retracted = ada.retracted().unwrap();
    let of_words = retracted
        .iter()
        .find(|r| r.words == "What the tablet said.");
    let retracted = of_words.unwrap();
    assert_eq!(retracted.removed_by, "the clinic");
    assert!(
        retracted.written_by.contains("Ada's tablet"),
        "{retracted:?}"
    );
    assert_eq!(retracted.removed_at.unix_ms, at.unix_ms);
    let removed = ada.devices().unwrap().into_iter();
    let removed: Vec<_> = removed.filter(|d| d.removed.is_some()).collect();
    assert_eq!(removed.len(), 1);
    let by = removed[0].removed.as_ref().unwrap().by.as_deref();
    assert_eq!(by, Some("Riverbank"));
}
