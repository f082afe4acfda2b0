//! Who of the clinic wrote a version of what both sides write.

super::assent::assent_kind! {
    /// Who of the clinic's people wrote one version of a document that both sides write: the change itself is
    /// signed by the clinic's node and not by a person. It lives in the care space, so the patient reads the name.
    EditedBy, "edited_by", Writers::Clinic, "the time of the edit"
}
