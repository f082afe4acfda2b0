//! What is shared right before the end: the shared copy goes out, and what says so of the private document does not.

use companion_core::domain::{DocumentId, Entry, Visibility};
use companion_core::patient::SharedThen;
use companion_tests::{Phone, TakenAlong};

use crate::clinic_and_ada;

/// Ends the account from the first phone, after an entry was shared there; the other one keeps what is on it, since it has
/// words that never left it.
fn ended_after_sharing(
    ada: &Phone,
    tablet: &Phone,
    entry: DocumentId,
    is_sent: bool,
) -> DocumentId {
    tablet.write_privately("Written on the train.");
    let shared = ada.share::<Entry>(entry, Visibility::CareTeam).unwrap().id;
    if is_sent {
        ada.sync_cleanly();
    }
    ada.end_account(SharedThen::Stays).unwrap();
    assert!(ada.sync().unwrap().ended);
    for _ in 0..2 {
        assert!(tablet.sync().unwrap().ended);
    }
    shared
}

#[test]
fn an_entry_that_was_shared_right_before_the_end_is_shown_once_by_a_phone_that_keeps_it() {
    for is_sent in [false, true] {
        let (_world, _clinic, ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        let entry = ada.write_privately("By the lake.").id;
        for phone in [&ada, &tablet] {
            phone.sync_cleanly();
        }
        let shared = ended_after_sharing(&ada, &tablet, entry, is_sent);
        let is_shown_once = || {
            assert_eq!(tablet.texts(), ["By the lake.", "Written on the train."]);
            assert!(tablet.get::<Entry>(shared).unwrap().shared);
            let exported = TakenAlong::of(&tablet).documents().into_values();
            let entries = exported.filter(|one| one["kind"] == "entry");
            assert_eq!(entries.count(), 2);
        };
        is_shown_once();
        tablet.rebuild().unwrap();
        is_shown_once();
        assert_eq!(tablet.check_record().unwrap().differing, []);
    }
}

#[test]
fn what_a_phone_had_written_into_it_meanwhile_stands_beside_what_was_shared() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let entry = ada.write_privately("By the lake.");
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    tablet.rewrite(&tablet.get(entry.id).unwrap(), "By the lake, alone.");
    ended_after_sharing(&ada, &tablet, entry.id, false);
    let texts = [
        "By the lake, alone.",
        "By the lake.",
        "Written on the train.",
    ];
    assert_eq!(tablet.texts(), texts);
}
