//! What is put right in the register from a patient's page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::clinic::Correction;

use super::app::App;
use super::invite::same_name;
use super::sent::{Done, Sent, document, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;

pub(super) async fn correct(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, form| {
        let patient = document(&id)?;
        let correction = Correction {
            name: form.value("name").to_owned(),
            initials: form.value("initials").to_owned(),
            pronouns: form.value("pronouns").to_owned(),
            same_name: same_name(form),
        };
        app.clinic.correct_patient(patient, correction)?;
        Ok(Done::on_their_page(
            patient,
            Action::CorrectedPatient,
            "corrected",
        ))
    })
    .await
}

pub(super) async fn archive(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _| {
        let patient = document(&id)?;
        app.clinic.archive_patient(patient, &who.name)?;
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
    press(app, who, sent, move |app, _, _| {
        let patient = document(&id)?;
        app.clinic.bring_back_patient(patient)?;
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
    press(app, who, sent, move |app, _, form| {
        let (twice, kept) = (document(&id)?, document(form.value("into"))?);
        app.clinic.merge_patients(kept, twice)?;
        let to = format!("/patients/{kept}?done=merged");
        Ok(Done::about(twice, Action::MergedPatient, to))
    })
    .await
}
