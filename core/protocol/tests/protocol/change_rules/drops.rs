//! A body goes, its header stays and proves the same; and who may let whose body go.

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::{ChangeError, DroppedBody, Header, MAX_DROPS, SealedChange};
use companion_protocol::id::{Counter, HistoryHash};
use companion_protocol::statement::Role;
use companion_protocol::wire::WireError;
use ed25519_dalek::SigningKey;

use super::{malformed, space, verdict};
use crate::fixtures::{Space, change, key, leave};

fn drop(index: u16, counter: u64) -> DroppedBody {
    DroppedBody {
        index,
        counter: Counter(counter),
        hash: HistoryHash::new([7; 32]),
    }
}

fn dropping(space: &Space, author: &SigningKey, drops: Vec<DroppedBody>) -> Header {
    let newest = space.statements.len() - 1;
    Header {
        drops,
        ..space.header_at(author, newest, space.chain.epoch().0, 9)
    }
}

#[test]
fn a_bare_change_has_the_same_name_and_the_same_signature() {
    let space = space();
    let whole = change(&key(2), space.header(&key(2)));
    let bare = whole.bare();
    assert!(bare.is_bare() && !whole.is_bare());
    assert_eq!(bare.hash(), whole.hash());
    let read = SealedChange::parse(bare.bytes()).unwrap();
    assert_eq!(read, bare);
    assert_eq!((read.sealed(), read.hash()), (None, whole.hash()));
    assert_eq!(read.verify_signature(), Ok(()));
    assert_eq!(read.header_bytes(), whole.header_bytes());
    assert!(bare.bytes().len() < 400, "{}", bare.bytes().len());
    assert_eq!(bare.bare(), bare);
}

#[test]
fn a_bare_change_of_another_body_is_not_genuine() {
    let whole = change(&key(2), space().header(&key(2)));
    let bare = whole.bare();
    let at = whole.header_bytes().len() + 1;
    for offset in [at, at + 31] {
        let mut bytes = bare.bytes().to_vec();
        bytes[offset] ^= 1;
        let other = SealedChange::parse(&bytes).unwrap();
        assert_ne!(other.hash(), whole.hash());
        assert_eq!(other.verify_signature(), Err(ChangeError::BadSignature));
    }
}

#[test]
fn a_form_is_whole_or_bare() {
    let whole = change(&key(2), space().header(&key(2)));
    let at = whole.header_bytes().len();
    for form in [0, 3, 255] {
        let mut bytes = whole.bytes().to_vec();
        bytes[at] = form;
        assert_eq!(
            SealedChange::parse(&bytes),
            Err(ChangeError::Malformed(WireError::BadValue("form")))
        );
    }
    for form in [0, 1, 3] {
        let mut bytes = whole.bare().bytes().to_vec();
        bytes[at] = form;
        assert!(SealedChange::parse(&bytes).is_err(), "{form}");
    }
}

#[test]
fn drops_ascend_and_count_from_one() {
    let space = space();
    for drops in [
        vec![drop(1, 2), drop(1, 2)],
        vec![drop(1, 3), drop(1, 2)],
        vec![drop(2, 1), drop(1, 2)],
        // Nor two histories under one count: a change is named once.
        vec![
            drop(1, 2),
            DroppedBody {
                hash: HistoryHash::new([8; 32]),
                ..drop(1, 2)
            },
        ],
    ] {
        let header = dropping(&space, &key(2), drops);
        assert_eq!(malformed(&key(2), header), WireError::BadValue("drops"));
    }
    let header = dropping(&space, &key(2), vec![drop(1, 0)]);
    assert_eq!(malformed(&key(2), header), WireError::BadValue("counter"));
}

#[test]
fn a_change_drops_so_many_and_no_more() {
    let space = space();
    let drops = |many: usize| (1..).take(many).map(|counter| drop(1, counter)).collect();
    let header = Header {
        counter: Counter(9999),
        ..dropping(&space, &key(2), drops(MAX_DROPS))
    };
    assert_eq!(verdict(&space, &header), Ok(()));
    let header = dropping(&space, &key(2), drops(MAX_DROPS + 1));
    assert_eq!(malformed(&key(2), header), WireError::BadValue("drops"));
}

#[test]
fn everybody_drops_its_own_earlier_bodies() {
    let space = space();
    let own = dropping(&space, &key(2), vec![drop(1, 1), drop(1, 8)]);
    assert_eq!(verdict(&space, &own), Ok(()));
    for counter in [9, 10] {
        let later = dropping(&space, &key(2), vec![drop(1, counter)]);
        assert_eq!(verdict(&space, &later), Err(ChangeRefusal::WrongDrop));
    }
}

/// The clinic 1 has a second node 6, the phone 2 a tablet 7; a writer 8 is the phone's.
#[test]
fn the_first_of_a_side_drops_the_bodies_of_those_who_came_after_it() {
    let mut space = space();
    space.enrol(&key(1), &key(6), Role::Host);
    space.admit(&key(2), &key(7), Role::Device);
    space.admit(&key(7), &key(8), Role::Writer);
    let place = |seed: u8| {
        let id = crate::fixtures::id(&key(seed));
        space.chain.member(&id).unwrap().index
    };
    // Key 4 was a writer whom the clinic let in and removed.
    let cases = [
        (1, 6, true),
        (6, 1, false),
        (2, 7, true),
        (7, 2, false),
        (2, 8, true),
        (8, 7, false),
        // Or a stolen second phone could wipe out what a third wrote.
        (7, 8, false),
        (8, 4, false),
        (2, 4, true),
        (7, 4, false),
        (1, 4, false),
        (1, 2, false),
        (2, 6, false),
    ];
    for (by, of, may) in cases {
        let header = dropping(&space, &key(by), vec![drop(place(of), 1)]);
        let expected = may.then_some(()).ok_or(ChangeRefusal::WrongDrop);
        assert_eq!(verdict(&space, &header), expected, "{by} drops of {of}");
    }
    let nobody = dropping(&space, &key(2), vec![drop(99, 1)]);
    assert_eq!(verdict(&space, &nobody), Err(ChangeRefusal::WrongDrop));
}

/// Or a stolen second phone could wipe out what the patient wrote on the phone before the present one.
#[test]
fn only_the_first_of_its_side_drops_the_bodies_of_somebody_who_went_before_it_came() {
    let (phone, tablet) = (key(7), key(8));
    let mut space = space();
    space.admit(&key(2), &phone, Role::Device);
    space.admit(&key(2), &tablet, Role::Device);
    space.remove(&key(5), &key(2), 5);
    let drops = vec![drop(1, 3)];
    for (by, may) in [(&phone, true), (&tablet, false), (&key(1), false)] {
        let header = dropping(&space, by, drops.clone());
        let expected = may.then_some(()).ok_or(ChangeRefusal::WrongDrop);
        assert_eq!(verdict(&space, &header), expected);
    }
    let then = space.statements.len() - 1;
    space.say(&phone, leave(1)).unwrap();
    let header = dropping(&space, &tablet, drops.clone());
    assert_eq!(verdict(&space, &header), Ok(()));
    // Who was the first is asked of the head that the change names.
    let mut early = space.header_at(&tablet, then, space.chain.epoch().0, 9);
    early.drops = drops;
    assert_eq!(verdict(&space, &early), Err(ChangeRefusal::WrongDrop));
}

#[test]
fn what_a_member_may_drop_is_measured_at_the_head_that_it_names() {
    let space = space();
    // Key 4 was removed by statement 14: before that, a tablet before it could not have dropped it.
    let mut early = space.header_at(&key(2), 11, 2, 9);
    early.drops = vec![drop(3, 1)];
    assert_eq!(verdict(&space, &early), Err(ChangeRefusal::WrongDrop));
    let mut later = space.header_at(&key(2), 12, 3, 9);
    later.drops = vec![drop(3, 1)];
    assert_eq!(verdict(&space, &later), Ok(()));
}
