//! Two histories of one patient's record: where the server's and this node's part.

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::domain::DocumentId;
use crate::error::Result;
use crate::report::{WarningCode, cut_back_to};

/// Where the server's history of who is in a record parts from this node's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The care space.
    pub space: SpaceId,
    /// How many statements both have. Whoever runs the server can cut its chain back to these.
    pub statements: u64,
    /// What was noticed, without content.
    pub detail: String,
    /// When it was last noticed, milliseconds since 1970 UTC by this node's clock.
    pub at_ms: i64,
}

impl Clinic {
    /// The fork that stands in a patient's record as of the last exchange, whether or not somebody dismissed the
    /// warning of it; `None` once it is healed.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.fork(ada)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn fork(&self, patient: DocumentId) -> Result<Option<Fork>> {
        let space = self.record(patient)?.content.care_space;
        let code = WarningCode::ChainForked.as_str();
        let said = self.replica.store.read(|r| r.warning(code, space))?;
        Ok(said.and_then(|(detail, at_ms)| {
            Some(Fork {
                space,
                statements: cut_back_to(&detail)?,
                detail,
                at_ms,
            })
        }))
    }
}
