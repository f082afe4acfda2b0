//! Blobs: what is too large for a change, kept part by part until the whole is there. What is asked of a
//! backend is what [`super::Storage`] asks: each verb happens wholly or not at all, and what it says is kept
//! is on the disk when it returns.

use std::fmt;

use companion_protocol::api::BlobState;
use companion_protocol::id::{BlobId, MemberId, SpaceId};

use super::StorageError;

/// Days since 1970 UTC. A time of day is kept of no blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u32);

/// As a date, for people.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Eras of 400 years, and years that begin in March, so that a leap day is the last of its year.
        let days = u64::from(self.0).saturating_add(719_468);
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A blob that has not grown for this many days, and is not whole, goes.
pub const PATIENCE_DAYS: u32 = 30;

impl Day {
    /// The day of a time in milliseconds since 1970 UTC.
    pub fn of_ms(at_ms: i64) -> Self {
        let days = at_ms.max(0) / (24 * 60 * 60 * 1000);
        Self(u32::try_from(days).unwrap_or(u32::MAX))
    }

    /// The last day on which a blob may have grown that goes today. The hour is not known, so that day must
    /// have ended as long ago.
    pub fn patience_ends(self) -> Option<Self> {
        self.0.checked_sub(PATIENCE_DAYS)?.checked_sub(1).map(Self)
    }
}

/// Part of a blob, to be kept behind what is there. The caller has looked at the sizes: the part is not
/// empty and ends within the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobPart {
    /// The space.
    pub space: SpaceId,
    /// The blob.
    pub blob: BlobId,
    /// Bytes of the whole.
    pub size: u64,
    /// Where the part begins.
    pub from: u64,
    /// Who gives it.
    pub giver: MemberId,
    /// Today.
    pub day: Day,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartGiven {
    /// The blob stands like this now. Where it was whole before, the part changed nothing.
    Done(BlobState),
    /// The part begins elsewhere, or names another size of the whole: the blob stands like this.
    Elsewhere(BlobState),
    /// All bytes are there and are not those that the name says. They are gone.
    Mismatch,
    /// The clinic or the space has no room left for the whole, or the space for one blob more.
    QuotaExceeded,
    /// There is no such space.
    NoSuchSpace,
}

/// A blob that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBlob {
    /// How much of it.
    pub state: BlobState,
    /// Who gave its first part.
    pub giver: MemberId,
}

/// All blobs together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BlobTotals {
    /// Blobs that are whole.
    pub whole: u64,
    /// Blobs of which parts are missing.
    pub arriving: u64,
    /// Bytes that are kept of both.
    pub bytes: u64,
}

/// What was put right where a process had been killed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Blobs that were whole but for being noted so.
    pub finished: u64,
    /// Blobs that were cut back to what had been acknowledged, or acknowledged anew as shorter.
    pub cut: u64,
    /// Blobs that are missing, though they were kept once: their bytes are not there any more.
    pub lost: u64,
    /// Bytes that belonged to no blob, by what they stood in.
    pub strays: u64,
}

/// The verbs for blobs.
pub trait BlobStorage {
    /// Keeps a part of a blob. The first one charges the whole. Once all bytes are there, holds them to the
    /// blob's name without ever having the whole in memory.
    fn give_part(&self, part: BlobPart) -> Result<PartGiven, StorageError>;
    /// One blob of a space.
    fn blob(&self, space: SpaceId, blob: BlobId) -> Result<Option<HeldBlob>, StorageError>;
    /// The blobs of a space, by id.
    fn blobs(&self, space: SpaceId) -> Result<Vec<HeldBlob>, StorageError>;
    /// Bytes of a whole blob from `from` on, at most `limit`; `None` where there is none, or it is not whole.
    fn read_blob(
        &self,
        space: SpaceId,
        blob: BlobId,
        from: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, StorageError>;
    /// Holds a whole blob to its name once more. One that is damaged or gone is let go of, and counted in the
    /// space's head; says whether there was none such.
    fn prove_blob(&self, space: SpaceId, blob: BlobId) -> Result<bool, StorageError>;
    /// Deletes a blob and gives its room back; says whether there was one.
    fn delete_blob(&self, space: SpaceId, blob: BlobId) -> Result<bool, StorageError>;
    /// Deletes blobs that are not whole and last grew on this day or before; says how many.
    fn expire_blobs(&self, last: Day) -> Result<u64, StorageError>;
    /// All blobs together.
    fn blob_totals(&self) -> Result<BlobTotals, StorageError>;
    /// Puts right what a killed process left half done. For whoever has the storage for itself, before
    /// anything else is asked of it.
    fn reconcile_blobs(&self) -> Result<Reconciled, StorageError>;
    /// Where bytes are kept that no blob has, or a blob lacks bytes that it should have; in plain words, with
    /// the space where it is known.
    fn blob_faults(&self) -> Result<Vec<(Option<SpaceId>, String)>, StorageError>;
}
