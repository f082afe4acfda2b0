//! The questions on craving, use outside the plan and the bladder: ours, the clinic's words for them, and how often
//! they are asked.

use companion_core::domain::UseQuestions;
use companion_core::domain::use_questions::UseQuestion;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::newer;
use crate::view::whose::{self, SetHere};

/// Whose questions a page shows.
pub type Whose = whose::Whose<UseQuestions>;

/// The fields of the form.
pub const FIELDS: [&str; 4] = ["craving", "outside_plan", "bladder", "every_weeks"];

/// The form as things stand.
pub fn present(set: Option<&UseQuestions>) -> Form {
    let Some(set) = set else {
        return Form::default().as_shown();
    };
    let weeks = set.every_weeks.map(|weeks| weeks.to_string());
    Form::default()
        .with("craving", &*set.craving)
        .with("outside_plan", &*set.outside_plan)
        .with("bladder", &*set.bladder)
        .with("every_weeks", weeks.unwrap_or_default())
        .as_shown()
}

const fn label(question: UseQuestion) -> &'static str {
    match question {
        UseQuestion::Craving => "On craving",
        UseQuestion::OutsidePlan => "On use outside the plan",
        UseQuestion::Bladder => "On the bladder",
    }
}

/// The page.
pub fn page(frame: &Frame, whose: &Whose, form: &Form) -> Markup {
    let place = whose.address(SetHere::Questions);
    let nav = match whose.patient {
        None => NavItem::Questions,
        Some(_) => NavItem::Caseload,
    };
    layout::page(
        frame,
        "Questions on use",
        nav,
        None,
        &html! {
            h1 { "Questions on use" @if let Some((_, patient)) = &whose.patient { " for " (name(patient)) } }
            (newer::said(frame, &whose.unreadable))
            div class="intro" {
                (whose::told(frame, whose, SetHere::Questions))
            p { "Three plain questions that a patient may answer with yes, no, or rather not say. They are no instrument and have no score. "
                "Answers stay with the patient until they share them, and nobody is told whether they were answered." }
            }
            section class="card narrow" aria-labelledby="words" {
                h2 id="words" { "Words, and how often" }
                form method="post" action=(place) data-draft=(place) {
                    (whose.shown())
                    (form::shown(&FIELDS, form))
                    @for question in UseQuestion::ALL { (one(question, form)) }
                    (form::line(Line { name: "every_weeks", label: "Weeks from one time to the next", hint: "1 to 52. Empty: nothing asks, and patients can look them up. They are asked by a line on the phone, while the programme runs, and on no day of a session.", kind: "number", ..Line::default() }, &form.field("every_weeks")))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save" }
                }
                (form::discard(&place, form.is_kept()))
            }
        },
    )
}

fn one(question: UseQuestion, form: &Form) -> Markup {
    let hint = format!("Empty for ours: {}", question.ours());
    let look = Line {
        name: question.as_str(),
        label: label(question),
        hint: &hint,
        ..Line::default()
    };
    form::line(look, &form.field(question.as_str()))
}
