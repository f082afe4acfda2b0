//! Whom something that a clinic sets holds for.

use super::open_word::open_word;

open_word! {
    /// Whom something that a clinic sets holds for.
    HoldsFor {
        /// All its patients.
        All = "all", "all patients";
        /// The one patient in whose record it stands.
        Patient = "patient", "this patient alone";
    }
}
