//! What a patient takes: the lists that both sides keep, and who looked at them.

use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::{DocumentId, EditedBy, MedicationList, MedicationReview, Revision};

use super::macros::kind;
use crate::cross::{choice, item_view};
use crate::values::LocalMoment;

choice! {
    /// What sort of thing is taken.
    MedicineSort of MedicationSort {
        /// A medicine, prescribed or not.
        Medicine,
        /// A supplement, an herb, a vitamin.
        Supplement,
    }
}

item_view! {
    /// One thing that is taken, or was.
    MedicineView of Medication {
        /// Its name with whatever belongs to it.
        name: String,
        /// What it is taken for; may be empty.
        what_for: String,
        /// What sort of thing it is.
        sort: MedicineSort,
        /// When it was stopped, if it was.
        stopped_at: Option<LocalMoment>,
    }
}

kind! {
    /// Lists of medicines and supplements. Both sides see and edit them; `add_medicine` and `set_medicine_stopped` of
    /// the record change one.
    MedicineLists of MedicationList as MedicineListView in MedicineListPage {
        /// Medicines and supplements.
        items: Vec<MedicineView>,
        /// When the list was begun.
        at: LocalMoment,
    }
}

kind! {
    /// That somebody of the clinic went through one version of a list of medicines. It says nothing about what is in
    /// the list.
    MedicineReviews of MedicationReview as MedicineReviewView in MedicineReviewPage {
        /// The list.
        about: DocumentId,
        /// Its version. Once the list changes, this stands no longer.
        revision: Revision,
        /// Who went through it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// Who of the clinic's people wrote one version of something that both sides write: a goal, a list of medicines, a
    /// safety plan.
    ClinicEdits of EditedBy as ClinicEditView in ClinicEditPage {
        /// What was edited.
        about: DocumentId,
        /// The version that they wrote.
        revision: Revision,
        /// Who.
        by: String,
        /// When.
        at: LocalMoment,
    }
}
