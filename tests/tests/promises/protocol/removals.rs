//! Who is removed learns it, whatever became of the server meanwhile; and until a removal is whole, nothing is
//! sent that it would still reach.

use companion_core::WarningCode;
use companion_core::ports::Method;
use companion_core::protocol::api::path;
use companion_core::protocol::id::SpaceId;
use companion_tests::{Fault, Insider, Phone, World};

/// From now on no statement of this phone reaches that space.
fn no_statement_reaches(phone: &Phone, space: SpaceId) {
    let chain = path::chain(space);
    phone.faults().script(move |_, request| {
        match request.method == Method::Post && request.path == chain {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
}

#[test]
fn nothing_private_is_sent_while_a_removed_phone_would_still_get_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.written_words();
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    // The first phone is lost; its removal by the words breaks off between the two spaces.
    no_statement_reaches(&tablet, Insider::of(&tablet, "private").space);
    let lost = ada.member();
    assert!(tablet.remove_device_with_words(lost, &words).is_err());
    tablet.faults().heal();
    tablet.write_privately("After the removal.");
    let report = tablet.sync().unwrap();
    assert!(Insider::of(&tablet, "care").chain.present(&lost).is_none());
    let [problem] = &report.problems[..] else {
        panic!("{report:?}")
    };
    assert!(problem.message.contains("waits on this phone") && !problem.passing);
    ada.sync().unwrap();
    let got = ada.texts();
    assert!(!got.contains(&"After the removal.".to_owned()), "{got:?}");
    tablet.write("Shared all the same.");
    assert_eq!(tablet.sync().unwrap().problems.len(), 1);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Shared all the same."]);
    tablet.remove_device_with_words(lost, &words).unwrap();
    tablet.sync_cleanly();
    assert_eq!(tablet.status().unwrap().waiting, 0);
    ada.sync().unwrap();
    assert!(!ada.texts().contains(&"After the removal.".to_owned()));
}

#[test]
fn what_is_private_goes_on_at_once_where_this_phone_can_finish_the_removal() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    no_statement_reaches(&ada, Insider::of(&ada, "private").space);
    assert!(ada.remove_device(tablet.member()).is_err());
    ada.faults().heal();
    ada.write_privately("After the removal.");
    ada.sync_cleanly();
    assert_eq!(ada.status().unwrap().waiting, 0);
    tablet.sync().unwrap();
    assert!(tablet.texts().is_empty(), "{:?}", tablet.texts());
}

#[test]
fn a_phone_that_was_removed_after_a_restore_hears_so() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    clinic.sync_cleanly();
    let backup = world.server().backup();
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    world.server().restore(&backup);
    clinic.sync().unwrap();
    ada.sync().unwrap();
    ada.remove_device(tablet.member()).unwrap();
    let report = tablet.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(tablet.warned(WarningCode::Removed).is_some(), "{report:?}");
    assert!(!tablet.is_paired());
    tablet.sync_cleanly();
}

#[test]
fn a_phone_that_was_removed_and_followed_to_another_server_hears_so() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let there = world.another_server();
    there.register(clinic.public_key());
    clinic.move_to_server(&there.url()).unwrap();
    clinic.sync().unwrap();
    ada.use_server(&there.url()).unwrap();
    ada.sync().unwrap();
    clinic.sync().unwrap();
    ada.sync().unwrap();
    ada.remove_device(tablet.member()).unwrap();
    tablet.use_server(&there.url()).unwrap();
    let report = tablet.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(tablet.warned(WarningCode::Removed).is_some(), "{report:?}");
    assert!(!tablet.is_paired());
}

#[test]
fn a_phone_that_the_clinic_removed_shows_who_gets_what_it_keeps_private() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    for phone in [&tablet, &ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    for lost in [ada.member(), tablet.member()] {
        clinic.remove_device(ada.record.unwrap(), lost).unwrap();
    }
    for phone in [&ada, &tablet] {
        phone.sync().unwrap();
    }
    let devices = ada.devices().unwrap();
    let this = devices.iter().find(|d| d.member == ada.member()).unwrap();
    assert!(!this.reads_shared && this.reads_private, "{this:?}");
    let other = devices.iter().find(|d| d.name == "Ada's tablet").unwrap();
    assert!(other.reads_private, "{other:?}");
    // The first phone has the say in what is private, whatever the clinic did.
    ada.remove_device(other.member).unwrap();
    ada.write_privately("Mine alone.");
    ada.sync().unwrap();
    tablet.sync().unwrap();
    assert!(tablet.texts().is_empty(), "{:?}", tablet.texts());
}
