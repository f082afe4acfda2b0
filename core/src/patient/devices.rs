//! The patient's devices, and what to do when one is lost.

use companion_protocol::id::{MemberId, SpaceId};

use super::Patient;
use super::pairing::own_words;
use super::view::DeviceView;
use crate::domain::{Comparison, Content as _, Device, DeviceSort, DocumentId, Moment, Purpose};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::{DeviceKind, Devices, invited_by_clinic};
use crate::ports::Cancel;
use crate::records::{Edit, PageSize, Query, Records, Scope};
use crate::settings::CLINIC;
use crate::sync::{ServerConnection, remove_member};

/// Setting that holds what this phone is called.
const PHONE_NAME: &str = "phone_name";

impl Patient {
    /// Who can read what is shared: every device that ever joined, and recovery words, in the order of
    /// joining.
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
        let replica = &self.replica;
        let care = self.joined_care()?;
        let offset_minutes = replica.now().offset_minutes;
        let clinic = replica.text_setting(CLINIC)?;
        let members = Devices::read(replica, care)?.members(replica, &replica.space(care)?)?;
        let views = members.into_iter().map(|known| DeviceView {
            name: match (&clinic, known.kind) {
                (Some(clinic), DeviceKind::Clinic) => clinic.clone(),
                _ => known.name,
            },
            member: known.member,
            kind: known.kind,
            joined_at: known.joined_at,
            last_received_at: known.last_received_ms.map(|unix_ms| Moment {
                unix_ms,
                offset_minutes,
            }),
            removed: known.removed,
            compare_words: known.compare_words,
        });
        Ok(views.collect())
    }

    /// Calls this phone something that the patient and the clinic know it by. Works offline, and before
    /// pairing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a name that is empty or too long.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.rename_phone("Ada's blue phone")?;
    /// assert_eq!(phone.status()?.name, "Ada's blue phone");
    /// assert!(phone.rename_phone("   ").is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn rename_phone(&self, name: &str) -> Result<()> {
        let replica = &self.replica;
        let me = replica.me.member();
        // The checks are those of what is written once it is paired.
        let name = Device {
            member: me,
            name: name.to_owned(),
            sort: DeviceSort::Phone,
            made_on: me,
            at: replica.now(),
        }
        .checked()?
        .name;
        replica
            .store
            .write(|w| w.set_setting(PHONE_NAME, name.as_bytes()))?;
        let Ok(care) = self.joined_care() else {
            return Ok(());
        };
        let records = Records::new(replica, Scope::Care(care));
        if let Some(document) = Devices::read(replica, care)?.document_of(&me) {
            let seen = records.get::<Device>(document)?.revision;
            records.edit::<Device>(document, &seen, |device| device.name = name)?;
        }
        Ok(())
    }

    /// What this phone is called.
    pub(super) fn phone_name(&self) -> Result<String> {
        let name = self.replica.text_setting(PHONE_NAME)?;
        Ok(name.unwrap_or_else(|| "Phone".to_owned()))
    }

    /// Says once, in the record that was joined, what this phone is called.
    pub(super) fn introduce(&self) -> Result<()> {
        let replica = &self.replica;
        let me = replica.me.member();
        let Ok(care) = self.joined_care() else {
            return Ok(());
        };
        if Devices::read(replica, care)?.of(&me).is_some() {
            return Ok(());
        }
        let said = Device {
            member: me,
            name: self.phone_name()?,
            sort: DeviceSort::Phone,
            made_on: me,
            at: replica.now(),
        };
        let document = DocumentId::random(&*replica.ports.rng);
        replica.commit(&[Edit::new(care, document, &said)?])
    }

    /// When the clinic compared the words of the phone by which this one came into the record: itself, or
    /// the one that the clinic had invited before it was handed on by a link or by recovery words.
    pub(super) fn compared_at(&self) -> Result<Option<Moment>> {
        let Ok(care) = self.joined_care() else {
            return Ok(None);
        };
        let state = self.replica.space(care)?;
        let invited = invited_by_clinic(&state, self.replica.me.member());
        let query = Query::<Comparison>::all().size(PageSize::LARGEST);
        let said = Records::new(&self.replica, Scope::Care(care)).contents(&query)?;
        let of_it = said
            .into_iter()
            .find(|(_, said)| Some(said.member) == invited);
        Ok(of_it.map(|(_, said)| said.at))
    }

    /// The words that this phone shows to whoever invited it, as long as they may have to be compared.
    pub(super) fn words_to_compare(&self) -> Result<Option<Vec<String>>> {
        let Ok(care) = self.joined_care() else {
            return Ok(None);
        };
        let state = self.replica.space(care)?;
        let me = self.replica.me.member();
        if invited_by_clinic(&state, me) != Some(me) || self.compared_at()?.is_some() {
            return Ok(None);
        }
        own_words(&self.replica, care).map(Some)
    }

    fn joined_care(&self) -> Result<SpaceId> {
        let care = self.replica.row_for(Purpose::Care);
        let care = care.filter(|row| row.joined).ok_or(CoreError::NotPaired)?;
        Ok(care.space)
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
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
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
