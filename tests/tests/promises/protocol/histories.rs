//! Histories that a member and a server together show differently to different members, and lies about
//! what others wrote.

use companion_core::WarningCode;
use companion_core::domain::{DocumentId, Evidence};
use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorCode, PullPage, path};
use companion_core::protocol::change::{Header, Seen};
use companion_core::protocol::id::{Counter, SealedHash};
use companion_core::records::Query;
use companion_core::testing::space::payload::pack;
use companion_tests::{Insider, World, code, entry_payload};

#[test]
fn a_lie_about_what_another_wrote_is_refused_and_accuses_nobody_else() {
    let world = World::in_memory(1);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write("True words.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let liar = Insider::of_clinic(&clinic, &ada);
    let of_ada = liar.chain.member(&ada.member()).unwrap().index;
    let true_last = liar.last_of(ada.member());
    let plain = pack(&entry_payload(&world, DocumentId::random(&*world.rng()), "x", "x").encode());
    let plain = plain.unwrap();
    for (counter, hash) in [
        (true_last.counter, SealedHash::new([9; 32])),
        (Counter(true_last.counter.0 + 7), true_last.hash),
    ] {
        let header = Header {
            frontier: vec![Seen {
                index: of_ada,
                counter,
                hash,
            }],
            ..liar.next_header()
        };
        let answer = liar.push(&[liar.seal_under(header, &plain)]);
        assert_eq!(code(&answer), Some(ErrorCode::InvalidChange));
    }
    let report = ada.sync().unwrap();
    assert!(report.warnings.is_empty(), "{report:?}");
}

#[test]
fn two_histories_of_one_author_are_proven_to_the_two_who_were_lied_to() {
    let world = World::in_memory(2);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.rename_phone("Ada's phone").unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    // The tablet and the server work together: one change for the clinic, another under the same count
    // for Ada's phone.
    let mut liar = Insider::of(&tablet, "care");
    let fresh = || DocumentId::random(&*world.rng());
    let first = entry_payload(&world, fresh(), "For the clinic.", "For the clinic.");
    let second = entry_payload(&world, fresh(), "For Ada.", "For Ada.");
    let header = liar.next_header();
    let for_clinic = liar.seal_under(header.clone(), &pack(&first.encode()).unwrap());
    let header = Header {
        id: liar.next_header().id,
        ..header
    };
    let for_ada = liar.seal_under(header, &pack(&second.encode()).unwrap());
    liar.push_ok(std::slice::from_ref(&for_clinic));
    liar.last = (for_clinic.header().counter, for_clinic.hash());
    let (space, original) = (liar.space, for_clinic.bytes().to_vec());
    let other = for_ada.bytes().to_vec();
    ada.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            for (_, bytes) in &mut page.changes {
                if *bytes == original {
                    bytes.clone_from(&other);
                }
            }
            answer.body = page.encode();
        }
        answer
    });
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(ada.texts(), ["For Ada."]);
    assert_eq!(clinic.texts_of(&ada), ["For the clinic."]);
    // The clinic's next word says what it had read. Ada's phone was given something else, says so and
    // lays down what it was given; the clinic does the same.
    for _ in 0..3 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    let warnings = ada.status().unwrap().warnings;
    let said = |code| warnings.iter().find(|w| w.code == Some(code));
    let contradicted = said(WarningCode::Contradicted).expect("it is noticed");
    assert!(
        contradicted.detail.contains("the clinic"),
        "{contradicted:?}"
    );
    let at_clinic = clinic.warnings().unwrap();
    let proven = |w: &companion_core::StandingWarning| w.code == Some(WarningCode::Equivocated);
    assert!(at_clinic.iter().any(proven), "{at_clinic:?}");
    assert!(warnings.iter().any(proven), "{warnings:?}");
    // Both halves are in the record of both, signed by the one who told both.
    let halves = ada.all(Query::<Evidence>::all());
    let mut hashes: Vec<_> = halves
        .iter()
        .map(|half| {
            let bytes = half.content.bytes().unwrap();
            let change = companion_core::protocol::change::SealedChange::parse(&bytes).unwrap();
            change.verify_signature().unwrap();
            assert!(change.is_bare());
            assert_eq!(change.header().author, tablet.member());
            change.hash()
        })
        .collect();
    hashes.sort_unstable();
    let mut expected = vec![for_clinic.hash(), for_ada.hash()];
    expected.sort_unstable();
    assert_eq!(hashes, expected);
}

#[test]
fn a_body_that_its_author_dropped_leaves_a_history_that_everybody_can_check() {
    let world = World::in_memory(3);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write_privately("To be dropped.");
    ada.sync_cleanly();
    let mut owner = Insider::of(&ada, "private");
    let index = owner.chain.member(&owner.me.member()).unwrap().index;
    let dropped = owner.last.0;
    let before: usize = world.server().stored_changes().iter().map(Vec::len).sum();
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(&world, fresh, "Stays.", "Stays.");
    let header = Header {
        drops: vec![companion_core::protocol::change::DroppedBody {
            index,
            counter: dropped,
        }],
        ..owner.next_header()
    };
    let change = owner.seal_under(header, &pack(&payload.encode()).unwrap());
    owner.push_ok(std::slice::from_ref(&change));
    owner.last = (change.header().counter, change.hash());
    // The server keeps the header alone; the room is given back.
    let stored = world.server().stored_changes();
    let after: usize = stored.iter().map(Vec::len).sum();
    assert!(after < before, "{before} bytes before, {after} after");
    // The phone lets go of the body as well, and its history still stands.
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(
        owner
            .readable(&stored)
            .iter()
            .all(|p| !p.projection.contains("To be dropped"))
    );
    let log = ada
        .store()
        .read(|r| r.log_of(owner.space, owner.me.member(), dropped));
    let log = log.unwrap().unwrap();
    let bare = companion_core::protocol::change::SealedChange::parse(&log.sealed).unwrap();
    assert!(bare.is_bare() && bare.verify_signature().is_ok());
    // A second phone reads it all without a word of complaint.
    let tablet = ada.second_phone();
    assert_eq!(tablet.texts(), ["Stays."]);
    let report = tablet.sync().unwrap();
    assert!(report.is_clean(), "{report:?}");
    // A server that drops a body by itself is found out by whoever reads it first.
    ada.write_privately("Kept back.");
    ada.sync().unwrap();
    let space = owner.space;
    tablet.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            for (_, bytes) in &mut page.changes {
                let change = companion_core::protocol::change::SealedChange::parse(bytes).unwrap();
                *bytes = change.bare().bytes().to_vec();
            }
            answer.body = page.encode();
        }
        answer
    });
    let report = tablet.sync().unwrap();
    let withheld = |w: &companion_core::Warning| w.code == WarningCode::Withheld;
    assert!(report.warnings.iter().any(withheld), "{report:?}");
    tablet.faults().heal();
    tablet.sync().unwrap();
    assert_eq!(tablet.texts(), ["Kept back.", "Stays."]);
    // Nobody drops what is not theirs: the clinic's node, of a patient's words.
    ada.write("Hers.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    let node = Insider::of_clinic(&clinic, &ada);
    let hers = node.chain.member(&ada.member()).unwrap().index;
    let header = Header {
        drops: vec![companion_core::protocol::change::DroppedBody {
            index: hers,
            counter: node.last_of(ada.member()).counter,
        }],
        ..node.next_header()
    };
    let plain = pack(&payload.encode()).unwrap();
    let answer = node.push(&[node.seal_under(header, &plain)]);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidChange));
}
