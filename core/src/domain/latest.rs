//! Kinds of which the newest document counts and the others are history. Whoever asks for the newest of one is
//! made to decide what holds where this version can't read it.

use super::content::Content;
use super::{
    ClinicMonitoring, ClinicPeople, ClinicProfile, ClinicPromptRules, ClinicReleaseRules,
    ClinicReminderRules, ClinicSupportCard, ClinicUseQuestions, CostSheet, MedicationList,
    Monitoring, People, Programme, PromptRules, Readiness, ReleaseRules, ReminderRules, Screening,
    SupportCard, UseQuestions,
};

/// A kind of which the newest document counts.
pub trait Latest: Content {}

/// Goes through all of them, for whoever needs their types.
pub trait LatestVisitor {
    /// Called once for each.
    fn visit<T: Latest>(&mut self);
}

macro_rules! latest {
    ($($kind:ident,)*) => {
        $(impl Latest for $kind {})*

        /// Goes through every kind of which the newest counts.
        pub fn visit_latest(visitor: &mut impl LatestVisitor) {
            $(visitor.visit::<$kind>();)*
        }
    };
}

latest! {
    Programme,
    Readiness,
    Screening,
    CostSheet,
    Monitoring,
    SupportCard,
    ReminderRules,
    UseQuestions,
    PromptRules,
    MedicationList,
    ClinicMonitoring,
    ClinicSupportCard,
    ClinicReminderRules,
    ClinicPromptRules,
    ClinicUseQuestions,
    ClinicProfile,
    People,
    ClinicPeople,
    ReleaseRules,
    ClinicReleaseRules,
}
