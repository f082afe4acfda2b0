//! What a patient can write about today, in the days after a session: offered, and never asked for.

use super::Patient;
use crate::domain::guide::Language;
use crate::domain::integration_prompt::{Facts, NothingNow, Offer, Words, offer};
use crate::domain::{Programme, PromptRules};
use crate::error::Result;
use crate::outcome::outcome;

/// The prompts of today, or why there are none, and the lines that stand beside them.
#[derive(Debug, Clone)]
pub struct Prompts {
    /// What is offered.
    pub offer: Offer,
    /// The words of that language, with the lines on stopping and on the way back.
    pub words: &'static Words,
}

impl Patient {
    /// The prompts for integration that are offered now, by the days since the last session that was held, for
    /// whoever reads that language. Nothing on the day of a session and in its quiet hours, and nothing unless
    /// the programme runs and its assessment came to *ready*. What a clinic worded itself is in its own words.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::guide::Language;
    /// use companion_core::domain::integration_prompt::{NothingNow, Offer};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let prompts = phone.prompts(&Language::spanish())?;
    /// assert_eq!(prompts.offer, Offer::Nothing(NothingNow::NotReady));
    /// assert!(prompts.words.stop_any_time.starts_with("Puedes parar"));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn prompts(&self, language: &Language) -> Result<Prompts> {
        let words = Words::of(language);
        if self.is_out() {
            return Ok(Prompts {
                offer: Offer::Nothing(NothingNow::NotAMember),
                words,
            });
        }
        // What the clinic switched off stays off, also where its newest words can't be read here.
        let set = self.records.newest::<PromptRules>()?.or_older();
        let programme = self.records.newest::<Programme>()?.or_nothing();
        let readiness = outcome(&self.records)?;
        let sessions = self.planned(None)?.into_iter();
        let sessions: Vec<_> = sessions.map(|planned| (planned.id, planned.day)).collect();
        let facts = Facts {
            programme: programme.as_ref().map(|view| &view.content),
            readiness: readiness.as_ref().map(|view| &view.content),
            sessions: &sessions,
            now: self.now(),
        };
        let all = PromptRules::prompts(set.as_ref().map(|view| &view.content), words);
        Ok(Prompts {
            offer: offer(&all, facts),
            words,
        })
    }
}
