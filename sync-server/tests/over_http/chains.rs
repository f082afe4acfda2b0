//! A chain stays a line that its members agreed on.

use companion_protocol::api::{ChainPage, ChainRun, ErrorCode, path};
use companion_protocol::statement::{Role, Statement};

use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};
use crate::support::{NOW_MS, Relay};

fn with_space() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let space = Space::founded(&relay, &key(1), &key(1), 1);
    (relay, space)
}

fn chain(relay: &Relay, space: &Space, by: u8, from: u64) -> Answer {
    let target = format!("{}?from={from}", path::chain(space.id()));
    Request::new("GET", &target, Vec::new())
        .signed(&key(by))
        .send(relay)
}

fn stored(relay: &Relay, space: &Space) -> Vec<Vec<u8>> {
    ChainPage::decode(&chain(relay, space, 1, 0).body)
        .unwrap()
        .statements
}

#[test]
fn of_two_who_extend_at_once_the_second_must_look_again() {
    let (relay, mut space) = with_space();
    let late = space.invite(&key(1), &key(8), Role::Reader);
    let first = space.invite(&key(1), &key(7), Role::Reader);
    space.extend(&relay, &key(1), first);
    let (code, detail) = space.offer(&relay, &key(1), &late).refusal();
    assert_eq!(code, ErrorCode::ChainConflict);
    assert_eq!(detail["length"], 2);
    assert_eq!(detail["head"], space.chain.head().to_string());
    assert_eq!(stored(&relay, &space).len(), 2);
}

#[test]
fn forged_statements_are_refused_and_not_stored() {
    let (relay, mut space) = with_space();
    space.admit(&relay, &key(1), &key(2), Role::Writer);
    let before = stored(&relay, &space);

    let by_writer = space.rotate(&key(2), &[&key(1)]);
    let of_outsider = space.invite(&key(9), &key(8), Role::Device);
    let other = Space::imagined(&key(1), &key(1), 2);
    let of_other_space = other.invite(&key(1), &key(8), Role::Reader);
    for (what, forged) in [
        ("a writer removes the admin", &by_writer),
        ("an outsider invites", &of_outsider),
        ("a statement of another space", &of_other_space),
        ("a second founding", &other.statements[0]),
    ] {
        let answer = space.offer(&relay, &key(1), forged);
        assert_eq!(answer.code(), ErrorCode::InvalidStatement, "{what}");
    }
    let honest = space.invite(&key(1), &key(8), Role::Reader);
    for at in [5, 40, 100, honest.bytes().len() - 1] {
        let mut bytes = honest.bytes().to_vec();
        bytes[at] ^= 1;
        let body = ChainRun::one(&bytes).encode();
        let request = Request::new("POST", &path::chain(space.id()), body).signed(&key(1));
        assert_eq!(
            request.send(&relay).code(),
            ErrorCode::InvalidStatement,
            "byte {at}"
        );
    }
    assert_eq!(stored(&relay, &space), before);
}

#[test]
fn an_invite_that_is_used_over_withdrawn_or_unknown_admits_nobody() {
    let (relay, mut space) = with_space();
    let (admin, invited, late) = (key(1), key(7), key(3));
    let invite = space.invite(&admin, &invited, Role::Writer);
    space.extend(&relay, &admin, invite);
    let join = space.join(&key(2), &invited);
    space.extend(&relay, &invited, join.clone());
    let used = space.join(&late, &invited);
    assert_eq!(
        space.offer(&relay, &invited, &used).code(),
        ErrorCode::InviteUnusable,
        "used"
    );
    assert_eq!(
        space.offer(&relay, &invited, &join).status,
        201,
        "the same again, since the answer may be lost"
    );

    let now = u64::try_from(NOW_MS).unwrap();
    let invited = key(8);
    let invite = space.invite_until(&admin, &invited, Role::Writer, now + 60_000);
    space.extend(&relay, &admin, invite);
    let join = space.join(&late, &invited);
    relay.clock.advance(60_001);
    // The newcomer claims to have joined in time; the server's clock decides.
    let at = now / 1000 + 60;
    let body = ChainRun::one(join.bytes()).encode();
    let over = Request::new("POST", &path::chain(space.id()), body);
    assert_eq!(
        over.signed_at(&invited, at).send(&relay).code(),
        ErrorCode::InviteUnusable,
        "over"
    );
    relay.clock.advance(-60_001);

    let rotate = space.rotate(&admin, &[]);
    space.extend(&relay, &admin, rotate);
    let withdrawn = space.join(&late, &invited);
    let imagined = Space::imagined(&admin, &admin, 9);
    let nowhere = imagined.join(&late, &invited);
    let (real, unreal) = (
        space.offer(&relay, &invited, &withdrawn),
        imagined.offer(&relay, &invited, &nowhere),
    );
    assert_eq!(real.code(), ErrorCode::Forbidden, "withdrawn");
    assert_eq!(
        (real.status, real.body),
        (unreal.status, unreal.body),
        "no space can be probed"
    );
}

#[test]
fn an_open_invite_reads_the_chain_and_a_closed_one_does_not() {
    let (relay, mut space) = with_space();
    assert_eq!(chain(&relay, &space, 7, 0).code(), ErrorCode::Forbidden);
    let invite = space.invite(&key(1), &key(7), Role::Writer);
    space.extend(&relay, &key(1), invite);
    let page = ChainPage::decode(&chain(&relay, &space, 7, 1).body).unwrap();
    let read: Vec<_> = page
        .statements
        .iter()
        .map(|s| Statement::parse(s).unwrap())
        .collect();
    assert_eq!(read, space.statements[1..]);
    assert_eq!(
        space.pull(&relay, &key(7), 0).code(),
        ErrorCode::Forbidden,
        "only the chain"
    );
    let rotate = space.rotate(&key(1), &[]);
    space.extend(&relay, &key(1), rotate);
    assert_eq!(chain(&relay, &space, 7, 0).code(), ErrorCode::Forbidden);
}
