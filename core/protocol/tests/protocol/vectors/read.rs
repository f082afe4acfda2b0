//! Reads the committed file as a second implementation would: from its bytes, not from our builders.

use std::collections::BTreeMap;

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::grant::Grant;
use companion_protocol::id::{Epoch, MemberId};
use companion_protocol::request::{Parts, Signed};
use companion_protocol::statement::Statement;
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::describe::{self, chain_error, change_refusal, hex};
use super::flips::verdict;

const SEALING: &str = include_str!("../../vectors/sealing-v1.json");

fn document() -> Value {
    serde_json::from_str(&super::committed()).unwrap()
}

fn section(name: &str) -> Vec<Value> {
    document()[name].as_array().unwrap().clone()
}

fn bytes(value: &Value, field: &str) -> Vec<u8> {
    HEXLOWER
        .decode(value[field].as_str().unwrap().as_bytes())
        .unwrap()
}

fn statements() -> Vec<Statement> {
    section("statements")
        .iter()
        .map(|v| Statement::parse(&bytes(v, "bytes")).unwrap())
        .collect()
}

/// SHA-256 over a purpose and the bytes.
fn hash(purpose: &str, bytes: &[u8]) -> String {
    hex(Sha256::new()
        .chain_update(purpose)
        .chain_update(bytes)
        .finalize())
}

/// Plain Ed25519 over a purpose and everything before the last 64 bytes.
fn is_signed(purpose: &str, by: &Value, bytes: &[u8]) {
    let by: MemberId = by.as_str().unwrap().parse().unwrap();
    let (signed, signature) = bytes.split_last_chunk::<64>().unwrap();
    let message = [purpose.as_bytes(), signed].concat();
    let key = VerifyingKey::from_bytes(by.as_bytes()).unwrap();
    key.verify_strict(&message, &Signature::from_bytes(signature))
        .unwrap();
}

#[test]
fn the_keys_follow_from_their_seeds() {
    for vector in section("keys") {
        let key = SigningKey::from_bytes(&bytes(&vector, "seed").try_into().unwrap());
        assert_eq!(vector["public"], hex(key.verifying_key().to_bytes()));
    }
}

#[test]
fn each_statement_leads_to_the_chain_that_is_written_beside_it() {
    let mut chain: Option<Chain> = None;
    for vector in section("statements") {
        let raw = bytes(&vector, "bytes");
        let statement = Statement::parse(&raw).unwrap();
        match &mut chain {
            None => chain = Some(Chain::start(&statement).unwrap()),
            Some(chain) => chain.extend(&statement).unwrap(),
        }
        assert_eq!(describe::chain(chain.as_ref().unwrap()), vector["after"]);
        assert_eq!(vector["hash"], hash("kap/statement-hash/1", &raw));
        assert_eq!(vector["hash"], statement.hash().to_string());
        is_signed("kap/statement/1", &vector["author"], &raw);
    }
}

#[test]
fn each_refused_statement_is_refused_for_the_reason_given() {
    let statements = statements();
    for vector in section("refused_statements") {
        let onto = usize::try_from(vector["onto"].as_u64().unwrap()).unwrap();
        let mut chain = Chain::from_statements(&statements[..onto]).unwrap();
        let statement = Statement::parse(&bytes(&vector, "bytes")).unwrap();
        let error = chain.extend(&statement).unwrap_err();
        assert_eq!(vector["refusal"], chain_error(error), "{}", vector["name"]);
    }
}

#[test]
fn each_change_is_genuine_and_fits_the_chain() {
    let chain = Chain::from_statements(&statements()).unwrap();
    for vector in section("changes") {
        let raw = bytes(&vector, "bytes");
        let change = SealedChange::parse(&raw).unwrap();
        assert_eq!(change.verify_signature(), Ok(()));
        assert_eq!(chain.check_change(change.header()), Ok(()));
        assert_eq!(hex(change.header_bytes()), vector["associated_data"]);
        assert_eq!(hex(change.ciphertext()), vector["ciphertext"]);
        assert_eq!(vector["hash"], hash("kap/change-hash/1", &raw));
        assert_eq!(vector["hash"], change.hash().to_string());
        is_signed("kap/change/1", &vector["author"], &raw);
    }
}

#[test]
fn each_refused_change_is_refused_for_the_reason_given() {
    let chain = Chain::from_statements(&statements()).unwrap();
    for vector in section("refused_changes") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        assert_eq!(change.verify_signature(), Ok(()));
        let verdict = chain
            .check_change(change.header())
            .map_or_else(change_refusal, |()| "fits");
        assert_eq!(vector["refusal"], verdict, "{}", vector["name"]);
    }
}

#[test]
fn each_grant_is_genuine() {
    for vector in section("grants") {
        let raw = bytes(&vector, "bytes");
        let grant = Grant::parse(&raw).unwrap();
        assert_eq!(vector["issuer"], grant.issuer().to_string());
        assert_eq!(vector["serial"], grant.serial().to_string());
        assert_eq!(vector["max_bytes"], grant.max_bytes());
        assert_eq!(vector["expires_at_ms"], grant.expires_at_ms());
        is_signed("kap/grant/1", &vector["issuer"], &raw);
    }
}

#[test]
fn each_request_is_authentic() {
    for vector in section("requests") {
        let text = |name: &str| vector[name].as_str().unwrap();
        let body = bytes(&vector, "body");
        let parts = Parts {
            method: text("method"),
            authority: text("authority"),
            path: text("path"),
            query: text("query"),
            body: &body,
        };
        let signed = Signed::parse(
            Some(text("content-digest")),
            Some(text("signature-input")),
            Some(text("signature")),
        );
        let authenticated = signed.and_then(|signed| signed.verify(parts)).unwrap();
        assert_eq!(text("keyid"), authenticated.member.to_string());
        assert_eq!(vector["created"], authenticated.created);
        assert_eq!(text("nonce"), hex(authenticated.nonce));

        let code = text("signature")
            .strip_prefix("sig1=:")
            .unwrap()
            .strip_suffix(':')
            .unwrap();
        let signature = BASE64.decode(code.as_bytes()).unwrap();
        is_signed(
            "",
            &vector["keyid"],
            &[text("base").as_bytes(), &signature].concat(),
        );
    }
}

/// Opening what is inside is for a member's code to prove; that it all stands in genuine objects is
/// ours.
#[test]
fn what_members_seal_stands_in_a_genuine_chain() {
    let sealing: Value = serde_json::from_str(SEALING).unwrap();
    let objects = |section: &str| sealing[section].as_array().unwrap().clone();
    let statements: Vec<Statement> = objects("statements")
        .iter()
        .map(|vector| Statement::parse(&bytes(vector, "bytes")).unwrap())
        .collect();
    let chain = Chain::from_statements(&statements).unwrap();
    for vector in objects("identities") {
        let member = vector["member"].as_str().unwrap().parse().unwrap();
        let member = chain.present(&member).unwrap();
        assert_eq!(vector["hpke_key"], hex(*member.hpke_key));
    }
    for vector in objects("epoch_keys") {
        let epoch = u32::try_from(vector["epoch"].as_u64().unwrap()).unwrap();
        let message = [&epoch.to_be_bytes()[..], &bytes(&vector, "key")].concat();
        assert_eq!(vector["commitment"], hash("kap/epoch/1", &message));
        assert_eq!(
            vector["commitment"],
            hex(chain.commitment(Epoch(epoch)).unwrap())
        );
    }
    for vector in objects("changes") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        assert_eq!(change.verify_signature(), Ok(()));
        assert_eq!(chain.check_change(change.header()), Ok(()));
        assert_eq!(vector["hash"], change.hash().to_string());
        assert_eq!(
            change.ciphertext().len(),
            bytes(&vector, "packed").len() + 16
        );
    }
}

#[test]
fn each_flipped_bit_has_the_consequence_given() {
    let mut originals = BTreeMap::new();
    for (name, kind) in [
        ("statements", "statement"),
        ("changes", "change"),
        ("grants", "grant"),
        ("frames", ""),
    ] {
        for vector in section(name) {
            let kind = vector["kind"].as_str().unwrap_or(kind).to_owned();
            let raw = bytes(&vector, "bytes");
            assert_eq!(verdict(&kind, &raw), "well_formed");
            originals.insert(vector["name"].as_str().unwrap().to_owned(), (kind, raw));
        }
    }
    let flips = section("flips");
    assert!(flips.len() > 200, "{}", flips.len());
    for vector in flips {
        let (kind, raw) = &originals[vector["of"].as_str().unwrap()];
        let mut raw = raw.clone();
        let at = usize::try_from(vector["offset"].as_u64().unwrap()).unwrap();
        raw[at] ^= u8::try_from(vector["xor"].as_u64().unwrap()).unwrap();
        assert_eq!(vector["verdict"], verdict(kind, &raw), "{vector}");
        // Frames are not signed, so only they may survive.
        let is_frame = !["statement", "change", "grant"].contains(&kind.as_str());
        assert!(is_frame || vector["verdict"] != "well_formed", "{vector}");
    }
}
