//! What a patient takes along who takes the whole record elsewhere: every document that is shown, whatever its
//! kind, and what is known about it.

use std::collections::BTreeSet;

use companion_protocol::id::MemberId;

use super::envelope::{self, Envelope};
use super::{Apart, apart, fields_of};
use crate::document::APART;
use crate::domain::{
    Content, DocumentId, Kind, Moment, Projection, Purpose, Side, declared, index_unknown,
};
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::store::{ItemRow, Standing};

/// One document as it stands, with what is known about it.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) id: DocumentId,
    pub(crate) kind: Kind,
    /// The ids that it had before, while it was shared and withdrawn.
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

impl Replica {
    /// All of it, oldest first; and how many documents are of kinds that this version does not know. Those stay
    /// here: they could hold keys.
    pub(crate) fn taken_along(&self, clinic: &BTreeSet<MemberId>) -> Result<(Vec<Taken>, usize)> {
        let (mut taken, mut unknown) = (Vec::new(), 0);
        for state in self.all_spaces()? {
            let rows = self.store.read(|r| r.items_of_space(state.row.space))?;
            for row in rows {
                if !matches!(row.standing, Standing::Living | Standing::Unreadable) {
                    continue;
                }
                match declared(&row.kind).map(|known| known.in_export) {
                    Some(true) => taken.push(take(&state, &row, clinic)),
                    Some(false) => {}
                    None => unknown += 1,
                }
            }
        }
        taken.sort_by_key(|one| (one.when.map(|at| at.unix_ms), one.id));
        Ok((taken, unknown))
    }
}

fn take(state: &SpaceState, row: &ItemRow, clinic: &BTreeSet<MemberId>) -> Taken {
    let fields = fields_of(row);
    let envelope = Envelope::read(&fields);
    let reading = declared(&row.kind).and_then(|known| known.read(&fields));
    let at = match &reading {
        Some(reading) => reading.index.at,
        None => index_unknown(&fields).at,
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
        kind: row.kind.clone(),
        formerly: envelope.formerly,
        about: row.about,
        is_private: state.row.purpose == Purpose::Private,
        when: at.map(|at| Moment {
            unix_ms: row.sort_ms,
            ..at
        }),
        edited_at: envelope.edited_at,
        by: by.into_iter().collect(),
        waits: row.waiting,
        is_readable: row.standing == Standing::Living && reading.is_some(),
        apart: apart::read(&fields),
        fields: content,
    }
}
