//! Coming back with the recovery words.

use companion_tests::{Fault, World};

#[test]
fn recovery_words_on_a_new_phone_bring_both_spaces_back() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.written_words();
    ada.sync_cleanly();
    ada.write("Shared after the words were made.");
    ada.write_privately("Private after the words were made.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let url = world.server().url();
    let lost = ada.member();
    drop(ada);

    let mut phone = world.phone("new");
    let pairing = phone.recover(&url, &words).unwrap();
    assert_eq!(pairing.clinic, "Riverbank");
    assert_eq!(
        phone.texts(),
        [
            "Private after the words were made.",
            "Shared after the words were made."
        ]
    );
    // The lost phone goes, and life goes on in both directions.
    assert!(phone.remove_device(lost).is_err(), "it was there before");
    phone.remove_device_with_words(lost, &words).unwrap();
    phone.write("Here I am again.");
    phone.sync_cleanly();
    clinic.sync_cleanly();
    phone.record = Some(clinic.caseload().unwrap()[0].patient);
    assert_eq!(
        clinic.texts_of(&phone),
        ["Here I am again.", "Shared after the words were made."]
    );
    // Other words open nothing.
    let other = companion_core::RecoveryCode::generate(&*world.rng()).unwrap();
    let stranger = world.phone("stranger");
    assert!(stranger.recover(&url, &other.words().join(" ")).is_err());
    assert!(stranger.texts().is_empty());
}

#[test]
fn new_recovery_words_replace_the_old_ones() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let old = ada.written_words();
    let new = ada.written_words();
    ada.write("Hello.");
    ada.sync_cleanly();
    let url = world.server().url();
    assert!(world.phone("finder").recover(&url, &old).is_err());
    let phone = world.phone("new");
    phone.recover(&url, &new).unwrap();
    assert_eq!(phone.texts(), ["Hello."]);
}

#[test]
fn a_recovery_that_breaks_off_at_any_request_can_be_tried_again() {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let words = ada.written_words();
        ada.write_privately("Mine.");
        ada.write("Ours.");
        ada.sync_cleanly();
        let url = world.server().url();
        let phone = world.phone("new");
        phone.faults().at(at, Fault::DropAnswer);
        let first = phone.recover(&url, &words);
        finished = first.is_ok() && phone.faults().sent() <= at;
        phone.faults().heal();
        if first.is_err() {
            let again = phone.recover(&url, &words);
            assert!(
                again.is_ok(),
                "request {at} lost its answer, then: {again:?}"
            );
        }
        phone.sync().unwrap();
        assert_eq!(
            phone.texts(),
            ["Mine.", "Ours."],
            "request {at} lost its answer"
        );
        if finished {
            break;
        }
    }
    assert!(finished, "every request of a recovery was tried");
}
