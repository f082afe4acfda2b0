//! What is being typed: kept while somebody types, shown again where they typed it, thrown away when
//! they say so.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::app::App;
use super::place::Place;
use super::problem::Problem;
use super::sent::{Sent, sending};
use super::signed_in::SignedIn;
use crate::accounts::AccountsError;
use crate::view::form::Form;

/// Keeps what a page sends while somebody types.
pub(super) async fn keep(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
    sent: Sent,
) -> Response {
    app.run(who, move |app, who| {
        let place = place(&query)?;
        let (form, key) = sent.form()?;
        let sending = sending(who, place.as_str(), &key, &form);
        // A keystroke that comes in after its form was sent is no draft any more.
        let was_sent = match sending {
            Some(sending) => app.accounts.led_to(sending)?.is_some(),
            None => false,
        };
        if !was_sent {
            app.accounts
                .keep_draft(who.clinician, place.as_str(), form.values())?;
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Throws a draft away.
pub(super) async fn discard(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let place = place(&query)?;
        app.accounts.drop_draft(who.clinician, place.as_str())?;
        Ok(Redirect::to(place.page()).into_response())
    })
    .await
}

/// Somebody said that they are still there; the guard has noted it.
pub(super) async fn stay() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The form at an address as this person left it.
pub(super) fn typed(
    app: &App,
    who: &SignedIn,
    address: &str,
) -> Result<Option<Form>, AccountsError> {
    let fields = app.accounts.draft(who.clinician, address)?;
    Ok(fields.map(|fields| Form::of(fields).kept()))
}

fn place(query: &BTreeMap<String, String>) -> Result<Place, Problem> {
    let of = query.get("of").map_or("", String::as_str);
    Place::of(of).ok_or(Problem::NoPage)
}
