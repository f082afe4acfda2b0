//! Inviting a patient, and the steps until both sides know that nobody else came in.

use companion_protocol::chain::{Chain, Pending};
use companion_protocol::id::{MemberId, SpaceId, StatementHash};
use companion_protocol::statement::Role;
use serde::{Deserialize, Serialize};

use super::Clinic;
use super::view::{InviteState, NewPatient, PatientInvitation};
use crate::domain::{ClinicProfile, Content, DocumentId, Moment, PatientRecord, Purpose};
use crate::error::{CoreError, NotNow, Result};
use crate::members::Devices;
use crate::ports::Cancel;
use crate::records::Edit;
use crate::replica::SpaceState;
use crate::space::invitation::PairingLink;
use crate::space::words::compare_words;
use crate::sync::{
    OtherNewcomers, ServerConnection, admit, create_invite, ensure_on_server, refuse,
    rotate_key_if, sync_one,
};

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
            phase: new.phase,
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
        let care = replica.found_space(Purpose::Care, Some(patient))?;
        record.care_space = care;
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let mut edits = vec![Edit::new(clinic, patient, &record)?];
        edits.extend(self.founding_edits(patient, care)?);
        replica.commit(&edits)?;
        Ok(patient)
    }

    /// What is written with a register entry whose care space was just founded: what the clinic says
    /// of itself, and what it takes to read the space again should this node be lost.
    fn founding_edits(&self, patient: DocumentId, care: SpaceId) -> Result<Vec<Edit>> {
        let profile = ClinicProfile::new(self.name()?);
        let document = DocumentId::random(&*self.replica.ports.rng);
        let mut edits = vec![Edit::new(care, document, &profile)?];
        edits.extend(self.care_key_edit(patient, care)?);
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
        let (address, clinic) = (self.server()?, self.name()?);
        let replica = &*self.replica;
        let record = self.record(patient)?.content;
        let pass = replica.gate.enter(&Cancel::new())?;
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

    /// The words were the same: whoever came is the patient, and is let in. A device that the patient had
    /// before is removed with it ([`InviteState::Joined`] names it). Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`NotNow::NobodyToConfirm`], and whatever an
    /// exchange with the server gives.
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
    /// let nobody = clinic.confirm_words(ada);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn confirm_words(&self, patient: DocumentId) -> Result<()> {
        let (care, newcomer) = self.who_came(patient)?;
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        let before = devices(&self.replica.space(care)?.chain);
        if !admit(&server, care, newcomer, &before, OtherNewcomers::AreRefused)? {
            return Err(NotNow::NobodyToConfirm.into());
        }
        let at = self.now();
        self.edit_record(patient, |record| record.paired_at = Some(at))?;
        self.forget_link(patient)
    }

    /// The words were not the same: whoever came is turned away. Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`NotNow::NobodyToConfirm`], and whatever an
    /// exchange with the server gives.
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
    /// let nobody = clinic.refuse_words(ada);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn refuse_words(&self, patient: DocumentId) -> Result<()> {
        let (care, stranger) = self.who_came(patient)?;
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        refuse(&server, care, stranger)?;
        let at = self.now();
        self.edit_record(patient, |record| record.refused_at = Some(at))?;
        self.forget_link(patient)
    }

    /// The newcomer whose words are to be compared.
    fn who_came(&self, patient: DocumentId) -> Result<(SpaceId, MemberId)> {
        let care = self.record(patient)?.content.care_space;
        let state = match self.replica.space(care) {
            Err(CoreError::NotFound(_)) => return Err(NotNow::NobodyToConfirm.into()),
            state => state?,
        };
        let came = came(&state.chain, self.public_key()).map(|newcomer| newcomer.id);
        Ok((care, came.ok_or(NotNow::NobodyToConfirm)?))
    }

    fn forget_link(&self, patient: DocumentId) -> Result<()> {
        let store = &self.replica.store;
        Ok(store.write(|w| w.remove_setting(&link_setting(patient)))?)
    }

    /// How far a pairing got, from what a chain and the register say.
    pub(super) fn state_of(&self, coming: &Coming, record: &PatientRecord) -> InviteState {
        if let Some((join, answer)) = coming.compared {
            let compared = companion_protocol::chain::Compared { join, answer };
            return InviteState::Joined {
                compare_words: compare_words(&[(record.care_space, compared)]),
                replaces: coming.replaces.clone(),
            };
        }
        if let Some(since_ms) = coming.in_since_ms {
            let at = record.paired_at.unwrap_or(Moment {
                unix_ms: since_ms,
                offset_minutes: self.now().offset_minutes,
            });
            return InviteState::Paired { at };
        }
        match coming.invited_until_ms {
            Some(until) if until > self.replica.server_now().unix_ms => InviteState::Waiting {
                expires_at: Moment {
                    unix_ms: until,
                    offset_minutes: self.now().offset_minutes,
                },
            },
            _ => match record.refused_at {
                Some(at) if at.unix_ms >= record.invited_at.unix_ms => InviteState::Refused { at },
                _ if coming.was_invited => InviteState::NotInvited,
                _ => InviteState::Registered,
            },
        }
    }
}

/// Who came into a care space, or is invited to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Coming {
    /// The join and the answer of the newest newcomer who waits to be let in.
    compared: Option<(StatementHash, StatementHash)>,
    /// The devices that the patient has already, by name.
    replaces: Vec<String>,
    /// Since when a device of the patient's is in, in milliseconds since 1970.
    in_since_ms: Option<i64>,
    /// Until when an invite is open, in milliseconds since 1970.
    invited_until_ms: Option<i64>,
    /// Whether an invite was ever made.
    #[serde(default)]
    was_invited: bool,
}

impl Clinic {
    pub(super) fn coming(&self, state: &SpaceState) -> Result<Coming> {
        let chain = &state.chain;
        let open = chain.open_invites().map(|open| open.invite.expires_at_ms);
        // Somebody came and was not answered yet: the same exchange that hears of it does so.
        let arriving = state
            .my_newcomers()
            .filter(|newcomer| newcomer.answer.is_none());
        let until = open
            .chain(arriving.map(|newcomer| newcomer.invited_until_ms))
            .max();
        let waits = came(chain, self.public_key()).and_then(Pending::compared);
        let mut replaces = Vec::new();
        if waits.is_some() {
            let names = Devices::read(&self.replica, state.row.space)?;
            let devices = devices(chain);
            let devices = devices.iter().filter_map(|id| chain.member(id));
            replaces.extend(devices.map(|device| names.name(device)));
        }
        Ok(Coming {
            compared: waits.map(|compared| (compared.join, compared.answer)),
            replaces,
            in_since_ms: chain
                .senior_device()
                .map(|device| i64::try_from(device.joined_at_ms).unwrap_or(0)),
            // What follows the founding begins with an invite.
            was_invited: chain.length() > 1,
            invited_until_ms: until.and_then(|until| i64::try_from(until).ok()),
        })
    }
}

fn link_setting(patient: DocumentId) -> String {
    format!("link:{patient}")
}

/// The last newcomer by this node's links, once it is answered: whoever came by the newest one, since that
/// ended the others.
fn came(chain: &Chain, me: MemberId) -> Option<&Pending> {
    let mine = |newcomer: &&Pending| newcomer.invited_by == me && newcomer.answer.is_some();
    let waiting = chain.all_pending().filter(mine);
    waiting.max_by_key(|newcomer| newcomer.joined_at)
}

/// The patient's devices that are in.
fn devices(chain: &Chain) -> Vec<MemberId> {
    let present = chain.present_members();
    let devices = present.filter(|member| member.role == Role::Device);
    devices.map(|device| device.id).collect()
}
