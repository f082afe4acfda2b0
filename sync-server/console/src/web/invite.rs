//! Inviting a patient and comparing the words.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::app::{self, App, drawn};
use super::guard::SignedIn;
use super::problem::Problem;
use crate::accounts::audit::Action;
use crate::record::{NewPatient, RecordError, Words};
use crate::view::form::Field;
use crate::view::invitation::{self, InviteForm};
use crate::view::model::Phase;
use crate::view::sentence::sentence;

type Typed = Result<Form<BTreeMap<String, String>>, FormRejection>;

pub(super) async fn form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    app.run(who, |app, who| {
        let form = InviteForm {
            phase: Field::of(Phase::Preparation.value()),
            ..InviteForm::default()
        };
        Ok(drawn(&invitation::form_page(
            &app.frame(Some(who), None),
            &form,
        )))
    })
    .await
}

pub(super) async fn invite(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(typed) = form.map_err(|_| Problem::Form)?;
        let again = match read(&typed) {
            Ok(patient) => match app.record.invite(patient) {
                Ok(id) => {
                    app.accounts.record(&who.name, Action::Invited, Some(&id))?;
                    app.live.touched(&id, Some(who.origin()));
                    return Ok(Redirect::to(&format!("/patients/{id}/invitation")).into_response());
                }
                Err(RecordError::Invalid(why)) => {
                    let mut form = as_typed(&typed);
                    form.name = form.name.wrong(sentence(&why));
                    form
                }
                Err(error) => return Err(error.into()),
            },
            Err(form) => *form,
        };
        let page = invitation::form_page(&app.frame(Some(who), None), &again);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&page)).into_response())
    })
    .await
}

fn as_typed(typed: &BTreeMap<String, String>) -> InviteForm {
    let field = |name: &str| Field::of(typed.get(name).cloned().unwrap_or_default());
    InviteForm {
        name: field("name"),
        initials: field("initials"),
        pronouns: field("pronouns"),
        phase: field("phase"),
    }
}

/// The patient that was typed, or the form with what is wrong beside each field.
fn read(typed: &BTreeMap<String, String>) -> Result<NewPatient, Box<InviteForm>> {
    let mut form = as_typed(typed);
    let tidy = |field: &Field| field.value.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, initials, pronouns) = (tidy(&form.name), tidy(&form.initials), tidy(&form.pronouns));
    if name.is_empty() {
        form.name = form.name.wrong("Write the name that the care team uses.");
    } else if name.chars().count() > 100 || name.chars().any(char::is_control) {
        form.name = form.name.wrong("Write a name of at most 100 letters.");
    }
    if initials.chars().count() > 8 || initials.chars().any(char::is_control) {
        form.initials = form.initials.wrong("Write at most 8 letters.");
    }
    if pronouns.chars().count() > 40 || pronouns.chars().any(char::is_control) {
        form.pronouns = form.pronouns.wrong("Write at most 40 letters.");
    }
    let phase = Phase::from_value(&form.phase.value);
    if phase.is_none() {
        form.phase = form.phase.wrong("Choose one of the phases.");
    }
    match (phase, form.is_wrong()) {
        (Some(phase), false) => Ok(NewPatient {
            initials: if initials.is_empty() {
                initials_of(&name)
            } else {
                initials
            },
            name,
            pronouns,
            phase,
        }),
        _ => Err(Box::new(form)),
    }
}

/// The first letters of at most four words.
fn initials_of(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(4)
        .flat_map(char::to_uppercase)
        .take(8)
        .collect()
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let page = app.record.invitation(&id)?;
        if !who.by_page {
            app.accounts
                .record(&who.name, Action::SawInvitation, Some(&id))?;
        }
        let notice = app::notice(query.get("done").map(String::as_str));
        Ok(drawn(&invitation::page(
            &app.frame(Some(who), notice),
            &page,
        )))
    })
    .await
}

pub(super) async fn reinvite(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    app.run(who, move |app, who| {
        app.record.reinvite(&id)?;
        app.accounts.record(&who.name, Action::Invited, Some(&id))?;
        app.live.touched(&id, Some(who.origin()));
        Ok(Redirect::to(&format!("/patients/{id}/invitation")).into_response())
    })
    .await
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    form: Typed,
) -> Response {
    app.run(who, move |app, who| {
        let Form(typed) = form.map_err(|_| Problem::Form)?;
        let (words, action, done) = match typed.get("answer").map(String::as_str) {
            Some("match") => (Words::Match, Action::ConfirmedWords, "paired"),
            Some("differ") => (Words::Differ, Action::RefusedWords, "refused"),
            _ => return Err(Problem::Form),
        };
        app.record.answer_words(&id, words)?;
        app.accounts.record(&who.name, action, Some(&id))?;
        app.live.touched(&id, Some(who.origin()));
        Ok(Redirect::to(&format!("/patients/{id}/invitation?done={done}")).into_response())
    })
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_name_and_a_phase_are_enough() {
        let patient = read(&typed(&[
            ("name", "  Ada   Lovelace "),
            ("phase", "preparation"),
        ]))
        .unwrap();
        assert_eq!(patient.name, "Ada Lovelace");
        assert_eq!(patient.initials, "AL");
    }

    #[test]
    fn what_is_wrong_stands_beside_the_field_and_what_was_typed_stays() {
        let form = read(&typed(&[
            ("name", " "),
            ("initials", "toolonginitials"),
            ("phase", "moon"),
        ]))
        .unwrap_err();
        assert!(
            form.name.error.is_some()
                && form.initials.error.is_some()
                && form.phase.error.is_some()
        );
        assert_eq!(form.pronouns.error, None);
        assert_eq!(form.initials.value, "toolonginitials");
    }
}
