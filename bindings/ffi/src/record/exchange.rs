//! Pairing and exchanging with the server.

use companion_core::patient::{CompareWith as CoreCompareWith, Pairing};
use companion_core::{SyncProblem, SyncReport, Warning};

use super::PhoneRecord;
use super::standing::WarningKind;
use crate::cross::{Cross, choice, view};
use crate::error::Result;

choice! {
    /// Who shows the same words as a phone that has just joined.
    CompareWith of CoreCompareWith {
        /// The clinic, on its page or over the telephone.
        Clinic,
        /// The person's own first phone.
        OwnPhone,
        /// Nobody: the phone came back by recovery words.
        Nobody,
    }
}

view! {
    /// What pairing did.
    PairingView of Pairing {
        /// The clinic's name.
        clinic: String,
        /// With whom to compare the words, once there are any: see the status after the next exchange.
        compare_with: CompareWith,
    }
}

view! {
    /// Something that went wrong with one part, while the others went on.
    SyncProblemView of SyncProblem {
        /// In plain words.
        message: String,
        /// Whether trying again later can help by itself.
        passing: bool,
    }
    without { space }
}

/// Something that a person should know, and that does not go away by trying again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncWarningView {
    /// Which.
    pub kind: WarningKind,
    /// What a person should know, and what there is to do about it.
    pub words: String,
    /// What exactly, without content.
    pub detail: String,
}

impl Cross<Warning> for SyncWarningView {
    fn out(core: Warning) -> Self {
        Self {
            kind: Cross::out(core.code),
            words: core.code.sentence().to_owned(),
            detail: core.detail,
        }
    }
}

view! {
    /// What one exchange did.
    SyncView of SyncReport {
        /// Changes of others that were taken in.
        received: u64,
        /// Own changes that the server acknowledged as durable.
        sent: u64,
        /// Own changes that still wait on this phone.
        waiting: u64,
        /// What was to be shared and is private again, since it was written in the quiet hours of a session that this
        /// phone heard of only now.
        held_back: u64,
        /// Recordings and pictures that came and are whole.
        blobs_received: u64,
        /// Recordings and pictures that the server has whole now.
        blobs_sent: u64,
        /// Recordings and pictures that still wait on this phone.
        blobs_waiting: u64,
        /// Whether the account was ended, on this phone or another one.
        ended: bool,
        /// What went wrong and may go right next time.
        problems: Vec<SyncProblemView>,
        /// What a person should know.
        warnings: Vec<SyncWarningView>,
    }
    without { rotated }
}

#[uniffi::export]
impl PhoneRecord {
    /// Joins by a link: with a clinic, or as a second phone. The phone waits then until a person on the other side
    /// has compared the words and lets it in; exchange from time to time to hear of that.
    ///
    /// # Errors
    ///
    /// `BadLink`, `AlreadyPaired`, `Offline`, and `NotNow` where the invitation was used up, or this phone holds another
    /// record already.
    pub async fn pair(&self, link: String) -> Result<PairingView> {
        self.inner
            .exchange(move |patient, _| Ok(Cross::out(patient.pair(&link)?)))
            .await
    }

    /// Exchanges with the server: what waits goes out, what is new comes in. Who calls while one is under way is
    /// answered by the next. Giving up on it (`stop_syncing`, or a canceled coroutine) undoes nothing.
    ///
    /// # Errors
    ///
    /// `NotPaired`, `Offline`, `Canceled`, `Paused`. What went wrong with one part alone is in the view.
    pub async fn sync(&self) -> Result<SyncView> {
        self.sync_telling(None, None).await
    }

    /// Gives up on every exchange that is under way. Never blocks; safe on the main thread.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn stop_syncing(&self) -> Result<()> {
        self.inner.stop_exchanges();
        Ok(())
    }
}
