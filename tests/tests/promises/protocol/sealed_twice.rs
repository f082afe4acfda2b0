//! An honest author seals one change twice: after an answer that was lost, or under another key. Whatever a
//! server and a member make of the two, they prove nothing, and nobody is accused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use companion_core::WarningCode;
use companion_core::domain::{DocumentId, Evidence};
use companion_core::ports::{Method, Request};
use companion_core::protocol::api::{PullPage, PushBatch, path};
use companion_core::protocol::change::{Header, SealedChange};
use companion_core::protocol::id::{ContentHash, Counter, SpaceId};
use companion_core::testing::space::payload::pack;
use companion_tests::{Fault, Insider, Node, Phone, World, entry_payload, new_payload};

use super::shown_instead;

fn is_push(request: &Request) -> bool {
    request.method == Method::Post && request.path.ends_with("/changes")
}

/// Every sealing that a phone handed to the network of its own changes in a space, in order.
fn sent(phone: &Phone, space: SpaceId) -> Vec<SealedChange> {
    let pushes = phone.faults().recorded().into_iter();
    let pushes = pushes.filter(|(request, _)| {
        request.method == Method::Post && request.path == path::changes(space)
    });
    let changes = pushes.flat_map(|(request, _)| PushBatch::decode(&request.body).unwrap().changes);
    changes
        .map(|bytes| SealedChange::parse(&bytes).unwrap())
        .collect()
}

/// What comes between the first sealing of a change and the second.
#[derive(Debug, Clone, Copy)]
enum Between {
    /// Something on the way says that the server is busy.
    Busy,
    /// The same, and the phone starts anew.
    Restart,
    /// The same, and the key turns.
    AnotherKey,
    /// The server had it, nobody heard so, and it was restored from before.
    Restore,
}

/// Two sealings of Ada's newest change: the one that nobody was to have, and the one that stands.
fn sealed_twice(
    world: &World,
    ada: &mut Phone,
    third: &Phone,
    between: Between,
) -> (SealedChange, SealedChange) {
    let space = Insider::of(ada, "care").space;
    let backup = world.server().backup();
    ada.faults().record();
    ada.write("True words.");
    let fault = match between {
        Between::Restore => Fault::DropAnswer,
        _ => Fault::Status(503),
    };
    ada.faults()
        .script(move |_, request| match is_push(request) {
            true => fault.clone(),
            false => Fault::None,
        });
    let _ = ada.sync();
    ada.faults().heal();
    match between {
        Between::Busy => {}
        Between::Restart => ada.kill(),
        Between::AnotherKey => ada.remove_device(third.member()).unwrap(),
        Between::Restore => world.server().restore(&backup),
    }
    ada.sync().unwrap();
    let mine = sent(ada, space);
    let first = mine.first().unwrap();
    let again = |change: &&SealedChange| change.header().id == first.header().id;
    (first.clone(), mine.iter().rfind(again).unwrap().clone())
}

#[test]
fn an_author_who_sealed_a_change_twice_is_accused_of_nothing_by_nobody() {
    for between in [
        Between::Busy,
        Between::Restart,
        Between::AnotherKey,
        Between::Restore,
    ] {
        let world = World::in_memory(12);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let (tablet, third) = (ada.second_phone(), ada.second_phone());
        for _ in 0..2 {
            ada.sync_cleanly();
            tablet.sync_cleanly();
            clinic.sync_cleanly();
        }
        let (first, second) = sealed_twice(&world, &mut ada, &third, between);
        assert_ne!(first.hash(), second.hash(), "{between:?}");
        assert_eq!(first.history(), second.history(), "{between:?}");
        // The server gives the one to the tablet and the other to everybody else; the clinic lays down the
        // one that was never to be seen. All go on, and each says what it had read.
        let space = first.header().space;
        shown_instead(tablet.faults(), space, &second, &first);
        clinic.sync().unwrap();
        let mut liar = Insider::of_clinic(&clinic, &ada);
        let header = first.header();
        let evidence = Evidence::new(header.author, header.counter, first.bare().bytes());
        let fresh = DocumentId::random(&*world.rng());
        let change = liar.seal(&new_payload(&world, fresh, &evidence));
        liar.push_ok(&[change]);
        // The clinic's own node does not remember that one.
        clinic.sync().unwrap();
        let told = |report: companion_core::SyncReport| {
            let only_the_restore =
                |w: &companion_core::Warning| w.code == WarningCode::ServerRestored;
            assert!(report.problems.is_empty(), "{between:?}: {report:#?}");
            assert!(
                report.warnings.iter().all(only_the_restore),
                "{between:?}: {report:#?}"
            );
        };
        for round in 0..3 {
            tablet.write(&format!("On the tablet, {round}."));
            told(tablet.sync().unwrap());
            told(clinic.sync().unwrap());
            ada.write(&format!("On the phone, {round}."));
            told(ada.sync().unwrap());
        }
        told(tablet.sync().unwrap());
        assert_eq!(tablet.texts().len(), 7, "{between:?}");
        assert_eq!(tablet.texts(), ada.texts(), "{between:?}");
    }
}

#[test]
fn a_removal_that_names_one_sealing_keeps_the_other_as_well() {
    let world = World::in_memory(13);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let mut tablet = ada.second_phone();
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    let third = ada.second_phone();
    let (first, second) = sealed_twice(&world, &mut tablet, &third, Between::Busy);
    // The clinic has the one, and Ada's phone, which removes the tablet, the other.
    shown_instead(clinic.faults(), first.header().space, &second, &first);
    clinic.sync().unwrap();
    ada.sync().unwrap();
    ada.remove_device(tablet.member()).unwrap();
    let report = clinic.sync().unwrap();
    assert!(report.warnings.is_empty(), "{report:#?}");
    assert_eq!(clinic.texts_of(&ada), ["True words."]);
    assert_eq!(ada.texts(), ["True words."]);
}

/// A server that gives a phone its second change back and not its first, after an answer that was lost, could
/// else have it sign the first again under a later count, where a third was sent already.
#[test]
fn no_count_is_ever_signed_for_two_changes_whatever_the_server_gives_back() {
    let world = World::in_memory(14);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.sync_cleanly();
    let owner = Insider::of(&ada, "care");
    let (space, me, last) = (owner.space, owner.me.member(), owner.last.0);
    ada.faults().record();
    for text in ["One.", "Two.", "Three."] {
        ada.write(text);
    }
    ada.faults().script(|_, request| match is_push(request) {
        true => Fault::DropAnswer,
        false => Fault::None,
    });
    let _ = ada.sync();
    ada.faults().heal();
    let hidden = Arc::new(Mutex::new(true));
    let is_hidden = Arc::clone(&hidden);
    ada.faults().rewrite(move |request, mut answer| {
        if *is_hidden.lock().unwrap()
            && request.method == Method::Get
            && request.path == path::changes(space)
        {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.changes.retain(|(_, bytes)| {
                let change = SealedChange::parse(bytes).unwrap();
                let counter = change.header().counter;
                change.header().author != me || counter <= last || counter.0 == last.0 + 2
            });
            answer.body = page.encode();
        }
        answer
    });
    for text in ["Four.", "Five."] {
        let _ = ada.sync();
        ada.write(text);
    }
    *hidden.lock().unwrap() = false;
    for _ in 0..2 {
        ada.sync().unwrap();
    }
    let mut ids = BTreeMap::new();
    for change in sent(&ada, space) {
        let header = change.header();
        let id = *ids.entry(header.counter).or_insert(header.id);
        assert_eq!(
            id, header.id,
            "two changes are signed as number {}",
            header.counter
        );
    }
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada).len(), 5);
}

#[test]
fn a_change_that_holds_something_else_than_it_says_is_kept_and_names_its_author() {
    let world = World::in_memory(15);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    let mut liar = Insider::of(&tablet, "care");
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(&world, fresh, "Something else.", "Something else.");
    let header = Header {
        content: ContentHash::new([7; 32]),
        ..liar.next_header()
    };
    let change = liar.seal_under(header, &pack(&payload.encode()).unwrap());
    liar.push_ok(std::slice::from_ref(&change));
    liar.last = (change.header().counter, change.history());
    let after = entry_payload(
        &world,
        DocumentId::random(&*world.rng()),
        "After.",
        "After.",
    );
    let after = liar.seal(&after);
    liar.push_ok(&[after]);
    let warned = |warnings: Vec<companion_core::Warning>, node: &dyn Fn() -> Vec<String>| {
        let named = warnings
            .iter()
            .find(|w| w.code == WarningCode::Quarantined)
            .unwrap();
        assert!(named.detail.contains(&tablet.member().short()), "{named:?}");
        assert!(
            named.detail.contains("something else is inside"),
            "{named:?}"
        );
        assert_eq!(node(), ["After."]);
    };
    warned(ada.sync().unwrap().warnings, &|| ada.texts());
    warned(clinic.sync().unwrap().warnings, &|| clinic.texts_of(&ada));
    let kept = |node: &Node| {
        let store = node.store();
        let row = store.read(|r| {
            r.log_of(
                liar.space,
                liar.me.member(),
                Counter(change.header().counter.0),
            )
        });
        row.unwrap().unwrap()
    };
    assert_eq!(kept(&clinic).history, change.history());
}
