//! The patient's devices, and what to do when one is lost.

use companion_protocol::id::{MemberId, SpaceId};

use super::Patient;
use super::view::{DeviceKind, DeviceView};
use crate::domain::{Moment, Purpose};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::ports::Cancel;
use crate::sync::{ServerConnection, remove_member};

impl Patient {
    /// Who can read what is shared: every device that ever joined, in the order of joining.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`].
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// assert!(matches!(phone.devices(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn devices(&self) -> Result<Vec<DeviceView>> {
        let care = self.replica.row_for(Purpose::Care);
        let care = care.filter(|row| row.joined).ok_or(CoreError::NotPaired)?;
        let care = self.replica.space(care.space)?;
        let me = self.replica.me.member();
        let mut members: Vec<_> = care.chain.members().collect();
        members.sort_by_key(|member| member.index);
        Ok(members
            .into_iter()
            .map(|member| DeviceView {
                member: member.id,
                kind: match member.index {
                    _ if member.id == me => DeviceKind::ThisPhone,
                    0 => DeviceKind::Clinic,
                    _ => DeviceKind::Yours,
                },
                joined_at: Moment::utc(i64::try_from(member.joined_at_ms).unwrap_or(0)),
                removed: member.removed.is_some(),
            })
            .collect())
    }

    /// Removes a device, everywhere: it gets nothing that is written from now on. What it had read
    /// it keeps. Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Device`], [`NotNow::OwnDevice`], [`NotNow::NotAnAdmin`], and whatever an exchange
    /// with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let lost = phone.status()?.member;
    /// assert!(matches!(phone.remove_device(lost), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_device(&self, member: MemberId) -> Result<()> {
        let pass = self.replica.gate.enter(&Cancel::new())?;
        self.remove_member(member, &pass.cancel)
    }

    /// The same, for whoever is inside the gate.
    pub(super) fn remove_member(&self, member: MemberId, cancel: &Cancel) -> Result<()> {
        let server = ServerConnection::open(&self.replica, &self.server()?, cancel)?;
        if member == self.replica.me.member() {
            return Err(NotNow::OwnDevice.into());
        }
        let mut spaces: Vec<SpaceId> = Vec::new();
        for purpose in [Purpose::Care, Purpose::Private] {
            if let Some(row) = self.replica.row_for(purpose)
                && self
                    .replica
                    .space(row.space)?
                    .chain
                    .member(&member)
                    .is_some()
            {
                spaces.push(row.space);
            }
        }
        if spaces.is_empty() {
            return Err(CoreError::NotFound(Missing::Device));
        }
        for space in spaces {
            remove_member(&server, space, member)?;
        }
        Ok(())
    }
}
