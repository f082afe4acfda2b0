//! The default pack: a template that a clinic edits and signs. Offsets and caps are the project's own
//! judgement, made from what is known of reminders: those that also prepare do better than bare ones
//! (McLean 2016, PMC4831598), answers decline with days (Ono 2019), and the number of prompts a day does
//! not predict them (Wrzus & Neubauer 2023); so they are few.
//!
//! It has no rule about fasting: what holds varies from clinic to clinic, and is a clinic's text alone.
//! It gives no advice about doses, and clears nobody to drive.

use super::rules::{Caps, DayTime, Rule, RulePack, Topic, When};
use super::{MeasureId, QuietHours, RuleId, Task, TimeOfDay};

/// Six in the evening: after work, and three hours before the night.
const EVENING: DayTime = DayTime::At(TimeOfDay::hour(18));
const MORNING: DayTime = DayTime::At(TimeOfDay::hour(10));

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            per_day: 2,
            times_asked: 3,
            quiet: QuietHours::NIGHT,
            quiet_hours_after_session: 24,
            thin_after: 3,
            check_in_at: TimeOfDay::hour(19),
        }
    }
}

impl Default for RulePack {
    fn default() -> RulePack {
        RulePack {
            clinic_zone: None,
            caps: Caps::default(),
            rules: rules(),
        }
    }
}

/// The most important first.
fn rules() -> Vec<Rule> {
    let day = |days, at| When::SessionDay { days, at };
    let mut rules = vec![
        rule(
            "leave",
            Topic::Leaving,
            When::BeforeSession { minutes: 180 },
            "Your session begins at {time}. Is your ride there and back settled?",
        ),
        rule(
            "evening",
            Topic::Evening,
            day(0, DayTime::At(TimeOfDay::hour(19))),
            "A quiet evening is enough. If words or sounds come, you can keep them here; help is one tap away.",
        ),
        rule(
            "day_before",
            Topic::DayBefore,
            day(-1, EVENING),
            "Your session is {when} at {time}, {place}. The guide to its day says what to bring. Keep the rest of the \
             day free. When to stop eating and drinking is for your clinic to say: ask, if nobody said.",
        ),
        rule(
            "visit",
            Topic::Integration,
            When::BeforeVisit {
                days: 1,
                at: EVENING,
            },
            "Your visit is on {date} at {time}, {place}. Is there something that you want to bring up?",
        ),
        Rule {
            asks: [Task::CHANGES, Task::RIDE].into(),
            times: 3,
            tells_clinic: true,
            ..rule(
                "changes",
                Topic::Preparation,
                day(-3, EVENING),
                "Did anything change: medicines, health, pregnancy, an illness? And is your ride home confirmed?",
            )
        },
        Rule {
            asks: [Task::DAY_AFTER].into(),
            ..rule(
                "day_after",
                Topic::DayAfter,
                day(1, EVENING),
                "How are you today? Before you drive, read what your clinician said about it.",
            )
        },
        Rule {
            asks: [Task::RIDE, Task::SUPPORT, Task::GUIDE].into(),
            times: 3,
            ..rule(
                "arrange",
                Topic::Preparation,
                day(-7, EVENING),
                "Your session is {when}: arrange your ride and somebody to lean on, and read the preparation guide.",
            )
        },
        Rule {
            asks: [Task::COSTS, Task::MEDICINES].into(),
            times: 3,
            ..rule(
                "costs",
                Topic::Preparation,
                day(-14, EVENING),
                "Please read the structure and costs, and look through your list of medicines.",
            )
        },
        Rule {
            asks: [Task::INTEGRATION].into(),
            ..rule(
                "integration",
                Topic::Integration,
                day(2, EVENING),
                "What do you want to remember from your session? A few words are enough.",
            )
        },
    ];
    for (name, days) in [("measures_7", 7), ("measures_14", 14)] {
        rules.push(Rule {
            measures: [MeasureId::known("phq-9"), MeasureId::known("gad-7")].into(),
            times: 3,
            ..rule(
                name,
                Topic::Measure,
                day(days, MORNING),
                "A few questions about the last weeks are due.",
            )
        });
    }
    for (name, months) in [("month_1", 1), ("month_3", 3), ("month_6", 6)] {
        rules.push(Rule {
            measures: [
                MeasureId::known("phq-9"),
                MeasureId::known("gad-7"),
                MeasureId::known("pcl-5"),
            ]
            .into(),
            times: 3,
            ..rule(
                name,
                Topic::FollowUp,
                When::AfterLastSession {
                    months,
                    at: MORNING,
                },
                "Looking back: a few questions, and what has changed in ordinary days.",
            )
        });
    }
    let at = DayTime::OfCheckIns;
    rules.extend([
        rule(
            "check_in_after",
            Topic::CheckIn,
            When::SeriesAfterSession {
                first: 2,
                every: 1,
                times: 14,
                at,
            },
            "How are you? It takes fifteen seconds.",
        ),
        rule(
            "check_in",
            Topic::CheckIn,
            When::Rhythm { at },
            "How are you? It takes fifteen seconds.",
        ),
    ]);
    rules
}

/// Said once, asking for nothing.
fn rule(id: &'static str, topic: Topic, when: When, words: &str) -> Rule {
    Rule {
        id: RuleId::known(id),
        topic,
        when,
        words: words.to_owned(),
        asks: [].into(),
        measures: [].into(),
        times: 1,
        tells_clinic: false,
    }
}
