//! What was shared right before an account was ended. Its shared copy went out, and the mark of that in the private document
//! did not: nothing private is sent any more. A phone that keeps what is on it shows the shared one alone.

use super::envelope::{self, Envelope};
use super::row::Rows;
use super::share::{SHARED, copy_id, times_shared};
use super::{Map, Records, fields_of};
use crate::domain::{DocumentId, Purpose};
use crate::error::{CoreError, Result};
use crate::replica::SpaceState;
use crate::store::{ItemRow, Reader, Standing, Writer};

/// What a private document of an account that was ended was shared as, where that says the same. What says something else
/// stands beside it: nobody's words are hidden.
pub(super) fn shared_as(
    r: &Reader<'_>,
    state: &SpaceState,
    row: &ItemRow,
    shown: &Map,
) -> Result<Option<DocumentId>> {
    let is_over = state.is(Purpose::Private) && state.chain.ended().is_some();
    if !is_over || row.standing != Standing::Living {
        return Ok(None);
    }
    let name = copy_id(SHARED, row.document, times_shared(&Envelope::read(shown)));
    let copy = r.item(name)?.filter(|copy| {
        let is_copy = copy.kind == row.kind && copy.space != row.space;
        let says_the_same =
            || envelope::words_digest(&fields_of(copy)) == envelope::words_digest(shown);
        is_copy && copy.standing == Standing::Living && says_the_same()
    });
    Ok(copy.map(|copy| copy.document))
}

/// Shows what was shared right before the end once. Nobody can write down that it was: its space takes nothing any more.
pub(super) fn settle(w: &mut Writer<'_>, rows: &Rows<'_>, state: &SpaceState) -> Result<()> {
    for row in w.items_of_space(state.row.space)? {
        if shared_as(w, state, &row, &fields_of(&row))?.is_some() {
            rows.index_again(w, state, row)?;
        }
    }
    Ok(())
}

impl Records {
    /// After an exchange that heard of the end: what was shared right before it is shown once.
    pub(crate) fn settle_shared_at_the_end(&self) -> Result<()> {
        let rows = Rows::new(&self.replica);
        for space in self.replica.spaces_for(Purpose::Private) {
            let state = self.replica.space(space)?;
            if state.chain.ended().is_some() {
                self.replica.store.write(|w| settle(w, &rows, &state))?;
            }
        }
        Ok::<_, CoreError>(())
    }
}
