//! What only members compute, against `core/protocol/tests/vectors/sealing-v1.json`, which other
//! implementations read: made again and compared, and read as one of those would read it.

mod make;

use std::path::Path;

use companion_protocol::change::SealedChange;
use companion_protocol::id::MemberId;
use data_encoding::HEXLOWER;
use serde_json::Value;

use super::super::agreement::{KeyAgreement, Recipient, XWingHpke};
use super::super::keys::{open_previous, seal_previous};
use super::super::payload::{Payload, content, padded_length, unpack};
use super::super::rotation::Falsehood;
use super::super::seal;
use super::*;

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

fn array<const N: usize>(vector: &Value, field: &str) -> [u8; N] {
    bytes(vector, field).try_into().unwrap()
}

fn epoch(vector: &Value, field: &str) -> Epoch {
    Epoch(u32::try_from(vector[field].as_u64().unwrap()).unwrap())
}

fn statements() -> Vec<Statement> {
    let statements = section("statements");
    let parsed = statements
        .iter()
        .map(|vector| Statement::parse(&bytes(vector, "bytes")).unwrap());
    parsed.collect()
}

fn keys() -> Keyring {
    let keys = section("epoch_keys");
    let read = |vector| (epoch(vector, "epoch"), EpochKey::new(array(vector, "key")));
    keys.iter().map(read).collect()
}

/// The file in the form in which it is kept.
fn written() -> String {
    serde_json::to_string_pretty(&make::document()).unwrap() + "\n"
}

#[test]
fn the_committed_vectors_are_what_is_made_today() {
    assert!(
        written() == VECTORS,
        "sealing-v1.json is made differently: that is another format, or another Zstandard"
    );
}

/// Writes the vectors when the format was changed on purpose: `cargo test -p companion-core --lib
/// write_the_sealing_vectors -- --ignored`. Look at what changed before you keep it.
#[test]
// `cargo test -p companion-core --lib write_the_sealing_vectors -- --ignored`
#[ignore = "rewrites core/protocol/tests/vectors/sealing-v1.json; run it only after a format was changed on purpose"]
fn write_the_sealing_vectors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol/tests/vectors/sealing-v1.json");
    std::fs::write(path, written()).unwrap();
}

#[test]
fn an_identity_follows_from_its_root_and_its_handle_and_opens_every_epochs_key() {
    let statements = statements();
    let chain = Chain::from_statements(&statements).unwrap();
    assert_eq!(
        chain.binding(),
        &array(&serde_json::from_str(VECTORS).unwrap(), "binding")
    );
    let (inside, elsewhere) = (section("identities"), section("other_identities"));
    for (vector, is_inside) in inside
        .iter()
        .map(|vector| (vector, true))
        .chain(elsewhere.iter().map(|vector| (vector, false)))
    {
        let root = Installation::from_bytes(&bytes(vector, "root")).unwrap();
        let me = root.identity(&Handle::new(array(vector, "handle")));
        assert_eq!(me.signing_key().to_bytes(), array(vector, "signing_seed"));
        assert_eq!(me.receiving_seed(), &array(vector, "receiving_seed"));
        assert_eq!(me.member().to_string(), text(vector, "member"));
        assert_eq!(HEXLOWER.encode(&*me.hpke_key()), text(vector, "hpke_key"));
        let mut ring = Keyring::new();
        rotation::learn_keys(&me, &chain, &statements, &mut ring);
        assert_eq!(ring.len(), if is_inside { keys().len() } else { 0 });
        for (epoch, key) in &ring {
            assert_eq!(key.as_bytes(), keys()[epoch].as_bytes());
            assert!(rotation::is_committed(&chain, *epoch, key));
        }
    }
}

#[test]
fn wraps_and_previous_keys_are_these_bytes() {
    let chain = Chain::from_statements(&statements()).unwrap();
    let (keys, wraps, previous_keys) = (keys(), section("wraps"), section("previous_keys"));
    assert_eq!((wraps.len(), previous_keys.len()), (5, 2));
    for vector in wraps {
        let member: MemberId = text(&vector, "member").parse().unwrap();
        let epoch = epoch(&vector, "epoch");
        let recipient = Recipient {
            member: &member,
            hpke_key: &chain.member(&member).unwrap().hpke_key,
        };
        let commitment = chain.commitment(epoch).unwrap();
        let wrapped = XWingHpke
            .wrap(recipient, commitment, &keys[&epoch])
            .unwrap();
        assert_eq!(HEXLOWER.encode(&*wrapped), text(&vector, "wrapped"));
    }
    for vector in previous_keys {
        let (new, earlier) = (epoch(&vector, "new_epoch"), epoch(&vector, "epoch"));
        let new = (new, &keys[&new]);
        let sealed = seal_previous(chain.binding(), new, (earlier, &keys[&earlier])).unwrap();
        assert_eq!(HEXLOWER.encode(&sealed), text(&vector, "sealed"));
        let opened = open_previous(chain.binding(), new, earlier, &sealed).unwrap();
        assert_eq!(opened.as_bytes(), keys[&earlier].as_bytes());
    }
}

#[test]
fn a_false_rotation_fits_the_chain_and_names_its_author() {
    let phone = &section("identities")[1];
    let root = Installation::from_bytes(&bytes(phone, "root")).unwrap();
    let me = root.identity(&Handle::new(array(phone, "handle")));
    for vector in section("false_rotations") {
        let mut statements = statements();
        statements.push(Statement::parse(&bytes(&vector, "bytes")).unwrap());
        let chain = Chain::from_statements(&statements).unwrap();
        let mut keys = keys();
        keys.insert(
            epoch(&vector, "epoch"),
            EpochKey::new(array(&vector, "key")),
        );
        let said = statements.last().unwrap();
        let fault = rotation::falsehood(&me, &chain, said, &statements, &keys).unwrap();
        assert_eq!(fault.by.to_string(), text(&vector, "by"));
        let what = match fault.what {
            Falsehood::LockedOut | Falsehood::LocksOut(_) => "locks_out",
            Falsehood::HidesHistory(_) => "hides_history",
        };
        assert_eq!(what, text(&vector, "what"));
    }
}

#[test]
fn an_invites_secret_gives_its_key() {
    let statements = statements();
    for vector in section("invites") {
        let secret = InviteSecret::new(array(&vector, "secret"));
        assert_eq!(secret.invite_key().to_string(), text(&vector, "invite_key"));
        let StatementBody::Invite(invite) = statements[1].body() else {
            panic!("the second statement is the invite");
        };
        assert_eq!(invite.invite_key, secret.invite_key());
    }
}

#[test]
fn a_change_opens_to_its_payload_and_without_its_body_has_the_same_name() {
    let chain = Chain::from_statements(&statements()).unwrap();
    for vector in section("changes") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        assert_eq!(chain.check_change(change.header()), Ok(()));
        let packed = seal::open(&keys()[&change.header().epoch], &change).unwrap();
        assert_eq!(HEXLOWER.encode(&packed), text(&vector, "packed"));
        let payload = unpack(&packed).unwrap();
        assert_eq!(HEXLOWER.encode(&payload), text(&vector, "payload"));
        let said = change.header().content;
        assert_eq!(content(&payload), said);
        assert_eq!(said.to_string(), text(&vector, "content"));
        let payload = Payload::unpack(&packed, &said).unwrap();
        assert_eq!(HEXLOWER.encode(&payload.blind), text(&vector, "blind"));
        assert_eq!(payload.document.to_string(), text(&vector, "document"));
        assert_eq!(payload.kind.as_str(), text(&vector, "kind"));
        assert_eq!(payload.projection, text(&vector, "projection"));
        assert_eq!(HEXLOWER.encode(&payload.change), text(&vector, "change"));
        let bare = SealedChange::parse(&bytes(&vector, "bare")).unwrap();
        for change in [change, bare] {
            assert_eq!(change.verify_signature(), Ok(()));
            assert_eq!(change.hash().to_string(), text(&vector, "hash"));
            assert_eq!(change.history().to_string(), text(&vector, "history"));
            assert_eq!(
                HEXLOWER.encode(change.header_bytes()),
                text(&vector, "header")
            );
        }
    }
    for vector in section("other_contents") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        assert_eq!(change.verify_signature(), Ok(()));
        assert_eq!(chain.check_change(change.header()), Ok(()));
        let packed = seal::open(&keys()[&change.header().epoch], &change).unwrap();
        let opened = Payload::unpack(&packed, &change.header().content);
        assert_eq!(opened, Err(SpaceError::OtherContent));
    }
}

#[test]
fn words_links_and_lengths_are_the_documented_ones() {
    for vector in section("compare_words") {
        let joins = vector["joins"].as_array().unwrap().iter().map(|join| {
            let compared = Compared {
                join: text(join, "join").parse().unwrap(),
                answer: text(join, "answer").parse().unwrap(),
            };
            (text(join, "space").parse::<SpaceId>().unwrap(), compared)
        });
        let words = compare_words(&joins.collect::<Vec<_>>());
        assert_eq!(words.join(" "), text(&vector, "words"));
    }
    for vector in section("recovery") {
        let code = RecoveryCode::parse(text(&vector, "words")).unwrap();
        let me = code.identity(text(&vector, "purpose").parse().unwrap());
        let me = me.unwrap();
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
        let invites = vector["invites"].as_array().unwrap();
        assert_eq!(link.invites.len(), invites.len());
        for (invite, expected) in link.invites.iter().zip(invites) {
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
