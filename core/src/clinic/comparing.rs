//! Whoever came by an invitation: how far they got, the words to compare, and the answer.

use companion_protocol::chain::{Chain, Pending};
use companion_protocol::id::{MemberId, SpaceId, StatementHash};
use companion_protocol::statement::Role;
use serde::{Deserialize, Serialize};

use super::Clinic;
use super::view::InviteState;
use crate::domain::{DocumentId, Moment, PatientRecord};
use crate::error::{CoreError, NotNow, Result};
use crate::members::Devices;
use crate::ports::Cancel;
use crate::replica::SpaceState;
use crate::space::words::compare_words;
use crate::sync::{OtherNewcomers, ServerConnection, admit, refuse};

impl Clinic {
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
        let arriving = chain
            .all_pending()
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

/// The last newcomer whom this node answered: whoever came by the newest link, since that ended the others.
fn came(chain: &Chain, me: MemberId) -> Option<&Pending> {
    let answered = |newcomer: &&Pending| newcomer.answer.is_some_and(|(by, _)| by == me);
    let waiting = chain.all_pending().filter(answered);
    waiting.max_by_key(|newcomer| newcomer.joined_at)
}

/// The patient's devices that are in.
fn devices(chain: &Chain) -> Vec<MemberId> {
    let present = chain.present_members();
    let devices = present.filter(|member| member.role == Role::Device);
    devices.map(|device| device.id).collect()
}
