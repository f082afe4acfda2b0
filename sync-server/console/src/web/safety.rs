//! What is set for the safety of all patients: who reads what arrives, the support card, the clinic's own rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::clinic::CardText;
use companion_core::domain::risk::RuleError;
use companion_core::domain::support_card::{LineKind, SupportLine};
use companion_core::domain::{Content as _, FlagRule, Monitoring, Zone};
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::meanwhile::{settle, settle_as_one};
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, EachField, Sent, WhateverStands, document, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::safety::{self, CARD, Forms, HOURS, PARTS, RESPONSIBLE, WEEK};
use crate::view::sentence::sentence;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let done = notice(query.get("done").map(String::as_str));
        Ok(drawn(&page(app, who, done, |_| ())?))
    })
    .await
}

/// The page, with one of its forms as it was just typed.
fn page(
    app: &App,
    who: &SignedIn,
    done: Option<&'static str>,
    put: impl FnOnce(&mut Forms),
) -> Result<Markup, Problem> {
    let safety = app.clinic.safety()?;
    let mut forms = Forms::present(&safety);
    for (part, form) in [
        ("monitoring", &mut forms.monitoring),
        ("card", &mut forms.card),
        ("rules", &mut forms.rule),
    ] {
        if let Some(typed) = drafts::typed(app, who, &format!("/safety/{part}"))? {
            *form = typed;
        }
    }
    put(&mut forms);
    Ok(safety::page(&app.frame(Some(who), done), &safety, &forms))
}

pub(super) async fn monitoring(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let typed = read_monitoring(form, &who.name, app).ok_or(Problem::Fields)?;
        for (day, field, _) in WEEK {
            form.set(field, typed.hours.get(day).map_or("", String::as_str));
        }
        app.clinic.change_monitoring(|present| {
            let now = safety::monitoring_form(present);
            settle_as_one(form, &now, &HOURS, ("zone", "the hours"));
            settle(form, &now, &[RESPONSIBLE]);
            let set = read_monitoring(form, &who.name, app);
            set.filter(|_| !form.is_wrong())
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done(Action::SetMonitoring, "monitoring"))
    };
    let again = |app: &App, who: &SignedIn, form: &Form| {
        page(app, who, None, |forms| forms.monitoring = form.clone())
    };
    fill_in(app, who, sent, work, again).await
}

/// What was typed; or `None`, and the form says what is wrong. What a field may hold is the core's to say.
fn read_monitoring(form: &mut Form, by: &str, app: &App) -> Option<Monitoring> {
    let mut set = Monitoring {
        hours: BTreeMap::new(),
        zone: form.value("zone").trim().to_owned(),
        responsible: form.value("responsible").to_owned(),
        by: by.to_owned(),
        at: app.clinic.now(),
    };
    for (day, field, _) in WEEK {
        let hours = form.value(field).trim().to_owned();
        if hours.is_empty() {
            continue;
        }
        let alone = Monitoring {
            hours: [(day.to_owned(), hours.clone())].into(),
            zone: String::new(),
            responsible: String::new(),
            ..set.clone()
        };
        match alone.checked() {
            Ok(alone) => set.hours.extend(alone.hours),
            Err(why) => form.wrong(field, sentence(&why.to_string())),
        }
    }
    if !set.zone.is_empty()
        && let Err(why) = Zone::named(&set.zone)
    {
        form.wrong("zone", sentence(&why.to_string()));
    }
    if form.is_wrong() {
        return None;
    }
    match set.checked() {
        Ok(set) => Some(set),
        Err(why) => {
            form.wrong(why.name.field, sentence(&why.to_string()));
            None
        }
    }
}

pub(super) async fn card(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let typed = read_lines(form).ok_or(Problem::Fields)?;
        form.set("lines", safety::typed(typed.iter()));
        // What is wrong with a field of this form, the form says beside it.
        app.clinic.change_support_card(&who.name, |present| {
            settle(form, &safety::card_form(present), &CARD);
            let lines = read_lines(form).filter(|_| !form.is_wrong())?;
            Some(CardText {
                region: form.value("region").trim().to_owned(),
                lines,
                clinic_number: form.value("clinic_number").to_owned(),
            })
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done(Action::WroteSupportCard, "card"))
    };
    let again = |app: &App, who: &SignedIn, form: &Form| {
        page(app, who, None, |forms| forms.card = form.clone())
    };
    fill_in(app, who, sent, work, again).await
}

/// The lines that were typed; or `None`, and the form says which is wrong.
fn read_lines(form: &mut Form) -> Option<Vec<SupportLine>> {
    let typed = form.value("lines").to_owned();
    let lines = typed.lines().map(str::trim);
    let mut read = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split(PARTS).map(str::trim).collect();
        let one = match parts.as_slice() {
            [label, how, number] => how_named(how).map(|how| SupportLine {
                label: (*label).to_owned(),
                number: (*number).to_owned(),
                how,
            }),
            _ => None,
        };
        let Some(one) = one else {
            form.wrong(
                "lines",
                format!(
                    "This line is not of the form “who answers | call, text or open | number”: {line}"
                ),
            );
            return None;
        };
        read.push(one);
    }
    Some(read)
}

fn how_named(word: &str) -> Option<LineKind> {
    match word.to_lowercase().as_str() {
        "call" => Some(LineKind::Call),
        "text" => Some(LineKind::Text),
        "open" | "web" => Some(LineKind::Web),
        _ => None,
    }
}

pub(super) async fn add_rule(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let rule = read_rule(form, &who.name, app).ok_or(Problem::Fields)?;
        app.clinic
            .add_flag_rule(rule)
            .map_err(|error| beside_its_field(error, form))?;
        Ok(done(Action::AddedFlagRule, "rule"))
    };
    let again = |app: &App, who: &SignedIn, form: &Form| {
        page(app, who, None, |forms| forms.rule = form.clone())
    };
    fill_in(app, who, sent, work, again).await
}

/// The rule that was typed; or `None`, and the form says what is wrong.
fn read_rule(form: &mut Form, by: &str, app: &App) -> Option<FlagRule> {
    for field in ["measure", "when"] {
        if form.value(field).is_empty() {
            form.wrong(field, "Choose one of the answers.");
        }
    }
    let item = form.value("item").trim();
    let rule = FlagRule {
        measure: form.value("measure").to_owned(),
        when: form.value("when").to_owned().into(),
        // Nothing that is no number is a number of points; the core says the range.
        points: form.value("points").trim().parse().unwrap_or(0),
        item: (!item.is_empty()).then(|| item.parse().unwrap_or(0)),
        words: form.value("rule_words").to_owned(),
        by: by.to_owned(),
        at: app.clinic.now(),
        retired_at: None,
    };
    (!form.is_wrong()).then_some(rule)
}

fn beside_its_field(error: CoreError, form: &mut Form) -> Problem {
    let (field, why) = match &error {
        CoreError::Rule(why) => {
            let field = match why {
                RuleError::Points { .. } => "points",
                RuleError::NoSuchItem | RuleError::ItemOfATotal => "item",
                RuleError::Unknown | RuleError::NoTotal => "when",
                RuleError::Retired | RuleError::NotOffered(_) | RuleError::Twice { .. } => {
                    "measure"
                }
            };
            (field, why.to_string())
        }
        CoreError::Invalid(why) => {
            let field = match why.name.field {
                "words" => "rule_words",
                known @ ("points" | "item" | "when" | "measure") => known,
                _ => return error.into(),
            };
            (field, why.to_string())
        }
        _ => return error.into(),
    };
    form.wrong(field, sentence(&why));
    Problem::Fields
}

pub(super) async fn end_rule(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(rule): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, _: WhateverStands| {
        app.clinic.retire_flag_rule(document(&rule)?)?;
        Ok(done(Action::EndedFlagRule, "rule-ended"))
    })
    .await
}

fn done(action: Action, word: &str) -> Done {
    Done {
        action: Some(action),
        patient: None,
        to: format!("/safety?done={word}"),
    }
}
