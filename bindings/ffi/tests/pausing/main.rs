//! A pause and whatever goes on beside it: saves, calls to a server that says nothing, a resume that comes at once.
#![allow(clippy::unwrap_used, clippy::panic)]

mod resting;
#[path = "../shared/mod.rs"]
mod shared;

use std::future::Future;
use std::net::TcpListener;
use std::path::Path;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use companion_ffi::{
    AttachmentRequest, ByteSource, ByteSourceError, CompanionError, EntryKind, EntryRequest,
    Journal, OpenRequest, PageRequest, PhoneRecord, WhoReads, open_record,
};

use tempfile::TempDir;
use tokio::sync::oneshot;

use shared::{Vault, wait};

/// Longest wait for what must not wait for a server, which is waited for a minute.
const LIMIT: Duration = Duration::from_secs(30);

/// Recovery words that are well formed.
const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn open(folder: &Path, vault: Vault) -> Result<Arc<PhoneRecord>, CompanionError> {
    let request = OpenRequest {
        path: folder.join("record.db").to_str().unwrap().to_owned(),
        trusted_root: None,
    };
    wait(open_record(request, Arc::new(vault), None, None))
}

fn entry(record: &PhoneRecord) -> EntryRequest {
    EntryRequest {
        title: String::new(),
        body: "The lake was calm.".to_owned(),
        kind: EntryKind::Reflection,
        mood: None,
        session: None,
        tags: Vec::new(),
        visibility: WhoReads::OnlyMe,
        at: record.now().unwrap(),
    }
}

/// A new record in a folder of its own, and its journal.
fn opened() -> (TempDir, Arc<PhoneRecord>, Arc<Journal>) {
    let folder = tempfile::tempdir().unwrap();
    let record = open(folder.path(), Vault::default()).unwrap();
    let journal = record.journal().unwrap();
    (folder, record, journal)
}

#[test]
fn a_resume_that_comes_while_a_pause_is_under_way_wins() {
    let (_folder, record, journal) = opened();
    wait(async {
        for round in 1..=40 {
            let save = journal.create(entry(&record));
            // In this order, as an app's own callbacks ask for them when a screen is turned.
            let (_, paused, resumed) = tokio::join!(save, record.pause(), record.resume());
            paused.unwrap();
            resumed.unwrap();
            let all = journal.count(PageRequest::default()).await;
            assert!(all.is_ok(), "round {round}: {all:?}");
        }
    });
}

#[test]
fn a_pause_that_comes_while_a_resume_is_under_way_wins() {
    let (_folder, record, journal) = opened();
    wait(async {
        for _ in 1..=40 {
            record.pause().await.unwrap();
            let (resumed, paused) = tokio::join!(record.resume(), record.pause());
            assert!(matches!(resumed, Ok(()) | Err(CompanionError::Paused)));
            paused.unwrap();
            let all = journal.count(PageRequest::default()).await;
            assert_eq!(all, Err(CompanionError::Paused));
        }
    });
}

#[test]
fn of_pauses_and_resumes_the_last_one_holds_in_whichever_order_they_run() {
    let (_folder, record, journal) = opened();
    wait(async {
        for round in 1..=40 {
            let save = journal.create(entry(&record));
            let (_, first, second) = tokio::join!(save, record.pause(), record.pause());
            assert_eq!((first, second), (Ok(()), Ok(())), "round {round}");
            assert_eq!(
                journal.count(PageRequest::default()).await,
                Err(CompanionError::Paused),
                "round {round}"
            );
            record.resume().await.unwrap();
            let save = journal.create(entry(&record));
            let (_, first, resumed, last) =
                tokio::join!(save, record.pause(), record.resume(), record.pause());
            assert_eq!((first, resumed, last), (Ok(()), Ok(()), Ok(())), "{round}");
            assert_eq!(
                journal.count(PageRequest::default()).await,
                Err(CompanionError::Paused),
                "round {round}"
            );
            record.resume().await.unwrap();
        }
    });
}

/// A source that says that it was asked, and gives nothing until it is let go of.
struct Stuck {
    asked: Mutex<Option<oneshot::Sender<()>>>,
    until: Mutex<Receiver<()>>,
}

impl ByteSource for Stuck {
    fn read(&self, _: u32) -> Result<Vec<u8>, ByteSourceError> {
        if let Some(asked) = self.asked.lock().unwrap().take() {
            asked.send(()).unwrap();
        }
        let _ = self.until.lock().unwrap().recv();
        Ok(Vec::new())
    }
}

/// Such a source, what tells that it was asked, and what lets go of it when it is dropped.
fn stuck() -> (Sender<()>, oneshot::Receiver<()>, Arc<Stuck>) {
    let (hold, until) = channel();
    let (asked, is_asked) = oneshot::channel();
    let stuck = Stuck {
        asked: Mutex::new(Some(asked)),
        until: Mutex::new(until),
    };
    (hold, is_asked, Arc::new(stuck))
}

/// What such a source is to give.
fn recording() -> AttachmentRequest {
    AttachmentRequest {
        length: 1_000,
        media_type: Some("audio/wav".to_owned()),
        caption: String::new(),
    }
}

#[test]
fn a_pause_and_other_calls_wait_for_no_source_of_bytes() {
    let (_folder, record, journal) = opened();
    let (_hold, is_asked, stuck) = stuck();
    wait(async {
        let attach = record.create_attached(entry(&record), recording(), stuck);
        let meanwhile = async {
            is_asked.await.unwrap();
            assert_eq!(journal.count(PageRequest::default()).await, Ok(0));
            record.pause().await
        };
        let both = tokio::time::timeout(LIMIT, async { tokio::join!(attach, meanwhile) });
        let (attached, paused) = both.await.unwrap();
        assert_eq!(attached.err(), Some(CompanionError::Paused));
        paused.unwrap();
        record.resume().await.unwrap();
        assert_eq!(
            journal.count(PageRequest::default()).await,
            Ok(0),
            "nothing half"
        );
    });
}

#[test]
fn calls_that_nobody_waits_for_any_more_hold_up_neither_a_pause_nor_a_look() {
    let folder = tempfile::tempdir().unwrap();
    let record = open(folder.path(), Vault::default()).unwrap();
    // Takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    for _ in 0..8 {
        let mut call = pin!(record.recover(server.clone(), WORDS.to_owned()));
        // Begun, and let go of: as a coroutine that is canceled.
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    }
    wait(async {
        let looked = tokio::time::timeout(LIMIT, record.status()).await;
        assert!(looked.unwrap().is_ok());
        let paused = tokio::time::timeout(LIMIT, record.pause()).await;
        assert!(paused.unwrap().is_ok());
    });
}

#[test]
fn a_vault_that_keeps_nothing_makes_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault {
        forgets: true,
        ..Vault::default()
    };
    let opened = open(folder.path(), vault);
    assert!(matches!(
        opened.err(),
        Some(CompanionError::VaultFailed { .. })
    ));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
