//! Any bytes into every parser: a value or a typed error, never a panic; and what was parsed has
//! exactly one encoding.

use companion_protocol::api::{ChainPage, ChainRun, PullPage, PushBatch};
use companion_protocol::change::{MIN_CIPHERTEXT, Sealed, SealedChange};
use companion_protocol::grant::Grant;
use companion_protocol::id::{Incarnation, LogNumber, SpaceId, StatementHash};
use companion_protocol::request::{Parts, Signed, sign};
use companion_protocol::statement::{ChainPosition, Statement};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixtures::{NOW, id, key};
use crate::strategies::{GENUINE, array, body, bytes, damage, header, terms};

/// Parses `bytes` as everything there is, and writes again what could be parsed.
fn parse_as_everything(bytes: &[u8]) {
    if let Ok(frame) = PushBatch::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = PullPage::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = ChainPage::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = ChainRun::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(change) = SealedChange::parse(bytes) {
        assert_eq!(change.bytes(), bytes);
        assert_eq!(encoded(&change), bytes);
        let _ = change.verify_signature();
    }
    if let Ok(statement) = Statement::parse(bytes) {
        assert_eq!(statement.bytes(), bytes);
        let signer = (1..=4)
            .map(key)
            .find(|key| id(key) == statement.author())
            .unwrap();
        let position = statement.position();
        let again = Statement::sign(
            &signer,
            position,
            statement.made_at_ms(),
            statement.body().clone(),
        );
        assert_eq!(again.bytes(), bytes);
    }
    if let Ok(grant) = Grant::parse(bytes) {
        let signer = [1, 2].map(key);
        let signer = signer.iter().find(|key| id(key) == grant.issuer());
        let again = Grant::sign(signer.unwrap(), *grant.terms());
        assert_eq!(again.bytes(), bytes);
    }
}

/// A change written again from its parsed fields; what a later version added is taken over.
fn encoded(change: &SealedChange) -> Vec<u8> {
    let header = change.header().encode();
    let (known, _) = header.split_last_chunk::<2>().unwrap();
    let extensions = &change.header_bytes()[known.len()..];
    assert!(header == change.header_bytes() || extensions.len() > 2);
    let body = match change.sealed() {
        Some(sealed) => {
            let length = u32::try_from(sealed.ciphertext.len())
                .unwrap()
                .to_be_bytes();
            let parts: [&[u8]; 5] = [
                &[1],
                &sealed.nonce,
                &sealed.commitment,
                &length,
                &sealed.ciphertext,
            ];
            parts.concat()
        }
        None => [&[2][..], change.body_hash()].concat(),
    };
    let signature = change.bytes().last_chunk::<66>().unwrap();
    [known, extensions, &body, signature].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_a_value_with_one_encoding_or_a_typed_error(bytes in bytes()) {
        parse_as_everything(&bytes);
    }

    #[test]
    fn any_text_is_a_signature_in_the_one_form_or_a_typed_error(
        digest in ".{0,80}",
        input in "(sig1=)?(\\(.{0,30}\\))?(;created=[0-9]{0,12})?(;keyid=\"[0-9a-f]{0,70}\")?.{0,20}",
        signature in "(sig1=:[A-Za-z0-9+/]{0,90}={0,2}:?)|.{0,40}",
    ) {
        let parts = Parts { method: "GET", authority: "h", path: "/", query: "", body: b"" };
        if let Ok(signed) = Signed::parse(Some(&digest), Some(&input), Some(&signature)) {
            prop_assert!(signed.verify(parts).is_err());
        }
    }

    #[test]
    fn any_text_is_an_id_with_one_spelling_or_an_error(text in "[0-9a-fA-Fxg ]{0,66}|[0-9a-f]{64}") {
        if let Ok(id) = text.parse::<SpaceId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn damage_never_leaves_a_valid_signature(
        which in any::<prop::sample::Index>(),
        damages in vec(damage(), 1..4),
    ) {
        let damaged = |genuine: &Vec<u8>| {
            let mut bytes = genuine.clone();
            damages.iter().for_each(|damage| damage.apply(&mut bytes));
            (bytes != *genuine).then_some(bytes)
        };
        if let Some(bytes) = damaged(which.get(&GENUINE.statements)) {
            prop_assert!(Statement::parse(&bytes).is_err());
        }
        if let Some(bytes) = damaged(&GENUINE.grant) {
            prop_assert!(Grant::parse(&bytes).is_err());
        }
        if let Some(bytes) = damaged(which.get(&GENUINE.changes)) {
            let opened = SealedChange::parse(&bytes).and_then(|change| change.verify_signature());
            prop_assert!(opened.is_err());
        }
    }

    #[test]
    fn a_damaged_request_is_refused(which in 0usize..3, damages in vec(damage(), 1..3)) {
        let parts =
            Parts { method: "PUT", authority: "h:1", path: "/a", query: "b=c", body: b"body" };
        let headers = sign(&key(2), parts, NOW / 1000, &[7; 16]);
        let mut values = headers.pairs().map(|(_, value)| value.to_owned());
        let mut bytes = values[which].clone().into_bytes();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        let damaged = String::from_utf8_lossy(&bytes).into_owned();
        prop_assume!(damaged != values[which]);
        values[which] = damaged;
        let [digest, input, signature] = values;
        let verified = Signed::parse(Some(&digest), Some(&input), Some(&signature))
            .and_then(|signed| signed.verify(parts));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn any_statement_comes_back_as_it_was_signed(
        space in array(), sequence: u64, previous in array(), at: u64, body in body(),
    ) {
        let position = ChainPosition {
            space: SpaceId::new(space),
            sequence,
            previous: StatementHash::new(previous),
        };
        let statement = Statement::sign(&key(2), position, at, body);
        prop_assert_eq!(Statement::parse(statement.bytes()), Ok(statement));
    }

    #[test]
    fn any_change_comes_back_as_it_was_signed_with_its_body_or_without(
        header in header(), text in vec(any::<u8>(), MIN_CIPHERTEXT..1400),
    ) {
        let sealed = Sealed { nonce: [1; 24], commitment: [2; 32], ciphertext: text };
        let change = SealedChange::sign(&key(2), header, sealed);
        for change in [change.bare(), change] {
            let parsed = SealedChange::parse(change.bytes()).unwrap();
            prop_assert_eq!(parsed.verify_signature(), Ok(()));
            prop_assert_eq!(parsed.header_bytes(), change.header().encode());
            prop_assert_eq!(encoded(&parsed), change.bytes());
            prop_assert_eq!(parsed, change);
        }
    }

    #[test]
    fn any_grant_comes_back_as_it_was_signed(terms in terms()) {
        let grant = Grant::sign(&key(2), terms);
        prop_assert_eq!(Grant::parse(grant.bytes()), Ok(grant));
    }

    #[test]
    fn any_frame_comes_back_as_it_was_written(
        life in array(),
        numbers in prop::collection::btree_set(1u64.., 0..8),
        items in vec(vec(any::<u8>(), 0..50), 8),
    ) {
        let incarnation = Incarnation::new(life);
        let changes: Vec<_> =
            numbers.into_iter().map(LogNumber).zip(items.iter().cloned()).collect();
        let page = PullPage { incarnation, head: LogNumber(9), changes };
        prop_assert_eq!(PullPage::decode(&page.encode()), Ok(page));
        let push = PushBatch { changes: items.clone() };
        prop_assert_eq!(PushBatch::decode(&push.encode()), Ok(push));
        let run = ChainRun { statements: items.clone() };
        prop_assert_eq!(ChainRun::decode(&run.encode()), Ok(run));
        let chain = ChainPage { incarnation, length: 9, statements: items.clone() };
        prop_assert_eq!(ChainPage::decode(&chain.encode()), Ok(chain));
    }

    #[test]
    fn any_request_verifies_as_it_was_signed(
        method in "[A-Z]{1,7}", authority in "[a-z0-9.:-]{1,30}", path in "/[!->@-~]{0,60}",
        query in "[!-~]{0,60}", body in vec(any::<u8>(), 0..200), created: u64, nonce in array(),
    ) {
        let parts =
            Parts { method: &method, authority: &authority, path: &path, query: &query, body: &body };
        let headers = sign(&key(2), parts, created, &nonce);
        let signed = Signed::parse(
            Some(&headers.content_digest),
            Some(&headers.signature_input),
            Some(&headers.signature),
        );
        let authenticated = signed.and_then(|signed| signed.verify(parts)).unwrap();
        prop_assert_eq!(authenticated.member, id(&key(2)));
        prop_assert_eq!((authenticated.created, authenticated.nonce), (created, nonce));
    }
}
