//! What a flag is about, as far as it stands beside the flag: the request, or when answers were given.

use super::super::Clinic;
use crate::domain::flag::FlagSource;
use crate::domain::{ContactRequest, Flag, Moment, Response};
use crate::error::{CoreError, Result};

/// When answers were given that a flag is about, by the patient's clock and as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// When they were begun.
    pub begun: Moment,
    /// When the patient said that these are all; `None` as long as they can go on.
    pub finished: Option<Moment>,
    /// When they were last changed after they were shared, if they were.
    pub changed: Option<Moment>,
}

impl Clinic {
    /// When the answers were given that a flag is about; `None` for a flag about anything else, and where they can't
    /// be read here. They do not count as opened by that.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn answered(&self, flag: &Flag) -> Result<Option<Answered>> {
        let Some(about) = flag.about else {
            return Ok(None);
        };
        match self.records_in(flag.care_space).get::<Response>(about) {
            Ok(view) => Ok(Some(Answered {
                begun: view.content.at,
                finished: view.content.finished_at,
                changed: view.edited_at,
            })),
            Err(error @ CoreError::Store(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }

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
