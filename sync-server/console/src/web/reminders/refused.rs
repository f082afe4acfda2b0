//! What the core refuses of reminders, beside a field that the form has and with the reminder named in words.

use companion_core::CoreError;
use companion_core::domain::ReminderRules;
use companion_core::domain::reminder::{RuleId, RulesError};

use crate::view::form::Form;
use crate::view::reminders;
use crate::view::sentence::sentence;
use crate::web::problem::Problem;

/// Puts what the core says beside the field that it is about, or else beside the first of the form. `own` is the
/// name of the reminder that the form is about: any other is told by its topic and when it speaks, as it stands
/// in `set`.
pub(super) fn beside(
    error: CoreError,
    form: &mut Form,
    set: Option<&ReminderRules>,
    own: Option<&str>,
) -> Problem {
    let (fields, why) = match &error {
        CoreError::Invalid(why) if why.name.field == "changes" => (vec!["at"], why.to_string()),
        CoreError::Invalid(why) => (vec![why.name.field], why.to_string()),
        CoreError::Reminders(why) => (fields_of(why), in_words(why, set, own)),
        _ => return error.into(),
    };
    let mut fields = fields.into_iter().chain(["words", "per_day"]);
    let Some(field) = fields.find(|field| form.has(field)) else {
        return error.into();
    };
    form.wrong(field, sentence(&why));
    Problem::Fields
}

/// The fields that it can be about, the nearest first.
fn fields_of(why: &RulesError) -> Vec<&'static str> {
    match why {
        RulesError::OutOfRange { what: "times", .. } => vec!["times", "number", "times_asked"],
        RulesError::OutOfRange { .. }
        | RulesError::Misplaced { .. }
        | RulesError::TooOften { .. } => vec!["number", "days", "hours", "times_asked"],
        RulesError::InQuietHours { .. } => vec!["at", "quiet"],
        RulesError::CheckInsInQuietHours { .. } => vec!["check_in_at", "quiet"],
        RulesError::CapOutOfRange { .. } => vec!["per_day"],
        RulesError::Zone(_) => vec!["clinic_zone"],
        RulesError::Words { .. }
        | RulesError::Blank { .. }
        | RulesError::TooManyRules { .. }
        | RulesError::SameName { .. }
        | RulesError::NoRule { .. }
        | RulesError::NoTopic { .. } => vec!["words"],
    }
}

/// Without the name of a rule, which tells a person nothing.
fn in_words(why: &RulesError, set: Option<&ReminderRules>, own: Option<&str>) -> String {
    let said = why.to_string();
    let Some((id, rest)) =
        rule_of(why).and_then(|rule| Some((rule.as_str(), said.strip_prefix(rule.as_str())?)))
    else {
        return said;
    };
    let other = reminders::one(set, id).filter(|_| own != Some(id));
    match (other, rest.strip_prefix(": ")) {
        (Some(other), _) => format!("“{}”{rest}", reminders::named(&other.rule)),
        (None, Some(why)) => why.to_owned(),
        (None, None) => format!("this reminder{rest}"),
    }
}

const fn rule_of(why: &RulesError) -> Option<&RuleId> {
    match why {
        RulesError::NoTopic { rule }
        | RulesError::TooOften { rule, .. }
        | RulesError::OutOfRange { rule, .. }
        | RulesError::InQuietHours { rule, .. }
        | RulesError::Misplaced { rule, .. }
        | RulesError::Words { rule, .. }
        | RulesError::Blank { rule, .. } => Some(rule),
        RulesError::SameName { .. }
        | RulesError::TooManyRules { .. }
        | RulesError::NoRule { .. }
        | RulesError::CapOutOfRange { .. }
        | RulesError::CheckInsInQuietHours { .. }
        | RulesError::Zone(_) => None,
    }
}
