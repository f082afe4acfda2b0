//! What kinds are called where a person reads them. Scripts read [`Kind::as_str`].

use companion_core::domain::Kind;

/// What one thing of a kind is called, in the middle of a sentence.
pub(super) fn in_words(kind: &Kind) -> String {
    // One of a newer version has no name here yet.
    named(kind).map_or_else(|| kind.as_str().replace('_', " "), str::to_owned)
}

fn named(kind: &Kind) -> Option<&'static str> {
    Some(match kind.as_str() {
        "entry" => "entry",
        "check_in" => "check-in",
        "response" => "answers to a questionnaire",
        "reply" => "reply",
        "dosing_session" => "dosing session",
        "visit" => "visit",
        "guide_progress" => "how far you are with a guide",
        "programme" => "programme",
        "goal" => "goal",
        "assessment_section" => "section of the assessment",
        "medication_list" => "list of medicines",
        "anything_new" => "answer about what is new",
        "readiness" => "outcome of the assessment",
        "cost_sheet" => "structure and costs",
        "cost_acknowledgement" => "your acknowledgement of structure and costs",
        "session_preparation" => "preparation for a session",
        "kept_private" => "what you kept private",
        "contact_request" => "request to be contacted",
        "safety_plan" => "safety plan",
        "commitment" => "commitment",
        "intention" => "intention for a session",
        "next_session_item" => "line for the next session",
        "use_check" => "answers to the questions on use",
        "reminder_preferences" => "your choices about reminders",
        "device" => "name of a device",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{REGISTRY, Side};

    use super::*;

    #[test]
    fn everything_that_a_patient_writes_and_takes_along_has_a_name_in_plain_words() {
        let theirs = REGISTRY
            .iter()
            .filter(|declared| declared.writers.include(Side::Patient) && declared.in_export);
        let unnamed: Vec<_> = theirs
            .filter(|declared| named(&declared.kind).is_none())
            .map(|declared| declared.kind.as_str())
            .collect();
        assert_eq!(unnamed, Vec::<&str>::new());
        assert_eq!(in_words(&Kind::from_stored("voice_memo")), "voice memo");
    }
}
