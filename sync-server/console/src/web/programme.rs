//! A programme as it is set from its patient's page: begun, moved from phase to phase, planned, paused,
//! taken up again and ended.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::domain::programme::Standing;
use companion_core::domain::text::Problem as Wrong;
use companion_core::domain::{DocumentId, Phase};
use maud::Markup;

use super::app::App;
use super::patient::again;
use super::problem::Problem;
use super::sent::{Done, Sent, beside, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::gate;
use crate::view::patient::Forms;
use crate::view::sentence::sentence;

pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, form| {
        let patient = document(&id)?;
        app.clinic
            .begin_programme(patient, form.value("therapist"))?;
        Ok(Done::on_their_page(
            patient,
            Action::BeganProgramme,
            "programme",
        ))
    })
    .await
}

pub(super) async fn set_phase(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form| {
        let patient = document(&id)?;
        let phase: Phase = form.value("phase").parse().map_err(|_| Problem::Form)?;
        let set = app.clinic.set_phase(patient, phase, &who.name);
        set.map_err(|error| with_the_way(patient, error))?;
        Ok(Done::on_their_page(patient, Action::SetPhase, "phase"))
    })
    .await
}

pub(super) async fn plan(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let patient = document(&id)?;
        // Nothing that is no number is one of sessions; the core says the range.
        let planned = form.value("planned").trim().parse().unwrap_or(0);
        let reason = form.value("plan_reason");
        let plan = app
            .clinic
            .plan_sessions(patient, planned, reason, &who.name);
        plan.map_err(|error| match &error {
            CoreError::Invalid(why) if matches!(why.problem, Wrong::OutOfRange { .. }) => {
                beside("planned", error, form)
            }
            _ => beside("plan_reason", error, form),
        })?;
        Ok(Done::on_their_page(
            patient,
            Action::PlannedSessions,
            "planned",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.plan = typed);
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn pause(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let patient = document(&id)?;
        let reason = form.value("pause_reason");
        let paused = app
            .clinic
            .set_standing(patient, Standing::Paused, reason, &who.name);
        paused.map_err(|error| beside("pause_reason", error, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::PausedProgramme,
            "paused",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.pause = typed);
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn go_on(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let patient = document(&id)?;
        let reason = form.value("go_on_reason");
        let going = app
            .clinic
            .set_standing(patient, Standing::Running, reason, &who.name);
        going.map_err(|error| match error {
            CoreError::Gate(_) => with_the_way(patient, error),
            other => beside("go_on_reason", other, form),
        })?;
        Ok(Done::on_their_page(
            patient,
            Action::WentOnWithProgramme,
            "going-on",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.go_on = typed);
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn end(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let patient = document(&id)?;
        let (reason, summary) = (form.value("end_reason"), form.value("closing_summary"));
        let ended = app
            .clinic
            .end_programme(patient, reason, summary, &who.name);
        ended.map_err(|error| match &error {
            CoreError::Invalid(why) if why.name.field == "standings" => {
                beside("end_reason", error, form)
            }
            CoreError::StillAhead(ahead) => {
                form.wrong("end_reason", sentence(&ahead.to_string()));
                Problem::Fields
            }
            _ => error.into(),
        })?;
        Ok(Done::on_their_page(
            patient,
            Action::EndedProgramme,
            "ended",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.end = typed);
    fill_in(app, who, sent, work, again).await
}

/// Draws the patient's page again, with what was typed into one of its forms.
pub(super) fn shown_again(
    id: String,
    forms: fn(&mut Forms, Form),
) -> impl FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem> + Send + 'static {
    move |app, who, form| again(app, who, &id, form, forms)
}

/// What has to be done first, with the page on which to do it.
fn with_the_way(patient: DocumentId, error: CoreError) -> Problem {
    let CoreError::Gate(gate) = error else {
        return error.into();
    };
    let way = gate::way(patient, gate);
    let why = gate.to_string();
    Problem::First { why, way }
}
