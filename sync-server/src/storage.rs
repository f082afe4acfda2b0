//! Where spaces, chains and logs are kept: a trait of atomic verbs, and the backends behind it.
//!
//! A verb is one transaction that happens wholly or not at all, and is durable when it returns.
//! There is no begin or commit here, so that no caller can hold one open. What must be decided in
//! the transaction (compare-and-set of a chain, an author's counter, a quota, a grant's single use)
//! is decided by the backend; what costs processor time (signatures) is done before.
//! Each backend passes [`conformance::run`].

pub mod audit;
mod blobs;
pub mod conformance;
mod ending;
pub mod rewinding;
pub mod sqlite;

pub use blobs::{
    BlobPart, BlobStorage, BlobTotals, Day, HeldBlob, PATIENCE_DAYS, PartGiven, Reconciled,
};

pub use ending::{EndedSpace, Ending};

use std::path::Path;

use companion_protocol::api::{PushResult, SpaceHead};
use companion_protocol::id::{
    ChangeId, Counter, GrantSerial, HistoryHash, Incarnation, LogNumber, MemberId, SealedHash,
    SpaceId, StatementHash,
};

/// Why a verb could not be done at all. A refusal is no error: see the outcomes.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The data is damaged. Writes stay refused until it is restored.
    #[error("the database is damaged; restore a backup")]
    Corrupt,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// Too much at once, or shutting down; try again.
    #[error("the database is busy")]
    Busy,
    /// Written by a newer version of this program.
    #[error("the database has format {found}; this program knows formats up to {known}")]
    Newer {
        /// The format of the file.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Not a database of this program.
    #[error("this file is not a database of the sync server")]
    NotOurs,
    /// A file could not be read or written.
    #[error("failed to use a file of the database: {0}")]
    File(#[source] std::io::Error),
    /// The backend failed.
    #[error("the database failed: {0}")]
    Backend(String),
}

impl From<std::io::Error> for StorageError {
    fn from(why: std::io::Error) -> Self {
        match why.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File(why),
        }
    }
}

/// One life of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Its name.
    pub incarnation: Incarnation,
    /// When a restore began it, milliseconds since 1970 UTC; `None` for a database never restored.
    pub restored_at_ms: Option<i64>,
}

/// A clinic's registration: the only thing that an operator enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinic {
    /// The key that signs the clinic's grants.
    pub key: MemberId,
    /// The operator's own name for it.
    pub label: String,
    /// How many spaces its grants may found.
    pub max_spaces: u64,
    /// How many bytes these may hold together.
    pub max_bytes: u64,
}

/// A clinic with what it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicUsage {
    /// The registration.
    pub clinic: Clinic,
    /// Spaces founded.
    pub spaces: u64,
    /// Bytes of statements, changes and blobs held.
    pub bytes: u64,
}

/// A space to found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The space.
    pub space: SpaceId,
    /// Its founder, the first member.
    pub founder: MemberId,
    /// Bytes of the founding statement.
    pub statement: Vec<u8>,
    /// Its hash.
    pub hash: StatementHash,
    /// The clinic that signed the grant.
    pub issuer: MemberId,
    /// The grant, used up by this.
    pub serial: GrantSerial,
    /// The space's own limit; 0 for none.
    pub max_bytes: u64,
    /// Whether somebody must vouch for its chain first: it is brought back after a restore.
    pub vouched: bool,
}

/// What became of a founding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Founded {
    /// The space is there now.
    Created(SpaceHead),
    /// It was there before; the grant was not touched.
    AlreadyThere(SpaceHead),
    /// The issuer is not registered.
    UnknownIssuer,
    /// The grant founded another space.
    GrantUsed,
    /// The clinic has no room left.
    QuotaExceeded,
    /// The space was ended, and is forgotten.
    Forgotten,
}

/// A statement as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: StatementHash,
}

/// Statements to add to a chain, all or none. The caller has verified that they extend the chain that
/// ends in `previous`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The space.
    pub space: SpaceId,
    /// The head that their writer saw.
    pub previous: StatementHash,
    /// The statements, in order; at least one.
    pub statements: Vec<NewStatement>,
    /// Who is present or pending after them and was neither before.
    pub comes: Vec<MemberId>,
    /// Who was present or pending before them and is neither after.
    pub goes: Vec<MemberId>,
    /// Changes that they name as somebody's last, each of which must be stored; a count of 0 says that
    /// nothing of that author is.
    pub last: Vec<Named>,
    /// Whether they go in even where no room is left.
    pub room: Room,
    /// When the space is forgotten, where they end it.
    pub ends: Option<Ending>,
}

/// A change as others name it: its author by the place in the order of admission, its count, and the history
/// that ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its author.
    pub author: u16,
    /// Its author's count.
    pub counter: Counter,
    /// Its author's history up to it.
    pub hash: HistoryHash,
}

/// Whether a statement needs free room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Refused where the quota is used up.
    Needed,
    /// Taken, and charged, also where the quota is used up.
    NotNeeded,
}

/// How many drops of what is not here (yet) are remembered for a space while it is filled again. What was
/// dropped beyond that comes back with its body.
pub const DROPS_REMEMBERED: usize = 4096;

/// What became of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extended {
    /// The statement is the head now.
    Done(SpaceHead),
    /// Another statement came first.
    Moved(SpaceHead),
    /// It names a change as the last that counts which is not stored here, or none of somebody of whom one is.
    UnknownChange(Named),
    /// The clinic or the space has no room left.
    QuotaExceeded,
    /// There is no such space.
    NoSuchSpace,
}

/// Changes to store. The caller has verified each against the chain that ends in `chain_head`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The space.
    pub space: SpaceId,
    /// The chain's head at verification; where it moved meanwhile, nothing is stored.
    pub chain_head: StatementHash,
    /// Whether what a restore lost may still be missing: then changes may name others that are not
    /// here (yet).
    pub filling: bool,
    /// The changes, in order.
    pub changes: Vec<NewChange>,
}

/// A change to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Its name.
    pub id: ChangeId,
    /// Its author, by the place in the order of admission.
    pub author: u16,
    /// The author's count.
    pub counter: Counter,
    /// The author's history before it; zero for the first.
    pub previous_own: HistoryHash,
    /// The author's history up to and with it.
    pub history: HistoryHash,
    /// The hash of this sealing of it.
    pub hash: SealedHash,
    /// How far its author had read others.
    pub seen: Vec<Named>,
    /// Changes whose bodies go.
    pub drops: Vec<Named>,
    /// Whether it comes without its body.
    pub bare: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of an append: all changes or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// Each change is stored, now or before.
    Done {
        /// Where the space stands now.
        head: SpaceHead,
        /// One for each change, in order.
        results: Vec<PushResult>,
    },
    /// The chain moved since verification: verify again.
    ChainMoved,
    /// One change does not fit, so none was stored.
    Refused {
        /// Which one, from 0.
        index: usize,
        /// Why.
        why: AppendRefusal,
    },
    /// There is no such space.
    NoSuchSpace,
}

/// Why a change does not fit the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendRefusal {
    /// The author's next counter is another.
    Counter {
        /// The next one.
        expected: Counter,
    },
    /// The author's history up to now is another one.
    OwnHistory {
        /// The one that is stored.
        expected: HistoryHash,
    },
    /// Its frontier names a change that is not stored here.
    UnknownFrontier,
    /// It drops the body of a change that is not stored here.
    UnknownDrop,
    /// The clinic or the space has no room left.
    QuotaExceeded,
}

/// A change that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the log.
    pub number: LogNumber,
    /// The hash of the sealing that is stored.
    pub hash: SealedHash,
}

/// A page of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// The number of the newest change of the space.
    pub head: LogNumber,
    /// Ascending by number.
    pub changes: Vec<(LogNumber, Vec<u8>)>,
}

/// What a space uses of what it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceUsage {
    /// The clinic that it is charged to.
    pub clinic: MemberId,
    /// Bytes of statements, changes and blobs held.
    pub bytes: u64,
    /// The space's own limit; 0 for none.
    pub max_bytes: u64,
}

/// A space cut back to an earlier end of its chain, under a new life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewind {
    /// The space.
    pub space: SpaceId,
    /// How many statements stay.
    pub chain_length: u64,
    /// The last of them.
    pub chain_head: StatementHash,
    /// Who is present or pending by it.
    pub listed: Vec<MemberId>,
    /// Who ever was a member by it. Blobs that others gave go.
    pub members: Vec<MemberId>,
    /// The changes that stay, by number, ascending. They are numbered anew.
    pub kept: Vec<LogNumber>,
    /// The life that begins.
    pub life: Life,
}

/// What a backup holds, counted in the finished copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupReport {
    /// Spaces.
    pub spaces: u64,
    /// Changes in all logs.
    pub changes: u64,
    /// Blobs that are whole. Others are not in it: whoever was giving one gives it again.
    pub blobs: u64,
    /// Blobs that are damaged or missing here, and so are not in it.
    pub lost_blobs: u64,
    /// Bytes of the file and of the blobs beside it.
    pub bytes: u64,
}

/// The verbs. They block; call them where blocking is allowed.
pub trait Storage: BlobStorage + Send + Sync {
    /// The present life of the database.
    fn life(&self) -> Result<Life, StorageError>;
    /// Begins a new life: cursors and acknowledgments of the old one no longer hold.
    fn begin_life(&self, life: Life) -> Result<(), StorageError>;
    /// Registers a clinic, or changes the label and limits of a registered one.
    fn register_clinic(&self, clinic: Clinic) -> Result<(), StorageError>;
    /// All clinics, by key.
    fn clinics(&self) -> Result<Vec<ClinicUsage>, StorageError>;
    /// Whether a clinic has this key.
    fn is_clinic(&self, key: MemberId) -> Result<bool, StorageError>;
    /// Whether somebody vouched for the chain of a space, or nobody needs to.
    fn is_vouched(&self, space: SpaceId) -> Result<bool, StorageError>;
    /// Takes a chain that ends here as vouched for; says whether it does.
    fn vouch(&self, space: SpaceId, chain_head: StatementHash) -> Result<bool, StorageError>;
    /// Cuts a space back; says whether there is one.
    fn rewind(&self, rewind: Rewind) -> Result<bool, StorageError>;
    /// Founds a space and uses up its grant.
    fn create_space(&self, founding: Founding) -> Result<Founded, StorageError>;
    /// Where a space stands.
    fn head(&self, space: SpaceId) -> Result<Option<SpaceHead>, StorageError>;
    /// Statements from number `from` on: at least one where there is one, then as many as fit into
    /// `max_bytes`.
    fn chain(
        &self,
        space: SpaceId,
        from: u64,
        max_bytes: usize,
    ) -> Result<Vec<Vec<u8>>, StorageError>;
    /// Adds statements if the chain still ends where its writer saw it.
    fn extend_chain(&self, extension: Extension) -> Result<Extended, StorageError>;
    /// What is stored of these authors under these ids, in their order; nothing where there is no such
    /// space.
    fn known(
        &self,
        space: SpaceId,
        names: Vec<(u16, ChangeId)>,
    ) -> Result<Vec<Option<Stored>>, StorageError>;
    /// Stores changes under the next numbers of the space.
    fn append(&self, append: Append) -> Result<Appended, StorageError>;
    /// Gives changes after a number one by one: at least one where there is one, then at most `limit`
    /// changes and as many as fit into `max_bytes`. Returns the number of the newest change of the space.
    fn pull_each(
        &self,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
        max_bytes: usize,
        take: &mut dyn FnMut(LogNumber, &[u8]),
    ) -> Result<Option<LogNumber>, StorageError>;
    /// The same as a page.
    fn pull(
        &self,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
        max_bytes: usize,
    ) -> Result<Option<LogPage>, StorageError> {
        let mut changes = Vec::new();
        let mut take = |number, bytes: &[u8]| changes.push((number, bytes.to_vec()));
        let head = self.pull_each(space, after, limit, max_bytes, &mut take)?;
        Ok(head.map(|head| LogPage { head, changes }))
    }
    /// Until when a space is kept that was ended; `None` where it goes on, or there is none.
    fn ending(&self, space: SpaceId) -> Result<Option<Ending>, StorageError>;
    /// The spaces that were ended and are not forgotten, by id.
    fn ended_spaces(&self) -> Result<Vec<EndedSpace>, StorageError>;
    /// Whether a space was ended and forgotten.
    fn is_forgotten(&self, space: SpaceId) -> Result<bool, StorageError>;
    /// Forgets the spaces whose day has come, and whatever an earlier call left half done; says how many.
    fn forget_spaces(&self, today: Day) -> Result<u64, StorageError>;
    /// The spaces where this member is present or pending, by id.
    fn spaces_of(&self, member: MemberId) -> Result<Vec<SpaceHead>, StorageError>;
    /// Every space, by id.
    fn spaces(&self) -> Result<Vec<SpaceId>, StorageError>;
    /// Where each author's own history stands: its newest change, by author.
    fn authors(&self, space: SpaceId) -> Result<Vec<Named>, StorageError>;
    /// What a space uses.
    fn usage(&self, space: SpaceId) -> Result<Option<SpaceUsage>, StorageError>;
    /// Tries a write and takes it back.
    fn probe(&self) -> Result<(), StorageError>;
    /// False once damage was met.
    fn sound(&self) -> bool;
    /// Writes a verified copy to a file that does not exist yet, while in use.
    fn backup(&self, to: &Path) -> Result<BackupReport, StorageError>;
}
