//! Who the members of a care space are: what the chain says that they are, and by what names their devices
//! say that people know them.

mod said;
mod twins;

pub(crate) use said::Spoken;
pub(crate) use twins::Twins;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use companion_protocol::chain::{Member, Removed};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use crate::domain::{Content, Device, DocumentId, Moment, Purpose};
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use said::{Said, taken_back, words};

/// The name of a device that gave itself none.
pub(crate) const UNNAMED: &str = "A device without a name";

/// What a member of the patient's spaces is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// This phone.
    ThisPhone,
    /// Another phone or tablet of the patient.
    Phone,
    /// Recovery words: no device, and a member like one.
    RecoveryWords,
    /// The clinic.
    Clinic,
    /// A device that has not said what it is called: one before its first exchange.
    Unnamed,
}

/// Whether a member of a care space is the patient's: a device or recovery words of theirs, or whom these let
/// in.
pub(crate) fn is_patients(member: &Member) -> bool {
    member.role != Role::Host
}

/// A member of a care space, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownMember {
    pub(crate) member: MemberId,
    pub(crate) kind: DeviceKind,
    pub(crate) name: String,
    pub(crate) joined_at: Moment,
    pub(crate) last_received_ms: Option<i64>,
    pub(crate) removed: Option<Removed>,
}

/// What the devices of one care space said of themselves, each in changes of its own. What anybody says of
/// another device is nothing: a stolen one would call itself what the owner's is called, and have that removed.
pub(crate) struct Devices {
    by_member: BTreeMap<MemberId, OfItself>,
}

struct OfItself {
    /// As it said last.
    newest: Said<Device>,
    /// The founder for whom it asked for a grant when it first spoke.
    grant_for: Option<MemberId>,
}

impl Devices {
    /// Reads them.
    pub(crate) fn read(replica: &Replica, care: SpaceId) -> Result<Self> {
        Self::read_in(replica, &replica.space(care)?)
    }

    /// As [`Devices::read`], by a chain that need not be kept yet.
    fn read_in(replica: &Replica, care: &SpaceState) -> Result<Self> {
        let said = replica.spoken.devices.with(care.row.space, |read| {
            words(replica, care, read, |_, said: Said<Device>| said)
        })?;
        let mut devices = Self {
            by_member: BTreeMap::new(),
        };
        for word in said {
            devices.hear(word.author, word.said);
        }
        // One whose removal takes back even that is still called what it was.
        for member in care.chain.members() {
            if member.removed.is_some() && devices.of(&member.id).is_none() {
                for device in taken_back::<Device>(replica, care, member.id)? {
                    devices.hear(member.id, device);
                }
            }
        }
        Ok(devices)
    }

    fn hear(&mut self, author: MemberId, newest: Said<Device>) {
        if newest.content.member != author {
            return;
        }
        match self.by_member.entry(author) {
            Entry::Vacant(first) => {
                let grant_for = newest.content.grant_for;
                first.insert(OfItself { newest, grant_for });
            }
            Entry::Occupied(mut of_itself) => of_itself.get_mut().newest = newest,
        }
    }

    /// What a device says of itself.
    pub(crate) fn of(&self, member: &MemberId) -> Option<&Device> {
        self.by_member.get(member).map(|it| &it.newest.content)
    }

    /// The document in which it said so, whatever stands there now.
    pub(crate) fn document_of(&self, member: &MemberId) -> Option<DocumentId> {
        self.by_member.get(member).map(|it| it.newest.document)
    }

    /// The founder for whom a device asks for a grant. It has one such word: what it says later asks for none.
    pub(crate) fn grant_for(&self, member: &MemberId) -> Option<MemberId> {
        self.by_member.get(member)?.grant_for
    }

    /// What people call a member.
    pub(crate) fn name(&self, member: &Member) -> String {
        match (member.role, self.of(&member.id)) {
            (Role::Host, _) => "The clinic".to_owned(),
            (Role::Words, _) => "Recovery words".to_owned(),
            (_, Some(said)) => said.name.clone(),
            (_, None) => UNNAMED.to_owned(),
        }
    }

    /// The members of the care space in the order of admission.
    pub(crate) fn members(&self, replica: &Replica, care: &SpaceState) -> Result<Vec<KnownMember>> {
        let heard = replica.store.read(|r| r.last_heard(care.row.space))?;
        let mut members: Vec<_> = care.chain.members().collect();
        members.sort_by_key(|member| member.index);
        let me = care.my_id();
        let known = members.into_iter().map(|member| {
            let said = self.of(&member.id);
            let (kind, name) = match (member.role, said) {
                (Role::Host, _) => (DeviceKind::Clinic, self.name(member)),
                (Role::Words, _) => (DeviceKind::RecoveryWords, self.name(member)),
                (_, None) if member.id == me => (DeviceKind::ThisPhone, "This phone".to_owned()),
                (_, Some(_)) if member.id == me => (DeviceKind::ThisPhone, self.name(member)),
                (_, Some(_)) => (DeviceKind::Phone, self.name(member)),
                (_, None) => (DeviceKind::Unnamed, self.name(member)),
            };
            KnownMember {
                member: member.id,
                kind,
                name,
                joined_at: replica.shown(member.joined_at_ms),
                last_received_ms: heard.get(&member.id).copied(),
                removed: member.removed,
            }
        });
        Ok(known.collect())
    }
}

impl Replica {
    /// What people call a member of a space, for saying who did something.
    pub(crate) fn member_name(&self, space: SpaceId, member: &MemberId) -> Result<String> {
        self.name_in(&self.space(space)?, member)
    }

    /// As [`Replica::member_name`], by a chain that is not kept yet.
    pub(crate) fn name_in(&self, state: &SpaceState, member: &MemberId) -> Result<String> {
        if *member == state.my_id() {
            return Ok("this device".to_owned());
        }
        let Some(known) = state.chain.member(member) else {
            return Ok(format!("a newcomer ({})", member.short()));
        };
        Ok(match known.role {
            Role::Host => "the clinic".to_owned(),
            Role::Words => "the recovery words".to_owned(),
            _ => match self.device_name(state, member)? {
                Some(name) => format!("\u{201c}{name}\u{201d}"),
                None => format!("a device without a name ({})", member.short()),
            },
        })
    }

    /// By its own word in the care space; for a member of the private space, by that of the same device.
    fn device_name(&self, state: &SpaceState, member: &MemberId) -> Result<Option<String>> {
        let (devices, member) = match state.row.purpose {
            Purpose::Private => {
                let Some(row) = self.row_for(Purpose::Care) else {
                    return Ok(None);
                };
                let care = self.space(row.space)?;
                match Twins::read(self, &care, state, &[])?.in_care(member) {
                    Some(same) => (Devices::read_in(self, &care)?, same),
                    None => return Ok(None),
                }
            }
            _ => (Devices::read_in(self, state)?, *member),
        };
        Ok(devices.of(&member).map(|device| device.name.clone()))
    }

    /// All that is shown of a kind in a space, for kinds of which there are a few.
    pub(crate) fn said<T: Content>(&self, space: SpaceId) -> Result<Vec<T>> {
        let rows = self
            .store
            .read(|r| r.projections_of(space, T::KIND.as_str()))?;
        let read = rows.iter().map(|row| serde_json::from_str(row));
        // What an odd device wrote oddly is not read.
        Ok(read.filter_map(std::result::Result::ok).collect())
    }
}
