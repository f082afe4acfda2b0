//! All dates of a patient: the whole programme in one line, and visits with the forms that plan, move and
//! call them off.

use companion_core::clinic::PatientView;
use companion_core::domain::timeline::{State, Step, What, When, before_now};
use companion_core::domain::visit::{USUAL_LENGTH, VisitPurpose, VisitWay};
use companion_core::domain::{DocumentId, Visit};
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::calendar;
use crate::view::form::{self, Field, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::session;
use crate::view::time;

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct Dates {
    /// Who.
    pub patient: PatientView,
    /// The line, the earliest first.
    pub line: Vec<Step>,
    /// All visits by time, those that were called off among them.
    pub visits: Vec<View<Visit>>,
    /// The visit that could not be moved just now, with the form of it: `at`.
    pub moved: Option<(DocumentId, Form)>,
}

impl Dates {
    /// Whether a visit can't be moved or put back: the programme has ended, and it is no follow-up.
    fn stays_off(&self, visit: &Visit) -> bool {
        self.patient.programme_has_ended() && visit.purpose != VisitPurpose::FollowUp
    }
}

/// Where the page is.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/dates")
}

/// The form of a new visit, before anybody typed: `purpose`, `at` (`2026-12-01T10:00`, on the clinic's
/// clock), `minutes`, `way`, `with`, `place`, `address`, `contact` and `note`.
pub fn new_visit() -> Form {
    Form::default()
        .with("purpose", VisitPurpose::Integration.as_str())
        .with("way", VisitWay::InPerson.as_str())
        .with("minutes", USUAL_LENGTH.0.to_string())
}

/// The page.
pub fn page(frame: &Frame, dates: &Dates, form: &Form) -> Markup {
    layout::page(
        frame,
        "All dates",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, &dates.patient, false))
            h1 { "All dates" }
            p { a href=(calendar::PAGE) { "Your calendar feed" } }
            div class="columns" {
                section class="card" aria-labelledby="visits" {
                    h2 id="visits" { "Visits" }
                    (visits(frame, dates))
                    (plan(frame, dates, form))
                }
                section class="card" aria-labelledby="line" {
                    h2 id="line" { "From the first step to the last" }
                    p class="quiet" { "Of what " (name(&dates.patient.record.name)) " wants to do there is only what was shared." }
                    (line(frame, &dates.line))
                }
            }
        },
    )
}

/// The visits to come in a few lines, for a patient's page.
pub fn coming(frame: &Frame, patient: DocumentId, visits: &[View<Visit>]) -> Markup {
    let ahead = visits.iter().map(|view| &view.content);
    let ahead: Vec<&Visit> = ahead
        .filter(|visit| visit.takes_place() && visit.ends().unix_ms >= frame.now.unix_ms)
        .collect();
    html! {
        div class="part" {
            h3 { "Visits" }
            @if ahead.is_empty() { p class="quiet" { "None to come." } }
            @else {
                ul class="plainly" {
                    @for visit in ahead { li { (told(frame, visit)) } }
                }
            }
            p { a href=(address(patient)) { "Plan or move visits, and see all dates" } }
        }
    }
}

fn line(frame: &Frame, steps: &[Step]) -> Markup {
    let now = frame.now;
    let before = before_now(steps, now);
    let today = html! { li { strong { "Today" } ", " (time::when(now, now)) } };
    html! {
        @if steps.is_empty() { p class="quiet" { "Nothing yet." } }
        @else {
            ol class="plainly" {
                @for (index, step) in steps.iter().enumerate() {
                    @if before == index { (today) }
                    li { (one_step(frame, step)) }
                }
                @if before == steps.len() { (today) }
            }
        }
    }
}

fn one_step(frame: &Frame, step: &Step) -> Markup {
    html! {
        span class="quiet" {
            @match step.from {
                When::At(at) => (time::at(at, frame.now)),
                When::On(day) => (time::date(day.to_chrono())),
            }
        }
        " "
        @if let What::Session { .. } = step.what { strong { (step.what.in_words()) } }
        @else { (step.what.in_words()) }
        @if let Some(length) = step.length() { span class="quiet" { " · " (length.in_words()) } }
        @if let Some(from) = step.what.moved_from() {
            span class="quiet" { " · moved from " (time::at(from, frame.now)) }
        }
        @if let Some(by) = step.what.by() { span class="quiet" { " · said by " (name(by)) } }
        @if step.state == State::CalledOff {
            " " span class="badge calm" { span aria-hidden="true" { "× " } (step.state.label()) }
        }
        @if step.state == State::Now { span class="quiet" { " · now" } }
    }
}

fn visits(frame: &Frame, dates: &Dates) -> Markup {
    html! {
        @if dates.visits.is_empty() { p class="quiet" { "None planned." } }
        @else {
            ul class="plainly" {
                @for view in &dates.visits { (one_visit(frame, dates, view)) }
            }
        }
    }
}

/// What it is for, when, how it is held and with whom.
fn told(frame: &Frame, visit: &Visit) -> Markup {
    let place = visit.place_in_words();
    html! {
        strong { (visit.purpose.label()) } " " (time::at(visit.at, frame.now))
        span class="quiet" {
            " · " (visit.minutes.0) " min"
            @if !visit.with.is_empty() { " · with " (name(&visit.with)) }
            @if !place.is_empty() { " · " (place) }
        }
    }
}

fn one_visit(frame: &Frame, dates: &Dates, view: &View<Visit>) -> Markup {
    let visit = &view.content;
    let address = format!("/patients/{}/visits/{}", dates.patient.id, view.id);
    let at = time::when(visit.at, frame.now);
    let which = html! { span class="visually-hidden" { " the visit of " (at) } };
    html! {
        li {
            (told(frame, visit))
            @if let Some(off) = visit.called_off_at {
                " " span class="badge calm" { span aria-hidden="true" { "× " } "called off" }
                span class="quiet" { " " (time::at(off, frame.now)) }
            } @else if let Some(from) = visit.moved_from {
                span class="quiet" { " · moved from " (time::at(from, frame.now)) }
            }
            @for more in [&visit.address, &visit.contact, &visit.note] {
                @if !more.is_empty() { span class="quiet" { " · " (more) } }
            }
            (change(frame, dates, view, &address, &which))
        }
    }
}

/// The forms that move a visit, call it off and put it back: those of them that can be done.
fn change(
    frame: &Frame,
    dates: &Dates,
    view: &View<Visit>,
    address: &str,
    which: &Markup,
) -> Markup {
    let visit = &view.content;
    let stays_off = dates.stays_off(visit);
    let moved = dates.moved.as_ref().filter(|(id, _)| *id == view.id);
    let at = match moved {
        Some((_, form)) => form.field("at"),
        None => Field::of(session::as_typed(visit.at)),
    };
    let or = match (stays_off, visit.takes_place()) {
        (true, true) => "Call off",
        (false, true) => "Move or call off",
        (false, false) => "Move or put back",
        // Nothing of it can be changed, unless it is over and did take place.
        (true, false) if visit.ends().unix_ms <= frame.now.unix_ms => "Put back",
        (true, false) => return move_it(view, address, which, &at, moved.is_some()),
    };
    html! {
        details open[moved.is_some()] {
            summary { (or) (which) }
            (move_it(view, address, which, &at, !stays_off || moved.is_some()))
            @if visit.takes_place() {
                form method="post" action=(format!("{address}/call-off")) {
                    (form::revision(&view.revision))
                    button class="danger" type="submit" { "Call off" (which) }
                }
            } @else {
                form method="post" action=(format!("{address}/put-back")) {
                    (form::revision(&view.revision))
                    button type="submit" { "Put back" (which) }
                }
            }
        }
    }
}

/// The form that moves it; what was refused just now is still shown where it can't be done any more.
fn move_it(
    view: &View<Visit>,
    address: &str,
    which: &Markup,
    at: &Field,
    is_drawn: bool,
) -> Markup {
    let field = format!("at-{}", view.id);
    let look = Line {
        name: "at",
        label: "New day and time",
        hint: "On the clinic’s clock.",
        kind: "datetime-local",
        required: true,
        ..Line::default()
    };
    html! {
        @if is_drawn {
            form method="post" action=(format!("{address}/move")) {
                (form::revision(&view.revision))
                (form::line_under(&field, look, at))
                button type="submit" { "Move" (which) }
            }
        }
    }
}

fn plan(frame: &Frame, dates: &Dates, form: &Form) -> Markup {
    let place = address(dates.patient.id);
    let purposes = VisitPurpose::ALL
        .iter()
        .map(|one| (one.as_str(), one.label()));
    let purposes: Vec<(&str, &str)> = purposes.collect();
    let ways = VisitWay::ALL.iter().map(|one| (one.as_str(), one.label()));
    let ways: Vec<(&str, &str)> = ways.collect();
    html! {
        details open[form.is_waiting()] {
            summary { "Plan a visit" }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                p { "A visit without a dose. The patient sees all of it." }
                @if dates.patient.programme_has_ended() {
                    p { strong { span aria-hidden="true" { "! " } "The programme has ended:" } " a follow-up can still be planned, and a visit that was held can be written down." }
                }
                (form::choice("purpose", "What it is for", &purposes, &form.field("purpose")))
                (form::line(Line { name: "at", label: "Day and time", hint: "On the clinic’s clock.", kind: "datetime-local", required: true, ..Line::default() }, &form.field("at")))
                (form::line(Line { name: "minutes", label: "Length in minutes", kind: "number", required: true, ..Line::default() }, &form.field("minutes")))
                (form::choice("way", "How it is held", &ways, &form.field("way")))
                (form::line(Line { name: "with", label: "With whom", ..Line::default() }, &form.field("with")))
                (form::line(Line { name: "place", label: "Name of the place", ..Line::default() }, &form.field("place")))
                (form::line(Line { name: "address", label: "Address", ..Line::default() }, &form.field("address")))
                (form::line(Line { name: "contact", label: "How to reach the clinic then", ..Line::default() }, &form.field("contact")))
                (form::line(Line { name: "note", label: "Note", ..Line::default() }, &form.field("note")))
                (form::keeping(form.is_kept()))
                button type="submit" { "Plan the visit" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}
