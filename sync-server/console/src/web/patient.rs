//! A patient's page, and what is set from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::NaiveDateTime;
use companion_core::ports::Moment;

use super::app::{self, App, drawn};
use super::guard::SignedIn;
use super::problem::Problem;
use crate::accounts::audit::Action;
use crate::record::{NewSession, RecordError};
use crate::view::form::Field;
use crate::view::model::Phase;
use crate::view::patient::{self, Filter, SessionForm};
use crate::view::sentence::sentence;

type Typed = Result<Form<BTreeMap<String, String>>, FormRejection>;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let page = app.record.patient(&id)?;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&id))?;
        }
        let filter = Filter::from_value(query.get("show").map_or("", String::as_str));
        let notice = app::notice(query.get("done").map(String::as_str));
        let next = page
            .sessions
            .iter()
            .map(|session| session.number)
            .max()
            .unwrap_or(0);
        let form = SessionForm {
            number: Field::of(next.saturating_add(1).to_string()),
            ..SessionForm::default()
        };
        Ok(drawn(&patient::page(
            &app.frame(Some(who), notice),
            &page,
            filter,
            &form,
        )))
    })
    .await
}

pub(super) async fn set_phase(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(typed) = form.map_err(|_| Problem::Form)?;
        let phase = typed
            .get("phase")
            .and_then(|value| Phase::from_value(value))
            .ok_or(Problem::Form)?;
        app.record.set_phase(&id, phase)?;
        app.accounts
            .record(&who.name, Action::SetPhase, Some(&id))?;
        app.live.touched(&id, Some(who.origin()));
        Ok(Redirect::to(&format!("/patients/{id}?done=phase")).into_response())
    })
    .await
}

pub(super) async fn add_session(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(typed) = form.map_err(|_| Problem::Form)?;
        let now = app.clock.now();
        let again = match read_session(&typed, now) {
            Ok(session) => match app.record.add_session(&id, session) {
                Ok(()) => {
                    app.accounts
                        .record(&who.name, Action::AddedSession, Some(&id))?;
                    app.live.touched(&id, Some(who.origin()));
                    return Ok(
                        Redirect::to(&format!("/patients/{id}?done=session")).into_response()
                    );
                }
                Err(RecordError::Invalid(why)) => {
                    let mut form = typed_session(&typed);
                    form.note = form.note.wrong(sentence(&why));
                    form
                }
                Err(error) => return Err(error.into()),
            },
            Err(form) => *form,
        };
        let page = app.record.patient(&id)?;
        let frame = app.frame(Some(who), None);
        let page = patient::page(&frame, &page, Filter::All, &again);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&page)).into_response())
    })
    .await
}

fn typed_session(typed: &BTreeMap<String, String>) -> SessionForm {
    let field = |name: &str| Field::of(typed.get(name).cloned().unwrap_or_default());
    SessionForm {
        number: field("number"),
        at: field("at"),
        note: field("note"),
    }
}

/// The session that was typed, or the form with what is wrong beside each field.
fn read_session(
    typed: &BTreeMap<String, String>,
    now: Moment,
) -> Result<NewSession, Box<SessionForm>> {
    let mut form = typed_session(typed);
    let number = form
        .number
        .value
        .trim()
        .parse::<u32>()
        .ok()
        .filter(|number| (1..=999).contains(number));
    if number.is_none() {
        form.number = form.number.wrong("Write a whole number from 1 to 999.");
    }
    let at = clinic_time(form.at.value.trim(), now);
    if at.is_none() {
        form.at = form
            .at
            .wrong("Write a day and a time, for example 2026-12-01T10:00.");
    }
    if form.note.value.chars().count() > 500 {
        form.note = form.note.wrong("Keep the note under 500 characters.");
    }
    match (number, at, form.is_wrong()) {
        (Some(number), Some(at), false) => Ok(NewSession {
            number,
            at,
            note: form.note.value.trim().to_owned(),
        }),
        _ => Err(Box::new(form)),
    }
}

/// What a `datetime-local` field sends, on the clinic's clock, in the years that anybody plans.
fn clinic_time(text: &str, now: Moment) -> Option<Moment> {
    use chrono::Datelike as _;
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    if !(2000..=2200).contains(&local.year()) {
        return None;
    }
    // The offset of that day, where the console runs on the clinic's own clock: an hour's shift
    // between now and then must not move the appointment.
    let offset_minutes = offset_on(local, now);
    let unix_ms = local.and_utc().timestamp_millis() - i64::from(offset_minutes) * 60_000;
    Some(Moment {
        unix_ms,
        offset_minutes,
    })
}

fn offset_on(local: NaiveDateTime, now: Moment) -> i32 {
    use chrono::{Offset as _, TimeZone as _};
    let today = chrono::Local
        .timestamp_millis_opt(now.unix_ms)
        .single()
        .map(|time| time.offset().fix().local_minus_utc() / 60);
    if today != Some(now.offset_minutes) {
        return now.offset_minutes;
    }
    chrono::Local
        .from_local_datetime(&local)
        .earliest()
        .map_or(now.offset_minutes, |time| {
            time.offset().fix().local_minus_utc() / 60
        })
}

pub(super) async fn remove_device(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, device)): Path<(String, String)>,
) -> Response {
    app.run(who, move |app, who| {
        app.record.remove_device(&id, &device)?;
        app.accounts
            .record(&who.name, Action::RemovedDevice, Some(&id))?;
        app.live.touched(&id, Some(who.origin()));
        Ok(Redirect::to(&format!("/patients/{id}?done=removed")).into_response())
    })
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_appointment_is_read_on_the_clinics_clock() {
        let now = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: 345,
        };
        let at = clinic_time("2026-12-01T10:00", now).unwrap();
        assert_eq!(at.to_string(), "2026-12-01T10:00:00.000+05:45");
        for text in [
            "",
            "soon",
            "2026-13-01T10:00",
            "9999-01-01T10:00",
            "2026-12-01",
        ] {
            assert_eq!(clinic_time(text, now), None, "{text}");
        }
    }
}
