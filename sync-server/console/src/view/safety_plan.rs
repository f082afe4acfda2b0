//! A safety plan, step by step as Stanley and Brown order it, and the forms that write its lines. The patient
//! and the care team edit one plan; only the patient makes it and takes it back.

use companion_core::clinic::PatientView;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{DocumentId, ItemId, SafetyPlan};
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::patient::banner;
use crate::view::shelf::Shelf;

/// Where lines are added.
pub fn lines_address(patient: DocumentId, plan: DocumentId) -> String {
    format!("{}/lines", Shelf::SafetyPlans.address(patient, plan))
}

/// Where one line is changed.
pub fn line_address(patient: DocumentId, plan: DocumentId, item: ItemId) -> String {
    format!("{}/{item}", lines_address(patient, plan))
}

/// The plan on its page.
pub fn draw(patient: DocumentId, id: DocumentId, plan: &SafetyPlan) -> Markup {
    html! {
        p class="quiet" { "You may add, change and remove lines together with the patient: their phone shows it once it "
            "has exchanged with the server." }
        @for step in PlanStep::ALL {
            @let lines = plan.lines(step);
            section class="part" aria-labelledby=(step.as_str()) {
                h2 id=(step.as_str()) { (titled(step)) }
                @if lines.is_empty() { p class="quiet" { "Nothing written." } }
                @else {
                    ul class="plainly" { @for (item, line) in lines.iter() { li { (one_line(patient, id, item, line)) } } }
                }
                p { a href=(format!("{}?step={}", lines_address(patient, id), step.as_str())) { "Add a line"
                    span class="visually-hidden" { " to: " (step.heading()) } } }
            }
        }
    }
}

fn titled(step: PlanStep) -> String {
    match step.number() {
        Some(number) => format!("{number}. {}", step.heading()),
        None => step.heading().to_owned(),
    }
}

fn one_line(patient: DocumentId, plan: DocumentId, item: ItemId, line: &PlanLine) -> Markup {
    html! {
        span class="words" dir="auto" { (line.text) }
        @if !line.number.is_empty() { " " strong dir="auto" { (line.number) } }
        " " a href=(line_address(patient, plan, item)) { "Change" span class="visually-hidden" { ": " (line.text) } }
    }
}

/// The page that adds a line: `step`, `text` and `number`.
pub fn add_page(frame: &Frame, patient: &PatientView, plan: DocumentId, form: &Form) -> Markup {
    let steps: Vec<(&str, String)> = PlanStep::ALL
        .into_iter()
        .map(|step| (step.as_str(), titled(step)))
        .collect();
    let steps: Vec<(&str, &str)> = steps
        .iter()
        .map(|(word, title)| (*word, &**title))
        .collect();
    let heading = "Add a line to the safety plan";
    let fields = html! {
        (form::choice("step", "Step", &steps, &form.field("step")))
        (fields(form))
    };
    let place = lines_address(patient.id, plan);
    line_form(
        frame,
        patient,
        plan,
        heading,
        &place,
        form,
        &fields,
        &html! {},
    )
}

/// The page that changes or removes a line: `text`, `number` and the `revision` that was shown.
pub fn line_page(
    frame: &Frame,
    patient: &PatientView,
    plan: DocumentId,
    item: ItemId,
    form: &Form,
) -> Markup {
    let place = line_address(patient.id, plan, item);
    let fields = html! {
        (form::revision_before(form))
        (form::seen_before(form))
        (fields(form))
    };
    let remove = html! {
        form method="post" action=(format!("{place}/remove")) {
            (form::seen_before(form))
            button class="danger" type="submit" { "Remove this line" }
        }
    };
    let heading = "Change a line of the safety plan";
    line_form(
        frame, patient, plan, heading, &place, form, &fields, &remove,
    )
}

/// What a form that changes a line begins with.
pub fn present_line(plan: &View<SafetyPlan>, line: &PlanLine) -> Form {
    Form::default()
        .with(form::REVISION, plan.revision.to_string())
        .with("text", &*line.text)
        .with("number", &*line.number)
        .showing(Some(line))
}

fn fields(form: &Form) -> Markup {
    html! {
        (form::optional_text("text", "What it says", "The patient reads it in a crisis: short and in their words.", &form.field("text")))
        (form::line(Line { name: "number", label: "Number to call", kind: "tel", ..Line::default() }, &form.field("number")))
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "the two pages differ in just these"
)]
fn line_form(
    frame: &Frame,
    patient: &PatientView,
    plan: DocumentId,
    heading: &str,
    place: &str,
    form: &Form,
    fields: &Markup,
    below: &Markup,
) -> Markup {
    layout::page(
        frame,
        heading,
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            section class="card narrow" {
                h1 { (heading) }
                p { a href=(Shelf::SafetyPlans.address(patient.id, plan)) { span aria-hidden="true" { "← " } "Back to the plan" } }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    (fields)
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save the line" }
                }
                (form::discard(place, form.is_kept()))
                (below)
            }
        },
    )
}
