//! Questionnaires, question by question: the exact words, what answers there are, where one stands, and the total as it
//! was published.

use companion_core::domain::measure::{
    Asked, Band, Choice, Given, Instrument, Item, ItemNumber, LOINC_NOTICE, MeasureId, Points,
    Source, Timing,
};
use companion_core::domain::{DocumentId, Response};
use companion_core::patient::{MeasureOffer, NotOffered, Patient};
use companion_core::records::View;

use super::PhoneRecord;
use crate::cross::{Cross, choice};
use crate::error::{CompanionError, FieldProblem, Result};
use crate::kinds::ResponseView;
use crate::values::{CalendarDay, LocalMoment};

choice! {
    /// Why a questionnaire is not offered now.
    MeasureNotOffered of NotOffered {
        /// There is none of that name here.
        Unknown,
        /// It asks about thoughts of death, and the clinic has not set who reads the answers and when.
        Monitoring,
        /// It asks about thoughts of death, and this phone is no member of the record with the clinic.
        NotAMember,
        /// It asks about thoughts of death, and who reads the answers was written by a newer version.
        NotReadable,
        /// Questionnaires rest on the day of a session and in the quiet hours after it.
        SessionDay,
    }
}

choice! {
    /// Which part a question has.
    QuestionPart of Asked {
        /// It counts for the total.
        ForTheTotal,
        /// It stands beside the total, and is asked only where something was answered with more than "not at all". The
        /// words before the questions do not belong to it.
        BesideIfAnyProblem,
        /// It stands for itself.
        OnItsOwn,
    }
}

/// Who published something.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SourceView {
    /// Authors, year and place, as one would cite it.
    pub cited: String,
    /// Where it is found.
    pub link: String,
}

impl Cross<Source> for SourceView {
    fn out(core: Source) -> Self {
        let Source { cited, link } = core;
        Self {
            cited: cited.to_owned(),
            link: link.to_owned(),
        }
    }
}

/// One answer that can be chosen.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct AnswerChoiceView {
    /// What it counts: `answer_item` takes it.
    pub points: u8,
    /// Its exact words.
    pub words: String,
    /// Whether the words begin with what it counts, as on a scale of numbers: then do not show the points beside them.
    pub says_its_number: bool,
}

impl Cross<&Choice> for AnswerChoiceView {
    fn out(core: &Choice) -> Self {
        Self {
            points: core.points.0,
            words: core.text.to_owned(),
            says_its_number: core.says_its_number(),
        }
    }
}

/// One question in its exact words.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct QuestionView {
    /// Its printed number.
    pub number: u8,
    /// Its exact words.
    pub words: String,
    /// What can be answered, in its order. Not answering is always possible.
    pub choices: Vec<AnswerChoiceView>,
    /// Which part it has.
    pub part: QuestionPart,
}

impl Cross<&Item> for QuestionView {
    fn out(core: &Item) -> Self {
        Self {
            number: core.number.number(),
            words: core.text.to_owned(),
            choices: core.choices.iter().map(Cross::out).collect(),
            part: Cross::out(core.asked),
        }
    }
}

/// What a total is called by those who published the questionnaire. A name for a number, and no diagnosis.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BandView {
    /// The least total of that name.
    pub least: u16,
    /// The highest.
    pub most: u16,
    /// The name as it was published.
    pub name: String,
}

impl Cross<&Band> for BandView {
    fn out(core: &Band) -> Self {
        Self {
            least: core.least,
            most: core.most,
            name: core.name.to_owned(),
        }
    }
}

/// A questionnaire in its exact words.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MeasureView {
    /// Its name, for the calls of this library: `phq-9`.
    pub measure: String,
    /// The version of its words and scoring.
    pub version: u16,
    /// What it is called for short: `PHQ-9`.
    pub short_name: String,
    /// What it is called.
    pub name: String,
    /// Which edition its words are of.
    pub edition: String,
    /// Where that is from.
    pub edition_source: SourceView,
    /// What is said before the questions.
    pub instructions: String,
    /// What stands before each question that counts for the total.
    pub stem: Option<String>,
    /// All questions in their order.
    pub questions: Vec<QuestionView>,
    /// What time it asks about, to stand inside a sentence: `the last two weeks`.
    pub asks_about: String,
    /// The highest total; 0 where none is made.
    pub most: u16,
    /// What totals are called; none where no names were published.
    pub bands: Vec<BandView>,
    /// Who published those names.
    pub bands_source: Option<SourceView>,
    /// The question about thoughts of death or harm, by its number.
    pub harm_question: Option<u8>,
    /// The line of its owner, to be shown with it.
    pub permission: String,
    /// A line to be shown where its codes go to another system.
    pub codes_notice: Option<String>,
}

impl Cross<&Instrument> for MeasureView {
    fn out(core: &Instrument) -> Self {
        Self {
            measure: core.id.as_str().to_owned(),
            version: core.version.0,
            short_name: core.short_name.to_owned(),
            name: core.name.to_owned(),
            edition: core.edition.is.to_owned(),
            edition_source: Cross::out(core.edition.source),
            instructions: core.instructions.to_owned(),
            stem: core.stem.map(str::to_owned),
            questions: core.items.iter().map(Cross::out).collect(),
            asks_about: core.recall.label().to_owned(),
            most: core.most(),
            bands: core.bands.iter().map(Cross::out).collect(),
            bands_source: Cross::out(core.bands_source),
            harm_question: core.harm_item.map(ItemNumber::number),
            permission: core.permission.notice.to_owned(),
            codes_notice: core.loinc.map(|_| LOINC_NOTICE.to_owned()),
        }
    }
}

/// How the present day stands to the last time. It bars nobody: say it, and let them.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum MeasureTiming {
    /// It was never answered.
    First,
    /// The usual time has passed.
    Due,
    /// Less than the usual time has passed.
    Early {
        /// When it has.
        usual_on: Option<CalendarDay>,
    },
    /// It would ask about days that were asked about already.
    TooSoon {
        /// From when on it does not.
        soonest: Option<CalendarDay>,
    },
    /// The last answer is dated after this phone's clock.
    LastLiesAhead,
}

impl Cross<Timing> for MeasureTiming {
    fn out(core: Timing) -> Self {
        match core {
            Timing::First => MeasureTiming::First,
            Timing::Due => MeasureTiming::Due,
            Timing::Early { usual_on } => MeasureTiming::Early {
                usual_on: Cross::out(usual_on),
            },
            Timing::TooSoon { soonest } => MeasureTiming::TooSoon {
                soonest: Cross::out(soonest),
            },
            Timing::LastLiesAhead => MeasureTiming::LastLiesAhead,
        }
    }
}

/// A questionnaire, whether it is offered now, and what of it was answered.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MeasureOfferView {
    /// The questionnaire.
    pub measure: MeasureView,
    /// Why it is not offered now; nothing where it is.
    pub not_now: Option<MeasureNotOffered>,
    /// The same as a sentence for a person.
    pub not_now_words: Option<String>,
    /// How the present day stands to the last time.
    pub timing: MeasureTiming,
    /// When it was last answered.
    pub last: Option<LocalMoment>,
    /// What was answered and finished, the newest first.
    pub answered: Vec<ResponseView>,
    /// What was begun and not finished, the newest first: offer to go on with it.
    pub open: Vec<ResponseView>,
}

impl Cross<MeasureOffer> for MeasureOfferView {
    fn out(core: MeasureOffer) -> Self {
        let MeasureOffer {
            instrument,
            now,
            timing,
            last,
            answered,
            open,
        } = core;
        let not_now = now.err();
        Self {
            measure: Cross::out(instrument),
            not_now_words: not_now.map(|why| why.to_string()),
            not_now: Cross::out(not_now),
            timing: Cross::out(timing),
            last: Cross::out(last),
            answered: Cross::out(answered),
            open: Cross::out(open),
        }
    }
}

/// Where somebody stands with a questionnaire. All of it is saved.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MeasureStepView {
    /// What was answered so far.
    pub response: ResponseView,
    /// The question to ask next; nothing once all were reached: then `finish_measure`.
    pub next: Option<QuestionView>,
    /// Whether it was begun longer ago than it asks about: it can be finished as it is, and no answer added.
    pub is_past_its_time: bool,
    /// The question about thoughts of death or harm, where it was answered with more than "not at all", or its answer
    /// can't be read. Show help at once, and do not wait for the last question: `help_lines`, the safety plan, and who
    /// reads it.
    pub tells_of_harm: Option<u8>,
    /// What the total is called by those who published the questionnaire, once there is one and it has a name.
    pub band: Option<BandView>,
}

impl MeasureStepView {
    fn of(patient: &Patient, core: View<Response>) -> Self {
        let content = &core.content;
        let score = content.score().ok();
        let band = score.and_then(|score| score.instrument().band(score.total()));
        Self {
            next: content.next_item().map(Cross::out),
            is_past_its_time: content.finished_at.is_none()
                && content.is_past_its_time(patient.now()),
            tells_of_harm: content.tells_of_harm().map(ItemNumber::number),
            band: band.map(Cross::out),
            response: Cross::out(core),
        }
    }
}

/// What was answered to a question.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum AnswerGiven {
    /// The choice that counts so much.
    Chosen {
        /// Its points.
        points: u8,
    },
    /// Not to answer. It never counts as 0.
    Skipped,
}

#[uniffi::export]
impl PhoneRecord {
    /// The questionnaires, whether each is offered now, and what of it was answered.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn measures(&self) -> Result<Vec<MeasureOfferView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.measures()?)))
            .await
    }

    /// Begins a questionnaire. It is private until it is shared.
    ///
    /// # Errors
    ///
    /// `NotNow` where it is not offered now: why, as of `measures`.
    pub async fn begin_measure(&self, measure: String) -> Result<MeasureStepView> {
        let measure = MeasureId::from_stored(measure);
        self.inner
            .ask(move |patient| {
                let begun = patient.begin_measure(&measure)?;
                Ok(MeasureStepView::of(patient, begun))
            })
            .await
    }

    /// Where somebody stands with a questionnaire that was begun, to go on with it.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotNow` where it is not offered now, or was begun longer ago than it asks about.
    pub async fn resume_measure(&self, response: DocumentId) -> Result<MeasureStepView> {
        self.inner
            .ask(move |patient| {
                let begun = patient.resume_measure(response)?;
                Ok(MeasureStepView::of(patient, begun))
            })
            .await
    }

    /// Answers one question, or answers it anew. It is saved when this returns.
    ///
    /// # Errors
    ///
    /// `Invalid` for a question or an answer that it has not; else as of `resume_measure`.
    pub async fn answer_item(
        &self,
        response: DocumentId,
        question: u8,
        answer: AnswerGiven,
    ) -> Result<MeasureStepView> {
        self.inner
            .ask(move |patient| {
                let item = ItemNumber::new(question).map_err(|error| CompanionError::Invalid {
                    field: "question".to_owned(),
                    problem: FieldProblem::Other,
                    words: error.to_string(),
                })?;
                let given = match answer {
                    AnswerGiven::Chosen { points } => Given::Points(Points(points)),
                    AnswerGiven::Skipped => Given::Skipped,
                };
                let given = patient.answer_item(response, item, given)?;
                Ok(MeasureStepView::of(patient, given))
            })
            .await
    }

    /// The person says that this is all, also where questions are open.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotNow` where nothing is answered yet.
    pub async fn finish_measure(&self, response: DocumentId) -> Result<MeasureStepView> {
        self.inner
            .ask(move |patient| {
                let finished = patient.finish_measure(response)?;
                Ok(MeasureStepView::of(patient, finished))
            })
            .await
    }
}
