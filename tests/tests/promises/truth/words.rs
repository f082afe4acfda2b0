//! Recovery words that were replaced open nothing, whoever made them, wherever and in whatever order.

use std::sync::{Arc, Mutex};

use companion_core::domain::{Device, DeviceSort};
use companion_core::patient::{DeviceKind, EarlierWords};
use companion_core::{CoreError, NotNow};
use companion_tests::{Fault, Insider, Phone, World};

fn made_by(phone: &Phone) -> String {
    phone.make_recovery_code().unwrap().words().join(" ")
}

/// Whether these words bring a new phone back.
fn opens(world: &World, words: &str) -> bool {
    let phone = world.phone("finder");
    let came_back = phone.recover(&world.server().url(), words).is_ok();
    assert_eq!(came_back, phone.status().unwrap().paired);
    came_back
}

/// How many recovery words are members of a space.
fn words_in(phone: &Phone, purpose: &str) -> usize {
    let insider = Insider::of(phone, purpose);
    let chain = &insider.chain;
    let phones: Vec<_> = phone
        .devices()
        .unwrap()
        .into_iter()
        .filter(|device| device.kind != DeviceKind::RecoveryWords)
        .map(|device| device.member)
        .collect();
    let others = chain.present_members().filter(|m| !phones.contains(&m.id));
    others.count()
}

#[test]
fn words_that_another_phone_replaced_open_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let old = made_by(&ada);
    let sheet = tablet.make_recovery_code().unwrap();
    assert_eq!(sheet.earlier, EarlierWords::Retired);
    assert_eq!(sheet.server, world.server().url());
    // From this moment on, and not only after the phones have met.
    let refused = world.phone("early").recover(&world.server().url(), &old);
    assert!(
        matches!(refused, Err(CoreError::NotNow(NotNow::WordsOpenNothing))),
        "{refused:?}"
    );
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    assert!(!opens(&world, &old), "the replaced words still open all");
    assert!(opens(&world, &sheet.words().join(" ")));
}

#[test]
fn a_phone_says_that_the_words_made_on_it_were_replaced_on_another() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("Ada's blue phone").unwrap();
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    assert_eq!(ada.status().unwrap().recovery_words.standing, None);
    let sheet = ada.make_recovery_code().unwrap();
    assert_eq!(sheet.earlier, EarlierWords::None);
    let made = ada.status().unwrap().recovery_words;
    let standing = made.standing.unwrap();
    assert!(standing.made_here && standing.open && made.replaced_here.is_none());
    world.minutes_pass(1);
    tablet.make_recovery_code().unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    let words = ada.status().unwrap().recovery_words;
    let standing = words.standing.unwrap();
    assert_eq!(standing.made_on, "Ada's tablet");
    assert!(!standing.made_here && !standing.maker_removed);
    let replaced = words.replaced_here.unwrap();
    assert!(replaced.made_here && !replaced.open);
    assert!(replaced.made_at < standing.made_at);
    // Once the tablet is lost, whoever has it may know the words that were made on it.
    ada.remove_device(tablet.member()).unwrap();
    let words = ada.status().unwrap().recovery_words;
    assert!(words.standing.unwrap().maker_removed);
    let sheet = ada.make_recovery_code().unwrap();
    assert_eq!(sheet.earlier, EarlierWords::Retired);
    let words = ada.status().unwrap().recovery_words;
    assert!(words.standing.unwrap().made_here && words.replaced_here.is_none());
}

/// Two phones make words at the same time: `tablet` makes all of its own just before one of the requests
/// of `ada`, the `at`-th. Whatever the order in which the two got into the spaces, one set stands.
#[test]
fn words_made_on_two_phones_at_the_same_time_have_one_outcome() {
    let mut elsewhere = 0;
    for at in 0..40 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = Arc::new(ada.second_phone());
        let others = Arc::new(Mutex::new(None));
        let (made_meanwhile, maker) = (Arc::clone(&others), Arc::clone(&tablet));
        let count = Mutex::new(0);
        ada.faults().before_each(move |_| {
            let mut count = count.lock().unwrap();
            *count += 1;
            if *count == at + 1 {
                *made_meanwhile.lock().unwrap() = Some(maker.make_recovery_code().unwrap());
            }
        });
        let mine = ada.make_recovery_code();
        ada.faults().heal();
        let Some(theirs) = others.lock().unwrap().take() else {
            assert!(at > 8, "every request was tried");
            break;
        };
        for phone in [&ada, &tablet, &ada, &tablet] {
            phone.sync_cleanly();
        }
        let theirs = theirs.words().join(" ");
        let mine = match mine {
            Ok(sheet) => opens(&world, &sheet.words().join(" ")),
            Err(CoreError::NotNow(NotNow::WordsMadeElsewhere)) => {
                elsewhere += 1;
                false
            }
            Err(error) => panic!("request {at}: {error}"),
        };
        let theirs = opens(&world, &theirs);
        assert!(mine != theirs, "request {at}: {mine} and {theirs}");
        let standing = ada.status().unwrap().recovery_words.standing.unwrap();
        assert_eq!(standing.made_here, mine, "request {at}");
        for purpose in ["care", "private"] {
            assert_eq!(words_in(&ada, purpose), 1, "request {at}, {purpose}");
        }
    }
    assert!(elsewhere > 0, "the other phone's never came later");
}

#[test]
fn words_whose_making_was_cut_off_are_nobodys_and_those_before_them_stand() {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let old = made_by(&tablet);
        ada.faults().script(move |n, _| {
            if n >= at {
                Fault::DropAnswer
            } else {
                Fault::None
            }
        });
        let made = ada.make_recovery_code();
        finished = ada.faults().sent() <= at;
        ada.kill();
        ada.faults().heal();
        ada.sync().unwrap();
        tablet.sync().unwrap();
        ada.sync_cleanly();
        let stands = match &made {
            Ok(sheet) => sheet.words().join(" "),
            Err(_) => old.clone(),
        };
        assert_eq!(opens(&world, &old), made.is_err(), "request {at}");
        assert!(opens(&world, &stands), "request {at}");
        for purpose in ["care", "private"] {
            assert_eq!(words_in(&ada, purpose), 1, "request {at}, {purpose}");
        }
        if finished {
            break;
        }
    }
    assert!(finished, "every request was tried");
}

#[test]
fn words_made_on_a_phone_that_was_removed_since_end_when_others_are_made() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let old = made_by(&tablet);
    // It is gone before any other phone heard of the words.
    ada.remove_device(tablet.member()).unwrap();
    assert!(opens(&world, &old), "removing a phone ends no words");
    let sheet = ada.make_recovery_code().unwrap();
    assert_eq!(sheet.earlier, EarlierWords::Retired);
    assert!(!opens(&world, &old));
}

#[test]
fn the_clinics_side_can_neither_replace_the_patients_words_nor_end_them_in_what_is_private() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let record = ada.record.unwrap();
    let words = made_by(&ada);
    clinic.sync_cleanly();
    // A device that the clinic itself let in, and another that it calls recovery words.
    let puppet = world.phone("puppet");
    puppet.pair(&clinic.reinvite(record).unwrap().link).unwrap();
    puppet.sync().unwrap();
    clinic.sync().unwrap();
    let paper = world.phone("paper");
    paper.pair(&puppet.invite_phone().unwrap().link).unwrap();
    puppet.sync().unwrap();
    let said = Device {
        member: paper.member(),
        name: "Recovery words".to_owned(),
        sort: DeviceSort::RecoveryWords,
        made_on: puppet.member(),
        at: puppet.now(),
    };
    puppet.create(said).unwrap();
    puppet.sync().unwrap();
    // It is an admin of what is shared and may take the patient's words out of that, in favor of its own
    // or of none. The patient's phone then says that there are none, and follows it no further.
    for _ in 0..2 {
        ada.sync().unwrap();
    }
    assert_eq!(ada.status().unwrap().recovery_words.standing, None);
    assert!(!opens(&world, &words));
    let made = ada.devices().unwrap();
    let made = made.iter().find(|d| d.kind == DeviceKind::RecoveryWords);
    let made = made.unwrap().member;
    let is_in = |purpose: &str, member| Insider::of(&ada, purpose).chain.present(&member).is_some();
    assert!(is_in("private", made) && is_in("care", paper.member()));
    // Until the patient makes new ones: those end both.
    let new = made_by(&ada);
    ada.sync().unwrap();
    assert!(!is_in("private", made) && !is_in("care", paper.member()));
    assert!(opens(&world, &new));
}
