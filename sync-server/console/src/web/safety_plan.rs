//! Lines of a safety plan that a patient shared: added, changed and removed together with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{DocumentId, ItemId, Revision, SafetyPlan};
use companion_core::records::Seen;
use companion_core::records::View;
use companion_core::{CoreError, Missing, NotNow};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, beside, else_look, fill_in, press};
use super::shared::ids;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::safety_plan;
use crate::view::shelf::Shelf;

pub(super) async fn add_form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, plan) = ids(&path)?;
        let view = app.clinic.patient(patient)?;
        present(app, patient, plan)?;
        let step = query.get("step").map_or("", String::as_str);
        let typed = drafts::typed(app, who, &safety_plan::lines_address(patient, plan))?;
        let form = typed.unwrap_or_else(|| Form::default().with("step", step));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&safety_plan::add_page(&frame, &view, plan, &form)))
    })
    .await
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = path.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let (patient, plan) = ids(&path)?;
        let mut steps = PlanStep::ALL.into_iter();
        let step = steps.find(|step| step.as_str() == form.value("step"));
        let Some(step) = step else {
            form.wrong("step", "Choose one of the steps.");
            return Err(Problem::Fields);
        };
        let line = read(form);
        let added = app
            .clinic
            .add_plan_line(patient, plan, step, line, &who.name);
        added.map_err(|error| beside_the_text(error, form))?;
        Ok(done(patient, plan))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, plan) = ids(&shown)?;
        let view = app.clinic.patient(patient)?;
        let frame = app.frame(Some(who), None);
        Ok(safety_plan::add_page(&frame, &view, plan, form))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn show_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, plan, item)): Path<(String, String, String)>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, plan) = ids(&(patient, plan))?;
        let (item, view) = (item_named(&item)?, app.clinic.patient(patient)?);
        let present = present(app, patient, plan)?;
        let mut steps = PlanStep::ALL.into_iter();
        let line = steps.find_map(|step| present.content.lines(step).get(item));
        let line = line.ok_or(Problem::NoPage)?;
        let place = safety_plan::line_address(patient, plan, item);
        let typed = drafts::typed(app, who, &place)?;
        let form = typed.unwrap_or_else(|| safety_plan::present_line(&present, line));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&safety_plan::line_page(
            &frame, &view, plan, item, &form,
        )))
    })
    .await
}

pub(super) async fn change_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, plan, item)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    let path = (patient, plan);
    let (shown, shown_item) = (path.clone(), item.clone());
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Revision| {
        let (patient, plan) = ids(&path)?;
        let item = item_named(&item)?;
        let line = read(form);
        let changed = app
            .clinic
            .change_plan_line(patient, plan, &seen, item, line, &who.name);
        changed.map_err(|error| beside_the_text(error, form))?;
        Ok(done(patient, plan))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, plan) = ids(&shown)?;
        let (item, view) = (item_named(&shown_item)?, app.clinic.patient(patient)?);
        let frame = app.frame(Some(who), None);
        Ok(safety_plan::line_page(&frame, &view, plan, item, form))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn remove_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, plan, item)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, seen: Seen| {
        let (patient, plan) = ids(&(patient, plan))?;
        let item = item_named(&item)?;
        let removed = app
            .clinic
            .remove_plan_line(patient, plan, item, seen, &who.name);
        removed.map_err(else_look(safety_plan::line_address(patient, plan, item)))?;
        Ok(done(patient, plan))
    })
    .await
}

fn done(patient: DocumentId, plan: DocumentId) -> Done {
    let to = format!(
        "{}?done=plan-changed",
        Shelf::SafetyPlans.address(patient, plan)
    );
    Done::about(patient, Action::ChangedSafetyPlan, to)
}

/// The plan that a form of its is about, while it is shared.
fn present(app: &App, patient: DocumentId, plan: DocumentId) -> Result<View<SafetyPlan>, Problem> {
    Ok(app.clinic.get::<SafetyPlan>(patient, plan)?)
}

fn item_named(text: &str) -> Result<ItemId, Problem> {
    text.parse().map_err(|_| Problem::NoPage)
}

fn read(form: &Form) -> PlanLine {
    PlanLine {
        text: form.value("text").to_owned(),
        number: form.value("number").to_owned(),
    }
}

/// Puts what the core says of a line beside a field of the form: to the core it is one field of the plan.
fn beside_the_text(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::NotFound(Missing::PlanLine) => {
            let gone =
                "Somebody removed this line meanwhile. Add it as a new one if it is still needed.";
            form.wrong("text", gone);
            Problem::Fields
        }
        // What somebody took minutes to write stays on the screen.
        CoreError::NotNow(NotNow::Withdrawn { .. } | NotNow::Deleted) => {
            let taken_back = "The patient took this plan back while you wrote. Nothing was saved; copy your words if \
                you need them.";
            form.wrong("text", taken_back);
            Problem::Fields
        }
        other => beside("text", other, form),
    }
}
