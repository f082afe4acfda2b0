//! The patient's devices, and what to do when one is lost.

use std::sync::{MutexGuard, PoisonError};

use companion_protocol::change::SealedChange;
use companion_protocol::id::{MemberId, SpaceId};

use super::Patient;
use super::view::{DeviceView, RemovedView, RetractedView};
use crate::domain::{
    Content as _, Device, DeviceKeys, DeviceSort, DocumentId, Moment, Purpose, SpaceGrant, declared,
};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::{DeviceKind, Devices};
use crate::ports::Cancel;
use crate::records::{Edit, Records, Scope, open_payload};
use crate::settings::CLINIC;
use crate::space::SpaceError;
use crate::space::payload::Payload;
use crate::sync::{GRANT, ServerConnection, leave, remove_member};

/// Setting that holds what this phone is called.
const PHONE_NAME: &str = "phone_name";

impl Patient {
    /// Who can read what is shared: every device that was ever let in, and recovery words, in that order.
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
        let moment = |unix_ms| Moment {
            unix_ms,
            offset_minutes,
        };
        let clinic = replica.text_setting(CLINIC)?;
        let devices = Devices::read(replica, care)?;
        let state = replica.space(care)?;
        let members = devices.members(replica, &state)?;
        let called = |kind: DeviceKind, name: String| match (&clinic, kind) {
            (Some(clinic), DeviceKind::Clinic) => clinic.clone(),
            _ => name,
        };
        let views = members.iter().map(|known| DeviceView {
            name: called(known.kind, known.name.clone()),
            member: known.member,
            kind: known.kind,
            joined_at: known.joined_at,
            last_received_at: known.last_received_ms.map(moment),
            removed: known.removed.map(|removed| RemovedView {
                at: moment(i64::try_from(removed.at_ms).unwrap_or(0)),
                by: members
                    .iter()
                    .find(|other| other.member == removed.by)
                    .filter(|other| other.member != known.member)
                    .map(|by| called(by.kind, by.name.clone())),
            }),
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
        // The checks are those of what is written once it is paired.
        let name = self.as_device(name.to_owned()).checked()?.name;
        replica
            .store
            .write(|w| w.set_setting(PHONE_NAME, name.as_bytes()))?;
        let Ok(care) = self.joined_care() else {
            return Ok(());
        };
        let me = replica.space(care)?.my_id();
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

    fn as_device(&self, name: String) -> Device {
        Device {
            member: self.my_id(),
            name,
            sort: DeviceSort::Phone,
            at: self.replica.now(),
            grant_for: None,
        }
    }

    /// Says once, in the record that let it in, what this phone is called and who it is as the founder of
    /// what it keeps to itself. Gives whether there was something to say.
    pub(super) fn introduce(&self) -> Result<bool> {
        let replica = &self.replica;
        let Ok([care, private]) = self.joined_spaces() else {
            return Ok(false);
        };
        // Looked at once: what was said stays said.
        let known = Some((care, private));
        if *self.lock_introduced() == known {
            return Ok(false);
        }
        let in_private = replica.space(private)?;
        let me = replica.space(care)?.my_id();
        let mut edits = Vec::new();
        if Devices::read(replica, care)?.of(&me).is_none() {
            let founder = in_private.chain.founder().map(|founder| founder.id);
            let said = Device {
                grant_for: founder.filter(|founder| *founder == in_private.my_id()),
                ..self.as_device(self.phone_name()?)
            };
            let document = DocumentId::random(&*replica.ports.rng);
            edits.push(Edit::new(care, document, &said)?);
        }
        let keys = DeviceKeys {
            care: me,
            private: in_private.my_id(),
        };
        if !replica.said::<DeviceKeys>(private)?.contains(&keys) {
            let document = DocumentId::random(&*replica.ports.rng);
            edits.push(Edit::new(private, document, &keys)?);
        }
        replica.commit(&edits)?;
        *self.lock_introduced() = known;
        Ok(!edits.is_empty())
    }

    fn lock_introduced(&self) -> MutexGuard<'_, Option<(SpaceId, SpaceId)>> {
        self.introduced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the grant that the clinic gave for what this patient keeps private. Gives whether it is new.
    pub(super) fn take_grant(&self) -> Result<bool> {
        let replica = &self.replica;
        let Ok([care, private]) = self.joined_spaces() else {
            return Ok(false);
        };
        let row = replica.row(private)?;
        // Where the space is there already, a grant is of use after the server lost it.
        if row.on_server && replica.store.read(|r| r.setting(GRANT))?.is_some() {
            return Ok(false);
        }
        let founder = replica.space(private)?.chain.founder().map(|m| m.id);
        let given = replica.said::<SpaceGrant>(care)?;
        let mut for_us = given.iter().filter(|given| Some(given.founder) == founder);
        let Some(bytes) = for_us.next_back().and_then(SpaceGrant::bytes) else {
            return Ok(false);
        };
        if replica.store.read(|r| r.setting(GRANT))?.as_ref() == Some(&bytes) {
            return Ok(false);
        }
        replica.store.write(|w| w.set_setting(GRANT, &bytes))?;
        Ok(true)
    }

    fn joined_care(&self) -> Result<SpaceId> {
        let care = self.replica.row_for(Purpose::Care);
        let care = care
            .filter(crate::store::SpaceRow::is_member)
            .ok_or(CoreError::NotPaired)?;
        Ok(care.space)
    }

    /// Removes a device, everywhere: it gets nothing that is written from now on. What it had read
    /// it keeps. Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Device`], [`NotNow::OwnDevice`], [`NotNow::NotSenior`] for a device that was there before
    /// this one ([`Patient::remove_device_with_words`] can remove that), and whatever an exchange with the
    /// server gives.
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
        for (space, member) in self.everywhere(member)? {
            remove_member(&server, space, member).map_err(|error| match error {
                CoreError::Space(SpaceError::Chain(_)) => NotNow::NotSenior.into(),
                error => error,
            })?;
        }
        Ok(())
    }

    /// Leaves the record with this device: it gets nothing that is written from now on, by whichever phone.
    /// What is on it stays on it. A phone that waits to be let in stops waiting. Needs the server.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// assert!(matches!(phone.leave(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn leave(&self) -> Result<()> {
        let address = self.server()?;
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &address, &pass.cancel)?;
        for purpose in [Purpose::Care, Purpose::Private] {
            for space in self.replica.spaces_for(purpose) {
                let state = self.replica.space(space)?;
                // What nobody else decides about is this phone's own, and stays with it.
                let me = state.my_id();
                let mut others = state.chain.present_members().filter(|m| m.id != me);
                let is_open = state.row.is_open() && state.row.on_server;
                if is_open && others.any(|other| other.role.is_admin()) {
                    leave(&server, space)?;
                }
            }
        }
        Ok(())
    }

    /// What does not count any more, because the device that wrote it was removed with an earlier change as
    /// its last one: kept on this phone, with who did that and when.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.retracted()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn retracted(&self) -> Result<Vec<RetractedView>> {
        let replica = &*self.replica;
        let offset_minutes = replica.now().offset_minutes;
        let mut retracted = Vec::new();
        for row in replica.rows() {
            let rows = replica.store.read(|r| r.log_retracted(row.space))?;
            if rows.is_empty() {
                continue;
            }
            let state = replica.space(row.space)?;
            for row in rows {
                let removed = state.chain.member(&row.author).and_then(|m| m.removed);
                let payload = SealedChange::parse(&row.sealed).ok();
                let payload = payload.and_then(|change| open_payload(&state, &change).ok());
                let (Some(removed), Some(payload)) = (removed, payload) else {
                    continue;
                };
                retracted.push(RetractedView {
                    words: words_of(&payload),
                    kind: payload.kind,
                    written_by: replica.name_in(&state, &row.author)?,
                    removed_by: replica.name_in(&state, &removed.by)?,
                    removed_at: Moment {
                        unix_ms: i64::try_from(removed.at_ms).unwrap_or(0),
                        offset_minutes,
                    },
                });
            }
        }
        Ok(retracted)
    }

    /// The spaces that a device of the care space is in, with who it is in each.
    pub(super) fn everywhere(&self, member: MemberId) -> Result<Vec<(SpaceId, MemberId)>> {
        let replica = &self.replica;
        let care = self.joined_care()?;
        let state = replica.space(care)?;
        if member == state.my_id() {
            return Err(NotNow::OwnDevice.into());
        }
        if state.chain.member(&member).is_none() {
            return Err(CoreError::NotFound(Missing::Device));
        }
        let mut everywhere = vec![(care, member)];
        if let Some(row) = replica
            .row_for(Purpose::Private)
            .filter(|row| row.is_member())
        {
            let keys = replica.said::<DeviceKeys>(row.space)?;
            let same = keys.iter().filter(|keys| keys.care == member);
            everywhere.extend(same.map(|keys| (row.space, keys.private)));
        }
        Ok(everywhere)
    }
}

/// What a change said, as far as its document says something in words.
fn words_of(payload: &Payload) -> String {
    let fields = serde_json::from_str(&payload.projection).unwrap_or_default();
    let reading = declared(&payload.kind).and_then(|declared| declared.read(&fields));
    let search = reading
        .and_then(|reading| reading.index.search)
        .unwrap_or_default();
    let parts = [search.title, search.body].into_iter();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}
