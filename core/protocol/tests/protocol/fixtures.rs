//! Small builders: keys from one-byte seeds, a space that grows by one call, filler for what only
//! the sealing side understands.

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::change::{Header, Sealed, SealedChange};
use companion_protocol::grant::{Grant, Terms};
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, GrantSerial, HistoryHash, InviteKey, MemberId, SpaceId,
    StatementHash,
};
use companion_protocol::statement::{
    Answer, ChainPosition, Create, End, Enrolled, Invite, Join, LastChange, Leave, PreviousKey,
    Removal, Role, Rotate, Statement, StatementBody, enrol_message, join_message,
};
use companion_protocol::suite::{HPKE_KEY_LENGTH, SEALED_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use ed25519_dalek::{Signer, SigningKey};

/// The time of every statement that does not ask for another.
pub(crate) const NOW: u64 = 1_767_225_600_000;
/// A day after [`NOW`].
pub(crate) const TOMORROW: u64 = NOW + 86_400_000;
/// The smallest ciphertext.
pub(crate) const SMALLEST: usize = 1040;

/// The key whose seed is this byte 32 times.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The public half as a member's name.
pub(crate) fn id(key: &SigningKey) -> MemberId {
    MemberId::new(key.verifying_key().to_bytes())
}

/// The public half as an invite's name.
pub(crate) fn invite_key_of(key: &SigningKey) -> InviteKey {
    InviteKey::new(key.verifying_key().to_bytes())
}

/// A receiving key that has the right form and that nobody can open with.
pub(crate) fn hpke(tag: u8) -> Box<[u8; HPKE_KEY_LENGTH]> {
    // Low nibbles under 13 and bytes under 208 keep every twelve-bit number below 3329.
    Box::new([tag % 12; HPKE_KEY_LENGTH])
}

/// Filler in place of a key sealed to a member.
pub(crate) fn wrapped(tag: u8) -> Box<[u8; WRAPPED_KEY_LENGTH]> {
    Box::new([tag; WRAPPED_KEY_LENGTH])
}

/// Filler in place of a key sealed under another.
pub(crate) fn sealed_key(tag: u8) -> [u8; SEALED_KEY_LENGTH] {
    [tag; SEALED_KEY_LENGTH]
}

/// A change number `counter` that somebody is said to have written last.
pub(crate) fn last(counter: u64) -> LastChange {
    LastChange {
        counter: Counter(counter),
        hash: HistoryHash::new([0x77; 32]),
    }
}

/// What founds a space.
pub(crate) fn create(tag: u8, founder: &SigningKey, role: Role) -> StatementBody {
    StatementBody::Create(Create {
        nonce: [tag; 16],
        role,
        signing_key: id(founder),
        hpke_key: hpke(tag),
        commitment: [0xc0; 32],
        wrapped: wrapped(0xd0),
    })
}

/// Opens an invite until [`TOMORROW`].
pub(crate) fn invite(invited: &SigningKey, role: Role) -> StatementBody {
    StatementBody::Invite(Invite {
        invite_key: invite_key_of(invited),
        role,
        expires_at_ms: TOMORROW,
    })
}

/// Comes to `space` by an invite.
pub(crate) fn join(space: SpaceId, newcomer: &SigningKey, invited: &SigningKey) -> StatementBody {
    let hpke_key = hpke(5);
    let message = join_message(space, id(newcomer), &hpke_key);
    StatementBody::Join(Join {
        invite_key: invite_key_of(invited),
        signing_key: id(newcomer),
        hpke_key,
        invite_signature: invited.sign(&message).to_bytes(),
    })
}

/// Answers a newcomer.
pub(crate) fn answer(newcomer: MemberId) -> StatementBody {
    StatementBody::Answer(Answer {
        newcomer,
        nonce: [0xa5; 32],
    })
}

/// Ends the space, to be kept for a month.
pub(crate) fn end() -> StatementBody {
    StatementBody::End(End { keep_days: 30 })
}

/// Leaves after the change with this count; 0 for none.
pub(crate) fn leave(counter: u64) -> StatementBody {
    StatementBody::Leave(Leave {
        last: if counter == 0 {
            LastChange::NONE
        } else {
            last(counter)
        },
    })
}

/// A newcomer who is let in by hand at this place in this chain.
pub(crate) fn enrolled(
    space: SpaceId,
    previous: StatementHash,
    newcomer: &SigningKey,
    role: Role,
) -> Enrolled {
    let hpke_key = hpke(7);
    let message = enrol_message(space, previous, role, id(newcomer), &hpke_key);
    Enrolled {
        role,
        member: id(newcomer),
        hpke_key,
        proof: newcomer.sign(&message).to_bytes(),
    }
}

/// What a rotation decides.
#[derive(Default, Clone, Copy)]
pub(crate) struct Turn<'a> {
    pub(crate) removed: &'a [(&'a SigningKey, LastChange)],
    pub(crate) refused: &'a [&'a SigningKey],
    pub(crate) admitted: &'a [&'a SigningKey],
    pub(crate) enrolled: &'a [(&'a SigningKey, Role)],
}

/// A chain with the statements that made it.
pub(crate) struct Space {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
}

impl Space {
    /// Founded by `founder`.
    pub(crate) fn founded_by(founder: &SigningKey, role: Role) -> Self {
        let create = create(1, founder, role);
        let first = Statement::sign(founder, ChainPosition::FIRST, NOW, create);
        Self {
            chain: Chain::start(&first).unwrap(),
            statements: vec![first],
        }
    }

    pub(crate) fn id(&self) -> SpaceId {
        self.chain.space()
    }

    /// Where the next statement belongs.
    pub(crate) fn next(&self) -> ChainPosition {
        ChainPosition {
            space: self.chain.space(),
            sequence: self.chain.length(),
            previous: self.chain.head(),
        }
    }

    /// Says something at the end of the chain. A refusal must leave the chain as it was.
    pub(crate) fn say(&mut self, who: &SigningKey, body: StatementBody) -> Result<(), ChainError> {
        self.offer(Statement::sign(who, self.next(), NOW, body))
    }

    pub(crate) fn offer(&mut self, statement: Statement) -> Result<(), ChainError> {
        let before = format!("{:?}", self.chain);
        let result = self.chain.extend(&statement);
        match result {
            Ok(()) => self.statements.push(statement),
            Err(_) => assert_eq!(
                format!("{:?}", self.chain),
                before,
                "a refusal changed the chain"
            ),
        }
        result
    }

    /// The key of an invite that this chain never saw.
    pub(crate) fn door(&self) -> SigningKey {
        let mut seed = [0xaa; 32];
        seed[..8].copy_from_slice(&self.chain.length().to_be_bytes());
        SigningKey::from_bytes(&seed)
    }

    /// `admin` invites, and `newcomer` comes and waits.
    pub(crate) fn wait(&mut self, admin: &SigningKey, newcomer: &SigningKey, role: Role) {
        let invited = self.door();
        self.say(admin, invite(&invited, role)).unwrap();
        let through = join(self.id(), newcomer, &invited);
        self.say(newcomer, through).unwrap();
    }

    /// `admin` invites, `newcomer` comes, and after an answer `admin` lets it in: four statements.
    pub(crate) fn admit(&mut self, admin: &SigningKey, newcomer: &SigningKey, role: Role) {
        self.wait(admin, newcomer, role);
        self.say(admin, answer(id(newcomer))).unwrap();
        self.turn(
            admin,
            Turn {
                admitted: &[newcomer],
                ..Turn::default()
            },
        )
        .unwrap();
    }

    /// `admin` lets `newcomer` in by hand.
    pub(crate) fn enrol(&mut self, admin: &SigningKey, newcomer: &SigningKey, role: Role) {
        self.turn(
            admin,
            Turn {
                enrolled: &[(newcomer, role)],
                ..Turn::default()
            },
        )
        .unwrap();
    }

    /// `admin` removes one, of whom changes up to `counter` count.
    pub(crate) fn remove(&mut self, admin: &SigningKey, who: &SigningKey, counter: u64) {
        self.turn(
            admin,
            Turn {
                removed: &[(who, self.last_of(who, counter))],
                ..Turn::default()
            },
        )
        .unwrap();
    }

    /// `admin` turns the key.
    pub(crate) fn turn(&mut self, admin: &SigningKey, turn: Turn<'_>) -> Result<(), ChainError> {
        let rotate = self.rotation(turn);
        self.say(admin, StatementBody::Rotate(rotate))
    }

    /// A rotation as it should be.
    pub(crate) fn rotation(&self, turn: Turn<'_>) -> Rotate {
        let ids = |keys: &[&SigningKey]| {
            let mut ids: Vec<MemberId> = keys.iter().map(|key| id(key)).collect();
            ids.sort();
            ids
        };
        let removals = turn.removed.iter().map(|(who, last)| Removal {
            member: id(who),
            last: *last,
        });
        let mut removals: Vec<Removal> = removals.collect();
        removals.sort_by_key(|removal| removal.member);
        let head = self.chain.head();
        let new = turn.enrolled.iter();
        let mut enrolled: Vec<Enrolled> = new
            .map(|(who, role)| enrolled(self.id(), head, who, *role))
            .collect();
        enrolled.sort_by_key(|new| new.member);
        let admitted = ids(turn.admitted);
        let present = self.chain.present_members().map(|member| member.id);
        let mut stay: Vec<MemberId> = present
            .filter(|member| !removals.iter().any(|removal| removal.member == *member))
            .collect();
        stay.extend(&admitted);
        stay.extend(enrolled.iter().map(|new| new.member));
        stay.sort();
        Rotate {
            epoch: self.chain.epoch().next(),
            commitment: [0xc1; 32],
            previous_keys: vec![PreviousKey {
                epoch: self.chain.epoch(),
                sealed: sealed_key(0xe1),
            }],
            removals,
            refused: ids(turn.refused),
            admitted,
            enrolled,
            wrapped: stay.into_iter().map(|one| (one, wrapped(0xd1))).collect(),
        }
    }

    /// The hash of statement number `sequence`.
    pub(crate) fn hash(&self, sequence: usize) -> StatementHash {
        self.statements[sequence].hash()
    }

    /// The header of `author`'s first change at the present head.
    pub(crate) fn header(&self, author: &SigningKey) -> Header {
        Header {
            space: self.id(),
            epoch: self.chain.epoch(),
            id: ChangeId::new([0x11; 16]),
            author: id(author),
            counter: Counter(1),
            previous_own: HistoryHash::ZERO,
            chain_head: self.chain.head(),
            content: ContentHash::new([0x44; 32]),
            frontier: Vec::new(),
            drops: Vec::new(),
        }
    }

    /// The header of a later change of `author`, at statement `sequence`.
    pub(crate) fn header_at(
        &self,
        author: &SigningKey,
        sequence: usize,
        epoch: u32,
        counter: u64,
    ) -> Header {
        Header {
            chain_head: self.hash(sequence),
            epoch: Epoch(epoch),
            counter: Counter(counter),
            previous_own: if counter == 1 {
                HistoryHash::ZERO
            } else {
                HistoryHash::new([1; 32])
            },
            ..self.header(author)
        }
    }
}

impl Space {
    /// The change number `counter` of [`Space::header_at`], as its author's last that counts.
    pub(crate) fn last_of(&self, author: &SigningKey, counter: u64) -> LastChange {
        LastChange {
            counter: Counter(counter),
            hash: self.header_at(author, 0, 0, counter).history(),
        }
    }
}

/// A sealed part that nobody can open.
pub(crate) fn filler(length: usize) -> Sealed {
    Sealed {
        nonce: [0x22; 24],
        commitment: [0x33; 32],
        ciphertext: vec![0x44; length],
    }
}

/// A change with filler inside.
pub(crate) fn change(author: &SigningKey, header: Header) -> SealedChange {
    SealedChange::sign(author, header, filler(SMALLEST))
}

/// A grant of the clinic `issuer` for `founder`.
pub(crate) fn grant(issuer: &SigningKey, founder: &SigningKey) -> Grant {
    Grant::sign(
        issuer,
        Terms {
            founder: id(founder),
            serial: GrantSerial::new([0x6a; 16]),
            max_bytes: 1 << 30,
            expires_at_ms: TOMORROW,
        },
    )
}

/// The statement with so many bytes in place of what a later version would add, signed again.
pub(crate) fn with_extensions(
    author: &SigningKey,
    statement: &Statement,
    size: usize,
) -> Statement {
    let mut bytes = statement.bytes().to_vec();
    let at = bytes.len() - 66;
    let length = u32::try_from(size).unwrap().to_be_bytes();
    bytes.splice(at - 4..at, [&length[..], &vec![0xab; size]].concat());
    Statement::parse(&resign(author, b"kap/statement/1", &bytes)).unwrap()
}

/// Signs bytes again after they were tampered with: `bytes` ends in the length and the 64 bytes of the
/// old signature.
pub(crate) fn resign(key: &SigningKey, context: &[u8], bytes: &[u8]) -> Vec<u8> {
    let (signed, _) = bytes.split_last_chunk::<66>().unwrap();
    let signature = key.sign(&[context, signed].concat());
    [signed, &[0, 64], &signature.to_bytes()].concat()
}

/// The same for a change, whose signature covers the body's hash in place of the body.
pub(crate) fn resign_change(key: &SigningKey, bytes: &[u8]) -> Vec<u8> {
    let parsed = SealedChange::parse(bytes).unwrap();
    let body_hash = parsed.sealed().unwrap().hash();
    let message = [b"kap/change/1", parsed.header_bytes(), &body_hash].concat();
    let (before, _) = bytes.split_last_chunk::<64>().unwrap();
    [before, &key.sign(&message).to_bytes()].concat()
}
