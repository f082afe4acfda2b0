//! One entry: the whole text, when it was written and when it arrived, replies, and the review.

use maud::{Markup, html};

use crate::view::form::{self, Field};
use crate::view::layout::{self, Live, NavItem};
use crate::view::model::{EntryContent, EntryPage, EntryText, Frame, Scope};
use crate::view::patient;
use crate::view::step;
use crate::view::time;

/// The page.
pub fn page(frame: &Frame, entry: &EntryPage, reply: &Field) -> Markup {
    let address = format!("/patients/{}/entries/{}", entry.patient.id, entry.id);
    let live = Live {
        about: entry.patient.id.clone(),
        path: address.clone(),
    };
    let title = match &entry.content {
        EntryContent::Shown(text) => heading(text).to_owned(),
        EntryContent::Withdrawn { .. } => "Entry withdrawn".to_owned(),
    };
    layout::page(
        frame,
        &format!("{title} · {}", entry.patient.name),
        NavItem::Caseload,
        Some(&live),
        &html! {
            (patient::banner(frame, &entry.patient, false))
            (neighbors(entry))
            @match &entry.content {
                EntryContent::Shown(text) => (shown(frame, entry, text, reply, &address)),
                EntryContent::Withdrawn { at } => {
                    article class="card" {
                        h1 { "Entry withdrawn" }
                        p { "The patient took this entry back " (time::at(*at, frame.now)) ". Its text is not shown any more." }
                        p class="quiet" { "The encrypted copy that arrived earlier stays in the clinic’s store." }
                    }
                }
            }
        },
    )
}

fn heading(text: &EntryText) -> &str {
    if text.title.is_empty() {
        "Entry without a title"
    } else {
        &text.title
    }
}

fn shown(
    frame: &Frame,
    entry: &EntryPage,
    text: &EntryText,
    reply: &Field,
    address: &str,
) -> Markup {
    html! {
        div class="reading" {
        article class="card entry-text" {
            p class="item-head" { span class="what" { (text.kind) }
                @if text.scope == Scope::TalkInSession {
                    span class="badge talk" { span aria-hidden="true" { "◖ " } (text.scope.words()) }
                } @else { span class="quiet" { (text.scope.words()) } }
            }
            h1 { (heading(text)) }
            (facts(frame, text))
            div class="words body" { (text.body) }
            @if !text.tags.is_empty() {
                ul class="feelings" aria-label="Tags" { @for tag in &text.tags { li { (tag) } } }
            }
            (review(frame, entry, address))
        }
        (replies(frame, entry, reply, address))
        }
    }
}

fn facts(frame: &Frame, text: &EntryText) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "Recorded" } dd { (time::at(text.at, frame.now)) } }
            @if let Some(at) = text.edited_at { div { dt { "Changed" } dd { (time::at(at, frame.now)) } } }
            div { dt { "Received" } dd {
                @match text.received_at { Some(at) => (time::at(at, frame.now)), None => "time not known" }
            } }
            @if let Some(mood) = text.mood { div { dt { "Mood then" } dd { (step::mood(mood)) } } }
            @if let Some(session) = &text.session {
                div { dt { "Session" } dd { (session.label()) ", " (time::day(session.at, frame.now)) } }
            }
        }
    }
}

/// The button keeps its id and place whichever way it stands, so that focus stays on it.
fn review(frame: &Frame, entry: &EntryPage, address: &str) -> Markup {
    let done = entry.reviewed.is_some();
    html! {
        form class="review-form" method="post" action=(format!("{address}/reviewed"))
            hx-post=(format!("{address}/reviewed")) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
            input type="hidden" name="reviewed" value=(if done { "no" } else { "yes" });
            button id="review" type="submit" class=(if done { "pressed" } else { "primary" }) {
                @if done { span aria-hidden="true" { "✓ " } "Reviewed" span class="undo" { " · take back" } }
                @else { span aria-hidden="true" { "○ " } "Mark reviewed" }
            }
            @if let Some(reviewed) = &entry.reviewed {
                span class="quiet" { "by " (reviewed.by) ", " (time::at(reviewed.at, frame.now)) }
            } @else {
                span class="quiet" { "Marks it for the whole care team. The patient does not see this." }
            }
        }
        @if !entry.openings.is_empty() {
            p class="quiet" { "Opened by "
                @for (index, opening) in entry.openings.iter().enumerate() {
                    @if index > 0 { "; " }
                    (opening.by) " " (time::at(opening.at, frame.now))
                }
                ". The patient sees this."
            }
        }
    }
}

fn replies(frame: &Frame, entry: &EntryPage, reply: &Field, address: &str) -> Markup {
    // A fresh id after each reply: the sent text gives way to an empty field.
    let id = format!("reply-{}", entry.replies.len());
    html! {
        section class="card" aria-labelledby="replies" {
            h2 id="replies" { "Replies" }
            @if entry.replies.is_empty() { p class="quiet" { "None yet." } }
            @else {
                ol class="items" {
                    @for reply in &entry.replies {
                        li class="item reply" {
                            p class="item-head" { span class="what" { (reply.by) } (time::at(reply.at, frame.now)) }
                            p class="words" { (reply.body) }
                            (patient::waits(reply))
                        }
                    }
                }
            }
            form method="post" action=(format!("{address}/reply"))
                hx-post=(format!("{address}/reply")) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
                (form::text(&id, "body", "Reply to the patient",
                    "Goes to the patient’s phone under your name. It is part of the record.", reply))
                button id="reply-send" class="primary" type="submit" { "Send reply" }
            }
        }
    }
}

fn neighbors(entry: &EntryPage) -> Markup {
    let link = |id: &str| format!("/patients/{}/entries/{id}", entry.patient.id);
    html! {
        nav class="neighbors" aria-label="Entries" {
            @match &entry.newer {
                Some(id) => a rel="prev" href=(link(id)) { span aria-hidden="true" { "← " } "Newer entry" },
                None => span class="quiet" { "Newest entry" }
            }
            a href=(format!("/patients/{}?show=entries", entry.patient.id)) { "All entries" }
            @match &entry.older {
                Some(id) => a rel="next" href=(link(id)) { "Older entry" span aria-hidden="true" { " →" } },
                None => span class="quiet" { "Oldest entry" }
            }
        }
    }
}
