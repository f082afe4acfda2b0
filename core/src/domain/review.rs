//! What the care team marks as dealt with.

super::mark::mark_kind! {
    /// A clinician's mark that something needs no more attention.
    Review, "review", "the time of the review"
}
