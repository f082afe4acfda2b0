//! A copy of a phone, or a phone that was set back to one: nothing is lost, it is said in words that tell
//! what to do, and it goes when it is dismissed.

use companion_core::WarningCode;
use companion_tests::{Phone, World};

/// The warnings of copies that stand on a phone.
fn standing(phone: &Phone) -> usize {
    let warnings = phone.status().unwrap().warnings;
    let of_copies = |code: Option<WarningCode>| code == Some(WarningCode::CloneSuspected);
    warnings.iter().filter(|w| of_copies(w.code)).count()
}

fn dismiss_all(phone: &Phone) {
    for warning in phone.status().unwrap().warnings {
        phone.dismiss_warning(warning.id).unwrap();
    }
}

#[test]
fn a_copy_in_use_is_said_once_for_each_thing_that_is_new_and_loses_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("Before the copy.");
    ada.write_privately("Mine, before the copy.");
    let twin = ada.clone_from(&ada.copy());
    ada.write("By the original.");
    twin.write("By the twin.");
    twin.write_privately("Mine, by the twin.");
    for phone in [&ada, &twin, &ada, &twin] {
        phone.sync().unwrap();
    }
    assert!(standing(&ada) > 0 && standing(&twin) > 0);
    for phone in [&ada, &twin] {
        dismiss_all(phone);
    }
    // Nothing new happens: it stays away.
    for phone in [&ada, &twin, &ada, &twin] {
        phone.sync().unwrap();
        assert_eq!(standing(phone), 0, "{}", phone.name());
    }
    ada.rebuild().unwrap();
    ada.sync().unwrap();
    assert_eq!(standing(&ada), 0);
    // The copy is used again: that is new.
    twin.write("By the twin, later.");
    twin.sync().unwrap();
    ada.sync().unwrap();
    assert_eq!(standing(&ada), 1);
    assert_eq!(standing(&twin), 0, "it did that itself");
    clinic.sync().unwrap();
    let all = [
        "Before the copy.",
        "By the original.",
        "By the twin, later.",
        "By the twin.",
        "Mine, before the copy.",
        "Mine, by the twin.",
    ];
    assert_eq!(ada.texts(), all);
    assert_eq!(twin.texts(), all);
    assert_eq!(clinic.texts_of(&ada).len(), 4);
    assert_eq!(clinic.warnings().unwrap(), []);
}

#[test]
fn a_phone_set_back_to_an_old_copy_says_so_until_it_is_dismissed_and_gets_everything_back() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = clinic.with_patient("Ada");
    let copy = ada.copy();
    for n in 0..5 {
        ada.write(&format!("Day {n}."));
        ada.sync_cleanly();
    }
    ada.put_back(&copy);
    ada.write("After it was set back.");
    ada.sync().unwrap();
    assert_eq!(standing(&ada), 1, "once, and not for each thing");
    dismiss_all(&ada);
    ada.sync_cleanly();
    ada.write("And on.");
    ada.sync_cleanly();
    assert_eq!(standing(&ada), 0);
    assert_eq!(ada.texts().len(), 7);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 7);
}

#[test]
fn the_words_about_a_copy_say_what_to_do() {
    let said = WarningCode::CloneSuspected.sentence();
    for words in [
        "copy of this device may be in use",
        "Nothing is lost",
        "use only one",
        "anew",
    ] {
        assert!(said.contains(words), "{said}");
    }
}
