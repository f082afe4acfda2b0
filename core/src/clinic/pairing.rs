//! Inviting a patient. What becomes of whoever comes by the link stands in `comparing`.

use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use super::Clinic;
use super::view::{InviteState, NewPatient, PatientInvitation};
use crate::domain::{Content, DocumentId, Moment, PatientRecord, Phase, Purpose};
use crate::error::{CoreError, Result};
use crate::ports::Cancel;
use crate::records::{Edit, Seen};
use crate::space::invitation::PairingLink;
use crate::sync::{ServerConnection, create_invite, ensure_on_server, rotate_key_if, sync_one};

/// How long an invitation is good.
const INVITE_MS: u64 = 24 * 60 * 60 * 1000;

impl Clinic {
    /// Registers a patient, founds their care space and invites their phone. When the server can't
    /// be reached the patient is registered all the same: [`Clinic::reinvite`] makes the link later.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field; [`CoreError::SameName`]; and whatever an exchange with the
    /// server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    ///
    /// let new = NewPatient { name: "Ada".into(), ..NewPatient::default() };
    /// // Registered all the same, to be invited once the server can be reached.
    /// assert!(matches!(clinic.invite_patient(new), Err(CoreError::Offline(_))));
    /// assert_eq!(clinic.caseload()?.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn invite_patient(&self, new: NewPatient) -> Result<PatientInvitation> {
        let patient = self.register(new)?;
        self.reinvite(patient)
    }

    /// Registers a patient and founds their care space; [`Clinic::reinvite`] makes the link. Works
    /// offline.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field; [`CoreError::SameName`] names who is registered under the
    /// same name, unless [`NewPatient::same_name`] says that it is another person.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert_eq!(clinic.patient(ada)?.record.name, "Ada");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn register(&self, new: NewPatient) -> Result<DocumentId> {
        let _turn = self.take_register_turn();
        let replica = &*self.replica;
        let patient = DocumentId::random(&*replica.ports.rng);
        let mut record = PatientRecord {
            name: new.name,
            initials: new.initials,
            pronouns: new.pronouns,
            former_phase: Phase::default(),
            care_space: SpaceId::ZERO,
            invited_at: self.now(),
            paired_at: None,
            refused_at: None,
            archived_at: None,
            merged_into: None,
        }
        // Before anything is founded for a name that can't be used.
        .checked()?;
        self.must_be_another(&record.name, None, new.same_name)?;
        let therapist = Some(&*new.therapist).filter(|name| !name.trim().is_empty());
        let programme = therapist.map(|name| self.new_programme(name).checked());
        let programme = programme.transpose()?;
        let care = replica.found_space(Purpose::Care, Some(patient))?;
        record.care_space = care;
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let mut edits = vec![Edit::new(clinic, patient, &record)?];
        edits.extend(self.founding_edits(patient, care)?);
        if let Some(programme) = programme {
            let document = DocumentId::random(&*replica.ports.rng);
            edits.push(Edit::new(care, document, &programme)?);
        }
        replica.commit(&edits)?;
        Ok(patient)
    }

    /// What is written with a register entry whose care space was just founded: what the clinic says
    /// of itself and set for all its patients, and what it takes to read the space again should this node be lost.
    fn founding_edits(&self, patient: DocumentId, care: SpaceId) -> Result<Vec<Edit>> {
        let profile = self.profile()?;
        let document = DocumentId::random(&*self.replica.ports.rng);
        let mut edits = vec![Edit::new(care, document, &profile)?];
        edits.extend(self.care_key_edit(patient, care)?);
        edits.extend(self.edits_of_set_for_all(care)?);
        Ok(edits)
    }

    /// Founds another care space for a patient whose own can't be read any more.
    fn found_anew(&self, patient: DocumentId) -> Result<SpaceId> {
        let replica = &*self.replica;
        let record = self.record(patient)?;
        let care = replica.found_space(Purpose::Care, Some(patient))?;
        let mut edits = self.founding_edits(patient, care)?;
        edits.push(self.own.edit_to_commit::<PatientRecord>(
            patient,
            &record.revision,
            |record| {
                record.care_space = care;
                record.paired_at = None;
            },
        )?);
        replica.commit(&edits)?;
        Ok(care)
    }

    /// A new link for a patient, whose earlier one ran out or was lost. The earlier one stops working
    /// at once.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// assert!(matches!(clinic.reinvite(ada), Err(CoreError::Offline(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reinvite(&self, patient: DocumentId) -> Result<PatientInvitation> {
        self.invite_anew(patient, None)
    }

    /// The same where the newest link is still the one that somebody saw, by when it was made: of two people who make
    /// a link at one time the second one hears that another may be with the patient already.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where another link was made since; else as [`Clinic::reinvite`].
    pub fn reinvite_as_seen(&self, patient: DocumentId, seen: Seen) -> Result<PatientInvitation> {
        self.invite_anew(patient, Some(seen))
    }

    fn invite_anew(&self, patient: DocumentId, seen: Option<Seen>) -> Result<PatientInvitation> {
        let (address, clinic) = (self.server()?, self.name()?);
        let replica = &*self.replica;
        let pass = replica.gate.enter(&Cancel::new())?;
        // Read in turn: whoever made a link meanwhile has written so.
        let record = self.record(patient)?.content;
        if let Some(seen) = seen {
            seen.must_be(&record.invited_at)?;
        }
        self.must_go_on(record.care_space)?;
        let server = ServerConnection::open(replica, &address, &pass.cancel)?;
        let care = if replica.knows(record.care_space) || self.adopt(&server, patient, &record)? {
            record.care_space
        } else {
            self.found_anew(patient)?
        };
        ensure_on_server(&server, care)?;
        // Register and key are at the server before anybody can join: from then on they come back
        // together, whatever happens to this machine.
        sync_one(&server, self.own.writable_space(Purpose::Clinic)?)?;
        // Whoever found the earlier link must not come in by it any more.
        rotate_key_if(&server, care, |state| {
            state.chain.open_invites().next().is_some()
        })?;
        let invite = create_invite(&server, care, Role::Device, INVITE_MS)?;
        let link = PairingLink {
            server: address,
            clinic,
            invites: vec![invite],
            records: Vec::new(),
        };
        let link = link.to_text();
        replica
            .store
            .write(|w| w.set_setting(&link_setting(patient), link.as_bytes()))?;
        let invited_at = self.now();
        let nobody_is_in = replica.space(care)?.chain.senior_device().is_none();
        self.edit_record(patient, |record| {
            record.invited_at = invited_at;
            if nobody_is_in {
                record.paired_at = None;
            }
        })?;
        Ok(PatientInvitation {
            patient,
            link,
            expires_at: Moment {
                unix_ms: invited_at.unix_ms.saturating_add_unsigned(INVITE_MS),
                offset_minutes: invited_at.offset_minutes,
            },
        })
    }

    /// The link as it was made, while it can be used: to show or print it again.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.invitation(ada)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn invitation(&self, patient: DocumentId) -> Result<Option<PatientInvitation>> {
        let care = self.record(patient)?.content.care_space;
        let state = match self.replica.space(care) {
            Ok(state) => state,
            Err(CoreError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut open = state
            .chain
            .open_invites()
            .map(|open| open.invite.expires_at_ms);
        let until = open.next().and_then(|until| i64::try_from(until).ok());
        let Some(unix_ms) = until.filter(|until| *until > self.replica.server_now().unix_ms) else {
            return Ok(None);
        };
        let expires_at = Moment {
            unix_ms,
            offset_minutes: self.now().offset_minutes,
        };
        let link = self.replica.text_setting(&link_setting(patient))?;
        Ok(link.map(|link| PatientInvitation {
            patient,
            link,
            expires_at,
        }))
    }

    /// How far the pairing got, as this node knows it; [`Clinic::sync`] learns more.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::clinic::InviteState;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// assert_eq!(clinic.invite_state(ada)?, InviteState::Registered);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn invite_state(&self, patient: DocumentId) -> Result<InviteState> {
        let record = self.record(patient)?.content;
        match self.replica.space(record.care_space) {
            Ok(state) => {
                let coming = self.coming(&state)?;
                Ok(self.state_of(&coming, &record))
            }
            Err(CoreError::NotFound(_)) => Ok(InviteState::Unreadable),
            Err(error) => Err(error),
        }
    }

    pub(super) fn forget_link(&self, patient: DocumentId) -> Result<()> {
        let store = &self.replica.store;
        Ok(store.write(|w| w.remove_setting(&link_setting(patient)))?)
    }
}

fn link_setting(patient: DocumentId) -> String {
    format!("link:{patient}")
}
