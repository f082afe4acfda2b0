//! Acting with the recovery words: coming back on a new phone, and removing a phone that was there before
//! this one.

use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Patient;
use super::pairing::move_into;
use super::view::{CompareWith, Pairing};
use crate::domain::Purpose;
use crate::error::{CoreError, NotNow, Result};
use crate::records::record_id;
use crate::settings::{CLINIC, SERVER};
use crate::space::identity::{Handle, Identity};
use crate::space::keys::Keyring;
use crate::space::recovery::RecoveryCode;
use crate::space::rotation::{self, Change, enrol, learn_keys};
use crate::store::SpaceRow;
use crate::sync::{ReadChain, ServerConnection, Signer, removal, whole_chain};

/// How often to decide again when somebody else extended the chain first.
const TRIES: usize = 6;

/// Who the words are in one space, with a connection of their own there.
struct Paper {
    identity: Identity,
    handle: Handle,
    purpose: Purpose,
}

impl Paper {
    fn new(code: &RecoveryCode, purpose: Purpose, patient: &Patient) -> Result<Self> {
        Ok(Self {
            identity: code.identity(purpose)?,
            handle: patient.replica.new_handle(),
            purpose,
        })
    }

    fn signer(&self) -> Signer<'_> {
        Signer::member(&self.identity, &self.handle)
    }

    fn member(&self) -> MemberId {
        self.identity.member()
    }

    /// The space that the words are a member of. Their own key signed that they came there, so nobody can
    /// pass off another.
    fn find(&self, server: &ServerConnection<'_>) -> Result<Option<ReadChain>> {
        for head in server.heads(self.signer())?.spaces {
            let read = whole_chain(server, self.signer(), head.space)?;
            if read.chain.present(&self.member()).is_some() {
                return Ok(Some(read));
            }
        }
        Ok(None)
    }

    /// Rotates a space's key in the words' name, and decides with it who is in. Gives the chain with it.
    fn decide(
        &self,
        server: &ServerConnection<'_>,
        mut read: ReadChain,
        wanted: impl Fn(&ReadChain) -> Result<Option<Change>>,
    ) -> Result<ReadChain> {
        let space = read.chain.space();
        for _ in 0..TRIES {
            let Some(change) = wanted(&read)? else {
                return Ok(read);
            };
            let mut keys = Keyring::new();
            learn_keys(&self.identity, &read.chain, &read.statements, &mut keys);
            let again = rotation::not_passed_on(&read.chain, &read.statements, &keys);
            let (statement, _) = rotation::rotate(
                &self.identity,
                &read.chain,
                &keys,
                &again,
                change,
                server.replica.statement_time(self.purpose),
                &*server.replica.ports.rng,
            )?;
            let mut next = read.chain.clone();
            next.extend(&statement)?;
            match server.extend_as(self.signer(), space, statement.bytes()) {
                Ok(()) => {
                    read.chain = next;
                    read.statements.push(statement);
                    return Ok(read);
                }
                Err(error)
                    if error.code() == Some(companion_protocol::api::ErrorCode::ChainConflict) =>
                {
                    read = whole_chain(server, self.signer(), space)?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(NotNow::Contended.into())
    }
}

impl Patient {
    /// Comes back on a new phone with the recovery words. What was never synced is not there. Other phones
    /// of the patient stay in: [`Patient::remove_device_with_words`] removes a lost one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Space`] for words that are none; [`NotNow::WordsOpenNothing`] when they were replaced
    /// or are of another server; [`NotNow::WordsOpenHalf`] when one of the two spaces is not there;
    /// [`NotNow::AnotherRecordHere`] where this phone holds an import of another record;
    /// [`CoreError::AlreadyPaired`]; and whatever an exchange with the server gives.
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
        let replica = &*self.replica;
        let in_care = Paper::new(&code, Purpose::Care, self)?;
        let in_private = Paper::new(&code, Purpose::Private, self)?;
        let pass = replica.gate.enter(&self.wish)?;
        let connection = ServerConnection::open(replica, server, &pass.cancel)?;
        let (care, private) = match (in_care.find(&connection)?, in_private.find(&connection)?) {
            (Some(care), Some(private)) => (care, private),
            (None, None) => return Err(NotNow::WordsOpenNothing.into()),
            _ => return Err(NotNow::WordsOpenHalf.into()),
        };
        let (care_space, private_space) = (care.chain.space(), private.chain.space());
        let paired = replica.row_for(Purpose::Care).filter(|row| row.is_member());
        if paired.is_some_and(|row| row.space != care_space) {
            let clinic = replica.text_setting(CLINIC)?;
            let clinic = clinic.unwrap_or_else(|| "a clinic".to_owned());
            return Err(CoreError::AlreadyPaired { clinic });
        }
        let mut keys = Keyring::new();
        let paper = &in_private.identity;
        learn_keys(paper, &private.chain, &private.statements, &mut keys);
        replica.must_be_one_with([care_space, private_space], &[record_id(&keys)?])?;
        // The private space first: a phone that is in the care space is whole.
        self.come_back(&connection, &in_private, Purpose::Private, private)?;
        self.come_back(&connection, &in_care, Purpose::Care, care)?;
        replica
            .store
            .write(|w| w.set_setting(SERVER, server.as_bytes()))?;
        replica.keep_own_name(private_space)?;
        move_into(replica, Purpose::Private, private_space)?;
        move_into(replica, Purpose::Care, care_space)?;
        drop(pass);
        self.sync()?;
        let clinic = replica.text_setting(CLINIC)?;
        Ok(Pairing {
            clinic: clinic.unwrap_or_else(|| "your clinic".to_owned()),
            compare_with: CompareWith::Nobody,
        })
    }

    /// Lets this phone into a space in the words' name. Trying again after an interruption goes on where it
    /// stopped.
    fn come_back(
        &self,
        server: &ServerConnection<'_>,
        paper: &Paper,
        purpose: Purpose,
        read: ReadChain,
    ) -> Result<()> {
        let (replica, space) = (&*self.replica, read.chain.space());
        let known = replica.row(space).ok();
        if known.as_ref().is_some_and(|row| row.is_member()) {
            return Ok(());
        }
        // Who it is to be is kept before anything is sent, so that a lost answer makes no second member.
        let name = format!("coming_back:{space}");
        let handle = replica.kept_handle(&name)?;
        replica
            .store
            .write(|w| w.set_setting(&name, handle.as_bytes()))?;
        let me = replica.identity(&handle);
        let read = paper.decide(server, read, |read| {
            if read.chain.member(&me.member()).is_some() {
                return Ok(None);
            }
            Ok(Some(Change {
                enrol: vec![enrol(&me, &read.chain, Role::Device)],
                ..Change::default()
            }))
        })?;
        let mut row = SpaceRow::new(space, purpose, handle);
        row.on_server = true;
        replica.adopt_space(row, read.statements, Keyring::new())?;
        Ok(replica.store.write(|w| w.remove_setting(&name))?)
    }

    /// Removes a lost device that was there before this one, in the name of the recovery words. Needs the
    /// server.
    ///
    /// # Errors
    ///
    /// As [`Patient::remove_device`], and [`NotNow::WordsOpenNothing`] when the words are not those of this
    /// record.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let lost = phone.status()?.member;
    /// let too_few = phone.remove_device_with_words(lost, "abandon ability");
    /// assert!(matches!(too_few, Err(CoreError::Space(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_device_with_words(&self, member: MemberId, words: &str) -> Result<()> {
        let code = RecoveryCode::parse(words)?;
        let everywhere = self.everywhere(member)?;
        // What it wrote so far is read first: the removal says what counts of it.
        self.sync()?;
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &self.server()?, &pass.cancel)?;
        for (space, member) in everywhere {
            let purpose = self.replica.row(space)?.purpose;
            let paper = Paper::new(&code, purpose, self)?;
            self.remove_as(&server, &paper, space, member)?;
        }
        drop(pass);
        self.sync().map(drop)
    }

    fn remove_as(
        &self,
        server: &ServerConnection<'_>,
        paper: &Paper,
        space: SpaceId,
        member: MemberId,
    ) -> Result<()> {
        let read = whole_chain(server, paper.signer(), space);
        let read = read.map_err(|error| match error.code() {
            Some(companion_protocol::api::ErrorCode::Forbidden) => NotNow::WordsOpenNothing.into(),
            _ => error,
        })?;
        paper
            .decide(server, read, |read| {
                if read.chain.present(&member).is_none() {
                    return Ok(None);
                }
                Ok(Some(Change {
                    remove: vec![removal(&self.replica, space, member)?],
                    ..Change::default()
                }))
            })
            .map(drop)
    }
}
