//! Measures on a patient's phone: which are offered now, and answering one question by question.

use serde_json::Value;

use super::Patient;
use crate::domain::measure::{Given, Instrument, ItemNumber, Measure, MeasureId, Timing, timing};
use crate::domain::monitoring::may_offer;
use crate::domain::session_day::Offer;
use crate::domain::{DocumentId, Moment, Monitoring, Response, SupportCard};
use crate::error::{NotNow, Result};
use crate::records::{Query, View};

/// Why a measure is not offered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOffered {
    /// This version of the program has no words for it.
    #[error("there is no such questionnaire here")]
    Unknown,
    /// The clinic has not said who reads the answers and when.
    #[error(
        "this questionnaire asks about thoughts of death, and the clinic has not set who reads the answers and when"
    )]
    Monitoring,
    /// This phone is not a member of the record with the clinic, so no answer would reach anybody.
    #[error(
        "this questionnaire asks about thoughts of death, and this phone is not a member of the record with \
         the clinic, so nobody there would read the answers"
    )]
    NotAMember,
    /// This version can't read who reads the answers.
    #[error(
        "this questionnaire asks about thoughts of death, and who reads the answers was written by a newer \
         version; update this app"
    )]
    NotReadable,
    /// A scale on the day of a session would measure the day.
    #[error("questionnaires rest on the day of a session and in the quiet hours after it")]
    SessionDay,
}

/// A measure as a patient meets it.
#[derive(Debug, Clone)]
pub struct MeasureOffer {
    /// Its words.
    pub instrument: &'static Instrument,
    /// Whether it can be begun or gone on with now.
    pub now: std::result::Result<(), NotOffered>,
    /// How now stands to the last time that it was finished.
    pub timing: Timing,
    /// When it was last finished.
    pub last: Option<Moment>,
    /// What was finished, the newest first.
    pub answered: Vec<View<Response>>,
    /// What was begun and not finished, newest first.
    pub open: Vec<View<Response>>,
}

impl Patient {
    /// All measures that this version has words for.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let offers = phone.measures()?;
    /// let phq_9 = offers.iter().find(|offer| offer.instrument.id.as_str() == "phq-9").unwrap();
    /// assert!(phq_9.now.is_err(), "nobody said who reads the answer about thoughts of death");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn measures(&self) -> Result<Vec<MeasureOffer>> {
        let mut all = self.every(&Query::<Response>::all())?;
        all.sort_by_key(|view| std::cmp::Reverse((view.content.at, view.id)));
        let mut offers = Vec::new();
        for instrument in Instrument::offered() {
            let theirs = all.iter().filter(|it| it.content.measure == instrument.id);
            let (finished, open): (Vec<_>, Vec<_>) =
                theirs.partition(|it| it.content.finished_at.is_some());
            let said = finished.iter().filter(|it| it.content.says_something());
            let last = said.map(|it| it.content.answered_at()).max();
            offers.push(MeasureOffer {
                instrument,
                now: self.may_answer(instrument)?,
                timing: timing(instrument, last, self.now()),
                last,
                answered: finished.into_iter().cloned().collect(),
                open: open.into_iter().cloned().collect(),
            });
        }
        Ok(offers)
    }

    /// Begins a measure: an empty response, for the patient alone until they share it.
    ///
    /// # Errors
    ///
    /// [`NotNow::MeasureOff`] says why it is not offered now.
    ///
    /// ```
    /// use companion_core::domain::measure::MeasureId;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let response = phone.begin_measure(&MeasureId::from_stored("gad-7"))?;
    /// assert!(response.content.answers.is_empty() && !response.shared);
    /// assert!(phone.begin_measure(&MeasureId::from_stored("phq-9")).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn begin_measure(&self, measure: &MeasureId) -> Result<View<Response>> {
        let Some(Measure::Offered(instrument)) = Measure::of(measure) else {
            return Err(NotNow::MeasureOff(NotOffered::Unknown).into());
        };
        self.may_answer(instrument)?.map_err(NotNow::MeasureOff)?;
        self.create(Response::new(instrument, self.now()))
    }

    /// A measure that was begun, to go on with it.
    ///
    /// # Errors
    ///
    /// [`NotNow::MeasureOff`] says why it is not offered now; [`NotNow::PastItsTime`] for one that was begun longer ago
    /// than its questions ask about: another one is begun, and this one is finished as it is; else as
    /// [`Patient::get`].
    ///
    /// ```
    /// use companion_core::domain::measure::MeasureId;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let begun = phone.begin_measure(&MeasureId::from_stored("gad-7"))?;
    /// assert_eq!(phone.resume_measure(begun.id)?, begun);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn resume_measure(&self, response: DocumentId) -> Result<View<Response>> {
        let begun = self.get::<Response>(response)?;
        if let Ok(instrument) = begun.content.instrument() {
            self.may_answer(instrument)?.map_err(NotNow::MeasureOff)?;
        }
        if begun.content.finished_at.is_none() {
            self.must_be_in_its_time(&begun.content)?;
        }
        Ok(begun)
    }

    /// Writes down what was done with one item. It is saved when this returns, so that a questionnaire which
    /// is left in the middle goes on where it stopped.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for an item or an answer that the measure does not
    /// have; [`NotNow::MeasureOff`] on the day of a session; [`NotNow::PastItsTime`] as for
    /// [`Patient::resume_measure`]; else as [`Patient::edit`].
    ///
    /// ```
    /// use companion_core::domain::measure::{Given, MeasureId, Points};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let response = phone.begin_measure(&MeasureId::from_stored("gad-7"))?;
    /// let first = response.content.next_item().unwrap().number;
    /// let answered = phone.answer_item(response.id, first, Given::Points(Points(1)))?;
    /// assert_ne!(answered.content.next_item().unwrap().number, first);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn answer_item(
        &self,
        response: DocumentId,
        item: ItemNumber,
        given: Given,
    ) -> Result<View<Response>> {
        let seen = self.get::<Response>(response)?;
        if let Ok(instrument) = seen.content.instrument() {
            self.may_answer(instrument)?.map_err(NotNow::MeasureOff)?;
        }
        let field = format!("answers.{item}");
        // Of what was answered differently in two places one answer is chosen, which is of its own time.
        if !seen.apart.iter().any(|apart| apart.field == field) {
            self.must_be_in_its_time(&seen.content)?;
        }
        let given_now =
            self.edit::<Response>(response, &seen.revision, |it| it.give(item, given))?;
        // Whoever answers again what was answered differently in two places has chosen.
        if !given_now.apart.iter().any(|apart| apart.field == field) {
            return Ok(given_now);
        }
        let wording = match given.written() {
            Value::String(word) => word,
            points => points.to_string(),
        };
        self.choose_wording(response, &given_now.revision, &field, &wording)
    }

    /// Says that this is all that will be answered. Items may be left open; there is no total then. What was begun longer
    /// ago than its questions ask about is finished with its own dates: as of when it was last answered, as far as
    /// known, and not as of now.
    ///
    /// # Errors
    ///
    /// [`NotNow::NothingAnswered`] where no item has an answer; else as [`Patient::edit`].
    ///
    /// ```
    /// use companion_core::domain::measure::{Given, ItemNumber, MeasureId, Points};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let response = phone.begin_measure(&MeasureId::from_stored("gad-7"))?;
    /// assert!(phone.finish_measure(response.id).is_err(), "nothing is answered");
    /// phone.answer_item(response.id, ItemNumber::new(1).unwrap(), Given::Points(Points(2)))?;
    /// let finished = phone.finish_measure(response.id)?;
    /// assert!(finished.content.finished_at.is_some() && finished.content.score().is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn finish_measure(&self, response: DocumentId) -> Result<View<Response>> {
        let seen = self.get::<Response>(response)?;
        if seen.content.finished_at.is_some() {
            return Ok(seen);
        }
        if !seen.content.says_something() {
            return Err(NotNow::NothingAnswered.into());
        }
        let now = self.now();
        let finished = match seen.content.is_past_its_time(now) {
            true => seen.edited_at.unwrap_or(seen.content.at),
            false => now,
        };
        self.edit::<Response>(response, &seen.revision, |it| {
            it.finished_at = Some(finished);
        })
    }

    fn must_be_in_its_time(&self, response: &Response) -> Result<()> {
        match response.is_past_its_time(self.now()) {
            true => Err(NotNow::PastItsTime { begun: response.at }.into()),
            false => Ok(()),
        }
    }

    /// Who at the clinic reads what arrives, and when, as the clinic last said. `None` also where this phone is
    /// not a member of the record with the clinic any more: nothing arrives from it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.monitoring()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn monitoring(&self) -> Result<Option<Monitoring>> {
        if self.is_out() {
            return Ok(None);
        }
        Ok(self
            .records
            .newest::<Monitoring>()?
            .or_nothing()
            .map(|view| view.content))
    }

    /// The clinic's lines to call, beside those that are part of the program. Where the newest can't be read by
    /// this version, the one before it: old help is better than none.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::support_card::lines_to_show;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let card = phone.support_card()?;
    /// assert!(card.is_none() && !lines_to_show(card.as_ref()).is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn support_card(&self) -> Result<Option<SupportCard>> {
        Ok(self
            .records
            .newest::<SupportCard>()?
            .or_older()
            .map(|view| view.content))
    }

    fn may_answer(&self, instrument: &Instrument) -> Result<std::result::Result<(), NotOffered>> {
        let today = self.session_day()?;
        if today.is_some_and(|today| !today.stage.offers(Offer::Measures)) {
            return Ok(Err(NotOffered::SessionDay));
        }
        let monitoring = self.monitoring()?;
        let why = match self.is_out() {
            true => NotOffered::NotAMember,
            false if self.records.newest::<Monitoring>()?.is_unreadable() => {
                NotOffered::NotReadable
            }
            false => NotOffered::Monitoring,
        };
        Ok(may_offer(instrument, monitoring.as_ref()).map_err(|_| why))
    }
}
