//! One name in two spaces: an import made a document private that the record which this phone came into shares under
//! that very name. The shared one stays, and what was written into the import stands beside it under a name of its own:
//! a document that is said to be for nobody else is not what a clinic reads.

use std::collections::BTreeSet;

use companion_protocol::id::SpaceId;

use super::deletion::{Deletions, let_go, must_be_as_read};
use super::envelope::Envelope;
use super::intake::ELSEWHERE;
use super::reseal::Resealed;
use super::share::until_settled;
use super::{Records, fields_of, provenance};
use crate::domain::{Declared, DocumentId, Purpose, declared};
use crate::error::{CoreError, Result};
use crate::store::{ItemRow, Reader, Standing};

/// What names the copy that says anew what was written into an import.
const BESIDE: &[u8] = b"written into an import of what is shared";

impl Records {
    /// After an exchange has read: lets imports make way for what is shared under their names, and then everything
    /// take part that was put aside meanwhile. Says whether there is something to send.
    pub(crate) fn settle_names(&self) -> Result<bool> {
        let mut to_send = false;
        for space in self.replica.spaces_for(Purpose::Care) {
            for row in self.in_two_spaces(space)? {
                to_send |= self.part(&row)?;
            }
            self.replica.retry_elsewhere(space)?;
        }
        for space in self.replica.spaces_for(Purpose::Private) {
            self.replica.retry_elsewhere(space)?;
        }
        Ok(to_send)
    }

    /// The private documents that one of the patient's devices shared under the same name. Not those that a clinic
    /// names, which knows the names of what was shared with it.
    fn in_two_spaces(&self, care: SpaceId) -> Result<Vec<ItemRow>> {
        let state = self.replica.space(care)?;
        let private = self.replica.spaces_for(Purpose::Private);
        self.replica.store.read(|r| {
            let refused = r.refused_for(care, ELSEWHERE)?.into_iter();
            let theirs = refused.filter(|row| provenance::is_the_patients(&state, &row.author));
            let named: BTreeSet<DocumentId> = theirs.filter_map(|row| row.document).collect();
            let mut here = Vec::new();
            for document in named {
                let row = r.item(document)?;
                here.extend(row.filter(|row| private.contains(&row.space)));
            }
            Ok::<_, CoreError>(here)
        })
    }

    fn part(&self, row: &ItemRow) -> Result<bool> {
        match declared(&row.kind) {
            Some(kind) => until_settled(|| self.part_from(kind, row.document)),
            None => Ok(false),
        }
    }

    fn part_from(&self, kind: &Declared, document: DocumentId) -> Result<bool> {
        let row = self
            .replica
            .store
            .read(|r| self.any_row(kind, r, document))?;
        let state = self.replica.space(row.space)?;
        // Of what can't be read here nobody can say what is to be kept.
        let is_readable = row.standing != Standing::Unreadable;
        // Nor may a device that names what is private move it: only what was imported here makes way.
        let is_import = self.replica.is_in_folder(document)?;
        if !state.is(Purpose::Private) || !is_readable || !is_import || self.is_leaving(&row)? {
            return Ok(false);
        }
        // What an import repeats, or moved on, says nothing that is not said elsewhere.
        let has_own_words =
            row.standing == Standing::Living && !Envelope::read(&fields_of(&row)).brought_in;
        let (edits, resealed) = match has_own_words {
            true => self.anew(kind, BESIDE, &row)?,
            false => (Vec::new(), Resealed::default()),
        };
        self.replica.commit_and(&edits, |w| {
            must_be_as_read(w, &row)?;
            resealed.note(w)?;
            let_go(w, &state, document, &Deletions::of(w, document)?)
        })?;
        Ok(true)
    }

    /// Whether a change of a document may have been sent, and its answer did not come yet: what may be with the server
    /// is not taken out of what waits.
    fn is_leaving(&self, row: &ItemRow) -> Result<bool> {
        let leaving = |r: &Reader<'_>| {
            let through = r.space(row.space)?.map_or(i64::MAX, |it| it.sent_through);
            let waiting = r.outbox_of_document(row.document)?;
            Ok::<_, CoreError>(waiting.iter().any(|row| row.position <= through))
        };
        self.replica.store.read(leaving)
    }
}
