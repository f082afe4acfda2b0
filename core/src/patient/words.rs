//! Making recovery words, and ending those that they replace. The chain says which members are words, so
//! everybody sees the same; and it lets only the first device, or words themselves, make them or end them.
//!
//! Words that nobody wrote down must not end those on somebody's paper. So new ones are made beside the earlier
//! ones, and these end only when a person gave one of the new words back.

use std::collections::BTreeSet;

use companion_protocol::chain::Member;
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::Role;
use serde::{Deserialize, Serialize};

use super::Patient;
use super::in_step::BothSpaces;
use super::view::{EarlierWords, RecoverySheet, ToConfirm, WordsStatus, WordsView};
use crate::domain::Purpose;
use crate::error::{CoreError, NotNow, Result};
use crate::members::Devices;
use crate::ports::random;
use crate::replica::SpaceState;
use crate::settings::{note, noted};
use crate::space::SpaceError;
use crate::space::recovery::RecoveryCode;
use crate::space::rotation::{Change, enrol};
use crate::space::same_member::Pair;
use crate::sync::{ServerConnection, decide, ensure_on_server, remove_member};

/// Setting that holds the [`Made`] words of this phone.
const MADE: &str = "recovery_words_made";

/// Words that this phone made, until those before them are ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Made {
    /// Who they are in the care space, and in the private one.
    care: MemberId,
    private: MemberId,
    stage: Stage,
    /// Which word is asked back, counted from 1, and that word.
    place: usize,
    word: String,
    /// Who those are in the care space that were shown here before, and that nobody wrote down either.
    unwritten: Vec<MemberId>,
    /// What stood here before, until these are shown: it stands again if making these breaks off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Box<Made>>,
}

impl Made {
    /// Who they all are in the care space that nobody wrote down.
    fn not_written(&self) -> impl Iterator<Item = MemberId> {
        let new = (self.stage != Stage::Written).then_some(self.care);
        new.into_iter().chain(self.unwritten.iter().copied())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// Not in both spaces yet. What breaks off here was never shown: the next exchange takes it out again.
    Making,
    /// Shown, and nobody said that they are on paper.
    Shown,
    /// On paper: those before them are ended, now or by the next exchange.
    Written,
}

impl Patient {
    /// Makes recovery words, which are shown once and kept nowhere: whoever has them can read and join the
    /// patient's spaces. Those made before, on whichever phone, stay good until
    /// [`Patient::confirm_recovery_code`]. When this fails, none were made.
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
        let pass = replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(replica, &address, &pass.cancel)?;
        self.exchange(&server)?;
        self.settle_words(&server)?;
        let [care, private] = self.joined_spaces()?;
        for space in [care, private] {
            ensure_on_server(&server, space)?;
            must_be_first(&replica.space(space)?)?;
        }
        let replaces = present_words(&replica.space(care)?).next().is_some();
        let code = RecoveryCode::generate(&*replica.ports.rng)?;
        let in_care = code.identity(Purpose::Care)?;
        let in_private = code.identity(Purpose::Private)?;
        let pair = Pair {
            care: (care, in_care.member()),
            private: (private, in_private.member()),
        };
        let [chosen] = random::<1>(&*replica.ports.rng);
        let words = code.words();
        let index = usize::from(chosen) % words.len().max(1);
        let earlier = self.made_words()?;
        let mut made = Made {
            unwritten: earlier.iter().flat_map(Made::not_written).collect(),
            before: earlier.map(Box::new),
            care: in_care.member(),
            private: in_private.member(),
            stage: Stage::Making,
            place: index.saturating_add(1),
            word: words
                .get(index)
                .map(|word| (*word).to_owned())
                .unwrap_or_default(),
        };
        self.note_words(&made)?;
        for (space, paper) in [(care, &in_care), (private, &in_private)] {
            decide(&server, space, |state| {
                Ok(Some(Change {
                    enrol: vec![enrol(paper, &state.chain, Role::Words)],
                    ..Change::default()
                }))
            })
            .map_err(not_first)?;
        }
        self.note_keys(&pair.said_by_both(&in_care, &in_private))?;
        made.stage = Stage::Shown;
        made.before = None;
        self.note_words(&made)?;
        // They are good and must be shown; what else there is to send goes with the next exchange.
        let _ = self.exchange(&server);
        Ok(RecoverySheet {
            code,
            server: address,
            asks_for: made.place,
            replaces,
        })
    }

    /// A person wrote the words down, and gives back the one that the sheet asks for
    /// ([`RecoverySheet::asks_for`]). Earlier words end with it; without the server, by the next sync.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoWordsToConfirm`], and [`NotNow::AnotherWord`] where it is another word.
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let none = phone.confirm_recovery_code("abandon");
    /// assert!(matches!(none, Err(CoreError::NotNow(NotNow::NoWordsToConfirm))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn confirm_recovery_code(&self, word: &str) -> Result<EarlierWords> {
        let made = self.made_words()?;
        let mut made = made
            .filter(|made| made.stage == Stage::Shown)
            .ok_or(NotNow::NoWordsToConfirm)?;
        if !RecoveryCode::is_word(word, &made.word) {
            return Err(NotNow::AnotherWord { place: made.place }.into());
        }
        made.stage = Stage::Written;
        self.note_words(&made)?;
        let had_some = !self.other_words(&[made.care, made.private])?.is_empty();
        let outcome = self.sync();
        Ok(match (had_some, self.made_words()?.is_some()) {
            (_, true) => EarlierWords::NotYet,
            (true, false) if outcome.is_ok() => EarlierWords::Retired,
            (true, false) => EarlierWords::NotYet,
            (false, false) => EarlierWords::None,
        })
    }

    /// Ends all recovery words but those that stand ([`WordsStatus::standing`]): words of a sheet that may be in
    /// other hands, that nobody wrote down, or whose making broke off on another phone. Needs the server.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`NotNow::NotFirstDevice`], and whatever an exchange with the server gives.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// assert!(matches!(phone.end_other_words(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn end_other_words(&self) -> Result<()> {
        let address = self.server()?;
        let pass = self.replica.gate.enter(&self.wish)?;
        let server = ServerConnection::open(&self.replica, &address, &pass.cancel)?;
        self.exchange(&server)?;
        let made = self.made_words()?;
        let both = self.both_spaces()?;
        must_be_first(&both.care)?;
        must_be_first(&both.private)?;
        let standing = whole_words(&both, made.as_ref());
        let standing = standing.map(|(in_care, in_private)| [in_care.id, in_private]);
        self.end_words_but(&server, standing.as_ref().map_or(&[], |pair| &pair[..]))?;
        self.forget_words()
    }

    /// Goes on with words that this phone made, from where it broke off. Gives whether there was something to
    /// do. For whoever is inside the gate, after an exchange.
    pub(super) fn settle_words(&self, server: &ServerConnection<'_>) -> Result<bool> {
        let Some(made) = self.made_words()? else {
            return Ok(false);
        };
        let settled = match made.stage {
            Stage::Shown => return Ok(false),
            Stage::Making => self.take_out(server, &made),
            Stage::Written => self.end_words_but(server, &[made.care, made.private]),
        };
        match (settled, made.before) {
            (Ok(()), Some(before)) => self.note_words(&before)?,
            // Another device is the first by now, and has the say.
            (Ok(()) | Err(CoreError::NotNow(NotNow::NotFirstDevice)), _) => self.forget_words()?,
            (Err(error), _) => return Err(error),
        }
        Ok(true)
    }

    /// Takes out words that this phone made and nobody has.
    fn take_out(&self, server: &ServerConnection<'_>, made: &Made) -> Result<()> {
        let halves = [(Purpose::Care, made.care), (Purpose::Private, made.private)];
        for (purpose, words) in halves {
            if let Some(row) = self.replica.row_for(purpose)
                && row.is_member()
                && self
                    .replica
                    .space(row.space)?
                    .chain
                    .present(&words)
                    .is_some()
            {
                remove_member(server, row.space, words).map_err(not_first)?;
            }
        }
        Ok(())
    }

    /// Words in either space other than these.
    fn other_words(&self, keep: &[MemberId]) -> Result<Vec<(SpaceId, MemberId)>> {
        let mut others = Vec::new();
        for space in self.joined_spaces()? {
            let state = self.replica.space(space)?;
            let words = present_words(&state).filter(|words| !keep.contains(&words.id));
            others.extend(words.map(|words| (space, words.id)));
        }
        Ok(others)
    }

    fn end_words_but(&self, server: &ServerConnection<'_>, keep: &[MemberId]) -> Result<()> {
        for (space, words) in self.other_words(keep)? {
            must_be_first(&self.replica.space(space)?)?;
            remove_member(server, space, words).map_err(not_first)?;
        }
        Ok(())
    }

    fn made_words(&self) -> Result<Option<Made>> {
        self.replica.store.read(|r| noted(r, MADE))
    }

    fn note_words(&self, made: &Made) -> Result<()> {
        self.replica.store.write(|w| note(w, MADE, made))
    }

    fn forget_words(&self) -> Result<()> {
        Ok(self.replica.store.write(|w| w.remove_setting(MADE))?)
    }

    /// Which recovery words stand, as far as this phone knows.
    pub(super) fn words_status(&self) -> Result<WordsStatus> {
        let Ok(both) = self.both_spaces() else {
            return Ok(WordsStatus::default());
        };
        let made = self.made_words()?;
        let devices = Devices::read(&self.replica, both.care.row.space)?;
        let chain = &both.care.chain;
        let me = both.care.my_id();
        let view = |words: &Member| {
            let maker = chain.member(&words.admitted_by);
            WordsView {
                made_at: self.replica.shown(words.joined_at_ms),
                made_on: maker.map(|maker| devices.name(maker)).unwrap_or_default(),
                made_here: words.admitted_by == me,
                maker_removed: maker.is_some_and(|maker| maker.removed.is_some()),
                open: words.removed.is_none(),
            }
        };
        let is_new = |words: &&Member| {
            let mut new = made.iter().flat_map(Made::not_written);
            new.any(|id| id == words.id)
        };
        let standing = whole_words(&both, made.as_ref()).map(|(words, _)| words);
        let others = present_words(&both.care)
            .filter(|words| !is_new(words) && Some(words.id) != standing.map(|words| words.id));
        let gone_here = chain.members().filter(|words| {
            words.role == Role::Words && words.admitted_by == me && words.removed.is_some()
        });
        let last_here = gone_here
            .filter(|words| !is_new(words))
            .max_by_key(|words| words.index)
            .filter(|gone| {
                standing.is_none_or(|words| words.index > gone.index && words.admitted_by != me)
            });
        let shown = made.as_ref().filter(|made| made.stage == Stage::Shown);
        Ok(WordsStatus {
            standing: standing.map(view),
            to_confirm: shown.and_then(|made| {
                let words = chain.present(&made.care)?;
                Some(ToConfirm {
                    made_at: self.replica.shown(words.joined_at_ms),
                    asks_for: made.place,
                })
            }),
            others: others.map(view).collect(),
            replaced_here: last_here.map(view),
        })
    }
}

/// The newest words that are in both spaces and known to be the same: they bring a phone back. Not those that
/// nobody wrote down yet. With who they are in the private space.
fn whole_words<'a>(both: &'a BothSpaces, made: Option<&Made>) -> Option<(&'a Member, MemberId)> {
    let not_written: BTreeSet<MemberId> = made.into_iter().flat_map(Made::not_written).collect();
    let words = both.twins.all().filter_map(|(in_care, in_private)| {
        let words = both.care.chain.present(&in_care)?;
        both.private.chain.present(&in_private)?;
        let is_whole = words.role == Role::Words && !not_written.contains(&in_care);
        is_whole.then_some((words, in_private))
    });
    words.max_by_key(|(words, _)| words.index)
}

fn present_words(state: &SpaceState) -> impl Iterator<Item = &Member> {
    let present = state.chain.present_members();
    present.filter(|member| member.role == Role::Words)
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
