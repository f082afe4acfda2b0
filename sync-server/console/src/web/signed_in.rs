//! Who makes a request.

use crate::accounts::{ClinicianId, Token};

/// Who makes a request.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The clinician.
    pub(crate) clinician: ClinicianId,
    /// Their name.
    pub(crate) name: String,
    /// Their session.
    pub(crate) token: Token,
    /// Whether the request is a page refreshing itself.
    pub(crate) by_page: bool,
}

impl SignedIn {
    /// Names the session toward its own event streams, without being the token.
    pub(crate) fn origin(&self) -> String {
        self.token.fingerprint()
    }
}
