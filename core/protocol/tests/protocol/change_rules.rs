//! One test for each reason to refuse a change, whatever its ciphertext.

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::{ChangeError, Header, MAX_CHANGE, SealedChange};
use companion_protocol::id::{Counter, Epoch, SealedHash, SpaceId, StatementHash};
use companion_protocol::statement::Role;
use companion_protocol::wire::WireError;

use crate::fixtures::{Space, change, filler, id, key, resign};

/// Founded by 1; the writer 2 joined by statement 2, the reader 3 by 4, the writer 4 by 6; 4 was
/// removed by 7 after its change number 5.
fn space() -> Space {
    let mut space = Space::founded_by(&key(1));
    space.admit(&key(1), &key(2), Role::Writer);
    space.admit(&key(1), &key(3), Role::Reader);
    space.admit(&key(1), &key(4), Role::Writer);
    space.rotate(&key(1), &[(id(&key(4)), 5)]);
    space
}

#[test]
fn members_that_may_write_are_let_through() {
    let space = space();
    for author in [key(1), key(2)] {
        assert_eq!(space.chain.check_change(&space.header(&author)), Ok(()));
    }
}

#[test]
fn a_change_of_another_space_is_refused() {
    let space = space();
    let header = Header {
        space: SpaceId::new([9; 32]),
        ..space.header(&key(2))
    };
    assert_eq!(
        space.chain.check_change(&header),
        Err(ChangeRefusal::OtherSpace)
    );
}

#[test]
fn a_head_outside_the_chain_is_refused() {
    let space = space();
    for chain_head in [StatementHash::ZERO, StatementHash::new([9; 32])] {
        let header = Header {
            chain_head,
            ..space.header(&key(2))
        };
        assert_eq!(
            space.chain.check_change(&header),
            Err(ChangeRefusal::UnknownHead)
        );
    }
}

#[test]
fn the_epoch_is_that_of_the_named_head() {
    let space = space();
    for (sequence, epoch) in [(7, 0), (7, 2), (6, 1)] {
        let header = Header {
            chain_head: space.hash(sequence),
            epoch: Epoch(epoch),
            ..space.header(&key(2))
        };
        assert_eq!(
            space.chain.check_change(&header),
            Err(ChangeRefusal::WrongEpoch)
        );
    }
    // An older head with its own epoch fits the chain; whether it comes too late is asked elsewhere.
    let older = Header {
        chain_head: space.hash(6),
        epoch: Epoch(0),
        ..space.header(&key(2))
    };
    assert_eq!(space.chain.check_change(&older), Ok(()));
}

#[test]
fn readers_and_strangers_write_nothing() {
    let space = space();
    for author in [key(3), key(5)] {
        let refusal = space.chain.check_change(&space.header(&author));
        assert_eq!(refusal, Err(ChangeRefusal::NotAWriter));
    }
}

#[test]
fn nobody_wrote_before_joining() {
    let space = space();
    let at = |sequence| Header {
        chain_head: space.hash(sequence),
        epoch: Epoch(0),
        ..space.header(&key(2))
    };
    assert_eq!(
        space.chain.check_change(&at(1)),
        Err(ChangeRefusal::NotAWriter)
    );
    assert_eq!(
        space.chain.check_change(&at(2)),
        Ok(()),
        "its own joining is a head it knows"
    );
}

#[test]
fn a_removed_member_can_not_backdate() {
    let space = space();
    let before = |counter| Header {
        chain_head: space.hash(6),
        epoch: Epoch(0),
        counter: Counter(counter),
        previous_own: SealedHash::new([1; 32]),
        ..space.header(&key(4))
    };
    assert_eq!(space.chain.check_change(&before(5)), Ok(()));
    assert_eq!(
        space.chain.check_change(&before(6)),
        Err(ChangeRefusal::AfterRemoval)
    );
    let after = space.header(&key(4));
    assert_eq!(
        space.chain.check_change(&after),
        Err(ChangeRefusal::AfterRemoval)
    );
}

#[test]
fn a_frontier_names_members_that_existed_at_the_named_head() {
    let space = space();
    let seen = |frontier: Vec<(u16, Counter)>| Header {
        frontier,
        ..space.header(&key(2))
    };
    let all = (0..4).map(|index| (index, Counter(3))).collect();
    assert_eq!(space.chain.check_change(&seen(all)), Ok(()));
    let unknown = space.chain.check_change(&seen(vec![(4, Counter(1))]));
    assert_eq!(unknown, Err(ChangeRefusal::UnknownFrontier));

    // Member number 3 joined by statement 6: the verdict on a change that names statement 5 must
    // not depend on how much of the chain the reader has.
    let early = Header {
        chain_head: space.hash(5),
        epoch: Epoch(0),
        ..seen(vec![(3, Counter(1))])
    };
    assert_eq!(
        space.chain.check_change(&early),
        Err(ChangeRefusal::UnknownFrontier)
    );
    let known = Header {
        chain_head: space.hash(6),
        ..early
    };
    assert_eq!(space.chain.check_change(&known), Ok(()));
}

fn malformed(header: Header) -> WireError {
    match SealedChange::parse(change(&key(2), header).bytes()) {
        Err(ChangeError::Malformed(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn counters_begin_at_one_and_only_the_first_has_none_before() {
    let header = space().header(&key(2));
    let zero = Header {
        counter: Counter(0),
        ..header.clone()
    };
    assert_eq!(malformed(zero), WireError::BadValue("counter"));
    let first = Header {
        previous_own: SealedHash::new([1; 32]),
        ..header.clone()
    };
    assert_eq!(malformed(first), WireError::BadValue("previous_own"));
    let second = Header {
        counter: Counter(2),
        ..header
    };
    assert_eq!(malformed(second), WireError::BadValue("previous_own"));
}

#[test]
fn a_frontier_ascends() {
    for frontier in [[(2, 1), (1, 1)], [(1, 1), (1, 1)], [(1, 1), (1, 2)]] {
        let frontier = frontier
            .map(|(index, counter)| (index, Counter(counter)))
            .to_vec();
        let header = Header {
            frontier,
            ..space().header(&key(2))
        };
        assert_eq!(malformed(header), WireError::BadValue("frontier"));
    }
}

#[test]
fn a_change_of_more_than_a_mebibyte_is_refused() {
    let header = space().header(&key(2));
    let around = SealedChange::sign(&key(2), header.clone(), filler(0))
        .bytes()
        .len();
    let largest = SealedChange::sign(&key(2), header.clone(), filler(MAX_CHANGE - around));
    assert!(SealedChange::parse(largest.bytes()).is_ok());
    let larger = SealedChange::sign(&key(2), header, filler(MAX_CHANGE - around + 1));
    let refused = SealedChange::parse(larger.bytes());
    assert_eq!(
        refused,
        Err(ChangeError::Malformed(WireError::TooLarge(MAX_CHANGE)))
    );
}

#[test]
fn a_later_versions_fields_are_kept_and_signed() {
    let header = space().header(&key(2));
    let old = change(&key(2), header.clone());
    let at = header.encode().len();
    let mut bytes = old.bytes().to_vec();
    bytes.splice(at - 2..at, *b"\x00\x03new");
    let newer = SealedChange::parse(&resign(&key(2), b"kap/change/1", &bytes)).unwrap();
    assert_eq!(newer.verify_signature(), Ok(()));
    assert_eq!(newer.header(), &header);
    assert!(
        newer.header_bytes().ends_with(b"\x00\x03new"),
        "they are associated data"
    );
    assert_eq!(newer.ciphertext(), old.ciphertext());
    assert_ne!(newer.hash(), old.hash());
    // Without its author's consent nobody adds any.
    let forged = SealedChange::parse(&bytes).unwrap();
    assert_eq!(forged.verify_signature(), Err(ChangeError::BadSignature));
}
