//! What somebody had before them when they decided.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::domain::hex_type;
use crate::error::{CoreError, Result};

/// A text that names nothing that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not written as a page writes what it shows")]
pub struct SeenError;

hex_type!(
    /// Names what somebody had before them: a line, a rule, an entry of the register. A page sends it along with
    /// what is decided there, and the verb that removes, puts back or sets asks for it: where somebody else changed
    /// the thing meanwhile, nothing is done, and nobody's words go unread.
    ///
    /// A whole document is named by its [`Revision`](crate::domain::Revision). This is for a part of one, which stays
    /// the same while others write beside it.
    Seen, 16, SeenError
);

impl Seen {
    /// Names what is shown.
    ///
    /// ```
    /// use companion_core::records::Seen;
    ///
    /// let shown = Seen::of(&("Call Sam", "555 0142"));
    /// assert_eq!(shown.to_string().parse(), Ok(shown));
    /// assert!(shown.must_be(&("Call Sam", "555 0142")).is_ok());
    /// assert!(shown.must_be(&("Call Sam", "555 0143")).is_err());
    /// ```
    pub fn of(shown: &(impl Serialize + ?Sized)) -> Self {
        // What a record holds can be written as JSON: it is read from there.
        let bytes = serde_json::to_vec(shown).unwrap_or_default();
        let mut named = [0; Self::LENGTH];
        let digest = Sha256::digest(&bytes);
        named
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        Self(named)
    }

    /// That this is what stands now.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where it is not.
    pub fn must_be(self, present: &(impl Serialize + ?Sized)) -> Result<()> {
        if self == Self::of(present) {
            return Ok(());
        }
        Err(CoreError::ChangedMeanwhile)
    }
}
