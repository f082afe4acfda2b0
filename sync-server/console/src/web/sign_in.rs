//! Signing in and out.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use zeroize::Zeroizing;

use super::answer::drawn;
use super::app::App;
use super::place::own_page;
use super::sent::Sent;
use crate::accounts::{SignInError, Touch};
use crate::door::Caller;
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
    caller: Option<Extension<Caller>>,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    let mut typed = match sent.fields() {
        Ok(typed) => typed,
        Err(problem) => return problem.page(&app.frame(None, None)),
    };
    let name = typed.remove("name").unwrap_or_default();
    let passphrase = Zeroizing::new(typed.remove("passphrase").unwrap_or_default());
    let to = typed.remove("to").unwrap_or_default();
    let caller = caller.and_then(|Extension(caller)| caller.0);
    // All together have few places to be checked: one address must not sit on all of them.
    let Ok(_place) = app.door.sign_ins.take(caller, 1) else {
        return refused(&app, name, own_page(&to), &SignInError::Busy);
    };
    match app.accounts.sign_in(name.clone(), passphrase).await {
        Ok(token) => {
            // Whoever signs in over an old session leaves it behind for good.
            if let Some(old) = app.channel.token(&headers) {
                let accounts = Arc::clone(&app.accounts);
                let _ = tokio::task::spawn_blocking(move || accounts.sign_out(&old)).await;
            }
            let told = Arc::clone(&app);
            let _ = tokio::task::spawn_blocking(move || told.tell_people()).await;
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
            "Too many tries to sign in are being checked at this moment. Try again.".to_owned(),
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
    // What was on the screen is not found again by going back. Our cookie goes by itself: "cookies" would
    // end what other programs of the same domain keep.
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static(r#""cache", "storage""#),
    );
    response
}
