//! Opening a record in an emergency.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use companion_core::domain::nickname;
use companion_core::domain::text::{Named, named};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, document, fill_in};
use super::signed_in::SignedIn;
use crate::accounts::LONGEST_REASON;
use crate::view::emergency;
use crate::view::form::Form;

const REASON: Named = named("emergency_reason", "the reason");

/// Whether a screen shows all of it, as it stands.
fn is_shown(reason: &str) -> bool {
    nickname::checked(reason, REASON, LONGEST_REASON).is_ok()
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
        app.accounts
            .begin_emergency(who.clinician, &who.name, patient, &reason)?;
        // Written down with the emergency itself, in one transaction.
        Ok(Done {
            action: None,
            patient: None,
            to: format!("/patients/{patient}?done=emergency"),
        })
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
