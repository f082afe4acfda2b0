//! What proptest may think of: fields of any value, genuine objects and damage to them, noise.

use std::sync::LazyLock;

use companion_protocol::api::{ChainPage, ChainRun, PullPage, PushBatch};
use companion_protocol::change::{DroppedBody, Header, Seen};
use companion_protocol::grant::Terms;
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, GrantSerial, HistoryHash, Incarnation, InviteKey,
    LogNumber, MemberId, SpaceId, StatementHash,
};
use companion_protocol::statement::{
    Answer, Create, End, Enrolled, Invite, Join, LastChange, Leave, PreviousKey, Removal, Role,
    Rotate, StatementBody,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use crate::fixtures::{Space, answer, change, grant, hpke, id, key, leave};

/// One genuine object of each kind.
pub(crate) struct Genuine {
    pub(crate) statements: Vec<Vec<u8>>,
    pub(crate) changes: Vec<Vec<u8>>,
    pub(crate) grant: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

pub(crate) static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let mut space = Space::founded_by(&key(1), Role::Host);
    space.admit(&key(1), &key(2), Role::Device);
    space.enrol(&key(2), &key(3), Role::Words);
    space.wait(&key(2), &key(4), Role::Writer);
    space.say(&key(2), answer(id(&key(4)))).unwrap();
    space.remove(&key(1), &key(2), 4);
    space.say(&key(4), leave(0)).unwrap();
    let statements: Vec<Vec<u8>> = space
        .statements
        .iter()
        .map(|statement| statement.bytes().to_vec())
        .collect();
    let seen = |index| Seen {
        index,
        counter: Counter(2),
        hash: HistoryHash::new([6; 32]),
    };
    let header = Header {
        frontier: vec![seen(0), seen(2)],
        drops: vec![DroppedBody {
            index: 1,
            counter: Counter(3),
            hash: HistoryHash::new([9; 32]),
        }],
        ..space.header(&key(2))
    };
    let change = change(&key(2), header);
    let changes = vec![change.bytes().to_vec(), change.bare().bytes().to_vec()];
    let grant = grant(&key(1), &key(2)).bytes().to_vec();
    let incarnation = Incarnation::new([8; 16]);
    let frames = vec![
        ChainRun {
            statements: vec![statements[1].clone(), vec![7]],
        }
        .encode(),
        PushBatch {
            changes: vec![changes[1].clone(), vec![7]],
        }
        .encode(),
        PullPage {
            incarnation,
            head: LogNumber(4),
            changes: vec![(LogNumber(2), vec![1]), (LogNumber(4), changes[1].clone())],
        }
        .encode(),
        ChainPage {
            incarnation,
            length: 7,
            statements: vec![vec![1], vec![]],
        }
        .encode(),
    ];
    Genuine {
        statements,
        changes,
        grant,
        frames,
    }
});

fn all() -> Vec<Vec<u8>> {
    let mut all = GENUINE.statements.clone();
    all.extend(GENUINE.changes.clone());
    all.push(GENUINE.grant.clone());
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
    let begun = prop::sample::select(vec![*b"KS", *b"KC", *b"KG", *b"KE", *b"KP", *b"KL", *b"KH"]);
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

fn member() -> impl Strategy<Value = MemberId> {
    array().prop_map(MemberId::new)
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn last() -> impl Strategy<Value = LastChange> {
    let counter = 1..=u64::try_from(i64::MAX).unwrap();
    let some = (counter, array()).prop_map(|(counter, hash)| LastChange {
        counter: Counter(counter),
        hash: HistoryHash::new(hash),
    });
    prop_oneof![Just(LastChange::NONE), some]
}

/// Any body of a statement that key 2 may sign.
pub(crate) fn body() -> impl Strategy<Value = StatementBody> {
    let signing_key = id(&key(2));
    prop_oneof![
        (array(), role(), any::<u8>(), array(), array()).prop_map(
            move |(nonce, role, tag, commitment, wrapped)| {
                StatementBody::Create(Create {
                    nonce,
                    role,
                    signing_key,
                    hpke_key: hpke(tag),
                    commitment,
                    wrapped: Box::new(wrapped),
                })
            }
        ),
        (array(), role(), any::<u64>()).prop_map(|(key, role, expires_at_ms)| {
            StatementBody::Invite(Invite {
                invite_key: InviteKey::new(key),
                role,
                expires_at_ms,
            })
        }),
        (array(), any::<u8>(), array()).prop_map(move |(key, tag, invite_signature)| {
            StatementBody::Join(Join {
                invite_key: InviteKey::new(key),
                signing_key,
                hpke_key: hpke(tag),
                invite_signature,
            })
        }),
        (member(), array())
            .prop_map(|(newcomer, nonce)| StatementBody::Answer(Answer { newcomer, nonce })),
        rotate().prop_map(StatementBody::Rotate),
        last().prop_map(|last| StatementBody::Leave(Leave { last })),
        any::<u16>().prop_map(|keep_days| StatementBody::End(End { keep_days })),
    ]
}

fn rotate() -> impl Strategy<Value = Rotate> {
    let members = || btree_set(member(), 0..4);
    let enrolled = btree_map(member(), (role(), any::<u8>(), array()), 0..3);
    (
        (
            any::<u32>(),
            array(),
            btree_map(any::<u32>(), array(), 0..3),
        ),
        (btree_map(member(), last(), 0..4), members(), members()),
        (enrolled, btree_map(member(), array(), 0..4)),
    )
        .prop_map(
            |((epoch, commitment, keys), (gone, refused, admitted), (new, wrapped))| Rotate {
                epoch: Epoch(epoch),
                commitment,
                previous_keys: keys
                    .into_iter()
                    .map(|(epoch, sealed)| PreviousKey {
                        epoch: Epoch(epoch),
                        sealed,
                    })
                    .collect(),
                removals: gone
                    .into_iter()
                    .map(|(member, last)| Removal { member, last })
                    .collect(),
                refused: refused.into_iter().collect(),
                admitted: admitted.into_iter().collect(),
                enrolled: new
                    .into_iter()
                    .map(|(member, (role, tag, proof))| Enrolled {
                        role,
                        member,
                        hpke_key: hpke(tag),
                        proof,
                    })
                    .collect(),
                wrapped: wrapped
                    .into_iter()
                    .map(|(member, wrapped)| (member, Box::new(wrapped)))
                    .collect(),
            },
        )
}

/// Any header of a change of key 2.
pub(crate) fn header() -> impl Strategy<Value = Header> {
    let counter = || 1..=u64::try_from(i64::MAX).unwrap();
    let frontier = btree_map(any::<u16>(), (counter(), array()), 0..=255);
    let drops = btree_map((any::<u16>(), counter()), array(), 0..300);
    (
        (array(), any::<u32>(), array()),
        (counter(), array(), array(), array()),
        (frontier, drops),
    )
        .prop_map(
            |((space, epoch, change), (counter, before, head, content), (frontier, drops))| {
                Header {
                    space: SpaceId::new(space),
                    epoch: Epoch(epoch),
                    id: ChangeId::new(change),
                    author: id(&key(2)),
                    counter: Counter(counter),
                    previous_own: if counter == 1 {
                        HistoryHash::ZERO
                    } else {
                        HistoryHash::new(before)
                    },
                    chain_head: StatementHash::new(head),
                    content: ContentHash::new(content),
                    frontier: frontier
                        .into_iter()
                        .map(|(index, (counter, hash))| Seen {
                            index,
                            counter: Counter(counter),
                            hash: HistoryHash::new(hash),
                        })
                        .collect(),
                    drops: drops
                        .into_iter()
                        .map(|((index, counter), hash)| DroppedBody {
                            index,
                            counter: Counter(counter),
                            hash: HistoryHash::new(hash),
                        })
                        .collect(),
                }
            },
        )
}

/// What any grant may say.
pub(crate) fn terms() -> impl Strategy<Value = Terms> {
    (member(), array(), any::<u64>(), any::<u64>()).prop_map(
        |(founder, serial, max_bytes, expires_at_ms)| Terms {
            founder,
            serial: GrantSerial::new(serial),
            max_bytes,
            expires_at_ms,
        },
    )
}
