//! Who makes a request.

use crate::accounts::{ClinicianId, Token};
use crate::view::frame::{Refusal, Sight};

/// Who makes a request.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The clinician.
    pub(crate) clinician: ClinicianId,
    /// Their name.
    pub(crate) name: String,
    /// What they may see and change, on the page that the request is about.
    pub(crate) sight: Sight,
    /// Their session.
    pub(crate) token: Token,
    /// Whether the request is a page refreshing itself.
    pub(crate) by_page: bool,
    /// Why the form that they sent was not done, for the page that shows it again.
    pub(crate) refused: Option<Refusal>,
}

impl SignedIn {
    /// Names the session toward its own event streams, without being the token.
    pub(crate) fn origin(&self) -> String {
        self.token.fingerprint()
    }
}
