//! Pairing, and the stranger who got hold of the link.

use companion_core::CoreError;
use companion_core::clinic::InviteState;
use companion_core::patient::{CompareWith, PairingState};
use companion_core::protocol::api::ErrorCode;
use companion_core::protocol::id::Epoch;
use companion_core::testing::space::invitation::PairingLink;
use companion_core::testing::space::keys::EpochKey;
use companion_core::testing::space::rotation::learn_keys;
use companion_tests::{Fault, Node, World};

fn words_at(clinic: &Node, patient: companion_core::domain::DocumentId) -> Vec<String> {
    match clinic.invite_state(patient).unwrap() {
        InviteState::Joined { compare_words, .. } => compare_words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn both_sides_see_the_same_words_and_the_steps_are_told_as_they_happen() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let patient = invitation.patient;
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Waiting { .. }
    ));
    let ada = world.phone("Ada");
    let pairing = ada.pair(&invitation.link).unwrap();
    assert_eq!(pairing.clinic, "Riverbank");
    // There are no words before the clinic has answered: it chooses its part of them last.
    assert_eq!(
        ada.status().unwrap().pairing,
        PairingState::Waiting {
            compare_words: None,
            compare_with: CompareWith::Clinic
        }
    );
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let words = ada.words_to_compare();
    assert_eq!(words.len(), 4);
    assert_eq!(words_at(&clinic, patient), words);
    assert!(!ada.is_paired());
    clinic.confirm(patient).unwrap();
    ada.sync().unwrap();
    assert_eq!(
        ada.status().unwrap().pairing,
        PairingState::Paired { at: world.now() }
    );
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Paired { .. }
    ));
}

#[test]
fn a_link_works_once_for_one_phone_and_not_after_a_day() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let (ada, eve) = (world.phone("Ada"), world.phone("Eve"));
    ada.pair(&invitation.link).unwrap();
    assert!(eve.pair(&invitation.link).is_err());
    ada.pair(&invitation.link)
        .expect("trying again on the same phone is harmless");
    let late = clinic.invite("Ben").link;
    world.minutes_pass(24 * 60 + 1);
    let ben = world.phone("Ben");
    assert!(ben.pair(&late).is_err());
    assert!(!ben.is_paired());
}

#[test]
fn whoever_finds_the_link_and_joins_first_shows_other_words_and_is_removed_by_refusing_them() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let patient = invitation.patient;
    let (mut ada, ghost) = (world.phone("Ada"), world.phone("ghost"));
    ghost.pair(&invitation.link).unwrap();
    // The patient notices at once: the link is used up.
    assert!(matches!(
        ada.pair(&invitation.link),
        Err(CoreError::NotNow(_))
    ));
    assert!(!ada.is_paired());
    clinic.sync_cleanly();
    ghost.sync_cleanly();
    let ghosts = ghost.words_to_compare();
    // The patient has no words to read out, and those at the clinic are the ghost's.
    assert_eq!(words_at(&clinic, patient), ghosts);
    clinic.refuse(patient).unwrap();
    assert_eq!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Refused { at: world.now() }
    );
    let report = ghost.sync().unwrap();
    assert!(!report.warnings.is_empty());

    let again = clinic.reinvite(patient).unwrap();
    ada.pair(&again.link).unwrap();
    ada.record = Some(patient);
    // What is written while it waits goes with it once it is let in.
    ada.write("Now it is only us.");
    clinic.sync_cleanly();
    ada.sync().unwrap();
    assert_ne!(ada.words_to_compare(), ghosts);
    assert_eq!(words_at(&clinic, patient), ada.words_to_compare());
    assert!(clinic.texts_of(&ada).is_empty());
    clinic.confirm(patient).unwrap();
    ada.sync().unwrap();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Now it is only us."]);
    let _ = ghost.sync();
    assert!(ghost.texts().is_empty());
    let seen =
        companion_tests::Insider::of(&ghost, "care").readable(&world.server().stored_changes());
    assert!(
        !seen
            .iter()
            .any(|payload| payload.projection.contains("only us"))
    );
}

#[test]
fn a_new_phone_after_a_removed_one_must_be_compared_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    clinic.remove_device(patient, ada.member()).unwrap();
    let invitation = clinic.reinvite(patient).unwrap();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Waiting { .. }
    ));
    let unknown = world.phone("unknown");
    unknown.pair(&invitation.link).unwrap();
    clinic.sync_cleanly();
    unknown.sync().unwrap();
    assert_eq!(words_at(&clinic, patient), unknown.words_to_compare());
}

#[test]
fn words_differ_whenever_the_newcomer_differs() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut seen = std::collections::BTreeSet::new();
    for name in ["A", "B", "C", "D", "E"] {
        let invitation = clinic.invite(name);
        world.phone(name).pair(&invitation.link).unwrap();
        clinic.sync_cleanly();
        assert!(seen.insert(words_at(&clinic, invitation.patient)));
    }
}

#[test]
fn a_phone_is_paired_with_one_clinic_at_a_time() {
    let world = World::over_http();
    let (river, hill) = (world.clinic("Riverbank"), world.clinic("Hill"));
    let ada = river.with_patient("Ada");
    let error = ada.pair(&hill.invite("Ada").link).unwrap_err();
    assert!(
        matches!(&error, CoreError::AlreadyPaired { clinic } if clinic == "Riverbank"),
        "{error}"
    );
}

#[test]
fn a_link_that_was_cut_altered_or_made_up_is_no_link() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let link = clinic.invite("Ada").link;
    let ada = world.phone("Ada");
    for length in 0..link.len() {
        assert!(ada.pair(&link[..length]).is_err());
    }
    for at in (0..link.len()).step_by(7) {
        let mut bytes = link.clone().into_bytes();
        // Not only the other case: the beginning is read in any.
        bytes[at] = if bytes[at].eq_ignore_ascii_case(&b'A') {
            b'B'
        } else {
            b'A'
        };
        assert!(
            ada.pair(&String::from_utf8(bytes).unwrap()).is_err(),
            "letter {at}"
        );
    }
    assert!(!ada.is_paired());
    // Wrapped over lines by a mail program, it is still the link.
    let wrapped: String = link
        .as_bytes()
        .chunks(40)
        .map(|line| format!("{}\n", String::from_utf8_lossy(line)))
        .collect();
    ada.pair(&wrapped).unwrap();
}

#[test]
fn a_server_that_shows_another_chain_than_the_one_in_the_link_pairs_nobody() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mine = clinic.invite("Ada").link;
    let other = PairingLink::parse(&clinic.invite("Ben").link).unwrap();
    let mut link = PairingLink::parse(&mine).unwrap();
    // Ada's invite, pinned to a statement that her chain does not contain.
    link.invites[0].head = other.invites[0].head;
    let ada = world.phone("Ada");
    assert!(ada.pair(&link.to_text()).is_err());
    assert!(!ada.is_paired());
}

#[test]
fn a_pairing_that_breaks_off_at_any_request_can_be_tried_again() {
    for fault in [
        Fault::DropRequest,
        Fault::DropAnswer,
        Fault::Portal,
        Fault::TwiceSecondAnswer,
    ] {
        for at in 0..8 {
            let world = World::in_memory(at as u64);
            let clinic = world.clinic("Riverbank");
            let invitation = clinic.invite("Ada");
            let mut ada = world.phone("Ada");
            ada.faults().at(at, fault.clone());
            let first = ada.pair(&invitation.link);
            let reached = ada.faults().sent() > at;
            ada.faults().heal();
            if first.is_err() {
                ada.pair(&invitation.link).unwrap();
            }
            ada.record = Some(invitation.patient);
            ada.write("Hello.");
            clinic.let_in(&ada);
            assert_eq!(clinic.texts_of(&ada), ["Hello."]);
            if !reached {
                break;
            }
        }
    }
}

#[test]
fn another_members_grant_founds_one_space_and_no_second() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let grant = ada.store().read(|r| r.setting("grant")).unwrap().unwrap();
    // Ada's grant founded her private space. Ben finds it and tries to found one of his own with it.
    let ben = world.phone("Ben");
    let insider = companion_tests::Insider::of(&ben, "private");
    let create = insider.statements[0].bytes().to_vec();
    let answer = insider.found(&grant, create);
    assert_eq!(
        companion_tests::code(&answer),
        Some(ErrorCode::GrantUnusable)
    );
}

#[test]
fn a_clinic_that_is_not_registered_founds_nothing_and_keeps_working_alone() {
    let world = World::over_http();
    let stranger = world.unregistered_clinic("Nobody");
    let invited = stranger.invite_patient(companion_core::clinic::NewPatient {
        name: "Ada".to_owned(),
        ..Default::default()
    });
    let refused = invited.unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::GrantUnusable));
    let command = format!("`sync-server clinic add {}`", stranger.public_key());
    assert!(refused.to_string().contains(&command), "{refused}");
    let report = stranger.sync().unwrap();
    let problem = report
        .problems
        .first()
        .expect("an exchange says so as well");
    assert!(problem.message.contains(&command), "{problem:?}");
    assert_eq!(
        stranger.caseload().unwrap().len(),
        1,
        "the patient is registered all the same"
    );
    assert!(world.server().stored_changes().is_empty());
    // Registered later, everything goes.
    world.server().register(stranger.public_key());
    let patient = stranger.caseload().unwrap()[0].patient;
    let link = stranger.reinvite(patient).unwrap().link;
    world.phone("Ada").pair(&link).unwrap();
}

#[test]
fn a_link_opens_nothing_even_with_everything_that_the_server_holds() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write_privately("Nobody's but mine.");
    ada.write("For my clinic.");
    ada.sync_cleanly();
    let link = PairingLink::parse(&ada.invite_phone().unwrap().link).unwrap();
    // Whoever found the link has the whole chain and the whole log, and joins.
    let finder = world.phone("finder");
    finder.pair(&link.to_text()).unwrap();
    for purpose in ["care", "private"] {
        let mut thief = companion_tests::Insider::of(&finder, purpose);
        let fresh = companion_tests::Insider::of(&ada, purpose);
        learn_keys(&thief.me, &fresh.chain, &fresh.statements, &mut thief.keys);
        for invite in &link.invites {
            // The secret itself, and what is derived from it, is no key either.
            thief.keys.insert(
                Epoch(u32::MAX - thief.keys.len() as u32),
                EpochKey::new(*invite.secret.as_bytes()),
            );
        }
        let own = world.phone("unrelated").texts();
        assert_eq!(
            thief.readable(&world.server().stored_changes()).len(),
            own.len()
        );
    }
}

#[test]
fn a_new_link_ends_the_earlier_one_at_once() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let lost = clinic.invite("Ada");
    let fresh = clinic.reinvite(lost.patient).unwrap();
    let (finder, ada) = (world.phone("Finder"), world.phone("Ada"));
    assert!(finder.pair(&lost.link).is_err());
    ada.pair(&fresh.link).unwrap();
}
