//! What makes a pack of rules one that can be planned with: everything that is wrong with it is found
//! when it is saved, by name, and not when a phone has to remind somebody.

use std::collections::BTreeSet;

use super::rules::{Caps, DayTime, Rule, RulePack, Side, Topic, When};
use super::wording::unknown_blank;
use super::{RuleId, TimeOfDay};
use crate::domain::session_day::LEAST_QUIET_HOURS;
use crate::domain::text::{self, Invalid, Named, named};
use crate::domain::{Zone, ZoneError, limits};

const WORDS: Named = named("words", "the text of the reminder");
/// Most characters of what a reminder says.
const LONGEST_WORDS: usize = limits::REMINDER_WORDS;
/// Most rules of a pack.
const MOST_RULES: usize = limits::REMINDERS;
/// Most times that one rule may speak because of one session or visit.
const MOST_TIMES: u32 = 60;
/// Furthest that a rule reaches from what it is about, in days.
const FURTHEST_DAYS: u32 = 365;

/// What is wrong with a pack of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// More rules than anybody could oversee.
    #[error("there are more than {most} rules")]
    TooManyRules {
        /// The most that there may be.
        most: usize,
    },
    /// Two rules of one name.
    #[error("there are two rules named {rule}")]
    SameName {
        /// Their name.
        rule: RuleId,
    },
    /// A name that a rule can't have.
    #[error("{name:?} can't be the name of a reminder; use small letters, digits and _")]
    NoRule {
        /// What was given, cut at 40 characters.
        name: String,
    },
    /// A rule of a clinic's own that is about nothing that is known here.
    #[error("{rule} says nothing known that it is about")]
    NoTopic {
        /// Which rule.
        rule: RuleId,
    },
    /// A rule that would speak far too often.
    #[error("{rule} would remind {times} times for one session; at most {most} are allowed")]
    TooOften {
        /// Which rule.
        rule: RuleId,
        /// How often it would speak.
        times: u32,
        /// The most that is allowed.
        most: u32,
    },
    /// Too many days, minutes, months or times, or too few.
    #[error("{rule}: {what} is not between {least} and {most}")]
    OutOfRange {
        /// Which rule.
        rule: RuleId,
        /// Which number.
        what: &'static str,
        /// The least that is allowed.
        least: i64,
        /// The most that is allowed.
        most: i64,
    },
    /// A number of the caps.
    #[error("{what} is not between {least} and {most}")]
    CapOutOfRange {
        /// Which number.
        what: &'static str,
        /// The least that is allowed.
        least: i64,
        /// The most that is allowed.
        most: i64,
    },
    /// Check-ins would be asked for when nothing may be shown.
    #[error("check-ins are asked for at {at}, which is in the quiet hours")]
    CheckInsInQuietHours {
        /// Their time.
        at: TimeOfDay,
    },
    /// A time at which nothing may be shown.
    #[error("{rule} speaks at {at}, which is in the quiet hours")]
    InQuietHours {
        /// Which rule.
        rule: RuleId,
        /// Its time.
        at: TimeOfDay,
    },
    /// A topic at a time where it has no place.
    #[error("{rule}: {why}")]
    Misplaced {
        /// Which rule.
        rule: RuleId,
        /// What is not possible, in words.
        why: &'static str,
    },
    /// The words can't be shown as they are.
    #[error("{rule}: {problem}")]
    Words {
        /// Which rule.
        rule: RuleId,
        /// What is wrong with them.
        problem: Invalid,
    },
    /// The words have a blank that nothing fills.
    #[error("{rule}: nothing fills {{{blank}}}; use {{time}}, {{date}}, {{when}} or {{place}}")]
    Blank {
        /// Which rule.
        rule: RuleId,
        /// What stands between the braces, cut at 40 characters.
        blank: String,
    },
    /// The clinic's own zone.
    #[error(transparent)]
    Zone(#[from] ZoneError),
}

/// Rules that can be planned with. Made by [`RulePack::checked`]; by default those of the default pack,
/// which a test checks like any other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub(super) pack: RulePack,
    pub(super) clinic_zone: Option<Zone>,
}

impl Rules {
    /// What was checked.
    pub fn pack(&self) -> &RulePack {
        &self.pack
    }
}

impl RulePack {
    /// The same, with its words trimmed, if it can be planned with.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with the name of its rule.
    pub fn checked(mut self) -> Result<Rules, RulesError> {
        check_caps(&self.caps)?;
        if self.rules.len() > MOST_RULES {
            return Err(RulesError::TooManyRules { most: MOST_RULES });
        }
        let mut names = BTreeSet::new();
        for rule in &mut self.rules {
            if !names.insert(rule.id.clone()) {
                return Err(RulesError::SameName {
                    rule: rule.id.clone(),
                });
            }
            check_when(rule, &self.caps)?;
            check_topic(rule)?;
            rule.words = checked_words(rule)?;
        }
        let clinic_zone = self.clinic_zone.as_deref().map(Zone::named).transpose()?;
        Ok(Rules {
            pack: self,
            clinic_zone,
        })
    }
}

fn check_caps(caps: &Caps) -> Result<(), RulesError> {
    let ranges: [(_, u16, _, _); 4] = [
        ("the number of reminders a day", caps.per_day.into(), 1, 6),
        (
            "the number of times that a thing is asked for",
            caps.times_asked.into(),
            1,
            7,
        ),
        (
            "the hours of quiet after a session",
            caps.quiet_hours_after_session,
            // A clinic may ask for more quiet after a dose, and not for less.
            LEAST_QUIET_HOURS.into(),
            168,
        ),
        (
            "the number of check-ins without an answer",
            caps.thin_after.into(),
            1,
            30,
        ),
    ];
    for (what, number, least, most) in ranges {
        if !(least..=most).contains(&i64::from(number)) {
            return Err(RulesError::CapOutOfRange { what, least, most });
        }
    }
    match caps.check_in_at {
        at if caps.quiet.include(at) => Err(RulesError::CheckInsInQuietHours { at }),
        _ => Ok(()),
    }
}

fn check_when(rule: &Rule, caps: &Caps) -> Result<(), RulesError> {
    let within = |what, number: i64, least, most| {
        if (least..=most).contains(&number) {
            return Ok(());
        }
        Err(RulesError::OutOfRange {
            rule: rule.id.clone(),
            what,
            least,
            most,
        })
    };
    within("times", rule.times.into(), 1, caps.times_asked.into())?;
    let (at, series) = match rule.when {
        When::SessionDay { days, at } => {
            within("days", days.into(), -365, 365)?;
            (Some(at), 1)
        }
        When::BeforeSession { minutes } => {
            within("minutes", minutes.into(), 1, 2_880)?;
            (None, 1)
        }
        When::BeforeVisit { days, at } => {
            within("days", days.into(), 0, 60)?;
            (Some(at), 1)
        }
        When::AfterLastSession { months, at } => {
            within("months", months.into(), 1, 24)?;
            (Some(at), 1)
        }
        When::SeriesAfterSession {
            first,
            every,
            times,
            at,
        } => {
            within("first", first.into(), 1, FURTHEST_DAYS.into())?;
            within("every", every.into(), 1, FURTHEST_DAYS.into())?;
            (Some(at), u32::from(times))
        }
        When::Rhythm { at } => (Some(at), 1),
    };
    let times = series.saturating_mul(rule.times.into());
    if times > MOST_TIMES {
        return Err(RulesError::TooOften {
            rule: rule.id.clone(),
            times,
            most: MOST_TIMES,
        });
    }
    match at {
        Some(DayTime::At(at)) if caps.quiet.include(at) => Err(RulesError::InQuietHours {
            rule: rule.id.clone(),
            at,
        }),
        _ => Ok(()),
    }
}

fn check_topic(rule: &Rule) -> Result<(), RulesError> {
    let before_session = matches!(rule.when, When::BeforeSession { .. });
    let of_check_ins = matches!(
        rule.when,
        When::SeriesAfterSession { .. } | When::Rhythm { .. }
    );
    let asks_after = match rule.when {
        When::SessionDay { days, .. } => days < 0 && i32::from(days) + i32::from(rule.times) > 0,
        When::BeforeVisit { days, .. } => u16::from(rule.times) > days.saturating_add(1),
        _ => false,
    };
    let on_the_day = matches!(rule.when, When::SessionDay { days: 0, .. });
    let side = match rule.when {
        When::SessionDay { days: ..=-1, .. } => Some(Side::Before),
        When::SessionDay { days: 1.., .. } => Some(Side::After),
        _ => None,
    };
    let wrong_side = side.is_some_and(|side| rule.topic.side().is_some_and(|right| right != side));
    let why = if before_session != matches!(rule.topic, Topic::Fasting | Topic::Leaving) {
        "fasting and leaving, and nothing else, are told by the minute before a session"
    } else if on_the_day != (rule.topic == Topic::Evening) {
        "the evening, and nothing else, is for the day of a session"
    } else if wrong_side && side == Some(Side::After) {
        "this comes before a session, and not after it"
    } else if wrong_side {
        "this comes after a session, and not before it"
    } else if of_check_ins != (rule.topic == Topic::CheckIn) {
        "check-ins, and nothing else, come in a series or a rhythm"
    } else if rule.times > 1 && (before_session || on_the_day || of_check_ins) {
        "this is said once, and not again"
    } else if asks_after {
        "it would still ask when the day has come"
    } else if rule.measures.is_empty() == (rule.topic == Topic::Measure) {
        "questionnaires are named by rules about them"
    } else {
        return Ok(());
    };
    // Months later, measures go together with other questions.
    if rule.topic == Topic::FollowUp && why.starts_with("questionnaires") {
        return Ok(());
    }
    Err(RulesError::Misplaced {
        rule: rule.id.clone(),
        why,
    })
}

fn checked_words(rule: &Rule) -> Result<String, RulesError> {
    let words = text::needed_line(&rule.words, WORDS, LONGEST_WORDS).map_err(|problem| {
        RulesError::Words {
            rule: rule.id.clone(),
            problem,
        }
    })?;
    match unknown_blank(&words) {
        Some(blank) => Err(RulesError::Blank {
            rule: rule.id.clone(),
            blank: blank.chars().take(40).collect(),
        }),
        None => Ok(words),
    }
}
