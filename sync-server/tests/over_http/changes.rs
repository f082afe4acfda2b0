//! What a log takes and what it does not.

use std::sync::Arc;

use companion_protocol::api::{ErrorCode, PushAccepted, PushBatch, PushStatus, path};
use companion_protocol::change::{MIN_CIPHERTEXT, SealedChange};
use companion_protocol::id::{ChangeId, Counter, HistoryHash, LogNumber, MemberId};
use companion_protocol::statement::{Role, Statement};
use sync_server::storage::{Extended, Extension, NewStatement, Room};

use crate::support::Relay;
use crate::support::client::Request;
use crate::support::people::{Space, key, member, sealed};

fn with_writer() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 28);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.admit(&relay, &key(1), &key(2), Role::Writer);
    (relay, space)
}

#[test]
fn a_stale_epoch_is_told_the_present_one_and_takes_the_change_sealed_anew() {
    let (relay, mut space) = with_writer();
    let stored = space.write(&key(2), "stored in time, answer lost");
    space.pushed(&relay, &key(2), std::slice::from_ref(&stored));
    let mut forked = space.clone();
    let rotate = space.rotate(&key(1), &[]);
    let stale = forked.write(&key(2), "stale");
    space.extend(&relay, &key(1), rotate);
    let (code, detail) = space
        .push(&relay, &key(2), std::slice::from_ref(&stale))
        .refusal();
    assert_eq!(
        (code, &detail["epoch"], &detail["index"]),
        (ErrorCode::StaleEpoch, &2.into(), &0.into())
    );
    let again = space.pushed(&relay, &key(2), &[stored]);
    assert_eq!(
        again.results[0].status,
        PushStatus::Known,
        "what is stored stays acknowledged"
    );
    let mut header = stale.header().clone();
    (header.epoch, header.chain_head) = (space.chain.epoch(), space.chain.head());
    let anew = sealed(&key(2), header, "sealed anew");
    assert_eq!(
        space.pushed(&relay, &key(2), &[anew]).results[0].status,
        PushStatus::Stored
    );
}

/// As another server does that shares the storage: this one is not told.
fn extend_elsewhere(relay: &Relay, space: &mut Space, statement: Statement, removed: &[MemberId]) {
    let extension = Extension {
        space: space.id(),
        previous: statement.previous(),
        statements: vec![NewStatement {
            bytes: statement.bytes().to_vec(),
            hash: statement.hash(),
        }],
        comes: Vec::new(),
        goes: removed.to_vec(),
        last: Vec::new(),
        room: Room::NotNeeded,
        ends: None,
    };
    let storage = relay.running.as_ref().unwrap().storage();
    let extended = storage.extend_chain(extension).unwrap();
    assert!(matches!(extended, Extended::Done(_)));
    space.learn(statement);
}

#[test]
fn a_chain_that_moved_through_another_server_decides() {
    let (relay, mut space) = with_writer();
    let before = space.write(&key(2), "before");
    space.pushed(&relay, &key(2), &[before]);
    let mut forked = space.clone();
    let rotate = space.rotate(&key(1), &[]);
    extend_elsewhere(&relay, &mut space, rotate, &[]);
    let stale = forked.write(&key(2), "under the key of before");
    let (code, _) = space.push(&relay, &key(2), &[stale]).refusal();
    assert_eq!(code, ErrorCode::StaleEpoch);
    let present = space.write(&key(2), "under the present key");
    space.pushed(&relay, &key(2), &[present]);
    let mut forked = space.clone();
    let removal = space.rotate(&key(1), &[&key(2)]);
    extend_elsewhere(&relay, &mut space, removal, &[member(&key(2))]);
    let late = forked.write(&key(2), "by one who is gone");
    let (code, _) = space.push(&relay, &key(2), &[late]).refusal();
    assert_eq!(code, ErrorCode::Forbidden);
}

#[test]
fn an_authors_history_has_no_gap_and_no_fork() {
    let (relay, mut space) = with_writer();
    let first = space.write(&key(2), "first");
    let gap = {
        let mut header = space.clone().header(&key(2));
        header.counter = Counter(3);
        sealed(&key(2), header, "third")
    };
    let (code, detail) = space.push(&relay, &key(2), &[first.clone(), gap]).refusal();
    assert_eq!(
        (code, &detail["expected"], &detail["index"]),
        (ErrorCode::CounterMismatch, &2.into(), &1.into())
    );
    assert!(
        space.pulled(&relay, &key(1)).changes.is_empty(),
        "all or nothing"
    );
    space.pushed(&relay, &key(2), std::slice::from_ref(&first));
    let mut header = space.clone().header(&key(2));
    header.previous_own = HistoryHash::new([7; 32]);
    let fork = sealed(&key(2), header, "fork");
    let (code, detail) = space.push(&relay, &key(2), &[fork]).refusal();
    assert_eq!(code, ErrorCode::OwnHistoryMismatch);
    assert_eq!(detail["expected"], first.history().to_string());
}

fn reason(space: &Space, relay: &Relay, change: SealedChange) -> String {
    let (code, detail) = space.push(relay, &key(1), &[change]).refusal();
    assert_eq!(code, ErrorCode::InvalidChange);
    detail
        .get("reason")
        .map(|reason| reason.as_str().unwrap().to_owned())
        .unwrap_or_default()
}

#[test]
fn changes_that_do_not_belong_are_refused_with_a_reason() {
    let (relay, mut space) = with_writer();
    space.admit(&relay, &key(1), &key(3), Role::Reader);
    let by_reader = space.clone().write(&key(3), "x");
    assert_eq!(reason(&space, &relay, by_reader), "not_a_writer");
    let by_outsider = space.clone().write(&key(9), "x");
    assert_eq!(reason(&space, &relay, by_outsider), "not_a_writer");

    let mut other = Space::imagined(&key(1), &key(1), 5);
    let elsewhere = other.write(&key(1), "x");
    assert_eq!(reason(&space, &relay, elsewhere), "other_space");

    let mut ahead = space.clone();
    ahead.learn(ahead.rotate(&key(1), &[]));
    let ahead = ahead.write(&key(1), "x");
    assert_eq!(reason(&space, &relay, ahead), "unknown_head");

    let mine = space.write(&key(1), "mine");
    space.pushed(&relay, &key(1), std::slice::from_ref(&mine));
    let honest = space.clone().write(&key(2), "x");
    for at in [10, honest.bytes().len() / 2, honest.bytes().len() - 1] {
        let mut bytes = honest.bytes().to_vec();
        bytes[at] ^= 1;
        if let Ok(bent) = SealedChange::parse(&bytes) {
            assert_eq!(reason(&space, &relay, bent), "", "byte {at}");
        }
    }
    let page = space.pulled(&relay, &key(1));
    assert_eq!(page.changes, [(LogNumber(1), mine.bytes().to_vec())]);
}

#[test]
fn the_largest_change_is_taken_and_one_byte_more_is_not() {
    let (relay, mut space) = with_writer();
    let overhead = space.clone().write(&key(2), "").bytes().len() - MIN_CIPHERTEXT;
    let largest = "x".repeat(companion_protocol::change::MAX_CHANGE - overhead);
    let change = space.write(&key(2), &largest);
    space.pushed(&relay, &key(2), &[change]);
    let more = space.write(&key(2), &format!("{largest}x"));
    assert_eq!(
        space.push(&relay, &key(2), &[more]).code(),
        ErrorCode::TooLarge
    );
}

#[test]
fn concurrent_pushes_get_contiguous_numbers_and_nothing_is_lost() {
    const EACH: usize = 20;
    let (relay, mut space) = with_writer();
    let authors = 10..16;
    for author in authors.clone() {
        space.admit(&relay, &key(1), &key(author), Role::Writer);
    }
    let relay = Arc::new(relay);
    let threads: Vec<_> = authors
        .map(|author| {
            let (relay, mut space) = (Arc::clone(&relay), space.clone());
            std::thread::spawn(move || {
                (0..EACH)
                    .map(|n| {
                        let change = space.write(&key(author), &n.to_string());
                        let stored = space.pushed(&relay, &key(author), &[change]);
                        (stored.results[0].number, stored.results[0].id)
                    })
                    .collect::<Vec<(LogNumber, ChangeId)>>()
            })
        })
        .collect();
    let mut told: Vec<_> = threads
        .into_iter()
        .flat_map(|t| t.join().unwrap())
        .collect();
    told.sort();
    let held: Vec<_> = space
        .pulled(&relay, &key(1))
        .changes
        .into_iter()
        .map(|(number, bytes)| (number, SealedChange::parse(&bytes).unwrap().header().id))
        .collect();
    assert_eq!(told, held);
    assert!(
        held.iter()
            .map(|(number, _)| number.0)
            .eq(1..=u64::try_from(6 * EACH).unwrap())
    );
}

#[test]
fn a_name_that_is_stored_is_known_even_on_the_authors_next_change_signed_or_not() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    let first = space.write(&clinic, "first");
    let stored = space
        .pushed(&relay, &clinic, std::slice::from_ref(&first))
        .results[0];
    assert_eq!(stored.status, PushStatus::Stored);
    // The next one by count, under the name of the first.
    let mut header = space.header(&clinic);
    header.id = first.header().id;
    let again = sealed(&clinic, header, "again");
    let mut unsigned = again.bytes().to_vec();
    *unsigned.last_mut().unwrap() ^= 1;
    for bytes in [again.bytes().to_vec(), unsigned] {
        let body = PushBatch {
            changes: vec![bytes],
        }
        .encode();
        let answer = Request::new("POST", &path::changes(space.id()), body)
            .signed(&clinic)
            .send(&relay);
        let known: PushAccepted = answer.json();
        let known = known.results[0];
        assert_eq!(known.status, PushStatus::Known);
        assert_eq!((known.number, known.hash), (stored.number, first.hash()));
    }
    // A forged next one is refused, and what was stored costs no signature.
    let next = space.write(&clinic, "second");
    let mut forged = next.bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let body = PushBatch {
        changes: vec![forged],
    }
    .encode();
    let refused = Request::new("POST", &path::changes(space.id()), body)
        .signed(&clinic)
        .send(&relay);
    assert_eq!(refused.code(), ErrorCode::InvalidChange);
    space.pushed(&relay, &clinic, std::slice::from_ref(&next));
    let before = relay.counts().signatures_checked;
    space.pushed(&relay, &clinic, &[first, next]);
    assert_eq!(
        relay.counts().signatures_checked - before,
        1,
        "the request's"
    );
}
