//! What a stolen second phone, which was let in and has its keys, can't do to a chain: decide the words of
//! others, turn others' newcomers away, or end the record with more than anybody reads.

use companion_core::ports::{Method, random};
use companion_core::protocol::api::{ChainRun, path};
use companion_core::protocol::id::MemberId;
use companion_core::protocol::statement::{Answer, Rotate, Statement, StatementBody};
use companion_core::testing::space::rotation::MOST_AGAIN;
use companion_tests::{Insider, Node, Phone, World, at_length, reason};

/// A clinic, Ada's first phone and a second one; all have read what she wrote.
fn house() -> (World, Node, Phone, Phone) {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.write("Before.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    (world, clinic, ada, tablet)
}

/// Another phone comes by the first one's link, and both show words.
fn comes(world: &World, ada: &Phone) -> (Phone, MemberId) {
    let laptop = world.phone("laptop");
    laptop.pair(&ada.invite_phone().unwrap().link).unwrap();
    ada.sync().unwrap();
    laptop.sync().unwrap();
    let newcomer = ada.newcomers().unwrap().pop().unwrap();
    (laptop, newcomer.member)
}

fn answers(world: &World, thief: &Insider, newcomer: MemberId) {
    let nonce = random(&*world.rng());
    let answer = thief.extend(StatementBody::Answer(Answer { newcomer, nonce }));
    assert_eq!((answer.status, &*reason(&answer)), (422, "not_allowed"));
}

/// What an honest rotation would say, with something of it changed; the thief goes on with its key.
fn turns(thief: &mut Insider, with: impl FnOnce(&mut Rotate)) -> Statement {
    let (statement, key) = thief.spoiled_rotation(with);
    thief.keys.insert(thief.chain.epoch().next(), key);
    statement
}

fn offers(thief: &Insider, run: &[Statement]) -> companion_core::ports::Response {
    let statements = run.iter().map(|said| said.bytes().to_vec()).collect();
    let body = ChainRun { statements }.encode();
    thief.send(Method::Post, &path::chain(thief.space), "", body)
}

/// The first phone removes the second one, and goes on as before.
fn goes_on(clinic: &Node, ada: &Phone, tablet: &Phone) {
    ada.remove_device(tablet.member()).unwrap();
    ada.write("After.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(ada), ["After.", "Before."]);
    assert!(
        Insider::of(ada, "care")
            .chain
            .present(&tablet.member())
            .is_none()
    );
}

#[test]
fn a_second_phone_answers_nobody_who_came_by_the_first_ones_link() {
    let (world, _clinic, ada, tablet) = house();
    let (laptop, newcomer) = comes(&world, &ada);
    let words = laptop.words_to_compare();
    tablet.sync().unwrap();
    answers(&world, &Insider::of(&tablet, "care"), newcomer);
    ada.sync().unwrap();
    laptop.sync().unwrap();
    assert_eq!(laptop.words_to_compare(), words);
    ada.confirm_phone(newcomer).unwrap();
    laptop.sync().unwrap();
    for purpose in ["care", "private"] {
        let me = Insider::of(&laptop, purpose).me.member();
        let chain = Insider::of(&ada, purpose).chain;
        assert!(chain.present(&me).is_some(), "{purpose}");
    }
}

#[test]
fn a_newcomer_shows_words_only_from_an_answer_of_whoever_invited_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    // The clinic invites a new phone in the place of Ada's, which a thief has.
    let again = clinic.reinvite(ada.record.unwrap()).unwrap();
    let phone = world.phone("new");
    phone.pair(&again.link).unwrap();
    clinic.sync().unwrap();
    phone.sync().unwrap();
    let words = phone.words_to_compare();
    ada.sync().unwrap();
    let thief = Insider::of(&ada, "care");
    let newcomer = thief.chain.all_pending().next().unwrap().id;
    answers(&world, &thief, newcomer);
    phone.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(phone.words_to_compare(), words);
    assert_eq!(clinic.words_of(ada.record.unwrap()), words);
    let record = ada.record.unwrap();
    let shown = companion_tests::shown(&clinic, record);
    clinic.confirm_words(record, shown).unwrap();
    phone.sync().unwrap();
    assert!(phone.is_paired());
}

#[test]
fn a_second_phone_turns_away_no_newcomer_of_the_first_ones() {
    let (world, _clinic, ada, tablet) = house();
    let (laptop, newcomer) = comes(&world, &ada);
    tablet.sync().unwrap();
    let mut thief = Insider::of(&tablet, "care");
    let refusal = turns(&mut thief, |rotate| rotate.refused.push(newcomer));
    let answer = offers(&thief, &[refusal]);
    assert_eq!((answer.status, &*reason(&answer)), (422, "not_allowed"));
    ada.confirm_phone(newcomer).unwrap();
    laptop.sync().unwrap();
    assert!(laptop.is_paired());
}

#[test]
fn who_came_by_a_removed_phones_link_is_turned_away_with_it() {
    let (world, _clinic, ada, tablet) = house();
    let (_shill, newcomer) = comes(&world, &tablet);
    ada.sync().unwrap();
    assert!(Insider::of(&ada, "care").chain.pending(&newcomer).is_some());
    ada.remove_device(tablet.member()).unwrap();
    for purpose in ["care", "private"] {
        let chain = Insider::of(&ada, purpose).chain;
        assert_eq!(chain.all_pending().count(), 0, "{purpose}");
    }
}

#[test]
fn a_second_phone_cannot_end_the_record_by_a_long_chain() {
    let (world, clinic, ada, tablet) = house();
    let mut thief = Insider::of(&tablet, "care");
    let refused = loop {
        let mut run = Vec::new();
        let (before, mut next) = (thief.chain.clone(), thief.chain.clone());
        for _ in 0..7 {
            thief.chain = next;
            let long = turns(&mut thief, |_| ());
            let long = at_length(thief.me.signing_key(), &long);
            next = thief.chain.clone();
            // Where its own copy says that there is no room, the server is asked all the same.
            let fits = next.extend(&long).is_ok();
            run.push(long);
            if !fits {
                break;
            }
        }
        // At a pace that no server minds.
        world.minutes_pass(2);
        let answer = offers(&thief, &run);
        if answer.status != 201 {
            thief.chain = before;
            break answer;
        }
        thief.chain = next;
    };
    assert_eq!((refused.status, &*reason(&refused)), (422, "no_room"));
    assert!(thief.chain.bytes() > 16 << 20, "{}", thief.chain.bytes());
    goes_on(&clinic, &ada, &tablet);
}

/// It begins epoch after epoch and passes on no key. With four times as many, an honest rotation that passed
/// on all of them would be longer than a statement may be.
#[test]
fn a_second_phone_cannot_make_the_next_rotation_too_long() {
    const EPOCHS: usize = 400;
    let (world, clinic, ada, tablet) = house();
    let mut thief = Insider::of(&tablet, "care");
    for _ in 0..EPOCHS / 50 {
        let mut run = Vec::new();
        for _ in 0..50 {
            let said = turns(&mut thief, |rotate| rotate.previous_keys.clear());
            thief.chain.extend(&said).unwrap();
            run.push(said);
        }
        world.minutes_pass(10);
        assert_eq!(offers(&thief, &run).status, 201);
    }
    ada.sync().unwrap();
    for said in Insider::of(&ada, "care").statements {
        if let StatementBody::Rotate(rotate) = said.body() {
            assert!(rotate.previous_keys.len() <= MOST_AGAIN + 1);
        }
    }
    goes_on(&clinic, &ada, &tablet);
    // What is left over comes with the next exchanges, and then a later phone reads all of it.
    for _ in 0..EPOCHS / MOST_AGAIN + 1 {
        ada.sync().unwrap();
    }
    let laptop = ada.second_phone();
    assert_eq!(laptop.texts(), ["After.", "Before."]);
    let keys = Insider::of(&laptop, "care").keys;
    assert!(keys.len() > EPOCHS, "{}", keys.len());
}
