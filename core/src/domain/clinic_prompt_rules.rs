//! A clinic's own prompts for integration, as it set them for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// What a clinic set of its [`PromptRules`]. It lives in the clinic space; the newest is the one that counts.
    ClinicPromptRules, PromptRules, "clinic_prompt_rules"
}
