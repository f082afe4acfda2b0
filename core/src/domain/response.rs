//! What somebody answered to a measure at one time.
//!
//! The answers are kept and the score is made from them, by the instrument in the version that is kept
//! beside them. A number kept as well could say something else than the answers, once two devices
//! answered apart; and a version that was released is never edited, so the score stays what it was.

use serde::{Deserialize, Serialize};

use super::measure::{
    Answers, Given, Instrument, InstrumentVersion, Item, ItemNumber, ItemState, Measure, MeasureId,
    NoTotal, Points, Score, Sheet, days_between,
};
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, Shape,
    Visibility, Writers, limits, text,
};

const MEASURE: Named = named("measure", "the measure");
const VERSION: Named = named("version", "the version of the measure");
const ANSWER: Named = named("answers", "an answer");
const ANSWERS: Named = named("answers", "answers");
const ITEM: Named = named("answers", "the item of an answer");
const FINISHED_AT: Named = named("finished_at", "the time when it was finished");
const AT: Named = named("at", "the time when it was begun");

/// The answers of one person to one measure. What a newer version calls a measure is kept as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Which measure.
    pub measure: MeasureId,
    /// In which version of its words and scoring.
    pub version: InstrumentVersion,
    /// What was answered, by item.
    #[serde(default)]
    pub answers: Sheet,
    /// When the person said that this is all, if they did. Until then it can be gone on with. Of one that was finished
    /// later than its questions ask about: when it was last answered, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Moment>,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was begun, by the person's own clock.
    pub at: Moment,
}

/// Why a response has no score.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoScore {
    /// Not every item that counts is answered, or none is made of this measure.
    #[error(transparent)]
    Total(#[from] NoTotal),
    /// This version of the program has no such measure, or not in that version.
    #[error(transparent)]
    Unknown(#[from] UnknownMeasure),
}

/// A measure, or a version of one, that this version of the program does not know. Its answers are kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this version does not know the measure {measure} in version {version}")]
pub struct UnknownMeasure {
    /// Which measure.
    pub measure: MeasureId,
    /// In which version.
    pub version: InstrumentVersion,
}

impl Response {
    /// Nothing answered yet, for [`OnlyMe`](Visibility::OnlyMe). A measure that is withheld has no
    /// instrument, so there is no response to it.
    pub fn new(instrument: &Instrument, at: Moment) -> Self {
        Self {
            measure: instrument.id.clone(),
            version: instrument.version,
            answers: Sheet::default(),
            finished_at: None,
            visibility: Visibility::default(),
            at,
        }
    }

    /// The instrument that it answers.
    ///
    /// # Errors
    ///
    /// This version of the program does not know it.
    pub fn instrument(&self) -> Result<&'static Instrument, UnknownMeasure> {
        Instrument::of(&self.measure, self.version).ok_or_else(|| UnknownMeasure {
            measure: self.measure.clone(),
            version: self.version,
        })
    }

    /// The answers as their instrument understands them.
    ///
    /// # Errors
    ///
    /// This version of the program does not know the instrument.
    pub fn read(&self) -> Result<Answers<'_>, UnknownMeasure> {
        let instrument = self.instrument()?;
        let until = self.finished_at.unwrap_or(self.at);
        let is_over_too_long = is_past_recall(instrument, self.at, until);
        Ok(Answers::new(instrument, &self.answers).over_too_long(is_over_too_long))
    }

    /// Whether it was begun longer ago than the time that its questions ask about: what is answered from then on would
    /// be of another time than what is answered already.
    pub fn is_past_its_time(&self, now: Moment) -> bool {
        let instrument = self.instrument();
        instrument.is_ok_and(|it| is_past_recall(it, self.at, now))
    }

    /// The item to go on with; `None` once all were reached, and for an unknown measure.
    pub fn next_item(&self) -> Option<&'static Item> {
        self.read().ok()?.next()
    }

    /// Whether any item has an answer: skipping all of them says nothing.
    pub fn says_something(&self) -> bool {
        let mut written = self.answers.written();
        written.any(|(_, value)| Given::of(value) != Some(Given::Skipped))
    }

    /// Writes down what was done with an item.
    pub fn give(&mut self, item: ItemNumber, given: Given) {
        self.answers.set(item, given);
    }

    /// The total, with the measure and version that it is of.
    ///
    /// # Errors
    ///
    /// Which items have no answer, that the measure has no total, or that it is unknown.
    pub fn score(&self) -> Result<Score, NoScore> {
        Ok(self.read()?.total()?)
    }

    /// The question about thoughts of death or harm, where its answer is more than "not at all" or can't be read:
    /// whoever answers so is met at once, and not when all is answered.
    pub fn tells_of_harm(&self) -> Option<ItemNumber> {
        let harm = self.read().ok()?.harm()?;
        match harm.state {
            ItemState::Answered(points) | ItemState::Apart(points) => {
                (points > Points(0)).then_some(harm.item)
            }
            ItemState::Unreadable => Some(harm.item),
            ItemState::Open | ItemState::Skipped => None,
        }
    }

    /// The moment that the answers are of: when it was finished, or else begun.
    pub const fn answered_at(&self) -> Moment {
        match self.finished_at {
            Some(finished_at) => finished_at,
            None => self.at,
        }
    }

    /// Whether each answer is one that the instrument offers.
    fn check_answers(&self, instrument: &Instrument) -> Result<(), Invalid> {
        let last = instrument
            .items
            .last()
            .map_or(0, |item| item.number.number());
        for (key, value) in self.answers.written() {
            let number = key.parse().ok();
            let item = number.and_then(|number| instrument.item(number));
            let item = item.ok_or(ITEM.wrong(Problem::OutOfRange {
                least: 1,
                most: last.into(),
            }))?;
            let offered = match Given::of(value) {
                Some(Given::Points(points)) => item.choice(points).is_some(),
                Some(Given::Skipped) => true,
                None => false,
            };
            if !offered {
                return Err(ANSWER.wrong(Problem::OutOfRange {
                    least: 0,
                    most: u16::from(item.most()).into(),
                }));
            }
        }
        Ok(())
    }

    /// Bounds what stands in a response to a measure that this version does not know.
    fn check_room(&self) -> Result<(), Invalid> {
        if self.answers.len() > limits::ANSWERS {
            return Err(ANSWERS.wrong(Problem::TooMany {
                limit: limits::ANSWERS,
            }));
        }
        for (key, value) in self.answers.written() {
            text::needed_line(key, ITEM, limits::WORD)?;
            if value.to_string().len() > limits::ANSWER {
                return Err(ANSWER.wrong(Problem::TooManyCharacters {
                    limit: limits::ANSWER,
                }));
            }
        }
        Ok(())
    }
}

/// Whether what was begun at one moment can't be gone on with at another: the questions would ask about other days.
fn is_past_recall(instrument: &Instrument, begun: Moment, now: Moment) -> bool {
    days_between(begun, now) > i64::from(instrument.recall.days().0)
}

impl Content for Response {
    const KIND: Kind = Kind::named("response");
    const SHAPE: Shape = Shape::new(&[
        Field::value("measure"),
        Field::value("version"),
        Field::map("answers"),
        Field::value("finished_at"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Measures);
    /// What is answered about thoughts of death waits for no morning.
    const HELD_IN_QUIET: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let word = text::needed_line(self.measure.as_str(), MEASURE, limits::WORD)?;
        let measure = MeasureId::from_stored(word);
        if self.version < InstrumentVersion(1) {
            return Err(VERSION.wrong(Problem::OutOfRange {
                least: 1,
                most: u16::MAX.into(),
            }));
        }
        if let Some(Measure::Withheld(_)) = Measure::of(&measure) {
            return Err(MEASURE.wrong(Problem::NotOffered));
        }
        match Instrument::of(&measure, self.version) {
            Some(instrument) => self.check_answers(instrument)?,
            None => self.check_room()?,
        }
        text::moment(self.at, AT)?;
        if let Some(finished_at) = self.finished_at {
            text::moment(finished_at, FINISHED_AT)?;
        }
        Ok(Self { measure, ..self })
    }

    fn note_apart(&mut self, field: &str, wordings: &[String]) {
        if let Some(item) = field.strip_prefix("answers.") {
            self.answers.note_apart(item, wordings);
        }
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
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
        use super::measure::Points;
        // Each answers an item that PHQ-9 has, so that each field can be tried beside the others.
        let example = |word: &str, n: u8, visibility| Response {
            measure: MeasureId::from_stored(word),
            version: InstrumentVersion(n.into()),
            answers: ItemNumber::new(n)
                .map(|item| (item, Given::Points(Points(n))))
                .into_iter()
                .collect(),
            finished_at: Some(Moment::utc(1_795_465_313_123 + i64::from(n))),
            visibility,
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example("phq-9", 1, Visibility::CareTeam),
            example("gad-7", 2, Visibility::TalkInSession),
            example("from-a-newer-version", 3, Visibility::OnlyMe),
        ]
    }
}

#[cfg(test)]
mod tests;
