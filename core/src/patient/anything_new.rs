//! "Anything new?" before a session, answered on a patient's phone.

use super::Patient;
use crate::domain::anything_new::News;
use crate::domain::session_preparation::ReadinessItem;
use crate::domain::{AnythingNew, DosingSession};
use crate::error::Result;
use crate::records::{Query, View};

impl Patient {
    /// What was answered before that session, newest first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn what_is_new(&self, session: &View<DosingSession>) -> Result<Vec<View<AnythingNew>>> {
        self.every(&Query::<AnythingNew>::about(session.id))
    }

    /// Answers the question for that session. The clinic sees the answer, and of the list before the session it is
    /// done: the clinic was told.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) where something is new and it is not said what.
    pub fn say_what_is_new(
        &self,
        session: &View<DosingSession>,
        answer: News,
        words: &str,
    ) -> Result<View<AnythingNew>> {
        let begins = session.content.at;
        let answered = self.create(AnythingNew {
            words: words.to_owned(),
            ..AnythingNew::new(session.id, begins, answer, self.now())
        })?;
        self.prepare(session.id, |it| {
            it.tick(&ReadinessItem::WhatChanged, begins);
        })?;
        Ok(answered)
    }
}
