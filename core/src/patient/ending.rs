//! Ending the account, from the patient's first phone: what is said before it, what is decided, and the way to the
//! end, which goes on wherever it broke off. The patient's other phones hear of it by the chain of the private space,
//! which no host ever was in, and by nothing else.

mod before;
mod on_the_way;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use before::BeforeEnding;

use super::Patient;
use crate::domain::session_day::SessionStage;
use crate::domain::{ClinicProfile, Moment, Purpose, declared};
use crate::error::{CoreError, NotNow, Result};
use crate::ports::Ports;
use crate::settings::{ENDING, note, noted};
use crate::store::{BlobStanding, Reader, SpaceStanding, Store, StoreKey};
use crate::unlocked;

/// What becomes of what is shared when an account ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedThen {
    /// It stays with the clinic, as it was shared.
    Stays,
    /// It is taken back: the clinic's pages stop showing it.
    IsTakenBack,
}

/// How far the end got on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// A person decided it; what is shared may still have to be taken back.
    Decided,
    /// The clinic is told, as soon as the server can be reached.
    Told,
    /// The server has both ends: what is on this phone can go.
    Over,
}

/// What was decided on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Ending {
    at: Moment,
    shared: SharedThen,
    keep_days: u16,
    stage: Stage,
}

/// How it stands with the end of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It is being ended on this phone; the next exchange with the server goes on with it.
    Ending {
        /// When it was decided.
        at: Moment,
        /// How many changes wait to be sent first.
        waiting: u64,
    },
    /// It was ended, and what is on this phone can go: [`Patient::remove_if_ended`] takes it away.
    Ended {
        /// When.
        at: Moment,
    },
    /// It was ended on another phone, and this one keeps what is on it for now.
    EndedElsewhere {
        /// When.
        at: Moment,
        /// How much of what was written on this phone never left it.
        never_sent: u64,
        /// How much of what was taken back or deleted on this phone the clinic still shows: that never left it, either.
        still_shown: u64,
        /// Until when nothing is taken away, since it is the day of a session.
        until: Option<Moment>,
    },
}

impl Patient {
    /// That the account may be ended on this phone now: to be asked before a person is.
    ///
    /// # Errors
    ///
    /// As [`Patient::end_account`].
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.may_end_account()?;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn may_end_account(&self) -> Result<()> {
        if let Some(until) = self.session_holds_until()? {
            return Err(NotNow::NotOnASessionsDay { until }.into());
        }
        match self.is_ended()? {
            true => Ok(()),
            false => self.must_be_first(),
        }
    }

    /// Ends the account. The person was told before what remains where ([`Patient::before_ending`]). From here on
    /// nothing new is written on this phone; the clinic is told, both spaces are ended at the server with the next
    /// exchange that gets through, and only then [`Patient::remove_if_ended`] takes away what is here. Said again, it
    /// changes nothing. On a phone that heard that the account was ended elsewhere it lets go of what is left there.
    ///
    /// # Errors
    ///
    /// [`NotNow::NotOnASessionsDay`] says until when; [`NotNow::NotTheFirstPhone`]; [`NotNow::NotLetIn`] for a phone
    /// that waits to be let in.
    ///
    /// ```
    /// use companion_core::NotNow;
    /// use companion_core::domain::Entry;
    /// use companion_core::patient::{AccountState, Patient, SharedThen};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline;
    /// let phone = Patient::open(&path, &key, ports())?;
    /// // Nobody else has anything of it: it is over at once.
    /// assert!(matches!(phone.end_account(SharedThen::Stays)?, AccountState::Ended { .. }));
    /// assert!(phone.create(Entry::new(phone.now())).is_err());
    /// drop(phone);
    /// assert!(Patient::remove_if_ended(&path, &key, ports())?.is_some());
    /// assert!(!path.exists());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn end_account(&self, shared: SharedThen) -> Result<AccountState> {
        let now = self.now();
        self.may_end_account()?;
        match self.noted_ending()? {
            None => {
                let stage = match self.ended_elsewhere()? {
                    Some(_) => Stage::Over,
                    None => Stage::Decided,
                };
                let ending = Ending {
                    at: now,
                    shared,
                    keep_days: self.keep_days()?,
                    stage,
                };
                self.replica.store.write(|w| note(w, ENDING, &ending))?;
            }
            // Whoever decides only now to take back what is shared can, as long as the record that they share is open.
            Some(noted) if shared == SharedThen::IsTakenBack && noted.shared != shared => {
                if noted.stage == Stage::Over || self.is_over(Purpose::Care) {
                    return Err(NotNow::SharedStays.into());
                }
                let ending = Ending {
                    at: now,
                    shared,
                    stage: Stage::Decided,
                    ..noted
                };
                self.replica.store.write(|w| note(w, ENDING, &ending))?;
            }
            Some(_) => {}
        }
        self.settle_end()?;
        let state = self.account_state()?;
        state.ok_or_else(|| NotNow::Contended.into())
    }

    /// How it stands with the end of the account; `None` where nobody ended it, as far as this phone knows.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert_eq!(phone.account_state()?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn account_state(&self) -> Result<Option<AccountState>> {
        if let Some(ending) = self.noted_ending()? {
            let at = ending.at;
            if ending.stage == Stage::Over {
                return Ok(Some(AccountState::Ended { at }));
            }
            let waiting = self.replica.store.read(|r| r.count_outbox())?;
            return Ok(Some(AccountState::Ending {
                at,
                waiting: waiting.try_into().unwrap_or(u64::MAX),
            }));
        }
        let Some(at) = self.ended_elsewhere()? else {
            return Ok(None);
        };
        let never_sent = self.never_sent()?;
        let until = self.session_holds_until()?;
        Ok(Some(match (never_sent, until) {
            (0, None) => AccountState::Ended { at },
            _ => AccountState::EndedElsewhere {
                at,
                never_sent,
                still_shown: self.records.still_shown()?,
                until,
            },
        }))
    }

    /// Takes away the record at `path`, with its blobs and the help that stands beside it, if its account was ended
    /// ([`AccountState::Ended`]); says when that was. To be called before the record is opened, and after an exchange
    /// that says [`SyncReport::ended`](crate::SyncReport::ended), once nothing holds the record open and nobody is in
    /// the middle of reading. Where it is killed, the next call goes on. The key is the caller's to forget.
    ///
    /// # Errors
    ///
    /// As [`Patient::open`], and [`CoreError::Store`] when a file can't be removed.
    ///
    /// ```
    /// use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline;
    /// drop(Patient::open(&path, &key, ports())?);
    /// assert!(Patient::remove_if_ended(&path, &key, ports())?.is_none());
    /// assert!(path.exists());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn remove_if_ended(path: &Path, key: &StoreKey, ports: Ports) -> Result<Option<Moment>> {
        if !path.exists() {
            return Ok(None);
        }
        let phone = Self::open(path, key, ports)?;
        let Some(AccountState::Ended { at }) = phone.account_state()? else {
            return Ok(None);
        };
        drop(phone);
        unlocked::remove(path)?;
        Store::remove(path, key)?;
        Ok(Some(at))
    }

    /// Whether the space that this phone writes in for that was ended.
    pub(super) fn is_over(&self, purpose: Purpose) -> bool {
        let row = self.replica.row_for(purpose);
        row.is_some_and(|row| row.standing == SpaceStanding::Ended)
    }

    /// Whether the account was ended, on whichever phone.
    pub(super) fn is_ended(&self) -> Result<bool> {
        Ok(self.account_state()?.is_some())
    }

    /// What was decided about what is shared, where an end was decided on this phone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn shared_after_the_end(&self) -> Result<Option<SharedThen>> {
        Ok(self.noted_ending()?.map(|ending| ending.shared))
    }

    fn noted_ending(&self) -> Result<Option<Ending>> {
        self.replica.store.read(read_ending)
    }

    /// Until when it is the day of a session, or quiet after one.
    fn session_holds_until(&self) -> Result<Option<Moment>> {
        let now = self.now();
        let held = self.quiet_until()?;
        let of_today = self
            .session_day()?
            .filter(|today| today.stage != SessionStage::NextDay && today.day.quiet_until > now);
        let until = of_today.map(|today| today.day.quiet_until);
        Ok(held.max(until))
    }

    /// For how many days the clinic asks to keep what is shared.
    fn keep_days(&self) -> Result<u16> {
        let profile = self.records.newest::<ClinicProfile>()?.or_older();
        let days = profile.map(|profile| profile.content.keep_days);
        Ok(days.unwrap_or(crate::domain::USUAL_KEEP_DAYS))
    }

    /// That this phone is the first one in every space that it is to end.
    fn must_be_first(&self) -> Result<()> {
        for purpose in [Purpose::Care, Purpose::Private] {
            let Some(row) = self.replica.row_for(purpose) else {
                continue;
            };
            match row.standing {
                SpaceStanding::Waiting => return Err(NotNow::NotLetIn.into()),
                SpaceStanding::Gone | SpaceStanding::Ended | SpaceStanding::Forgotten => continue,
                SpaceStanding::Member => {}
            }
            let state = self.replica.space(row.space)?;
            let first = state.chain.senior_device().map(|first| first.id);
            if first != Some(state.my_id()) {
                return Err(NotNow::NotTheFirstPhone.into());
            }
        }
        Ok(())
    }

    /// When the account was ended on another phone: by the chain of the private space, in which no host ever was. What
    /// becomes of the care space alone may be a clinic's doing, and takes nothing away here.
    fn ended_elsewhere(&self) -> Result<Option<Moment>> {
        let row = self.replica.row_for(Purpose::Private);
        let Some(row) = row.filter(|row| row.standing == SpaceStanding::Ended) else {
            return Ok(None);
        };
        let state = self.replica.space(row.space)?;
        let care = self.replica.row_for(Purpose::Care);
        // The shared record has the time of day; the private one only the day.
        let in_care = match care.filter(|row| row.standing == SpaceStanding::Ended) {
            Some(care) => self.replica.space(care.space)?.chain.ended(),
            None => None,
        };
        let ended = in_care.or(state.chain.ended());
        Ok(ended.map(|ended| self.replica.shown(ended.at_ms)))
    }

    /// How much of what a person wrote on this phone never left it.
    fn never_sent(&self) -> Result<u64> {
        let (waiting, files) = self.replica.store.read(|r| {
            let files = r.blob_numbers(BlobStanding::ToSend)?;
            Ok::<_, CoreError>((r.outbox_kinds()?, files.blobs))
        })?;
        let is_a_persons = |kind| declared(kind).is_none_or(|declared| declared.in_export);
        let words = waiting
            .iter()
            .filter(|(_, kind, _)| is_a_persons(kind))
            .map(|(_, _, count)| *count);
        Ok(words.fold(files, u64::saturating_add))
    }
}

fn read_ending(r: &Reader<'_>) -> Result<Option<Ending>> {
    noted(r, ENDING)
}
