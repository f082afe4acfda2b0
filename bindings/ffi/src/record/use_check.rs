//! The questions on craving, use outside the plan and the bladder.

use companion_core::domain::use_check::UseAnswer;
use companion_core::domain::use_questions::UseQuestion;

use super::PhoneRecord;
use crate::cross::{Back as _, Cross};
use crate::error::Result;
use crate::kinds::{UseCheckView, UseReply, UseTopic};

/// One question as it is asked now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct UseQuestionView {
    /// What it is about.
    pub topic: UseTopic,
    /// Its words: the clinic's where it has some, and else this library's.
    pub words: String,
}

impl Cross<(UseQuestion, String)> for UseQuestionView {
    fn out((topic, words): (UseQuestion, String)) -> Self {
        Self {
            topic: Cross::out(topic),
            words,
        }
    }
}

/// An answer to one of them.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct UseReplyRequest {
    /// To which.
    pub topic: UseTopic,
    /// What.
    pub reply: UseReply,
}

#[uniffi::export]
impl PhoneRecord {
    /// The questions as they are asked now, in their order.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn use_questions(&self) -> Result<Vec<UseQuestionView>> {
        let questions = self
            .inner
            .ask(|patient| Ok(Cross::out(patient.use_questions()?.to_vec())));
        questions.await
    }

    /// Whether the clinic wants the questions to be asked now. Nothing tells it whether they were answered.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn use_questions_are_due(&self) -> Result<bool> {
        self.inner
            .ask(|patient| Ok(patient.use_questions_are_due()?))
            .await
    }

    /// Keeps answers with the questions as they stand now, for the person alone until they share them. What is not
    /// answered stays open.
    ///
    /// # Errors
    ///
    /// `Invalid` where nothing was answered and nothing said.
    pub async fn check_use(
        &self,
        replies: Vec<UseReplyRequest>,
        words: String,
    ) -> Result<UseCheckView> {
        let checked = self.inner.ask(move |patient| {
            let replies = replies.into_iter().map(|one| {
                let UseReplyRequest { topic, reply } = one;
                Ok((topic.back()?, reply.back()?))
            });
            let replies: Vec<(UseQuestion, UseAnswer)> = replies.collect::<Result<_>>()?;
            Ok(Cross::out(patient.check_use(&replies, &words)?))
        });
        checked.await
    }
}
