//! What both facades read of the present programme: what counts for it, and what still bars its sessions.

use crate::costs::Costs;
use crate::domain::programme::{Gate, Since, may_begin_sessions};
use crate::domain::{CostSheet, Programme, Readiness};
use crate::error::Result;
use crate::outcome::outcome;
use crate::records::Records;

/// From when on something counts for the present programme, which is the newest one.
pub(crate) fn since(records: &Records) -> Result<Since> {
    // Where this version can't read the newest, all that it can read are earlier ones.
    let present = records.newest::<Programme>()?.or_nothing();
    let present = present.map(|view| view.id);
    let programmes = records.all::<Programme>()?;
    let earlier = programmes.iter().filter(|view| Some(view.id) != present);
    Ok(Since::the_end_of(earlier.map(|view| &view.content)))
}

/// The first thing that is missing before a session may take place; `None` where nothing is.
pub(crate) fn before_sessions(records: &Records) -> Result<Option<Gate>> {
    let readiness = outcome(records)?.map(|view| view.content);
    let review = Costs::read(records)?.map(|costs| costs.review);
    let gate = may_begin_sessions(readiness.as_ref(), review.as_ref()).err();
    gate.map(|gate| what_is_missing(records, gate)).transpose()
}

/// What is missing in truth: where the newest word is there and this version can't read it, no other word helps.
pub(crate) fn what_is_missing(records: &Records, gate: Gate) -> Result<Gate> {
    let is_programme_unreadable = records.newest::<Programme>()?.is_unreadable();
    Ok(match gate {
        Gate::NoOutcome
            if is_programme_unreadable || records.newest::<Readiness>()?.is_unreadable() =>
        {
            Gate::UnreadableOutcome
        }
        Gate::NoCostSheet if records.newest::<CostSheet>()?.is_unreadable() => {
            Gate::UnreadableCosts
        }
        gate => gate,
    })
}
