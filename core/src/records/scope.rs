//! Which spaces the verbs of a facade reach: a phone's own, or at a clinic those of one patient.

use std::sync::Arc;

use companion_protocol::id::SpaceId;

use super::provenance;
use crate::domain::{Content, Declared, Placement, Purpose, Side};
use crate::error::{CoreError, Missing, Result};
use crate::replica::Replica;

/// Whose record the verbs work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The patient's, on a device of theirs.
    Patient,
    /// One patient's, at the clinic.
    Care(SpaceId),
    /// The clinic's own.
    Clinic,
}

/// The generic verbs over documents of every kind. Both facades are built on them.
#[derive(Clone)]
pub(crate) struct Records {
    pub(super) replica: Arc<Replica>,
    pub(super) scope: Scope,
}

impl Records {
    pub(crate) fn new(replica: &Arc<Replica>, scope: Scope) -> Self {
        Self {
            replica: Arc::clone(replica),
            scope,
        }
    }

    /// The spaces that documents of a kind are read from, the one to write into first.
    pub(super) fn spaces(&self, placement: Placement) -> Vec<SpaceId> {
        let of = |purpose| match (self.scope, purpose) {
            (Scope::Care(care), Purpose::Care) => vec![care],
            (Scope::Care(_) | Scope::Clinic, Purpose::Clinic)
            | (Scope::Patient, Purpose::Care | Purpose::Private) => {
                self.replica.spaces_for(purpose)
            }
            _ => Vec::new(),
        };
        match placement {
            Placement::Care => of(Purpose::Care),
            Placement::Private => of(Purpose::Private),
            Placement::Clinic => of(Purpose::Clinic),
            Placement::ByVisibility | Placement::CareOrPrivate => {
                let mut spaces = of(Purpose::Care);
                spaces.extend(of(Purpose::Private));
                spaces
            }
        }
    }

    /// The space that new content is written into.
    pub(super) fn space_for<T: Content>(&self, content: &T) -> Result<SpaceId> {
        provenance::must_be_own(Declared::by::<T>(), self.replica.side)?;
        let is_private = content.visibility().is_some_and(|who| !who.is_shared());
        if is_private && self.replica.side == Side::Clinic {
            // The clinic has no place that only the patient sees.
            return Err(CoreError::NotYours { kind: T::KIND });
        }
        let purpose = match (T::PLACEMENT, content.visibility()) {
            (Placement::Private, _) => Purpose::Private,
            (Placement::Clinic, _) => Purpose::Clinic,
            (Placement::ByVisibility, Some(visibility)) if !visibility.is_shared() => {
                Purpose::Private
            }
            (Placement::Care | Placement::ByVisibility | Placement::CareOrPrivate, _) => {
                Purpose::Care
            }
        };
        self.writable_space(purpose)
    }

    /// The space of a purpose to write into.
    pub(crate) fn writable_space(&self, purpose: Purpose) -> Result<SpaceId> {
        if let (Scope::Care(care), Purpose::Care) = (self.scope, purpose) {
            return Ok(care);
        }
        match self.replica.row_for(purpose) {
            // Writing for oneself needs nobody's leave: neither a patient's own words nor a clinic's register.
            Some(row) if row.is_open() || purpose != Purpose::Care => Ok(row.space),
            _ if purpose == Purpose::Care && self.replica.side == Side::Patient => {
                Err(CoreError::NotPaired)
            }
            _ => Err(CoreError::NotFound(Missing::Space)),
        }
    }

    /// Whether both sides can read what is in a space.
    pub(super) fn is_shared(&self, space: SpaceId) -> bool {
        self.replica
            .row(space)
            .is_ok_and(|row| row.purpose == Purpose::Care)
    }
}
