//! The medicine of a session: route, dose and readings written down, and what of it the patient is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::medicine_record::{Route, Vitals};
use companion_core::domain::route_and_dose::RouteAndDose;
use companion_core::domain::{DocumentId, DosingSession, Revision};
use companion_core::ports::Moment;
use companion_core::records::Seen;
use companion_core::{CoreError, NotNow};
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::appointment::clinic_time;
use super::drafts;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, else_look, fill_in, press};
use super::shared::ids;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::{Form, REVISION};
use crate::view::medicine::{self, Forms};
use crate::view::message::Way;
use crate::view::sentence::sentence;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, session) = ids(&path)?;
        let place = medicine::address(patient, session);
        let present = app.clinic.medicine(patient, session)?;
        let kept = drafts::typed(app, who, &place)?;
        let reading = drafts::typed(app, who, &format!("{place}/readings"))?;
        let forms = Forms {
            medicine: kept.unwrap_or_else(|| medicine::present(present.as_ref())),
            reading: match reading {
                Some(kept) => kept,
                None => new_reading(app, patient, session)?,
            },
        };
        if !who.by_page {
            let about = patient.to_string();
            app.accounts
                .record(&who.name, Action::SawMedicine, Some(&about))?;
        }
        let done = query.get("done").map(String::as_str);
        Ok(drawn(&page(app, who, (patient, session), &forms, done)?))
    })
    .await
}

fn new_reading(app: &App, patient: DocumentId, session: DocumentId) -> Result<Form, Problem> {
    let of = app.clinic.get::<DosingSession>(patient, session)?.content;
    Ok(medicine::new_reading(&of, app.clock.now()))
}

fn page(
    app: &App,
    who: &SignedIn,
    (patient, session): (DocumentId, DocumentId),
    forms: &Forms,
    done: Option<&str>,
) -> Result<Markup, Problem> {
    let view = app.clinic.patient(patient)?;
    let planned = app.clinic.get::<DosingSession>(patient, session)?;
    let present = app.clinic.medicine(patient, session)?;
    let frame = app.frame(Some(who), notice(done));
    Ok(medicine::page(
        &frame,
        &view,
        &planned,
        present.as_ref(),
        forms,
    ))
}

pub(super) async fn write(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = path.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, seen: Option<Revision>| {
        let (patient, session) = ids(&path)?;
        let route = match form.value("route") {
            "" => None,
            word => {
                let route = Route::from(word.to_owned());
                // What a newer version wrote may be chosen again.
                let present = app.clinic.medicine(patient, session)?;
                let present = present.and_then(|it| it.record.content.route);
                if !Route::ALL.contains(&route) && present.as_ref() != Some(&route) {
                    return Err(Problem::Form);
                }
                Some(route)
            }
        };
        let given = RouteAndDose::new(route, form.value("dose"));
        let set = app
            .clinic
            .set_medicine(patient, session, seen.as_ref(), given, &who.name);
        if let Err(error) = set {
            return Err(beside_the_dose(app, (patient, session), error, form)?);
        }
        Ok(done(patient, session, Action::WroteMedicine, "medicine"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, session) = ids(&shown)?;
        let forms = Forms {
            medicine: form.clone(),
            reading: new_reading(app, patient, session)?,
        };
        page(app, who, (patient, session), &forms, None)
    };
    fill_in(app, who, sent, work, again).await
}

/// Where somebody wrote down something else meanwhile, the form says what and by whom, and counts as made on it
/// from then on.
fn beside_the_dose(
    app: &App,
    (patient, session): (DocumentId, DocumentId),
    error: CoreError,
    form: &mut Form,
) -> Result<Problem, Problem> {
    let CoreError::MedicineChanged { now, by } = error else {
        return Ok(error.into());
    };
    let present = app.clinic.medicine(patient, session)?;
    let revision = present.map(|it| it.record.revision.to_string());
    form.set(REVISION, revision.unwrap_or_default());
    form.wrong(
        "dose",
        format!(
            "{by} wrote down “{now}” meanwhile. What you chose and typed is not saved. Write it down again only if \
             your route and your dose are to stand in its place."
        ),
    );
    Ok(Problem::Fields)
}

pub(super) async fn add_reading(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = path.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let (patient, session) = ids(&path)?;
        let reading = read(form, app.clock.now()).ok_or(Problem::Fields)?;
        let added = app.clinic.add_reading(patient, session, reading, &who.name);
        added.map_err(|error| beside_its_number(error, form))?;
        Ok(done(patient, session, Action::AddedReading, "reading"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let (patient, session) = ids(&shown)?;
        let present = app.clinic.medicine(patient, session)?;
        let forms = Forms {
            medicine: medicine::present(present.as_ref()),
            reading: form.clone(),
        };
        page(app, who, (patient, session), &forms, None)
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn remove_reading(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, session, reading)): Path<(String, String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, _: WhateverStands| {
        let (patient, session) = ids(&(patient, session))?;
        let reading = reading.parse().map_err(|_| Problem::NoPage)?;
        app.clinic.remove_reading(patient, session, reading)?;
        Ok(done(
            patient,
            session,
            Action::TookBackReading,
            "reading-gone",
        ))
    })
    .await
}

pub(super) async fn show_to_patient(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, _, seen: Revision| {
        let (patient, session) = ids(&path)?;
        let present = app.clinic.medicine(patient, session)?;
        let record = present.ok_or(Problem::NoPage)?.record.id;
        let shown = app.clinic.show_medicine(patient, record, &seen, &who.name);
        shown.map_err(|error| match error {
            CoreError::MedicineChanged { .. }
            | CoreError::NotNow(NotNow::MedicineInTwoWordings) => Problem::First {
                why: error.to_string(),
                way: Way {
                    to: medicine::address(patient, session),
                    words: "Read route and dose as they are now",
                },
            },
            other => other.into(),
        })?;
        Ok(done(
            patient,
            session,
            Action::ShowedMedicine,
            "medicine-shown",
        ))
    })
    .await
}

pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let (patient, session) = ids(&path)?;
        let present = app.clinic.medicine(patient, session)?;
        let record = present.ok_or(Problem::NoPage)?.record.id;
        let hidden = app.clinic.hide_medicine(patient, record, seen);
        hidden.map_err(else_look(medicine::address(patient, session)))?;
        Ok(done(
            patient,
            session,
            Action::HidMedicine,
            "medicine-hidden",
        ))
    })
    .await
}

fn done(patient: DocumentId, session: DocumentId, action: Action, word: &str) -> Done {
    let to = format!("{}?done={word}", medicine::address(patient, session));
    Done::about(patient, action, to)
}

/// The reading that was typed; or `None`, and the form says what is wrong. What a number may be is the core's to
/// say.
fn read(form: &mut Form, now: Moment) -> Option<Vitals> {
    let at = clinic_time(form.value("reading_at").trim(), now);
    if let Err(why) = &at {
        form.wrong("reading_at", why.to_string());
    }
    let mut number = |field| {
        let typed = form.value(field).trim().to_owned();
        let read = typed.parse::<u16>().ok();
        if read.is_none() && !typed.is_empty() {
            form.wrong(field, "Write a whole number.");
        }
        read
    };
    let (systolic, diastolic) = (number("systolic"), number("diastolic"));
    let (pulse, spo2) = (number("pulse"), number("spo2"));
    let dissociation = number("dissociation");
    if form.is_wrong() {
        return None;
    }
    Some(Vitals {
        systolic,
        diastolic,
        pulse,
        spo2,
        dissociation,
        note: form.value("reading_note").to_owned(),
        ..Vitals::new(at.ok()?)
    })
}

/// Puts what the core says of a reading beside a field of the form: to the core it is one field of the record.
fn beside_its_number(error: CoreError, form: &mut Form) -> Problem {
    let why = match error {
        CoreError::Invalid(why) => why,
        // What was typed stays in the form; the page says where the names are entered.
        CoreError::NamesMissing(why) => {
            form.wrong("reading_at", sentence(&why.to_string()));
            return Problem::Fields;
        }
        other => return other.into(),
    };
    let fields = [
        ("systolic", "systolic"),
        ("diastolic", "diastolic"),
        ("pulse", "pulse"),
        ("oxygen", "spo2"),
        ("dissociation", "dissociation"),
        ("note of a reading", "reading_note"),
        ("time of a reading", "reading_at"),
    ];
    let mut fields = fields.into_iter();
    let field = fields.find(|(word, _)| why.name.label.contains(word));
    form.wrong(
        field.map_or("systolic", |(_, field)| field),
        sentence(&why.to_string()),
    );
    Problem::Fields
}
