//! What is put right in the register from a patient's page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::clinic::Correction;
use companion_core::domain::DocumentId;
use companion_core::records::Seen;

use super::app::App;
use super::invite::same_name;
use super::problem::Problem;
use super::programme::shown_again;
use super::sent::{Done, Sent, document, else_look, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::sentence::sentence;

pub(super) async fn correct(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, seen: Seen| {
        let patient = document(&id)?;
        let correction = Correction {
            name: form.value("name").to_owned(),
            initials: form.value("initials").to_owned(),
            pronouns: form.value("pronouns").to_owned(),
            same_name: same_name(form),
        };
        let corrected = app.clinic.correct_patient(patient, seen, correction);
        corrected.map_err(|error| beside_the_name(error, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::CorrectedPatient,
            "corrected",
        ))
    };
    let again = shown_again(shown, |forms, typed| forms.correct = typed);
    fill_in(app, who, sent, work, again).await
}

/// Puts what the core refuses of a correction beside the name.
fn beside_the_name(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::SameName { .. } => {
            let why = sentence(&error.to_string());
            form.wrong("name", format!("{why} {SAME_NAME}"));
            Problem::Fields
        }
        // The form says so, and what the entry is now.
        CoreError::ChangedMeanwhile => Problem::Fields,
        other => other.into(),
    }
}

const SAME_NAME: &str = "Tick the box below if this is another person of the same name.";

pub(super) async fn archive(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, seen: Seen| {
        let patient = document(&id)?;
        let archived = app.clinic.archive_patient(patient, seen, &who.name);
        archived.map_err(as_it_is_now(patient))?;
        Ok(Done::on_their_page(
            patient,
            Action::ArchivedPatient,
            "archived",
        ))
    })
    .await
}

pub(super) async fn bring_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let patient = document(&id)?;
        let back = app.clinic.bring_back_patient(patient, seen);
        back.map_err(as_it_is_now(patient))?;
        Ok(Done::on_their_page(
            patient,
            Action::BroughtBackPatient,
            "brought-back",
        ))
    })
    .await
}

pub(super) async fn merge(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, form, seen: Seen| {
        let (twice, kept) = (document(&id)?, document(form.value("into"))?);
        let merged = app.clinic.merge_patients(kept, twice, seen);
        merged.map_err(as_it_is_now(twice))?;
        let to = format!("/patients/{kept}?done=merged");
        Ok(Done::about(twice, Action::MergedPatient, to))
    })
    .await
}

/// Leads to the entry as it is now, where somebody changed it meanwhile.
fn as_it_is_now(patient: DocumentId) -> impl FnOnce(CoreError) -> Problem {
    else_look(format!("/patients/{patient}"))
}
