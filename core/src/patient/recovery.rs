//! The recovery words: making them, and coming back with them.

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::LogNumber;
use companion_protocol::statement::{Role, Statement};

use super::Patient;
use super::pairing::{INVITE_MS, merge_private, own_words};
use super::view::Pairing;
use crate::domain::{ClinicProfile, Content as _, Purpose};
use crate::error::{CoreError, Missing, Result};
use crate::ports::Cancel;
use crate::report::SyncReport;
use crate::settings::{CLINIC, SERVER};
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::space::payload::{Payload, unpack};
use crate::space::recovery::RecoveryCode;
use crate::space::seal;
use crate::store::SpaceRow;
use crate::sync::{
    ServerConnection, Signer, create_invite, ensure_on_server, extend_with, rotate_if_due,
    statements_from,
};

/// Setting that names the recovery code's member, so that a new code replaces it.
const RECOVERY: &str = "recovery_member";
/// Setting that names the members of words that were replaced and are still to be removed.
const RETIRED: &str = "retired_recovery_members";
/// Among how many first changes of a space its founder's name is looked for.
const FIRST_CHANGES: usize = 16;

/// A space that the words are a member of, with its chain verified.
type Found = (Chain, Vec<Statement>);

impl Patient {
    /// Makes the recovery words and replaces those made before. They are shown once and kept
    /// nowhere: whoever has them can read and join the patient's spaces.
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
    /// assert!(matches!(phone.make_recovery_code(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn make_recovery_code(&self) -> Result<RecoveryCode> {
        let address = self.server()?;
        let replica = &*self.replica;
        let pass = replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(replica, &address, &pass.cancel)?;
        let code = RecoveryCode::generate(&*replica.ports.rng)?;
        let paper = code.identity()?;
        let spaces = self.own_spaces()?;
        for space in spaces {
            ensure_on_server(&server, space)?;
        }
        for space in spaces {
            let invite = create_invite(&server, space, Role::Admin, INVITE_MS)?;
            extend_with(&server, space, |replica| {
                let at = replica.server_now();
                let chain = &replica.space(space)?.chain;
                if chain.member(&paper.member()).is_some() {
                    return Ok(None);
                }
                // The words are the newcomer, and not this phone.
                let (statement, _) = membership::join(&paper, chain, &invite.secret, at)?;
                Ok(Some((statement, Keyring::new())))
            })?;
            // The words get the space's keys by its rotation, and must not depend on this phone's
            // living until its next sync.
            rotate_if_due(&server, space, &mut SyncReport::default())?;
        }
        let retired = [
            replica.text_setting(RETIRED)?,
            replica.text_setting(RECOVERY)?,
        ];
        let retired = retired.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = paper.member().to_string();
        replica.store.write(|w| {
            w.set_setting(RETIRED, retired.as_bytes())?;
            w.set_setting(RECOVERY, name.as_bytes())
        })?;
        // The new words are good from here on, and must be shown: should this break off, the next
        // sync goes on with it.
        let _ = self.retire_words(&pass.cancel);
        Ok(code)
    }

    /// Removes recovery words that were replaced. For whoever is inside the gate.
    pub(super) fn retire_words(&self, cancel: &Cancel) -> Result<()> {
        let Some(retired) = self.replica.text_setting(RETIRED)? else {
            return Ok(());
        };
        for member in retired.split(' ').filter_map(|id| id.parse().ok()) {
            match self.remove_member(member, cancel) {
                Ok(()) | Err(CoreError::NotFound(Missing::Device)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.replica.store.write(|w| w.remove_setting(RETIRED))?)
    }

    /// Comes back on a new phone with the recovery words. What was never synced is not there.
    ///
    /// # Errors
    ///
    /// [`CoreError::Space`] for words that are none; [`Missing::Recoverable`] when they open nothing,
    /// or not one shared and one private space for sure; [`CoreError::AlreadyPaired`]; and whatever
    /// an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let too_few = phone.recover("https://sync.test", "abandon ability");
    /// assert!(matches!(too_few, Err(CoreError::Space(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn recover(&self, server: &str, words: &str) -> Result<Pairing> {
        let code = RecoveryCode::parse(words)?;
        let paper = code.identity()?;
        let replica = &*self.replica;
        let pass = replica.gate.enter(&Cancel::new())?;
        let connection = ServerConnection::open(replica, server, &pass.cancel)?;
        let (care, private) = find_spaces(&connection, &paper)?;
        let (care_space, private_space) = (care.0.space(), private.0.space());
        let joined = replica.row_for(Purpose::Care).filter(|row| row.joined);
        if joined.is_some_and(|row| row.space != care_space) {
            let clinic = replica.text_setting(CLINIC)?;
            let clinic = clinic.unwrap_or_else(|| "a clinic".to_owned());
            return Err(CoreError::AlreadyPaired { clinic });
        }
        join_with_words(&connection, &paper, Purpose::Care, care)?;
        join_with_words(&connection, &paper, Purpose::Private, private)?;
        merge_private(replica, private_space)?;
        let name = paper.member().to_string();
        replica.store.write(|w| {
            w.set_setting(SERVER, server.as_bytes())?;
            w.set_setting(RECOVERY, name.as_bytes())
        })?;
        drop(pass);
        self.sync()?;
        let clinic = replica.text_setting(CLINIC)?;
        Ok(Pairing {
            clinic: clinic.unwrap_or_else(|| "your clinic".to_owned()),
            compare_words: own_words(replica, care_space)?,
        })
    }
}

/// The shared and the private space that the words are a member of, never guessed: the clinic reads
/// one of the two.
fn find_spaces(server: &ServerConnection<'_>, paper: &Identity) -> Result<(Found, Found)> {
    let by_words = Signer::Key(paper.signing_key());
    let mut found = Vec::new();
    for head in server.heads(by_words)?.spaces {
        let statements = statements_from(server, by_words, head.space, 0)?;
        let chain = Chain::from_statements(&statements)?;
        // The join of the words' own key is signed by it: a made-up space can't contain it.
        if chain.space() == head.space && chain.present(&paper.member()).is_some() {
            found.push((chain, statements));
        }
    }
    let nothing = CoreError::NotFound(Missing::Recoverable);
    let [first, second] = <[Found; 2]>::try_from(found).map_err(|_| nothing.clone())?;
    // The founder of the private space, a phone, is as a rule in the care space too; never the
    // other way round.
    let founder_in = |a: &Chain, b: &Chain| {
        a.member_by_index(0)
            .is_some_and(|founder| b.member(&founder.id).is_some())
    };
    let clinics = (
        is_founded_by_clinic(server, paper, &first)?,
        is_founded_by_clinic(server, paper, &second)?,
    );
    let phones = (
        founder_in(&first.0, &second.0),
        founder_in(&second.0, &first.0),
    );
    match (clinics, phones) {
        ((true, false), _) | ((false, false), (false, true)) => Ok((first, second)),
        ((false, true), _) | ((false, false), (true, false)) => Ok((second, first)),
        _ => Err(nothing),
    }
}

/// Whether a space is a clinic's, and so the shared one: its founder says there who it is, before
/// anything else. Who is a member does not tell: after a change of clinics neither founder need ever
/// have been in the other space.
fn is_founded_by_clinic(
    server: &ServerConnection<'_>,
    paper: &Identity,
    (chain, statements): &Found,
) -> Result<bool> {
    let mut keys = Keyring::new();
    membership::learn_keys(paper, chain, statements, &mut keys);
    let signer = Signer::Key(paper.signing_key());
    let page = server.pull_as(signer, chain.space(), LogNumber(0), FIRST_CHANGES)?;
    Ok(page.changes.iter().any(|(_, bytes)| {
        let Ok(change) = SealedChange::parse(bytes) else {
            return false;
        };
        let header = change.header();
        let founder = chain.member_by_index(0).map(|member| member.id);
        let kind = keys
            .get(&header.epoch)
            .filter(|_| Some(header.author) == founder && chain.check_change(header).is_ok())
            .filter(|_| change.verify_signature().is_ok())
            .and_then(|key| seal::open(key, &change).ok())
            .and_then(|packed| unpack(&packed).ok())
            .and_then(|plain| Payload::decode(&plain).ok())
            .map(|payload| payload.kind);
        kind == Some(ClinicProfile::KIND)
    }))
}

/// Lets this phone into a space by the recovery words, which are an admin of it. Trying again after
/// an interruption goes on where it stopped.
fn join_with_words(
    server: &ServerConnection<'_>,
    paper: &Identity,
    purpose: Purpose,
    (mut chain, mut statements): Found,
) -> Result<()> {
    let (replica, space) = (server.replica, chain.space());
    if let Ok(known) = replica.row(space) {
        return if known.purpose == purpose {
            Ok(())
        } else {
            Err(CoreError::NotFound(Missing::Recoverable))
        };
    }
    let mut keys = Keyring::new();
    membership::learn_keys(paper, &chain, &statements, &mut keys);
    if chain.present(&replica.me.member()).is_none() {
        let key = keys.get(&chain.epoch()).ok_or(SpaceError::NoKey)?;
        let at = replica.server_now();
        let until = u64::try_from(at.unix_ms)
            .unwrap_or(0)
            .saturating_add(INVITE_MS);
        let rng = &*replica.ports.rng;
        let (invite, secret) = membership::invite(paper, &chain, key, Role::Admin, at, until, rng)?;
        server.extend_as(Signer::Key(paper.signing_key()), space, invite.bytes())?;
        chain.extend(&invite)?;
        let (join, _) = membership::join(&replica.me, &chain, &secret, at)?;
        server.extend(space, join.bytes())?;
        statements.extend([invite, join]);
    }
    let mut row = SpaceRow::new(space, purpose);
    row.on_server = true;
    replica.adopt_space(row, statements, keys).map(drop)
}
