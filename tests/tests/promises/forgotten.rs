//! A shared record that the server says was ended and forgotten, and of whose end nobody here ever read: what was read
//! stays, what would be written is refused and never waits for ever, and nobody takes the server's word for more.

use companion_core::clinic::{CardText, NewPatient, SharingOver};
use companion_core::domain::{Entry, Readiness, Reply};
use companion_core::patient::{PairingState, Patient, SharedThen};
use companion_core::records::{DeliveryState, Query};
use companion_core::{CoreError, NotNow, WarningCode};
use companion_tests::{Faults, Phone, World, note};

use crate::clinic_and_ada;

fn is_refused<T: std::fmt::Debug>(result: &Result<T, CoreError>, what: &str) {
    assert!(
        matches!(result, Err(CoreError::NotNow(NotNow::RecordForgotten))),
        "{what}: {result:?}"
    );
}

/// Ends the account, and lets the server forget it.
fn end_and_forget(world: &World, phone: &mut Phone) {
    phone.end_account(SharedThen::Stays).unwrap();
    assert!(phone.sync().unwrap().ended);
    assert!(phone.removed_if_ended().is_some());
    world.days_pass(32);
    world.server().restart();
}

/// The server denies that it knows what it is asked for, as if that had been ended long ago.
fn deny(faults: &Faults) {
    faults.rewrite(|request, response| {
        let mut response = response;
        if request.path.ends_with("/chain") {
            response.status = 410;
            response.body = br#"{"error":{"code":"space_ended","message":"forgotten"}}"#.to_vec();
        } else if request.path == "/v1/spaces" {
            let mut heads: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            heads["spaces"] = serde_json::json!([]);
            response.body = serde_json::to_vec(&heads).unwrap();
        }
        response
    });
}

#[test]
fn a_clinic_that_was_away_until_the_server_forgot_is_told_and_refused_what_could_only_wait() {
    let (world, clinic, mut ada) = clinic_and_ada();
    let shared = ada.write("Shared.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    // Written while the clinic was away, and kept here.
    let reply = clinic
        .reply(patient, shared.id, "Thank you.", "Dr Moss")
        .unwrap();
    end_and_forget(&world, &mut ada);
    assert_eq!(clinic.caseload().unwrap()[0].over, None);
    let report = clinic.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert_eq!(report.waiting, 0, "nothing of it can leave");

    assert_eq!(clinic.texts_of(&ada), ["Shared."], "what was read stays");
    let over = Some(SharingOver::Forgotten);
    assert_eq!(clinic.caseload().unwrap()[0].over, over);
    assert_eq!(clinic.patient(patient).unwrap().over, over);
    assert_eq!(clinic.sharing_over(patient).unwrap(), over);
    is_refused(
        &clinic.reply(patient, shared.id, "And more.", "Dr Moss"),
        "a reply",
    );
    is_refused(
        &clinic.create(patient, Readiness::ready("Dr Moss", clinic.now())),
        "an outcome",
    );
    is_refused(&clinic.reinvite(patient), "a link");
    let replies = clinic.page(patient, &Query::<Reply>::all()).unwrap().items;
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].id, reply.id);
    assert_eq!(replies[0].delivery, DeliveryState::NeverSent);

    // What only the clinic keeps, and what is for all, goes on.
    clinic.set_keep_days(9).unwrap();
    clinic
        .open_shared::<Entry>(patient, shared.id, "Dr Moss")
        .unwrap();
    let seen = clinic.to_archive(patient).unwrap();
    clinic.archive_patient(patient, seen, "Dr Moss").unwrap();
    for _ in 0..2 {
        let again = clinic.sync().unwrap();
        assert!(
            again.problems.is_empty() && again.warnings.is_empty(),
            "{again:?}"
        );
    }
}

#[test]
fn a_server_that_denied_a_record_and_lists_it_again_is_gone_on_with() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Shared.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    deny(clinic.faults());
    clinic.sync().unwrap();
    is_refused(
        &clinic.reply(patient, entry.id, "Thank you.", "Dr Moss"),
        "while it is denied",
    );
    let ben = NewPatient {
        name: "Ben".to_owned(),
        ..NewPatient::default()
    };
    clinic.register(ben).unwrap();
    assert_eq!(clinic.caseload().unwrap().len(), 2, "the register goes on");
    clinic.faults().heal();
    clinic.sync_cleanly();
    assert_eq!(clinic.sharing_over(patient).unwrap(), None);
    let stands = clinic.warnings().unwrap();
    let is_it = |code| code == Some(WarningCode::SpaceForgotten);
    let care = |warning: &companion_core::StandingWarning| is_it(warning.code);
    assert!(!stands.iter().any(care), "{stands:?}");
    clinic
        .reply(patient, entry.id, "Thank you.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.replies(entry.id).len(), 1);
}

#[test]
fn a_phone_of_whose_record_the_server_says_that_it_was_ended_keeps_all_of_it_and_writes_on() {
    let (_world, clinic, ada) = clinic_and_ada();
    let card = CardText {
        region: "US".to_owned(),
        clinic_number: "+1 307 555 0100".to_owned(),
        ..CardText::default()
    };
    clinic.set_support_card(card, "Dr Moss").unwrap();
    clinic.sync_cleanly();
    ada.write_privately("Mine.");
    ada.write("Shared.");
    ada.sync_cleanly();
    let help = || Patient::help_without_key(&ada.folder().join("record.db"));
    let before = help();
    assert!(
        format!("{before:?}").contains("+1 307 555 0100"),
        "{before:?}"
    );
    deny(ada.faults());
    ada.sync().unwrap();
    assert_eq!(ada.status().unwrap().pairing, PairingState::Forgotten);
    assert!(matches!(
        ada.create(note("For the clinic.")),
        Err(CoreError::NotPaired)
    ));
    ada.write_privately("Still mine.");
    assert_eq!(ada.texts().len(), 3);
    let kept = "whom to call is still said without unlocking";
    assert!(
        format!("{:?}", help()).contains("+1 307 555 0100"),
        "{kept}"
    );
    ada.faults().heal();
    ada.sync_cleanly();
    assert!(ada.is_paired());
}
