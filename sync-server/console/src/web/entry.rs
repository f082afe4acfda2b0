//! An entry's page, replies, and the review.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::app::{self, App, drawn};
use super::guard::SignedIn;
use super::problem::Problem;
use crate::accounts::audit::Action;
use crate::record::{RecordError, Review};
use crate::view::entry;
use crate::view::form::Field;
use crate::view::sentence::sentence;

type Typed = Result<Form<BTreeMap<String, String>>, FormRejection>;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let page = if who.by_page {
            app.record.entry(&patient, &id)?
        } else {
            app.accounts
                .record(&who.name, Action::OpenedEntry, Some(&patient))?;
            let page = app.record.open_entry(&patient, &id, &who.name)?;
            app.live.touched(&patient, Some(who.origin()));
            page
        };
        let notice = app::notice(query.get("done").map(String::as_str));
        let frame = app.frame(Some(who), notice);
        Ok(drawn(&entry::page(&frame, &page, &Field::default())))
    })
    .await
}

/// As long as an entry may be.
const LONGEST_REPLY: usize = 100 * 1024;

pub(super) async fn reply(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(mut typed) = form.map_err(|_| Problem::Form)?;
        // Browsers send CRLF for each new line.
        let body = typed
            .remove("body")
            .unwrap_or_default()
            .replace("\r\n", "\n");
        let wrong = if body.trim().is_empty() {
            Some("Write something first.".to_owned())
        } else if body.len() > LONGEST_REPLY {
            Some("This is too long for one reply. Send it in parts.".to_owned())
        } else {
            match app.record.reply(&patient, &id, body.trim(), &who.name) {
                Ok(()) => None,
                Err(RecordError::Invalid(why)) => Some(sentence(&why)),
                Err(error) => return Err(error.into()),
            }
        };
        let Some(wrong) = wrong else {
            app.accounts
                .record(&who.name, Action::Replied, Some(&patient))?;
            app.live.touched(&patient, Some(who.origin()));
            return Ok(
                Redirect::to(&format!("/patients/{patient}/entries/{id}?done=replied"))
                    .into_response(),
            );
        };
        let page = app.record.entry(&patient, &id)?;
        let frame = app.frame(Some(who), None);
        let page = entry::page(&frame, &page, &Field::of(body).wrong(wrong));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&page)).into_response())
    })
    .await
}

pub(super) async fn review(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(typed) = form.map_err(|_| Problem::Form)?;
        let (review, action, done) = match typed.get("reviewed").map(String::as_str) {
            Some("yes") => (Review::Done, Action::MarkedReviewed, "reviewed"),
            Some("no") => (Review::Open, Action::UnmarkedReviewed, "unreviewed"),
            _ => return Err(Problem::Form),
        };
        app.record.set_reviewed(&patient, &id, &who.name, review)?;
        app.accounts.record(&who.name, action, Some(&patient))?;
        app.live.touched(&patient, Some(who.origin()));
        Ok(Redirect::to(&format!("/patients/{patient}/entries/{id}?done={done}")).into_response())
    })
    .await
}
