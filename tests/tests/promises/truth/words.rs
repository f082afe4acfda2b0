//! Recovery words that were replaced open nothing, whoever made them; and no younger phone ends them.

use companion_core::patient::{EarlierWords, RecoverySheet};
use companion_core::protocol::statement::{Removal, Role, StatementBody};
use companion_core::testing::space::rotation::{self, Change};
use companion_core::{CoreError, NotNow};
use companion_tests::{Insider, Phone, World, code};

fn made_by(phone: &Phone) -> String {
    phone.written_words()
}

/// A person has the sheet and gives back the word that it asks for.
fn give_back(phone: &Phone, sheet: &RecoverySheet) -> EarlierWords {
    let word = sheet.words()[sheet.asks_for - 1].to_owned();
    phone.confirm_recovery_code(&word).unwrap()
}

/// Whether these words bring a new phone back.
fn opens(world: &World, words: &str) -> bool {
    let phone = world.phone("finder");
    let came_back = phone.recover(&world.server().url(), words).is_ok();
    assert_eq!(came_back, phone.is_paired());
    came_back
}

/// How many recovery words are members of a space.
fn words_in(phone: &Phone, purpose: &str) -> usize {
    let insider = Insider::of(phone, purpose);
    let words = insider.chain.present_members();
    words.filter(|member| member.role == Role::Words).count()
}

#[test]
fn words_that_were_replaced_open_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let first = ada.make_recovery_code().unwrap();
    assert!(!first.replaces);
    assert_eq!(give_back(&ada, &first), EarlierWords::None);
    let old = first.words().join(" ");
    let sheet = ada.make_recovery_code().unwrap();
    assert!(sheet.replaces);
    assert_eq!(
        words_in(&ada, "care"),
        2,
        "nobody wrote the new ones down yet"
    );
    let other = first.words()[sheet.asks_for - 1].to_owned();
    let wrong = ada.confirm_recovery_code(&other);
    assert!(
        matches!(wrong, Err(CoreError::NotNow(NotNow::AnotherWord { place })) if place == sheet.asks_for),
        "{wrong:?}"
    );
    assert_eq!(give_back(&ada, &sheet), EarlierWords::Retired);
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
    assert!(opens(&world, &sheet.words().join(" ")));
}

#[test]
fn only_the_first_phone_makes_words_and_every_phone_says_which_stand() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("Ada's blue phone").unwrap();
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    assert_eq!(ada.status().unwrap().recovery_words.standing, None);
    let words = made_by(&ada);
    let made = ada.status().unwrap().recovery_words;
    let standing = made.standing.unwrap();
    assert!(standing.made_here && standing.open && made.replaced_here.is_none());
    let refused = tablet.make_recovery_code();
    assert!(
        matches!(refused, Err(CoreError::NotNow(NotNow::NotFirstDevice))),
        "{refused:?}"
    );
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let seen = tablet.status().unwrap().recovery_words.standing.unwrap();
    assert_eq!(seen.made_on, "Ada's blue phone");
    assert!(!seen.made_here && !seen.maker_removed);
    assert!(opens(&world, &words), "and the paper is as good as it was");
    // The first phone is lost. The words remove it, and the tablet is the first from then on.
    tablet.sync().unwrap();
    let lost = ada.member();
    assert!(matches!(
        tablet.remove_device(lost),
        Err(CoreError::NotNow(NotNow::NotSenior))
    ));
    tablet.remove_device_with_words(lost, &words).unwrap();
    let seen = tablet.status().unwrap().recovery_words;
    assert!(seen.standing.unwrap().maker_removed);
    let sheet = tablet.make_recovery_code().unwrap();
    assert_eq!(give_back(&tablet, &sheet), EarlierWords::Retired);
    let seen = tablet.status().unwrap().recovery_words;
    assert!(seen.standing.unwrap().made_here && seen.replaced_here.is_none());
    assert!(!opens(&world, &words), "wherever they were made");
    ada.sync().unwrap();
    assert!(!ada.is_paired());
    assert!(ada.texts().is_empty());
}

#[test]
fn a_stolen_second_phone_ends_neither_the_words_nor_the_first_phone_nor_the_clinic() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let words = made_by(&ada);
    tablet.sync_cleanly();
    for purpose in ["care", "private"] {
        let thief = Insider::of(&tablet, purpose);
        let members: Vec<_> = thief.chain.present_members().map(|m| m.id).collect();
        for target in members.into_iter().filter(|id| *id != thief.me.member()) {
            let change = Change {
                remove: vec![Removal {
                    member: target,
                    last: thief.last_of(target),
                }],
                ..Change::default()
            };
            let (statement, _) = thief.rotation(change);
            assert!(matches!(statement.body(), StatementBody::Rotate(_)));
            let answer = thief.offer(&statement);
            assert_eq!(answer.status, 422, "{purpose}: {:?}", code(&answer));
        }
    }
    assert!(opens(&world, &words));
    assert!(ada.is_paired());
}

#[test]
fn words_whose_making_was_cut_off_are_nobodys_and_those_before_them_stand() {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let old = made_by(&ada);
        ada.faults().silent_from(at);
        let made = ada.make_recovery_code();
        finished = ada.faults().sent() <= at;
        ada.kill();
        ada.faults().heal();
        ada.sync().unwrap();
        tablet.sync().unwrap();
        ada.sync_cleanly();
        let (sheets, new) = match &made {
            Ok(sheet) => (2, Some(sheet.words().join(" "))),
            Err(_) => (1, None),
        };
        for purpose in ["care", "private"] {
            assert_eq!(words_in(&ada, purpose), sheets, "request {at}, {purpose}");
        }
        for words in [Some(old), new].into_iter().flatten() {
            assert!(opens(&world, &words), "request {at}");
        }
        if finished {
            break;
        }
    }
    assert!(finished, "every request was tried");
}

#[test]
fn the_clinics_side_can_neither_replace_the_patients_words_nor_end_them() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = made_by(&ada);
    clinic.sync_cleanly();
    let node = Insider::of_clinic(&clinic, &ada);
    let paper = node.chain.present_members().find(|m| m.role == Role::Words);
    let refused = clinic.remove_device(ada.record.unwrap(), paper.unwrap().id);
    assert!(refused.is_err(), "{refused:?}");
    // A phone of its own beside the patient's is let in by nobody: only in its place, which removes it
    // and is said.
    let puppet = companion_tests::stranger(&world);
    let change = Change {
        enrol: vec![rotation::enrol(&puppet, &node.chain, Role::Device)],
        ..Change::default()
    };
    let (statement, _) = node.rotation(change);
    assert_eq!(node.offer(&statement).status, 422);
    ada.sync_cleanly();
    assert!(ada.status().unwrap().recovery_words.standing.unwrap().open);
    assert!(opens(&world, &words));
}
