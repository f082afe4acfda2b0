//! The record of one patient on this phone: opened, put to sleep, listened to. Its parts are objects of their own.

mod account;
mod attachments;
mod byte_source;
mod devices;
mod diagnostics;
mod drafts;
mod exchange;
mod first_use;
mod glance;
mod guide_blocks;
mod guides;
mod held_back;
mod lists;
mod live;
mod measures;
mod medicines;
mod plain;
mod preparation;
mod programme;
mod progress;
mod prompts;
mod recovery;
mod releases;
mod reminders;
mod safety_plan;
mod second_phone;
mod session_day;
mod standing;
mod taking_along;
mod team;
mod timeline;
mod unlocked;
mod use_check;
mod wordings;
mod writers;

pub use account::*;
pub use attachments::*;
pub use byte_source::{ByteSource, ByteSourceError};
pub use devices::*;
pub use diagnostics::*;
pub use exchange::*;
pub use glance::*;
pub use guide_blocks::*;
pub use guides::*;
pub use held_back::*;
pub(crate) use live::Live;
pub use live::{LiveConnection, LiveListener};
pub use measures::*;
pub use medicines::*;
pub use plain::*;
pub use preparation::*;
pub use programme::*;
pub use progress::*;
pub use prompts::*;
pub use recovery::*;
pub use releases::*;
pub use reminders::*;
pub use safety_plan::*;
pub use second_phone::*;
pub use session_day::*;
pub use standing::*;
pub use taking_along::*;
pub use team::*;
pub use timeline::*;
pub use unlocked::*;
pub use use_check::*;
pub use wordings::*;
pub use writers::*;

use std::path::PathBuf;
use std::sync::Arc;

use companion_core::HttpNetwork;

use self::first_use::FirstUse;
use crate::error::Result;
use crate::inner::Inner;
use crate::listen::{ChangeListener, ChangeSubscription};
use crate::network::{CertificateTrust, TrustedRoot, ports};
use crate::runtime;
use crate::values::LocalMoment;
use crate::vault::{EventLog, KeyVault, key};

/// Where a record lies, and what it is opened with.
#[derive(uniffi::Record)]
pub struct OpenRequest {
    /// The file of the record; others stand beside it. Its folder has to be there, left out of backups, and in no
    /// container that an extension shares.
    pub path: String,
    /// A certificate authority to trust beside those of the device.
    #[uniffi(default = None)]
    pub trusted_root: Option<TrustedRoot>,
}

/// A patient's record on this phone. Every call that reads or writes it is `async` and runs on threads of this
/// library; those that are not touch no disk, and are safe on the main thread.
///
/// One object for one file: an app makes one and keeps it.
#[derive(uniffi::Object)]
pub struct PhoneRecord {
    pub(crate) inner: Arc<Inner>,
    pub(crate) network: Arc<HttpNetwork>,
}

/// Opens the record, making it on first use. Works unpaired and offline.
///
/// The key comes from the vault; where there is no record yet, a new key is made and kept there first. On Android
/// `trust` has to be given: there only the app can ask the platform whose certificates are trusted. Elsewhere leave it
/// out.
///
/// # Errors
///
/// `NoKey`, `WrongKey`,
/// `VaultLocked`, `NewerRecord`,
/// `RecordLost`: nothing was changed then.
#[uniffi::export(default(trust = None))]
pub async fn open_record(
    request: OpenRequest,
    vault: Arc<dyn KeyVault>,
    log: Option<Arc<dyn EventLog>>,
    trust: Option<Arc<dyn CertificateTrust>>,
) -> Result<Arc<PhoneRecord>> {
    runtime::run(move || {
        let (ports, network) = ports(request.trusted_root.as_ref(), trust)?;
        let path = PathBuf::from(request.path);
        // Of two that find no record each would make a key, and only one of them is kept.
        let _turn = (!path.exists()).then(|| FirstUse::turn(&path));
        let is_new = !path.exists();
        let key = key(&vault, &*ports.rng, is_new)?;
        let inner = Inner::open(path, key, ports, log)?;
        inner.say("open", "done");
        Ok(Arc::new(PhoneRecord { inner, network }))
    })
    .await
}

#[uniffi::export]
impl PhoneRecord {
    /// The present moment by this phone's clock. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn now(&self) -> Result<LocalMoment> {
        Ok(crate::cross::Cross::out(self.inner.ports().clock.now()))
    }

    /// Call it before the app is suspended. Gives up on exchanges, finishes what is being written, and closes the
    /// files: a phone that is suspended with an open file can be killed for it. Until `resume` every
    /// other call gives `Paused`. Of pauses and resumes the last one that began holds: call them one after the other,
    /// from one place that hears of the app's coming and going.
    ///
    /// # Errors
    ///
    /// As of `open_record`, where somebody resumed meanwhile.
    pub async fn pause(&self) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        inner.wants(true);
        runtime::run_apart(move || inner.pause()).await
    }

    /// Call it when the app comes back. Opens the files; who listened hears of the present state.
    ///
    /// # Errors
    ///
    /// As of `open_record`.
    pub async fn resume(&self) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        inner.wants(false);
        runtime::run_apart(move || inner.resume()).await
    }

    /// Calls the listener with the present state, and again after each change, until what this returns is canceled
    /// or let go of. While the app sleeps nothing is called; the first call after that has the present state.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn listen(
        &self,
        listener: Arc<dyn ChangeListener>,
    ) -> Result<Arc<ChangeSubscription>> {
        let inner = Arc::clone(&self.inner);
        runtime::run(move || inner.listen(listener)).await
    }

    /// Where the record stands: a number that grows with each change, as a `RecordChange` names it.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn sequence(&self) -> Result<i64> {
        self.inner.ask(|patient| Ok(patient.sequence()?.0)).await
    }
}
