//! The addresses of what is set for all patients or for one, and of releases.

use axum::routing::{get, post};
use companion_core::domain::{PromptRules, ReminderRules, UseQuestions};

use super::super::routes::Routes;
use super::super::{
    for_all_or_one::use_those_for_all, guides, prompts, questions, releases, reminders, retention,
};
use super::PROGRAMME;
use crate::accounts::Area;

/// The pages of what is set for all patients or for one, under the address of each.
pub(super) fn for_all_and_for_one() -> Routes {
    let mut routes = Routes::default()
        .route(
            "/patients/{patient}/reminders/for-all",
            Area::Settings,
            post(use_those_for_all::<ReminderRules>),
        )
        .route(
            "/patients/{patient}/prompts/for-all",
            Area::Settings,
            post(use_those_for_all::<PromptRules>),
        )
        .route(
            "/patients/{patient}/questions/for-all",
            Area::Settings,
            post(use_those_for_all::<UseQuestions>),
        );
    for place in ["/reminders", "/patients/{patient}/reminders"] {
        let (rules, one) = (format!("{place}/rules"), format!("{place}/rules/{{rule}}"));
        routes = routes
            .route(place, Area::Settings, get(reminders::show))
            .route(
                &format!("{place}/limits"),
                Area::Settings,
                post(reminders::limits),
            )
            .route(&rules, Area::Settings, post(reminders::add))
            .route(
                &one,
                Area::Settings,
                get(reminders::show_one).post(reminders::change_one),
            )
            .route(
                &format!("{one}/back"),
                Area::Settings,
                post(reminders::take_back),
            );
    }
    for place in ["/questions", "/patients/{patient}/questions"] {
        routes = routes.route(
            place,
            Area::Settings,
            get(questions::show).post(questions::change),
        );
    }
    for place in ["/prompts", "/patients/{patient}/prompts"] {
        let one = format!("{place}/{{prompt}}");
        routes = routes
            .route(place, Area::Settings, get(prompts::show).post(prompts::add))
            .route(
                &one,
                Area::Settings,
                get(prompts::show_one).post(prompts::change_one),
            )
            .route(
                &format!("{one}/back"),
                Area::Settings,
                post(prompts::take_back),
            );
    }
    routes
}

/// The guides, the clinic's own words for them, and its rules.
pub(super) fn guides() -> Routes {
    let (words, rule) = (
        "/guides/{language}/{guide}/words",
        "/guides/{language}/rules/{slot}",
    );
    Routes::default()
        .route("/guides", Area::Settings, get(guides::show))
        .route("/guides/{language}", Area::Settings, get(guides::show))
        .route(
            "/guides/{language}/{guide}",
            Area::Settings,
            get(guides::show_one),
        )
        .route(
            words,
            Area::Settings,
            get(guides::words_form).post(guides::write),
        )
        .route(
            &format!("{words}/back"),
            Area::Settings,
            post(guides::take_back),
        )
        .route(
            rule,
            Area::Settings,
            get(guides::rule_form).post(guides::write_rule),
        )
        .route(
            &format!("{rule}/back"),
            Area::Settings,
            post(guides::take_rule_back),
        )
}

/// What patients released to somebody outside, and what was told them. Whoever hands something over is also asked for
/// the right to each section that leaves.
pub(super) fn releases() -> Routes {
    let releases = "/patients/{patient}/releases";
    Routes::default()
        .route(releases, PROGRAMME, get(releases::show).post(releases::ask))
        .route(
            &format!("{releases}/requests/{{request}}/take-back"),
            PROGRAMME,
            post(releases::take_back),
        )
        .route(
            &format!("{releases}/{{release}}"),
            PROGRAMME,
            get(releases::preview).post(releases::hand_over),
        )
        .route(
            "/release-rules",
            Area::Settings,
            get(releases::rules).post(releases::set_rules),
        )
        .route(
            "/retention",
            Area::Settings,
            get(retention::show).post(retention::set),
        )
}
