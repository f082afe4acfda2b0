//! What a patient decided about what they wrote, and about their account.

use companion_core::domain::{AccountEnd, DocumentId, KeptPrivate, SharingWish};

use super::macros::kind;
use crate::values::{LocalMoment, WhoReads};

kind! {
    /// What was written in the quiet hours of a session and stays private: the patient looked at it again and decided
    /// so. `keep_private` of the record writes one.
    KeptPrivately of KeptPrivate as KeptPrivatelyView in KeptPrivatelyPage {
        /// What they keep.
        about: DocumentId,
        /// When they decided.
        at: LocalMoment,
    }
}

kind! {
    /// How something was to be shared that is held back for now. `to_review` of the record shows it with what it is
    /// about.
    SharingWishes of SharingWish as SharingWishView in SharingWishPage {
        /// What was held back.
        about: DocumentId,
        /// How it was to be shared.
        how: WhoReads,
        /// When they asked.
        at: LocalMoment,
    }
}

kind! {
    /// That the patient ended their account. `account_standing` of the record says how far that got.
    AccountEnds of AccountEnd as AccountEndView in AccountEndPage {
        /// When they decided it.
        at: LocalMoment,
        /// Whether they took back what they had shared.
        taken_back: bool,
    }
}
