//! Putting the register right, from a patient's page: correcting who they are, putting the entry away,
//! merging one that was made twice.

use companion_core::domain::{DocumentId, PatientRecord};
use companion_core::records::Seen;
use maud::{Markup, html};

use crate::view::form::{self, Field, Form, Line, SEEN};
use crate::view::name::name;
use crate::view::patient::PatientPage;

/// The form that corrects who they are, as the register has it.
pub fn present(record: &PatientRecord) -> Form {
    Form::default()
        .with("name", &*record.name)
        .with("initials", &*record.initials)
        .with("pronouns", &*record.pronouns)
        .showing(Some(&record.entry()))
}

/// The part of a patient's page.
pub fn part(page: &PatientPage, correct: &Form) -> Markup {
    let record = &page.patient.record;
    let address = format!("/patients/{}", page.patient.id);
    let is_away = record.archived_at.is_some() || record.merged_into.is_some();
    html! {
        div class="part" {
            h3 { "Register" }
            (merged(page))
            (correct_them(&format!("{address}/correct"), record, correct))
            @if is_away {
                form method="post" action=(format!("{address}/bring-back")) {
                    (form::seen(&record.entry()))
                    button type="submit" { "Bring back to the caseload" }
                }
            } @else {
                details {
                    summary { "Archive" }
                    p { "Sets the phase to Closed and takes the entry off the caseload. Nothing is deleted, and the phone stays paired: "
                        "what " (record.name) " writes from now on still arrives, and brings the entry back until somebody opened it." }
                    form method="post" action=(format!("{address}/archive")) {
                        (form::seen(&(Seen::of(&record.entry()), page.stands)))
                        button type="submit" { "Archive" }
                    }
                }
                (merge(page, &address))
            }
        }
    }
}

fn correct_them(place: &str, record: &PatientRecord, form: &Form) -> Markup {
    let present = Seen::of(&record.entry());
    let is_stale = form.has(SEEN) && form.value(SEEN) != present.to_string();
    html! {
        details open[form.is_waiting() || is_stale] {
            summary { "Correct name, initials or pronouns" }
            form method="post" action=(place) data-draft=(place) {
                (form::seen_as(present))
                @if is_stale {
                    p class="error" { span aria-hidden="true" { "▲ " } "Somebody changed this entry meanwhile, and nothing of this was done. Now it says "
                        (name(&record.name)) "; initials: " (or_none(&record.initials)) "; pronouns: " (or_none(&record.pronouns))
                        ". Send this again if it is to stand instead." }
                }
                (form::line(Line { name: "name", label: "Name", required: true, ..Line::default() }, &form.field("name")))
                (form::line(Line { name: "initials", label: "Initials", ..Line::default() }, &form.field("initials")))
                (form::line(Line { name: "pronouns", label: "Pronouns", ..Line::default() }, &form.field("pronouns")))
                (form::check("another", "Another patient may have the same name", form))
                (form::keeping(form.is_kept()))
                button type="submit" { "Correct" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

/// What a field says, or that it says nothing.
fn or_none(words: &str) -> &str {
    if words.is_empty() { "none" } else { words }
}

fn merged(page: &PatientPage) -> Markup {
    let record = &page.patient.record;
    html! {
        @if let Some(kept) = record.merged_into {
            p { "This entry was made twice. " a href=(format!("/patients/{kept}")) { "Open the other one" }
                ". What arrives here stays here." }
        }
        @for other in page.others.iter().filter(|other| other.is_merged_here) {
            p { "Also registered as " a href=(format!("/patients/{}", other.patient)) { (other.name) }
                ": a record of its own, with what was shared into it." }
        }
    }
}

fn merge(page: &PatientPage, address: &str) -> Markup {
    let others: Vec<(String, &str)> = page
        .others
        .iter()
        .filter(|other| !other.is_merged_here)
        .map(|other| (other.patient.to_string(), &*other.name))
        .collect();
    // Nobody is chosen until somebody chooses.
    let nobody = [("", "Choose a patient")].into_iter();
    let others: Vec<(&str, &str)> = nobody
        .chain(others.iter().map(|(id, name)| (&**id, *name)))
        .collect();
    html! {
        @if others.len() > 1 {
            details {
                summary { "This entry was made twice" }
                p { "Choose the entry to keep. This one is taken off the caseload; each keeps the record that was shared into it." }
                form method="post" action=(format!("{address}/merge")) {
                    (form::seen(&page.patient.record.entry()))
                    (form::choice("into", "Keep", &others, &Field::of("")))
                    button type="submit" { "Merge into that one" }
                }
            }
        }
    }
}

/// Says that somebody of that name is registered, and asks whether this is another person.
pub fn same_name(patient: Option<DocumentId>) -> Markup {
    html! {
        @if let Some(patient) = patient {
            div class="error" role="alert" {
                p { "A patient of this name is registered already. Nothing was added. "
                    a href=(format!("/patients/{patient}")) { "Open their page" } }
                label { input type="checkbox" name="another" value="yes"; " This is another person of the same name" }
            }
        }
    }
}
