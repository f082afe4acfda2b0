//! What is set for all patients, or for one alone: whose a page is about, what is set there, how it is changed, and
//! how those for all count again, whatever the kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::clinic::Settable;
use companion_core::domain::{DocumentId, HoldsFor, PromptRules, ReminderRules, UseQuestions};
use companion_core::records::Seen;
use serde::Serialize;

use super::app::App;
use super::problem::Problem;
use super::sent::{Done, Sent, document, else_look, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::whose::{self, BACK, HOLDS_FOR, SetHere, Whose};

/// What a path names: the patient, if any, and what else stands in it.
pub(super) type Names = Path<BTreeMap<String, String>>;

/// A kind with such a page.
pub(super) trait HasPage: Settable {
    /// Which page.
    const OF: SetHere;
    /// What is audited when it is changed.
    const CHANGED: Action;
}

impl HasPage for ReminderRules {
    const OF: SetHere = SetHere::Reminders;
    const CHANGED: Action = Action::ChangedReminders;
}

impl HasPage for PromptRules {
    const OF: SetHere = SetHere::Prompts;
    const CHANGED: Action = Action::ChangedPrompts;
}

impl HasPage for UseQuestions {
    const OF: SetHere = SetHere::Questions;
    const CHANGED: Action = Action::ChangedQuestions;
}

/// Whom a path is about; `None`: all patients.
pub(super) fn patient_in(names: &BTreeMap<String, String>) -> Result<Option<DocumentId>, Problem> {
    names.get("patient").map(|id| document(id)).transpose()
}

/// What is set for them.
pub(super) fn whose<T: HasPage>(
    app: &App,
    patient: Option<DocumentId>,
) -> Result<Whose<T>, Problem> {
    let Some(id) = patient else {
        return Ok(Whose {
            patient: None,
            set: app.clinic.held_for_all()?,
            apart: app.clinic.patients_apart::<T>()?,
            unreadable: app.clinic.unreadable_settings()?,
        });
    };
    let view = app.clinic.patient(id)?;
    Ok(Whose {
        patient: Some((id, view.record.name)),
        set: app.clinic.held_for(id)?.map(|view| view.content),
        apart: Vec::new(),
        unreadable: view.unreadable,
    })
}

/// Whom what a form's page showed holds for, as the form says it.
pub(super) fn shown(form: &Form) -> HoldsFor {
    HoldsFor::from(form.value(HOLDS_FOR).to_owned())
}

pub(super) fn change<T: HasPage>(
    app: &App,
    (patient, shown): (Option<DocumentId>, HoldsFor),
    by: &str,
    how: impl FnOnce(&mut T),
) -> Result<(), CoreError> {
    match patient {
        None => app.clinic.change_for_all(by, how),
        Some(patient) => app.clinic.change_for(patient, &shown, by, how),
    }
}

pub(super) fn done<T: HasPage>(patient: Option<DocumentId>) -> Done {
    Done {
        action: Some(T::CHANGED),
        patient,
        to: format!("{}?done={}", T::OF.address(patient), T::OF.word()),
    }
}

/// Lets what holds for all count for one patient again.
pub(super) async fn use_those_for_all<T: HasPage>(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Seen| {
        let patient = patient_in(&names)?.ok_or(Problem::NoPage)?;
        let again = app.clinic.hold_for_all_again::<T>(patient, seen, &who.name);
        again.map_err(else_look(T::OF.address(Some(patient))))?;
        Ok(Done {
            patient: Some(patient),
            ..done::<T>(whose::page_after(form.value(BACK), patient))
        })
    })
    .await
}

/// Takes a change back that is still what somebody had before them; `change` is what stands of it in the settings.
pub(super) fn take_back<T: HasPage, C: Serialize>(
    app: &App,
    (patient, shown): (Option<DocumentId>, HoldsFor),
    (seen, by): (Seen, &str),
    change_of: impl FnOnce(&T) -> Option<C>,
    take: impl FnOnce(&mut T),
) -> Result<Done, Problem> {
    let mut as_seen = Ok(());
    let changed = change::<T>(app, (patient, shown), by, |set| {
        as_seen = change_of(set).map_or(Ok(()), |it| seen.must_be(&it));
        if as_seen.is_ok() {
            take(set);
        }
    });
    changed.map_err(else_look(T::OF.address(patient)))?;
    as_seen.map_err(else_look(T::OF.address(patient)))?;
    Ok(done::<T>(patient))
}

/// A number that may be left out; what is none is said beside its field.
pub(super) fn number<T: std::str::FromStr>(form: &mut Form, field: &'static str) -> Option<T> {
    let typed = form.value(field).trim().to_owned();
    let read = typed.parse().ok();
    if read.is_none() && !typed.is_empty() {
        form.wrong(field, "This is not a number that fits here.");
    }
    read
}
