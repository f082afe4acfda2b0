//! The lists of a record: one for each kind that a patient writes or reads.

use std::sync::Arc;

use super::PhoneRecord;
use crate::error::Result;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $list:ident,)*) => {
        #[uniffi::export]
        impl PhoneRecord {
            $(
                $(#[$doc])*
                /// Touches no disk.
                ///
                /// # Errors
                ///
                /// None today.
                pub fn $name(&self) -> Result<Arc<crate::kinds::$list>> {
                    let inner = Arc::clone(&self.inner);
                    Ok(Arc::new(crate::kinds::$list { inner }))
                }
            )*
        }
    };
}

lists! {
    /// The journal.
    journal: Journal,
    /// Check-ins.
    check_ins: CheckIns,
    /// Goals.
    goals: Goals,
    /// What the patient writes for the assessment.
    assessment_texts: AssessmentTexts,
    /// Commitments.
    commitments: Commitments,
    /// Lines for the next session.
    next_session_lines: NextSessionLines,
    /// Intentions, of whatever session.
    all_intentions: Intentions,
    /// Requests to be contacted.
    contact_requests: ContactRequests,
    /// What the care team answered.
    replies: Replies,
    /// Dosing sessions.
    dosing_sessions: DosingSessions,
    /// Visits without a dose, of whatever programme.
    all_visits: Visits,
    /// What the clinic shows of the medicine in sessions.
    medicines_shown: MedicinesShown,
    /// Programmes.
    programmes: Programmes,
    /// What assessments came to.
    assessment_outcomes: AssessmentOutcomes,
    /// Screenings before treatment.
    screenings: Screenings,
    /// Structure and costs.
    cost_sheets: CostSheets,
    /// That the clinic went through structure and costs.
    cost_walkthroughs: CostWalkthroughs,
    /// That the patient acknowledged structure and costs.
    cost_acknowledgements: CostAcknowledgements,
    /// Lists of medicines and supplements.
    medicine_lists: MedicineLists,
    /// That the clinic went through a list of medicines.
    medicine_reviews: MedicineReviews,
    /// Who of the clinic's people edited what both sides write.
    clinic_edits: ClinicEdits,
    /// Answers to questionnaires.
    responses: Responses,
    /// Preparations for sessions, as each phone wrote them.
    written_preparations: SessionPreparations,
    /// Answers to "is anything new?".
    news_answers: NewsAnswers,
    /// Answers to the questions on use.
    use_checks: UseChecks,
    /// Safety plans, as each phone wrote them.
    written_safety_plans: SafetyPlans,
    /// The clinic's cards of whom to call.
    support_cards: SupportCards,
    /// Who at the clinic reads what arrives, and when.
    reading_hours: ReadingHours,
    /// The clinic's people.
    clinic_people: ClinicPeople,
    /// Releases, as they were given.
    releases_given: ReleasesGiven,
    /// What the clinic asked the patient to allow.
    requests_for_release: ReleaseRequests,
    /// Requests for a release that were declined.
    releases_declined: ReleasesDeclined,
    /// The clinic's rules for releases.
    release_limits: ReleaseLimits,
    /// What was told somebody outside.
    disclosures: Disclosures,
    /// Which guides the clinic gave the patient.
    guide_assignments: GuideAssignments,
    /// How far the patient is with each guide.
    guide_steps: GuideSteps,
    /// What the patient chose about reminders, as each phone wrote it.
    reminder_choices: ReminderChoices,
    /// What the clinic changed of reminders.
    clinic_reminders: ClinicReminders,
    /// What the clinic changed of prompts.
    clinic_prompts: ClinicPrompts,
    /// What was looked at again and stays private.
    kept_privately: KeptPrivately,
    /// How what is held back was to be shared.
    sharing_wishes: SharingWishes,
    /// That the patient ended their account.
    account_ends: AccountEnds,
}
