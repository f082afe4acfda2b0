//! A feed for somebody's own calendar: its page, and the file itself, which a calendar fetches with nothing but the
//! secret in its address. So it says that there is an appointment, from when to when, and nothing else.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use companion_core::clinic::Clinic;
use companion_core::domain::calendar::{Appointment, Telling, calendar};
use companion_core::domain::{DosingSession, Moment, RecordSection, Visit, nickname};

use super::answer::drawn;
use super::app::App;
use super::cookie::Channel;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, press};
use super::signed_in::SignedIn;
use crate::accounts::{Area, FeedOf, FeedOwner};
use crate::pages::export::every;
use crate::view::calendar::{self as view, PAGE};

/// What is over for longer is not in the file.
const KEPT_MS: i64 = 60 * 24 * 60 * 60 * 1000;
const ENDING: &str = ".ics";

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    app.run(who, move |app, who| {
        may_see_dates(who)?;
        let feed = app.accounts.feed(who.clinician)?;
        let frame = app.frame(Some(who), None);
        Ok(drawn(&view::page(&frame, feed, None)))
    })
    .await
}

/// Shows the address on the page that answers: nothing else ever shows it again.
pub(super) async fn make(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    uri: Uri,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    let named = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let named = named.or(uri.authority().map(|authority| authority.as_str()));
    let host = named.unwrap_or_default().to_owned();
    app.run(who, move |app, who| {
        may_see_dates(who)?;
        let (form, _) = sent.form()?;
        let of = FeedOf::named(form.value("of")).ok_or(Problem::Form)?;
        let secret = app.accounts.make_feed(who.clinician, &who.name, of)?;
        let scheme = match app.channel {
            Channel::Tls => "https",
            Channel::LoopbackHttp => "http",
        };
        let address = format!("{scheme}://{host}/calendar-feed/{secret}{ENDING}");
        let feed = app.accounts.feed(who.clinician)?;
        let frame = app.frame(Some(who), None);
        Ok(drawn(&view::page(&frame, feed, Some(&address))))
    })
    .await
}

pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, _: WhateverStands| {
        app.accounts.revoke_feed(who.clinician, &who.name)?;
        Ok(Done {
            action: None,
            patient: None,
            to: PAGE.to_owned(),
        })
    })
    .await
}

fn may_see_dates(who: &SignedIn) -> Result<(), Problem> {
    let section = RecordSection::Programme;
    match who.sight.rights.shows(section) {
        true => Ok(()),
        false => Err(Problem::NotShown {
            area: Area::Section(section),
            role: who.sight.role,
            patient: None,
        }),
    }
}

/// The file. Whoever has no right to it learns no more than that there is none at that address.
pub(super) async fn feed(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let read = tokio::task::spawn_blocking(move || {
        let secret = file.strip_suffix(ENDING).unwrap_or(&file);
        let Some(owner) = app.accounts.feed_owner(secret)? else {
            return Ok(None);
        };
        let rights = app.accounts.rights_of(owner.role)?;
        if !rights.shows(RecordSection::Programme) {
            return Ok(None);
        }
        let now = app.clinic.now();
        let all = appointments(&app.clinic, &owner, now)?;
        Ok::<_, Problem>(Some(calendar(&all, Telling::Neutral, now)))
    });
    match read.await {
        Ok(Ok(Some(file))) => (
            [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")],
            file,
        )
            .into_response(),
        Ok(Ok(None)) => {
            let gone = "There is no calendar at this address. It may have been taken back.\n";
            (StatusCode::NOT_FOUND, gone).into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a calendar feed could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn appointments(
    clinic: &Clinic,
    owner: &FeedOwner,
    now: Moment,
) -> Result<Vec<Appointment>, Problem> {
    let mine = nickname::key(&owner.name);
    let is_theirs = |names: &[&String]| {
        owner.of == FeedOf::All || names.iter().any(|name| nickname::key(name) == mine)
    };
    let is_near = |ends_ms: i64| ends_ms > now.unix_ms.saturating_sub(KEPT_MS);
    let mut all = Vec::new();
    for row in clinic.caseload()? {
        for view in every::<DosingSession>(clinic, row.patient)? {
            let said = &view.content;
            let names = [&said.therapist, &said.medical_provider];
            if is_theirs(&names) && is_near(said.block().ends.unix_ms) {
                all.push(Appointment::of_session(view.id, said));
            }
        }
        for view in every::<Visit>(clinic, row.patient)? {
            let said = &view.content;
            if is_theirs(&[&said.with]) && is_near(said.ends_ms()) {
                all.push(Appointment::of_visit(view.id, said));
            }
        }
    }
    Ok(all)
}
