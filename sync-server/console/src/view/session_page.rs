//! The page of one dosing session: what it is now, what was said of it, and the forms that change it.

use companion_core::clinic::{PatientView, PlannedSession};
use companion_core::domain::session_step::{SessionAct, SessionStep};
use companion_core::domain::{DocumentId, DosingSession};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::preparation;
use crate::view::time;
use crate::view::{gate, session, session_form};

/// Where a session is.
pub fn address(patient: DocumentId, session: DocumentId) -> String {
    format!("/patients/{patient}/sessions/{session}")
}

/// The forms of the page. Those that move it and call it off hold `revision`, the version that lay before whoever
/// typed into them, once somebody did; the details hold what each field showed.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Moves it: `at`.
    pub moved: Form,
    /// Tells its details anew.
    pub details: Form,
    /// Corrects its time: `corrected_at` and `corrected_why`.
    pub corrected: Form,
    /// Calls it off: `reason`.
    pub call_off: Form,
}

impl Forms {
    /// As the session stands.
    pub fn of(session: &DosingSession) -> Self {
        Self {
            moved: Form::default().with("at", session::as_typed(session.at)),
            details: session_form::with_details(Form::default(), session).as_shown(),
            corrected: Form::default().with("corrected_at", session::as_typed(session.at)),
            call_off: Form::default(),
        }
    }
}

/// The page.
pub fn page(
    frame: &Frame,
    patient: &PatientView,
    planned: &PlannedSession,
    forms: &Forms,
) -> Markup {
    let session = &planned.view.content;
    let label = session::label(session);
    let address = address(patient.id, planned.view.id);
    let is_held = session.takes_place() && session.is_over(frame.now);
    // Once the programme has ended, none of it becomes one that is to come.
    let stays_off = patient.programme_has_ended() && !session.is_over(frame.now);
    let live = Live {
        about: patient.id.to_string(),
        path: address.clone(),
    };
    layout::page(
        frame,
        &format!("{label} · {}", patient.record.name),
        NavItem::Caseload,
        Some(&live),
        &html! {
            (banner(frame, patient, false))
            div class="columns" {
                section class="card" aria-labelledby="session" {
                    h1 id="session" { "Dosing session " (session.number) }
                    (now(frame, patient.id, planned))
                    (said(frame, session))
                }
                section class="card" aria-labelledby="change" {
                    h2 id="change" { "Change it" }
                    // One that was held stays when it was; what was refused of a move is still shown.
                    @if !(is_held || patient.programme_has_ended()) || forms.moved.has(form::REVISION) { (move_it(frame, &address, planned, &forms.moved)) }
                    (correct(frame, &address, planned, &forms.corrected))
                    (tell(&address, &forms.details))
                    @if session.takes_place() { (call_off(frame, &address, planned, &forms.call_off)) }
                    @else if stays_off { p { "The programme has ended, so this session can’t take place in it any more." } }
                    @else { (put_back(&address, planned)) }
                }
            }
        },
    )
}

/// What it is now.
fn now(frame: &Frame, patient: DocumentId, planned: &PlannedSession) -> Markup {
    let session = &planned.view.content;
    let block = session.block();
    html! {
        p { strong { (time::at(session.at, frame.now)) } " " (standing(frame, planned)) }
        (odd(planned))
        (gate::booked(frame, session.number, planned.closed))
        p class="quiet" {
            "Arrival " (session.arrival_minutes.0) " min · medicine " (session.medicine_minutes.0) " min · return "
            (session.coming_back_minutes.0) " min · grounding " (session.grounding_minutes.0) " min · over "
            (time::at(block.ends, frame.now))
        }
        @for words in [&session.place, &session.address, &session.contact] {
            @if !words.is_empty() { p { (words) } }
        }
        @if !session.note.is_empty() { p class="words" { (session.note) } }
        (preparation::beside(frame, patient, planned))
    }
}

/// That it was called off, moved, or is one of an earlier programme: behind its time.
pub fn standing(frame: &Frame, planned: &PlannedSession) -> Markup {
    let session = &planned.view.content;
    html! {
        // Two people who called it off apart have a reason each.
        @let off = session.call_offs();
        @for off in &off {
            span class="badge calm" { span aria-hidden="true" { "× " } (called_off(off)) }
            span class="quiet" { " " (time::at(off.at, frame.now)) ", said by " (name(&off.by))
                @if !off.reason.is_empty() { ": " (off.reason) } }
            " "
        }
        @if !off.is_empty() {} @else if let Some(from) = session.moved_from {
            span class="quiet" { " · moved from " (time::at(from, frame.now)) }
        }
        @if planned.is_of_earlier { span class="badge calm" { "earlier programme" } }
    }
}

/// What does not fit to the other sessions, for somebody to put right.
pub fn odd(planned: &PlannedSession) -> Markup {
    let label = session::label(&planned.view.content);
    html! {
        @if planned.number_is_double {
            p class="error" { "There are two sessions " (label) ": they were planned apart. Move one, or call one off." }
        }
        @if let Some(other) = planned.overlaps {
            p class="error" { (label) " and S" (other) " are at the same time: they were planned apart. Move one, or call one off." }
        }
        @if let Some(number) = planned.skipped {
            p class="quiet" { "There is no session S" (number) " before " (label) ". If its number was mistyped, call it off and plan it anew." }
        }
    }
}

const fn called_off(step: &SessionStep) -> &'static str {
    if step.is_not_held() {
        "did not take place"
    } else {
        "called off"
    }
}

/// All that was said of whether and when it takes place.
fn said(frame: &Frame, session: &DosingSession) -> Markup {
    html! {
        @if !session.steps.is_empty() {
            h2 { "What was said of it" }
            ul class="plainly" {
                @for (_, step) in session.steps.iter() {
                    li {
                        @match step.act {
                            SessionAct::CalledOff => { (called_off(step)) ", of the one on " (time::at(step.of, frame.now)) },
                            SessionAct::PutBack => { "put back, of the one on " (time::at(step.of, frame.now)) },
                            SessionAct::Corrected => { "time corrected from " (time::at(step.of, frame.now)) },
                            SessionAct::Moved => { "moved from " (time::at(step.of, frame.now)) },
                            SessionAct::PartsChanged => { "given another length: it was to end on " (time::at(step.ends, frame.now)) },
                        }
                        span class="quiet" { " · " (time::when(step.at, frame.now)) ", by " (name(&step.by)) }
                        @if !step.reason.is_empty() { ": " (step.reason) }
                    }
                }
            }
        }
    }
}

/// Which version a form is about. Where somebody changed the session since it was typed, the form says so and is then
/// about the version that is shown.
fn seen(frame: &Frame, planned: &PlannedSession, form: &Form) -> Markup {
    let present = planned.view.revision.to_string();
    let session = &planned.view.content;
    let is_stale = form.has(form::REVISION) && form.value(form::REVISION) != present;
    html! {
        @if is_stale {
            p class="error" { span aria-hidden="true" { "▲ " } "Somebody changed this session meanwhile, and nothing of this was done. Now it is "
                (session::label(session)) ", " (time::at(session.at, frame.now))
                @if !session.takes_place() { ", and does not take place" }
                ". Send this again if it is still to be so." }
        }
        (form::revision(&planned.view.revision))
    }
}

fn move_it(frame: &Frame, address: &str, planned: &PlannedSession, form: &Form) -> Markup {
    let look = Line {
        name: "at",
        label: "New day and time",
        hint: "On the clinic’s clock.",
        kind: "datetime-local",
        required: true,
        ..Line::default()
    };
    html! {
        form class="part" method="post" action=(format!("{address}/move")) {
            (seen(frame, planned, form))
            (form::line(look, &form.field("at")))
            button type="submit" { "Move " (session::label(&planned.view.content)) }
        }
    }
}

/// For a time that was written down wrong: it may be past, and both sides read why.
fn correct(frame: &Frame, address: &str, planned: &PlannedSession, form: &Form) -> Markup {
    let place = format!("{address}/correct");
    let at = Line {
        name: "corrected_at",
        label: "Right day and time",
        hint: "On the clinic’s clock. A time that is past counts as held.",
        kind: "datetime-local",
        required: true,
        ..Line::default()
    };
    let why = Line {
        name: "corrected_why",
        label: "Why it is corrected",
        hint: "The patient reads this.",
        required: true,
        ..Line::default()
    };
    html! {
        details open[form.is_wrong() || form.is_kept()] {
            summary { "Its time was written down wrong" }
            form method="post" action=(place) data-draft=(place) {
                p { "To say when it was held, or to put right a day that was mistyped. What was planned anew is moved instead." }
                (seen(frame, planned, form))
                (form::line(at, &form.field("corrected_at")))
                (form::line(why, &form.field("corrected_why")))
                (form::keeping(form.is_kept()))
                button type="submit" { "Correct the time of " (session::label(&planned.view.content)) }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

fn tell(address: &str, form: &Form) -> Markup {
    html! {
        details open[form.is_waiting()] {
            summary { "Who is there, where, and how long" }
            form method="post" action=(address) data-draft=(address) {
                (form::shown(&session_form::DETAILS, form))
                (session_form::details(form))
                (form::keeping(form.is_kept()))
                button type="submit" { "Change the details" }
            }
            (form::discard(address, form.is_kept()))
        }
    }
}

fn call_off(frame: &Frame, address: &str, planned: &PlannedSession, form: &Form) -> Markup {
    let session = &planned.view.content;
    let label = session::label(session);
    let place = format!("{address}/call-off");
    let has_begun = !session.is_ahead(frame.now);
    let look = Line {
        name: "reason",
        label: "Why",
        hint: "The patient reads this.",
        required: has_begun,
        ..Line::default()
    };
    html! {
        details open[form.is_waiting()] {
            summary { @if has_begun { "It did not take place" } @else { "Call off " (label) } }
            form method="post" action=(place) data-draft=(place) {
                @if has_begun {
                    p { "It has begun, and counts as held. Say why it did not take place: both sides read it, with your name. "
                        "What the patient wrote in its quiet hours stays held back as it was." }
                }
                (seen(frame, planned, form))
                (form::line(look, &form.field("reason")))
                (form::keeping(form.is_kept()))
                button class="danger" type="submit" { @if has_begun { (label) " did not take place" } @else { "Call off " (label) } }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

fn put_back(address: &str, planned: &PlannedSession) -> Markup {
    html! {
        form class="part" method="post" action=(format!("{address}/put-back")) {
            (form::revision(&planned.view.revision))
            button type="submit" { "Put " (session::label(&planned.view.content)) " back" }
        }
    }
}
