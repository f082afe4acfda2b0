//! A phone of a scenario: its file, its vault, and who listens to it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use companion_ffi::{
    ChangeListener, ChangeSubscription, CompanionError, KeyVault, OpenRequest, PhoneRecord,
    RecordChange, open_record,
};

use crate::run::wait;
use crate::vault::{Sort, Vault};

/// Longest wait for what must come: a listener is called by a thread of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// A phone of a scenario.
pub(crate) struct Phone {
    pub(crate) path: PathBuf,
    vault: Arc<Vault>,
    record: Option<Arc<PhoneRecord>>,
}

impl Phone {
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        let path = folder.join(name).join("record.db");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        Self {
            path,
            vault: Vault::new(Sort::Good, None),
            record: None,
        }
    }

    /// Opens it with its own vault, or with another one.
    pub(crate) fn open(&mut self, vault: Option<&str>) -> Result<(), CompanionError> {
        let vault: Arc<dyn KeyVault> = match vault {
            None => self.vault.clone(),
            Some("another_key") => Vault::new(Sort::Good, Some(vec![9; 32])),
            Some("short_key") => Vault::new(Sort::Good, Some(vec![9; 31])),
            Some("empty") => Vault::new(Sort::Good, None),
            Some("locked") => Vault::new(Sort::Locked, None),
            Some("failing") => Vault::new(Sort::Failing, None),
            Some(other) => panic!("there is no vault called {other}"),
        };
        let request = OpenRequest {
            path: self.path.to_str().unwrap().to_owned(),
            trusted_root: None,
        };
        self.record = Some(wait(open_record(request, vault, None, None))?);
        Ok(())
    }

    pub(crate) fn close(&mut self) -> Result<(), CompanionError> {
        let record = self.record.take().unwrap();
        wait(record.pause())
    }

    pub(crate) fn record(&self) -> Arc<PhoneRecord> {
        self.record.clone().unwrap()
    }

    pub(crate) fn key(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.vault.kept().unwrap())
    }
}

/// Somebody who listens, and all that they heard.
pub(crate) struct Ears {
    heard: Arc<Heard>,
    subscription: Arc<ChangeSubscription>,
    canceled_after: Option<usize>,
}

#[derive(Default)]
struct Heard {
    changes: Mutex<Vec<RecordChange>>,
    one_more: Condvar,
}

impl ChangeListener for Heard {
    fn on_change(&self, change: RecordChange) {
        self.changes.lock().unwrap().push(change);
        self.one_more.notify_all();
    }
}

impl Ears {
    pub(crate) fn listen(record: &PhoneRecord) -> Result<Self, CompanionError> {
        let heard = Arc::new(Heard::default());
        let subscription = wait(record.listen(heard.clone()))?;
        Ok(Self {
            heard,
            subscription,
            canceled_after: None,
        })
    }

    /// Waits until it heard of these kinds, and of that place in the record.
    pub(crate) fn wait_for(&self, kinds: &[String], newest: Option<i64>) {
        let all = self.heard.changes.lock().unwrap();
        let has_come = |all: &mut Vec<RecordChange>| {
            let named = all.iter().any(|change| match kinds.is_empty() {
                true => change.kinds.is_empty(),
                false => kinds.iter().all(|kind| change.kinds.contains(kind)),
            });
            let reached = all.iter().any(|change| Some(change.sequence) >= newest);
            !(named && reached)
        };
        let (all, waited) = self
            .heard
            .one_more
            .wait_timeout_while(all, PATIENCE, has_come)
            .unwrap();
        assert!(!waited.timed_out(), "only {all:?} was heard, not {kinds:?}");
    }

    pub(crate) fn cancel(&mut self) -> Result<(), CompanionError> {
        self.subscription.cancel()?;
        self.canceled_after = Some(self.heard.changes.lock().unwrap().len());
        Ok(())
    }

    /// It heard nothing since it was canceled, but for a call that was under way.
    pub(crate) fn must_have_heard_no_more(&self) {
        let heard = self.heard.changes.lock().unwrap().len();
        assert!(heard <= self.canceled_after.unwrap() + 1);
    }

    /// The present state came first, and no change before an older one.
    pub(crate) fn must_be_in_order(&self) {
        let all = self.heard.changes.lock().unwrap();
        assert!(all.first().unwrap().kinds.is_empty(), "{all:?}");
        assert!(all.is_sorted_by_key(|change| change.sequence), "{all:?}");
    }
}
