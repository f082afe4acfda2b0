//! Well-formed and genuinely signed, and still not allowed.

use companion_protocol::chain::authority::Rule;
use companion_protocol::chain::{Chain, ChainError, ChangeRefusal};
use companion_protocol::change::{DroppedBody, Header, SealedChange, Seen};
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, HistoryHash, SpaceId, StatementHash,
};
use companion_protocol::statement::{
    ChainPosition, PreviousKey, Role, Rotate, Statement, StatementBody,
};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::build::STATEMENT_NAMES;
use super::describe::hex;
use crate::fixtures::{
    NOW, SMALLEST, Space, TOMORROW, Turn, answer, create, filler, id, invite, join, key, last,
    leave, sealed_key, wrapped,
};

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
}

/// At least one for each rule of `WIRE.md` §3.7.
fn authority(cases: &mut Cases<'_>) {
    let (clinic, phone, words, tablet, stranger) = (key(1), key(2), key(3), key(4), key(5));
    let (newcomer, all) = (key(6), Turn::default());
    let enrol = |role| [(&newcomer, role)];
    let (as_words, as_device, as_host) =
        (enrol(Role::Words), enrol(Role::Device), enrol(Role::Host));
    cases.says("an invite by nobody known", 1, &stranger, |_| {
        invite(&key(12), Role::Reader)
    });
    cases.turns("a rotation by one who waits", 3, &phone, all);
    cases.says("an answer by one who waits", 3, &phone, |_| {
        answer(id(&phone))
    });
    cases.turns("a rotation by a removed member", 13, &phone, all);
    let lowers = |who, last| (who, after(cases.space, 13).last_of(who, last));
    let (of_tablet, of_phone) = ([lowers(&tablet, 2)], [lowers(&phone, 4)]);
    let lower = |removed| Turn {
        removed,
        ..Turn::default()
    };
    cases.turns(
        "a last change of one who left that is not earlier",
        14,
        &words,
        lower(&of_tablet),
    );
    cases.turns(
        "an earlier last change of one whom words removed, by a host",
        13,
        &clinic,
        lower(&of_phone),
    );
    cases.says("a leave of a removed member", 13, &phone, |_| leave(5));
    cases.says("a leave of one who was turned away", 13, &stranger, |_| {
        leave(0)
    });
    cases.says("an invite for words", 1, &clinic, |_| {
        invite(&key(12), Role::Words)
    });
    cases.says("an invite for a host by a device", 6, &phone, |_| {
        invite(&key(12), Role::Host)
    });
    cases.says("an invite by words", 6, &words, |_| {
        invite(&key(12), Role::Reader)
    });
    cases.says("an answer to a member", 6, &clinic, |_| answer(id(&phone)));
    let (one, two) = ([&phone], [&newcomer]);
    cases.turns(
        "an admission of nobody who waits",
        6,
        &clinic,
        Turn {
            admitted: &two,
            ..all
        },
    );
    cases.turns(
        "a newcomer both let in and turned away",
        4,
        &clinic,
        Turn {
            refused: &one,
            admitted: &one,
            ..all
        },
    );
    cases.turns(
        "an admission without an answer",
        3,
        &clinic,
        Turn {
            admitted: &one,
            ..all
        },
    );
    cases.says("an answer by another than who invited", 8, &clinic, |_| {
        answer(id(&tablet))
    });
    cases.says("a second answer", 9, &phone, |_| answer(id(&tablet)));
    let of_the_phone = [&stranger];
    cases.turns(
        "a newcomer of the first device turned away by the second",
        12,
        &tablet,
        Turn {
            refused: &of_the_phone,
            ..all
        },
    );
    let three = [&tablet];
    cases.turns(
        "an admission by another than who invited and answered",
        9,
        &clinic,
        Turn {
            removed: &[(&phone, last(1))],
            admitted: &three,
            ..all
        },
    );
    cases.turns(
        "words enrolled by a host",
        5,
        &clinic,
        Turn {
            enrolled: &as_words,
            ..all
        },
    );
    cases.turns(
        "a device enrolled by a device",
        5,
        &phone,
        Turn {
            enrolled: &as_device,
            ..all
        },
    );
    cases.turns(
        "a host enrolled by a device",
        5,
        &phone,
        Turn {
            enrolled: &as_host,
            ..all
        },
    );
    cases.turns(
        "words enrolled by a second device",
        10,
        &tablet,
        Turn {
            enrolled: &as_words,
            ..all
        },
    );
    let removes = |who| [(who, last(1))];
    let later = [(&phone, last(6))];
    let (of_phone, of_words, of_clinic) = (removes(&phone), removes(&words), removes(&clinic));
    cases.turns(
        "a second removal",
        13,
        &words,
        Turn {
            removed: &later,
            ..all
        },
    );
    cases.turns(
        "words that remove themselves",
        10,
        &words,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "a host removed by a device",
        10,
        &phone,
        Turn {
            removed: &of_clinic,
            ..all
        },
    );
    cases.turns(
        "a host removed by words",
        10,
        &words,
        Turn {
            removed: &of_clinic,
            ..all
        },
    );
    cases.turns(
        "words removed by a host",
        10,
        &clinic,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "words removed by a second device",
        10,
        &tablet,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "the first device removed by the second",
        10,
        &tablet,
        Turn {
            removed: &of_phone,
            ..all
        },
    );
    cases.says("the last admin's leave", 1, &clinic, |_| leave(0));
    beside_the_patients(cases);
}

/// The clinic invites and answers a newcomer, and would let it in beside the phone.
fn beside_the_patients(cases: &mut Cases<'_>) {
    let (clinic, newcomer) = (key(1), key(6));
    let mut before = after(cases.space, 6);
    before.wait(&clinic, &newcomer, Role::Device);
    before.say(&clinic, answer(id(&newcomer))).unwrap();
    let rotate = before.rotation(Turn {
        admitted: &[&newcomer],
        ..Turn::default()
    });
    let statement = Statement::sign(&clinic, before.next(), NOW, StatementBody::Rotate(rotate));
    cases.refuse_after("a device beside the patient's", 6, before, &statement);
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

fn rotations(cases: &mut Cases<'_>) {
    let (clinic, phone, words, stranger) = (key(1), key(2), key(3), key(5));
    let all = Turn::default();
    let mut turns = |name: &str, onto, who: &SigningKey, turn, change: fn(&mut Rotate)| {
        cases.says(name, onto, who, |before| {
            let mut rotate = before.rotation(turn);
            change(&mut rotate);
            StatementBody::Rotate(rotate)
        });
    };
    turns(
        "a rotation that skips an epoch",
        13,
        &clinic,
        all,
        |rotate| rotate.epoch.0 += 1,
    );
    turns(
        "a rotation to the present epoch",
        13,
        &clinic,
        all,
        |rotate| rotate.epoch.0 -= 1,
    );
    turns(
        "a previous key of the new epoch",
        13,
        &clinic,
        all,
        |rotate| {
            rotate.previous_keys = vec![PreviousKey {
                epoch: rotate.epoch,
                sealed: sealed_key(1),
            }];
        },
    );
    turns(
        "a rotation without recipients",
        13,
        &clinic,
        all,
        |rotate| rotate.wrapped.clear(),
    );
    turns("a rotation to one less", 13, &clinic, all, |rotate| {
        rotate.wrapped.pop();
    });
    let removed = [(&phone, last(1))];
    let turn = Turn {
        removed: &removed,
        ..all
    };
    turns("a rotation to the removed", 10, &words, turn, |rotate| {
        let gone = rotate.removals[0].member;
        rotate.wrapped.push((gone, wrapped(1)));
        rotate.wrapped.sort();
    });
    turns("a rotation to one who waits", 12, &words, all, |rotate| {
        rotate.wrapped.push((id(&key(5)), wrapped(1)));
        rotate.wrapped.sort();
    });
    let (of_phone, of_stranger) = ([(&phone, Role::Host)], [(&stranger, Role::Host)]);
    turns(
        "an enrolment of a removed member",
        13,
        &clinic,
        Turn {
            enrolled: &of_phone,
            ..all
        },
        |_| (),
    );
    turns(
        "an enrolment of one who was turned away",
        13,
        &clinic,
        Turn {
            enrolled: &of_stranger,
            ..all
        },
        |_| (),
    );
    let newcomer = key(6);
    let enrolled = [(&newcomer, Role::Device)];
    let turn = Turn {
        enrolled: &enrolled,
        ..all
    };
    turns(
        "an enrolment for another role than was signed",
        10,
        &words,
        turn,
        |rotate| {
            rotate.enrolled[0].role = Role::Words;
        },
    );
    turns(
        "an enrolment that the newcomer did not sign",
        10,
        &words,
        turn,
        |rotate| {
            rotate.enrolled[0].proof = [0; 64];
        },
    );
    let earlier = after(cases.space, 9).rotation(turn).enrolled;
    cases.says(
        "an enrolment that was signed for an earlier place",
        10,
        &words,
        |before| {
            StatementBody::Rotate(Rotate {
                enrolled: earlier,
                ..before.rotation(turn)
            })
        },
    );
}

/// Changes that do not fit the whole chain. `fits` where one just does.
pub(super) fn changes(space: &Space) -> Value {
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
