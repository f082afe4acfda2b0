//! A guide in a clinic's own words, as it wrote it for all its patients.

super::clinic_wide::clinic_wide_kind! {
    /// A [`GuideText`] for all patients. It lives in the clinic space, one document for each guide and language.
    ClinicGuideText, GuideText, "clinic_guide_text"
}
