//! Pairing by link: with a clinic, or as a second phone. Whoever comes by a link waits until a person on
//! the other side saw the same words and let it in.

use companion_protocol::chain::Pending;
use companion_protocol::id::SpaceId;

use super::Patient;
use super::view::{CompareWith, Pairing, PairingState};
use crate::domain::{ClinicProfile, Content as _, Purpose};
use crate::error::{CoreError, NotNow, Result};
use crate::records::{Records, Scope};
use crate::replica::Replica;
use crate::settings::{CLINIC, SERVER};
use crate::space::SpaceError;
use crate::space::invitation::{Invite, PairingLink};
use crate::space::words::compare_words;
use crate::store::{SpaceRow, SpaceStanding, Writer};
use crate::sync::{ServerConnection, join, leave, read_chain};

/// Setting that names the private space that this phone's link leads into as well.
const COMING_TO_PRIVATE: &str = "coming_to_private";

impl Patient {
    /// Comes by a clinic's link, or as a second phone by the first one's. From then on the phone waits to
    /// be let in ([`PhoneStatus::pairing`](super::PhoneStatus::pairing)); what is written meanwhile waits
    /// on it. Trying again after a lost connection is safe.
    ///
    /// # Errors
    ///
    /// [`CoreError::Space`] for a link that is cut off or is no honest one;
    /// [`CoreError::AlreadyPaired`]; [`NotNow::AnotherRecordHere`] where a second phone holds an import that the
    /// first one knows nothing of; [`CoreError::NotNow`] when the invitation is used up; and whatever an exchange with
    /// the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let cut_off = phone.pair("kap://pair/S0kB");
    /// assert!(matches!(cut_off, Err(CoreError::Space(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn pair(&self, link: &str) -> Result<Pairing> {
        let link = PairingLink::parse(link)?;
        self.replica
            .store
            .read(|r| self.replica.must_not_be_ending(r))?;
        let pass = self.replica.gate.enter(&self.wish)?;
        let replica = &*self.replica;
        let into_care = invite_for(&link, Purpose::Care)?;
        let into_private = invite_for(&link, Purpose::Private).ok();
        // A link leads into a private space only when this phone becomes the second one of its owner. For a
        // phone that is paired already such a link is no honest one: it would take what is private elsewhere.
        let is_paired = replica
            .row(into_care.space)
            .is_ok_and(|row| row.is_member());
        let is_honest = |private: &&Invite| {
            private.space != into_care.space && (!is_paired || replica.knows(private.space))
        };
        if into_private.is_some_and(|private| !is_honest(&private)) {
            return Err(SpaceError::BadLink.into());
        }
        if let Some(clinic) = self.paired_with_another(into_care.space)? {
            return Err(CoreError::AlreadyPaired { clinic });
        }
        if let Some(private) = into_private {
            replica.must_be_one_with([into_care.space, private.space], &link.records)?;
        }
        // A phone that is paired keeps its server: a link could name another one, to lead it there. Only the
        // clinic's own word moves it.
        let server = replica.text_setting(SERVER)?.filter(|_| is_paired);
        let server = server.as_ref().unwrap_or(&link.server);
        let connection = ServerConnection::open(replica, server, &pass.cancel)?;
        // Noted first: should it come to one space only, it must know what it waits for.
        replica.store.write(|w| match into_private {
            Some(private) => w.set_setting(COMING_TO_PRIVATE, private.space.as_bytes()),
            None => w.remove_setting(COMING_TO_PRIVATE),
        })?;
        self.come(&connection, into_care, Purpose::Care)?;
        // It is known there from here on, whatever becomes of the other half.
        replica.store.write(|w| {
            w.set_setting(SERVER, server.as_bytes())?;
            w.set_setting(CLINIC, link.clinic.as_bytes())
        })?;
        if let Some(into_private) = into_private {
            self.come(&connection, into_private, Purpose::Private)?;
        }
        Ok(Pairing {
            clinic: link.clinic.clone(),
            compare_with: compare_with(replica)?,
        })
    }

    /// Comes to one space, unless this phone is in it or waits for it already.
    fn come(&self, server: &ServerConnection<'_>, invite: &Invite, purpose: Purpose) -> Result<()> {
        let replica = &*self.replica;
        // Who it is to be is kept before anything is sent: after a lost answer it is the same newcomer.
        let name = format!("coming:{}", invite.secret.invite_key());
        let handle = replica.kept_handle(&name)?;
        let new_row = || {
            let mut row = SpaceRow::new(invite.space, purpose, handle);
            row.on_server = true;
            row
        };
        let row = match replica.row(invite.space) {
            Err(_) => new_row(),
            // A space has one purpose: what is private must not land among what is shared, whatever a
            // link says.
            Ok(known) if known.purpose != purpose => return Err(SpaceError::BadLink.into()),
            Ok(known) if known.is_member() => {
                // As far as we know: a phone that was removed hears so now.
                return match read_chain(server, invite.space) {
                    Ok(_) if replica.row(invite.space)?.is_member() => Ok(()),
                    Err(error) if error.code().is_none() => Err(error),
                    _ => Err(NotNow::Removed.into()),
                };
            }
            Ok(known) => {
                let state = replica.space(invite.space)?;
                if state.chain.member(&state.my_id()).is_some() {
                    return Err(NotNow::Removed.into());
                }
                // It waits, or was turned away: by another link it comes as somebody new.
                let waits = state.chain.pending(&state.my_id());
                let same = waits.is_some_and(|p| p.invite_key == invite.secret.invite_key());
                if known.is_open() && same {
                    return Ok(());
                }
                if known.is_open() {
                    // Or the other side would be shown two newcomers, and compare with the wrong one.
                    match leave(server, invite.space) {
                        Err(error) if error.code().is_none() => return Err(error),
                        _ => {}
                    }
                }
                new_row()
            }
        };
        replica
            .store
            .write(|w| w.set_setting(&name, handle.as_bytes()))?;
        join(server, invite, purpose, row)?;
        replica.store.write(|w| w.remove_setting(&name))?;
        if purpose == Purpose::Care {
            move_into(replica, Purpose::Care, invite.space)?;
        }
        Ok(())
    }

    fn paired_with_another(&self, care: SpaceId) -> Result<Option<String>> {
        let known = self.replica.row_for(Purpose::Care);
        if known.is_none_or(|row| row.space == care || !row.is_member()) {
            return Ok(None);
        }
        let clinic = self.replica.text_setting(CLINIC)?;
        Ok(Some(clinic.unwrap_or_else(|| "a clinic".to_owned())))
    }

    /// How far this phone's own pairing got.
    pub(super) fn pairing_state(&self) -> Result<PairingState> {
        let replica = &*self.replica;
        let Some(row) = replica.row_for(Purpose::Care) else {
            return Ok(PairingState::Alone);
        };
        let state = replica.space(row.space)?;
        let me = state.my_id();
        if let Some(member) = state.chain.member(&me).filter(|_| row.is_member()) {
            let at = replica.shown(member.joined_at_ms);
            return Ok(PairingState::Paired { at });
        }
        if !row.is_open() {
            let was_in = state.chain.member(&me).is_some();
            if let Some(ended) = state.chain.ended() {
                let at = replica.shown(ended.at_ms);
                return Ok(PairingState::Ended { at });
            }
            if row.standing == SpaceStanding::Forgotten {
                return Ok(PairingState::Forgotten);
            }
            return Ok(match was_in {
                true => PairingState::Removed,
                false => PairingState::NotLetIn,
            });
        }
        Ok(PairingState::Waiting {
            compare_words: own_words(replica)?,
            compare_with: compare_with(replica)?,
        })
    }

    /// The shared and the private space, of which this phone is a member.
    pub(super) fn joined_spaces(&self) -> Result<[SpaceId; 2]> {
        let mut spaces = [SpaceId::ZERO; 2];
        for (space, purpose) in spaces.iter_mut().zip([Purpose::Care, Purpose::Private]) {
            let row = self.replica.row_for(purpose).ok_or(CoreError::NotPaired)?;
            match (row.is_member(), row.is_open()) {
                (true, _) => *space = row.space,
                (false, true) => return Err(NotNow::NotLetIn.into()),
                (false, false) => return Err(CoreError::NotPaired),
            }
        }
        Ok(spaces)
    }

    /// Once a second phone was let in: what was written on it before moves into the private space that it
    /// joined.
    pub(super) fn settle_private(&self) -> Result<()> {
        let replica = &*self.replica;
        let mut joined = Vec::new();
        for space in replica.spaces_for(Purpose::Private) {
            let state = replica.space(space)?;
            let is_own = state.chain.founder().map(|m| m.id) == Some(state.my_id());
            if state.row.is_member() && !is_own {
                joined.push(space);
            }
        }
        match joined.first() {
            Some(adopted) => {
                replica.keep_own_name(*adopted)?;
                move_into(replica, Purpose::Private, *adopted)
            }
            None => Ok(()),
        }
    }

    /// The clinic's name as it says it itself, for a phone that came back by words.
    pub(super) fn learn_clinic_name(&self) -> Result<()> {
        let Some(care) = self.replica.row_for(Purpose::Care) else {
            return Ok(());
        };
        let of_clinic = Records::new(&self.replica, Scope::Care(care.space));
        let said = of_clinic.newest::<ClinicProfile>()?.or_older();
        let known = self.replica.text_setting(CLINIC)?;
        // Written only when it is news: each write waits for the disk.
        // Where it can't be shown, the clinic goes on by the name that it had.
        let said = said.and_then(|profile| profile.content.checked().ok());
        if let Some(ClinicProfile { name, .. }) = said
            && known.as_deref() != Some(&*name)
        {
            self.replica
                .store
                .write(|w| w.set_setting(CLINIC, name.as_bytes()))?;
        }
        Ok(())
    }
}

/// Who shows the same words as this phone, while it waits.
fn compare_with(replica: &Replica) -> Result<CompareWith> {
    Ok(match coming_to_private(replica)? {
        Some(_) => CompareWith::OwnPhone,
        None => CompareWith::Clinic,
    })
}

/// The private space that this phone's link leads into as well, until it is in.
fn coming_to_private(replica: &Replica) -> Result<Option<SpaceId>> {
    let coming = replica.store.read(|r| r.setting(COMING_TO_PRIVATE))?;
    let space = coming.and_then(|id| SpaceId::from_slice(&id).ok());
    Ok(space.filter(|space| !replica.row(*space).is_ok_and(|row| row.is_member())))
}

fn waiting_private(replica: &Replica) -> Option<SpaceRow> {
    let spaces = replica.spaces_for(Purpose::Private).into_iter();
    let mut rows = spaces.filter_map(|space| replica.row(space).ok());
    rows.find(|row| row.is_open() && !row.is_member())
}

/// The words that this phone shows while it waits; `None` until the other side has answered.
fn own_words(replica: &Replica) -> Result<Option<Vec<String>>> {
    let mut joins = Vec::new();
    let care = replica.row_for(Purpose::Care);
    let private = waiting_private(replica);
    if private.is_none() && coming_to_private(replica)?.is_some() {
        // One half of the words would be other words.
        return Ok(None);
    }
    for row in care.into_iter().chain(private) {
        let state = replica.space(row.space)?;
        let Some(compared) = state
            .chain
            .pending(&state.my_id())
            .and_then(Pending::compared)
        else {
            return Ok(None);
        };
        joins.push((row.space, compared));
    }
    Ok(Some(compare_words(&joins)))
}

fn invite_for(link: &PairingLink, purpose: Purpose) -> Result<&Invite> {
    link.invites
        .iter()
        .find(|invite| invite.purpose == purpose)
        .ok_or(CoreError::Space(SpaceError::BadLink))
}

/// What was written for a space of this purpose before moves into the one that is used from now on, as it
/// is, and the spaces that only this phone knew, or never got into, are forgotten.
pub(super) fn move_into(replica: &Replica, purpose: Purpose, adopted: SpaceId) -> Result<()> {
    for old in replica.spaces_for(purpose) {
        let row = replica.row(old)?;
        // A record that this phone was a member of stays readable.
        if old == adopted || (purpose == Purpose::Care && was_member(replica, old)?) {
            continue;
        }
        if purpose == Purpose::Private && row.is_open() && !row.is_member() {
            continue;
        }
        replica.forget_space(old, |w: &mut Writer<'_>| {
            // Behind what waits there: that may have been sent, under the counts that follow from its order.
            for change in replica.changes_to_move(w, old)? {
                w.push_outbox(&crate::store::OutboxRow {
                    space: adopted,
                    ..change
                })?;
            }
            for row in w.items_of_space(old)? {
                w.move_item(row.document, adopted)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn was_member(replica: &Replica, space: SpaceId) -> Result<bool> {
    let state = replica.space(space)?;
    Ok(state.chain.member(&state.my_id()).is_some())
}
