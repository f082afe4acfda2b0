//! The clinic's own prompts for integration: for all patients, or for one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::domain::integration_prompt::{BUNDLED, PromptError};
use companion_core::domain::prompt_rules::PromptChange;
use companion_core::domain::{ItemId, Problem as Wrong, PromptRules};
use companion_core::records::Seen;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::for_all_or_one::{self, Names, change, done, patient_in, whose};
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{EachField, Sent, WhateverStands, fill_in, press};
use super::signed_in::SignedIn;
use crate::view::form::{CHECKED, Form};
use crate::view::prompts::{self, ONE, One, Whose};
use crate::view::sentence::sentence;
use crate::view::whose::SetHere;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let whose = whose(app, patient_in(&names)?)?;
        let done = notice(query.get("done").map(String::as_str));
        let frame = app.frame(Some(who), done);
        let typed = drafts::typed(app, who, &whose.address(SetHere::Prompts))?;
        let form = typed.unwrap_or_default();
        Ok(drawn(&prompts::page(&frame, &whose, &form)))
    })
    .await
}

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let shown = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = patient_in(&names)?;
        let (from_day, until_day) = days(form)?;
        let item = app.clinic.new_item();
        let added = PromptChange {
            // The item names it: no two nodes give one name to two prompts.
            prompt: format!("own_{item}"),
            from_day: Some(from_day),
            until_day: Some(until_day),
            words: form.value("words").to_owned(),
            off: false,
        };
        let shown = for_all_or_one::shown(form);
        let added = change::<PromptRules>(app, (patient, shown), &who.name, |rules| {
            rules.change(item, added);
        });
        added.map_err(|error| beside(error, form))?;
        Ok(done::<PromptRules>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let whose = whose(app, patient_in(&shown)?)?;
        Ok(prompts::page(&app.frame(Some(who), None), &whose, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// The prompt that a path names.
fn named(names: &BTreeMap<String, String>, whose: &Whose) -> Result<One, Problem> {
    let named = names.get("prompt").ok_or(Problem::NoPage)?;
    prompts::one(whose.set.as_ref(), named).ok_or(Problem::NoPage)
}

pub(super) async fn show_one(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
) -> Response {
    app.run(who, move |app, who| {
        let whose = whose(app, patient_in(&names)?)?;
        let one = named(&names, &whose)?;
        let typed = drafts::typed(app, who, &prompts::one_address(&whose, &one))?;
        let form = typed.unwrap_or_else(|| prompts::present(&one));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&prompts::one_page(&frame, &whose, &one, &form)))
    })
    .await
}

pub(super) async fn change_one(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let shown = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let patient = patient_in(&names)?;
        let id = named(&names, &whose(app, patient)?)?.id;
        let item = app.clinic.new_item();
        let shown = for_all_or_one::shown(form);
        let set = change::<PromptRules>(app, (patient, shown), &who.name, |rules| {
            let Some(now) = prompts::one(Some(rules), &id) else {
                form.wrong("words", "Somebody removed this prompt meanwhile.");
                return;
            };
            settle(form, &prompts::present(&now), &ONE);
            put_one(form, rules, item, &now);
        });
        set.map_err(|error| beside(error, form))?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done::<PromptRules>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let whose = whose(app, patient_in(&shown)?)?;
        let one = named(&shown, &whose)?;
        let frame = app.frame(Some(who), None);
        Ok(prompts::one_page(&frame, &whose, &one, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what was typed of one prompt into the rules, where it differs from ours; where something is wrong, the
/// form says so and nothing is put.
fn put_one(form: &mut Form, rules: &mut PromptRules, item: ItemId, one: &One) {
    let Ok((from, until)) = days(form) else {
        return;
    };
    if form.is_wrong() {
        return;
    }
    let words = form.value("words").trim().to_owned();
    let ours = BUNDLED.iter().find(|bundled| bundled.id == one.id);
    let changed = PromptChange {
        prompt: one.id.clone(),
        off: form.value("off") == CHECKED,
        from_day: Some(from).filter(|from| ours.is_none_or(|ours| ours.days.from() != *from)),
        until_day: Some(until).filter(|until| ours.is_none_or(|ours| ours.days.until() != *until)),
        words: if one.ours == Some(&*words) {
            String::new()
        } else {
            words
        },
    };
    let says_nothing = PromptChange {
        prompt: changed.prompt.clone(),
        ..PromptChange::default()
    };
    if changed == says_nothing {
        rules.take_back(&one.id);
    } else {
        rules.change(item, changed);
    }
}

pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, who, form, seen: Seen| {
        let shown = for_all_or_one::shown(form);
        let patient = patient_in(&names)?;
        let named = names.get("prompt").ok_or(Problem::NoPage)?;
        let change_of = |rules: &PromptRules| rules.change_of(named).cloned();
        for_all_or_one::take_back(
            app,
            (patient, shown),
            (seen, &who.name),
            change_of,
            |rules| {
                rules.take_back(named);
            },
        )
    })
    .await
}

/// The days that were typed; where they are none, the form says so.
fn days(form: &mut Form) -> Result<(u16, u16), Problem> {
    let mut day = |field: &'static str| {
        let read = form.value(field).trim().parse::<u16>().ok();
        if read.is_none() {
            form.wrong(field, "A number of days is needed.");
        }
        read
    };
    let (from, until) = (day("from_day"), day("until_day"));
    from.zip(until).ok_or(Problem::Fields)
}

/// Puts what the core refuses beside the field that it is about.
fn beside(error: CoreError, form: &mut Form) -> Problem {
    let CoreError::Invalid(why) = &error else {
        return error.into();
    };
    let (field, said) = match why.problem {
        Wrong::Prompt(
            wrong @ (PromptError::WrongWayRound { .. } | PromptError::Days | PromptError::NoDays),
        ) => ("until_day", wrong.to_string()),
        Wrong::Prompt(wrong) => ("words", wrong.to_string()),
        _ => ("words", why.to_string()),
    };
    form.wrong(field, sentence(&said));
    Problem::Fields
}
