//! Makes the vectors from fixed seeds.

use companion_protocol::api::{ChainPage, NewSpace, PullPage, PushBatch};
use companion_protocol::chain::Chain;
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::grant::Grant;
use companion_protocol::id::{ChangeId, Counter, GrantSerial, Incarnation, LogNumber};
use companion_protocol::request::{Parts, sign};
use companion_protocol::statement::Role;
use serde_json::{Value, json};

use super::describe::{self, hex};
use super::flips::flips;
use super::{layout, refused};
use crate::fixtures::{NOW, Space, TOMORROW, change, filler, id, invite, join, key, resign};

const NAMES: [(&str, u8); 6] = [
    ("clinic", 1),
    ("phone", 2),
    ("tablet", 3),
    ("stranger", 4),
    ("door", 9),
    ("second door", 10),
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
    let grant = Grant::sign(&key(1), GrantSerial::new([0x6a; 16]), 1 << 30, TOMORROW);
    let frames = frames(&space, &changes, &grant);
    vec![
        ("about", json!("test vectors of KAP Companion's protocol, version 1; see ../../WIRE.md")),
        ("keys", keys()),
        ("statements", statements(&space)),
        ("refused_statements", refused::statements(&space)),
        ("changes", changes.iter().map(|(name, change)| describe::change(name, change)).collect()),
        ("refused_changes", refused::changes(&space)),
        ("grants", json!([describe::grant("grant", &grant)])),
        ("requests", requests()),
        ("frames", frames.iter().map(|(name, kind, bytes, _)| {
            json!({"name": name, "kind": kind, "bytes": hex(bytes)})
        }).collect()),
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

fn space() -> Space {
    let mut space = Space::founded_by(&key(1));
    space
        .say(&key(1), invite(&key(9), Role::Writer, 0))
        .unwrap();
    let phone = join(space.id(), &key(2), &key(9));
    space.say(&key(2), phone).unwrap();
    space.rotate(&key(1), &[]);
    space
        .say(&key(1), invite(&key(10), Role::Admin, 1))
        .unwrap();
    let tablet = join(space.id(), &key(3), &key(10));
    space.say(&key(3), tablet).unwrap();
    space.rotate(&key(3), &[(id(&key(2)), 5)]);
    space
}

const STATEMENT_NAMES: [&str; 7] = [
    "create",
    "invite",
    "join",
    "rotate",
    "second invite",
    "second join",
    "rotate with removal",
];

fn statements(space: &Space) -> Value {
    let mut chain: Option<Chain> = None;
    let mut all = Vec::new();
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
    let first = change(&clinic, space.header(&clinic));
    let header = Header {
        id: ChangeId::new([0x12; 16]),
        counter: Counter(2),
        previous_own: first.hash(),
        frontier: vec![(1, Counter(5)), (2, Counter(1))],
        ..space.header(&clinic)
    };
    let second = SealedChange::sign(&clinic, header.clone(), filler(1024 + 16));
    let at = header.encode().len();
    let mut bytes = second.bytes().to_vec();
    bytes.splice(at - 2..at, *b"\x00\x05later");
    let later = SealedChange::parse(&resign(&clinic, b"kap/change/1", &bytes)).unwrap();
    vec![
        ("change", first),
        ("change with frontier", second),
        ("change of a later version", later),
    ]
}

fn requests() -> Value {
    let get = Parts {
        method: "GET",
        authority: "sync.example",
        path: "/v1/spaces",
        query: "",
        body: b"",
    };
    let post = Parts {
        method: "POST",
        authority: "127.0.0.1:8443",
        path: "/v1/spaces/00/changes",
        query: "after=7&limit=2",
        body: b"\x00\xffbody",
    };
    [("without query and body", get), ("with both", post)]
        .into_iter()
        .map(|(name, parts)| {
            let headers = sign(&key(2), parts, NOW / 1000, &[0x2b; 16]);
            let parameters = headers.signature_input.strip_prefix("sig1=").unwrap();
            let base = [
                format!("\"@method\": {}", parts.method),
                format!("\"@authority\": {}", parts.authority),
                format!("\"@path\": {}", parts.path),
                format!("\"@query\": ?{}", parts.query),
                format!("\"content-digest\": {}", headers.content_digest),
                format!("\"@signature-params\": {parameters}"),
            ];
            json!({
                "name": name,
                "keyid": id(&key(2)),
                "created": NOW / 1000,
                "nonce": hex([0x2b; 16]),
                "method": parts.method,
                "authority": parts.authority,
                "path": parts.path,
                "query": parts.query,
                "body": hex(parts.body),
                "content-digest": headers.content_digest,
                "signature-input": headers.signature_input,
                "signature": headers.signature,
                "base": base.join("\n"),
            })
        })
        .collect()
}

type Frame = (&'static str, &'static str, Vec<u8>, layout::Layout);

fn frames(space: &Space, changes: &[(&str, SealedChange)], grant: &Grant) -> Vec<Frame> {
    let create = space.statements[0].bytes().to_vec();
    let invite = space.statements[1].bytes().to_vec();
    let first = changes[0].1.bytes().to_vec();
    let lengths = (create.len(), invite.len(), first.len());
    let new = NewSpace {
        grant: grant.bytes().to_vec(),
        create: create.clone(),
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
        statements: vec![create, invite],
    };
    vec![
        (
            "new space",
            "new_space",
            new.encode(),
            layout::new_space(grant.bytes().len(), lengths.0),
        ),
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
    let layouts = [
        (0, layout::create()),
        (1, layout::invite()),
        (2, layout::join()),
        (3, layout::rotate(0, 2)),
        (6, layout::rotate(1, 2)),
    ];
    for (index, layout) in layouts {
        let bytes = space.statements[index].bytes();
        all.extend(flips(STATEMENT_NAMES[index], "statement", bytes, &layout));
    }
    for ((name, change), frontier) in changes.iter().zip([0, 2]) {
        let layout = layout::change(frontier, change.ciphertext().len());
        all.extend(flips(name, "change", change.bytes(), &layout));
    }
    all.extend(flips("grant", "grant", grant.bytes(), &layout::grant()));
    for (name, kind, bytes, layout) in frames {
        all.extend(flips(name, kind, bytes, layout));
    }
    all.into()
}
