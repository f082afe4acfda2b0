//! Lies about what others wrote, and histories without their bodies.

use companion_core::WarningCode;
use companion_core::domain::DocumentId;
use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorCode, PullPage, path};
use companion_core::protocol::change::{Header, Seen};
use companion_core::protocol::id::{Counter, HistoryHash};
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
        (true_last.counter, HistoryHash::new([9; 32])),
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
fn a_body_that_its_author_dropped_leaves_a_history_that_everybody_can_check() {
    let world = World::in_memory(3);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.write_privately("To be dropped.");
    ada.sync_cleanly();
    let mut owner = Insider::of(&ada, "private");
    let index = owner.chain.member(&owner.me.member()).unwrap().index;
    let (dropped, hash) = owner.last;
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(&world, fresh, "Stays.", "Stays.");
    let header = Header {
        drops: vec![companion_core::protocol::change::DroppedBody {
            index,
            counter: dropped,
            hash,
        }],
        ..owner.next_header()
    };
    let change = owner.seal_under(header, &pack(&payload.encode()).unwrap());
    owner.push_ok(std::slice::from_ref(&change));
    owner.last = (change.header().counter, change.history());
    // The server keeps the header alone.
    let stored = world.server().stored_changes();
    let kept = stored.iter().filter_map(|bytes| {
        let change = companion_core::protocol::change::SealedChange::parse(bytes).unwrap();
        let is_it =
            change.header().author == owner.me.member() && change.header().counter == dropped;
        is_it.then(|| change.is_bare() && change.verify_signature().is_ok())
    });
    assert_eq!(kept.collect::<Vec<_>>(), [true]);
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
            hash: node.last_of(ada.member()).hash,
        }],
        ..node.next_header()
    };
    let plain = pack(&payload.encode()).unwrap();
    let answer = node.push(&[node.seal_under(header, &plain)]);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidChange));
}

/// An id is its author's. Were it everybody's, a stolen phone could take the id of what a restore lost, and
/// nobody would ever get past that change.
#[test]
fn whoever_takes_the_name_of_a_change_that_a_restore_lost_keeps_nobody_from_sending() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let backup = world.server().backup();
    let mut thief = Insider::of(&tablet, "care");
    ada.write("Said before the restore.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let log = ada.store().read(|r| r.log_in_order(thief.space)).unwrap();
    let lost = log.iter().rev().find(|row| row.author == ada.member());
    let lost = lost.unwrap().id;
    world.server().restore(&backup);
    let fresh = DocumentId::random(&*world.rng());
    let plain = pack(&entry_payload(&world, fresh, "Taken.", "Taken.").encode()).unwrap();
    let header = Header {
        id: lost,
        ..thief.next_header()
    };
    let change = thief.seal_under(header, &plain);
    thief.last = (change.header().counter, change.history());
    thief.push_ok(&[change]);
    ada.write("Please call me.");
    for _ in 0..2 {
        let report = ada.sync().unwrap();
        assert!(report.problems.is_empty(), "{report:?}");
        let report = clinic.sync().unwrap();
        assert!(report.problems.is_empty(), "{report:?}");
    }
    let mut texts = clinic.texts_of(&ada);
    texts.sort();
    assert_eq!(
        texts,
        ["Please call me.", "Said before the restore.", "Taken."]
    );
}
