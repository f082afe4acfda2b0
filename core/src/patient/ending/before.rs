//! What a person is told before they end their account: what happens, and what remains where.

use companion_protocol::statement::Role;

use super::Patient;
use crate::domain::{Declared, Placement, Purpose, REGISTRY, Writers};
use crate::error::{CoreError, Result};
use crate::patient::view::DeviceKind;
use crate::records::DeliveryState;
use crate::settings::CLINIC;

/// What a person should know before they end their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeforeEnding {
    /// Whether the server has something of it: else the record is on this phone alone.
    pub is_on_server: bool,
    /// The clinic that is told; `None` where the phone is in the record with none.
    pub clinic: Option<String>,
    /// The clinic in the record with which this phone was once, and is no more.
    pub was_with: Option<String>,
    /// How much is shared.
    pub shared: u64,
    /// How much of that somebody at the clinic opened, as far as this phone knows.
    pub opened: u64,
    /// How much more of that the clinic's system has, as far as this phone knows.
    pub delivered: u64,
    /// How much of the patient's own stands in what both sides keep, and is never taken back.
    pub kept_by_both: u64,
    /// How much of what is shared can't be read on this phone, so that it can't be taken back here.
    pub unreadable: u64,
    /// The patient's other phones.
    pub other_phones: Vec<String>,
    /// Whether recovery words stand.
    pub has_words: bool,
    /// How many changes have not left this phone.
    pub waiting: u64,
    /// For how many days the clinic asks the server to keep what is shared.
    pub keep_days: u16,
}

impl BeforeEnding {
    /// What happens, and what remains where, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = Vec::new();
        said.push(
            match (self.is_on_server, &self.was_with) {
                (true, _) => {
                    "What is only yours goes from this phone, and from the server as soon as it hears of it. Nobody \
                     can bring it back."
                }
                (false, None) => {
                    "Your record is on this phone alone: no server and nobody else has any of it. Ending it takes it \
                     away from here, and nobody can bring it back."
                }
                (false, Some(_)) => {
                    "What is on this phone goes from it. Nobody can bring it back."
                }
            }
            .to_owned(),
        );
        if let Some(clinic) = &self.was_with {
            said.push(format!(
                "This phone is not in the record with {clinic} any more, so nobody there is told of it. What the clinic \
                 received by then it may have to keep as a part of its records."
            ));
        }
        if let Some(clinic) = &self.clinic {
            said.push(format!(
                "{clinic} is told that you ended your account. Nothing more is booked for you here, and nothing more \
                 reaches you: call them about what is still to come."
            ));
            if self.shared > 0 {
                said.push(format!(
                    "You share {} with {clinic}. As far as this phone knows, somebody there opened {} of it, and \
                     the clinic's system has {} more. What the clinic has received it may have to keep as a part of its records, also where you take it back.",
                    things(self.shared),
                    self.opened,
                    self.delivered,
                ));
            }
            if self.kept_by_both > 0 {
                said.push(format!(
                    "Your goals, medicines and requests stay with {clinic}, also where you take back what you share: \
                     both of you keep them. That is {} here.",
                    things(self.kept_by_both),
                ));
            }
            if self.unreadable > 0 {
                said.push(format!(
                    "{} that you share can't be read on this phone, and can't be taken back from here. A newer version \
                     of this app may be able to.",
                    things(self.unreadable),
                ));
            }
            said.push(match self.keep_days {
                0 => "The server forgets what you shared at once.".to_owned(),
                days => format!(
                    "The server keeps what you shared, sealed, for {days} more days, so that the clinic gets what is \
                     left, and then forgets it."
                ),
            });
            said.push(
                "Whom you released a summary to, and was given it, keeps it. Whoever runs the server may have older \
                 backups of it, sealed: nobody there can read them."
                    .to_owned(),
            );
        }
        if !self.other_phones.is_empty() {
            said.push(format!(
                "Your other phones ({}) take away what is on them once they hear of it. One that holds words which were \
                 never sent keeps them until you say so there.",
                self.other_phones.join(", ")
            ));
        }
        if self.has_words {
            said.push(
                "Your recovery words open nothing any more. Throw the sheet away.".to_owned(),
            );
        }
        said.push(
            "Exports and backups that you made stay where you put them. If you want to take your record along, export \
             it first."
                .to_owned(),
        );
        if self.waiting > 0 && self.is_on_server {
            said.push(format!(
                "{} from this phone. What is shared is sent first; what is private is not sent any more.",
                match self.waiting {
                    1 => "1 change was not sent yet".to_owned(),
                    waiting => format!("{waiting} changes were not sent yet"),
                }
            ));
        }
        said
    }
}

fn things(number: u64) -> String {
    match number {
        1 => "1 thing".to_owned(),
        number => format!("{number} things"),
    }
}

/// What a person writes in the shared record and can't take back. What goes along with an exchange by itself is none.
fn is_kept_by_both(kind: &Declared) -> bool {
    kind.placement == Placement::Care && kind.writers != Writers::Clinic && kind.in_export
}

impl Patient {
    /// What a person should know before they end their account, as far as this phone knows.
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
    /// let before = phone.before_ending()?;
    /// assert_eq!((before.shared, before.clinic.clone()), (0, None));
    /// for sentence in before.sentences() {
    ///     println!("{sentence}");
    /// }
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn before_ending(&self) -> Result<BeforeEnding> {
        let (mut shared, mut opened, mut delivered) = (0, 0, 0);
        for kind in REGISTRY.iter().filter(|kind| kind.is_shared_by_choice()) {
            for delivery in self.records.deliveries_of_shared(kind)? {
                shared += 1;
                match delivery {
                    DeliveryState::Opened { .. } => opened += 1,
                    DeliveryState::Delivered { .. } => delivered += 1,
                    _ => {}
                }
            }
        }
        let mut unreadable = 0;
        for kind in REGISTRY.iter().filter(|kind| kind.is_shared_by_choice()) {
            unreadable += self.records.unreadable_shared(kind)?;
        }
        let mut kept_by_both = 0;
        for kind in REGISTRY.iter().filter(|kind| is_kept_by_both(kind)) {
            kept_by_both += self.records.written_by_patient(kind)?;
        }
        let clinic = self.replica.text_setting(CLINIC)?;
        let clinic = clinic.unwrap_or_else(|| "your clinic".to_owned());
        let (clinic, was_with) = match self.replica.row_for(Purpose::Care) {
            None => (None, None),
            Some(care) if care.is_open() => (Some(clinic), None),
            Some(_) => (None, Some(clinic)),
        };
        let devices = match self.devices() {
            Ok(devices) => devices,
            Err(CoreError::NotPaired) => Vec::new(),
            Err(error) => return Err(error),
        };
        let others = devices
            .into_iter()
            .filter(|device| device.kind == DeviceKind::Phone && device.removed.is_none());
        let private = self.replica.row_for(Purpose::Private);
        let has_words = match &private {
            Some(row) => {
                let chain = &self.replica.space(row.space)?.chain;
                chain
                    .present_members()
                    .any(|member| member.role == Role::Words)
            }
            None => false,
        };
        let waiting = self.replica.store.read(|r| r.count_outbox())?;
        Ok(BeforeEnding {
            is_on_server: self.is_on_server()?,
            clinic,
            was_with,
            shared,
            opened,
            delivered,
            kept_by_both,
            unreadable,
            other_phones: others.map(|device| device.name).collect(),
            has_words,
            waiting: waiting.try_into().unwrap_or(u64::MAX),
            keep_days: self.keep_days()?,
        })
    }
}
