//! What a parser refuses before anybody asks who signed.

mod frames;
mod unknown;

use companion_protocol::chain::Chain;
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::id::Counter;
use companion_protocol::statement::{
    ChainPosition, LastChange, MAX_STATEMENT, Role, Statement, StatementBody, StatementError,
};
use companion_protocol::suite::HPKE_KEY_LENGTH;
use companion_protocol::wire::WireError;

use crate::fixtures::{
    NOW, Space, TOMORROW, Turn, create, grant, id, join, key, last, leave, resign,
};

const STATEMENT: &[u8] = b"kap/statement/1";
/// Where a statement's body begins: after magic, version, suite, kind, space, sequence, previous, author,
/// time and the body's length.
const BODY: usize = 2 + 1 + 1 + 1 + 32 + 8 + 32 + 32 + 8 + 4;
/// A signature with its length.
const SIGNATURE: usize = 2 + 64;

fn founding() -> Statement {
    signed(create(1, &key(1), Role::Host))
}

fn signed(body: StatementBody) -> Statement {
    Statement::sign(&key(1), ChainPosition::FIRST, NOW, body)
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
fn a_body_ends_where_its_last_field_ends() {
    let longer = tampered(&founding(), |bytes| {
        let length = u32::from_be_bytes(bytes[BODY - 4..BODY].try_into().unwrap());
        bytes[BODY - 4..BODY].copy_from_slice(&(length + 1).to_be_bytes());
        bytes.insert(BODY + usize::try_from(length).unwrap(), 0);
    });
    assert_eq!(longer, malformed(WireError::Trailing));
}

/// A statement of a later suite may name its author otherwise; under suite 1 the key is the name.
#[test]
fn a_founder_and_a_newcomer_carry_the_key_that_is_their_name() {
    let wrong = malformed(WireError::BadValue("signing_key"));
    let founding = signed(create(1, &key(2), Role::Host));
    assert_eq!(Statement::parse(founding.bytes()), wrong);
    let joining = signed(join(founding.space(), &key(2), &key(9)));
    assert_eq!(Statement::parse(joining.bytes()), wrong);
}

/// FIPS 203 §7.2: each twelve-bit number is below 3329, which is 0xd01.
#[test]
fn a_receiving_key_that_nothing_can_be_sealed_to_is_refused() {
    let bad = malformed(WireError::BadValue("hpke_key"));
    // Nonce, role, signing key, and the length of this one.
    let at = BODY + 16 + 1 + 34 + 2;
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
    assert_eq!(Statement::parse(signed(joining).bytes()), bad);
    let space = Space::founded_by(&key(1), Role::Host);
    let mut rotate = space.rotation(Turn {
        enrolled: &[(&key(2), Role::Host)],
        ..Turn::default()
    });
    rotate.enrolled[0].hpke_key[0..2].copy_from_slice(&[0x01, 0x0d]);
    let enrolling = signed(StatementBody::Rotate(rotate));
    assert_eq!(Statement::parse(enrolling.bytes()), bad);
}

#[test]
fn a_last_change_has_both_a_count_and_a_hash_or_neither() {
    let counted = |counter| LastChange {
        counter: Counter(counter),
        ..last(1)
    };
    let unnamed = LastChange {
        counter: Counter(1),
        ..LastChange::NONE
    };
    for (last, fits) in [
        (LastChange::NONE, true),
        (counted(1), true),
        (counted((1 << 63) - 1), true),
        (counted(0), false),
        (unnamed, false),
        (counted(1 << 63), false),
        (counted(u64::MAX), false),
    ] {
        let mut leaving = leave(0);
        if let StatementBody::Leave(leave) = &mut leaving {
            leave.last = last;
        }
        let parsed = Statement::parse(signed(leaving).bytes());
        assert_eq!(parsed.is_ok(), fits, "{last:?}");
        assert!(fits || parsed == malformed(WireError::BadValue("last change")));
    }
}

/// A list that could be written in two ways would give one rotation two names.
#[test]
fn each_list_of_a_rotation_ascends() {
    let space = Space::founded_by(&key(1), Role::Host);
    let (one, two) = (key(2), key(3));
    let turn = || {
        let mut rotate = space.rotation(Turn {
            removed: &[(&one, last(1)), (&two, last(1))],
            refused: &[&one, &two],
            admitted: &[&one, &two],
            enrolled: &[(&one, Role::Host), (&two, Role::Host)],
        });
        rotate.wrapped.dedup();
        let mut before = rotate.previous_keys[0];
        before.epoch.0 += 1;
        rotate.previous_keys.push(before);
        rotate
    };
    let says = |rotate| Statement::parse(signed(StatementBody::Rotate(rotate)).bytes());
    assert!(says(turn()).is_ok());
    let cases = [
        ("previous_keys", 0),
        ("removals", 1),
        ("refused", 2),
        ("admitted", 3),
        ("enrolled", 4),
        ("recipients", 5),
    ];
    for (name, which) in cases {
        for twice in [false, true] {
            let mut rotate = turn();
            macro_rules! disturb {
                ($list:expr) => {{
                    if twice {
                        let again = $list[0].clone();
                        $list.insert(0, again);
                    } else {
                        $list.reverse();
                    }
                }};
            }
            match which {
                0 => disturb!(rotate.previous_keys),
                1 => disturb!(rotate.removals),
                2 => disturb!(rotate.refused),
                3 => disturb!(rotate.admitted),
                4 => disturb!(rotate.enrolled),
                _ => disturb!(rotate.wrapped),
            }
            assert_eq!(says(rotate), malformed(WireError::BadValue(name)), "{name}");
        }
    }
}

#[test]
fn a_later_versions_fields_are_kept_and_hashed() {
    let old = founding();
    let newer = tampered(&old, |bytes| {
        let at = bytes.len() - SIGNATURE;
        bytes.splice(at - 4..at, *b"\x00\x00\x00\x03new");
    })
    .unwrap();
    assert_eq!(newer.body(), old.body());
    assert_ne!(newer.hash(), old.hash());
    assert!(newer.bytes()[..newer.bytes().len() - SIGNATURE].ends_with(b"new"));
    assert_ne!(
        Chain::start(&newer).unwrap().space(),
        Chain::start(&old).unwrap().space()
    );
}

#[test]
fn a_statement_of_more_than_128_kibibytes_is_refused() {
    let padded = |length: usize| {
        tampered(&founding(), |bytes| {
            let at = bytes.len() - SIGNATURE;
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
        b"kap/enrol/1",
        b"",
    ] {
        let bytes = resign(&key(1), context, founding.bytes());
        assert_eq!(Statement::parse(&bytes), Err(StatementError::BadSignature));
    }
    let bytes = resign(&key(1), STATEMENT, grant(&key(1), &key(2)).bytes());
    assert_eq!(Grant::parse(&bytes), Err(GrantError::BadSignature));
}

#[test]
fn another_key_signs_nothing_in_an_authors_name() {
    let bytes = resign(&key(2), STATEMENT, founding().bytes());
    assert_eq!(Statement::parse(&bytes), Err(StatementError::BadSignature));
}

#[test]
fn a_grant_says_what_was_granted_and_to_whom() {
    let grant = grant(&key(3), &key(2));
    let read = Grant::parse(grant.bytes()).unwrap();
    assert_eq!(read, grant);
    assert_eq!(
        (read.issuer(), read.terms().founder),
        (id(&key(3)), id(&key(2)))
    );
    assert_eq!(
        (read.terms().max_bytes, read.terms().expires_at_ms),
        (1 << 30, TOMORROW)
    );
    let mut newer = grant.bytes().to_vec();
    let at = newer.len() - SIGNATURE;
    newer.splice(at - 4..at, *b"\x00\x00\x00\x01x");
    assert_eq!(Grant::parse(&newer), Err(GrantError::BadSignature));
    assert!(Grant::parse(&resign(&key(3), b"kap/grant/1", &newer)).is_ok());
}

/// Not even what its issuer signed, or one grant could be written in many ways.
#[test]
fn nothing_stands_between_a_grants_fields_and_its_signature() {
    let grant = grant(&key(3), &key(2));
    for more in [1, 64] {
        let mut longer = grant.bytes().to_vec();
        let at = longer.len() - SIGNATURE;
        longer.splice(at..at, vec![0; more]);
        let longer = resign(&key(3), b"kap/grant/1", &longer);
        assert!(matches!(
            Grant::parse(&longer),
            Err(GrantError::Malformed(_))
        ));
    }
}
