//! All dates of a patient, and visits that are planned, moved, called off and put back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::session_block::Minutes;
use companion_core::domain::visit::{VisitPurpose, VisitWay};
use companion_core::domain::{Content as _, DocumentId, Revision, Visit};
use companion_core::ports::Moment;
use companion_core::{CoreError, NotNow};

use super::answer::drawn;
use super::app::App;
use super::appointment::clinic_time;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, document, else_look, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::dates::{self, Dates};
use crate::view::form::Form;
use crate::view::sentence::sentence;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let page = read(app, who, document(&id)?)?;
        let patient = page.patient.id;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&patient.to_string()))?;
        }
        let typed = drafts::typed(app, who, &dates::address(patient))?;
        let form = typed.unwrap_or_else(dates::new_visit);
        let done = notice(query.get("done").map(String::as_str));
        Ok(drawn(&dates::page(
            &app.frame(Some(who), done),
            &page,
            &form,
        )))
    })
    .await
}

fn read(app: &App, who: &SignedIn, patient: DocumentId) -> Result<Dates, Problem> {
    let mut line = app.clinic.timeline(patient)?;
    line.retain(|step| who.sight.rights.shows(step.what.section()));
    Ok(Dates {
        patient: app.clinic.patient(patient)?,
        line,
        visits: app.clinic.visits(patient)?,
        moved: None,
    })
}

pub(super) async fn plan(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let visit = typed_visit(form, app.clock.now()).ok_or(Problem::Fields)?;
        let planned = app.clinic.plan_visit(patient, visit);
        planned.map_err(|error| beside_its_time(error, form))?;
        Ok(done(patient, Action::PlannedVisit, "visit"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let page = read(app, who, document(&shown)?)?;
        Ok(dates::page(&app.frame(Some(who), None), &page, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// The visit that was typed; or `None`, and the form says what is wrong. What a field may hold is the
/// core's to say.
fn typed_visit(form: &mut Form, now: Moment) -> Option<Visit> {
    let at = clinic_time(form.value("at").trim(), now);
    let typed = |name: &str| form.value(name).to_owned();
    let visit = Visit {
        // Nothing that is no number is a length; the core says the range.
        minutes: Minutes(form.value("minutes").trim().parse().unwrap_or(0)),
        way: VisitWay::from(typed("way")),
        with: typed("with"),
        place: typed("place"),
        address: typed("address"),
        contact: typed("contact"),
        note: typed("note"),
        ..Visit::new(VisitPurpose::from(typed("purpose")), at.unwrap_or(now))
    };
    // A word of a newer version is kept where it is read, and not written here.
    for (name, is_known) in [
        ("purpose", VisitPurpose::ALL.contains(&visit.purpose)),
        ("way", VisitWay::ALL.contains(&visit.way)),
    ] {
        if !is_known {
            form.wrong(name, "Choose one of these.");
        }
    }
    if let Err(why) = at {
        form.wrong("at", why.to_string());
    }
    match visit.checked() {
        Ok(visit) if !form.is_wrong() => Some(visit),
        Ok(_) => None,
        Err(why) => {
            form.wrong(why.name.field, sentence(&why.to_string()));
            None
        }
    }
}

pub(super) async fn move_visit(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, visit)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = (id.clone(), visit.clone());
    let work = move |app: &App, _: &SignedIn, form: &mut Form, seen: Revision| {
        let (patient, visit) = (document(&id)?, document(&visit)?);
        let at = match clinic_time(form.value("at").trim(), app.clock.now()) {
            Ok(at) => at,
            Err(why) => {
                form.wrong("at", why.to_string());
                return Err(Problem::Fields);
            }
        };
        let moved = app.clinic.move_visit(patient, visit, &seen, at);
        moved.map_err(|error| beside_its_time(error, form))?;
        Ok(done(patient, Action::MovedVisit, "visit-moved"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let mut page = read(app, who, document(&shown.0)?)?;
        page.moved = Some((document(&shown.1)?, form.clone()));
        let frame = app.frame(Some(who), None);
        Ok(dates::page(&frame, &page, &dates::new_visit()))
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what the core refuses because of when a visit is beside that field.
fn beside_its_time(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::ChangedMeanwhile
        | CoreError::NotNow(
            NotNow::VisitMovedIntoThePast | NotNow::ProgrammeEnded | NotNow::PutAway,
        ) => {
            form.wrong("at", sentence(&error.to_string()));
            Problem::Fields
        }
        other => other.into(),
    }
}

pub(super) async fn call_off(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, visit)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Revision| {
        let (patient, visit) = (document(&id)?, document(&visit)?);
        let off = app.clinic.call_off_visit(patient, visit, &seen);
        off.map_err(else_look(dates::address(patient)))?;
        Ok(done(patient, Action::CalledOffVisit, "visit-called-off"))
    })
    .await
}

pub(super) async fn put_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, visit)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Revision| {
        let (patient, visit) = (document(&id)?, document(&visit)?);
        let back = app.clinic.put_back_visit(patient, visit, &seen);
        back.map_err(else_look(dates::address(patient)))?;
        Ok(done(patient, Action::PutBackVisit, "visit-put-back"))
    })
    .await
}

fn done(patient: DocumentId, action: Action, what: &str) -> Done {
    let to = format!("{}?done={what}", dates::address(patient));
    Done::about(patient, action, to)
}
