//! A patient's page, and what is set from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::DosingSession;
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, document, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::pages::timeline::Position;
use crate::view::form::Form;
use crate::view::patient::{self, Forms, PatientPage};
use crate::view::programme;
use crate::view::register;
use crate::view::session_form;
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
        let page = pages::patient::page(
            &app.clinic,
            view,
            filter,
            &from,
            &who.sight.rights,
            app.clock.now(),
        )?;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&patient.to_string()))?;
            if pages::timeline::open(&app.clinic, patient, &page.timeline, &who.name)? {
                app.live.touched(Some(patient), Some(who.origin()));
            }
        }
        let forms = forms(app, who, &page)?;
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&patient::page(&frame, &page, &forms)))
    })
    .await
}

/// The forms of a patient's page as this person left them, and otherwise as they stand.
fn forms(app: &App, who: &SignedIn, page: &PatientPage) -> Result<Forms, Problem> {
    let present = page
        .sessions
        .iter()
        .filter(|session| !session.is_of_earlier);
    let numbers = present.map(|session| session.view.content.number);
    let next = numbers.max().unwrap_or(0).saturating_add(1);
    let programme = page.patient.programme.as_ref();
    let summary = programme.map_or("", |programme| &*programme.closing_summary);
    let typed = |part: &str, otherwise: Form| {
        let place = format!("/patients/{}/{part}", page.patient.id);
        drafts::typed(app, who, &place).map(|typed| typed.unwrap_or(otherwise))
    };
    // Of every flag: what was typed stays where somebody else closed it or opened it again meanwhile.
    let flags = |step: &str| {
        let forms = page.flags.iter().map(|flag| {
            let id = flag.view.id;
            Ok((id, typed(&format!("flags/{id}/{step}"), Form::default())?))
        });
        forms.collect::<Result<_, Problem>>()
    };
    // What the newest session says of people, place and lengths is what the next one most likely needs.
    let newest = page.sessions.iter().map(|session| &session.view.content);
    let mut like = newest
        .max_by_key(|session| session.at)
        .cloned()
        .unwrap_or_else(|| DosingSession::new(next, app.clock.now()));
    like.note.clear();
    let session = Form::default().with("number", next.to_string());
    let session = session_form::with_details(session, &like);
    let end = Form::default().with("closing_summary", summary);
    let begin = Form::default().with("therapist", who.name.as_str());
    Ok(Forms {
        session: typed("sessions", session)?,
        plan: typed("plan", programme::plan_form(page.count.planned))?,
        pause: typed("pause", Form::default())?,
        go_on: typed("go-on", Form::default())?,
        end: typed("end", end)?,
        summary: typed("summary", programme::summary_form(summary))?,
        team: typed("team", Form::default())?,
        correct: typed("correct", register::present(&page.patient.record))?,
        begin: typed("programme", begin)?,
        flag: typed("flags", Form::default())?,
        close: flags("close")?,
        reopen: flags("reopen")?,
    })
}

/// The page again, with one of its forms as it was just typed.
pub(super) fn again(
    app: &App,
    who: &SignedIn,
    id: &str,
    typed: &Form,
    put: impl FnOnce(&mut Forms, Form),
) -> Result<Markup, Problem> {
    let view = app.clinic.patient(document(id)?)?;
    let (newest, now) = (Position::default(), app.clock.now());
    let page = pages::patient::page(
        &app.clinic,
        view,
        Filter::All,
        &newest,
        &who.sight.rights,
        now,
    )?;
    let mut forms = forms(app, who, &page)?;
    put(&mut forms, typed.clone());
    Ok(patient::page(&app.frame(Some(who), None), &page, &forms))
}

pub(super) async fn remove_device(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, device)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, _: WhateverStands| {
        let patient = document(&id)?;
        let device = device.parse().map_err(|_| Problem::NoPage)?;
        app.clinic.remove_device(patient, device)?;
        Ok(Done::on_their_page(
            patient,
            Action::RemovedDevice,
            "removed",
        ))
    })
    .await
}
