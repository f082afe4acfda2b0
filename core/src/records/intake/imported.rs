//! What was imported into an empty app that came into the record itself later.

use super::super::envelope::Envelope;
use super::super::fields_of;
use super::Intake;
use crate::domain::{Purpose, Side};
use crate::error::Result;
use crate::records::provenance;
use crate::space::payload::Payload;
use crate::store::{LogRow, Reader, Writer};

impl Intake<'_> {
    /// Whether a change of the patient's own names a document that stands in their other space, since an import made
    /// it there. Nobody did wrong: which of the two stays is settled once the exchange has read.
    pub(super) fn is_in_both_spaces(
        &self,
        r: &Reader<'_>,
        row: &LogRow,
        payload: &Payload,
    ) -> Result<bool> {
        let is_theirs = provenance::is_the_patients(self.state, &row.author);
        let here = r.item(payload.document)?;
        let is_elsewhere =
            here.is_some_and(|here| here.space != row.space && here.kind == payload.kind);
        Ok(self.rows.replica.side == Side::Patient && is_theirs && is_elsewhere)
    }

    /// An import that nobody wrote into and that never left makes way for the document itself, which the patient
    /// shares; any other one once the exchange has read (`records/in_two_spaces.rs`). Only for the patient's own
    /// devices: a clinic knows the names of what was shared with it.
    pub(super) fn make_way(
        &self,
        w: &mut Writer<'_>,
        row: &LogRow,
        payload: &Payload,
    ) -> Result<()> {
        let is_theirs = provenance::is_the_patients(self.state, &row.author);
        if !self.state.is(Purpose::Care) || !is_theirs {
            return Ok(());
        }
        let here = w.item(payload.document)?;
        let Some(here) = here.filter(|here| here.space != row.space && here.kind == payload.kind)
        else {
            return Ok(());
        };
        let sent_through = w
            .space(here.space)?
            .map_or(i64::MAX, |space| space.sent_through);
        let waiting = w.outbox_of_document(here.document)?;
        let may_have_left = waiting.iter().any(|row| row.position <= sent_through)
            || !w.changes_of(here.space, here.document)?.is_empty();
        if may_have_left || !Envelope::read(&fields_of(&here)).brought_in {
            return Ok(());
        }
        w.drop_outbox_of(here.document)?;
        let blobs = w.blobs_of(here.document)?;
        w.remove_item(here.document)?;
        for blob in blobs.iter().filter_map(|named| named.blob) {
            if !w.is_named(blob)? {
                w.remove_blob(blob)?;
            }
        }
        Ok(())
    }
}
