//! Inviting a patient and comparing the words.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::{Comparison, NewPatient, PatientView, SameName};
use companion_core::domain::DocumentId;
use companion_core::records::Seen;
use companion_core::{CoreError, NotNow};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, document, else_look, fill_in, press_once};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::view::form::Form;
use crate::view::invitation::{self, InvitationPage};
use crate::view::noticed;
use crate::view::sentence::sentence;

pub(super) async fn form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    app.run(who, |app, who| {
        let typed = drafts::typed(app, who, "/invite")?;
        let form = typed.unwrap_or_else(|| Form::default().with("therapist", who.name.as_str()));
        Ok(drawn(&invitation::form_page(
            &app.frame(Some(who), None),
            &form,
            None,
        )))
    })
    .await
}

pub(super) async fn invite(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        if form.value("therapist").trim().is_empty() {
            form.wrong("therapist", "Say who leads their programme.");
            return Err(Problem::Fields);
        }
        let name = form.value("name").to_owned();
        let patient = app.clinic.register(NewPatient {
            initials: match form.value("initials").trim() {
                "" => initials_of(&name),
                typed => typed.to_owned(),
            },
            name,
            pronouns: form.value("pronouns").to_owned(),
            therapist: form.value("therapist").to_owned(),
            same_name: same_name(form),
        });
        let patient = match patient {
            Err(CoreError::SameName { patient }) => {
                form.set("same-name", patient.to_string());
                return Err(Problem::Fields);
            }
            other => other?,
        };
        // They are registered now, whatever the server says: "failed" would make somebody do it twice.
        let done = match app.clinic.reinvite(patient) {
            Ok(_) => "",
            Err(error) => {
                tracing::warn!(%error, "a patient was registered without an invitation");
                match error {
                    CoreError::NotRegistered { .. } => UNKNOWN_CLINIC,
                    _ => "?done=registered",
                }
            }
        };
        let to = format!("{}{done}", address(patient));
        Ok(Done::about(patient, Action::Invited, to))
    };
    let again = |app: &App, who: &SignedIn, form: &Form| {
        let same_name = form.value("same-name").parse().ok();
        let frame = app.frame(Some(who), None);
        Ok(invitation::form_page(&frame, form, same_name))
    };
    fill_in(app, who, sent, work, again).await
}

/// Where a new patient's page is led to while the sync server does not know the clinic.
const UNKNOWN_CLINIC: &str = "?done=unknown-clinic";

fn without_a_server(app: &App) -> String {
    let key = app.clinic.public_key();
    let why = sentence(&CoreError::NotRegistered { key }.to_string());
    format!("The patient is registered. There is no invitation yet: make it from here later. {why}")
}

/// What the box beside the name says.
pub(super) fn same_name(form: &Form) -> SameName {
    match form.value("another") {
        "yes" => SameName::IsAnother,
        _ => SameName::Ask,
    }
}

/// The first letters of at most four words.
fn initials_of(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(4)
        .flat_map(char::to_uppercase)
        .take(companion_core::domain::limits::INITIALS)
        .collect()
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        if !who.by_page {
            let about = patient.id.to_string();
            app.accounts
                .record(&who.name, Action::SawInvitation, Some(&about))?;
        }
        let page = page_of(app, patient, None)?;
        let done = query.get("done").map(String::as_str);
        let mut frame = app.frame(Some(who), notice(done));
        if done.is_some_and(|done| UNKNOWN_CLINIC.ends_with(done)) {
            frame.notice = Some(without_a_server(app).into());
        }
        Ok(drawn(&invitation::page(&frame, &page)))
    })
    .await
}

pub(super) async fn reinvite(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press_once(app, who, sent, move |app, _, _, seen: Seen| {
        let patient = document(&id)?;
        // A link that a colleague made meanwhile may be with the patient already.
        let invited = app.clinic.reinvite_as_seen(patient, seen);
        invited.map_err(else_look(address(patient)))?;
        Ok(Done::about(patient, Action::Invited, address(patient)))
    })
    .await
}

/// The page as things stand now, with why the answer to the words was not taken, if it was not.
fn page_of(
    app: &App,
    patient: PatientView,
    not_answered: Option<String>,
) -> Result<InvitationPage, Problem> {
    let invitation = app.clinic.invitation(patient.id)?;
    Ok(InvitationPage {
        warnings: pages::patient::warnings(&app.clinic, &patient)?,
        link_until: invitation.as_ref().map(|invitation| invitation.expires_at),
        link: invitation.map(|invitation| invitation.link),
        patient,
        not_answered,
    })
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, shown: Comparison| {
        let patient = document(&id)?;
        let (answered, action, done) = match form.value("answer") {
            "match" => (
                app.clinic.confirm_words(patient, shown),
                Action::ConfirmedWords,
                "paired",
            ),
            "differ" => (
                app.clinic.refuse_words(patient, shown),
                Action::RefusedWords,
                "refused",
            ),
            _ => return Err(Problem::Form),
        };
        if let Err(error) = answered {
            let why = not_taken(&error).ok_or(error)?;
            form.wrong("answer", why);
            return Err(Problem::Fields);
        }
        let to = format!("{}?done={done}", address(patient));
        Ok(Done::about(patient, action, to))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let patient = app.clinic.patient(document(&shown)?)?;
        let page = page_of(app, patient, form.field("answer").error)?;
        Ok(invitation::page(&app.frame(Some(who), None), &page))
    };
    fill_in(app, who, sent, work, again).await
}

/// Why the answer to the words was not taken, for the page as it stands now.
fn not_taken(error: &CoreError) -> Option<&'static str> {
    match error {
        CoreError::NotNow(NotNow::SomebodyElseCame) => Some(
            "Nothing was changed: somebody else’s phone came meanwhile. These are its words: compare them anew.",
        ),
        CoreError::NotNow(NotNow::NobodyToConfirm) => Some(
            "Nothing was changed: the words on that page were those of a phone that does not wait any more. \
             This is how it stands now.",
        ),
        error if error.is_passing() => Some(
            "The sync server can’t be reached, and this needs it. It may have been done all the same, where only \
             the answer was lost: this page says so once the connection is back. Then try again if the phone \
             still waits.",
        ),
        _ => None,
    }
}

/// What two histories of a record are, and who can heal that.
pub(super) async fn two_histories(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let fork = app.clinic.fork(patient.id)?;
        let frame = app.frame(Some(who), None);
        Ok(drawn(&noticed::two_histories(
            &frame,
            &patient,
            fork.as_ref(),
        )))
    })
    .await
}

fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/invitation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_at_most_four_words() {
        assert_eq!(initials_of("  Ada   Lovelace "), "AL");
        assert_eq!(initials_of("ß b c d e"), "SSBCD");
        assert_eq!(initials_of(" "), "");
    }
}
