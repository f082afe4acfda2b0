//! A receipt belongs to one version of one thing.

use companion_core::domain::{CheckIn, Content, DocumentId, Entry};
use companion_core::records::DeliveryState;
use companion_tests::{Node, Phone};

use crate::clinic_and_ada;

fn both_sync(clinic: &Node, phone: &Phone) {
    phone.sync_cleanly();
    clinic.sync_cleanly();
    phone.sync_cleanly();
}

fn delivered_at<T: Content>(phone: &Phone, id: DocumentId) -> i64 {
    match phone.get::<T>(id).unwrap().delivery {
        DeliveryState::Delivered { at, .. } => at.unix_ms,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_time_of_delivery_stays_when_something_else_arrives_later() {
    let (world, clinic, ada) = clinic_and_ada();
    let first = ada.write("At ten.");
    both_sync(&clinic, &ada);
    let at_ten = world.now().unix_ms;
    assert_eq!(delivered_at::<Entry>(&ada, first.id), at_ten);
    world.minutes_pass(8);
    let second = ada.check_in(5, "at eight past ten");
    both_sync(&clinic, &ada);
    let at_eight_past = world.now().unix_ms;
    assert_eq!(delivered_at::<CheckIn>(&ada, second.id), at_eight_past);
    assert_eq!(delivered_at::<Entry>(&ada, first.id), at_ten);

    // What was edited since was delivered when the edit was.
    world.minutes_pass(5);
    ada.rewrite(&ada.get(first.id).unwrap(), "At ten, more or less.");
    both_sync(&clinic, &ada);
    assert_eq!(delivered_at::<Entry>(&ada, first.id), world.now().unix_ms);
    assert_eq!(delivered_at::<CheckIn>(&ada, second.id), at_eight_past);
}

#[test]
fn the_time_of_delivery_stays_over_months_and_on_a_new_phone() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut written = Vec::new();
    for day in 0..80 {
        let id = ada.write(&format!("Day {day}.")).id;
        both_sync(&clinic, &ada);
        written.push((id, world.now().unix_ms));
        world.days_pass(1);
    }
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    for (id, at) in written {
        assert_eq!(delivered_at::<Entry>(&ada, id), at);
        assert_eq!(delivered_at::<Entry>(&tablet, id), at);
    }
}

#[test]
fn a_check_in_that_was_opened_says_so_and_its_next_version_does_not() {
    let (_world, clinic, ada) = clinic_and_ada();
    let id = ada.check_in(2, "tired").id;
    both_sync(&clinic, &ada);
    clinic
        .open_shared::<CheckIn>(ada.record.unwrap(), id, "Maya")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let seen = ada.get::<CheckIn>(id).unwrap();
    assert!(matches!(&seen.delivery, DeliveryState::Opened { by, .. } if by == "Maya"));
    ada.edit::<CheckIn>(id, &seen.revision, |c| c.note.push_str(" of it all"))
        .unwrap();
    both_sync(&clinic, &ada);
    delivered_at::<CheckIn>(&ada, id);
}
