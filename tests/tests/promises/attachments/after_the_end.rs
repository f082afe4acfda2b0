//! A phone that keeps what is on it after the account was ended elsewhere plays what it could play before, and takes
//! it along.

use companion_core::domain::{Entry, Visibility};
use companion_core::patient::{AccountState, SharedThen};
use companion_core::testing::media::recording;
use companion_tests::{Fault, Phone, TakenAlong};

use super::{attached, heard, is_blob, only};
use crate::clinic_and_ada;

/// Ends the account from the first phone; the other one keeps what is on it, since it has words that never left it.
fn ended(ada: &Phone, tablet: &Phone) {
    ada.end_account(SharedThen::Stays).unwrap();
    assert!(ada.sync().unwrap().ended);
    for _ in 0..2 {
        assert!(tablet.sync().unwrap().ended);
        let state = tablet.account_state().unwrap();
        assert!(
            matches!(
                state,
                Some(AccountState::EndedElsewhere { never_sent: 1, .. })
            ),
            "{state:?}"
        );
    }
}

/// Each entry that is shown with a recording plays it, and the export has it; gives how many there are.
fn is_played_and_taken_along(phone: &Phone, file: &[u8]) -> usize {
    let mut shown = 0;
    for entry in phone.entries() {
        for (item, _) in entry.content.attachments.iter() {
            assert!(only(phone, entry.id).is_here, "{}", phone.name());
            assert!(heard(phone, entry.id, item).unwrap() == file);
            shown += 1;
        }
    }
    let files = TakenAlong::of(phone).0.into_iter();
    let media = files.filter(|(name, _)| name.ends_with(".wav"));
    let media: Vec<Vec<u8>> = media.map(|(_, bytes)| bytes).collect();
    assert_eq!(media.len(), shown, "{}", phone.name());
    assert!(media.iter().all(|bytes| bytes == file));
    shown
}

#[test]
fn what_was_shared_right_before_the_end_is_played_and_taken_along_by_a_phone_that_had_it() {
    // Whether the server can still be asked for recordings or not, and whether the other phone's private things went
    // out once more before the end.
    for (blobs_come, all_is_sent) in [(false, true), (false, false), (true, true)] {
        let (world, _clinic, ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        let entry = ada.write_privately("With a recording.");
        let file = recording(50_000);
        attached(&ada, entry.id, &file);
        ada.sync_cleanly();
        tablet.sync_cleanly();
        assert_eq!(is_played_and_taken_along(&tablet, &file), 1);
        tablet.write_privately("Written on the train.");
        ada.share::<Entry>(entry.id, Visibility::CareTeam).unwrap();
        if all_is_sent {
            ada.sync_cleanly();
        }
        if !blobs_come {
            tablet.faults().script(|_, request| match is_blob(request) {
                true => Fault::DropRequest,
                false => Fault::None,
            });
        }
        ended(&ada, &tablet);
        let shown = is_played_and_taken_along(&tablet, &file);
        assert!(shown > 0, "{blobs_come} {all_is_sent}");
        let new = world.phone("new");
        TakenAlong::of(&tablet).import_into(&new).unwrap();
        assert_eq!(is_played_and_taken_along(&new, &file), shown);
    }
}

#[test]
fn what_was_shared_right_before_the_end_comes_to_a_phone_that_had_nothing_of_it() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    tablet.write_privately("Written on the train.");
    let entry = ada.write("With a recording.");
    let file = recording(50_000);
    attached(&ada, entry.id, &file);
    ended(&ada, &tablet);
    assert_eq!(is_played_and_taken_along(&tablet, &file), 1);
}
