//! Signing in and out.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use zeroize::Zeroizing;

use super::answer::drawn;
use super::app::App;
use super::place::own_page;
use super::problem::Problem;
use crate::accounts::{SignInError, Touch};
use crate::view::form::Field;
use crate::view::sign_in::{self, SignInForm};

pub(super) async fn form(
    State(app): State<Arc<App>>,
    Query(mut query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let to = query.remove("to").unwrap_or_default();
    if let Some(token) = app.channel.token(&headers) {
        let accounts = Arc::clone(&app.accounts);
        let live = tokio::task::spawn_blocking(move || accounts.session(&token, Touch::Page)).await;
        if let Ok(Ok(Some(_))) = live {
            return Redirect::to(own_page(&to)).into_response();
        }
    }
    let form = SignInForm {
        to: own_page(&to).to_owned(),
        ..SignInForm::default()
    };
    drawn(&sign_in::page(&app.frame(None, None), &form))
}

pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Response {
    let Ok(Form(mut typed)) = form else {
        return Problem::Form.page(&app.frame(None, None));
    };
    let name = typed.remove("name").unwrap_or_default();
    let passphrase = Zeroizing::new(typed.remove("passphrase").unwrap_or_default());
    let to = typed.remove("to").unwrap_or_default();
    match app.accounts.sign_in(name.clone(), passphrase).await {
        Ok(token) => {
            // Whoever signs in over an old session leaves it behind for good.
            if let Some(old) = app.channel.token(&headers) {
                let accounts = Arc::clone(&app.accounts);
                let _ = tokio::task::spawn_blocking(move || accounts.sign_out(&old)).await;
            }
            let Some(value) = app.channel.set(&token) else {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            };
            ([(header::SET_COOKIE, value)], Redirect::to(own_page(&to))).into_response()
        }
        Err(error) => refused(&app, name, own_page(&to), &error),
    }
}

fn refused(app: &App, name: String, to: &str, error: &SignInError) -> Response {
    let (status, words) = match error {
        SignInError::Wrong => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Name and passphrase do not fit. Check both and try again.".to_owned(),
        ),
        SignInError::Wait { seconds } => (
            StatusCode::TOO_MANY_REQUESTS,
            format!(
                "Too many wrong tries for this name. Wait {} and try again.",
                crate::view::time::count(
                    u64::try_from(*seconds).unwrap_or(60),
                    "second",
                    "seconds"
                )
            ),
        ),
        SignInError::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many people are signing in at this moment. Try again.".to_owned(),
        ),
        SignInError::Accounts(error) => {
            tracing::error!(%error, "sign-in failed");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "The console could not check this. Tell whoever looks after the clinic’s computer."
                    .to_owned(),
            )
        }
    };
    let form = SignInForm {
        name: Field::of(name),
        to: to.to_owned(),
        error: Some(words),
    };
    (status, drawn(&sign_in::page(&app.frame(None, None), &form))).into_response()
}

pub(super) async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Some(token) = app.channel.token(&headers) {
        let accounts = Arc::clone(&app.accounts);
        let _ = tokio::task::spawn_blocking(move || accounts.sign_out(&token)).await;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    if let Some(value) = app.channel.clear() {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
