//! What is said of what stays with the clinic once an account is ended: neither more nor less than is so.

use companion_core::domain::release::ReleaseStanding;
use companion_core::domain::{Content as _, Entry, Goal, RecordSection};
use companion_core::patient::{AccountState, SharedThen};
use companion_core::records::{DeliveryState, Query, Reached};
use companion_core::{CoreError, NotNow};

use super::is_gone;
use crate::clinic_and_ada;
use crate::releases::{both, terms};

#[test]
fn what_both_sides_keep_is_said_to_stay_where_the_rest_is_taken_back_and_stays() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    let stays = || ada.before_ending().unwrap();
    assert_eq!(stays().kept_by_both, 0);
    assert!(!stays().sentences().concat().contains("goals"));
    ada.create(Goal {
        at: ada.now(),
        ..Goal::examples().remove(0)
    })
    .unwrap();
    ada.write("One.");
    both(&ada, &clinic);
    assert_eq!((stays().shared, stays().kept_by_both), (1, 1));
    let said = stays().sentences().concat();
    assert!(
        said.contains("goals, medicines and requests stay with"),
        "{said}"
    );
    ada.end_account(SharedThen::IsTakenBack).unwrap();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    clinic.sync_cleanly();
    assert!(clinic.texts_of(&ada).is_empty());
    let patient = ada.record.unwrap();
    let goals = clinic.page(patient, &Query::<Goal>::all()).unwrap();
    assert_eq!(goals.items.len(), 1);
}

#[test]
fn no_release_is_live_once_its_patient_ended_their_account_and_nothing_more_is_shown_of_it() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    ada.write("One.");
    let [live, taken_back] = [0, 1].map(|_| {
        let terms = terms(ada.now(), [RecordSection::Journal]);
        ada.give_release(terms).unwrap()
    });
    ada.take_back_release(taken_back.id, "").unwrap();
    both(&ada, &clinic);
    assert!(clinic.preview_hand_over(patient, live.id).is_ok());
    ada.end_account(SharedThen::Stays).unwrap();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    clinic.sync_cleanly();
    let stands = |id| {
        let mut all = clinic.releases(patient).unwrap().into_iter();
        all.find(|one| one.id == id).unwrap().standing
    };
    assert_eq!(stands(live.id), ReleaseStanding::EndedWithAccount);
    let back = stands(taken_back.id);
    assert!(
        matches!(back, ReleaseStanding::TakenBack { .. }),
        "{back:?}"
    );
    let shown = clinic.preview_hand_over(patient, live.id);
    assert!(
        matches!(shown, Err(CoreError::NotNow(NotNow::AccountEnded { .. }))),
        "{shown:?}"
    );
}

/// The other phone took back one thing and deleted another, and the account was ended before it had sent that.
#[test]
fn what_was_taken_back_too_late_is_said_to_be_shown_still() {
    let (_world, clinic, mut ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let (one, two) = (ada.write("One."), ada.write("Two."));
    both(&ada, &clinic);
    tablet.sync_cleanly();
    let private = tablet.withdraw::<Entry>(one.id).unwrap();
    tablet.delete::<Entry>(two.id).unwrap();
    let says = || tablet.get::<Entry>(private.id).unwrap().delivery;
    let taken_back = |reached| DeliveryState::TakenBack { reached };
    assert_eq!(says(), taken_back(Reached::Clinic));
    ada.end_account(SharedThen::Stays).unwrap();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    assert!(tablet.sync().unwrap().ended);
    let state = tablet.account_state().unwrap();
    assert!(
        matches!(
            state,
            Some(AccountState::EndedElsewhere { still_shown: 2, .. })
        ),
        "{state:?}"
    );
    assert_eq!(says(), taken_back(Reached::StillShown));
    let deleted = tablet.deleted().unwrap();
    let remains: Vec<_> = deleted.iter().map(|one| one.remains).collect();
    assert_eq!(remains.len(), 1);
    assert_eq!(remains[0].reached, Reached::StillShown);
    assert!(remains[0].at_the_clinic().unwrap().contains("Ask them"));
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 2, "so it is");
}
