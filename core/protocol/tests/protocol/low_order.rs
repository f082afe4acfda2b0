//! Keys for which everybody can make signatures. RFC 8032's plain verification accepts them.

use companion_protocol::chain::ChainError;
use companion_protocol::change::{ChangeError, SealedChange};
use companion_protocol::grant::{Grant, GrantError};
use companion_protocol::id::{InviteKey, MemberId};
use companion_protocol::request::{Parts, RequestError, Signed, sign};
use companion_protocol::statement::{Role, Statement, StatementBody, StatementError};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};

use crate::fixtures::{
    NOW, Space, Turn, answer, change, create, enrolled, grant, id, invite, join, key,
};

/// The secret scalar 32 × `07` (modulo the order) times the base point, plus a point of order eight; and
/// what it signed.
pub(crate) const MIXED_KEY: &str =
    "cbeae50270abfdffc2a0b63bf8efeb6555905c410c39f0927cbca3dee02484ec";
pub(crate) const MIXED_MESSAGE: &[u8] = b"kap/mixed-order";
pub(crate) const MIXED_SIGNATURE: &str = "801f40eaaee1ef8723279a28b2cf4037b889dad222604678748b53ed0db0db92\
                               608c2c632a8f6337231fa6fe5ea94f788f4ad0c5d0ce139bcba278784f7c0106";

/// The eight points of small order, and four of them again in a form that is not canonical.
pub(crate) const WEAK: [&str; 12] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
];

fn weak_keys() -> impl Iterator<Item = [u8; 32]> {
    WEAK.iter()
        .map(|hex| HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap())
}

/// Point R and number 0: under the neutral element it fits every message.
fn for_every_message() -> [u8; 64] {
    let mut signature = [0; 64];
    signature[0] = 1;
    signature
}

fn replaced(bytes: &[u8], at: usize, weak: &[u8; 32]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + 32].copy_from_slice(weak);
    let end = bytes.len() - 64;
    bytes[end..].copy_from_slice(&for_every_message());
    bytes
}

#[test]
fn plain_verification_would_accept_them() {
    let neutral = VerifyingKey::from_bytes(&weak_keys().next().unwrap()).unwrap();
    let signature = Signature::from_bytes(&for_every_message());
    assert!(neutral.verify(b"anything at all", &signature).is_ok());
    assert!(
        neutral
            .verify_strict(b"anything at all", &signature)
            .is_err()
    );
    for weak in weak_keys() {
        if let Ok(point) = VerifyingKey::from_bytes(&weak) {
            assert!(point.is_weak(), "{}", HEXLOWER.encode(&weak));
        }
    }
}

#[test]
fn they_author_no_statement() {
    // An answer: a founding would be malformed, since it carries its author's key once more.
    let mut space = Space::founded_by(&key(1), Role::Host);
    space.wait(&key(1), &key(2), Role::Writer);
    space.say(&key(1), answer(id(&key(2)))).unwrap();
    let answering = space.statements[3].bytes().to_vec();
    for weak in weak_keys() {
        let forged = replaced(&answering, 2 + 1 + 1 + 1 + 32 + 8 + 32, &weak);
        assert_eq!(Statement::parse(&forged), Err(StatementError::BadSignature));
    }
}

#[test]
fn they_author_no_change() {
    let space = Space::founded_by(&key(1), Role::Host);
    let genuine = change(&key(1), space.header(&key(1)));
    for weak in weak_keys() {
        let forged = replaced(genuine.bytes(), 2 + 1 + 1 + 32 + 4 + 16, &weak);
        let forged = SealedChange::parse(&forged).unwrap();
        assert_eq!(forged.header().author, MemberId::new(weak));
        assert_eq!(forged.verify_signature(), Err(ChangeError::BadSignature));
    }
}

#[test]
fn they_grant_nothing() {
    let genuine = grant(&key(1), &key(2));
    for weak in weak_keys() {
        let forged = replaced(genuine.bytes(), 2 + 1 + 1 + 1, &weak);
        assert_eq!(Grant::parse(&forged), Err(GrantError::BadSignature));
    }
}

#[test]
fn they_sign_no_request() {
    let parts = Parts {
        method: "GET",
        authority: "h",
        path: "/v1/spaces",
        query: "",
        body: b"",
    };
    let genuine = sign(&key(1), parts, 1, &[0; 16]);
    let member = MemberId::new(key(1).verifying_key().to_bytes()).to_string();
    for weak in weak_keys() {
        let input = genuine
            .signature_input
            .replace(&member, &HEXLOWER.encode(&weak));
        let signature = format!("sig1=:{}:", BASE64.encode(&for_every_message()));
        let signed = Signed::parse(
            Some(&genuine.content_digest),
            Some(&input),
            Some(&signature),
        )
        .unwrap();
        assert_eq!(signed.claimed().member, MemberId::new(weak));
        assert_eq!(signed.verify(parts), Err(RequestError::BadSignature));
    }
}

/// Or an admin could leave an invite open by which everybody joins.
#[test]
fn they_open_no_invite() {
    for weak in weak_keys() {
        let mut space = Space::founded_by(&key(1), Role::Host);
        let mut inviting = invite(&key(9), Role::Device);
        if let StatementBody::Invite(invite) = &mut inviting {
            invite.invite_key = InviteKey::new(weak);
        }
        space.say(&key(1), inviting).unwrap();
        let mut through = join(space.id(), &key(2), &key(9));
        if let StatementBody::Join(join) = &mut through {
            join.invite_key = InviteKey::new(weak);
            join.invite_signature = for_every_message();
        }
        assert_eq!(space.say(&key(2), through), Err(ChainError::InviteUnusable));
    }
}

/// Or an admin could enrol a member that is everybody.
#[test]
fn they_are_not_enrolled() {
    for weak in weak_keys() {
        let mut space = Space::founded_by(&key(1), Role::Host);
        let mut rotate = space.rotation(Turn::default());
        let mut new = enrolled(space.id(), space.chain.head(), &key(2), Role::Host);
        new.member = MemberId::new(weak);
        new.proof = for_every_message();
        rotate.enrolled = vec![new];
        rotate
            .wrapped
            .push((MemberId::new(weak), crate::fixtures::wrapped(1)));
        rotate.wrapped.sort();
        let refused = space.say(&key(1), StatementBody::Rotate(rotate));
        assert_eq!(refused, Err(ChainError::BadProof));
    }
}

/// A key that is the sum of an honest one and a point of small order is not of small order itself: whoever
/// has the secret signs with it wherever the small part cancels. So one secret has several ids, which is
/// why an id proves that somebody holds its secret, and not that two ids are two somebodies. The hash is
/// taken modulo the group's order before it is multiplied: one that does not do so decides otherwise here.
#[test]
fn a_key_of_mixed_order_is_another_id_of_one_secret() {
    let bytes = |hex: &str| HEXLOWER.decode(hex.as_bytes()).unwrap();
    let key = VerifyingKey::from_bytes(&bytes(MIXED_KEY).try_into().unwrap()).unwrap();
    assert!(!key.is_weak());
    let signature = Signature::from_slice(&bytes(MIXED_SIGNATURE)).unwrap();
    assert!(key.verify_strict(MIXED_MESSAGE, &signature).is_ok());
    assert!(key.verify_strict(b"another", &signature).is_err());
}

/// A signature's number is below the group's order, or one signature could be written twice and a
/// statement have two hashes.
#[test]
fn a_signature_has_one_form() {
    const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = HEXLOWER.decode(ORDER.as_bytes()).unwrap();
    let position = companion_protocol::statement::ChainPosition::FIRST;
    let mut bytes = Statement::sign(&key(1), position, NOW, create(1, &key(1), Role::Host))
        .bytes()
        .to_vec();
    let at = bytes.len() - 32;
    let mut carry = 0u16;
    for (to, add) in bytes[at..].iter_mut().zip(order) {
        carry += u16::from(*to) + u16::from(add);
        *to = u8::try_from(carry & 0xff).unwrap();
        carry >>= 8;
    }
    assert_eq!(Statement::parse(&bytes), Err(StatementError::BadSignature));
}
