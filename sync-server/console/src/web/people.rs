//! Who works here, with which role, and what each role may do.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::records::Seen;

use super::answer::drawn;
use super::app::App;
use super::emergency;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, document, press};
use super::signed_in::SignedIn;
use crate::accounts::{Accounts, AccountsError, Area, Person, Right, Rights, Role};
use crate::view::form::Form;
use crate::view::message::Way;
use crate::view::people::{self, People};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let roles = Role::ALL.into_iter();
        let roles = roles.map(|role| Ok((role, app.accounts.rights_of(role)?)));
        let named: BTreeMap<String, String> = app
            .clinic
            .caseload()?
            .into_iter()
            .map(|row| (row.patient.to_string(), row.record.name))
            .collect();
        let emergencies = app.accounts.emergencies()?.into_iter().rev();
        let all = People {
            people: app.accounts.people()?,
            roles: roles.collect::<Result<_, AccountsError>>()?,
            emergencies: emergencies
                .map(|one| {
                    let patient = named.get(&one.patient).cloned();
                    let patient = patient.unwrap_or_else(|| one.patient.clone());
                    (one, patient)
                })
                .collect(),
        };
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&people::page(&frame, &all)))
    })
    .await
}

pub(super) async fn set_role(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(person): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Seen| {
        let person = seen_person(app, &person, seen)?;
        let role = Role::named(form.value("role")).ok_or(Problem::Form)?;
        let set = app.accounts.set_role(&person.name, role, &who.name);
        set.map_err(first)?;
        Ok(told(app, "role-set"))
    })
    .await
}

pub(super) async fn end_access(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(person): Path<String>,
    sent: Sent,
) -> Response {
    set_access(app, who, person, sent, Accounts::end_access, "access-ended").await
}

pub(super) async fn give_access_again(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(person): Path<String>,
    sent: Sent,
) -> Response {
    let again = Accounts::give_access_again;
    set_access(app, who, person, sent, again, "access-again").await
}

async fn set_access(
    app: Arc<App>,
    who: SignedIn,
    person: String,
    sent: Sent,
    set: fn(&Accounts, &str, &str) -> Result<(), AccountsError>,
    word: &'static str,
) -> Response {
    press(app, who, sent, move |app, who, _, seen: Seen| {
        let person = seen_person(app, &person, seen)?;
        let running = app.accounts.emergencies()?.into_iter();
        let running = running.filter(|one| one.is_running && one.clinician == person.id);
        let running: Vec<_> = running.collect();
        set(&app.accounts, &person.name, &who.name).map_err(first)?;
        // Whoever may not sign in any more reads nothing in an emergency either.
        for one in running {
            if let Ok(patient) = document(&one.patient) {
                emergency::tell(app, patient, &one.by);
            }
        }
        Ok(told(app, word))
    })
    .await
}

pub(super) async fn set_rights(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(role): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Seen| {
        let role = Role::named(&role).ok_or(Problem::NoPage)?;
        if Seen::of(&people::shown(&app.accounts.rights_of(role)?)) != seen {
            return Err(changed_meanwhile());
        }
        let rights = rights(form)?;
        let set = app.accounts.set_rights(role, &rights, &who.name);
        set.map_err(first)?;
        Ok(told(app, "rights-set"))
    })
    .await
}

/// What the form says of every area. A form that leaves one out is none of ours.
fn rights(form: &Form) -> Result<Rights, Problem> {
    let right = |area: Area| {
        let word = form.value(area.as_str());
        let known = Right::ALL.into_iter().find(|right| right.as_str() == word);
        Ok((area, known.ok_or(Problem::Form)?))
    };
    Area::all().map(right).collect()
}

/// The person of an address, if they still are what the page showed.
fn seen_person(app: &App, person: &str, seen: Seen) -> Result<Person, Problem> {
    let mut people = app.accounts.people()?.into_iter();
    let found = people.find(|one| one.id.to_string() == person);
    let found = found.ok_or(Problem::NoPage)?;
    if Seen::of(&people::shown_of(&found)) == seen {
        Ok(found)
    } else {
        Err(changed_meanwhile())
    }
}

fn changed_meanwhile() -> Problem {
    first_because(companion_core::CoreError::ChangedMeanwhile.to_string())
}

fn first(error: AccountsError) -> Problem {
    match error {
        AccountsError::LastLead | AccountsError::LeadMayAll => first_because(error.to_string()),
        other => other.into(),
    }
}

fn first_because(why: String) -> Problem {
    Problem::First {
        why,
        way: Way {
            to: "/people".to_owned(),
            words: "Look at people and roles as they are now",
        },
    }
}

/// Patients are told at once who works here now, and what each may open. What was done is in the audit record already,
/// written with the change itself.
fn told(app: &App, word: &str) -> Done {
    app.tell_people();
    Done {
        action: None,
        patient: None,
        to: format!("/people?done={word}"),
    }
}
