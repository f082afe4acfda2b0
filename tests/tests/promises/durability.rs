//! What a verb returned as saved is there when the process is killed the next instant. Whether it is
//! there after a power cut is proven where the disk can be held: in the store.

use companion_core::clinic::InviteState;
use companion_core::domain::{DosingSession, Entry, Phase, ReadReceipt, Readiness, Visibility};
use companion_core::records::{DeliveryState, PageSize, Query};
use companion_tests::{Node, World};

#[test]
fn every_verb_of_a_phone_is_kept_when_it_is_killed_the_next_instant() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = world.phone("Ada");
    let me = ada.member();
    ada.kill();
    assert_eq!(
        ada.member(),
        me,
        "the identity is kept from the first moment"
    );

    let early = ada.write_privately("Before any clinic.");
    ada.kill();
    assert_eq!(ada.texts(), ["Before any clinic."]);

    let invitation = clinic.invite("Ada");
    ada.pair(&invitation.link).unwrap();
    ada.record = Some(invitation.patient);
    ada.kill();
    assert!(!ada.is_paired(), "it waits to be let in");
    clinic.let_in(&ada);
    ada.kill();
    assert!(ada.is_paired());

    let entry = ada.write("First.");
    ada.kill();
    assert_eq!(ada.get::<Entry>(entry.id).unwrap().content.body, "First.");
    assert_eq!(
        ada.search::<Entry>("First", PageSize::SCREEN)
            .unwrap()
            .len(),
        1
    );

    ada.rewrite(&ada.get::<Entry>(entry.id).unwrap(), "First, again.");
    ada.kill();
    assert_eq!(
        ada.get::<Entry>(entry.id).unwrap().content.body,
        "First, again."
    );

    ada.check_in(6, "fine");
    ada.kill();
    assert_eq!(ada.check_ins()[0].content.note, "fine");

    let shared = ada
        .share::<Entry>(early.id, Visibility::TalkInSession)
        .unwrap();
    ada.kill();
    assert!(ada.get::<Entry>(shared.id).unwrap().shared);
    assert_eq!(ada.texts().len(), 2);

    ada.withdraw::<Entry>(shared.id).unwrap();
    ada.kill();
    assert!(!ada.get::<Entry>(early.id).unwrap().shared);
    assert_eq!(ada.texts().len(), 2);

    let waiting = ada.status().unwrap().waiting;
    assert!(waiting > 0);
    ada.sync_cleanly();
    ada.kill();
    assert_eq!(ada.status().unwrap().waiting, 0);
    assert_eq!(
        ada.get::<Entry>(entry.id).unwrap().delivery,
        DeliveryState::Sent
    );
    // Nothing was sent twice, nothing was left behind, and what was taken back before it left never
    // left.
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["First, again."]);
    ada.sync_cleanly();
    let check = ada.check_record().unwrap();
    assert!(check.differing.is_empty(), "{check:?}");
}

#[test]
fn every_verb_of_a_clinic_is_kept_when_it_is_killed_the_next_instant() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let key = clinic.public_key();
    clinic.kill();
    assert_eq!(
        (clinic.public_key(), clinic.name().unwrap().as_str()),
        (key, "Riverbank")
    );

    let invitation = clinic.invite("Ada");
    let patient = invitation.patient;
    clinic.kill();
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
    clinic.kill();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Joined { .. }
    ));
    clinic.confirm(patient).unwrap();
    clinic.kill();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Paired { .. }
    ));

    let entry = ada.write("Hello.");
    ada.sync().unwrap();
    clinic.sync_cleanly();
    clinic.kill();
    assert_eq!(clinic.texts_of(&ada), ["Hello."]);
    clinic
        .open_shared::<Entry>(patient, entry.id, "Dr Moss")
        .unwrap();
    clinic.kill();
    let receipts = Query::<ReadReceipt>::about(entry.id);
    assert_eq!(clinic.count(patient, &receipts).unwrap(), 1);
    clinic
        .reply(patient, entry.id, "Hello to you.", "Dr Moss")
        .unwrap();
    clinic.kill();
    let shared = |clinic: &Node| clinic.get_shared::<Entry>(patient, entry.id).unwrap();
    assert_eq!(shared(&clinic).replies, 1);
    clinic
        .mark_reviewed(patient, entry.id, &entry.revision, "Dr Moss")
        .unwrap();
    clinic.kill();
    assert!(shared(&clinic).review.is_some());
    clinic.unmark_reviewed(patient, entry.id).unwrap();
    clinic.kill();
    assert!(shared(&clinic).review.is_none());
    let session = DosingSession {
        note: "first".to_owned(),
        ..DosingSession::new(1, world.now())
    };
    clinic.begin_programme(patient, "Dr Moss").unwrap();
    let ready = Readiness::ready("Dr Moss", world.now());
    clinic.create(patient, ready).unwrap();
    clinic.plan_session(patient, session).unwrap();
    clinic
        .enter(patient, Phase::Integration, "Dr Moss")
        .unwrap();
    clinic.kill();
    let sessions = Query::<DosingSession>::all();
    assert_eq!(clinic.count(patient, &sessions).unwrap(), 1);
    assert_eq!(clinic.patient(patient).unwrap().phase, Phase::Integration);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.replies(entry.id).len(), 1);
    clinic.remove_device(patient, ada.member()).unwrap();
    clinic.kill();
    assert!(
        clinic
            .patient(patient)
            .unwrap()
            .devices
            .iter()
            .any(|d| d.removed_at.is_some())
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
    tablet.rewrite(&tablet.get::<Entry>(entry.id).unwrap(), "Base. Tablet.");
    ada.rewrite(&ada.get::<Entry>(entry.id).unwrap(), "Base. Phone.");
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
    let picture = || {
        let found = ada.search::<Entry>("Base", PageSize::SCREEN).unwrap();
        (ada.entries(), ada.replies(entry.id), found)
    };
    let before = picture();
    ada.rebuild().unwrap();
    assert_eq!(picture(), before);
    let page = || {
        let patient = clinic.patient(ada.record.unwrap()).unwrap();
        (patient, clinic.entries_of(&ada), clinic.caseload().unwrap())
    };
    let before = page();
    clinic.rebuild().unwrap();
    assert_eq!(page(), before);
    ada.sync_cleanly();
}
