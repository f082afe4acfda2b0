//! The long time after a restore, in which a server takes back what it lost: nobody who means well is shut out
//! by the order in which devices come, and nobody who means harm keeps the others from going on.

use std::sync::{Arc, Mutex};

use companion_core::WarningCode;
use companion_core::domain::DocumentId;
use companion_core::ports::{Method, Request};
use companion_core::protocol::api::{PullPage, path};
use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::{Counter, MemberId, SpaceId};
use companion_core::protocol::statement::{LastChange, Removal};
use companion_core::testing::space::rotation::Change;
use companion_tests::{Fault, Insider, Node, Phone, World, entry_payload};

fn three(world: &World) -> (Node, Phone, Phone) {
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    (clinic, ada, tablet)
}

/// From now on the server keeps those changes of an author from this one.
fn kept_back(
    from: &companion_tests::Faults,
    space: SpaceId,
    author: MemberId,
    which: impl Fn(Counter) -> bool + Send + Sync + 'static,
) {
    from.rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.changes.retain(|(_, bytes)| {
                let change = SealedChange::parse(bytes).unwrap();
                change.header().author != author || !which(change.header().counter)
            });
            answer.body = page.encode();
        }
        answer
    });
}

#[test]
fn a_member_that_says_two_things_keeps_nobody_else_from_going_on() {
    let world = World::over_http();
    let (clinic, ada, tablet) = three(&world);
    let mut thief = Insider::of(&tablet, "care");
    let backup = world.server().backup();
    tablet.write("Said before the restore.");
    for phone in [&tablet, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    world.server().restore(&backup);
    // Something else, under the count that everybody has.
    let document = DocumentId::random(&*world.rng());
    let other = thief.seal(&entry_payload(&world, document, "Something else.", "x"));
    thief.push_ok(&[other]);
    ada.write("Please call me.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    let texts = clinic.texts_of(&ada);
    assert!(texts.contains(&"Please call me.".to_owned()), "{texts:?}");
    assert!(texts.contains(&"Said before the restore.".to_owned()));
    let said = ada.warned(WarningCode::Contradicted).unwrap();
    assert!(said.contains("\u{201c}Phone\u{201d}"), "{said}");
    // Nor for long: the next exchange has nothing left to give.
    ada.remove_device(tablet.member()).unwrap();
    for _ in 0..2 {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
}

#[test]
fn a_change_that_came_late_is_given_back_in_its_place() {
    let world = World::over_http();
    let (_clinic, ada, tablet) = three(&world);
    let backup = world.server().backup();
    for text in ["One.", "Two."] {
        tablet.write_privately(text);
        tablet.sync_cleanly();
    }
    let me = Insider::of(&tablet, "private");
    let newest = me.last.0;
    // For a moment the server gives the last one without the one before.
    kept_back(ada.faults(), me.space, me.me.member(), move |counter| {
        counter.next() == newest
    });
    ada.sync().unwrap();
    ada.faults().rewrite(|_, answer| answer);
    ada.sync_cleanly();
    world.server().restore(&backup);
    ada.write_privately("Three.");
    ada.sync().unwrap();
    assert_eq!(ada.sync_cleanly().waiting, 0);
    let laptop = ada.second_phone();
    laptop.sync_cleanly();
    assert_eq!(laptop.texts(), ["One.", "Three.", "Two."]);
}

/// A thief that adds a statement before each vouch, and where `always` before each statement of others.
fn in_the_way(tablet: &Phone, always: bool) -> impl Fn(&Request) + Clone + Send + Sync + 'static {
    let thief = Arc::new(Mutex::new(Insider::of(tablet, "care")));
    move |request: &Request| {
        let mut thief = thief.lock().unwrap();
        let is_chain = request.path.ends_with("/chain") && request.method == Method::Post;
        let is_met = request.path.contains("vouch") || (always && is_chain);
        if !is_met || !request.path.contains(&thief.space.to_string()) {
            return;
        }
        let (statement, key) = thief.rotation(Change::default());
        if thief.offer(&statement).status == 201 {
            thief.chain.extend(&statement).unwrap();
            thief.statements.push(statement);
            let epoch = thief.chain.epoch();
            thief.keys.insert(epoch, key);
        }
    }
}

#[test]
fn a_member_that_goes_on_while_others_vouch_keeps_nobody_out() {
    let world = World::over_http();
    let (clinic, ada, tablet) = three(&world);
    let backup = world.server().backup();
    world.server().restore(&backup);
    let race = in_the_way(&tablet, false);
    ada.faults().before_each(race.clone());
    clinic.faults().before_each(race);
    ada.sync().unwrap();
    clinic.sync().unwrap();
    let laptop = world.phone("laptop");
    laptop.pair(&ada.invite_phone().unwrap().link).unwrap();
}

#[test]
fn before_anybody_vouched_a_member_that_goes_on_is_removed_all_the_same() {
    let world = World::over_http();
    world.server().with_usual_budget_of_statements();
    let (_clinic, ada, tablet) = three(&world);
    let backup = world.server().backup();
    world.server().restore(&backup);
    ada.faults().before_each(in_the_way(&tablet, true));
    ada.faults()
        .script(|_, request| match request.path.contains("vouch") {
            true => Fault::DropRequest,
            false => Fault::None,
        });
    let _ = ada.sync();
    let mut tries = 0;
    while ada.remove_device(tablet.member()).is_err() {
        tries += 1;
        assert!(tries < 30);
    }
}

#[test]
fn a_phone_that_came_after_the_backup_is_back_though_another_vouched_first() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.written_words();
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let backup = world.server().backup();
    // The first phone is broken. A new one comes back by the words.
    drop(ada);
    let new = world.phone("new");
    new.recover(&world.server().url(), &words).unwrap();
    new.write_privately("On the new phone.");
    new.sync_cleanly();
    clinic.sync_cleanly();
    world.server().restore(&backup);
    // It has not heard of the new one.
    tablet.sync().unwrap();
    new.sync().unwrap();
    clinic.sync().unwrap();
    new.write_privately("And more.");
    new.sync_cleanly();
    tablet.sync().unwrap();
    assert_eq!(tablet.texts(), ["And more.", "On the new phone."]);
}

#[test]
fn a_pairing_of_after_the_backup_is_given_back_though_its_link_ran_out_and_another_vouched_first() {
    let world = World::over_http();
    let (clinic, ada, tablet) = three(&world);
    let backup = world.server().backup();
    let laptop = ada.second_phone();
    laptop.sync_cleanly();
    ada.sync_cleanly();
    world.minutes_pass(180);
    world.server().restore(&backup);
    // Neither has heard of the laptop.
    tablet.sync().unwrap();
    clinic.sync().unwrap();
    ada.write("For the clinic.");
    laptop.write("From the laptop.");
    for _ in 0..2 {
        ada.sync().unwrap();
        laptop.sync().unwrap();
    }
    let waiting = [&ada, &laptop].map(|phone| phone.sync_cleanly().waiting);
    assert_eq!(waiting, [0, 0]);
    clinic.sync_cleanly();
    assert_eq!(
        clinic.texts_of(&ada),
        ["For the clinic.", "From the laptop."]
    );
}

#[test]
fn a_change_without_its_body_is_looked_for_once() {
    let world = World::over_http();
    let (clinic, ada, tablet) = three(&world);
    let backup = world.server().backup();
    world.server().restore(&backup);
    for phone in [&ada, &tablet] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    let mut thief = Insider::of(&tablet, "care");
    let document = DocumentId::random(&*world.rng());
    let change = thief.seal(&entry_payload(&world, document, "x", "x"));
    thief.push_ok(&[change.bare()]);
    for _ in 0..2 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    assert!(ada.warned(WarningCode::Withheld).is_some());
    for faults in [ada.faults(), clinic.faults()] {
        faults.record();
    }
    for _ in 0..3 {
        ada.write("Something new to read.");
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    let log = path::changes(thief.space);
    for faults in [ada.faults(), clinic.faults()] {
        let sent = faults.recorded();
        let mut reads = sent
            .iter()
            .filter(|e| e.0.path == log && e.0.method == Method::Get);
        assert!(reads.all(|read| !read.0.query.starts_with("after=0&")));
    }
}

#[test]
fn what_a_removal_names_as_the_last_and_the_server_keeps_back_is_missed() {
    let world = World::over_http();
    let (clinic, ada, tablet) = three(&world);
    let before = Insider::of(&tablet, "care");
    tablet.write("My last words.");
    tablet.sync_cleanly();
    let (space, author, last) = (before.space, before.me.member(), before.last.0);
    kept_back(clinic.faults(), space, author, move |counter| {
        counter > last
    });
    // The removal names that change, and the remover says nothing else.
    let (counter, hash) = Insider::of(&tablet, "care").last;
    let remover = Insider::of(&ada, "care");
    let (removal, _) = remover.rotation(Change {
        remove: vec![Removal {
            member: author,
            last: LastChange { counter, hash },
        }],
        ..Change::default()
    });
    assert_eq!(remover.offer(&removal).status, 201);
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), [""; 0]);
    let warnings = clinic.warnings().unwrap();
    let withheld = warnings
        .iter()
        .find(|w| w.code == Some(WarningCode::Withheld));
    let detail = &withheld.expect("it is said").detail;
    assert!(
        detail.contains(&format!("up to change {}", counter.0)),
        "{detail}"
    );
}
