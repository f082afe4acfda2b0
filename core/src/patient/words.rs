//! Making recovery words, and ending those that they replace: which ones stand is decided alike on every
//! phone, by what the phones said in the care space and by who joined it last.

use companion_protocol::api::ErrorCode;
use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Patient;
use super::pairing::INVITE_MS;
use super::view::{EarlierWords, RecoverySheet, WordsStatus, WordsView};
use crate::domain::{Device, DeviceSort, DocumentId, Moment, Purpose};
use crate::error::{CoreError, NotNow, Result};
use crate::members::{Devices, UNNAMED};
use crate::ports::Cancel;
use crate::records::Edit;
use crate::report::SyncReport;
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::keys::Keyring;
use crate::space::membership;
use crate::space::recovery::RecoveryCode;
use crate::sync::{
    ServerConnection, create_invite, ensure_on_server, extend_with, remove_member, rotate_if_due,
};

/// Setting that names words that are being made. Whatever breaks off before they could be shown leaves it,
/// and then nobody has them: the next exchange takes them out again, and those before them stand.
const MAKING: &str = "making_recovery_words";
/// How often an invite for the words is made again because another member closed it.
const TRIES: usize = 4;

impl Patient {
    /// Makes recovery words and replaces those made before, on whichever phone. They are shown once and
    /// kept nowhere: whoever has them can read and join the patient's spaces. When this fails, none were
    /// made and those before are as they were.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`NotNow::WordsMadeElsewhere`], and whatever an exchange with the server
    /// gives.
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
    pub fn make_recovery_code(&self) -> Result<RecoverySheet> {
        let address = self.server()?;
        let replica = &*self.replica;
        let pass = replica.gate.enter(&Cancel::new())?;
        let server = ServerConnection::open(replica, &address, &pass.cancel)?;
        // Words that another phone made are known only once what it said is here.
        self.exchange(&server)?;
        self.drop_unfinished(&server)?;
        let [care, private] = self.own_spaces()?;
        let code = RecoveryCode::generate(&*replica.ports.rng)?;
        let paper = code.identity()?;
        replica
            .store
            .write(|w| w.set_setting(MAKING, paper.member().to_string().as_bytes()))?;
        for space in [care, private] {
            ensure_on_server(&server, space)?;
        }
        for space in [care, private] {
            join_words(&server, space, &paper)?;
        }
        self.announce(&server, care, paper.member())?;
        replica.store.write(|w| w.remove_setting(MAKING))?;

        // They are good from here on and must be shown, unless others were made meanwhile: should ending
        // the earlier ones break off, the next exchange goes on with it.
        let outcome = self.retire_words(&server);
        let devices = Devices::read(&self.replica, care)?;
        let (in_care, in_private) = (replica.space(care)?, replica.space(private)?);
        let standing = devices
            .standing_words(&in_care.chain, &in_private.chain)
            .filter(|words| words.member == paper.member())
            .ok_or(NotNow::WordsMadeElsewhere)?;
        let replaced: Vec<_> = devices.replaced_words(&in_care.chain, standing).collect();
        let is_open = |words: &&Device| opens(&in_care.chain, &in_private.chain, &words.member);
        let earlier = if outcome.is_err() || replaced.iter().any(is_open) {
            EarlierWords::NotYet
        } else if replaced.is_empty() {
            EarlierWords::None
        } else {
            EarlierWords::Retired
        };
        Ok(RecoverySheet {
            code,
            server: address,
            earlier,
        })
    }

    /// Tells the patient's other phones of words that have joined both spaces, before they are shown: only
    /// so can another phone ever end them.
    fn announce(
        &self,
        server: &ServerConnection<'_>,
        care: SpaceId,
        words: MemberId,
    ) -> Result<()> {
        let replica = &*self.replica;
        let said = Device {
            member: words,
            name: "Recovery words".to_owned(),
            sort: DeviceSort::RecoveryWords,
            made_on: replica.me.member(),
            at: replica.now(),
        };
        let document = DocumentId::random(&*replica.ports.rng);
        replica.commit(&[Edit::new(care, document, &said)?])?;
        let report = self.exchange(server)?;
        let waits = replica.store.read(|r| r.outbox_of_document(document))?;
        if waits.is_empty() {
            return Ok(());
        }
        let problem = report.problems.into_iter().next();
        Err(problem.map_or(NotNow::Contended.into(), |problem| {
            CoreError::BadAnswer(problem.message)
        }))
    }

    /// Takes out words that were replaced, from both spaces, whoever made them. For whoever is inside the
    /// gate, after an exchange.
    pub(super) fn retire_words(&self, server: &ServerConnection<'_>) -> Result<()> {
        self.drop_unfinished(server)?;
        let Ok([care, private]) = self.own_spaces() else {
            return Ok(());
        };
        let devices = Devices::read(&self.replica, care)?;
        let (in_care, in_private) = (self.replica.space(care)?, self.replica.space(private)?);
        let Some(standing) = devices.standing_words(&in_care.chain, &in_private.chain) else {
            return Ok(());
        };
        let replaced = devices.replaced_words(&in_care.chain, standing);
        let open: Vec<MemberId> = replaced
            .map(|words| words.member)
            .filter(|member| opens(&in_care.chain, &in_private.chain, member))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        // What writes is a device, whatever somebody calls it.
        let heard = self.replica.store.read(|r| r.last_heard(care))?;
        for member in open {
            if member == self.replica.me.member() || heard.contains_key(&member) {
                continue;
            }
            for state in [&in_care, &in_private] {
                if state.chain.present(&member).is_some() {
                    remove_member(server, state.row.space, member)?;
                }
            }
        }
        Ok(())
    }

    /// Takes out words whose making broke off: they were never shown.
    fn drop_unfinished(&self, server: &ServerConnection<'_>) -> Result<()> {
        let replica = &*self.replica;
        let Some(name) = replica.text_setting(MAKING)? else {
            return Ok(());
        };
        if let Ok(member) = name.parse::<MemberId>() {
            for purpose in [Purpose::Care, Purpose::Private] {
                if let Some(row) = replica.row_for(purpose)
                    && row.joined
                    && replica.space(row.space)?.chain.present(&member).is_some()
                {
                    remove_member(server, row.space, member)?;
                }
            }
        }
        Ok(replica.store.write(|w| w.remove_setting(MAKING))?)
    }

    /// Which recovery words stand, as far as this phone knows.
    pub(super) fn words_status(&self) -> Result<WordsStatus> {
        let Ok([care, private]) = self.own_spaces() else {
            return Ok(WordsStatus::default());
        };
        let devices = Devices::read(&self.replica, care)?;
        let care = self.replica.space(care)?;
        let private = self.replica.space(private)?;
        let me = self.replica.me.member();
        let view = |words: &Device| WordsView {
            made_at: words.at,
            made_on: devices
                .of(&words.made_on)
                .map_or_else(|| UNNAMED.to_owned(), |maker| maker.name.clone()),
            made_here: words.made_on == me,
            maker_removed: care
                .chain
                .member(&words.made_on)
                .is_some_and(|maker| maker.removed.is_some()),
            open: opens(&care.chain, &private.chain, &words.member),
        };
        let standing = devices.standing_words(&care.chain, &private.chain);
        let last_here = devices
            .words()
            .filter(|words| words.made_on == me)
            .max_by_key(|words| care.chain.member(&words.member).map(|member| member.index));
        Ok(WordsStatus {
            standing: standing.map(view),
            replaced_here: last_here
                .filter(|words| Some(words.member) != standing.map(|words| words.member))
                .map(view),
        })
    }
}

/// Whether words open anything at all.
fn opens(care: &Chain, private: &Chain, words: &MemberId) -> bool {
    care.present(words).is_some() || private.present(words).is_some()
}

/// Lets the words into a space, which gives them its keys at once: they must not depend on this phone's
/// living until its next sync.
fn join_words(server: &ServerConnection<'_>, space: SpaceId, paper: &Identity) -> Result<()> {
    for _ in 0..TRIES {
        let invite = create_invite(server, space, Role::Admin, INVITE_MS)?;
        let joined = extend_with(server, space, |replica| {
            let at: Moment = replica.server_now();
            let chain = &replica.space(space)?.chain;
            if chain.member(&paper.member()).is_some() {
                return Ok(None);
            }
            // The words are the newcomer, and not this phone.
            let (statement, _) = membership::join(paper, chain, &invite.secret, at)?;
            Ok(Some((statement, Keyring::new())))
        });
        match joined {
            // Another member rotated the key meanwhile, which closed the invite.
            Err(CoreError::Space(SpaceError::Chain(ChainError::InviteUnusable))) => {}
            Err(error) if error.code() == Some(ErrorCode::InviteUnusable) => {}
            joined => {
                joined?;
                return rotate_if_due(server, space, &mut SyncReport::default());
            }
        }
    }
    Err(NotNow::Contended.into())
}
