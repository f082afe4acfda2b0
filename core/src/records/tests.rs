//! Proofs of the verbs that all kinds share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod attaching;
mod choosing;
mod contract;
mod editing;
mod health;
mod kinds_page;
mod lists_apart;
mod merging;
mod newest;
mod programme;
mod racing;
mod random_edits;
mod reading;
mod released;
mod sharing_apart;
mod two_devices;
mod upgrade;

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::domain::{Purpose, Side, Writers};
use crate::ports::testing::offline;
use crate::replica::Replica;
use crate::store::StoreKey;

const KEY: StoreKey = StoreKey::new([7; 32]);

/// One installation with spaces of every purpose that its side has, and its folder.
struct Installation {
    folder: tempfile::TempDir,
    replica: Arc<Replica>,
    records: Records,
}

impl Installation {
    fn of(side: Side) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.db");
        let replica = Arc::new(Replica::open(&path, &KEY, offline(), side).unwrap());
        let care = replica.found_space(Purpose::Care, None).unwrap();
        let scope = match side {
            Side::Patient => {
                replica.found_space(Purpose::Private, None).unwrap();
                Scope::Patient
            }
            Side::Clinic => {
                replica.found_space(Purpose::Clinic, None).unwrap();
                Scope::Care(care)
            }
        };
        Self {
            folder,
            records: Records::new(&replica, scope),
            replica,
        }
    }

    /// A side that writes a kind: of both the patient's, which has a space for what is private.
    fn for_writers(writers: Writers) -> Self {
        Self::of(match writers {
            Writers::Patient | Writers::Both => Side::Patient,
            Writers::Clinic => Side::Clinic,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("record.db")
    }

    fn fields(&self, id: crate::domain::DocumentId) -> Map {
        fields_of(&self.row(id))
    }

    fn row(&self, id: crate::domain::DocumentId) -> ItemRow {
        let row = self.replica.store.read(|r| r.item(id)).unwrap();
        row.expect("the row is there")
    }
}
