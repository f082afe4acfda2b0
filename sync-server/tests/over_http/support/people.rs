//! Members who found, invite, come, decide and write: real keys and signatures over the protocol
//! alone, each with the space of theirs as they know it. Seals are stand-ins: the server never looks
//! inside.

use std::collections::BTreeMap;

use companion_protocol::api::{
    ChainRun, PullPage, PushAccepted, PushBatch, SpaceHead, Vouch, path,
};
use companion_protocol::chain::Chain;
use companion_protocol::change::{Header, MIN_CIPHERTEXT, Sealed, SealedChange, Seen};
use companion_protocol::grant::Grant;
use companion_protocol::id::{ChangeId, Counter, HistoryHash, InviteKey, MemberId, SpaceId};
use companion_protocol::statement::{
    Answer as Answered, ChainPosition, End, Invite, Join, LastChange, Leave, PreviousKey, Removal,
    Role, Rotate, Statement, StatementBody, join_message,
};
use companion_protocol::suite::{HPKE_KEY_LENGTH, SEALED_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use ed25519_dalek::{Signer, SigningKey};

use super::Relay;
use super::client::{Answer, Request};
pub(crate) use super::papers::{LATER_MS, create, founding_request, grant, grant_with, now};

/// A signing key made from a number.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

pub(crate) fn member(key: &SigningKey) -> MemberId {
    MemberId::new(key.verifying_key().to_bytes())
}

/// A space as somebody who wrote all of it knows it.
#[derive(Clone)]
pub(crate) struct Space {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
    pub(crate) grant: Grant,
    own: BTreeMap<MemberId, (Counter, HistoryHash)>,
    next_id: u64,
}

impl Space {
    /// Known to its founder only. Number 1 stands for the clinic's node everywhere here; whoever else
    /// founds is a phone.
    pub(crate) fn imagined(clinic: &SigningKey, founder: &SigningKey, number: u8) -> Self {
        let role = if member(founder) == member(clinic) {
            Role::Host
        } else {
            Role::Device
        };
        let first = create(founder, number, role);
        Self {
            chain: Chain::start(&first).unwrap(),
            statements: vec![first],
            grant: grant(clinic, founder, number),
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

    pub(crate) fn found(&self, relay: &Relay, signer: &SigningKey) -> Answer {
        founding_request(self.grant.bytes(), self.statements[0].bytes())
            .signed(signer)
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
        });
        self.say(admin, body)
    }

    pub(crate) fn join(&self, newcomer: &SigningKey, invited: &SigningKey) -> Statement {
        let hpke_key = Box::new([5; HPKE_KEY_LENGTH]);
        let message = join_message(self.id(), member(newcomer), &hpke_key);
        let body = StatementBody::Join(Join {
            invite_key: InviteKey::new(invited.verifying_key().to_bytes()),
            signing_key: member(newcomer),
            hpke_key,
            invite_signature: invited.sign(&message).to_bytes(),
        });
        self.say(newcomer, body)
    }

    pub(crate) fn answer(&self, admin: &SigningKey, newcomer: &SigningKey) -> Statement {
        let body = StatementBody::Answer(Answered {
            newcomer: member(newcomer),
            nonce: [9; 32],
        });
        self.say(admin, body)
    }

    /// The last change of a member, as it is known here.
    pub(crate) fn last(&self, of: &SigningKey) -> LastChange {
        match self.own.get(&member(of)) {
            Some((counter, hash)) => LastChange {
                counter: *counter,
                hash: *hash,
            },
            None => LastChange::NONE,
        }
    }

    /// A new epoch without these members, whose last changes are the ones known here.
    pub(crate) fn rotate(&self, admin: &SigningKey, without: &[&SigningKey]) -> Statement {
        let removals = without.iter().map(|gone| Removal {
            member: member(gone),
            last: self.last(gone),
        });
        self.rotation(admin, removals.collect(), &[], &[])
    }

    /// A new epoch that lets these newcomers in.
    pub(crate) fn admission(&self, admin: &SigningKey, newcomers: &[&SigningKey]) -> Statement {
        self.rotation(admin, Vec::new(), newcomers, &[])
    }

    /// A new epoch with and without whom one likes.
    pub(crate) fn rotation(
        &self,
        admin: &SigningKey,
        mut removals: Vec<Removal>,
        admitted: &[&SigningKey],
        refused: &[&SigningKey],
    ) -> Statement {
        removals.sort_by_key(|removal| removal.member);
        let sorted = |keys: &[&SigningKey]| {
            let mut ids: Vec<MemberId> = keys.iter().map(|key| member(key)).collect();
            ids.sort();
            ids
        };
        let (admitted, refused) = (sorted(admitted), sorted(refused));
        let mut after: Vec<MemberId> = self
            .chain
            .present_members()
            .map(|m| m.id)
            .filter(|id| removals.iter().all(|removal| removal.member != *id))
            .chain(admitted.iter().copied())
            .collect();
        after.sort();
        let body = StatementBody::Rotate(Rotate {
            epoch: self.chain.epoch().next(),
            commitment: [7; 32],
            previous_keys: vec![PreviousKey {
                epoch: self.chain.epoch(),
                sealed: [8; SEALED_KEY_LENGTH],
            }],
            removals,
            refused,
            admitted,
            enrolled: Vec::new(),
            wrapped: after
                .into_iter()
                .map(|id| (id, Box::new([6; WRAPPED_KEY_LENGTH])))
                .collect(),
        });
        self.say(admin, body)
    }

    pub(crate) fn leave(&self, author: &SigningKey) -> Statement {
        let last = self.last(author);
        self.say(author, StatementBody::Leave(Leave { last }))
    }

    /// Ends the space, to be kept for so many days.
    pub(crate) fn end(&self, author: &SigningKey, keep_days: u16) -> Statement {
        self.say(author, StatementBody::End(End { keep_days }))
    }

    /// Takes a statement into what is known here.
    pub(crate) fn learn(&mut self, statement: Statement) {
        self.chain.extend(&statement).unwrap();
        self.statements.push(statement);
    }

    pub(crate) fn offer(&self, relay: &Relay, by: &SigningKey, statement: &Statement) -> Answer {
        self.offer_run(relay, by, std::slice::from_ref(statement))
    }

    pub(crate) fn offer_run(&self, relay: &Relay, by: &SigningKey, run: &[Statement]) -> Answer {
        let statements = run.iter().map(|s| s.bytes().to_vec()).collect();
        let body = ChainRun { statements }.encode();
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

    /// Invites somebody and lets them come; they are pending then.
    pub(crate) fn knock(
        &mut self,
        relay: &Relay,
        admin: &SigningKey,
        newcomer: &SigningKey,
        role: Role,
    ) {
        // Another one each time: no key is invited twice.
        let invited = SigningKey::from_bytes(self.chain.head().as_bytes());
        let invite = self.invite(admin, &invited, role);
        self.extend(relay, admin, invite);
        let join = self.join(newcomer, &invited);
        self.extend(relay, &invited, join);
    }

    /// Invites somebody, answers and lets them in.
    pub(crate) fn admit(
        &mut self,
        relay: &Relay,
        admin: &SigningKey,
        newcomer: &SigningKey,
        role: Role,
    ) {
        self.knock(relay, admin, newcomer, role);
        let answer = self.answer(admin, newcomer);
        self.extend(relay, admin, answer);
        let admission = self.admission(admin, &[newcomer]);
        self.extend(relay, admin, admission);
    }

    pub(crate) fn vouch(&self, relay: &Relay, by: &SigningKey) -> Answer {
        let vouch = Vouch {
            chain_length: self.chain.length(),
            chain_head: self.chain.head(),
        };
        let body = serde_json::to_vec(&vouch).unwrap();
        Request::new("POST", &path::vouch(self.id()), body)
            .signed(by)
            .send(relay)
    }

    /// The header of the author's next change.
    pub(crate) fn header(&mut self, author: &SigningKey) -> Header {
        let author = member(author);
        let (counter, previous_own) = self
            .own
            .get(&author)
            .copied()
            .unwrap_or((Counter(0), HistoryHash::ZERO));
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
            content: companion_protocol::id::ContentHash::ZERO,
            frontier: Vec::new(),
            drops: Vec::new(),
        }
    }

    /// The newest change of a member, as others name what they read.
    pub(crate) fn seen(&self, of: &SigningKey) -> Seen {
        let last = self.last(of);
        Seen {
            index: self.chain.member(&member(of)).unwrap().index,
            counter: last.counter,
            hash: last.hash,
        }
    }

    /// The author's next change, remembered as written.
    pub(crate) fn write(&mut self, author: &SigningKey, text: &str) -> SealedChange {
        let header = self.header(author);
        self.write_as(author, header, text)
    }

    /// The author's next change under a header of one's own making, remembered as written.
    pub(crate) fn write_as(
        &mut self,
        author: &SigningKey,
        header: Header,
        text: &str,
    ) -> SealedChange {
        let change = sealed(author, header, text);
        self.own
            .insert(member(author), (change.header().counter, change.history()));
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

/// A change under a header, "sealed": the text, filled up to the least that a seal holds.
pub(crate) fn sealed(author: &SigningKey, header: Header, text: &str) -> SealedChange {
    let mut ciphertext = text.as_bytes().to_vec();
    ciphertext.resize(ciphertext.len().max(MIN_CIPHERTEXT), b' ');
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
