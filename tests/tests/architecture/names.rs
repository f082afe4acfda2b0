//! Where each dangerous tool may be named, and who may name what is the core's alone.

use std::collections::BTreeSet;
use std::path::Path;

use crate::house::House;
use crate::search::{
    assert_named_only_in, code_lines, has_word, is_test, without_texts, without_unit_tests,
};

/// Files that may say `unsafe`, each for a reason that it gives.
const MAY_BE_UNSAFE: &[&str] = &[
    "core/sqlcipher-crypto/src/provider.rs",
    "core/src/store/exit.rs",
    "core/src/store/tests/disk.rs",
];

/// Where Automerge may be named: documents merge there and nowhere else.
const MAY_NAME_AUTOMERGE: &[&str] = &["core/src/document"];

/// Where the library of time zones may be named: whoever needs a zone takes `domain::Zone`.
const MAY_NAME_JIFF: &[&str] = &["core/src/domain/zone"];

/// Where SQL may be written: the replica's store, the server's storage, the console's accounts.
const MAY_NAME_RUSQLITE: &[&str] = &[
    "core/sqlcipher-crypto/tests",
    "core/src/store",
    "sync-server/src/storage",
    "sync-server/tests",
    "sync-server/console/src/accounts",
    "tests",
];

#[test]
fn only_documents_know_automerge() {
    let house = House::read();
    let strangers: Vec<_> = house
        .members
        .keys()
        .filter(|name| *name != "companion-core")
        .filter(|name| house.declared(name, |_| true).contains("automerge"))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?} declare automerge");
    assert_named_only_in(&house, "automerge", MAY_NAME_AUTOMERGE);
}

#[test]
fn only_stores_know_sql() {
    assert_named_only_in(&House::read(), "rusqlite", MAY_NAME_RUSQLITE);
}

#[test]
fn only_zones_know_their_library() {
    assert_named_only_in(&House::read(), "jiff", MAY_NAME_JIFF);
}

#[test]
fn nothing_but_provenance_decides_whose_word_something_is() {
    let house = House::read();
    let mut found = BTreeSet::new();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        if !path.starts_with("core/src/") || is_test(path) {
            continue;
        }
        let decides = code_lines(&text).any(|line| {
            has_word(line, "side_of")
                || line.to_lowercase().contains("writers.include(")
                || line.contains("Role::Host")
        });
        if decides {
            found.insert(path.to_owned());
        }
    }
    // Who is a clinic's node is also asked where a phone refuses to come to a private space with one in it,
    // where members are listed by name, and by a node that founds a space; a kind says of itself whether it
    // is the patient's, and so to be seen. Those decide who comes in, what they are called and what is new,
    // and not whose word something is. Who wrote a change is told to people as provenance says it.
    let expected: BTreeSet<String> = [
        "core/src/domain/content.rs",
        "core/src/members.rs",
        "core/src/records/provenance.rs",
        "core/src/records/written.rs",
        "core/src/replica.rs",
        "core/src/sync/members.rs",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(found, expected);
}

#[test]
fn only_the_registry_names_kinds() {
    let house = House::read();
    let words = kinds_of(&house);
    assert!(words.len() >= 9, "the kinds are not being read: {words:?}");
    let mut strangers = Vec::new();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        let inside = path.starts_with("core/src/") && !is_test(path);
        if !inside || path.starts_with("core/src/domain/") {
            continue;
        }
        for line in code_lines(without_unit_tests(&text)) {
            // A sentence may use the same word.
            let is_sentence = line.contains("#[error(");
            let mut words = words.iter();
            let named = !is_sentence && words.any(|word| line.contains(&format!("\"{word}\"")));
            if named || line.contains("Kind::named(") {
                strangers.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert!(strangers.is_empty(), "kinds are named in {strangers:#?}");
}

/// The words of all kinds, as their files declare them.
fn kinds_of(house: &House) -> BTreeSet<String> {
    let declared = |text: &str| {
        let (_, rest) = text.split_once("const KIND: Kind = Kind::named(\"")?;
        rest.split_once('"').map(|(word, _)| word.to_owned())
    };
    let sources = house.sources();
    let kinds = sources
        .iter()
        .filter(|(file, _)| file.starts_with("core/src/domain"));
    kinds.filter_map(|(_, text)| declared(text)).collect()
}

#[test]
fn only_tests_reach_behind_the_cores_facades() {
    let house = House::read();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        if path.starts_with("tests/") || path.starts_with("core/") || is_test(path) {
            continue;
        }
        let reaches = code_lines(without_unit_tests(&text))
            .any(|line| line.contains("companion_core::testing"));
        assert!(!reaches, "{path} uses what is for tests only");
    }
    for (name, member) in &house.members {
        if name == "companion-tests" || name == "companion-core" {
            continue;
        }
        for dependency in member.package["dependencies"].as_array().unwrap() {
            let tests_only = dependency["kind"] == "dev";
            let features = dependency["features"].to_string();
            assert!(
                dependency["name"] != "companion-core"
                    || tests_only
                    || !features.contains("testing"),
                "{name} links the core with what is for tests only"
            );
        }
    }
}

#[test]
fn no_source_is_unsafe() {
    let house = House::read();
    let sources = house.sources();
    assert!(
        sources.len() > 20,
        "the sources are not being read: {} files",
        sources.len()
    );
    let found: Vec<_> = sources
        .iter()
        .filter(|(file, _)| file != Path::new("tests/tests/architecture/search.rs"))
        .filter(|(file, _)| !MAY_BE_UNSAFE.iter().any(|may| file == Path::new(may)))
        .filter(|(_, text)| code_lines(text).any(|line| has_word(&without_texts(line), "unsafe")))
        .map(|(file, _)| file)
        .collect();
    assert!(found.is_empty(), "unsafe in {found:?}");
}
