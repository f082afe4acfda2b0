//! The patient's second phone, as the first one sees it: inviting it, comparing words, and letting it into
//! both spaces or turning it away.

use companion_protocol::chain::{Compared, Pending};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Patient;
use super::second_phone::{Both, Coming, SecondPhone, came_by};
use super::view::{Invitation, Newcomer};
use crate::error::{NotNow, Result};
use crate::settings::CLINIC;
use crate::space::invitation::PairingLink;
use crate::space::words::compare_words;
use crate::sync::{ServerConnection, create_invite, ensure_on_server, named, refuse};

/// How long an invitation for a second phone is good.
const INVITE_MS: u64 = 60 * 60 * 1000;

impl Patient {
    /// A link for the patient's second phone, into both of their spaces. Needs the server.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`NotNow::NotLetIn`], and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// assert!(matches!(phone.invite_phone(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn invite_phone(&self) -> Result<Invitation> {
        let address = self.server()?;
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &address, &pass.cancel)?;
        let mut expires_at = self.replica.now();
        expires_at.unix_ms = expires_at.unix_ms.saturating_add_unsigned(INVITE_MS);
        let spaces = self.joined_spaces()?;
        for space in spaces {
            ensure_on_server(&server, space)?;
        }
        let [care, private] = spaces;
        let in_care = self.replica.space(care)?;
        let before = self.second_phones()?;
        let mut before = before
            .iter()
            .filter_map(|phone| in_care.chain.open_invite(&phone.care_invite));
        let now_ms = u64::try_from(expires_at.unix_ms)
            .unwrap_or(0)
            .saturating_sub(INVITE_MS);
        let earlier_is_good = before.any(|open| open.invite.expires_at_ms > now_ms);
        let into_care = create_invite(&server, care, Role::Device, INVITE_MS)?;
        let into_private = create_invite(&server, private, Role::Device, INVITE_MS)?;
        let phone = SecondPhone {
            care_invite: into_care.secret.invite_key(),
            private_invite: into_private.secret.invite_key(),
            state: Coming::Open,
        };
        self.note_second_phones(|all| all.push(phone.clone()))?;
        let link = PairingLink {
            server: address,
            clinic: self.replica.text_setting(CLINIC)?.unwrap_or_default(),
            invites: vec![into_care, into_private],
            records: self.replica.record_ids()?,
        };
        Ok(Invitation {
            link: link.to_text(),
            expires_at,
            earlier_is_good,
        })
    }

    /// Phones that came by this phone's links and wait to be let in.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.newcomers()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn newcomers(&self) -> Result<Vec<Newcomer>> {
        let Ok([care, private]) = self.joined_spaces() else {
            return Ok(Vec::new());
        };
        let in_care = self.replica.space(care)?;
        let in_private = self.replica.space(private)?;
        let phones = self.second_phones()?;
        let mut newcomers = Vec::new();
        for newcomer in in_care.my_newcomers() {
            let mut links = phones.iter();
            let link = links.find(|phone| phone.care_invite == newcomer.invite_key);
            let half = link.and_then(|link| came_by(&in_private.chain, &link.private_invite));
            newcomers.push(Newcomer {
                member: newcomer.id,
                came_at: self.replica.shown(newcomer.joined_at_ms),
                compare_words: half.and_then(|half| words_of((care, newcomer), (private, half))),
                is_confirmed: link.is_some_and(|link| matches!(link.state, Coming::Confirmed(_))),
            });
        }
        // In the care space already, and not in the private one yet.
        for phone in phones {
            let Coming::Confirmed(both) = phone.state else {
                continue;
            };
            if let Some(half) = in_care.chain.present(&both.care) {
                newcomers.push(Newcomer {
                    member: half.id,
                    came_at: self.replica.shown(half.joined_at_ms),
                    compare_words: None,
                    is_confirmed: true,
                });
            }
        }
        Ok(newcomers)
    }

    /// The newcomer shows the same words: lets it into both of the patient's spaces. Needs the server.
    ///
    /// # Errors
    ///
    /// [`NotNow::NobodyToConfirm`], and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let nobody = phone.confirm_phone(phone.status()?.member);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn confirm_phone(&self, newcomer: MemberId) -> Result<()> {
        let (link, both) = self.waiting_pair(newcomer)?;
        // Noted first: whatever breaks off, the next exchange goes on with it.
        self.note_second_phone(link.care_invite, Coming::Confirmed(both))?;
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        self.settle_second_phones(&server)?;
        let phones = self.second_phones()?;
        let is_in = phones.iter().any(|phone| phone.is(&both.care));
        self.exchange(&server)?;
        if is_in {
            Ok(())
        } else {
            // Somebody turned it away at the same time.
            Err(NotNow::NobodyToConfirm.into())
        }
    }

    /// The newcomer shows other words, or is not to come after all: turns it away from both spaces, also after
    /// [`Patient::confirm_phone`] broke off. Needs the server.
    ///
    /// # Errors
    ///
    /// [`NotNow::NobodyToConfirm`], and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let nobody = phone.refuse_phone(phone.status()?.member);
    /// assert!(matches!(nobody, Err(CoreError::NotNow(NotNow::NobodyToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn refuse_phone(&self, newcomer: MemberId) -> Result<()> {
        let nobody = NotNow::NobodyToConfirm;
        let [care, private] = self.joined_spaces().map_err(|_| nobody)?;
        let state = self.replica.space(care)?;
        let pending = state.chain.pending(&newcomer);
        let link = self.link_of(newcomer, pending)?;
        let is_in = |link: &SecondPhone| matches!(link.state, Coming::In(_));
        if link.as_ref().map_or(pending.is_none(), is_in) {
            return Err(nobody.into());
        }
        if let Some(link) = &link {
            let in_private = self.replica.space(private)?;
            let came = came_by(&in_private.chain, &link.private_invite);
            let both = match link.state {
                Coming::Confirmed(both) => both,
                _ => Both {
                    care: newcomer,
                    private: came.map(|half| half.id),
                },
            };
            self.note_second_phone(link.care_invite, Coming::Refused(both))?;
        }
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        match link {
            Some(_) => self.settle_second_phones(&server).map(drop),
            None => refuse(&server, care, named(newcomer)).map(drop),
        }
    }

    /// The link by which a member of the care space came, or waits there.
    fn link_of(
        &self,
        newcomer: MemberId,
        pending: Option<&Pending>,
    ) -> Result<Option<SecondPhone>> {
        let phones = self.second_phones()?;
        Ok(phones.into_iter().find(|phone| {
            phone.is(&newcomer) || pending.is_some_and(|p| p.invite_key == phone.care_invite)
        }))
    }

    /// A newcomer that was answered in both spaces.
    fn waiting_pair(&self, newcomer: MemberId) -> Result<(SecondPhone, Both)> {
        let nobody = NotNow::NobodyToConfirm;
        let [care, private] = self.joined_spaces().map_err(|_| nobody)?;
        let in_care = self.replica.space(care)?;
        let pending = in_care.chain.pending(&newcomer);
        let link = self.link_of(newcomer, pending)?.ok_or(nobody)?;
        if let Coming::Confirmed(both) = link.state {
            // Confirmed before, and not finished.
            return Ok((link, both));
        }
        let pending = pending.ok_or(nobody)?;
        let in_private = self.replica.space(private)?;
        let half = came_by(&in_private.chain, &link.private_invite).ok_or(nobody)?;
        words_of((care, pending), (private, half)).ok_or(nobody)?;
        let both = Both {
            care: newcomer,
            private: Some(half.id),
        };
        Ok((link, both))
    }
}

fn words_of(
    (care, in_care): (SpaceId, &Pending),
    (private, in_private): (SpaceId, &Pending),
) -> Option<Vec<String>> {
    let joins: [(SpaceId, Compared); 2] = [
        (care, in_care.compared()?),
        (private, in_private.compared()?),
    ];
    Some(compare_words(&joins))
}
