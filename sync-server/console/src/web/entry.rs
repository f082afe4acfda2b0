//! An entry's page, replies, and the review.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::{DocumentId, Entry, Revision};
use companion_core::{CoreError, NotNow};

use super::answer::drawn;
use super::app::App;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::view::entry;
use crate::view::form::{Field, Form};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, id) = (document(&patient)?, document(&id)?);
        let view = app.clinic.patient(patient)?;
        let page = if who.by_page {
            pages::entry::look(&app.clinic, view, id)?
        } else {
            let about = patient.to_string();
            app.accounts
                .record(&who.name, Action::OpenedEntry, Some(&about))?;
            let page = pages::entry::open(&app.clinic, view, id, &who.name)?;
            app.live.touched(Some(patient), Some(who.origin()));
            page
        };
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&entry::page(&frame, &page, &Field::default())))
    })
    .await
}

pub(super) async fn reply(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = path.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let (patient, id) = ids(&path)?;
        match answer(app, who, patient, id, form) {
            Ok(()) => {}
            // What somebody took minutes to write stays on the screen.
            Err(CoreError::NotNow(NotNow::Withdrawn { .. } | NotNow::Deleted)) => {
                form.wrong(
                    "body",
                    "The patient took this entry back while you wrote. Nothing was sent; copy your words if you need them.",
                );
                return Err(Problem::Fields);
            }
            Err(error) => return Err(error.into()),
        }
        let to = format!("{}?done=replied", address(patient, id));
        Ok(Done::about(patient, Action::Replied, to))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, id) = ids(&shown)?;
        let page = pages::entry::look(&app.clinic, app.clinic.patient(patient)?, id)?;
        Ok(entry::page(
            &app.frame(Some(who), None),
            &page,
            &form.field("body"),
        ))
    };
    fill_in(app, who, sent, work, again).await
}

fn answer(
    app: &App,
    who: &SignedIn,
    patient: DocumentId,
    id: DocumentId,
    form: &mut Form,
) -> Result<(), CoreError> {
    app.clinic.get::<Entry>(patient, id)?;
    let body = form.value("body").to_owned();
    if !form.has("body") {
        // So that the core's word about it stands beside the field.
        *form = std::mem::take(form).with("body", "");
    }
    app.clinic.reply(patient, id, &body, &who.name).map(drop)
}

pub(super) async fn review(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form| {
        let (patient, id) = ids(&path)?;
        let (action, done) = match form.value("reviewed") {
            "yes" => {
                let seen: Revision = form.value("revision").parse().map_err(|_| Problem::Form)?;
                if seen.is_empty() {
                    return Err(Problem::Form);
                }
                // Only of an entry: the core marks whatever is there.
                let present = app.clinic.get::<Entry>(patient, id)?.revision;
                app.clinic.mark_reviewed(patient, id, &seen, &who.name)?;
                let done = if seen == present {
                    "reviewed"
                } else {
                    "changed"
                };
                (Action::MarkedReviewed, done)
            }
            "no" => {
                app.clinic.unmark_reviewed(patient, id)?;
                (Action::UnmarkedReviewed, "unreviewed")
            }
            _ => return Err(Problem::Form),
        };
        let to = format!("{}?done={done}", address(patient, id));
        Ok(Done::about(patient, action, to))
    })
    .await
}

fn ids((patient, id): &(String, String)) -> Result<(DocumentId, DocumentId), Problem> {
    Ok((document(patient)?, document(id)?))
}

fn address(patient: DocumentId, id: DocumentId) -> String {
    format!("/patients/{patient}/entries/{id}")
}
