//! The places in a guide that only the clinic fills.

use std::str::FromStr;

/// A place in a guide for a rule that differs from clinic to clinic. Until the clinic wrote it, the
/// guide says to ask: we know no rule that would be safe everywhere. (Five clinics that we read set
/// five different rules on eating and drinking.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// From when on to eat and drink nothing.
    EatingAndDrinking,
    /// What to do about one's medicines. Nobody is told here to stop any.
    Medicines,
    /// Alcohol, cannabis and other substances around a session.
    OtherSubstances,
    /// Who may take the patient home, and what to leave until when.
    GettingHome,
    /// How the clinic is reached, and when.
    ReachingTheClinic,
}

/// A text that names no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a slot of a guide")]
pub struct SlotError;

impl Slot {
    /// All slots.
    pub const ALL: [Slot; 5] = [
        Slot::EatingAndDrinking,
        Slot::Medicines,
        Slot::OtherSubstances,
        Slot::GettingHome,
        Slot::ReachingTheClinic,
    ];

    /// The word that is kept, and that names it in a guide: `{slot: medicines}`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Slot::EatingAndDrinking => "eating-and-drinking",
            Slot::Medicines => "medicines",
            Slot::OtherSubstances => "other-substances",
            Slot::GettingHome => "getting-home",
            Slot::ReachingTheClinic => "reaching-the-clinic",
        }
    }
}

impl FromStr for Slot {
    type Err = SlotError;

    fn from_str(word: &str) -> Result<Self, SlotError> {
        let named = Slot::ALL.into_iter().find(|slot| slot.as_str() == word);
        named.ok_or(SlotError)
    }
}
