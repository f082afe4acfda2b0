//! Things to store: genuine in form, arbitrary in content.

use companion_protocol::change::{Header, MIN_CIPHERTEXT, Sealed, SealedChange};
use companion_protocol::id::{
    ChangeId, ContentHash, Counter, Epoch, GrantSerial, HistoryHash, MemberId, SpaceId,
    StatementHash,
};
use ed25519_dalek::SigningKey;

use super::{Failure, expect};
use crate::storage::{
    Append, Clinic, Extension, Founded, Founding, Named, NewChange, NewStatement, Room, Storage,
};

pub(super) const CLINIC: MemberId = MemberId::new([1; 32]);
pub(super) const FOUNDER: MemberId = MemberId::new([2; 32]);
/// Bytes of a founding statement here.
pub(super) const STATEMENT: usize = 100;

pub(super) fn clinic(max_spaces: u64, max_bytes: u64) -> Clinic {
    Clinic {
        key: CLINIC,
        label: "Clinic".into(),
        max_spaces,
        max_bytes,
    }
}

pub(super) fn founding(number: u8) -> Founding {
    Founding {
        space: SpaceId::new([number; 32]),
        founder: FOUNDER,
        statement: vec![number; STATEMENT],
        hash: StatementHash::new([number; 32]),
        issuer: CLINIC,
        serial: GrantSerial::new([number; 16]),
        max_bytes: 0,
        vouched: true,
    }
}

/// A storage with one space of a clinic with much room.
pub(super) fn founded(storage: &dyn Storage) -> Result<SpaceId, Failure> {
    storage.register_clinic(clinic(100, 1 << 30))?;
    let made = storage.create_space(founding(1))?;
    expect(
        matches!(made, Founded::Created(_)),
        "a grant of a registered clinic founds a space",
    )?;
    Ok(SpaceId::new([1; 32]))
}

pub(super) fn statement(number: u8) -> NewStatement {
    NewStatement {
        bytes: vec![number; STATEMENT],
        hash: StatementHash::new([number; 32]),
    }
}

pub(super) fn extension(space: SpaceId, previous: u8, number: u8) -> Extension {
    Extension {
        space,
        previous: StatementHash::new([previous; 32]),
        statements: vec![statement(number)],
        comes: Vec::new(),
        goes: Vec::new(),
        last: Vec::new(),
        room: Room::Needed,
        ends: None,
    }
}

/// Somebody who writes changes one after the other.
pub(super) struct Author {
    key: SigningKey,
    index: u16,
    space: SpaceId,
    counter: Counter,
    last: HistoryHash,
}

impl Author {
    pub(super) fn new(space: SpaceId, number: u8) -> Self {
        let key = SigningKey::from_bytes(&[number; 32]);
        Self {
            key,
            index: number.into(),
            space,
            counter: Counter(0),
            last: HistoryHash::ZERO,
        }
    }

    pub(super) fn write(&mut self) -> NewChange {
        let author = MemberId::new(self.key.verifying_key().to_bytes());
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(author.as_bytes()) {
            *to = *from;
        }
        let number = self.counter.next().0.to_be_bytes();
        for (to, from) in id.iter_mut().zip(number) {
            *to ^= from;
        }
        let header = Header {
            space: self.space,
            epoch: Epoch(0),
            id: ChangeId::new(id),
            author,
            counter: self.counter.next(),
            previous_own: self.last,
            chain_head: StatementHash::new([1; 32]),
            content: ContentHash::new([3; 32]),
            frontier: Vec::new(),
            drops: Vec::new(),
        };
        let sealed = Sealed {
            nonce: [0; 24],
            commitment: [0; 32],
            ciphertext: vec![0; MIN_CIPHERTEXT],
        };
        let change = SealedChange::sign(&self.key, header, sealed);
        let previous_own = self.last;
        self.counter = self.counter.next();
        self.last = change.history();
        NewChange {
            id: change.header().id,
            author: self.index,
            counter: self.counter,
            previous_own,
            history: change.history(),
            hash: change.hash(),
            seen: Vec::new(),
            drops: Vec::new(),
            bare: false,
            bytes: change.bytes().to_vec(),
        }
    }

    /// The newest change as others name it.
    pub(super) fn newest(&self) -> Named {
        Named {
            author: self.index,
            counter: self.counter,
            hash: self.last,
        }
    }

    pub(super) fn write_many(&mut self, count: usize) -> Vec<NewChange> {
        (0..count).map(|_| self.write()).collect()
    }
}

pub(super) fn append(space: SpaceId, changes: Vec<NewChange>) -> Append {
    Append {
        space,
        chain_head: StatementHash::new([1; 32]),
        filling: false,
        changes,
    }
}
