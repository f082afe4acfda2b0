//! What both facades read of the assessment: the outcome that counts now.

use crate::domain::programme::Since;
use crate::domain::{Programme, Readiness};
use crate::error::Result;
use crate::present;
use crate::records::{Records, View};

/// The outcome that counts: the newest one that was recorded since an earlier programme ended. Where the newest,
/// or the programme that it would be of, can't be read by this version, none counts.
pub(crate) fn outcome(records: &Records) -> Result<Option<View<Readiness>>> {
    let programme = records.newest::<Programme>()?;
    if programme.is_unreadable() {
        return Ok(None);
    }
    let Some(newest) = records.newest::<Readiness>()?.or_nothing() else {
        return Ok(None);
    };
    let since = present::since(records)?;
    if !since.counts(newest.content.at) {
        return Ok(None);
    }
    let Some(programme) = programme.or_nothing().filter(|_| since != Since::ALL) else {
        return Ok(Some(newest));
    };
    // What is dated after the beginning of a programme and was written before it has a wrong date: it was said
    // of an earlier one.
    let is_misdated = newest.content.at >= programme.content.at
        && records.is_begun_before(newest.id, programme.id)?;
    Ok((!is_misdated).then_some(newest))
}
