//! The patient's record for Kotlin and Swift: the core's facade under names that suit both languages, and nothing
//! of its own besides. What is decided is decided in `companion-core`; here values cross over.
//!
//! - Every call that touches the disk is `async` and runs on threads of this library, never on the shell's. Once it
//!   was begun it is done to its end, whatever the caller does meanwhile: a write is whole or was never begun.
//! - Every call gives an error (`CompanionError`) and never a crash: a panic inside is one of them, and the record is
//!   opened anew with the next call.
//! - What comes out is a `…View`, what goes in a `…Request`.
//!
//! `bindings/README.md` has an app's first lines in both languages.
#![allow(
    unsafe_code,
    reason = "the generated scaffolding hands values over by pointers; no line here does"
)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "what comes from another language is owned: there is nobody to borrow it from"
)]

mod cross;
mod error;
mod inner;
mod kinds;
mod listen;
mod network;
mod record;
mod runtime;
mod values;
mod vault;

#[cfg(feature = "contract")]
pub mod contract;

pub use error::{
    CompanionError, FieldProblem, MediaReason, MissingThing, NotNowReason, OfflineReason, Result,
};
pub use kinds::*;
pub use listen::{ChangeListener, ChangeSubscription, RecordChange};
pub use network::{CertificateTrust, NetworkCost, TrustError, TrustedRoot, version};
pub use record::*;
pub use values::*;
pub use vault::{EventLog, KeyVault, LogLine, VaultError};

uniffi::setup_scaffolding!();
