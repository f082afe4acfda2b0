//! Well-formed and genuinely signed, and still not allowed.

mod authority;
mod changes;
mod rotations;

use companion_protocol::chain::authority::Rule;
use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::{ChainPosition, Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

pub(super) use self::changes::changes;
use self::{authority::authority, rotations::rotations};
use super::build::STATEMENT_NAMES;
use super::describe::hex;
use crate::fixtures::{NOW, Space, TOMORROW, Turn, create, end, id, invite, join, key, leave};

/// The space after the first statements of the chain.
fn after(space: &Space, onto: usize) -> Space {
    let statements = space.statements[..onto].to_vec();
    Space {
        chain: Chain::from_statements(&statements).unwrap(),
        statements,
    }
}

struct Cases<'a> {
    space: &'a Space,
    all: Vec<Value>,
}

impl Cases<'_> {
    /// Something that is refused after the first `onto` statements.
    fn says(
        &mut self,
        name: &str,
        onto: usize,
        who: &SigningKey,
        body: impl FnOnce(&Space) -> StatementBody,
    ) {
        let before = after(self.space, onto);
        let body = body(&before);
        let statement = Statement::sign(who, before.next(), NOW, body);
        self.refuse(name, onto, &statement);
    }

    fn turns(&mut self, name: &str, onto: usize, who: &SigningKey, turn: Turn<'_>) {
        self.says(name, onto, who, |before| {
            StatementBody::Rotate(before.rotation(turn))
        });
    }

    fn refuse(&mut self, name: &str, onto: usize, statement: &Statement) {
        self.refuse_after(name, onto, after(self.space, onto), statement);
    }

    /// The same where more was said behind the first `onto` statements: that goes with the case.
    fn refuse_after(&mut self, name: &str, onto: usize, mut before: Space, statement: &Statement) {
        let error = before.chain.extend(statement).expect_err(name);
        let also = before.statements[onto..].iter();
        let also: Vec<String> = also.map(|said| hex(said.bytes())).collect();
        let mut case = json!({
            "name": name,
            "onto": onto,
            "bytes": hex(statement.bytes()),
            "refusal": error.name(),
        });
        if !also.is_empty() {
            case["also"] = json!(also);
        }
        if let ChainError::NotAllowed(rule) = error {
            case["rule"] = json!(format!("{rule:?}"));
        }
        self.all.push(case);
    }
}

/// Not allowed after the first `onto` statements.
pub(super) fn statements(space: &Space) -> Value {
    let mut cases = Cases {
        space,
        all: Vec::new(),
    };
    places(&mut cases);
    authority(&mut cases);
    invites(&mut cases);
    rotations(&mut cases);
    let rules: Vec<&str> = cases
        .all
        .iter()
        .filter_map(|case| case["rule"].as_str())
        .collect();
    for rule in Rule::ALL {
        assert!(rules.contains(&format!("{rule:?}").as_str()), "{rule:?}");
    }
    cases.all.into()
}

fn places(cases: &mut Cases<'_>) {
    let clinic = key(1);
    cases.says("a second founding", 1, &clinic, |_| {
        create(2, &clinic, Role::Host)
    });
    let onto = STATEMENT_NAMES.len();
    let next = cases.space.next();
    let positions = [
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
                previous: cases.space.hash(5),
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
    for (name, position) in positions {
        let statement = Statement::sign(&clinic, position, NOW, invite(&key(12), Role::Reader));
        cases.refuse(name, onto, &statement);
    }
    let new_phone = key(7);
    cases.says("an invite after the end", onto, &new_phone, |_| {
        invite(&key(12), Role::Reader)
    });
    cases.says("a second end", onto, &new_phone, |_| end());
    cases.says("a leave after the end", onto, &new_phone, |_| leave(0));
}

fn invites(cases: &mut Cases<'_>) {
    let (clinic, phone, stranger, newcomer) = (key(1), key(2), key(5), key(6));
    let (door, third) = (key(9), key(11));
    let wrong_space = |_: &Space| join(SpaceId::ZERO, &phone, &door);
    cases.says("an invite that is open already", 2, &clinic, |_| {
        invite(&door, Role::Device)
    });
    cases.says("an invite by which somebody came", 3, &clinic, |_| {
        invite(&door, Role::Device)
    });
    let mut before = after(cases.space, 2);
    before.turn(&clinic, Turn::default()).unwrap();
    let again = Statement::sign(&clinic, before.next(), NOW, invite(&door, Role::Device));
    let name = "an invite that a rotation closed, opened again";
    cases.refuse_after(name, 2, before, &again);
    cases.says("a join without an invite", 1, &phone, |before| {
        join(before.id(), &phone, &door)
    });
    cases.says("a join by a used invite", 3, &stranger, |before| {
        join(before.id(), &stranger, &door)
    });
    cases.says(
        "a join by an invite that a rotation closed",
        13,
        &newcomer,
        |before| join(before.id(), &newcomer, &third),
    );
    cases.says("a join signed for another space", 2, &phone, wrong_space);
    cases.says(
        "a join signed for another newcomer",
        2,
        &stranger,
        |before| {
            let mut body = join(before.id(), &phone, &door);
            if let StatementBody::Join(join) = &mut body {
                join.signing_key = id(&stranger);
            }
            body
        },
    );
    cases.says("a member's join", 7, &phone, |before| {
        join(before.id(), &phone, &key(10))
    });
    let before = after(cases.space, 2);
    let through = join(before.id(), &phone, &door);
    let late = Statement::sign(&phone, before.next(), TOMORROW + 1, through);
    cases.refuse("a join after the invite's end", 2, &late);
}
