//! Proofs of keys, membership and sealing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic
)]

mod blobs;
mod identities;
mod passed_on;
mod rotations;
mod sealing;
mod vectors;

use companion_protocol::chain::{Chain, ChainError, Compared};
use companion_protocol::change::Header;
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, HistoryHash, SpaceId, StatementHash,
};
use companion_protocol::statement::{
    ChainPosition, LastChange, Removal, Role, Rotate, Statement, StatementBody,
};
use companion_protocol::wire::Writer;
use sha2::{Digest, Sha256};

use super::SpaceError;
use super::identity::{Handle, Identity, Installation};
use super::invitation::{Invite, MOST_RECORDS, PairingLink};
use super::keys::{EpochKey, Keyring};
use super::membership::{self, InviteSecret};
use super::recovery::RecoveryCode;
use super::rotation::{self, Change, FalseRotation};
use super::words::compare_words;
use crate::domain::{Purpose, RecordId};
use crate::ports::Moment;
use crate::ports::testing::SeededRng;

const NOW: Moment = Moment::utc(1_790_000_000_000);
const LATER: u64 = 1_790_000_600_000;

/// A space as somebody sees it who was told everything.
struct Space {
    rng: SeededRng,
    statements: Vec<Statement>,
    chain: Chain,
    /// The key of the present epoch.
    key: EpochKey,
}

impl Space {
    fn founded_by(me: &Identity, role: Role, seed: u64) -> Self {
        let rng = SeededRng::new(seed);
        let (statement, key) = membership::found(me, role, NOW, &rng).unwrap();
        let chain = Chain::start(&statement).unwrap();
        Self {
            rng,
            statements: vec![statement],
            chain,
            key,
        }
    }

    /// The same, to go on from here in another way.
    fn again(&self) -> Self {
        Self {
            rng: SeededRng::new(99),
            statements: self.statements.clone(),
            chain: self.chain.clone(),
            key: self.key.clone(),
        }
    }

    /// The patient's own: founded by a phone.
    fn of_phone(me: &Identity, seed: u64) -> Self {
        Self::founded_by(me, Role::Device, seed)
    }

    fn say(&mut self, statement: Statement) {
        self.chain.extend(&statement).unwrap();
        self.statements.push(statement);
    }

    fn invite(&mut self, admin: &Identity, role: Role) -> InviteSecret {
        let (invite, secret) = membership::invite(admin, &self.chain, role, NOW, LATER, &self.rng);
        self.say(invite);
        secret
    }

    fn come(&mut self, newcomer: &Identity, secret: &InviteSecret) {
        let join = membership::join(newcomer, &self.chain, secret, NOW).unwrap();
        self.say(join);
    }

    fn answer(&mut self, admin: &Identity, newcomer: &Identity) {
        let answer = membership::answer(admin, &self.chain, newcomer.member(), NOW, &self.rng);
        self.say(answer);
    }

    /// Invites, answers and lets in.
    fn admit(&mut self, admin: &Identity, newcomer: &Identity) {
        let secret = self.invite(admin, Role::Device);
        self.come(newcomer, &secret);
        self.answer(admin, newcomer);
        self.rotate(admin, admitting(newcomer));
    }

    /// What an honest member's rotation says next.
    fn rotation(&self, admin: &Identity, change: Change) -> (Statement, EpochKey) {
        let keys = self.keys_of(admin);
        let again = rotation::not_passed_on(&self.chain, &self.statements, &keys);
        rotation::rotate(admin, &self.chain, &keys, &again, change, NOW, &self.rng).unwrap()
    }

    fn rotate(&mut self, admin: &Identity, change: Change) {
        let (rotate, key) = self.rotation(admin, change);
        self.say(rotate);
        self.key = key;
    }

    /// A rotation that was honest until `with` changed what it says.
    fn rotate_falsely(&mut self, admin: &Identity, with: impl FnOnce(&mut Rotate)) {
        let (honest, key) = self.rotation(admin, Change::default());
        let StatementBody::Rotate(mut rotate) = honest.body().clone() else {
            panic!("it is a rotation");
        };
        with(&mut rotate);
        let position = ChainPosition {
            space: self.chain.space(),
            sequence: self.chain.length(),
            previous: self.chain.head(),
        };
        let body = StatementBody::Rotate(rotate);
        let said = Statement::sign(admin.signing_key(), position, honest.made_at_ms(), body);
        self.say(said);
        self.key = key;
    }

    fn keys_of(&self, me: &Identity) -> Keyring {
        let mut keys = Keyring::new();
        rotation::learn_keys(me, &self.chain, &self.statements, &mut keys);
        keys
    }

    /// What a member finds false who reads the chain from the beginning.
    fn faults_seen_by(&self, me: &Identity) -> Vec<FalseRotation> {
        let keys = self.keys_of(me);
        let mut faults = Vec::new();
        for statement in &self.statements {
            faults.extend(rotation::falsehood(
                me,
                &self.chain,
                statement,
                &self.statements,
                &keys,
            ));
        }
        faults
    }

    fn header(&self, author: &Identity) -> Header {
        Header {
            space: self.chain.space(),
            epoch: self.chain.epoch(),
            id: ChangeId::new([9; 16]),
            author: author.member(),
            counter: Counter(1),
            previous_own: HistoryHash::ZERO,
            chain_head: self.chain.head(),
            content: ContentHash::ZERO,
            frontier: Vec::new(),
            drops: Vec::new(),
        }
    }
}

fn identity(seed: u64) -> Identity {
    Installation::generate(&SeededRng::new(1_000 + seed)).identity(&Handle::SHARED)
}

fn admitting(newcomer: &Identity) -> Change {
    Change {
        admit: vec![newcomer.member()],
        ..Change::default()
    }
}

fn removing(member: &Identity) -> Change {
    Change {
        remove: vec![Removal {
            member: member.member(),
            last: LastChange::NONE,
        }],
        ..Change::default()
    }
}

#[test]
fn a_newcomer_reads_nothing_until_it_is_let_in_and_then_everything() {
    let (first, second) = (identity(1), identity(2));
    let mut space = Space::of_phone(&first, 1);
    space.rotate(&first, Change::default());
    let secret = space.invite(&first, Role::Device);
    space.come(&second, &secret);
    space.answer(&first, &second);
    assert!(space.keys_of(&second).is_empty());
    space.rotate(&first, admitting(&second));
    let keys = space.keys_of(&second);
    assert_eq!(
        keys.len(),
        3,
        "what was before is readable to a later member"
    );
    assert_eq!(keys[&Epoch(2)].as_bytes(), space.key.as_bytes());
    assert_eq!(space.faults_seen_by(&second), []);
}

#[test]
fn an_invite_carries_nothing_that_opens_anything() {
    let (first, second) = (identity(1), identity(2));
    let mut space = Space::of_phone(&first, 2);
    let secret = space.invite(&first, Role::Device);
    let thief = Identity::from_seeds(secret.as_bytes(), secret.as_bytes());
    assert!(space.keys_of(&thief).is_empty());
    // All that the statement says is whose key may join, as what, and until when.
    let StatementBody::Invite(invite) = space.statements[1].body() else {
        panic!("it is an invite");
    };
    let mut said = Writer::new();
    said.u16(32)
        .array(invite.invite_key.as_bytes())
        .u8(3)
        .u64(LATER);
    assert_eq!(invite.invite_key, secret.invite_key());
    let bytes = space.statements[1].bytes();
    let length = u32::try_from(said.as_slice().len()).unwrap().to_be_bytes();
    let body = [&length, said.as_slice(), &[0; 4]].concat();
    assert!(bytes.windows(body.len()).any(|part| part == body));
    // Nor does it once it was used, with all that was said since.
    space.come(&second, &secret);
    space.answer(&first, &second);
    space.rotate(&first, admitting(&second));
    assert!(space.keys_of(&thief).is_empty());
    for (statement, secret) in [(0, secret.as_bytes()), (0, space.key.as_bytes())] {
        let bytes = space.statements[statement].bytes();
        assert!(!bytes.windows(32).any(|part| part == secret));
    }
}

#[test]
fn a_removed_member_learns_no_later_key() {
    let (first, second, lost) = (identity(1), identity(2), identity(3));
    let mut space = Space::of_phone(&first, 3);
    space.admit(&first, &second);
    space.admit(&first, &lost);
    space.rotate(&first, removing(&lost));
    space.rotate(&first, Change::default());
    assert_eq!(space.keys_of(&lost).keys().max(), Some(&Epoch(2)));
    assert_eq!(space.keys_of(&second).keys().max(), Some(&Epoch(4)));
    let header = space.header(&second);
    let plain = [7; 1024];
    let change = super::seal::seal(&second, &space.key, header, &plain, &space.rng).unwrap();
    for old in space.keys_of(&lost).values() {
        let opened = super::seal::open(old, &change);
        assert_eq!(opened.unwrap_err(), SpaceError::CannotOpen);
    }
}

#[test]
fn an_invite_can_be_used_once_and_a_rotation_closes_it() {
    let (first, second, thief) = (identity(1), identity(2), identity(3));
    let mut space = Space::of_phone(&first, 4);
    let secret = space.invite(&first, Role::Device);
    space.come(&second, &secret);
    let again = membership::join(&thief, &space.chain, &secret, NOW).unwrap_err();
    assert_eq!(again, SpaceError::Chain(ChainError::InviteUnusable));
    let secret = space.invite(&first, Role::Device);
    space.rotate(&first, Change::default());
    assert!(membership::join(&thief, &space.chain, &secret, NOW).is_err());
}

#[test]
fn both_sides_see_the_same_words_and_they_change_with_the_join_and_with_the_answer() {
    let (first, second) = (identity(1), identity(2));
    let mut space = Space::of_phone(&first, 5);
    let secret = space.invite(&first, Role::Device);
    space.come(&second, &secret);
    let compared = |space: &Space| space.chain.pending(&second.member()).unwrap().compared();
    assert_eq!(
        compared(&space),
        None,
        "there are no words before the answer"
    );
    let mut otherwise = space.again();
    space.answer(&first, &second);
    let answered = compared(&space).unwrap();
    otherwise.answer(&first, &second);
    let answered_otherwise = compared(&otherwise).unwrap();
    let words = |compared| compare_words(&[(space.chain.space(), compared)]);
    assert_eq!(words(answered).len(), 4);
    assert_ne!(words(answered), words(answered_otherwise));
    space.rotate(&first, admitting(&second));
    let admitted = space.chain.member(&second.member()).unwrap().compared;
    assert_eq!(admitted, Some(answered));

    let of = |space: u8, join: u8, answer: u8| {
        let compared = Compared {
            join: StatementHash::new([join; 32]),
            answer: StatementHash::new([answer; 32]),
        };
        (SpaceId::new([space; 32]), compared)
    };
    let words = compare_words(&[of(1, 2, 3), of(4, 5, 6)]);
    for other in [
        [of(9, 2, 3), of(4, 5, 6)],
        [of(1, 9, 3), of(4, 5, 6)],
        [of(1, 2, 9), of(4, 5, 6)],
        [of(1, 2, 3), of(4, 9, 6)],
        [of(1, 2, 3), of(4, 5, 9)],
        [of(4, 5, 6), of(1, 2, 3)],
    ] {
        assert_ne!(compare_words(&other), words);
    }
    assert_ne!(compare_words(&[of(1, 2, 3)]), words);
    insta::assert_debug_snapshot!(words);
}

#[test]
fn a_pairing_link_comes_back_whole_and_a_cut_one_says_so() {
    let invite = |purpose, of: u8| Invite {
        purpose,
        space: SpaceId::new([of; 32]),
        secret: InviteSecret::new([of + 1; 32]),
        head: StatementHash::new([of + 2; 32]),
    };
    let link = PairingLink {
        server: "https://sync.example".into(),
        clinic: "Harbor Clinic".into(),
        invites: vec![invite(Purpose::Care, 1), invite(Purpose::Private, 11)],
        records: Vec::new(),
    };
    let text = link.to_text();
    insta::assert_snapshot!(text);
    let wrapped = format!(" {}\n{} ", &text[..40], &text[40..]);
    let read = PairingLink::parse(&wrapped).unwrap();
    assert_eq!(read.clinic, link.clinic);
    assert_eq!(read.invites[0].secret.as_bytes(), &[2; 32]);
    assert_eq!(read.invites[1].purpose, Purpose::Private);
    assert!(read.records.is_empty());
    for cut in 0..text.len() {
        assert!(PairingLink::parse(&text[..cut]).is_err(), "cut at {cut}");
    }
    assert!(PairingLink::parse("https://example.org/").is_err());
    // Names of a record stand where a reader that knows none passes over them.
    let names: Vec<RecordId> = (0..10).map(|n| RecordId::new([n; 16])).collect();
    for some in 0..=names.len() {
        let named = PairingLink {
            records: names.iter().take(some).copied().collect(),
            ..link.clone()
        };
        let read = PairingLink::parse(&named.to_text()).unwrap();
        let in_link = names.iter().take(some.min(MOST_RECORDS));
        assert!(read.records.iter().eq(in_link), "{some}");
        assert_eq!(read.invites.len(), 2);
    }
    let odd = PairingLink {
        clinic: "Harbor\u{1b}[2J Clinic".to_owned(),
        ..link
    };
    assert!(PairingLink::parse(&odd.to_text()).is_err());
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let secret = InviteSecret::new([2; 32]);
    let code = RecoveryCode::generate(&SeededRng::new(7)).unwrap();
    let shown = format!(
        "{secret:?} {:?} {code:?} {:?} {:?}",
        EpochKey::new([1; 32]),
        identity(1),
        Installation::from_bytes(&[2; 32]),
    );
    assert!(!shown.contains(code.words()[0]) && !shown.contains("[2") && !shown.contains("0202"));
}

/// 32 bytes that stand for something random.
fn noise(of: u8) -> [u8; 32] {
    Sha256::digest([of]).into()
}
