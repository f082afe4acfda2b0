//! A patient's page: who, how fresh, direction over time, and everything that was shared.

use maud::{Markup, html};

use crate::view::chart;
use crate::view::form::{self, Field, Line};
use crate::view::layout::{self, Live, NavItem};
use crate::view::model::{
    CheckInLine, DeviceLine, EntryLine, Frame, Pairing, PatientBanner, PatientPage, Phase,
    ReplyLine, TimelineItem,
};
use crate::view::step;
use crate::view::time;

/// Which part of the timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// Entries, withdrawn ones too.
    Entries,
    /// Check-ins.
    CheckIns,
    /// Replies from the care team.
    Replies,
}

impl Filter {
    const EACH: [Self; 4] = [Self::All, Self::Entries, Self::CheckIns, Self::Replies];

    /// The word in the address.
    pub const fn value(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Entries => "entries",
            Self::CheckIns => "check-ins",
            Self::Replies => "replies",
        }
    }

    /// Reads the word in the address; anything else shows all.
    pub fn from_value(value: &str) -> Self {
        Self::EACH
            .into_iter()
            .find(|filter| filter.value() == value)
            .unwrap_or_default()
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Entries => "Entries",
            Self::CheckIns => "Check-ins",
            Self::Replies => "Replies",
        }
    }

    fn takes(self, item: &TimelineItem) -> bool {
        match self {
            Self::All => true,
            Self::Entries => matches!(
                item,
                TimelineItem::Entry(_) | TimelineItem::Withdrawn { .. }
            ),
            Self::CheckIns => matches!(item, TimelineItem::CheckIn(_)),
            Self::Replies => matches!(item, TimelineItem::Reply(_)),
        }
    }
}

/// What was typed into the form that plans a session.
#[derive(Clone, Debug, Default)]
pub struct SessionForm {
    /// Its number.
    pub number: Field,
    /// `2026-12-01T10:00`, on the clinic's clock.
    pub at: Field,
    /// Note for the patient.
    pub note: Field,
}

impl SessionForm {
    /// Whether something in it is wrong.
    pub fn is_wrong(&self) -> bool {
        [&self.number, &self.at, &self.note]
            .iter()
            .any(|field| field.error.is_some())
    }
}

/// The page.
pub fn page(frame: &Frame, patient: &PatientPage, filter: Filter, form: &SessionForm) -> Markup {
    let live = Live {
        about: patient.banner.id.clone(),
        path: format!("/patients/{}?show={}", patient.banner.id, filter.value()),
    };
    layout::page(
        frame,
        &patient.banner.name,
        NavItem::Caseload,
        Some(&live),
        &html! {
            (banner(frame, &patient.banner, true))
            div class="columns" {
                div {
                    section class="card" aria-labelledby="over-time" {
                        h2 id="over-time" { "Over time" }
                        (chart::over_time(&patient.check_ins, &patient.sessions, frame.now))
                    }
                    section class="card" aria-labelledby="course" {
                        h2 id="course" { "Course of care" }
                        (phase(&patient.banner))
                        (sessions(frame, patient, form))
                        (devices(frame, patient))
                    }
                }
                section class="timeline" aria-labelledby="timeline" {
                    h2 id="timeline" { "Timeline" }
                    (timeline(frame, patient, filter))
                }
            }
        },
    )
}

/// Name, phase, what is shared, how fresh. Pages below a patient's carry it too.
pub fn banner(frame: &Frame, banner: &PatientBanner, own_page: bool) -> Markup {
    let address = format!("/patients/{}", banner.id);
    html! {
        section class="banner" aria-label="Patient" {
            div class="banner-name" {
                @if own_page { h1 { (banner.name) } }
                @else { p class="h1" { a href=(address) { (banner.name) } } }
                @if !banner.pronouns.is_empty() { span class="quiet" { (banner.pronouns) } }
                span class="phase" { (banner.phase.word()) }
            }
            p { "You see what " (banner.name) " chose to share, and nothing else. Private entries never reach the clinic." }
            p class="fresh" {
                @match banner.pairing {
                    Pairing::Paired => {}
                    Pairing::CompareWords => a class="badge act" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "◆ " } "A phone joined: compare the words" },
                    Pairing::Waiting => a class="badge calm" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "◇ " } "Invitation open" },
                    Pairing::None => a class="badge calm" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "× " } "No invitation" },
                }
                @match banner.last_received {
                    Some(at) => { " Last received " (time::since(at, frame.now)) span class="quiet" { " (" (time::when(at, frame.now)) ")" } },
                    None => { " Nothing received yet." }
                }
            }
        }
    }
}

fn timeline(frame: &Frame, patient: &PatientPage, filter: Filter) -> Markup {
    let items: Vec<&TimelineItem> = patient
        .timeline
        .iter()
        .filter(|item| filter.takes(item))
        .collect();
    html! {
        nav class="tabs" aria-label="Part of the timeline" {
            @for each in Filter::EACH {
                @let number = patient.timeline.iter().filter(|item| each.takes(item)).count();
                a href=(format!("/patients/{}?show={}#timeline", patient.banner.id, each.value()))
                    aria-current=[(each == filter).then_some("true")] {
                    (each.word()) " " span class="number" { (number) }
                }
            }
        }
        @if items.is_empty() {
            p class="quiet" { "Nothing here yet." }
        } @else {
            ol class="items" {
                @for item in items { (self::item(frame, &patient.banner.id, item)) }
            }
        }
    }
}

fn item(frame: &Frame, patient: &str, item: &TimelineItem) -> Markup {
    match item {
        TimelineItem::Entry(entry) => self::entry(frame, patient, entry),
        TimelineItem::CheckIn(check_in) => self::check_in(frame, check_in),
        TimelineItem::Reply(reply) => self::reply(frame, patient, reply),
        TimelineItem::Withdrawn { at } => html! {
            li class="item withdrawn" {
                p class="item-head" { span class="what" { "Entry withdrawn" } (time::at(*at, frame.now)) }
                p class="quiet" { "The patient took this entry back. Its text is not shown any more." }
            }
        },
        TimelineItem::Session(session) => html! {
            li class="item session" {
                p class="item-head" { span class="what" { "Dosing session " (session.label()) } (time::at(session.at, frame.now)) }
                @if !session.note.is_empty() { p class="words" { (session.note) } }
            }
        },
    }
}

fn entry(frame: &Frame, patient: &str, entry: &EntryLine) -> Markup {
    html! {
        li class=(if entry.unread { "item entry waiting" } else { "item entry" }) id=(format!("entry-{}", entry.id)) {
            p class="item-head" { span class="what" { (entry.kind) } (time::at(entry.at, frame.now)) }
            h3 { a href=(format!("/patients/{patient}/entries/{}", entry.id)) {
                @if entry.title.is_empty() { "Entry without a title" } @else { (entry.title) }
            } }
            p class="words" { (entry.excerpt) }
            p class="signs" {
                @if entry.unread { span class="badge unread" { span aria-hidden="true" { "● " } "Unread" } }
                @if entry.reviewed { span class="badge done" { span aria-hidden="true" { "✓ " } "Reviewed" } }
                @else { span class="badge review" { span aria-hidden="true" { "○ " } "To review" } }
                @if entry.scope == crate::view::model::Scope::TalkInSession {
                    span class="badge talk" { span aria-hidden="true" { "◖ " } (entry.scope.words()) }
                }
                @if let Some(mood) = entry.mood { (step::mood(mood)) }
                @if entry.replies > 0 { span { (time::count(entry.replies, "reply", "replies")) } }
            }
        }
    }
}

fn check_in(frame: &Frame, check_in: &CheckInLine) -> Markup {
    html! {
        li class="item check-in" {
            p class="item-head" { span class="what" { "Check-in" } (time::at(check_in.at, frame.now)) }
            p { (step::mood(check_in.valence))
                @for (name, value) in [("energy", check_in.energy), ("anxiety", check_in.anxiety), ("sleep", check_in.sleep)] {
                    @if let Some(value) = value { span class="quiet" { " · " (name) " " (value) } }
                }
            }
            @if !check_in.feelings.is_empty() {
                ul class="feelings" aria-label="Feelings" { @for feeling in &check_in.feelings { li { (feeling) } } }
            }
            @if !check_in.note.is_empty() { p class="words" { (check_in.note) } }
        }
    }
}

fn reply(frame: &Frame, patient: &str, reply: &ReplyLine) -> Markup {
    html! {
        li class="item reply" {
            p class="item-head" { span class="what" { "Reply from " (reply.by) } (time::at(reply.at, frame.now)) }
            @if let Some(about) = &reply.about {
                p class="quiet" { "About " a href=(format!("/patients/{patient}/entries/{about}")) {
                    @if reply.about_title.is_empty() { "an entry without a title" } @else { (reply.about_title) }
                } }
            }
            p class="words" { (reply.body) }
            (waits(reply))
        }
    }
}

/// Says so while a reply has not left the clinic yet.
pub fn waits(reply: &ReplyLine) -> Markup {
    html! {
        @if !reply.sent {
            p class="quiet" { span aria-hidden="true" { "◔ " } "Not sent yet: it waits here until the sync server can be reached." }
        }
    }
}

fn phase(banner: &PatientBanner) -> Markup {
    let options: Vec<(&str, &str)> = Phase::ALL
        .iter()
        .map(|phase| (phase.value(), phase.word()))
        .collect();
    html! {
        form class="inline" method="post" action=(format!("/patients/{}/phase", banner.id)) {
            (form::choice("phase", "Phase", &options, &Field::of(banner.phase.value())))
            button type="submit" { "Set phase" }
        }
    }
}

fn sessions(frame: &Frame, patient: &PatientPage, form: &SessionForm) -> Markup {
    html! {
        div class="part" {
            h3 { "Dosing sessions" }
            @if patient.sessions.is_empty() { p class="quiet" { "None planned." } }
            @else {
                ul class="plainly" {
                    @for session in &patient.sessions {
                        li { strong { (session.label()) } " " (time::at(session.at, frame.now))
                            @if !session.note.is_empty() { span class="quiet" { " · " (session.note) } }
                        }
                    }
                }
            }
            details open[form.is_wrong()] {
                summary { "Add a session" }
                form method="post" action=(format!("/patients/{}/sessions", patient.banner.id)) {
                    (form::line(Line { name: "number", label: "Number", kind: "number", required: true, ..Line::default() }, &form.number))
                    (form::line(Line { name: "at", label: "Day and time", hint: "On the clinic’s clock.", kind: "datetime-local", required: true, ..Line::default() }, &form.at))
                    (form::line(Line { name: "note", label: "Note", hint: "The patient sees this.", ..Line::default() }, &form.note))
                    button type="submit" { "Add session" }
                }
            }
        }
    }
}

fn devices(frame: &Frame, patient: &PatientPage) -> Markup {
    html! {
        div class="part" {
        h3 { "Phones" }
        @if patient.devices.is_empty() { p class="quiet" { "No phone is paired." } }
        ul class="plainly" {
            @for device in &patient.devices { (self::device(frame, &patient.banner.id, device)) }
        }
        p { a href=(format!("/patients/{}/invitation", patient.banner.id)) { "Invitation" } }
        }
    }
}

fn device(frame: &Frame, patient: &str, device: &DeviceLine) -> Markup {
    html! {
        li {
            span { (device.name) }
            @if let Some(since) = device.since { span class="quiet" { " · since " (time::day(since, frame.now)) } }
            @if device.removed {
                span class="badge calm" { span aria-hidden="true" { "× " } "Removed" }
            } @else {
                details {
                    summary { "Remove this phone" span class="visually-hidden" { ": " (device.name) } }
                    p { "It will receive nothing that is written from now on. It keeps what it has already received." }
                    form method="post" action=(format!("/patients/{patient}/devices/{}/remove", device.id)) {
                        button class="danger" type="submit" { "Remove " (device.name) }
                    }
                }
            }
        }
    }
}
