//! What the clinic says of itself in each care space: its name, where it moved to, and for how long the server keeps
//! what a patient shared after they ended their account.

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::domain::{ClinicProfile, Content as _, USUAL_KEEP_DAYS};
use crate::error::Result;
use crate::records::Newest;

/// Setting that holds the days.
const KEEP_DAYS: &str = "keep_days";

impl Clinic {
    /// For how many days the server is asked to keep what a patient shared after they ended their account.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn keep_days(&self) -> Result<u16> {
        let set = self.replica.text_setting(KEEP_DAYS)?;
        let set = set.and_then(|days| days.parse().ok());
        Ok(set.unwrap_or(USUAL_KEEP_DAYS))
    }

    /// Sets that, and tells every patient's phone with the next exchange, so that it can say so before the end. What
    /// broke off is done by setting it again.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for more than 366 days;
    /// [`CoreError::Store`](crate::CoreError::Store).
    ///
    /// ```
    /// # use companion_core::clinic::Clinic;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.keep_days()?, 30);
    /// clinic.set_keep_days(90)?;
    /// assert_eq!(clinic.keep_days()?, 90);
    /// assert!(clinic.set_keep_days(4000).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_keep_days(&self, days: u16) -> Result<()> {
        self.change_keep_days(|_| Some(days))
    }

    /// The same, for whoever decides by what is set now, which nobody else changes meanwhile: `None` changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Clinic::set_keep_days`].
    pub fn change_keep_days(&self, change: impl FnOnce(u16) -> Option<u16>) -> Result<()> {
        let _turn = self.take_register_turn();
        let mut profile = self.profile()?;
        let Some(days) = change(profile.keep_days) else {
            return Ok(());
        };
        profile.keep_days = days;
        profile.checked()?;
        self.replica
            .store
            .write(|w| w.set_setting(KEEP_DAYS, days.to_string().as_bytes()))?;
        for (_, record) in self.read_register()? {
            let care = record.care_space;
            if self.replica.knows(care) && self.over_in(care)?.is_none() {
                self.say_of_itself(care, |profile| profile.keep_days = days)?;
            }
        }
        Ok(())
    }

    /// What it says of itself in a care space that was just founded.
    pub(super) fn profile(&self) -> Result<ClinicProfile> {
        let mut profile = ClinicProfile::new(self.name()?);
        profile.keep_days = self.keep_days()?;
        Ok(profile)
    }

    /// Changes what it says of itself in a care space. Gives whether that stands there: not where a newer node said
    /// something that can't be read here.
    pub(super) fn say_of_itself(
        &self,
        care: SpaceId,
        change: impl Fn(&mut ClinicProfile),
    ) -> Result<bool> {
        let records = self.records_in(care);
        match records.newest::<ClinicProfile>()? {
            Newest::Unreadable { .. } => return Ok(false),
            Newest::Is(said) => {
                let mut now = said.content.clone();
                change(&mut now);
                if now != said.content {
                    records.edit::<ClinicProfile>(said.id, &said.revision, |it| *it = now)?;
                }
            }
            Newest::None => {
                let mut profile = self.profile()?;
                change(&mut profile);
                records.create(profile)?;
            }
        }
        Ok(true)
    }
}
