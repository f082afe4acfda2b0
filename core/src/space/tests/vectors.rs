//! What only members compute, against `core/protocol/tests/vectors/sealing-v1.json`, which another
//! implementation made its peace with too. Read by opening: nonces and HPKE are random.

use std::collections::BTreeMap;

use crate::space::identity::Identity;
use crate::space::invitation::PairingLink;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::membership::{InviteSecret, learn_keys, open_invite_key};
use crate::space::payload::{Payload, padded_length, unpack};
use crate::space::recovery::RecoveryCode;
use crate::space::seal;
use crate::space::words::compare_words;
use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{Epoch, SpaceId, StatementHash};
use companion_protocol::statement::{Statement, StatementBody};
use data_encoding::HEXLOWER;
use serde_json::Value;

const VECTORS: &str = include_str!("../../../protocol/tests/vectors/sealing-v1.json");

fn section(name: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(VECTORS).unwrap()[name]
        .as_array()
        .unwrap()
        .clone()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    HEXLOWER.decode(text(vector, field).as_bytes()).unwrap()
}

fn array(vector: &Value, field: &str) -> [u8; 32] {
    bytes(vector, field).try_into().unwrap()
}

fn statements() -> Vec<Statement> {
    section("statements")
        .iter()
        .map(|v| Statement::parse(&bytes(v, "bytes")).unwrap())
        .collect()
}

fn keys() -> BTreeMap<u32, EpochKey> {
    section("epoch_keys")
        .iter()
        .map(|v| {
            (
                u32::try_from(v["epoch"].as_u64().unwrap()).unwrap(),
                EpochKey::new(array(v, "key")),
            )
        })
        .collect()
}

#[test]
fn each_identity_opens_every_epochs_key() {
    let statements = statements();
    let chain = Chain::from_statements(&statements).unwrap();
    for vector in section("identities") {
        let seeds = (
            array(&vector, "signing_seed"),
            array(&vector, "receiving_seed"),
        );
        let me = Identity::from_seeds(&seeds.0, &seeds.1);
        assert_eq!(me.member().to_string(), text(&vector, "member"));
        assert_eq!(HEXLOWER.encode(&*me.hpke_key()), text(&vector, "hpke_key"));
        let mut ring = Keyring::new();
        learn_keys(&me, &chain, &statements, &mut ring);
        for (epoch, key) in keys() {
            assert_eq!(ring[&Epoch(epoch)].as_bytes(), key.as_bytes());
        }
    }
}

#[test]
fn an_invites_secret_gives_its_key() {
    for vector in section("invites") {
        let secret = InviteSecret::new(array(&vector, "secret"));
        assert_eq!(secret.invite_key().to_string(), text(&vector, "invite_key"));
        let statements = statements();
        let Some(StatementBody::Invite(invite)) = statements
            .iter()
            .map(Statement::body)
            .find(|b| matches!(b, StatementBody::Invite(_)))
        else {
            panic!("there is no invite");
        };
        assert_eq!(
            open_invite_key(&secret, invite).unwrap().as_bytes(),
            keys()[&0].as_bytes()
        );
    }
}

#[test]
fn a_change_opens_to_its_payload() {
    for vector in section("changes") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        let packed = seal::open(&keys()[&change.header().epoch.0], &change).unwrap();
        assert_eq!(HEXLOWER.encode(&packed), text(&vector, "packed"));
        let payload = unpack(&packed).unwrap();
        assert_eq!(HEXLOWER.encode(&payload), text(&vector, "payload"));
        let payload = Payload::decode(&payload).unwrap();
        assert_eq!(payload.document.to_string(), text(&vector, "document"));
        assert_eq!(payload.kind.as_str(), text(&vector, "kind"));
        assert_eq!(payload.projection, text(&vector, "projection"));
        assert_eq!(HEXLOWER.encode(&payload.change), text(&vector, "change"));
    }
}

#[test]
fn words_links_and_lengths_are_the_documented_ones() {
    for vector in section("compare_words") {
        let space: SpaceId = text(&vector, "space").parse().unwrap();
        let joined_by: StatementHash = text(&vector, "joined_by").parse().unwrap();
        assert_eq!(
            compare_words(space, joined_by).join(" "),
            text(&vector, "words")
        );
    }
    for vector in section("recovery") {
        let me = RecoveryCode::parse(text(&vector, "words"))
            .unwrap()
            .identity()
            .unwrap();
        assert_eq!(me.member().to_string(), text(&vector, "member"));
        assert_eq!(HEXLOWER.encode(&*me.hpke_key()), text(&vector, "hpke_key"));
    }
    for vector in section("links") {
        let link = PairingLink::parse(text(&vector, "text")).unwrap();
        assert_eq!(link.to_text(), text(&vector, "text"));
        assert_eq!(
            (link.server.as_str(), link.clinic.as_str()),
            (text(&vector, "server"), text(&vector, "clinic"))
        );
        assert_eq!(HEXLOWER.encode(&link.grant), text(&vector, "grant"));
        for (invite, expected) in link.invites.iter().zip(vector["doors"].as_array().unwrap()) {
            assert_eq!(invite.purpose.as_str(), text(expected, "purpose"));
            assert_eq!(invite.space.to_string(), text(expected, "space"));
            assert_eq!(
                HEXLOWER.encode(invite.secret.as_bytes()),
                text(expected, "secret")
            );
            assert_eq!(invite.head.to_string(), text(expected, "head"));
        }
    }
    for vector in section("padded_lengths") {
        let length = |at: usize| usize::try_from(vector[at].as_u64().unwrap()).unwrap();
        assert_eq!(padded_length(length(0)), length(1));
    }
}
