//! That the clinic went through what a patient takes.

super::assent::assent_kind! {
    /// That somebody of the clinic went through one version of a
    /// [`MedicationList`](super::MedicationList): *reviewed on, by*. It lives in the care space, so the
    /// patient sees it. It says that the list was read and talked about, and nothing about what is in it.
    MedicationReview, "medication_review", Writers::Clinic, "the time of the review"
}
