//! Changes that an earlier version wrote stay readable, and give what they gave then.
//!
//! `tests/fixtures/document-v1/changes.json` is never regenerated: records on people's phones are not
//! either. A new form gets a folder of its own beside it.

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::domain::{Kind, declared};

#[derive(Deserialize)]
struct Fixture {
    documents: Vec<Document>,
}

#[derive(Deserialize)]
struct Document {
    name: String,
    kind: Kind,
    /// Raw changes in hex, in the order in which they were made.
    changes: Vec<String>,
    revision: Revision,
    projection: Map<String, Value>,
}

fn fixture() -> Fixture {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/document-v1/changes.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn raw(document: &Document) -> Vec<Vec<u8>> {
    let decode = |hex: &String| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
    document.changes.iter().map(decode).collect()
}

#[test]
fn changes_of_the_first_version_read_as_they_did() {
    let documents = fixture().documents;
    assert_eq!(documents.len(), 3);
    for document in documents {
        let seen = materialize(&raw(&document));
        assert_eq!(
            (seen.refused, seen.waiting),
            (vec![], vec![]),
            "{}",
            document.name
        );
        assert_eq!(seen.projection, document.projection, "{}", document.name);
        assert_eq!(seen.revision, document.revision, "{}", document.name);
    }
}

#[test]
fn changes_of_the_first_version_can_still_be_edited() {
    for document in fixture().documents {
        let mut target = document.projection.clone();
        target.insert("title".into(), json!("edited today"));
        let changes = raw(&document);
        let shape = declared(&document.kind).unwrap().shape;
        let made = edit(
            &shape,
            History::of(&changes),
            &document.revision,
            &target,
            actor(1),
        )
        .unwrap();
        let mut shown = made.unwrap().projection;
        // Lists that the kind has had since are there from the first edit on, and empty.
        shown.retain(|name, value| target.contains_key(name) || *value != json!({}));
        assert_eq!(shown, target, "{}", document.name);
    }
}
