//! What only the contract suites call, in a build of its own (feature `contract`).

use crate::cross::Cross;
use crate::error::Result;
use crate::record::PhoneRecord;

/// A view that can't be made.
#[derive(uniffi::Record)]
pub struct BrokenView {
    /// Never there.
    pub words: String,
}

impl Cross<String> for BrokenView {
    #[allow(clippy::panic, reason = "it is what the suites ask for")]
    fn out(core: String) -> Self {
        panic!("{core}")
    }
}

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

    /// Panics while a view is made of what the core gave.
    ///
    /// # Errors
    ///
    /// `Internal`, always.
    pub async fn panic_in_a_view(&self) -> Result<BrokenView> {
        let broken = self
            .inner
            .ask(|_| Ok(Cross::out("a word of the record".to_owned())));
        broken.await
    }
}
