//! After a restore a server can't know whether its chain of a space is the newest. Until an admin says
//! so, nobody new comes into it; what the restore lost is given back by those who were there.

use companion_protocol::api::{
    ChainPage, ChainRun, ErrorCode, MAX_SMALL_RUN_BYTES, SpaceHead, path,
};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::{MAX_STATEMENT, Role};
use sync_server::storage::sqlite::{back_up_file, replace_file};

use crate::support::client::{Answer, Request};
use crate::support::people::{Space, grant_with, key, member};
use crate::support::{NOW_MS, Relay};

/// A clinic's space, and a copy of the server as it stands.
struct Drill {
    relay: Relay,
    space: Space,
}

impl Drill {
    fn begin() -> Self {
        let relay = Relay::start();
        relay.register(member(&key(1)), 10, 1 << 24);
        let space = Space::founded(&relay, &key(1), &key(1), 1);
        Self { relay, space }
    }

    fn back_up(&self) {
        let copy = self.relay.folder.path().join("copy");
        back_up_file(&self.relay.config.data.join("sync.db"), &copy).unwrap();
    }

    fn restore(&mut self) {
        let copy = self.relay.folder.path().join("copy");
        self.relay.stop();
        replace_file(&copy, &self.relay.config.data.join("sync.db"), NOW_MS).unwrap();
        self.relay.start_again();
    }
}

fn chain(relay: &Relay, space: &Space, by: u8) -> Answer {
    Request::new("GET", &path::chain(space.id()), Vec::new())
        .signed(&key(by))
        .send(relay)
}

#[test]
fn nobody_comes_by_an_old_invite_before_an_admin_vouched() {
    let mut drill = Drill::begin();
    let invite = drill.space.invite(&key(1), &key(7), Role::Device);
    drill.space.extend(&drill.relay, &key(1), invite);
    drill.back_up();
    // What is lost: the invite was withdrawn.
    let before = drill.space.clone();
    let withdrawal = drill.space.rotate(&key(1), &[]);
    drill
        .space
        .extend(&drill.relay, &key(1), withdrawal.clone());
    drill.restore();
    let Drill { relay, space } = &drill;

    let join = before.join(&key(9), &key(7));
    let refused = before.offer(relay, &key(7), &join);
    assert_eq!(refused.code(), ErrorCode::Unavailable);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(
        chain(relay, &before, 7).code(),
        ErrorCode::Unavailable,
        "nor does anybody read by it"
    );

    // The clinic brings what it knows and vouches for it.
    assert_eq!(
        space.vouch(relay, &key(1)).code(),
        ErrorCode::ChainConflict,
        "nobody vouches for a chain that is not the server's"
    );
    assert_eq!(space.offer(relay, &key(1), &withdrawal).status, 201);
    let head: SpaceHead = space.vouch(relay, &key(1)).json();
    assert_eq!(head.chain_head, space.chain.head());
    assert_eq!(space.vouch(relay, &key(1)).status, 200, "said twice");
    let late = space.join(&key(9), &key(7));
    assert_eq!(
        space.offer(relay, &key(7), &late).code(),
        ErrorCode::Forbidden,
        "the invite is withdrawn"
    );
    // From then on people come as ever.
    let mut space = space.clone();
    space.admit(relay, &key(1), &key(2), Role::Device);
}

#[test]
fn an_invite_that_ran_out_is_not_good_again_after_a_restore() {
    let mut drill = Drill::begin();
    let soon = u64::try_from(NOW_MS).unwrap() + 60_000;
    let invite = drill
        .space
        .invite_until(&key(1), &key(7), Role::Device, soon);
    drill.space.extend(&drill.relay, &key(1), invite);
    drill.back_up();
    drill.restore();
    let Drill { relay, space } = &drill;
    assert_eq!(space.vouch(relay, &key(1)).status, 200);
    relay.clock.advance(60_001);
    // Its newcomer says that it came in time.
    let join = space.join(&key(9), &key(7));
    let body = companion_protocol::api::ChainRun::one(join.bytes()).encode();
    let late = Request::new("POST", &path::chain(space.id()), body)
        .signed_at(&key(7), soon / 1000)
        .send(relay);
    assert_eq!(late.code(), ErrorCode::InviteUnusable);
    let read = Request::new("GET", &path::chain(space.id()), Vec::new())
        .signed_at(&key(7), soon / 1000)
        .send(relay);
    assert_eq!(read.code(), ErrorCode::InviteUnusable);
}

#[test]
fn a_member_brings_back_its_own_admission_and_a_pending_one_moves_nothing() {
    let mut drill = Drill::begin();
    drill
        .space
        .knock(&drill.relay, &key(1), &key(2), Role::Device);
    drill.back_up();
    let pending = drill.space.clone();
    let answer = drill.space.answer(&key(1), &key(2));
    drill.space.extend(&drill.relay, &key(1), answer.clone());
    let admission = drill.space.admission(&key(1), &[&key(2)]);
    drill.space.extend(&drill.relay, &key(1), admission.clone());
    drill.restore();
    let Drill { relay, space } = &drill;

    // By the server's chain the phone is pending; a leave would fork what it does not know of.
    let leave = pending.leave(&key(2));
    assert_eq!(
        pending.offer(relay, &key(2), &leave).code(),
        ErrorCode::Forbidden
    );
    // A stranger who kept the clinic's statements moves nothing either.
    assert_eq!(
        space.offer(relay, &key(9), &answer).code(),
        ErrorCode::Forbidden
    );
    let given_back = space.offer_run(relay, &key(2), &[answer, admission]);
    assert_eq!(given_back.status, 201);
    let page = ChainPage::decode(&chain(relay, space, 2).body).unwrap();
    assert_eq!(page.length, space.chain.length());
    // It is an admin who was there before: its word is good.
    assert_eq!(space.vouch(relay, &key(2)).status, 200);
}

#[test]
fn only_an_admin_vouches_and_only_a_present_one() {
    let mut drill = Drill::begin();
    drill
        .space
        .admit(&drill.relay, &key(1), &key(2), Role::Writer);
    drill
        .space
        .knock(&drill.relay, &key(1), &key(3), Role::Device);
    drill.back_up();
    drill.restore();
    let Drill { relay, space } = &drill;
    for by in [2, 3, 9] {
        assert_eq!(
            space.vouch(relay, &key(by)).code(),
            ErrorCode::Forbidden,
            "{by}"
        );
    }
    assert_eq!(space.vouch(relay, &key(1)).status, 200);
}

#[test]
fn after_a_restore_a_grant_founds_the_space_that_was_lost_and_no_other() {
    let mut drill = Drill::begin();
    drill.back_up();
    let soon = u64::try_from(NOW_MS).unwrap() + 1000;
    let mut lost = Space::imagined(&key(1), &key(2), 2);
    lost.grant = grant_with(&key(1), &key(2), 2, 0, soon);
    assert_eq!(lost.found(&drill.relay, &key(2)).status, 201);
    drill.restore();
    let relay = &drill.relay;
    relay.clock.advance(60_000);
    let at = soon / 1000 + 60;
    let found = |space: &Space, by: u8| {
        crate::support::people::founding_request(space.grant.bytes(), space.statements[0].bytes())
            .signed_at(&key(by), at)
            .send(relay)
    };
    let mut thief = Space::imagined(&key(1), &key(9), 3);
    thief.grant = lost.grant.clone();
    assert_eq!(
        found(&thief, 9).code(),
        ErrorCode::GrantUnusable,
        "it names its founder"
    );
    assert_eq!(found(&lost, 2).status, 201, "over, but it was used in time");
    let mut second = Space::imagined(&key(1), &key(2), 4);
    second.grant = lost.grant.clone();
    assert_eq!(found(&second, 2).code(), ErrorCode::GrantUnusable, "used");
}

#[test]
fn a_grant_that_is_over_founds_nothing_new_after_a_restore() {
    let mut drill = Drill::begin();
    drill.back_up();
    drill.restore();
    let relay = &drill.relay;
    let now = u64::try_from(NOW_MS).unwrap();
    let mut late = Space::imagined(&key(1), &key(2), 2);
    late.grant = grant_with(&key(1), &key(2), 2, 0, now - 1);
    assert_eq!(
        late.found(relay, &key(2)).code(),
        ErrorCode::GrantUnusable,
        "its founding is of after the grant's end"
    );
}

/// Everything of an answer by which a caller could tell one from another.
fn told(answer: &Answer) -> (u16, Vec<u8>) {
    (answer.status, answer.body.clone())
}

#[test]
fn after_a_restore_a_stranger_learns_of_no_space_whether_it_exists() {
    let mut drill = Drill::begin();
    let vouched = Space::founded(&drill.relay, &key(1), &key(1), 2);
    drill.back_up();
    drill.restore();
    let Drill { relay, space } = &drill;
    assert_eq!(vouched.vouch(relay, &key(1)).status, 200);
    let unknown = SpaceId::new([7; 32]);
    // Genuine, but the stranger is nobody by it.
    let statement = space.invite(&key(1), &key(7), Role::Device);
    let bodies = [
        b"nonsense".to_vec(),
        Vec::new(),
        ChainRun::one(&[7; 100]).encode(),
        ChainRun::one(statement.bytes()).encode(),
        ChainRun {
            statements: vec![vec![7; MAX_STATEMENT]; 2],
        }
        .encode(),
    ];
    for body in bodies {
        let knock = |space: SpaceId| {
            let request = Request::new("POST", &path::chain(space), body.clone());
            let mut forged = request.clone().signed(&key(9));
            // Another body than the one that was signed.
            forged.body = vec![8; 8];
            (
                told(&request.signed(&key(9)).send(relay)),
                told(&forged.send(relay)),
            )
        };
        let none = knock(unknown);
        assert_eq!(none.0.0, 403);
        assert_eq!(none.0, none.1);
        assert_eq!(knock(space.id()), none, "nobody vouched for it yet");
        assert_eq!(knock(vouched.id()), none, "somebody did");
    }
}

#[test]
fn after_a_restore_little_is_read_of_a_stranger_whatever_it_announces() {
    let mut drill = Drill::begin();
    drill.back_up();
    drill.restore();
    let Drill { relay, space } = &drill;
    let read_of = |length: usize| {
        let before = relay.counts().body_bytes_read;
        let answer = Request::new("POST", &path::chain(space.id()), vec![7; length])
            .signed(&key(9))
            .send(relay);
        assert_eq!(answer.code(), ErrorCode::Forbidden);
        relay.counts().body_bytes_read - before
    };
    let most = u64::try_from(MAX_SMALL_RUN_BYTES).unwrap();
    assert_eq!(read_of(MAX_SMALL_RUN_BYTES), most);
    assert_eq!(read_of(MAX_SMALL_RUN_BYTES + 1), 0);
}
