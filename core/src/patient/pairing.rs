//! Pairing by link, a second phone, and coming back with the recovery words.

use companion_protocol::chain::Chain;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{LogNumber, SpaceId};
use companion_protocol::statement::{Role, Statement};

use super::{CLINIC, Patient, SERVER, home, text};
use crate::domain::{ClinicProfile, Kind, Moment};
use crate::error::{CoreError, Result};
use crate::record::Edit;
use crate::replica::{Purpose, Replica};
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::invitation::{Door, PairingLink};
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::space::payload::{Payload, unpack};
use crate::space::recovery::RecoveryCode;
use crate::space::seal;
use crate::space::words::compare_words;
use crate::store::ItemFilter;
use crate::sync::{
    Line, Signer, SyncReport, ensure_on_server, enter, extend_with, rotate_if_wanted,
    statements_from,
};

/// How long an invitation for a second phone is good.
const INVITE_MS: u64 = 60 * 60 * 1000;
/// Setting that names the recovery code's member, so that a new code replaces it.
const RECOVERY: &str = "recovery_member";
/// Setting that names the members of words that were replaced and are still to be removed.
const RETIRED: &str = "retired_recovery_members";
/// Setting that names the private space that a pairing under way is about to join.
const JOINING: &str = "joining";
/// Among how many first changes of a space its founder's name is looked for.
const FIRST_CHANGES: usize = 16;

/// What pairing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// With whom.
    pub clinic: String,
    /// To compare with what the other side shows. If they differ, somebody else joined.
    pub compare_words: Vec<String>,
}

/// A link to hand to a new phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// For a QR code, or to be typed. Whoever has it can join: it goes from hand to hand only.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: Moment,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation(.., until {:?})", self.expires_at)
    }
}

impl Patient {
    /// Pairs by a clinic's link, or as a second phone by the first one's. Trying again after a lost
    /// connection is safe.
    pub fn pair(&self, link: &str) -> Result<Pairing> {
        let link = PairingLink::parse(link)?;
        let _one_at_a_time = self.one_at_a_time();
        if let Some(clinic) = self.paired_with_another(&link)? {
            return Err(CoreError::AlreadyPaired(clinic));
        }
        let line = Line::open(&self.replica, &link.server)?;
        let care_door = door(&link, Purpose::Care)?;
        let private_door = door(&link, Purpose::Private).ok();
        begin_joining(&mut self.replica(), care_door, private_door)?;
        let care = enter(&line, care_door, Purpose::Care)?;
        if let Some(private_door) = private_door {
            let adopted = enter(&line, private_door, Purpose::Private)?;
            merge_private(&mut line.replica(), adopted)?;
        }
        let mut replica = self.replica();
        remember(&mut replica, &link)?;
        Ok(Pairing {
            clinic: link.clinic,
            compare_words: own_words(&replica, care)?,
        })
    }

    fn paired_with_another(&self, link: &PairingLink) -> Result<Option<String>> {
        let replica = self.replica();
        let Some(state) = replica.space_for(Purpose::Care) else {
            return Ok(None);
        };
        if link.doors.iter().any(|door| door.space == state.row.space) || !state.row.joined {
            return Ok(None);
        }
        let clinic = text(replica.store.read(|r| r.setting(CLINIC))?);
        Ok(Some(clinic.unwrap_or_else(|| "a clinic".to_owned())))
    }

    /// A link for the patient's second phone, into both of their spaces. Needs the server.
    pub fn invite_phone(&self) -> Result<Invitation> {
        let server = self.server()?;
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &server)?;
        let (spaces, clinic) = {
            let replica = self.replica();
            let clinic = text(replica.store.read(|r| r.setting(CLINIC))?).unwrap_or_default();
            (
                [
                    (Purpose::Care, home(&replica, true)?),
                    (Purpose::Private, home(&replica, false)?),
                ],
                clinic,
            )
        };
        let mut doors = Vec::new();
        let mut expires_at = self.replica().now();
        expires_at.unix_ms = expires_at.unix_ms.saturating_add_unsigned(INVITE_MS);
        for (_, space) in spaces {
            ensure_on_server(&line, space)?;
        }
        for (purpose, space) in spaces {
            doors.push(open_door(&line, purpose, space, Role::Admin, INVITE_MS)?);
        }
        let link = PairingLink {
            server,
            clinic,
            doors,
            grant: Vec::new(),
        };
        Ok(Invitation {
            link: link.to_text(),
            expires_at,
        })
    }

    /// Makes the recovery words and replaces those made before. They are shown once and kept
    /// nowhere: whoever has them can read and join the patient's spaces.
    pub fn make_recovery_code(&self) -> Result<RecoveryCode> {
        let server = self.server()?;
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &server)?;
        let code = RecoveryCode::generate(&*self.replica().ports.rng)?;
        let paper = code.identity()?;
        let spaces = {
            let replica = self.replica();
            [
                (Purpose::Care, home(&replica, true)?),
                (Purpose::Private, home(&replica, false)?),
            ]
        };
        for (_, space) in spaces {
            ensure_on_server(&line, space)?;
        }
        for (purpose, space) in spaces {
            let door = open_door(&line, purpose, space, Role::Admin, INVITE_MS)?;
            // Built by hand and not by `extend_with`'s own identity: the words are the newcomer.
            extend_with(&line, space, |replica| {
                let at = replica.server_now();
                let chain = &replica.space(space)?.chain;
                if chain.member(&paper.member()).is_some() {
                    return Ok(None);
                }
                let (statement, _) = membership::join(&paper, chain, &door.secret, at)?;
                Ok(Some((statement, Keyring::new())))
            })?;
            // The words get the space's keys by its turning, and must not depend on this phone's
            // living until its next sync.
            rotate_if_wanted(&line, space, &mut SyncReport::default())?;
        }
        let name = paper.member().to_string();
        {
            let replica = self.replica();
            let (before, retired) = replica
                .store
                .read(|r| Ok::<_, CoreError>((r.setting(RECOVERY)?, r.setting(RETIRED)?)))?;
            let retired = [text(retired), text(before)].into_iter().flatten();
            let retired = retired.collect::<Vec<_>>().join(" ");
            replica.store.write(|w| {
                w.set_setting(RETIRED, retired.as_bytes())?;
                w.set_setting(RECOVERY, name.as_bytes())
            })?;
        }
        // The new words are good from here on, and must be shown: should this break off, the next
        // sync goes on with it.
        let _ = self.retire_words();
        Ok(code)
    }

    /// Removes recovery words that were replaced.
    pub(super) fn retire_words(&self) -> Result<()> {
        let retired = text(self.replica().store.read(|r| r.setting(RETIRED))?);
        let Some(retired) = retired else {
            return Ok(());
        };
        for member in retired.split(' ').filter_map(|id| id.parse().ok()) {
            match self.remove_device(member) {
                Ok(()) | Err(CoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let replica = self.replica();
        Ok(replica.store.write(|w| w.remove_setting(RETIRED))?)
    }

    fn one_at_a_time(&self) -> std::sync::MutexGuard<'_, ()> {
        self.syncing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Comes back on a new phone with the recovery words. What was never synced is not there.
    pub fn recover(&self, server: &str, words: &str) -> Result<Pairing> {
        let code = RecoveryCode::parse(words)?;
        let paper = code.identity()?;
        let one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, server)?;
        let heads = line.heads(Signer::Key(paper.signing_key()))?;
        let mut found = Vec::new();
        for head in heads.spaces {
            let by_words = Signer::Key(paper.signing_key());
            let statements = statements_from(&line, by_words, head.space, 0)?;
            let chain = Chain::from_statements(&statements)?;
            // The join of the words' own key is signed by it: a made-up space can't contain it.
            if chain.space() == head.space && chain.present(&paper.member()).is_some() {
                found.push((chain, statements));
            }
        }
        let [first, second] = <[_; 2]>::try_from(found)
            .map_err(|_| CoreError::NotFound("record that these words open"))?;
        // The founder of the private space, a phone, is as a rule in the care space too; never the
        // other way round.
        let founder_in = |a: &Chain, b: &Chain| {
            a.member_by_index(0)
                .is_some_and(|founder| b.member(&founder.id).is_some())
        };
        let clinics = (
            founded_by_clinic(&line, &paper, &first)?,
            founded_by_clinic(&line, &paper, &second)?,
        );
        let phones = (
            founder_in(&first.0, &second.0),
            founder_in(&second.0, &first.0),
        );
        let (care, private) = match (clinics, phones) {
            ((true, false), _) | ((false, false), (false, true)) => (first, second),
            ((false, true), _) | ((false, false), (true, false)) => (second, first),
            // Never guessed: the clinic reads one of the two.
            _ => return Err(CoreError::NotFound("record that these words open")),
        };
        let (care_space, private_space) = (care.0.space(), private.0.space());
        let joined = (self.replica().space_for(Purpose::Care))
            .filter(|state| state.row.joined)
            .map(|state| state.row.space);
        if joined.is_some_and(|joined| joined != care_space) {
            let clinic = text(self.replica().store.read(|r| r.setting(CLINIC))?);
            return Err(CoreError::AlreadyPaired(
                clinic.unwrap_or_else(|| "a clinic".to_owned()),
            ));
        }
        enter_with_words(&line, &paper, Purpose::Care, care)?;
        enter_with_words(&line, &paper, Purpose::Private, private)?;
        merge_private(&mut self.replica(), private_space)?;
        let replica = self.replica();
        let name = paper.member().to_string();
        replica.store.write(|w| {
            w.set_setting(SERVER, server.as_bytes())?;
            w.set_setting(RECOVERY, name.as_bytes())
        })?;
        drop(replica);
        drop(one_at_a_time);
        self.sync()?;
        let clinic = self
            .status()?
            .clinic
            .unwrap_or_else(|| "your clinic".to_owned());
        Ok(Pairing {
            clinic,
            compare_words: own_words(&self.replica(), care_space)?,
        })
    }

    /// The clinic's name as it says it itself, for a phone that came back by words.
    pub(super) fn learn_clinic_name(&self, replica: &mut Replica) -> Result<()> {
        let Some(care) = replica.space_for(Purpose::Care) else {
            return Ok(());
        };
        let filter = ItemFilter {
            spaces: vec![care.row.space],
            kind: Some(Kind::CLINIC_PROFILE),
            ..ItemFilter::default()
        };
        let founder = care.chain.member_by_index(0).map(|member| member.id);
        let (said, known) = replica
            .store
            .read(|r| Ok::<_, CoreError>((r.items(&filter)?, r.setting(CLINIC)?)))?;
        let said = said.iter().find(|item| Some(item.author) == founder);
        // Written only when it is news: each write waits for the disk.
        if let Some(profile) =
            said.and_then(|item| super::journal::read::<ClinicProfile>(item).ok())
            && known.as_deref() != Some(profile.name.as_bytes())
        {
            replica
                .store
                .write(|w| w.set_setting(CLINIC, profile.name.as_bytes()))?;
        }
        Ok(())
    }
}

/// Whether a space is a clinic's, and so the shared one: its founder says there who it is, before
/// anything else. Who is a member does not tell: after a change of clinics neither founder need ever
/// have been in the other space.
fn founded_by_clinic(
    line: &Line<'_>,
    paper: &Identity,
    (chain, statements): &(Chain, Vec<Statement>),
) -> Result<bool> {
    let mut keys = Keyring::new();
    membership::learn_keys(paper, chain, statements, &mut keys);
    let signer = Signer::Key(paper.signing_key());
    let page = line.pull_as(signer, chain.space(), LogNumber(0), FIRST_CHANGES)?;
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
        kind == Some(Kind::CLINIC_PROFILE)
    }))
}

/// The words that the other side shows for this phone.
fn own_words(replica: &Replica, space: SpaceId) -> Result<Vec<String>> {
    let chain = &replica.space(space)?.chain;
    let member = chain
        .member(&replica.me.member())
        .ok_or(CoreError::NotFound("membership"))?;
    Ok(compare_words(space, member.joined_by))
}

/// Lets this phone into a space by the recovery words, which are an admin of it. Trying again after
/// an interruption goes on where it stopped.
fn enter_with_words(
    line: &Line<'_>,
    paper: &Identity,
    purpose: Purpose,
    (mut chain, mut statements): (Chain, Vec<Statement>),
) -> Result<()> {
    let space = chain.space();
    if let Some(known) = line.replica().spaces.get(&space) {
        return if known.is(purpose) {
            Ok(())
        } else {
            Err(CoreError::NotFound("record that these words open"))
        };
    }
    let mut keys = Keyring::new();
    membership::learn_keys(paper, &chain, &statements, &mut keys);
    if chain.present(&line.replica().me.member()).is_none() {
        let key = keys.get(&chain.epoch()).ok_or(SpaceError::NoKey)?;
        let (at, (invite, secret)) = {
            let replica = line.replica();
            let at = replica.server_now();
            let until = u64::try_from(at.unix_ms)
                .unwrap_or(0)
                .saturating_add(INVITE_MS);
            let rng = &*replica.ports.rng;
            (
                at,
                membership::invite(paper, &chain, key, Role::Admin, at, until, rng)?,
            )
        };
        line.extend_as(Signer::Key(paper.signing_key()), space, invite.bytes())?;
        chain.extend(&invite)?;
        let (join, _) = membership::join(&line.replica().me, &chain, &secret, at)?;
        line.extend(space, join.bytes())?;
        statements.extend([invite, join]);
    }
    line.replica()
        .adopt_space(purpose, None, true, statements, keys)
        .map(drop)
}

fn door(link: &PairingLink, purpose: Purpose) -> Result<&Door> {
    link.doors
        .iter()
        .find(|door| door.purpose == purpose.as_str())
        .ok_or(CoreError::Space(SpaceError::BadLink))
}

/// A link leads into a private space only when this phone becomes the second one of its owner. For
/// a phone that is paired already such a link is no honest one: it would take what is private
/// elsewhere. Trying again what broke off is.
fn begin_joining(replica: &mut Replica, care: &Door, private: Option<&Door>) -> Result<()> {
    let Some(private) = private.filter(|door| !replica.spaces.contains_key(&door.space)) else {
        return Ok(());
    };
    let name = private.space.to_string();
    let before = text(replica.store.read(|r| r.setting(JOINING))?);
    let paired = replica.spaces.contains_key(&care.space);
    if private.space == care.space || (paired && before.as_deref() != Some(name.as_str())) {
        return Err(SpaceError::BadLink.into());
    }
    Ok(replica
        .store
        .write(|w| w.set_setting(JOINING, name.as_bytes()))?)
}

fn remember(replica: &mut Replica, link: &PairingLink) -> Result<()> {
    replica.store.write(|w| {
        w.remove_setting(JOINING)?;
        w.set_setting(SERVER, link.server.as_bytes())?;
        w.set_setting(CLINIC, link.clinic.as_bytes())?;
        if !link.grant.is_empty() {
            w.set_setting(crate::sync::GRANT, &link.grant)?;
        }
        Ok::<_, CoreError>(())
    })
}

/// Opens a door into a space for whoever gets the secret. Needs the server.
pub(crate) fn open_door(
    line: &Line<'_>,
    purpose: Purpose,
    space: SpaceId,
    role: Role,
    good_for_ms: u64,
) -> Result<Door> {
    // The secret is decided once, outside of the retries, or a lost answer would leave a door open
    // whose secret nobody has.
    let made = std::cell::RefCell::new(None);
    let statement = extend_with(line, space, |replica| {
        let state = replica.space(space)?;
        let key = state.key(state.chain.epoch())?;
        let at = replica.server_now();
        let until = u64::try_from(at.unix_ms)
            .unwrap_or(0)
            .saturating_add(good_for_ms);
        let rng = &*replica.ports.rng;
        let (statement, secret) =
            membership::invite(&replica.me, &state.chain, key, role, at, until, rng)?;
        made.replace(Some(secret));
        Ok(Some((statement, Keyring::new())))
    })?;
    match (statement, made.into_inner()) {
        (Some(statement), Some(secret)) => Ok(Door {
            purpose: purpose.as_str().to_owned(),
            space,
            secret,
            head: statement.hash(),
        }),
        _ => Err(CoreError::NotNow(
            "the invitation could not be made; try again",
        )),
    }
}

/// On a second phone: what was written here before pairing moves into the shared private space, and
/// the space that only this phone knew is forgotten.
fn merge_private(replica: &mut Replica, adopted: SpaceId) -> Result<()> {
    let others: Vec<SpaceId> = replica
        .spaces
        .values()
        .filter(|state| state.is(Purpose::Private) && state.row.space != adopted)
        .map(|state| state.row.space)
        .collect();
    for old in others {
        let filter = ItemFilter {
            spaces: vec![old],
            ..ItemFilter::default()
        };
        let items = replica.store.read(|r| r.items(&filter))?;
        let mut edits = Vec::new();
        for item in items {
            edits.push(Edit {
                space: adopted,
                kind: item.kind.clone(),
                document: crate::domain::DocumentId::random(&*replica.ports.rng),
                seen: None,
                content: serde_json::from_str(&item.projection).unwrap_or_default(),
            });
        }
        replica.commit_and(edits, |w| Ok(w.forget_space(old)?))?;
        replica.spaces.remove(&old);
    }
    Ok(())
}
