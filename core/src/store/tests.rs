//! Proofs of the store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod disk;
mod faults;
mod image;
mod listing;
mod model;
mod opening;
mod scripts;
mod searching;
mod verbs;
mod wiping;

use std::path::{Path, PathBuf};

use companion_protocol::id::{
    ChangeId, Counter, HistoryHash, LogNumber, MemberId, SealedHash, SpaceId,
};

use super::*;
use crate::domain::{ChangeHash, Content as _, DocumentId, Entry, Kind, Purpose, Reply, Revision};
use crate::space::identity::Handle;

const KEY: StoreKey = StoreKey::new([7; 32]);

const SPACE: SpaceId = SpaceId::new([1; 32]);

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("record.db")
    }

    /// A store with one space.
    fn store(&self) -> Store {
        let store = Store::open(&self.file(), &KEY).unwrap();
        store.write(|w| w.put_space(&space_row(SPACE))).unwrap();
        store
    }
}

fn space_row(space: SpaceId) -> SpaceRow {
    SpaceRow {
        standing: SpaceStanding::Member,
        ..SpaceRow::new(space, Purpose::Care, Handle::SHARED)
    }
}

fn item(document: u8, sort_ms: i64) -> ItemRow {
    ItemRow {
        document: DocumentId::new([document; 16]),
        space: SPACE,
        kind: Entry::KIND,
        about: None,
        sort_ms,
        standing: Standing::Living,
        state: String::new(),
        attention: Attention::default(),
        changed: 0,
        received_ms: 0,
        writers: vec![WrittenBy {
            member: MemberId::new([9; 32]),
            counter: Counter(3),
        }],
        revision: Revision::new([ChangeHash::new([document; 32])]),
        projection: "{}".to_owned(),
        waiting: false,
    }
}

/// The newest of a kind, in one space.
fn newest(kind: Kind) -> ItemQuery {
    ItemQuery {
        spaces: vec![SPACE],
        kind,
        standing: Standing::Living,
        about: Vec::new(),
        state: None,
        order: Order::NewestFirst,
        after: None,
        limit: 100,
    }
}

fn count_log(store: &Store) -> usize {
    store.read(|r| r.log_in_order(SPACE)).unwrap().len()
}

fn log_row(author: u8, counter: u64, hash: u8) -> LogRow {
    let mut id = [author; 16];
    id[8..].copy_from_slice(&counter.to_be_bytes());
    LogRow {
        space: SPACE,
        number: None,
        id: ChangeId::new(id),
        author: MemberId::new([author; 32]),
        counter: Counter(counter),
        hash: SealedHash::new([hash; 32]),
        history: HistoryHash::new([hash; 32]),
        document: Some(DocumentId::new([author; 16])),
        change: Some(ChangeHash::new([hash; 32])),
        sealed: vec![hash; 100],
        received_ms: 5,
        refusal: None,
    }
}

fn outbox_row(number: u8) -> OutboxRow {
    OutboxRow {
        position: 0,
        space: SPACE,
        id: ChangeId::new([number; 16]),
        document: DocumentId::new([number; 16]),
        kind: Entry::KIND,
        change: ChangeHash::new([number; 32]),
        payload: vec![number; 64],
        committed_ms: i64::from(number),
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
