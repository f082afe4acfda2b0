//! Requests in, pages out: routes, the guard before them, and the layers around them.

pub(crate) mod address;
mod answer;
mod app;
mod appointment;
pub mod assets;
mod attachments;
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
mod for_all_or_one;
mod glance;
mod guard;
mod guides;
mod headers;
mod invite;
mod meanwhile;
mod medicine;
mod medicines;
mod notice;
mod once;
mod outcome;
mod patient;
mod place;
mod problem;
mod programme;
mod prompts;
mod questions;
mod register;
mod reminders;
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
use axum::routing::{get, post};
use axum::{Router, middleware};
use companion_core::domain::{PromptRules, ReminderRules, UseQuestions, limits};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

pub use app::App;
pub use cookie::Channel;
pub use once::Once;

use crate::view::shelf::{OnShelf, ShelfVisitor, visit_shelves};
use for_all_or_one::use_those_for_all;
use problem::Problem;
use routes::Routes;

/// The longest reply, each byte percent-encoded, and some room.
const FORM_LIMIT: usize = 3 * limits::BODY + 20 * 1024;

/// The pages of every kind that a patient shares, and what is sent from them.
fn shelves() -> Routes {
    struct OfShelves(Routes);
    impl ShelfVisitor for OfShelves {
        fn visit<T: OnShelf>(&mut self) {
            let page = format!("/patients/{{patient}}/{}/{{id}}", T::SHELF.as_str());
            let mut routes = std::mem::take(&mut self.0)
                .route(&page, get(shared::show::<T>))
                .route(&format!("{page}/reply"), post(shared::reply::<T>))
                .route(&format!("{page}/talked"), post(shared::talk::<T>));
            if T::SHELF.is_reviewed() {
                let reviewed = format!("{page}/reviewed");
                routes = routes.route(&reviewed, post(shared::review::<T>));
            }
            self.0 = routes;
        }
    }
    let mut routes = OfShelves(Routes::default());
    visit_shelves(&mut routes);
    let plan = "/patients/{patient}/safety-plans/{id}/lines";
    let line = format!("{plan}/{{item}}");
    routes
        .0
        .route(
            "/patients/{patient}/medicines/{id}/medicines-reviewed",
            post(medicines::reviewed),
        )
        .route(plan, get(safety_plan::add_form).post(safety_plan::add))
        .route(
            &line,
            get(safety_plan::show_line).post(safety_plan::change_line),
        )
        .route(&format!("{line}/remove"), post(safety_plan::remove_line))
}

/// The pages of what is set for all patients or for one, under the address of each.
fn for_all_and_for_one() -> Routes {
    let mut routes = Routes::default()
        .route(
            "/patients/{patient}/reminders/for-all",
            post(use_those_for_all::<ReminderRules>),
        )
        .route(
            "/patients/{patient}/prompts/for-all",
            post(use_those_for_all::<PromptRules>),
        )
        .route(
            "/patients/{patient}/questions/for-all",
            post(use_those_for_all::<UseQuestions>),
        );
    for place in ["/reminders", "/patients/{patient}/reminders"] {
        let (rules, one) = (format!("{place}/rules"), format!("{place}/rules/{{rule}}"));
        routes = routes
            .route(place, get(reminders::show))
            .route(&format!("{place}/limits"), post(reminders::limits))
            .route(&rules, post(reminders::add))
            .route(&one, get(reminders::show_one).post(reminders::change_one))
            .route(&format!("{one}/back"), post(reminders::take_back));
    }
    for place in ["/questions", "/patients/{patient}/questions"] {
        routes = routes.route(place, get(questions::show).post(questions::change));
    }
    for place in ["/prompts", "/patients/{patient}/prompts"] {
        let one = format!("{place}/{{prompt}}");
        routes = routes
            .route(place, get(prompts::show).post(prompts::add))
            .route(&one, get(prompts::show_one).post(prompts::change_one))
            .route(&format!("{one}/back"), post(prompts::take_back));
    }
    routes
}

/// The guides, the clinic's own words for them, and its rules.
fn guides() -> Routes {
    let (words, rule) = (
        "/guides/{language}/{guide}/words",
        "/guides/{language}/rules/{slot}",
    );
    Routes::default()
        .route("/guides", get(guides::show))
        .route("/guides/{language}", get(guides::show))
        .route("/guides/{language}/{guide}", get(guides::show_one))
        .route(words, get(guides::words_form).post(guides::write))
        .route(&format!("{words}/back"), post(guides::take_back))
        .route(rule, get(guides::rule_form).post(guides::write_rule))
        .route(&format!("{rule}/back"), post(guides::take_rule_back))
}

/// What clinicians write down of the assessment and of a session.
fn screening_and_medicine() -> Routes {
    let screening = "/patients/{patient}/screening";
    let medicine = "/patients/{patient}/sessions/{session}/medicine";
    Routes::default()
        .route(screening, get(screening::show))
        .route(&format!("{screening}/findings"), post(screening::find))
        .route(&format!("{screening}/items"), post(screening::add))
        .route(
            &format!("{screening}/items/{{item}}/remove"),
            post(screening::remove),
        )
        .route(medicine, get(medicine::show).post(medicine::write))
        .route(&format!("{medicine}/readings"), post(medicine::add_reading))
        .route(
            &format!("{medicine}/readings/{{reading}}/remove"),
            post(medicine::remove_reading),
        )
        .route(&format!("{medicine}/show"), post(medicine::show_to_patient))
        .route(&format!("{medicine}/hide"), post(medicine::take_back))
}

/// All that only somebody who is signed in is answered.
fn guarded() -> Routes {
    Routes::default()
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
        .route("/patients/{patient}/at-a-glance", get(glance::show))
        .route("/patients/{patient}/phase", post(programme::set_phase))
        .route("/patients/{patient}/programme", post(programme::begin))
        .route("/patients/{patient}/plan", post(programme::plan))
        .route("/patients/{patient}/pause", post(programme::pause))
        .route("/patients/{patient}/go-on", post(programme::go_on))
        .route("/patients/{patient}/end", post(programme::end))
        .route("/patients/{patient}/summary", post(programme::summary))
        .route("/wordings", get(wordings::show_own))
        .route("/wordings/{id}", post(wordings::choose_own))
        .route("/patients/{patient}/wordings", get(wordings::show))
        .route("/patients/{patient}/wordings/{id}", post(wordings::choose))
        .merge(for_all_and_for_one())
        .merge(guides())
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
        .merge(screening_and_medicine())
        .route("/patients/{patient}/flags", post(flags::raise))
        .route(
            "/patients/{patient}/flags/{flag}/acknowledge",
            post(flags::acknowledge),
        )
        .route("/patients/{patient}/flags/{flag}/close", post(flags::close))
        .route(
            "/patients/{patient}/flags/{flag}/reopen",
            post(flags::reopen),
        )
        .route("/patients/{patient}/correct", post(register::correct))
        .route("/patients/{patient}/archive", post(register::archive))
        .route("/patients/{patient}/bring-back", post(register::bring_back))
        .route("/patients/{patient}/merge", post(register::merge))
        .route("/patients/{patient}/sessions", post(sessions::add))
        .route(
            "/patients/{patient}/sessions/{session}",
            get(sessions::show).post(sessions::tell),
        )
        .route(
            "/patients/{patient}/sessions/{session}/move",
            post(sessions::move_to),
        )
        .route(
            "/patients/{patient}/sessions/{session}/correct",
            post(sessions::correct),
        )
        .route(
            "/patients/{patient}/sessions/{session}/call-off",
            post(sessions::call_off),
        )
        .route(
            "/patients/{patient}/sessions/{session}/put-back",
            post(sessions::put_back),
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
        .route(
            "/patients/{patient}/entries/{id}/attachments/{item}",
            get(attachments::open),
        )
        .merge(shelves())
}

/// The whole console as one service. What nobody has signed in for yet passes the door first.
pub fn router(app: Arc<App>) -> Router {
    let guarded = guarded()
        .router()
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
