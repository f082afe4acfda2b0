//! Making recovery words, and ending those that they replace. The chain says which members are words, so
//! everybody sees the same; and it lets only the first device, or words themselves, make them or end them.

use companion_protocol::chain::{Chain, Member};
use companion_protocol::id::MemberId;
use companion_protocol::statement::Role;

use super::Patient;
use super::view::{EarlierWords, RecoverySheet, WordsStatus, WordsView};
use crate::domain::Purpose;
use crate::error::{CoreError, NotNow, Result};
use crate::members::Devices;
use crate::ports::Cancel;
use crate::replica::SpaceState;
use crate::space::SpaceError;
use crate::space::recovery::RecoveryCode;
use crate::space::rotation::{Change, enrol};
use crate::sync::{ServerConnection, decide, ensure_on_server, remove_member};

/// Setting that names words that are being made, by who they are in both spaces. Whatever breaks off before
/// they could be shown leaves it, and then nobody has them: the next exchange takes them out again, and
/// those before them stand.
const MAKING: &str = "making_recovery_words";

impl Patient {
    /// Makes recovery words and replaces those made before, on whichever phone. They are shown once and
    /// kept nowhere: whoever has them can read and join the patient's spaces. When this fails, none were
    /// made and those before are as they were.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`NotNow::NotLetIn`], [`NotNow::NotFirstDevice`], and whatever an exchange
    /// with the server gives.
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
        self.exchange(&server)?;
        self.drop_unfinished(&server)?;
        let [care, private] = self.joined_spaces()?;
        for space in [care, private] {
            ensure_on_server(&server, space)?;
            must_be_first(&replica.space(space)?)?;
        }
        let code = RecoveryCode::generate(&*replica.ports.rng)?;
        let in_care = code.identity(Purpose::Care)?;
        let in_private = code.identity(Purpose::Private)?;
        let both = [in_care.member(), in_private.member()];
        let both = both.map(|member| *member.as_bytes()).concat();
        replica.store.write(|w| w.set_setting(MAKING, &both))?;
        for (space, paper) in [(care, &in_care), (private, &in_private)] {
            decide(&server, space, |state| {
                Ok(Some(Change {
                    enrol: vec![enrol(paper, &state.chain, Role::Words)],
                    ..Change::default()
                }))
            })
            .map_err(not_first)?;
        }
        replica.store.write(|w| w.remove_setting(MAKING))?;

        // They are good from here on and must be shown: should ending the earlier ones break off, the next
        // exchange goes on with it.
        let had_some = earlier_words(&replica.space(care)?.chain).next().is_some();
        let outcome = self.retire_words(&server);
        let is_left = [care, private].into_iter().any(|space| {
            let state = replica.space(space);
            state.is_ok_and(|state| earlier_words(&state.chain).next().is_some())
        });
        let earlier = match (had_some, outcome.is_err() || is_left) {
            (_, true) => EarlierWords::NotYet,
            (true, false) => EarlierWords::Retired,
            (false, false) => EarlierWords::None,
        };
        Ok(RecoverySheet {
            code,
            server: address,
            earlier,
        })
    }

    /// Takes out words that were replaced, from both spaces, whoever made them. For whoever is inside the
    /// gate, after an exchange; another phone than the first leaves it to that.
    pub(super) fn retire_words(&self, server: &ServerConnection<'_>) -> Result<()> {
        self.drop_unfinished(server)?;
        let Ok(spaces) = self.joined_spaces() else {
            return Ok(());
        };
        for space in spaces {
            let state = self.replica.space(space)?;
            if must_be_first(&state).is_err() {
                continue;
            }
            let earlier: Vec<MemberId> =
                earlier_words(&state.chain).map(|words| words.id).collect();
            for words in earlier {
                remove_member(server, space, words)?;
            }
        }
        Ok(())
    }

    /// Takes out words whose making broke off: they were never shown.
    fn drop_unfinished(&self, server: &ServerConnection<'_>) -> Result<()> {
        let replica = &*self.replica;
        let Some(both) = replica.store.read(|r| r.setting(MAKING))? else {
            return Ok(());
        };
        let members = both.as_chunks::<32>().0.iter();
        for (purpose, member) in [Purpose::Care, Purpose::Private].into_iter().zip(members) {
            let member = MemberId::new(*member);
            if let Some(row) = replica.row_for(purpose)
                && row.is_member()
                && replica.space(row.space)?.chain.present(&member).is_some()
            {
                remove_member(server, row.space, member)?;
            }
        }
        Ok(replica.store.write(|w| w.remove_setting(MAKING))?)
    }

    /// Which recovery words stand, as far as this phone knows.
    pub(super) fn words_status(&self) -> Result<WordsStatus> {
        let Ok([care, private]) = self.joined_spaces() else {
            return Ok(WordsStatus::default());
        };
        let devices = Devices::read(&self.replica, care)?;
        let unfinished = self.replica.store.read(|r| r.setting(MAKING))?;
        let care = self.replica.space(care)?;
        let private = self.replica.space(private)?;
        let me = care.my_id();
        let is_shown = |words: &&Member| {
            let id = words.id.as_bytes();
            unfinished.as_ref().is_none_or(|both| !both.starts_with(id))
        };
        let view = |words: &Member| {
            let maker = care.chain.member(&words.admitted_by);
            WordsView {
                made_at: self.replica.shown(words.joined_at_ms),
                made_on: maker.map(|maker| devices.name(maker)).unwrap_or_default(),
                made_here: words.admitted_by == me,
                maker_removed: maker.is_some_and(|maker| maker.removed.is_some()),
                open: words.removed.is_none(),
            }
        };
        // They bring a phone back only where both spaces know them.
        let has_both = present_words(&private.chain).next().is_some();
        let standing = present_words(&care.chain)
            .filter(is_shown)
            .max_by_key(|words| words.index)
            .filter(|_| has_both);
        let all = care.chain.members().filter(|m| m.role == Role::Words);
        let last_here = all
            .filter(|words| words.admitted_by == me)
            .filter(is_shown)
            .max_by_key(|words| words.index);
        Ok(WordsStatus {
            standing: standing.map(view),
            replaced_here: last_here
                .filter(|words| Some(words.id) != standing.map(|words| words.id))
                .map(view),
        })
    }
}

fn present_words(chain: &Chain) -> impl Iterator<Item = &Member> {
    chain.present_members().filter(|m| m.role == Role::Words)
}

/// Words that newer ones replaced, and that are still in.
fn earlier_words(chain: &Chain) -> impl Iterator<Item = &Member> {
    let newest = present_words(chain).map(|words| words.index).max();
    present_words(chain).filter(move |words| Some(words.index) != newest)
}

fn must_be_first(state: &SpaceState) -> Result<()> {
    let first = state.chain.senior_device().map(|member| member.id);
    if first == Some(state.my_id()) {
        Ok(())
    } else {
        Err(NotNow::NotFirstDevice.into())
    }
}

fn not_first(error: CoreError) -> CoreError {
    match error {
        CoreError::Space(SpaceError::Chain(_)) => NotNow::NotFirstDevice.into(),
        error => error,
    }
}
