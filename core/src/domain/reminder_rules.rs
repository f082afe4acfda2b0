//! A clinic's own rules for reminders: what it changes of the default pack, and what it adds.

mod pack;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::clinic_wide::HeldForAll;
use super::reminder::{Rules, RulesError, TimeOfDay};
use super::reminder_preferences::quiet;
use super::session_day::LEAST_QUIET_HOURS;
use super::text::{Named, Problem, named};
use super::{
    Belongs, ClinicReminderRules, Content, Field, HoldsFor, Index, Invalid, ItemId, Kind, Moment,
    Ordered, Placement, Shape, Writers, limits, text,
};

const CHANGES: Named = named("changes", "reminders");
const RULE: Named = named("changes", "the name of a reminder");
const TOPIC: Named = named("changes", "what a reminder is about");
const WORDS: Named = named("changes", "the text of a reminder");
const TIME: Named = named("changes", "the time of a reminder");
const ZONE: Named = named("clinic_zone", "the clinic's time zone");
const QUIET: Named = named("quiet", "the quiet hours");
const CHECK_IN_AT: Named = named("check_in_at", "the time of check-ins");
const EVERY: Named = named("check_in_every", "the days from one check-in to the next");
const PER_DAY: Named = named("per_day", "the number of reminders a day");
const TIMES_ASKED: Named = named(
    "times_asked",
    "the number of times that a thing is asked for",
);
const AFTER: Named = named(
    "quiet_hours_after_session",
    "the hours of quiet after a session",
);
const THIN: Named = named("thin_after", "the number of check-ins without an answer");
const HOLDS_FOR: Named = named("holds_for", "whom the rules hold for");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the rules");

const A_TIME: Problem = Problem::NotOfForm {
    form: "a time like 18:30",
};
const HOURS: Problem = Problem::NotOfForm {
    form: "hours like 21:00-09:00 that leave at least six of a day",
};
const NO_LENGTH: Problem = Problem::Contradicts {
    how: "begin and end at the same time, which is no time at all",
};
const QUIET_THEN: Problem = Problem::Contradicts {
    how: "lies in the quiet hours",
};
const PLANNABLE: Problem = Problem::NotOfForm {
    form: "something that can be kept to",
};

/// What a clinic changes of the default reminders, and adds to them. It lives in the care space of each
/// patient: as the clinic set it for all its patients, or for this one alone. Where a field is missing or
/// empty, the default pack counts; each reminder is an item of its own, so what two people change of two
/// reminders apart both stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReminderRules {
    /// The clinic's own zone, an IANA name, by whose clock times are written; may be empty.
    #[serde(default)]
    pub clinic_zone: String,
    /// Most reminders of one day, 1 to 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u8>,
    /// Most times that one thing is asked for, 1 to 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_asked: Option<u8>,
    /// When nothing is shown, written `21:00-09:00`.
    #[serde(default)]
    pub quiet: String,
    /// Hours after a session with only its own word of the evening, 0 to 168.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours_after_session: Option<u16>,
    /// After how many check-ins without an answer they become half as frequent, 1 to 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thin_after: Option<u8>,
    /// When check-ins are asked for, until the patient chooses, written `19:00`.
    #[serde(default)]
    pub check_in_at: String,
    /// Days from one check-in to the next while the programme runs, 1 to 60; `None`: only after sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_in_every: Option<u16>,
    /// What is changed of reminders of the default pack, and reminders of the clinic's own. Of two about
    /// one reminder the later counts. At most 64.
    #[serde(default)]
    pub changes: Ordered<ReminderChange>,
    /// Whom they hold for. Those for one patient are left as they are when the rules for all change.
    pub holds_for: HoldsFor,
    /// Who answers for it.
    pub by: String,
    /// When it was set.
    pub at: Moment,
}

/// What a clinic changes of one reminder, or a reminder of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReminderChange {
    /// The name of a rule of the default pack, or one that the clinic gives: small letters, digits and `_`.
    pub rule: String,
    /// What a reminder of the clinic's own is about, by the word of a [`Topic`](super::reminder::Topic);
    /// empty for a rule of the default pack.
    #[serde(default)]
    pub topic: String,
    /// Whether it is never shown.
    #[serde(default)]
    pub off: bool,
    /// Days from the day of the session (before it where negative), days before a visit, minutes before a
    /// session, or months after the last one, as the rule has it; `None`: as in the default pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i32>,
    /// The time of day, written `18:00`; empty: as in the default pack, or six in the evening.
    #[serde(default)]
    pub at: String,
    /// How often in all it is said while it is not done, once a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u8>,
    /// What it says; empty: as in the default pack.
    #[serde(default)]
    pub words: String,
}

impl ReminderRules {
    /// Nothing changed yet.
    pub fn new(by: &str, at: Moment) -> Self {
        Self {
            clinic_zone: String::new(),
            per_day: None,
            times_asked: None,
            quiet: String::new(),
            quiet_hours_after_session: None,
            thin_after: None,
            check_in_at: String::new(),
            check_in_every: None,
            changes: Ordered::default(),
            holds_for: HoldsFor::All,
            by: by.to_owned(),
            at,
        }
    }

    /// The rules that a phone plans with, the default pack with what is changed.
    ///
    /// # Errors
    ///
    /// The first thing that can't be planned with, with the name of its rule.
    pub fn rules(&self) -> Result<Rules, RulesError> {
        pack::changed(self)
    }

    /// The same where something of it is odd, as two edits that met can make it: what can't be planned
    /// with is left as the default pack has it, and nothing is lost of what was written.
    pub fn read(&self) -> Rules {
        pack::changed_as_far_as_possible(self)
    }

    /// What is changed of the reminder of that name.
    pub fn change_of(&self, rule: &str) -> Option<&ReminderChange> {
        let present = self.changes.last_about(|change| change.rule == rule);
        present.map(|(_, change)| change)
    }

    /// Changes a reminder, as the item `id` where none is about it yet.
    pub fn change(&mut self, id: ItemId, change: ReminderChange) {
        let named = change.rule.clone();
        let about = |present: &ReminderChange| present.rule == named;
        self.changes.put_about(id, change, about);
    }

    /// Takes back what is changed of a reminder, or a reminder of the clinic's own.
    pub fn take_back(&mut self, rule: &str) {
        self.changes.remove_about(|change| change.rule == rule);
    }
}

impl HeldForAll for ReminderRules {
    type ForAll = ClinicReminderRules;

    fn nothing_set(by: &str, at: Moment) -> Self {
        Self::new(by, at)
    }

    fn holds_for(&self) -> &HoldsFor {
        &self.holds_for
    }

    fn signed(&self) -> (&str, Moment) {
        (&self.by, self.at)
    }

    fn sign(&mut self, holds_for: HoldsFor, by: &str, at: Moment) {
        self.holds_for = holds_for;
        self.by = by.to_owned();
        self.at = at;
    }
}

fn time(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.parse::<TimeOfDay>() {
        _ if text.is_empty() => Ok(String::new()),
        Ok(time) => Ok(time.to_string()),
        Err(_) => Err(A_TIME),
    }
}

impl ReminderChange {
    fn checked(self) -> Result<Self, Invalid> {
        Ok(Self {
            rule: text::needed_line(&self.rule, RULE, limits::WORD)?,
            topic: text::line(&self.topic, TOPIC, limits::WORD)?,
            words: text::line(&self.words, WORDS, limits::REMINDER_WORDS)?,
            at: time(&self.at).map_err(|problem| TIME.wrong(problem))?,
            ..self
        })
    }
}

impl Content for ReminderRules {
    const KIND: Kind = Kind::named("reminder_rules");
    const SHAPE: Shape = Shape::new(&[
        Field::value("clinic_zone"),
        Field::value("per_day"),
        Field::value("times_asked"),
        Field::value("quiet"),
        Field::value("quiet_hours_after_session"),
        Field::value("thin_after"),
        Field::value("check_in_at"),
        Field::value("check_in_every"),
        Field::ordered(
            "changes",
            &[
                Field::value("rule"),
                Field::value("topic"),
                Field::value("off"),
                Field::value("number"),
                Field::value("at"),
                Field::value("times"),
                Field::value("words"),
            ],
        ),
        Field::value("holds_for"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let between = |name: Named, number: Option<u16>, least: i64, most: i64| match number {
            Some(number) if !(least..=most).contains(&i64::from(number)) => {
                Err(name.wrong(Problem::OutOfRange { least, most }))
            }
            _ => Ok(()),
        };
        between(PER_DAY, self.per_day.map(u16::from), 1, 6)?;
        between(TIMES_ASKED, self.times_asked.map(u16::from), 1, 7)?;
        between(
            AFTER,
            self.quiet_hours_after_session,
            LEAST_QUIET_HOURS.into(),
            168,
        )?;
        between(THIN, self.thin_after.map(u16::from), 1, 30)?;
        between(EVERY, self.check_in_every, 1, 60)?;
        match quiet(&self.quiet) {
            None if !self.quiet.is_empty() => return Err(QUIET.wrong(HOURS)),
            Some(hours) if hours.from() == hours.until() => return Err(QUIET.wrong(NO_LENGTH)),
            _ => {}
        }
        let checked = Self {
            clinic_zone: text::line(&self.clinic_zone, ZONE, limits::ZONE)?,
            check_in_at: time(&self.check_in_at).map_err(|problem| CHECK_IN_AT.wrong(problem))?,
            changes: self.changes.each_checked(
                CHANGES,
                limits::REMINDERS,
                ReminderChange::checked,
            )?,
            holds_for: self.holds_for.checked(HOLDS_FOR)?,
            by: text::needed_line(&self.by, BY, limits::NAME)?,
            ..self
        };
        text::moment(checked.at, AT)?;
        match checked.rules() {
            Ok(_) => Ok(checked),
            Err(RulesError::Zone(_)) => Err(ZONE.wrong(Problem::NotOfForm {
                form: "a time zone like America/New_York",
            })),
            Err(RulesError::CheckInsInQuietHours { .. }) => Err(CHECK_IN_AT.wrong(QUIET_THEN)),
            Err(_) => Err(CHANGES.wrong(PLANNABLE)),
        }
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, zone: &str, rule: &str, holds_for| {
            let mut changes = Ordered::default();
            let change = ReminderChange {
                rule: rule.to_owned(),
                off: n == 2,
                number: Some(-i32::from(n)),
                at: format!("1{n}:00"),
                times: Some(1),
                words: format!("Bring {n}."),
                topic: String::new(),
            };
            changes.push(ItemId::new([n; 16]), change);
            ReminderRules {
                clinic_zone: zone.to_owned(),
                per_day: Some(n),
                times_asked: Some(n + 2),
                quiet: format!("2{n}:00-08:00"),
                quiet_hours_after_session: Some(u16::from(n) * 12 + 12),
                thin_after: Some(n + 1),
                check_in_at: format!("1{n}:30"),
                check_in_every: Some(u16::from(n)),
                changes,
                holds_for,
                by: format!("Dr. Vega {n}"),
                at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            }
        };
        vec![
            example(1, "America/New_York", "day_before", HoldsFor::All),
            example(2, "Europe/Berlin", "changes", HoldsFor::Patient),
            example(
                3,
                "Asia/Tokyo",
                "arrange",
                HoldsFor::Other("branch".to_owned()),
            ),
        ]
    }
}
