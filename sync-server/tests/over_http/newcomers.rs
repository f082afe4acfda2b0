//! Whoever came by an invite and was not let in yet.

use companion_protocol::api::{ChainPage, ErrorCode, SpaceHeads, path};
use companion_protocol::chain::Removed;
use companion_protocol::statement::{LastChange, Removal, Role};

use crate::happy::Stream;
use crate::support::Relay;
use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};

/// A clinic's space in which the phone of key 2 waits.
fn with_pending() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.knock(&relay, &key(1), &key(2), Role::Device);
    (relay, space)
}

fn get(relay: &Relay, target: &str, by: u8) -> Answer {
    Request::new("GET", target, Vec::new())
        .signed(&key(by))
        .send(relay)
}

#[test]
fn a_pending_newcomer_follows_the_chain_and_nothing_else() {
    let (relay, mut space) = with_pending();
    let heads: SpaceHeads = get(&relay, path::SPACES, 2).json();
    assert_eq!(heads.spaces.len(), 1, "it is told of the space");
    let page = get(&relay, &path::chain(space.id()), 2);
    let page = ChainPage::decode(&page.body).unwrap();
    assert_eq!((page.length, page.statements.len()), (3, 3));
    let mut hints = Stream::open(&relay, 2);
    assert_eq!(hints.hint().chain_length, 3);
    let answer = space.answer(&key(1), &key(2));
    space.extend(&relay, &key(1), answer);
    assert_eq!(
        hints.hint().chain_length,
        4,
        "it hears that it was answered"
    );

    assert_eq!(
        space.pull(&relay, &key(2), 0).code(),
        ErrorCode::Forbidden,
        "it reads no change"
    );
    let change = space.clone().write(&key(1), "by another hand");
    assert_eq!(
        space.push(&relay, &key(2), &[change]).code(),
        ErrorCode::Forbidden,
        "it brings none"
    );
    for (what, statement) in [
        ("invites", space.invite(&key(2), &key(9), Role::Reader)),
        ("answers itself", space.answer(&key(2), &key(2))),
        ("lets itself in", space.admission(&key(2), &[&key(2)])),
        ("removes the clinic", space.rotate(&key(2), &[&key(1)])),
        (
            "brings what the clinic signed",
            space.invite(&key(1), &key(9), Role::Reader),
        ),
    ] {
        let answer = space.offer(&relay, &key(2), &statement);
        assert_eq!(answer.code(), ErrorCode::Forbidden, "{what}");
    }
    assert_eq!(space.vouch(&relay, &key(2)).code(), ErrorCode::Forbidden);
    let admission = space.admission(&key(1), &[&key(2)]);
    space.extend(&relay, &key(1), admission);
    let change = space.write(&key(2), "let in");
    space.pushed(&relay, &key(2), &[change]);
}

#[test]
fn a_pending_newcomer_may_leave_and_is_told_of_nothing_then() {
    let (relay, mut space) = with_pending();
    let leave = space.leave(&key(2));
    space.extend(&relay, &key(2), leave);
    let heads: SpaceHeads = get(&relay, path::SPACES, 2).json();
    assert!(heads.spaces.is_empty());
    let answer = get(&relay, &path::chain(space.id()), 2);
    assert_eq!(answer.code(), ErrorCode::Forbidden);
}

#[test]
fn a_newcomer_who_is_turned_away_is_told_of_nothing_then() {
    let (relay, mut space) = with_pending();
    let refusal = space.rotation(&key(1), Vec::new(), &[], &[&key(2)]);
    space.extend(&relay, &key(1), refusal);
    let heads: SpaceHeads = get(&relay, path::SPACES, 2).json();
    assert!(heads.spaces.is_empty());
    let again = get(&relay, &path::chain(space.id()), 2);
    assert_eq!(again.code(), ErrorCode::Forbidden);
}

#[test]
fn an_invites_key_brings_its_own_join_and_nothing_else() {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    for invited in [7, 8] {
        let invite = space.invite(&key(1), &key(invited), Role::Device);
        space.extend(&relay, &key(1), invite);
    }
    let join = space.join(&key(2), &key(7));
    let by_the_other = space.offer(&relay, &key(8), &join);
    assert_eq!(by_the_other.code(), ErrorCode::Forbidden);
    let by_itself = space.offer(&relay, &key(2), &join);
    assert_eq!(by_itself.code(), ErrorCode::Forbidden);
    let invite = space.invite(&key(1), &key(9), Role::Device);
    let not_a_join = space.offer(&relay, &key(7), &invite);
    assert_eq!(not_a_join.code(), ErrorCode::Forbidden);
    space.extend(&relay, &key(7), join.clone());
    for _ in 0..2 {
        assert_eq!(space.offer(&relay, &key(7), &join).status, 201);
    }
    assert_eq!(space.chain.length(), 4);
}

#[test]
fn a_run_of_statements_is_taken_whole_and_can_be_offered_again() {
    let (relay, mut space) = with_pending();
    let mut ahead = space.clone();
    let answer = ahead.answer(&key(1), &key(2));
    ahead.learn(answer.clone());
    let admission = ahead.admission(&key(1), &[&key(2)]);
    ahead.learn(admission.clone());
    let false_end = ahead.rotate(&key(2), &[&key(1)]);
    let run = [answer.clone(), admission.clone(), false_end];
    let refused = space.offer_run(&relay, &key(1), &run);
    assert_eq!(refused.code(), ErrorCode::InvalidStatement);
    let page = get(&relay, &path::chain(space.id()), 1);
    let page = ChainPage::decode(&page.body).unwrap();
    assert_eq!(page.length, 3, "nothing of it");
    let run = [answer.clone(), admission.clone()];
    for _ in 0..2 {
        assert_eq!(space.offer_run(&relay, &key(1), &run).status, 201);
    }
    space.learn(answer);
    space.learn(admission.clone());
    // Part of it known, part of it new.
    let next = space.invite(&key(1), &key(9), Role::Reader);
    let run = [admission, next];
    assert_eq!(space.offer_run(&relay, &key(1), &run).status, 201);
}

#[test]
fn a_removal_names_a_change_that_the_server_has() {
    let (relay, mut space) = with_pending();
    let answer = space.answer(&key(1), &key(2));
    space.extend(&relay, &key(1), answer);
    let admission = space.admission(&key(1), &[&key(2)]);
    space.extend(&relay, &key(1), admission);
    let first = space.write(&key(2), "first");
    let second = space.write(&key(2), "second");
    space.pushed(&relay, &key(2), &[first.clone(), second.clone()]);
    let last = space.last(&key(2));
    let removal = |last: LastChange| {
        let removal = Removal {
            member: member(&key(2)),
            last,
        };
        space.rotation(&key(1), vec![removal], &[], &[])
    };
    for (what, wrong) in [
        (
            "a change that was never written",
            LastChange {
                counter: last.counter.next(),
                hash: last.hash,
            },
        ),
        (
            "another change under that count",
            LastChange {
                counter: last.counter,
                hash: first.history(),
            },
        ),
    ] {
        let (code, detail) = space.offer(&relay, &key(1), &removal(wrong)).refusal();
        assert_eq!(
            (code, detail["reason"].as_str()),
            (ErrorCode::InvalidStatement, Some("unknown_change")),
            "{what}"
        );
    }
    let honest = removal(last);
    space.extend(&relay, &key(1), honest);
    let removed: Option<Removed> = space.chain.member(&member(&key(2))).unwrap().removed;
    assert_eq!(removed.unwrap().last, last);
}

#[test]
fn whoever_leaves_names_its_own_last_change() {
    let (relay, mut space) = with_pending();
    let answer = space.answer(&key(1), &key(2));
    space.extend(&relay, &key(1), answer);
    let admission = space.admission(&key(1), &[&key(2)]);
    space.extend(&relay, &key(1), admission);
    let kept = space.write(&key(2), "still on the phone");
    let early = space.leave(&key(2));
    let (code, detail) = space.offer(&relay, &key(2), &early).refusal();
    assert_eq!(
        (code, detail["reason"].as_str()),
        (ErrorCode::InvalidStatement, Some("unknown_change"))
    );
    space.pushed(&relay, &key(2), &[kept]);
    space.extend(&relay, &key(2), early);
}
