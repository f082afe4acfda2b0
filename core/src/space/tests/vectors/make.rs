//! Makes `sealing-v1.json`. All that is random in it follows from one seed, so it comes out the same
//! each time, as long as Zstandard compresses to the same bytes.

use companion_protocol::statement::{PreviousKey, StatementBody};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::super::*;
use crate::domain::{DocumentId, Kind};
use crate::space::agreement::{KeyAgreement, Recipient, XWingHpke};
use crate::space::keys::derive_into;
use crate::space::payload::{Payload, content, pack, padded_length};
use crate::space::seal::seal;

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

/// An identity and what it follows from.
fn described(name: &str, root: &Installation, handle: &Handle) -> Value {
    let me = root.identity(handle);
    json!({
        "name": name,
        "root": hex(root.as_bytes()),
        "handle": hex(handle.as_bytes()),
        "signing_seed": hex(me.signing_key().to_bytes()),
        "receiving_seed": hex(me.receiving_seed()),
        "member": me.member().to_string(),
        "hpke_key": hex(*me.hpke_key()),
    })
}

fn statement(name: &str, statement: &Statement) -> Value {
    json!({
        "name": name,
        "bytes": hex(statement.bytes()),
        "hash": statement.hash().to_string(),
    })
}

/// What a rotation sealed to each member, and of earlier keys, with what each follows from.
fn sealed_by(space: &Space, at: usize, key: &EpochKey) -> (Vec<Value>, Vec<Value>) {
    let StatementBody::Rotate(rotate) = space.statements[at].body() else {
        panic!("it is a rotation");
    };
    let wraps = rotate.wrapped.iter().map(|(member, wrapped)| {
        let mut randomness = [0; 64];
        let info: [&[u8]; 3] = [b"kap/wrap-seed/1", &rotate.commitment, member.as_bytes()];
        derive_into(key.as_bytes(), &info, &mut randomness);
        json!({
            "epoch": rotate.epoch.0,
            "member": member.to_string(),
            "randomness": hex(randomness),
            "wrapped": hex(**wrapped),
        })
    });
    let previous = rotate.previous_keys.iter().map(|previous| {
        json!({
            "new_epoch": rotate.epoch.0,
            "epoch": previous.epoch.0,
            "nonce": hex(&previous.sealed[..24]),
            "sealed": hex(previous.sealed),
        })
    });
    (wraps.collect(), previous.collect())
}

fn recovery(words: &str) -> Vec<Value> {
    let code = RecoveryCode::parse(words).unwrap();
    let of = |purpose: Purpose| {
        let me = code.identity(purpose).unwrap();
        json!({
            "words": words,
            "purpose": purpose.as_str(),
            "signing_seed": hex(me.signing_key().to_bytes()),
            "receiving_seed": hex(me.receiving_seed()),
            "member": me.member().to_string(),
            "hpke_key": hex(*me.hpke_key()),
        })
    };
    vec![of(Purpose::Care), of(Purpose::Private)]
}

/// A rotation that no honest member makes, as the next statement of the chain.
fn false_rotation(
    name: &str,
    space: &Space,
    by: &Identity,
    with: impl FnOnce(&mut Rotate),
) -> Value {
    let mut space = space.again();
    space.rotate_falsely(by, with);
    let said = space.statements.last().unwrap();
    json!({
        "what": name,
        "by": by.member().to_string(),
        "epoch": space.chain.epoch().0,
        "key": hex(space.key.as_bytes()),
        "bytes": hex(said.bytes()),
    })
}

/// Genuine, and it opens; but what is inside is not what the header says.
fn other_content(space: &Space, author: &Identity, change: &Value) -> Value {
    let packed = HEXLOWER.decode(change["packed"].as_str().unwrap().as_bytes());
    let header = Header {
        content: content(b"another payload"),
        ..space.header(author)
    };
    let change = seal(author, &space.key, header, &packed.unwrap(), &space.rng).unwrap();
    json!({
        "epoch": change.header().epoch.0,
        "content": change.header().content.to_string(),
        "bytes": hex(change.bytes()),
    })
}

fn change(space: &Space, author: &Identity) -> Value {
    let payload = Payload {
        blind: [0x44; 16],
        document: DocumentId::new([0x77; 16]),
        kind: Kind::from_stored("entry"),
        projection: r#"{"title":"Ä quiet morning"}"#.to_owned(),
        change: b"not an Automerge change".to_vec(),
    };
    let encoded = payload.encode();
    let packed = pack(&encoded).unwrap();
    let header = Header {
        content: content(&encoded),
        ..space.header(author)
    };
    let change = seal(author, &space.key, header, &packed, &space.rng).unwrap();
    json!({
        "epoch": change.header().epoch.0,
        "blind": hex(payload.blind),
        "document": payload.document.to_string(),
        "kind": payload.kind.as_str(),
        "projection": payload.projection,
        "change": hex(&payload.change),
        "payload": hex(&encoded),
        "content": change.header().content.to_string(),
        "packed": hex(&*packed),
        "header": hex(change.header_bytes()),
        "nonce": hex(change.sealed().unwrap().nonce),
        "commitment": hex(change.sealed().unwrap().commitment),
        "body_hash": hex(change.sealed().unwrap().hash()),
        "bytes": hex(change.bytes()),
        "bare": hex(change.bare().bytes()),
        "hash": change.hash().to_string(),
        "history": change.history().to_string(),
    })
}

fn link(space: &Space, secret: &InviteSecret, head: StatementHash) -> Value {
    let link = PairingLink {
        server: "https://sync.example".to_owned(),
        clinic: "Elm Street Clinic".to_owned(),
        invites: vec![Invite {
            purpose: Purpose::Care,
            space: space.chain.space(),
            secret: secret.clone(),
            head,
        }],
        records: Vec::new(),
    };
    let invites = link.invites.iter().map(|invite| {
        json!({
            "purpose": invite.purpose.as_str(),
            "space": invite.space.to_string(),
            "secret": hex(invite.secret.as_bytes()),
            "head": invite.head.to_string(),
        })
    });
    json!({
        "server": link.server,
        "clinic": link.clinic,
        "invites": invites.collect::<Vec<_>>(),
        "text": link.to_text(),
    })
}

/// The whole file.
pub(super) fn document() -> Value {
    let (clinic, phone) = (noise(0x81), noise(0x82));
    let clinic = Installation::from_bytes(&clinic).unwrap();
    let phone = Installation::from_bytes(&phone).unwrap();
    let phones = Handle::new([0x42; 16]);
    let (host, device) = (clinic.identity(&Handle::SHARED), phone.identity(&phones));
    let words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let recovered = RecoveryCode::parse(words).unwrap();
    let recovered = recovered.identity(Purpose::Care).unwrap();

    // A clinic founds a care space and lets a phone in, which lets its recovery words in.
    let mut space = Space::founded_by(&host, Role::Host, 0x51);
    let mut keys = vec![space.key.clone()];
    let secret = space.invite(&host, Role::Device);
    let invited = space.chain.head();
    space.come(&device, &secret);
    space.answer(&host, &device);
    let compared = space.chain.pending(&device.member()).unwrap().compared();
    space.rotate(&host, admitting(&device));
    keys.push(space.key.clone());
    let enrolled = rotation::enrol(&recovered, &space.chain, Role::Words);
    let change_of_members = Change {
        enrol: vec![enrolled],
        ..Change::default()
    };
    space.rotate(&device, change_of_members);
    keys.push(space.key.clone());

    let names = [
        "create",
        "invite",
        "join",
        "answer",
        "rotate",
        "rotate_enrolling",
    ];
    let statements = names.iter().zip(&space.statements);
    let (mut wraps, mut previous_keys) = sealed_by(&space, 4, &keys[1]);
    let (more_wraps, more_previous) = sealed_by(&space, 5, &keys[2]);
    wraps.extend(more_wraps);
    previous_keys.extend(more_previous);
    let epoch_keys = (0..).zip(&keys).map(|(epoch, key)| {
        json!({
            "epoch": epoch,
            "key": hex(key.as_bytes()),
            "commitment": hex(key.commitment(space.chain.binding(), Epoch(epoch))),
        })
    });
    let compared = compared.unwrap();
    let other = Compared {
        join: StatementHash::new([2; 32]),
        answer: StatementHash::new([3; 32]),
    };
    let compare = |joins: &[(SpaceId, Compared)]| {
        let of = joins.iter().map(|(space, compared)| {
            json!({
                "space": space.to_string(),
                "join": compared.join.to_string(),
                "answer": compared.answer.to_string(),
            })
        });
        json!({
            "joins": of.collect::<Vec<_>>(),
            "words": compare_words(joins).join(" "),
        })
    };
    let in_care = (space.chain.space(), compared);
    let false_rotations = [
        false_rotation("locks_out", &space, &host, |rotate| {
            let (member, wrapped) = &mut rotate.wrapped[0];
            let hpke_key = space.chain.member(member).unwrap().hpke_key.clone();
            let recipient = Recipient {
                member,
                hpke_key: &hpke_key,
            };
            let key = EpochKey::new(noise(1));
            *wrapped = XWingHpke.wrap(recipient, &rotate.commitment, &key).unwrap();
        }),
        false_rotation("hides_history", &space, &host, |rotate| {
            rotate.previous_keys = vec![PreviousKey {
                epoch: Epoch(2),
                sealed: [5; 72],
            }];
        }),
        false_rotation("hides_history", &space, &host, |rotate| {
            rotate.previous_keys.clear();
        }),
    ];
    let change = change(&space, &device);
    let other_words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let recovered = [recovery(words), recovery(other_words)].concat();
    let lengths = [1, 1_024, 1_025, 2_000, 5_000, 100_000, 1_000_000];
    json!({
        "about": "what only members compute, version 1; see ../../WIRE.md, section 5 and 6",
        "identities": [
            described("clinic", &clinic, &Handle::SHARED),
            described("phone", &phone, &phones),
        ],
        "other_identities": [
            described("phone_elsewhere", &phone, &Handle::new([0x43; 16])),
        ],
        "binding": hex(space.chain.binding()),
        "statements": statements.map(|(name, said)| statement(name, said)).collect::<Vec<_>>(),
        "epoch_keys": epoch_keys.collect::<Vec<_>>(),
        "wraps": wraps,
        "previous_keys": previous_keys,
        "false_rotations": false_rotations,
        "invites": [{
            "statement": "invite",
            "secret": hex(secret.as_bytes()),
            "invite_key": secret.invite_key().to_string(),
        }],
        "compare_words": [
            compare(&[in_care]),
            compare(&[in_care, (SpaceId::new([1; 32]), other)]),
        ],
        "changes": [&change],
        "other_contents": [other_content(&space, &device, &change)],
        "recovery": recovered,
        "links": [link(&space, &secret, invited)],
        "padded_lengths": lengths.map(|length| [length, padded_length(length)]),
    })
}
