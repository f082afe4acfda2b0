//! Objects that no reader takes, each signed by its author as it stands; and objects of a later version,
//! which a reader does take.

use companion_protocol::api::{ChainRun, PullPage};
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, Epoch, HistoryHash, Incarnation, LogNumber};
use companion_protocol::statement::{
    ChainPosition, LastChange, PreviousKey, Role, Rotate, Statement, StatementBody,
};
use serde_json::{Value, json};

use super::describe::hex;
use super::flips::verdict;
use super::layout::{self, Layout};
use crate::fixtures::{
    NOW, Space, Turn, change, filler, grant, key, last, leave, resign, resign_change, sealed_key,
};

const CONTEXT: [(&str, &[u8]); 2] = [("statement", b"kap/statement/1"), ("grant", b"kap/grant/1")];

fn push(all: &mut Vec<Value>, name: &str, kind: &str, bytes: &[u8]) {
    let verdict = verdict(kind, bytes);
    assert_ne!(verdict, "well_formed", "{name}");
    assert!(
        verdict != "bad_signature",
        "{name}: only its signature is wrong"
    );
    all.push(json!({"name": name, "kind": kind, "bytes": hex(bytes), "verdict": verdict}));
}

/// Signed again by the clinic, whose objects all of these are.
fn signed(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let context = CONTEXT.iter().find(|(of, _)| *of == kind).unwrap().1;
    resign(&key(1), context, bytes)
}

/// The object with one byte changed.
fn with(bytes: &[u8], at: usize, byte: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] = byte;
    bytes
}

/// The statement with a value of another length, its body's length with it.
fn resized(bytes: &[u8], layout: &Layout, field: &str, by: isize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = layout.offset(&format!("{field} length"));
    let length = usize::from(u16::from_be_bytes(bytes[at..at + 2].try_into().unwrap()));
    let new = u16::try_from(length.checked_add_signed(by).unwrap()).unwrap();
    bytes[at..at + 2].copy_from_slice(&new.to_be_bytes());
    let end = at + 2 + length;
    if by < 0 {
        bytes.remove(end - 1);
    } else {
        bytes.insert(end, 0);
    }
    let at = layout.offset("body length");
    let body = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let body = body.checked_add_signed(i32::try_from(by).unwrap()).unwrap();
    bytes[at..at + 4].copy_from_slice(&body.to_be_bytes());
    bytes
}

fn of_clinic(body: StatementBody) -> Vec<u8> {
    Statement::sign(&key(1), ChainPosition::FIRST, NOW, body)
        .bytes()
        .to_vec()
}

pub(super) fn objects(space: &Space) -> Value {
    let mut all = Vec::new();
    statements(space, &mut all);
    rotations(&mut all);
    changes(space, &mut all);
    grants(&mut all);
    frames(&mut all);
    all.into()
}

fn statements(space: &Space, all: &mut Vec<Value>) {
    let create = space.statements[0].bytes();
    let layout = layout::create();
    for (name, field, byte) in [
        ("another kind of thing", "magic", b'X'),
        ("version 0", "version", 0),
        ("version 2", "version", 2),
        ("suite 0", "suite", 0),
        ("suite 2", "suite", 2),
        ("suite 255", "suite", 255),
        ("statement kind 0", "kind", 0),
        ("statement kind 8", "kind", 8),
        ("role 0", "role", 0),
        ("role 6", "role", 6),
        ("another signing key than the author's", "signing_key", 0xee),
    ] {
        let bytes = with(create, layout.offset(field), byte);
        push(all, name, "statement", &signed("statement", &bytes));
    }
    // The numbers of an X-Wing key, at its beginning: 3329 in the first place, then in the second.
    for (name, at, two) in [
        ("an X-Wing number of 3329", 0, [0x01, 0x0d]),
        ("another X-Wing number of 3329", 1, [0x10, 0xd0]),
    ] {
        let at = layout.offset("hpke_key") + at;
        let mut bytes = create.to_vec();
        bytes[at..at + 2].copy_from_slice(&two);
        push(all, name, "statement", &signed("statement", &bytes));
    }
    for (field, by) in [
        ("signing_key", -1),
        ("signing_key", 1),
        ("hpke_key", -1),
        ("wrapped", 1),
    ] {
        let bytes = resized(create, &layout, field, by);
        let name = format!("{field} of another length, {by:+}");
        push(all, &name, "statement", &signed("statement", &bytes));
    }
    let invite = space.statements[1].bytes();
    let bytes = resized(invite, &layout::invite(), "invite_key", 1);
    push(
        all,
        "invite_key of another length, +1",
        "statement",
        &signed("statement", &bytes),
    );
    for (name, length) in [
        ("a signature of 63 bytes", 63),
        ("a signature of 65 bytes", 65),
    ] {
        let mut bytes = with(create, layout.offset("signature length") + 1, length);
        bytes.resize(layout.offset("signature") + usize::from(length), 0);
        push(all, name, "statement", &bytes);
    }
    let mut longer = create.to_vec();
    longer.push(0);
    push(all, "a byte behind the end", "statement", &longer);
    push(all, "a byte less", "statement", &create[..create.len() - 1]);
    for (name, last) in [
        (
            "a last count without a hash",
            LastChange {
                counter: Counter(1),
                ..LastChange::NONE
            },
        ),
        (
            "a last hash without a count",
            LastChange {
                counter: Counter(0),
                ..last(1)
            },
        ),
        (
            "a last count of 2^63",
            LastChange {
                counter: Counter(1 << 63),
                ..last(1)
            },
        ),
    ] {
        let mut body = leave(0);
        if let StatementBody::Leave(leave) = &mut body {
            leave.last = last;
        }
        push(all, name, "statement", &of_clinic(body));
    }
}

type Disturb = fn(&mut Rotate);

/// Each list of a rotation in the wrong order, and with somebody twice.
fn rotations(all: &mut Vec<Value>) {
    let space = Space::founded_by(&key(1), Role::Host);
    let (one, two) = (key(2), key(3));
    let turn = space.rotation(Turn {
        removed: &[(&one, last(1)), (&two, last(1))],
        refused: &[&one, &two],
        admitted: &[],
        enrolled: &[(&one, Role::Host), (&two, Role::Host)],
    });
    let lists: [(&str, Disturb); 7] = [
        ("enrolled out of order", |rotate| rotate.enrolled.reverse()),
        ("removals out of order", |rotate| rotate.removals.reverse()),
        ("a removal twice", |rotate| {
            rotate.removals = vec![rotate.removals[0]; 2];
        }),
        ("refused out of order", |rotate| rotate.refused.reverse()),
        ("admitted out of order", |rotate| {
            rotate.admitted = rotate.refused.iter().rev().copied().collect();
        }),
        ("recipients twice", |rotate| {
            let again = rotate.wrapped[0].clone();
            rotate.wrapped.push(again);
        }),
        ("previous keys out of order", |rotate| {
            let key = |epoch| PreviousKey {
                epoch: Epoch(epoch),
                sealed: sealed_key(1),
            };
            rotate.previous_keys = vec![key(1), key(0)];
        }),
    ];
    for (name, disturb) in lists {
        let mut rotate = turn.clone();
        disturb(&mut rotate);
        push(
            all,
            name,
            "statement",
            &of_clinic(StatementBody::Rotate(rotate)),
        );
    }
}

fn changes(space: &Space, all: &mut Vec<Value>) {
    let clinic = key(1);
    let header = space.header(&clinic);
    let genuine = change(&clinic, header.clone());
    let layout = layout::change(0, 0, Some(1040));
    for (name, field, byte) in [
        ("a change of version 2", "version", 2),
        ("a change of suite 0", "suite", 0),
        ("a change of suite 2", "suite", 2),
        ("form 0", "form", 0),
        ("form 3", "form", 3),
    ] {
        push(
            all,
            name,
            "change",
            &with(genuine.bytes(), layout.offset(field), byte),
        );
    }
    let headers = [
        (
            "a change number 0",
            Header {
                counter: Counter(0),
                ..header.clone()
            },
        ),
        (
            "a change number 2^63",
            Header {
                counter: Counter(1 << 63),
                ..header.clone()
            },
        ),
        (
            "a first change with one before it",
            Header {
                previous_own: HistoryHash::new([1; 32]),
                ..header.clone()
            },
        ),
        (
            "a second change with none before it",
            Header {
                counter: Counter(2),
                ..header.clone()
            },
        ),
    ];
    for (name, header) in headers {
        push(all, name, "change", change(&clinic, header).bytes());
    }
    let short = SealedChange::sign(&clinic, header, filler(1039));
    push(all, "a ciphertext of 1,039 bytes", "change", short.bytes());
}

fn grants(all: &mut Vec<Value>) {
    let genuine = grant(&key(1), &key(2));
    let layout = layout::grant();
    for (name, field, byte) in [
        ("a grant of version 2", "version", 2),
        ("a grant of suite 2", "suite", 2),
        ("a grant for purpose 0", "purpose", 0),
        ("a grant for purpose 2", "purpose", 2),
    ] {
        let bytes = with(genuine.bytes(), layout.offset(field), byte);
        push(all, name, "grant", &signed("grant", &bytes));
    }
}

fn frames(all: &mut Vec<Value>) {
    push(
        all,
        "a run of nothing",
        "run",
        &ChainRun::default().encode(),
    );
    let run = ChainRun {
        statements: vec![Vec::new(); 65],
    };
    push(all, "a run of 65", "run", &run.encode());
    let numbered = |numbers: [u64; 2]| PullPage {
        incarnation: Incarnation::ZERO,
        head: LogNumber(9),
        changes: numbers.map(|number| (LogNumber(number), vec![1])).to_vec(),
    };
    for (name, numbers) in [
        ("a page that begins with 0", [0, 1]),
        ("a page with a number twice", [4, 4]),
        ("a page out of order", [4, 3]),
    ] {
        push(all, name, "pull", &numbered(numbers).encode());
    }
    let many = [&b"KP\x01"[..], &513u32.to_be_bytes()].concat();
    push(all, "a push of 513", "push", &many);
    for magic in ["KE", "KP", "KL", "KH"] {
        let kind = match magic {
            "KE" => "run",
            "KP" => "push",
            "KL" => "pull",
            _ => "chain",
        };
        let bytes = [magic.as_bytes(), &[2], &[0; 40]].concat();
        push(all, &format!("{magic} of version 2"), kind, &bytes);
    }
}

/// Extensions that this version does not understand, and takes.
pub(super) fn of_a_later_version(space: &Space) -> Value {
    let extended = |bytes: &[u8], at: usize, width: usize| {
        let mut bytes = bytes.to_vec();
        let mut field = vec![0; width - 1];
        field.extend(b"\x05later");
        bytes.splice(at..at + width, field);
        bytes
    };
    let create = space.statements[0].bytes();
    let at = layout::create().offset("extensions length");
    let statement = signed("statement", &extended(create, at, 4));
    let genuine = grant(&key(1), &key(2));
    let at = layout::grant().offset("extensions length");
    let grant = signed("grant", &extended(genuine.bytes(), at, 4));
    let genuine = change(&key(1), space.header(&key(1)));
    let at = layout::change(0, 0, Some(1040)).offset("extensions length");
    let change = resign_change(&key(1), &extended(genuine.bytes(), at, 2));
    let objects = [
        ("statement", statement),
        ("grant", grant),
        ("change", change),
    ];
    objects
        .into_iter()
        .map(|(kind, bytes)| {
            json!({
                "name": format!("a {kind} of a later version"),
                "kind": kind,
                "bytes": hex(&bytes),
                "verdict": verdict(kind, &bytes),
            })
        })
        .collect()
}
