//! Two views of one programme: what is laid before a patient, and what before a clinician.
//!
//! Neither keeps a secret. Both sides hold the whole document, and a patient may ask to see all of it;
//! what a patient must not read has no place in the care space. A view says what helps its reader.

use super::{Offered, PhaseStep, Since};
use super::{PlanChange, PlanCheck, Programme, SessionCount, Standing, StandingStep, TeamMember};
use crate::domain::readiness::Readiness;
use crate::domain::{DosingSession, Moment, Phase};

/// What a programme is read together with.
#[derive(Clone, Copy, Debug)]
pub struct ProgrammeView<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The newest outcome of its assessment.
    pub readiness: Option<&'a Readiness>,
    /// The patient's dosing sessions, in any order: those of earlier programmes may be among them.
    pub sessions: &'a [DosingSession],
    /// Which of them are its own.
    pub since: Since,
    /// When integration entries were written and visits took place, or will, as far as this side knows.
    pub integrations: &'a [Moment],
    /// When it is read.
    pub now: Moment,
}

/// What a patient sees: where they are, what comes next, with whom, and how much is left.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientProgramme<'a> {
    /// Which medicine, by name.
    pub medicine: &'a str,
    /// The phase that they are in.
    pub phase: Phase,
    /// Whether it is running.
    pub standing: Standing,
    /// Why it was paused or ended, if somebody said; empty otherwise.
    pub reason: &'a str,
    /// Who works with them.
    pub team: Vec<&'a TeamMember>,
    /// How far they are.
    pub sessions: SessionCount,
    /// The next session that takes place.
    pub next_session: Option<&'a DosingSession>,
    /// What is on for them.
    pub offered: Offered,
    /// What stays, once the programme has ended.
    pub closing_summary: Option<&'a str>,
}

/// What a clinician sees: the same, with how it came to be so and what to think of.
#[derive(Clone, Debug, PartialEq)]
pub struct ClinicianProgramme<'a> {
    /// What the patient sees.
    pub patient: PatientProgramme<'a>,
    /// How many sessions were agreed on at first.
    pub first_planned: Option<u32>,
    /// How that number changed, with reasons.
    pub plan_history: Vec<&'a PlanChange>,
    /// What to think of before the next session.
    pub plan_check: PlanCheck,
    /// The phases that it went through.
    pub phases: Vec<&'a PhaseStep>,
    /// When it was paused, went on and ended.
    pub standings: Vec<&'a StandingStep>,
    /// The closing summary as it is being written, before the patient is shown it as one.
    pub closing_summary: &'a str,
}

impl<'a> ProgrammeView<'a> {
    /// What the patient sees.
    pub fn for_patient(self) -> PatientProgramme<'a> {
        let programme = self.programme;
        let standing = programme.standing();
        let last = programme.standings.last();
        let has_ended = standing == Standing::Ended;
        let summary = Some(&*programme.closing_summary).filter(|text| !text.is_empty());
        let ahead = self
            .its_sessions()
            .filter(|session| session.takes_place() && session.is_ahead(self.now));
        let is_running = standing == Standing::Running;
        PatientProgramme {
            medicine: programme.medicine_name(),
            phase: programme.phase(),
            standing,
            reason: last
                .filter(|_| !is_running)
                .map_or("", |step| &*step.reason),
            team: programme.team.iter().map(|(_, member)| member).collect(),
            sessions: programme.count_sessions(self.its_sessions(), self.now),
            next_session: ahead.min_by_key(|session| session.at),
            offered: Offered::by(Some(programme), self.readiness),
            closing_summary: summary.filter(|_| has_ended),
        }
    }

    fn its_sessions(self) -> impl Iterator<Item = &'a DosingSession> + Clone {
        let sessions = self.sessions.iter();
        sessions.filter(move |session| self.since.counts_session(session))
    }

    /// What a clinician sees.
    pub fn for_clinician(self) -> ClinicianProgramme<'a> {
        let programme = self.programme;
        ClinicianProgramme {
            patient: self.for_patient(),
            first_planned: programme.planned,
            plan_history: programme.plan_history(),
            plan_check: programme.check_plan(self.its_sessions(), self.integrations, self.now),
            phases: programme.phases.iter().map(|(_, step)| step).collect(),
            standings: programme.standings.iter().map(|(_, step)| step).collect(),
            closing_summary: &programme.closing_summary,
        }
    }
}
