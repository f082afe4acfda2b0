//! What only whoever holds the log can check: what changes say of other changes.

use companion_protocol::api::{ErrorCode, PushStatus};
use companion_protocol::change::{DroppedBody, SealedChange, Seen};
use companion_protocol::id::{Counter, HistoryHash};
use companion_protocol::statement::Role;
use sync_server::storage::audit::audit;

use crate::support::Relay;
use crate::support::people::{Space, key, member, sealed};

fn with_phone() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.admit(&relay, &key(1), &key(2), Role::Device);
    (relay, space)
}

fn used(relay: &Relay, space: &Space) -> u64 {
    let storage = relay.running.as_ref().unwrap().storage();
    storage.usage(space.id()).unwrap().unwrap().bytes
}

fn is_sound(relay: &Relay) {
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

fn held(space: &Space, relay: &Relay) -> Vec<SealedChange> {
    space
        .pulled(relay, &key(1))
        .changes
        .iter()
        .map(|(_, bytes)| SealedChange::parse(bytes).unwrap())
        .collect()
}

fn reason(space: &Space, relay: &Relay, by: u8, change: SealedChange) -> String {
    let (code, detail) = space.push(relay, &key(by), &[change]).refusal();
    assert_eq!(code, ErrorCode::InvalidChange);
    detail["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_frontier_that_names_another_history_is_refused() {
    let (relay, mut space) = with_phone();
    let changes: Vec<_> = (0..3).map(|_| space.write(&key(2), "x")).collect();
    space.pushed(&relay, &key(2), &changes);
    let seen = space.seen(&key(2));
    let frontier = |seen: Seen| {
        let mut space = space.clone();
        let mut header = space.header(&key(1));
        header.frontier = vec![seen];
        sealed(&key(1), header, "read so far")
    };
    for (what, lie) in [
        (
            "a hash that nobody wrote",
            Seen {
                hash: HistoryHash::new([7; 32]),
                ..seen
            },
        ),
        (
            "a count that is not reached",
            Seen {
                counter: Counter(4),
                ..seen
            },
        ),
        (
            "the hash of another count",
            Seen {
                counter: Counter(2),
                ..seen
            },
        ),
    ] {
        assert_eq!(
            reason(&space, &relay, 1, frontier(lie)),
            "unknown_frontier",
            "{what}"
        );
    }
    let older = Seen {
        counter: Counter(2),
        hash: changes[1].history(),
        ..seen
    };
    for (counter, honest) in [older, seen].into_iter().enumerate() {
        let mut header = space.header(&key(1));
        header.frontier = vec![honest];
        let change = space.write_as(&key(1), header, "read so far");
        let stored = space.pushed(&relay, &key(1), &[change]);
        assert_eq!(stored.results[0].status, PushStatus::Stored, "{counter}");
    }
    is_sound(&relay);
}

fn dropped(change: &SealedChange) -> DroppedBody {
    DroppedBody {
        index: 1,
        counter: change.header().counter,
        hash: change.history(),
    }
}

#[test]
fn a_body_that_its_author_drops_is_gone_and_its_header_still_proves_the_history() {
    let (relay, mut space) = with_phone();
    let first = space.write(&key(2), "to be forgotten CANARY");
    let second = space.write(&key(2), "to be kept");
    space.pushed(&relay, &key(2), &[first.clone(), second.clone()]);
    let before = used(&relay, &space);

    let mut header = space.header(&key(2));
    header.drops = vec![dropped(&first)];
    let dropping = space.write_as(&key(2), header, "forgets the first");
    space.pushed(&relay, &key(2), std::slice::from_ref(&dropping));

    let log = held(&space, &relay);
    assert_eq!(log[0], first.bare());
    assert_eq!(log[0].hash(), first.hash());
    log[0].verify_signature().unwrap();
    assert_eq!(log[1], second);
    let freed = first.bytes().len() - first.bare().bytes().len();
    let added = dropping.bytes().len();
    assert_eq!(
        used(&relay, &space),
        before + u64::try_from(added).unwrap() - u64::try_from(freed).unwrap(),
        "its room is free again"
    );
    is_sound(&relay);

    // Sent again whole, it stays away; histories go on.
    let again = space.pushed(&relay, &key(1), std::slice::from_ref(&first));
    assert_eq!(again.results[0].status, PushStatus::Known);
    assert_eq!(again.results[0].hash, first.hash());
    assert!(held(&space, &relay)[0].is_bare());
    let next = space.write(&key(2), "goes on");
    space.pushed(&relay, &key(2), &[next]);
    is_sound(&relay);
}

#[test]
fn nobody_drops_what_is_not_theirs_to_drop_or_not_there() {
    let (relay, mut space) = with_phone();
    let (mine, theirs) = (
        space.write(&key(1), "the clinic's"),
        space.write(&key(2), "the phone's"),
    );
    space.pushed(&relay, &key(1), &[mine.clone(), theirs.clone()]);
    let dropping = |author: u8, index: u16, counter: u64, hash| {
        let mut header = space.clone().header(&key(author));
        header.drops = vec![DroppedBody {
            index,
            counter: Counter(counter),
            hash,
        }];
        sealed(&key(author), header, "drops")
    };
    let (of_clinic, of_phone) = (mine.history(), theirs.history());
    assert_eq!(
        reason(&space, &relay, 1, dropping(1, 1, 1, of_phone)),
        "wrong_drop",
        "the clinic drops the phone's"
    );
    assert_eq!(
        reason(&space, &relay, 2, dropping(2, 0, 1, of_clinic)),
        "wrong_drop",
        "the phone drops the clinic's"
    );
    assert_eq!(
        reason(&space, &relay, 2, dropping(2, 1, 2, of_phone)),
        "wrong_drop",
        "a change that drops itself"
    );
    assert_eq!(
        reason(&space, &relay, 2, dropping(2, 1, 1, of_clinic)),
        "unknown_drop",
        "another change than the one that is stored under that count"
    );
    assert!(held(&space, &relay).iter().all(|change| !change.is_bare()));
    is_sound(&relay);
}

/// Each is looked for while nobody else can write.
#[test]
fn a_push_drops_so_many_bodies_and_no_more() {
    let (relay, mut space) = with_phone();
    let all: Vec<_> = (0..520).map(|_| space.write(&key(2), "x")).collect();
    for some in all.chunks(500) {
        space.pushed(&relay, &key(2), some);
    }
    let mut dropping = |many: usize| {
        let mut header = space.header(&key(2));
        header.drops = all.iter().take(many).map(dropped).collect();
        space.write_as(&key(2), header, "forgets")
    };
    let (first, second, third) = (dropping(512), dropping(512), dropping(1));
    let too_many = [first.clone(), second.clone(), third.clone()];
    let (code, detail) = space.push(&relay, &key(2), &too_many).refusal();
    assert_eq!(code, ErrorCode::InvalidChange);
    assert_eq!(detail["reason"], "too_many_drops");
    assert_eq!(detail["index"], 2);
    space.pushed(&relay, &key(2), &[first, second]);
    space.pushed(&relay, &key(2), &[third]);
    is_sound(&relay);
}

#[test]
fn a_new_change_comes_with_its_body() {
    let (relay, mut space) = with_phone();
    let bare = space.write(&key(2), "withheld").bare();
    assert_eq!(reason(&space, &relay, 2, bare), "bare");
}

#[test]
fn a_body_that_is_missing_or_should_be_is_found_by_the_check() {
    let (mut relay, mut space) = with_phone();
    let first = space.write(&key(2), "first");
    let mut header = space.header(&key(2));
    header.drops = vec![dropped(&first)];
    let dropping = space.write_as(&key(2), header, "forgets the first");
    let third = space.write(&key(2), "third");
    space.pushed(&relay, &key(2), &[first.clone(), dropping, third.clone()]);
    relay.stop();
    let database = rusqlite::Connection::open(relay.config.data.join("sync.db")).unwrap();
    let put = |change: &SealedChange| {
        let id = *change.header().id.as_bytes();
        let changed = database
            .execute(
                "UPDATE changes SET bytes = ?1
                 WHERE row = (SELECT space << 24 | number FROM names WHERE name = ?2)",
                rusqlite::params![change.bytes(), id],
            )
            .unwrap();
        assert_eq!(changed, 1);
    };
    let problems = |relay: &mut Relay| {
        relay.start_again();
        let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
        relay.stop();
        report.problems.join("; ")
    };
    put(&first);
    let found = problems(&mut relay);
    assert!(
        found.contains("a body that was dropped is still there"),
        "{found}"
    );
    put(&first.bare());
    put(&third.bare());
    let found = problems(&mut relay);
    assert!(
        found.contains("a body is missing that nobody dropped"),
        "{found}"
    );
}
