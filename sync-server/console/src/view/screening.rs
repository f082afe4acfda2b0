//! The checklist of contraindications: what was found of each item, by whom and when, and the forms that write
//! it down. Nothing is concluded here: the outcome is a person's.

use companion_core::clinic::PatientView;
use companion_core::domain::screening::{Finding, FindingStep, is_group};
use companion_core::domain::{DocumentId, ItemId, Screening};
use companion_core::records::Seen;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::newer;
use crate::view::patient::banner;
use crate::view::time;

/// Nothing is chosen beforehand: no finding is written down by pressing a button unread.
const FINDINGS: [(&str, &str); 4] = [
    ("", "Choose …"),
    (Finding::Absent.as_str(), label(Finding::Absent)),
    (Finding::Present.as_str(), label(Finding::Present)),
    (Finding::NeedsReview.as_str(), label(Finding::NeedsReview)),
];

/// The forms of the page.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Writes a finding down: `item`, `finding` and `note`.
    pub finding: Form,
    /// Asks one thing more: `label`.
    pub item: Form,
}

/// Where a patient's checklist is.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/screening")
}

/// The field that tells what was shown of an item where a finding is written down.
pub fn seen_of(item: ItemId) -> String {
    format!("{}_{item}", form::SEEN)
}

const fn label(finding: Finding) -> &'static str {
    match finding {
        Finding::Absent => "Not there",
        Finding::Present => "There",
        Finding::NeedsReview => "Somebody has to look closer",
    }
}

/// A tick is for what speaks against nothing.
const fn mark(finding: Finding) -> &'static str {
    match finding {
        Finding::Absent => "✓ ",
        Finding::Present => "! ",
        Finding::NeedsReview => "◇ ",
    }
}

/// In a line: how far the checklist is, and what was found there. A statement: it bars nothing.
pub fn said(list: Option<&Screening>) -> Markup {
    let there = list.map(Screening::found_there).unwrap_or_default();
    html! {
        (how_far(list))
        @if !there.is_empty() {
            " " strong { span aria-hidden="true" { "! " } "There: "
                @for (n, (_, item)) in there.iter().enumerate() { @if n > 0 { ", " } bdi { (item.label) } } "." }
        }
    }
}

fn how_far(list: Option<&Screening>) -> String {
    let Some(list) = list else {
        return "Nobody has gone through it yet.".to_owned();
    };
    let (open, all) = (list.open_items().len(), list.items.len());
    match open {
        0 => format!("All {all} items were looked at."),
        open => format!(
            "{} of {all} open.",
            time::count(open as u64, "item", "items")
        ),
    }
}

/// The page. Without a checklist the three groups are shown, of which nobody has looked at any.
pub fn page(frame: &Frame, patient: &PatientView, list: &Screening, forms: &Forms) -> Markup {
    layout::page(
        frame,
        "Screening",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            (newer::said(frame, &patient.unreadable))
            div class="columns" {
                section class="card" {
                    h1 { "Screening" }
                    p { "What speaks against a programme, item by item: what was found, by whom and when. The patient "
                        "sees all of it. Nothing is concluded from it here: the outcome is yours to give." }
                    ul class="items" { @for (id, item) in list.items.iter() {
                        (one(frame, patient.id, list, id, &item.label))
                    } }
                }
                div {
                    (finding(frame, patient.id, list, &forms.finding))
                    (more(frame, patient.id, &forms.item))
                }
            }
        },
    )
}

fn one(frame: &Frame, patient: DocumentId, list: &Screening, id: ItemId, item: &str) -> Markup {
    let looks: Vec<&FindingStep> = list
        .findings
        .iter()
        .map(|(_, step)| step)
        .filter(|step| step.item == id)
        .collect();
    html! {
        li class="item" {
            p class="item-head" { strong dir="auto" { (item) } }
            @match looks.split_last() {
                None => p { span aria-hidden="true" { "◇ " } "Open: nobody has looked at it." },
                Some((last, before)) => {
                    p { (found(frame, last)) }
                    @if !before.is_empty() {
                        details {
                            summary { (time::count(before.len() as u64, "earlier look", "earlier looks"))
                                span class="visually-hidden" { " at " (item) } }
                            ul class="plainly" { @for look in before.iter().rev() { li { (found(frame, look)) } } }
                        }
                    }
                }
            }
            @if !is_group(id) {
                form class="inline" method="post" action=(format!("{}/items/{id}/remove", address(patient))) {
                    (form::seen(&list.looked_at(id)))
                    button class="quietly" type="submit" { "Ask this no more" span class="visually-hidden" { ": " (item) } }
                }
            }
        }
    }
}

fn found(frame: &Frame, look: &FindingStep) -> Markup {
    html! {
        span aria-hidden="true" { (mark(look.finding)) }
        strong { (label(look.finding)) } ", found by " (name(&look.by)) " "
        span class="quiet" { (time::when(look.at, frame.now)) }
        @if !look.note.is_empty() { ": " span dir="auto" { (look.note) } }
    }
}

fn finding(frame: &Frame, patient: DocumentId, list: &Screening, form: &Form) -> Markup {
    let place = format!("{}/findings", address(patient));
    let items: Vec<(String, &str)> = list
        .items
        .iter()
        .map(|(id, item)| (id.to_string(), &*item.label))
        .collect();
    let first = [("", "Choose …")].into_iter();
    let items: Vec<(&str, &str)> = first
        .chain(items.iter().map(|(id, label)| (&**id, *label)))
        .collect();
    html! {
        section class="card" aria-labelledby="write-down" {
            h2 id="write-down" { "Write down a finding" }
            p class="hint" { "Each look is kept with your name and the time. The last one of an item stands: to put a finding right, write down another one." }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                @for (id, _) in list.items.iter() {
                    input type="hidden" name=(seen_of(id)) value=(Seen::of(&list.looked_at(id)));
                }
                (form::choice("item", "Item", &items, &form.field("item")))
                (form::choice("finding", "What was found", &FINDINGS, &form.field("finding")))
                (form::optional_text("note", "Note", "The patient sees this.", &form.field("note")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Write it down" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

fn more(frame: &Frame, patient: DocumentId, form: &Form) -> Markup {
    let place = format!("{}/items", address(patient));
    html! {
        section class="card" aria-labelledby="ask-more" {
            h2 id="ask-more" { "Ask one thing more" }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::line(Line { name: "label", label: "What it is about", hint: "The patient sees this.", required: true, ..Line::default() }, &form.field("label")))
                (form::keeping(form.is_kept()))
                button type="submit" { "Add the item" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}
