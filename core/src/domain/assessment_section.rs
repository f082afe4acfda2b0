//! What a patient writes for the assessment, section by section.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, SearchText,
    Shape, Visibility, Writers, limits, text,
};

const TEXT: Named = named("text", "the text");
const AT: Named = named("at", "the time of writing");

/// One section of what a patient writes before the assessment. Each is drafted privately and shared by
/// itself, when the patient chooses to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentSection {
    /// Which one.
    pub section: Section,
    /// The text, at most 100,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub text: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was begun.
    pub at: Moment,
}

/// What an assessment talks about, in the order in which it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Medical history.
    MedicalHistory,
    /// Psychiatric history.
    PsychiatricHistory,
    /// What I hope to work on.
    Hopes,
    /// What I've already tried.
    Tried,
    /// What's going on in my life now.
    LifeNow,
}

impl Section {
    /// All five, in the order in which an assessment asks.
    pub const ALL: [Section; 5] = [
        Section::MedicalHistory,
        Section::PsychiatricHistory,
        Section::Hopes,
        Section::Tried,
        Section::LifeNow,
    ];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Section::MedicalHistory => "medical_history",
            Section::PsychiatricHistory => "psychiatric_history",
            Section::Hopes => "hopes",
            Section::Tried => "tried",
            Section::LifeNow => "life_now",
        }
    }

    /// Its heading.
    pub const fn label(self) -> &'static str {
        match self {
            Section::MedicalHistory => "Medical history",
            Section::PsychiatricHistory => "Psychiatric history",
            Section::Hopes => "What I hope to work on",
            Section::Tried => "What I’ve already tried",
            Section::LifeNow => "What’s going on in my life now",
        }
    }
}

impl Content for AssessmentSection {
    const KIND: Kind = Kind::named("assessment_section");
    const SHAPE: Shape = Shape::new(&[
        Field::value("section"),
        Field::text("text"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Assessment);

    fn checked(self) -> Result<Self, Invalid> {
        let text = text::paragraphs(&self.text, TEXT, limits::BODY)?;
        if text.is_empty() {
            return Err(TEXT.wrong(Problem::Empty));
        }
        text::moment(self.at, AT)?;
        Ok(Self { text, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: Some(SearchText {
                title: self.section.label().to_owned(),
                body: self.text.clone(),
                ..SearchText::default()
            }),
            ..Index::default()
        }
    }

    fn visibility(&self) -> Option<Visibility> {
        Some(self.visibility)
    }

    fn set_visibility(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, section, visibility| AssessmentSection {
            section,
            text: format!("It began {n} years ago."),
            visibility,
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(1, Section::Hopes, Visibility::CareTeam),
            example(2, Section::MedicalHistory, Visibility::OnlyMe),
            example(3, Section::LifeNow, Visibility::TalkInSession),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn there_are_five_sections_each_under_its_own_word() {
        for section in Section::ALL {
            assert_eq!(serde_json::to_value(section).unwrap(), section.as_str());
        }
        assert!(serde_json::from_str::<Section>("\"moon\"").is_err());
    }

    #[test]
    fn an_empty_section_is_not_kept() {
        let empty = AssessmentSection {
            text: " ".into(),
            ..AssessmentSection::examples().remove(0)
        };
        assert_eq!(
            empty.checked().unwrap_err().to_string(),
            "the text is empty"
        );
    }
}
