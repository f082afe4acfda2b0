//! A patient's record taken out as a file: a FHIR bundle for another system, or a table for a spreadsheet. The right to
//! take something out comes first, and then the right to each section that is in it: nobody takes out what their own role
//! does not show, and an emergency lets them read and nothing else.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use companion_core::domain::{DocumentId, RecordSection, RecordSections};

use super::answer::drawn;
use super::app::App;
use super::looks;
use super::problem::Problem;
use super::sent::{Sent, document};
use super::signed_in::SignedIn;
use crate::accounts::Area;
use crate::accounts::audit::Action;
use crate::csv::Table;
use crate::fhir;
use crate::pages::export::{self as pages, SECTIONS};
use crate::view::export::{self, BUNDLE, Leaving};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let rules = app.clinic.release_rules()?;
        let leaving = Leaving {
            bundle: shown(who, SECTIONS),
            tables: Table::ALL
                .into_iter()
                .filter(|table| may_leave(who, table.section()))
                .collect(),
            part_2: rules.is_some_and(|rules| rules.part_2),
            patient,
        };
        if !who.by_page {
            let about = leaving.patient.id.to_string();
            app.accounts
                .record(&who.name, Action::SawPatient, Some(&about))?;
        }
        Ok(drawn(&export::page(&app.frame(Some(who), None), &leaving)))
    })
    .await
}

/// What a file is made of, and its name.
struct File {
    kind: &'static str,
    name: String,
    text: String,
    sections: RecordSections,
}

pub(super) async fn take(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, file)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let (looking, looker) = (Arc::clone(&app), who.clone());
    let patient = document(&id).ok();
    let (tell, told) = tokio::sync::oneshot::channel();
    let answer = app
        .run(who, move |app, who| {
            // Read whole, so that a form that did not arrive takes nothing out.
            sent.form()?;
            let patient = document(&id)?;
            let file = match Table::named(&file) {
                Some(table) => table_of(app, who, patient, table)?,
                None if file == BUNDLE => bundle_of(app, who, patient)?,
                None => return Err(Problem::NoPage),
            };
            // Written down before anything leaves.
            let what = format!("{}: {}", file.name, file.sections.in_words());
            let about = patient.to_string();
            app.accounts
                .record_about(&who.name, Action::TookOut, &about, &what)?;
            // Nobody waits for it where the request is gone.
            drop(tell.send(file.sections.iter().collect::<Vec<_>>()));
            let how = format!("attachment; filename=\"{}\"", file.name);
            let headers = [
                (header::CONTENT_TYPE, file.kind.to_owned()),
                (header::CONTENT_DISPOSITION, how),
            ];
            Ok((headers, file.text).into_response())
        })
        .await;
    // The patient reads that these sections were looked at, as of a page that shows them.
    if let (Some(patient), Ok(sections)) = (patient, told.await) {
        looks::note(&looking, &looker, patient, sections).await;
    }
    answer
}

fn bundle_of(app: &App, who: &SignedIn, patient: DocumentId) -> Result<File, Problem> {
    let sections = shown(who, SECTIONS);
    if sections.is_empty() {
        return Err(not_shown(who, patient, RecordSection::Programme));
    }
    let record = pages::record(&app.clinic, patient, &sections)?;
    let bundle = fhir::bundle(&record);
    Ok(File {
        kind: "application/fhir+json; charset=utf-8",
        name: format!("{}record.fhir.json", day(app)),
        text: format!("{bundle:#}\n"),
        sections,
    })
}

fn table_of(app: &App, who: &SignedIn, patient: DocumentId, table: Table) -> Result<File, Problem> {
    let section = table.section();
    if !may_leave(who, section) {
        return Err(not_shown(who, patient, section));
    }
    Ok(File {
        kind: "text/csv; charset=utf-8; header=present",
        name: format!("{}{}.csv", day(app), table.as_str()),
        text: table.written(&app.clinic, patient)?,
        sections: [section].into(),
    })
}

/// Before the name of a file: the day, and nobody's name, since a file's name shows where the file does not.
fn day(app: &App) -> String {
    let day = app.clinic.now().local_date();
    day.map_or_else(String::new, |day| format!("{day}-"))
}

fn shown(who: &SignedIn, sections: impl IntoIterator<Item = RecordSection>) -> RecordSections {
    let sections = sections.into_iter();
    sections
        .filter(|section| may_leave(who, *section))
        .collect()
}

fn may_leave(who: &SignedIn, section: RecordSection) -> bool {
    who.sight.rights.shows(section) && !who.sight.in_emergency.contains(&section)
}

fn not_shown(who: &SignedIn, patient: DocumentId, section: RecordSection) -> Problem {
    Problem::NotShown {
        area: Area::Section(section),
        role: who.sight.role,
        patient: Some(patient),
    }
}
