//! A clinic's rule for a place in its guides, as it wrote it for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// A [`GuideSlot`] for all patients. It lives in the clinic space, one document for each slot and language.
    ClinicGuideSlot, GuideSlot, "clinic_guide_slot"
}
