//! What a clinic says of releases, as it set it once for all patients.

super::clinic_wide::clinic_wide_kind! {
    /// What stands of a clinic's [`ReleaseRules`]. It lives in the clinic space; the newest is the one that counts.
    ClinicReleaseRules, ReleaseRules, "clinic_release_rules"
}
