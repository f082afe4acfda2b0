//! The clinic's people, as its console wrote them down once for all patients.

super::clinic_wide::clinic_wide_kind! {
    /// What stands of a clinic's [`People`]. It lives in the clinic space; the newest is the one that counts.
    ClinicPeople, People, "clinic_people"
}
