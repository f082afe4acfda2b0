//! The page of something that a patient shared: all of it, when it was written and when it arrived, what the
//! care team noted, and replies.

mod said;

use companion_core::clinic::{Measured, Medicines, PatientView, Shared};
use companion_core::domain::{
    CheckIn, DocumentId, DosingSession, Entry, Rating, ReadReceipt, RecordSection, Reply, Scale,
    SessionPreparation,
};
use companion_core::ports::Moment;
use companion_core::records::{AttachmentView, View, Written};
use maud::{Markup, html};

use crate::view::apart;
use crate::view::attachments;
use crate::view::form::{self, Field};
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::marks;
use crate::view::medicines;
use crate::view::name::name;
use crate::view::patient;
use crate::view::preparation;
use crate::view::rating;
use crate::view::response;
use crate::view::safety_plan;
use crate::view::sentence::capital;
use crate::view::session;
use crate::view::shelf::{Shelf, Stands, Thing};
use crate::view::time;
use crate::view::timeline::waits;
use crate::view::wordings;
use crate::view::written;

/// The page of something that was shared.
#[derive(Clone, Debug)]
pub struct SharedPage {
    /// Whose.
    pub patient: PatientView,
    /// Its name.
    pub id: DocumentId,
    /// Where it stands.
    pub shelf: Shelf,
    /// What may be shown of it.
    pub content: SharedContent,
}

/// What may be shown.
#[derive(Clone, Debug)]
pub enum SharedContent {
    /// It is shared.
    Shown(Box<Shown>),
    /// It was withdrawn.
    Withdrawn {
        /// When.
        at: Moment,
    },
}

/// Something shared, with what the clinic did about it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The thing itself.
    pub shared: Shared<Thing>,
    /// What stands beside it.
    pub beside: Beside,
    /// Of what both sides write: who wrote it, the newest change first.
    pub written: Vec<Written>,
    /// The session that it belongs to.
    pub session: Option<DosingSession>,
    /// Oldest first.
    pub replies: Vec<View<Reply>>,
    /// Who opened it, in which version; oldest first.
    pub receipts: Vec<ReadReceipt>,
    /// The next newer one of its kind.
    pub newer: Option<DocumentId>,
    /// The next older one of its kind.
    pub older: Option<DocumentId>,
}

/// What is known of some kinds besides what they say.
#[derive(Clone, Debug)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// Of an answer to a measure, how it stands to the baseline.
    Measured(Box<Measured>),
    /// Of a list of medicines, who reviewed it.
    Medicines(Box<Medicines>),
    /// Of an entry, the recordings and pictures that hang on it.
    Attachments(Vec<AttachmentView>),
    /// Of a preparation, what all phones said for its session together.
    Prepared(Box<SessionPreparation>),
}

impl SharedPage {
    /// Where it stands.
    pub fn address(&self) -> String {
        self.shelf.address(self.patient.id, self.id)
    }
}

/// The page. `reply` is what was typed into the field for a reply.
pub fn page(frame: &Frame, page: &SharedPage, reply: &Field) -> Markup {
    let patient = &page.patient;
    let address = page.address();
    let live = Live {
        about: patient.id.to_string(),
        path: address.clone(),
    };
    let gone = format!("{} withdrawn", capital(page.shelf.one()));
    let title = match &page.content {
        SharedContent::Shown(shown) => shown.shared.view.content.heading(),
        SharedContent::Withdrawn { .. } => &gone,
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
                SharedContent::Shown(shown) => (draw(frame, page, shown, reply)),
                SharedContent::Withdrawn { at } => (withdrawn(frame, page, *at, reply)),
            }
        },
    )
}

/// Nothing of what it said; and what somebody was writing to it meanwhile is not thrown away.
fn withdrawn(frame: &Frame, page: &SharedPage, at: Moment, reply: &Field) -> Markup {
    let (one, place) = (page.shelf.one(), format!("{}/reply", page.address()));
    html! {
        article class="card" {
            h1 { (capital(one)) " withdrawn" }
            p { "The patient took this " (one) " back " (time::at(at, frame.now)) ". What it said is not shown any more." }
            p class="quiet" { "The encrypted copy that arrived earlier stays in the clinic’s store." }
        }
        @if reply.error.is_some() || !reply.value.is_empty() {
            section class="card" aria-labelledby="unsent" {
                h2 id="unsent" { "Your reply was not sent" }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    (form::text("reply-unsent", "body", "What you wrote",
                        "A reply to what was taken back can’t be sent. Copy your words if you need them.", reply))
                    (form::keeping(reply.is_kept))
                }
                (form::discard(&place, reply.is_kept))
            }
        }
    }
}

fn draw(frame: &Frame, page: &SharedPage, shown: &Shown, reply: &Field) -> Markup {
    let (shared, address) = (&shown.shared, &page.address());
    let thing = &shared.view.content;
    html! {
        div class="reading" {
        article class="card entry-text" {
            p class="item-head" {
                @if let Thing::Entry(entry) = thing { span class="what" { (capital(entry.kind.label())) } }
                @if !shared.is_to_talk_about && shared.talked_about.is_none() { span class="quiet" { (marks::scope(thing.visibility())) } }
            }
            h1 dir="auto" { (thing.heading()) }
            @let badges = marks::badges(frame, shared);
            @if !badges.0.is_empty() { p class="signs" { (badges) } }
            (facts(frame, shown))
            (written::draw(frame, &shown.written))
            (apart::draw(frame, &shared.view.apart, apart::Chooser::of(&page.shelf.kind(), &wordings::place(Some(page.patient.id), page.id), &shared.view.revision)))
            (content(frame, page, shown))
            (marks::talk(frame, shared, thing.visibility(), address))
            @match &shown.beside {
                Beside::Medicines(who) => (medicines::review(frame, who, &shared.view.revision, address)),
                _ => { @if page.shelf.is_reviewed() { (marks::review(frame, shared, address)) } }
            }
            (marks::opened(frame, shared, &shown.receipts))
        }
        (replies(frame, &shown.replies, reply, address))
        }
    }
}

fn content(frame: &Frame, page: &SharedPage, shown: &Shown) -> Markup {
    match &shown.shared.view.content {
        Thing::Entry(entry) => html! {
            (entry_text(entry))
            @if let Beside::Attachments(all) = &shown.beside { (attachments::all(&page.address(), all)) }
        },
        Thing::CheckIn(check_in) => answers(check_in),
        Thing::Response(one) => match &shown.beside {
            Beside::Measured(measured) => response::draw(frame, one, Some(measured)),
            _ => response::draw(frame, one, None),
        },
        Thing::UseCheck(one) => said::use_check(one),
        Thing::Commitment(one) => said::commitment(one),
        Thing::NextSessionItem(one) => said::line(one),
        Thing::Intention(one) => said::intention(one),
        Thing::AnythingNew(one) => said::news(one),
        Thing::ContactRequest(one) => said::contact(frame, one),
        Thing::SafetyPlan(plan) => safety_plan::draw(page.patient.id, page.id, plan),
        Thing::MedicationList(list) => medicines::draw(frame, list),
        Thing::AssessmentSection(one) => said::section(one),
        Thing::Goal(one) => said::goal(one),
        Thing::SessionPreparation(one) => {
            let session = shown.session.as_ref();
            match &shown.beside {
                Beside::Prepared(together) => preparation::draw(frame, together, session),
                _ => preparation::draw(frame, one, session),
            }
        }
    }
}

fn entry_text(entry: &Entry) -> Markup {
    html! {
        div class="words body" dir="auto" { (entry.body) }
        @if !entry.tags.is_empty() {
            ul class="feelings" aria-label="Tags" { @for tag in &entry.tags { li dir="auto" { (tag) } } }
        }
    }
}

fn answers(check_in: &CheckIn) -> Markup {
    let answers =
        [Scale::Energy, Scale::Anxiety, Scale::Sleep].map(|scale| (scale, check_in.rating(scale)));
    html! {
        dl class="facts given" {
            div { dt { "Mood" } dd { (rating::mood(check_in.valence)) } }
            @for (scale, answer) in answers {
                @if let Some(answer) = answer {
                    div { dt { (scale.name()) } dd { (Rating::number(answer)) " of 7 · " (scale.label(answer)) } }
                }
            }
        }
        @if !check_in.feelings.is_empty() {
            ul class="feelings" aria-label="Feelings" { @for feeling in &check_in.feelings { li dir="auto" { (feeling) } } }
        }
        @if check_in.note.is_empty() { p class="quiet" { "No note." } }
        @else { div class="words body" dir="auto" { (check_in.note) } }
    }
}

fn facts(frame: &Frame, shown: &Shown) -> Markup {
    let view = &shown.shared.view;
    let at = view.content.at();
    html! {
        dl class="facts" {
            div { dt { "Recorded" } dd {
                @if view.clock_ahead {
                    "not known: the phone’s clock was ahead (it said " (time::at(at, frame.now)) ")"
                } @else { (time::at(at, frame.now)) }
            } }
            @if let Some(at) = view.edited_at { div { dt { "Changed" } dd { (time::at(at, frame.now)) } } }
            div { dt { "Received" } dd { (time::at(frame.here(view.received_ms), frame.now)) } }
            @if let Some(mood) = mood_then(&view.content) {
                div { dt { "Mood then" } dd { (rating::mood(mood)) } }
            }
            @if let Some(session) = shown.session.as_ref().filter(|_| frame.shows(RecordSection::Programme)) {
                div { dt { "Session" } dd { (session::label(session)) ", " (time::day(session.at, frame.now)) } }
            }
        }
    }
}

fn replies(frame: &Frame, replies: &[View<Reply>], reply: &Field, address: &str) -> Markup {
    // A fresh id after each reply of one's own: the sent text gives way to an empty field. A colleague's
    // reply takes nobody's words away.
    let own = |view: &&View<Reply>| Some(&view.content.by) == frame.viewer.as_ref();
    let id = format!("reply-{}", replies.iter().filter(own).count());
    let place = format!("{address}/reply");
    html! {
        section class="card" aria-labelledby="replies" {
            h2 id="replies" { "Replies" }
            @if replies.is_empty() { p class="quiet" { "None yet." } }
            @else {
                ol class="items" {
                    @for view in replies {
                        li class="item reply" {
                            p class="item-head" { span class="what" { (name(&view.content.by)) } (time::at(view.content.at, frame.now)) }
                            p class="words" dir="auto" { (view.content.body) }
                            (waits(view))
                        }
                    }
                }
            }
            form method="post" action=(place) data-draft=(place)
                hx-post=(place) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
                (form::once(frame))
                (form::text(&id, "body", "Reply to the patient",
                    "Goes to the patient’s phone under your name. It is part of the record.", reply))
                (form::keeping(reply.is_kept))
                button id="reply-send" class="primary" type="submit" { "Send reply" }
            }
            (form::discard(&place, reply.is_kept))
        }
    }
}

fn mood_then(thing: &Thing) -> Option<Rating> {
    match thing {
        Thing::Entry(entry) => entry.mood,
        _ => None,
    }
}

fn neighbors(page: &SharedPage) -> Markup {
    let (patient, shelf) = (page.patient.id, page.shelf);
    let link = |id: &DocumentId| shelf.address(patient, *id);
    let (newer, older) = match &page.content {
        SharedContent::Shown(shown) => (Some(&shown.newer), Some(&shown.older)),
        SharedContent::Withdrawn { .. } => (None, None),
    };
    let (one, many) = (shelf.one(), shelf.many());
    let all = match shelf.stands() {
        Stands::InTimeline => format!("/patients/{patient}?show={}", shelf.as_str()),
        Stands::AmongDocuments => format!("/patients/{patient}#documents"),
        Stands::WithSession => format!("/patients/{patient}#course"),
    };
    html! {
        nav class="neighbors" aria-label=(many) {
            @match newer {
                Some(Some(id)) => a rel="prev" href=(link(id)) { span aria-hidden="true" { "← " } "Newer " (one) },
                Some(None) => span class="quiet" { "Newest " (one) },
                None => {}
            }
            a href=(all) { @match shelf.stands() {
                Stands::InTimeline => { "All " (many.to_lowercase()) },
                Stands::AmongDocuments => "All documents",
                Stands::WithSession => "All sessions",
            } }
            @match older {
                Some(Some(id)) => a rel="next" href=(link(id)) { "Older " (one) span aria-hidden="true" { " →" } },
                Some(None) => span class="quiet" { "Oldest " (one) },
                None => {}
            }
        }
    }
}
