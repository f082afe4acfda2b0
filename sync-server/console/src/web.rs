//! Requests in, pages out: routes, the guard before them, and the layers around them.

pub(crate) mod address;
mod addresses;
mod answer;
mod app;
mod appointment;
pub mod assets;
mod attachments;
mod body;
mod calendar;
mod called;
mod caseload;
mod cookie;
mod costs;
mod dates;
mod drafts;
mod elsewhere;
mod emergency;
mod events;
mod export;
mod flags;
mod for_all_or_one;
mod glance;
mod guard;
mod guides;
mod headers;
mod invite;
mod looks;
mod meanwhile;
mod medicine;
mod medicines;
mod notice;
mod once;
mod outcome;
mod patient;
mod people;
mod place;
mod problem;
mod programme;
mod prompts;
mod questions;
mod register;
mod releases;
mod reminders;
mod retention;
mod routes;
mod safety;
mod safety_plan;
mod screening;
mod sent;
mod sessions;
mod shared;
mod sign_in;
mod signed_in;
mod team;
mod wordings;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};
use companion_core::domain::limits;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

pub use app::App;
pub use cookie::Channel;
pub use once::Once;

use problem::Problem;

/// The longest reply, each byte percent-encoded, and some room.
const FORM_LIMIT: usize = 3 * limits::BODY + 20 * 1024;

/// The whole console as one service. What nobody has signed in for yet passes the door first.
pub fn router(app: Arc<App>) -> Router {
    let (guarded, addresses) = addresses::guarded().done();
    let guarded = guarded
        .fallback(elsewhere::not_found)
        .method_not_allowed_fallback(elsewhere::not_allowed)
        .layer(middleware::from_fn_with_state(
            (Arc::clone(&app), Arc::new(addresses)),
            guard::require,
        ));
    let (at_border, at_fault) = (Arc::clone(&app), Arc::clone(&app));
    let foreign = move |_| Problem::Foreign.page(&at_border.frame(None, None));
    let fault = move |_| Problem::Fault.page(&at_fault.frame(None, None));
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/assets/{name}", get(assets::serve))
        // A calendar can't sign in: the secret in the address is all that it has.
        .route("/calendar-feed/{file}", get(calendar::feed))
        .route("/favicon.ico", get(assets::mark))
        .merge(guarded)
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CsrfLayer::new().with_rejection_response(foreign))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            called::require,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            headers::harden,
        ))
        .layer(CatchPanicLayer::custom(fault))
        .with_state(app)
}

#[cfg(test)]
mod tests;
