//! Snapshots of what travels as JSON and of how things print. A change here is a change of the
//! interface: see `WIRE.md`, "Versions and extension".

use companion_protocol::api::{
    BlobState, Blobs, ChainPage, ErrorBody, ErrorCode, ErrorDetail, Hint, Info, Limits, MAX_BLOB,
    MAX_BLOBS, MAX_BODY, MAX_PART, MAX_PULL, MAX_PUSH, PullPage, PushAccepted, PushBatch,
    PushResult, PushStatus, SpaceHead, SpaceHeads, Vouch, path,
};
use companion_protocol::change::MAX_CHANGE;
use companion_protocol::id::{
    BlobId, ChangeId, Incarnation, LogNumber, SealedHash, SpaceId, StatementHash,
};
use companion_protocol::statement::Role;
use serde_json::json;

use crate::fixtures::{Space, id, key};

const SPACE: SpaceId = SpaceId::new([0x51; 32]);
const LIFE: Incarnation = Incarnation::new([0x52; 16]);

#[test]
fn info() {
    let count = |limit: usize| u64::try_from(limit).unwrap();
    insta::assert_json_snapshot!(Info {
        version: 1,
        incarnation: LIFE,
        time_ms: 1_767_225_600_000,
        limits: Limits {
            body_bytes: count(MAX_BODY),
            change_bytes: count(MAX_CHANGE),
            push_changes: count(MAX_PUSH),
            pull_changes: count(MAX_PULL),
            blob_bytes: MAX_BLOB,
            part_bytes: count(MAX_PART),
            space_blobs: count(MAX_BLOBS),
            ended_days: 366,
        },
    });
}

#[test]
fn space_heads() {
    insta::assert_json_snapshot!(SpaceHeads {
        incarnation: LIFE,
        spaces: vec![SpaceHead {
            space: SPACE,
            chain_length: 3,
            chain_head: StatementHash::new([0x53; 32]),
            number: LogNumber(7),
            blobs_lost: 2,
        }],
    });
}

#[test]
fn push_accepted() {
    let result = |byte: u8, status| PushResult {
        id: ChangeId::new([byte; 16]),
        number: LogNumber(u64::from(byte)),
        hash: SealedHash::new([byte; 32]),
        status,
    };
    insta::assert_json_snapshot!(PushAccepted {
        incarnation: LIFE,
        head: LogNumber(9),
        results: vec![result(8, PushStatus::Known), result(9, PushStatus::Stored)],
    });
}

#[test]
fn blobs() {
    let state = |byte: u8, received| BlobState {
        blob: BlobId::new([byte; 32]),
        size: 16_460,
        received,
    };
    insta::assert_json_snapshot!(Blobs {
        blobs: vec![state(0xb1, 16_460), state(0xb2, 8_192)],
    });
}

#[test]
fn hint() {
    insta::assert_json_snapshot!(Hint {
        space: SPACE,
        number: LogNumber(7),
        chain_length: 3
    });
}

#[test]
fn error_body() {
    let detail = json!({"head": StatementHash::new([0x53; 32]), "length": 4});
    insta::assert_json_snapshot!(ErrorBody {
        error: ErrorDetail {
            code: ErrorCode::ChainConflict,
            message: "the chain has moved on".to_owned(),
            detail: detail.as_object().unwrap().clone(),
        },
    });
}

#[test]
fn error_body_without_detail() {
    insta::assert_json_snapshot!(ErrorBody {
        error: ErrorDetail {
            code: ErrorCode::Forbidden,
            message: "you may not do this here".to_owned(),
            detail: serde_json::Map::new(),
        },
    });
}

#[test]
fn error_codes_with_their_status() {
    let all: Vec<String> = ErrorCode::ALL
        .iter()
        .map(|code| format!("{} {code}", code.status()))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn routes() {
    let all = [
        path::INFO,
        path::OPENAPI,
        path::SPACES,
        path::EVENTS,
        &path::chain(SPACE),
        &path::changes(SPACE),
        &path::vouch(SPACE),
        &path::blobs(SPACE),
        &path::blob(SPACE, BlobId::new([0xb1; 32])),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn frames_print_for_people_who_debug() {
    insta::assert_debug_snapshot!((
        PushBatch {
            changes: vec![vec![1], vec![]]
        },
        PullPage {
            incarnation: LIFE,
            head: LogNumber(7),
            changes: vec![(LogNumber(6), vec![1])]
        },
        ChainPage {
            incarnation: LIFE,
            length: 5,
            statements: vec![vec![1]]
        },
    ));
}

#[test]
fn vouch() {
    insta::assert_json_snapshot!(Vouch {
        chain_length: 4,
        chain_head: StatementHash::new([0x53; 32]),
    });
}

#[test]
fn a_member_and_a_header_print_names_in_short() {
    let mut space = Space::founded_by(&key(1), Role::Host);
    space.admit(&key(1), &key(2), Role::Device);
    let member = space.chain.member(&id(&key(2))).unwrap();
    let printed = format!(
        "{:?} {} {:?} {} {:?} {:?} {} {:?} {:?}",
        member.id,
        member.index,
        member.role,
        member.joined_at,
        member.admitted_by,
        member.compared,
        member.joined_at_ms,
        member.removed,
        space.header(&key(2)),
    );
    insta::assert_snapshot!(printed);
}
