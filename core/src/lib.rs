//! The whole companion without a screen: the record of the work between visits, kept on this
//! device, encrypted, and shared only with the members of a space.
//!
//! Sans-I/O in the middle, I/O at the edge: see `ARCHITECTURE.md` for who may know what. A shell
//! calls [`patient::Patient`], the console [`clinic::Clinic`]; what they give and take is in
//! [`domain`] and [`records`]. The other modules are theirs alone; tests of other crates reach some
//! of them through the feature `testing`.

// Inner modules say `pub` to each other, and export what only tests of other crates take; only with
// `testing` does anybody outside reach them.
#![cfg_attr(not(feature = "testing"), allow(unreachable_pub, unused_imports))]

pub mod clinic;
mod costs;
mod document;
pub mod domain;
mod error;
mod export;
pub mod folder;
mod gate;
mod health;
mod import;
mod media;
mod medicines;
mod members;
mod outcome;
pub mod patient;
pub mod ports;
mod present;
pub mod records;
mod releases;
mod replica;
mod report;
mod settings;
mod space;
mod store;
mod sync;
mod unlocked;

pub use companion_protocol as protocol;
pub use document::DocumentError;
pub use error::{CoreError, Missing, NotNow, Offline, Result};
pub use export::{
    EXPORT_FORMAT, Export, ExportFile, ExportMedia, FormerRecord, FormerView, PART_2_NOTICE,
    PART_2_SCOPE, PART_2_SOURCE, REDISCLOSURE,
};
pub use health::{
    CheckHealth, FileVolume, FilesHealth, HealthReport, OutboxHealth, SpacesHealth, Volume,
};
pub use import::{FileProblem, ImportCounts, ImportError, ImportPlan, ImportReport, OpenFile};
pub use media::MediaError;
pub use ports::Ports;
pub use report::{
    StandingWarning, SyncProblem, SyncProgress, SyncReport, Warning, WarningCode, WarningId,
};
pub use space::SpaceError;
pub use space::recovery::RecoveryCode;
pub use store::{Closed, StoreError, StoreKey};
pub use sync::http::HttpNetwork;
pub use sync::trust::CertificateTrust;

/// What only tests of other crates may reach.
#[cfg(feature = "testing")]
pub mod testing {
    /// How documents are made and merged.
    pub mod document {
        pub use crate::document::*;
    }
    /// Files to attach.
    pub mod media {
        pub use crate::media::samples::*;
    }
    /// Keys, seals, links, membership.
    pub mod space {
        pub use crate::space::*;
    }
    /// The replica on disk.
    pub mod store {
        pub use crate::store::*;
    }
}
