//! A patient's page, and what is set from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::domain::{Content as _, DosingSession, Phase};
use companion_core::ports::Moment;

use super::answer::drawn;
use super::app::App;
use super::appointment::clinic_time;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::pages::timeline::Position;
use crate::view::form::Form;
use crate::view::patient;
use crate::view::sentence::sentence;
use crate::view::timeline::Filter;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let asked = |name: &str| query.get(name).map_or("", String::as_str);
        let view = app.clinic.patient(document(&id)?)?;
        let patient = view.id;
        let filter = Filter::named(asked("show"));
        let from = Position::from_address(asked("before"));
        let page = pages::patient::page(&app.clinic, view, filter, &from, app.clock.now())?;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&patient.to_string()))?;
            if pages::timeline::open(&app.clinic, patient, &page.timeline, &who.name)? {
                app.live.touched(Some(patient), Some(who.origin()));
            }
        }
        let planned = page.sessions.iter();
        let numbers = planned.map(|session| session.view.content.number);
        let next = numbers.max().unwrap_or(0).saturating_add(1);
        let typed = drafts::typed(app, who, &format!("/patients/{patient}/sessions"))?;
        let form = typed.unwrap_or_else(|| Form::default().with("number", next.to_string()));
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&patient::page(&frame, &page, &form)))
    })
    .await
}

pub(super) async fn set_phase(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form| {
        let patient = document(&id)?;
        let phase: Phase = form.value("phase").parse().map_err(|_| Problem::Form)?;
        app.clinic.set_phase(patient, phase, &who.name)?;
        let to = format!("/patients/{patient}?done=phase");
        Ok(Done::about(patient, Action::SetPhase, to))
    })
    .await
}

pub(super) async fn begin_programme(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, form| {
        let patient = document(&id)?;
        app.clinic
            .begin_programme(patient, form.value("therapist"))?;
        let to = format!("/patients/{patient}?done=programme");
        Ok(Done::about(patient, Action::BeganProgramme, to))
    })
    .await
}

pub(super) async fn add_session(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form| {
        let patient = document(&id)?;
        let session = read_session(form, app.clock.now()).ok_or(Problem::Fields)?;
        match app.clinic.plan_session(patient, session) {
            Ok(_) => {}
            Err(error @ CoreError::SessionExists { .. }) => {
                form.wrong("number", sentence(&error.to_string()));
                return Err(Problem::Fields);
            }
            Err(error) => return Err(error.into()),
        }
        let to = format!("/patients/{patient}?done=session");
        Ok(Done::about(patient, Action::AddedSession, to))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let view = app.clinic.patient(document(&shown)?)?;
        let (newest, now) = (Position::default(), app.clock.now());
        let page = pages::patient::page(&app.clinic, view, Filter::All, &newest, now)?;
        Ok(patient::page(&app.frame(Some(who), None), &page, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// The session that was typed; or `None`, and the form says what is wrong. What a field may hold is
/// the core's to say.
fn read_session(form: &mut Form, now: Moment) -> Option<DosingSession> {
    let at = clinic_time(form.value("at").trim(), now);
    // Nothing that is no number is the number of a session; the core says the range.
    let number = form.value("number").trim().parse().unwrap_or(0);
    let session = DosingSession {
        note: form.value("note").to_owned(),
        ..DosingSession::new(number, at.unwrap_or(now))
    };
    if let Err(why) = at {
        form.wrong("at", why.to_string());
    }
    match session.checked() {
        Ok(session) => at.ok().map(|_| session),
        Err(why) => {
            form.wrong(why.name.field, sentence(&why.to_string()));
            None
        }
    }
}

pub(super) async fn move_session(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, session)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, form| {
        let (patient, session) = (document(&id)?, document(&session)?);
        let at = clinic_time(form.value("at").trim(), app.clock.now())
            .map_err(|why| Problem::Typed(why.to_string()))?;
        let seen = app.clinic.get::<DosingSession>(patient, session)?;
        app.clinic
            .move_session(patient, session, &seen.revision, at)?;
        let to = format!("/patients/{patient}?done=moved");
        Ok(Done::about(patient, Action::MovedSession, to))
    })
    .await
}

pub(super) async fn call_off_session(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, session)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _| {
        let (patient, session) = (document(&id)?, document(&session)?);
        app.clinic.call_off_session(patient, session)?;
        let to = format!("/patients/{patient}?done=called-off");
        Ok(Done::about(patient, Action::CalledOffSession, to))
    })
    .await
}

pub(super) async fn put_back_session(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, session)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _| {
        let (patient, session) = (document(&id)?, document(&session)?);
        app.clinic.put_back_session(patient, session)?;
        let to = format!("/patients/{patient}?done=put-back");
        Ok(Done::about(patient, Action::PutBackSession, to))
    })
    .await
}

pub(super) async fn remove_device(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, device)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _| {
        let patient = document(&id)?;
        let device = device.parse().map_err(|_| Problem::NoPage)?;
        app.clinic.remove_device(patient, device)?;
        let to = format!("/patients/{patient}?done=removed");
        Ok(Done::about(patient, Action::RemovedDevice, to))
    })
    .await
}
