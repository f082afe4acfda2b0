//! The medicines that a programme may work with, as data: nothing else names one.

use serde::{Deserialize, Serialize};

/// Names a medicine. A word from a newer version, or a clinic's own, is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MedicineId(String);

/// What the product brings for one medicine. A pack is where everything stands that differs between
/// medicines, so that another medicine is another pack and no other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Medicine {
    /// The word that a programme keeps.
    pub id: &'static str,
    /// Its name, as both sides read it.
    pub name: &'static str,
    /// The guides that come with it, by their names.
    pub guides: &'static [&'static str],
}

/// Ketamine, the default. In the United States it is approved as an anesthetic and for no psychiatric
/// disorder (FDA, "FDA warns patients and health care providers about potential risks associated with
/// compounded ketamine products", October 10, 2023); what guides say of it starts from there.
pub const KETAMINE: Medicine = Medicine {
    id: "ketamine",
    name: "Ketamine",
    guides: &[],
};

/// The packs of this version, the default one first.
pub const MEDICINES: &[Medicine] = &[KETAMINE];

impl MedicineId {
    /// The word that is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What this version brings for it; `None` for a medicine that it has no pack for.
    pub fn pack(&self) -> Option<&'static Medicine> {
        MEDICINES.iter().find(|pack| pack.id == self.0)
    }
}

impl Default for MedicineId {
    fn default() -> Self {
        KETAMINE.id.to_owned().into()
    }
}

impl From<String> for MedicineId {
    fn from(word: String) -> Self {
        Self(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ketamine_is_the_default_and_an_unknown_medicine_is_kept_without_a_pack() {
        assert_eq!(MedicineId::default().pack(), Some(&KETAMINE));
        let other = MedicineId::from("psilocybin".to_owned());
        assert_eq!((other.as_str(), other.pack()), ("psilocybin", None));
    }
}
