//! What both facades read of the assessment: the outcome that counts now.

use crate::domain::Readiness;
use crate::error::Result;
use crate::present;
use crate::records::{Records, View};

/// The outcome that counts: the newest one that was recorded since an earlier programme ended. An outcome that
/// this version can't read may be another one, so where there is one, none counts.
pub(crate) fn outcome(records: &Records) -> Result<Option<View<Readiness>>> {
    if records.has_unreadable::<Readiness>()? {
        return Ok(None);
    }
    let since = present::since(records)?;
    let newest = records.newest::<Readiness>()?;
    Ok(newest.filter(|view| since.counts(view.content.at)))
}
