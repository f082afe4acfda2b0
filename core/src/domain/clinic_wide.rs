//! What a clinic says to all its patients alike. It stands once in the clinic space, where it is set, and the
//! clinic's node writes a copy of it into the care space of each patient, where phones read it.

use super::{Content, HoldsFor, Moment};

/// A kind of the clinic space that says what its copies say.
pub trait ClinicWide: Content {
    /// The kind of the copies, which live in the care spaces.
    type Copy: Content;

    /// What such a copy says, set for all patients.
    fn of(copy: Self::Copy) -> Self;

    /// What its copies say.
    fn copy(&self) -> &Self::Copy;
}

/// What a clinic sets for all its patients, or for one of them alone: that one's stays as it is when what holds
/// for all changes.
pub trait HeldForAll: Content {
    /// The kind that stands in the clinic space for all.
    type ForAll: ClinicWide<Copy = Self>;

    /// Where nothing is set: our own counts in everything.
    fn nothing_set(by: &str, at: Moment) -> Self;

    /// Whom it holds for.
    fn holds_for(&self) -> &HoldsFor;

    /// Who answers for it, and since when.
    fn signed(&self) -> (&str, Moment);

    /// Puts down whom it holds for, who answers for it, and when it was set.
    fn sign(&mut self, holds_for: HoldsFor, by: &str, at: Moment);
}

/// Declares the kind that stands in the clinic space. It says what its copies say.
macro_rules! clinic_wide_kind {
    ($(#[$doc:meta])* $wide:ident, $copy:ident, $word:literal) => {
        use serde::{Deserialize, Serialize};

        use super::{ClinicWide, Content, $copy, Index, Invalid, Kind, Placement, Shape, Writers};

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $wide(
            /// What each patient's copy says.
            pub $copy,
        );

        impl ClinicWide for $wide {
            type Copy = $copy;

            fn of(copy: $copy) -> Self {
                Self(copy)
            }

            fn copy(&self) -> &$copy {
                &self.0
            }
        }

        impl Content for $wide {
            const KIND: Kind = Kind::named($word);
            const SHAPE: Shape = $copy::SHAPE;
            const PLACEMENT: Placement = Placement::Clinic;
            const WRITERS: Writers = Writers::Clinic;
            const BELONGS: super::Belongs = $copy::BELONGS;

            fn checked(self) -> Result<Self, Invalid> {
                self.0.checked().map(Self)
            }

            fn index(&self) -> Index {
                self.0.index()
            }

            #[cfg(any(test, feature = "testing"))]
            fn examples() -> Vec<Self> {
                $copy::examples().into_iter().map(Self).collect()
            }
        }
    };
}
pub(super) use clinic_wide_kind;
