//! Members with keys, and a space of theirs as they know it. Seals are stand-ins: the server never
//! looks inside.

use std::collections::BTreeMap;

use companion_protocol::api::{NewSpace, PullPage, PushAccepted, PushBatch, SpaceHead, path};
use companion_protocol::chain::Chain;
use companion_protocol::change::{Header, Sealed, SealedChange};
use companion_protocol::grant::Grant;
use companion_protocol::id::{
    ChangeId, Counter, GrantSerial, InviteKey, MemberId, SealedHash, SpaceId,
};
use companion_protocol::statement::{
    ChainPosition, Create, HPKE_KEY_LENGTH, Invite, Join, Removal, Role, Rotate, SEALED_KEY_LENGTH,
    Statement, StatementBody, WRAPPED_KEY_LENGTH, join_message,
};
use ed25519_dalek::{Signer, SigningKey};

use super::client::{Answer, Request};
use super::{NOW_MS, Relay};

/// A year after the tests' now.
pub(crate) const LATER_MS: u64 = 1_827_000_000_000;

/// A signing key made from a number.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

pub(crate) fn member(key: &SigningKey) -> MemberId {
    MemberId::new(key.verifying_key().to_bytes())
}

fn now() -> u64 {
    u64::try_from(NOW_MS).unwrap()
}

pub(crate) fn grant(clinic: &SigningKey, serial: u8) -> Grant {
    Grant::sign(clinic, GrantSerial::new([serial; 16]), 0, LATER_MS)
}

pub(crate) fn create(founder: &SigningKey, nonce: u8) -> Statement {
    let body = StatementBody::Create(Create {
        nonce: [nonce; 16],
        hpke_key: Box::new([1; HPKE_KEY_LENGTH]),
        commitment: [2; 32],
        wrapped: Box::new([3; WRAPPED_KEY_LENGTH]),
    });
    Statement::sign(founder, ChainPosition::FIRST, now(), body)
}

/// A space as somebody who wrote all of it knows it.
#[derive(Clone)]
pub(crate) struct Space {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
    pub(crate) grant: Grant,
    own: BTreeMap<MemberId, (Counter, SealedHash)>,
    next_id: u64,
}

impl Space {
    /// Known to its founder only.
    pub(crate) fn imagined(clinic: &SigningKey, founder: &SigningKey, number: u8) -> Self {
        let first = create(founder, number);
        Self {
            chain: Chain::start(&first).unwrap(),
            statements: vec![first],
            grant: grant(clinic, number),
            own: BTreeMap::new(),
            next_id: 1,
        }
    }

    /// Founded on the server, whose registered clinic signs the grant.
    pub(crate) fn founded(
        relay: &Relay,
        clinic: &SigningKey,
        founder: &SigningKey,
        number: u8,
    ) -> Self {
        let space = Self::imagined(clinic, founder, number);
        let _: SpaceHead = space.found(relay, founder).json();
        space
    }

    pub(crate) fn found(&self, relay: &Relay, founder: &SigningKey) -> Answer {
        let new = NewSpace {
            grant: self.grant.bytes().to_vec(),
            create: self.statements[0].bytes().to_vec(),
        };
        Request::new("POST", path::SPACES, new.encode())
            .signed(founder)
            .send(relay)
    }

    pub(crate) fn id(&self) -> SpaceId {
        self.chain.space()
    }

    fn position(&self) -> ChainPosition {
        let (space, sequence) = (self.id(), self.chain.length());
        ChainPosition {
            space,
            sequence,
            previous: self.chain.head(),
        }
    }

    fn say(&self, author: &SigningKey, body: StatementBody) -> Statement {
        Statement::sign(author, self.position(), now(), body)
    }

    pub(crate) fn invite(&self, admin: &SigningKey, invited: &SigningKey, role: Role) -> Statement {
        self.invite_until(admin, invited, role, LATER_MS)
    }

    pub(crate) fn invite_until(
        &self,
        admin: &SigningKey,
        invited: &SigningKey,
        role: Role,
        expires_at_ms: u64,
    ) -> Statement {
        let body = StatementBody::Invite(Invite {
            invite_key: InviteKey::new(invited.verifying_key().to_bytes()),
            role,
            expires_at_ms,
            epoch: self.chain.epoch(),
            sealed_key: [4; SEALED_KEY_LENGTH],
        });
        self.say(admin, body)
    }

    pub(crate) fn join(&self, newcomer: &SigningKey, invited: &SigningKey) -> Statement {
        let hpke_key = Box::new([5; HPKE_KEY_LENGTH]);
        let message = join_message(self.id(), member(newcomer), &hpke_key);
        let body = StatementBody::Join(Join {
            invite_key: InviteKey::new(invited.verifying_key().to_bytes()),
            hpke_key,
            invite_signature: invited.sign(&message).to_bytes(),
        });
        self.say(newcomer, body)
    }

    /// A new epoch without these members, whose last changes are the ones known here.
    pub(crate) fn rotate(&self, admin: &SigningKey, without: &[&SigningKey]) -> Statement {
        let mut gone: Vec<MemberId> = without.iter().map(|key| member(key)).collect();
        gone.sort();
        let wrapped = self
            .chain
            .present_members()
            .filter(|m| !gone.contains(&m.id))
            .map(|m| (m.id, Box::new([6; WRAPPED_KEY_LENGTH])))
            .collect();
        let removals = gone
            .iter()
            .map(|id| Removal {
                member: *id,
                last_counter: self.own.get(id).map_or(Counter(0), |(counter, _)| *counter),
            })
            .collect();
        let body = StatementBody::Rotate(Rotate {
            epoch: self.chain.epoch().next(),
            commitment: [7; 32],
            previous_key: [8; SEALED_KEY_LENGTH],
            removals,
            wrapped,
        });
        self.say(admin, body)
    }

    /// Takes a statement into what is known here.
    pub(crate) fn learn(&mut self, statement: Statement) {
        self.chain.extend(&statement).unwrap();
        self.statements.push(statement);
    }

    pub(crate) fn offer(&self, relay: &Relay, by: &SigningKey, statement: &Statement) -> Answer {
        let body = statement.bytes().to_vec();
        Request::new("POST", &path::chain(self.id()), body)
            .signed(by)
            .send(relay)
    }

    /// Puts a statement on the server and learns it.
    pub(crate) fn extend(&mut self, relay: &Relay, by: &SigningKey, statement: Statement) {
        let head: SpaceHead = self.offer(relay, by, &statement).json();
        self.learn(statement);
        assert_eq!(
            (head.chain_length, head.chain_head),
            (self.chain.length(), self.chain.head())
        );
    }

    /// Invites somebody and lets them join.
    pub(crate) fn admit(
        &mut self,
        relay: &Relay,
        admin: &SigningKey,
        newcomer: &SigningKey,
        role: Role,
    ) {
        let invited = key(200);
        let invite = self.invite(admin, &invited, role);
        self.extend(relay, admin, invite);
        let join = self.join(newcomer, &invited);
        self.extend(relay, newcomer, join);
    }

    /// The header of the author's next change.
    pub(crate) fn header(&mut self, author: &SigningKey) -> Header {
        let author = member(author);
        let (counter, previous_own) = self
            .own
            .get(&author)
            .copied()
            .unwrap_or((Counter(0), SealedHash::ZERO));
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next_id.to_be_bytes());
        id[8..].copy_from_slice(&author.as_bytes()[..8]);
        self.next_id += 1;
        Header {
            space: self.id(),
            epoch: self.chain.epoch(),
            id: ChangeId::new(id),
            author,
            counter: counter.next(),
            previous_own,
            chain_head: self.chain.head(),
            frontier: Vec::new(),
        }
    }

    /// The author's next change, remembered as written.
    pub(crate) fn write(&mut self, author: &SigningKey, text: &str) -> SealedChange {
        let header = self.header(author);
        let change = sealed(author, header, text);
        self.own
            .insert(member(author), (change.header().counter, change.hash()));
        change
    }

    pub(crate) fn push(&self, relay: &Relay, by: &SigningKey, changes: &[SealedChange]) -> Answer {
        self.push_request(changes).signed(by).send(relay)
    }

    pub(crate) fn push_request(&self, changes: &[SealedChange]) -> Request {
        let changes = changes
            .iter()
            .map(|change| change.bytes().to_vec())
            .collect();
        Request::new(
            "POST",
            &path::changes(self.id()),
            PushBatch { changes }.encode(),
        )
    }

    pub(crate) fn pushed(
        &self,
        relay: &Relay,
        by: &SigningKey,
        changes: &[SealedChange],
    ) -> PushAccepted {
        self.push(relay, by, changes).json()
    }

    pub(crate) fn pull(&self, relay: &Relay, by: &SigningKey, after: u64) -> Answer {
        let target = format!("{}?after={after}", path::changes(self.id()));
        Request::new("GET", &target, Vec::new())
            .signed(by)
            .send(relay)
    }

    pub(crate) fn pulled(&self, relay: &Relay, by: &SigningKey) -> PullPage {
        let answer = self.pull(relay, by, 0);
        assert_eq!(answer.status, 200, "{}", answer.text());
        PullPage::decode(&answer.body).unwrap()
    }
}

/// A change under a header, "sealed".
pub(crate) fn sealed(author: &SigningKey, header: Header, text: &str) -> SealedChange {
    let ciphertext = text.as_bytes().to_vec();
    SealedChange::sign(
        author,
        header,
        Sealed {
            nonce: [0; 24],
            commitment: [9; 32],
            ciphertext,
        },
    )
}
