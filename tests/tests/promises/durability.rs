//! What a verb returned as saved is there after a power cut the next instant.

use companion_core::clinic::InviteState;
use companion_core::domain::{Phase, Visibility};
use companion_core::patient::DeliveryState;
use companion_tests::{World, checked_in};

#[test]
fn every_verb_of_a_phone_is_kept_through_a_power_cut_the_next_instant() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = world.phone("Ada");
    let me = ada.member();
    ada.lose_power();
    assert_eq!(
        ada.member(),
        me,
        "the identity is kept from the first moment"
    );

    let early = ada.write_privately("Before any clinic.");
    ada.lose_power();
    assert_eq!(ada.texts(), ["Before any clinic."]);

    let invitation = clinic.invite("Ada");
    ada.pair(&invitation.link).unwrap();
    ada.record = Some(invitation.patient);
    ada.lose_power();
    assert!(ada.status().unwrap().paired);
    clinic.sync_cleanly();
    clinic.confirm_words(invitation.patient).unwrap();

    let entry = ada.write("First.");
    ada.lose_power();
    assert_eq!(ada.entry(entry.id).unwrap().entry.body, "First.");
    assert_eq!(ada.search("First").unwrap().len(), 1);

    ada.rewrite(&ada.entry(entry.id).unwrap(), "First, again.");
    ada.lose_power();
    assert_eq!(ada.entry(entry.id).unwrap().entry.body, "First, again.");

    ada.check_in(checked_in(6, "fine")).unwrap();
    ada.lose_power();
    assert_eq!(ada.check_ins().unwrap()[0].check_in.note, "fine");

    let shared = ada.share(early.id, Visibility::TalkInSession).unwrap();
    ada.lose_power();
    assert!(ada.entry(shared.id).unwrap().shared);
    assert_eq!(ada.texts().len(), 2);

    ada.withdraw(shared.id).unwrap();
    ada.lose_power();
    assert!(!ada.entry(early.id).unwrap().shared);
    assert_eq!(ada.texts().len(), 2);

    let waiting = ada.status().unwrap().waiting;
    assert!(waiting > 0);
    ada.sync_cleanly();
    ada.lose_power();
    assert_eq!(ada.status().unwrap().waiting, 0);
    assert_eq!(ada.entry(entry.id).unwrap().delivery, DeliveryState::Sent);
    // Nothing was sent twice, nothing was left behind, and what was taken back before it left never
    // left.
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["First, again."]);
    ada.sync_cleanly();
    let check = ada.check_record().unwrap();
    assert!(check.differing.is_empty(), "{check:?}");
}

#[test]
fn every_verb_of_a_clinic_is_kept_through_a_power_cut_the_next_instant() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let key = clinic.public_key();
    clinic.lose_power();
    assert_eq!(
        (clinic.public_key(), clinic.name().unwrap().as_str()),
        (key, "Riverbank")
    );

    let invitation = clinic.invite("Ada");
    let patient = invitation.patient;
    clinic.lose_power();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Waiting { .. }
    ));
    assert_eq!(
        clinic.invitation(patient).unwrap().unwrap().link,
        invitation.link
    );

    let mut ada = world.phone("Ada");
    ada.record = Some(patient);
    ada.pair(&invitation.link).unwrap();
    clinic.sync_cleanly();
    clinic.lose_power();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Joined { .. }
    ));
    clinic.confirm_words(patient).unwrap();
    clinic.lose_power();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Paired { .. }
    ));

    let entry = ada.write("Hello.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic.lose_power();
    assert_eq!(clinic.texts_of(&ada), ["Hello."]);
    clinic.open_entry(patient, entry.id, "Dr Moss").unwrap();
    clinic.lose_power();
    assert_eq!(clinic.entry(patient, entry.id).unwrap().openings.len(), 1);
    clinic
        .reply(patient, entry.id, "Hello to you.", "Dr Moss")
        .unwrap();
    clinic.lose_power();
    assert_eq!(clinic.entry(patient, entry.id).unwrap().replies.len(), 1);
    clinic.mark_reviewed(patient, entry.id, "Dr Moss").unwrap();
    clinic.lose_power();
    assert!(
        clinic
            .entry(patient, entry.id)
            .unwrap()
            .item
            .review
            .is_some()
    );
    clinic
        .unmark_reviewed(patient, entry.id, "Dr Moss")
        .unwrap();
    clinic.lose_power();
    assert!(
        clinic
            .entry(patient, entry.id)
            .unwrap()
            .item
            .review
            .is_none()
    );
    clinic
        .add_session(patient, 1, world.now(), "first")
        .unwrap();
    clinic.set_phase(patient, Phase::Integration).unwrap();
    clinic.lose_power();
    let page = clinic.patient(patient).unwrap();
    assert_eq!(
        (page.sessions.len(), page.record.phase),
        (1, Phase::Integration)
    );
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.replies(entry.id).unwrap().len(), 1);
    clinic.remove_device(patient, ada.member()).unwrap();
    clinic.lose_power();
    assert!(
        clinic
            .patient(patient)
            .unwrap()
            .devices
            .iter()
            .any(|d| d.removed)
    );
}

#[test]
fn what_the_server_acknowledged_survives_the_servers_restart() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    for n in 0..20 {
        ada.write(&format!("entry {n:02}"));
        ada.sync_cleanly();
        if n % 5 == 0 {
            world.server().restart();
        }
    }
    let acknowledged = world.server().stored_changes();
    world.server().restart();
    assert_eq!(world.server().stored_changes(), acknowledged);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 20);
    ada.sync_cleanly();
}

#[test]
fn a_rebuilt_record_is_the_record_it_was() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write("Base.");
    ada.write_privately("Mine.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    tablet.rewrite(&tablet.entry(entry.id).unwrap(), "Base. Tablet.");
    ada.rewrite(&ada.entry(entry.id).unwrap(), "Base. Phone.");
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(ada.record.unwrap(), entry.id, "Read.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    // Something that has not left the phone, too.
    ada.write("Unsent.");
    let before = (
        ada.entries().unwrap(),
        ada.replies(entry.id).unwrap(),
        ada.search("Base").unwrap(),
    );
    ada.rebuild().unwrap();
    let after = (
        ada.entries().unwrap(),
        ada.replies(entry.id).unwrap(),
        ada.search("Base").unwrap(),
    );
    assert_eq!(before, after);
    let page = clinic.patient(ada.record.unwrap()).unwrap();
    clinic.rebuild().unwrap();
    assert_eq!(clinic.patient(ada.record.unwrap()).unwrap(), page);
    ada.sync_cleanly();
}
