//! What each field of the kinds around guides may hold.

use super::Sort;
use crate::domain::guide::{Slot, Stage};
use crate::domain::limits;

/// Of the kinds around guides.
pub(super) fn of_guides(kind: &str, field: &str) -> Sort {
    let version = Sort::Number {
        least: 1,
        most: limits::GUIDE_VERSION.into(),
    };
    let editions = Sort::WordsOf {
        of: "editions (`b2` bundled, `c3` the clinic's)",
        most: limits::GUIDE_EDITIONS,
    };
    match (kind, field) {
        (_, "guide") => Sort::GuideName,
        (_, "at" | "retired_at") => Sort::Moment,
        (_, "by") => Sort::Line {
            most: limits::NAME,
            needed: true,
        },
        (_, "version" | "base_version") => version,
        (_, "language") => Sort::Language,
        (_, "due") => Sort::Due,
        (_, "stage") => Sort::OneOf(Stage::ALL.map(Stage::as_str).to_vec()),
        ("guide_text", "title") => Sort::Line {
            most: limits::TITLE,
            needed: true,
        },
        ("guide_text", "text") => Sort::Markdown {
            most: limits::GUIDE,
        },
        ("guide_slot", "text") => Sort::Markdown {
            most: limits::GUIDE_SLOT,
        },
        ("guide_slot", "slot") => {
            let known = Slot::ALL.iter().map(|slot| slot.as_str().to_owned());
            Sort::Word {
                known: known.collect(),
            }
        }
        ("guide_progress", "session") => Sort::Hex {
            of: "document id",
            bytes: 16,
        },
        ("guide_progress", "opened" | "finished") => editions,
        ("guide_progress", "ticked") => Sort::WordsOf {
            of: "names of tasks",
            most: limits::GUIDE_TASKS,
        },
        _ => panic!("say what {kind}.{field} may hold"),
    }
}
