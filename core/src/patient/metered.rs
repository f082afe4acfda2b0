//! Whether large recordings and pictures go over a network that the person pays by the amount: a choice of this phone
//! alone. Texts go over any.

use super::Patient;
use crate::domain::Side;
use crate::error::Result;
use crate::health::FileVolume;
use crate::ports::NetworkKind;
use crate::records::{attachment_in, fields_of};
use crate::replica::Replica;
use crate::space::blob::sealed_size;
use crate::store::{BlobRow, BlobStanding};
use crate::sync::LARGE_BLOB;

/// Kept only where the person chose that they wait.
const WAIT_ON_METERED: &str = "attachments_wait_on_metered";

impl Patient {
    /// Whether large recordings and pictures, beyond 1 MB, go over a metered network as well. They do until the person
    /// chooses otherwise.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.attachments_on_metered()?);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn attachments_on_metered(&self) -> Result<bool> {
        Ok(!self.replica.waits_on_metered()?)
    }

    /// Chooses whether large recordings and pictures go over a metered network, in both directions. What waits goes
    /// with the first exchange over another one, and nothing else waits for it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be written.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.send_attachments_on_metered(false)?;
    /// assert!(!phone.attachments_on_metered()?);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn send_attachments_on_metered(&self, are_sent: bool) -> Result<()> {
        if self.attachments_on_metered()? == are_sent {
            return Ok(());
        }
        Ok(self.replica.store.write(|w| match are_sent {
            true => w.remove_setting(WAIT_ON_METERED),
            false => w.set_setting(WAIT_ON_METERED, &[1]),
        })?)
    }

    /// Recordings and pictures that wait to be sent until the network is another one.
    pub(super) fn files_held(&self) -> Result<FileVolume> {
        if !self.replica.holds_large_blobs()? {
            return Ok(FileVolume::default());
        }
        let held =
            |r: &crate::store::Reader<'_>| r.blob_numbers_beyond(BlobStanding::ToSend, LARGE_BLOB);
        Ok(self.replica.store.read(held)?.into())
    }

    /// Recordings and pictures that are not fetched before the network is another one. Whether the server has all of
    /// one by now is found out only then.
    pub(super) fn files_to_come_held(&self) -> Result<FileVolume> {
        let mut held = FileVolume::default();
        if !self.replica.holds_large_blobs()? {
            return Ok(held);
        }
        self.replica.store.read(|r| {
            for named in r.blobs_not_here()? {
                let lost = |row: &BlobRow| row.standing == BlobStanding::Lost;
                let comes = match named.blob {
                    Some(blob) => !r.blob(blob)?.as_ref().is_some_and(lost),
                    // Whoever has it has not filled in its name yet.
                    None => false,
                };
                let row = r.item(named.document)?.filter(|_| comes);
                let one = row.and_then(|row| attachment_in(&fields_of(&row), named.item));
                if let Some(one) = one.filter(|one| sealed_size(one.length) > LARGE_BLOB) {
                    held.files += 1;
                    held.bytes = held.bytes.saturating_add(one.length);
                }
            }
            Ok(held)
        })
    }
}

impl Replica {
    fn waits_on_metered(&self) -> Result<bool> {
        let kept = self.store.read(|r| r.setting(WAIT_ON_METERED))?;
        Ok(kept.is_some())
    }

    /// Whether large recordings and pictures wait for another network now.
    pub(crate) fn holds_large_blobs(&self) -> Result<bool> {
        let is_metered =
            self.side == Side::Patient && self.ports.network.kind() == NetworkKind::Metered;
        Ok(is_metered && self.waits_on_metered()?)
    }
}
