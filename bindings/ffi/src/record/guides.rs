//! The guides: which are due, in the words that count, as blocks to draw; and what somebody did with them.

use std::sync::OnceLock;

use companion_core::domain::DocumentId;
use companion_core::domain::guide::{
    Assigned, Desk, Guide, Pack, Shown, Slot, SlotWords, Stage, When, Words, model::Progress,
};
use companion_core::patient::GuideMark as CoreMark;

use super::PhoneRecord;
use super::guide_blocks::GuideBlock;
use super::prompts::language;
use crate::cross::{Cross, choice};
use crate::error::{CompanionError, MissingThing, Result};
use crate::kinds::{GuideDue, ProgrammePhase};
use crate::values::CalendarDay;

choice! {
    /// Which part of the programme a guide is about.
    GuideStage of Stage {
        /// The programme itself.
        About,
        /// Before a session.
        Preparation,
        /// Its day.
        SessionDay,
        /// After it.
        Integration,
    }
}

/// A rule of the clinic's in its place.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideSlotView {
    /// Its name.
    pub slot: String,
    /// Its heading, in the language that was asked for.
    pub heading: String,
    /// The clinic's words; none where it wrote none, or they can't be shown.
    pub blocks: Vec<GuideBlock>,
    /// What to say in place of the clinic's words, or whose words they are and of when.
    pub note: String,
}

impl GuideSlotView {
    fn of(slot: Slot, core: SlotWords, words: &Words) -> Self {
        let (blocks, note) = match core {
            SlotWords::Clinic {
                blocks,
                signed,
                language: _,
            } => (Cross::out(blocks), signed.text(words)),
            SlotWords::Unreadable {
                error: _,
                signed: _,
            } => (Vec::new(), words.cannot_show_rule.to_owned()),
            SlotWords::AskYourClinic => (Vec::new(), words.ask_your_clinic.to_owned()),
        };
        Self {
            slot: slot.as_str().to_owned(),
            heading: words.slot(slot).to_owned(),
            blocks,
            note,
        }
    }
}

/// When a guide is to be read.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum GuideWhen {
    /// Now.
    Now,
    /// From that day on.
    FromDay {
        /// Which.
        day: CalendarDay,
    },
    /// Once the programme is in that phase.
    InPhase {
        /// Which.
        phase: ProgrammePhase,
    },
    /// It is there to look up.
    AnyTime,
}

impl Cross<When> for GuideWhen {
    fn out(core: When) -> Self {
        match core {
            When::Now => GuideWhen::Now,
            When::From(day) => GuideWhen::FromDay {
                day: Cross::out(day),
            },
            When::InPhase(phase) => GuideWhen::InPhase {
                phase: Cross::out(phase),
            },
            When::AnyTime => GuideWhen::AnyTime,
        }
    }
}

/// A guide as it lies before somebody.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideView {
    /// Its name.
    pub guide: String,
    /// Its title.
    pub title: String,
    /// Which part of the programme it is about.
    pub stage: GuideStage,
    /// That part in the language that was asked for.
    pub stage_words: String,
    /// The language of its words.
    pub language: String,
    /// Which edition the words are: `b2` is the second of this library's, `c3` the third of the clinic's.
    pub edition: String,
    /// When it is to be read.
    pub when: GuideWhen,
    /// When it comes due.
    pub due: GuideDue,
    /// The session that it is about, for a guide that comes for each.
    pub session: Option<DocumentId>,
    /// Whether it is written down what somebody does with it. It is not of guides that they may want to look up unseen.
    pub progress_is_kept: bool,
    /// Editions that were opened.
    pub opened: Vec<String>,
    /// Tasks that are ticked, by their names.
    pub ticked: Vec<String>,
    /// Editions that somebody is done with.
    pub finished: Vec<String>,
    /// What to say beside it, a sentence each, in the language that was asked for.
    pub notices: Vec<String>,
    /// Minutes that reading takes.
    pub minutes_to_read: u64,
    /// Minutes that listening takes.
    pub minutes_to_listen: u64,
    /// Its blocks, from the top to the bottom.
    pub blocks: Vec<GuideBlock>,
    /// The clinic's rules in it.
    pub slots: Vec<GuideSlotView>,
}

impl GuideView {
    fn of(core: Assigned, words: &Words) -> Self {
        let Assigned {
            shown,
            when,
            due,
            session,
            done,
        } = core;
        let Shown {
            guide,
            edition,
            slots,
            notices,
            estimate,
        } = shown;
        let Guide {
            id,
            version: _,
            language,
            title,
            stage,
            due: _,
            again: _,
            progress,
            blocks,
        } = guide;
        let slots = slots.into_iter();
        Self {
            guide: id.as_str().to_owned(),
            title,
            stage: Cross::out(stage),
            stage_words: words.stage(stage).to_owned(),
            language: language.as_str().to_owned(),
            edition: edition.to_string(),
            when: Cross::out(when),
            due: Cross::out(due),
            session,
            progress_is_kept: progress == Progress::Kept,
            opened: done.opened.iter().map(ToString::to_string).collect(),
            ticked: done
                .ticked
                .iter()
                .map(|it| it.as_str().to_owned())
                .collect(),
            finished: done.finished.iter().map(ToString::to_string).collect(),
            notices: notices.iter().map(|notice| notice.text(words)).collect(),
            minutes_to_read: Cross::out(estimate.read.0),
            minutes_to_listen: Cross::out(estimate.listen.0),
            blocks: Cross::out(blocks),
            slots: slots
                .map(|(slot, said)| GuideSlotView::of(slot, said, words))
                .collect(),
        }
    }
}

/// The guides that lie before somebody.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideDesk {
    /// Those that are to be read now.
    pub now: Vec<GuideView>,
    /// Those that come next, in their order.
    pub next: Vec<GuideView>,
    /// Those to look up.
    pub shelf: Vec<GuideView>,
}

impl GuideDesk {
    fn of(core: Desk, words: &Words) -> Self {
        let Desk { now, next, shelf } = core;
        let views = |all: Vec<Assigned>| {
            let views = all.into_iter().map(|one| GuideView::of(one, words));
            views.collect()
        };
        Self {
            now: views(now),
            next: views(next),
            shelf: views(shelf),
        }
    }
}

/// What somebody did with a guide.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum GuideMark {
    /// They opened it.
    Opened,
    /// They ticked a task.
    Ticked {
        /// Which.
        task: String,
    },
    /// They took a tick away.
    Unticked {
        /// Which.
        task: String,
    },
    /// They are done with it.
    Finished,
}

impl GuideMark {
    fn core(self) -> Result<CoreMark> {
        let named = |task: String| {
            task.parse()
                .map_err(|_| CompanionError::not_offered("task"))
        };
        Ok(match self {
            GuideMark::Opened => CoreMark::Opened,
            GuideMark::Ticked { task } => CoreMark::Ticked(named(task)?),
            GuideMark::Unticked { task } => CoreMark::Unticked(named(task)?),
            GuideMark::Finished => CoreMark::Finished,
        })
    }
}

/// The bundled guides, read once.
pub(super) fn pack() -> Result<&'static Pack> {
    static PACK: OnceLock<Option<Pack>> = OnceLock::new();
    let pack = PACK.get_or_init(|| Pack::ketamine().ok());
    pack.as_ref()
        .ok_or_else(|| CompanionError::internal("the guides can't be read"))
}

#[uniffi::export]
impl PhoneRecord {
    /// The guides that are due now, that come next, and that can be looked up, for whoever reads that language: `en`,
    /// `es-MX`.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no tag of a language.
    pub async fn guides(&self, language_tag: String) -> Result<GuideDesk> {
        self.inner
            .ask(move |patient| {
                let language = language(&language_tag)?;
                let desk = patient.guides(pack()?, &language)?;
                Ok(GuideDesk::of(desk, Words::of(&language)))
            })
            .await
    }

    /// Writes down what somebody did with a guide that lies before them. Says whether that is kept: of guides that they
    /// may want to look up unseen nothing is, and of what is opened in the quiet hours of a session neither.
    ///
    /// # Errors
    ///
    /// `NotFound` for a guide that does not lie before them; `Invalid` for what is no task; `NotPaired`.
    pub async fn mark_guide(
        &self,
        guide: String,
        session: Option<DocumentId>,
        language_tag: String,
        mark: GuideMark,
    ) -> Result<bool> {
        self.inner
            .ask(move |patient| {
                let (language, mark) = (language(&language_tag)?, mark.core()?);
                let Desk { now, next, shelf } = patient.guides(pack()?, &language)?;
                let mut all = now.into_iter().chain(next).chain(shelf);
                let is_it =
                    |one: &Assigned| one.shown.guide.id.as_str() == guide && one.session == session;
                let Some(assigned) = all.find(is_it) else {
                    return Err(CompanionError::NotFound {
                        what: MissingThing::Document,
                        words: "there is no such guide here now".to_owned(),
                    });
                };
                Ok(patient.mark_guide(&assigned, &mark)?)
            })
            .await
    }
}
