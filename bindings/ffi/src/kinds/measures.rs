//! What was answered to questionnaires.

use companion_core::domain::Response;
use companion_core::domain::measure::{Answers, InstrumentVersion, Item, ItemState, MeasureId};
use companion_core::domain::response::UnknownMeasure;

use super::macros::{as_text, kind, shares};
use crate::cross::Cross;
use crate::values::{LocalMoment, WhoReads};

as_text!(MeasureId);

impl Cross<InstrumentVersion> for u16 {
    fn out(core: InstrumentVersion) -> Self {
        core.0
    }
}

/// How one question stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum AnswerState {
    /// Not reached yet.
    Open,
    /// Somebody chose not to answer. It never counts as 0.
    Skipped,
    /// Answered with one of its choices.
    Answered {
        /// What the choice counts.
        points: u8,
        /// The words of the choice.
        words: String,
    },
    /// Answered differently in two places, until somebody chooses. It is part of no total.
    Apart {
        /// The words of both choices.
        words: String,
    },
    /// Something is written down that is none of its choices.
    Unreadable,
}

/// One question of a questionnaire, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AnswerView {
    /// Its printed number.
    pub number: u8,
    /// Its words.
    pub question: String,
    /// How it stands.
    pub state: AnswerState,
}

impl Cross<(&Answers<'_>, &Item)> for AnswerView {
    fn out((answers, item): (&Answers<'_>, &Item)) -> Self {
        let state = match answers.state(item) {
            ItemState::Open => AnswerState::Open,
            ItemState::Skipped => AnswerState::Skipped,
            ItemState::Answered(points) => AnswerState::Answered {
                points: points.0,
                words: Cross::out(item.choice(points).map_or("", |choice| choice.text)),
            },
            ItemState::Apart(_) => AnswerState::Apart {
                words: answers.words_apart(item),
            },
            ItemState::Unreadable => AnswerState::Unreadable,
        };
        Self {
            number: item.number.number(),
            question: Cross::out(item.text),
            state,
        }
    }
}

/// The questions in their order; none of a questionnaire that this version does not know.
impl Cross<Result<Answers<'_>, UnknownMeasure>> for Vec<AnswerView> {
    fn out(core: Result<Answers<'_>, UnknownMeasure>) -> Self {
        let Ok(answers) = core else {
            return Vec::new();
        };
        let items = answers.instrument().items.iter();
        items.map(|item| Cross::out((&answers, item))).collect()
    }
}

kind! {
    /// Answers to questionnaires, finished and begun. The verbs of the record begin one and go on with it.
    Responses of Response as ResponseView in ResponsePage {
        /// Which questionnaire, as a word.
        measure: String,
        /// In which version of its words and scoring.
        version: u16,
        /// When the person said that this is all, if they did.
        finished_at: Option<LocalMoment>,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was begun.
        at: LocalMoment,
    }
    reads {
        /// What the questionnaire is called for short: `PHQ-9`. Nothing for one that this version does not know.
        name: Option<String> = |response| response.instrument().ok().map(|it| it.short_name),
        /// Its questions in order, and how each stands.
        items: Vec<AnswerView> = |response| response.read(),
        /// The total: a number to talk about, and no diagnosis. Nothing where none can be made.
        total: Option<u16> = |response| response.score().ok().map(|score| score.total()),
        /// Why there is no total, in words.
        no_total: Option<String> = |response| response.score().err().map(|why| why.to_string()),
    }
    without { answers }
}

shares! { Responses of Response as ResponseView }
