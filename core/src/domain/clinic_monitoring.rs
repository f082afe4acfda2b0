//! Who reads what arrives, and when, as the clinic set it for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// What a clinic set of its [`Monitoring`]. It lives in the clinic space; the newest is the one that counts.
    ClinicMonitoring, Monitoring, "clinic_monitoring"
}
