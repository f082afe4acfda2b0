//! Objects of the protocol as JSON.

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::grant::Grant;
use companion_protocol::statement::{
    LastChange, Role, Rotate, Statement, StatementBody, join_message,
};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::fixtures::Space;

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Writer => "writer",
        Role::Device => "device",
        Role::Words => "words",
        Role::Host => "host",
    }
}

fn last(last: &LastChange) -> Value {
    json!({"counter": last.counter, "hash": last.hash})
}

pub(super) fn body(space: &Space, statement: &Statement) -> Value {
    match statement.body() {
        StatementBody::Create(create) => json!({
            "kind": "create",
            "nonce": hex(create.nonce),
            "role": role(create.role),
            "signing_key": create.signing_key,
            "hpke_key": hex(*create.hpke_key),
            "commitment": hex(create.commitment),
            "wrapped": hex(*create.wrapped),
        }),
        StatementBody::Invite(invite) => json!({
            "kind": "invite",
            "invite_key": invite.invite_key,
            "role": role(invite.role),
            "expires_at_ms": invite.expires_at_ms,
        }),
        StatementBody::Join(join) => json!({
            "kind": "join",
            "invite_key": join.invite_key,
            "signing_key": join.signing_key,
            "hpke_key": hex(*join.hpke_key),
            "invite_signature": hex(join.invite_signature),
            "signed_by_invite":
                hex(join_message(space.id(), statement.author(), &join.hpke_key)),
        }),
        StatementBody::Answer(answer) => json!({
            "kind": "answer",
            "newcomer": answer.newcomer,
            "nonce": hex(answer.nonce),
        }),
        StatementBody::Rotate(rotate) => rotation(rotate),
        StatementBody::Leave(leave) => json!({"kind": "leave", "last": last(&leave.last)}),
        StatementBody::End(end) => json!({"kind": "end", "keep_days": end.keep_days}),
    }
}

fn rotation(rotate: &Rotate) -> Value {
    json!({
        "kind": "rotate",
        "epoch": rotate.epoch,
        "commitment": hex(rotate.commitment),
        "previous_keys": rotate.previous_keys.iter().map(|previous| {
            json!({"epoch": previous.epoch, "sealed": hex(previous.sealed)})
        }).collect::<Vec<_>>(),
        "removals": rotate.removals.iter().map(|removal| {
            json!({"member": removal.member, "last": last(&removal.last)})
        }).collect::<Vec<_>>(),
        "refused": rotate.refused,
        "admitted": rotate.admitted,
        "enrolled": rotate.enrolled.iter().map(|new| json!({
            "role": role(new.role),
            "signing_key": new.member,
            "hpke_key": hex(*new.hpke_key),
            "proof": hex(new.proof),
        })).collect::<Vec<_>>(),
        "wrapped": rotate.wrapped.iter().map(|(member, wrapped)| {
            json!({"member": member, "wrapped": hex(**wrapped)})
        }).collect::<Vec<_>>(),
    })
}

/// What everybody derives from a chain.
pub(super) fn chain(chain: &Chain) -> Value {
    let members: Vec<Value> = (0..)
        .map_while(|index| chain.member_by_index(index))
        .map(|member| {
            json!({
                "index": member.index,
                "id": member.id,
                "role": role(member.role),
                "joined_at": member.joined_at,
                "admitted_by": member.admitted_by,
                "compared": member.compared.map(|compared| {
                    json!({"join": compared.join, "answer": compared.answer})
                }),
                "removed": member.removed.map(|removed| json!({
                    "sequence": removed.sequence,
                    "by": removed.by,
                    "last": last(&removed.last),
                })),
            })
        })
        .collect();
    let pending = chain.all_pending().map(|newcomer| {
        json!({
            "id": newcomer.id,
            "role": role(newcomer.role),
            "joined_at": newcomer.joined_at,
            "invited_by": newcomer.invited_by,
            "answer": newcomer.answer,
        })
    });
    json!({
        "space": chain.space(),
        "binding": hex(chain.binding()),
        "length": chain.length(),
        "head": chain.head(),
        "epoch": chain.epoch(),
        "members": members,
        "pending": pending.collect::<Vec<_>>(),
        "ended": chain.ended().map(|ended| {
            json!({"sequence": ended.sequence, "by": ended.by, "keep_days": ended.keep_days})
        }),
        "open_invites": chain.open_invites().map(|o| o.invite.invite_key).collect::<Vec<_>>(),
    })
}

pub(super) fn change(name: &str, change: &SealedChange) -> Value {
    let (header, sealed) = (change.header(), change.sealed().unwrap());
    json!({
        "name": name,
        "space": header.space,
        "epoch": header.epoch,
        "id": header.id,
        "author": header.author,
        "counter": header.counter,
        "previous_own": header.previous_own,
        "chain_head": header.chain_head,
        "content": header.content,
        "frontier": header.frontier.iter().map(|seen| {
            json!({"index": seen.index, "counter": seen.counter, "hash": seen.hash})
        }).collect::<Vec<_>>(),
        "drops": header.drops.iter().map(|drop| {
            json!({"index": drop.index, "counter": drop.counter, "hash": drop.hash})
        }).collect::<Vec<_>>(),
        "associated_data": hex(change.header_bytes()),
        "nonce": hex(sealed.nonce),
        "commitment": hex(sealed.commitment),
        "ciphertext": hex(&sealed.ciphertext),
        "body_hash": hex(change.body_hash()),
        "bytes": hex(change.bytes()),
        "bare": hex(change.bare().bytes()),
        "hash": change.hash(),
        "history": change.history(),
    })
}

pub(super) fn grant(name: &str, grant: &Grant) -> Value {
    let terms = grant.terms();
    json!({
        "name": name,
        "issuer": grant.issuer(),
        "founder": terms.founder,
        "serial": terms.serial,
        "max_bytes": terms.max_bytes,
        "expires_at_ms": terms.expires_at_ms,
        "bytes": hex(grant.bytes()),
    })
}

pub(super) fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}
