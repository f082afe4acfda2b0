//! The patient's devices, and what to do when one is lost.

use std::sync::{MutexGuard, PoisonError};

use companion_protocol::change::SealedChange;
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Patient;
use super::view::{DeviceView, RemovedView, RetractedView};
use crate::domain::{
    Content as _, Device, DeviceSort, DocumentId, Moment, Purpose, SpaceGrant, declared,
};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::{DeviceKind, Devices, KnownMember, UNNAMED};
use crate::records::{Edit, Records, Scope, open_payload};
use crate::settings::CLINIC;
use crate::space::SpaceError;
use crate::space::payload::Payload;
use crate::space::same_member::Pair;
use crate::store::SpaceStanding;
use crate::sync::{GRANT, ServerConnection, leave, remove_member};

/// Setting that holds what this phone is called.
const PHONE_NAME: &str = "phone_name";

impl Patient {
    /// Who can read what is shared: every device that was ever let in, recovery words and the clinic, in the
    /// order in which they came. After them those that read only what is private and that nobody accounts for.
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
        let (care, is_out) = self.care_to_show()?;
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
        let both = self.both_spaces_to_show().ok();
        let reads_private =
            |id: &MemberId| both.as_ref().is_some_and(|both| both.reads_private(id));
        let is_this = |known: &KnownMember| known.kind == DeviceKind::ThisPhone;
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
            reads_shared: known.removed.is_none() && !(is_out && is_this(known)),
            reads_private: reads_private(&known.member),
        });
        let mut views: Vec<_> = views.collect();
        let strangers = both.iter().flat_map(|both| both.only_private());
        let strangers = strangers.filter(|(_, care)| care.is_none());
        views.extend(strangers.map(|(member, _)| DeviceView {
            member: member.id,
            name: UNNAMED.to_owned(),
            kind: match member.role {
                Role::Words => DeviceKind::RecoveryWords,
                _ => DeviceKind::Unnamed,
            },
            joined_at: replica.shown(member.joined_at_ms),
            last_received_at: None,
            removed: None,
            reads_shared: false,
            reads_private: true,
        }));
        Ok(views)
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
        let devices = Devices::read(replica, care)?;
        let (Some(said), Some(document)) = (devices.of(&me), devices.document_of(&me)) else {
            return Ok(());
        };
        let records = Records::new(replica, Scope::Care(care));
        match records.get::<Device>(document) {
            Ok(view) if view.content == *said => {
                records.edit::<Device>(document, &view.revision, |device| device.name = name)?;
                Ok(())
            }
            Err(error @ CoreError::Store(_)) => Err(error),
            // Somebody wrote over what this phone said: it says it anew.
            _ => {
                let said = Device {
                    name,
                    ..said.clone()
                };
                let document = DocumentId::random(&*replica.ports.rng);
                replica.commit(&[Edit::new(care, document, &said)?])
            }
        }
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
        let in_care = replica.space(care)?;
        let me = in_care.my_id();
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
        let pair = Pair {
            care: (care, me),
            private: (private, in_private.my_id()),
        };
        let keys = pair.said_by_both(&in_care.me, &in_private.me);
        edits.extend(self.noting_keys([care, private], &keys)?);
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

    /// The shared space as far as this phone knows it, and whether the phone is out of it.
    pub(super) fn care_to_show(&self) -> Result<(SpaceId, bool)> {
        let care = self.replica.row_for(Purpose::Care);
        let care = care.ok_or(CoreError::NotPaired)?;
        let state = self.replica.space(care.space)?;
        match (care.standing, state.chain.member(&state.my_id())) {
            (SpaceStanding::Member, _) => Ok((care.space, false)),
            (SpaceStanding::Gone | SpaceStanding::Forgotten, Some(_)) => Ok((care.space, true)),
            // It never was let in.
            _ => Err(CoreError::NotPaired),
        }
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
        let pass = self.replica.gate.enter(&self.wish)?;
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
    /// What is on it stays on it; what waits there is sent first. A phone that waits to be let in stops waiting.
    /// Needs the server.
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
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &address, &pass.cancel)?;
        self.exchange(&server)?;
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
        self.keep_unlocked();
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
                    removed_by: replica.name_in(&state, &removed.last_by().by)?,
                    removed_at: Moment {
                        unix_ms: i64::try_from(removed.last_by().at_ms).unwrap_or(0),
                        offset_minutes,
                    },
                });
            }
        }
        Ok(retracted)
    }

    /// The spaces that a device is in, with who it is in each, by its name in either of them. A phone that the
    /// clinic removed has a say in the private one alone.
    pub(super) fn everywhere(&self, member: MemberId) -> Result<Vec<(SpaceId, MemberId)>> {
        let (care, is_out) = self.care_to_show()?;
        let care = self.replica.space(care)?;
        if member == care.my_id() {
            return Err(NotNow::OwnDevice.into());
        }
        let mut everywhere = Vec::new();
        if !is_out && care.chain.member(&member).is_some() {
            everywhere.push((care.row.space, member));
        }
        if let Ok(both) = self.both_spaces_to_show() {
            let private = both.private.row.space;
            let same = both.twins.in_private(member);
            everywhere.extend(same.map(|same| (private, same)));
            if everywhere.is_empty() && both.private.chain.member(&member).is_some() {
                everywhere.push((private, member));
            }
        }
        if everywhere.is_empty() {
            return Err(CoreError::NotFound(Missing::Device));
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
