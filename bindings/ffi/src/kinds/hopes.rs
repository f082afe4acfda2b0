//! What a patient hopes for, and what they write for the assessment.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::goal::{Became, LifeDomain};
use companion_core::domain::{AssessmentSection, Goal};

use super::macros::{kind, shares, writes};
use crate::cross::{Back, Cross, choice};
use crate::error::Result;
use crate::values::{LocalMoment, WhoReads};

choice! {
    /// What became of a goal. The patient and the clinic say it; nothing computes it.
    GoalBecame of Became {
        /// Nothing was said yet.
        Open,
        /// It came about.
        Reached,
        /// Some of it came about.
        Partly,
        /// It turned into something else.
        Changed,
        /// It was let go.
        LetGo,
    }
}

impl Cross<LifeDomain> for String {
    fn out(core: LifeDomain) -> Self {
        core.as_str().to_owned()
    }
}

impl Back<LifeDomain> for String {
    fn back(self) -> Result<LifeDomain> {
        Ok(self.into())
    }
}

/// The words for parts of life that are offered where a goal is written. Others are as good. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn offered_parts_of_life() -> Result<Vec<String>> {
    Ok(LifeDomain::OFFERED.map(str::to_owned).to_vec())
}

kind! {
    /// Goals: what a patient hopes for, in any part of life. Both sides read and edit them from the first word on.
    Goals of Goal as GoalView in GoalPage {
        /// The part of life that it is in, as a word: see `offered_parts_of_life`.
        domain: String,
        /// The goal.
        text: String,
        /// What became of it.
        became: GoalBecame,
        /// The same in words; may be empty.
        became_words: String,
        /// When it was written down.
        at: LocalMoment,
    }
}

writes! {
    /// A goal to write.
    Goals of Goal as GoalView from GoalRequest, new |request| {
        Ok(Goal {
            domain: LifeDomain::default(),
            text: String::new(),
            became: Became::default(),
            became_words: String::new(),
            at: request.at.back()?,
        })
    } => {
        /// The part of life that it is in, as a word of at most 40 characters: see `offered_parts_of_life`.
        domain: String,
        /// The goal, at most 4,000 bytes of UTF-8.
        text: String,
        /// What became of it.
        became: GoalBecame,
        /// The same in words, at most 4,000 bytes of UTF-8; may be empty.
        #[uniffi(default = "")]
        became_words: String,
        /// When it was written down.
        at: LocalMoment,
    }
}

choice! {
    /// What an assessment talks about, in the order in which it asks.
    AssessmentTopic of Section {
        /// Medical history.
        MedicalHistory,
        /// Psychiatric history.
        PsychiatricHistory,
        /// What somebody hopes to work on.
        Hopes,
        /// What somebody has tried.
        Tried,
        /// What is going on in their life now.
        LifeNow,
    }
}

/// A topic of the assessment, with its heading in plain English.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AssessmentHeading {
    /// The topic.
    pub topic: AssessmentTopic,
    /// Its heading.
    pub heading: String,
}

/// All topics of an assessment, in the order in which it asks. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn assessment_headings() -> Result<Vec<AssessmentHeading>> {
    let heading = |topic: Section| AssessmentHeading {
        topic: Cross::out(topic),
        heading: topic.label().to_owned(),
    };
    Ok(Section::ALL.map(heading).to_vec())
}

kind! {
    /// What a patient writes for the assessment, topic by topic. Each is drafted privately and shared by itself. Two
    /// phones that begin a topic apart write two.
    AssessmentTexts of AssessmentSection as AssessmentTextView in AssessmentTextPage {
        /// The topic.
        section: AssessmentTopic,
        /// The text.
        text: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was begun.
        at: LocalMoment,
    }
}

writes! {
    /// A text for the assessment to write.
    AssessmentTexts of AssessmentSection as AssessmentTextView from AssessmentTextRequest, new |request| {
        Ok(AssessmentSection {
            section: request.section.back()?,
            text: String::new(),
            visibility: request.visibility.back()?,
            at: request.at.back()?,
        })
    } => {
        /// The topic.
        section: AssessmentTopic,
        /// The text, at most 100,000 bytes of UTF-8.
        text: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was begun.
        at: LocalMoment,
    }
}

shares! { AssessmentTexts of AssessmentSection as AssessmentTextView from AssessmentTextRequest }
