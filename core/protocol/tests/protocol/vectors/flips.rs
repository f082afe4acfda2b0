//! One bit flipped in the first and in the last byte of each field: what must come of it.

use companion_protocol::api::{ChainPage, ChainRun, PullPage, PushBatch};
use companion_protocol::change::{ChangeError, SealedChange};
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::statement::{Statement, StatementError};
use companion_protocol::wire::WireError;
use serde_json::{Value, json};

use super::layout::Layout;

/// Which bit. It makes every count and length too large or too small by something.
const MASK: u8 = 0x01;

/// What a reader says to bytes of one kind.
pub(super) fn verdict(kind: &str, bytes: &[u8]) -> String {
    let verdict = match kind {
        "statement" => Statement::parse(bytes)
            .map(drop)
            .map_err(|error| match error {
                StatementError::Malformed(error) => wire(error),
                StatementError::BadSignature => "bad_signature".to_owned(),
            }),
        "change" => SealedChange::parse(bytes)
            .and_then(|change| change.verify_signature())
            .map_err(|error| match error {
                ChangeError::Malformed(error) => wire(error),
                ChangeError::BadSignature => "bad_signature".to_owned(),
            }),
        "grant" => Grant::parse(bytes).map(drop).map_err(|error| match error {
            GrantError::Malformed(error) => wire(error),
            GrantError::BadSignature => "bad_signature".to_owned(),
        }),
        "run" => ChainRun::decode(bytes).map(drop).map_err(wire),
        "push" => PushBatch::decode(bytes).map(drop).map_err(wire),
        "pull" => PullPage::decode(bytes).map(drop).map_err(wire),
        "chain" => ChainPage::decode(bytes).map(drop).map_err(wire),
        other => panic!("{other}"),
    };
    verdict.err().unwrap_or_else(|| "well_formed".to_owned())
}

fn wire(error: WireError) -> String {
    match error {
        WireError::Truncated => "truncated".to_owned(),
        WireError::Trailing => "trailing".to_owned(),
        WireError::WrongKind(_) => "wrong_kind".to_owned(),
        WireError::UnknownVersion(version) => format!("unknown_version {version}"),
        WireError::UnknownSuite(suite) => format!("unknown_suite {suite}"),
        WireError::BadValue(field) => format!("bad_value {field}"),
        WireError::TooLarge(_) => "too_large".to_owned(),
    }
}

/// The flips of one object.
pub(super) fn flips(of: &str, kind: &str, bytes: &[u8], layout: &Layout) -> Vec<Value> {
    assert_eq!(
        layout.length(),
        bytes.len(),
        "the layout of {of} is not its length"
    );
    let mut flips = Vec::new();
    for field in layout.fields() {
        let mut places = vec![field.offset, field.offset + field.length - 1];
        places.dedup();
        for offset in places {
            let mut flipped = bytes.to_vec();
            flipped[offset] ^= MASK;
            flips.push(json!({
                "of": of,
                "field": field.name,
                "offset": offset,
                "xor": MASK,
                "verdict": verdict(kind, &flipped),
            }));
        }
    }
    flips
}
