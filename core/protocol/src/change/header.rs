//! What everybody may read of a change.

use sha2::{Digest, Sha256};

use crate::id::{
    ChangeId, ContentHash, Counter, Epoch, HistoryHash, MemberId, SpaceId, StatementHash,
};
use crate::suite::Suite;
use crate::wire::{Reader, WireError, Writer};

const MAGIC: &[u8; 2] = b"KC";
const HISTORY_CONTEXT: &[u8] = b"kap/history/1";
/// Most entries of a frontier.
const MAX_FRONTIER: usize = 255;
/// Most bodies that a change drops, and that all changes of a push drop together: each is looked for.
pub const MAX_DROPS: usize = 1024;

/// How far the author had read another member: the count of that member's newest change here, and the
/// history that ends in it. Two members who were shown different histories of a third name different hashes;
/// two who were given one history in different sealings name the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// The member, by its place in the order of admission.
    pub index: u16,
    /// The count of the change.
    pub counter: Counter,
    /// That member's history up to the change.
    pub hash: HistoryHash,
}

/// A change whose body may go: that very one, and not whatever its author says under that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DroppedBody {
    /// Whose change it is, by its author's place in the order of admission.
    pub index: u16,
    /// The count of the change.
    pub counter: Counter,
    /// Its author's history up to and with it.
    pub hash: HistoryHash,
}

impl DroppedBody {
    fn place(&self) -> (u16, Counter) {
        (self.index, self.counter)
    }
}

/// What everybody may read of a change. Its bytes are the associated data of the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The space.
    pub space: SpaceId,
    /// Which key seals it.
    pub epoch: Epoch,
    /// Its name.
    pub id: ChangeId,
    /// Who wrote it.
    pub author: MemberId,
    /// The author's own count in this space.
    pub counter: Counter,
    /// The author's history before it; zero for the first.
    pub previous_own: HistoryHash,
    /// The newest statement of the chain that the author knew.
    pub chain_head: StatementHash,
    /// What is inside, so that two sealings of one change are known to be that.
    pub content: ContentHash,
    /// How far the author had read others, as far as it says so here; ascending by member.
    pub frontier: Vec<Seen>,
    /// Changes whose bodies may go from here on; ascending by member and count. They stay when the change is
    /// sealed again.
    pub drops: Vec<DroppedBody>,
}

impl Header {
    /// The header's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .u8(Suite::One.code())
            .array(self.space.as_bytes())
            .u32(self.epoch.0)
            .array(self.id.as_bytes())
            .array(self.author.as_bytes())
            .u64(self.counter.0)
            .array(self.previous_own.as_bytes())
            .array(self.chain_head.as_bytes())
            .array(self.content.as_bytes())
            .u8(u8::try_from(self.frontier.len()).unwrap_or(u8::MAX));
        for seen in self.frontier.iter().take(MAX_FRONTIER) {
            to.u16(seen.index)
                .u64(seen.counter.0)
                .array(seen.hash.as_bytes());
        }
        self.encode_drops(&mut to);
        // Room for fields that a later version adds: authenticated and kept, not understood.
        to.u16(0);
        to.finish()
    }

    fn encode_drops(&self, to: &mut Writer) {
        to.u16(u16::try_from(self.drops.len()).unwrap_or(u16::MAX));
        for drop in self.drops.iter().take(usize::from(u16::MAX)) {
            to.u16(drop.index)
                .u64(drop.counter.0)
                .array(drop.hash.as_bytes());
        }
    }

    /// What its author has said in this space up to and with this change: all of it that stays when a change
    /// is sealed again, under another epoch or after an answer that was lost. Two genuine changes of one
    /// author under one count whose histories differ prove that the author told two things; two whose
    /// histories are the same are one change.
    pub fn history(&self) -> HistoryHash {
        let mut drops = Writer::new();
        self.encode_drops(&mut drops);
        HistoryHash::new(
            Sha256::new()
                .chain_update(HISTORY_CONTEXT)
                .chain_update(self.space.as_bytes())
                .chain_update(self.author.as_bytes())
                .chain_update(self.counter.0.to_be_bytes())
                .chain_update(self.id.as_bytes())
                .chain_update(self.previous_own.as_bytes())
                .chain_update(self.content.as_bytes())
                .chain_update(drops.as_slice())
                .finalize()
                .into(),
        )
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, WireError> {
        from.magic(MAGIC, "sealed change")?;
        Suite::read(from)?;
        let mut header = Self {
            space: SpaceId::new(from.array()?),
            epoch: Epoch(from.u32()?),
            id: ChangeId::new(from.array()?),
            author: MemberId::new(from.array()?),
            counter: counter(from)?,
            previous_own: HistoryHash::new(from.array()?),
            chain_head: StatementHash::new(from.array()?),
            content: ContentHash::new(from.array()?),
            frontier: Vec::new(),
            drops: Vec::new(),
        };
        if (header.counter == Counter(1)) != (header.previous_own == HistoryHash::ZERO) {
            return Err(WireError::BadValue("previous_own"));
        }
        for _ in 0..from.u8()? {
            let seen = Seen {
                index: from.u16()?,
                counter: counter(from)?,
                hash: HistoryHash::new(from.array()?),
            };
            let last = header.frontier.last();
            if last.is_some_and(|last| last.index >= seen.index) {
                return Err(WireError::BadValue("frontier"));
            }
            header.frontier.push(seen);
        }
        let drops = from.u16()?;
        if usize::from(drops) > MAX_DROPS {
            return Err(WireError::BadValue("drops"));
        }
        for _ in 0..drops {
            let drop = DroppedBody {
                index: from.u16()?,
                counter: counter(from)?,
                hash: HistoryHash::new(from.array()?),
            };
            let last = header.drops.last();
            if last.is_some_and(|last| last.place() >= drop.place()) {
                return Err(WireError::BadValue("drops"));
            }
            header.drops.push(drop);
        }
        let extensions = from.u16()?;
        from.take(usize::from(extensions))?;
        Ok(header)
    }
}

/// A count of a change that exists: from 1, and small enough for a signed 64-bit number.
fn counter(from: &mut Reader<'_>) -> Result<Counter, WireError> {
    match from.u64()? {
        count @ 1.. if i64::try_from(count).is_ok() => Ok(Counter(count)),
        _ => Err(WireError::BadValue("counter")),
    }
}
