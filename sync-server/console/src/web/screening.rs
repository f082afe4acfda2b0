//! The checklist of contraindications: findings written down, and items added and taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::screening::Finding;
use companion_core::domain::{DocumentId, ItemId, Screening};
use companion_core::records::Seen;
use companion_core::{CoreError, Missing};
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{
    Done, EachField, Sent, WhateverStands, beside, document, else_look, fill_in, press,
};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::screening::{self, Forms};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = document(&id)?;
        let place = screening::address(patient);
        let kept = |form| drafts::typed(app, who, &format!("{place}/{form}"));
        let forms = Forms {
            finding: kept("findings")?.unwrap_or_default(),
            item: kept("items")?.unwrap_or_default(),
        };
        let done = query.get("done").map(String::as_str);
        Ok(drawn(&page(app, who, patient, &forms, done)?))
    })
    .await
}

fn page(
    app: &App,
    who: &SignedIn,
    patient: DocumentId,
    forms: &Forms,
    done: Option<&str>,
) -> Result<Markup, Problem> {
    let view = app.clinic.patient(patient)?;
    let list = app.clinic.screening(patient)?.map(|list| list.content);
    let list = list.unwrap_or_else(|| Screening::new(app.clinic.now()));
    let frame = app.frame(Some(who), notice(done));
    Ok(screening::page(&frame, &view, &list, forms))
}

pub(super) async fn find(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let patient = document(&id)?;
        let (item, finding) = read(form).ok_or(Problem::Fields)?;
        let seen = form.value(&screening::seen_of(item));
        let seen = seen.parse().map_err(|_| Problem::Form)?;
        let note = form.value("note").to_owned();
        let noted = app
            .clinic
            .note_finding(patient, item, seen, finding, &note, &who.name);
        noted.map_err(|error| beside_the_item(error, form))?;
        Ok(done(patient, Action::NotedFinding, "finding"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let forms = Forms {
            finding: form.clone(),
            ..Forms::default()
        };
        page(app, who, document(&shown)?, &forms, None)
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let label = form.value("label").to_owned();
        let added = app.clinic.add_screening_item(patient, &label);
        added.map_err(|error| beside("label", error, form))?;
        Ok(done(patient, Action::ChangedScreening, "screening-item"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let forms = Forms {
            item: form.clone(),
            ..Forms::default()
        };
        page(app, who, document(&shown)?, &forms, None)
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, item)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let patient = document(&id)?;
        let item = item.parse().map_err(|_| Problem::NoPage)?;
        let removed = app.clinic.remove_screening_item(patient, item, seen);
        removed.map_err(else_look(screening::address(patient)))?;
        Ok(done(
            patient,
            Action::ChangedScreening,
            "screening-item-gone",
        ))
    })
    .await
}

fn done(patient: DocumentId, action: Action, word: &str) -> Done {
    let to = format!("{}?done={word}", screening::address(patient));
    Done::about(patient, action, to)
}

/// What was chosen; or `None`, and the form says what is missing.
fn read(form: &mut Form) -> Option<(ItemId, Finding)> {
    let item = form.value("item").parse::<ItemId>().ok();
    if item.is_none() {
        form.wrong("item", "Choose one of the items.");
    }
    let all = [Finding::Absent, Finding::Present, Finding::NeedsReview];
    let mut all = all.into_iter();
    let finding = all.find(|finding| finding.as_str() == form.value("finding"));
    if finding.is_none() {
        form.wrong("finding", "Choose one of the answers.");
    }
    item.zip(finding)
}

const MEANWHILE: &str = "Somebody found something of this item meanwhile. It stands with the item now, and yours is not \
    written down yet: send it again if it holds.";

fn beside_the_item(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::NotFound(Missing::ScreeningItem) => {
            form.wrong("item", "Somebody took this item back meanwhile.");
            Problem::Fields
        }
        CoreError::ChangedMeanwhile => {
            form.wrong("item", MEANWHILE);
            Problem::Fields
        }
        other => beside("note", other, form),
    }
}
