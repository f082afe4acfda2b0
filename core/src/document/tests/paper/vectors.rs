//! The vectors of payloads: what a stranger can make again, and what every reader refuses.
//!
//! `tests/fixtures/payload-v1.json` is written by `write_the_payload_vectors` from the lines above, and
//! read by the product here.

mod refused;

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::*;
use crate::document::tests::ENTRY;
use crate::document::{ActorId, History, create, edit, inspect, materialize};
use crate::domain::{Content as _, DocumentId, Entry, Kind};
use crate::space::payload::Payload;

const DOCUMENT: [u8; 16] = *b"a new entry's id";
/// Sixteen bytes that would be random.
const BLIND: [u8; 16] = *b"nobody knows me.";
const AT: &str = "2026-11-23T20:18:33.123+01:00";
/// Sixteen bytes that would be random. The first eight make the salt.
const SEED: [u8; 16] = [0xf1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const SALT: i64 = 0x1102_0304_0506_0708;

fn fixture() -> String {
    format!(
        "{}/tests/fixtures/payload-v1.json",
        env!("CARGO_MANIFEST_DIR")
    )
}

fn word(word: &str) -> Held {
    Held::Text(word.to_owned())
}

/// A new entry: "Calm.", tagged "water", with a mood of 4.
fn first() -> Draft {
    let mut ops = vec![set("at", word(AT)), make("body", MAKE_TEXT, Held::Nothing)];
    ops.extend(letters((0, 2), Key::First, 3, "Calm."));
    ops.extend([
        set("kind", word("reflection")),
        set("mood", Held::Number(4)),
        make("tags", MAKE_MAP, Held::Nothing),
        Op {
            object: Some((0, 10)),
            ..set("water", Held::Truth)
        },
        set("title", word("")),
        set("visibility", word("only_me")),
    ]);
    Draft {
        seq: 1,
        start: 1,
        salt: SALT,
        ops,
        ..Draft::default()
    }
}

/// An edit of it: a title, another sentence, no mood.
fn second() -> Draft {
    let first = first();
    let before = first.ops.len() as u64;
    // The full stop was the seventh operation of the first change.
    let mut ops = letters((1, 2), Key::After(1, 7), before + 1, " Still tired.");
    ops.push(Op {
        replaces: vec![(1, 9)],
        ..make("mood", DELETE, Held::Nothing)
    });
    ops.push(Op {
        replaces: vec![(1, 12)],
        ..set("title", word("The lake"))
    });
    Draft {
        deps: vec![first.hash()],
        seq: 1,
        start: before + 1,
        salt: 7,
        others: vec![first.actor()],
        ops,
    }
}

fn projection_of_first() -> Value {
    json!({
        "at": AT, "body": "Calm.", "kind": "reflection", "mood": 4, "tags": {"water": true},
        "title": "", "visibility": "only_me",
    })
}

fn projection_of_second() -> Value {
    json!({
        "at": AT, "body": "Calm. Still tired.", "kind": "reflection", "tags": {"water": true},
        "title": "The lake", "visibility": "only_me",
    })
}

/// The payload, as the paper lays it out.
fn payload(projection: &Value, change: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes(), bytes].concat();
    let projection = projection.to_string();
    [
        b"KD\x01".to_vec(),
        BLIND.to_vec(),
        DOCUMENT.to_vec(),
        bytes(b"entry"),
        bytes(projection.as_bytes()),
        bytes(change),
        bytes(b""),
    ]
    .concat()
}

/// What the header says of it.
fn content(payload: &[u8]) -> Vec<u8> {
    Sha256::digest([b"kap/content/1".as_slice(), payload].concat()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn step(name: &str, draft: &Draft, projection: &Value) -> Value {
    let (before, after) = draft.around_the_actor();
    json!({
        "name": name,
        "salt": draft.salt,
        "deps": draft.deps.iter().map(|dep| hex(dep)).collect::<Vec<_>>(),
        "first_operation": draft.start,
        "operations": draft.ops.len(),
        "body_before_the_actor": hex(&before),
        "body_after_the_actor": hex(&after),
        "actor": hex(&draft.actor()),
        "hash": hex(&draft.hash()),
        "change": hex(&draft.chunk()),
        "projection": projection,
        "payload": hex(&payload(projection, &draft.chunk())),
        "content": hex(&content(&payload(projection, &draft.chunk()))),
    })
}

fn vectors() -> Value {
    json!({
        "blind": hex(&BLIND),
        "document": hex(&DOCUMENT),
        "kind": "entry",
        "seed": hex(&SEED),
        "payloads": [
            step("a new entry", &first(), &projection_of_first()),
            step("an edit of it", &second(), &projection_of_second()),
        ],
        "refused": refused::refusals(),
    })
}

fn map(value: &Value) -> serde_json::Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn a_change_written_from_the_paper_is_read_and_is_the_one_that_is_written_here() {
    let (one, two) = (first(), second());
    let seen = materialize(&[one.chunk()]);
    assert_eq!((seen.refused, seen.waiting), (vec![], vec![]));
    assert_eq!(Value::Object(seen.projection), projection_of_first());
    let seen = materialize(&[two.chunk(), one.chunk()]);
    assert_eq!((seen.refused, seen.waiting), (vec![], vec![]));
    assert_eq!(Value::Object(seen.projection), projection_of_second());
    let made = create(&ENTRY, &map(&projection_of_first()), ActorId::new(SEED)).unwrap();
    assert_eq!(hex(&made.raw), hex(&one.chunk()));
    // Without letters, and with nothing that stands but empty.
    let bare = json!({"at": AT, "body": "", "tags": {}});
    let ops = vec![
        set("at", word(AT)),
        make("body", MAKE_TEXT, Held::Nothing),
        make("tags", MAKE_MAP, Held::Nothing),
    ];
    let written = Draft { ops, ..first() };
    let bare = create(&ENTRY, &map(&bare), ActorId::new(SEED)).unwrap();
    assert_eq!(hex(&bare.raw), hex(&written.chunk()));
    let mut seed = [0; 16];
    seed[7] = 7;
    let target = map(&projection_of_second());
    let history = [made.raw.clone()];
    let made = edit(
        &ENTRY,
        History::of(&history),
        &made.revision,
        &target,
        ActorId::new(seed),
    );
    assert_eq!(hex(&made.unwrap().unwrap().raw), hex(&two.chunk()));
}

#[test]
fn a_payload_written_from_the_paper_is_the_one_that_is_written_here() {
    for (draft, projection) in [
        (first(), projection_of_first()),
        (second(), projection_of_second()),
    ] {
        let written = payload(&projection, &draft.chunk());
        let read = Payload::decode(&written).unwrap();
        assert_eq!(read.document, DocumentId::new(DOCUMENT));
        assert_eq!(
            (&read.kind, &read.change),
            (&Kind::from_stored("entry"), &draft.chunk())
        );
        assert_eq!(
            serde_json::from_str::<Value>(&read.projection).unwrap(),
            projection
        );
        assert_eq!((read.blind, read.encode()), (BLIND, written.clone()));
        let said = crate::space::payload::content(&written);
        assert_eq!(said.as_bytes().to_vec(), content(&written));
        let entry = Entry::from_projection(&map(&projection)).unwrap();
        assert!(entry.checked().is_ok());
        assert_eq!(
            inspect(&read.change).unwrap().hash.as_bytes(),
            &draft.hash()
        );
    }
}

#[test]
fn what_the_paper_forbids_is_refused_with_the_error_that_it_names() {
    let decode = |value: &Value| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture()).unwrap()).unwrap();
    let refused = vectors["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 25);
    for vector in refused {
        let mut changes: Vec<_> = vector["before"]
            .as_array()
            .unwrap()
            .iter()
            .map(decode)
            .collect();
        changes.push(decode(&vector["change"]));
        let seen = materialize(&changes);
        let name = vector["name"].as_str().unwrap();
        let (at, refusal) = seen.refused.last().expect(name);
        assert_eq!(*at, changes.len() - 1, "{}", vector["name"]);
        assert_eq!(refusal.to_string(), vector["error"], "{}", vector["name"]);
    }
    // Too long to be written out: one byte more than the limit, whatever the bytes are.
    let too_large = materialize(&[vec![0; 512 * 1024 + 1]]).refused;
    assert_eq!(too_large[0].1.to_string(), "the change is too large");
}

#[test]
fn the_vectors_are_those_that_the_paper_gives() {
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture()).unwrap()).unwrap();
    assert_eq!(written, vectors());
}

/// Writes the fixture: `cargo test -p companion-core --lib write_the_payload_vectors -- --ignored`.
#[test]
// `cargo test -p companion-core --lib write_the_payload_vectors -- --ignored`
#[ignore = "writes a file into the source tree, once for each version of the format"]
fn write_the_payload_vectors() {
    let text = serde_json::to_string_pretty(&vectors()).unwrap();
    std::fs::write(fixture(), text + "\n").unwrap();
}
