//! The day of a session, and what a person settles before it.

use companion_core::domain::session_day::{self, SessionDay, SessionStage as CoreStage};
use companion_core::domain::{DocumentId, DosingSession, Moment, SessionPreparation};
use companion_core::patient::{Patient, Today};

use super::PhoneRecord;
use super::preparation::{Change, PreparationChange, PreparationView};
use crate::cross::{Back as _, Cross, choice, view};
use crate::error::Result;
use crate::kinds::{
    DayWordAbout, DosingSessionView, IntentionView, NewsAnswer, NewsAnswerView, SessionPartsView,
};
use crate::values::LocalMoment;

choice! {
    /// Where somebody stands on the day of a session.
    SessionStage of CoreStage {
        /// It is its day, and it has not begun.
        Before,
        /// It is on.
        During,
        /// It is over, and it is quiet.
        After,
        /// The quiet hours are over: what was held back can be looked at.
        NextDay,
    }
}

/// What an app shows at a stage of the day. What is not offered is left off, and not grayed out.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct DayOffersView {
    /// Help right now. Always.
    pub crisis_help: bool,
    /// Writing or speaking something down for oneself. Always.
    pub writing: bool,
    /// Prompts, suggestions and tasks that ask for something.
    pub prompts: bool,
    /// Questionnaires and rating scales.
    pub measures: bool,
    /// Settings, the care team, and deleting.
    pub settings: bool,
    /// Letting the care team see what was written in these hours.
    pub sharing: bool,
}

impl Cross<CoreStage> for DayOffersView {
    fn out(core: CoreStage) -> Self {
        use session_day::Offer;
        Self {
            crisis_help: core.offers(Offer::CrisisHelp),
            writing: core.offers(Offer::Writing),
            prompts: core.offers(Offer::Prompts),
            measures: core.offers(Offer::Measures),
            settings: core.offers(Offer::Settings),
            sharing: core.offers(Offer::Sharing),
        }
    }
}

view! {
    /// The times of the day of a session.
    SessionTimesView of SessionDay {
        /// When its day begins.
        day_begins: LocalMoment,
        /// When it begins, by what was said on the day or else as planned.
        begins: LocalMoment,
        /// When it is over, by what was said on the day or else as planned.
        ends: LocalMoment,
        /// Until when it is quiet.
        quiet_until: LocalMoment,
        /// Until when what was held back is offered to be looked at.
        review_until: LocalMoment,
        /// When it ceased to hold, where it was moved or called off.
        ceased: Option<LocalMoment>,
    }
}

/// A session whose day it is.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SessionTodayView {
    /// Its name.
    pub session: DocumentId,
    /// Which one of the programme it is, from 1.
    pub number: u32,
    /// What the place is called; may be empty.
    pub place: String,
    /// Its parts as they are planned.
    pub parts: SessionPartsView,
    /// What the person settled for it; nothing when they said nothing yet.
    pub preparation: Option<PreparationView>,
    /// Its times.
    pub times: SessionTimesView,
    /// Where the person stands now.
    pub stage: SessionStage,
    /// What to show now, and what to leave off.
    pub offers: DayOffersView,
}

impl Cross<Today> for SessionTodayView {
    fn out(core: Today) -> Self {
        let Today {
            id,
            session,
            preparation,
            day,
            stage,
        } = core;
        let begins = session.at;
        Self {
            session: id,
            number: session.number,
            place: session.place.clone(),
            parts: Cross::out(session.block()),
            preparation: preparation.map(|said| PreparationView::of(&said, begins)),
            times: Cross::out(day),
            stage: Cross::out(stage),
            offers: Cross::out(stage),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The session whose day it is, with what to show now and what to leave off; nothing on all other days. Ask when the
    /// app comes to the front, after each change, and at each of its times.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn session_day(&self) -> Result<Option<SessionTodayView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.session_day()?)))
            .await
    }

    /// The session that is on, or else the next one that takes place.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn next_session(&self) -> Result<Option<DosingSessionView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.next_session()?)))
            .await
    }

    /// What the person settled for a session; nothing when they said nothing yet.
    ///
    /// # Errors
    ///
    /// `NotFound` for what is no session.
    pub async fn preparation(&self, session: DocumentId) -> Result<Option<PreparationView>> {
        self.inner
            .ask(move |patient| {
                let begins = begins(patient, session)?;
                let said = patient.preparation(session)?;
                Ok(said.map(|said| PreparationView::of(&said, begins)))
            })
            .await
    }

    /// Changes what the person settled for a session: all of these changes, or none.
    ///
    /// # Errors
    ///
    /// `Invalid` names the field and its limit; `NotPaired`; `NotFound` for what is no session.
    pub async fn prepare(
        &self,
        session: DocumentId,
        changes: Vec<PreparationChange>,
    ) -> Result<PreparationView> {
        self.inner
            .ask(move |patient| {
                let changes: Vec<Change> = changes.back()?;
                let begins = begins(patient, session)?;
                let said = patient.prepare(session, |it| {
                    changes.into_iter().for_each(|change| change(it, begins));
                })?;
                Ok(PreparationView::of(&said, begins))
            })
            .await
    }

    /// Says that the ride home from a session is agreed, as it is written now.
    ///
    /// # Errors
    ///
    /// `NotNow` as long as nobody is named; else as of `prepare`.
    pub async fn confirm_ride(&self, session: DocumentId) -> Result<PreparationView> {
        self.said(session, move |patient| Ok(patient.confirm_ride(session)?))
            .await
    }

    /// Says of the day of a session that the person is there, or that it is over. Of two arrivals the first one stands,
    /// of two ends the later one.
    ///
    /// # Errors
    ///
    /// `NotNow` on any other day, for an end before the beginning, and for what comes too late.
    pub async fn mark_day(
        &self,
        session: DocumentId,
        mark: DayWordAbout,
    ) -> Result<PreparationView> {
        let said = self.said(session, move |patient| {
            Ok(patient.mark_day(session, mark.back()?)?)
        });
        said.await
    }

    /// Takes back that the person is there, or that it is over: it was said by mistake. What was written while it stood
    /// stays held back as it was.
    ///
    /// # Errors
    ///
    /// `NotNow` where it does not stand.
    pub async fn unmark_day(
        &self,
        session: DocumentId,
        mark: DayWordAbout,
    ) -> Result<PreparationView> {
        let said = self.said(session, move |patient| {
            Ok(patient.unmark_day(session, mark.back()?)?)
        });
        said.await
    }

    /// What the person would like to hold in mind in a session, the newest first. None is as good.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn intentions(&self, session: DocumentId) -> Result<Vec<IntentionView>> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.intentions(session)?)))
            .await
    }

    /// What was answered to "is anything new?" before a session, the newest first.
    ///
    /// # Errors
    ///
    /// `NotFound` for what is no session.
    pub async fn what_is_new(&self, session: DocumentId) -> Result<Vec<NewsAnswerView>> {
        let all = self.inner.ask(move |patient| {
            let session = patient.get::<DosingSession>(session)?;
            Ok(Cross::out(patient.what_is_new(&session)?))
        });
        all.await
    }

    /// Answers "is anything new?" before a session. The clinic sees the answer, and that thing of the list is done.
    ///
    /// # Errors
    ///
    /// `Invalid` where something is new and it is not said what; `NotPaired`; `NotFound` for what is no session.
    pub async fn say_what_is_new(
        &self,
        session: DocumentId,
        answer: NewsAnswer,
        words: String,
    ) -> Result<NewsAnswerView> {
        let said = self.inner.ask(move |patient| {
            let answer = answer.back()?;
            let session = patient.get::<DosingSession>(session)?;
            Ok(Cross::out(
                patient.say_what_is_new(&session, answer, &words)?,
            ))
        });
        said.await
    }
}

impl PhoneRecord {
    /// What stands once something was said of a session.
    async fn said(
        &self,
        session: DocumentId,
        say: impl FnOnce(&Patient) -> Result<SessionPreparation> + Send + 'static,
    ) -> Result<PreparationView> {
        self.inner
            .ask(move |patient| {
                let begins = begins(patient, session)?;
                Ok(PreparationView::of(&say(patient)?, begins))
            })
            .await
    }
}

fn begins(patient: &Patient, session: DocumentId) -> Result<Moment> {
    Ok(patient.get::<DosingSession>(session)?.content.at)
}
