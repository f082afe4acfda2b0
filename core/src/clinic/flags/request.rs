//! What a patient wrote with the request that raised a flag.

use super::super::Clinic;
use crate::domain::flag::FlagSource;
use crate::domain::{ContactRequest, Flag};
use crate::error::{CoreError, Result};

impl Clinic {
    /// The request to be contacted that a flag is about; `None` for any other flag, and where the request can't
    /// be read here. It does not count as opened by that.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn request_of(&self, flag: &Flag) -> Result<Option<ContactRequest>> {
        let about = flag
            .about
            .filter(|_| flag.source == FlagSource::ContactRequest);
        let Some(about) = about else { return Ok(None) };
        match self.records_in(flag.care_space).get(about) {
            Ok(view) => Ok(Some(view.content)),
            Err(error @ CoreError::Store(_)) => Err(error),
            // A flag whose request can't be read is a flag all the same.
            Err(_) => Ok(None),
        }
    }
}
