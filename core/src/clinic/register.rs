//! The register of patients: who they are, where they stand, and their devices.

use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::view::{ClinicDevice, PatientView, SharingOver};
use super::{Clinic, programme};
use crate::domain::{AccountEnd, DocumentId, Moment, PatientRecord, Programme};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::Devices;
use crate::outcome::outcome;
use crate::ports::Cancel;
use crate::records::{PageSize, Query, View};
use crate::replica::SpaceState;
use crate::store::SpaceStanding;
use crate::sync::{ServerConnection, remove_member};

impl Clinic {
    /// One patient: who they are, how far the pairing got, and their devices.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert_eq!(clinic.patient(ada)?.record.name, "Ada");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn patient(&self, patient: DocumentId) -> Result<PatientView> {
        let record = self.record(patient)?;
        let records = self.records_in(record.content.care_space);
        let programme = records.newest::<Programme>()?.or_nothing();
        let programme = programme.map(|view| view.content);
        Ok(PatientView {
            id: patient,
            phase: programme::phase_of(programme.as_ref(), &record.content),
            programme,
            unreadable: records.newest_unreadable()?,
            readiness: outcome(&records)?.map(|view| view.content),
            invite: self.invite_state(patient)?,
            last_received_ms: self
                .replica
                .row(record.content.care_space)
                .ok()
                .and_then(|row| row.received_ms),
            over: self.over_in(record.content.care_space)?,
            devices: self.devices(&record.content)?,
            record: record.content,
        })
    }

    /// Removes a patient's device: it gets nothing that is shared from now on. Recovery words are no device.
    /// Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`], [`Missing::Device`], [`NotNow::OwnNode`], [`NotNow::WordsAreThePatients`], and
    /// whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let own = clinic.remove_device(ada, clinic.public_key());
    /// assert!(matches!(own, Err(CoreError::NotNow(NotNow::OwnNode))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_device(&self, patient: DocumentId, member: MemberId) -> Result<()> {
        if member == self.public_key() {
            return Err(NotNow::OwnNode.into());
        }
        let care = self.record(patient)?.content.care_space;
        match self.replica.space(care)?.chain.present(&member) {
            None => return Err(CoreError::NotFound(Missing::Device)),
            Some(words) if words.role == Role::Words => {
                return Err(NotNow::WordsAreThePatients.into());
            }
            Some(_) => {}
        }
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        remove_member(&server, care, member)
    }

    /// Why nothing is written any more in what a patient shares with the clinic; `None` where it goes on.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    pub fn sharing_over(&self, patient: DocumentId) -> Result<Option<SharingOver>> {
        self.over_in(self.record(patient)?.content.care_space)
    }

    /// Why nothing is written any more in a care space.
    pub(super) fn over_in(&self, care: SpaceId) -> Result<Option<SharingOver>> {
        let row = match self.replica.row(care) {
            Ok(row) => row,
            Err(CoreError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let ended = match row.standing {
            SpaceStanding::Ended => self.account_end(&self.replica.space(care)?)?,
            _ => None,
        };
        Ok(SharingOver::of(row.standing, ended))
    }

    /// The end of an account: that there was one by the chain of its space, and what became of what was shared by the
    /// last words of the patient's.
    pub(super) fn account_end(&self, state: &SpaceState) -> Result<Option<SharingOver>> {
        let Some(ended) = state.chain.ended() else {
            return Ok(None);
        };
        let records = self.records_in(state.row.space);
        let said = records.contents(&Query::<AccountEnd>::all().size(PageSize::ONE))?;
        Ok(Some(SharingOver::AccountEnded {
            at: self.replica.shown(ended.at_ms),
            taken_back: said.first().map(|(_, said)| said.taken_back),
        }))
    }

    /// That a patient's shared record still takes what is written.
    pub(super) fn must_go_on(&self, care: SpaceId) -> Result<()> {
        match self.over_in(care)? {
            Some(over) => Err(NotNow::from(over).into()),
            None => Ok(()),
        }
    }

    /// A patient's entry in the register.
    pub(super) fn record(&self, patient: DocumentId) -> Result<View<PatientRecord>> {
        self.own.get(patient).map_err(|error| match error {
            CoreError::NotFound(Missing::Document) => CoreError::NotFound(Missing::Patient),
            other => other,
        })
    }

    /// Changes a patient's entry in the register as it stands now.
    pub(super) fn edit_record(
        &self,
        patient: DocumentId,
        change: impl FnOnce(&mut PatientRecord),
    ) -> Result<()> {
        let record = self.record(patient)?;
        self.own.edit(patient, &record.revision, change).map(drop)
    }

    fn devices(&self, record: &PatientRecord) -> Result<Vec<ClinicDevice>> {
        let me = self.public_key();
        let state = match self.replica.space(record.care_space) {
            Ok(state) => state,
            Err(CoreError::NotFound(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let offset_minutes = self.now().offset_minutes;
        let members = Devices::read(&self.replica, record.care_space)?;
        let devices = members.members(&self.replica, &state)?.into_iter();
        let devices = devices.map(|known| ClinicDevice {
            member: known.member,
            name: known.name,
            kind: known.kind,
            is_this_node: known.member == me,
            joined_at: known.joined_at,
            last_received_at: known.last_received_ms.map(|unix_ms| Moment {
                unix_ms,
                offset_minutes,
            }),
            removed_at: known.removed.map(|removed| Moment {
                unix_ms: i64::try_from(removed.at_ms).unwrap_or(0),
                offset_minutes,
            }),
        });
        Ok(devices.collect())
    }
}
