//! What a clinic sets for the safety of all its patients: who reads what arrives, the support card, and its own
//! rules for what is flagged.

use companion_core::clinic::Safety;
use companion_core::domain::flag_rule::RuleWhen;
use companion_core::domain::measure::Instrument;
use companion_core::domain::monitoring::{Monitoring, MonitoringGap};
use companion_core::domain::risk::Rule;
use companion_core::domain::support_card::{
    LineKind, SupportCard, SupportLine, UNITED_STATES, lines_to_show,
};
use companion_core::domain::{DocumentId, FlagRule};
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::newer;
use crate::view::sentence::sentence;
use crate::view::time;

/// A day of the week: its word in the record, its field in the form, and its name.
pub const WEEK: [(&str, &str, &str); 7] = [
    ("mon", "hours_mon", "Monday"),
    ("tue", "hours_tue", "Tuesday"),
    ("wed", "hours_wed", "Wednesday"),
    ("thu", "hours_thu", "Thursday"),
    ("fri", "hours_fri", "Friday"),
    ("sat", "hours_sat", "Saturday"),
    ("sun", "hours_sun", "Sunday"),
];

/// Between the parts of a line of the card, as it is typed.
pub const PARTS: char = '|';

/// The fields of the form of who reads that mean something together: the hours, and their zone.
pub const HOURS: [&str; 8] = [
    "hours_mon",
    "hours_tue",
    "hours_wed",
    "hours_thu",
    "hours_fri",
    "hours_sat",
    "hours_sun",
    "zone",
];
/// The field of whoever is responsible in them.
pub const RESPONSIBLE: &str = "responsible";

/// The fields of the form of the card.
pub const CARD: [&str; 3] = ["region", "clinic_number", "lines"];

/// The forms of the page.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Who reads: the fields of [`WEEK`], `zone` and `responsible`.
    pub monitoring: Form,
    /// The card: `region`, `clinic_number`, and `lines`, each of three parts.
    pub card: Form,
    /// A new rule: `measure`, `when`, `points`, `item` and `rule_words`.
    pub rule: Form,
}

impl Forms {
    /// The forms as things stand.
    pub fn present(safety: &Safety) -> Self {
        Self {
            monitoring: monitoring_form(safety.monitoring.as_ref()),
            card: card_form(safety.card.as_ref()),
            rule: Form::default(),
        }
    }
}

/// The page.
pub fn page(frame: &Frame, safety: &Safety, forms: &Forms) -> Markup {
    layout::page(
        frame,
        "Safety",
        NavItem::Safety,
        None,
        &html! {
            h1 { "Safety" }
            p class="intro" { "These settings hold for all patients. A flag or a message is no emergency service: each phone shows whom to call right now." }
            (newer::said(frame, &safety.unreadable))
            @if safety.behind > 0 {
                p class="card warned" { span aria-hidden="true" { "▲ " }
                    (time::count(safety.behind as u64, "patient’s record does", "patients’ records do"))
                    " not say this yet. Each exchange with the server tries again." }
            }
            div class="columns" {
                div {
                    (who_reads(frame, safety, &forms.monitoring))
                    (rules(frame, safety, &forms.rule))
                }
                (card(frame, safety, &forms.card))
            }
        },
    )
}

fn who_reads(frame: &Frame, safety: &Safety, form: &Form) -> Markup {
    let place = "/safety/monitoring";
    let gaps = safety.monitoring.as_ref().map_or_else(
        || vec![MonitoringGap::Hours, MonitoringGap::Responsible],
        Monitoring::gaps,
    );
    html! {
        section class=(if gaps.is_empty() { "card" } else { "card warned" }) aria-labelledby="monitoring" {
            h2 id="monitoring" { "Who reads what arrives, and when" }
            (whether_offered(&gaps))
            @if let Some(set) = &safety.monitoring {
                p class="quiet" { "Set by " (name(&set.by)) " " (time::at(set.at, frame.now)) "." }
            }
            form method="post" action=(place) data-draft=(place) {
                (form::shown(&HOURS, form))
                (form::shown(&[RESPONSIBLE], form))
                p class="hint" { "Times like 09:00-12:30, 14:00-17:00. Leave a day empty when nobody reads. Phones show these hours." }
                @for (_, field, day) in WEEK {
                    (form::line(Line { name: field, label: day, ..Line::default() }, &form.field(field)))
                }
                (form::line(Line { name: "zone", label: "Time zone", hint: "A name like America/Denver.", ..Line::default() }, &form.field("zone")))
                (form::line(Line { name: "responsible", label: "Person responsible", ..Line::default() }, &form.field("responsible")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Set for all patients" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

/// Whether the measures with an item about thoughts of death are offered, and what is missing.
fn whether_offered(gaps: &[MonitoringGap]) -> Markup {
    let asking = Instrument::offered().filter(|one| one.harm_item.is_some());
    let asking: Vec<&str> = asking.map(|one| one.short_name).collect();
    let asking = asking.join(", ");
    html! {
        @if gaps.is_empty() {
            p { span aria-hidden="true" { "✓ " } "Measures that ask about thoughts of death (" (asking) ") can be answered on phones." }
        } @else {
            p { strong { span aria-hidden="true" { "▲ " } "Measures that ask about thoughts of death (" (asking) ") are off on every phone." }
                " Missing: "
                @for (nth, gap) in gaps.iter().enumerate() {
                    @if nth > 0 { ", and " }
                    @match gap {
                        MonitoringGap::Hours => "the hours of at least one day with their time zone",
                        MonitoringGap::Responsible => "the person responsible",
                    }
                }
                "."
            }
        }
    }
}

fn card(frame: &Frame, safety: &Safety, form: &Form) -> Markup {
    let place = "/safety/card";
    html! {
        section class="card" aria-labelledby="card" {
            h2 id="card" { "Support card" }
            p { "Whom to call right now. It is on every phone, also offline. You can add lines; those that are part of the program stay." }
            @if let Some(card) = &safety.card {
                p class="quiet" { "Version " (card.version) ", written by " (name(&card.by)) ", last compared with its sources " (time::at(card.at, frame.now)) "." }
            }
            h3 { "What phones show" }
            ul class="plainly" {
                @for line in lines_to_show(safety.card.as_ref()) {
                    li { (sentence(line.how.label()).trim_end_matches('.')) " " strong { (line.number) } ": " (line.label) }
                }
            }
            form method="post" action=(place) data-draft=(place) {
                (form::shown(&CARD, form))
                (form::line(Line { name: "region", label: "Country", hint: "Two capital letters, such as US.", required: true, ..Line::default() }, &form.field("region")))
                (form::line(Line { name: "clinic_number", label: "The clinic’s number", kind: "tel", ..Line::default() }, &form.field("clinic_number")))
                (form::optional_text("lines", "More lines", "One on each line: who answers | call, text or open | number or address. Such as: County crisis line | call | +1 307 555 0101", &form.field("lines")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Write for all patients" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

fn rules(frame: &Frame, safety: &Safety, form: &Form) -> Markup {
    let place = "/safety/rules";
    let (in_force, ended): (Vec<_>, Vec<_>) = safety
        .rules
        .iter()
        .partition(|rule| rule.content.retired_at.is_none());
    let mut measures = vec![("", "Choose …")];
    // A rule counts points; where a measure makes no total there is little to count.
    let counted = Instrument::offered().filter(|one| one.has_total());
    measures.extend(counted.map(|one| (one.id.as_str(), one.short_name)));
    let mut conditions = vec![("", "Choose …")];
    conditions.extend(
        RuleWhen::ALL
            .iter()
            .map(|when| (when.as_str(), when.label())),
    );
    html! {
        section class="card" aria-labelledby="rules" {
            h2 id="rules" { "Your own rules for flags" }
            p { "An answer above “not at all” about thoughts of death, a request to be contacted, and what can’t be read here always raise a flag. "
                "Which other change matters is yours to say: no rule is on by default." }
            @if in_force.is_empty() { p class="quiet" { "No rule of your own." } }
            @else { ul class="items" { @for rule in in_force { (one_rule(frame, rule)) } } }
            @if !ended.is_empty() {
                details {
                    summary { (time::count(ended.len() as u64, "rule that holds no more", "rules that hold no more")) }
                    ul class="items" { @for rule in ended { (one_rule(frame, rule)) } }
                }
            }
            h3 { "Add a rule" }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::choice("measure", "Measure", &measures, &form.field("measure")))
                (form::choice("when", "Raise a flag when", &conditions, &form.field("when")))
                (form::line(Line { name: "points", label: "Points", kind: "number", required: true, ..Line::default() }, &form.field("points")))
                (form::line(Line { name: "item", label: "Number of the item", hint: "Only where the rule is about the answer to one item.", kind: "number", ..Line::default() }, &form.field("item")))
                (form::line(Line { name: "rule_words", label: "What the flag says", required: true, ..Line::default() }, &form.field("rule_words")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Add the rule" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

fn one_rule(frame: &Frame, rule: &View<FlagRule>) -> Markup {
    let kept = &rule.content;
    html! {
        li class="item" {
            p { strong { (kept.words) } }
            p { (condition(kept)) }
            p class="quiet" {
                "By " (name(&kept.by)) " " (time::at(kept.at, frame.now)) "."
                @if let Some(at) = kept.retired_at { " Ended " (time::at(at, frame.now)) "." }
            }
            @if kept.retired_at.is_none() {
                @if let Err(why) = Rule::of(rule.id, kept) {
                    p class="error" { span aria-hidden="true" { "▲ " } "This rule watches nothing here: " (sentence(&why.to_string())) }
                }
                (end(rule.id, &kept.words))
            }
        }
    }
}

fn end(rule: DocumentId, words: &str) -> Markup {
    html! {
        form method="post" action=(format!("/safety/rules/{rule}/retire")) {
            button class="danger" type="submit" { "End this rule" span class="visually-hidden" { ": " (words) } }
        }
    }
}

fn condition(rule: &FlagRule) -> String {
    let known = Instrument::offered().find(|one| one.id.as_str() == rule.measure);
    let measure = known.map_or(rule.measure.as_str(), |one| one.short_name);
    let item = rule.item.map(|item| format!(", item {item}"));
    format!(
        "{measure}{}: {} {}.",
        item.unwrap_or_default(),
        rule.when.label(),
        time::count(rule.points.into(), "point", "points")
    )
}

/// The form of who reads as it is set.
pub fn monitoring_form(set: Option<&Monitoring>) -> Form {
    let Some(set) = set else {
        return Form::default();
    };
    let form = Form::default()
        .with("zone", &*set.zone)
        .with("responsible", &*set.responsible);
    let form = WEEK.into_iter().fold(form, |form, (day, field, _)| {
        let hours = set.hours.get(day).map_or("", String::as_str);
        form.with(field, hours)
    });
    form.as_shown()
}

/// The form of the card as it stands.
pub fn card_form(card: Option<&SupportCard>) -> Form {
    let Some(card) = card else {
        return Form::default()
            .with("region", UNITED_STATES.region)
            .as_shown();
    };
    Form::default()
        .with("region", &*card.region)
        .with("clinic_number", &*card.clinic_number)
        .with("lines", typed(card.lines.iter().map(|(_, line)| line)))
        .as_shown()
}

/// Lines of the card as they are typed.
pub fn typed<'a>(lines: impl Iterator<Item = &'a SupportLine>) -> String {
    lines.map(typed_line).collect::<Vec<_>>().join("\n")
}

fn typed_line(line: &SupportLine) -> String {
    let how = match &line.how {
        LineKind::Web => "open",
        other => other.as_str(),
    };
    format!("{} {PARTS} {how} {PARTS} {}", line.label, line.number)
}
