//! A second phone on its way into both of the patient's spaces. It is one phone and two newcomers, and only the
//! phone that made its link can tell; so what a person decided about it is noted here before anything is sent,
//! and whatever breaks off, the next exchange goes on with it: in the end it is in both spaces, or in neither.

use companion_protocol::chain::{Chain, Pending};
use companion_protocol::id::{InviteKey, MemberId, SpaceId};
use serde::{Deserialize, Serialize};

use super::Patient;
use crate::domain::{DocumentId, MemberKeys};
use crate::error::{CoreError, Result};
use crate::members::Twins;
use crate::records::Edit;
use crate::settings::{SECOND_PHONES, note, noted};
use crate::space::same_member::Pair;
use crate::store::Reader;
use crate::sync::{OtherNewcomers, ServerConnection, admit, named, refuse, remove_member};

/// A link for a second phone, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SecondPhone {
    /// The half of the link that leads into the care space.
    pub(super) care_invite: InviteKey,
    /// The half that leads into the private space.
    pub(super) private_invite: InviteKey,
    /// Who came by it.
    pub(super) state: Coming,
}

/// What became of a link for a second phone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Coming {
    /// Nobody decided yet.
    Open,
    /// A person saw the same words: it is to be in both spaces.
    Confirmed(Both),
    /// A person saw other words or changed their mind, or somebody else turned one half away: it is to be in
    /// neither.
    Refused(Both),
    /// It is in both spaces.
    In(Both),
}

/// Who a second phone is in both spaces; it may have come to one alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Both {
    pub(super) care: MemberId,
    pub(super) private: Option<MemberId>,
}

impl SecondPhone {
    fn both(&self) -> Option<Both> {
        match self.state {
            Coming::Open => None,
            Coming::Confirmed(both) | Coming::Refused(both) | Coming::In(both) => Some(both),
        }
    }

    /// Whether it is that member of the care space.
    pub(super) fn is(&self, care: &MemberId) -> bool {
        self.both().is_some_and(|both| both.care == *care)
    }
}

impl Patient {
    /// The second phones that this one made links for.
    pub(super) fn second_phones(&self) -> Result<Vec<SecondPhone>> {
        self.replica.store.read(read)
    }

    /// Changes what is noted of them, at one instant: another process may do so, too.
    pub(super) fn note_second_phones(&self, change: impl Fn(&mut Vec<SecondPhone>)) -> Result<()> {
        self.replica.store.write(|w| {
            let mut all = read(w)?;
            let before = all.clone();
            change(&mut all);
            if all != before {
                note(w, SECOND_PHONES, &all)?;
            }
            Ok(())
        })
    }

    /// Notes of one of them what is to become of it.
    pub(super) fn note_second_phone(&self, care_invite: InviteKey, state: Coming) -> Result<()> {
        self.note_second_phones(|all| {
            for phone in all
                .iter_mut()
                .filter(|phone| phone.care_invite == care_invite)
            {
                phone.state = state;
            }
        })
    }

    /// Who this phone let in itself, care before private.
    pub(super) fn let_in_here(&self) -> Result<Vec<(MemberId, MemberId)>> {
        let all = self.second_phones()?;
        let both = all.iter().filter_map(SecondPhone::both);
        Ok(both
            .filter_map(|both| Some((both.care, both.private?)))
            .collect())
    }

    /// Does what is noted: lets in, in both spaces, whom a person confirmed, and turns away from both whoever
    /// is not to be in one. Gives whether there was something to do. For whoever is inside the gate.
    pub(super) fn settle_second_phones(&self, server: &ServerConnection<'_>) -> Result<bool> {
        let Ok(spaces) = self.joined_spaces() else {
            return Ok(false);
        };
        let mut any = false;
        for phone in self.second_phones()? {
            any |= match phone.state {
                Coming::Open => self.settle_open(server, &phone, spaces)?,
                Coming::Confirmed(both) => self.let_in(server, &phone, both, spaces)?,
                Coming::Refused(both) => self.turn_away(server, &phone, both, spaces)?,
                Coming::In(both) => self.forget_removed(&phone, both, spaces)?,
            };
        }
        Ok(any)
    }

    /// A link that nobody can come by any more: whoever came by one half of it alone is turned away there.
    fn settle_open(
        &self,
        server: &ServerConnection<'_>,
        phone: &SecondPhone,
        [care, private]: [SpaceId; 2],
    ) -> Result<bool> {
        let in_care = self.replica.space(care)?;
        if is_good(&in_care.chain, &phone.care_invite) {
            return Ok(false);
        }
        let in_private = self.replica.space(private)?;
        if let Some(half) = came_by(&in_private.chain, &phone.private_invite) {
            refuse(server, private, named(half.id))?;
        } else if is_good(&in_private.chain, &phone.private_invite) {
            return Ok(false);
        }
        self.forget(phone)?;
        Ok(true)
    }

    /// The care space first: there somebody else may have a word in it, and who is turned away there must
    /// not have been let in where the private things are.
    fn let_in(
        &self,
        server: &ServerConnection<'_>,
        phone: &SecondPhone,
        both: Both,
        [care, private]: [SpaceId; 2],
    ) -> Result<bool> {
        let halves = [(care, Some(both.care)), (private, both.private)];
        for (space, half) in halves {
            let is_in = match half {
                Some(half) => {
                    admit(server, space, named(half), &[], OtherNewcomers::Wait)?;
                    self.replica.space(space)?.chain.present(&half).is_some()
                }
                None => false,
            };
            if !is_in {
                self.note_second_phone(phone.care_invite, Coming::Refused(both))?;
                return self.turn_away(server, phone, both, [care, private]);
            }
        }
        if let Some(in_private) = both.private {
            let pair = Pair {
                care: (care, both.care),
                private: (private, in_private),
            };
            let admitter = self.replica.space(private)?.me;
            self.note_keys(&pair.said_by_admitter(&admitter))?;
        }
        self.note_second_phone(phone.care_invite, Coming::In(both))?;
        Ok(true)
    }

    fn turn_away(
        &self,
        server: &ServerConnection<'_>,
        phone: &SecondPhone,
        both: Both,
        [care, private]: [SpaceId; 2],
    ) -> Result<bool> {
        let in_private = self.replica.space(private)?;
        // It may have come to the private space after a person decided.
        let came = came_by(&in_private.chain, &phone.private_invite).map(|half| half.id);
        let halves = [(private, both.private.or(came)), (care, Some(both.care))];
        for (space, half) in halves {
            let Some(half) = half else { continue };
            if !refuse(server, space, named(half))? {
                remove_member(server, space, half)?;
            }
        }
        self.forget(phone)?;
        Ok(true)
    }

    fn forget_removed(
        &self,
        phone: &SecondPhone,
        both: Both,
        [care, private]: [SpaceId; 2],
    ) -> Result<bool> {
        let is_in = |space, id: Option<MemberId>| {
            let state = self.replica.space(space)?;
            Ok::<_, CoreError>(id.is_some_and(|id| state.chain.present(&id).is_some()))
        };
        if !is_in(care, Some(both.care))? && !is_in(private, both.private)? {
            self.forget(phone)?;
        }
        Ok(false)
    }

    fn forget(&self, phone: &SecondPhone) -> Result<()> {
        self.note_second_phones(|all| all.retain(|other| other.care_invite != phone.care_invite))
    }

    /// Notes in the private space which of its members is which of the care space.
    pub(super) fn note_keys(&self, keys: &MemberKeys) -> Result<()> {
        let edits = self.noting_keys(self.joined_spaces()?, keys)?;
        self.replica.commit(edits.as_slice())
    }

    /// What notes it, unless that is noted.
    pub(super) fn noting_keys(
        &self,
        [care, private]: [SpaceId; 2],
        keys: &MemberKeys,
    ) -> Result<Option<Edit>> {
        let replica = &*self.replica;
        let (in_care, in_private) = (replica.space(care)?, replica.space(private)?);
        if Twins::is_noted(replica, &in_care, &in_private, keys)? {
            return Ok(None);
        }
        let document = DocumentId::random(&*replica.ports.rng);
        Edit::new(private, document, keys).map(Some)
    }
}

fn read(r: &Reader<'_>) -> Result<Vec<SecondPhone>> {
    // Links of which nothing can be read end by themselves.
    Ok(noted(r, SECOND_PHONES)?.unwrap_or_default())
}

/// Whoever came by that half of a link and waits.
pub(super) fn came_by<'a>(chain: &'a Chain, invite: &InviteKey) -> Option<&'a Pending> {
    chain
        .all_pending()
        .find(|newcomer| newcomer.invite_key == *invite)
}

/// Whether somebody came by that half of a link and waits, or may still come.
fn is_good(chain: &Chain, invite: &InviteKey) -> bool {
    chain.open_invite(invite).is_some() || came_by(chain, invite).is_some()
}
