//! Ending the account: what is said before it, what is decided, and how far it got.

use companion_core::patient::{AccountState, BeforeEnding, Patient, SharedThen as CoreSharedThen};

use super::{OpenRequest, PhoneRecord};
use std::sync::Arc;

use crate::cross::{Back as _, Cross, choice};
use crate::error::Result;
use crate::network::ports;
use crate::runtime;
use crate::values::LocalMoment;
use crate::vault::{KeyVault, key};

choice! {
    /// What becomes of what is shared when an account ends.
    SharedThen of CoreSharedThen {
        /// It stays with the clinic, as it was shared.
        Stays,
        /// It is taken back: the clinic's pages stop showing it.
        IsTakenBack,
    }
}

/// How it stands with the end of the account.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum AccountStanding {
    /// It is being ended on this phone; the next exchange goes on with it.
    Ending {
        /// When it was decided.
        at: LocalMoment,
        /// How many changes wait to be sent first.
        waiting: u64,
    },
    /// It was ended, and what is on this phone can go: `remove_if_ended` takes it away.
    Ended {
        /// When.
        at: LocalMoment,
    },
    /// It was ended on another phone, and this one keeps what is on it for now.
    EndedElsewhere {
        /// When.
        at: LocalMoment,
        /// How much of what was written on this phone never left it.
        never_sent: u64,
        /// How much of what was taken back or deleted on this phone the clinic still shows: that never left it, either.
        still_shown: u64,
        /// Until when nothing is taken away, since it is the day of a session.
        until: Option<LocalMoment>,
    },
}

impl Cross<AccountState> for AccountStanding {
    fn out(core: AccountState) -> Self {
        match core {
            AccountState::Ending { at, waiting } => AccountStanding::Ending {
                at: Cross::out(at),
                waiting,
            },
            AccountState::Ended { at } => AccountStanding::Ended { at: Cross::out(at) },
            AccountState::EndedElsewhere {
                at,
                never_sent,
                still_shown,
                until,
            } => AccountStanding::EndedElsewhere {
                at: Cross::out(at),
                never_sent,
                still_shown,
                until: Cross::out(until),
            },
        }
    }
}

/// What a person should know before they end their account.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BeforeEndingView {
    /// What happens, and what remains where, a sentence each: show all of them.
    pub sentences: Vec<String>,
    /// Whether the server has something of it: else the record is on this phone alone.
    pub is_on_server: bool,
    /// The clinic that is told; nothing where the phone is in the record with none.
    pub clinic: Option<String>,
    /// The clinic in the record with which this phone was once, and is no more.
    pub was_with: Option<String>,
    /// How much is shared.
    pub shared: u64,
    /// How much of that somebody at the clinic opened, as far as this phone knows.
    pub opened: u64,
    /// How much more of that the clinic's system has, as far as this phone knows.
    pub delivered: u64,
    /// How much of the person's own stands in what both sides keep, and is never taken back.
    pub kept_by_both: u64,
    /// How much of what is shared can't be read on this phone, so that it can't be taken back here.
    pub unreadable: u64,
    /// The person's other phones.
    pub other_phones: Vec<String>,
    /// Whether recovery words stand.
    pub has_words: bool,
    /// How many changes have not left this phone.
    pub waiting: u64,
    /// For how many days the clinic asks the server to keep what is shared.
    pub keep_days: u16,
}

impl Cross<BeforeEnding> for BeforeEndingView {
    fn out(core: BeforeEnding) -> Self {
        let sentences = core.sentences();
        let BeforeEnding {
            is_on_server,
            clinic,
            was_with,
            shared,
            opened,
            delivered,
            kept_by_both,
            unreadable,
            other_phones,
            has_words,
            waiting,
            keep_days,
        } = core;
        Self {
            sentences,
            is_on_server,
            clinic,
            was_with,
            shared,
            opened,
            delivered,
            kept_by_both,
            unreadable,
            other_phones,
            has_words,
            waiting,
            keep_days,
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// That the account may be ended on this phone now: to be asked before a person is.
    ///
    /// # Errors
    ///
    /// As of `end_account`.
    pub async fn may_end_account(&self) -> Result<()> {
        self.inner
            .ask(|patient| Ok(patient.may_end_account()?))
            .await
    }

    /// What a person should know before they end their account, as far as this phone knows.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn before_ending(&self) -> Result<BeforeEndingView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.before_ending()?)))
            .await
    }

    /// Ends the account. The person was told before what remains where (`before_ending`). From here on nothing new is
    /// written on this phone; the clinic is told with the next exchange that gets through, and only then
    /// `remove_if_ended` takes away what is here. Said again, it changes nothing.
    ///
    /// # Errors
    ///
    /// `NotNow`: on the day of a session, on any phone but the first, on one that waits to be let in.
    pub async fn end_account(&self, shared: SharedThen) -> Result<AccountStanding> {
        let ended = self.inner.ask_and_tell(move |patient| {
            let shared = shared.back()?;
            Ok(Cross::out(patient.end_account(shared)?))
        });
        ended.await
    }

    /// How it stands with the end of the account; nothing where nobody ended it, as far as this phone knows.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn account_standing(&self) -> Result<Option<AccountStanding>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.account_state()?)))
            .await
    }

    /// What was decided about what is shared, where the end was decided on this phone.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn shared_after_the_end(&self) -> Result<Option<SharedThen>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.shared_after_the_end()?)))
            .await
    }
}

/// Takes away the record, with its recordings and the help that stands beside it, if its account was ended; says when
/// that was. Call it before the record is opened, and after an exchange that says `ended`, once no `PhoneRecord` of that
/// file is open (`pause` it first) and nobody is in the middle of reading. Where it is killed, the next call goes on.
/// Then forget the key.
///
/// # Errors
///
/// As of `open_record`; `NotWritable` when a file can't be removed.
#[uniffi::export]
pub async fn remove_if_ended(
    request: OpenRequest,
    vault: Arc<dyn KeyVault>,
) -> Result<Option<LocalMoment>> {
    let removed = runtime::run(move || {
        let (ports, _) = ports(request.trusted_root.as_ref(), None)?;
        let path = std::path::PathBuf::from(request.path);
        // Where there is no record no key is made for one.
        if !path.exists() {
            return Ok(None);
        }
        let key = key(&vault, &*ports.rng, false)?;
        Ok(Cross::out(Patient::remove_if_ended(&path, &key, ports)?))
    });
    removed.await
}
