//! What a patient answers to the questions on craving, use outside the plan and the bladder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::use_questions::UseQuestion;
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, SearchText,
    Shape, Visibility, Writers, limits, text,
};

const CRAVING: Named = named("craving", "the answer on craving");
const OUTSIDE_PLAN: Named = named("outside_plan", "the answer on use outside the plan");
const BLADDER: Named = named("bladder", "the answer on the bladder");
const ASKED: Named = named("asked", "the questions as they were asked");
const WORDS: Named = named("words", "what was answered");
const AT: Named = named("at", "the time of the answers");

const A_QUESTION: Problem = Problem::NotOfForm {
    form: "one of craving, outside_plan and bladder",
};

open_word! {
    /// A plain answer. None of them is counted or weighed.
    UseAnswer {
        /// Yes.
        Yes = "yes", "yes";
        /// No.
        No = "no", "no";
        /// They would rather not say, which is an answer too.
        RatherNotSay = "rather_not_say", "rather not say";
    }
}

/// A patient's answers. Private until they share them: a question like this is answered truly only where the
/// answer is one's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UseCheck {
    /// On craving; `None` where it was left open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub craving: Option<UseAnswer>,
    /// On use outside the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_plan: Option<UseAnswer>,
    /// On the bladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bladder: Option<UseAnswer>,
    /// The questions as they were asked, by [`UseQuestion::as_str`]: a clinic may word them anew, and an answer
    /// is one to what was asked.
    #[serde(default)]
    pub asked: BTreeMap<String, String>,
    /// More about it, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub words: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was answered.
    pub at: Moment,
}

impl UseCheck {
    /// Nothing answered yet, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(at: Moment) -> Self {
        Self {
            craving: None,
            outside_plan: None,
            bladder: None,
            asked: BTreeMap::new(),
            words: String::new(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// The answer to a question.
    pub const fn answer(&self, question: UseQuestion) -> Option<&UseAnswer> {
        match question {
            UseQuestion::Craving => self.craving.as_ref(),
            UseQuestion::OutsidePlan => self.outside_plan.as_ref(),
            UseQuestion::Bladder => self.bladder.as_ref(),
        }
    }

    /// Answers a question, asked in these words.
    pub fn give(&mut self, question: UseQuestion, asked: &str, answer: UseAnswer) {
        let place = match question {
            UseQuestion::Craving => &mut self.craving,
            UseQuestion::OutsidePlan => &mut self.outside_plan,
            UseQuestion::Bladder => &mut self.bladder,
        };
        *place = Some(answer);
        self.asked
            .insert(question.as_str().to_owned(), asked.to_owned());
    }

    /// A question as it was asked.
    pub fn asked(&self, question: UseQuestion) -> &str {
        let asked = self.asked.get(question.as_str());
        asked.map_or(question.ours(), |asked| asked)
    }
}

fn checked_answer(answer: Option<UseAnswer>, name: Named) -> Result<Option<UseAnswer>, Invalid> {
    answer.map(|answer| answer.checked(name)).transpose()
}

impl Content for UseCheck {
    const KIND: Kind = Kind::named("use_check");
    const SHAPE: Shape = Shape::new(&[
        Field::value("craving"),
        Field::value("outside_plan"),
        Field::value("bladder"),
        Field::map("asked"),
        Field::text("words"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Medicines);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.words, WORDS, limits::NOTE)?;
        let is_answered = UseQuestion::ALL
            .into_iter()
            .any(|question| self.answer(question).is_some());
        if !is_answered && words.is_empty() {
            return Err(WORDS.wrong(Problem::Empty));
        }
        let mut asked = BTreeMap::new();
        for (question, as_asked) in &self.asked {
            let is_one = |known: &UseQuestion| known.as_str() == question;
            if !UseQuestion::ALL.iter().any(is_one) {
                return Err(ASKED.wrong(A_QUESTION));
            }
            let as_asked = text::needed_line(as_asked, ASKED, limits::QUESTION)?;
            asked.insert(question.clone(), as_asked);
        }
        text::moment(self.at, AT)?;
        Ok(Self {
            craving: checked_answer(self.craving, CRAVING)?,
            outside_plan: checked_answer(self.outside_plan, OUTSIDE_PLAN)?,
            bladder: checked_answer(self.bladder, BLADDER)?,
            asked,
            words,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: (!self.words.is_empty()).then(|| SearchText {
                body: self.words.clone(),
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
        let example = |n: u8, answer: &UseAnswer, visibility| UseCheck {
            craving: Some(answer.clone()),
            outside_plan: Some(answer.clone()),
            bladder: Some(answer.clone()),
            // Each another one, to see them merge.
            asked: UseQuestion::ALL
                .iter()
                .skip(usize::from(n) - 1)
                .take(1)
                .map(|one| (one.as_str().to_owned(), format!("So in {n} weeks?")))
                .collect(),
            words: format!("Twice in {n} weeks."),
            visibility,
            ..UseCheck::new(Moment::utc(1_795_465_113_123 + i64::from(n)))
        };
        vec![
            example(1, &UseAnswer::Yes, Visibility::CareTeam),
            example(2, &UseAnswer::No, Visibility::OnlyMe),
            example(3, &UseAnswer::RatherNotSay, Visibility::TalkInSession),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_check_is_private_and_needs_an_answer_or_words() {
        let mut check = UseCheck::new(Moment::utc(0));
        assert_eq!(check.visibility, Visibility::OnlyMe);
        let empty = check.clone().checked().unwrap_err();
        assert_eq!(empty.to_string(), "what was answered is empty");
        check.give(
            UseQuestion::Bladder,
            "Does it hurt?",
            UseAnswer::RatherNotSay,
        );
        let check = check.checked().unwrap();
        assert_eq!(check.answer(UseQuestion::Craving), None);
        assert_eq!(check.asked(UseQuestion::Bladder), "Does it hurt?");
        assert_eq!(
            check.asked(UseQuestion::Craving),
            UseQuestion::Craving.ours()
        );
    }

    #[test]
    fn only_the_three_questions_are_asked() {
        let mut check = UseCheck::examples().remove(0);
        check.asked.insert("mood".into(), "How are you?".into());
        assert_eq!(check.checked().unwrap_err().name, ASKED);
    }
}
