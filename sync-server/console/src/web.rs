//! Requests in, pages out: routes, the guard before them, and the layers around them.

pub(crate) mod address;
mod answer;
mod app;
mod appointment;
pub mod assets;
mod body;
mod called;
mod caseload;
mod cookie;
mod costs;
mod dates;
mod drafts;
mod elsewhere;
mod events;
mod flags;
mod guard;
mod headers;
mod invite;
mod notice;
mod once;
mod outcome;
mod patient;
mod place;
mod problem;
mod programme;
mod register;
mod reminders;
mod safety;
mod sent;
mod shared;
mod sign_in;
mod signed_in;
mod team;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use companion_core::domain::{CheckIn, Entry, limits};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

pub use app::App;
pub use cookie::Channel;
pub use once::Once;

use crate::view::shelf::OnShelf;
use problem::Problem;

/// The longest reply, each byte percent-encoded, and some room.
const FORM_LIMIT: usize = 3 * limits::BODY + 20 * 1024;

/// The pages of one kind of thing, and what is sent from them.
fn on_shelf<T: OnShelf>() -> Router<Arc<App>> {
    let page = format!("/patients/{{patient}}/{}/{{id}}", T::SHELF.as_str());
    Router::new()
        .route(&page, get(shared::show::<T>))
        .route(&format!("{page}/reply"), post(shared::reply::<T>))
        .route(&format!("{page}/reviewed"), post(shared::review::<T>))
        .route(&format!("{page}/talked"), post(shared::talk::<T>))
}

/// The whole console as one service. What nobody has signed in for yet passes the door first.
pub fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/", get(caseload::show))
        .route("/invite", get(invite::form).post(invite::invite))
        .route("/safety", get(safety::show))
        .route("/safety/monitoring", post(safety::monitoring))
        .route("/safety/card", post(safety::card))
        .route("/safety/rules", post(safety::add_rule))
        .route("/safety/rules/{rule}/retire", post(safety::end_rule))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/warnings/{warning}/dismiss", post(caseload::dismiss))
        .route("/live", get(events::stream))
        .route("/drafts", post(drafts::keep))
        .route("/drafts/discard", post(drafts::discard))
        .route("/stay", post(drafts::stay))
        .route("/patients/{patient}", get(patient::show))
        .route("/patients/{patient}/phase", post(programme::set_phase))
        .route("/patients/{patient}/programme", post(programme::begin))
        .route("/patients/{patient}/plan", post(programme::plan))
        .route("/patients/{patient}/pause", post(programme::pause))
        .route("/patients/{patient}/go-on", post(programme::go_on))
        .route("/patients/{patient}/end", post(programme::end))
        .route("/reminders", get(reminders::show))
        .route("/reminders/limits", post(reminders::limits))
        .route("/reminders/rules", post(reminders::add))
        .route(
            "/reminders/rules/{rule}",
            get(reminders::show_one).post(reminders::change_one),
        )
        .route("/reminders/rules/{rule}/back", post(reminders::take_back))
        .route("/patients/{patient}/reminders", get(reminders::show))
        .route(
            "/patients/{patient}/reminders/limits",
            post(reminders::limits),
        )
        .route("/patients/{patient}/reminders/rules", post(reminders::add))
        .route(
            "/patients/{patient}/reminders/rules/{rule}",
            get(reminders::show_one).post(reminders::change_one),
        )
        .route(
            "/patients/{patient}/reminders/rules/{rule}/back",
            post(reminders::take_back),
        )
        .route(
            "/patients/{patient}/reminders/for-all",
            post(reminders::use_those_for_all),
        )
        .route("/patients/{patient}/team", post(team::add))
        .route(
            "/patients/{patient}/team/{member}/remove",
            post(team::remove),
        )
        .route("/patients/{patient}/costs", get(costs::show))
        .route("/patients/{patient}/costs/lines", post(costs::add_line))
        .route(
            "/patients/{patient}/costs/lines/{item}",
            get(costs::show_line).post(costs::change_line),
        )
        .route(
            "/patients/{patient}/costs/lines/{item}/remove",
            post(costs::remove_line),
        )
        .route(
            "/patients/{patient}/costs/walked-through",
            post(costs::walked_through),
        )
        .route(
            "/patients/{patient}/outcome",
            get(outcome::show).post(outcome::record),
        )
        .route("/patients/{patient}/flags", post(flags::raise))
        .route(
            "/patients/{patient}/flags/{flag}/acknowledge",
            post(flags::acknowledge),
        )
        .route("/patients/{patient}/flags/{flag}/close", post(flags::close))
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
            "/patients/{patient}/dates",
            get(dates::show).post(dates::plan),
        )
        .route(
            "/patients/{patient}/visits/{visit}/move",
            post(dates::move_visit),
        )
        .route(
            "/patients/{patient}/visits/{visit}/call-off",
            post(dates::call_off),
        )
        .route(
            "/patients/{patient}/visits/{visit}/put-back",
            post(dates::put_back),
        )
        .route(
            "/patients/{patient}/devices/{device}/remove",
            post(patient::remove_device),
        )
        .route("/patients/{patient}/invitation", get(invite::show))
        .route("/patients/{patient}/reinvite", post(invite::reinvite))
        .route("/patients/{patient}/words", post(invite::answer))
        .route(
            "/patients/{patient}/two-histories",
            get(invite::two_histories),
        )
        .merge(on_shelf::<Entry>())
        .merge(on_shelf::<CheckIn>())
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
