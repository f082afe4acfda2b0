//! The clinic's words for the questions on use, and how often they are asked: for all patients, or for one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::{DocumentId, UseQuestions};

use super::answer::drawn;
use super::app::App;
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::questions::{self, FIELDS, Whose};
use crate::view::whose::{self, BACK, SetHere};

/// What the path names: the patient, if any.
type Names = Path<BTreeMap<String, String>>;

fn patient_in(names: &BTreeMap<String, String>) -> Result<Option<DocumentId>, Problem> {
    names.get("patient").map(|id| document(id)).transpose()
}

fn whose(app: &App, patient: Option<DocumentId>) -> Result<Whose, Problem> {
    let Some(id) = patient else {
        return Ok(Whose {
            patient: None,
            set: app.clinic.use_questions()?,
            apart: app.clinic.patients_with_their_own_questions()?,
            unreadable: app.clinic.safety()?.unreadable,
        });
    };
    let view = app.clinic.patient(id)?;
    Ok(Whose {
        patient: Some((id, view.record.name)),
        set: app.clinic.use_questions_of(id)?.map(|view| view.content),
        apart: Vec::new(),
        unreadable: view.unreadable,
    })
}

fn done(patient: Option<DocumentId>) -> Done {
    Done {
        action: Action::ChangedQuestions,
        patient,
        to: format!("{}?done=questions", SetHere::Questions.address(patient)),
    }
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let whose = whose(app, patient_in(&names)?)?;
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        let form = questions::present(whose.set.as_ref());
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
    let work = move |app: &App, who: &SignedIn, form: &mut Form| {
        let patient = patient_in(&names)?;
        let put = |set: &mut UseQuestions| {
            settle(form, &questions::present(Some(set)), &FIELDS);
            put(form, set);
        };
        match patient {
            None => app.clinic.change_use_questions(&who.name, put)?,
            Some(patient) => app
                .clinic
                .change_use_questions_of(patient, &who.name, put)?,
        }
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let whose = whose(app, patient_in(&shown)?)?;
        Ok(questions::page(&app.frame(Some(who), None), &whose, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what was typed; where something is wrong, the form says so and nothing is put.
fn put(form: &mut Form, set: &mut UseQuestions) {
    let typed = form.value("every_weeks").trim().to_owned();
    let every_weeks = typed.parse().ok();
    if every_weeks.is_none() && !typed.is_empty() {
        form.wrong("every_weeks", "This is not a number that fits here.");
    }
    if form.is_wrong() {
        return;
    }
    let line = |field: &str| form.value(field).trim().to_owned();
    set.craving = line("craving");
    set.outside_plan = line("outside_plan");
    set.bladder = line("bladder");
    set.every_weeks = every_weeks;
}

pub(super) async fn use_those_for_all(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form| {
        let patient = patient_in(&names)?.ok_or(Problem::NoPage)?;
        app.clinic.use_questions_for_all(patient, &who.name)?;
        Ok(Done {
            patient: Some(patient),
            ..done(whose::page_after(form.value(BACK), patient))
        })
    })
    .await
}
