//! The patient's second phone, as the first one sees it: inviting it, comparing words, and letting it into
//! both spaces or turning it away.

use companion_protocol::chain::{Compared, Pending};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;
use data_encoding::HEXLOWER;

use super::Patient;
use super::view::{Invitation, Newcomer};
use crate::domain::DeviceKeys;
use crate::error::{NotNow, Result};
use crate::ports::Cancel;
use crate::settings::CLINIC;
use crate::space::invitation::PairingLink;
use crate::space::words::compare_words;
use crate::sync::{
    OtherNewcomers, ServerConnection, admit, create_invite, ensure_on_server, refuse,
};

/// How long an invitation for a second phone is good.
const INVITE_MS: u64 = 60 * 60 * 1000;
/// Setting that names a newcomer whom a person confirmed, by its keys in both spaces.
const ADMITTING: &str = "admitting";

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
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &address, &pass.cancel)?;
        let mut expires_at = self.replica.now();
        expires_at.unix_ms = expires_at.unix_ms.saturating_add_unsigned(INVITE_MS);
        let spaces = self.joined_spaces()?;
        for space in spaces {
            ensure_on_server(&server, space)?;
        }
        let [care, private] = spaces;
        let into_care = create_invite(&server, care, Role::Device, INVITE_MS)?;
        let into_private = create_invite(&server, private, Role::Device, INVITE_MS)?;
        // Whoever comes by both is one device: only this phone can tell.
        self.replica.store.write(|w| {
            let private = into_private.secret.invite_key();
            w.set_setting(
                &pair_setting(into_care.secret.invite_key().as_bytes()),
                private.as_bytes(),
            )
        })?;
        let link = PairingLink {
            server: address,
            clinic: self.replica.text_setting(CLINIC)?.unwrap_or_default(),
            invites: vec![into_care, into_private],
        };
        Ok(Invitation {
            link: link.to_text(),
            expires_at,
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
        let Ok([care, _]) = self.joined_spaces() else {
            return Ok(Vec::new());
        };
        let state = self.replica.space(care)?;
        let mine = state.my_newcomers();
        mine.map(|newcomer| {
            Ok(Newcomer {
                member: newcomer.id,
                came_at: self.replica.shown(newcomer.joined_at_ms),
                compare_words: match self.twin_of(newcomer)? {
                    Some(twin) => words_of(newcomer.compared(), care, twin),
                    None => None,
                },
            })
        })
        .collect()
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
        let (_, twin) = self.waiting_pair(newcomer)?;
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        // Noted first: whatever breaks off, the next exchange goes on with it.
        let both = [newcomer.as_bytes().as_slice(), twin.id.as_bytes()].concat();
        self.replica
            .store
            .write(|w| w.set_setting(ADMITTING, &both))?;
        self.finish_admission(&server)?;
        self.exchange(&server).map(drop)
    }

    /// Lets in, in both spaces, whom a person confirmed.
    pub(super) fn finish_admission(&self, server: &ServerConnection<'_>) -> Result<()> {
        let store = &self.replica.store;
        let Some(both) = store.read(|r| r.setting(ADMITTING))? else {
            return Ok(());
        };
        let halves = both.split_at_checked(MemberId::LENGTH);
        let ids = halves.and_then(|(care, private)| {
            Some((
                MemberId::from_slice(care).ok()?,
                MemberId::from_slice(private).ok()?,
            ))
        });
        if let Some((in_care, in_private)) = ids {
            let [care, private] = self.joined_spaces()?;
            admit(server, private, in_private, &[], OtherNewcomers::Wait)?;
            admit(server, care, in_care, &[], OtherNewcomers::Wait)?;
            let state = self.replica.space(private)?;
            if state.chain.member(&in_private).is_some() {
                self.note_keys(&DeviceKeys {
                    care: in_care,
                    private: in_private,
                })?;
            }
        }
        Ok(store.write(|w| w.remove_setting(ADMITTING))?)
    }

    /// The newcomer shows other words: turns it away. Needs the server.
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
        let [care, _] = self.joined_spaces().map_err(|_| nobody)?;
        let state = self.replica.space(care)?;
        let pending = state.chain.pending(&newcomer).ok_or(nobody)?;
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        if let Some((private, twin)) = self.twin_of(pending)? {
            refuse(&server, private, twin.id)?;
        }
        refuse(&server, care, newcomer).map(drop)
    }

    /// A newcomer that was answered in both spaces.
    fn waiting_pair(&self, newcomer: MemberId) -> Result<(SpaceId, Pending)> {
        let nobody = NotNow::NobodyToConfirm;
        let [care, _] = self.joined_spaces().map_err(|_| nobody)?;
        let state = self.replica.space(care)?;
        let pending = state.chain.pending(&newcomer).ok_or(nobody)?;
        let twin = self.twin_of(pending)?.ok_or(nobody)?;
        let is_answered = pending.answer.is_some() && twin.1.answer.is_some();
        Ok(Some(twin).filter(|_| is_answered).ok_or(nobody)?)
    }

    /// Who a newcomer to the care space is among those to the private one: whoever came by the other half
    /// of the same link.
    fn twin_of(&self, newcomer: &Pending) -> Result<Option<(SpaceId, Pending)>> {
        let name = pair_setting(newcomer.invite_key.as_bytes());
        let Some(key) = self.replica.store.read(|r| r.setting(&name))? else {
            return Ok(None);
        };
        let [_, private] = self.joined_spaces()?;
        let state = self.replica.space(private)?;
        let mut waiting = state.chain.all_pending();
        let twin = waiting.find(|p| p.invite_key.as_bytes().as_slice() == key.as_slice());
        Ok(twin.map(|twin| (private, twin.clone())))
    }
}

/// Setting that names the private half of a link by the other half.
fn pair_setting(care_key: &[u8; 32]) -> String {
    format!("link_pair:{}", HEXLOWER.encode(care_key))
}

fn words_of(
    care: Option<Compared>,
    care_space: SpaceId,
    (private_space, twin): (SpaceId, Pending),
) -> Option<Vec<String>> {
    Some(compare_words(&[
        (care_space, care?),
        (private_space, twin.compared()?),
    ]))
}
