//! Structure and costs: lines written, changed and removed, and that they were walked through.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::Costs;
use companion_core::domain::amount::{Amount, SumError};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::{DocumentId, ItemId, RecordSection, Revision};
use companion_core::records::Seen;
use companion_core::{CoreError, Missing};

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::meanwhile::settle_as_one;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{
    Done, EachField, Sent, WhateverStands, beside, document, else_look, fill_in, press, press_once,
};
use super::signed_in::SignedIn;
use crate::accounts::Area;
use crate::accounts::audit::Action;
use crate::view::costs::{self, LINE};
use crate::view::form::{CHECKED, Form};
use crate::view::message::Way;
use crate::view::sentence::sentence;

/// Where the costs of a patient are read again.
pub(super) fn way(patient: DocumentId) -> Way {
    Way {
        to: costs::address(patient),
        words: "Open structure and costs",
    }
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let present = app.clinic.costs(patient.id)?;
        let place = format!("{}/lines", costs::address(patient.id));
        let typed = drafts::typed(app, who, &place)?;
        let form = typed.unwrap_or_else(|| costs::new_line(present.as_ref()));
        let done = notice(query.get("done").map(String::as_str));
        let frame = app.frame(Some(who), done);
        Ok(drawn(&costs::page(
            &frame,
            &patient,
            present.as_ref(),
            &form,
        )))
    })
    .await
}

pub(super) async fn add_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let line = read(form).ok_or(Problem::Fields)?;
        let added = app.clinic.add_cost_line(patient, line);
        added.map_err(|error| beside_the_label(error, form))?;
        Ok(done(patient, Action::ChangedCosts, "costs"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let patient = app.clinic.patient(document(&shown)?)?;
        let present = app.clinic.costs(patient.id)?;
        let frame = app.frame(Some(who), None);
        Ok(costs::page(&frame, &patient, present.as_ref(), form))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn show_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, item)): Path<(String, String)>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let item = item_named(&item)?;
        let present = present(app, patient.id)?;
        let line = present.sheet.content.lines.get(item);
        let line = line.ok_or(Problem::NoPage)?;
        let typed = drafts::typed(app, who, &costs::line_address(patient.id, item))?;
        let form = typed.unwrap_or_else(|| costs::present_line(&present, line));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&costs::line_page(&frame, &patient, item, &form)))
    })
    .await
}

pub(super) async fn change_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, item)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let shown = (id.clone(), item.clone());
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: EachField| {
        let (patient, item) = (document(&id)?, item_named(&item)?);
        let costs = present(app, patient)?;
        let sheet = costs.sheet.id;
        let changed = app.clinic.change_cost_line(patient, sheet, item, |line| {
            settle_as_one(
                form,
                &costs::present_line(&costs, line),
                &LINE,
                ("label", "this line"),
            );
            read(form).filter(|_| !form.is_wrong())
        });
        changed.map_err(|error| beside_the_label(error, form))?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done(patient, Action::ChangedCosts, "costs"))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let patient = app.clinic.patient(document(&shown.0)?)?;
        let (item, frame) = (item_named(&shown.1)?, app.frame(Some(who), None));
        Ok(costs::line_page(&frame, &patient, item, form))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn remove_line(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, item)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let (patient, item) = (document(&id)?, item_named(&item)?);
        let sheet = present(app, patient)?.sheet.id;
        let removed = app.clinic.remove_cost_line(patient, sheet, item, seen);
        removed.map_err(else_look(costs::line_address(patient, item)))?;
        Ok(done(patient, Action::ChangedCosts, "costs-removed"))
    })
    .await
}

pub(super) async fn walked_through(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    press_once(app, who, sent, move |app, who, form, seen: Revision| {
        let patient = document(&id)?;
        // The number of planned sessions is a part of what is walked through.
        if !who.sight.rights.shows(RecordSection::Programme) {
            return Err(Problem::NotShown {
                area: Area::Section(RecordSection::Programme),
                role: who.sight.role,
                patient: Some(patient),
            });
        }
        let mut costs = present(app, patient)?;
        costs.sheet.revision = seen;
        // No number of sessions, or nothing that is one, was before whoever had none before them.
        costs.planned = form.value("planned").parse().ok();
        let walked = app.clinic.walk_through_costs(patient, &costs, &who.name);
        walked.map_err(|error| match error {
            CoreError::NotNow(why) => Problem::First {
                why: why.to_string(),
                way: way(patient),
            },
            other => other.into(),
        })?;
        Ok(done(patient, Action::WalkedThroughCosts, "walked-through"))
    })
    .await
}

fn done(patient: DocumentId, action: Action, word: &str) -> Done {
    let to = format!("{}?done={word}", costs::address(patient));
    Done::about(patient, action, to)
}

/// The costs that a form of theirs is about: without any there is no such form.
fn present(app: &App, patient: DocumentId) -> Result<Costs, Problem> {
    app.clinic.costs(patient)?.ok_or(Problem::NoPage)
}

fn item_named(text: &str) -> Result<ItemId, Problem> {
    text.parse().map_err(|_| Problem::NoPage)
}

/// The line that was typed; or `None`, and the form says what is wrong. What a field may hold is the
/// core's to say.
fn read(form: &mut Form) -> Option<CostLine> {
    let payer = Payer::ALL
        .into_iter()
        .find(|payer| payer.as_str() == form.value("payer"));
    if payer.is_none() {
        form.wrong("payer", "Choose one of the answers.");
    }
    let amount = match form.value("amount").trim() {
        "" => Ok(None),
        sum => Amount::typed(sum, form.value("currency")).map(Some),
    };
    if let Err(why) = amount {
        let field = match why {
            SumError::NoCurrency => "currency",
            SumError::NotANumber | SumError::TooFine { .. } | SumError::TooLarge => "amount",
        };
        form.wrong(field, sentence(&why.to_string()));
    }
    let (payer, amount) = payer.zip(amount.ok())?;
    Some(CostLine {
        label: form.value("label").to_owned(),
        provider: form.value("provider").to_owned(),
        payer,
        is_medicine: form.value("is_medicine") == CHECKED,
        hsa_fsa: form.value("hsa_fsa") == CHECKED,
        amount,
    })
}

/// Puts what the core says of a line beside a field of the form: to the core it is one field of the sheet.
fn beside_the_label(error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::NotFound(Missing::CostLine) => {
            let gone =
                "Somebody removed this line meanwhile. Add it as a new one if it is still needed.";
            form.wrong("label", gone);
            Problem::Fields
        }
        other => beside("label", other, form),
    }
}
