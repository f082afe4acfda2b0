//! Following a clinic to a server at another address. A phone learns of it from the clinic's profile,
//! which only the clinic may write, and goes nowhere before the person said so.

use super::Patient;
use crate::domain::{ClinicProfile, Purpose};
use crate::error::{CoreError, NotNow, Result};
use crate::records::{Records, Scope};
use crate::sync::{ServerConnection, tidy_address};

impl Patient {
    /// Goes to the server that the clinic said it moved to ([`PhoneStatus::moved_to`](super::PhoneStatus));
    /// gives its address. The next sync gives that server what it lacks.
    ///
    /// # Errors
    ///
    /// [`NotNow::NotMoved`]; [`CoreError::BadAddress`]; [`CoreError::Offline`] where nobody answers, and the
    /// phone stays where it is.
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&path, &key, ports)?;
    ///
    /// let stays = phone.follow_clinic();
    /// assert!(matches!(stays, Err(CoreError::NotNow(NotNow::NotMoved))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn follow_clinic(&self) -> Result<String> {
        let profile = self.moved_clinic()?.ok_or(NotNow::NotMoved)?;
        let address = tidy_address(&profile.server);
        self.go_to(address)?;
        Ok(address.to_owned())
    }

    /// Goes to a server by an address that the clinic gave by hand, where the old server is gone and can't
    /// tell of the move any more.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`]; and as [`Patient::follow_clinic`].
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&path, &key, ports)?;
    ///
    /// let alone = phone.use_server("https://new.test");
    /// assert!(matches!(alone, Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn use_server(&self, address: &str) -> Result<()> {
        let address = tidy_address(address);
        if tidy_address(&self.server()?) == address {
            return Ok(());
        }
        self.go_to(address)
    }

    fn go_to(&self, address: &str) -> Result<()> {
        let replica = &self.replica;
        let pass = replica.gate.enter(&self.wish)?;
        let care = replica.row_for(Purpose::Care).ok_or(CoreError::NotPaired)?;
        ServerConnection::open(replica, address, &pass.cancel)?.must_answer(&care.handle)?;
        replica.move_to_server(address)
    }

    /// What the clinic says of itself, if it says that it is at another server than this phone's.
    pub(super) fn moved_clinic(&self) -> Result<Option<ClinicProfile>> {
        let Some(care) = self.replica.row_for(Purpose::Care) else {
            return Ok(None);
        };
        let of_clinic = Records::new(&self.replica, Scope::Care(care.space));
        // Where the newest can't be read the phone stays where it is: an older address may be nobody's.
        let said = of_clinic.newest::<ClinicProfile>()?.or_nothing();
        let profile = said.map(|view| view.content);
        let Some(profile) = profile.filter(|profile| !profile.server.is_empty()) else {
            return Ok(None);
        };
        let is_elsewhere = tidy_address(&self.server()?) != tidy_address(&profile.server);
        Ok(is_elsewhere.then_some(profile))
    }
}
