//! Whoever came by an invitation: how far they got, the words to compare, and the answer.

use companion_protocol::chain::{Chain, Pending};
use companion_protocol::id::{MemberId, SpaceId, StatementHash};
use companion_protocol::statement::Role;
use serde::{Deserialize, Serialize};

use super::Clinic;
use super::view::{Comparison, InviteState};
use crate::domain::{DocumentId, Moment, PatientRecord};
use crate::error::{CoreError, NotNow, Result};
use crate::members::Devices;
use crate::ports::Cancel;
use crate::replica::SpaceState;
use crate::space::words::compare_words;
use crate::sync::{OtherNewcomers, ServerConnection, admit, refuse};

impl Clinic {
    /// The words were the same: whoever came is the patient, and is let in. A device that the patient had
    /// before is removed with it ([`InviteState::Joined`] names it, and the comparison). Needs the server.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient); [`NotNow::SomebodyElseCame`] and
    /// [`NotNow::NobodyToConfirm`] where those words do not stand any more; and whatever an exchange with the
    /// server gives.
    ///
    /// ```
    /// use companion_core::protocol::id::StatementHash;
    /// use companion_core::{CoreError, NotNow};
    /// # use companion_core::clinic::{Clinic, Comparison, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let shown = Comparison::new(StatementHash::new([7; 32]));
    /// let nobody = clinic.confirm_words(ada, shown);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn confirm_words(&self, patient: DocumentId, shown: Comparison) -> Result<()> {
        let care = self.waits(patient, shown)?;
        let me = self.public_key();
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        let before = devices(&self.replica.space(care)?.chain);
        let newcomer = |chain: &Chain| shown_and_newest(chain, me, shown);
        if !admit(&server, care, newcomer, &before, OtherNewcomers::AreRefused)? {
            let state = self.replica.space(care)?;
            // An earlier try may have let it in, and broken off.
            if !is_in(&state.chain, shown) {
                return Err(why_not(&state.chain, me).into());
            }
        }
        let at = self.now();
        self.edit_record(patient, |record| record.paired_at = Some(at))?;
        self.forget_link(patient)
    }

    /// The words were not the same: whoever came is turned away. Needs the server.
    ///
    /// # Errors
    ///
    /// As for [`Clinic::confirm_words`].
    ///
    /// ```
    /// use companion_core::protocol::id::StatementHash;
    /// use companion_core::{CoreError, NotNow};
    /// # use companion_core::clinic::{Clinic, Comparison, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let shown = Comparison::new(StatementHash::new([7; 32]));
    /// let nobody = clinic.refuse_words(ada, shown);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn refuse_words(&self, patient: DocumentId, shown: Comparison) -> Result<()> {
        let care = self.waits(patient, shown)?;
        let me = self.public_key();
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        let stranger = |chain: &Chain| shown_and_newest(chain, me, shown);
        if !refuse(&server, care, stranger)? {
            let state = self.replica.space(care)?;
            // Who does not wait and is not in was turned away: by an earlier try that broke off.
            if is_in(&state.chain, shown) || came(&state.chain, me).is_some() {
                return Err(why_not(&state.chain, me).into());
            }
        }
        let at = self.now();
        self.edit_record(patient, |record| record.refused_at = Some(at))?;
        self.forget_link(patient)
    }

    /// The care space in which the newcomer waits whose words were shown. Looked at before the server is
    /// asked, and again in what it gives: in between somebody else may come.
    fn waits(&self, patient: DocumentId, shown: Comparison) -> Result<SpaceId> {
        let care = self.record(patient)?.content.care_space;
        let state = match self.replica.space(care) {
            Err(CoreError::NotFound(_)) => return Err(NotNow::NobodyToConfirm.into()),
            state => state?,
        };
        let (chain, me) = (&state.chain, self.public_key());
        match shown_and_newest(chain, me, shown) {
            Some(_) => Ok(care),
            None => Err(why_not(chain, me).into()),
        }
    }

    /// How far a pairing got, from what a chain and the register say.
    pub(super) fn state_of(&self, coming: &Coming, record: &PatientRecord) -> InviteState {
        if let Some((join, answer)) = coming.compared {
            let compared = companion_protocol::chain::Compared { join, answer };
            return InviteState::Joined {
                comparison: Comparison::new(answer),
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

/// The last newcomer by this node's links, once it is answered: whoever came by the newest one, since that
/// ended the others.
fn came(chain: &Chain, me: MemberId) -> Option<&Pending> {
    let mine = chain.newcomers_of(me);
    let answered = mine.filter(|newcomer| newcomer.answer.is_some());
    answered.max_by_key(|newcomer| newcomer.joined_at)
}

/// The patient's devices that are in.
fn devices(chain: &Chain) -> Vec<MemberId> {
    let present = chain.present_members();
    let devices = present.filter(|member| member.role == Role::Device);
    devices.map(|device| device.id).collect()
}

/// The newcomer whose words were shown, while they are the ones to compare.
fn shown_and_newest(chain: &Chain, me: MemberId, shown: Comparison) -> Option<MemberId> {
    let newest = came(chain, me)?;
    let is_it = newest.compared().is_some_and(|these| shown.is(&these));
    is_it.then_some(newest.id)
}

/// Whether the newcomer whose words were shown is a member now.
fn is_in(chain: &Chain, shown: Comparison) -> bool {
    let mut compared = chain.present_members().filter_map(|member| member.compared);
    compared.any(|these| shown.is(&these))
}

/// Why words that were shown can't be answered any more.
fn why_not(chain: &Chain, me: MemberId) -> NotNow {
    match came(chain, me) {
        Some(_) => NotNow::SomebodyElseCame,
        None => NotNow::NobodyToConfirm,
    }
}
