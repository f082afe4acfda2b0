//! Structure and costs of a programme: the sheet line by line, who stands by its present version, and the
//! forms that write it.

use companion_core::clinic::{Costs, PatientView};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::CostReview;
use companion_core::domain::{DocumentId, ItemId, RecordSection};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::name::name;
use crate::view::patient::banner;
use crate::view::time;

/// Nothing is chosen beforehand: who pays is no word that is sent unread.
const PAYERS: [(&str, &str); 4] = [
    ("", "Choose …"),
    (Payer::Insurance.as_str(), Payer::Insurance.label()),
    (Payer::Cash.as_str(), Payer::Cash.label()),
    (Payer::Either.as_str(), Payer::Either.label()),
];

/// The currency of a first line.
const CURRENCY: &str = "USD";

/// Where a patient's costs are.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/costs")
}

/// Where one line of them is.
pub fn line_address(patient: DocumentId, item: ItemId) -> String {
    format!("{}/lines/{item}", address(patient))
}

/// In a line: how far structure and costs are.
pub fn said(costs: Option<&Costs>) -> Markup {
    html! {
        @match costs {
            Some(costs) if !costs.is_asked => {
                strong { "Version " (costs.sheet.content.version) } ". Nobody is asked about them any more."
            }
            None => "Not written down yet: the session phase waits for them.",
            Some(Costs { sheet, review, .. }) => {
                strong { "Version " (sheet.content.version) } ", "
                @if review.walked_through.is_some() { "walked through with the patient, " }
                @else { "not walked through with the patient yet, " }
                @if review.acknowledged.is_some() { "acknowledged by the patient." }
                @else if review.acknowledged_another { "changed since the patient acknowledged it." }
                @else { "not acknowledged by the patient yet." }
            }
        }
    }
}

/// The page. `form` is the one that adds a line: `label`, `provider`, `payer`, `is_medicine`, `hsa_fsa`,
/// `amount` and `currency`.
pub fn page(frame: &Frame, patient: &PatientView, costs: Option<&Costs>, form: &Form) -> Markup {
    let address = address(patient.id);
    let place = format!("{address}/lines");
    let live = Live {
        about: patient.id.to_string(),
        path: address.clone(),
    };
    let lines: Vec<(ItemId, &CostLine)> =
        costs.map_or_else(Vec::new, |costs| costs.sheet.content.lines.iter().collect());
    layout::page(
        frame,
        "Structure and costs",
        NavItem::Caseload,
        Some(&live),
        &html! {
            (banner(frame, patient, false))
            div class="columns" {
                section class="card" {
                    h1 { "Structure and costs" }
                    p { "What the programme is made of and what it costs, to be walked through with the patient "
                        "before they commit. The patient reads all of it. Nothing is charged here." }
                    @if let Some(costs) = costs { (standing(frame, patient, costs)) }
                    @if lines.is_empty() { p class="quiet" { "No line yet." } }
                    @else {
                        ol class="items" aria-label="Lines" {
                            @for (item, line) in lines { (one_line(patient.id, item, line)) }
                        }
                    }
                }
                // What somebody typed already stays before them.
                @if costs.is_none_or(|costs| costs.is_asked) || form.is_waiting() {
                section class="card" aria-labelledby="add" {
                    h2 id="add" { "Add a line" }
                    form method="post" action=(place) data-draft=(place) {
                        (form::once(frame))
                        (fields(form))
                        (form::keeping(form.is_kept()))
                        button class="primary" type="submit" { "Add the line" }
                    }
                    (form::discard(&place, form.is_kept()))
                }
                }
            }
        },
    )
}

/// Which version this is, and who stands by it.
fn standing(frame: &Frame, patient: &PatientView, costs: &Costs) -> Markup {
    let Costs {
        sheet,
        planned,
        review,
        is_asked,
    } = costs;
    html! {
        div class="part" {
            h2 { "Version " (sheet.content.version) }
            @if frame.shows(RecordSection::Programme) {
                p { @match planned {
                    Some(planned) => { "With " (time::count((*planned).into(), "session", "sessions")) " planned in all." }
                    None => "No number of sessions is planned yet.",
                } }
            }
            ul class="plainly" {
                li { (walked_through(frame, patient, costs)) }
                li { (acknowledged(frame, patient, (review, *is_asked))) }
            }
            @if !is_asked {
                p { strong { span aria-hidden="true" { "! " } "Nobody is asked any more" }
                    @if frame.shows(RecordSection::Programme) && frame.shows(RecordSection::Assessment) {
                        ": the programme has ended, or the assessment came to “not a fit”."
                    } @else { "." } }
            }
            p class="hint" { "The session phase waits for both. A line that is added, changed or removed asks both again, and so does another number of planned sessions." }
        }
    }
}

fn walked_through(frame: &Frame, patient: &PatientView, costs: &Costs) -> Markup {
    html! {
        @if let Some(one) = &costs.review.walked_through {
            span aria-hidden="true" { "✓ " } "Walked through with the patient by " (name(&one.by)) " "
            span class="quiet" { (time::when(one.at, frame.now)) }
        } @else {
            span aria-hidden="true" { "◇ " } "Nobody has walked through this version with the patient."
            @if !frame.shows(RecordSection::Programme) {
                " How many sessions are planned is a part of it: somebody who is shown the programme walks it through."
            } @else if costs.is_asked && !costs.sheet.content.lines.is_empty() {
                form method="post" action=(format!("{}/walked-through", address(patient.id))) {
                    (form::once(frame))
                    (form::revision(&costs.sheet.revision))
                    input type="hidden" name="planned" value=[costs.planned];
                    button type="submit" { "It was walked through with the patient" }
                }
            }
        }
    }
}

fn acknowledged(
    frame: &Frame,
    patient: &PatientView,
    (review, is_asked): (&CostReview, bool),
) -> Markup {
    let record = &patient.record;
    html! {
        @if let Some(one) = &review.acknowledged {
            span aria-hidden="true" { "✓ " } "This version was acknowledged on the patient’s phone by " (name(&one.by)) " "
            span class="quiet" { (time::when(one.at, frame.now)) }
        } @else if review.acknowledged_another {
            span aria-hidden="true" { "! " } (name(&record.name)) " acknowledged another version. "
            @if is_asked { "Their phone asks again once it has exchanged with the server." }
        } @else {
            span aria-hidden="true" { "◇ " } (name(&record.name)) " has not acknowledged it. "
            @if is_asked { "Their phone asks once it has exchanged with the server." }
        }
    }
}

fn one_line(patient: DocumentId, item: ItemId, line: &CostLine) -> Markup {
    html! {
        li class="item" {
            p class="item-head" {
                span class="what" { (line.label) }
                @match line.amount {
                    Some(amount) => span { (amount.label()) },
                    None => span { "Sum not known yet" },
                }
            }
            @if !line.provider.is_empty() { p { "By " (name(&line.provider)) } }
            p class="signs" {
                span { "Paid by: " (line.payer.label()) }
                @if line.is_medicine { span class="badge calm" { "The medicine itself" } }
                @if line.hsa_fsa { span class="badge calm" { "HSA/FSA accepted" } }
            }
            p { a href=(line_address(patient, item)) { "Change or remove" span class="visually-hidden" { ": " (line.label) } } }
        }
    }
}

/// The fields of the form of one line.
pub const LINE: [&str; 7] = [
    "label",
    "provider",
    "payer",
    "amount",
    "currency",
    "is_medicine",
    "hsa_fsa",
];

/// The page of one line, to change or remove it. `form` holds the same fields, and what each of them showed.
pub fn line_page(frame: &Frame, patient: &PatientView, item: ItemId, form: &Form) -> Markup {
    let place = line_address(patient.id, item);
    layout::page(
        frame,
        "Change a line",
        NavItem::Caseload,
        None,
        &html! {
            (banner(frame, patient, false))
            section class="card narrow" {
                h1 { "Change a line" }
                p { a href=(address(patient.id)) { "Back to structure and costs" } }
                form method="post" action=(place) data-draft=(place) {
                    (form::once(frame))
                    (form::shown(&LINE, form))
                    (form::seen_before(form))
                    (fields(form))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Change the line" }
                }
                (form::discard(&place, form.is_kept()))
                form class="part" method="post" action=(format!("{place}/remove")) {
                    (form::seen_before(form))
                    button class="danger" type="submit" { "Remove the line" }
                }
            }
        },
    )
}

fn fields(form: &Form) -> Markup {
    html! {
        (form::line(Line { name: "label", label: "What for", required: true, ..Line::default() }, &form.field("label")))
        (form::line(Line { name: "provider", label: "Who provides it", ..Line::default() }, &form.field("provider")))
        (form::choice("payer", "How it is paid", &PAYERS, &form.field("payer")))
        (form::line(Line { name: "amount", label: "How much", hint: "Such as 120 or 120.50. Leave it empty where it is not known.", ..Line::default() }, &form.field("amount")))
        (form::line(Line { name: "currency", label: "Currency", hint: "Three letters, such as USD.", ..Line::default() }, &form.field("currency")))
        (form::check("is_medicine", "This is the medicine itself", form))
        (form::check("hsa_fsa", "HSA or FSA money is accepted for it", form))
    }
}

/// The form for a new line, in the currency of the lines before it.
pub fn new_line(costs: Option<&Costs>) -> Form {
    let lines = costs
        .iter()
        .flat_map(|costs| costs.sheet.content.lines.iter());
    let currency = lines.filter_map(|(_, line)| line.amount).last();
    let currency = currency.map_or_else(|| CURRENCY.to_owned(), |last| last.currency.to_string());
    Form::default().with("currency", currency)
}

/// The form for a line as it stands.
pub fn present_line(costs: &Costs, line: &CostLine) -> Form {
    let form = new_line(Some(costs))
        .with("label", &*line.label)
        .with("provider", &*line.provider)
        .with("payer", line.payer.as_str());
    let form = match line.amount {
        Some(amount) => form
            .with("amount", amount.number())
            .with("currency", amount.currency.to_string()),
        None => form,
    };
    let checks = [("is_medicine", line.is_medicine), ("hsa_fsa", line.hsa_fsa)];
    let checked = checks.into_iter().filter(|(_, is_so)| *is_so);
    checked
        .fold(form, |form, (name, _)| form.with(name, form::CHECKED))
        .as_shown()
        .showing(Some(line))
}
