//! What an end takes away from a phone, what it does not, and what it waits for.

use companion_core::domain::DosingSession;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::unlocked::UnlockedChoice;
use companion_core::patient::{Patient, SharedThen};
use companion_core::{CoreError, NotNow};
use companion_tests::{Fault, Insider};

use super::is_gone;
use crate::clinic_and_ada;
use crate::session_day::with_session;

/// The first phone was cut off between the two ends: what is shared is over, and of what is private nobody said so yet.
#[test]
fn a_phone_that_heard_only_of_the_end_of_what_is_shared_keeps_everything_and_goes_on_writing() {
    let (_world, _clinic, mut ada) = clinic_and_ada();
    let mut tablet = ada.second_phone();
    tablet.write_privately("Mine.");
    for phone in [&tablet, &ada] {
        phone.sync_cleanly();
    }
    let private = Insider::of(&ada, "private").space.to_string();
    ada.end_account(SharedThen::Stays).unwrap();
    ada.faults()
        .script(move |_, request| match request.path.contains(&private) {
            true => Fault::DropRequest,
            false => Fault::None,
        });
    assert!(ada.sync().is_err());
    let report = tablet.sync().unwrap();
    assert!(!report.ended, "{report:?}");
    assert_eq!(tablet.account_state().unwrap(), None);
    assert_eq!(tablet.removed_if_ended(), None);
    let later = tablet.write_privately("Still mine.");
    tablet.sync().unwrap();
    assert_eq!(tablet.texts(), ["Mine.", "Still mine."]);
    tablet.rewrite(&later, "Sent before the rest of the end.");
    tablet.sync().unwrap();
    ada.faults().heal();
    assert!(ada.sync().unwrap().ended);
    is_gone(&mut ada);
    assert!(tablet.sync().unwrap().ended);
    is_gone(&mut tablet);
}

#[test]
fn the_people_to_call_that_a_phone_shows_without_being_unlocked_go_with_its_record() {
    let (_world, _clinic, mut ada) = clinic_and_ada();
    ada.change_safety_plan(|plan, id| {
        plan.lines_mut(PlanStep::PeopleToAsk)
            .push(id, PlanLine::new("Jo"));
    })
    .unwrap();
    let choice = UnlockedChoice {
        people: true,
        ..UnlockedChoice::default()
    };
    ada.choose_unlocked(choice).unwrap();
    let record = ada.folder().join("record.db");
    ada.end_account(SharedThen::Stays).unwrap();
    assert!(ada.sync().unwrap().ended);
    assert_eq!(Patient::help_without_key(&record).people.len(), 1);
    is_gone(&mut ada);
    assert!(Patient::help_without_key(&record).people.is_empty());
}

/// The clinic's clock is ahead, so it called the session off at a time that is still to come here: as nothing is asked
/// until then, nothing is ended.
#[test]
fn hours_that_are_quiet_by_an_earlier_word_hold_the_end_as_well() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 30);
    clinic.clock().be_wrong_by(2 * 60 * 60 * 1000);
    let seen = clinic.get::<DosingSession>(patient, session).unwrap();
    clinic
        .call_off_session(patient, session, &seen.revision, "She went home.", "Maya")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.session_day().unwrap(), None);
    let ended = ada.end_account(SharedThen::Stays);
    assert!(
        matches!(
            ended,
            Err(CoreError::NotNow(NotNow::NotOnASessionsDay { .. }))
        ),
        "{ended:?}"
    );
    world.minutes_pass(2 * 60);
    ada.end_account(SharedThen::Stays).unwrap();
}
