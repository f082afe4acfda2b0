//! Structure and costs of a programme, and who stands by them. Nothing here pays.

use companion_core::domain::amount::Amount;
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::{
    CostAcknowledgement, CostSheet, CostWalkthrough, DocumentId, Revision,
};

use super::macros::kind;
use crate::cross::{Cross, choice, item_view};
use crate::values::LocalMoment;

/// A sum of money, to read.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AmountView {
    /// How many of the smallest unit of its currency: 12,000 for 120 dollars.
    pub minor_units: u64,
    /// Its currency, by the three letters of ISO 4217.
    pub currency: String,
    /// How many digits stand after the point in that currency.
    pub digits: u8,
    /// The same in plain text: `120.50 USD`.
    pub words: String,
}

impl Cross<Amount> for AmountView {
    fn out(core: Amount) -> Self {
        Self {
            minor_units: core.minor_units,
            currency: core.currency.to_string(),
            digits: u8::try_from(core.currency.digits()).unwrap_or(u8::MAX),
            words: core.label(),
        }
    }
}

choice! {
    /// How a line is paid.
    PaidBy of Payer {
        /// By insurance.
        Insurance,
        /// Out of pocket.
        Cash,
        /// By either, depending on the structure and the provider.
        Either,
    }
}

item_view! {
    /// One line of structure and costs.
    CostLineView of CostLine {
        /// What for.
        label: String,
        /// Who provides it; may be empty.
        provider: String,
        /// How it is paid.
        payer: PaidBy,
        /// Whether it is the medicine itself.
        is_medicine: bool,
        /// Whether the clinic takes money of a health savings or flexible spending account for it.
        hsa_fsa: bool,
        /// How much, where that is known.
        amount: Option<AmountView>,
    }
}

kind! {
    /// Structure and costs, line by line. `plan` of the record says which sheet counts, and whether it was
    /// acknowledged as it is.
    CostSheets of CostSheet as CostSheetView in CostSheetPage {
        /// For people to name it by, from 1.
        version: u32,
        /// Its lines.
        lines: Vec<CostLineView>,
        /// When it was first written.
        at: LocalMoment,
    }
}

kind! {
    /// That the clinic went through one version of structure and costs with the patient.
    CostWalkthroughs of CostWalkthrough as CostWalkthroughView in CostWalkthroughPage {
        /// The sheet.
        about: DocumentId,
        /// Its version. Once the sheet changes, this stands no longer.
        revision: Revision,
        /// How many sessions were planned then; nothing where nobody had said.
        planned: Option<u32>,
        /// Who said it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// That the patient acknowledged one version of structure and costs. `acknowledge_costs` of the record writes one.
    CostAcknowledgements of CostAcknowledgement as CostAcknowledgementView in CostAcknowledgementPage {
        /// The sheet.
        about: DocumentId,
        /// Its version. Once the sheet changes, this stands no longer.
        revision: Revision,
        /// How many sessions were planned then; nothing where nobody had said.
        planned: Option<u32>,
        /// Who acknowledged it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}
