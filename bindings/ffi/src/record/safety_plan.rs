//! The safety plan, read, changed, shared and taken back as one, and the help that the clinic names.

use std::sync::Arc;

use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{ItemId, Monitoring, SafetyPlan, SupportCard};

use super::PhoneRecord;
use crate::cross::{Back, Cross, view};
use crate::error::{CompanionError, MissingThing, Result};
use crate::kinds::{SafetyPlanView, SafetyStep, SupportLineView, WeekdayHoursView};
use crate::values::{LocalMoment, WhoReads};

/// One change of a safety plan. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum SafetyChange {
    /// A new line at the end of a step.
    Add {
        /// Which step.
        step: SafetyStep,
        /// What it says, at most 1,000 bytes of UTF-8.
        text: String,
        /// Whom to call, at most 40 characters; may be empty.
        number: String,
    },
    /// Other words for a line.
    Reword {
        /// Which step.
        step: SafetyStep,
        /// Which line.
        item: ItemId,
        /// What it says.
        text: String,
        /// Whom to call; may be empty.
        number: String,
    },
    /// A line goes.
    Remove {
        /// Which step.
        step: SafetyStep,
        /// Which line.
        item: ItemId,
    },
    /// A line goes to another place of its step.
    Move {
        /// Which step.
        step: SafetyStep,
        /// Which line.
        item: ItemId,
        /// Its new place, counted from 0.
        to: u32,
    },
}

view! {
    /// The clinic's card of whom to call, which counts now. `help_lines` puts it beside the lines of this library.
    SupportCardNowView of SupportCard {
        /// The country that it is for, by ISO 3166-1: `US`.
        region: String,
        /// Whom to call, in order.
        lines: Vec<SupportLineView>,
        /// The clinic's own number; may be empty.
        clinic_number: String,
        /// Counted up with each change, from 1.
        version: u32,
        /// Who wrote it.
        by: String,
        /// When somebody last compared it with its sources.
        at: LocalMoment,
    }
}

/// Who at the clinic reads what arrives, and when. Never day and night: say it wherever somebody can write something
/// urgent.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReadingHoursNowView {
    /// The clock that the hours are read by, as IANA calls it: `America/Denver`.
    pub zone: String,
    /// Who is responsible; empty as long as nobody is.
    pub responsible: String,
    /// The days from Monday to Sunday.
    pub week: Vec<WeekdayHoursView>,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: LocalMoment,
}

impl Cross<Monitoring> for ReadingHoursNowView {
    fn out(core: Monitoring) -> Self {
        let week = Cross::out(&core);
        let Monitoring {
            zone,
            responsible,
            hours: _,
            by,
            at,
        } = core;
        Self {
            zone,
            responsible,
            week,
            by,
            at: Cross::out(at),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The safety plan: all that the person's phones wrote of it, also where two began one apart. Nothing as long as
    /// there is none. Opening it tells nobody anything.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn safety_plan(&self) -> Result<Option<SafetyPlanView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.safety_plan()?)))
            .await
    }

    /// Changes the safety plan, or begins one that is private: all of these changes, or none. No line is shown to more
    /// people than before; a new one goes where the plan is shared.
    ///
    /// # Errors
    ///
    /// `Invalid` names the step and its limit; `NotFound` for a line that is not there any more.
    pub async fn change_safety_plan(&self, changes: Vec<SafetyChange>) -> Result<SafetyPlanView> {
        let inner = Arc::clone(&self.inner);
        let changed = self.inner.ask(move |patient| {
            let changes: Vec<Change> = changes.back()?;
            let rng = &*inner.ports().rng;
            let ids: Vec<ItemId> = changes.iter().map(|_| ItemId::random(rng)).collect();
            // Looked for before anything is written: where one line is gone, none of it is done.
            let present = patient.safety_plan()?.map(|view| view.content);
            if !changes
                .iter()
                .all(|change| change.has_its_line(present.as_ref()))
            {
                return Err(CompanionError::NotFound {
                    what: MissingThing::Item,
                    words: "this line of the plan is not there any more".to_owned(),
                });
            }
            let changed = patient.change_safety_plan(|plan, _| {
                for (change, id) in changes.into_iter().zip(ids) {
                    (change.make)(plan, id);
                }
            });
            Ok(Cross::out(changed?))
        });
        changed.await
    }

    /// Lets the care team see the whole safety plan.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none; `NotPaired`; `NotNow` in the quiet hours of a session.
    pub async fn share_safety_plan(&self, readers: WhoReads) -> Result<SafetyPlanView> {
        self.inner
            .ask(move |patient| {
                let readers = readers.back()?;
                Ok(Cross::out(patient.share_safety_plan(readers)?))
            })
            .await
    }

    /// Takes the safety plan back: whatever of it is shared is private again.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none.
    pub async fn withdraw_safety_plan(&self) -> Result<SafetyPlanView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.withdraw_safety_plan()?)))
            .await
    }

    /// The lines of the safety plan that the clinic does not have, although the plan is shared: they were written on a
    /// phone that did not know of that yet.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn safety_lines_only_here(&self) -> Result<Vec<ItemId>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.safety_lines_only_here()?)))
            .await
    }

    /// The clinic's card of whom to call, which counts now; nothing where it wrote none.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read: `help_without_key` then still gives lines.
    pub async fn support_card(&self) -> Result<Option<SupportCardNowView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.support_card()?)))
            .await
    }

    /// Who at the clinic reads what arrives, and when; nothing where the clinic has not said, or this phone is no member
    /// of the record.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn reading_hours_now(&self) -> Result<Option<ReadingHoursNowView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.monitoring()?)))
            .await
    }
}

/// Changes a plan; a line that is added takes the name that is given.
type Make = Box<dyn FnOnce(&mut SafetyPlan, ItemId) + Send>;

/// A change as the core makes it: the line that has to be there, and what becomes of the plan.
struct Change {
    of: Option<(PlanStep, ItemId)>,
    make: Make,
}

impl Change {
    fn has_its_line(&self, plan: Option<&SafetyPlan>) -> bool {
        let stands = |(step, item): (PlanStep, ItemId)| {
            plan.is_some_and(|plan| plan.lines(step).get(item).is_some())
        };
        self.of.is_none_or(stands)
    }
}

impl Back<Change> for SafetyChange {
    fn back(self) -> Result<Change> {
        Ok(match self {
            SafetyChange::Add { step, text, number } => {
                let step: PlanStep = step.back()?;
                Change {
                    of: None,
                    make: Box::new(move |plan, id| {
                        plan.lines_mut(step).push(id, PlanLine { text, number });
                    }),
                }
            }
            SafetyChange::Reword {
                step,
                item,
                text,
                number,
            } => {
                let step: PlanStep = step.back()?;
                Change {
                    of: Some((step, item)),
                    make: Box::new(move |plan, _| {
                        let said = PlanLine { text, number };
                        plan.lines_mut(step).update(item, |line| *line = said);
                    }),
                }
            }
            SafetyChange::Remove { step, item } => {
                let step: PlanStep = step.back()?;
                Change {
                    of: Some((step, item)),
                    make: Box::new(move |plan, _| {
                        plan.lines_mut(step).remove(item);
                    }),
                }
            }
            SafetyChange::Move { step, item, to } => {
                let step: PlanStep = step.back()?;
                let to = usize::try_from(to).unwrap_or(usize::MAX);
                Change {
                    of: Some((step, item)),
                    make: Box::new(move |plan, _| {
                        plan.lines_mut(step).move_to(item, to);
                    }),
                }
            }
        })
    }
}
