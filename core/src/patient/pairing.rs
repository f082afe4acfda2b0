//! Pairing by link: with a clinic, or as a second phone.

use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use super::Patient;
use super::view::{CompareWith, Invitation, Pairing};
use crate::domain::{ClinicProfile, Purpose};
use crate::error::{CoreError, Result};
use crate::ports::Cancel;
use crate::records::{PageSize, Query, Records, Scope};
use crate::replica::Replica;
use crate::settings::{CLINIC, SERVER};
use crate::space::SpaceError;
use crate::space::invitation::{Invite, PairingLink};
use crate::space::words::compare_words;
use crate::store::Writer;
use crate::sync::{GRANT, ServerConnection, create_invite, ensure_on_server, join};

/// How long an invitation for a second phone is good.
pub(super) const INVITE_MS: u64 = 60 * 60 * 1000;
/// Setting that names the private space that a pairing under way is about to join.
const JOINING: &str = "joining";

impl Patient {
    /// Pairs by a clinic's link, or as a second phone by the first one's. Trying again after a lost
    /// connection is safe.
    ///
    /// # Errors
    ///
    /// [`CoreError::Space`] for a link that is cut off or is no honest one;
    /// [`CoreError::AlreadyPaired`]; [`CoreError::NotNow`] when the invitation is used up; and
    /// whatever an exchange with the server gives.
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
        let pass = self.replica.gate.enter(&Cancel::new())?;
        let replica = &*self.replica;
        if let Some(clinic) = self.paired_with_another(&link)? {
            return Err(CoreError::AlreadyPaired { clinic });
        }
        let server = ServerConnection::open(replica, &link.server, &pass.cancel)?;
        let into_care = invite_for(&link, Purpose::Care)?;
        let into_private = invite_for(&link, Purpose::Private).ok();
        begin_joining(replica, into_care, into_private)?;
        let care = join(&server, into_care, Purpose::Care)?;
        if let Some(into_private) = into_private {
            let adopted = join(&server, into_private, Purpose::Private)?;
            merge_private(replica, adopted)?;
        }
        let compare_with = match into_private {
            Some(_) => CompareWith::OwnPhone,
            None => CompareWith::Clinic,
        };
        remember(replica, &link)?;
        Ok(Pairing {
            clinic: link.clinic,
            compare_words: own_words(replica, care)?,
            compare_with,
        })
    }

    fn paired_with_another(&self, link: &PairingLink) -> Result<Option<String>> {
        let Some(care) = self.replica.row_for(Purpose::Care) else {
            return Ok(None);
        };
        let same = link.invites.iter().any(|invite| invite.space == care.space);
        if same || !care.joined {
            return Ok(None);
        }
        let clinic = self.replica.text_setting(CLINIC)?;
        Ok(Some(clinic.unwrap_or_else(|| "a clinic".to_owned())))
    }

    /// A link for the patient's second phone, into both of their spaces. Needs the server.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], and whatever an exchange with the server gives.
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
        let mut invites = Vec::new();
        let spaces = self.own_spaces()?;
        for space in spaces {
            ensure_on_server(&server, space)?;
        }
        for space in spaces {
            invites.push(create_invite(&server, space, Role::Admin, INVITE_MS)?);
        }
        let link = PairingLink {
            server: address,
            clinic: self.replica.text_setting(CLINIC)?.unwrap_or_default(),
            invites,
            grant: Vec::new(),
        };
        Ok(Invitation {
            link: link.to_text(),
            expires_at,
        })
    }

    /// The shared and the private space.
    pub(super) fn own_spaces(&self) -> Result<[SpaceId; 2]> {
        Ok([
            self.records.writable_space(Purpose::Care)?,
            self.records.writable_space(Purpose::Private)?,
        ])
    }

    /// The clinic's name as it says it itself, for a phone that came back by words.
    pub(super) fn learn_clinic_name(&self) -> Result<()> {
        let Some(care) = self.replica.row_for(Purpose::Care) else {
            return Ok(());
        };
        let of_clinic = Records::new(&self.replica, Scope::Care(care.space));
        let query = Query::<ClinicProfile>::all().size(PageSize::ONE);
        let said = of_clinic.contents(&query)?.into_iter().next();
        let known = self.replica.text_setting(CLINIC)?;
        // Written only when it is news: each write waits for the disk.
        if let Some((_, profile)) = said
            && known.as_deref() != Some(&*profile.name)
        {
            let name = profile.name;
            self.replica
                .store
                .write(|w| w.set_setting(CLINIC, name.as_bytes()))?;
        }
        Ok(())
    }
}

/// The words that the other side shows for this phone.
pub(super) fn own_words(replica: &Replica, space: SpaceId) -> Result<Vec<String>> {
    let state = replica.space(space)?;
    let member = state
        .chain
        .member(&replica.me.member())
        .ok_or(CoreError::NotFound(crate::error::Missing::Device))?;
    Ok(compare_words(space, member.joined_by))
}

fn invite_for(link: &PairingLink, purpose: Purpose) -> Result<&Invite> {
    link.invites
        .iter()
        .find(|invite| invite.purpose == purpose)
        .ok_or(CoreError::Space(SpaceError::BadLink))
}

/// A link leads into a private space only when this phone becomes the second one of its owner. For
/// a phone that is paired already such a link is no honest one: it would take what is private
/// elsewhere. Trying again what broke off is.
fn begin_joining(replica: &Replica, care: &Invite, private: Option<&Invite>) -> Result<()> {
    let Some(private) = private.filter(|invite| !replica.knows(invite.space)) else {
        return Ok(());
    };
    let name = private.space.to_string();
    let before = replica.text_setting(JOINING)?;
    let paired = replica.knows(care.space);
    if private.space == care.space || (paired && before.as_deref() != Some(name.as_str())) {
        return Err(SpaceError::BadLink.into());
    }
    Ok(replica
        .store
        .write(|w| w.set_setting(JOINING, name.as_bytes()))?)
}

fn remember(replica: &Replica, link: &PairingLink) -> Result<()> {
    replica.store.write(|w| {
        w.remove_setting(JOINING)?;
        w.set_setting(SERVER, link.server.as_bytes())?;
        w.set_setting(CLINIC, link.clinic.as_bytes())?;
        if !link.grant.is_empty() {
            w.set_setting(GRANT, &link.grant)?;
        }
        Ok::<_, CoreError>(())
    })
}

/// On a second phone: what was written here before pairing moves into the shared private space, as it
/// is and under its own names, and the space that only this phone knew is forgotten.
pub(super) fn merge_private(replica: &Replica, adopted: SpaceId) -> Result<()> {
    for old in replica.spaces_for(Purpose::Private) {
        if old == adopted {
            continue;
        }
        let left_over = replica.changes_to_move(old)?;
        replica.forget_space(old, |w: &mut Writer<'_>| {
            for change in &left_over {
                w.push_outbox(&crate::store::OutboxRow {
                    space: adopted,
                    ..change.clone()
                })?;
            }
            w.move_outbox(old, adopted)?;
            for row in w.items_of_space(old)? {
                w.move_item(row.document, adopted)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
