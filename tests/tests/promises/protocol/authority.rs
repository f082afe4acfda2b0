//! Who may end whom, over a real server. What every chain allows is searched exhaustively beside the
//! protocol; here are the stories.

use companion_core::patient::PairingState;
use companion_core::{CoreError, NotNow};
use companion_tests::World;

#[test]
fn a_lost_first_phone_is_removed_with_the_words_from_both_spaces() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let words = ada.make_recovery_code().unwrap().words().join(" ");
    tablet.sync_cleanly();
    let lost = ada.member();
    let refused = tablet.remove_device(lost);
    assert!(
        matches!(refused, Err(CoreError::NotNow(NotNow::NotSenior))),
        "{refused:?}"
    );
    tablet.remove_device_with_words(lost, &words).unwrap();
    for purpose in ["care", "private"] {
        let chain = companion_tests::Insider::of(&tablet, purpose).chain;
        let first = chain.members().find(|m| {
            m.role == companion_core::protocol::statement::Role::Device && m.removed.is_some()
        });
        assert!(first.is_some(), "{purpose}");
    }
    tablet.write_privately("Not for the finder.");
    tablet.sync_cleanly();
    let report = ada.sync().unwrap();
    assert!(!report.warnings.is_empty());
    assert_eq!(ada.status().unwrap().pairing, PairingState::Removed);
    assert!(ada.texts().is_empty());
}

#[test]
fn a_phone_leaves_by_itself_and_the_next_one_turns_the_key() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.write("Before I go.");
    tablet.sync_cleanly();
    tablet.leave().unwrap();
    assert_eq!(tablet.status().unwrap().pairing, PairingState::Removed);
    assert_eq!(
        tablet.texts(),
        ["Before I go."],
        "what is on it stays on it"
    );
    let report = ada.sync().unwrap();
    assert_eq!(
        report.rotated, 2,
        "the care space's key and the private one's"
    );
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Before I go."]);
    ada.write("After.");
    ada.sync_cleanly();
    let keys = companion_tests::Insider::of(&tablet, "care");
    let read = keys.readable(&world.server().stored_changes());
    assert!(
        read.iter()
            .all(|payload| !payload.projection.contains("After."))
    );
}

#[test]
fn a_phone_that_waits_may_stop_waiting_and_come_by_another_link() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let first = clinic.invite("Ada");
    let mut ada = world.phone("Ada");
    ada.record = Some(first.patient);
    ada.pair(&first.link).unwrap();
    ada.write("Written while waiting.");
    ada.leave().unwrap();
    assert_eq!(ada.status().unwrap().pairing, PairingState::NotLetIn);
    let again = clinic.reinvite(first.patient).unwrap();
    ada.pair(&again.link).unwrap();
    clinic.let_in(&ada);
    assert_eq!(clinic.texts_of(&ada), ["Written while waiting."]);
}

#[test]
fn words_are_chosen_by_the_side_that_lets_in_after_the_newcomer_can_change_nothing() {
    let world = World::in_memory(8);
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let ada = world.phone("Ada");
    ada.pair(&invitation.link).unwrap();
    ada.sync().unwrap();
    let waiting = |phone: &companion_tests::Phone| match phone.status().unwrap().pairing {
        PairingState::Waiting { compare_words, .. } => compare_words,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        waiting(&ada),
        None,
        "nobody answered: there are no words to grind for"
    );
    clinic.sync().unwrap();
    ada.sync().unwrap();
    let words = waiting(&ada).unwrap();
    assert_eq!(words, clinic.words_of(invitation.patient));
    // Nobody answers again, to try until the words fit: not even whoever did.
    let node = companion_tests::Insider::in_clinic(
        &clinic,
        clinic
            .patient(invitation.patient)
            .unwrap()
            .record
            .care_space,
        &world,
    );
    let newcomer = node.chain.all_pending().next().unwrap().id;
    let again = companion_core::testing::space::membership::answer(
        &node.me,
        &node.chain,
        newcomer,
        world.now(),
        &*world.rng(),
    );
    assert_eq!(node.offer(&again).status, 422);
    clinic.sync().unwrap();
    ada.sync().unwrap();
    assert_eq!(waiting(&ada).unwrap(), words);
    assert_eq!(words, clinic.words_of(invitation.patient));
}

#[test]
fn a_phone_that_comes_by_a_second_link_while_it_waits_is_one_newcomer() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let first = clinic.invite("Ada");
    let mut ada = world.phone("Ada");
    ada.record = Some(first.patient);
    ada.pair(&first.link).unwrap();
    clinic.sync().unwrap();
    ada.write("Written while waiting.");
    // Nobody compared the words, and the clinic makes another link.
    let second = clinic.reinvite(first.patient).unwrap();
    ada.pair(&second.link).unwrap();
    clinic.let_in(&ada);
    let care = companion_tests::Insider::of(&ada, "care").chain;
    assert_eq!(care.all_pending().count(), 0);
    assert_eq!(clinic.texts_of(&ada), ["Written while waiting."]);
}

#[test]
fn whoever_came_by_an_earlier_link_is_turned_away_when_the_patient_is_let_in() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let lost = clinic.invite("Ada");
    let finder = world.phone("finder");
    finder.pair(&lost.link).unwrap();
    clinic.sync().unwrap();
    let fresh = clinic.reinvite(lost.patient).unwrap();
    let mut ada = world.phone("Ada");
    ada.record = Some(lost.patient);
    ada.pair(&fresh.link).unwrap();
    clinic.let_in(&ada);
    finder.sync().unwrap();
    assert_eq!(finder.status().unwrap().pairing, PairingState::NotLetIn);
    let care = companion_tests::Insider::of(&ada, "care").chain;
    assert_eq!(care.all_pending().count(), 0);
}
