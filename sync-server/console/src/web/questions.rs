//! The clinic's words for the questions on use, and how often they are asked: for all patients, or for one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::UseQuestions;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::for_all_or_one::{self, Names, done, number, patient_in, whose};
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{EachField, Sent, fill_in};
use super::signed_in::SignedIn;
use crate::view::form::Form;
use crate::view::questions::{self, FIELDS};
use crate::view::whose::SetHere;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let whose = whose(app, patient_in(&names)?)?;
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        let typed = drafts::typed(app, who, &whose.address(SetHere::Questions))?;
        let form = typed.unwrap_or_else(|| questions::present(whose.set.as_ref()));
        Ok(drawn(&questions::page(&frame, &whose, &form)))
    })
    .await
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let shown = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let patient = patient_in(&names)?;
        let whom = for_all_or_one::shown(form);
        let put = |set: &mut UseQuestions| {
            settle(form, &questions::present(Some(set)), &FIELDS);
            put(form, set);
        };
        for_all_or_one::change(app, (patient, whom), &who.name, put)?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done::<UseQuestions>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let whose = whose(app, patient_in(&shown)?)?;
        Ok(questions::page(&app.frame(Some(who), None), &whose, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what was typed; where something is wrong, the form says so and nothing is put.
fn put(form: &mut Form, set: &mut UseQuestions) {
    let every_weeks = number(form, "every_weeks");
    if form.is_wrong() {
        return;
    }
    let line = |field: &str| form.value(field).trim().to_owned();
    set.craving = line("craving");
    set.outside_plan = line("outside_plan");
    set.bladder = line("bladder");
    set.every_weeks = every_weeks;
}
