//! A record that rests has no file open, and one that does not rest waits for nobody who has it in use.

use std::future::Future;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use companion_ffi::{
    ChangeListener, CompanionError, ExchangeStop, MediaReason, PageRequest, RecordChange,
};
use tempfile::TempDir;

use super::shared::wait;
use super::{LIMIT, WORDS, entry, opened, recording, stuck};

struct Hears(Mutex<Sender<RecordChange>>);

impl ChangeListener for Hears {
    fn on_change(&self, change: RecordChange) {
        // Nobody may listen to the listener any more.
        let _ = self.0.lock().unwrap().send(change);
    }
}

fn hears() -> (Arc<Hears>, Receiver<RecordChange>) {
    let (to, heard) = channel();
    (Arc::new(Hears(Mutex::new(to))), heard)
}

/// Files of the record that this process has open.
#[cfg(target_os = "linux")]
fn open_files(folder: &TempDir) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir("/proc/self/fd").unwrap();
    let files = all.filter_map(|one| std::fs::read_link(one.ok()?.path()).ok());
    files
        .filter(|file| file.starts_with(folder.path()))
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn once_a_pause_is_over_no_file_of_the_record_is_open_whoever_listens() {
    let (folder, record, journal) = opened();
    let listeners: Vec<_> = (0..6).map(|_| hears()).collect();
    wait(async {
        let mut subscriptions = Vec::new();
        for (listener, _) in &listeners {
            subscriptions.push(record.listen(Arc::clone(listener) as _).await.unwrap());
        }
        for round in 0..60 {
            // What is saved right before wakes all who listen.
            journal.create(entry(&record)).await.unwrap();
            if round % 10 == 9 {
                // Whoever ends it is not waited for, and its thread may still be reading.
                subscriptions.pop().map(|one| one.cancel());
            }
            record.pause().await.unwrap();
            assert_eq!(
                open_files(&folder),
                Vec::<std::path::PathBuf>::new(),
                "round {round}"
            );
            record.resume().await.unwrap();
        }
    });
}

#[test]
fn a_resume_of_a_record_that_is_open_waits_for_nobody_and_holds_up_nobody() {
    let (_folder, record, journal) = opened();
    let (hold, is_asked, stuck) = stuck();
    wait(async {
        let attach = record.create_attached(entry(&record), recording(), stuck);
        let meanwhile = async {
            is_asked.await.unwrap();
            let resumed = tokio::time::timeout(LIMIT, record.resume()).await;
            let looked = tokio::time::timeout(LIMIT, journal.count(PageRequest::default())).await;
            drop(hold);
            (resumed, looked)
        };
        let (attached, (resumed, looked)) = tokio::join!(attach, meanwhile);
        assert_eq!(resumed.unwrap(), Ok(()));
        assert_eq!(looked.unwrap(), Ok(0));
        assert!(attached.is_err(), "the source gave nothing");
    });
}

#[test]
fn a_file_without_an_end_is_refused_and_holds_up_nobody() {
    let (folder, record, journal) = opened();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    wait(async {
        let saved = journal.create(entry(&record)).await.unwrap();
        for path in [pipe, folder.path().to_owned(), folder.path().join("none")] {
            let path = path.to_str().unwrap().to_owned();
            let attach = record.attach_file(saved.head.id, path, None, String::new());
            let refused = tokio::time::timeout(LIMIT, attach).await.unwrap();
            let refused = refused.unwrap_err();
            assert!(
                matches!(
                    refused,
                    CompanionError::Media {
                        reason: MediaReason::Unreadable,
                        ..
                    }
                ),
                "{refused:?}"
            );
        }
    });
}

#[test]
fn who_listens_hears_of_a_choice_that_nobody_waited_for() {
    let (_folder, record, _) = opened();
    let (listener, heard) = hears();
    let _listening = wait(record.listen(listener)).unwrap();
    let first = heard.recv_timeout(LIMIT).unwrap();
    let mut choosing = Box::pin(record.send_attachments_on_metered(false));
    // Begun, and let go of: as a coroutine that is canceled.
    let polled = choosing
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    drop(choosing);
    let told = heard.recv_timeout(LIMIT).unwrap();
    assert_eq!((told.sequence, &*told.kinds), (first.sequence, &[][..]));
    assert_eq!(wait(record.attachments_on_metered()), Ok(false));
}

#[test]
fn an_exchange_that_waits_for_its_turn_ends_when_it_is_stopped() {
    let (_folder, record, _) = opened();
    // Takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let recover = || record.recover(server.clone(), WORDS.to_owned());
    let stop = ExchangeStop::new();
    wait(async {
        let (mut one, mut other) = (pin!(recover()), pin!(recover()));
        let mut third = pin!(record.sync_telling(None, Some(Arc::clone(&stop))));
        let mut context = Context::from_waker(Waker::noop());
        // Both turns are taken, and the third call waits.
        assert!(one.as_mut().poll(&mut context).is_pending());
        assert!(other.as_mut().poll(&mut context).is_pending());
        assert!(third.as_mut().poll(&mut context).is_pending());
        stop.stop().unwrap();
        let third = tokio::time::timeout(LIMIT, third).await;
        assert_eq!(third.unwrap().err(), Some(CompanionError::Canceled));
    });
}
