//! What only the contract suites call, in a build of its own (feature `contract`).

use crate::error::Result;
use crate::record::PhoneRecord;

#[uniffi::export]
impl PhoneRecord {
    /// Panics inside the core's thread, with words that must reach nobody.
    ///
    /// # Errors
    ///
    /// `Internal`, always.
    #[allow(clippy::panic, reason = "it is what the suites ask for")]
    pub async fn panic_inside(&self) -> Result<()> {
        self.inner.ask(|_| panic!("a word of the record")).await
    }
}
