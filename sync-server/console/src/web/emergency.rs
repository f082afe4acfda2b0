//! Opening a record in an emergency.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use companion_core::domain::text::{Named, named};
use companion_core::domain::{DocumentId, nickname};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::{ClinicianId, LONGEST_REASON};
use crate::view::emergency;
use crate::view::form::Form;

const REASON: Named = named("emergency_reason", "the reason");

/// Whether a screen shows all of it, as it stands.
fn is_shown(reason: &str) -> bool {
    nickname::checked(reason, REASON, LONGEST_REASON).is_ok()
}

/// Ends one's own before its hour is up.
pub(super) async fn end(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, _: WhateverStands| {
        let patient = app.clinic.patient(document(&id)?)?.id;
        end_and_tell(app, (who.clinician, &who.name), patient, &who.name)?;
        Ok(to(format!("/patients/{patient}?done=emergency-ended")))
    })
    .await
}

/// Ends that of somebody who works here.
pub(super) async fn end_anothers(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(emergency): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, _: WhateverStands| {
        let mut all = app.accounts.emergencies()?.into_iter();
        let found = all.find(|one| one.id.to_string() == emergency);
        let one = found.ok_or(Problem::NoPage)?;
        let patient = document(&one.patient)?;
        // Of one that is over there is nothing to end: what came later is not what the page showed.
        if one.is_running {
            end_and_tell(app, (one.clinician, &one.by), patient, &who.name)?;
        }
        Ok(to("/people?done=anothers-emergency-ended".to_owned()))
    })
    .await
}

/// Ends it, and says so in the patient's record. That the patient can't be told now keeps nobody from ending it.
pub(super) fn end_and_tell(
    app: &App,
    (whose, name): (ClinicianId, &str),
    patient: DocumentId,
    by: &str,
) -> Result<(), Problem> {
    if app.accounts.end_emergency(whose, patient, by)? {
        tell(app, patient, name);
    }
    Ok(())
}

/// Says in a patient's record that an emergency was ended in which somebody looked at it.
pub(super) fn tell(app: &App, patient: DocumentId, whose: &str) {
    match app.clinic.note_emergency_ended(patient, whose) {
        Ok(_) => app.live.touched(Some(patient), None),
        Err(error) => tracing::error!(%error, "a patient is not told that an emergency was ended"),
    }
}

/// Written down with the end itself, in one transaction.
const fn to(address: String) -> Done {
    Done {
        action: None,
        patient: None,
        to: address,
    }
}

pub(super) async fn form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let typed = drafts::typed(app, who, &emergency::address(patient.id))?;
        let frame = app.frame(Some(who), None);
        let page = emergency::page(&frame, &patient, &typed.unwrap_or_default());
        Ok(drawn(&page))
    })
    .await
}

pub(super) async fn open(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = app.clinic.patient(document(&id)?)?.id;
        let reason = form.value("emergency_reason").trim().to_owned();
        let wrong = match reason.chars().count() {
            _ if !reason.chars().any(char::is_alphanumeric) => {
                Some("Write down why, in words.".to_owned())
            }
            length if length <= LONGEST_REASON && !is_shown(&reason) => {
                Some("On one line, in words that a screen shows.".to_owned())
            }
            length if length > LONGEST_REASON => {
                Some(format!("At most {LONGEST_REASON} characters."))
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            form.wrong("emergency_reason", wrong);
            return Err(Problem::Fields);
        }
        let opened = app
            .accounts
            .begin_emergency(who.clinician, &who.name, patient, &reason)?;
        // The patient reads it, whether or not anything is looked at. That they can't be told now keeps nobody out: care
        // may depend on it, and each look tells it again.
        match app.note_emergency((&who.name, who.sight.role), patient, &opened, &[]) {
            Ok(_) => app.live.touched(Some(patient), None),
            Err(error) => tracing::error!(%error, "a patient is not told of an emergency"),
        }
        // Written down with the emergency itself, in one transaction.
        Ok(to(format!("/patients/{patient}?done=emergency")))
    };
    let again = move |app: &App, who: &SignedIn, typed: &Form| {
        let patient = app.clinic.patient(document(&shown)?)?;
        Ok(emergency::page(
            &app.frame(Some(who), None),
            &patient,
            typed,
        ))
    };
    fill_in(app, who, sent, work, again).await
}
