//! Pairing, and the stranger who got hold of the link.

use companion_core::CoreError;
use companion_core::clinic::InviteState;
use companion_core::protocol::api::ErrorCode;
use companion_core::testing::space::invitation::PairingLink;
use companion_tests::{Fault, Node, World};

fn words_at(clinic: &Node, patient: companion_core::domain::DocumentId) -> Vec<String> {
    match clinic.invite_state(patient).unwrap() {
        InviteState::Joined { compare_words } => compare_words,
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
    assert_eq!(pairing.compare_words.len(), 4);
    clinic.sync_cleanly();
    assert_eq!(words_at(&clinic, patient), pairing.compare_words);
    clinic.confirm_words(patient).unwrap();
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
    assert!(!ben.status().unwrap().paired);
}

#[test]
fn whoever_finds_the_link_and_joins_first_shows_other_words_and_is_removed_by_refusing_them() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let patient = invitation.patient;
    let (mut ada, ghost) = (world.phone("Ada"), world.phone("ghost"));
    let ghosts = ghost.pair(&invitation.link).unwrap();
    // The patient notices at once: the link is used up.
    assert!(matches!(
        ada.pair(&invitation.link),
        Err(CoreError::NotNow(_))
    ));
    assert!(!ada.status().unwrap().paired);
    clinic.sync_cleanly();
    // The patient has no words to read out, and those at the clinic are the ghost's.
    assert_eq!(words_at(&clinic, patient), ghosts.compare_words);
    clinic.refuse_words(patient).unwrap();
    assert_eq!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Refused { at: world.now() }
    );
    let report = ghost.sync().unwrap();
    assert!(!report.warnings.is_empty());

    let again = clinic.reinvite(patient).unwrap();
    let pairing = ada.pair(&again.link).unwrap();
    assert_ne!(pairing.compare_words, ghosts.compare_words);
    clinic.sync_cleanly();
    assert_eq!(words_at(&clinic, patient), pairing.compare_words);
    clinic.confirm_words(patient).unwrap();
    ada.record = Some(patient);
    ada.write("Now it is only us.");
    ada.sync_cleanly();
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
    let pairing = unknown.pair(&invitation.link).unwrap();
    clinic.sync_cleanly();
    assert_eq!(words_at(&clinic, patient), pairing.compare_words);
}

#[test]
fn words_differ_whenever_the_newcomer_differs() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut seen = std::collections::BTreeSet::new();
    for name in ["A", "B", "C", "D", "E"] {
        let invitation = clinic.invite(name);
        assert!(
            seen.insert(
                world
                    .phone(name)
                    .pair(&invitation.link)
                    .unwrap()
                    .compare_words
            )
        );
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
    assert!(!ada.status().unwrap().paired);
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
    assert!(!ada.status().unwrap().paired);
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
            let pairing = match first {
                Ok(pairing) => pairing,
                Err(_) => ada.pair(&invitation.link).unwrap(),
            };
            clinic.sync_cleanly();
            assert_eq!(words_at(&clinic, invitation.patient), pairing.compare_words);
            ada.record = Some(invitation.patient);
            ada.write("Hello.");
            ada.sync_cleanly();
            clinic.sync_cleanly();
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
    let body = companion_core::protocol::api::NewSpace { grant, create }.encode();
    let answer = insider.send(companion_core::ports::Method::Post, "/v1/spaces", "", body);
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
    assert_eq!(invited.unwrap_err().code(), Some(ErrorCode::GrantUnusable));
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
fn a_link_that_ran_out_unused_carries_no_key_that_is_still_in_use() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.sync_cleanly();
    ada.invite_phone().unwrap();
    let before = ada.sync().unwrap();
    assert_eq!(before.rotated, 0, "a link in use is left alone");
    world.minutes_pass(61);
    let after = ada.sync().unwrap();
    assert_eq!(
        after.rotated, 2,
        "the care space's key and the private one's"
    );
    assert_eq!(ada.sync().unwrap().rotated, 0);
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
