//! A patient's programme on their page: its phase, what a pause or an end says, how many sessions are
//! planned, and what to think of before the next one.

use companion_core::clinic::PatientView;
use companion_core::domain::programme::{PlanCheck, SessionCount, Standing};
use companion_core::domain::{Content as _, Phase, Programme, RecordSection};
use companion_core::records::Seen;
use maud::{Markup, html};

use crate::accounts::Area;
use crate::view::costs;
use crate::view::form::{self, Field, Form, Line};
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::outcome;
use crate::view::patient::{Forms, PatientPage};
use crate::view::screening;
use crate::view::team;
use crate::view::time;
use crate::view::whose::SetHere;

/// Where the programme stands, with the forms that set it; or the form that begins one.
pub fn course(frame: &Frame, page: &PatientPage, forms: &Forms) -> Markup {
    let patient = &page.patient;
    let address = format!("/patients/{}", patient.id);
    let Some(programme) = &patient.programme else {
        return none(patient, &address, &forms.begin);
    };
    let has_ended = programme.standing() == Standing::Ended;
    // Ending has a form of its own, which asks why, and so has taking up again what ended.
    let open = Phase::ALL.iter().filter(|phase| **phase != Phase::Closed);
    let options: Vec<(&str, &str)> = open.map(|phase| (phase.as_str(), phase.label())).collect();
    html! {
        @if has_ended {
            p { "Phase: " (patient.phase.label()) }
        } @else {
            form class="inline" method="post" action=(format!("{address}/phase")) {
                (as_it_stands(page.stands))
                (form::shown(&["phase"], &Form::default().with("phase", patient.phase.as_str()).as_shown()))
                (form::choice("phase", "Phase", &options, &Field::of(patient.phase.as_str())))
                button type="submit" { "Set phase" }
            }
        }
        (team::team(frame, patient.id, programme, &forms.team))
        (standing(frame, programme))
        @match programme.standing() {
            Standing::Running => {
                (pause(frame, &address, page.stands, &forms.pause))
                (end(frame, &address, page, &forms.end))
                (late(&address, "go-on", &forms.go_on))
                (late(&address, "summary", &forms.summary))
                (late(&address, "programme", &forms.begin))
            }
            Standing::Paused => {
                (go_on(frame, &address, (programme.standing(), page.stands), &forms.go_on))
                (end(frame, &address, page, &forms.end))
                (late(&address, "pause", &forms.pause))
                (late(&address, "summary", &forms.summary))
                (late(&address, "programme", &forms.begin))
            }
            Standing::Ended => {
                (late(&address, "end", &forms.end))
                (late(&address, "pause", &forms.pause))
                (summary(frame, &address, &forms.summary))
                (go_on(frame, &address, (programme.standing(), page.stands), &forms.go_on))
                details open[forms.begin.is_waiting()] {
                    summary { "Begin another programme" }
                    (begin(&address, "Begin another programme", &forms.begin))
                }
            }
        }
    }
}

/// What of the course of care has a page of its own, each for whoever is shown it.
pub fn links(frame: &Frame, page: &PatientPage) -> Markup {
    let patient = &page.patient;
    let programme = patient.programme.as_ref();
    let Some(programme) = programme else {
        return html! {};
    };
    let has_ended = programme.standing() == Standing::Ended;
    let may = &frame.sight.rights;
    html! {
        @if frame.shows(RecordSection::Assessment) {
            p { "Assessment: " (outcome::said(frame, patient.readiness.as_ref())) " "
                @if !has_ended { a href=(format!("/patients/{}/outcome", patient.id)) { "Record an outcome" } } }
        }
        @if frame.shows(RecordSection::Medicines) {
            p { "Screening: " (screening::said(page.screening.as_ref())) " "
                a href=(screening::address(patient.id)) { "Open the screening" } }
        }
        @if frame.shows(RecordSection::Costs) {
            p { "Structure and costs: " (costs::said(page.costs.as_ref())) " "
                a href=(costs::address(patient.id)) { "Open structure and costs" } }
        }
        @if may.may_read(Area::Settings) {
            p { a href=(SetHere::Reminders.address(Some(patient.id))) { "Reminders of this patient" } }
            p { a href=(SetHere::Prompts.address(Some(patient.id))) { "Prompts of this patient" } }
            p { a href=(SetHere::Questions.address(Some(patient.id))) { "Questions on use for this patient" } }
        }
    }
}

/// That there is none, and the form that begins one.
fn none(patient: &PatientView, address: &str, form: &Form) -> Markup {
    html! {
        @if patient.unreadable.contains(&Programme::KIND) {
            p { "The programme was written by a newer version of this program." }
        } @else {
            p { strong { "No programme yet." } " Nothing prepares or reminds this patient, and no therapist is named. Begin one "
                "with the therapist who leads it." }
            (begin(address, "Begin the programme", form))
        }
    }
}

fn begin(address: &str, button: &str, form: &Form) -> Markup {
    let place = format!("{address}/programme");
    html! {
        form class="inline" method="post" action=(place) data-draft=(place) {
            (form::line(Line { name: "therapist", label: "Therapist who leads the programme", required: true, ..Line::default() }, &form.field("therapist")))
            (form::keeping(form.is_kept()))
            button type="submit" { (button) }
        }
        (form::discard(&place, form.is_kept()))
    }
}

/// That it rests or is over, since when, by whom and why.
fn standing(frame: &Frame, programme: &Programme) -> Markup {
    let what = match programme.standing() {
        Standing::Running => None,
        Standing::Paused => Some("Paused"),
        Standing::Ended => Some("Ended"),
    };
    html! {
        @if let (Some(what), Some(step)) = (what, programme.standings.last()) {
            p { strong { (what) } ", said by " (name(&step.by)) " "
                span class="quiet" { (time::when(step.at, frame.now)) }
                @if !step.reason.is_empty() { ": " (step.reason) } }
            @if programme.standing() == Standing::Ended && !programme.closing_summary.is_empty() {
                p class="quiet" { "Closing summary:" }
                p class="words" { (programme.closing_summary) }
            }
        }
    }
}

/// A form with words to type, folded until somebody needs it.
fn folded(
    frame: &Frame,
    place: &str,
    summary: &str,
    form: &Form,
    fields: &Markup,
    button: &Markup,
) -> Markup {
    html! {
        details open[form.is_waiting()] {
            summary { (summary) }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (fields)
                (form::keeping(form.is_kept()))
                (button)
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

/// How the programme stands on this page, for what is said of it.
fn as_it_stands(stands: Option<Seen>) -> Markup {
    html! { @if let Some(stands) = stands { (form::seen_as(stands)) } }
}

fn reason(name: &'static str, form: &Form) -> Markup {
    let look = Line {
        name,
        label: "Why",
        hint: "The patient reads this.",
        required: true,
        ..Line::default()
    };
    form::line(look, &form.field(name))
}

fn pause(frame: &Frame, address: &str, stands: Option<Seen>, form: &Form) -> Markup {
    let fields = html! {
        (as_it_stands(stands))
        p { "While it is paused, nothing of the programme is asked of the patient. The journal, check-ins and help in a crisis stay." }
        (reason("pause_reason", form))
    };
    let button = html! { button type="submit" { "Pause" } };
    folded(
        frame,
        &format!("{address}/pause"),
        "Pause the programme",
        form,
        &fields,
        &button,
    )
}

/// What this person typed into a form that is not on the page any more, because somebody else paused the
/// programme, went on with it or ended it meanwhile: it is not written, and not lost either.
fn late(address: &str, part: &str, form: &Form) -> Markup {
    let fields = [
        ("therapist", "Therapist who leads the programme"),
        ("planned", "Sessions planned in all"),
        ("plan_reason", "Why"),
        ("pause_reason", "Why"),
        ("go_on_reason", "A word about it"),
        ("end_reason", "Why"),
        ("closing_summary", "Closing summary"),
    ];
    html! {
        @if form.is_waiting() {
            div class="item" {
                @for (name, _) in fields { (form::error(name, &form.field(name))) }
                p { strong { "What you typed is not written:" } }
                @for (name, label) in fields {
                    @if !form.value(name).trim().is_empty() {
                        p class="quiet" { (label) }
                        p class="words" { (form.value(name)) }
                    }
                }
            }
            (form::discard(&format!("{address}/{part}"), form.is_kept()))
        }
    }
}

/// The field that tells from where it goes on: from a pause or from an end.
pub const FROM: &str = "from";

fn go_on(
    frame: &Frame,
    address: &str,
    (from, stands): (Standing, Option<Seen>),
    form: &Form,
) -> Markup {
    let look = Line {
        name: "go_on_reason",
        label: "A word about it",
        hint: "The patient reads this.",
        ..Line::default()
    };
    let fields = html! {
        (as_it_stands(stands))
        input type="hidden" name=(FROM) value=(from.as_str());
        (form::line(look, &form.field("go_on_reason")))
    };
    let button = html! { button type="submit" { "Go on" } };
    let summary = match from {
        Standing::Ended => "Take this programme up again",
        Standing::Running | Standing::Paused => "Go on with the programme",
    };
    folded(
        frame,
        &format!("{address}/go-on"),
        summary,
        form,
        &fields,
        &button,
    )
}

fn end(frame: &Frame, address: &str, page: &PatientPage, form: &Form) -> Markup {
    let fields = html! {
        (as_it_stands(page.stands))
        @if page.count.ahead > 0 {
            p { (think()) "sessions are still to come. Call them off first: a programme ends without any." }
        }
        (reason("end_reason", form))
        (closing_summary(form))
    };
    let button = html! { button class="danger" type="submit" { "End the programme" } };
    folded(
        frame,
        &format!("{address}/end"),
        "End the programme",
        form,
        &fields,
        &button,
    )
}

/// The fields of the form that writes the closing summary.
pub const SUMMARY: [&str; 1] = ["closing_summary"];

/// The form of the closing summary as it stands.
pub fn summary_form(present: &str) -> Form {
    Form::default().with("closing_summary", present).as_shown()
}

fn summary(frame: &Frame, address: &str, form: &Form) -> Markup {
    let button = html! { button type="submit" { "Keep the closing summary" } };
    let fields = html! {
        (form::shown(&SUMMARY, form))
        (closing_summary(form))
    };
    folded(
        frame,
        &format!("{address}/summary"),
        "Write the closing summary",
        form,
        &fields,
        &button,
    )
}

fn closing_summary(form: &Form) -> Markup {
    let hint =
        "What stays of the programme, in words for the patient. It can be written later, too.";
    form::optional_text(
        "closing_summary",
        "Closing summary",
        hint,
        &form.field("closing_summary"),
    )
}

/// The field of the form that plans a number of sessions whose present value somebody else may change meanwhile.
pub const PLAN: [&str; 1] = ["planned"];

/// That form as it stands.
pub fn plan_form(planned: Option<u32>) -> Form {
    let planned = planned.map(|planned| planned.to_string());
    Form::default()
        .with("planned", planned.unwrap_or_default())
        .as_shown()
}

/// How many sessions were held and are planned, what to think of, and the form that plans another number.
pub fn plan(frame: &Frame, page: &PatientPage, form: &Form) -> Markup {
    let place = format!("/patients/{}/plan", page.patient.id);
    html! {
        @if let Some(programme) = &page.patient.programme {
            p { (counted(page.count)) }
            (history(frame, programme))
        }
        (to_think_of(frame, &page.check))
        @if page.patient.programme_has_ended() {
            (late(&format!("/patients/{}", page.patient.id), "plan", form))
        } @else if page.patient.programme.is_some() {
            @let is_change = page.count.planned.is_some();
            @let fields = html! {
                (as_it_stands(page.stands))
        (form::shown(&PLAN, form))
                (form::line(Line { name: "planned", label: "Sessions planned in all", kind: "number", required: true, ..Line::default() }, &form.field("planned")))
                @if is_change { (reason("plan_reason", form)) }
            };
            @let button = html! { button type="submit" { "Plan so many" } };
            (folded(frame, &place, if is_change { "Plan another number of sessions" } else { "Plan the number of sessions" }, form, &fields, &button))
        }
    }
}

/// `2 of 6 planned sessions held, 1 booked.`
fn counted(count: SessionCount) -> Markup {
    let SessionCount {
        held,
        ahead,
        planned,
    } = count;
    html! {
        @match planned {
            Some(planned) => { strong { (held) " of " (planned) } " planned sessions held, " (ahead) " booked." }
            None => { strong { (time::count(u64::try_from(held).unwrap_or(u64::MAX), "session", "sessions")) } " held, " (ahead) " booked. No number is planned yet." }
        }
    }
}

fn history(frame: &Frame, programme: &Programme) -> Markup {
    let changes = programme.plan_history();
    html! {
        @if !changes.is_empty() {
            details {
                summary { "How that number came about" }
                ul class="plainly" {
                    @if let Some(first) = programme.planned { li { (first) " at first" } }
                    @for change in changes {
                        li { (change.sessions) " since " (time::when(change.at, frame.now)) ", said by " (name(&change.by)) ": " (change.reason) }
                    }
                }
            }
        }
    }
}

/// What to think of, in words. Nothing of it bars anything here: the core does where it must.
fn to_think_of(frame: &Frame, check: &PlanCheck) -> Markup {
    html! {
        @if let Some(beyond) = check.beyond_plan {
            p { (think()) "more sessions are held or booked than the " (beyond.planned) " that are planned. "
                "Plan another number with its reason, or call one off." }
        }
        @for (one, next) in &check.out_of_order {
            p { (think()) "S" (one) " is booked before S" (next) "." }
        }
        @for (one, next) in &check.visits_at_one_time {
            p { (think()) "two visits at one time: " (time::at(*one, frame.now)) " and " (time::at(*next, frame.now)) "." }
        }
        @for (one, next) in &check.before_integration {
            p { (think()) "the session of " (time::at(*next, frame.now)) " is booked before any integration is known of after the one of "
                (time::at(*one, frame.now)) ". The patient may have written for themselves only." }
        }
    }
}

fn think() -> Markup {
    html! { strong { span aria-hidden="true" { "! " } "To think of: " } }
}
