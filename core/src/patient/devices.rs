//! The patient's devices, and what to do when one is lost.

use companion_protocol::id::{Counter, MemberId};

use super::{Patient, home};
use crate::domain::Moment;
use crate::error::{CoreError, Result};
use crate::replica::{Purpose, Replica};
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::sync::{Line, extend_with, pull_quietly, read_chain};
use companion_protocol::id::SpaceId;

/// What a member of the patient's spaces is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// This phone.
    ThisPhone,
    /// Another phone of the patient, or the recovery words.
    Yours,
    /// The clinic.
    Clinic,
}

/// A member of the care space, to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// Its name.
    pub member: MemberId,
    /// What it is.
    pub kind: DeviceKind,
    /// When it joined, by its own clock.
    pub joined_at: Moment,
    /// Whether it was removed.
    pub removed: bool,
}

impl Patient {
    /// Who can read what is shared: every device that ever joined, in the order of joining.
    pub fn devices(&self) -> Result<Vec<DeviceView>> {
        let replica = self.replica();
        let care = replica.space(home(&replica, true)?)?;
        let me = replica.me.member();
        let mut members: Vec<_> = care.chain.members().collect();
        members.sort_by_key(|member| member.index);
        Ok(members
            .into_iter()
            .map(|member| DeviceView {
                member: member.id,
                kind: match member.index {
                    _ if member.id == me => DeviceKind::ThisPhone,
                    0 => DeviceKind::Clinic,
                    _ => DeviceKind::Yours,
                },
                joined_at: Moment::utc(i64::try_from(member.joined_at_ms).unwrap_or(0)),
                removed: member.removed.is_some(),
            })
            .collect())
    }

    /// Removes a device, everywhere: it gets nothing that is written from now on. What it had read
    /// it keeps. Needs the server.
    pub fn remove_device(&self, member: MemberId) -> Result<()> {
        let server = self.server()?;
        let line = Line::open(&self.replica, &server)?;
        if member == self.replica().me.member() {
            return Err(CoreError::NotNow(
                "this phone can't remove itself; use another one",
            ));
        }
        let spaces: Vec<SpaceId> = {
            let replica = self.replica();
            [Purpose::Care, Purpose::Private]
                .into_iter()
                .filter_map(|purpose| replica.space_for(purpose))
                .filter(|state| state.chain.member(&member).is_some())
                .map(|state| state.row.space)
                .collect()
        };
        if spaces.is_empty() {
            return Err(CoreError::NotFound("device"));
        }
        for space in spaces {
            remove_member(&line, space, member)?;
        }
        Ok(())
    }
}

/// Turns the key of a space without a member, after reading all that they wrote so far.
pub(crate) fn remove_member(line: &Line<'_>, space: SpaceId, member: MemberId) -> Result<()> {
    read_chain(line, space)?;
    pull_quietly(line, space)?;
    extend_with(line, space, |replica: &mut Replica| {
        let state = replica.space(space)?;
        if state.chain.present(&member).is_none() {
            return Ok(None);
        }
        if !state.is_admin(&replica.me.member()) {
            return Err(CoreError::NotNow(
                "only an administrator of the record can do this",
            ));
        }
        let last = replica
            .store
            .read(|r| r.author_heads(space))?
            .into_iter()
            .find(|(author, ..)| *author == member)
            .map_or(Counter(0), |(_, counter, _)| counter);
        let key = state.key(state.chain.epoch())?;
        let (statement, key) = membership::rotate(
            &replica.me,
            &state.chain,
            key,
            &[(member, last)],
            replica.server_now(),
            &*replica.ports.rng,
        )?;
        Ok(Some((
            statement,
            Keyring::from([(state.chain.epoch().next(), key)]),
        )))
    })
    .map(drop)
}
