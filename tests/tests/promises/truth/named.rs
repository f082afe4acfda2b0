//! Devices are what they say that they are, under the same name on every screen.

use companion_core::clinic::{ClinicDevice, InviteState};
use companion_core::domain::Device;
use companion_core::patient::{CompareWith, DeviceKind, DeviceView, PairingState};
use companion_core::records::Query;
use companion_tests::{Node, Phone, World};

fn on_phone(phone: &Phone) -> Vec<(String, DeviceKind)> {
    let devices = phone.devices().unwrap().into_iter();
    devices.map(|device| (device.name, device.kind)).collect()
}

fn at_clinic(clinic: &Node, of: &Phone) -> Vec<ClinicDevice> {
    clinic.patient(of.record.unwrap()).unwrap().devices
}

fn named(devices: Vec<DeviceView>, name: &str) -> DeviceView {
    devices
        .into_iter()
        .find(|device| device.name == name)
        .unwrap()
}

#[test]
fn a_device_has_one_name_everywhere_and_recovery_words_are_no_phone() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("  Ada's   blue phone ").unwrap();
    let tablet = ada.second_phone();
    ada.make_recovery_code().unwrap();
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let owned = |name: &str| name.to_owned();
    assert_eq!(
        on_phone(&ada),
        [
            (owned("Riverbank"), DeviceKind::Clinic),
            (owned("Ada's blue phone"), DeviceKind::ThisPhone),
            (owned("Phone"), DeviceKind::Phone),
            (owned("Recovery words"), DeviceKind::RecoveryWords),
        ]
    );
    let there = at_clinic(&clinic, &ada);
    let there: Vec<_> = there.iter().map(|d| (d.name.as_str(), d.kind)).collect();
    assert_eq!(
        there,
        [
            ("The clinic", DeviceKind::Clinic),
            ("Ada's blue phone", DeviceKind::Phone),
            ("Phone", DeviceKind::Phone),
            ("Recovery words", DeviceKind::RecoveryWords),
        ]
    );
    // A name is changed offline, and arrives with the next exchange.
    tablet.rename_phone("Ada's tablet").unwrap();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(at_clinic(&clinic, &ada)[2].name, "Ada's tablet");
    assert_eq!(on_phone(&ada)[2].0, "Ada's tablet");
    // One document for each, however often it syncs, and nothing that a clinician has to look at.
    assert_eq!(ada.all(Query::<Device>::all()).len(), 2);
    assert_eq!(clinic.caseload().unwrap()[0].new, 0);
}

#[test]
fn the_day_on_which_a_device_was_last_heard_of_is_its_own() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let lost_on = world.now().unix_ms;
    world.days_pass(9);
    ada.write("Where is my tablet?");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let heard = |device: &ClinicDevice| device.last_received_at.map(|at| at.unix_ms);
    let there = at_clinic(&clinic, &ada);
    assert_eq!(heard(&there[1]), Some(world.now().unix_ms));
    assert_eq!(heard(&there[2]), Some(lost_on));
    let tablet = named(ada.devices().unwrap(), "Ada's tablet");
    assert_eq!(tablet.last_received_at.map(|at| at.unix_ms), Some(lost_on));
}

#[test]
fn a_newcomer_that_never_said_what_it_is_has_no_name_made_up_for_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let stranger = world.phone("stranger");
    let pairing = stranger.pair(&ada.invite_phone().unwrap().link).unwrap();
    assert_eq!(pairing.compare_with, CompareWith::OwnPhone);
    ada.sync_cleanly();
    stranger.sync_cleanly();
    // It is in no list of who can read, and both show the same words.
    assert_eq!(ada.devices().unwrap().len(), 2);
    let newcomer = ada.newcomers().unwrap().pop().unwrap();
    assert_eq!(newcomer.compare_words, Some(stranger.words_to_compare()));
    ada.confirm_phone(newcomer.member).unwrap();
    let unnamed = named(ada.devices().unwrap(), "A device without a name");
    assert_eq!(unnamed.kind, DeviceKind::Unnamed);
    assert!(ada.newcomers().unwrap().is_empty());
}

#[test]
fn a_phone_is_paired_once_the_clinic_says_that_the_words_were_the_same() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let mut ada = world.phone("Ada");
    ada.record = Some(invitation.patient);
    let pairing = ada.pair(&invitation.link).unwrap();
    assert_eq!(pairing.compare_with, CompareWith::Clinic);
    for _ in 0..2 {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
    ada.sync_cleanly();
    assert_eq!(ada.words_to_compare(), clinic.words_of(invitation.patient));
    world.minutes_pass(3);
    clinic.let_in(&ada);
    let paired = PairingState::Paired { at: world.now() };
    assert_eq!(ada.status().unwrap().pairing, paired);
    // So is one that came back by words after that one is gone.
    let words = ada.written_words();
    let lost = ada.member();
    let new = world.phone("new");
    new.recover(&world.server().url(), &words).unwrap();
    new.remove_device_with_words(lost, &words).unwrap();
    assert!(new.is_paired());
    clinic.sync_cleanly();
    // Not so one that the clinic invites anew: what was compared was somebody else.
    let again = clinic.reinvite(invitation.patient).unwrap();
    let mut other = world.phone("other");
    other.record = Some(invitation.patient);
    other.pair(&again.link).unwrap();
    clinic.sync_cleanly();
    other.sync_cleanly();
    assert_eq!(
        other.words_to_compare(),
        clinic.words_of(invitation.patient)
    );
    // And letting it in is one act with removing the phone that was there, which the page says before.
    let InviteState::Joined { replaces, .. } = clinic.invite_state(invitation.patient).unwrap()
    else {
        panic!()
    };
    assert_eq!(replaces, ["Phone"]);
    clinic.let_in(&other);
    new.sync().unwrap();
    assert_eq!(new.status().unwrap().pairing, PairingState::Removed);
    let removed = at_clinic(&clinic, &other);
    let removed: Vec<bool> = removed.iter().map(|d| d.removed_at.is_some()).collect();
    assert_eq!(removed, [false, true, false, true, false]);
}

#[test]
fn a_phone_that_was_removed_does_not_say_that_it_was_in_step_with_the_clinic() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    let before = tablet.status().unwrap().last_sync_ms;
    ada.remove_device(tablet.member()).unwrap();
    world.minutes_pass(90);
    tablet.sync().unwrap();
    world.minutes_pass(90);
    tablet.sync().unwrap();
    assert_eq!(tablet.status().unwrap().last_sync_ms, before);
}
