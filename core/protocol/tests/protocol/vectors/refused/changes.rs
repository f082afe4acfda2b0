//! Changes that do not fit the chain.

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::{DroppedBody, Header, SealedChange, Seen};
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, HistoryHash, SpaceId, StatementHash,
};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use crate::fixtures::{SMALLEST, Space, filler, key};
use crate::vectors::describe::hex;

/// Changes that do not fit the whole chain. `fits` where one just does.
pub(in crate::vectors) fn changes(space: &Space) -> Value {
    let (clinic, phone, words, tablet, stranger) = (key(1), key(2), key(3), key(4), key(5));
    let of =
        |who: &SigningKey, sequence, epoch, counter| space.header_at(who, sequence, epoch, counter);
    let now = |who: &SigningKey| of(who, 14, 5, 9);
    let seen = |index, header| Header {
        frontier: vec![Seen {
            index,
            counter: Counter(1),
            hash: HistoryHash::new([1; 32]),
        }],
        ..header
    };
    let drops = |index, counter, header| Header {
        drops: vec![DroppedBody {
            index,
            counter: Counter(counter),
            hash: HistoryHash::new([1; 32]),
        }],
        ..header
    };
    let cases = [
        (
            "another space",
            &clinic,
            Header {
                space: SpaceId::new([7; 32]),
                ..now(&clinic)
            },
        ),
        (
            "an unknown head",
            &clinic,
            Header {
                chain_head: StatementHash::new([7; 32]),
                ..now(&clinic)
            },
        ),
        (
            "an epoch of another head",
            &clinic,
            Header {
                epoch: Epoch(3),
                ..now(&clinic)
            },
        ),
        (
            "an older head with its epoch",
            &clinic,
            of(&clinic, 11, 3, 1),
        ),
        ("the head before the end", &clinic, of(&clinic, 16, 7, 9)),
        ("the end as its head", &clinic, of(&clinic, 17, 7, 9)),
        ("a stranger", &stranger, now(&stranger)),
        ("words", &words, now(&words)),
        (
            "one who waits, at its own join",
            &phone,
            of(&phone, 2, 0, 1),
        ),
        (
            "one who waits, once it is answered",
            &phone,
            of(&phone, 3, 0, 1),
        ),
        (
            "the head that is its admission",
            &phone,
            of(&phone, 4, 1, 1),
        ),
        ("before the last that counts", &phone, of(&phone, 11, 3, 4)),
        ("the last that counts", &phone, of(&phone, 11, 3, 5)),
        (
            "the last that counts, sealed under an earlier epoch",
            &phone,
            of(&phone, 8, 2, 5),
        ),
        (
            "another id than that of the last that counts",
            &phone,
            Header {
                id: ChangeId::new([0x12; 16]),
                ..of(&phone, 11, 3, 5)
            },
        ),
        (
            "another content than that of the last that counts",
            &phone,
            Header {
                content: ContentHash::new([7; 32]),
                ..of(&phone, 11, 3, 5)
            },
        ),
        (
            "another history before the last that counts",
            &phone,
            Header {
                previous_own: HistoryHash::new([7; 32]),
                ..of(&phone, 11, 3, 5)
            },
        ),
        (
            "other drops than those of the last that counts",
            &phone,
            drops(1, 1, of(&phone, 11, 3, 5)),
        ),
        ("one too many", &phone, of(&phone, 11, 3, 6)),
        ("after the removal", &phone, of(&phone, 12, 4, 4)),
        ("before it left", &tablet, of(&tablet, 12, 4, 1)),
        ("after it left", &tablet, of(&tablet, 13, 4, 1)),
        (
            "what it named as its last, before somebody put that earlier",
            &tablet,
            of(&tablet, 12, 4, 2),
        ),
        ("a frontier with nobody", &clinic, seen(4, now(&clinic))),
        ("a frontier with the author", &clinic, seen(0, now(&clinic))),
        (
            "a frontier with somebody who came later",
            &clinic,
            seen(3, of(&clinic, 8, 2, 1)),
        ),
        (
            "a frontier with somebody who just came",
            &clinic,
            seen(3, of(&clinic, 9, 3, 1)),
        ),
        (
            "a frontier with words, who write nothing",
            &clinic,
            seen(2, now(&clinic)),
        ),
        ("a drop of its own", &clinic, drops(0, 8, now(&clinic))),
        ("a drop of itself", &clinic, drops(0, 9, now(&clinic))),
        (
            "a drop by the other side",
            &clinic,
            drops(1, 1, now(&clinic)),
        ),
        ("a drop of nobody's", &clinic, drops(9, 1, now(&clinic))),
        (
            "a drop by who was there before",
            &phone,
            drops(3, 1, of(&phone, 9, 3, 2)),
        ),
        (
            "a drop by who came later",
            &tablet,
            drops(1, 1, of(&tablet, 11, 3, 1)),
        ),
        (
            "a drop by the first of those who stayed",
            &tablet,
            drops(1, 1, of(&tablet, 12, 4, 1)),
        ),
    ];
    cases
        .into_iter()
        .map(|(name, who, header)| {
            let change = SealedChange::sign(who, header, filler(SMALLEST));
            let verdict = space
                .chain
                .check_change(change.header())
                .map_or_else(ChangeRefusal::name, |()| "fits");
            json!({"name": name, "bytes": hex(change.bytes()), "refusal": verdict})
        })
        .collect()
}
