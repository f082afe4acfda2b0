//! One entry: the whole text, when it was written and when it arrived, replies, and the review.

use companion_core::clinic::{PatientView, Shared};
use companion_core::domain::{
    DocumentId, DosingSession, Entry, ReadReceipt, Reply, Review, Visibility,
};
use companion_core::ports::Moment;
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::form::{self, Field};
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::patient;
use crate::view::rating;
use crate::view::sentence::capital;
use crate::view::session;
use crate::view::time;
use crate::view::timeline::{scope, waits};

/// An entry's own page.
#[derive(Clone, Debug)]
pub struct EntryPage {
    /// Whose.
    pub patient: PatientView,
    /// The entry's name.
    pub id: DocumentId,
    /// What may be shown of it.
    pub content: EntryContent,
}

/// What may be shown of an entry.
#[derive(Clone, Debug)]
pub enum EntryContent {
    /// It is shared.
    Shown(Box<ShownEntry>),
    /// It was withdrawn.
    Withdrawn {
        /// When.
        at: Moment,
    },
}

/// An entry with what the clinic did about it.
#[derive(Clone, Debug)]
pub struct ShownEntry {
    /// The entry itself.
    pub shared: Shared<Entry>,
    /// The session that it belongs to.
    pub session: Option<DosingSession>,
    /// Oldest first.
    pub replies: Vec<View<Reply>>,
    /// Who opened it, in which version; oldest first.
    pub receipts: Vec<ReadReceipt>,
    /// The newest mark of another version: the words were changed since.
    pub earlier_review: Option<Review>,
    /// The next newer entry.
    pub newer: Option<DocumentId>,
    /// The next older entry.
    pub older: Option<DocumentId>,
}

/// The page. `reply` is what was typed into the field for a reply.
pub fn page(frame: &Frame, page: &EntryPage, reply: &Field) -> Markup {
    let patient = &page.patient;
    let address = format!("/patients/{}/entries/{}", patient.id, page.id);
    let live = Live {
        about: patient.id.to_string(),
        path: address.clone(),
    };
    let title = match &page.content {
        EntryContent::Shown(shown) => heading(&shown.shared.view.content),
        EntryContent::Withdrawn { .. } => "Entry withdrawn",
    };
    layout::page(
        frame,
        &format!("{title} · {}", patient.record.name),
        NavItem::Caseload,
        Some(&live),
        &html! {
            (patient::banner(frame, patient, false))
            (neighbors(page))
            @match &page.content {
                EntryContent::Shown(shown) => (draw(frame, shown, reply, &address)),
                EntryContent::Withdrawn { at } => (withdrawn(frame, *at, reply)),
            }
        },
    )
}

fn heading(entry: &Entry) -> &str {
    if entry.title.is_empty() {
        "Entry without a title"
    } else {
        &entry.title
    }
}

/// Nothing of the entry; and what somebody was writing to it meanwhile is not thrown away.
fn withdrawn(frame: &Frame, at: Moment, reply: &Field) -> Markup {
    html! {
        article class="card" {
            h1 { "Entry withdrawn" }
            p { "The patient took this entry back " (time::at(at, frame.now)) ". Its text is not shown any more." }
            p class="quiet" { "The encrypted copy that arrived earlier stays in the clinic’s store." }
        }
        @if reply.error.is_some() {
            section class="card" aria-labelledby="unsent" {
                h2 id="unsent" { "Your reply was not sent" }
                (form::text("reply-unsent", "body", "What you wrote", "", reply))
            }
        }
    }
}

fn draw(frame: &Frame, shown: &ShownEntry, reply: &Field, address: &str) -> Markup {
    let entry = &shown.shared.view.content;
    html! {
        div class="reading" {
        article class="card entry-text" {
            p class="item-head" { span class="what" { (capital(entry.kind.label())) }
                @if entry.visibility == Visibility::TalkInSession {
                    span class="badge talk" { span aria-hidden="true" { "◖ " } (scope(entry.visibility)) }
                } @else { span class="quiet" { (scope(entry.visibility)) } }
            }
            h1 { (heading(entry)) }
            (facts(frame, shown))
            div class="words body" { (entry.body) }
            @if !entry.tags.is_empty() {
                ul class="feelings" aria-label="Tags" { @for tag in &entry.tags { li { (tag) } } }
            }
            (review(frame, shown, address))
            (opened(frame, shown))
        }
        (replies(frame, &shown.replies, reply, address))
        }
    }
}

fn facts(frame: &Frame, shown: &ShownEntry) -> Markup {
    let view = &shown.shared.view;
    let entry = &view.content;
    html! {
        dl class="facts" {
            div { dt { "Recorded" } dd { (time::at(entry.at, frame.now)) } }
            @if let Some(at) = view.edited_at { div { dt { "Changed" } dd { (time::at(at, frame.now)) } } }
            div { dt { "Received" } dd { (time::at(frame.here(view.received_ms), frame.now)) } }
            @if let Some(mood) = entry.mood { div { dt { "Mood then" } dd { (rating::mood(mood)) } } }
            @if let Some(session) = &shown.session {
                div { dt { "Session" } dd { (session::label(session)) ", " (time::day(session.at, frame.now)) } }
            }
        }
    }
}

/// The button keeps its id and place whichever way it stands, so that focus stays on it.
/// It names the version that is shown: a mark is for what somebody read.
fn review(frame: &Frame, shown: &ShownEntry, address: &str) -> Markup {
    let review = &shown.shared.review;
    let done = review.is_some();
    html! {
        form class="review-form" method="post" action=(format!("{address}/reviewed"))
            hx-post=(format!("{address}/reviewed")) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
            input type="hidden" name="reviewed" value=(if done { "no" } else { "yes" });
            input type="hidden" name="revision" value=(shown.shared.view.revision);
            button id="review" type="submit" class=(if done { "pressed" } else { "primary" }) {
                @if done { span aria-hidden="true" { "✓ " } "Reviewed" span class="undo" { " · take back" } }
                @else { span aria-hidden="true" { "○ " } "Mark reviewed" }
            }
            @if let Some(review) = review {
                span class="quiet" { "by " (review.by) ", " (time::at(review.at, frame.now)) }
            } @else if let Some(earlier) = &shown.earlier_review {
                span class="quiet" { "Changed since it was reviewed by " (earlier.by) ", " (time::at(earlier.at, frame.now)) "." }
            } @else {
                span class="quiet" { "Marks it for the whole care team. The patient does not see this." }
            }
        }
    }
}

fn opened(frame: &Frame, shown: &ShownEntry) -> Markup {
    let revision = &shown.shared.view.revision;
    let (these, earlier): (Vec<&ReadReceipt>, Vec<&ReadReceipt>) = shown
        .receipts
        .iter()
        .partition(|receipt| receipt.revision == *revision);
    html! {
        @if !these.is_empty() {
            p class="quiet" { "Opened by " (names(frame, &these)) ". The patient sees this." }
        }
        @if !earlier.is_empty() {
            p class="quiet" { "An earlier version was opened by " (names(frame, &earlier)) "." }
        }
    }
}

fn names(frame: &Frame, receipts: &[&ReadReceipt]) -> Markup {
    html! {
        @for (index, receipt) in receipts.iter().enumerate() {
            @if index > 0 { "; " }
            (receipt.by) " " (time::at(receipt.at, frame.now))
        }
    }
}

fn replies(frame: &Frame, replies: &[View<Reply>], reply: &Field, address: &str) -> Markup {
    // A fresh id after each reply: the sent text gives way to an empty field.
    let id = format!("reply-{}", replies.len());
    html! {
        section class="card" aria-labelledby="replies" {
            h2 id="replies" { "Replies" }
            @if replies.is_empty() { p class="quiet" { "None yet." } }
            @else {
                ol class="items" {
                    @for view in replies {
                        li class="item reply" {
                            p class="item-head" { span class="what" { (view.content.by) } (time::at(view.content.at, frame.now)) }
                            p class="words" { (view.content.body) }
                            (waits(view))
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

fn neighbors(page: &EntryPage) -> Markup {
    let patient = page.patient.id;
    let link = |id: &DocumentId| format!("/patients/{patient}/entries/{id}");
    let (newer, older) = match &page.content {
        EntryContent::Shown(shown) => (Some(&shown.newer), Some(&shown.older)),
        EntryContent::Withdrawn { .. } => (None, None),
    };
    html! {
        nav class="neighbors" aria-label="Entries" {
            @match newer {
                Some(Some(id)) => a rel="prev" href=(link(id)) { span aria-hidden="true" { "← " } "Newer entry" },
                Some(None) => span class="quiet" { "Newest entry" },
                None => {}
            }
            a href=(format!("/patients/{patient}?show=entries")) { "All entries" }
            @match older {
                Some(Some(id)) => a rel="next" href=(link(id)) { "Older entry" span aria-hidden="true" { " →" } },
                Some(None) => span class="quiet" { "Oldest entry" },
                None => {}
            }
        }
    }
}
