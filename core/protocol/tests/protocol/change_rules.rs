//! One test for each reason to refuse a change, whatever its ciphertext.

mod drops;
mod histories;

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::{
    ChangeError, Header, MAX_CHANGE, MIN_CIPHERTEXT, SealedChange, Seen,
};
use companion_protocol::id::{ChangeId, ContentHash, Counter, HistoryHash, SpaceId, StatementHash};
use companion_protocol::statement::{Leave, Role, StatementBody};
use companion_protocol::wire::WireError;
use ed25519_dalek::SigningKey;

use crate::fixtures::{SMALLEST, Space, answer, change, end, filler, id, key, resign_change};

/// By rank: the clinic 1; the phone 2, let in by statement 4; the reader 3, by 8; the writer 4, by 12. The
/// phone enrolled its words 5 by statement 13. The writer was removed by 14 after its change number 5.
fn space() -> Space {
    let mut space = Space::founded_by(&key(1), Role::Host);
    space.admit(&key(1), &key(2), Role::Device);
    space.admit(&key(1), &key(3), Role::Reader);
    space.admit(&key(1), &key(4), Role::Writer);
    space.enrol(&key(2), &key(5), Role::Words);
    space.remove(&key(1), &key(4), 5);
    space
}

fn verdict(space: &Space, header: &Header) -> Result<(), ChangeRefusal> {
    space.chain.check_change(header)
}

fn seen(index: u16) -> Seen {
    Seen {
        index,
        counter: Counter(3),
        hash: HistoryHash::new([3; 32]),
    }
}

#[test]
fn members_that_may_write_are_let_through() {
    let space = space();
    for author in [key(1), key(2)] {
        assert_eq!(verdict(&space, &space.header(&author)), Ok(()));
    }
}

#[test]
fn a_change_of_another_space_is_refused() {
    let space = space();
    let header = Header {
        space: SpaceId::new([9; 32]),
        ..space.header(&key(2))
    };
    assert_eq!(verdict(&space, &header), Err(ChangeRefusal::OtherSpace));
}

#[test]
fn a_head_outside_the_chain_is_refused() {
    let space = space();
    for chain_head in [StatementHash::ZERO, StatementHash::new([9; 32])] {
        let header = Header {
            chain_head,
            ..space.header(&key(2))
        };
        assert_eq!(verdict(&space, &header), Err(ChangeRefusal::UnknownHead));
    }
}

#[test]
fn the_epoch_is_that_of_the_named_head() {
    let space = space();
    for (sequence, epoch) in [(14, 4), (14, 6), (13, 5)] {
        let header = space.header_at(&key(2), sequence, epoch, 1);
        assert_eq!(verdict(&space, &header), Err(ChangeRefusal::WrongEpoch));
    }
    // An older head with its own epoch fits the chain; whether it comes too late is asked elsewhere.
    let older = space.header_at(&key(2), 13, 4, 1);
    assert_eq!(verdict(&space, &older), Ok(()));
}

#[test]
fn readers_words_and_strangers_write_nothing() {
    let space = space();
    for author in [key(3), key(5), key(6)] {
        let refusal = verdict(&space, &space.header(&author));
        assert_eq!(refusal, Err(ChangeRefusal::NotAWriter));
    }
}

#[test]
fn nobody_writes_while_it_waits_nor_before_it_was_let_in() {
    let mut space = space();
    // The phone's join is statement 2, the answer to it 3, its admission 4.
    for sequence in [1, 2, 3] {
        let early = space.header_at(&key(2), sequence, 0, 1);
        assert_eq!(verdict(&space, &early), Err(ChangeRefusal::NotAWriter));
    }
    let admitted = space.header_at(&key(2), 4, 1, 1);
    assert_eq!(verdict(&space, &admitted), Ok(()));

    space.wait(&key(1), &key(7), Role::Writer);
    space.say(&key(1), answer(id(&key(7)))).unwrap();
    let waiting = space.header(&key(7));
    assert_eq!(verdict(&space, &waiting), Err(ChangeRefusal::NotAWriter));
}

#[test]
fn a_removed_member_can_not_backdate() {
    let space = space();
    let before = |counter| space.header_at(&key(4), 13, 4, counter);
    assert_eq!(verdict(&space, &before(5)), Ok(()));
    assert_eq!(
        verdict(&space, &before(6)),
        Err(ChangeRefusal::AfterRemoval)
    );
    let after = space.header(&key(4));
    assert_eq!(verdict(&space, &after), Err(ChangeRefusal::AfterRemoval));
    for another in [
        Header {
            id: ChangeId::new([8; 16]),
            ..before(5)
        },
        Header {
            content: ContentHash::new([8; 32]),
            ..before(5)
        },
        Header {
            previous_own: HistoryHash::new([8; 32]),
            ..before(5)
        },
    ] {
        assert_eq!(
            verdict(&space, &another),
            Err(ChangeRefusal::AfterRemoval),
            "another change under the count of the last one"
        );
    }
    // The same one, sealed when its author knew less.
    let sealed_before = space.header_at(&key(4), 12, 3, 5);
    assert_eq!(verdict(&space, &sealed_before), Ok(()));
    assert_eq!(verdict(&space, &before(4)), Ok(()));
}

#[test]
fn whoever_left_wrote_its_last_change_before() {
    let mut space = space();
    let last = space.last_of(&key(2), 5);
    let leave = StatementBody::Leave(Leave { last });
    space.say(&key(2), leave).unwrap();
    let before = space.header_at(&key(2), 14, 5, 5);
    assert_eq!(verdict(&space, &before), Ok(()));
    for header in [space.header(&key(2)), space.header_at(&key(2), 14, 5, 6)] {
        assert_eq!(verdict(&space, &header), Err(ChangeRefusal::AfterRemoval));
    }
}

#[test]
fn nothing_is_written_after_the_end_and_what_was_before_stays() {
    let mut space = space();
    space.say(&key(2), end()).unwrap();
    for author in [key(1), key(2)] {
        let before = space.header_at(&author, 14, 5, 5);
        assert_eq!(verdict(&space, &before), Ok(()));
        assert_eq!(
            verdict(&space, &space.header(&author)),
            Err(ChangeRefusal::AfterEnd)
        );
    }
}

#[test]
fn a_frontier_names_others_that_existed_at_the_named_head() {
    let space = space();
    let with = |frontier: Vec<Seen>| Header {
        frontier,
        ..space.header(&key(2))
    };
    let all = [0, 2, 3, 4].map(seen).to_vec();
    assert_eq!(verdict(&space, &with(all)), Ok(()));
    for index in [1, 5, u16::MAX] {
        let refused = verdict(&space, &with(vec![seen(index)]));
        assert_eq!(refused, Err(ChangeRefusal::UnknownFrontier), "{index}");
    }
    // Member number 3 was let in by statement 12: the verdict on a change that names an earlier one must
    // not depend on how much of the chain the reader has.
    let at = |sequence, epoch| Header {
        frontier: vec![seen(3)],
        ..space.header_at(&key(2), sequence, epoch, 1)
    };
    assert_eq!(
        verdict(&space, &at(11, 2)),
        Err(ChangeRefusal::UnknownFrontier)
    );
    assert_eq!(verdict(&space, &at(12, 3)), Ok(()));
}

fn malformed(author: &SigningKey, header: Header) -> WireError {
    match SealedChange::parse(change(author, header).bytes()) {
        Err(ChangeError::Malformed(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn counters_begin_at_one_and_only_the_first_has_none_before() {
    let header = space().header(&key(2));
    for counter in [0, 1 << 63, u64::MAX] {
        let counted = Header {
            counter: Counter(counter),
            ..header.clone()
        };
        assert_eq!(malformed(&key(2), counted), WireError::BadValue("counter"));
    }
    let first = Header {
        previous_own: HistoryHash::new([1; 32]),
        ..header.clone()
    };
    assert_eq!(
        malformed(&key(2), first),
        WireError::BadValue("previous_own")
    );
    let second = Header {
        counter: Counter(2),
        ..header
    };
    assert_eq!(
        malformed(&key(2), second),
        WireError::BadValue("previous_own")
    );
}

#[test]
fn a_frontier_ascends_and_counts_from_one() {
    for indexes in [[2, 1], [1, 1]] {
        let header = Header {
            frontier: indexes.map(seen).to_vec(),
            ..space().header(&key(2))
        };
        assert_eq!(malformed(&key(2), header), WireError::BadValue("frontier"));
    }
    let nothing = Seen {
        counter: Counter(0),
        ..seen(0)
    };
    let header = Header {
        frontier: vec![nothing],
        ..space().header(&key(2))
    };
    assert_eq!(malformed(&key(2), header), WireError::BadValue("counter"));
}

#[test]
fn a_change_of_more_than_a_mebibyte_is_refused() {
    let header = space().header(&key(2));
    let around = change(&key(2), header.clone()).bytes().len() - SMALLEST;
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
fn a_ciphertext_is_never_shorter_than_the_floor_of_its_padding() {
    let header = space().header(&key(2));
    for length in [0, MIN_CIPHERTEXT - 1] {
        let short = SealedChange::sign(&key(2), header.clone(), filler(length));
        assert_eq!(
            SealedChange::parse(short.bytes()),
            Err(ChangeError::Malformed(WireError::BadValue("ciphertext")))
        );
    }
}

#[test]
fn a_later_versions_fields_are_kept_and_signed() {
    let header = space().header(&key(2));
    let old = change(&key(2), header.clone());
    let at = header.encode().len();
    let mut bytes = old.bytes().to_vec();
    bytes.splice(at - 2..at, *b"\x00\x03new");
    let newer = SealedChange::parse(&resign_change(&key(2), &bytes)).unwrap();
    assert_eq!(newer.verify_signature(), Ok(()));
    assert_eq!(newer.header(), &header);
    assert!(
        newer.header_bytes().ends_with(b"\x00\x03new"),
        "they are associated data"
    );
    assert_eq!(newer.sealed(), old.sealed());
    assert_ne!(newer.hash(), old.hash());
    assert_eq!(newer.bare().header_bytes(), newer.header_bytes());
    // Without its author's consent nobody adds any.
    let forged = SealedChange::parse(&bytes).unwrap();
    assert_eq!(forged.verify_signature(), Err(ChangeError::BadSignature));
}
