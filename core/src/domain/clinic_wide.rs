//! What a clinic says to all its patients alike. It stands once in the clinic space, where it is set, and the
//! clinic's node writes a copy of it into the care space of each patient, where phones read it.

/// Declares the kind that stands in the clinic space. It says what its copies say.
macro_rules! clinic_wide_kind {
    ($(#[$doc:meta])* $wide:ident, $copy:ident, $word:literal) => {
        use serde::{Deserialize, Serialize};

        use super::{Content, $copy, Index, Invalid, Kind, Placement, Shape, Writers};

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $wide(
            /// What each patient's copy says.
            pub $copy,
        );

        impl Content for $wide {
            const KIND: Kind = Kind::named($word);
            const SHAPE: Shape = $copy::SHAPE;
            const PLACEMENT: Placement = Placement::Clinic;
            const WRITERS: Writers = Writers::Clinic;

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
