//! A clinic whose node is put back from an older copy loses nobody.

use companion_core::clinic::InviteState;
use companion_core::domain::Entry;
use companion_tests::{Node, World};

fn names(clinic: &Node) -> Vec<String> {
    let rows = clinic.caseload().unwrap();
    rows.into_iter().map(|row| row.record.name).collect()
}

#[test]
fn a_patient_paired_after_the_copy_comes_back_with_all_they_wrote() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let copy = clinic.copy();
    let ben = clinic.with_patient("Ben");
    let entry = ben.write("Before the machine broke.");
    ben.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(ben.record.unwrap(), entry.id, "Read it.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    clinic.put_back(&copy);
    world.minutes_pass(1);
    ben.write("While it was broken.");
    ben.sync_cleanly();

    clinic.sync().unwrap();
    assert_eq!(names(&clinic), ["Ada", "Ben"]);
    assert_eq!(
        clinic.texts_of(&ben),
        ["Before the machine broke.", "While it was broken."]
    );
    let patient = clinic.patient(ben.record.unwrap()).unwrap();
    assert!(matches!(patient.invite, InviteState::Paired { .. }));
    // It signs again with counters that it used before the copy was put back.
    let newest = ben.entries()[0].id;
    clinic
        .reply(ben.record.unwrap(), newest, "We are back.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ben.sync_cleanly();
    assert_eq!(ben.replies(newest)[0].content.body, "We are back.");
    assert_eq!(ben.replies(entry.id)[0].content.body, "Read it.");
    assert_eq!(
        ben.get::<Entry>(entry.id).unwrap().content.body,
        "Before the machine broke."
    );
    ada.write("Nothing happened to me.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Nothing happened to me."]);
}

/// Takes a care space out of the node's store, as if that part of a copy were missing.
fn lose_care_space(clinic: &mut Node, patient: companion_core::domain::DocumentId) {
    let care = clinic.patient(patient).unwrap().record.care_space;
    for sql in [
        "DELETE FROM item WHERE space = ?1",
        "DELETE FROM outbox WHERE space = ?1",
        "DELETE FROM log WHERE space = ?1",
        "DELETE FROM epoch_key WHERE space = ?1",
        "DELETE FROM statement WHERE space = ?1",
        "DELETE FROM space WHERE space = ?1",
    ] {
        clinic.damage(sql, [care.as_bytes()]);
    }
    clinic.reopen();
}

#[test]
fn a_patient_whose_record_cannot_be_had_is_named_as_unreadable_until_it_is_back() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("Before.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    lose_care_space(&mut clinic, patient);
    assert_eq!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Unreadable
    );
    assert_eq!(
        clinic.caseload().unwrap()[0].invite,
        InviteState::Unreadable
    );
    world.server().stop();
    assert!(clinic.sync().is_err());
    assert_eq!(
        clinic.patient(patient).unwrap().invite,
        InviteState::Unreadable
    );
    world.server().start();
    clinic.sync().unwrap();
    assert!(matches!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Paired { .. }
    ));
    assert_eq!(clinic.texts_of(&ada), ["Before."]);
}

#[test]
fn a_record_that_the_server_lost_too_comes_back_from_the_patients_phone() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let empty = world.server().backup();
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("Only my phone has this.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    clinic
        .reply(patient, entry.id, "Read it.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    lose_care_space(&mut clinic, patient);
    world.server().restore(&empty);

    clinic.sync().unwrap();
    assert_eq!(
        clinic.invite_state(patient).unwrap(),
        InviteState::Unreadable,
        "nothing may be written before the phone gave back what this node wrote"
    );
    for _ in 0..3 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["Only my phone has this."]);
    clinic
        .reply(patient, entry.id, "Read it again.", "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let mut replies: Vec<_> = ada
        .replies(entry.id)
        .into_iter()
        .map(|reply| reply.content.body)
        .collect();
    replies.sort();
    assert_eq!(replies, ["Read it again.", "Read it."]);
}

#[test]
fn a_patient_who_stays_unreadable_can_be_paired_anew_under_the_same_entry() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let empty = world.server().backup();
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    lose_care_space(&mut clinic, patient);
    world.server().restore(&empty);
    clinic.sync().unwrap();
    drop(ada);

    let invitation = clinic.reinvite(patient).unwrap();
    assert_eq!(invitation.patient, patient);
    let mut phone = world.phone("Ada's new phone");
    phone.record = Some(patient);
    phone.pair(&invitation.link).unwrap();
    phone.write("A new beginning.");
    for _ in 0..2 {
        clinic.sync().unwrap();
        phone.sync().unwrap();
    }
    clinic.confirm(patient).unwrap();
    phone.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(names(&clinic), ["Ada"]);
    assert_eq!(clinic.texts_of(&phone), ["A new beginning."]);
}

#[test]
fn a_clinic_that_breaks_right_after_an_invitation_knows_the_patient_who_came_by_it() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let copy = clinic.copy();
    let invitation = clinic.invite("Ben");
    clinic.put_back(&copy);
    let mut ben = world.phone("Ben");
    ben.record = Some(invitation.patient);
    ben.pair(&invitation.link).unwrap();
    ben.write("Is anybody there?");
    ben.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(names(&clinic), ["Ben"]);
    assert!(matches!(
        clinic.invite_state(invitation.patient).unwrap(),
        InviteState::Joined { .. }
    ));
    clinic.let_in(&ben);
    assert_eq!(clinic.texts_of(&ben), ["Is anybody there?"]);
}
