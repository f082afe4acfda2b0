//! Any bytes into every parser: a value or a typed error, never a panic; and what was parsed has
//! exactly one encoding.

use std::sync::LazyLock;

use companion_protocol::api::{ChainPage, NewSpace, PullPage, PushBatch};
use companion_protocol::change::{Header, Sealed, SealedChange};
use companion_protocol::grant::Grant;
use companion_protocol::id::{
    ChangeId, Counter, Epoch, GrantSerial, Incarnation, InviteKey, LogNumber, MemberId, SealedHash,
    SpaceId, StatementHash,
};
use companion_protocol::request::{Parts, Signed, sign};
use companion_protocol::statement::{
    Create, Invite, Join, Place, Removal, Role, Rotate, Statement, StatementBody,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixtures::{NOW, Space, change, hpke, id, key};

/// One genuine object of each kind.
struct Genuine {
    statements: Vec<Vec<u8>>,
    change: Vec<u8>,
    grant: Vec<u8>,
    frames: Vec<Vec<u8>>,
}

static GENUINE: LazyLock<Genuine> = LazyLock::new(|| {
    let mut space = Space::founded_by(&key(1));
    space.admit(&key(1), &key(2), Role::Writer);
    space.admit(&key(1), &key(3), Role::Writer);
    space.turn(&key(1), &[(id(&key(3)), 4)]);
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
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    CutFront(prop::sample::Index),
    Append(Vec<u8>),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
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

fn damage() -> impl Strategy<Value = Damage> {
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
fn bytes() -> impl Strategy<Value = Vec<u8>> {
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

/// Parses `bytes` as everything there is, and writes again what could be parsed.
fn parse_as_everything(bytes: &[u8]) {
    if let Ok(frame) = NewSpace::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = PushBatch::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = PullPage::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frame) = ChainPage::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(change) = SealedChange::parse(bytes) {
        assert_eq!(change.bytes(), bytes);
        assert_eq!(encoded(&change), bytes);
        let _ = change.verify_signature();
    }
    if let Ok(statement) = Statement::parse(bytes) {
        assert_eq!(statement.bytes(), bytes);
        let signer = (1..=3)
            .map(key)
            .find(|key| id(key) == statement.author())
            .unwrap();
        let place = statement.place();
        let again = Statement::sign(
            &signer,
            place,
            statement.made_at_ms(),
            statement.body().clone(),
        );
        assert_eq!(again.bytes(), bytes);
    }
    if let Ok(grant) = Grant::parse(bytes) {
        let again = Grant::sign(
            &key(1),
            grant.serial(),
            grant.max_bytes(),
            grant.expires_at_ms(),
        );
        assert_eq!(again.bytes(), bytes);
    }
}

/// A change written again from its parsed fields; what a later version added is taken over.
fn encoded(change: &SealedChange) -> Vec<u8> {
    let header = change.header().encode();
    let (known, _) = header.split_last_chunk::<2>().unwrap();
    let Sealed {
        nonce,
        commitment,
        ciphertext,
    } = change.sealed();
    let length = u32::try_from(ciphertext.len()).unwrap().to_be_bytes();
    let signature = change.bytes().last_chunk::<64>().unwrap();
    let extensions = &change.header_bytes()[known.len()..];
    assert!(header == change.header_bytes() || extensions.len() > 2);
    [
        known, extensions, nonce, commitment, &length, ciphertext, signature,
    ]
    .concat()
}

fn array<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    vec(any::<u8>(), N).prop_map(|bytes| bytes.try_into().unwrap())
}

fn body() -> impl Strategy<Value = StatementBody> {
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

fn header() -> impl Strategy<Value = Header> {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_a_value_with_one_encoding_or_a_typed_error(bytes in bytes()) {
        parse_as_everything(&bytes);
    }

    #[test]
    fn any_text_is_a_signature_in_the_one_form_or_a_typed_error(
        digest in ".{0,80}",
        input in "(sig1=)?(\\(.{0,30}\\))?(;created=[0-9]{0,12})?(;keyid=\"[0-9a-f]{0,70}\")?.{0,20}",
        signature in "(sig1=:[A-Za-z0-9+/]{0,90}={0,2}:?)|.{0,40}",
    ) {
        let parts = Parts { method: "GET", authority: "h", path: "/", query: "", body: b"" };
        if let Ok(signed) = Signed::parse(Some(&digest), Some(&input), Some(&signature)) {
            prop_assert!(signed.verify(parts).is_err());
        }
    }

    #[test]
    fn any_text_is_an_id_with_one_spelling_or_an_error(text in "[0-9a-fA-Fxg ]{0,66}|[0-9a-f]{64}") {
        if let Ok(id) = text.parse::<SpaceId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn damage_never_leaves_a_valid_signature(
        which in any::<prop::sample::Index>(),
        damages in vec(damage(), 1..4),
    ) {
        let damaged = |genuine: &Vec<u8>| {
            let mut bytes = genuine.clone();
            damages.iter().for_each(|damage| damage.apply(&mut bytes));
            (bytes != *genuine).then_some(bytes)
        };
        if let Some(bytes) = damaged(which.get(&GENUINE.statements)) {
            prop_assert!(Statement::parse(&bytes).is_err());
        }
        if let Some(bytes) = damaged(&GENUINE.grant) {
            prop_assert!(Grant::parse(&bytes).is_err());
        }
        if let Some(bytes) = damaged(&GENUINE.change) {
            let opened = SealedChange::parse(&bytes).and_then(|change| change.verify_signature());
            prop_assert!(opened.is_err());
        }
    }

    #[test]
    fn a_damaged_request_is_refused(which in 0usize..3, damages in vec(damage(), 1..3)) {
        let parts =
            Parts { method: "PUT", authority: "h:1", path: "/a", query: "b=c", body: b"body" };
        let headers = sign(&key(2), parts, NOW / 1000, &[7; 16]);
        let mut values = headers.pairs().map(|(_, value)| value.to_owned());
        let mut bytes = values[which].clone().into_bytes();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        let damaged = String::from_utf8_lossy(&bytes).into_owned();
        prop_assume!(damaged != values[which]);
        values[which] = damaged;
        let [digest, input, signature] = values;
        let verified = Signed::parse(Some(&digest), Some(&input), Some(&signature))
            .and_then(|signed| signed.verify(parts));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn any_statement_comes_back_as_it_was_signed(
        space in array(), sequence: u64, previous in array(), at: u64, body in body(),
    ) {
        let place = Place {
            space: SpaceId::new(space),
            sequence,
            previous: StatementHash::new(previous),
        };
        let statement = Statement::sign(&key(2), place, at, body);
        prop_assert_eq!(Statement::parse(statement.bytes()), Ok(statement));
    }

    #[test]
    fn any_change_comes_back_as_it_was_signed(header in header(), text in vec(any::<u8>(), 0..200)) {
        let sealed = Sealed { nonce: [1; 24], commitment: [2; 32], ciphertext: text };
        let change = SealedChange::sign(&key(2), header, sealed);
        let parsed = SealedChange::parse(change.bytes()).unwrap();
        prop_assert_eq!(parsed.verify_signature(), Ok(()));
        prop_assert_eq!(parsed.header_bytes(), change.header().encode());
        prop_assert_eq!(parsed, change);
    }

    #[test]
    fn any_frame_comes_back_as_it_was_written(
        life in array(),
        numbers in prop::collection::btree_set(1u64.., 0..8),
        items in vec(vec(any::<u8>(), 0..50), 8),
    ) {
        let incarnation = Incarnation::new(life);
        let changes: Vec<_> =
            numbers.into_iter().map(LogNumber).zip(items.iter().cloned()).collect();
        let page = PullPage { incarnation, head: LogNumber(9), changes };
        prop_assert_eq!(PullPage::decode(&page.encode()), Ok(page));
        let push = PushBatch { changes: items.clone() };
        prop_assert_eq!(PushBatch::decode(&push.encode()), Ok(push));
        let chain = ChainPage { incarnation, statements: items.clone() };
        prop_assert_eq!(ChainPage::decode(&chain.encode()), Ok(chain));
        let new = NewSpace { grant: items[0].clone(), create: items[1].clone() };
        prop_assert_eq!(NewSpace::decode(&new.encode()), Ok(new));
    }

    #[test]
    fn any_request_verifies_as_it_was_signed(
        method in "[A-Z]{1,7}", authority in "[a-z0-9.:-]{1,30}", path in "/[!->@-~]{0,60}",
        query in "[!-~]{0,60}", body in vec(any::<u8>(), 0..200), created: u64, nonce in array(),
    ) {
        let parts =
            Parts { method: &method, authority: &authority, path: &path, query: &query, body: &body };
        let headers = sign(&key(2), parts, created, &nonce);
        let signed = Signed::parse(
            Some(&headers.content_digest),
            Some(&headers.signature_input),
            Some(&headers.signature),
        );
        let authenticated = signed.and_then(|signed| signed.verify(parts)).unwrap();
        prop_assert_eq!(authenticated.member, id(&key(2)));
        prop_assert_eq!((authenticated.created, authenticated.nonce), (created, nonce));
    }
}
