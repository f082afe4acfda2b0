//! That a patient acknowledged structure and costs.

super::assent::assent_kind! {
    /// That the patient acknowledged one version of a [`CostSheet`](super::CostSheet): only their own
    /// devices can write it, under the name that they gave. It lives in the care space.
    CostAcknowledgement, "cost_acknowledgement", Writers::Patient, "the time of the acknowledgement",
    also
    /// How many sessions were planned as it was said, 1 to 999; `None` where nobody had said how many. It is part of
    /// the structure: another number asks again.
    planned
}
