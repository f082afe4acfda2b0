//! How far an exchange got, for a screen that shows it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use companion_core::SyncProgress;

use super::PhoneRecord;
use super::exchange::SyncView;
use crate::cross::{Cross, view};
use crate::error::Result;

view! {
    /// How far an exchange got, in numbers alone. They grow with each that is told.
    SyncProgressView of SyncProgress {
        /// Changes of others that were taken in.
        received: u64,
        /// Own changes that the server acknowledged as durable.
        sent: u64,
        /// Bytes of recordings and pictures that came, sealed.
        file_bytes_received: u64,
        /// Bytes of recordings and pictures that the server took, sealed.
        file_bytes_sent: u64,
    }
}

/// Hears how far an exchange got: after each batch of changes, and after each part of a recording or a picture. Called on
/// a thread of this library: hop to the main thread from it, and never wait in it for a call into this library.
#[uniffi::export(foreign)]
pub trait SyncListener: Send + Sync {
    /// So far it got.
    fn on_progress(&self, so_far: SyncProgressView);
}

#[uniffi::export]
impl PhoneRecord {
    /// As `sync`, and tells how far it got. Who calls while an exchange is under way is answered by the next, and hears
    /// nothing where somebody else began that.
    ///
    /// # Errors
    ///
    /// As of `sync`.
    pub async fn sync_telling(&self, listener: Arc<dyn SyncListener>) -> Result<SyncView> {
        let report = self.inner.exchange(move |patient, cancel| {
            let tell = |so_far: SyncProgress| {
                // What the shell's own code throws ends no exchange.
                let told = AssertUnwindSafe(|| listener.on_progress(Cross::out(so_far)));
                let _ = catch_unwind(told);
            };
            Ok(patient.sync_telling(cancel, &tell)?)
        });
        let report = report.await;
        self.inner
            .say("sync", if report.is_ok() { "done" } else { "failed" });
        Ok(Cross::out(report?))
    }
}
