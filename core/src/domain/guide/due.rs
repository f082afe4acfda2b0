//! What a guide is about, and by which rule it comes due.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::Phase;

/// Most days between a session and a guide.
pub const DAYS_LIMIT: u16 = 365;

/// Which part of the programme a guide is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The programme as a whole: readable whatever comes of the assessment.
    About,
    /// Getting ready.
    Preparation,
    /// The day of a session.
    SessionDay,
    /// The time after it.
    Integration,
}

impl Stage {
    /// All of them, in the order of the programme.
    pub const ALL: [Stage; 4] = [
        Stage::About,
        Stage::Preparation,
        Stage::SessionDay,
        Stage::Integration,
    ];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::About => "about",
            Stage::Preparation => "preparation",
            Stage::SessionDay => "session_day",
            Stage::Integration => "integration",
        }
    }
}

/// When a guide comes due. Written `phase preparation`, `S-3`, `S+1` or `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// As long as the programme is in that phase.
    InPhase(Phase),
    /// From so many days before a session on, through its day. 0 is the day itself.
    Before {
        /// Days, at most [`DAYS_LIMIT`].
        days: u16,
    },
    /// From so many days after a session on, until the next one begins.
    After {
        /// Days, from 1 to [`DAYS_LIMIT`].
        days: u16,
    },
    /// Never by itself: it can be looked up.
    Never,
}

/// Whether what was finished before one session comes again before the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Again {
    /// Once in a programme.
    #[default]
    Once,
    /// For each session anew, with boxes that are empty again.
    EachSession,
}

/// A text that is no such rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a rule of the form `phase preparation`, S-3, S+1 or `never`, within 365 days")]
pub struct DueError;

impl FromStr for Due {
    type Err = DueError;

    /// Takes `S−3 days` as people write it, too.
    fn from_str(text: &str) -> Result<Self, DueError> {
        if text == "never" {
            return Ok(Due::Never);
        }
        if let Some(phase) = text.strip_prefix("phase ") {
            return phase.parse().map(Due::InPhase).map_err(|_| DueError);
        }
        let rule = text.strip_prefix('S').ok_or(DueError)?;
        let rule = rule
            .strip_suffix(" days")
            .or_else(|| rule.strip_suffix(" day"))
            .unwrap_or(rule);
        let days = |number: &str| {
            let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            let days = number.parse().ok().filter(|_| is_number);
            days.filter(|days| *days <= DAYS_LIMIT).ok_or(DueError)
        };
        if let Some(number) = rule.strip_prefix('-').or_else(|| rule.strip_prefix('−')) {
            return days(number).map(|days| Due::Before { days });
        }
        match days(rule.strip_prefix('+').ok_or(DueError)?)? {
            0 => Err(DueError),
            days => Ok(Due::After { days }),
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Due::InPhase(phase) => write!(f, "phase {}", phase.as_str()),
            Due::Before { days } => write!(f, "S-{days}"),
            Due::After { days } => write!(f, "S+{days}"),
            Due::Never => f.write_str("never"),
        }
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_people_write_it_and_written_in_one_way() {
        for (text, due) in [
            ("S-3", Due::Before { days: 3 }),
            ("S−3 days", Due::Before { days: 3 }),
            ("S-1 day", Due::Before { days: 1 }),
            ("S-0", Due::Before { days: 0 }),
            ("S+14", Due::After { days: 14 }),
            ("never", Due::Never),
            ("phase integration", Due::InPhase(Phase::Integration)),
        ] {
            assert_eq!(text.parse(), Ok(due), "{text}");
            assert_eq!(due.to_string().parse(), Ok(due));
        }
    }

    #[test]
    fn rules_that_no_calendar_keeps_are_refused() {
        for text in [
            "",
            "S",
            "S-",
            "S3",
            "S+0",
            "S-366",
            "S-+3",
            "S--3",
            "S-99999999999",
            "s-3",
            "phase moon",
            "phase",
            "always",
            "S-3 weeks",
        ] {
            assert_eq!(text.parse::<Due>(), Err(DueError), "{text}");
        }
    }
}
