//! Dosing sessions: added from their patient's page, and changed from a page of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::PlannedSession;
use companion_core::domain::session_block::{ARRIVAL, COMING_BACK, GROUNDING, MEDICINE, Minutes};
use companion_core::domain::session_details::SessionDetails;
use companion_core::domain::{Content as _, DocumentId, DosingSession, Revision};
use companion_core::ports::Moment;
use companion_core::{CoreError, NotNow};
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::appointment::clinic_time;
use super::drafts;
use super::meanwhile::settle;
use super::notice::notice;
use super::patient::again;
use super::problem::Problem;
use super::sent::{Done, EachField, Sent, WhateverStands, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::gate;
use crate::view::message::Way;
use crate::view::patient;
use crate::view::sentence::sentence;
use crate::view::session_form::{DETAILS, field_of, with_details};
use crate::view::session_page::{self, Forms};

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let session = typed(form, app.clock.now()).ok_or(Problem::Fields)?;
        let planned = app.clinic.plan_session(patient, session);
        planned.map_err(|error| beside_a_field(error, who, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::AddedSession,
            "session",
        ))
    };
    let forms = |forms: &mut patient::Forms, typed| forms.session = typed;
    let again = move |app: &App, who: &SignedIn, form: &Form| again(app, who, &shown, form, forms);
    fill_in(app, who, sent, work, again).await
}

/// The session that was typed; or `None`, and the form says what is wrong. What a field may hold is
/// the core's to say.
fn typed(form: &mut Form, now: Moment) -> Option<DosingSession> {
    let at = clinic_time(form.value("at").trim(), now);
    // Nothing that is no number is the number of a session; the core says the range.
    let number = form.value("number").trim().parse().unwrap_or(0);
    let mut session = DosingSession::new(number, at.unwrap_or(now));
    details(form).put_into(&mut session);
    if let Err(why) = at {
        form.wrong("at", why.to_string());
    }
    match session.checked() {
        Ok(session) => at.ok().map(|_| session),
        Err(why) => {
            form.wrong(field_of(why.name.field), sentence(&why.to_string()));
            None
        }
    }
}

/// The details that were typed.
fn details(form: &Form) -> SessionDetails {
    let words = |name: &str| form.value(name).to_owned();
    // Nothing that is no number is a length; the core says the range.
    let minutes = |name: &str, usual: Minutes| match form.has(name) {
        true => Minutes(form.value(name).trim().parse().unwrap_or(u16::MAX)),
        false => usual,
    };
    SessionDetails {
        arrival_minutes: minutes("arrival_minutes", ARRIVAL),
        medicine_minutes: minutes("medicine_minutes", MEDICINE),
        coming_back_minutes: minutes("coming_back_minutes", COMING_BACK),
        grounding_minutes: minutes("grounding_minutes", GROUNDING),
        place: words("session_place"),
        address: words("session_address"),
        contact: words("session_contact"),
        therapist: words("session_therapist"),
        medical_provider: words("session_provider"),
        note: words("note"),
    }
}

/// Puts what the core refuses of a session beside the field of the form that it is about.
fn beside_a_field(error: CoreError, who: &SignedIn, form: &mut Form) -> Problem {
    if let CoreError::NamesMissing(why) = &error
        && !form.has("corrected_at")
    {
        for who in &why.missing {
            form.wrong(field_of(who.as_str()), sentence(who.label()));
        }
        return Problem::Fields;
    }
    let field = match &error {
        CoreError::SessionExists { .. } | CoreError::BeyondPlan(_) if form.has("number") => {
            "number"
        }
        CoreError::SessionsOverlap { .. } | CoreError::VisitAtThatTime { .. }
            if form.has("medicine_minutes") && !form.has("at") =>
        {
            "medicine_minutes"
        }
        CoreError::SessionExists { .. }
        | CoreError::SessionsOverlap { .. }
        | CoreError::VisitAtThatTime { .. }
        | CoreError::BeyondPlan(_)
        | CoreError::NamesMissing(_)
        | CoreError::Gate(_)
        | CoreError::NotNow(
            NotNow::ProgrammeEnded
            | NotNow::PutAway
            | NotNow::SessionBegan
            | NotNow::MovedIntoThePast,
        ) => "at",
        CoreError::Invalid(why) if why.name.field == "steps" => "reason",
        CoreError::Invalid(why) => field_of(why.name.field),
        // The form says so, and what the session is now.
        CoreError::SessionChanged { .. } => return Problem::Fields,
        _ => return error.into(),
    };
    // The page has several forms, and each field a name of its own.
    let field = match field {
        "at" if form.has("corrected_at") => "corrected_at",
        "reason" if form.has("corrected_at") => "corrected_why",
        field => field,
    };
    let why = match &error {
        CoreError::Gate(gate) => gate::why(*gate, &who.sight.rights),
        other => other.to_string(),
    };
    form.wrong(field, sentence(&why));
    Problem::Fields
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, id) = ids(&path)?;
        let planned = present(app, patient, id)?;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&patient.to_string()))?;
        }
        let done = notice(query.get("done").map(String::as_str));
        let frame = app.frame(Some(who), done);
        let forms = forms(app, who, patient, &planned)?;
        let patient = app.clinic.patient(patient)?;
        Ok(drawn(&session_page::page(
            &frame, &patient, &planned, &forms,
        )))
    })
    .await
}

fn present(app: &App, patient: DocumentId, id: DocumentId) -> Result<PlannedSession, Problem> {
    let mut sessions = app.clinic.sessions(patient)?.into_iter();
    sessions
        .find(|one| one.view.id == id)
        .ok_or(Problem::NoPage)
}

/// The forms of the page as this person left them, and otherwise as the session stands.
fn forms(
    app: &App,
    who: &SignedIn,
    patient: DocumentId,
    planned: &PlannedSession,
) -> Result<Forms, Problem> {
    let address = session_page::address(patient, planned.view.id);
    let mut forms = Forms::of(&planned.view.content);
    if let Some(typed) = drafts::typed(app, who, &address)? {
        forms.details = typed;
    }
    if let Some(typed) = drafts::typed(app, who, &format!("{address}/call-off"))? {
        forms.call_off = typed;
    }
    if let Some(typed) = drafts::typed(app, who, &format!("{address}/correct"))? {
        forms.corrected = typed;
    }
    Ok(forms)
}

/// Draws the session's page again, with what was typed into one of its forms.
fn shown_again(
    path: (String, String),
    put: fn(&mut Forms, Form),
) -> impl FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem> + Send + 'static {
    move |app, who, form| {
        let (patient, id) = ids(&path)?;
        let planned = present(app, patient, id)?;
        let mut forms = forms(app, who, patient, &planned)?;
        put(&mut forms, form.clone());
        let patient = app.clinic.patient(patient)?;
        let frame = app.frame(Some(who), None);
        Ok(session_page::page(&frame, &patient, &planned, &forms))
    }
}

pub(super) async fn move_to(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let again = shown_again(path.clone(), |forms, typed| forms.moved = typed);
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Revision| {
        let (patient, id) = ids(&path)?;
        let at = match clinic_time(form.value("at").trim(), app.clock.now()) {
            Ok(at) => at,
            Err(why) => {
                form.wrong("at", why.to_string());
                return Err(Problem::Fields);
            }
        };
        let moved = app.clinic.move_session(patient, id, &seen, at, &who.name);
        moved.map_err(|error| beside_a_field(error, who, form))?;
        Ok(Done::on_their_page(patient, Action::MovedSession, "moved"))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn correct(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let again = shown_again(path.clone(), |forms, typed| forms.corrected = typed);
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Revision| {
        let (patient, id) = ids(&path)?;
        let at = match clinic_time(form.value("corrected_at").trim(), app.clock.now()) {
            Ok(at) => at,
            Err(why) => {
                form.wrong("corrected_at", why.to_string());
                return Err(Problem::Fields);
            }
        };
        let reason = form.value("corrected_why");
        let corrected = app
            .clinic
            .correct_session(patient, id, &seen, at, reason, &who.name);
        corrected.map_err(|error| beside_a_field(error, who, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::CorrectedSession,
            "time-corrected",
        ))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn tell(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let again = shown_again(path.clone(), |forms, typed| forms.details = typed);
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let (patient, id) = ids(&path)?;
        let now = present(app, patient, id)?.view;
        settle(form, &with_details(Form::default(), &now.content), &DETAILS);
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        let told = app
            .clinic
            .tell_session(patient, id, &now.revision, details(form), &who.name);
        told.map_err(|error| beside_a_field(error, who, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::ChangedSession,
            "session-told",
        ))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn call_off(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let again = shown_again(path.clone(), |forms, typed| forms.call_off = typed);
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Revision| {
        let (patient, id) = ids(&path)?;
        let reason = form.value("reason");
        let off = app
            .clinic
            .call_off_session(patient, id, &seen, reason, &who.name);
        off.map_err(|error| beside_a_field(error, who, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::CalledOffSession,
            "called-off",
        ))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn put_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, seen: Revision| {
        let (patient, id) = ids(&path)?;
        let back = app.clinic.put_back_session(patient, id, &seen, &who.name);
        back.map_err(|error| match error {
            CoreError::SessionChanged { .. } => Problem::First {
                why: error.to_string(),
                way: Way {
                    to: session_page::address(patient, id),
                    words: "Open the session as it is now",
                },
            },
            CoreError::NamesMissing(_) => Problem::First {
                why: error.to_string(),
                way: Way {
                    to: session_page::address(patient, id),
                    words: "Open the session’s details",
                },
            },
            other => other.into(),
        })?;
        Ok(Done::on_their_page(
            patient,
            Action::PutBackSession,
            "put-back",
        ))
    })
    .await
}

fn ids((patient, id): &(String, String)) -> Result<(DocumentId, DocumentId), Problem> {
    Ok((document(patient)?, document(id)?))
}
