//! What both facades read of the present programme: what counts for it, and what still bars its sessions.

use crate::costs::Costs;
use crate::domain::Programme;
use crate::domain::programme::{Gate, Since, may_begin_sessions};
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
    Ok(may_begin_sessions(readiness.as_ref(), review.as_ref()).err())
}
