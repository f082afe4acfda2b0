//! The line of a thing that a patient shared, in their timeline or among their documents: what it is, how
//! much of it fits into a line, and what was done about it.

use companion_core::clinic::Shared;
use companion_core::domain::anything_new::News;
use companion_core::domain::goal::Became as GoalBecame;
use companion_core::domain::safety_plan::PlanStep;
use companion_core::domain::{Commitment, DocumentId, SafetyPlan};
use maud::{Markup, html};

use super::{answered, happened};
use crate::view::excerpt::excerpt;
use crate::view::frame::Frame;
use crate::view::marks;
use crate::view::response;
use crate::view::shelf::Thing;
use crate::view::time;

/// The line, with the way to the page.
pub fn draw(frame: &Frame, patient: DocumentId, shared: &Shared<Thing>) -> Markup {
    let thing = &shared.view.content;
    let (id, shelf) = (shared.view.id, thing.shelf());
    let class = if shared.is_new {
        "item waiting"
    } else {
        "item"
    };
    html! {
        li class=(class) id=(format!("{}-{id}", shelf.as_str())) {
            p class="item-head" {
                a class="what" href=(shelf.address(patient, id)) { (thing.heading())
                    span class="visually-hidden" { ", " (time::when(shared.view.when.unwrap_or(thing.at()), frame.now)) } }
                (happened(frame, &shared.view, thing.at()))
            }
            (said(frame, thing))
            @let signs = html! { (marks::badges(frame, shared)) (answered(shared)) };
            @if !signs.0.is_empty() { p class="signs" { (signs) } }
        }
    }
}

/// Whether the line says all that the thing does, so that whoever sees it has read the thing. A request to
/// be contacted is never read in passing: its words stand on its page, and only their first line beside the flag.
pub(super) fn is_whole(thing: &Thing) -> bool {
    match thing {
        Thing::Commitment(one) => one.became_words.is_empty() && !excerpt(&one.text).1,
        Thing::NextSessionItem(one) => !excerpt(&one.text).1,
        Thing::Intention(one) => !excerpt(&one.text).1,
        Thing::AnythingNew(one) => !excerpt(&one.words).1,
        Thing::Entry(_)
        | Thing::CheckIn(_)
        | Thing::Response(_)
        | Thing::UseCheck(_)
        | Thing::ContactRequest(_)
        | Thing::SafetyPlan(_)
        | Thing::MedicationList(_)
        | Thing::AssessmentSection(_)
        | Thing::Goal(_)
        | Thing::SessionPreparation(_) => false,
    }
}

fn said(frame: &Frame, thing: &Thing) -> Markup {
    match thing {
        Thing::Response(one) => response::in_a_line(one),
        // The answers stand beside their questions, on the page.
        Thing::UseCheck(_) => {
            html! { p class="quiet" { "On craving, use outside the plan and the bladder" } }
        }
        Thing::Commitment(one) => commitment(one),
        Thing::NextSessionItem(one) => words(&one.text),
        Thing::Intention(one) => html! {
            (words(&one.text))
            @if !one.values.is_empty() {
                p class="quiet" { "What matters to them: " span dir="auto" { (one.values_in_a_line()) } }
            }
        },
        Thing::AnythingNew(one) => html! {
            p { @match one.answer { News::Nothing => "Nothing is new.", News::Something => "Something is new:" } }
            (words(&one.words))
        },
        Thing::ContactRequest(one) => html! {
            @if let Some(at) = one.taken_back_at { p class="quiet" { "Taken back " (time::at(at, frame.now)) "." } }
            @else { p { "Open it to read it. The patient is told who did." } }
        },
        Thing::SafetyPlan(plan) => html! {
            p class="quiet" { (time::count(lines(plan), "line", "lines")) " in "
                (time::count(steps(plan), "step", "steps")) }
        },
        Thing::MedicationList(list) => html! {
            p class="quiet" { (time::count(list.taken().count() as u64, "thing", "things")) " taken now" }
        },
        Thing::AssessmentSection(one) => words(&one.text),
        Thing::Goal(one) => html! {
            (words(&one.text))
            @if one.became != GoalBecame::Open { p class="quiet" { (became(one.became)) } }
        },
        Thing::Entry(_) | Thing::CheckIn(_) | Thing::SessionPreparation(_) => Markup::default(),
    }
}

fn words(text: &str) -> Markup {
    html! { @if !text.is_empty() { p class="words" dir="auto" { (excerpt(text).0) } } }
}

fn commitment(one: &Commitment) -> Markup {
    html! {
        (words(&one.text))
        p class="quiet" {
            @match (&one.became, one.review_on) {
                (Some(became), _) => { "What became of it: " span dir="auto" { (became.label()) } },
                (None, Some(day)) => { "To look at again on " (time::date(day)) },
                (None, None) => "Nothing said yet of what became of it",
            }
        }
    }
}

/// What became of a goal, in words.
pub(crate) const fn became(became: GoalBecame) -> &'static str {
    match became {
        GoalBecame::Open => "Nothing said yet of what became of it",
        GoalBecame::Reached => "Reached",
        GoalBecame::Partly => "Partly reached",
        GoalBecame::Changed => "It changed into something else",
        GoalBecame::LetGo => "Let go",
    }
}

fn lines(plan: &SafetyPlan) -> u64 {
    let all = PlanStep::ALL.iter();
    all.map(|step| plan.lines(*step).len() as u64).sum()
}

fn steps(plan: &SafetyPlan) -> u64 {
    let with_lines = |step: &&PlanStep| !plan.lines(**step).is_empty();
    PlanStep::ALL.iter().filter(with_lines).count() as u64
}
