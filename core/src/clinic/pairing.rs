//! Inviting a patient, and the steps until both sides know that nobody else came in.

use companion_protocol::grant::Grant;
use companion_protocol::id::{GrantSerial, MemberId};
use companion_protocol::statement::Role;

use super::view::NewPatient;
use super::{Clinic, clinic_space, record};
use crate::domain::{ClinicProfile, Content, DocumentId, Moment, PatientRecord};
use crate::error::{CoreError, Result};
use crate::patient::{CLINIC, edit, open_door, remove_member, text};
use crate::ports::random;
use crate::replica::{Purpose, Replica, SpaceState};
use crate::space::invitation::PairingLink;
use crate::space::words::compare_words;
use crate::sync::{Line, ensure_on_server, turn_key_if};

/// How long an invitation is good.
const INVITE_MS: u64 = 24 * 60 * 60 * 1000;
/// The grant outlives the invitation: a phone may pair in time and found its space days later.
const GRANT_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// Room for what a patient keeps private, in bytes.
const PRIVATE_BYTES: u64 = 512 * 1024 * 1024;

/// An invitation to print, show or read out.
#[derive(Clone, PartialEq, Eq)]
pub struct PatientInvitation {
    /// The patient in the register.
    pub patient: DocumentId,
    /// For a QR code, or to be typed. Whoever has it can join: it goes from hand to hand only.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: Moment,
}

impl std::fmt::Debug for PatientInvitation {
    /// Without the link: whoever reads it can join.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientInvitation({})", self.patient)
    }
}

/// How far a pairing got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteState {
    /// There is no invitation that could be used: not made yet, over, or withdrawn.
    NotInvited,
    /// Nobody came yet.
    Waiting {
        /// Until when.
        expires_at: Moment,
    },
    /// A phone joined. Whoever holds it must see the same words.
    Joined {
        /// To compare.
        compare_words: Vec<String>,
    },
    /// The words were compared.
    Paired {
        /// When.
        at: Moment,
    },
}

impl Clinic {
    /// Registers a patient, founds their care space and invites their phone. When the server can't
    /// be reached the patient is registered all the same: [`Clinic::reinvite`] makes the link later.
    pub fn invite_patient(&self, new: NewPatient) -> Result<PatientInvitation> {
        let patient = self.register(new)?;
        self.reinvite(patient)
    }

    fn register(&self, new: NewPatient) -> Result<DocumentId> {
        let mut replica = self.replica();
        let patient = DocumentId::random(&*replica.ports.rng);
        let mut record = PatientRecord {
            name: new.name,
            initials: new.initials,
            pronouns: new.pronouns,
            phase: new.phase,
            care_space: companion_protocol::id::SpaceId::ZERO,
            invited_at: replica.now(),
            paired_at: None,
            extra: serde_json::Map::new(),
        }
        // Before anything is founded for a name that can't be used.
        .checked()?;
        let care = replica.found_space(Purpose::Care, Some(patient))?;
        record.care_space = care;
        let name = text(replica.store.read(|r| r.setting(CLINIC))?).unwrap_or_default();
        let profile = DocumentId::random(&*replica.ports.rng);
        let edits = vec![
            edit(clinic_space(&replica)?, patient, None, record)?,
            edit(care, profile, None, ClinicProfile::new(name))?,
        ];
        replica.commit(edits)?;
        Ok(patient)
    }

    /// A new link for a patient, whose earlier one ran out or was lost. The earlier one stops working
    /// at once.
    pub fn reinvite(&self, patient: DocumentId) -> Result<PatientInvitation> {
        let server = self.server()?;
        let clinic = self.name()?;
        let care = record(&self.replica(), patient)?.1.care_space;
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &server)?;
        ensure_on_server(&line, care)?;
        // Whoever found the earlier link must not come in by it any more.
        turn_key_if(&line, care, |state, _| {
            state.chain.open_invites().next().is_some()
        })?;
        let door = open_door(&line, Purpose::Care, care, Role::Admin, INVITE_MS)?;
        let mut replica = self.replica();
        let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
        let serial = GrantSerial::new(random(&*replica.ports.rng));
        let until = now.saturating_add(GRANT_MS);
        let grant = Grant::sign(replica.me.signing_key(), serial, PRIVATE_BYTES, until);
        let link = PairingLink {
            server,
            clinic,
            doors: vec![door],
            grant: grant.bytes().to_vec(),
        };
        let link = link.to_text();
        let (item, mut record) = record(&replica, patient)?;
        record.invited_at = replica.now();
        if newcomer(&replica, replica.space(care)?).is_none() {
            // Whoever comes by this link has not been compared with anybody yet.
            record.paired_at = None;
        }
        replica
            .store
            .write(|w| w.set_setting(&link_setting(patient), link.as_bytes()))?;
        let expires_at = record.invited_at.unix_ms.saturating_add_unsigned(INVITE_MS);
        let expires_at = Moment {
            unix_ms: expires_at,
            offset_minutes: record.invited_at.offset_minutes,
        };
        replica.commit(vec![edit(
            item.space,
            patient,
            Some(item.revision),
            record,
        )?])?;
        Ok(PatientInvitation {
            patient,
            link,
            expires_at,
        })
    }

    /// The link as it was made, while it can be used: to show or print it again.
    pub fn invitation(&self, patient: DocumentId) -> Result<Option<PatientInvitation>> {
        let replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        let InviteState::Waiting { expires_at } = state_of(&replica, patient, &record)? else {
            return Ok(None);
        };
        let link = text(replica.store.read(|r| r.setting(&link_setting(patient)))?);
        Ok(link.map(|link| PatientInvitation {
            patient,
            link,
            expires_at,
        }))
    }

    /// How far the pairing got, as this node knows it; [`Clinic::sync`] learns more.
    pub fn invite_state(&self, patient: DocumentId) -> Result<InviteState> {
        let replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        state_of(&replica, patient, &record)
    }

    /// The words were the same: whoever joined is the patient.
    pub fn confirm_words(&self, patient: DocumentId) -> Result<()> {
        let mut replica = self.replica();
        let (item, mut record) = record(&replica, patient)?;
        if !matches!(
            state_of(&replica, patient, &record)?,
            InviteState::Joined { .. }
        ) {
            return Err(CoreError::NotNow("no phone waits to be confirmed"));
        }
        record.paired_at = Some(replica.now());
        replica.commit(vec![edit(
            item.space,
            patient,
            Some(item.revision),
            record,
        )?])?;
        replica
            .store
            .write(|w| w.remove_setting(&link_setting(patient)))?;
        Ok(())
    }

    /// The words were not the same: whoever joined is removed. Needs the server.
    pub fn refuse_words(&self, patient: DocumentId) -> Result<()> {
        let (space, stranger) = {
            let replica = self.replica();
            let (_, record) = record(&replica, patient)?;
            let stranger = newcomer(&replica, replica.space(record.care_space)?)
                .ok_or(CoreError::NotNow("no phone waits to be confirmed"))?;
            (record.care_space, stranger)
        };
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &self.server()?)?;
        remove_member(&line, space, stranger)?;
        self.replica()
            .store
            .write(|w| w.remove_setting(&link_setting(patient)))?;
        Ok(())
    }
}

fn link_setting(patient: DocumentId) -> String {
    format!("link:{patient}")
}

/// The first present member that is not this node.
fn newcomer(replica: &Replica, state: &SpaceState) -> Option<MemberId> {
    let me = replica.me.member();
    let mut members: Vec<_> = state
        .chain
        .present_members()
        .filter(|m| m.id != me)
        .collect();
    members.sort_by_key(|member| member.index);
    members.first().map(|member| member.id)
}

pub(super) fn state_of(
    replica: &Replica,
    _patient: DocumentId,
    record: &PatientRecord,
) -> Result<InviteState> {
    let Ok(state) = replica.space(record.care_space) else {
        return Ok(InviteState::NotInvited);
    };
    if let Some(member) = newcomer(replica, state).and_then(|id| state.chain.member(&id)) {
        return Ok(match record.paired_at {
            Some(at) => InviteState::Paired { at },
            None => InviteState::Joined {
                compare_words: compare_words(state.row.space, member.joined_by),
            },
        });
    }
    let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
    let open = state
        .chain
        .open_invites()
        .map(|open| open.invite.expires_at_ms)
        .max();
    Ok(match open {
        Some(until) if until > now => InviteState::Waiting {
            expires_at: Moment {
                unix_ms: i64::try_from(until).unwrap_or(i64::MAX),
                offset_minutes: replica.now().offset_minutes,
            },
        },
        _ => InviteState::NotInvited,
    })
}
