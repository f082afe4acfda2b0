//! The page of something that a patient shared, replies to it, and the care team's marks.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::Clinic;
use companion_core::domain::{DocumentId, Revision};
use companion_core::{CoreError, NotNow};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Before, Done, Sent, WhateverStands, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::view::form::Form;
use crate::view::shared;
use crate::view::shelf::{OnShelf, Shelf};

pub(super) async fn show<T: OnShelf>(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, id)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, id) = (document(&patient)?, document(&id)?);
        let view = app.clinic.patient(patient)?;
        let page = if who.by_page {
            pages::shared::look::<T>(&app.clinic, view, id)?
        } else {
            let about = patient.to_string();
            app.accounts
                .record(&who.name, opened(T::SHELF), Some(&about))?;
            let page = pages::shared::open::<T>(&app.clinic, view, id, &who.name)?;
            app.live.touched(Some(patient), Some(who.origin()));
            page
        };
        let typed = drafts::typed(app, who, &format!("{}/reply", page.address()))?;
        let reply = typed.unwrap_or_default().field("body");
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&shared::page(&frame, &page, &reply)))
    })
    .await
}

const fn opened(shelf: Shelf) -> Action {
    match shelf {
        Shelf::Entries => Action::OpenedEntry,
        Shelf::CheckIns => Action::OpenedCheckIn,
        Shelf::Measures => Action::OpenedMeasure,
        Shelf::UseChecks => Action::OpenedUseCheck,
        Shelf::Commitments => Action::OpenedCommitment,
        Shelf::NextSession => Action::OpenedNextSessionLine,
        Shelf::News => Action::OpenedNews,
        Shelf::ContactRequests => Action::OpenedContactRequest,
        Shelf::SafetyPlans => Action::OpenedSafetyPlan,
        Shelf::Medicines => Action::OpenedMedicines,
        Shelf::Assessment => Action::OpenedAssessment,
        Shelf::Goals => Action::OpenedGoal,
        Shelf::Preparations => Action::OpenedPreparation,
        Shelf::Intentions => Action::OpenedIntention,
    }
}

pub(super) async fn reply<T: OnShelf>(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = path.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let (patient, id) = ids(&path)?;
        match answer::<T>(app, who, patient, id, form) {
            Ok(()) => {}
            // What somebody took minutes to write stays on the screen.
            Err(CoreError::NotNow(NotNow::Withdrawn { .. } | NotNow::Deleted)) => {
                let taken_back = format!(
                    "The patient took this {} back while you wrote. Nothing was sent; copy your words if you need them.",
                    T::SHELF.one()
                );
                form.wrong("body", taken_back);
                return Err(Problem::Fields);
            }
            Err(error) => return Err(error.into()),
        }
        let to = format!("{}?done=replied", T::SHELF.address(patient, id));
        Ok(Done::about(patient, Action::Replied, to))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, id) = ids(&shown)?;
        let page = pages::shared::look::<T>(&app.clinic, app.clinic.patient(patient)?, id)?;
        Ok(shared::page(
            &app.frame(Some(who), None),
            &page,
            &form.field("body"),
        ))
    };
    fill_in(app, who, sent, work, again).await
}

fn answer<T: OnShelf>(
    app: &App,
    who: &SignedIn,
    patient: DocumentId,
    id: DocumentId,
    form: &mut Form,
) -> Result<(), CoreError> {
    app.clinic.get::<T>(patient, id)?;
    let body = form.value("body").to_owned();
    if !form.has("body") {
        // So that the core's word about it stands beside the field.
        *form = std::mem::take(form).with("body", "");
    }
    app.clinic.reply(patient, id, &body, &who.name).map(drop)
}

/// A mark of the care team's: how it is made and taken back, and what is said of it.
struct Mark {
    /// The field that says whether to make it.
    field: &'static str,
    make: fn(&Clinic, DocumentId, DocumentId, &Revision, &str) -> Result<(), CoreError>,
    take_back: fn(&Clinic, DocumentId, DocumentId) -> Result<(), CoreError>,
    made: (Action, &'static str),
    /// Made for what was read, while the words changed.
    changed: &'static str,
    taken_back: (Action, &'static str),
}

const REVIEW: Mark = Mark {
    field: "reviewed",
    make: Clinic::mark_reviewed,
    take_back: Clinic::unmark_reviewed,
    made: (Action::MarkedReviewed, "reviewed"),
    changed: "changed",
    taken_back: (Action::UnmarkedReviewed, "unreviewed"),
};

const TALK: Mark = Mark {
    field: "talked",
    make: Clinic::mark_talked_about,
    take_back: Clinic::unmark_talked_about,
    made: (Action::MarkedTalkedAbout, "talked"),
    changed: "talked-changed",
    taken_back: (Action::UnmarkedTalkedAbout, "untalked"),
};

pub(super) async fn review<T: OnShelf>(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, _: WhateverStands| {
        mark::<T>(app, who, &path, form, &REVIEW)
    })
    .await
}

pub(super) async fn talk<T: OnShelf>(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, _: WhateverStands| {
        mark::<T>(app, who, &path, form, &TALK)
    })
    .await
}

fn mark<T: OnShelf>(
    app: &App,
    who: &SignedIn,
    path: &(String, String),
    form: &Form,
    mark: &Mark,
) -> Result<Done, Problem> {
    let (patient, id) = ids(path)?;
    let (action, done) = match form.value(mark.field) {
        "yes" => {
            let seen = Revision::read(form)?;
            // Only of what belongs here: the core marks whatever is there.
            let present = app.clinic.get::<T>(patient, id)?.revision;
            (mark.make)(&app.clinic, patient, id, &seen, &who.name)?;
            let (action, done) = mark.made;
            (action, if seen == present { done } else { mark.changed })
        }
        "no" => {
            (mark.take_back)(&app.clinic, patient, id)?;
            mark.taken_back
        }
        _ => return Err(Problem::Form),
    };
    let to = format!("{}?done={done}", T::SHELF.address(patient, id));
    Ok(Done::about(patient, action, to))
}

pub(super) fn ids((patient, id): &(String, String)) -> Result<(DocumentId, DocumentId), Problem> {
    Ok((document(patient)?, document(id)?))
}
