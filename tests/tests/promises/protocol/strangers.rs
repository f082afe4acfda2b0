//! What a server tells whoever is in none of its spaces, and whoever is in one without its knowledge.

use companion_core::ports::{Method, random};
use companion_core::protocol::api::{MAX_SMALL_RUN_BYTES, path};
use companion_core::protocol::id::SpaceId;
use companion_core::testing::space::rotation::Change;
use companion_tests::{Insider, World, signed, stranger};

#[test]
fn a_stranger_cannot_tell_whether_a_space_exists_before_and_after_a_restore() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let insider = Insider::of(&ada, "private");
    let stranger = stranger(&world);
    let knock = |space: SpaceId| {
        let nonce = random(&*world.rng());
        let chain = path::chain(space);
        let request = signed(
            &world,
            stranger.signing_key(),
            Method::Post,
            (&chain, ""),
            b"nonsense".to_vec(),
            &nonce,
        );
        let answer = insider.transmit(&request);
        (answer.status, answer.body)
    };
    let unknown = SpaceId::new([7; 32]);
    assert_eq!(knock(insider.space), knock(unknown), "before a restore");
    let backup = world.server().backup();
    world.server().restore(&backup);
    assert_eq!(knock(insider.space), knock(unknown), "after a restore");
}

#[test]
fn a_phone_that_came_after_the_backup_brings_itself_back_however_much_was_said_since() {
    let world = World::in_memory(1);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    // More than is read of whom the server does not know.
    let mut first = Insider::of(&ada, "private");
    let mut since = 0;
    while since <= MAX_SMALL_RUN_BYTES {
        let (rotation, key) = first.rotation(Change::default());
        assert_eq!(first.offer(&rotation).status, 201);
        first.chain.extend(&rotation).unwrap();
        first.keys.insert(first.chain.epoch(), key);
        since += rotation.bytes().len();
    }
    tablet.sync_cleanly();
    let chain = Insider::of(&tablet, "private").chain;
    world.server().restore(&backup);
    // The first phone is gone, and the tablet alone comes.
    for _ in 0..2 {
        tablet.sync().unwrap();
    }
    tablet.write_privately("I am back.");
    tablet.sync_cleanly();
    let given_back = Insider::of(&tablet, "private");
    assert_eq!(given_back.chain.head(), chain.head());
    let page = given_back.send(
        Method::Get,
        &path::chain(given_back.space),
        &format!("from={}", chain.length() - 1),
        Vec::new(),
    );
    assert_eq!(page.status, 200, "the server holds all of it again");
}
