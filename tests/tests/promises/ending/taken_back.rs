//! What is taken back with an end, and what another of the patient's phones shared meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};

use companion_core::patient::SharedThen;
use companion_core::ports::Method;
use companion_tests::Insider;

use super::{is_gone, is_told};
use crate::clinic_and_ada;

#[test]
fn what_another_phone_shared_and_the_first_one_never_heard_of_is_taken_back_as_well() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    ada.write("Heard of.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    tablet.write("Not heard of.");
    tablet.check_in(4, "Not heard of either.");
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 2);
    ada.end_account(SharedThen::IsTakenBack).unwrap();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    is_told(&clinic, &ada, &[], "taken back");
    assert!(clinic.check_ins_of(&ada).is_empty());
}

/// The other phone shares right before the first one sends what it took back, or that the account is ended.
#[test]
fn what_another_phone_shares_while_the_end_is_under_way_is_taken_back_as_well() {
    let mut pushes = 0;
    loop {
        let (_world, clinic, mut ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        ada.write("Heard of.");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        let place = format!("{}/changes", Insider::of(&ada, "care").space);
        let number = std::sync::Arc::new(AtomicUsize::new(0));
        let seen = std::sync::Arc::clone(&number);
        ada.faults().before_each(move |request| {
            let is_push = request.method == Method::Post && request.path.ends_with(&place);
            if is_push && seen.fetch_add(1, Ordering::SeqCst) == pushes {
                tablet.write("Not heard of.");
                tablet.sync_cleanly();
            }
        });
        ada.end_account(SharedThen::IsTakenBack).unwrap();
        assert!(ada.sync().unwrap().ended);
        ada.faults().heal();
        is_gone(&mut ada);
        let case = format!("shared before push {pushes}");
        is_told(&clinic, &ada, &[], &case);
        pushes += 1;
        if number.load(Ordering::SeqCst) < pushes {
            break;
        }
    }
    assert!(pushes > 2, "what was taken back was sent, and the end");
}
