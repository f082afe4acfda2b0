//! What only members read, by the vectors that other implementations read too: pairing links, seals and
//! packed payloads in `core/protocol/tests/vectors/v1.json`. What they say is said in `WIRE.md` §6 and §8.

#![allow(clippy::unwrap_used)]

use companion_core::testing::space::invitation::PairingLink;
use companion_core::testing::space::keys::EpochKey;
use companion_core::testing::space::payload::{Payload, unpack};
use companion_core::testing::space::{SpaceError, seal};
use companion_protocol::change::SealedChange;
use data_encoding::HEXLOWER;
use serde_json::Value;

const VECTORS: &str = include_str!("../protocol/tests/vectors/v1.json");

fn section(name: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let section = vectors.get(name).and_then(Value::as_array).unwrap();
    section.clone()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector.get(field).and_then(Value::as_str).unwrap()
}

fn is_refused(vector: &Value) -> bool {
    vector.get("refused").is_some()
}

#[test]
fn a_link_says_what_is_written_beside_it_or_is_refused() {
    let (refused, taken): (Vec<Value>, Vec<Value>) =
        section("links").into_iter().partition(is_refused);
    assert!(refused.len() >= 8 && taken.len() >= 6);
    for vector in refused {
        let read = PairingLink::parse(text(&vector, "text"));
        assert!(read.is_err(), "{}", text(&vector, "name"));
    }
    for vector in taken {
        let name = text(&vector, "name");
        let link = PairingLink::parse(text(&vector, "text")).unwrap();
        assert_eq!(link.server, text(&vector, "server"), "{name}");
        assert_eq!(link.clinic, text(&vector, "clinic"), "{name}");
        let invites = vector.get("invites").and_then(Value::as_array).unwrap();
        assert_eq!(link.invites.len(), invites.len(), "{name}");
        for (invite, expected) in link.invites.iter().zip(invites) {
            assert_eq!(invite.purpose.as_str(), text(expected, "purpose"));
            assert_eq!(invite.space.to_string(), text(expected, "space"));
            let secret = HEXLOWER.encode(invite.secret.as_bytes());
            assert_eq!(secret, text(expected, "secret"));
            assert_eq!(invite.head.to_string(), text(expected, "head"));
        }
    }
}

#[test]
fn a_seal_opens_under_its_own_header_key_and_author_and_under_no_other() {
    let (refused, taken): (Vec<Value>, Vec<Value>) =
        section("seals").into_iter().partition(is_refused);
    assert!(refused.len() >= 12 && taken.len() == 1);
    let open = |vector: &Value| {
        let key = HEXLOWER.decode(text(vector, "key").as_bytes()).unwrap();
        let bytes = HEXLOWER.decode(text(vector, "bytes").as_bytes()).unwrap();
        let change = SealedChange::parse(&bytes).unwrap();
        let packed = seal::open(&EpochKey::new(key.try_into().unwrap()), &change)?;
        Payload::unpack(&packed, &change.header().content).map(|_| packed)
    };
    for vector in refused {
        let why = match vector.get("opens") {
            Some(_) => SpaceError::OtherContent,
            None => SpaceError::CannotOpen,
        };
        assert_eq!(open(&vector), Err(why), "{}", text(&vector, "name"));
    }
    for vector in taken {
        assert_eq!(
            HEXLOWER.encode(&open(&vector).unwrap()),
            text(&vector, "packed")
        );
    }
}

#[test]
fn a_packed_payload_is_one_frame_and_holds_what_it_says_or_is_refused() {
    let (refused, taken): (Vec<Value>, Vec<Value>) =
        section("packed").into_iter().partition(is_refused);
    assert!(refused.len() >= 14 && taken.len() >= 3);
    let mut wrong = Vec::new();
    for vector in refused {
        let packed = HEXLOWER.decode(text(&vector, "packed").as_bytes()).unwrap();
        if unpack(&packed).is_ok() {
            wrong.push(text(&vector, "name").to_owned());
        }
    }
    assert!(wrong.is_empty(), "taken: {wrong:?}");
    for vector in taken {
        let packed = HEXLOWER.decode(text(&vector, "packed").as_bytes()).unwrap();
        let payload = unpack(&packed).unwrap();
        assert_eq!(HEXLOWER.encode(&payload), text(&vector, "payload"));
    }
}
