//! What both facades read of the assessment: the outcome that counts now.

use crate::domain::programme::Standing;
use crate::domain::{Moment, Programme, Readiness};
use crate::error::Result;
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
    let Some(programme) = programme.or_nothing() else {
        return Ok(Some(newest));
    };
    let Some(ended) = ended_before(records, &programme)? else {
        return Ok(Some(newest));
    };
    let is_after_the_end = newest.content.at > ended;
    // What is dated after the beginning of a programme and was written before it has a wrong date: it was said
    // of an earlier one.
    let is_misdated = newest.content.at >= programme.content.at
        && records.is_begun_before(newest.id, programme.id)?;
    Ok((is_after_the_end && !is_misdated).then_some(newest))
}

/// When the newest of the programmes before this one ended, if one did: a programme that follows begins with an
/// assessment of its own.
fn ended_before(records: &Records, present: &View<Programme>) -> Result<Option<Moment>> {
    let all = records.all::<Programme>()?.into_iter();
    let earlier = all.filter(|view| view.id != present.id);
    let ended = earlier.filter_map(|view| {
        let is_over = view.content.standing() == Standing::Ended;
        let last = view.content.standings.last().map(|step| step.at);
        last.filter(|_| is_over)
    });
    Ok(ended.max())
}
