//! What each field of the kinds that a programme is made of may hold.

use serde_json::json;

use super::{AT, Sort};
use crate::domain::anything_new::News;
use crate::domain::assessment_section::Section;
use crate::domain::goal::{Became, LifeDomain};
use crate::domain::medicine::MEDICINES;
use crate::domain::readiness::{Appropriate, Timing};
use crate::domain::use_check::UseAnswer;
use crate::domain::{HoldsFor, limits};

/// Of the kinds that a programme is made of.
pub(super) fn of_the_programme(kind: &str, field: &str) -> Option<Sort> {
    let line = |most, needed| Sort::Line { most, needed };
    let text = |most, needed| Sort::Paragraphs { most, needed };
    let number = |most: u32| Sort::Number {
        least: 1,
        most: most.into(),
    };
    let words = |known: &[&str]| Sort::Word {
        known: known.iter().map(|word| (*word).to_owned()).collect(),
    };
    let items = |most, item| Sort::Items {
        most,
        item,
        with: json!({}),
    };
    let steps = |item| items(limits::STEPS, item);
    let list = |item| items(limits::ITEMS, item);
    Some(match (kind, field) {
        ("programme", "medicine") => words(&MEDICINES.iter().map(|one| one.id).collect::<Vec<_>>()),
        ("programme", "medicine_name") => line(limits::NAME, false),
        ("programme", "planned") => number(limits::PLANNED_SESSIONS),
        ("programme", "plan_changes") => {
            steps(json!({"sessions": 7, "reason": "To close well.", "by": "Maya", "at": AT}))
        }
        ("programme", "phases") => steps(json!({"phase": "session", "by": "Maya", "at": AT})),
        ("programme", "standings") => {
            steps(json!({"standing": "paused", "reason": "", "by": "Maya", "at": AT}))
        }
        ("programme", "team") => Sort::Items {
            most: limits::ITEMS,
            item: json!({"name": "Dr. Vega", "role": "medical_provider"}),
            with: json!({"ff".repeat(16): {"name": "Maya", "role": "therapist"}}),
        },
        ("programme", "closing_summary") | ("readiness", "explanation") => {
            text(limits::BODY, false)
        }
        ("cost_walkthrough" | "cost_acknowledgement", "planned") => {
            number(limits::PLANNED_SESSIONS)
        }
        ("anything_new", "on") => Sort::Day,
        ("goal", "domain") => words(&LifeDomain::OFFERED),
        ("goal", "text") => text(limits::NOTE, true),
        ("goal", "became") => Sort::OneOf(Became::ALL.map(Became::as_str).to_vec()),
        ("goal", "became_words") | ("anything_new", "words") => text(limits::NOTE, false),
        ("assessment_section", "section") => {
            Sort::OneOf(Section::ALL.map(Section::as_str).to_vec())
        }
        ("assessment_section", "text") => text(limits::BODY, true),
        ("screening", "items") => Sort::Items {
            most: limits::ITEMS,
            item: json!({"label": "Thyroid"}),
            with: json!({
                "01".repeat(16): {"label": "Cardiovascular conditions"},
                "02".repeat(16): {"label": "Psychotic disorders"},
                "03".repeat(16): {"label": "Active substance use"},
            }),
        },
        ("screening", "findings") => steps(json!({
            "item": "01".repeat(16), "finding": "absent", "note": "", "by": "Dr. Vega", "at": AT,
        })),
        ("medication_list", "items") => list(json!({
            "name": "Sertraline", "what_for": "low mood", "sort": "medicine", "stopped_at": AT,
        })),
        ("anything_new", "answer") => {
            Sort::OneOf([News::Nothing, News::Something].map(News::as_str).to_vec())
        }
        ("readiness", "appropriate") => Sort::OneOf(
            [Appropriate::Yes, Appropriate::No]
                .map(Appropriate::as_str)
                .to_vec(),
        ),
        ("readiness", "timing") => {
            Sort::OneOf([Timing::Now, Timing::Later].map(Timing::as_str).to_vec())
        }
        ("readiness", "orientation") => {
            list(json!({"what": "A group for sleep", "where_to": "https://example.org"}))
        }
        ("cost_sheet", "version") => number(limits::SHEET_VERSION),
        ("cost_sheet", "lines") => list(json!({
            "label": "Session", "provider": "", "payer": "cash", "is_medicine": false,
            "hsa_fsa": true, "amount": "12000 USD",
        })),
        ("use_questions" | "clinic_use_questions", "craving" | "outside_plan" | "bladder") => {
            line(limits::QUESTION, false)
        }
        ("use_questions" | "clinic_use_questions", "every_weeks") => number(limits::WEEKS.into()),
        ("use_questions" | "clinic_use_questions", "holds_for") => words(
            &HoldsFor::ALL
                .iter()
                .map(HoldsFor::as_str)
                .collect::<Vec<_>>(),
        ),
        ("use_check", "craving" | "outside_plan" | "bladder") => words(
            &UseAnswer::ALL
                .iter()
                .map(UseAnswer::as_str)
                .collect::<Vec<_>>(),
        ),
        ("use_check", "words") => text(limits::NOTE, false),
        ("use_check", "asked") => Sort::Told {
            as_words: format!(
                "`craving`, `outside_plan` or `bladder` to one line, 1 to {} characters",
                limits::QUESTION
            ),
            taken: vec![
                json!({}),
                json!({"craving": "x".repeat(limits::QUESTION), "bladder": "Does it hurt?"}),
            ],
            refused: vec![
                json!({"craving": "x".repeat(limits::QUESTION + 1)}),
                json!({"craving": ""}),
                json!({"craving": 1}),
                json!({"mood": "How are you?"}),
                json!(["craving"]),
            ],
        },
        _ => return None,
    })
}
