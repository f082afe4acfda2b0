//! What there is to write about today, in the days after a session: offered, and never asked for.

use companion_core::domain::DocumentId;
use companion_core::domain::guide::Language;
use companion_core::domain::integration_prompt::{NothingNow, Offer, Prompt, Whose};
use companion_core::patient::Prompts;

use super::PhoneRecord;
use crate::cross::{Cross, choice};
use crate::error::{CompanionError, Result};

choice! {
    /// Whose words a prompt has.
    PromptBy of Whose {
        /// This library's.
        Ours,
        /// The clinic's, in the language in which it wrote them.
        Clinic,
    }
}

choice! {
    /// Why no prompt is offered now.
    NoPrompts of NothingNow {
        /// This phone is no member of the record: a pause or an end would never reach it.
        NotAMember,
        /// No programme has begun, or its assessment did not come to `Ready`.
        NotReady,
        /// The programme is paused.
        Paused,
        /// It has ended.
        Ended,
        /// It is the day of a session, or its quiet hours.
        SessionDay,
        /// No session was held yet.
        NoSession,
        /// There is none for a day so long after the last session.
        NoneForThisDay,
    }
}

/// Something to write about. An entry that answers it is of the kind `Integration`, belongs to that session, and has the
/// prompt's words as its title: so whoever reads it knows what it answers.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PromptView {
    /// Its name.
    pub id: String,
    /// The first day after the session on which it is offered.
    pub first_day: u16,
    /// The last.
    pub last_day: u16,
    /// What it says.
    pub words: String,
    /// Whose words these are.
    pub whose: PromptBy,
}

impl Cross<Prompt> for PromptView {
    fn out(core: Prompt) -> Self {
        let Prompt {
            id,
            days,
            words,
            whose,
        } = core;
        Self {
            id: id.as_str().to_owned(),
            first_day: days.from(),
            last_day: days.until(),
            words,
            whose: Cross::out(whose),
        }
    }
}

/// What is offered to write about today.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PromptsView {
    /// The prompts in their order; none where nothing is offered.
    pub prompts: Vec<PromptView>,
    /// Why nothing is offered.
    pub nothing: Option<NoPrompts>,
    /// The session that they look back on.
    pub session: Option<DocumentId>,
    /// How many days ago that was, by the calendar: 1 or more.
    pub days_ago: Option<u16>,
    /// The language of the words that follow.
    pub language: String,
    /// To stand beside every prompt: that one can stop.
    pub stop_any_time: String,
    /// To stand beside every prompt: for whoever gets lost in it.
    pub way_back: String,
}

impl Cross<Prompts> for PromptsView {
    fn out(core: Prompts) -> Self {
        let Prompts { offer, words } = core;
        let (offered, nothing) = match offer {
            Offer::Prompts(offered) => (Some(offered), None),
            Offer::Nothing(why) => (None, Some(why)),
        };
        Self {
            nothing: Cross::out(nothing),
            session: offered.as_ref().map(|offered| offered.session),
            days_ago: offered.as_ref().map(|offered| offered.day),
            prompts: offered.map_or_else(Vec::new, |offered| Cross::out(offered.prompts)),
            language: words.language.to_owned(),
            stop_any_time: words.stop_any_time.to_owned(),
            way_back: words.way_back.to_owned(),
        }
    }
}

/// A language by its tag: `en`, `es-MX`.
pub(super) fn language(tag: &str) -> Result<Language> {
    tag.parse()
        .map_err(|_| CompanionError::not_offered("language"))
}

#[uniffi::export]
impl PhoneRecord {
    /// What is offered to write about today, for whoever reads that language: `en`, `es-MX`.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no tag of a language.
    pub async fn prompts(&self, language_tag: String) -> Result<PromptsView> {
        let all = self.inner.ask(move |patient| {
            let language = language(&language_tag)?;
            Ok(Cross::out(patient.prompts(&language)?))
        });
        all.await
    }

    /// The language that was chosen on this phone; nothing where none was.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn language(&self) -> Result<Option<String>> {
        let chosen = self.inner.ask(|patient| {
            let chosen = patient.language()?;
            Ok(chosen.map(|language| language.as_str().to_owned()))
        });
        chosen.await
    }

    /// Chooses the language to read in on this phone, by its tag, or chooses none any more.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no tag of a language.
    pub async fn choose_language(&self, language_tag: Option<String>) -> Result<()> {
        let chosen = self.inner.ask(move |patient| {
            let chosen = language_tag.as_deref().map(language).transpose()?;
            Ok(patient.choose_language(chosen.as_ref())?)
        });
        chosen.await
    }
}
