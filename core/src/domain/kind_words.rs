//! What kinds are called where a patient reads them. Scripts read [`Kind::as_str`].

use std::borrow::Cow;

use super::Kind;

impl Kind {
    /// What one thing of this kind is called, to be set beside a sentence and not into it: some names have an article of
    /// their own, and some are in the plural.
    ///
    /// ```
    /// use companion_core::domain::{CheckIn, Content, Kind};
    ///
    /// assert_eq!(CheckIn::KIND.in_words(), "check-in");
    /// // One of a newer version has no name here yet.
    /// assert_eq!(Kind::from_stored("voice_memo").in_words(), "voice memo");
    /// ```
    pub fn in_words(&self) -> Cow<'static, str> {
        named(self).map_or_else(
            || Cow::Owned(self.as_str().replace('_', " ")),
            Cow::Borrowed,
        )
    }
}

fn named(kind: &Kind) -> Option<&'static str> {
    let named = NAMES.iter().find(|(word, _)| *word == kind.as_str());
    named.map(|(_, name)| *name)
}

/// Every kind that reaches a phone.
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
    // Of use to devices alone: a person meets these names in a refusal at most.
    ("care_key", "key of a phone"),
    ("deletion", "word that something was deleted"),
    (
        "delivery_receipt",
        "word that your clinic received something",
    ),
    (
        "attachment_receipt",
        "word that your clinic received a recording or picture",
    ),
    ("evidence", "proof of what a device sent"),
    ("member_keys", "keys of your devices"),
    ("imported_record", "name of a record that was imported"),
    ("space_grant", "permission for room on the server"),
    ("account_end", "word that you ended your account"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Placement, REGISTRY};

    #[test]
    fn everything_that_reaches_a_phone_has_a_name_in_plain_words() {
        let on_phones = REGISTRY
            .iter()
            .filter(|declared| declared.placement != Placement::Clinic);
        let unnamed: Vec<_> = on_phones
            .filter(|declared| named(&declared.kind).is_none())
            .map(|declared| declared.kind.as_str())
            .collect();
        assert_eq!(unnamed, Vec::<&str>::new());
    }

    #[test]
    fn nothing_is_named_that_is_no_kind() {
        let is_kind = |word: &str| REGISTRY.iter().any(|known| known.kind.as_str() == word);
        let odd = NAMES.iter().filter(|(word, _)| !is_kind(word));
        assert_eq!(odd.count(), 0);
    }
}
