//! What a programme may go on to: no path leads past the outcome of the assessment, and none to a
//! session before both sides went through what it costs.

use super::Since;
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
    #[error("the assessment came to \"not yet\": the outcome \"ready\" is missing")]
    NotYet {
        /// When to look at it again.
        revisit_on: Option<Day>,
    },
    /// It came to *not a fit*.
    #[error("the assessment came to \"not a fit\": the outcome \"ready\" is missing")]
    NotAFit,
    /// What it came to, or the programme that it is of, was written by a newer version.
    #[error(
        "what the assessment came to was written by a newer version of this program: bring this one up to date"
    )]
    UnreadableOutcome,
    /// There is no sheet of structure and costs.
    #[error("structure and costs are not written down yet")]
    NoCostSheet,
    /// The newest sheet was written by a newer version.
    #[error(
        "structure and costs were written by a newer version of this program: bring this one up to date"
    )]
    UnreadableCosts,
    /// The clinic has not gone through the present sheet with the patient.
    #[error("nobody has gone through the present structure and costs with the patient")]
    NotWalkedThrough,
    /// The patient has not acknowledged any sheet.
    #[error("the patient has not acknowledged the structure and costs")]
    NotAcknowledged,
    /// The patient acknowledged an earlier version, or another number of sessions.
    #[error(
        "structure and costs changed after the patient acknowledged them: they have to be asked again"
    )]
    ChangedSince,
}

impl Gate {
    /// Its word, for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Gate::NoOutcome => "no_outcome",
            Gate::NotYet { .. } => "not_yet",
            Gate::NotAFit => "not_a_fit",
            Gate::UnreadableOutcome => "unreadable_outcome",
            Gate::NoCostSheet => "no_cost_sheet",
            Gate::UnreadableCosts => "unreadable_costs",
            Gate::NotWalkedThrough => "not_walked_through",
            Gate::NotAcknowledged => "not_acknowledged",
            Gate::ChangedSince => "changed_since",
        }
    }

    /// Whether it is the outcome of the assessment that is missing. No session that is still to come is booked
    /// before that; what else is missing is said of a session that is booked.
    pub const fn is_outcome(self) -> bool {
        match self {
            Gate::NoOutcome | Gate::NotYet { .. } | Gate::NotAFit | Gate::UnreadableOutcome => true,
            Gate::NoCostSheet
            | Gate::UnreadableCosts
            | Gate::NotWalkedThrough
            | Gate::NotAcknowledged
            | Gate::ChangedSince => false,
        }
    }
}

/// What both sides stand by, as it is now: a version of structure and costs, and the number of sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The sheet.
    pub sheet: DocumentId,
    /// The version that it has now.
    pub revision: Revision,
    /// How many sessions are planned now; `None` as long as nobody said.
    pub planned: Option<u32>,
}

/// A cost sheet in its present version, and who stands by that version.
#[derive(Clone, Debug, PartialEq)]
pub struct CostReview {
    /// What it is about.
    pub of: Agreement,
    /// That somebody of the clinic went through this version with the patient.
    pub walked_through: Option<CostWalkthrough>,
    /// That the patient acknowledged this version.
    pub acknowledged: Option<CostAcknowledgement>,
    /// Whether the patient acknowledged another version of it.
    pub acknowledged_another: bool,
}

impl CostReview {
    /// Reads the review of a sheet from what both sides said about it since the present programme can have
    /// begun. What is about another version, another number of sessions, another sheet or an earlier programme
    /// counts for nothing: a change of the sheet or of that number asks again.
    pub fn of(
        of: Agreement,
        since: Since,
        walkthroughs: impl IntoIterator<Item = CostWalkthrough>,
        acknowledgements: impl IntoIterator<Item = CostAcknowledgement>,
    ) -> Self {
        let mut walkthroughs = walkthroughs.into_iter();
        let is_walked = |one: &CostWalkthrough| {
            since.counts(one.at)
                && one.stands_for(of.sheet, &of.revision)
                && one.planned == of.planned
        };
        let counts = |one: &CostAcknowledgement| one.about == of.sheet && since.counts(one.at);
        let (present, other): (Vec<_>, Vec<_>) = acknowledgements
            .into_iter()
            .filter(counts)
            .partition(|one| one.stands_for(of.sheet, &of.revision) && one.planned == of.planned);
        Self {
            walked_through: walkthroughs.find(is_walked),
            acknowledged: present.into_iter().next(),
            acknowledged_another: !other.is_empty(),
            of,
        }
    }
}

/// Whether the assessment says that the programme may go on, and a session that is still to come be booked.
///
/// # Errors
///
/// What is missing: a [`Gate`] of the [outcome](Gate::is_outcome).
pub fn must_be_ready(readiness: Option<&Readiness>) -> Result<(), Gate> {
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
    must_be_ready(readiness)?;
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
        Phase::Preparation | Phase::Integration => must_be_ready(readiness),
        Phase::Session => may_begin_sessions(readiness, costs),
    }
}
