//! Well-formed and genuinely signed, and still not allowed.

use companion_protocol::chain::Chain;
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, Epoch, SealedHash, SpaceId, StatementHash};
use companion_protocol::statement::{ChainPosition, Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::describe::{chain_error, change_refusal, hex};
use crate::fixtures::{NOW, Space, TOMORROW, create, filler, id, invite, join, key, rotate};

/// Not allowed after the first `onto` statements.
pub(super) fn statements(space: &Space) -> Value {
    let (clinic, phone, tablet, stranger) = (key(1), key(2), key(3), key(4));
    let (invited, second) = (key(9), key(10));
    let mut stay = [id(&clinic), id(&tablet)];
    stay.sort();
    let cases: Vec<(&str, usize, &SigningKey, StatementBody)> = vec![
        ("a second founding", 1, &clinic, create(2)),
        (
            "an invite by a writer",
            3,
            &phone,
            invite(&second, Role::Writer, 0),
        ),
        (
            "an invite by nobody known",
            1,
            &stranger,
            invite(&second, Role::Writer, 0),
        ),
        (
            "a rotation by a removed member",
            7,
            &phone,
            rotate(3, &[], &stay),
        ),
        (
            "an invite that is open already",
            2,
            &clinic,
            invite(&invited, Role::Writer, 0),
        ),
        (
            "an invite of an older epoch",
            4,
            &clinic,
            invite(&second, Role::Writer, 0),
        ),
        (
            "a join without an invite",
            1,
            &phone,
            join(space.id(), &phone, &invited),
        ),
        (
            "a join by a used invite",
            3,
            &stranger,
            join(space.id(), &stranger, &invited),
        ),
        (
            "a join signed for another space",
            2,
            &phone,
            join(SpaceId::ZERO, &phone, &invited),
        ),
        (
            "a join for another newcomer",
            2,
            &stranger,
            join(space.id(), &phone, &invited),
        ),
        (
            "a removed member's join",
            5,
            &phone,
            join(space.id(), &phone, &second),
        ),
        (
            "a rotation that skips an epoch",
            7,
            &clinic,
            rotate(4, &[], &stay),
        ),
        (
            "a rotation without recipients",
            7,
            &clinic,
            rotate(3, &[], &[]),
        ),
        (
            "a rotation to the removed",
            7,
            &clinic,
            rotate(3, &[(stay[0], 1)], &stay),
        ),
        (
            "recipients out of order",
            7,
            &clinic,
            rotate(3, &[], &[stay[1], stay[0]]),
        ),
        (
            "a second removal",
            7,
            &clinic,
            rotate(3, &[(id(&phone), 9)], &stay),
        ),
        (
            "a removal of the last admin",
            1,
            &clinic,
            rotate(1, &[(id(&clinic), 0)], &[]),
        ),
    ];
    let mut all: Vec<Value> = cases
        .into_iter()
        .map(|(name, onto, who, body)| {
            let position = ChainPosition {
                space: space.id(),
                sequence: onto as u64,
                previous: space.hash(onto - 1),
            };
            refused_statement(
                space,
                name,
                onto,
                &Statement::sign(who, position, NOW, body),
            )
        })
        .collect();
    let next = space.next();
    let misplaced = [
        (
            "another space",
            ChainPosition {
                space: SpaceId::new([7; 32]),
                ..next
            },
        ),
        (
            "an older head",
            ChainPosition {
                previous: space.hash(5),
                ..next
            },
        ),
        (
            "a skipped sequence",
            ChainPosition {
                sequence: next.sequence + 1,
                ..next
            },
        ),
    ];
    for (name, position) in misplaced {
        let statement = Statement::sign(&key(1), position, NOW, invite(&key(11), Role::Reader, 2));
        all.push(refused_statement(
            space,
            name,
            space.statements.len(),
            &statement,
        ));
    }
    let position = ChainPosition {
        space: space.id(),
        sequence: 2,
        previous: space.hash(1),
    };
    let through = join(space.id(), &phone, &invited);
    let late = Statement::sign(&phone, position, TOMORROW + 1, through);
    all.push(refused_statement(
        space,
        "a join after the invite's end",
        2,
        &late,
    ));
    all.into()
}

fn refused_statement(space: &Space, name: &str, onto: usize, statement: &Statement) -> Value {
    let mut chain = Chain::from_statements(&space.statements[..onto]).unwrap();
    let error = chain.extend(statement).unwrap_err();
    json!({
        "name": name,
        "onto": onto,
        "bytes": hex(statement.bytes()),
        "refusal": chain_error(error),
    })
}

/// Changes that do not fit the whole chain. `fits` where one just does.
pub(super) fn changes(space: &Space) -> Value {
    let (clinic, phone, stranger) = (key(1), key(2), key(4));
    let of = |who: &SigningKey, sequence: usize, epoch: u32, counter: u64| Header {
        chain_head: space.hash(sequence),
        epoch: Epoch(epoch),
        counter: Counter(counter),
        previous_own: if counter == 1 {
            SealedHash::ZERO
        } else {
            SealedHash::new([1; 32])
        },
        ..space.header(who)
    };
    let seen = |index, header| Header {
        frontier: vec![(index, Counter(1))],
        ..header
    };
    let cases = [
        (
            "another space",
            &clinic,
            Header {
                space: SpaceId::new([7; 32]),
                ..of(&clinic, 6, 2, 1)
            },
        ),
        (
            "an unknown head",
            &clinic,
            Header {
                chain_head: StatementHash::new([7; 32]),
                ..of(&clinic, 6, 2, 1)
            },
        ),
        ("an epoch of another head", &clinic, of(&clinic, 6, 1, 1)),
        (
            "an older head with its epoch",
            &clinic,
            of(&clinic, 4, 1, 1),
        ),
        ("a stranger", &stranger, of(&stranger, 6, 2, 1)),
        ("before joining", &phone, of(&phone, 1, 0, 1)),
        ("the head that is its joining", &phone, of(&phone, 2, 0, 1)),
        ("the last that counts", &phone, of(&phone, 5, 1, 5)),
        ("one too many", &phone, of(&phone, 5, 1, 6)),
        ("after the removal", &phone, of(&phone, 6, 2, 5)),
        (
            "a frontier with nobody",
            &clinic,
            seen(3, of(&clinic, 6, 2, 1)),
        ),
        (
            "a frontier with somebody who came later",
            &clinic,
            seen(2, of(&clinic, 4, 1, 1)),
        ),
        (
            "a frontier with somebody who just came",
            &clinic,
            seen(2, of(&clinic, 5, 1, 1)),
        ),
    ];
    cases
        .into_iter()
        .map(|(name, who, header)| {
            let verdict = space
                .chain
                .check_change(&header)
                .map_or_else(change_refusal, |()| "fits");
            let change = SealedChange::sign(who, header, filler(16));
            json!({"name": name, "bytes": hex(change.bytes()), "refusal": verdict})
        })
        .collect()
}
