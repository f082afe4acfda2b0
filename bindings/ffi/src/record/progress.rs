//! How far an exchange got, for a screen that shows it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use companion_core::SyncProgress;
use companion_core::ports::Cancel;

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

/// Ends one exchange, for whoever waits for it. In Kotlin canceling the coroutine does the same; a canceled task of
/// Swift's has to say so by this.
#[derive(Debug, Default, uniffi::Object)]
pub struct ExchangeStop {
    cancel: Cancel,
}

#[uniffi::export]
impl ExchangeStop {
    /// For one exchange.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Gives up on the exchange, also before it has begun. What the server acknowledged stays so. Never blocks; safe on
    /// the main thread.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn stop(&self) -> Result<()> {
        self.cancel.cancel();
        Ok(())
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// As `sync`, and tells how far it got, and can be given up on by itself. Who calls while an exchange is under way
    /// is answered by the next, and hears nothing where somebody else began that.
    ///
    /// # Errors
    ///
    /// As of `sync`.
    pub async fn sync_telling(
        &self,
        listener: Option<Arc<dyn SyncListener>>,
        stop: Option<Arc<ExchangeStop>>,
    ) -> Result<SyncView> {
        let cancel = stop.map_or_else(Cancel::new, |stop| stop.cancel.clone());
        let report = self.inner.exchange_until(cancel, move |patient, cancel| {
            let tell = |so_far: SyncProgress| {
                let Some(listener) = &listener else { return };
                // What the shell's own code throws ends no exchange.
                let told = AssertUnwindSafe(|| listener.on_progress(Cross::out(so_far)));
                let _ = catch_unwind(told);
            };
            Ok(Cross::out(patient.sync_telling(cancel, &tell)?))
        });
        let report = report.await;
        self.inner
            .say("sync", if report.is_ok() { "done" } else { "failed" });
        report
    }
}
