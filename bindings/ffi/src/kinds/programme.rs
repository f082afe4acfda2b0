//! The programme: where it stands, what its assessment came to, what was screened.

use companion_core::domain::medicine::MedicineId;
use companion_core::domain::programme::{
    PhaseStep, PlanChange, Standing, StandingStep, TeamMember, TeamRole,
};
use companion_core::domain::readiness::{Appropriate, Orientation, Outcome, Timing};
use companion_core::domain::screening::{Finding, FindingStep, ScreeningItem};
use companion_core::domain::{ItemId, Phase, Programme, Readiness, Screening};

use super::macros::kind;
use crate::cross::{Cross, choice, item_view, view};
use crate::values::{CalendarDay, LocalMoment};

choice! {
    /// A phase of a programme.
    ProgrammePhase of Phase {
        /// Finding out together whether the programme fits.
        Assessment,
        /// Getting ready for a session.
        Preparation,
        /// Around the dosing day.
        Session,
        /// Working it into daily life.
        Integration,
        /// The programme has ended.
        Closed,
    }
}

choice! {
    /// Whether a programme goes on.
    ProgrammeStanding of Standing {
        /// It goes on.
        Running,
        /// It rests: nothing of it is asked of the patient.
        Paused,
        /// It is over.
        Ended,
    }
}

view! {
    /// A phase that a programme came to.
    PhaseStepView of PhaseStep {
        /// The phase that began.
        phase: ProgrammePhase,
        /// Who said so.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

view! {
    /// That a programme was paused, went on or ended.
    StandingStepView of StandingStep {
        /// What it has been since.
        standing: ProgrammeStanding,
        /// Why; may be empty.
        reason: String,
        /// Who said so.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

view! {
    /// That another number of sessions was planned.
    PlanChangeView of PlanChange {
        /// How many are planned in all from then on.
        sessions: u32,
        /// Why.
        reason: String,
        /// Who decided it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

impl Cross<TeamRole> for String {
    fn out(core: TeamRole) -> Self {
        core.as_str().to_owned()
    }
}

impl Cross<MedicineId> for String {
    fn out(core: MedicineId) -> Self {
        core.as_str().to_owned()
    }
}

item_view! {
    /// One person of the care team, also one from outside the clinic.
    TeamMemberView of TeamMember {
        /// The name as the patient knows it.
        name: String,
        /// What they do, as a word: `therapist`, `medical_provider`, `outside_therapist`, `outside_psychiatrist`, or
        /// another one.
        role: String,
    }
}

kind! {
    /// Programmes: the newest one counts. `plan` of the record says what of it is shown to a patient today, with
    /// what stays of it once it has ended.
    Programmes of Programme as ProgrammeView in ProgrammePage {
        /// Which medicine it works with, as a word.
        medicine: String,
        /// How many dosing sessions were agreed on at first; nothing until then.
        planned: Option<u32>,
        /// How that number changed since.
        plan_changes: Vec<PlanChangeView>,
        /// The phases that it went through; before the first it is in assessment.
        phases: Vec<PhaseStepView>,
        /// When it was paused, went on and ended; before the first it is running.
        standings: Vec<StandingStepView>,
        /// Who works with the patient.
        team: Vec<TeamMemberView>,
        /// When it began.
        at: LocalMoment,
    }
    reads {
        /// What that medicine is called.
        medicine_in_words: String = |programme| programme.medicine_name().to_owned(),
        /// The phase that it is in.
        phase: ProgrammePhase = |programme| programme.phase(),
        /// Whether it goes on.
        standing: ProgrammeStanding = |programme| programme.standing(),
        /// How many sessions are planned now; nothing as long as nobody said.
        sessions_planned: Option<u32> = |programme| programme.planned_sessions(),
    }
    // A clinician may be writing the summary: a patient reads it once the programme has ended.
    without { medicine_name, closing_summary }
}

choice! {
    /// What an assessment came to.
    AssessmentOutcome of Outcome {
        /// Appropriate, and the right time.
        Ready,
        /// Appropriate, and not the right time.
        NotYet,
        /// Not appropriate, whatever the time.
        NotAFit,
    }
}

choice! {
    /// Whether a programme is clinically appropriate for somebody.
    IsAppropriate of Appropriate {
        /// It is.
        Yes,
        /// It is not.
        No,
    }
}

choice! {
    /// Whether it is the right point in somebody's life.
    RightTime of Timing {
        /// It is.
        Now,
        /// It is not, for now.
        Later,
    }
}

item_view! {
    /// Something that would be useful now.
    OrientationView of Orientation {
        /// What it is.
        what: String,
        /// How to reach it; may be empty.
        where_to: String,
    }
}

kind! {
    /// What assessments came to, the newest first: that one counts.
    AssessmentOutcomes of Readiness as AssessmentOutcomeView in AssessmentOutcomePage {
        /// Whether it is clinically appropriate.
        appropriate: IsAppropriate,
        /// Whether it is the right time in their life.
        timing: RightTime,
        /// What it means, in words for the patient; may be empty where they are ready.
        explanation: String,
        /// What would be useful now, instead or besides.
        orientation: Vec<OrientationView>,
        /// When to look at it again.
        revisit_on: Option<CalendarDay>,
        /// Who decided.
        by: String,
        /// When.
        at: LocalMoment,
    }
    reads {
        /// What it came to.
        outcome: AssessmentOutcome = |readiness| readiness.outcome(),
    }
}

choice! {
    /// What was found of one thing that is screened for.
    ScreeningFinding of Finding {
        /// It is not there.
        Absent,
        /// It is there.
        Present,
        /// Somebody has to look closer.
        NeedsReview,
    }
}

item_view! {
    /// One thing that is screened for.
    ScreeningItemView of ScreeningItem {
        /// What it is about.
        label: String,
    }
}

view! {
    /// One look at one thing. The last one at it stands.
    FindingView of FindingStep {
        /// Which of the items.
        item: ItemId,
        /// What was found.
        finding: ScreeningFinding,
        /// More of it; may be empty.
        note: String,
        /// Who looked.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// Screenings before treatment.
    Screenings of Screening as ScreeningView in ScreeningPage {
        /// What is asked.
        items: Vec<ScreeningItemView>,
        /// What was found, the oldest look first: the last one of an item stands.
        findings: Vec<FindingView>,
        /// When it was begun.
        at: LocalMoment,
    }
    reads {
        /// The items at which nobody has looked yet.
        open_items: Vec<ItemId> = |screening| {
            screening.open_items().into_iter().map(|(item, _)| item).collect::<Vec<_>>()
        },
    }
}
