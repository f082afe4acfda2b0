//! What patients released to providers outside: asked for, looked at before it leaves, and handed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use companion_core::CoreError;
use companion_core::clinic::HandOver;
use companion_core::domain::day::Day;
use companion_core::domain::release::{AtProgrammeEnd, ReleaseError, ReleaseTerms};
use companion_core::domain::{DocumentId, Moment, RecordSection, Revision, limits};
use companion_core::records::Seen;
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::looks;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{
    Before as _, Done, Sent, WhateverStands, document, else_look, fill_in, press, sending,
};
use super::signed_in::SignedIn;
use crate::accounts::Area;
use crate::accounts::audit::Action;
use crate::view::form::{CHECKED, Form};
use crate::view::releases::{self, RULES, Releases, box_of};
use crate::view::sentence::sentence;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = document(&id)?;
        let typed = drafts::typed(app, who, &releases::address(patient))?;
        let done = query.get("done").map(String::as_str);
        let page = page(app, who, patient, &typed.unwrap_or_default(), done)?;
        if !who.by_page {
            let about = patient.to_string();
            app.accounts
                .record(&who.name, Action::SawReleases, Some(&about))?;
        }
        Ok(drawn(&page))
    })
    .await
}

fn page(
    app: &App,
    who: &SignedIn,
    patient: DocumentId,
    form: &Form,
    done: Option<&str>,
) -> Result<Markup, Problem> {
    let rules = app.clinic.release_rules()?;
    let all = Releases {
        patient: app.clinic.patient(patient)?,
        releases: app.clinic.releases(patient)?,
        requests: app.clinic.release_requests(patient)?,
        told: app.clinic.told_outside(patient)?,
        longest_days: rules.map_or(limits::RELEASE_DAYS, |rules| rules.longest_days),
    };
    Ok(releases::page(
        &app.frame(Some(who), notice(done)),
        &all,
        form,
    ))
}

pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let terms = terms(form, app.clinic.now()).ok_or(Problem::Fields)?;
        let asked = app.clinic.ask_for_release(patient, terms, &who.name);
        asked.map_err(|error| beside_its_field(error, form))?;
        let to = format!("{}?done=release-asked", releases::address(patient));
        Ok(Done::about(patient, Action::AskedForRelease, to))
    };
    let again =
        move |app: &App, who: &SignedIn, form: &Form| page(app, who, document(&shown)?, form, None);
    fill_in(app, who, sent, work, again).await
}

/// What was typed; or `None`, and the form says what is missing.
fn terms(form: &mut Form, now: Moment) -> Option<ReleaseTerms> {
    let until = form.value("until").parse::<Day>().ok();
    let until = until.and_then(|day| end_of(day, now));
    if until.is_none() {
        form.wrong(
            "until",
            "Choose the last day on which something may be told.",
        );
    }
    let end = AtProgrammeEnd::named(form.value("at_programme_end"));
    if end.is_none() {
        form.wrong("at_programme_end", "Choose one of the two.");
    }
    let chosen = RecordSection::ALL.into_iter();
    let chosen = chosen.filter(|section| form.value(&box_of(*section)) == CHECKED);
    Some(ReleaseTerms {
        sections: chosen.collect(),
        provider: form.value("provider").to_owned(),
        what: form.value("what").to_owned(),
        contact: form.value("contact").to_owned(),
        purpose: form.value("purpose").to_owned(),
        until: until?,
        at_programme_end: end?,
    })
}

/// The end of a day by the clinic's clock: that day still counts.
fn end_of(day: Day, now: Moment) -> Option<Moment> {
    let midnight = day.to_chrono().succ_opt()?.and_hms_opt(0, 0, 0)?;
    Some(Moment {
        unix_ms: midnight.and_utc().timestamp_millis() - i64::from(now.offset_minutes) * 60_000,
        ..now
    })
}

fn beside_its_field(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::Invalid(why) if why.name.field == "sections" => {
            form.wrong("sections", "Choose at least one section.");
            Problem::Fields
        }
        CoreError::Release(why @ (ReleaseError::TooLong { .. } | ReleaseError::OverAlready)) => {
            form.wrong("until", sentence(&why.to_string()));
            Problem::Fields
        }
        other => other.into(),
    }
}

pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, request)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Revision| {
        let (patient, request) = (document(&id)?, document(&request)?);
        let place = releases::address(patient);
        let taken = app
            .clinic
            .take_back_release_request(patient, request, &seen);
        taken.map_err(else_look(place.clone()))?;
        let to = format!("{place}?done=request-gone");
        Ok(Done::about(patient, Action::TookBackReleaseRequest, to))
    })
    .await
}

pub(super) async fn preview(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, release)): Path<(String, String)>,
) -> Response {
    let (looking, looker) = (Arc::clone(&app), who.clone());
    let patient = document(&id).ok();
    let shown = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sections = Arc::clone(&shown);
    let answer = app
        .run(who, move |app, who| {
            let (patient, release) = (document(&id)?, document(&release)?);
            let leaving = app.clinic.preview_hand_over(patient, release)?;
            may_read(who, patient, &leaving)?;
            let view = app.clinic.patient(patient)?;
            let about = patient.to_string();
            app.accounts
                .record(&who.name, Action::SawHandOver, Some(&about))?;
            let shows: Vec<RecordSection> = leaving.release.sections.iter().collect();
            *sections
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = shows;
            Ok(drawn(&releases::preview(
                &app.frame(Some(who), None),
                &view,
                &leaving,
            )))
        })
        .await;
    let shown = std::mem::take(
        &mut *shown
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    );
    // However it was asked for, it was shown.
    if let Some(patient) = patient.filter(|_| !shown.is_empty()) {
        looks::note(&looking, &looker, patient, shown).await;
    }
    answer
}

/// Nobody hands over what their own role does not show: an emergency lets them read, and nothing else.
fn may_read(who: &SignedIn, patient: DocumentId, leaving: &HandOver) -> Result<(), Problem> {
    let mut hidden = leaving.release.sections.iter();
    let is_hidden = |section: &RecordSection| {
        !who.sight.rights.shows(*section) || who.sight.in_emergency.contains(section)
    };
    match hidden.find(is_hidden) {
        None => Ok(()),
        Some(section) => Err(Problem::NotShown {
            area: Area::Section(section),
            role: who.sight.role,
            patient: Some(patient),
        }),
    }
}

pub(super) async fn hand_over(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, release)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, release) = (document(&id)?, document(&release)?);
        let address = sent.address.clone();
        let (form, key) = sent.form()?;
        let seen = Seen::read(&form)?;
        let place = format!("{}/{release}", releases::address(patient));
        let leaving = app.clinic.preview_hand_over(patient, release)?;
        may_read(who, patient, &leaving)?;
        let sending = sending(who, &address, &key, &form);
        let handed = app.once.alone(sending, || -> Result<HandOver, Problem> {
            // Pressed again on the same page it is the same telling, and has its line: the file is given once more,
            // as long as nothing about it has changed.
            let is_again = match sending {
                Some(sending) => app.accounts.led_to(sending)?.is_some(),
                None => false,
            };
            let handed = match (is_again, leaving.seen == seen) {
                (true, true) => Ok(leaving),
                (true, false) => Err(CoreError::ChangedMeanwhile),
                (false, _) => app.clinic.hand_over(patient, release, seen, &who.name),
            };
            let handed = handed.map_err(else_look(place.clone()))?;
            if let Some(sending) = sending {
                app.accounts.remember_sent(sending, &place)?;
            }
            Ok(handed)
        })?;
        let about = patient.to_string();
        app.accounts
            .record(&who.name, Action::HandedOver, Some(&about))?;
        app.live.touched(Some(patient), Some(who.origin()));
        let how = format!("attachment; filename=\"{}\"", handed.file_name);
        let headers = [
            (
                header::CONTENT_TYPE,
                "text/markdown; charset=utf-8".to_owned(),
            ),
            (header::CONTENT_DISPOSITION, how),
        ];
        Ok((headers, handed.text).into_response())
    })
    .await
}

pub(super) async fn rules(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let present = app.clinic.release_rules()?;
        let typed = drafts::typed(app, who, RULES)?;
        let form = typed.unwrap_or_else(|| releases::present(present.as_ref()));
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&releases::rules(&frame, &form)))
    })
    .await
}

pub(super) async fn set_rules(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Seen| {
        let Ok(days) = form.value("longest_days").trim().parse() else {
            form.wrong("longest_days", "Write a whole number of days.");
            return Err(Problem::Fields);
        };
        let part_2 = form.value("part_2") == CHECKED;
        let set = app.clinic.set_release_rules(seen, days, part_2, &who.name);
        set.map_err(else_look(RULES))?;
        Ok(Done {
            action: Some(Action::SetReleaseRules),
            patient: None,
            to: format!("{RULES}?done=release-rules"),
        })
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        Ok(releases::rules(&app.frame(Some(who), None), form))
    };
    fill_in(app, who, sent, work, again).await
}
