#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic
)]

mod vectors;

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{ChangeId, Counter, Epoch, SealedHash, SpaceId, StatementHash};
use companion_protocol::statement::{Role, Statement};

use super::SpaceError;
use super::identity::Identity;
use super::invitation::{Invite, PairingLink};
use super::keys::{EpochKey, Keyring};
use super::membership::{self, InviteSecret};
use super::recovery::RecoveryCode;
use super::seal;
use super::words::compare_words;
use crate::domain::Purpose;
use crate::ports::Moment;
use crate::ports::testing::SeededRng;

const NOW: Moment = Moment::utc(1_790_000_000_000);
const LATER: u64 = 1_790_000_600_000;

struct Space {
    rng: SeededRng,
    statements: Vec<Statement>,
    chain: Chain,
    key: EpochKey,
}

impl Space {
    fn founded_by(me: &Identity, seed: u64) -> Self {
        let rng = SeededRng::new(seed);
        let (statement, key) = membership::found(me, NOW, &rng).unwrap();
        let chain = Chain::start(&statement).unwrap();
        Self {
            rng,
            statements: vec![statement],
            chain,
            key,
        }
    }

    fn say(&mut self, statement: Statement) {
        self.chain.extend(&statement).unwrap();
        self.statements.push(statement);
    }

    fn admit(&mut self, admin: &Identity, newcomer: &Identity) -> EpochKey {
        let (invite, secret) = membership::invite(
            admin,
            &self.chain,
            &self.key,
            Role::Admin,
            NOW,
            LATER,
            &self.rng,
        )
        .unwrap();
        self.say(invite);
        let (join, key) = membership::join(newcomer, &self.chain, &secret, NOW).unwrap();
        self.say(join);
        key
    }

    fn rotate(&mut self, admin: &Identity, remove: &[&Identity]) {
        let remove: Vec<_> = remove.iter().map(|m| (m.member(), Counter(0))).collect();
        let (rotate, key) =
            membership::rotate(admin, &self.chain, &self.key, &remove, NOW, &self.rng).unwrap();
        self.say(rotate);
        self.key = key;
    }

    fn keys_of(&self, me: &Identity) -> Keyring {
        let mut keys = Keyring::new();
        membership::learn_keys(me, &self.chain, &self.statements, &mut keys);
        keys
    }

    fn header(&self, author: &Identity) -> Header {
        Header {
            space: self.chain.space(),
            epoch: self.chain.epoch(),
            id: ChangeId::new([9; 16]),
            author: author.member(),
            counter: Counter(1),
            previous_own: SealedHash::ZERO,
            chain_head: self.chain.head(),
            frontier: Vec::new(),
        }
    }
}

fn identity(seed: u64) -> Identity {
    Identity::generate(&SeededRng::new(1_000 + seed))
}

#[test]
fn a_newcomer_gets_the_key_through_the_door_and_later_ones_from_the_chain() {
    let (clinic, phone) = (identity(1), identity(2));
    let mut space = Space::founded_by(&clinic, 1);
    let by_door = space.admit(&clinic, &phone);
    assert_eq!(by_door.as_bytes(), space.key.as_bytes());
    space.rotate(&clinic, &[]);
    let keys = space.keys_of(&phone);
    assert_eq!(keys[&Epoch(1)].as_bytes(), space.key.as_bytes());
    assert!(
        keys.contains_key(&Epoch(0)),
        "the history before is readable to a later member"
    );
    assert_eq!(space.keys_of(&clinic).len(), 2);
}

#[test]
fn a_removed_member_learns_no_later_key() {
    let (clinic, phone, lost) = (identity(1), identity(2), identity(3));
    let mut space = Space::founded_by(&clinic, 2);
    space.admit(&clinic, &phone);
    space.admit(&clinic, &lost);
    space.rotate(&clinic, &[]);
    space.rotate(&clinic, &[&lost]);
    space.rotate(&clinic, &[]);
    assert_eq!(space.keys_of(&lost).keys().max(), Some(&Epoch(1)));
    assert_eq!(space.keys_of(&phone).keys().max(), Some(&Epoch(3)));
    let (header, key) = (
        space.header(&phone),
        space.keys_of(&phone)[&Epoch(3)].clone(),
    );
    let change = seal::seal(&phone, &key, header, b"after", &space.rng).unwrap();
    for old in space.keys_of(&lost).values() {
        assert_eq!(
            seal::open(old, &change).unwrap_err(),
            SpaceError::CannotOpen
        );
    }
}

#[test]
fn a_door_can_be_gone_through_once_and_a_rotation_closes_it() {
    let (clinic, phone, thief) = (identity(1), identity(2), identity(3));
    let mut space = Space::founded_by(&clinic, 3);
    let (invite, secret) = membership::invite(
        &clinic,
        &space.chain,
        &space.key,
        Role::Admin,
        NOW,
        LATER,
        &space.rng,
    )
    .unwrap();
    space.say(invite);
    let (join, _) = membership::join(&phone, &space.chain, &secret, NOW).unwrap();
    space.say(join);
    let again = membership::join(&thief, &space.chain, &secret, NOW).unwrap_err();
    assert_eq!(again, SpaceError::Chain(ChainError::InviteUnusable));
    let (invite, secret) = membership::invite(
        &clinic,
        &space.chain,
        &space.key,
        Role::Admin,
        NOW,
        LATER,
        &space.rng,
    )
    .unwrap();
    space.say(invite);
    space.rotate(&clinic, &[]);
    assert!(membership::join(&thief, &space.chain, &secret, NOW).is_err());
}

#[test]
fn a_sealed_change_opens_only_whole_and_under_its_own_header() {
    let clinic = identity(1);
    let space = Space::founded_by(&clinic, 4);
    let header = space.header(&clinic);
    let change = seal::seal(&clinic, &space.key, header.clone(), b"words", &space.rng).unwrap();
    assert!(change.verify_signature().is_ok());
    assert_eq!(
        seal::open(&space.key, &change).unwrap().as_slice(),
        b"words"
    );

    let mut other = header;
    other.counter = Counter(2);
    other.previous_own = SealedHash::new([1; 32]);
    let moved = SealedChange::sign(clinic.signing_key(), other, change.sealed().clone());
    assert_eq!(
        seal::open(&space.key, &moved).unwrap_err(),
        SpaceError::CannotOpen
    );

    for at in 0..change.bytes().len() {
        let mut bytes = change.bytes().to_vec();
        bytes[at] ^= 1;
        let opened =
            SealedChange::parse(&bytes).is_ok_and(|change| change.verify_signature().is_ok());
        assert!(!opened, "a flipped bit at {at} went unnoticed");
    }
}

#[test]
fn an_admin_cannot_hand_out_a_key_that_the_chain_does_not_commit_to() {
    let (clinic, phone) = (identity(1), identity(2));
    let mut space = Space::founded_by(&clinic, 5);
    space.key = EpochKey::new([5; 32]);
    let (invite, secret) = membership::invite(
        &clinic,
        &space.chain,
        &space.key,
        Role::Admin,
        NOW,
        LATER,
        &space.rng,
    )
    .unwrap();
    space.say(invite);
    let refused = membership::join(&phone, &space.chain, &secret, NOW).unwrap_err();
    assert_eq!(refused, SpaceError::CannotOpen);
}

#[test]
fn both_sides_see_the_same_words_and_a_stranger_changes_them() {
    let (space, joined) = (SpaceId::new([1; 32]), StatementHash::new([2; 32]));
    let words = compare_words(space, joined);
    assert_eq!(words.len(), 4);
    assert_eq!(words, compare_words(space, joined));
    assert_ne!(words, compare_words(space, StatementHash::new([3; 32])));
    insta::assert_debug_snapshot!(words);
}

#[test]
fn recovery_words_come_back_however_they_are_typed() {
    let code = RecoveryCode::generate(&SeededRng::new(7)).unwrap();
    let typed = format!("  {}\n", code.words().join("   ").to_uppercase());
    let read = RecoveryCode::parse(&typed).unwrap();
    assert_eq!(
        read.identity().unwrap().member(),
        code.identity().unwrap().member()
    );
    let mut swapped: Vec<_> = code.words();
    swapped.swap(0, 1);
    for wrong in [
        code.words()[..11].join(" "),
        code.words().join(" ").replace(code.words()[0], "qwertz"),
        swapped.join(" "),
        String::new(),
    ] {
        assert!(matches!(
            RecoveryCode::parse(&wrong),
            Err(SpaceError::BadRecoveryWords(_))
        ));
    }
}

#[test]
fn a_pairing_link_comes_back_whole_and_a_cut_one_says_so() {
    let invite = Invite {
        purpose: Purpose::Care,
        space: SpaceId::new([1; 32]),
        secret: InviteSecret::new([2; 32]),
        head: StatementHash::new([3; 32]),
    };
    let link = PairingLink {
        server: "https://sync.example".into(),
        clinic: "Harbor Clinic".into(),
        invites: vec![invite],
        grant: vec![4; 135],
    };
    let text = link.to_text();
    insta::assert_snapshot!(text);
    let wrapped = format!(" {}\n{} ", &text[..40], &text[40..]);
    let read = PairingLink::parse(&wrapped).unwrap();
    assert_eq!(read.clinic, link.clinic);
    assert_eq!(read.invites[0].secret.as_bytes(), &[2; 32]);
    for cut in 0..text.len() {
        assert!(PairingLink::parse(&text[..cut]).is_err(), "cut at {cut}");
    }
    assert!(PairingLink::parse("https://example.org/").is_err());
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let secret = InviteSecret::new([2; 32]);
    let code = RecoveryCode::generate(&SeededRng::new(7)).unwrap();
    let shown = format!(
        "{secret:?} {:?} {code:?} {:?}",
        EpochKey::new([1; 32]),
        identity(1)
    );
    assert!(!shown.contains(code.words()[0]) && !shown.contains("[2") && !shown.contains("0202"));
}
