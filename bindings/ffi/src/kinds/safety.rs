//! Help in a crisis: the safety plan, whom to call, and who at the clinic reads what arrives, and when.

use companion_core::domain::monitoring::Span;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::support_card::{LineKind, SupportLine};
use companion_core::domain::{Monitoring, SafetyPlan, SupportCard};

use super::macros::{kind, open_choice};
use crate::cross::{Cross, choice, item_view};
use crate::error::Result;
use crate::values::{LocalMoment, WhoReads};

choice! {
    /// A step of a safety plan, in its order.
    SafetyStep of PlanStep {
        /// Step 1: warning signs.
        WarningSigns,
        /// Step 2: what one can do without contacting anybody.
        Coping,
        /// Step 3: company and places that distract.
        Distraction,
        /// Step 4: people who may help.
        PeopleToAsk,
        /// Step 5: professionals and agencies.
        Professionals,
        /// Step 6: what is put out of reach.
        Surroundings,
        /// Beside the steps: reasons to live.
        ReasonsToLive,
    }
}

item_view! {
    /// One line of a safety plan.
    SafetyLineView of PlanLine {
        /// What it says.
        text: String,
        /// Whom to call; may be empty.
        number: String,
    }
}

/// One step of a safety plan with its lines.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SafetyStepView {
    /// Which step.
    pub step: SafetyStep,
    /// Its number, 1 to 6; nothing for the reasons to live, which stand beside the steps.
    pub number: Option<u8>,
    /// Its heading in plain English. The plan's published form has these words.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<SafetyLineView>,
}

impl Cross<&SafetyPlan> for Vec<SafetyStepView> {
    fn out(core: &SafetyPlan) -> Self {
        let view = |step: PlanStep| SafetyStepView {
            step: Cross::out(step),
            number: step.number(),
            heading: step.heading().to_owned(),
            lines: Cross::out(core.lines(step).clone()),
        };
        PlanStep::ALL.into_iter().map(view).collect()
    }
}

/// All steps of a safety plan in their order, for a screen that stands before anybody began one. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn safety_steps() -> Result<Vec<SafetyStepView>> {
    let empty = |step: PlanStep| SafetyStepView {
        step: Cross::out(step),
        number: step.number(),
        heading: step.heading().to_owned(),
        lines: Vec::new(),
    };
    Ok(PlanStep::ALL.map(empty).to_vec())
}

kind! {
    /// Safety plans, each as it was written: two phones that begin one apart write two. `safety_plan` of the record
    /// gives what they say together, and its verbs change, share and take back that.
    SafetyPlans of SafetyPlan as SafetyPlanView in SafetyPlanPage {
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was begun.
        at: LocalMoment,
    }
    reads {
        /// All steps in their order, also those without a line.
        steps: Vec<SafetyStepView> = |plan| plan,
    }
    without {
        warning_signs, coping, distraction, people_to_ask, professionals, surroundings, reasons_to_live,
    }
}

open_choice! {
    /// How a line of help is reached.
    ReachedBy of LineKind {
        /// By calling the number.
        Call,
        /// By a text message to the number.
        Text,
        /// By opening the address.
        Web,
    }
}

item_view! {
    /// One line of the card of whom to call.
    SupportLineView of SupportLine {
        /// Who answers, and for what.
        label: String,
        /// What to call, text or open.
        number: String,
        /// How.
        how: ReachedBy,
    }
}

kind! {
    /// The clinic's cards of whom to call. `support_card` of the record gives the one that counts; what is shown
    /// without unlocking is asked for without a record.
    SupportCards of SupportCard as SupportCardView in SupportCardPage {
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

/// Hours in which somebody at the clinic reads what arrives, by the clinic's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct HoursView {
    /// From when: minutes after midnight.
    pub from_minute: u16,
    /// Until just before when: minutes after midnight, at most 1,440.
    pub until_minute: u16,
}

impl Cross<Span> for HoursView {
    fn out(core: Span) -> Self {
        Self {
            from_minute: core.from,
            until_minute: core.until,
        }
    }
}

/// The hours of one day of the week.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WeekdayHoursView {
    /// The day: 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// When somebody reads; nobody does where it is empty.
    pub hours: Vec<HoursView>,
}

/// Monday to Sunday.
impl Cross<&Monitoring> for Vec<WeekdayHoursView> {
    fn out(core: &Monitoring) -> Self {
        let mut day = chrono::Weekday::Mon;
        let mut week = Vec::with_capacity(7);
        for weekday in 1..=7 {
            week.push(WeekdayHoursView {
                weekday,
                hours: Cross::out(core.spans(day)),
            });
            day = day.succ();
        }
        week
    }
}

kind! {
    /// Who at the clinic reads what arrives, and when; the newest counts. Never day and night: say it wherever
    /// somebody can write something urgent.
    ReadingHours of Monitoring as ReadingHoursView in ReadingHoursPage {
        /// The clock that the hours are read by, as IANA calls it: `America/Denver`.
        zone: String,
        /// Who is responsible; empty as long as nobody is.
        responsible: String,
        /// Who set it.
        by: String,
        /// When.
        at: LocalMoment,
    }
    reads {
        /// The days from Monday to Sunday.
        week: Vec<WeekdayHoursView> = |monitoring| monitoring,
    }
    without { hours }
}
