//! The medicine of one session: route, dose and readings as clinicians wrote them down, and what of it the patient
//! is shown. No dose is advised and no reading is judged.

use companion_core::clinic::{MedicineOfSession, PatientView};
use companion_core::domain::medicine_record::{Route, Vitals};
use companion_core::domain::near_session::must_name_both;
use companion_core::domain::{DocumentId, DosingSession, ItemId, MedicineRecord};
use companion_core::ports::Moment;
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::apart;
use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::sentence::sentence;
use crate::view::session;
use crate::view::session_page;
use crate::view::time;
use crate::view::wordings;

/// The forms of the page.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Writes route and dose: `route`, `dose`, and the `revision` that was shown.
    pub medicine: Form,
    /// Adds a reading: `reading_at`, `systolic`, `diastolic`, `pulse`, `spo2`, `dissociation` and `reading_note`.
    pub reading: Form,
}

/// Where the medicine of a session is.
pub fn address(patient: DocumentId, session: DocumentId) -> String {
    format!("/patients/{patient}/sessions/{session}/medicine")
}

/// What the form of route and dose begins with.
pub fn present(of_session: Option<&MedicineOfSession>) -> Form {
    let Some(MedicineOfSession { record, .. }) = of_session else {
        return Form::default();
    };
    let route = record.content.route.as_ref();
    Form::default()
        .with(form::REVISION, record.revision.to_string())
        .with("route", route.map_or("", Route::as_str))
        .with("dose", &*record.content.dose)
}

/// What the form of a reading begins with: now, or, of a session that is long over, when that began.
pub fn new_reading(of: &DosingSession, now: Moment) -> Form {
    let is_now = Vitals::new(now).must_be_around(of, now).is_ok();
    let at = if is_now { now } else { of.at };
    Form::default().with("reading_at", session::as_typed(at))
}

/// The page.
pub fn page(
    frame: &Frame,
    patient: &PatientView,
    planned: &View<DosingSession>,
    of_session: Option<&MedicineOfSession>,
    forms: &Forms,
) -> Markup {
    let place = address(patient.id, planned.id);
    let title = format!("Medicine in {}", session::label(&planned.content));
    layout::page(
        frame,
        &title,
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            div class="columns" {
                section class="card" {
                    h1 { (title) }
                    p class="quiet" { (time::at(planned.content.at, frame.now)) }
                    p { "A clinician’s record: the patient sees nothing of it, and of route and dose only a copy that you show them. "
                        "Readings are never copied." }
                    @match of_session {
                        None => p { "Nothing is written down yet." },
                        Some(of_session) => {
                            (written(frame, patient.id, &of_session.record))
                            (shown(frame, &place, of_session))
                        }
                    }
                }
                div {
                    (route_and_dose(&place, &forms.medicine))
                    (reading(frame, patient.id, planned, &forms.reading))
                }
            }
        },
    )
}

fn written(frame: &Frame, patient: DocumentId, record: &View<MedicineRecord>) -> Markup {
    let one = &record.content;
    let place = wordings::place(Some(patient), record.id);
    html! {
        dl class="facts" {
            div { dt { "Route" } dd { strong { (one.route.as_ref().map_or("not decided", Route::label)) } } }
            div { dt { "Dose" } dd dir="auto" { strong { @if one.dose.is_empty() { "not written down" } @else { (one.dose) } } } }
            div { dt { "Kept by" } dd { (name(&one.by)) " " span class="quiet" { (time::when(record.edited_at.unwrap_or(one.at), frame.now)) } } }
        }
        (apart::draw(frame, &record.apart, apart::Chooser::Clinic { place: &place, revision: &record.revision }))
    }
}

/// What the patient is shown, with the buttons that show it and take it back.
fn shown(frame: &Frame, place: &str, of_session: &MedicineOfSession) -> Markup {
    html! {
        section class="part" aria-labelledby="shown" {
            h2 id="shown" { "What the patient sees" }
            @match &of_session.shown {
                None => p { "Nothing of route and dose." },
                Some(copy) => {
                    @let one = &copy.content;
                    p { "A copy: " (one.route.as_ref().map_or("no route", Route::label)) ", "
                        span dir="auto" { @if one.dose.is_empty() { "no dose" } @else { (one.dose) } }
                        ". Shown by " (name(&one.by)) " " span class="quiet" { (time::when(one.at, frame.now)) } }
                    @if of_session.is_shown_outdated() {
                        p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } "The copy is old: the record says something else now" } }
                    }
                }
            }
            @if !of_session.record.apart.is_empty() {
                p { "The patient can’t be shown what stands in two wordings: choose what holds first." }
            } @else if of_session.shown.is_none() || of_session.is_shown_outdated() {
                form class="inline" method="post" action=(format!("{place}/show")) {
                    (form::revision(&of_session.record.revision))
                    button type="submit" { @if of_session.shown.is_none() { "Show route and dose to the patient" } @else { "Show what the record says now" } }
                }
            }
            @if let Some(copy) = &of_session.shown {
                form class="inline" method="post" action=(format!("{place}/hide")) {
                    (form::seen(&copy.content))
                    button class="danger" type="submit" { "Take it back" }
                }
                p class="hint" { "Taken back, the phone shows nothing of it from its next exchange on. What it received before stays in its history." }
            }
        }
        (readings(frame, place, &of_session.record.content))
    }
}

fn readings(frame: &Frame, place: &str, record: &MedicineRecord) -> Markup {
    let mut all: Vec<(ItemId, &Vitals)> = record.vitals.iter().collect();
    all.sort_by_key(|(_, reading)| reading.at);
    html! {
        section class="part" aria-labelledby="readings" {
            h2 id="readings" { "Readings" }
            @if all.is_empty() { p class="quiet" { "None." } }
            @else {
                ol class="items" { @for (id, reading) in all {
                    li class="item" {
                        p { strong { (time::at(reading.at, frame.now)) } ": " (numbers(reading)) }
                        @if !reading.by.is_empty() { p class="quiet" { "read by " (name(&reading.by)) } }
                        @if !reading.note.is_empty() { p class="words" dir="auto" { (reading.note) } }
                        form class="inline" method="post" action=(format!("{place}/readings/{id}/remove")) {
                            button class="quietly" type="submit" { "Take this reading back"
                                span class="visually-hidden" { " of " (time::at(reading.at, frame.now)) } }
                        }
                    }
                } }
            }
        }
    }
}

/// The numbers of a reading with their units.
fn numbers(reading: &Vitals) -> String {
    let pressure = match (reading.systolic, reading.diastolic) {
        (Some(systolic), Some(diastolic)) => Some(format!("{systolic}/{diastolic} mmHg")),
        (Some(systolic), None) => Some(format!("systolic {systolic} mmHg")),
        (None, Some(diastolic)) => Some(format!("diastolic {diastolic} mmHg")),
        (None, None) => None,
    };
    let pulse = reading.pulse.map(|pulse| format!("pulse {pulse} a minute"));
    let spo2 = reading
        .spo2
        .map(|spo2| format!("oxygen saturation {spo2} %"));
    let dissociation = reading
        .dissociation
        .map(|seen| format!("dissociation {seen} of 10 as the clinician saw it"));
    let all = [pressure, pulse, spo2, dissociation];
    let all: Vec<String> = all.into_iter().flatten().collect();
    match all.is_empty() {
        true => "a note".to_owned(),
        false => all.join(", "),
    }
}

fn route_and_dose(place: &str, form: &Form) -> Markup {
    let known = Route::ALL
        .iter()
        .map(|route| (route.as_str(), route.label()));
    let present = form.value("route").to_owned();
    let mut options: Vec<(&str, &str)> = [("", "Not decided")].into_iter().chain(known).collect();
    // A word of a newer version stays what it is.
    if !options.iter().any(|(word, _)| *word == present) {
        options.push((&present, &present));
    }
    html! {
        section class="card" aria-labelledby="route-and-dose" {
            h2 id="route-and-dose" { "Route and dose" }
            form method="post" action=(place) data-draft=(place) {
                (form::revision_before(form))
                (form::choice("route", "Route", &options, &form.field("route")))
                (form::line(Line { name: "dose", label: "Dose", hint: "In your own words, with its unit. Nothing here counts with it.", ..Line::default() }, &form.field("dose")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Write it down" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

fn reading(
    frame: &Frame,
    patient: DocumentId,
    planned: &View<DosingSession>,
    form: &Form,
) -> Markup {
    let place = format!("{}/readings", address(patient, planned.id));
    let missing = must_name_both(&planned.content).err();
    // What somebody typed already stays before them.
    let is_drawn = missing.is_none() || form.is_kept() || form.is_wrong();
    html! {
        section class="card" aria-labelledby="add-reading" {
            h2 id="add-reading" { "Add a reading" }
            @if let Some(why) = &missing {
                p { strong { span aria-hidden="true" { "! " } (sentence(&why.to_string())) } " "
                    a href=(session_page::address(patient, planned.id)) { "Open the session’s details" } }
            }
            @if is_drawn { (reading_form(frame, &place, form)) }
        }
    }
}

fn reading_form(frame: &Frame, place: &str, form: &Form) -> Markup {
    let number = |name, label| {
        let look = Line {
            name,
            label,
            kind: "number",
            ..Line::default()
        };
        form::line(look, &form.field(name))
    };
    html! {
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::line(Line { name: "reading_at", label: "When it was taken", hint: "On the clinic’s clock.", kind: "datetime-local", required: true, ..Line::default() }, &form.field("reading_at")))
                (number("systolic", "Systolic pressure, mmHg"))
                (number("diastolic", "Diastolic pressure, mmHg"))
                (number("pulse", "Pulse, beats a minute"))
                (number("spo2", "Oxygen saturation, %"))
                (form::line(Line {
                    name: "dissociation",
                    label: "Dissociation, 0 to 10",
                    hint: "How far away the person seemed, as the clinician saw it: 0 not at all, 10 completely. Nothing is decided by it.",
                    kind: "number",
                    ..Line::default()
                }, &form.field("dissociation")))
                (form::optional_text("reading_note", "Note", "Clinicians alone see this.", &form.field("reading_note")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Add the reading" }
            }
            (form::discard(place, form.is_kept()))
    }
}
