//! Small builders: keys from one-byte seeds, a space that grows by one call, filler for what only
//! the sealing side understands.

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::change::{Header, Sealed, SealedChange};
use companion_protocol::id::{
    ChangeId, Counter, Epoch, InviteKey, MemberId, SealedHash, SpaceId, StatementHash,
};
use companion_protocol::statement::{
    ChainPosition, Create, HPKE_KEY_LENGTH, Invite, Join, Removal, Role, Rotate, SEALED_KEY_LENGTH,
    Statement, StatementBody, WRAPPED_KEY_LENGTH, join_message,
};
use ed25519_dalek::{Signer, SigningKey};

/// The time of every statement that does not ask for another.
pub(crate) const NOW: u64 = 1_767_225_600_000;
/// A day after [`NOW`].
pub(crate) const TOMORROW: u64 = NOW + 86_400_000;

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

/// What founds a space.
pub(crate) fn create(tag: u8) -> StatementBody {
    StatementBody::Create(Create {
        nonce: [tag; 16],
        hpke_key: hpke(tag),
        commitment: [0xc0; 32],
        wrapped: wrapped(0xd0),
    })
}

/// Opens an invite until [`TOMORROW`].
pub(crate) fn invite(invited: &SigningKey, role: Role, epoch: u32) -> StatementBody {
    StatementBody::Invite(Invite {
        invite_key: invite_key_of(invited),
        role,
        expires_at_ms: TOMORROW,
        epoch: Epoch(epoch),
        sealed_key: sealed_key(0xe0),
    })
}

/// Joins `space` by an invite.
pub(crate) fn join(space: SpaceId, newcomer: &SigningKey, invited: &SigningKey) -> StatementBody {
    let hpke_key = hpke(5);
    let message = join_message(space, id(newcomer), &hpke_key);
    StatementBody::Join(Join {
        invite_key: invite_key_of(invited),
        hpke_key,
        invite_signature: invited.sign(&message).to_bytes(),
    })
}

/// Rotates the key for `stay`, in the order given.
pub(crate) fn rotate(epoch: u32, removals: &[(MemberId, u64)], stay: &[MemberId]) -> StatementBody {
    StatementBody::Rotate(Rotate {
        epoch: Epoch(epoch),
        commitment: [0xc1; 32],
        previous_key: sealed_key(0xe1),
        removals: removals
            .iter()
            .map(|(member, last)| Removal {
                member: *member,
                last_counter: Counter(*last),
            })
            .collect(),
        wrapped: stay.iter().map(|member| (*member, wrapped(0xd1))).collect(),
    })
}

/// A chain with the statements that made it.
pub(crate) struct Space {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
}

impl Space {
    /// Founded by `founder`.
    pub(crate) fn founded_by(founder: &SigningKey) -> Self {
        let first = Statement::sign(founder, ChainPosition::FIRST, NOW, create(1));
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

    /// `admin` invites and `newcomer` joins.
    pub(crate) fn admit(&mut self, admin: &SigningKey, newcomer: &SigningKey, role: Role) {
        let invited = key(0xaa);
        let inviting = invite(&invited, role, self.chain.epoch().0);
        self.say(admin, inviting).unwrap();
        self.say(newcomer, join(self.id(), newcomer, &invited))
            .unwrap();
    }

    /// `admin` rotates the key and removes.
    pub(crate) fn rotate(&mut self, admin: &SigningKey, removals: &[(MemberId, u64)]) {
        let body = self.rotation(removals);
        self.say(admin, body).unwrap();
    }

    /// A rotation as it should be.
    pub(crate) fn rotation(&self, removals: &[(MemberId, u64)]) -> StatementBody {
        let mut removals = removals.to_vec();
        removals.sort();
        let stay: Vec<MemberId> = self
            .chain
            .present_members()
            .map(|member| member.id)
            .filter(|member| !removals.iter().any(|(removed, _)| removed == member))
            .collect();
        rotate(self.chain.epoch().next().0, &removals, &stay)
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
            previous_own: SealedHash::ZERO,
            chain_head: self.chain.head(),
            frontier: Vec::new(),
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
    SealedChange::sign(author, header, filler(48))
}

/// Signs bytes again after they were tampered with: `bytes` ends in the 64 of its old signature.
pub(crate) fn resign(key: &SigningKey, context: &[u8], bytes: &[u8]) -> Vec<u8> {
    let (signed, _) = bytes.split_last_chunk::<64>().unwrap();
    let signature = key.sign(&[context, signed].concat());
    [signed, &signature.to_bytes()].concat()
}
