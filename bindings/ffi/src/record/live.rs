//! A live connection: the server says that something is new, and the phone exchanges.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use companion_core::patient::Patient;
use companion_core::ports::{Cancel, WatchHandle};

use super::PhoneRecord;
use super::exchange::SyncView;
use crate::cross::Cross;
use crate::error::{CompanionError, Result};
use crate::inner::Inner;

/// Hears of the exchanges of a live connection. Called on a thread of its own, one call at a time: hop to the main
/// thread from it.
#[uniffi::export(foreign)]
pub trait LiveListener: Send + Sync {
    /// An exchange ended well, which a hint of the server's or the beginning of the connection gave rise to.
    fn on_exchange(&self, done: SyncView);

    /// An exchange failed. The connection goes on: the next hint tries again. Without a network there are no hints, and
    /// the way back is found by itself.
    fn on_failure(&self, why: CompanionError);
}

/// Keeps the phone in touch with the server. Canceling it, or letting go of it, ends that.
#[derive(uniffi::Object)]
pub struct LiveConnection {
    live: Arc<Live>,
}

#[uniffi::export]
impl LiveConnection {
    /// Ends it, and gives up on an exchange of its own that is under way. Never blocks; safe on the main thread.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn cancel(&self) -> Result<()> {
        self.live.end();
        Ok(())
    }

    /// Whether it goes on: nobody canceled it. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn goes_on(&self) -> Result<bool> {
        Ok(self.live.goes_on())
    }
}

impl Drop for LiveConnection {
    fn drop(&mut self) {
        self.live.end();
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Exchanges at once, and again whenever the server says that something is new, until what this returns is canceled
    /// or let go of. It rests while the app is paused, and goes on after it. For the time that the app is in front:
    /// an open connection keeps a radio awake.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `BadAddress`; `Paused`.
    pub async fn stay_in_touch(
        &self,
        listener: Option<Arc<dyn LiveListener>>,
    ) -> Result<Arc<LiveConnection>> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .ask(move |patient| {
                let live = Live::begin(&inner, patient, listener)?;
                Ok(Arc::new(LiveConnection { live }))
            })
            .await
    }
}

/// One live connection. It outlives the record that it began with: after a pause it watches for the one that was opened
/// anew.
pub(crate) struct Live {
    /// Wakes the thread that exchanges: one hint that waits stands for all.
    wake: Mutex<Option<SyncSender<()>>>,
    watch: Mutex<Option<WatchHandle>>,
    /// What ends the exchange that is under way.
    under_way: Mutex<Cancel>,
}

impl Live {
    fn begin(
        inner: &Arc<Inner>,
        patient: &Patient,
        listener: Option<Arc<dyn LiveListener>>,
    ) -> Result<Arc<Live>> {
        let (wake, hints) = sync_channel(1);
        let live = Arc::new(Live {
            wake: Mutex::new(Some(wake)),
            watch: Mutex::default(),
            under_way: Mutex::default(),
        });
        inner.keep_live(&live);
        live.watch(patient)?;
        let (record, own) = (Arc::downgrade(inner), Arc::downgrade(&live));
        std::thread::Builder::new()
            .name("companion-live".to_owned())
            .spawn(move || exchange_on(&hints, &record, &own, listener.as_deref()))
            .map_err(|_| CompanionError::internal("the system gives no thread"))?;
        Ok(live)
    }

    /// Watches on behalf of that record from now on, and exchanges at once: what was said meanwhile was not heard.
    pub(crate) fn watch(self: &Arc<Self>, patient: &Patient) -> Result<()> {
        let live = Arc::downgrade(self);
        let handle = patient.watch(Box::new(move |_| {
            if let Some(live) = live.upgrade() {
                live.hint();
            }
        }))?;
        let mut watch = lock(&self.watch);
        // Somebody canceled it meanwhile.
        if self.goes_on() {
            *watch = Some(handle);
        }
        drop(watch);
        self.hint();
        Ok(())
    }

    /// Watches no more, until the record is opened anew.
    pub(crate) fn let_go(&self) {
        let handle = lock(&self.watch).take();
        drop(handle);
    }

    pub(crate) fn goes_on(&self) -> bool {
        lock(&self.wake).is_some()
    }

    fn hint(&self) {
        if let Some(wake) = &*lock(&self.wake) {
            // One waits already.
            let _ = wake.try_send(());
        }
    }

    fn end(&self) {
        // The thread ends with it.
        lock(&self.wake).take();
        self.let_go();
        lock(&self.under_way).cancel();
    }

    /// What ends the next exchange, unless the connection ended.
    fn next(&self) -> Option<Cancel> {
        let cancel = Cancel::new();
        *lock(&self.under_way) = cancel.clone();
        // Whoever ends it takes the sender first.
        self.goes_on().then_some(cancel)
    }
}

/// Exchanges at each hint, until nobody can give one any more.
fn exchange_on(
    hints: &Receiver<()>,
    record: &Weak<Inner>,
    live: &Weak<Live>,
    listener: Option<&dyn LiveListener>,
) {
    for () in hints {
        let Some(cancel) = live.upgrade().and_then(|live| live.next()) else {
            return;
        };
        let Some(inner) = record.upgrade() else {
            return;
        };
        let done = inner.exchange_here(&cancel, |patient| Ok(patient.sync_until(&cancel)?));
        drop(inner);
        let Some(listener) = listener else {
            continue;
        };
        // What the shell's own code throws ends nothing here.
        let _ = catch_unwind(AssertUnwindSafe(|| match done {
            // Whoever canceled it, or paused the app, knows.
            Err(CompanionError::Canceled | CompanionError::Paused) => {}
            Ok(report) => listener.on_exchange(Cross::out(report)),
            Err(why) => listener.on_failure(why),
        }));
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
