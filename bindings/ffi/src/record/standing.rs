//! How the phone stands: what it is paired with, what waits, what a person should know.

use std::time::SystemTime;

use companion_core::patient::{PairingState, PhoneStatus, ToConfirm, WordsStatus, WordsView};
use companion_core::protocol::id::MemberId;
use companion_core::records::DeletedView;
use companion_core::{FileVolume, FilesHealth, StandingWarning, WarningCode, WarningId};

use super::PhoneRecord;
use super::exchange::CompareWith;
use crate::cross::{Cross, choice, instant, view};
use crate::error::Result;
use crate::values::{LocalMoment, RemainsView};

macro_rules! warning_kinds {
    ($($(#[$doc:meta])* $variant:ident $word:literal,)*) => {
        choice! {
            /// Something that a person should know, and that does not go away by trying again.
            WarningKind of WarningCode {
                $($(#[$doc])* $variant,)*
            }
        }
    };
}

companion_core::each_warning!(warning_kinds);

/// A warning that nobody dismissed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WarningView {
    /// Its name, for `dismiss_warning`.
    pub id: i64,
    /// Which; nothing for one from a newer version.
    pub kind: Option<WarningKind>,
    /// What a person should know, and what there is to do about it.
    pub words: String,
    /// What exactly, without content.
    pub detail: String,
    /// When it was last noticed.
    pub noticed: SystemTime,
}

impl Cross<StandingWarning> for WarningView {
    fn out(core: StandingWarning) -> Self {
        let words = core
            .code
            .map_or("Update the app to read this.", WarningCode::sentence);
        Self {
            id: core.id.0,
            kind: Cross::out(core.code),
            words: words.to_owned(),
            detail: core.detail,
            noticed: instant(core.at_ms),
        }
    }
}

/// How far pairing got.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum PairingStanding {
    /// Nothing was paired.
    Alone,
    /// It joined, and waits for a person on the other side.
    Waiting {
        /// The words to compare; nothing until the other side has answered: see the next exchange.
        compare_words: Option<Vec<String>>,
        /// Who shows the same words.
        compare_with: CompareWith,
    },
    /// It is in.
    Paired {
        /// Since when, by the clock of whoever let it in.
        at: LocalMoment,
    },
    /// It was not let in.
    NotLetIn,
    /// It was removed.
    Removed,
    /// The account was ended.
    Ended {
        /// When, by the clock of the phone that ended it.
        at: LocalMoment,
    },
    /// The server says that the record was ended and that it forgot it; this phone never read of the end.
    Forgotten,
}

impl Cross<PairingState> for PairingStanding {
    fn out(core: PairingState) -> Self {
        match core {
            PairingState::Alone => PairingStanding::Alone,
            PairingState::Waiting {
                compare_words,
                compare_with,
            } => PairingStanding::Waiting {
                compare_words,
                compare_with: Cross::out(compare_with),
            },
            PairingState::Paired { at } => PairingStanding::Paired { at: Cross::out(at) },
            PairingState::NotLetIn => PairingStanding::NotLetIn,
            PairingState::Removed => PairingStanding::Removed,
            PairingState::Ended { at } => PairingStanding::Ended { at: Cross::out(at) },
            PairingState::Forgotten => PairingStanding::Forgotten,
        }
    }
}

view! {
    /// Recovery words that were made once.
    RecoveryWordsView of WordsView {
        /// When.
        made_at: LocalMoment,
        /// On which phone.
        made_on: String,
        /// Whether that is this phone.
        made_here: bool,
        /// Whether that phone was removed.
        maker_removed: bool,
        /// Whether they open the record today.
        open: bool,
    }
}

/// Recovery words that were shown, and wait for a person to say that they are on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct WordsToConfirmView {
    /// When they were made.
    pub made_at: LocalMoment,
    /// Which word is asked for, counted from 1.
    pub asks_for: u64,
}

impl Cross<ToConfirm> for WordsToConfirmView {
    fn out(core: ToConfirm) -> Self {
        Self {
            made_at: Cross::out(core.made_at),
            asks_for: Cross::out(core.asks_for),
        }
    }
}

view! {
    /// Which recovery words there are.
    RecoveryStandingView of WordsStatus {
        /// Those that are good.
        standing: Option<RecoveryWordsView>,
        /// Those that wait to be confirmed.
        to_confirm: Option<WordsToConfirmView>,
        /// Others that are good as well: another phone made them.
        others: Vec<RecoveryWordsView>,
        /// Those of this phone that newer ones replaced.
        replaced_here: Option<RecoveryWordsView>,
    }
}

view! {
    /// A number of recordings and pictures, and their bytes.
    FilesView of FileVolume {
        /// How many.
        files: u64,
        /// Their bytes.
        bytes: u64,
    }
}

view! {
    /// Recordings and pictures that are on this phone alone, or were.
    FilesStandingView of FilesHealth {
        /// Those that wait to be sent.
        waiting: FilesView,
        /// Those that were damaged here before they were sent.
        lost: FilesView,
    }
}

view! {
    /// Something that was shared once and was deleted since: nothing of its words is here.
    DeletedItemView of DeletedView {
        /// What it was, as `kind()` of its list names it.
        kind: String,
        /// When the clinic's pages were told to show it no longer.
        at: LocalMoment,
        /// What of it stays where.
        remains: RemainsView,
    }
}

/// The phone at a glance.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct StatusView {
    /// This phone in the record.
    pub device: MemberId,
    /// What this phone is called.
    pub name: String,
    /// How far pairing got.
    pub pairing: PairingStanding,
    /// Which recovery words there are.
    pub recovery_words: RecoveryStandingView,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// The server's address.
    pub server: Option<String>,
    /// The address that the clinic has moved to, until the phone followed it.
    pub moved_to: Option<String>,
    /// Changes that wait to be sent.
    pub waiting: u64,
    /// Recordings and pictures that wait to be sent, or were lost.
    pub files: FilesStandingView,
    /// Those of them that wait for a network that is not metered, as the person chose: large ones.
    pub files_held: FilesView,
    /// Recordings and pictures of another phone that are not here, and that are not fetched before the network is one
    /// that is not metered, as the person chose: large ones.
    pub files_to_come_held: FilesView,
    /// When an exchange last ended well.
    pub last_sync: Option<SystemTime>,
    /// What a person should know.
    pub warnings: Vec<WarningView>,
}

impl Cross<PhoneStatus> for StatusView {
    fn out(core: PhoneStatus) -> Self {
        let PhoneStatus {
            member,
            name,
            pairing,
            recovery_words,
            clinic,
            server,
            moved_to,
            waiting,
            files,
            files_held,
            files_to_come_held,
            last_sync_ms,
            warnings,
        } = core;
        Self {
            device: member,
            name,
            pairing: Cross::out(pairing),
            recovery_words: Cross::out(recovery_words),
            clinic,
            server,
            moved_to,
            waiting,
            files: Cross::out(files),
            files_held: Cross::out(files_held),
            files_to_come_held: Cross::out(files_to_come_held),
            last_sync: last_sync_ms.map(instant),
            warnings: Cross::out(warnings),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// What the first screen shows of the phone itself.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn status(&self) -> Result<StatusView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.status()?)))
            .await
    }

    /// What was shared with the clinic once and was deleted since, the newest first, with what of it stays there as far
    /// as this phone knows now: ask anew after each exchange.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn deleted(&self) -> Result<Vec<DeletedItemView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.deleted()?)))
            .await
    }

    /// Shows a warning no longer, unless it comes back with other words.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn dismiss_warning(&self, id: i64) -> Result<()> {
        let dismissed = self
            .inner
            .ask_and_tell(move |patient| Ok(patient.dismiss_warning(WarningId(id))?));
        dismissed.await
    }
}
