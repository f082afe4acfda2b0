//! Who is removed learns it, whatever became of the server meanwhile; and until a removal is whole, nothing is
//! sent that it would still reach.

use companion_core::WarningCode;
use companion_core::domain::DocumentId;
use companion_core::ports::Method;
use companion_core::protocol::api::path;
use companion_core::protocol::id::{Counter, HistoryHash, SpaceId};
use companion_core::protocol::statement::{LastChange, Leave, Removal, Role, StatementBody};
use companion_core::testing::space::membership;
use companion_core::testing::space::rotation::Change;
use companion_tests::{Fault, Insider, Phone, World, entry_payload, reason};

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

/// Whoever leaves says itself which change of it is the last that counts.
#[test]
fn whoever_left_with_a_last_change_that_nobody_has_writes_no_more_through_others() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.write("Before I left.");
    for phone in [&tablet, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    // After a restore the server can't know whether that change is still to be given back.
    let backup = world.server().backup();
    world.server().restore(&backup);
    for phone in [&ada, &tablet] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    let mut thief = Insider::of(&tablet, "care");
    let accomplice = Insider::of_clinic(&clinic, &ada);
    let last = LastChange {
        counter: Counter(1 << 40),
        hash: HistoryHash::new([9; 32]),
    };
    let left = thief.extend(StatementBody::Leave(Leave { last }));
    assert_eq!(left.status, 201);
    ada.sync().unwrap();
    let of_thief = Insider::of(&ada, "care");
    let removed = of_thief.chain.member(&tablet.member()).unwrap().removed;
    assert_eq!(removed.unwrap().last.counter, thief.last.0);
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(&world, fresh, "Written after I left.", "");
    let change = thief.seal(&payload);
    let answer = accomplice.push(&[change]);
    assert_eq!(answer.status, 422);
    assert_eq!(reason(&answer), "after_removal");
    for _ in 0..2 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["Before I left."]);
    assert!(ada.warned(WarningCode::Retracted).is_none());
    ada.sync_cleanly();
}

/// Whoever removes its own accomplice says which change of it is the last that counts; and is removed then.
#[test]
fn whoever_was_removed_by_its_accomplice_writes_no_more_through_others() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let laptop = tablet.second_phone();
    laptop.write("Before I was removed.");
    for phone in [&laptop, &tablet, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    // After a restore the server can't know whether that change is still to be given back.
    let backup = world.server().backup();
    world.server().restore(&backup);
    for phone in [&ada, &tablet, &laptop] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    let mut thief = Insider::of(&laptop, "care");
    let accomplice = Insider::of(&tablet, "care");
    let through = Insider::of_clinic(&clinic, &ada);
    let last = LastChange {
        counter: Counter(1 << 40),
        hash: HistoryHash::new([9; 32]),
    };
    let (removal, _) = accomplice.rotation(Change {
        remove: vec![Removal {
            member: laptop.member(),
            last,
        }],
        ..Change::default()
    });
    assert_eq!(accomplice.offer(&removal).status, 201);
    // While whoever said so is here it may know more than others do.
    ada.sync().unwrap();
    let of_laptop = |phone: &Phone| {
        let chain = Insider::of(phone, "care").chain;
        chain.member(&laptop.member()).unwrap().removed.unwrap()
    };
    assert_eq!(of_laptop(&ada).last, last);
    ada.remove_device(tablet.member()).unwrap();
    ada.sync().unwrap();
    assert_eq!(of_laptop(&ada).last.counter, thief.last.0);
    assert_eq!(of_laptop(&ada).last_by().by, ada.member());
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(&world, fresh, "Written after I was removed.", "");
    let change = thief.seal(&payload);
    let answer = through.push(&[change]);
    assert_eq!(reason(&answer), "after_removal");
    for _ in 0..2 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["Before I was removed."]);
    ada.sync_cleanly();
}

#[test]
fn whoever_left_honestly_is_held_to_what_it_said_although_the_others_had_not_read_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    tablet.write("My last words.");
    tablet.leave().unwrap();
    for _ in 0..2 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert_eq!(clinic.texts_of(&ada), ["My last words."]);
    assert!(ada.warned(WarningCode::Retracted).is_none());
}

/// Between what this phone was told of the log and what it reads of the members.
#[test]
fn whoever_sends_and_leaves_while_another_reads_is_held_to_all_that_it_sent() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    let mut leaver = Insider::of(&tablet, "care");
    let (now, rng) = (world.now(), world.rng());
    let (me, role) = (&leaver.me, Role::Reader);
    let (invite, _) = membership::invite(me, &leaver.chain, role, now, u64::MAX, &*rng);
    assert_eq!(leaver.offer(&invite).status, 201);
    leaver.chain.extend(&invite).unwrap();
    let fresh = DocumentId::random(&*rng);
    let said = entry_payload(&world, fresh, "My last words.", "My last words.");
    let change = leaver.seal(&said);
    let chain = path::chain(leaver.space);
    ada.faults().before_each(move |request| {
        if request.method == Method::Get && request.path == chain {
            leaver.push(std::slice::from_ref(&change));
            let (counter, hash) = leaver.last;
            let last = LastChange { counter, hash };
            leaver.extend(StatementBody::Leave(Leave { last }));
        }
    });
    ada.sync().unwrap();
    let of_ada = Insider::of(&ada, "care").chain;
    assert!(of_ada.present(&tablet.member()).is_none());
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["My last words."]);
}

#[test]
fn a_removal_that_says_that_nothing_was_written_is_refused_where_something_was() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    tablet.write("Mine.");
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let hostile = Insider::of(&ada, "care");
    let removal = |last| {
        let remove = vec![Removal {
            member: tablet.member(),
            last,
        }];
        let (removal, _) = hostile.rotation(Change {
            remove,
            ..Change::default()
        });
        hostile.offer(&removal)
    };
    let answer = removal(LastChange::NONE);
    assert_eq!(answer.status, 422);
    assert_eq!(reason(&answer), "unknown_change");
    assert_eq!(clinic.texts_of(&ada), ["Mine."]);
}

/// The server refuses what says that nothing was written, and the phone reads and decides again.
#[test]
fn a_phone_that_wrote_its_first_words_just_now_is_removed_all_the_same() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let space = Insider::of(&ada, "care").space;
    let tablet = world.phone("tablet");
    tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
    ada.sync().unwrap();
    tablet.sync().unwrap();
    ada.confirm_phone(ada.newcomers().unwrap().pop().unwrap().member)
        .unwrap();
    // It learns that it is in, and can't send yet.
    let changes = path::changes(space);
    tablet.faults().script(move |_, request| {
        match request.method == Method::Post && request.path == changes {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
    assert!(tablet.sync().is_err());
    let mut writer = Insider::of(&tablet, "care");
    assert_eq!(writer.last.0, Counter(0));
    let fresh = DocumentId::random(&*world.rng());
    let said = entry_payload(&world, fresh, "Just now.", "Just now.");
    let change = writer.seal(&said);
    // Between what the phone reads and what it decides.
    let chain = path::chain(space);
    ada.faults().before_each(move |request| {
        if request.method == Method::Post && request.path == chain {
            writer.push(std::slice::from_ref(&change));
        }
    });
    ada.remove_device(tablet.member()).unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Just now."]);
}
