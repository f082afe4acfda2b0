//! What a programme may go on to: no path leads past the outcome of the assessment, and none to a
//! session before both sides went through what it costs.

use crate::domain::day::Day;
use crate::domain::readiness::{Outcome, Readiness};
use crate::domain::{CostAcknowledgement, CostWalkthrough, DocumentId, Phase, Revision};

/// Why a programme does not go on yet. Each says what is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gate {
    /// Nobody has said what the assessment came to.
    #[error("the assessment has no outcome yet: record one first")]
    NoOutcome,
    /// It came to *not yet*.
    #[error("the assessment came to \"not yet\": record a new outcome first")]
    NotYet {
        /// When to look at it again.
        revisit_on: Option<Day>,
    },
    /// It came to *not a fit*.
    #[error("the assessment came to \"not a fit\": record a new outcome first")]
    NotAFit,
    /// There is no sheet of structure and costs.
    #[error("structure and costs are not written down yet")]
    NoCostSheet,
    /// The clinic has not gone through the present sheet with the patient.
    #[error("nobody has gone through the present structure and costs with the patient")]
    NotWalkedThrough,
    /// The patient has not acknowledged any sheet.
    #[error("the patient has not acknowledged the structure and costs")]
    NotAcknowledged,
    /// The patient acknowledged an earlier version.
    #[error(
        "structure and costs changed after the patient acknowledged them: they have to be asked again"
    )]
    ChangedSince,
}

/// A cost sheet in its present version, and who stands by that version.
#[derive(Clone, Debug, PartialEq)]
pub struct CostReview {
    /// The sheet.
    pub sheet: DocumentId,
    /// The version that it has now.
    pub revision: Revision,
    /// That somebody of the clinic went through this version with the patient.
    pub walked_through: Option<CostWalkthrough>,
    /// That the patient acknowledged this version.
    pub acknowledged: Option<CostAcknowledgement>,
    /// Whether the patient acknowledged another version of it.
    pub acknowledged_another: bool,
}

impl CostReview {
    /// Reads the review of a sheet from what both sides said about it. What is about another version, or
    /// about another sheet, counts for nothing: a change of the sheet asks again.
    pub fn of(
        sheet: DocumentId,
        revision: Revision,
        walkthroughs: impl IntoIterator<Item = CostWalkthrough>,
        acknowledgements: impl IntoIterator<Item = CostAcknowledgement>,
    ) -> Self {
        let mut walkthroughs = walkthroughs.into_iter();
        let about = |one: &CostAcknowledgement| one.about == sheet;
        let (present, other): (Vec<_>, Vec<_>) = acknowledgements
            .into_iter()
            .filter(about)
            .partition(|one| one.stands_for(sheet, &revision));
        Self {
            walked_through: walkthroughs.find(|one| one.stands_for(sheet, &revision)),
            acknowledged: present.into_iter().next(),
            acknowledged_another: !other.is_empty(),
            sheet,
            revision,
        }
    }
}

/// Whether the assessment says that the programme may go on.
fn is_ready(readiness: Option<&Readiness>) -> Result<(), Gate> {
    let readiness = readiness.ok_or(Gate::NoOutcome)?;
    match readiness.outcome() {
        Outcome::Ready => Ok(()),
        Outcome::NotYet => Err(Gate::NotYet {
            revisit_on: readiness.revisit_on,
        }),
        Outcome::NotAFit => Err(Gate::NotAFit),
    }
}

/// Whether the phase of sessions may begin: the last outcome of the assessment is *ready*, and both sides
/// stand by the present version of structure and costs.
///
/// # Errors
///
/// The first thing that is missing.
pub fn may_begin_sessions(
    readiness: Option<&Readiness>,
    costs: Option<&CostReview>,
) -> Result<(), Gate> {
    is_ready(readiness)?;
    let costs = costs.ok_or(Gate::NoCostSheet)?;
    if costs.walked_through.is_none() {
        Err(Gate::NotWalkedThrough)
    } else if costs.acknowledged.is_some() {
        Ok(())
    } else if costs.acknowledged_another {
        Err(Gate::ChangedSince)
    } else {
        Err(Gate::NotAcknowledged)
    }
}

/// Whether a programme may go to that phase. Assessment and the end are always open; every other phase
/// waits for the outcome *ready*, and the session phase for the costs besides.
///
/// # Errors
///
/// The first thing that is missing.
pub fn may_move_to(
    phase: Phase,
    readiness: Option<&Readiness>,
    costs: Option<&CostReview>,
) -> Result<(), Gate> {
    match phase {
        Phase::Assessment | Phase::Closed => Ok(()),
        Phase::Preparation | Phase::Integration => is_ready(readiness),
        Phase::Session => may_begin_sessions(readiness, costs),
    }
}
