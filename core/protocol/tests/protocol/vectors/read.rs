//! Reads the committed file as a second implementation would: from its bytes, not from our builders.

use std::collections::BTreeMap;

use companion_protocol::chain::authority::{Act, Decision, Lowering, Roll, Standing, Waiting};
use companion_protocol::chain::{Chain, ChainError, ChangeRefusal};
use companion_protocol::change::SealedChange;
use companion_protocol::grant::Grant;
use companion_protocol::id::{Epoch, MemberId};
use companion_protocol::request::{Parts, Signed};
use companion_protocol::statement::{Role, Statement, StatementBody};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::authority::full_verdict;
use super::describe::{self, hex};
use super::flips::verdict;
use super::requests;

pub(super) const SEALING: &str = include_str!("../../vectors/sealing-v1.json");

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

fn role(name: &Value) -> Role {
    let all = Role::ALL.into_iter();
    let mut named = all.filter(|role| describe::role(*role) == name.as_str().unwrap());
    named.next().unwrap()
}

/// SHA-256 over a purpose and the bytes.
fn hash(purpose: &str, bytes: &[u8]) -> String {
    hex(Sha256::new()
        .chain_update(purpose)
        .chain_update(bytes)
        .finalize())
}

/// Plain Ed25519 over a purpose and bytes.
fn is_signed(purpose: &str, by: &Value, signed: &[u8], signature: &[u8]) {
    let by: MemberId = by.as_str().unwrap().parse().unwrap();
    let message = [purpose.as_bytes(), signed].concat();
    let key = VerifyingKey::from_bytes(by.as_bytes()).unwrap();
    key.verify_strict(&message, &Signature::from_slice(signature).unwrap())
        .unwrap();
}

/// The same over everything before the signature and its length, which end the bytes.
fn ends_signed(purpose: &str, by: &Value, bytes: &[u8]) {
    let (signed, end) = bytes.split_last_chunk::<66>().unwrap();
    assert_eq!(end[..2], [0, 64]);
    is_signed(purpose, by, signed, &end[2..]);
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
        ends_signed("kap/statement/1", &vector["author"], &raw);
    }
}

#[test]
fn each_refused_statement_is_refused_for_the_reason_given() {
    let statements = statements();
    for vector in section("refused_statements") {
        let onto = usize::try_from(vector["onto"].as_u64().unwrap()).unwrap();
        let mut chain = Chain::from_statements(&statements[..onto]).unwrap();
        for also in vector["also"].as_array().into_iter().flatten() {
            let also = HEXLOWER.decode(also.as_str().unwrap().as_bytes()).unwrap();
            chain.extend(&Statement::parse(&also).unwrap()).unwrap();
        }
        let statement = Statement::parse(&bytes(&vector, "bytes")).unwrap();
        let error = chain.extend(&statement).unwrap_err();
        assert_eq!(vector["refusal"], error.name(), "{}", vector["name"]);
        if let ChainError::NotAllowed(rule) = error {
            assert_eq!(vector["rule"], format!("{rule:?}"), "{}", vector["name"]);
        }
    }
}

/// From the fields alone, hashes and all.
#[test]
fn each_change_is_genuine_and_fits_the_chain_whole_and_bare() {
    let chain = Chain::from_statements(&statements()).unwrap();
    for vector in section("changes") {
        let ciphertext = bytes(&vector, "ciphertext");
        let length = u32::try_from(ciphertext.len()).unwrap().to_be_bytes();
        let (nonce, commitment) = (bytes(&vector, "nonce"), bytes(&vector, "commitment"));
        let body = [&nonce[..], &commitment, &length, &ciphertext].concat();
        assert_eq!(vector["body_hash"], hash("kap/body/1", &body));
        let (header, body_hash) = (
            bytes(&vector, "associated_data"),
            bytes(&vector, "body_hash"),
        );
        for (form, inside) in [
            ("bytes", [&[1], &body[..]]),
            ("bare", [&[2], &body_hash[..]]),
        ] {
            let raw = bytes(&vector, form);
            let (before, signature) = raw.split_last_chunk::<66>().unwrap();
            assert_eq!(before, [&header[..], inside[0], inside[1]].concat());
            let signed = [&header[..], &body_hash].concat();
            is_signed("kap/change/1", &vector["author"], &signed, &signature[2..]);
            let named = [&signed[..], signature].concat();
            assert_eq!(vector["hash"], hash("kap/change-hash/1", &named));
            // Space, author, counter, id, history before, content, and the drops with their count.
            let drops = 195 + 42 * vector["frontier"].as_array().unwrap().len();
            let drops = drops - 2..drops + 42 * vector["drops"].as_array().unwrap().len();
            let said = [
                &header[4..36],
                &header[56..88],
                &header[88..96],
                &header[40..56],
                &header[96..128],
                &header[160..192],
                &header[drops],
            ];
            assert_eq!(vector["content"], hex(&header[160..192]));
            assert_eq!(vector["history"], hash("kap/history/1", &said.concat()));

            let change = SealedChange::parse(&raw).unwrap();
            assert_eq!(change.verify_signature(), Ok(()));
            assert_eq!(chain.check_change(change.header()), Ok(()));
            assert_eq!(hex(change.header_bytes()), vector["associated_data"]);
            assert_eq!(vector["hash"], change.hash().to_string());
            assert_eq!(vector["history"], change.history().to_string());
        }
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
            .map_or_else(ChangeRefusal::name, |()| "fits");
        assert_eq!(vector["refusal"], verdict, "{}", vector["name"]);
    }
}

#[test]
fn weak_keys_verify_nothing_and_a_mixed_one_what_its_owner_signed() {
    for (name, count) in [("low_order_keys", 12), ("mixed_order", 1)] {
        let vectors = section(name);
        assert_eq!(vectors.len(), count);
        for vector in vectors {
            let key = bytes(&vector, "public").try_into().unwrap();
            let signature = Signature::from_slice(&bytes(&vector, "signature")).unwrap();
            let fits = VerifyingKey::from_bytes(&key)
                .and_then(|key| key.verify_strict(&bytes(&vector, "message"), &signature));
            assert_eq!(fits.is_ok(), vector["verdict"] == "fits", "{vector}");
        }
    }
}

/// Counted again from the words of `WIRE.md` §3.6, without asking for the rule.
#[test]
fn each_member_leaves_the_room_that_is_said() {
    for vector in section("room") {
        let roles: Vec<Role> = vector["present"]
            .as_array()
            .unwrap()
            .iter()
            .map(role)
            .collect();
        let mut classes: Vec<Vec<usize>> = Vec::new();
        let ranks = |is: &dyn Fn(Role) -> bool| {
            let ranks = (0..roles.len()).filter(|rank| is(roles[*rank]));
            ranks.collect::<Vec<usize>>()
        };
        let first = ranks(&Role::is_admin)[0];
        let first = (roles[first] == Role::Host).then_some(first);
        classes.extend(first.map(|host| vec![host]));
        classes.push(ranks(&|role| role == Role::Words));
        let others = ranks(&|role| matches!(role, Role::Device | Role::Host));
        let others = others.into_iter().filter(|rank| Some(*rank) != first);
        classes.extend(others.map(|rank| vec![rank]));
        classes.retain(|class| !class.is_empty());
        let member = usize::try_from(vector["member"].as_u64().unwrap()).unwrap();
        let before = classes.iter().position(|class| class.contains(&member));
        let leaves = before.map_or(8_192, |before| (before * 1_024).min(8_192));
        assert_eq!(vector["leaves"], leaves, "{vector}");
    }
}

/// The rule again, from the words of the cases.
#[test]
fn each_act_breaks_the_rules_that_are_named() {
    let list = |value: &Value| -> Vec<u64> {
        let list = value.as_array().unwrap().iter();
        list.map(|id| id.as_u64().unwrap()).collect()
    };
    let (mut tried, mut allowed) = (0, 0);
    for vector in section("authority") {
        let present = (0u16..).zip(vector["present"].as_array().unwrap());
        let waiting = vector["waiting"].as_array().unwrap().iter();
        let roll = Roll {
            present: present
                .map(|(rank, name)| Standing {
                    id: u64::from(rank),
                    role: role(name),
                    rank: 2 * rank + 1,
                })
                .collect(),
            pending: waiting
                .map(|one| Waiting {
                    id: one["id"].as_u64().unwrap(),
                    role: role(&one["role"]),
                    invited_by: one["invited_by"].as_u64().unwrap(),
                    answered: one["answered"].as_bool().unwrap(),
                })
                .collect(),
        };
        let actor = vector["actor"].as_u64().unwrap();
        for case in vector["tries"].as_array().unwrap() {
            let act = &case["act"];
            let act = match act["kind"].as_str().unwrap() {
                "invite" => Act::Invite(role(&act["role"])),
                "answer" => Act::Answer(act["newcomer"].as_u64().unwrap()),
                "leave" => Act::Leave,
                "end" => Act::End,
                _ => Act::Rotate(Decision {
                    removed: list(&act["removed"]),
                    lowered: (2000..)
                        .zip(act["lowered"].as_array().unwrap())
                        .map(|(id, one)| {
                            let gone = |id: u64, who: &Value| {
                                let before = who["came_before"].as_u64().unwrap();
                                Standing {
                                    id,
                                    role: role(&who["role"]),
                                    rank: 2 * u16::try_from(before).unwrap(),
                                }
                            };
                            let member = gone(id, &one["member"]);
                            let named_by = match &one["named_by"] {
                                Value::Null => member,
                                Value::Number(present) => {
                                    let present = present.as_u64().unwrap();
                                    let mut all = roll.present.iter();
                                    *all.find(|member| member.id == present).unwrap()
                                }
                                who => gone(3000, who),
                            };
                            Lowering { member, named_by }
                        })
                        .collect(),
                    refused: list(&act["refused"]),
                    admitted: list(&act["admitted"]),
                    enrolled: (1000..)
                        .zip(act["enrolled"].as_array().unwrap())
                        .map(|(id, name)| (id, role(name)))
                        .collect(),
                }),
            };
            let mut broken = roll.broken(actor, &act);
            broken.sort();
            let broken: Vec<String> = broken.iter().map(|rule| format!("{rule:?}")).collect();
            assert_eq!(case["breaks"], serde_json::json!(broken), "{vector}");
            tried += 1;
            allowed += usize::from(broken.is_empty());
        }
    }
    assert!(tried > 500 && allowed > 100, "{tried} {allowed}");
}

#[test]
fn a_space_takes_as_many_as_is_said() {
    for vector in section("full") {
        let count = |field: &str| usize::try_from(vector[field].as_u64().unwrap()).unwrap();
        let act = vector["one_more_by"].as_str().unwrap();
        let verdict = full_verdict(count("present"), count("pending"), act);
        assert_eq!(vector["verdict"], verdict, "{vector}");
    }
}

#[test]
fn what_is_malformed_is_refused_as_is_said_and_what_is_of_a_later_version_is_taken() {
    for (name, least) in [("malformed", 50), ("extensions", 3)] {
        let vectors = section(name);
        assert!(vectors.len() >= least, "{}", vectors.len());
        for vector in vectors {
            let kind = vector["kind"].as_str().unwrap();
            let found = verdict(kind, &bytes(&vector, "bytes"));
            assert_eq!(vector["verdict"], found, "{}", vector["name"]);
            assert_eq!(found == "well_formed", name == "extensions");
        }
    }
}

#[test]
fn each_refused_request_is_refused_for_the_reason_given() {
    for vector in section("refused_requests") {
        let text = |name: &str| vector[name].as_str();
        let body = bytes(&vector, "body");
        let parts = Parts {
            method: text("method").unwrap(),
            authority: text("authority").unwrap(),
            path: text("path").unwrap(),
            query: text("query").unwrap(),
            body: &body,
        };
        let headers = [
            text("content-digest"),
            text("signature-input"),
            text("signature"),
        ];
        let verdict = requests::verdict(headers, parts);
        assert_eq!(vector["verdict"], verdict, "{}", vector["name"]);
        assert_ne!(verdict, "fits", "{}", vector["name"]);
    }
}

#[test]
fn each_grant_is_genuine() {
    for vector in section("grants") {
        let raw = bytes(&vector, "bytes");
        let grant = Grant::parse(&raw).unwrap();
        assert_eq!(vector["issuer"], grant.issuer().to_string());
        let terms = grant.terms();
        assert_eq!(vector["founder"], terms.founder.to_string());
        assert_eq!(vector["serial"], terms.serial.to_string());
        assert_eq!(vector["max_bytes"], terms.max_bytes);
        assert_eq!(vector["expires_at_ms"], terms.expires_at_ms);
        ends_signed("kap/grant/1", &vector["issuer"], &raw);
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
        is_signed("", &vector["keyid"], text("base").as_bytes(), &signature);
    }
}

/// Opening what is inside is for a member's code to prove; that it all stands in genuine objects, and
/// that nobody needs a key to see what is committed to, is ours.
#[test]
fn what_members_seal_stands_in_a_genuine_chain() {
    let sealing: Value = serde_json::from_str(SEALING).unwrap();
    let objects = |section: &str| sealing[section].as_array().unwrap().clone();
    let statements: Vec<Statement> = objects("statements")
        .iter()
        .map(|vector| Statement::parse(&bytes(vector, "bytes")).unwrap())
        .collect();
    let chain = Chain::from_statements(&statements).unwrap();
    let StatementBody::Create(create) = statements[0].body() else {
        panic!("a chain begins with a create");
    };
    let bound = [&statements[0].author().as_bytes()[..], &create.nonce].concat();
    assert_eq!(sealing["binding"], hash("kap/space/1", &bound));
    assert_eq!(sealing["binding"], hex(chain.binding()));
    for vector in objects("identities") {
        let member = vector["member"].as_str().unwrap().parse().unwrap();
        let member = chain.present(&member).unwrap();
        assert_eq!(vector["hpke_key"], hex(*member.hpke_key));
    }
    for vector in objects("epoch_keys") {
        let epoch = u32::try_from(vector["epoch"].as_u64().unwrap()).unwrap();
        let (at, key) = (epoch.to_be_bytes(), bytes(&vector, "key"));
        let message = [&chain.binding()[..], &at, &key].concat();
        assert_eq!(vector["commitment"], hash("kap/epoch/1", &message));
        assert_eq!(
            vector["commitment"],
            hex(chain.commitment(Epoch(epoch)).unwrap())
        );
    }
    for vector in objects("changes") {
        let change = SealedChange::parse(&bytes(&vector, "bytes")).unwrap();
        let bare = SealedChange::parse(&bytes(&vector, "bare")).unwrap();
        assert_eq!(bare, change.bare());
        assert_eq!(change.verify_signature(), Ok(()));
        assert_eq!(chain.check_change(change.header()), Ok(()));
        assert_eq!(vector["hash"], change.hash().to_string());
        assert_eq!(vector["hash"], bare.hash().to_string());
        assert_eq!(vector["history"], bare.history().to_string());
        let payload = bytes(&vector, "payload");
        assert_eq!(vector["content"], hash("kap/content/1", &payload));
        assert_eq!(vector["content"], bare.header().content.to_string());
        assert_eq!(
            change.sealed().unwrap().ciphertext.len(),
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
            let name = vector["name"].as_str().unwrap();
            let raw = bytes(&vector, "bytes");
            assert_eq!(verdict(&kind, &raw), "well_formed");
            originals.insert(name.to_owned(), (kind.clone(), raw));
            if kind == "change" {
                let bare = bytes(&vector, "bare");
                originals.insert(format!("{name}, bare"), (kind, bare));
            }
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
