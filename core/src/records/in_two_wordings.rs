//! What says different things in two places, whatever kind it is: how it is found, and how one of the wordings
//! is chosen.

use companion_protocol::id::SpaceId;

use super::{Apart, Records, Scope, apart, fields_of, provenance};
use crate::domain::{Declared, DocumentId, Kind, Purpose, Revision, Side, declared};
use crate::error::{CoreError, Result};

/// Something that says different things in two places, whatever kind it is, until somebody chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTwoWordings {
    /// Its name.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// The version that this is; whoever chooses hands it back.
    pub revision: Revision,
    /// The fields, each with its wordings.
    pub apart: Vec<Apart>,
    /// Whether this side may choose. Of what only the other side writes it can't.
    pub is_ours_to_choose: bool,
    /// Whether both sides can read it.
    pub shared: bool,
}

impl InTwoWordings {
    /// What a field says in each place; `None` where it says the same in all.
    pub fn wordings(&self, field: &str) -> Option<&[String]> {
        let apart = self.apart.iter().find(|apart| apart.field == field);
        apart.map(|apart| &*apart.wordings)
    }
}

/// Whether people write a kind. What devices write for each other, such as keys and receipts, has nothing in it to
/// choose from.
fn is_for_people(declared: &Declared) -> bool {
    declared.in_export
}

impl Records {
    /// All that stands in two wordings, in the order of the ids.
    pub(crate) fn in_two_wordings(&self) -> Result<Vec<InTwoWordings>> {
        let side = self.replica.side;
        let rows = self.replica.store.read(|r| {
            let mut rows = Vec::new();
            for space in self.all_spaces() {
                rows.extend(r.items_in_two_wordings(space)?);
            }
            Ok::<_, CoreError>(rows)
        })?;
        let mut found = Vec::new();
        for row in rows {
            let Some(declared) = declared(&row.kind).filter(|declared| is_for_people(declared))
            else {
                continue;
            };
            let fields = fields_of(&row);
            let concerned = declared
                .read(&fields)
                .and_then(|reading| reading.index.concerns);
            if !self.is_within(row.space, concerned) {
                continue;
            }
            let apart = apart::read(&fields);
            if apart.is_empty() {
                continue;
            }
            found.push(InTwoWordings {
                id: row.document,
                is_ours_to_choose: provenance::is_own(&row.kind, side),
                shared: self.is_shared(row.space),
                apart,
                revision: row.revision,
                kind: row.kind,
            });
        }
        found.sort_by_key(|one| one.id);
        Ok(found)
    }

    /// The spaces that these verbs reach.
    fn all_spaces(&self) -> Vec<SpaceId> {
        let of = |purpose| self.replica.spaces_for(purpose);
        match (self.scope, self.replica.side) {
            (Scope::Care(care), Side::Clinic) => {
                let mut spaces = vec![care];
                spaces.extend(of(Purpose::Clinic));
                spaces
            }
            (Scope::Clinic, _) => of(Purpose::Clinic),
            (Scope::Patient | Scope::Care(_), _) => {
                let mut spaces = of(Purpose::Care);
                spaces.extend(of(Purpose::Private));
                spaces
            }
        }
    }

    /// Whether something belongs to the record that these verbs are about: what the clinic keeps about one patient
    /// for itself stands with that patient.
    fn is_within(&self, space: SpaceId, concerned: Option<SpaceId>) -> bool {
        match self.scope {
            Scope::Patient => true,
            Scope::Care(care) => space == care || concerned == Some(care),
            Scope::Clinic => concerned.is_none(),
        }
    }
}
