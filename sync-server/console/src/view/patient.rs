//! A patient's page: who, how fresh, direction over time, and what was shared.

use std::collections::BTreeMap;

use companion_core::StandingWarning;
use companion_core::clinic::{Costs, InviteState, PatientView, PlannedSession, SharingOver};
use companion_core::domain::programme::{Gate, PlanCheck, SessionCount};
use companion_core::domain::{DocumentId, RecordSection, Screening, Visit};
use companion_core::records::{Seen, View};
use maud::{Markup, html};

use crate::accounts::Area;
use crate::view::chart::{self, OverTime};
use crate::view::dates;
use crate::view::devices;
use crate::view::documents::{self, Documents};
use crate::view::emergency;
use crate::view::export;
use crate::view::flags::{self, ShownFlag};
use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::gate;
use crate::view::glance::{self, Glance};
use crate::view::layout::{self, Live, NavItem};
use crate::view::medicine;
use crate::view::name::name;
use crate::view::newer;
use crate::view::noticed;
use crate::view::preparation;
use crate::view::programme;
use crate::view::register;
use crate::view::session;
use crate::view::session_form;
use crate::view::session_page;
use crate::view::time;
use crate::view::timeline::{self, Timeline};
use crate::view::wordings;

/// Everything on a patient's page.
#[derive(Clone, Debug)]
pub struct PatientPage {
    /// Who.
    pub patient: PatientView,
    /// How the programme stands, for the forms that pause, end or go on with it; `None` as long as there is none.
    pub stands: Option<Seen>,
    /// The digest since the last session.
    pub glance: Glance,
    /// What the patient keeps up to date.
    pub documents: Vec<Documents>,
    /// A page of what was shared and answered.
    pub timeline: Timeline,
    /// The charts; their sessions are those that take place.
    pub over_time: OverTime,
    /// Others in the register whom this one can be merged with.
    pub others: Vec<Other>,
    /// All dosing sessions, those that were called off among them.
    pub sessions: Vec<PlannedSession>,
    /// All visits without a dose, those that were called off among them.
    pub visits: Vec<View<Visit>>,
    /// How many dosing sessions were held and are planned.
    pub count: SessionCount,
    /// What to think of with them.
    pub check: PlanCheck,
    /// What is missing before a session may take place, the first of it.
    pub closed: Option<Gate>,
    /// The checklist of contraindications; `None` as long as nobody began it.
    pub screening: Option<Screening>,
    /// Structure and costs; `None` as long as nobody wrote them down.
    pub costs: Option<Costs>,
    /// What the record noticed about this patient's space.
    pub warnings: Vec<StandingWarning>,
    /// All flags, the open ones first.
    pub flags: Vec<ShownFlag>,
    /// How much of the record stands in two wordings.
    pub in_two_wordings: usize,
}

/// Somebody else in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The patient.
    pub patient: DocumentId,
    /// Their name.
    pub name: String,
    /// Whether that entry was merged into this one.
    pub is_merged_here: bool,
}

/// The forms of the page with something to type.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Adds a session: `number`, `at` (`2026-12-01T10:00`, on the clinic's clock), and the fields of
    /// [`session_form`].
    pub session: Form,
    /// Plans how many sessions there are in all: `planned` and `plan_reason`.
    pub plan: Form,
    /// Pauses the programme: `pause_reason`.
    pub pause: Form,
    /// Lets it go on: `go_on_reason`.
    pub go_on: Form,
    /// Ends it: `end_reason` and `closing_summary`.
    pub end: Form,
    /// Writes what stays of one that has ended: `closing_summary`.
    pub summary: Form,
    /// Adds somebody to the care team: `team_name` and `team_role`.
    pub team: Form,
    /// Corrects who they are: `name`, `initials`, `pronouns` and `another`.
    pub correct: Form,
    /// Begins a programme: `therapist`.
    pub begin: Form,
    /// Raises a flag: `flag_words`.
    pub flag: Form,
    /// Closes a flag: `close_words`.
    pub close: BTreeMap<DocumentId, Form>,
    /// Opens a closed flag again: `reopen_words`.
    pub reopen: BTreeMap<DocumentId, Form>,
}

/// The page.
pub fn page(frame: &Frame, page: &PatientPage, forms: &Forms) -> Markup {
    let patient = &page.patient;
    let live = Live {
        about: patient.id.to_string(),
        path: format!("/patients/{}?{}", patient.id, page.timeline.query()),
    };
    layout::page(
        frame,
        &patient.record.name,
        NavItem::Caseload,
        Some(&live),
        &html! {
            (banner(frame, patient, true))
            (emergency::partial(frame, patient.id))
            (frame.section(RecordSection::Safety, || flags::section(frame, patient.id, &page.flags, forms)))
            (newer::said(frame, &patient.unreadable))
            (wordings::line(Some(patient.id), page.in_two_wordings))
            (frame.part(Area::Register, || noticed::of_patient(frame, patient.id, &page.warnings)))
            (glance::short(frame, patient.id, &page.glance))
            div class="columns" {
                div {
                    @if frame.shows(RecordSection::CheckIns) {
                        section class="card" aria-labelledby="over-time" {
                            h2 id="over-time" { "Over time" }
                            (chart::over_time(&page.over_time, frame.now))
                        }
                    }
                    (documents::draw(frame, patient.id, &page.documents))
                    section class="card" aria-labelledby="course" {
                        h2 id="course" { "Course of care" }
                        (programme::links(frame, page))
                        @if frame.sight.rights.may_read(Area::Export) {
                            p { a href=(export::address(patient.id)) { "Take out this record as a file" } }
                        }
                        (frame.section(RecordSection::Programme, || html! {
                            (programme::course(frame, page, forms))
                            (sessions(frame, page, forms))
                            (dates::coming(frame, patient.id, &page.visits))
                        }))
                        (frame.part(Area::Register, || html! {
                            (devices::list(frame, patient))
                            (register::part(page, &forms.correct))
                        }))
                    }
                }
                section class="timeline" aria-labelledby="timeline" {
                    h2 id="timeline" { "Timeline" }
                    (timeline::draw(frame, patient.id, &page.timeline))
                }
            }
        },
    )
}

/// Name, phase, what is shared, how fresh. Pages below a patient's carry it too.
pub fn banner(frame: &Frame, patient: &PatientView, own_page: bool) -> Markup {
    let address = format!("/patients/{}", patient.id);
    let record = &patient.record;
    html! {
        section class="banner" aria-label="Patient" {
            div class="banner-name" {
                @if own_page { h1 { (name(&record.name)) } }
                @else { p class="h1" { a href=(address) { (name(&record.name)) } } }
                @if !record.pronouns.is_empty() { span class="quiet" { (record.pronouns) } }
                @if frame.shows(RecordSection::Programme) { span class="phase" { (patient.phase.label()) } }
            }
            p { "You see what " (name(&record.name)) " chose to share, and nothing else. Private entries never reach the clinic." }
            (over(frame, patient.over))
            p class="fresh" {
                @match patient.invite {
                    // Nobody comes any more.
                    _ if patient.over.is_some() => {}
                    InviteState::Paired { .. } => {}
                    InviteState::Joined { .. } => a class="badge act" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "◆ " } "A phone waits: compare the words" },
                    InviteState::Waiting { .. } => a class="badge calm" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "◇ " } "Invitation open" },
                    InviteState::Unreadable => a class="badge act" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "! " } "Can’t be read here: what to do" },
                    InviteState::Registered => a class="badge calm" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "× " } "Not invited yet" },
                    InviteState::NotInvited | InviteState::Refused { .. } => a class="badge calm" href=(format!("{address}/invitation")) {
                        span aria-hidden="true" { "× " } "No invitation" },
                }
                @match patient.last_received_ms.map(|at| frame.here(at)) {
                    // It tells of every section.
                    _ if frame.sight.is_partial() => {}
                    Some(at) => { " Last received " (time::since(at, frame.now)) span class="quiet" { " (" (time::when(at, frame.now)) ")" } },
                    None => { " Nothing received yet." }
                }
            }
        }
    }
}

/// Why nothing more goes to the patient, and what that means here.
fn over(frame: &Frame, over: Option<SharingOver>) -> Markup {
    html! {
        @match over {
            None => {}
            Some(SharingOver::AccountEnded { at, taken_back }) => {
                p { span class="badge calm" { span aria-hidden="true" { "– " } "Ended their account" } " "
                    (time::when(at, frame.now)) ". Nothing more is booked for them or sent to them. "
                    @match taken_back {
                        Some(true) => "They took back what they had chosen to share: it is not shown any more. What they and the clinic both keep, \
                            such as goals, medicines and requests, stays here to read.",
                        Some(false) => "They left what they had shared with the clinic: it stays here to read.",
                        None => "What was shared stays here to read.",
                    } }
            }
            Some(SharingOver::Forgotten) => {
                p { span class="badge act" { span aria-hidden="true" { "! " } "The server no longer has this record" } " "
                    "It says that the shared record was ended. When and by whom, this system never read. Nothing more is booked "
                    "for them or sent to them, and what they shared last may be missing here. What was read stays here to read. "
                    "If they did not end their account, tell whoever runs the server." }
            }
            Some(SharingOver::OutOfIt) => {
                p { span class="badge act" { span aria-hidden="true" { "! " } "This system is out of the record" } " "
                    "It was removed from what the patient shares. Nothing more is booked for them or sent to them here. "
                    "What was read stays here to read." }
            }
        }
    }
}

fn sessions(frame: &Frame, page: &PatientPage, forms: &Forms) -> Markup {
    let form = &forms.session;
    let sessions = &page.sessions;
    html! {
        div class="part" {
            h3 { "Dosing sessions" }
            (programme::plan(frame, page, &forms.plan))
            @if sessions.is_empty() { p class="quiet" { "None planned." } }
            @else {
                ul class="plainly" {
                    @for session in sessions { (one_session(frame, page.patient.id, session)) }
                }
            }
            @let place = format!("/patients/{}/sessions", page.patient.id);
            details open[form.is_waiting()] {
                summary { "Add a session" }
                @if page.patient.programme_has_ended() {
                    p { strong { span aria-hidden="true" { "! " } "The programme has ended:" } " none is booked any more, and one that was held can be written down." }
                } @else { (gate::before_booking(frame, page.patient.id, page.closed)) }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    (form::line(Line { name: "number", label: "Number", kind: "number", required: true, ..Line::default() }, &form.field("number")))
                    (form::line(Line { name: "at", label: "Day and time", hint: "On the clinic’s clock.", kind: "datetime-local", required: true, ..Line::default() }, &form.field("at")))
                    (session_form::details(form))
                    (form::keeping(form.is_kept()))
                    button type="submit" { "Add session" }
                }
                (form::discard(&place, form.is_kept()))
            }
        }
    }
}

fn one_session(frame: &Frame, patient: DocumentId, planned: &PlannedSession) -> Markup {
    let session = &planned.view.content;
    let label = session::label(session);
    html! {
        li {
            strong { (label) } " " (time::at(session.at, frame.now))
            (session_page::standing(frame, planned))
            @if !session.note.is_empty() { span class="quiet" { " · " (session.note) } }
            (preparation::beside(frame, patient, planned))
            @if session.takes_place() && frame.shows(RecordSection::MedicineGiven) {
                p { a href=(medicine::address(patient, planned.view.id)) { "Medicine" span class="visually-hidden" { " in " (label) } } }
            }
            (session_page::odd(planned))
            (gate::booked(frame, session.number, planned.closed))
            p { a href=(session_page::address(patient, planned.view.id)) {
                "Change, move or call off" span class="visually-hidden" { ": " (label) } } }
        }
    }
}
