//! One negative for each thing that this build does not know: versions, suites, kinds, roles, forms,
//! purposes, and lengths that are not the suite's.

use companion_protocol::api::{ChainPage, PullPage, PushBatch};
use companion_protocol::change::{ChangeError, SealedChange};
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::statement::{Role, Statement, StatementBody};
use companion_protocol::wire::WireError;

use super::{BODY, SIGNATURE, founding, malformed, signed, tampered};
use crate::fixtures::{
    Space, Turn, change, enrolled, grant, invite, join, key, resign, resign_change,
};

fn changed(at: usize, byte: u8) -> Result<SealedChange, ChangeError> {
    let space = Space::founded_by(&key(1), Role::Host);
    let mut bytes = change(&key(1), space.header(&key(1))).bytes().to_vec();
    bytes[at] = byte;
    SealedChange::parse(&bytes)
}

fn granted(at: usize, byte: u8) -> Result<Grant, GrantError> {
    let mut bytes = grant(&key(1), &key(2)).bytes().to_vec();
    bytes[at] = byte;
    Grant::parse(&resign(&key(1), b"kap/grant/1", &bytes))
}

#[test]
fn another_kind_of_thing_is_refused() {
    assert_eq!(
        tampered(&founding(), |bytes| bytes[1] = b'C'),
        malformed(WireError::WrongKind("statement"))
    );
    assert_eq!(
        changed(1, b'S'),
        Err(ChangeError::Malformed(WireError::WrongKind(
            "sealed change"
        )))
    );
    assert_eq!(
        granted(1, b'S'),
        Err(GrantError::Malformed(WireError::WrongKind("grant")))
    );
}

#[test]
fn an_unknown_version_is_refused_and_not_guessed() {
    for version in [0, 2, 255] {
        let unknown = WireError::UnknownVersion(version);
        assert_eq!(
            tampered(&founding(), |bytes| bytes[2] = version),
            malformed(unknown)
        );
        assert_eq!(changed(2, version), Err(ChangeError::Malformed(unknown)));
        assert_eq!(granted(2, version), Err(GrantError::Malformed(unknown)));
        let frame = |magic: &[u8; 2]| [&magic[..], &[version], &[0; 40]].concat();
        assert_eq!(PushBatch::decode(&frame(b"KP")), Err(unknown));
        assert_eq!(PullPage::decode(&frame(b"KL")), Err(unknown));
        assert_eq!(ChainPage::decode(&frame(b"KH")), Err(unknown));
    }
}

#[test]
fn an_unknown_suite_is_refused_and_not_guessed() {
    for suite in [0, 2, 255] {
        let unknown = WireError::UnknownSuite(suite);
        assert_eq!(
            tampered(&founding(), |bytes| bytes[3] = suite),
            malformed(unknown)
        );
        assert_eq!(changed(3, suite), Err(ChangeError::Malformed(unknown)));
        assert_eq!(granted(3, suite), Err(GrantError::Malformed(unknown)));
    }
}

#[test]
fn an_unknown_kind_of_statement_is_refused() {
    for kind in [0, 8, 255] {
        assert_eq!(
            tampered(&founding(), |bytes| bytes[4] = kind),
            malformed(WireError::BadValue("statement kind"))
        );
    }
}

#[test]
fn an_unknown_purpose_of_a_grant_is_refused() {
    for purpose in [0, 2, 255] {
        let unknown = Err(GrantError::Malformed(WireError::BadValue("purpose")));
        assert_eq!(granted(4, purpose), unknown);
    }
}

#[test]
fn a_role_is_one_of_five() {
    let inviting = signed(invite(&key(9), Role::Reader));
    let space = Space::founded_by(&key(1), Role::Host);
    let enrolling = signed(StatementBody::Rotate(space.rotation(Turn {
        enrolled: &[(&key(2), Role::Host)],
        ..Turn::default()
    })));
    // In a create behind the nonce, in an invite behind its key, in a rotation behind epoch, commitment,
    // one earlier key, two empty lists, an empty third, and the count of the enrolled.
    let in_a_rotation = BODY + 4 + 32 + 2 + (4 + 2 + 72) + 2 + 2 + 2 + 2;
    let places = [
        (founding(), BODY + 16),
        (inviting, BODY + 34),
        (enrolling, in_a_rotation),
    ];
    for (statement, at) in places {
        for role in [0, 6, 255] {
            let unknown = tampered(&statement, |bytes| bytes[at] = role);
            assert_eq!(unknown, malformed(WireError::BadValue("role")));
        }
        for role in 1..=5 {
            assert!(tampered(&statement, |bytes| bytes[at] = role).is_ok());
        }
    }
}

/// Cuts the value whose length stands at `at` by one byte, or lets it grow by one.
fn of_another_length(bytes: &mut Vec<u8>, at: usize, by: isize) {
    let length = u16::from_be_bytes(bytes[at..at + 2].try_into().unwrap());
    let length = usize::from(length);
    let changed = length.checked_add_signed(by).unwrap();
    bytes[at..at + 2].copy_from_slice(&u16::try_from(changed).unwrap().to_be_bytes());
    let end = at + 2 + length;
    if by < 0 {
        bytes.remove(end - 1);
    } else {
        bytes.insert(end, 0);
    }
    let body = u32::from_be_bytes(bytes[BODY - 4..BODY].try_into().unwrap());
    let body = body.checked_add_signed(i32::try_from(by).unwrap()).unwrap();
    bytes[BODY - 4..BODY].copy_from_slice(&body.to_be_bytes());
}

#[test]
fn a_key_and_a_sealed_key_have_the_suites_length() {
    let space = Space::founded_by(&key(1), Role::Host);
    let inviting = signed(invite(&key(9), Role::Reader));
    let joining = signed(join(space.id(), &key(1), &key(9)));
    let mut rotate = space.rotation(Turn::default());
    rotate.enrolled = vec![enrolled(
        space.id(),
        space.chain.head(),
        &key(2),
        Role::Host,
    )];
    let rotating = signed(StatementBody::Rotate(rotate));
    let enrolled = BODY + 4 + 32 + 2 + (4 + 2 + 72) + 2 + 2 + 2 + 2;
    let wrapped = enrolled + (1 + 34 + 1218 + 66) + 2 + 32;
    let cases = [
        (&founding(), BODY + 17, "signing_key"),
        (&founding(), BODY + 17 + 34, "hpke_key"),
        (&founding(), BODY + 17 + 34 + 1218 + 32, "wrapped"),
        (&inviting, BODY, "invite_key"),
        (&joining, BODY, "invite_key"),
        (&joining, BODY + 34, "signing_key"),
        (&joining, BODY + 68, "hpke_key"),
        (&joining, BODY + 68 + 1218, "signature"),
        (&rotating, BODY + 4 + 32 + 2 + 4, "sealed key"),
        (&rotating, enrolled + 1, "signing_key"),
        (&rotating, enrolled + 1 + 34, "hpke_key"),
        (&rotating, enrolled + 1 + 34 + 1218, "signature"),
        (&rotating, wrapped, "wrapped"),
    ];
    for (statement, at, field) in cases {
        for by in [-1, 1] {
            let refused = tampered(statement, |bytes| of_another_length(bytes, at, by));
            assert_eq!(
                refused,
                malformed(WireError::BadValue(field)),
                "{field} {by}"
            );
        }
    }
}

#[test]
fn a_signature_has_the_suites_length() {
    let space = Space::founded_by(&key(1), Role::Host);
    let change = change(&key(1), space.header(&key(1)));
    let objects = [
        founding().bytes().to_vec(),
        grant(&key(1), &key(2)).bytes().to_vec(),
        change.bytes().to_vec(),
        change.bare().bytes().to_vec(),
    ];
    for object in objects {
        for (length, by) in [(63u8, -1), (65, 1), (0, -64)] {
            let mut bytes = object.clone();
            let at = bytes.len() - SIGNATURE;
            bytes[at + 1] = length;
            let whole = bytes.len().checked_add_signed(by).unwrap();
            bytes.resize(whole, 0);
            let bad = WireError::BadValue("signature");
            match object[1] {
                b'S' => assert_eq!(Statement::parse(&bytes), malformed(bad)),
                b'G' => assert_eq!(Grant::parse(&bytes), Err(GrantError::Malformed(bad))),
                _ => assert_eq!(
                    SealedChange::parse(&bytes),
                    Err(ChangeError::Malformed(bad))
                ),
            }
        }
    }
    let again = resign_change(&key(1), change.bytes());
    assert_eq!(again, change.bytes(), "the tool of these tests is right");
}
