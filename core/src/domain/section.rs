//! The sections of a patient's record: what a release opens to somebody outside the clinic, and what a role opens
//! to somebody inside it. One table for both. Each kind says in its own file where it belongs
//! ([`Content::BELONGS`](super::Content::BELONGS)), so none can be forgotten.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Kind, declared};

/// One section of a patient's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordSection {
    /// What the patient wrote, said or drew, what they would like to hold in mind, and what they noted for their
    /// next session.
    Journal,
    /// How the patient said that they were.
    CheckIns,
    /// Answers to measures, and their scores.
    Measures,
    /// The safety plan, flags, and requests for contact.
    Safety,
    /// Medicines and supplements, the screening, and the questions on use.
    Medicines,
    /// What was written for the assessment, and its outcome.
    Assessment,
    /// The programme, its sessions and visits, how they are prepared, and guides.
    Programme,
    /// Of the medicine in a session: route, dose and readings.
    MedicineGiven,
    /// The cost sheet, and who stands by it.
    Costs,
    /// Goals, and what the patient means to do.
    Goals,
}

impl RecordSection {
    /// All sections, in the order in which a record shows them.
    pub const ALL: [RecordSection; 10] = [
        RecordSection::Programme,
        RecordSection::Assessment,
        RecordSection::Medicines,
        RecordSection::MedicineGiven,
        RecordSection::Goals,
        RecordSection::Journal,
        RecordSection::CheckIns,
        RecordSection::Measures,
        RecordSection::Safety,
        RecordSection::Costs,
    ];

    /// The word that is kept, and that a person types.
    pub const fn as_str(self) -> &'static str {
        match self {
            RecordSection::Journal => "journal",
            RecordSection::CheckIns => "check_ins",
            RecordSection::Measures => "measures",
            RecordSection::Safety => "safety",
            RecordSection::Medicines => "medicines",
            RecordSection::Assessment => "assessment",
            RecordSection::Programme => "programme",
            RecordSection::MedicineGiven => "medicine_given",
            RecordSection::Costs => "costs",
            RecordSection::Goals => "goals",
        }
    }

    /// The section of that word; `None` for one that this version does not know.
    pub fn named(word: &str) -> Option<RecordSection> {
        RecordSection::ALL
            .into_iter()
            .find(|one| one.as_str() == word)
    }

    /// One for an example; others for other numbers.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn example(n: u8) -> RecordSection {
        let mut all = RecordSection::ALL.into_iter().cycle();
        all.nth(n.into()).unwrap_or(RecordSection::Costs)
    }

    /// The section in words.
    pub const fn label(self) -> &'static str {
        match self {
            RecordSection::Journal => "Journal and intentions",
            RecordSection::CheckIns => "Check-ins",
            RecordSection::Measures => "Measures",
            RecordSection::Safety => "Safety",
            RecordSection::Medicines => "Medicines and screening",
            RecordSection::Assessment => "Assessment",
            RecordSection::Programme => "Programme and sessions",
            RecordSection::MedicineGiven => "Medicine given: route, dose and readings",
            RecordSection::Costs => "Costs",
            RecordSection::Goals => "Goals and commitments",
        }
    }
}

/// Where a kind belongs in a patient's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// To that section.
    To(RecordSection),
    /// To the section of the document that it is about: a reply, or a mark.
    WithItsSubject,
    /// To none: what a clinic sets for anybody, who the patient is, what devices and machines tell each other, and
    /// who may see what.
    ToNone,
}

impl Belongs {
    /// Where something of that kind belongs; `None` for a kind that this version does not know, which nobody is
    /// shown.
    pub fn of(kind: &Kind) -> Option<Belongs> {
        declared(kind).map(|declared| declared.belongs)
    }

    /// Its section, where `subject` is the kind of what it is about.
    pub fn section(self, subject: Option<&Kind>) -> Option<RecordSection> {
        match self {
            Belongs::To(section) => Some(section),
            Belongs::WithItsSubject => match Belongs::of(subject?)? {
                Belongs::To(section) => Some(section),
                // What is about a mark of something else is shown nowhere by itself.
                Belongs::WithItsSubject | Belongs::ToNone => None,
            },
            Belongs::ToNone => None,
        }
    }
}

/// Some of the sections. A document holds them as one line of words, `costs measures`: of two that were written apart
/// both are then kept to choose from, where a list would lose one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordSections(BTreeSet<RecordSection>);

impl RecordSections {
    /// All of them.
    pub fn all() -> Self {
        RecordSection::ALL.into()
    }

    /// Those of that line; `None` where a word of it names none.
    pub fn named(line: &str) -> Option<Self> {
        let words = line.split_whitespace().map(RecordSection::named);
        words.collect::<Option<_>>().map(Self)
    }

    /// In the order in which a record shows them.
    pub fn iter(&self) -> impl Iterator<Item = RecordSection> {
        let all = RecordSection::ALL.into_iter();
        all.filter(|section| self.0.contains(section))
    }

    /// Whether a section is among them.
    pub fn contains(&self, section: RecordSection) -> bool {
        self.0.contains(&section)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    pub fn insert(&mut self, section: RecordSection) {
        self.0.insert(section);
    }

    /// Those of these that are not among the others.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        Self(self.0.difference(&others.0).copied().collect())
    }

    /// Whether all of these are among the others.
    pub fn are_among(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// As a sentence has them: `Measures, Costs`.
    pub fn in_words(&self) -> String {
        self.iter()
            .map(RecordSection::label)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl<const N: usize> From<[RecordSection; N]> for RecordSections {
    fn from(sections: [RecordSection; N]) -> Self {
        Self(sections.into())
    }
}

impl FromIterator<RecordSection> for RecordSections {
    fn from_iter<I: IntoIterator<Item = RecordSection>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}

impl fmt::Display for RecordSections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|section| section.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl Serialize for RecordSections {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordSections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = String::deserialize(deserializer)?;
        Self::named(&line).ok_or_else(|| de::Error::custom("a section that is not known"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::{
        Content as _, Declared, Entry, MedicineRecord, MedicineShown, REGISTRY, Reply,
    };

    #[test]
    fn every_kind_of_the_registry_belongs_to_just_one_place() {
        for declared in REGISTRY {
            assert_eq!(Belongs::of(&declared.kind), Some(declared.belongs));
            if declared.belongs == Belongs::WithItsSubject {
                let about = declared.shape.has("about");
                assert!(about, "{} is about nothing", declared.kind);
            }
        }
        for section in RecordSection::ALL {
            let filled = |one: &Declared| one.belongs == Belongs::To(section);
            assert!(REGISTRY.iter().any(filled), "{section:?} is empty");
        }
    }

    #[test]
    fn a_section_is_found_by_the_word_that_is_kept_and_no_two_have_one() {
        for section in RecordSection::ALL {
            assert_eq!(RecordSection::named(section.as_str()), Some(section));
            let kept = serde_json::to_value(section).unwrap();
            assert_eq!(kept, section.as_str());
        }
        let all = RecordSections::all();
        assert_eq!(all.iter().count(), RecordSection::ALL.len());
        assert_eq!(RecordSections::named(&all.to_string()), Some(all));
        assert_eq!(RecordSections::named("costs everything"), None);
        assert_eq!(RecordSection::named("everything"), None);
    }

    #[test]
    fn a_reply_is_in_the_section_of_what_it_answers_and_an_unknown_kind_in_none() {
        let reply = Belongs::of(&Reply::KIND).unwrap();
        assert_eq!(
            reply.section(Some(&Entry::KIND)),
            Some(RecordSection::Journal)
        );
        assert_eq!(reply.section(Some(&Reply::KIND)), None);
        assert_eq!(reply.section(None), None);
        assert_eq!(reply.section(Some(&Kind::from_stored("letter"))), None);
        assert_eq!(Belongs::of(&Kind::from_stored("letter")), None);
    }

    #[test]
    fn route_and_dose_have_a_section_of_their_own() {
        for kind in [MedicineRecord::KIND, MedicineShown::KIND] {
            let place = Belongs::of(&kind).unwrap();
            assert_eq!(place, Belongs::To(RecordSection::MedicineGiven));
        }
    }
}
