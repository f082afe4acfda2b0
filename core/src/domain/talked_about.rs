//! What the care team has talked about with the patient, of what the patient wanted to talk about.

super::mark::mark_kind! {
    /// A clinician's mark that something was talked about. Until then what a patient wants to talk about
    /// stands as that, whoever opened or reviewed it.
    TalkedAbout, "talked_about", "the time of the talk"
}
