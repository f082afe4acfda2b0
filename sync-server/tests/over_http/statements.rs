//! How many statements one member adds to a chain.

use std::time::Duration;

use companion_protocol::api::{ChainRun, ErrorCode, SpaceHead, path};
use companion_protocol::statement::{Role, Statement};
use sync_server::config::Budget;
use sync_server::storage::sqlite::{back_up_file, replace_file};

use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};
use crate::support::{NOW_MS, Relay};

/// A clinic's space with a phone in it, on a server that lets each add so many statements at once, and one
/// every ten seconds.
fn with_budget(at_once: u32) -> (Relay, Space) {
    let relay = Relay::start_with(|config| {
        config.limits.statements = Budget {
            at_once,
            every: Duration::from_secs(10),
        };
    });
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    // Three of the clinic's.
    space.admit(&relay, &key(1), &key(2), Role::Device);
    (relay, space)
}

/// Says something after the end of the chain that the space knows; learned where it is taken.
fn goes_on(space: &mut Space, relay: &Relay, by: u8) -> Answer {
    let statement = space.rotate(&key(by), &[]);
    let answer = space.offer(relay, &key(by), &statement);
    if answer.status == 201 {
        space.learn(statement);
    }
    answer
}

fn waits(answer: &Answer) -> u64 {
    assert_eq!(answer.code(), ErrorCode::RateLimited);
    answer.header("retry-after").unwrap().parse().unwrap()
}

/// The same, by the server's clock some seconds after the beginning.
fn offered_after(
    space: &Space,
    relay: &Relay,
    by: u8,
    statement: &Statement,
    seconds: u64,
) -> Answer {
    let created = u64::try_from(NOW_MS / 1000).unwrap() + seconds;
    Request::new(
        "POST",
        &path::chain(space.id()),
        ChainRun::one(statement.bytes()).encode(),
    )
    .signed_at(&key(by), created)
    .send(relay)
}

#[test]
fn a_member_adds_so_many_statements_and_then_one_every_ten_seconds() {
    let (relay, mut space) = with_budget(5);
    let taken = (0..20)
        .take_while(|_| goes_on(&mut space, &relay, 2).status == 201)
        .count();
    assert_eq!(taken, 5);
    let length = space.chain.length();
    assert_eq!(waits(&goes_on(&mut space, &relay, 2)), 10);
    let others = goes_on(&mut space, &relay, 1);
    assert_eq!(others.status, 201, "the clinic has a budget of its own");
    relay.clock.advance(9_000);
    let next = space.rotate(&key(2), &[]);
    assert_eq!(waits(&offered_after(&space, &relay, 2, &next, 9)), 1);
    relay.clock.advance(1_000);
    let head: SpaceHead = offered_after(&space, &relay, 2, &next, 10).json();
    assert_eq!(head.chain_length, length + 2);
}

#[test]
fn a_run_costs_as_much_as_it_adds_and_nothing_for_what_is_there() {
    let (relay, mut space) = with_budget(5);
    let mut run = Vec::new();
    for _ in 0..4 {
        let statement = space.rotate(&key(2), &[]);
        space.learn(statement.clone());
        run.push(statement);
    }
    assert_eq!(space.offer_run(&relay, &key(2), &run).status, 201);
    for _ in 0..10 {
        assert_eq!(space.offer_run(&relay, &key(2), &run).status, 201);
    }
    // One is left, and what is known already is passed over.
    let known = space.chain.length();
    let mut longer = space.clone();
    for _ in 0..2 {
        let statement = longer.rotate(&key(2), &[]);
        longer.learn(statement.clone());
        run.push(statement);
    }
    assert_eq!(waits(&longer.offer_run(&relay, &key(2), &run)), 10);
    let head: SpaceHead = longer.offer_run(&relay, &key(2), &run[..5]).json();
    assert_eq!(head.chain_length, known + 1);
}

#[test]
fn who_loses_a_race_pays_nothing() {
    let (relay, mut space) = with_budget(4);
    let late = space.clone().rotate(&key(2), &[]);
    assert_eq!(goes_on(&mut space, &relay, 1).status, 201);
    for _ in 0..20 {
        let answer = space.offer(&relay, &key(2), &late);
        assert_eq!(answer.code(), ErrorCode::ChainConflict);
    }
    for _ in 0..4 {
        assert_eq!(goes_on(&mut space, &relay, 2).status, 201);
    }
}

#[test]
fn what_others_said_and_a_restore_lost_is_given_back_without_a_budget() {
    let (mut relay, mut space) = with_budget(4);
    let (database, copy) = (
        relay.config.data.join("sync.db"),
        relay.folder.path().join("copy"),
    );
    back_up_file(&database, &copy).unwrap();
    relay.stop();
    replace_file(&copy, &database, NOW_MS).unwrap();
    relay.start_again();
    for _ in 0..20 {
        let statement = space.rotate(&key(1), &[]);
        assert_eq!(space.offer(&relay, &key(2), &statement).status, 201);
        space.learn(statement);
    }
    // Its own word costs it as ever.
    let taken = (0..20)
        .take_while(|_| goes_on(&mut space, &relay, 2).status == 201)
        .count();
    assert_eq!(taken, 4);
    assert_eq!(space.vouch(&relay, &key(2)).status, 200);
    let taken = (0..20)
        .take_while(|_| {
            let statement = space.rotate(&key(2), &[]);
            let answer = space.offer(&relay, &key(1), &statement);
            if answer.status == 201 {
                space.learn(statement);
            }
            answer.status == 201
        })
        .count();
    assert_eq!(taken, 4, "from then on all of it counts");
}
