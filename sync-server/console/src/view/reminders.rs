//! What patients' phones remind of: the default reminders, what the clinic changed of them, and its own.

mod forms;
mod words;

use companion_core::domain::ReminderRules;
use companion_core::domain::reminder::{Rule, RulePack, Rules, Topic, When};
use companion_core::domain::reminder_rules::ReminderChange;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::newer;
use crate::view::whose::{self, SetHere};
use words::{topic, when};

pub use forms::{limits_form, present, without};
pub use words::named;

/// What a clinic may add: the word of the topic, and what a person reads.
pub const TO_ADD: [(&str, &str); 5] = [
    ("fasting", "When to stop eating or drinking"),
    ("leaving", "When to leave"),
    ("preparation", "Preparation, before a session"),
    ("day_after", "The day after a session"),
    ("integration", "Integration, after a session"),
];

/// Whether a reminder about this is told so many minutes before a session, and not on a day.
pub fn is_told_by_the_minute(topic: &str) -> bool {
    ["fasting", "leaving"].contains(&topic)
}

/// The fields of the form of the limits.
pub const LIMITS: [&str; 8] = [
    "per_day",
    "times_asked",
    "quiet",
    "quiet_hours_after_session",
    "check_in_at",
    "check_in_every",
    "thin_after",
    "clinic_zone",
];

/// The fields of the form of one reminder.
pub const ONE: [&str; 5] = ["off", "number", "at", "times", "words"];

/// The forms of the page with all of them.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Sets the limits: [`LIMITS`].
    pub limits: Form,
    /// Adds a reminder: `topic`, `hours` and `minutes` or `days` and `at`, and `words`.
    pub new: Form,
}

/// Whose reminders a page shows.
pub type Whose = whose::Whose<ReminderRules>;

impl Whose {
    /// The rules that phones plan with.
    pub fn rules(&self) -> Rules {
        self.set
            .as_ref()
            .map_or_else(Rules::default, ReminderRules::read)
    }

    /// One reminder: as it is, as the default pack has it, or both.
    pub fn one(&self, named: &str) -> Option<One> {
        one(self.set.as_ref(), named)
    }
}

/// One reminder under these rules.
pub fn one(set: Option<&ReminderRules>, named: &str) -> Option<One> {
    let rules = set.map_or_else(Rules::default, ReminderRules::read);
    let present = rule_of(rules.pack(), named);
    let default = rule_of(&RulePack::default(), named);
    let of_clinic = set.and_then(|set| set.change_of(named));
    let rule = present.clone().or_else(|| default.clone())?;
    Some(One {
        is_off: present.is_none(),
        change: of_clinic.cloned(),
        is_own: default.is_none(),
        rule,
    })
}

fn rule_of(pack: &RulePack, named: &str) -> Option<Rule> {
    pack.rules
        .iter()
        .find(|rule| rule.id.as_str() == named)
        .cloned()
}

/// One reminder as it stands.
#[derive(Clone, Debug)]
pub struct One {
    /// The rule; where it is off, as the default pack has it.
    pub rule: Rule,
    /// Whether it is never shown.
    pub is_off: bool,
    /// What the clinic changed of it, if anything.
    pub change: Option<ReminderChange>,
    /// Whether the default pack has none such.
    pub is_own: bool,
}

/// The page with all of them.
pub fn page(frame: &Frame, whose: &Whose, forms: &Forms) -> Markup {
    let place = whose.address(SetHere::Reminders);
    let rules = whose.rules();
    let default = RulePack::default();
    let off = default
        .rules
        .iter()
        .filter(|rule| rule_of(rules.pack(), rule.id.as_str()).is_none());
    let nav = match whose.patient {
        None => NavItem::Reminders,
        Some(_) => NavItem::Caseload,
    };
    layout::page(
        frame,
        "Reminders",
        nav,
        None,
        &html! {
            h1 { "Reminders" @if let Some((_, patient)) = &whose.patient { " of " (name(patient)) } }
            (newer::said(frame, &whose.unreadable))
            div class="intro" {
                (whose::told(frame, whose, SetHere::Reminders))
                p { "A lock screen says “You have a reminder.” and no more, unless the patient chose to see the words there. Before the assessment comes to ready nothing reminds of a session; during a pause and after the end nothing reminds at all." }
            }
            div class="columns" {
                section class="card" aria-labelledby="all" {
                    h2 id="all" { "What phones remind of" }
                    p class="hint" { "The most important first: where a day has more than it may hold, those further down are left out." }
                    ul class="plainly" {
                        @for rule in &rules.pack().rules { (one_of(&place, whose, rule)) }
                        @for rule in off { (one_of(&place, whose, rule)) }
                    }
                }
                div {
                    (how_much((whose, &place), &forms.limits))
                    (add(frame, (whose, &place), &forms.new))
                }
            }
        },
    )
}

fn one_of(place: &str, whose: &Whose, rule: &Rule) -> Markup {
    let named = rule.id.as_str();
    let Some(one) = whose.one(named) else {
        return html! {};
    };
    html! {
        li {
            strong { (topic(rule.topic)) } ", " (when(&rule.when)) " "
            @if one.is_off { span class="badge calm" { span aria-hidden="true" { "× " } "off" } }
            @else if one.is_own { span class="badge calm" { "the clinic’s own" } }
            @else if one.change.is_some() { span class="badge calm" { "changed" } }
            p class="words" { (rule.words) }
            p { a href=(format!("{place}/rules/{named}")) { "Change" span class="visually-hidden" { ": " (topic(rule.topic)) ", " (when(&rule.when)) } } }
        }
    }
}

fn how_much((whose, page): (&Whose, &str), form: &Form) -> Markup {
    let place = format!("{page}/limits");
    let number = |field, label, hint| {
        let look = Line {
            name: field,
            label,
            hint,
            kind: "number",
            ..Line::default()
        };
        form::line(look, &form.field(field))
    };
    let line = |field, label, hint| {
        let look = Line {
            name: field,
            label,
            hint,
            ..Line::default()
        };
        form::line(look, &form.field(field))
    };
    html! {
        section class="card" aria-labelledby="how-much" {
            h2 id="how-much" { "How much, and when not" }
            form method="post" action=(place) data-draft=(place) {
                (whose.shown())
                (form::shown(&LIMITS, form))
                p class="hint" { "Leave a field empty for the default." }
                (number("per_day", "Most reminders a day", "1 to 6; 2 by default."))
                (number("times_asked", "How often one thing is asked for", "1 to 7 days in a row; 3 by default."))
                (line("quiet", "Quiet hours", "Such as 21:00-09:00, the default. Only the start of fasting is told in them. What comes before a session or a visit is told before they begin, and the rest after they end. That it is time to leave is left out where that is less than 2 hours before the session."))
                (number("quiet_hours_after_session", "Quiet hours after a session", "24 to 168; 24 by default. They can be longer, and not shorter."))
                (line("check_in_at", "Time of check-ins", "Until the patient chooses; 19:00 by default."))
                (number("check_in_every", "Days from one check-in to the next", "1 to 60, beside those after a session. Empty: none."))
                (number("thin_after", "Unanswered check-ins until they become half as many", "1 to 30; 3 by default."))
                (line("clinic_zone", "The clinic’s time zone", "A name like America/Denver. Times of sessions are written by its clock."))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Save" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

fn add(frame: &Frame, (whose, page): (&Whose, &str), form: &Form) -> Markup {
    let place = format!("{page}/rules");
    let number = |name, label, hint| {
        let look = Line {
            name,
            label,
            hint,
            kind: "number",
            ..Line::default()
        };
        form::line(look, &form.field(name))
    };
    html! {
        section class="card" aria-labelledby="add" {
            h2 id="add" { "Add a reminder" }
            p { "The program says nothing of its own about eating, drinking and medicines: what holds is for the clinic to say." }
            form method="post" action=(place) data-draft=(place) {
                (whose.shown())
                (form::once(frame))
                (form::choice("topic", "About", &TO_ADD, &form.field("topic")))
                div role="group" aria-labelledby="by-the-minute" {
                    h3 id="by-the-minute" { "For eating, drinking and leaving: how long before the session" }
                    (number("hours", "Hours", ""))
                    (number("minutes", "Minutes", ""))
                }
                div role="group" aria-labelledby="on-a-day" {
                    h3 id="on-a-day" { "For all others: how many days before or after the session" }
                    (number("days", "Days", "1 or more: before the session for preparation, after it for the day after and for integration."))
                    (form::line(Line { name: "at", label: "Time of day", hint: "Such as 18:00. Empty: 18:00.", ..Line::default() }, &form.field("at")))
                }
                (words(form))
                (form::keeping(form.is_kept()))
                button type="submit" { "Add the reminder" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

fn words(form: &Form) -> Markup {
    form::line(
        Line {
            name: "words",
            label: "What it says",
            hint: "{time}, {date} and {place} stand for those of the session or visit, {when} for “today”, “tomorrow” or the day.",
            required: true,
            ..Line::default()
        },
        &form.field("words"),
    )
}

/// Where one reminder is changed.
pub fn one_address(whose: &Whose, one: &One) -> String {
    format!(
        "{}/rules/{}",
        whose.address(SetHere::Reminders),
        one.rule.id
    )
}

/// The page of one reminder.
pub fn one_page(frame: &Frame, whose: &Whose, one: &One, form: &Form) -> Markup {
    let (page, place) = (whose.address(SetHere::Reminders), one_address(whose, one));
    layout::page(
        frame,
        "Change a reminder",
        NavItem::Elsewhere,
        None,
        &html! {
            section class="card narrow" {
                h1 { "Change a reminder" }
                p { a href=(page) { "Back to the reminders" @if let Some((_, patient)) = &whose.patient { " of " (name(patient)) } } }
                p { strong { (topic(one.rule.topic)) } ", " (when(&one.rule.when)) @if one.is_off { ", off" } }
                form method="post" action=(place) data-draft=(place) {
                    (whose.shown())
                    (form::shown(&ONE, form))
                    (form::seen_before(form))
                    @if !one.is_own { (form::check("off", "Never show it", form)) }
                    @if let Some((label, hint)) = number_of(&one.rule.when) {
                        (form::line(Line { name: "number", label, hint, kind: "number", ..Line::default() }, &form.field("number")))
                    }
                    @if !matches!(one.rule.when, When::BeforeSession { .. }) {
                        (form::line(Line { name: "at", label: "Time of day", hint: "Such as 18:00. Empty: when the patient wants check-ins, or as by default.", ..Line::default() }, &form.field("at")))
                    }
                    @if asks_again(&one.rule) {
                        (form::line(Line { name: "times", label: "How often in all, once a day, while it is not done", kind: "number", ..Line::default() }, &form.field("times")))
                    }
                    (words(form))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save" }
                }
                (form::discard(&place, form.is_kept()))
                @if one.change.is_some() {
                    form class="part" method="post" action=(format!("{place}/back")) {
                        (whose.shown())
                        (form::seen_before(form))
                        @if one.is_own { button class="danger" type="submit" { "Remove the reminder" } }
                        @else { button type="submit" { "Back to the default" } }
                    }
                }
            }
        },
    )
}

/// Whether it may be said more than once.
fn asks_again(rule: &Rule) -> bool {
    matches!(
        rule.when,
        When::SessionDay { .. } | When::BeforeVisit { .. } | When::AfterLastSession { .. }
    ) && rule.topic != Topic::Evening
}

/// What the number of a rule counts.
fn number_of(when: &When) -> Option<(&'static str, &'static str)> {
    match when {
        When::SessionDay { .. } => Some((
            "Days from the session’s day",
            "With a minus sign before the session; 0 is the day itself.",
        )),
        When::BeforeSession { .. } => Some(("Minutes before the session", "1 to 2880.")),
        When::BeforeVisit { .. } => Some(("Days before the visit", "0 to 60.")),
        When::AfterLastSession { .. } => Some(("Months after the last session", "1 to 24.")),
        When::SeriesAfterSession { .. } => Some(("On how many days", "1 to 60.")),
        When::Rhythm { .. } => None,
    }
}
