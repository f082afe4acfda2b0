//! What all tests of reminders begin with: a patient with sessions, in a zone, at a time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod around_sessions;
mod caps;
mod check_ins;
mod clocks;
mod packs;
mod properties;
mod replanning;
mod standing;
mod wording;
mod zones;

use super::{
    Facts, MOST, MeasureFacts, MeasureId, Notification, Plan, Preferences, QuietHours, Readiness,
    Rule, RuleId, RulePack, Rules, Session, Shown, TimeOfDay, Topic, Visit, When, plan,
};
use crate::domain::{DocumentId, Moment, Zone};

/// Somebody who is ready, with rules, choices and a phone in New York.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) rules: RulePack,
    pub(super) facts: Facts,
    pub(super) choices: Preferences,
    pub(super) zone: Zone,
}

pub(super) fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(super) fn clock(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

pub(super) fn quiet(from: &str, until: &str) -> QuietHours {
    QuietHours::new(clock(from), clock(until)).unwrap()
}

pub(super) fn id(n: u8) -> DocumentId {
    DocumentId::new([n; 16])
}

/// A session of three hours.
pub(super) fn session(n: u8, starts: &str) -> Session {
    Session {
        id: id(n),
        starts: at(starts),
        ends: None,
        takes_place: true,
        place: String::new(),
        done: [].into(),
    }
}

pub(super) fn visit(n: u8, starts: &str) -> Visit {
    Visit {
        id: id(n),
        starts: at(starts),
        takes_place: true,
        place: String::new(),
    }
}

pub(super) fn measure(word: &str, interval: u16, last: Option<&str>) -> MeasureFacts {
    MeasureFacts {
        id: MeasureId::new(word).unwrap(),
        smallest_interval_days: interval,
        last_answered: last.map(|day| day.parse().unwrap()),
    }
}

/// A rule of fasting, as a clinic writes it.
pub(super) fn fasting(name: &str, minutes: u16) -> Rule {
    Rule {
        id: RuleId::new(name).unwrap(),
        topic: Topic::Fasting,
        when: When::BeforeSession { minutes },
        words: "From now on, nothing to eat.".into(),
        asks: [].into(),
        measures: [].into(),
        times: 1,
        tells_clinic: false,
    }
}

impl Case {
    pub(super) fn new(sessions: Vec<Session>) -> Case {
        Case {
            rules: RulePack::default(),
            facts: Facts {
                readiness: Readiness::Ready,
                sessions,
                measures: vec![measure("phq-9", 7, None), measure("gad-7", 7, None)],
                ..Facts::default()
            },
            choices: Preferences::default(),
            zone: Zone::named("America/New_York").unwrap(),
        }
    }

    pub(super) fn rules(&self) -> Rules {
        self.rules.clone().checked().unwrap()
    }

    pub(super) fn rule(&mut self, name: &str) -> &mut Rule {
        let mut rules = self.rules.rules.iter_mut();
        rules.find(|rule| rule.id.as_str() == name).unwrap()
    }

    /// The pack without rules of these topics.
    pub(super) fn without(mut self, topics: &[Topic]) -> Case {
        self.rules
            .rules
            .retain(|rule| !topics.contains(&rule.topic));
        self
    }

    pub(super) fn at(&self, now: &str) -> Plan {
        self.at_moment(at(now))
    }

    pub(super) fn at_moment(&self, now: Moment) -> Plan {
        plan(
            &self.rules(),
            &self.facts,
            &self.choices,
            &self.zone,
            now,
            MOST,
        )
    }
}

/// `changes 2026-11-20 18:00`, one for each.
pub(super) fn lines(plan: &Plan) -> Vec<String> {
    plan.notifications.iter().map(line).collect()
}

pub(super) fn line(notification: &Notification) -> String {
    let at = notification.at.to_chrono().unwrap();
    format!("{} {}", notification.rule, at.format("%Y-%m-%d %H:%M"))
}

/// As the phone would tell it later.
pub(super) fn shown(notification: &Notification) -> Shown {
    Shown {
        id: notification.id,
        at: notification.at,
        topic: notification.topic,
    }
}
