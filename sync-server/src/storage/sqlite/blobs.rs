//! Blobs of the embedded backend: rows in the database, bytes in files beside it.
//!
//! A row says no more than what is on the disk, so a process can end between any two steps: bytes beyond
//! the row are nothing that was acknowledged, and are cut off; a file without a row is nobody's, and goes.
//! What is deleted loses its row first, for the same reason.

mod busy;
mod disk;
#[cfg(test)]
mod fate;
#[cfg(test)]
mod tests;

pub use disk::folder;
pub(super) use disk::{Disk, Entry, listed, name_of, sync_folder};

use std::io::ErrorKind;
use std::path::Path;

use companion_protocol::api::BlobState;
use companion_protocol::id::{BlobId, SpaceId};
use rusqlite::Connection;

use self::busy::Busy;
use self::disk::Files;
use super::writer::Verdict;
use super::writes::{Note, Noted};
use super::{SqliteStorage, reads, writes};
use crate::storage::{
    BlobPart, BlobStorage, BlobTotals, Day, HeldBlob, PartGiven, Reconciled, Storage, StorageError,
};

/// `EIO`: the disk could not read what stands there.
const BAD_SECTOR: i32 = 5;

/// The files of one database's blobs, and who is at work on which.
pub(super) struct Blobs {
    disk: Disk,
    busy: Busy,
}

impl Blobs {
    pub(super) fn of(database: &Path) -> Self {
        Self {
            disk: Disk::of(database),
            busy: Busy::default(),
        }
    }
}

/// What a look at a blob found to put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mended {
    Nothing,
    Finished,
    Cut,
    Lost,
    Stray,
}

impl SqliteStorage {
    /// Writes a row, in tests perhaps not, or without anybody hearing of it.
    pub(super) fn noted<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<Verdict<T>, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        self.blobs.disk.step()?;
        let done = self.writer.run(work)?;
        self.blobs.disk.step()?;
        Ok(done)
    }

    fn note(&self, note: Note) -> Result<Noted, StorageError> {
        self.noted(move |to| writes::note_blob(to, &note))
    }

    /// Forgets a blob, and then takes its files away; says whether it did.
    fn remove(
        &self,
        space: SpaceId,
        blob: BlobId,
        unless_grown_since: Option<Day>,
    ) -> Result<bool, StorageError> {
        let forgotten =
            self.noted(move |to| writes::forget_blob(to, space, blob, unless_grown_since))?;
        if forgotten {
            self.blobs.disk.remove(space, blob)?;
        }
        Ok(forgotten)
    }

    /// What broke off is taken back at once: room on a full disk is needed now. Where that fails too, the next
    /// part or the next start does it.
    fn or_in_step<T>(
        &self,
        space: SpaceId,
        blob: BlobId,
        done: Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        if done.is_err() {
            let _ = self.in_step(space, blob);
        }
        done
    }

    /// Brings the row of a blob and its files in step, and gives what is kept then. For whoever holds the
    /// blob.
    fn in_step(
        &self,
        space: SpaceId,
        blob: BlobId,
    ) -> Result<(Option<HeldBlob>, Mended), StorageError> {
        let disk = &self.blobs.disk;
        let files = disk.files(space, blob)?;
        match self.blob(space, blob)? {
            None if files == Files::default() => Ok((None, Mended::Nothing)),
            None => {
                disk.remove(space, blob)?;
                Ok((None, Mended::Stray))
            }
            Some(held) if held.state.is_whole() => {
                if files.whole != Some(held.state.size) {
                    return self.lose(space, blob);
                }
                if files.arriving.is_some() {
                    disk.remove_arriving(space, blob)?;
                }
                Ok((Some(held), Mended::Nothing))
            }
            Some(held) if files.whole.is_some() => self.finished(space, held),
            Some(held) => self.arriving_in_step(space, held, files.arriving.unwrap_or(0)),
        }
    }

    /// A blob of which something was acknowledged, and whose bytes are gone or are not what they were.
    fn lose(
        &self,
        space: SpaceId,
        blob: BlobId,
    ) -> Result<(Option<HeldBlob>, Mended), StorageError> {
        if self.noted(move |to| writes::lose_blob(to, space, blob))? {
            self.blobs.disk.remove(space, blob)?;
        }
        Ok((None, Mended::Lost))
    }

    /// A blob that was held to its name, and not noted as whole.
    fn finished(
        &self,
        space: SpaceId,
        held: HeldBlob,
    ) -> Result<(Option<HeldBlob>, Mended), StorageError> {
        let (disk, blob) = (&self.blobs.disk, held.state.blob);
        let is_it = disk.files(space, blob)?.whole == Some(held.state.size)
            && name_of(&disk.whole(space, blob))? == blob;
        if !is_it {
            return self.lose(space, blob);
        }
        let held = self.received(space, held, held.state.size)?;
        disk.remove_arriving(space, blob)?;
        Ok((held, Mended::Finished))
    }

    fn arriving_in_step(
        &self,
        space: SpaceId,
        held: HeldBlob,
        length: u64,
    ) -> Result<(Option<HeldBlob>, Mended), StorageError> {
        let state = held.state;
        if length == 0 {
            return self.lose(space, state.blob);
        }
        if length < state.received {
            return Ok((self.received(space, held, length)?, Mended::Cut));
        }
        if length > state.received {
            self.blobs.disk.cut(space, state.blob, state.received)?;
            return Ok((Some(held), Mended::Cut));
        }
        Ok((Some(held), Mended::Nothing))
    }

    /// Notes that this many bytes are there. It did not grow by that.
    fn received(
        &self,
        space: SpaceId,
        held: HeldBlob,
        received: u64,
    ) -> Result<Option<HeldBlob>, StorageError> {
        let state = BlobState {
            received,
            ..held.state
        };
        self.note(Note {
            space,
            state,
            giver: held.giver,
            day: None,
        })?;
        Ok(Some(HeldBlob { state, ..held }))
    }

    /// Writes a part behind what is there, and notes it.
    fn grow(&self, part: &BlobPart) -> Result<PartGiven, StorageError> {
        let (disk, space, blob) = (&self.blobs.disk, part.space, part.blob);
        disk.write(space, blob, part.from, &part.bytes)?;
        let length = u64::try_from(part.bytes.len()).unwrap_or(u64::MAX);
        let state = BlobState {
            blob,
            size: part.size,
            received: part.from.saturating_add(length),
        };
        if state.is_whole() {
            if disk.name_of_arrived(space, blob)? != blob {
                self.remove(space, blob, None)?;
                return Ok(PartGiven::Mismatch);
            }
            disk.finish(space, blob)?;
        }
        let noted = self.note(Note {
            space,
            state,
            giver: part.giver,
            day: Some(part.day),
        })?;
        let refused = match noted {
            Noted::Done => return Ok(PartGiven::Done(state)),
            Noted::QuotaExceeded => PartGiven::QuotaExceeded,
            Noted::NoSuchSpace => PartGiven::NoSuchSpace,
        };
        disk.remove(space, blob)?;
        Ok(refused)
    }

    /// What the row of a blob and its files say of each other, in words; nothing where they agree.
    fn fault(&self, space: SpaceId, held: &HeldBlob) -> Result<Option<String>, StorageError> {
        let BlobState {
            blob,
            size,
            received,
        } = held.state;
        let name = blob.short();
        let files = self.blobs.disk.files(space, blob)?;
        if !held.state.is_whole() {
            let there = files.whole.or(files.arriving).unwrap_or(0);
            return Ok((there < received).then(|| {
                format!("{there} bytes are there of blob {name}, of which {received} were kept")
            }));
        }
        Ok(match files.whole {
            Some(length) if length == size => None,
            Some(length) => Some(format!("blob {name} has {length} bytes and not {size}")),
            None => Some(format!("blob {name} is missing")),
        })
    }
}

impl BlobStorage for SqliteStorage {
    fn give_part(&self, part: BlobPart) -> Result<PartGiven, StorageError> {
        let (space, blob) = (part.space, part.blob);
        let _alone = self.blobs.busy.hold(space, blob);
        let known = self.in_step(space, blob)?.0.map(|held| held.state);
        let stands = known.unwrap_or(BlobState::nothing_yet(blob, part.size));
        if stands.is_whole() {
            return Ok(PartGiven::Done(stands));
        }
        if (stands.size, stands.received) != (part.size, part.from) {
            return Ok(PartGiven::Elsewhere(stands));
        }
        if known.is_none() {
            match self.read(|from| writes::may_begin(from, space, part.size))? {
                Noted::Done => {}
                Noted::QuotaExceeded => return Ok(PartGiven::QuotaExceeded),
                Noted::NoSuchSpace => return Ok(PartGiven::NoSuchSpace),
            }
        }
        self.or_in_step(space, blob, self.grow(&part))
    }

    fn blob(&self, space: SpaceId, blob: BlobId) -> Result<Option<HeldBlob>, StorageError> {
        self.read(|from| reads::blob(from, space, blob))
    }

    fn blobs(&self, space: SpaceId) -> Result<Vec<HeldBlob>, StorageError> {
        self.read(|from| reads::blobs(from, space))
    }

    fn read_blob(
        &self,
        space: SpaceId,
        blob: BlobId,
        from: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let whole = || {
            let held = self.blob(space, blob)?;
            Ok::<_, StorageError>(held.filter(|held| held.state.is_whole()))
        };
        let Some(held) = whole()? else {
            return Ok(None);
        };
        let left = held.state.size.saturating_sub(from);
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(limit);
        let mut bytes = vec![0; length];
        match self.blobs.disk.read(space, blob, from, &mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            // Deleted since it was looked for.
            Err(why) if why.kind() == ErrorKind::NotFound && whole()?.is_none() => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    fn prove_blob(&self, space: SpaceId, blob: BlobId) -> Result<bool, StorageError> {
        let _alone = self.blobs.busy.hold(space, blob);
        let (held, mended) = self.in_step(space, blob)?;
        if !held.is_some_and(|held| held.state.is_whole()) {
            return Ok(mended != Mended::Lost);
        }
        let is_it = match name_of(&self.blobs.disk.whole(space, blob)) {
            Ok(name) => name == blob,
            // What the disk can't read any more is as good as gone.
            Err(why) if why.raw_os_error() == Some(BAD_SECTOR) => false,
            Err(why) => return Err(why.into()),
        };
        if !is_it {
            self.lose(space, blob)?;
        }
        Ok(is_it)
    }

    fn delete_blob(&self, space: SpaceId, blob: BlobId) -> Result<bool, StorageError> {
        let _alone = self.blobs.busy.hold(space, blob);
        self.or_in_step(space, blob, self.remove(space, blob, None))
    }

    fn expire_blobs(&self, last: Day) -> Result<u64, StorageError> {
        let mut expired = 0_u64;
        for (space, blob) in self.read(|from| reads::expired(from, last))? {
            let _alone = self.blobs.busy.hold(space, blob);
            // It may have grown since.
            let went = self.remove(space, blob, Some(last));
            if self.or_in_step(space, blob, went)? {
                expired = expired.saturating_add(1);
            }
        }
        Ok(expired)
    }

    fn blob_totals(&self) -> Result<BlobTotals, StorageError> {
        self.read(reads::blob_totals)
    }

    fn reconcile_blobs(&self) -> Result<Reconciled, StorageError> {
        let mut done = Reconciled::default();
        let mut count = |mended| {
            let of = match mended {
                Mended::Nothing => return,
                Mended::Finished => &mut done.finished,
                Mended::Cut => &mut done.cut,
                Mended::Lost => &mut done.lost,
                Mended::Stray => &mut done.strays,
            };
            *of = of.saturating_add(1);
        };
        for space in self.spaces()? {
            for held in self.blobs(space)? {
                count(self.in_step(space, held.state.blob)?.1);
            }
        }
        self.blobs.disk.each(|entry| {
            if let Entry::Whole(space, blob) | Entry::Arriving(space, blob) = entry
                && self.blob(space, blob)?.is_none()
            {
                count(self.in_step(space, blob)?.1);
            }
            Ok(())
        })?;
        self.blobs.disk.tidy()?;
        Ok(done)
    }

    fn blob_faults(&self) -> Result<Vec<(Option<SpaceId>, String)>, StorageError> {
        let mut faults = Vec::new();
        for space in self.spaces()? {
            for held in self.blobs(space)? {
                let fault = self.fault(space, &held)?;
                faults.extend(fault.map(|fault| (Some(space), fault)));
            }
        }
        self.blobs.disk.each(|entry| {
            match entry {
                Entry::Whole(space, blob) | Entry::Arriving(space, blob)
                    if self.blob(space, blob)?.is_none() =>
                {
                    let said = format!("bytes of blob {} are kept and not noted", blob.short());
                    faults.push((Some(space), said));
                }
                Entry::Whole(..) | Entry::Arriving(..) => {}
                Entry::Stray(path) => {
                    let said = format!("{} is no blob and does not belong here", path.display());
                    faults.push((None, said));
                }
            }
            Ok(())
        })?;
        Ok(faults)
    }
}
