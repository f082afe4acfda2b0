//! Coming back with the recovery words.

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::LogNumber;
use companion_protocol::statement::{Role, Statement};

use super::Patient;
use super::pairing::{INVITE_MS, merge_private, own_words};
use super::view::{CompareWith, Pairing};
use crate::domain::{ClinicProfile, Content as _, Purpose};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::ports::Cancel;
use crate::settings::{CLINIC, SERVER};
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::space::payload::{Payload, unpack};
use crate::space::recovery::RecoveryCode;
use crate::space::seal;
use crate::store::SpaceRow;
use crate::sync::{ServerConnection, Signer, statements_from};

/// Among how many first changes of a space its founder's name is looked for.
const FIRST_CHANGES: usize = 16;

/// A space that the words are a member of, with its chain verified.
type Found = (Chain, Vec<Statement>);

impl Patient {
    /// Comes back on a new phone with the recovery words. What was never synced is not there.
    ///
    /// # Errors
    ///
    /// [`CoreError::Space`] for words that are none; [`NotNow::WordsOpenNothing`] when they were replaced
    /// or are of another server; [`Missing::Recoverable`] when they don't open one shared and one private
    /// space for sure; [`CoreError::AlreadyPaired`]; and whatever
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
        replica
            .store
            .write(|w| w.set_setting(SERVER, server.as_bytes()))?;
        drop(pass);
        self.sync()?;
        let clinic = replica.text_setting(CLINIC)?;
        Ok(Pairing {
            clinic: clinic.unwrap_or_else(|| "your clinic".to_owned()),
            compare_words: own_words(replica, care_space)?,
            compare_with: CompareWith::Nobody,
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
    if found.len() < 2 {
        // Words that are being replaced are out of one space before they are out of the other.
        return Err(NotNow::WordsOpenNothing.into());
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
