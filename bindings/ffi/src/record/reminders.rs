//! Reminders: what this phone has to schedule and to cancel now, and what the person chose about it.

use companion_core::domain::reminder::{
    About, LockScreen, Notification, Preferences, Rule, Scheduled, Shown,
};
use companion_core::domain::{DocumentId, ReminderPreferences, Zone};

use super::PhoneRecord;
use crate::cross::{Back, Cross};
use crate::error::{CompanionError, Result};
use crate::kinds::{
    ClockTime, LockScreenWords, MovedReminderView, PausedTopicView, QuietTime, ReminderPause,
    ReminderTopic,
};
use crate::values::{CalendarDay, LocalMoment};

/// What a reminder belongs to.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum ReminderAbout {
    /// A dosing session.
    DosingSession {
        /// Which.
        id: DocumentId,
    },
    /// A visit without a dose.
    Visit {
        /// Which.
        id: DocumentId,
    },
    /// The programme.
    Programme,
}

impl Cross<About> for ReminderAbout {
    fn out(core: About) -> Self {
        match core {
            About::Session(id) => ReminderAbout::DosingSession { id },
            About::Visit(id) => ReminderAbout::Visit { id },
            About::Programme => ReminderAbout::Programme,
        }
    }
}

/// A reminder that this phone showed, by its own account.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ShownReminder {
    /// Which: its `id`.
    pub id: String,
    /// When it was shown.
    pub at: LocalMoment,
    /// What it was about.
    pub topic: ReminderTopic,
}

impl Back<Shown> for ShownReminder {
    fn back(self) -> Result<Shown> {
        Ok(Shown {
            id: parsed(&self.id, "shown")?,
            at: self.at.back()?,
            topic: self.topic.back()?,
        })
    }
}

/// A reminder that this phone has scheduled.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ScheduledReminder {
    /// Which: its `id`.
    pub id: String,
    /// Its `fingerprint`, as it was scheduled; nothing where the phone does not know it any more: it is scheduled anew.
    pub fingerprint: Option<String>,
}

impl Back<Scheduled> for ScheduledReminder {
    fn back(self) -> Result<Scheduled> {
        let fingerprint = self.fingerprint.as_deref();
        Ok(Scheduled {
            id: parsed(&self.id, "scheduled")?,
            fingerprint: fingerprint.map(|it| parsed(it, "scheduled")).transpose()?,
        })
    }
}

fn parsed<T: std::str::FromStr>(text: &str, field: &str) -> Result<T> {
    text.parse().map_err(|_| CompanionError::not_offered(field))
}

/// What a phone knows when it asks what to remind of.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReminderRequest {
    /// The time zone that the phone is in, by its IANA name: `America/Denver`. Ask anew when it changes.
    pub zone: String,
    /// The present moment, by the phone's clock.
    pub now: LocalMoment,
    /// What this phone showed in the last week, by its own account.
    pub shown: Vec<ShownReminder>,
    /// What this phone has scheduled.
    pub scheduled: Vec<ScheduledReminder>,
}

/// A reminder to schedule.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReminderView {
    /// Its name: 32 hex digits, the same each time that it is planned. One of that name stands in the place of another.
    pub id: String,
    /// When to show it.
    pub at: LocalMoment,
    /// The day that it counts for.
    pub day: CalendarDay,
    /// What it is about.
    pub topic: ReminderTopic,
    /// Which rule it comes from: `choose_reminders` can move that.
    pub rule: String,
    /// What it belongs to.
    pub about: ReminderAbout,
    /// Whether minutes matter: a phone then asks for an exact alarm.
    pub exact: bool,
    /// What it says inside the app.
    pub words: String,
    /// What it says on the lock screen.
    pub lock_screen: String,
    /// Changes with all that it says and shows: hand it back in `scheduled`.
    pub fingerprint: String,
}

impl Cross<Notification> for ReminderView {
    fn out(core: Notification) -> Self {
        let Notification {
            id,
            at,
            wanted: _,
            day,
            topic,
            rule,
            about,
            exact,
            words,
            lock_screen,
            fingerprint,
        } = core;
        let lock_screen: LockScreen = lock_screen;
        Self {
            id: id.to_string(),
            at: Cross::out(at),
            day: Cross::out(day),
            topic: Cross::out(topic),
            rule: rule.as_str().to_owned(),
            about: Cross::out(about),
            exact,
            words,
            lock_screen: lock_screen.text().to_owned(),
            fingerprint: fingerprint.to_string(),
        }
    }
}

/// A rule that reminders are planned by.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReminderRuleView {
    /// Its name.
    pub rule: String,
    /// What it is about.
    pub topic: ReminderTopic,
    /// What it says; `{time}`, `{date}`, `{place}` and `{when}` stand for those of the session or visit.
    pub words: String,
    /// How often in all it is said while it is not done.
    pub times: u8,
    /// Whether the clinic is told where it stays undone.
    pub tells_clinic: bool,
}

impl Cross<Rule> for ReminderRuleView {
    fn out(core: Rule) -> Self {
        let Rule {
            id,
            topic,
            when: _,
            words,
            asks: _,
            measures: _,
            times,
            tells_clinic,
        } = core;
        Self {
            rule: id.as_str().to_owned(),
            topic: Cross::out(topic),
            words,
            times,
            tells_clinic,
        }
    }
}

/// What a phone has to do so that it has scheduled just what is planned. First cancel, then schedule.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReminderChanges {
    /// What to cancel, by its `id`.
    pub to_cancel: Vec<String>,
    /// What to schedule.
    pub to_schedule: Vec<ReminderView>,
    /// Whether more is planned than a phone can schedule: ask anew once one was shown.
    pub more: bool,
    /// Whether the zone is not one that this version knows: the phone's present distance from UTC stood in for it.
    pub zone_unknown: bool,
}

/// What the person chose about reminders, on all their phones. Every choice is theirs, and wins over the clinic's.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReminderPreferencesView {
    /// When to be asked for check-ins; nothing: when the clinic's rules say.
    pub check_ins_at: Option<ClockTime>,
    /// When nothing is shown; nothing: in the clinic's hours.
    pub quiet_hours: Option<QuietTime>,
    /// A break from everything.
    pub all_paused: Option<ReminderPause>,
    /// A break from these topics.
    pub topics_paused: Vec<PausedTopicView>,
    /// Reminders at another time of their day.
    pub reminders_moved: Vec<MovedReminderView>,
    /// What is shown while the phone is locked.
    pub lock_screen: LockScreenWords,
}

impl Cross<Preferences> for ReminderPreferencesView {
    fn out(core: Preferences) -> Self {
        let Preferences {
            check_in_at,
            quiet,
            all,
            paused,
            moved,
            lock_screen,
        } = core;
        Self {
            check_ins_at: Cross::out(check_in_at),
            quiet_hours: Cross::out(quiet),
            all_paused: Cross::out(all),
            topics_paused: Cross::out(paused),
            reminders_moved: Cross::out(moved),
            lock_screen: Cross::out(lock_screen),
        }
    }
}

/// One choice about reminders. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum ReminderChoice {
    /// When to ask for a check-in.
    CheckInAt {
        /// Nothing for no choice.
        time: Option<ClockTime>,
    },
    /// When nothing is shown.
    Quiet {
        /// Nothing for no choice; they leave at least six hours of a day.
        hours: Option<QuietTime>,
    },
    /// A break from all of them.
    PauseAll {
        /// Nothing ends it.
        until: Option<ReminderPause>,
    },
    /// A break from one topic.
    PauseTopic {
        /// Which.
        topic: ReminderTopic,
        /// Nothing ends it.
        until: Option<ReminderPause>,
    },
    /// A time of the person's own for one rule.
    RuleAt {
        /// Which: the `rule` of a reminder.
        rule: String,
        /// Nothing for no choice.
        time: Option<ClockTime>,
    },
    /// What is shown while the phone is locked.
    OnLockScreen {
        /// What.
        words: LockScreenWords,
    },
}

/// What a choice changes, for the core.
type Change = Box<dyn FnOnce(&mut ReminderPreferences, companion_core::domain::Moment) + Send>;

impl Back<Change> for ReminderChoice {
    fn back(self) -> Result<Change> {
        Ok(match self {
            ReminderChoice::CheckInAt { time } => {
                let time = time.back()?;
                Box::new(move |it, _| it.check_in_at = time)
            }
            ReminderChoice::Quiet { hours } => {
                let hours = hours.back()?;
                Box::new(move |it, _| it.keep_quiet(hours))
            }
            ReminderChoice::PauseAll { until } => {
                let until = until.back()?;
                Box::new(move |it, _| it.pause_all(until))
            }
            ReminderChoice::PauseTopic { topic, until } => {
                let (topic, until) = (topic.back()?, until.back()?);
                Box::new(move |it, _| it.pause(topic, until))
            }
            ReminderChoice::RuleAt { rule, time } => {
                let time = time.back()?;
                Box::new(move |it, _| it.move_rule(&rule, time))
            }
            ReminderChoice::OnLockScreen { words } => {
                let words = words.back()?;
                Box::new(move |it, now| it.tell_on_lock_screen(words, now))
            }
        })
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// What this phone has to schedule and to cancel, so that it has scheduled just what is planned from now on: by the
    /// record, the clinic's rules and the person's choices. Ask after each change of the record, after an exchange, when
    /// the zone or the clock changes, and once a day.
    ///
    /// # Errors
    ///
    /// `Invalid` for a name of a reminder that is none.
    pub async fn reminders(&self, request: ReminderRequest) -> Result<ReminderChanges> {
        let changes = self.inner.ask(move |patient| {
            let now = request.now.back()?;
            let (shown, scheduled): (Vec<Shown>, Vec<Scheduled>) =
                (request.shown.back()?, request.scheduled.back()?);
            let found = Zone::named_or_as_now(&request.zone, now);
            let plan = patient.reminders(&found.zone, now, &shown)?;
            let difference = plan.difference(&scheduled);
            let to_cancel = difference.to_cancel.iter();
            Ok(ReminderChanges {
                to_cancel: to_cancel.map(ToString::to_string).collect(),
                to_schedule: Cross::out(difference.to_schedule),
                more: plan.more,
                zone_unknown: found.instead_of.is_some(),
            })
        });
        changes.await
    }

    /// What the person chose about reminders, all their phones taken together.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn reminder_preferences(&self) -> Result<ReminderPreferencesView> {
        let chosen = self.inner.ask(|patient| {
            let chosen = patient.reminder_preferences()?;
            let chosen = chosen.map_or_else(Preferences::default, |view| view.content.read());
            Ok(Cross::out(chosen))
        });
        chosen.await
    }

    /// Changes what the person chose about reminders: all of these choices, or none.
    ///
    /// # Errors
    ///
    /// `Invalid` names the choice that is none.
    pub async fn choose_reminders(
        &self,
        choices: Vec<ReminderChoice>,
    ) -> Result<ReminderPreferencesView> {
        let chosen = self.inner.ask(move |patient| {
            let changes: Vec<Change> = choices.back()?;
            let now = patient.now();
            let chosen = patient.choose_reminders(|it| {
                changes.into_iter().for_each(|change| change(it, now));
            });
            Ok(Cross::out(chosen?.content.read()))
        });
        chosen.await
    }

    /// The rules that reminders are planned by, one line each: for a screen on which a person pauses or moves them.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn reminder_rules(&self) -> Result<Vec<ReminderRuleView>> {
        let rules = self
            .inner
            .ask(|patient| Ok(Cross::out(patient.reminder_rules()?.pack().rules.clone())));
        rules.await
    }
}
