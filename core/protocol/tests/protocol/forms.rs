//! What a parser refuses before anybody asks who signed.

use companion_protocol::api::{
    ChainPage, ErrorBody, ErrorCode, MAX_PUSH, NewSpace, PullPage, PushBatch,
};
use companion_protocol::chain::Chain;
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::id::{GrantSerial, Incarnation, LogNumber};
use companion_protocol::statement::{
    ChainPosition, HPKE_KEY_LENGTH, MAX_STATEMENT, Role, Statement, StatementBody, StatementError,
};
use companion_protocol::wire::{Reader, WireError, Writer};

use crate::fixtures::{NOW, create, invite, join, key, resign};

const STATEMENT: &[u8] = b"kap/statement/1";
/// Where a statement's body begins: after magic, version, kind, space, sequence, previous, author,
/// time and the body's length.
const BODY: usize = 2 + 1 + 1 + 32 + 8 + 32 + 32 + 8 + 4;

fn founding() -> Statement {
    Statement::sign(&key(1), ChainPosition::FIRST, NOW, create(1))
}

fn tampered(
    statement: &Statement,
    change: impl FnOnce(&mut Vec<u8>),
) -> Result<Statement, StatementError> {
    let mut bytes = statement.bytes().to_vec();
    change(&mut bytes);
    Statement::parse(&resign(&key(1), STATEMENT, &bytes))
}

fn malformed(error: WireError) -> Result<Statement, StatementError> {
    Err(StatementError::Malformed(error))
}

#[test]
fn signing_again_without_a_change_gives_the_same_bytes() {
    assert_eq!(tampered(&founding(), |_| ()), Ok(founding()));
}

#[test]
fn an_unknown_kind_or_version_is_refused_and_not_guessed() {
    for kind in [0, 5, 255] {
        let unknown = tampered(&founding(), |bytes| bytes[3] = kind);
        assert_eq!(unknown, malformed(WireError::BadValue("statement kind")));
    }
    let later = tampered(&founding(), |bytes| bytes[2] = 2);
    assert_eq!(later, malformed(WireError::UnknownVersion(2)));
    let other = tampered(&founding(), |bytes| bytes[1] = b'C');
    assert_eq!(other, malformed(WireError::WrongKind("statement")));
}

#[test]
fn a_role_is_one_of_three() {
    let inviting = Statement::sign(
        &key(1),
        ChainPosition::FIRST,
        NOW,
        invite(&key(9), Role::Reader, 0),
    );
    for role in [0, 4, 255] {
        let unknown = tampered(&inviting, |bytes| bytes[BODY + 32] = role);
        assert_eq!(unknown, malformed(WireError::BadValue("role")));
    }
    for role in [1, 2, 3] {
        assert!(tampered(&inviting, |bytes| bytes[BODY + 32] = role).is_ok());
    }
}

#[test]
fn a_body_ends_where_its_last_field_ends() {
    let longer = tampered(&founding(), |bytes| {
        let length = u32::from_be_bytes(bytes[BODY - 4..BODY].try_into().unwrap());
        bytes[BODY - 4..BODY].copy_from_slice(&(length + 1).to_be_bytes());
        bytes.insert(BODY + usize::try_from(length).unwrap(), 0);
    });
    assert_eq!(longer, malformed(WireError::Trailing));
}

/// FIPS 203 §7.2: each twelve-bit number is below 3329, which is 0xd01.
#[test]
fn a_receiving_key_that_nothing_can_be_sealed_to_is_refused() {
    let bad = malformed(WireError::BadValue("hpke_key"));
    let at = BODY + 16;
    for (triple, expected) in [
        ([0x00, 0x0d, 0x00], true),
        ([0x01, 0x0d, 0x00], false),
        ([0x00, 0x00, 0xd0], true),
        ([0x00, 0x10, 0xd0], false),
        ([0xff, 0xff, 0xff], false),
    ] {
        for index in [0, 383] {
            let at = at + 3 * index;
            let parsed = tampered(&founding(), |bytes| {
                bytes[at..at + 3].copy_from_slice(&triple);
            });
            assert_eq!(parsed.is_ok(), expected, "{triple:x?} at {index}");
            assert!(expected || parsed == bad);
        }
    }
    // The last 64 bytes are a seed and an X25519 key: any bytes will do.
    let rest = at + 1152..at + HPKE_KEY_LENGTH;
    assert!(tampered(&founding(), |bytes| bytes[rest].fill(0xff)).is_ok());

    let mut joining = join(founding().space(), &key(1), &key(9));
    if let StatementBody::Join(join) = &mut joining {
        join.hpke_key[0..2].copy_from_slice(&[0x01, 0x0d]);
    }
    let joining = Statement::sign(&key(1), ChainPosition::FIRST, NOW, joining);
    assert_eq!(Statement::parse(joining.bytes()), bad);
}

#[test]
fn a_later_versions_fields_are_kept_and_hashed() {
    let old = founding();
    let newer = tampered(&old, |bytes| {
        let at = bytes.len() - 64;
        bytes.splice(at - 4..at, *b"\x00\x00\x00\x03new");
    })
    .unwrap();
    assert_eq!(newer.body(), old.body());
    assert_ne!(newer.hash(), old.hash());
    assert!(newer.bytes()[..newer.bytes().len() - 64].ends_with(b"new"));
    assert_ne!(
        Chain::start(&newer).unwrap().space(),
        Chain::start(&old).unwrap().space()
    );
}

#[test]
fn a_statement_of_more_than_128_kibibytes_is_refused() {
    let padded = |length: usize| {
        tampered(&founding(), |bytes| {
            let at = bytes.len() - 64;
            let room = length - bytes.len();
            let mut field = u32::try_from(room).unwrap().to_be_bytes().to_vec();
            field.resize(room + 4, 0);
            bytes.splice(at - 4..at, field);
        })
    };
    assert_eq!(padded(MAX_STATEMENT).unwrap().bytes().len(), MAX_STATEMENT);
    assert_eq!(
        padded(MAX_STATEMENT + 1),
        malformed(WireError::TooLarge(MAX_STATEMENT))
    );
}

#[test]
fn a_signature_for_one_purpose_is_none_for_another() {
    let founding = founding();
    for context in [
        &b"kap/change/1"[..],
        b"kap/grant/1",
        b"kap/statement/2",
        b"kap/join/1",
        b"",
    ] {
        let bytes = resign(&key(1), context, founding.bytes());
        assert_eq!(Statement::parse(&bytes), Err(StatementError::BadSignature));
    }
    let grant = Grant::sign(&key(1), GrantSerial::new([1; 16]), 0, NOW);
    let bytes = resign(&key(1), STATEMENT, grant.bytes());
    assert_eq!(Grant::parse(&bytes), Err(GrantError::BadSignature));
}

#[test]
fn another_key_signs_nothing_in_an_authors_name() {
    let bytes = resign(&key(2), STATEMENT, founding().bytes());
    assert_eq!(Statement::parse(&bytes), Err(StatementError::BadSignature));
}

#[test]
fn a_grant_says_what_was_granted() {
    let serial = GrantSerial::new([7; 16]);
    let grant = Grant::sign(&key(3), serial, 1 << 30, NOW);
    let read = Grant::parse(grant.bytes()).unwrap();
    assert_eq!(read, grant);
    assert_eq!(
        (read.serial(), read.max_bytes(), read.expires_at_ms()),
        (serial, 1 << 30, NOW)
    );
    let mut newer = grant.bytes().to_vec();
    let at = newer.len() - 64;
    newer.splice(at - 4..at, *b"\x00\x00\x00\x01x");
    assert_eq!(Grant::parse(&newer), Err(GrantError::BadSignature));
    assert!(Grant::parse(&resign(&key(3), b"kap/grant/1", &newer)).is_ok());
}

/// Not even what its issuer signed, or one grant could be written in many ways.
#[test]
fn nothing_stands_between_a_grants_fields_and_its_signature() {
    let grant = Grant::sign(&key(3), GrantSerial::new([7; 16]), 0, NOW);
    for more in [1, 64] {
        let mut longer = grant.bytes().to_vec();
        let at = longer.len() - 64;
        longer.splice(at..at, vec![0; more]);
        let longer = resign(&key(3), b"kap/grant/1", &longer);
        assert_eq!(
            Grant::parse(&longer),
            Err(GrantError::Malformed(WireError::Trailing))
        );
    }
}

#[test]
fn a_push_holds_at_most_512_changes() {
    let full = PushBatch {
        changes: vec![vec![1]; MAX_PUSH],
    };
    assert_eq!(PushBatch::decode(&full.encode()), Ok(full));
    let over = PushBatch {
        changes: vec![vec![1]; MAX_PUSH + 1],
    };
    assert_eq!(
        PushBatch::decode(&over.encode()),
        Err(WireError::BadValue("count"))
    );
}

#[test]
fn a_page_is_numbered_from_one_upwards() {
    let page = |numbers: &[u64]| {
        let changes = numbers
            .iter()
            .map(|number| (LogNumber(*number), vec![1]))
            .collect();
        let page = PullPage {
            incarnation: Incarnation::ZERO,
            head: LogNumber(9),
            changes,
        };
        PullPage::decode(&page.encode())
    };
    for numbers in [&[0][..], &[0, 1], &[1, 1], &[2, 1], &[1, 3, 2]] {
        assert_eq!(
            page(numbers),
            Err(WireError::BadValue("number")),
            "{numbers:?}"
        );
    }
    assert!(page(&[]).is_ok());
    assert!(
        page(&[1, 2, 7]).is_ok(),
        "a log of a server may have holes; counters tell"
    );
}

#[test]
fn a_count_without_its_content_costs_nothing() {
    let promised = |magic: &[u8; 2], zeros: usize| {
        let mut to = Writer::new();
        to.array(magic).u8(1).array(&vec![0; zeros]).u32(u32::MAX);
        to.finish()
    };
    assert_eq!(
        PullPage::decode(&promised(b"KL", 24)),
        Err(WireError::Truncated)
    );
    assert_eq!(
        ChainPage::decode(&promised(b"KH", 16)),
        Err(WireError::Truncated)
    );
    assert_eq!(
        NewSpace::decode(&promised(b"KN", 0)),
        Err(WireError::Truncated)
    );
    assert_eq!(
        PushBatch::decode(&promised(b"KP", 0)),
        Err(WireError::BadValue("count"))
    );
    assert_eq!(Reader::new(&[0xff; 4]).bytes(), Err(WireError::Truncated));
}

#[test]
fn every_error_code_reads_back_what_it_writes() {
    for code in ErrorCode::ALL {
        let text = serde_json::to_string(code).unwrap();
        assert_eq!(text, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<ErrorCode>(&text).unwrap(), *code);
        assert!((400..600).contains(&code.status()), "{code}");
    }
}

#[test]
fn a_code_of_a_later_server_is_unknown_and_not_an_error() {
    let body = r#"{"error":{"code":"teapot","message":"short and stout","more":1},"also":2}"#;
    let body: ErrorBody = serde_json::from_str(body).unwrap();
    assert_eq!(body.error.code, ErrorCode::Unknown);
    assert!(body.error.detail.is_empty());
    let again = serde_json::to_string(&ErrorCode::Unknown).unwrap();
    assert_eq!(
        serde_json::from_str::<ErrorCode>(&again).unwrap(),
        ErrorCode::Unknown
    );
    assert!(!ErrorCode::ALL.contains(&ErrorCode::Unknown));
    assert!(serde_json::from_str::<ErrorCode>("7").is_err());
}
