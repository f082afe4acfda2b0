//! Flags as they are raised, acknowledged, closed and opened again from a patient's page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::clinic::NewFlag;
use companion_core::domain::DocumentId;
use companion_core::domain::flag::{FlagAct, FlagSource};
use companion_core::records::Seen;
use companion_core::{CoreError, NotNow};

use super::app::App;
use super::patient::again;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, beside, document, else_look, fill_in, press_once};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::flags::BESIDES;
use crate::view::form::{CHECKED, Form};
use crate::view::patient::Forms;
use crate::view::sentence::sentence;

pub(super) async fn raise(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        if form.value("flag_words").trim().is_empty() {
            form.wrong("flag_words", "Write what the care team has to see.");
            return Err(Problem::Fields);
        }
        let new = NewFlag {
            about: None,
            source: FlagSource::Person,
            words: form.value("flag_words").to_owned(),
            by: who.name.clone(),
            at: None,
        };
        let raised = app.clinic.raise_flag(patient, new);
        raised.map_err(|error| beside("flag_words", error, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::RaisedFlag,
            "flag-raised",
        ))
    };
    let forms = |forms: &mut Forms, typed| forms.flag = typed;
    let again = move |app: &App, who: &SignedIn, form: &Form| again(app, who, &shown, form, forms);
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn acknowledge(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, flag)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press_once(app, who, sent, move |app, who, _, seen: Seen| {
        let (patient, flag) = (document(&id)?, document(&flag)?);
        let taken = app
            .clinic
            .step_flag(patient, flag, seen, FlagAct::Acknowledged, &who.name, "");
        taken.map_err(else_look(format!("/patients/{patient}")))?;
        Ok(Done::on_their_page(
            patient,
            Action::AcknowledgedFlag,
            "flag-acknowledged",
        ))
    })
    .await
}

pub(super) async fn close(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, flag)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    step_with_words(app, who, (id, flag), sent, &CLOSE).await
}

pub(super) async fn reopen(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, flag)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    step_with_words(app, who, (id, flag), sent, &REOPEN).await
}

const MEANWHILE: &str = "Somebody took steps with this flag meanwhile. They stand above now, and what you typed is not \
    with the flag yet: send it again if it holds.";

/// A step that needs words.
struct Step {
    act: FlagAct,
    field: &'static str,
    missing: &'static str,
    action: Action,
    done: &'static str,
    put: fn(&mut Forms, DocumentId, Form),
}

static CLOSE: Step = Step {
    act: FlagAct::Closed,
    field: "close_words",
    missing: "Write what was done.",
    action: Action::ClosedFlag,
    done: "flag-closed",
    put: |forms, flag, typed| drop(forms.close.insert(flag, typed)),
};

static REOPEN: Step = Step {
    act: FlagAct::Reopened,
    field: "reopen_words",
    missing: "Write why it is not over.",
    action: Action::ReopenedFlag,
    done: "flag-reopened",
    put: |forms, flag, typed| drop(forms.reopen.insert(flag, typed)),
};

async fn step_with_words(
    app: Arc<App>,
    who: SignedIn,
    (id, flag): (String, String),
    sent: Sent,
    step: &'static Step,
) -> Response {
    let shown = (id.clone(), flag.clone());
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Seen| {
        let (patient, flag) = (document(&id)?, document(&flag)?);
        let words = form.value(step.field).to_owned();
        if words.trim().is_empty() {
            form.wrong(step.field, step.missing);
            return Err(Problem::Fields);
        }
        let is_besides = step.act == FlagAct::Closed && form.value(BESIDES) == CHECKED;
        let taken = match is_besides {
            true => app
                .clinic
                .add_to_closed_flag(patient, flag, &who.name, &words),
            false => app
                .clinic
                .step_flag(patient, flag, seen, step.act.clone(), &who.name, &words),
        };
        taken.map_err(|error| match error {
            // The page shows the flag as it is now, with these words beside it.
            CoreError::NotNow(NotNow::Flag(why)) => {
                form.wrong(step.field, sentence(&why.to_string()));
                Problem::Fields
            }
            CoreError::ChangedMeanwhile => {
                form.wrong(step.field, MEANWHILE);
                Problem::Fields
            }
            other => beside(step.field, other, form),
        })?;
        Ok(match is_besides {
            true => Done::on_their_page(patient, Action::AddedToFlag, "flag-added"),
            false => Done::on_their_page(patient, step.action, step.done),
        })
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let flag = document(&shown.1)?;
        let put = |forms: &mut Forms, typed| (step.put)(forms, flag, typed);
        again(app, who, &shown.0, form, put)
    };
    fill_in(app, who, sent, work, again).await
}
