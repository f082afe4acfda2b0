//! The clinic's own rules for reminders: for all patients, or for one.

mod added;
mod refused;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::domain::reminder_rules::ReminderChange;
use companion_core::domain::{ItemId, ReminderRules};
use companion_core::records::Seen;
use maud::Markup;

use self::refused::beside;
use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::for_all_or_one::{self, Names, change, done, number, patient_in, whose};
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{EachField, Sent, WhateverStands, fill_in, press};
use super::signed_in::SignedIn;
use crate::view::form::{CHECKED, Form};
use crate::view::reminders::{self, Forms, LIMITS, ONE, Whose};
use crate::view::whose::SetHere;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let done = notice(query.get("done").map(String::as_str));
        Ok(drawn(&page(app, who, &names, done, |_| ())?))
    })
    .await
}

/// The page with all of them, with one of its forms as it was just typed.
fn page(
    app: &App,
    who: &SignedIn,
    names: &BTreeMap<String, String>,
    done: Option<&'static str>,
    put: impl FnOnce(&mut Forms),
) -> Result<Markup, Problem> {
    let whose: Whose = whose(app, patient_in(names)?)?;
    let place = whose.address(SetHere::Reminders);
    let limits = drafts::typed(app, who, &format!("{place}/limits"))?;
    let mut forms = Forms {
        limits: limits.unwrap_or_else(|| reminders::limits_form(whose.set.as_ref())),
        new: drafts::typed(app, who, &format!("{place}/rules"))?.unwrap_or_default(),
    };
    put(&mut forms);
    Ok(reminders::page(&app.frame(Some(who), done), &whose, &forms))
}

pub(super) async fn limits(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let shown = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let patient = patient_in(&names)?;
        let shown = for_all_or_one::shown(form);
        let changed = change::<ReminderRules>(app, (patient, shown), &who.name, |rules| {
            settle(form, &reminders::limits_form(Some(rules)), &LIMITS);
            put_limits(form, rules);
        });
        if let Err(error) = changed {
            let set = whose(app, patient)?.set;
            return Err(beside(error, form, set.as_ref(), None));
        }
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done::<ReminderRules>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        page(app, who, &shown, None, |forms| forms.limits = form.clone())
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what was typed into the rules; where something is wrong, the form says so and nothing is put.
fn put_limits(form: &mut Form, rules: &mut ReminderRules) {
    let per_day = number(form, "per_day");
    let times_asked = number(form, "times_asked");
    let after = number(form, "quiet_hours_after_session");
    let every = number(form, "check_in_every");
    let thin_after = number(form, "thin_after");
    if form.is_wrong() {
        return;
    }
    let line = |name: &str| form.value(name).trim().to_owned();
    rules.per_day = per_day;
    rules.times_asked = times_asked;
    rules.quiet_hours_after_session = after;
    rules.check_in_every = every;
    rules.thin_after = thin_after;
    rules.quiet = line("quiet");
    rules.check_in_at = line("check_in_at");
    rules.clinic_zone = line("clinic_zone");
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
        let added = added::read(form)?;
        let item = app.clinic.new_item();
        // The item names it: no two nodes give one name to two reminders.
        let named = format!("own_{item}");
        let added = ReminderChange {
            rule: named.clone(),
            ..added
        };
        let shown = for_all_or_one::shown(form);
        let added = change::<ReminderRules>(app, (patient, shown), &who.name, |rules| {
            rules.change(item, added);
        });
        if let Err(error) = added {
            let set = whose(app, patient)?.set;
            return Err(beside(error, form, set.as_ref(), Some(&named)));
        }
        Ok(done::<ReminderRules>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        page(app, who, &shown, None, |forms| forms.new = form.clone())
    };
    fill_in(app, who, sent, work, again).await
}

/// The reminder that a path names.
fn named(names: &BTreeMap<String, String>, whose: &Whose) -> Result<reminders::One, Problem> {
    let named = names.get("rule").ok_or(Problem::NoPage)?;
    whose.one(named).ok_or(Problem::NoPage)
}

pub(super) async fn show_one(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
) -> Response {
    app.run(who, move |app, who| {
        let whose = whose(app, patient_in(&names)?)?;
        let one = named(&names, &whose)?;
        let typed = drafts::typed(app, who, &reminders::one_address(&whose, &one))?;
        let form = typed.unwrap_or_else(|| reminders::present(&one));
        Ok(drawn(&reminders::one_page(
            &app.frame(Some(who), None),
            &whose,
            &one,
            &form,
        )))
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
        let whose = whose(app, patient)?;
        let one = named(&names, &whose)?;
        let (named, item) = (one.rule.id.to_string(), app.clinic.new_item());
        let shown = for_all_or_one::shown(form);
        let set = change::<ReminderRules>(app, (patient, shown), &who.name, |rules| {
            let Some(now) = reminders::one(Some(rules), &named) else {
                form.wrong("words", "Somebody removed this reminder meanwhile.");
                return;
            };
            settle(form, &reminders::present(&now), &ONE);
            put_one(form, rules, item, &now);
        });
        set.map_err(|error| beside(error, form, whose.set.as_ref(), Some(&named)))?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(done::<ReminderRules>(patient))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let whose = whose(app, patient_in(&shown)?)?;
        let one = named(&shown, &whose)?;
        Ok(reminders::one_page(
            &app.frame(Some(who), None),
            &whose,
            &one,
            form,
        ))
    };
    fill_in(app, who, sent, work, again).await
}

/// Puts what was typed of one reminder into the rules, where it differs from what counts without; where something
/// is wrong, the form says so and nothing is put.
fn put_one(form: &mut Form, rules: &mut ReminderRules, item: ItemId, one: &reminders::One) {
    let (number, times) = (number(form, "number"), number(form, "times"));
    if form.is_wrong() {
        return;
    }
    let named = one.rule.id.as_str();
    let without = reminders::without(rules, one);
    let differs = |field: &str| form.value(field).trim() != without.value(field);
    let changed_line = |field: &str| {
        let typed = form.value(field).trim().to_owned();
        if differs(field) { typed } else { String::new() }
    };
    let before = rules.change_of(named).cloned();
    let changed = ReminderChange {
        off: form.value("off") == CHECKED,
        number: number.filter(|_| differs("number")),
        at: changed_line("at"),
        times: times.filter(|_| differs("times")),
        words: changed_line("words"),
        ..before.unwrap_or_else(|| ReminderChange {
            rule: named.to_owned(),
            ..ReminderChange::default()
        })
    };
    let says_nothing = ReminderChange {
        rule: changed.rule.clone(),
        ..ReminderChange::default()
    };
    if changed == says_nothing {
        rules.take_back(named);
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
        let named = names.get("rule").ok_or(Problem::NoPage)?;
        let change_of = |rules: &ReminderRules| rules.change_of(named).cloned();
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
