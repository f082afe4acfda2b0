//! A server that moves to another address, with its data or without.

use companion_core::clinic::Announced;
use companion_core::domain::{ClinicProfile, DocumentId, Entry};
use companion_core::{CoreError, NotNow};
use companion_tests::{Node, Phone, TestServer, World};

fn at_rest(clinic: &Node, phones: &[&Phone]) {
    for _ in 0..3 {
        for phone in phones {
            let _ = phone.sync();
        }
        clinic.sync().unwrap();
    }
    clinic.sync_cleanly();
    for phone in phones {
        phone.sync_cleanly();
    }
}

/// Words on both sides of the move, a second phone, a removed one and an invitation that ran out.
fn a_life(world: &World, clinic: &Node) -> (Phone, Phone) {
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let lost = ada.second_phone();
    ada.remove_device(lost.member()).unwrap();
    let entry = ada.write("Before the move.");
    ada.write_privately("Mine, before the move.");
    tablet.write("From the tablet.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    clinic
        .reply(ada.record.unwrap(), entry.id, "Read it.", "Dr Moss")
        .unwrap();
    world.days_pass(40);
    at_rest(clinic, &[&ada, &tablet]);
    (ada, tablet)
}

fn goes_on(clinic: &Node, ada: &Phone, tablet: &Phone) {
    let entry = ada.write("After the move.");
    ada.write_privately("Mine, after the move.");
    at_rest(clinic, &[ada, tablet]);
    clinic
        .reply(ada.record.unwrap(), entry.id, "Read that too.", "Dr Moss")
        .unwrap();
    at_rest(clinic, &[ada, tablet]);
    let shared = ["After the move.", "Before the move.", "From the tablet."];
    assert_eq!(clinic.texts_of(ada), shared);
    assert_eq!(ada.texts().len(), 5);
    assert_eq!(tablet.texts(), ada.texts());
    assert_eq!(ada.replies(entry.id).len(), 1);
    assert_eq!(
        ada.get::<Entry>(entry.id).unwrap().content.body,
        "After the move."
    );
}

fn follow(phone: &Phone, new: &TestServer) {
    phone.sync().unwrap();
    let status = phone.status().unwrap();
    assert_eq!(status.moved_to.as_deref(), Some(&*new.url()));
    assert_ne!(status.server.as_deref(), Some(&*new.url()), "it asks first");
    assert_eq!(phone.follow_clinic().unwrap(), new.url());
    let status = phone.status().unwrap();
    assert_eq!((status.moved_to, status.server), (None, Some(new.url())));
}

#[test]
fn phones_follow_a_server_that_moved_with_its_data_when_they_say_so() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, tablet) = a_life(&world, &clinic);
    let new = world.server_with(&world.server().backup());
    let announced = clinic.move_to_server(&new.url()).unwrap();
    assert_eq!(announced, Announced::AtTheOldServer);
    clinic.sync().unwrap();
    follow(&ada, &new);
    follow(&tablet, &new);
    world.server().stop();
    goes_on(&clinic, &ada, &tablet);
}

#[test]
fn an_empty_new_server_is_given_everything_by_those_who_follow() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, tablet) = a_life(&world, &clinic);
    let before = world.server().stored_changes().len();
    let new = world.another_server();
    new.register(clinic.public_key());
    clinic.move_to_server(&format!("{}/", new.url())).unwrap();
    // A phone that comes before the clinic waits for it, and says so.
    follow(&ada, &new);
    let early = ada.sync().unwrap();
    assert!(
        early.problems.iter().all(|problem| problem.passing),
        "{early:#?}"
    );
    assert!(!early.problems.is_empty());
    clinic.sync().unwrap();
    follow(&tablet, &new);
    world.server().stop();
    goes_on(&clinic, &ada, &tablet);
    let stored = new.stored_changes();
    let distinct: std::collections::BTreeSet<_> = stored.iter().collect();
    assert_eq!(stored.len(), distinct.len(), "nothing twice");
    assert!(stored.len() > before, "nothing lost");
    // Whoever comes new gets all of it from there.
    let laptop = ada.second_phone();
    assert_eq!(laptop.texts(), ada.texts());
    let ben = clinic.with_patient("Ben");
    assert_eq!(ben.status().unwrap().server, Some(new.url()));
}

#[test]
fn where_the_old_server_is_gone_the_address_is_typed_by_hand() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, tablet) = a_life(&world, &clinic);
    world.server().stop();
    let new = world.another_server();
    new.register(clinic.public_key());
    let announced = clinic.move_to_server(&new.url()).unwrap();
    assert_eq!(announced, Announced::NotEverywhere);
    clinic.sync().unwrap();
    assert!(ada.sync().is_err());
    assert!(matches!(
        ada.follow_clinic(),
        Err(CoreError::NotNow(NotNow::NotMoved))
    ));
    assert!(ada.use_server("not an address").is_err());
    for phone in [&ada, &tablet] {
        phone.use_server(&new.url()).unwrap();
    }
    goes_on(&clinic, &ada, &tablet);
    assert_eq!(ada.status().unwrap().moved_to, None);
}

#[test]
fn nobody_but_the_clinic_can_move_a_phone() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let mut elsewhere = ClinicProfile::new("Riverbank");
    elsewhere.server = "https://elsewhere.example".to_owned();
    assert!(matches!(
        ada.create(elsewhere.clone()),
        Err(CoreError::NotYours { .. })
    ));
    // Written all the same by a member who is not the clinic.
    let mut thief = companion_tests::Insider::of(&ada, "care");
    let document = DocumentId::random(&*world.rng());
    let planted = thief.seal(&companion_tests::new_payload(&world, document, &elsewhere));
    thief.push_ok(&[planted]);
    for phone in [&ada, &tablet] {
        phone.sync().unwrap();
        assert_eq!(phone.status().unwrap().moved_to, None);
        assert_eq!(phone.status().unwrap().server, Some(world.server().url()));
    }
}

#[test]
fn nobody_moves_to_an_address_where_no_server_answers() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, _tablet) = a_life(&world, &clinic);
    let gone = world.another_server();
    let address = gone.url();
    gone.stop();
    let before = clinic.server().unwrap();
    let moved = clinic.move_to_server(&address);
    assert!(matches!(moved, Err(CoreError::Offline(_))), "{moved:?}");
    assert_eq!(clinic.server().unwrap(), before);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.status().unwrap().moved_to, None);
    for odd in [
        "https://me:secret@sync.test",
        "https://sync.test/?x",
        "banana",
    ] {
        assert!(clinic.move_to_server(odd).is_err(), "{odd}");
    }
}
