//! Requests in, pages out: routes, the guard before them, and the layers around them.

pub(crate) mod address;
mod answer;
mod app;
mod appointment;
pub mod assets;
mod caseload;
mod cookie;
mod elsewhere;
mod entry;
mod events;
mod guard;
mod headers;
mod invite;
mod notice;
mod patient;
mod problem;
mod register;
mod sent;
mod sign_in;
mod signed_in;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use companion_core::domain::limits;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

pub use app::App;
pub use cookie::Channel;

use problem::Problem;

/// The longest reply, each byte percent-encoded, and some room.
const FORM_LIMIT: usize = 3 * limits::BODY + 20 * 1024;

/// The whole console as one service.
pub fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/", get(caseload::show))
        .route("/invite", get(invite::form).post(invite::invite))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/warnings/{warning}/dismiss", post(caseload::dismiss))
        .route("/live", get(events::stream))
        .route("/patients/{patient}", get(patient::show))
        .route("/patients/{patient}/phase", post(patient::set_phase))
        .route("/patients/{patient}/correct", post(register::correct))
        .route("/patients/{patient}/archive", post(register::archive))
        .route("/patients/{patient}/bring-back", post(register::bring_back))
        .route("/patients/{patient}/merge", post(register::merge))
        .route("/patients/{patient}/sessions", post(patient::add_session))
        .route(
            "/patients/{patient}/sessions/{session}/move",
            post(patient::move_session),
        )
        .route(
            "/patients/{patient}/sessions/{session}/call-off",
            post(patient::call_off_session),
        )
        .route(
            "/patients/{patient}/sessions/{session}/put-back",
            post(patient::put_back_session),
        )
        .route(
            "/patients/{patient}/devices/{device}/remove",
            post(patient::remove_device),
        )
        .route("/patients/{patient}/invitation", get(invite::show))
        .route("/patients/{patient}/reinvite", post(invite::reinvite))
        .route("/patients/{patient}/words", post(invite::answer))
        .route("/patients/{patient}/entries/{entry}", get(entry::show))
        .route(
            "/patients/{patient}/entries/{entry}/reply",
            post(entry::reply),
        )
        .route(
            "/patients/{patient}/entries/{entry}/reviewed",
            post(entry::review),
        )
        .fallback(elsewhere::not_found)
        .method_not_allowed_fallback(elsewhere::not_allowed)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            guard::require,
        ));
    let (at_border, at_fault) = (Arc::clone(&app), Arc::clone(&app));
    let foreign = move |_| Problem::Foreign.page(&at_border.frame(None, None));
    let fault = move |_| Problem::Fault.page(&at_fault.frame(None, None));
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/assets/{name}", get(assets::serve))
        .merge(guarded)
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CsrfLayer::new().with_rejection_response(foreign))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            headers::harden,
        ))
        .layer(CatchPanicLayer::custom(fault))
        .with_state(app)
}

#[cfg(test)]
mod tests;
