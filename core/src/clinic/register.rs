//! The register of patients: who they are, where they stand, and their devices.

use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::view::{ClinicDevice, PatientView};
use super::{Clinic, programme};
use crate::domain::{DocumentId, Moment, PatientRecord, Programme};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::Devices;
use crate::outcome::outcome;
use crate::ports::Cancel;
use crate::records::View;
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
            ended: self.ended_at(record.content.care_space)?,
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

    /// When a patient ended their account, by their phone's clock; `None` where they did not.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    pub fn account_ended(&self, patient: DocumentId) -> Result<Option<Moment>> {
        self.ended_at(self.record(patient)?.content.care_space)
    }

    /// When a care space was ended.
    pub(super) fn ended_at(&self, care: SpaceId) -> Result<Option<Moment>> {
        match self.replica.space(care) {
            Ok(state) => Ok(state
                .chain
                .ended()
                .map(|ended| self.replica.shown(ended.at_ms))),
            Err(CoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
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
