//! Who is in the record: the person's phones, their recovery words, the clinic.

use companion_core::patient::{
    DeviceKind as CoreDeviceKind, DeviceView as CoreDevice, RemovedView, RetractedView,
};
use companion_core::protocol::id::MemberId;

use super::PhoneRecord;
use crate::cross::{Cross, choice, view};
use crate::error::Result;
use crate::values::LocalMoment;

choice! {
    /// What a member of the record is.
    DeviceKind of CoreDeviceKind {
        /// This phone.
        ThisPhone,
        /// Another phone or tablet of the person's.
        Phone,
        /// Recovery words: no device, and a member like one.
        RecoveryWords,
        /// The clinic.
        Clinic,
        /// A device that has not said what it is called: one before its first exchange.
        Unnamed,
    }
}

view! {
    /// How a device went.
    DeviceRemovedView of RemovedView {
        /// When, by the clock of whoever removed it.
        at: LocalMoment,
        /// What whoever removed it is called; nothing where it left.
        by: Option<String>,
    }
}

view! {
    /// A member of the record.
    DeviceView of CoreDevice {
        /// Its name, for the calls of this library.
        member: MemberId,
        /// What the person calls it.
        name: String,
        /// What it is.
        kind: DeviceKind,
        /// When it was let in, by the clock of whoever did.
        joined_at: LocalMoment,
        /// When something of its own was last received here; nothing of words, and of one that wrote nothing yet.
        last_received_at: Option<LocalMoment>,
        /// How it went, if it did.
        removed: Option<DeviceRemovedView>,
        /// Whether it gets what is shared.
        reads_shared: bool,
        /// Whether it gets what is private. One that is removed and does is not gone yet: remove it again.
        reads_private: bool,
    }
}

view! {
    /// Something that does not count any more, since whoever wrote it was removed with an earlier change as its last
    /// one.
    RetractedChangeView of RetractedView {
        /// What it was, as `kind()` of its list names it.
        kind: String,
        /// What it said, as far as it said something in words.
        words: String,
        /// What the device that wrote it is called.
        written_by: String,
        /// What whoever removed that device is called.
        removed_by: String,
        /// When, by the clock of whoever removed it.
        removed_at: LocalMoment,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Everybody who is in the record, or was.
    ///
    /// # Errors
    ///
    /// `NotPaired`.
    pub async fn devices(&self) -> Result<Vec<DeviceView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.devices()?)))
            .await
    }

    /// Calls this phone something that the person and the clinic know it by. Works offline, and before pairing.
    ///
    /// # Errors
    ///
    /// `Invalid` for a name that is empty or too long.
    pub async fn rename_phone(&self, name: String) -> Result<()> {
        self.inner
            .ask_and_tell(move |patient| Ok(patient.rename_phone(&name)?))
            .await
    }

    /// Removes a device, everywhere: it gets nothing that is written from now on. What it had read it keeps. Needs the
    /// server.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotNow` for this phone, and for a device that was there before it (`remove_device_with_words` can
    /// remove that); `Offline`.
    pub async fn remove_device(&self, member: MemberId) -> Result<()> {
        self.inner
            .exchange(move |patient, _| Ok(patient.remove_device(member)?))
            .await
    }

    /// Removes a lost device that was there before this one, in the name of the recovery words. Needs the server.
    ///
    /// # Errors
    ///
    /// As of `remove_device`; `BadRecoveryWords`; `NotNow` where they are not those of this record.
    pub async fn remove_device_with_words(&self, member: MemberId, words: String) -> Result<()> {
        self.inner
            .exchange(move |patient, _| Ok(patient.remove_device_with_words(member, &words)?))
            .await
    }

    /// Leaves the record with this phone: it gets nothing that is written from now on. What is on it stays on it; what
    /// waits there is sent first. A phone that waits to be let in stops waiting. Needs the server.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `Offline`.
    pub async fn leave(&self) -> Result<()> {
        self.inner.exchange(|patient, _| Ok(patient.leave()?)).await
    }

    /// What does not count any more, because the device that wrote it was removed with an earlier change as its last
    /// one: kept on this phone, with who did that and when.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn retracted(&self) -> Result<Vec<RetractedChangeView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.retracted()?)))
            .await
    }
}
