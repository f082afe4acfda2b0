//! Recovery words: made, shown once, written down, and the way back by them.

use companion_core::patient::{EarlierWords as CoreEarlierWords, RecoverySheet};

use super::PhoneRecord;
use super::exchange::PairingView;
use crate::cross::Cross;
use crate::error::Result;

/// Twelve words that were just made. Whoever has them can read and join the record: show them once, let them be
/// written on paper, and keep them nowhere.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct RecoverySheetView {
    /// The twelve, in their order.
    pub words: Vec<String>,
    /// The server's address, which belongs on the same sheet.
    pub server: String,
    /// Which word a person gives back once all are on paper, counted from 1.
    pub asks_for: u64,
    /// Whether there are earlier words, which stay good until then.
    pub replaces: bool,
}

impl std::fmt::Debug for RecoverySheetView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoverySheetView(..)")
    }
}

impl Cross<RecoverySheet> for RecoverySheetView {
    fn out(core: RecoverySheet) -> Self {
        Self {
            words: core.words().into_iter().map(str::to_owned).collect(),
            asks_for: Cross::out(core.asks_for),
            replaces: core.replaces,
            server: core.server,
        }
    }
}

/// What became of earlier recovery words when new ones were written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum EarlierWords {
    /// There were none.
    ThereWereNone,
    /// They open nothing any more.
    Retired,
    /// They still open the record: removing them broke off, and the next exchange goes on with it.
    NotYet,
}

// An enum with a case of its own that is called none is not told from nothing in Swift.
impl Cross<CoreEarlierWords> for EarlierWords {
    fn out(core: CoreEarlierWords) -> Self {
        match core {
            CoreEarlierWords::None => EarlierWords::ThereWereNone,
            CoreEarlierWords::Retired => EarlierWords::Retired,
            CoreEarlierWords::NotYet => EarlierWords::NotYet,
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Makes recovery words, which are shown once and kept nowhere. Those made before stay good until
    /// `confirm_recovery_words`. When this fails, none were made. Needs the server.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `NotNow` on any phone but the first, and on one that waits to be let in; `Offline`.
    pub async fn make_recovery_words(&self) -> Result<RecoverySheetView> {
        self.inner
            .exchange(|patient, _| Ok(Cross::out(patient.make_recovery_code()?)))
            .await
    }

    /// A person wrote the words down, and gives back the one that the sheet asks for. Earlier words end with it;
    /// without the server, by the next exchange.
    ///
    /// # Errors
    ///
    /// `NotNow` where none wait to be confirmed, or where it is another word.
    pub async fn confirm_recovery_words(&self, word: String) -> Result<EarlierWords> {
        self.inner
            .exchange(move |patient, _| Ok(Cross::out(patient.confirm_recovery_code(&word)?)))
            .await
    }

    /// Ends all recovery words but those that stand: words of a sheet that may be in other hands, or that nobody wrote
    /// down. Needs the server.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `NotNow` on any phone but the first; `Offline`.
    pub async fn end_other_words(&self) -> Result<()> {
        self.inner
            .exchange(|patient, _| Ok(patient.end_other_words()?))
            .await
    }

    /// Comes back on a new phone with the recovery words and the address on their sheet. What was never exchanged is
    /// not there. Other phones of the person stay in: `remove_device_with_words` removes a lost one.
    ///
    /// # Errors
    ///
    /// `BadRecoveryWords` for words that are none; `NotNow` where they open nothing, or only a part, or this phone holds
    /// another record already; `AlreadyPaired`; `BadAddress`; `Offline`.
    pub async fn recover(&self, server: String, words: String) -> Result<PairingView> {
        self.inner
            .exchange(move |patient, _| Ok(Cross::out(patient.recover(&server, &words)?)))
            .await
    }
}
