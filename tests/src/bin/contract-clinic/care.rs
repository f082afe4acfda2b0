//! What the clinic does for a patient's programme, and what it sees of theirs besides entries.

use companion_core::CoreError;
use companion_core::clinic::Clinic;
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::safety_plan::PlanStep;
use companion_core::domain::{
    AssessmentSection, Content, DocumentId, GuideProgress, MedicationList, Monitoring, Readiness,
    Response, SafetyPlan,
};
use companion_core::records::Query;
use serde_json::{Value, json};

use crate::clinic::BY;
use crate::text;

/// The answer, where the line is about care.
pub(crate) fn answer(
    clinic: &Clinic,
    patient: impl Fn() -> DocumentId,
    asked: &Value,
) -> Option<Result<Value, CoreError>> {
    Some(match text(asked, "do") {
        "set_reading_hours" => set_reading_hours(clinic),
        "say_ready" => said(clinic, || {
            let ready = Readiness::ready(BY, clinic.now());
            clinic.create(patient(), ready).map(drop)
        }),
        "write_costs" => said(clinic, || write_costs(clinic, patient())),
        "costs_acknowledged" => seen(clinic, || {
            let review = clinic.cost_review(patient())?;
            let by = review
                .and_then(|review| review.acknowledged)
                .map(|it| it.by);
            Ok(json!({ "by": by }))
        }),
        "answers" => seen(clinic, || {
            let all = shown::<Response>(clinic, patient())?;
            let each = all.iter().map(|response| {
                let written: serde_json::Map<String, Value> = response
                    .answers
                    .written()
                    .map(|(item, value)| (item.to_owned(), value.clone()))
                    .collect();
                json!({ "measure": response.measure.as_str(), "answers": written })
            });
            Ok(json!({ "responses": each.collect::<Vec<_>>() }))
        }),
        "ticks" => seen(clinic, || {
            let all = shown::<GuideProgress>(clinic, patient())?;
            let ticked: Vec<_> = all.iter().flat_map(|progress| &progress.ticked).collect();
            Ok(json!({ "ticked": ticked }))
        }),
        "safety_lines" => seen(clinic, || {
            let all = shown::<SafetyPlan>(clinic, patient())?;
            let lines = all.iter().flat_map(|plan| {
                let lines = PlanStep::ALL
                    .into_iter()
                    .flat_map(|step| plan.lines(step).iter());
                lines.map(|(_, line)| line.text.clone())
            });
            Ok(json!({ "lines": lines.collect::<Vec<_>>() }))
        }),
        "assessment_texts" => seen(clinic, || {
            let all = shown::<AssessmentSection>(clinic, patient())?;
            let texts: Vec<_> = all.iter().map(|section| &section.text).collect();
            Ok(json!({ "texts": texts }))
        }),
        "medicines" => seen(clinic, || {
            let all = shown::<MedicationList>(clinic, patient())?;
            let names = all.iter().flat_map(|list| list.items.iter());
            let names: Vec<_> = names.map(|(_, item)| &item.name).collect();
            Ok(json!({ "names": names }))
        }),
        _ => return None,
    })
}

/// Does something, and sends it.
fn said(clinic: &Clinic, act: impl FnOnce() -> Result<(), CoreError>) -> Result<Value, CoreError> {
    act()?;
    clinic.sync()?;
    Ok(json!({}))
}

/// Fetches what is new, and looks.
fn seen(
    clinic: &Clinic,
    look: impl FnOnce() -> Result<Value, CoreError>,
) -> Result<Value, CoreError> {
    clinic.sync()?;
    look()
}

/// All of a kind that the clinic is shown.
fn shown<T: Content>(clinic: &Clinic, patient: DocumentId) -> Result<Vec<T>, CoreError> {
    let page = clinic.page::<T>(patient, &Query::all())?;
    Ok(page.items.into_iter().map(|view| view.content).collect())
}

fn set_reading_hours(clinic: &Clinic) -> Result<Value, CoreError> {
    said(clinic, || {
        clinic.set_monitoring(Monitoring {
            hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
            zone: "America/Denver".to_owned(),
            responsible: BY.to_owned(),
            by: BY.to_owned(),
            at: clinic.now(),
        })
    })
}

/// One line, gone through with the patient.
fn write_costs(clinic: &Clinic, patient: DocumentId) -> Result<(), CoreError> {
    let line = CostLine {
        label: "Session".to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: false,
        hsa_fsa: true,
        amount: "12000 USD".parse().ok(),
    };
    clinic.add_cost_line(patient, line)?;
    if let Some(costs) = clinic.costs(patient)? {
        clinic.walk_through_costs(patient, &costs, BY)?;
    }
    Ok(())
}
