//! A programme as it is set from its patient's page: begun, moved from phase to phase, planned, paused,
//! taken up again and ended.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::clinic::{PhaseChange, PlannedNumber, how_it_stands};
use companion_core::domain::programme::{Gate, Standing};
use companion_core::domain::text::Problem as Wrong;
use companion_core::domain::{DocumentId, Phase, RecordSection};
use companion_core::records::Seen;
use companion_core::{CoreError, NotNow};
use maud::Markup;

use super::app::App;
use super::meanwhile::settle;
use super::patient::again;
use super::problem::Problem;
use super::sent::{
    Before, Done, EachField, Sent, WhateverStands, beside, document, fill_in, press,
};
use super::signed_in::SignedIn;
use crate::accounts::Rights;
use crate::accounts::audit::Action;
use crate::view::form::{Form, was};
use crate::view::gate;
use crate::view::message::Way;
use crate::view::patient::Forms;
use crate::view::programme::{FROM, PLAN, SUMMARY, plan_form, summary_form};
use crate::view::sentence::sentence;

/// Of a form from a page of before somebody paused, ended or began a programme.
const STANDS_OTHERWISE: &str = "Somebody changed how the programme stands meanwhile. Nothing of yours is saved yet: \
     look at it, and save again.";

pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let begun = app.clinic.begin_programme(patient, form.value("therapist"));
        begun.map_err(|error| beside("therapist", error, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::BeganProgramme,
            "programme",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.begin = typed);
    fill_in(app, who, sent, work, again).await
}

/// The phase that a programme was in, and how it stood.
impl Before for (Phase, Seen) {
    fn read(form: &Form) -> Result<Self, Problem> {
        let phase = form.value(&was("phase")).parse();
        Ok((phase.map_err(|_| Problem::Form)?, Seen::read(form)?))
    }
}

pub(super) async fn set_phase(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(
        app,
        who,
        sent,
        move |app, who, form, (seen, stood): (Phase, Seen)| {
            let patient = document(&id)?;
            let to = form.value("phase").parse().map_err(|_| Problem::Form)?;
            let change = PhaseChange { seen, stood, to };
            let set = app.clinic.set_phase(patient, change, &who.name);
            set.map_err(|error| with_the_way(patient, error, &who.sight.rights))?;
            Ok(Done::on_their_page(patient, Action::SetPhase, "phase"))
        },
    )
    .await
}

pub(super) async fn plan(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, stood: Seen| {
        let patient = document(&id)?;
        let plan = app.clinic.plan_sessions(patient, &who.name, |programme| {
            settle(
                form,
                &plan_form(programme.content.planned_sessions()),
                &PLAN,
            );
            if how_it_stands(programme) != stood {
                form.wrong("planned", STANDS_OTHERWISE);
            }
            // Nothing that is no number is one of sessions; the core says the range.
            let sessions = form.value("planned").trim().parse().unwrap_or(0);
            let reason = form.value("plan_reason");
            (!form.is_wrong()).then(|| PlannedNumber::new(sessions, reason))
        });
        plan.map_err(|error| match &error {
            CoreError::Invalid(why) if matches!(why.problem, Wrong::OutOfRange { .. }) => {
                beside("planned", error, form)
            }
            CoreError::StandsOtherwise(_) => beside_its_word("planned", error, form),
            _ => beside("plan_reason", error, form),
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
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
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Seen| {
        let patient = document(&id)?;
        let reason = form.value("pause_reason");
        let paused = app
            .clinic
            .set_standing(patient, seen, Standing::Paused, reason, &who.name);
        paused.map_err(|error| beside_its_word("pause_reason", error, form))?;
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
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Seen| {
        let patient = document(&id)?;
        let reason = form.value("go_on_reason");
        let by = &who.name;
        // A page from before the end takes nothing up again.
        let going = match form.value(FROM) == Standing::Ended.as_str() {
            true => app.clinic.take_up_again(patient, seen, reason, by),
            false => app
                .clinic
                .set_standing(patient, seen, Standing::Running, reason, by),
        };
        going.map_err(|error| match error {
            // Of a programme that has ended nobody records an outcome.
            CoreError::Gate(gate @ (Gate::NotYet { .. } | Gate::NotAFit))
                if who.sight.rights.shows(RecordSection::Assessment) =>
            Problem::First {
                why: format!(
                    "{gate}, so this programme can’t be taken up again: begin another one, which has an assessment \
                     of its own"
                ),
                way: way(patient),
            },
            CoreError::Gate(_) => with_the_way(patient, error, &who.sight.rights),
            other => beside_its_word("go_on_reason", other, form),
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
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Seen| {
        let patient = document(&id)?;
        let (reason, summary) = (form.value("end_reason"), form.value("closing_summary"));
        let ended = app
            .clinic
            .end_programme(patient, seen, reason, summary, &who.name);
        ended.map_err(|error| match &error {
            CoreError::Invalid(why) if why.name.field == "standings" => {
                beside("end_reason", error, form)
            }
            CoreError::StillAhead(_)
            | CoreError::StandsOtherwise(_)
            | CoreError::ChangedMeanwhile => beside_its_word("end_reason", error, form),
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

pub(super) async fn summary(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: EachField| {
        let patient = document(&id)?;
        let written = app.clinic.write_closing_summary(patient, |present| {
            settle(form, &summary_form(present), &SUMMARY);
            (!form.is_wrong()).then(|| form.value("closing_summary").to_owned())
        });
        written.map_err(|error| match error {
            CoreError::NotNow(NotNow::NotEnded) => beside_its_word("closing_summary", error, form),
            other => other.into(),
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(Done::on_their_page(
            patient,
            Action::WroteClosingSummary,
            "summary",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.summary = typed);
    fill_in(app, who, sent, work, again).await
}

/// Puts beside the word that was typed why it is not written: what the core says of it, or how the programme
/// stands now.
fn beside_its_word(field: &'static str, error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::StillAhead(_)
        | CoreError::StandsOtherwise(_)
        | CoreError::ChangedMeanwhile
        | CoreError::NotNow(_) => {
            form.wrong(field, sentence(&error.to_string()));
            Problem::Fields
        }
        other => beside(field, other, form),
    }
}

/// The page of a patient as it is now.
fn way(patient: DocumentId) -> Way {
    Way {
        to: format!("/patients/{patient}"),
        words: "Open the patient’s page as it is now",
    }
}

/// Draws the patient's page again, with what was typed into one of its forms.
pub(super) fn shown_again(
    id: String,
    forms: fn(&mut Forms, Form),
) -> impl FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem> + Send + 'static {
    move |app, who, form| again(app, who, &id, form, forms)
}

/// What has to be done first, with the page on which to do it.
fn with_the_way(patient: DocumentId, error: CoreError, rights: &Rights) -> Problem {
    let gate = match error {
        CoreError::Gate(gate) => gate,
        CoreError::StandsOtherwise(_) | CoreError::PhaseChanged { .. } => {
            return Problem::First {
                why: error.to_string(),
                way: way(patient),
            };
        }
        other => return other.into(),
    };
    let way = gate::way(patient, gate, rights);
    let why = gate::why(gate, rights);
    Problem::First { why, way }
}
