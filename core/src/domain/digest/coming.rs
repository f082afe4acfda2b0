//! The next session: who is there, what the patient wants of it, and what of it is open.

use super::super::near_session::{NotNamed, not_named};
use super::super::programme::Gate;
use super::super::session_preparation::StillOpen;
use super::super::{DocumentId, DosingSession, Moment, SessionPreparation};
use super::Material;

/// A session that is planned, as both sides have written it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The session.
    pub session: DocumentId,
    /// Its number.
    pub number: u32,
    /// When it begins.
    pub at: Moment,
    /// What is missing before it may take place, the first of it: the outcome, or that both stand by structure and
    /// costs. `None` where nothing is, and of one that has begun.
    pub closed: Option<Gate>,
    /// Who leads it; empty where nobody is named.
    pub therapist: String,
    /// Who is there for the medicine; empty where nobody is named.
    pub medical_provider: String,
    /// Whom it does not name, once it is near.
    pub not_named: Vec<NotNamed>,
    /// Whether the patient wants eyeshades; `None` as long as they have not said.
    pub eyeshades: Option<bool>,
    /// Whether the patient wants music; `None` as long as they have not said.
    pub music: Option<bool>,
    /// What is open, the ride home first. Before the patient said anything, all of it is.
    pub open: Vec<StillOpen>,
}

/// The session that takes place next and is not over; of two at one time, the one with the lower number.
pub(super) fn next(material: &Material, now: Moment) -> Option<Coming> {
    let planned = material.sessions.iter().filter(|one| {
        let session = one.content();
        session.takes_place() && session.block().ends.unix_ms >= now.unix_ms
    });
    let next = planned.min_by_key(|one| {
        let session = one.content();
        (session.at, session.number, one.id())
    })?;
    let said = material
        .preparations
        .iter()
        .map(|one| one.content())
        .filter(|one| one.about == next.id());
    Some(Coming {
        closed: material.closed,
        ..coming(
            next.id(),
            next.content(),
            SessionPreparation::together(said),
            now,
        )
    })
}

fn coming(
    id: DocumentId,
    session: &DosingSession,
    said: Option<SessionPreparation>,
    now: Moment,
) -> Coming {
    let said = said.unwrap_or_else(|| SessionPreparation::new(id, session.at));
    Coming {
        session: id,
        number: session.number,
        at: session.at,
        closed: None,
        therapist: session.therapist.clone(),
        medical_provider: session.medical_provider.clone(),
        not_named: not_named(session, now),
        eyeshades: said.eyeshades,
        music: said.music,
        open: said.still_open(session.at),
    }
}
