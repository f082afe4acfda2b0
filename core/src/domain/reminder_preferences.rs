//! What a patient chose about reminders, as their own devices keep it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::reminder::{LockScreenChoice, Pause, Preferences, QuietHours, RuleId, TimeOfDay, Topic};
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const QUIET: Named = named("quiet_hours", "the quiet hours");
const ALL: Named = named("all", "the pause of all reminders");
const TOPIC: Named = named("paused", "what is paused");
const TOPICS: Named = named("paused", "pauses");
const PAUSE: Named = named("paused", "the pause");
const RULE: Named = named("moved", "the name of a reminder");
const RULES: Named = named("moved", "moved reminders");
const MOVED: Named = named("moved", "the time of a reminder");
const WORDS_SINCE: Named = named(
    "words_since",
    "the time of choosing words for the lock screen",
);
const AT: Named = named("at", "the time of the choice");

const NEUTRAL_SINCE: Named = named(
    "neutral_since",
    "the time of choosing no words for the lock screen",
);

/// Settings of which the longer silence stands where two were chosen apart.
pub(super) const LONGER_SILENCE: [&str; 2] = ["all", "paused"];
/// Settings of which one stands, the same everywhere, where two were chosen apart: nobody is asked about them, and
/// whoever chooses anew has chosen.
pub(super) const THE_LATER_STANDS: [&str; 3] = ["quiet_hours", "check_in_time", "moved"];

const A_PAUSE: Problem = Problem::NotOfForm {
    form: "`open` or a day like 2026-11-23",
};
const A_TIME: Problem = Problem::NotOfForm {
    form: "a time like 18:30",
};
const HOURS: Problem = Problem::NotOfForm {
    form: "hours like 21:00-09:00 that leave at least six of a day",
};
/// The word of a pause without an end.
const OPEN: &str = "open";

/// A patient's choices about reminders. They live in the private space: which reminders somebody needs a
/// break from is told to nobody. Each topic is a key of its own, so that pauses set on two devices both
/// stand; topics and rules that only a newer version knows are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReminderPreferences {
    /// When to be asked for check-ins, written `19:00`; `None`: when the clinic's rules say.
    #[serde(
        default,
        rename = "check_in_time",
        skip_serializing_if = "Option::is_none"
    )]
    pub check_in_at: Option<TimeOfDay>,
    /// When nothing is shown, written `21:00-09:00`; empty: the clinic's hours.
    #[serde(default, rename = "quiet_hours")]
    pub quiet: String,
    /// "I need a break" from everything: `open`, or the day on which it ends; empty: no break.
    #[serde(default)]
    pub all: String,
    /// Pauses by [`Topic`], each written as `all` is. At most 100.
    #[serde(default)]
    pub paused: BTreeMap<String, String>,
    /// Rules that speak at another time of their day, written `18:30`, by [`RuleId`]. At most 100.
    #[serde(default)]
    pub moved: BTreeMap<String, String>,
    /// Since when a lock screen tells the words of a reminder, as the patient chose after a warning; `None`, and where
    /// [`neutral_since`](Self::neutral_since) stands: it tells only that there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words_since: Option<Moment>,
    /// Since when the patient wants a lock screen to tell only that there is a reminder. Chosen apart from words, on
    /// whichever phone, it stands: what is more private does, until somebody chooses who knows of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neutral_since: Option<Moment>,
    /// When the patient last chose something here.
    pub at: Moment,
}

impl ReminderPreferences {
    /// No choice yet.
    pub const fn new(at: Moment) -> Self {
        Self {
            check_in_at: None,
            quiet: String::new(),
            all: String::new(),
            paused: BTreeMap::new(),
            moved: BTreeMap::new(),
            words_since: None,
            neutral_since: None,
            at,
        }
    }

    /// What several of one person say together: two devices that chose apart made two. Given newest first.
    /// Silence wins over speaking, and the longer pause over the shorter; a time is that of the newest that
    /// has one; a lock screen tells words only where the newest says so and none says otherwise. `None` of none.
    pub fn together<'a>(newest_first: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut newest_first = newest_first.into_iter();
        let mut read = newest_first.next()?.clone();
        for older in newest_first {
            read.check_in_at = read.check_in_at.or(older.check_in_at);
            if read.quiet.is_empty() {
                read.quiet.clone_from(&older.quiet);
            }
            read.all = longer(&read.all, &older.all);
            read.neutral_since = read.neutral_since.or(older.neutral_since);
            for (topic, word) in &older.paused {
                let known = read.paused.entry(topic.clone()).or_default();
                *known = longer(known, word);
            }
            for (rule, time) in &older.moved {
                let moved = read.moved.entry(rule.clone());
                moved.or_insert_with(|| time.clone());
            }
        }
        Some(read)
    }

    /// Takes over a choice that turned `before` into `after`, both read as [`together`](Self::together) says.
    /// The newest says what was chosen, and the others say nothing about it any more: what was switched on
    /// again would otherwise stay silent.
    pub(crate) fn follow(&mut self, before: &Self, after: &Self, is_newest: bool) {
        let speaks = is_newest.then_some(after);
        if before.check_in_at != after.check_in_at {
            self.check_in_at = speaks.and_then(|it| it.check_in_at);
        }
        if before.quiet != after.quiet {
            self.quiet = speaks.map(|it| it.quiet.clone()).unwrap_or_default();
        }
        if before.all != after.all {
            self.all = speaks.map(|it| it.all.clone()).unwrap_or_default();
        }
        if before.words_since != after.words_since {
            self.words_since = speaks.and_then(|it| it.words_since);
        }
        if before.neutral_since != after.neutral_since {
            self.neutral_since = speaks.and_then(|it| it.neutral_since);
        }
        follow_map(
            &mut self.paused,
            &before.paused,
            &after.paused,
            speaks.is_some(),
        );
        follow_map(
            &mut self.moved,
            &before.moved,
            &after.moved,
            speaks.is_some(),
        );
        if is_newest {
            self.at = after.at;
        }
    }

    /// Is silent about a topic, or speaks of it again.
    pub fn pause(&mut self, topic: Topic, pause: Option<Pause>) {
        match pause {
            Some(pause) => {
                self.paused
                    .insert(topic.as_str().to_owned(), written(pause));
            }
            None => {
                self.paused.remove(topic.as_str());
            }
        }
    }

    /// Is silent about everything, or speaks again.
    pub fn pause_all(&mut self, pause: Option<Pause>) {
        self.all = pause.map(written).unwrap_or_default();
    }

    /// Has a rule speak at another time of its day, or when the clinic's rules say.
    pub fn move_rule(&mut self, rule: &str, time: Option<TimeOfDay>) {
        match time {
            Some(time) => drop(self.moved.insert(rule.to_owned(), time.to_string())),
            None => drop(self.moved.remove(rule)),
        }
    }

    /// Lets a lock screen tell the words of a reminder from now on, or only that there is one. Each is written down, so
    /// that it counts beside what another phone chose apart.
    pub fn tell_on_lock_screen(&mut self, what: LockScreenChoice, now: Moment) {
        let (words, neutral) = match what {
            LockScreenChoice::Words => (Some(now), None),
            LockScreenChoice::Neutral => (None, Some(now)),
        };
        self.words_since = words;
        self.neutral_since = neutral;
    }

    /// What a lock screen tells.
    pub const fn lock_screen(&self) -> LockScreenChoice {
        match (self.words_since, self.neutral_since) {
            (Some(_), None) => LockScreenChoice::Words,
            _ => LockScreenChoice::Neutral,
        }
    }

    /// Sets the quiet hours, or goes back to the clinic's.
    pub fn keep_quiet(&mut self, quiet: Option<QuietHours>) {
        let hours = quiet.map(|quiet| format!("{}-{}", quiet.from(), quiet.until()));
        self.quiet = hours.unwrap_or_default();
    }

    /// The choices as the planner takes them. What can't be read of a pause is silence: what is odd gives
    /// fewer reminders, never more. What can't be read of a time is no choice.
    pub fn read(&self) -> Preferences {
        let topics = Topic::ALL.into_iter();
        let paused = topics.filter_map(|topic| {
            let word = self.paused.get(topic.as_str())?;
            Some((topic, silence(word)))
        });
        let moved = self.moved.iter().filter_map(|(rule, time)| {
            Some((RuleId::new(rule.as_str()).ok()?, time.parse().ok()?))
        });
        Preferences {
            check_in_at: self.check_in_at,
            quiet: quiet(&self.quiet),
            all: (!self.all.is_empty()).then(|| silence(&self.all)),
            paused: paused.collect(),
            moved: moved.collect(),
            lock_screen: self.lock_screen(),
        }
    }
}

/// What a word says that is there. One that can't be read is silence without an end.
fn silence(word: &str) -> Pause {
    pause(word).unwrap_or(Pause::Open)
}

/// The one of two pauses that is silent for longer; an empty word is none.
pub(super) fn longer(one: &str, other: &str) -> String {
    match (one, other) {
        (word, "") | ("", word) => word.to_owned(),
        (one, other) => written(silence(one).max(silence(other))),
    }
}

/// Brings a map to what was changed, or to silence about it.
fn follow_map(
    own: &mut BTreeMap<String, String>,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    is_newest: bool,
) {
    for key in before.keys().chain(after.keys()) {
        let chosen = after.get(key);
        if before.get(key) == chosen {
            continue;
        }
        match chosen.filter(|_| is_newest) {
            Some(word) => drop(own.insert(key.clone(), word.clone())),
            None => drop(own.remove(key)),
        }
    }
}

fn written(pause: Pause) -> String {
    match pause {
        Pause::Until(day) => day.to_string(),
        Pause::Open => OPEN.to_owned(),
    }
}

fn pause(word: &str) -> Option<Pause> {
    if word == OPEN {
        return Some(Pause::Open);
    }
    let day = word.parse::<Day>().ok()?;
    Some(Pause::Until(day.to_chrono()))
}

/// Hours as they are kept: `21:00-09:00`.
pub(super) fn quiet(hours: &str) -> Option<QuietHours> {
    let (from, until) = hours.split_once('-')?;
    QuietHours::new(from.parse().ok()?, until.parse().ok()?).ok()
}

impl Content for ReminderPreferences {
    const KIND: Kind = Kind::named("reminder_preferences");
    const SHAPE: Shape = Shape::new(&[
        Field::value("check_in_time"),
        Field::value("quiet_hours"),
        Field::value("all"),
        Field::map("paused"),
        Field::map("moved"),
        Field::value("words_since"),
        Field::value("neutral_since"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        if !self.quiet.is_empty() && quiet(&self.quiet).is_none() {
            return Err(QUIET.wrong(HOURS));
        }
        if !self.all.is_empty() && pause(&self.all).is_none() {
            return Err(ALL.wrong(A_PAUSE));
        }
        let limit = limits::WORDS;
        for (map, many) in [(&self.paused, TOPICS), (&self.moved, RULES)] {
            if map.len() > limit {
                return Err(many.wrong(Problem::TooMany { limit }));
            }
        }
        for (topic, word) in &self.paused {
            text::needed_line(topic, TOPIC, limits::WORD)?;
            pause(word).ok_or(PAUSE.wrong(A_PAUSE))?;
        }
        for (rule, time) in &self.moved {
            text::needed_line(rule, RULE, limits::WORD)?;
            let time: Result<TimeOfDay, _> = time.parse();
            time.map_err(|_| MOVED.wrong(A_TIME))?;
        }
        let words = self.words_since;
        words.map(|at| text::moment(at, WORDS_SINCE)).transpose()?;
        let neutral = self.neutral_since;
        let since = |at| text::moment(at, NEUTRAL_SINCE);
        neutral.map(since).transpose()?;
        text::moment(self.at, AT)?;
        Ok(self)
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            renewed: true,
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, topic: Topic, rule: &str| {
            let at = |plus| Moment::utc(1_795_465_113_123 + i64::from(n) + plus);
            ReminderPreferences {
                check_in_at: TimeOfDay::new(17 + n, 30).ok(),
                quiet: format!("22:0{n}-08:00"),
                all: format!("2026-12-0{n}"),
                paused: [(topic.as_str().to_owned(), format!("2026-12-1{n}"))].into(),
                moved: [(rule.to_owned(), format!("17:0{n}"))].into(),
                words_since: Some(at(-5)),
                neutral_since: Some(at(-3)),
                ..ReminderPreferences::new(at(0))
            }
        };
        vec![
            example(1, Topic::CheckIn, "day_before"),
            example(2, Topic::Measure, "arrange"),
            example(3, Topic::Evening, "visit"),
        ]
    }
}
