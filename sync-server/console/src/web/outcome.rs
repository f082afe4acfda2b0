//! What an assessment came to.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::clinic::{Clinic, OutcomeSeen, PatientView};
use companion_core::domain::day::DayError;
use companion_core::domain::readiness::{Appropriate, Orientation, Timing};
use companion_core::domain::{Ordered, Readiness, Revision};
use companion_core::records::Seen;
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::problem::Problem;
use super::sent::{Before, Done, Sent, document, fill_in};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::{Form, SEEN};
use crate::view::outcome;
use crate::view::sentence::sentence;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let typed = drafts::typed(app, who, &format!("/patients/{}/outcome", patient.id))?;
        let form = typed.unwrap_or_default();
        Ok(drawn(&page(app, who, &patient, &form)?))
    })
    .await
}

pub(super) async fn record(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: OutcomeSeen| {
        let patient = document(&id)?;
        let said = read(form, &who.name, &app.clinic)?;
        let recorded = app.clinic.record_outcome(patient, &seen, said);
        recorded.map_err(|error| meanwhile(error, form))?;
        Ok(Done::on_their_page(
            patient,
            Action::RecordedOutcome,
            "outcome",
        ))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let patient = app.clinic.patient(document(&shown)?)?;
        page(app, who, &patient, form)
    };
    fill_in(app, who, sent, work, again).await
}

/// Somebody recorded an outcome while the form stood open: nobody puts another over it unread. The page says which
/// stands now, and the form is about that one from then on.
fn meanwhile(error: CoreError, form: &mut Form) -> Problem {
    match &error {
        CoreError::OutcomeChanged { .. }
        | CoreError::StandsOtherwise(_)
        | CoreError::ChangedMeanwhile => {}
        _ => return error.into(),
    }
    let why = sentence(&error.to_string());
    let again = "Above is what counts now. Yours is not recorded: send it again if it holds.";
    form.wrong("appropriate", format!("{why} {again}"));
    Problem::Fields
}

impl Before for OutcomeSeen {
    fn read(form: &Form) -> Result<Self, Problem> {
        let standing = match form.value(SEEN) {
            "" => None,
            _ => Some(Seen::read(form)?),
        };
        Ok(Self {
            outcome: Option::<Revision>::read(form)?,
            standing,
        })
    }
}

/// The page: whoever gives an outcome reads what the screening found.
fn page(app: &App, who: &SignedIn, patient: &PatientView, form: &Form) -> Result<Markup, Problem> {
    let list = app.clinic.screening(patient.id)?.map(|list| list.content);
    let stands = app.clinic.readiness(patient.id)?;
    let frame = app.frame(Some(who), None);
    Ok(outcome::page(
        &frame,
        patient,
        (
            stands.as_ref(),
            app.clinic.outcome_seen(patient.id)?.standing,
        ),
        list.as_ref(),
        form,
    ))
}

/// The outcome that was typed. What a field may hold is the core's to say.
fn read(form: &mut Form, by: &str, clinic: &Clinic) -> Result<Readiness, Problem> {
    let appropriate = [Appropriate::Yes, Appropriate::No];
    let appropriate = appropriate
        .into_iter()
        .find(|answer| answer.as_str() == form.value("appropriate"));
    let timing = [Timing::Now, Timing::Later];
    let timing = timing
        .into_iter()
        .find(|answer| answer.as_str() == form.value("timing"));
    for (name, is_answered) in [
        ("appropriate", appropriate.is_some()),
        ("timing", timing.is_some()),
    ] {
        if !is_answered {
            form.wrong(name, "Choose one of the answers.");
        }
    }
    let (appropriate, timing) = appropriate.zip(timing).ok_or(Problem::Fields)?;
    let revisit_on = match form.value("revisit_on").trim() {
        "" => None,
        day => match day.parse() {
            Ok(day) => Some(day),
            Err(DayError) => {
                form.wrong("revisit_on", sentence(&DayError.to_string()));
                return Err(Problem::Fields);
            }
        },
    };
    let mut orientation = Ordered::default();
    let lines = form.value("orientation").lines().map(str::trim);
    for what in lines.filter(|line| !line.is_empty()) {
        let one = Orientation {
            what: what.to_owned(),
            where_to: String::new(),
        };
        orientation.push(clinic.new_item(), one);
    }
    let said = Readiness {
        appropriate,
        timing,
        explanation: form.value("explanation").to_owned(),
        orientation,
        revisit_on,
        by: by.to_owned(),
        at: clinic.now(),
    };
    if !said.revisit_is_to_come() {
        form.wrong(
            "revisit_on",
            "Give a day that is to come, within five years.",
        );
        return Err(Problem::Fields);
    }
    Ok(said)
}
