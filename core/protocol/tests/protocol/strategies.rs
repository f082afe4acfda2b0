//! What proptest may think of: fields of any value, genuine objects and damage to them, noise.

use std::sync::LazyLock;

use companion_protocol::api::{ChainPage, NewSpace, PullPage, PushBatch};
use companion_protocol::change::Header;
use companion_protocol::grant::Grant;
use companion_protocol::id::{
    ChangeId, Counter, Epoch, GrantSerial, Incarnation, InviteKey, LogNumber, MemberId, SealedHash,
    SpaceId, StatementHash,
};
use companion_protocol::statement::{Create, Invite, Join, Removal, Role, Rotate, StatementBody};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixtures::{NOW, Space, change, hpke, id, key};

/// One genuine object of each kind.
pub(crate) struct Genuine {
    pub(crate) statements: Vec<Vec<u8>>,
    pub(crate) change: Vec<u8>,
    pub(crate) grant: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

pub(crate) static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let mut space = Space::founded_by(&key(1));
    space.admit(&key(1), &key(2), Role::Writer);
    space.admit(&key(1), &key(3), Role::Writer);
    space.rotate(&key(1), &[(id(&key(3)), 4)]);
    let statements: Vec<Vec<u8>> = space
        .statements
        .iter()
        .map(|statement| statement.bytes().to_vec())
        .collect();
    let header = Header {
        frontier: vec![(0, Counter(2)), (2, Counter(4))],
        ..space.header(&key(2))
    };
    let change = change(&key(2), header).bytes().to_vec();
    let grant = Grant::sign(&key(1), GrantSerial::new([9; 16]), 1, NOW)
        .bytes()
        .to_vec();
    let incarnation = Incarnation::new([8; 16]);
    let frames = vec![
        NewSpace {
            grant: grant.clone(),
            create: vec![1, 2, 3],
        }
        .encode(),
        PushBatch {
            changes: vec![change.clone(), vec![7]],
        }
        .encode(),
        PullPage {
            incarnation,
            head: LogNumber(4),
            changes: vec![(LogNumber(2), vec![1]), (LogNumber(4), change.clone())],
        }
        .encode(),
        ChainPage {
            incarnation,
            statements: vec![vec![1], vec![]],
        }
        .encode(),
    ];
    Genuine {
        statements,
        change,
        grant,
        frames,
    }
});

fn all() -> Vec<Vec<u8>> {
    let mut all = GENUINE.statements.clone();
    all.extend([GENUINE.change.clone(), GENUINE.grant.clone()]);
    all.extend(GENUINE.frames.clone());
    all
}

/// Something done to genuine bytes on the way.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    CutFront(prop::sample::Index),
    Append(Vec<u8>),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
}

impl Damage {
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            _ if bytes.is_empty() => {}
            Damage::Flip(at, mask) => {
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
            }
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Damage::CutFront(at) => drop(bytes.drain(..=at.index(bytes.len()))),
            Damage::Append(more) => bytes.extend(more),
            Damage::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
            Damage::Remove(at) => drop(bytes.remove(at.index(bytes.len()))),
        }
    }
}

pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        4 => (at(), 1u8..).prop_map(|(at, mask)| Damage::Flip(at, mask)),
        2 => at().prop_map(Damage::Cut),
        1 => at().prop_map(Damage::CutFront),
        1 => vec(any::<u8>(), 1..70).prop_map(Damage::Append),
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        1 => at().prop_map(Damage::Remove),
    ]
}

/// Noise, noise behind a right beginning, and genuine objects that were damaged.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let begun = prop::sample::select(vec![*b"KS", *b"KC", *b"KG", *b"KN", *b"KP", *b"KL", *b"KH"]);
    prop_oneof![
        1 => vec(any::<u8>(), 0..400),
        2 => (begun, vec(prop_oneof![Just(0u8), any::<u8>()], 0..400))
            .prop_map(|(magic, rest)| [&magic[..], &[1], &rest].concat()),
        3 => (prop::sample::select(all()), vec(damage(), 0..4)).prop_map(|(mut bytes, damages)| {
            for damage in damages {
                damage.apply(&mut bytes);
            }
            bytes
        }),
    ]
}

pub(crate) fn array<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    vec(any::<u8>(), N).prop_map(|bytes| bytes.try_into().unwrap())
}

pub(crate) fn body() -> impl Strategy<Value = StatementBody> {
    let role = prop::sample::select(vec![Role::Reader, Role::Writer, Role::Admin]);
    prop_oneof![
        (array(), any::<u8>(), array(), array()).prop_map(|(nonce, tag, commitment, wrapped)| {
            let (hpke_key, wrapped) = (hpke(tag), Box::new(wrapped));
            StatementBody::Create(Create {
                nonce,
                hpke_key,
                commitment,
                wrapped,
            })
        }),
        (array(), role, any::<u64>(), any::<u32>(), array()).prop_map(
            |(key, role, expires, epoch, sealed_key)| {
                StatementBody::Invite(Invite {
                    invite_key: InviteKey::new(key),
                    role,
                    expires_at_ms: expires,
                    epoch: Epoch(epoch),
                    sealed_key,
                })
            }
        ),
        (array(), any::<u8>(), array()).prop_map(|(key, tag, invite_signature)| {
            let invite_key = InviteKey::new(key);
            StatementBody::Join(Join {
                invite_key,
                hpke_key: hpke(tag),
                invite_signature,
            })
        }),
        (
            any::<u32>(),
            array(),
            array(),
            vec((array(), any::<u64>()), 0..4),
            vec((array(), array()), 0..4)
        )
            .prop_map(|(epoch, commitment, previous_key, removals, wrapped)| {
                let removals = removals.into_iter().map(|(member, last)| Removal {
                    member: MemberId::new(member),
                    last_counter: Counter(last),
                });
                let wrapped = wrapped
                    .into_iter()
                    .map(|(member, wrapped)| (MemberId::new(member), Box::new(wrapped)));
                StatementBody::Rotate(Rotate {
                    epoch: Epoch(epoch),
                    commitment,
                    previous_key,
                    removals: removals.collect(),
                    wrapped: wrapped.collect(),
                })
            }),
    ]
}

pub(crate) fn header() -> impl Strategy<Value = Header> {
    let frontier = prop::collection::btree_map(any::<u16>(), any::<u64>(), 0..=255);
    (
        array(),
        any::<u32>(),
        array(),
        1u64..,
        array(),
        array(),
        frontier,
    )
        .prop_map(
            |(space, epoch, change, counter, before, head, frontier)| Header {
                space: SpaceId::new(space),
                epoch: Epoch(epoch),
                id: ChangeId::new(change),
                author: id(&key(2)),
                counter: Counter(counter),
                previous_own: if counter == 1 {
                    SealedHash::ZERO
                } else {
                    SealedHash::new(before)
                },
                chain_head: StatementHash::new(head),
                frontier: frontier
                    .into_iter()
                    .map(|(at, seen)| (at, Counter(seen)))
                    .collect(),
            },
        )
}
