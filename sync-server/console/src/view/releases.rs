//! What a patient released to providers outside: each release with how it stands, what the clinic asked for, what was
//! sent, and what would leave if it were handed over now.

use companion_core::clinic::{
    HandOver, PatientView, ReleaseView, RequestAnswer, RequestView, Told,
};
use companion_core::domain::release::{AtProgrammeEnd, ReleaseStanding};
use companion_core::domain::{DocumentId, RecordSection, ReleaseRules, limits};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::time;

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Releases {
    /// The patient.
    pub patient: PatientView,
    /// Newest first.
    pub releases: Vec<ReleaseView>,
    /// Newest first.
    pub requests: Vec<RequestView>,
    /// Newest first.
    pub told: Vec<Told>,
    /// How many days a release may run at most.
    pub longest_days: u32,
}

/// Where a patient's releases are.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/releases")
}

/// Where what holds for releases is set.
pub const RULES: &str = "/release-rules";

/// The name of the checkbox of a section.
pub fn box_of(section: RecordSection) -> String {
    format!("section_{}", section.as_str())
}

/// The page.
pub fn page(frame: &Frame, all: &Releases, form: &Form) -> Markup {
    layout::page(
        frame,
        "Releases",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, &all.patient, false))
            div class="columns" {
                div {
                    section class="card" {
                        h1 { "Releases to providers outside" }
                        p { "Only what the patient released may be told, only to whom they released it, and only while "
                            "it is live. The patient reads each line of what was sent." }
                        @if all.releases.is_empty() { p { "The patient released nothing to anybody." } }
                        ul class="items" { @for one in &all.releases { (release(frame, &all.patient, one)) } }
                    }
                    section class="card" aria-labelledby="sent" {
                        h2 id="sent" { "What was sent" }
                        @if all.told.is_empty() { p { "Nothing." } }
                        ul class="plainly" { @for one in &all.told { (told(frame, one)) } }
                    }
                }
                div {
                    @if all.patient.over.is_none() { (ask(frame, all, form)) }
                    (requests(frame, all))
                }
            }
        },
    )
}

const fn mark(standing: &ReleaseStanding) -> &'static str {
    match standing {
        ReleaseStanding::Live => "✓ ",
        ReleaseStanding::NotBegun { .. } => "◇ ",
        ReleaseStanding::Expired { .. }
        | ReleaseStanding::TakenBack { .. }
        | ReleaseStanding::EndedWithProgramme
        | ReleaseStanding::EndedWithAccount
        | ReleaseStanding::NothingLeft => "– ",
        ReleaseStanding::ProgrammeUnknown | ReleaseStanding::InTwoWordings => "! ",
    }
}

fn standing(frame: &Frame, one: &ReleaseView) -> Markup {
    html! {
        span aria-hidden="true" { (mark(&one.standing)) }
        @match one.standing {
            ReleaseStanding::Live => { strong { "Live" } ", until " (time::when(one.until, frame.now)) },
            ReleaseStanding::NotBegun { from } => { "Begins " (time::when(from, frame.now)) },
            ReleaseStanding::Expired { until } => { "Expired " (time::when(until, frame.now)) },
            ReleaseStanding::TakenBack { at } => { "Taken back " (time::when(at, frame.now)) },
            ReleaseStanding::EndedWithProgramme => "Ended with the programme",
            ReleaseStanding::EndedWithAccount => "Ended with the patient’s account",
            ReleaseStanding::ProgrammeUnknown => "The programme that it ends with can’t be read here, so nothing is told",
            ReleaseStanding::NothingLeft => "Nothing is left of it: the patient narrowed it in several places",
            ReleaseStanding::InTwoWordings => "It says different things in two places: nothing is told until the patient chose",
        }
    }
}

fn release(frame: &Frame, patient: &PatientView, one: &ReleaseView) -> Markup {
    let terms = &one.release.terms;
    let why = one.release.taken_back.iter().map(|(_, step)| &*step.words);
    let why: Vec<&str> = why.filter(|words| !words.is_empty()).collect();
    html! {
        li class="item" {
            h2 class="item-head" { (name(&terms.provider)) }
            p class="quiet" dir="auto" { (terms.what) }
            p { (standing(frame, one)) }
            @for words in why { p { "The patient says: " span dir="auto" { (words) } } }
            @if !terms.contact.is_empty() { p { "To reach: " span dir="auto" { (terms.contact) } } }
            @if !one.sections.is_empty() { p { "Sections: " (one.sections.in_words()) } }
            p { "For: " span dir="auto" { (terms.purpose) } }
            p class="quiet" { "When the programme ends, it " (at_end(terms.at_programme_end)) ". Given " (time::when(one.release.at, frame.now)) "." }
            // Where nothing is written any more, no line says that it was handed over.
            @if one.standing == ReleaseStanding::Live && patient.over.is_none() {
                p { a class="button" href=(format!("{}/{}", address(patient.id), one.id)) {
                    "See what would be handed over" span class="visually-hidden" { " to " (terms.provider) }
                } }
            }
        }
    }
}

const fn at_end(choice: AtProgrammeEnd) -> &'static str {
    match choice {
        AtProgrammeEnd::Ends => "ends with it",
        AtProgrammeEnd::GoesOn => "goes on",
    }
}

fn told(frame: &Frame, one: &Told) -> Markup {
    html! {
        li {
            span class="quiet" { (time::when(one.at, frame.now)) } ": "
            (time::count(one.documents.len() as u64, "document", "documents")) " of " (one.sections.in_words())
            ", to " (name(&one.provider)) ", " "handed over as a file" " by " (name(&one.by))
        }
    }
}

fn ask(frame: &Frame, all: &Releases, form: &Form) -> Markup {
    let place = address(all.patient.id);
    let choices = [
        ("", "Choose …"),
        (AtProgrammeEnd::Ends.as_str(), "It ends with the programme"),
        (
            AtProgrammeEnd::GoesOn.as_str(),
            "It goes on until its own end",
        ),
    ];
    let sections = form.field("sections");
    html! {
        section class="card" aria-labelledby="ask" {
            h2 id="ask" { "Ask for a release" }
            p class="hint" { "The patient allows it, allows less, or declines. Nothing may be told before." }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::line(Line { name: "provider", label: "Name of the provider", required: true, ..Line::default() }, &form.field("provider")))
                (form::line(Line { name: "what", label: "What they are", hint: "Such as psychiatrist, or family doctor.", required: true, ..Line::default() }, &form.field("what")))
                (form::line(Line { name: "contact", label: "How to reach them", ..Line::default() }, &form.field("contact")))
                fieldset class="field" aria-describedby=[sections.error.as_ref().map(|_| "sections-error")] {
                    legend { "Sections of the record" }
                    @for section in RecordSection::ALL { p { (form::check(&box_of(section), section.label(), form)) } }
                    (form::error("sections", &sections))
                }
                (form::line(Line { name: "purpose", label: "What for", hint: "The patient and the provider read this.", required: true, ..Line::default() }, &form.field("purpose")))
                (form::line(Line { name: "until", label: "Last day", kind: "date", hint: &format!("At most {} from now.", time::count(all.longest_days.into(), "day", "days")), required: true, ..Line::default() }, &form.field("until")))
                (form::choice("at_programme_end", "When the programme ends", &choices, &form.field("at_programme_end")))
                (form::keeping(form.is_kept()))
                button class="primary" type="submit" { "Ask the patient" }
            }
            (form::discard(&place, form.is_kept()))
            p class="quiet" { a href=(RULES) { "How long a release may run, and the notice that goes along" } }
        }
    }
}

fn requests(frame: &Frame, all: &Releases) -> Markup {
    html! {
        @if !all.requests.is_empty() {
            section class="card" aria-labelledby="asked" {
                h2 id="asked" { "What was asked" }
                ul class="items" { @for one in &all.requests {
                    li class="item" {
                        p { (name(&one.request.terms.provider)) ": " (one.request.terms.sections.in_words()) }
                        p class="quiet" { "Asked by " (name(&one.request.by)) " " (time::when(one.request.at, frame.now)) }
                        @match &one.answer {
                            RequestAnswer::Open => {
                                p { span aria-hidden="true" { "◇ " } "No answer yet" }
                                @if all.patient.over.is_none() {
                                    form class="inline" method="post" action=(format!("{}/requests/{}/take-back", address(all.patient.id), one.id)) {
                                        (form::revision(&one.revision))
                                        button class="quietly" type="submit" { "Take it back" span class="visually-hidden" { ": " (one.request.terms.provider) } }
                                    }
                                }
                            },
                            RequestAnswer::Given(_) => p { span aria-hidden="true" { "✓ " } "The patient gave a release" },
                            RequestAnswer::Declined(no) => p { span aria-hidden="true" { "– " } "The patient declined"
                                @if !no.reason.is_empty() { ": " span dir="auto" { (no.reason) } } },
                            RequestAnswer::TakenBack(at) => p { span aria-hidden="true" { "– " } "Taken back " (time::when(*at, frame.now)) },
                        }
                    }
                } }
            }
        }
    }
}

/// What would leave by a release, word for word, with the button that hands it over.
pub fn preview(frame: &Frame, patient: &PatientView, leaving: &HandOver) -> Markup {
    let terms = &leaving.release.release.terms;
    let place = format!("{}/{}", address(patient.id), leaving.release.id);
    html! {
        (layout::page(frame, "Hand over", NavItem::Caseload, None, &html! {
            (banner(frame, patient, false))
            section class="card" {
                h1 { "Hand over to " (name(&terms.provider)) }
                p { "Below is all that leaves, word for word: "
                    (time::count(leaving.documents.len() as u64, "document", "documents")) " of " (leaving.release.sections.in_words()) "." }
                p { "“Hand over” first writes a line that the patient reads, and then gives you the file. Sending it to "
                    (name(&terms.provider)) " is up to you: by a way that nobody else reads." }
                form method="post" action=(place) {
                    (form::once(frame))
                    (form::seen_as(leaving.seen))
                    button class="primary" type="submit" { "Hand over" }
                }
                p { a href=(address(patient.id)) { "Back to the releases" } }
            }
            section class="card" aria-labelledby="leaves" {
                h2 id="leaves" { "What leaves" }
                pre class="leaves" dir="auto" tabindex="0" aria-labelledby="leaves" { (leaving.text) }
            }
        }))
    }
}

/// The form of what holds for releases as it stands.
pub fn present(rules: Option<&ReleaseRules>) -> Form {
    let days = rules.map_or(limits::RELEASE_DAYS, |rules| rules.longest_days);
    let form = Form::default().with("longest_days", days.to_string());
    let form = form.showing(Some(&rules));
    match rules.is_some_and(|rules| rules.part_2) {
        true => form.with("part_2", form::CHECKED),
        false => form,
    }
}

/// The page of what holds for releases.
pub fn rules(frame: &Frame, form: &Form) -> Markup {
    layout::page(
        frame,
        "Rules for releases",
        NavItem::Elsewhere,
        None,
        &html! {
            section class="card" {
                h1 { "Rules for releases" }
                form method="post" action=(RULES) data-draft=(RULES) {
                    (form::once(frame))
                    (form::seen_before(form))
                    (form::line(Line { name: "longest_days", label: "Most days of a release", hint: "1 to 3650. Phones keep to it.", required: true, ..Line::default() }, &form.field("longest_days")))
                    p { (form::check("part_2", "This clinic is a program under 42 CFR Part 2 (records of the treatment of substance use)", form)) }
                    p class="hint" { "What is handed over then carries that rule’s notice: “" (companion_core::PART_2_NOTICE) "” Source: " (companion_core::PART_2_SOURCE) "." }
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save" }
                }
                (form::discard(RULES, form.is_kept()))
            }
        },
    )
}
