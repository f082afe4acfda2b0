//! Objects of the protocol as JSON.

use companion_protocol::chain::{Chain, ChainError, ChangeRefusal};
use companion_protocol::change::SealedChange;
use companion_protocol::grant::Grant;
use companion_protocol::statement::{Role, Statement, StatementBody, join_message};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::fixtures::Space;

fn role(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Writer => "writer",
        Role::Admin => "admin",
    }
}

pub(super) fn body(space: &Space, statement: &Statement) -> Value {
    match statement.body() {
        StatementBody::Create(create) => json!({
            "kind": "create",
            "nonce": hex(create.nonce),
            "hpke_key": hex(*create.hpke_key),
            "commitment": hex(create.commitment),
            "wrapped": hex(*create.wrapped),
        }),
        StatementBody::Invite(invite) => json!({
            "kind": "invite",
            "invite_key": invite.invite_key,
            "role": role(invite.role),
            "expires_at_ms": invite.expires_at_ms,
            "epoch": invite.epoch,
            "sealed_key": hex(invite.sealed_key),
        }),
        StatementBody::Join(join) => json!({
            "kind": "join",
            "invite_key": join.invite_key,
            "hpke_key": hex(*join.hpke_key),
            "invite_signature": hex(join.invite_signature),
            "signed_by_invite":
                hex(join_message(space.id(), statement.author(), &join.hpke_key)),
        }),
        StatementBody::Rotate(rotate) => json!({
            "kind": "rotate",
            "epoch": rotate.epoch,
            "commitment": hex(rotate.commitment),
            "previous_key": hex(rotate.previous_key),
            "removals": rotate.removals.iter().map(|removal| {
                json!({"member": removal.member, "last_counter": removal.last_counter})
            }).collect::<Vec<_>>(),
            "wrapped": rotate.wrapped.iter().map(|(member, wrapped)| {
                json!({"member": member, "wrapped": hex(**wrapped)})
            }).collect::<Vec<_>>(),
        }),
    }
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
                "removed": member.removed.map(|removed| {
                    json!({"sequence": removed.sequence, "last_counter": removed.last_counter})
                }),
            })
        })
        .collect();
    json!({
        "space": chain.space(),
        "length": chain.length(),
        "head": chain.head(),
        "epoch": chain.epoch(),
        "members": members,
        "open_invites": chain.open_invites().map(|o| o.invite.invite_key).collect::<Vec<_>>(),
    })
}

/// The name of a refusal, here and in `WIRE.md`.
pub(super) fn chain_error(error: ChainError) -> &'static str {
    match error {
        ChainError::NotAFounding => "not_a_founding",
        ChainError::OtherSpace => "other_space",
        ChainError::NotTheHead => "not_the_head",
        ChainError::NotAllowed => "not_allowed",
        ChainError::InviteUnusable => "invite_unusable",
        ChainError::AlreadyKnown => "already_known",
        ChainError::WrongEpoch => "wrong_epoch",
        ChainError::WrongRecipients => "wrong_recipients",
        ChainError::WrongRemoval => "wrong_removal",
        ChainError::NoAdmin => "no_admin",
        ChainError::Full => "full",
    }
}

pub(super) fn change(name: &str, change: &SealedChange) -> Value {
    let header = change.header();
    let sealed = change.sealed();
    json!({
        "name": name,
        "space": header.space,
        "epoch": header.epoch,
        "id": header.id,
        "author": header.author,
        "counter": header.counter,
        "previous_own": header.previous_own,
        "chain_head": header.chain_head,
        "frontier": header.frontier,
        "associated_data": hex(change.header_bytes()),
        "nonce": hex(sealed.nonce),
        "commitment": hex(sealed.commitment),
        "ciphertext": hex(&sealed.ciphertext),
        "bytes": hex(change.bytes()),
        "hash": change.hash(),
    })
}

/// The name of a refusal, here and in `WIRE.md`.
pub(super) fn change_refusal(refusal: ChangeRefusal) -> &'static str {
    match refusal {
        ChangeRefusal::OtherSpace => "other_space",
        ChangeRefusal::UnknownHead => "unknown_head",
        ChangeRefusal::NotAWriter => "not_a_writer",
        ChangeRefusal::WrongEpoch => "wrong_epoch",
        ChangeRefusal::AfterRemoval => "after_removal",
        ChangeRefusal::UnknownFrontier => "unknown_frontier",
    }
}

pub(super) fn grant(name: &str, grant: &Grant) -> Value {
    json!({
        "name": name,
        "issuer": grant.issuer(),
        "serial": grant.serial(),
        "max_bytes": grant.max_bytes(),
        "expires_at_ms": grant.expires_at_ms(),
        "bytes": hex(grant.bytes()),
    })
}

pub(super) fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}
