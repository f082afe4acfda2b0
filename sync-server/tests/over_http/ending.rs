//! A space is ended by the patient's first device alone, can be read until its day, and is forgotten then.

use companion_protocol::api::{Blobs, ErrorCode, Info, SpaceHeads, path};
use companion_protocol::id::BlobId;
use companion_protocol::statement::Role;
use sync_server::storage::Day;
use sync_server::storage::audit::audit;
use sync_server::storage::sqlite::{back_up_file, replace_file};

use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};
use crate::support::{NOW_MS, Relay};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A care space: the clinic 1, the phone 2, a second phone 3. The phone wrote something.
fn care() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.admit(&relay, &key(1), &key(2), Role::Device);
    space.admit(&relay, &key(2), &key(3), Role::Device);
    let change = space.write(&key(2), "an entry");
    space.pushed(&relay, &key(2), &[change]);
    (relay, space)
}

fn ended(keep_days: u16) -> (Relay, Space) {
    let (relay, mut space) = care();
    let end = space.end(&key(2), keep_days);
    space.extend(&relay, &key(2), end);
    (relay, space)
}

/// The server as so many days later.
fn days_later(relay: &mut Relay, days: i64) {
    relay.clock.advance(days * DAY_MS);
    relay.start_again();
    // Requests here are signed by the hour at which it all began.
    relay.clock.advance(-days * DAY_MS);
}

fn sound(relay: &Relay) {
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn nobody_but_the_first_device_ends_a_space() {
    let (relay, mut space) = care();
    for who in [&key(1), &key(3)] {
        let (code, detail) = space.offer(&relay, who, &space.end(who, 30)).refusal();
        assert_eq!(code, ErrorCode::InvalidStatement);
        assert_eq!(detail["reason"], "not_allowed");
    }
    let stranger = space.offer(&relay, &key(9), &space.end(&key(9), 30));
    assert_eq!(stranger.code(), ErrorCode::Forbidden);
    let change = space.write(&key(1), "it goes on");
    space.pushed(&relay, &key(1), &[change]);
    let end = space.end(&key(2), 30);
    space.extend(&relay, &key(2), end);
}

#[test]
fn what_was_ended_takes_nothing_and_can_be_read() {
    let (relay, mut space) = ended(30);
    let today = Day::of_ms(NOW_MS);
    let is_ended = |answer: Answer| {
        let (code, detail) = answer.refusal();
        assert_eq!(code, ErrorCode::SpaceEnded);
        assert_eq!(detail["forget_on"], today.0 + 31);
    };
    for who in [key(1), key(2), key(3)] {
        let change = space.write(&who, "too late");
        is_ended(space.push(&relay, &who, &[change]));
        is_ended(space.offer(&relay, &who, &space.leave(&who)));
        let part = format!(
            "{}?from=0&size=9",
            path::blob(space.id(), BlobId::new([1; 32]))
        );
        is_ended(
            Request::new("POST", &part, vec![1; 9])
                .signed(&who)
                .send(&relay),
        );
        assert_eq!(space.pulled(&relay, &who).changes.len(), 1);
        let heads: SpaceHeads = Request::new("GET", path::SPACES, Vec::new())
            .signed(&who)
            .send(&relay)
            .json();
        assert_eq!(heads.spaces.len(), 1);
        let _: Blobs = Request::new("GET", &path::blobs(space.id()), Vec::new())
            .signed(&who)
            .send(&relay)
            .json();
    }
    let again = space.statements.last().unwrap().clone();
    let known = space.offer(&relay, &key(2), &again);
    assert_eq!(
        known.status, 201,
        "an end whose answer was lost is said again"
    );
    assert_eq!(space.pull(&relay, &key(9), 0).code(), ErrorCode::Forbidden);
    sound(&relay);
}

#[test]
fn on_its_day_it_is_forgotten_and_nobody_founds_it_again() {
    let (mut relay, mut space) = ended(30);
    days_later(&mut relay, 30);
    assert_eq!(
        space.pulled(&relay, &key(1)).changes.len(),
        1,
        "to the end of the last day"
    );
    days_later(&mut relay, 31);
    for who in [key(1), key(2), key(9)] {
        let (code, detail) = space.pull(&relay, &who, 0).refusal();
        assert_eq!((code, detail.len()), (ErrorCode::SpaceEnded, 0));
        let change = space.write(&who, "too late");
        assert_eq!(
            space.push(&relay, &who, &[change]).code(),
            ErrorCode::SpaceEnded
        );
        let chain = Request::new("GET", &path::chain(space.id()), Vec::new());
        assert_eq!(
            chain.signed(&who).send(&relay).code(),
            ErrorCode::SpaceEnded
        );
        let offered = space.offer(&relay, &who, space.statements.last().unwrap());
        assert_eq!(offered.code(), ErrorCode::SpaceEnded);
    }
    assert_eq!(space.found(&relay, &key(1)).code(), ErrorCode::SpaceEnded);
    let heads: SpaceHeads = Request::new("GET", path::SPACES, Vec::new())
        .signed(&key(1))
        .send(&relay)
        .json();
    assert!(heads.spaces.is_empty());
    sound(&relay);
    let file = std::fs::read(relay.config.data.join("sync.db")).unwrap();
    let holds = |bytes: &[u8]| file.windows(bytes.len()).any(|part| part == bytes);
    for who in [key(2), key(3)] {
        assert!(
            !holds(member(&who).as_bytes()),
            "who was a member is forgotten"
        );
    }
    assert!(!holds(b"an entry"));
    assert!(holds(space.id().as_bytes()), "that it was there is not");
}

#[test]
fn a_server_keeps_no_longer_than_its_operator_says() {
    let (mut relay, mut space) = care();
    relay.config.limits.ended_days = 7;
    relay.start_again();
    let info: Info = Request::new("GET", path::INFO, Vec::new())
        .send(&relay)
        .json();
    assert_eq!(info.limits.ended_days, 7);
    let end = space.end(&key(2), 3000);
    space.extend(&relay, &key(2), end);
    days_later(&mut relay, 8);
    assert_eq!(space.pull(&relay, &key(1), 0).code(), ErrorCode::SpaceEnded);
}

#[test]
fn a_space_whose_room_is_used_up_can_be_ended() {
    let (relay, mut space) = care();
    relay.register(member(&key(1)), 10, 1);
    let invite = space.invite(&key(2), &key(50), Role::Reader);
    assert_eq!(
        space.offer(&relay, &key(2), &invite).code(),
        ErrorCode::QuotaExceeded
    );
    let end = space.end(&key(2), 30);
    space.extend(&relay, &key(2), end);
}

#[test]
fn a_backup_brings_nothing_back_that_was_forgotten() {
    let (mut relay, mut space) = care();
    let other = Space::founded(&relay, &key(1), &key(1), 2);
    let database = relay.config.data.join("sync.db");
    let copy = relay.folder.path().join("copy");
    back_up_file(&database, &copy).unwrap();
    let end = space.end(&key(2), 0);
    space.extend(&relay, &key(2), end);
    days_later(&mut relay, 1);
    relay.stop();
    replace_file(&copy, &database, NOW_MS).unwrap();
    relay.start_again();
    assert_eq!(space.pull(&relay, &key(2), 0).code(), ErrorCode::SpaceEnded);
    assert_eq!(space.found(&relay, &key(1)).code(), ErrorCode::SpaceEnded);
    assert_eq!(other.pull(&relay, &key(1), 0).status, 200);
    sound(&relay);
}
