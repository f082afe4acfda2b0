//! Choosing between the wordings of what was written in two places apart, whatever kind it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::{Clinic, PatientView};
use companion_core::domain::{Content as _, DocumentId, MedicineRecord, Revision};
use companion_core::records::InTwoWordings;
use companion_core::{CoreError, NotNow};

use super::answer::drawn;
use super::app::App;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, document, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::medicine;
use crate::view::message::Way;
use crate::view::shelf::Shelf;
use crate::view::wordings::{self, Doubled};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(patient): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&patient)?)?;
        shown(app, who, Some(&patient), &query)
    })
    .await
}

pub(super) async fn show_own(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| shown(app, who, None, &query))
        .await
}

/// The page of all that stands in two wordings in a patient's record, or in what the clinic keeps for itself.
fn shown(
    app: &App,
    who: &SignedIn,
    patient: Option<&PatientView>,
    query: &BTreeMap<String, String>,
) -> Result<Response, Problem> {
    let id = patient.map(|patient| patient.id);
    let mut all = doubled(&app.clinic, id)?;
    if id.is_some() {
        all.retain(|one| who.sight.rights.shows_kind(&one.which.kind));
    }
    if !who.by_page {
        let about = id.map(|id| id.to_string());
        app.accounts
            .record(&who.name, Action::SawWordings, about.as_deref())?;
    }
    let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
    Ok(drawn(&wordings::page(&frame, patient, &all)))
}

pub(super) async fn choose(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Revision| {
        let patient = document(&patient)?;
        chosen(app, who, (Some(patient), document(&id)?), form, &seen)
    })
    .await
}

pub(super) async fn choose_own(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Revision| {
        chosen(app, who, (None, document(&id)?), form, &seen)
    })
    .await
}

fn all_of(clinic: &Clinic, patient: Option<DocumentId>) -> Result<Vec<InTwoWordings>, CoreError> {
    match patient {
        Some(patient) => clinic.in_two_wordings(patient),
        None => clinic.own_in_two_wordings(),
    }
}

fn doubled(clinic: &Clinic, patient: Option<DocumentId>) -> Result<Vec<Doubled>, CoreError> {
    let all = all_of(clinic, patient)?.into_iter();
    let all = all.map(|which| {
        let page = own_page(clinic, patient, &which)?;
        Ok(Doubled { which, page })
    });
    all.collect()
}

/// The page that shows something and lets one choose there.
fn own_page(
    clinic: &Clinic,
    patient: Option<DocumentId>,
    which: &InTwoWordings,
) -> Result<Option<String>, CoreError> {
    let Some(patient) = patient else {
        return Ok(None);
    };
    if which.kind == MedicineRecord::KIND {
        let session = clinic
            .get::<MedicineRecord>(patient, which.id)?
            .content
            .about;
        // Of two records that were begun apart that page shows the newest.
        let shown = clinic.medicine(patient, session);
        let is_shown = shown.is_ok_and(|it| it.is_some_and(|it| it.record.id == which.id));
        return Ok(is_shown.then(|| medicine::address(patient, session)));
    }
    let shelf = Shelf::of(&which.kind);
    Ok(shelf.map(|shelf| shelf.address(patient, which.id)))
}

fn chosen(
    app: &App,
    who: &SignedIn,
    (patient, id): (Option<DocumentId>, DocumentId),
    form: &Form,
    seen: &Revision,
) -> Result<Done, Problem> {
    let (field, number) = (form.value("field"), form.value("wording"));
    let number: usize = number.parse().map_err(|_| Problem::Form)?;
    let all = all_of(&app.clinic, patient)?;
    let shown = all.iter().find(|which| which.id == id);
    // Numbers count in the version that the page showed, and in no other.
    let shown = shown.filter(|which| which.revision == *seen);
    let Some(which) = shown else {
        return Err(changed(patient));
    };
    if patient.is_some() && !who.sight.rights.may_change_kind(&which.kind) {
        return Err(Problem::NoPage);
    }
    let back = own_page(&app.clinic, patient, which)?;
    let page = back.unwrap_or_else(|| wordings::address(patient));
    if !which.is_ours_to_choose {
        return Err(Problem::First {
            why: "this is the patient’s word: only the patient can choose, on their phone"
                .to_owned(),
            way: Way {
                to: page,
                words: "Read all wordings",
            },
        });
    }
    let wordings = which.wordings(field).ok_or(Problem::Form)?;
    let at = number.checked_sub(1).ok_or(Problem::Form)?;
    let wording = wordings.get(at).ok_or(Problem::Form)?;
    let chosen = app
        .clinic
        .choose_wording(patient, which, field, wording, &who.name);
    chosen.map_err(|error| match error {
        CoreError::NotNow(NotNow::NothingToChoose) => changed(patient),
        other => other.into(),
    })?;
    Ok(Done {
        action: match which.kind == MedicineRecord::KIND {
            true => Some(Action::ChoseMedicine),
            false => Some(Action::ChoseWording),
        },
        patient,
        to: format!("{page}?done=wording"),
    })
}

fn changed(patient: Option<DocumentId>) -> Problem {
    Problem::First {
        why: "this was changed, or somebody chose, while you read it; nothing was done".to_owned(),
        way: Way {
            to: wordings::address(patient),
            words: "See what stands in two wordings now",
        },
    }
}
