//! The test vectors in `tests/vectors/v1.json`, for us and for whoever implements this a second time.
//!
//! They follow from fixed seeds alone, since Ed25519 signing is deterministic. After a change of a
//! format that is meant, write them again and look at the difference before committing it:
//!
//! ```text
//! cargo test -p companion-protocol --test protocol -- --ignored write_the_vectors_again
//! ```

mod authority;
mod build;
mod describe;
mod flips;
mod layout;
mod links;
mod malformed;
mod packed;
mod read;
mod refused;
mod requests;
mod seals;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1.json")
}

fn committed() -> String {
    std::fs::read_to_string(file()).unwrap()
}

#[test]
fn the_committed_vectors_are_what_this_code_makes() {
    // Compared as values: in which order an object's fields are written is up to the writer.
    let parse = |text: &str| serde_json::from_str::<BTreeMap<String, Value>>(text).unwrap();
    let (committed, made) = (parse(&committed()), parse(&build::document()));
    assert!(committed.keys().eq(made.keys()));
    for (section, made) in made {
        let same = committed[&section] == made;
        assert!(
            same,
            "'{section}' in tests/vectors/v1.json differs: see the head of vectors.rs"
        );
    }
}

#[test]
// `cargo test -p companion-protocol --test protocol write_the_vectors_again -- --ignored`
#[ignore = "rewrites tests/vectors/v1.json; run it only after a format was changed on purpose"]
fn write_the_vectors_again() {
    std::fs::write(file(), build::document()).unwrap();
}
