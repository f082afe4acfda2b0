//! What a patient takes along who takes the whole record elsewhere: every document that is shown, whatever its
//! kind, and what is known about it.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::id::{MemberId, SpaceId};

use super::envelope::{self, Envelope};
use super::{Apart, apart, fields_of, read_row};
use crate::document::APART;
use crate::domain::{
    Content, DocumentId, FormerDocument, Kind, Moment, Projection, Purpose, Revision, Side,
    declared, index_unknown,
};
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::store::{ItemRow, Standing};

/// One document as it stands, with what is known about it.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) id: DocumentId,
    /// The version that it is taken in.
    pub(crate) revision: Revision,
    pub(crate) kind: Kind,
    /// The ids that it had before, while it was shared and withdrawn, and those of what it was shared from.
    pub(crate) formerly: Vec<DocumentId>,
    /// What it is about.
    pub(crate) about: Option<DocumentId>,
    /// Whether it is only on the patient's own devices.
    pub(crate) is_private: bool,
    /// When it happened, as lists have it.
    pub(crate) when: Option<Moment>,
    pub(crate) edited_at: Option<Moment>,
    /// The sides that wrote in it.
    pub(crate) by: Vec<Side>,
    /// Whether something of it has not been sent yet.
    pub(crate) waits: bool,
    /// Where it came here with a record that was imported, and is no part of what is written here: what the clinic
    /// was called then, or nothing.
    pub(crate) former_clinic: Option<String>,
    pub(crate) is_readable: bool,
    pub(crate) apart: Vec<Apart>,
    /// What it says, without what stands beside the content.
    pub(crate) fields: Projection,
}

impl Taken {
    /// Whether something about that id is about this document.
    pub(crate) fn is_called(&self, id: DocumentId) -> bool {
        self.id == id || self.formerly.contains(&id)
    }

    /// What it says, where this version can read it.
    pub(crate) fn read<T: Content>(&self) -> Option<T> {
        let is_it = self.kind == T::KIND && self.is_readable;
        is_it.then(|| apart::content(&self.fields, &self.apart).ok())?
    }
}

/// All that is taken along.
#[derive(Debug, Default)]
pub(crate) struct TakenAlong {
    /// What stands here.
    pub(crate) documents: Vec<Taken>,
    /// What was imported and is no part of what is written here.
    pub(crate) former: Vec<FormerDocument>,
    /// How many documents are of kinds that this version does not know. Those stay here: they could hold keys.
    pub(crate) unknown: usize,
}

impl Replica {
    /// All of it, in no order.
    pub(crate) fn taken_along(&self, clinic: &BTreeSet<MemberId>) -> Result<TakenAlong> {
        let mut all = TakenAlong::default();
        let mut shared_from: BTreeMap<DocumentId, Vec<DocumentId>> = BTreeMap::new();
        for state in self.all_spaces()? {
            let rows = self.store.read(|r| r.items_of_space(state.row.space))?;
            for row in rows {
                match row.standing {
                    Standing::Living | Standing::Unreadable => {}
                    Standing::MovedOn => {
                        let envelope = Envelope::read(&fields_of(&row));
                        if let Some(shared) = row.about {
                            let names = shared_from.entry(shared).or_default();
                            names.extend(envelope.formerly.into_iter().chain([row.document]));
                        }
                        continue;
                    }
                    _ => continue,
                }
                match declared(&row.kind).map(|known| known.in_export) {
                    Some(true) => all.documents.push(take(&state, &row, clinic)),
                    Some(false) if row.kind == FormerDocument::KIND => {
                        // One that can't be read is damage, and is made anew from the log.
                        all.former.extend(read_row::<FormerDocument>(&row).ok());
                    }
                    Some(false) => {}
                    None => all.unknown += 1,
                }
            }
        }
        for one in &mut all.documents {
            for name in shared_from.remove(&one.id).unwrap_or_default() {
                if !one.is_called(name) {
                    one.formerly.push(name);
                }
            }
        }
        Ok(all)
    }

    /// What stands in one space and is of use to people, oldest first.
    pub(crate) fn taken_of_space(
        &self,
        space: SpaceId,
        clinic: &BTreeSet<MemberId>,
    ) -> Result<Vec<Taken>> {
        let state = self.space(space)?;
        let rows = self.store.read(|r| r.items_of_space(space))?.into_iter();
        let shown = rows.filter(|row| {
            matches!(row.standing, Standing::Living | Standing::Unreadable)
                && declared(&row.kind).is_some_and(|known| known.in_export)
        });
        let mut taken: Vec<Taken> = shown.map(|row| take(&state, &row, clinic)).collect();
        taken.sort_by_key(|one| (one.when.map(|at| at.unix_ms), one.id));
        Ok(taken)
    }
}

fn take(state: &SpaceState, row: &ItemRow, clinic: &BTreeSet<MemberId>) -> Taken {
    let fields = fields_of(row);
    let envelope = Envelope::read(&fields);
    let reading = declared(&row.kind).and_then(|known| known.read(&fields));
    // The row's own is also what leads to the other copy of something shared.
    let is_read = reading.is_some();
    let index = match reading {
        Some(reading) => reading.index,
        None => index_unknown(&fields),
    };
    let by = row.writers.iter().map(|writer| writer.member);
    let by = by.map(|member| match clinic.contains(&member) {
        true => Side::Clinic,
        false => Side::Patient,
    });
    let by: BTreeSet<Side> = by.collect();
    let mut content = envelope::content_of(&fields);
    content.remove(APART);
    Taken {
        id: row.document,
        revision: row.revision.clone(),
        kind: row.kind.clone(),
        formerly: envelope.formerly,
        about: index.about,
        is_private: state.row.purpose == Purpose::Private,
        when: index.at.map(|at| Moment {
            unix_ms: row.sort_ms,
            ..at
        }),
        edited_at: envelope.edited_at,
        by: by.into_iter().collect(),
        waits: row.waiting,
        former_clinic: None,
        is_readable: row.standing == Standing::Living && is_read,
        apart: apart::read(&fields),
        fields: content,
    }
}
