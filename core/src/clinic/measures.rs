//! Answers to measures, each beside those before it.

use super::Clinic;
use crate::domain::measure::{Change, Taken, baseline};
use crate::domain::{DocumentId, DosingSession, Moment, Response};
use crate::error::Result;
use crate::records::{Query, View};

/// How the total of one response stands to the one to compare it with.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its own total; `None` where it has none.
    pub taken: Option<Taken>,
    /// The total to compare with, by [`baseline`]; `None` where there is none. It may be the same response.
    pub baseline: Option<Taken>,
    /// From the one to the other; `None` where either is missing, or both are the same response.
    pub change: Option<Change>,
}

impl Clinic {
    /// How the total of a response that a patient shared stands to the baseline among those that they
    /// shared. What came after the response does not count, nor do sessions after it.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    ///
    /// ```
    /// use companion_core::domain::DocumentId;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.measured(ada, DocumentId::new([1; 16])).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn measured(&self, patient: DocumentId, response: DocumentId) -> Result<Measured> {
        let this = self.get::<Response>(patient, response)?;
        let until = answered_at(&this);
        let others = self.every(patient, &Query::<Response>::all())?;
        let of_it = |view: &&View<Response>| {
            view.content.measure == this.content.measure
                && view.content.version == this.content.version
        };
        let taken: Vec<Taken> = others.iter().filter(of_it).filter_map(taken).collect();
        let sessions = self.every(patient, &Query::<DosingSession>::all())?;
        let held = sessions.iter().map(|view| &view.content);
        let held = held.filter(|session| session.takes_place() && session.at <= until);
        let first_session = held.map(|session| session.at).min();
        let own = taken.iter().find(|one| one.response == response).copied();
        let from = own.and_then(|_| baseline(&taken, first_session).copied());
        let change = own
            .zip(from)
            .filter(|(own, from)| own.response != from.response)
            .and_then(|(own, from)| Change::new(from.score, own.score).ok());
        Ok(Measured {
            taken: own,
            baseline: from,
            change,
        })
    }
}

/// When it was answered; when it was received, where the phone's clock was ahead.
fn answered_at(view: &View<Response>) -> Moment {
    let said = view.content.answered_at();
    view.when.filter(|_| view.clock_ahead).unwrap_or(said)
}

fn taken(view: &View<Response>) -> Option<Taken> {
    Some(Taken {
        score: view.content.score().ok()?,
        at: answered_at(view),
        response: view.id,
    })
}
