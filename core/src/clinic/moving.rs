//! Moving the clinic's record to a server at another address.
//!
//! The new address travels in the clinic's profile in each care space, sealed and signed like everything
//! there. Phones that sync with the old server learn of it and ask before they follow; where the old one
//! is gone, the address is typed by hand.

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::error::Result;
use crate::ports::Cancel;

use crate::space::identity::Handle;
use crate::sync::{self, ServerConnection, tidy_address};

/// What a move did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The old server has the news for every phone: it must stay up until they have synced with it.
    AtTheOldServer,
    /// The old server did not take it, or not for every patient: phones that have not heard of it are
    /// told the address by hand.
    NotEverywhere,
}

impl Clinic {
    /// Moves to the server at `address`, which has the clinic's key registered and either holds a copy of
    /// the old one's data or is empty and takes over. Says so to every phone by way of the old server
    /// first, if that can be reached; the next sync gives the new one what it lacks.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`](crate::CoreError::Offline) when no server answers at that address;
    /// [`CoreError::BadAddress`](crate::CoreError::BadAddress); [`CoreError::Store`](crate::CoreError::Store).
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::clinic::Clinic;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    ///
    /// // Nobody answers there: the clinic stays where it is.
    /// let moved = clinic.move_to_server("https://new.test/");
    /// assert!(matches!(moved, Err(CoreError::Offline(_))));
    /// assert_eq!(clinic.server()?, "https://sync.test");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn move_to_server(&self, address: &str) -> Result<Announced> {
        let address = tidy_address(address);
        let replica = &*self.replica;
        // Refuses an address that could never work, before anything is written.
        replica.ports.network.authority(address)?;
        let old = self.server()?;
        let pass = replica.gate.enter(&Cancel::new())?;
        ServerConnection::open(replica, address, &pass.cancel)?.must_answer(&Handle::SHARED)?;
        let mut is_everywhere = true;
        for (_, record) in self.read_register()? {
            if self.over_in(record.care_space)?.is_some() {
                // Nobody is there to follow.
            } else if replica.knows(record.care_space) {
                is_everywhere &= self.say_address(record.care_space, address)?;
            } else {
                is_everywhere = false;
            }
        }
        let told = ServerConnection::open(replica, &old, &pass.cancel)
            .and_then(|server| sync::run(&server, self));
        let is_told = old != address
            && told.is_ok_and(|report| report.problems.is_empty() && report.waiting == 0);
        replica.move_to_server(address)?;
        Ok(if is_told && is_everywhere {
            Announced::AtTheOldServer
        } else {
            Announced::NotEverywhere
        })
    }

    /// Writes the address into what the clinic says of itself in a care space. Gives whether it stands there: not
    /// where a newer node said something that can't be read here.
    fn say_address(&self, care: SpaceId, address: &str) -> Result<bool> {
        self.say_of_itself(care, |profile| address.clone_into(&mut profile.server))
    }
}
