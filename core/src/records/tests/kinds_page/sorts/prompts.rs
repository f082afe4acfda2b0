//! What each field of a clinic's prompts for integration may hold.

use serde_json::json;

use super::Sort;
use crate::domain::{HoldsFor, limits};

/// Of a field of those kinds; `None` for all others.
pub(super) fn of_prompts(kind: &str, field: &str) -> Option<Sort> {
    if !["prompt_rules", "clinic_prompt_rules"].contains(&kind) {
        return None;
    }
    Some(match field {
        "changes" => Sort::Items {
            most: limits::PROMPTS,
            item: json!({"prompt": "body", "off": false, "from_day": 2, "until_day": 5,
                "words": "How is your body?"}),
            with: json!({}),
        },
        "holds_for" => Sort::Word {
            known: HoldsFor::ALL
                .iter()
                .map(|word| word.as_str().to_owned())
                .collect(),
        },
        _ => return None,
    })
}
