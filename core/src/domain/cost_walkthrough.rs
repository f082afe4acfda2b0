//! That the clinic went through structure and costs with a patient.

super::assent::assent_kind! {
    /// That somebody of the clinic went through one version of a [`CostSheet`](super::CostSheet) with the
    /// patient. It lives in the care space.
    CostWalkthrough, "cost_walkthrough", Writers::Clinic, "the time of the walkthrough",
    also
    /// How many sessions were planned as it was said, 1 to 999; `None` where nobody had said how many. It is part of
    /// the structure: another number asks again.
    planned
}
