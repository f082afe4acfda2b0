//! Makes the vectors from fixed seeds.

use companion_protocol::api::{ChainPage, ChainRun, PullPage, PushBatch};
use companion_protocol::chain::Chain;
use companion_protocol::change::{DroppedBody, Header, SealedChange, Seen};
use companion_protocol::grant::Grant;
use companion_protocol::id::{ChangeId, Counter, HistoryHash, Incarnation, LogNumber};
use companion_protocol::statement::Role;
use serde_json::{Value, json};

use super::describe::{self, hex};
use super::flips::flips;
use super::{authority, layout, links, malformed, packed, refused, requests, seals};
use crate::fixtures::{
    Space, Turn, answer, change, end, filler, grant, id, invite, join, key, leave, resign_change,
};
use crate::low_order::{MIXED_KEY, MIXED_MESSAGE, MIXED_SIGNATURE, WEAK};

const NAMES: [(&str, u8); 9] = [
    ("clinic", 1),
    ("phone", 2),
    ("words", 3),
    ("tablet", 4),
    ("stranger", 5),
    ("new phone", 7),
    ("door", 9),
    ("second door", 10),
    ("third door", 11),
];
const LIFE: Incarnation = Incarnation::new([0x1f; 16]);

/// Sections by name; one line for each thing in a section.
pub(super) fn document() -> String {
    let mut text = "{\n".to_owned();
    for (index, (name, section)) in sections().iter().enumerate() {
        let comma = if index == 0 { "" } else { ",\n" };
        text.push_str(&format!("{comma}\"{name}\": "));
        match section {
            Value::Array(things) => {
                let lines: Vec<String> = things.iter().map(Value::to_string).collect();
                text.push_str(&format!("[\n{}\n]", lines.join(",\n")));
            }
            one => text.push_str(&one.to_string()),
        }
    }
    text.push_str("\n}\n");
    text
}

fn sections() -> Vec<(&'static str, Value)> {
    let space = space();
    let changes = changes(&space);
    let grant = grant(&key(1), &key(2));
    let frames = frames(&space, &changes);
    vec![
        (
            "about",
            json!("test vectors of KAP Companion's protocol, version 1; see ../../WIRE.md"),
        ),
        ("keys", keys()),
        ("low_order_keys", low_order_keys()),
        ("mixed_order", mixed_order()),
        ("statements", statements(&space)),
        ("refused_statements", refused::statements(&space)),
        ("authority", authority::cases()),
        ("full", authority::full()),
        ("room", authority::room()),
        (
            "changes",
            changes
                .iter()
                .map(|(name, change)| describe::change(name, change))
                .collect(),
        ),
        ("refused_changes", refused::changes(&space)),
        ("grants", json!([describe::grant("grant", &grant)])),
        ("requests", requests::genuine()),
        ("refused_requests", requests::refused()),
        (
            "frames",
            frames
                .iter()
                .map(|(name, kind, bytes, _)| {
                    json!({"name": name, "kind": kind, "bytes": hex(bytes)})
                })
                .collect(),
        ),
        ("malformed", malformed::objects(&space)),
        ("extensions", malformed::of_a_later_version(&space)),
        ("links", links::texts()),
        ("seals", seals::changes()),
        ("packed", packed::payloads()),
        ("flips", all_flips(&space, &changes, &grant, &frames)),
    ]
}

fn keys() -> Value {
    NAMES
        .iter()
        .map(|(name, seed)| {
            let key = key(*seed);
            json!({
                "name": name,
                "seed": hex(key.to_bytes()),
                "public": hex(key.verifying_key().to_bytes()),
            })
        })
        .collect()
}

/// Under the neutral element the point R = itself and the number 0 fit every message.
fn low_order_keys() -> Value {
    let mut signature = [0; 64];
    signature[0] = 1;
    WEAK.iter()
        .map(|public| {
            json!({
                "public": public,
                "message": hex("anything at all"),
                "signature": hex(signature),
                "verdict": "bad_signature",
            })
        })
        .collect()
}

fn mixed_order() -> Value {
    json!([{
        "public": MIXED_KEY,
        "message": hex(MIXED_MESSAGE),
        "signature": MIXED_SIGNATURE,
        "verdict": "fits",
    }])
}

/// One chain with each kind of statement.
pub(super) fn space() -> Space {
    let (clinic, phone, words, tablet, stranger) = (key(1), key(2), key(3), key(4), key(5));
    let mut space = Space::founded_by(&clinic, Role::Host);
    let come = |space: &mut Space, by, newcomer, door, role| {
        space.say(by, invite(&key(door), role)).unwrap();
        let through = join(space.id(), newcomer, &key(door));
        space.say(newcomer, through).unwrap();
    };
    let admit = |space: &mut Space, by, newcomer| {
        space.say(by, answer(id(newcomer))).unwrap();
        let admitted = [newcomer];
        let turn = Turn {
            admitted: &admitted,
            ..Turn::default()
        };
        space.turn(by, turn).unwrap();
    };
    come(&mut space, &clinic, &phone, 9, Role::Device);
    admit(&mut space, &clinic, &phone);
    space.enrol(&phone, &words, Role::Words);
    come(&mut space, &phone, &tablet, 10, Role::Device);
    admit(&mut space, &phone, &tablet);
    come(&mut space, &phone, &stranger, 11, Role::Reader);
    let lost = Turn {
        removed: &[(&phone, space.last_of(&phone, 5))],
        refused: &[&stranger],
        ..Turn::default()
    };
    space.turn(&words, lost).unwrap();
    space.say(&tablet, leave(2)).unwrap();
    let lower = Turn {
        removed: &[(&tablet, space.last_of(&tablet, 1))],
        ..Turn::default()
    };
    space.turn(&words, lower).unwrap();
    let put_right = Turn {
        removed: &[(&phone, space.last_of(&phone, 4))],
        ..Turn::default()
    };
    space.turn(&words, put_right).unwrap();
    let new_phone = key(7);
    space.enrol(&words, &new_phone, Role::Device);
    space.say(&new_phone, end()).unwrap();
    space
}

pub(super) const STATEMENT_NAMES: [&str; 18] = [
    "create",
    "invite",
    "join",
    "answer",
    "rotate that admits",
    "rotate that enrols",
    "second invite",
    "second join",
    "second answer",
    "second admission",
    "third invite",
    "third join",
    "rotate that removes and refuses",
    "leave",
    "rotate that lowers the last change of who left",
    "rotate that lowers the last change of who was removed",
    "rotate that enrols a device by words",
    "end",
];

fn statements(space: &Space) -> Value {
    let mut chain: Option<Chain> = None;
    let mut all = Vec::new();
    assert_eq!(STATEMENT_NAMES.len(), space.statements.len());
    for (name, statement) in STATEMENT_NAMES.iter().zip(&space.statements) {
        match &mut chain {
            None => chain = Some(Chain::start(statement).unwrap()),
            Some(chain) => chain.extend(statement).unwrap(),
        }
        all.push(json!({
            "name": name,
            "space": statement.position().space,
            "sequence": statement.sequence(),
            "previous": statement.previous(),
            "author": statement.author(),
            "made_at_ms": statement.made_at_ms(),
            "body": describe::body(space, statement),
            "bytes": hex(statement.bytes()),
            "hash": statement.hash(),
            "after": describe::chain(chain.as_ref().unwrap()),
        }));
    }
    all.into()
}

fn changes(space: &Space) -> Vec<(&'static str, SealedChange)> {
    let clinic = key(1);
    // As they were before the end.
    let header = space.header_at(&clinic, 16, 7, 1);
    let first = change(&clinic, header.clone());
    let seen = |index, counter| Seen {
        index,
        counter: Counter(counter),
        hash: HistoryHash::new([0x77; 32]),
    };
    let header = Header {
        id: ChangeId::new([0x12; 16]),
        counter: Counter(2),
        previous_own: first.history(),
        frontier: vec![seen(1, 5), seen(3, 2)],
        drops: vec![DroppedBody {
            index: 0,
            counter: Counter(1),
            hash: first.history(),
        }],
        ..header
    };
    let second = SealedChange::sign(&clinic, header.clone(), filler(1088 + 16));
    let at = header.encode().len();
    let mut bytes = second.bytes().to_vec();
    bytes.splice(at - 2..at, *b"\x00\x05later");
    let later = SealedChange::parse(&resign_change(&clinic, &bytes)).unwrap();
    vec![
        ("change", first),
        ("change with frontier and drop", second),
        ("change of a later version", later),
    ]
}

type Frame = (&'static str, &'static str, Vec<u8>, layout::Layout);

fn frames(space: &Space, changes: &[(&str, SealedChange)]) -> Vec<Frame> {
    let create = space.statements[0].bytes().to_vec();
    let invite = space.statements[1].bytes().to_vec();
    let first = changes[0].1.bare().bytes().to_vec();
    let lengths = (create.len(), invite.len(), first.len());
    let run = ChainRun {
        statements: vec![invite.clone(), vec![0xff]],
    };
    let push = PushBatch {
        changes: vec![first.clone(), vec![0xff]],
    };
    let numbered = vec![(LogNumber(3), first), (LogNumber(4), vec![0xff])];
    let pull = PullPage {
        incarnation: LIFE,
        head: LogNumber(9),
        changes: numbered,
    };
    let chain = ChainPage {
        incarnation: LIFE,
        length: 14,
        statements: vec![create, invite],
    };
    vec![
        ("run", "run", run.encode(), layout::run(&[lengths.1, 1])),
        ("push", "push", push.encode(), layout::push(&[lengths.2, 1])),
        (
            "empty push",
            "push",
            PushBatch::default().encode(),
            layout::push(&[]),
        ),
        ("pull", "pull", pull.encode(), layout::pull(&[lengths.2, 1])),
        (
            "chain",
            "chain",
            chain.encode(),
            layout::chain(&[lengths.0, lengths.1]),
        ),
    ]
}

fn all_flips(
    space: &Space,
    changes: &[(&str, SealedChange)],
    grant: &Grant,
    frames: &[Frame],
) -> Value {
    let mut all = Vec::new();
    let rotation = |change: fn(&mut layout::Rotation)| {
        let mut lists = layout::Rotation::default();
        change(&mut lists);
        layout::rotate(&lists)
    };
    let layouts = [
        (0, layout::create()),
        (1, layout::invite()),
        (2, layout::join()),
        (3, layout::answer()),
        (
            4,
            rotation(|lists| (lists.admitted, lists.recipients) = (1, 2)),
        ),
        (
            5,
            rotation(|lists| (lists.enrolled, lists.recipients) = (1, 3)),
        ),
        (
            12,
            rotation(|lists| (lists.removals, lists.refused, lists.recipients) = (1, 1, 3)),
        ),
        (13, layout::leave()),
        (
            14,
            rotation(|lists| (lists.removals, lists.recipients) = (1, 2)),
        ),
        (17, layout::end()),
    ];
    for (index, layout) in layouts {
        let bytes = space.statements[index].bytes();
        all.extend(flips(STATEMENT_NAMES[index], "statement", bytes, &layout));
    }
    for ((name, change), (frontier, drops)) in changes.iter().zip([(0, 0), (2, 1)]) {
        let ciphertext = change.sealed().unwrap().ciphertext.len();
        let whole = layout::change(frontier, drops, Some(ciphertext));
        all.extend(flips(name, "change", change.bytes(), &whole));
        let bare = layout::change(frontier, drops, None);
        let name = format!("{name}, bare");
        all.extend(flips(&name, "change", change.bare().bytes(), &bare));
    }
    all.extend(flips("grant", "grant", grant.bytes(), &layout::grant()));
    for (name, kind, bytes, layout) in frames {
        all.extend(flips(name, kind, bytes, layout));
    }
    all.into()
}
