//! What kinds are called where a person reads them. Scripts read [`Kind::as_str`].

use companion_core::domain::Kind;

/// What one thing of a kind is called, in the middle of a sentence.
pub(super) fn in_words(kind: &Kind) -> String {
    // One of a newer version has no name here yet.
    named(kind).map_or_else(|| kind.as_str().replace('_', " "), str::to_owned)
}

fn named(kind: &Kind) -> Option<&'static str> {
    let named = NAMES.iter().find(|(word, _)| *word == kind.as_str());
    named.map(|(_, name)| *name)
}

/// Every kind that reaches a phone and that people read.
const NAMES: &[(&str, &str)] = &[
    ("entry", "entry"),
    ("check_in", "check-in"),
    ("response", "answers to a questionnaire"),
    ("reply", "reply"),
    ("session", "dosing session"),
    ("visit", "visit"),
    ("guide_assignment", "guide that your clinic gave you"),
    ("guide_progress", "how far you are with a guide"),
    ("guide_slot", "what your clinic fills into its guides"),
    ("guide_text", "guide in your clinic's own words"),
    ("programme", "programme"),
    ("goal", "goal"),
    ("screening", "screening before treatment"),
    ("assessment_section", "section of the assessment"),
    ("medication_list", "list of medicines"),
    ("medication_review", "your clinic's look at your medicines"),
    ("medicine_shown", "medicine that your clinic showed you"),
    ("anything_new", "answer about what is new"),
    ("readiness", "outcome of the assessment"),
    ("cost_sheet", "structure and costs"),
    ("cost_walkthrough", "going through structure and costs"),
    (
        "cost_acknowledgement",
        "your acknowledgement of structure and costs",
    ),
    ("session_preparation", "preparation for a session"),
    ("kept_private", "what you kept private"),
    ("former_document", "document of a former clinic"),
    ("sharing_wish", "how you wanted to share something"),
    ("contact_request", "request to be contacted"),
    ("safety_plan", "safety plan"),
    ("support_card", "card of whom to call"),
    ("monitoring", "who reads your answers, and when"),
    ("commitment", "commitment"),
    ("intention", "intention for a session"),
    ("next_session_item", "line for the next session"),
    ("use_check", "answers to the questions on use"),
    ("use_questions", "your clinic's questions on use"),
    ("prompt_rules", "your clinic's prompts"),
    ("reminder_rules", "your clinic's reminders"),
    ("reminder_preferences", "your choices about reminders"),
    ("device", "name of a device"),
    ("read_receipt", "word that your clinic opened something"),
    ("edited_by", "who at your clinic edited something"),
    ("clinic_profile", "your clinic's name and address"),
    ("people", "who works at your clinic"),
    ("release", "release to somebody outside"),
    ("release_request", "your clinic's question for a release"),
    ("release_declined", "release that you declined"),
    ("release_rules", "your clinic's rules for releases"),
    ("disclosure", "what was told to somebody outside"),
    ("access", "who looked at your record"),
];

#[cfg(test)]
mod tests {
    use companion_core::domain::{Placement, REGISTRY};

    use super::*;

    #[test]
    fn everything_that_a_phone_can_list_has_a_name_in_plain_words() {
        let listed = REGISTRY
            .iter()
            .filter(|declared| declared.placement != Placement::Clinic && declared.in_export);
        let unnamed: Vec<_> = listed
            .filter(|declared| named(&declared.kind).is_none())
            .map(|declared| declared.kind.as_str())
            .collect();
        assert_eq!(unnamed, Vec::<&str>::new());
        assert_eq!(in_words(&Kind::from_stored("voice_memo")), "voice memo");
    }

    #[test]
    fn nothing_is_named_that_is_no_kind() {
        let is_kind = |word: &str| REGISTRY.iter().any(|known| known.kind.as_str() == word);
        let odd = NAMES.iter().filter(|(word, _)| !is_kind(word));
        assert_eq!(odd.count(), 0);
    }
}
