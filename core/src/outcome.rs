//! What both facades read of the assessment: the outcome that counts now.

use crate::domain::programme::Standing;
use crate::domain::{Moment, Programme, Readiness};
use crate::error::Result;
use crate::records::{Records, View};

/// The outcome that counts: the newest one that was recorded since an earlier programme ended. An outcome that
/// this version can't read may be another one, so where there is one, none counts.
pub(crate) fn outcome(records: &Records) -> Result<Option<View<Readiness>>> {
    if records.has_unreadable::<Readiness>()? {
        return Ok(None);
    }
    let ended = ended_before(records)?;
    let newest = records.newest::<Readiness>()?;
    Ok(newest.filter(|view| ended.is_none_or(|ended| view.content.at > ended)))
}

/// When the newest of the earlier programmes ended, if one did: a programme that follows begins with an
/// assessment of its own.
fn ended_before(records: &Records) -> Result<Option<Moment>> {
    let earlier = records.all::<Programme>()?.into_iter().skip(1);
    let ended = earlier.filter_map(|view| {
        let is_over = view.content.standing() == Standing::Ended;
        let last = view.content.standings.last().map(|step| step.at);
        last.filter(|_| is_over)
    });
    Ok(ended.max())
}
