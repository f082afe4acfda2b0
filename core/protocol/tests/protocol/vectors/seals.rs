//! Changes that are genuine and of no use: one that opens to something else than it says, and those that do
//! not open, made from the one in `sealing-v1.json` by changing what the
//! seal is bound to, and signed again by their author, since a signature says nothing of a seal.

use companion_protocol::change::SealedChange;
use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::describe::hex;
use super::layout;
use super::read::SEALING;
use crate::fixtures::{id, resign_change};

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    let text = vector[field].as_str().unwrap();
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

pub(super) fn changes() -> Value {
    let sealing: Value = serde_json::from_str(SEALING).unwrap();
    let vector = &sealing["changes"][0];
    let genuine = bytes(vector, "bytes");
    let change = SealedChange::parse(&genuine).unwrap();
    let header = change.header();
    let keys = sealing["epoch_keys"].as_array().unwrap();
    let key = keys
        .iter()
        .find(|key| key["epoch"] == header.epoch.0)
        .unwrap();
    let seeds = sealing["identities"].as_array().unwrap().iter();
    let members: Vec<SigningKey> = seeds
        .map(|one| SigningKey::from_bytes(&bytes(one, "signing_seed").try_into().unwrap()))
        .collect();
    let author = members.iter().find(|one| id(one) == header.author).unwrap();
    let another = members.iter().find(|one| id(one) != header.author).unwrap();
    let ciphertext = change.sealed().unwrap().ciphertext.len();
    let layout = layout::change(header.frontier.len(), header.drops.len(), Some(ciphertext));
    assert_eq!(layout.length(), genuine.len());

    let mut all = vec![json!({
        "name": "as it was sealed",
        "key": key["key"],
        "bytes": vector["bytes"],
        "packed": vector["packed"],
    })];
    let mut refuse = |name: &str, by: &SigningKey, bytes: &[u8]| {
        let bytes = resign_change(by, bytes);
        let change = SealedChange::parse(&bytes).unwrap();
        assert_eq!(change.verify_signature(), Ok(()), "{name}");
        all.push(json!({
            "name": name,
            "key": key["key"],
            "bytes": hex(bytes),
            "refused": true,
        }));
    };
    for (name, field) in [
        ("with another id", "id"),
        ("with another space", "space"),
        ("with another epoch", "epoch"),
        ("with another chain head", "chain_head"),
        ("with another content in its header", "content"),
        ("with another nonce", "nonce"),
        ("with another commitment", "commitment"),
        ("with another ciphertext", "ciphertext"),
    ] {
        let mut bytes = genuine.clone();
        bytes[layout.offset(field)] ^= 1;
        refuse(name, author, &bytes);
    }
    let mut tag = genuine.clone();
    tag[layout.offset("ciphertext") + ciphertext - 1] ^= 1;
    refuse("with another tag", author, &tag);
    let mut of_another = genuine.clone();
    let at = layout.offset("author");
    of_another[at..at + 32].copy_from_slice(id(another).as_bytes());
    refuse("in another author's name", another, &of_another);
    let mut later = genuine;
    let at = layout.offset("extensions length");
    later.splice(at..at + 2, *b"\x00\x05later");
    refuse(
        "with extensions that came after it was sealed",
        author,
        &later,
    );
    let other = &sealing["other_contents"][0];
    assert_eq!(other["epoch"], header.epoch.0);
    all.push(json!({
        "name": "with another payload than its header says",
        "key": key["key"],
        "bytes": other["bytes"],
        "refused": true,
        "opens": true,
    }));
    all.into()
}
