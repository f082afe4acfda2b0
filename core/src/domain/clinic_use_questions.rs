//! A clinic's own words for the questions on use, as it set them for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// What a clinic set of its [`UseQuestions`]. It lives in the clinic space; the newest is the one that counts.
    ClinicUseQuestions, UseQuestions, "clinic_use_questions"
}
