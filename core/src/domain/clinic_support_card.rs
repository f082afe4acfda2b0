//! Whom to call right now, as the clinic wrote it for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// What a clinic wrote on its [`SupportCard`]. It lives in the clinic space; the newest is the one that
    /// counts.
    ClinicSupportCard, SupportCard, "clinic_support_card"
}
