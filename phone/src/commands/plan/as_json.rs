//! The programme as JSON, for scripts: what is shown in words, under names of its own. What is not there is
//! `null`; sums are in the smallest unit of their currency (`12000 USD`).

use companion_core::domain::cost_sheet::CostLine;
use companion_core::domain::day::Day;
use companion_core::domain::programme::{Standing, TeamMember};
use companion_core::domain::readiness::Orientation;
use companion_core::domain::{DosingSession, Kind, Moment, Phase, Visit};
use companion_core::patient::Plan;
use serde::Serialize;

use crate::error::PhoneError;

#[derive(Serialize)]
struct Shown<'a> {
    programme: Option<Programme<'a>>,
    assessment: Option<Assessment<'a>>,
    sessions: Vec<Session<'a>>,
    visits: &'a [Visit],
    costs: Option<Costs<'a>>,
    /// Kinds that a newer version wrote and this one can't read.
    unreadable: Vec<&'a str>,
}

#[derive(Serialize)]
struct Programme<'a> {
    medicine: &'a str,
    phase: Phase,
    standing: Standing,
    reason: &'a str,
    team: Vec<&'a TeamMember>,
    sessions_held: usize,
    sessions_to_come: usize,
    sessions_planned: Option<u32>,
    next_session: Option<u32>,
    /// What is missing before it, the first of it.
    next_session_waits_for: Option<&'static str>,
    closing_summary: Option<&'a str>,
}

#[derive(Serialize)]
struct Assessment<'a> {
    outcome: &'static str,
    explanation: &'a str,
    orientation: Vec<&'a Orientation>,
    revisit_on: Option<Day>,
    by: &'a str,
    at: Moment,
}

#[derive(Serialize)]
struct Session<'a> {
    number: u32,
    at: Moment,
    moved_from: Option<Moment>,
    called_off_at: Option<Moment>,
    called_off_by: Option<&'a str>,
    called_off_reason: Option<&'a str>,
    of_this_programme: bool,
    note: &'a str,
}

#[derive(Serialize)]
struct Costs<'a> {
    version: u32,
    sessions_planned: Option<u32>,
    lines: Vec<&'a CostLine>,
    walked_through: Option<Word<'a>>,
    acknowledged: Option<Word<'a>>,
    acknowledged_another_version: bool,
}

#[derive(Serialize)]
struct Word<'a> {
    by: &'a str,
    at: Moment,
}

pub(super) fn of(plan: &Plan) -> Result<String, PhoneError> {
    let programme = plan.shown().map(|shown| Programme {
        medicine: shown.medicine,
        phase: shown.phase,
        standing: shown.standing,
        reason: shown.reason,
        team: shown.team,
        sessions_held: shown.sessions.held,
        sessions_to_come: shown.sessions.ahead,
        sessions_planned: shown.sessions.planned,
        next_session: shown.next_session.map(|next| next.number),
        next_session_waits_for: shown
            .next_session
            .and(plan.closed)
            .map(|closed| closed.as_str()),
        closing_summary: shown.closing_summary,
    });
    let assessment = plan.readiness.as_ref().map(|said| Assessment {
        outcome: said.outcome().as_str(),
        explanation: &said.explanation,
        orientation: said.orientation.iter().map(|(_, one)| one).collect(),
        revisit_on: said.revisit_on,
        by: &said.by,
        at: said.at,
    });
    let costs = costs(plan);
    let shown = Shown {
        programme,
        assessment,
        sessions: plan
            .sessions
            .iter()
            .map(|one| session(one, plan.since.counts_session(one)))
            .collect(),
        visits: &plan.visits,
        costs,
        unreadable: plan.unreadable.iter().map(Kind::as_str).collect(),
    };
    written(&shown)
}

/// Structure and costs alone.
pub(super) fn of_costs(plan: &Plan) -> Result<String, PhoneError> {
    written(&costs(plan))
}

fn written(shown: &impl Serialize) -> Result<String, PhoneError> {
    serde_json::to_string_pretty(shown)
        .map_err(|error| PhoneError::NotDone(format!("this can't be written as JSON: {error}")))
}

fn costs(plan: &Plan) -> Option<Costs<'_>> {
    plan.costs.as_ref().map(|costs| {
        let (sheet, review) = (&costs.sheet.content, &costs.review);
        Costs {
            version: sheet.version,
            sessions_planned: costs.planned,
            lines: sheet.lines.iter().map(|(_, line)| line).collect(),
            walked_through: review.walked_through.as_ref().map(|one| Word {
                by: &one.by,
                at: one.at,
            }),
            acknowledged: review.acknowledged.as_ref().map(|one| Word {
                by: &one.by,
                at: one.at,
            }),
            acknowledged_another_version: review.acknowledged_another,
        }
    })
}

fn session(session: &DosingSession, of_this_programme: bool) -> Session<'_> {
    let off = session.called_off();
    Session {
        number: session.number,
        at: session.at,
        moved_from: session.moved_from,
        called_off_at: off.map(|step| step.at),
        called_off_by: off.map(|step| &*step.by),
        called_off_reason: off.map(|step| &*step.reason),
        of_this_programme,
        note: &session.note,
    }
}
