//! What a patient's phone reminds of: the facts of the record, laid before the planner of
//! [`reminder`](crate::domain::reminder), the clinic's rules, and the patient's own choices about it.
//! What of the rules can't be planned with here is left as the default pack has it.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::num::NonZeroU16;

use chrono::{Days, NaiveDate};

use super::Patient;
use super::session_day::Planned;
use crate::costs::Costs;
use crate::domain::guide::{GuideId, Pack, Stage, TaskId};
use crate::domain::measure::Instrument;
use crate::domain::monitoring::may_offer;
use crate::domain::readiness::Outcome;
use crate::domain::reminder::{
    Facts, MOST, MeasureFacts, MeasureId, Plan, Preferences, Readiness as Ready, Rhythm, Rules,
    Session, Shown, Standing, Task, day_of_answer, plan,
};
use crate::domain::session_preparation::ReadinessItem;
use crate::domain::{
    AnythingNew, CheckIn, Content, DocumentId, Entry, EntryKind, GuideProgress, MedicationList,
    MedicationReview, Moment, Programme, ReminderPreferences, ReminderRules, Response, Visit, Zone,
};
use crate::domain::{programme, reminder};
use crate::error::Result;
use crate::outcome::outcome;
use crate::records::{PageSize, Query, View};

/// Words of tasks that a patient ticks on a session's list or in a guide.
const SUPPORT: &str = "support";
const GUIDE: &str = "guide";
const MEDICINES: &str = "medicines";

impl Patient {
    /// The next notifications after `now` in that zone, at most [`MOST`]: the documents of the record, the
    /// clinic's rules and the patient's choices, planned. `shown` is what this phone showed in the last week,
    /// by its own account. [`Plan::difference`] says what to schedule and to cancel.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Zone;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let plan = phone.reminders(&Zone::utc(), phone.now(), &[])?;
    /// assert!(plan.difference(&[]).to_schedule.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reminders(&self, zone: &Zone, now: Moment, shown: &[Shown]) -> Result<Plan> {
        let (rules, facts) = self.rules_and_facts(zone)?;
        let facts = Facts {
            shown: shown.to_vec(),
            ..facts
        };
        let choices = self.reminder_preferences()?;
        let choices = choices.map_or_else(Preferences::default, |view| view.content.read());
        Ok(plan(&rules, &facts, &choices, zone, now, MOST))
    }

    /// The rules that reminders are planned by: those of the clinic, and where it set none, the default pack.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::reminder::Rules;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert_eq!(phone.reminder_rules()?, Rules::default());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reminder_rules(&self) -> Result<Rules> {
        Ok(rules_of(self.clinic_reminder_rules()?.as_ref()))
    }

    /// The rules, and what the planner has to know besides.
    pub(super) fn rules_and_facts(&self, zone: &Zone) -> Result<(Rules, Facts)> {
        let set = self.clinic_reminder_rules()?;
        let facts = self.facts_under(set.as_ref(), zone)?;
        Ok((rules_of(set.as_ref()), facts))
    }

    /// What the clinic changed of the default rules for this patient; `None` where it changed nothing, and where
    /// this version can't read what it changed: the default rules count then, which say nothing of eating.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.clinic_reminder_rules()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn clinic_reminder_rules(&self) -> Result<Option<ReminderRules>> {
        let set = self.records.newest::<ReminderRules>()?.or_nothing();
        Ok(set.map(|view| view.content))
    }

    /// What the planner has to know of the record, by the calendar of that zone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Zone;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.reminder_facts(&Zone::utc())?.sessions.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reminder_facts(&self, zone: &Zone) -> Result<Facts> {
        self.facts_under(self.clinic_reminder_rules()?.as_ref(), zone)
    }

    fn facts_under(&self, set: Option<&ReminderRules>, zone: &Zone) -> Result<Facts> {
        let outcome = outcome(&self.records)?.map(|view| view.content.outcome());
        let newest = self.records.newest::<Programme>()?;
        let is_readable = !newest.is_unreadable();
        let programme = newest.or_nothing();
        let begun = programme.as_ref().map(|view| view.content.at);
        let standing = programme.map(|view| view.content.standing());
        let entries = self.every(&Query::<Entry>::all())?;
        let check_ins = self.every(&Query::<CheckIn>::all())?;
        let day = |at: Moment| Some(day_of_answer(zone.local(at.unix_ms)?, None));
        let written: BTreeSet<NaiveDate> =
            entries.iter().filter_map(|it| day(it.content.at)).collect();
        let checked_in: BTreeSet<NaiveDate> = check_ins
            .iter()
            .filter_map(|it| day(it.content.at))
            .collect();
        let answered: BTreeSet<NaiveDate> = written.union(&checked_in).copied().collect();
        let progress = self.contents_of::<GuideProgress>()?;
        let preparing = preparing();
        let mut sessions = Vec::new();
        for planned in self.planned(None)? {
            let mut done = done_by_preparation(&planned);
            done.extend(done_by_guides(&progress, planned.id, &preparing));
            let news = self.records.about::<AnythingNew>(planned.id)?;
            // An answer for the day that it was planned for before is to be given again.
            if news.iter().any(|one| one.is_for(planned.session.at)) {
                done.insert(Task::CHANGES);
            }
            if entries
                .iter()
                .any(|entry| integrates(&entry.content, &planned))
            {
                done.insert(Task::INTEGRATION);
            }
            let after = zone.local(planned.session.at.unix_ms);
            let after = after.and_then(|local| local.date().checked_add_days(Days::new(1)));
            if after.is_some_and(|after| answered.contains(&after)) {
                done.insert(Task::DAY_AFTER);
            }
            sessions.push(Session {
                id: planned.id,
                starts: planned.session.at,
                // An end that was said too early makes reminders rest no shorter.
                ends: Some(planned.day.quiet_from()),
                takes_place: true,
                place: planned.session.place,
                done,
            });
        }
        let standing = match self.is_out() {
            // What changed since then never came here.
            true => Standing::NotAMember,
            false if !is_readable => Standing::NotReadable,
            false => stands(standing, outcome),
        };
        Ok(Facts {
            standing,
            readiness: match outcome {
                Some(Outcome::Ready) => Ready::Ready,
                _ => Ready::Undecided,
            },
            sessions,
            visits: self
                .visits()?
                .iter()
                .map(|view| visit(view.id, &view.content))
                .collect(),
            rhythm: rhythm(set, begun, zone),
            checked_in,
            measures: self.measures_to_ask(zone)?,
            done: self.done_for_the_programme(&progress)?,
            ..Facts::default()
        })
    }

    /// What the patient chose about reminders; `None` as long as they chose nothing. Where two of their
    /// devices began apart, pauses of both stand, and of times the newest counts.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.reminder_preferences()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reminder_preferences(&self) -> Result<Option<View<ReminderPreferences>>> {
        let all = self.all_preferences()?;
        let content = ReminderPreferences::together(all.iter().map(|view| &view.content));
        let newest = all.into_iter().next();
        Ok(newest
            .zip(content)
            .map(|(newest, content)| View { content, ..newest }))
    }

    /// What each device chose that began apart, newest choice first.
    fn all_preferences(&self) -> Result<Vec<View<ReminderPreferences>>> {
        let mut all = self.every(&Query::<ReminderPreferences>::all())?;
        all.sort_by_key(|view| Reverse((view.content.at, view.id)));
        Ok(all)
    }

    /// Changes what the patient chose about reminders. `change` is given what all their devices chose together.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the choice that is none.
    ///
    /// ```
    /// use companion_core::domain::reminder::Pause;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let chosen = phone.choose_reminders(|choices| choices.pause_all(Some(Pause::Open)))?;
    /// assert_eq!(chosen.content.all, "open");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn choose_reminders(
        &self,
        change: impl FnOnce(&mut ReminderPreferences),
    ) -> Result<View<ReminderPreferences>> {
        let now = self.now();
        let all = self.all_preferences()?;
        let before = ReminderPreferences::together(all.iter().map(|view| &view.content));
        let Some((before, (newest, older))) = before.zip(all.split_first()) else {
            let mut choices = ReminderPreferences::new(now);
            change(&mut choices);
            return self.create(choices);
        };
        let mut after = before.clone();
        change(&mut after);
        // It stays the newest, even where another device's clock was ahead.
        after.at = now.max(before.at);
        // First what was chosen: a power cut in between leaves a pause in two places, and never in none.
        let edited = self.edit::<ReminderPreferences>(newest.id, &newest.revision, |it| {
            it.follow(&before, &after, true);
        })?;
        for view in older {
            let mut follows = view.content.clone();
            follows.follow(&before, &after, false);
            if follows != view.content {
                self.edit::<ReminderPreferences>(view.id, &view.revision, |it| *it = follows)?;
            }
        }
        Ok(View {
            content: after,
            ..edited
        })
    }

    /// The measures that may be asked for: what the clinic must watch over is among them only while it does.
    fn measures_to_ask(&self, zone: &Zone) -> Result<Vec<MeasureFacts>> {
        let monitoring = self.monitoring()?;
        let finished = self.contents_of::<Response>()?;
        let finished = finished
            .iter()
            .filter(|it| it.finished_at.is_some() && it.says_something());
        let finished: Vec<&Response> = finished.collect();
        let asked = Instrument::offered()
            .filter(|instrument| may_offer(instrument, monitoring.as_ref()).is_ok())
            .filter_map(|instrument| {
                let theirs = finished.iter().filter(|it| it.measure == instrument.id);
                let last = theirs.map(|it| it.answered_at().unix_ms).max();
                Some(MeasureFacts {
                    id: MeasureId::new(instrument.id.as_str()).ok()?,
                    smallest_interval_days: instrument.interval.smallest.0,
                    last_answered: last.and_then(|last| Some(zone.local(last)?.date())),
                })
            });
        Ok(asked.collect())
    }

    fn done_for_the_programme(&self, progress: &[GuideProgress]) -> Result<BTreeSet<Task>> {
        let mut done = BTreeSet::new();
        let costs = Costs::read(&self.records)?;
        // Where there is no sheet there is nothing to read.
        if costs.is_none_or(|costs| !costs.waits_for_the_patient()) {
            done.insert(Task::COSTS);
        }
        let list = self.records.newest::<MedicationList>()?.or_nothing();
        let reviews = self.contents_of::<MedicationReview>()?;
        let is_reviewed = list.is_some_and(|list| {
            let mut reviews = reviews.iter();
            reviews.any(|review| review.stands_for(list.id, &list.revision))
        });
        if is_reviewed || progress.iter().any(|it| it.ticked.contains(MEDICINES)) {
            done.insert(Task::MEDICINES);
        }
        Ok(done)
    }

    pub(super) fn contents_of<T: Content>(&self) -> Result<Vec<T>> {
        let all = Query::<T>::all().size(PageSize::LARGEST);
        let all = self.records.contents(&all)?.into_iter();
        Ok(all.map(|(_, content)| content).collect())
    }
}

fn rules_of(set: Option<&ReminderRules>) -> Rules {
    set.map_or_else(Rules::default, ReminderRules::read)
}

/// How often the clinic asks for check-ins, from the day after the programme began.
fn rhythm(set: Option<&ReminderRules>, begun: Option<Moment>, zone: &Zone) -> Option<Rhythm> {
    let every_days = NonZeroU16::new(set?.check_in_every?)?;
    let begun = zone.local(begun?.unix_ms)?;
    Some(Rhythm {
        from: begun.date().checked_add_days(Days::new(1))?,
        every_days,
        until: None,
    })
}

fn visit(id: DocumentId, visit: &Visit) -> reminder::Visit {
    reminder::Visit {
        id,
        starts: visit.at,
        takes_place: visit.takes_place(),
        place: visit.place_in_words(),
    }
}

/// An end and an outcome against it count for more than that the programme goes on.
fn stands(standing: Option<programme::Standing>, outcome: Option<Outcome>) -> Standing {
    match (standing, outcome) {
        (Some(programme::Standing::Ended), _) => Standing::Ended,
        (_, Some(Outcome::NotAFit)) => Standing::NotAFit,
        (_, Some(Outcome::NotYet)) => Standing::NotYet,
        (Some(programme::Standing::Paused), _) => Standing::Paused,
        (Some(programme::Standing::Running) | None, _) => Standing::Running,
    }
}

fn done_by_preparation(planned: &Planned) -> BTreeSet<Task> {
    let Some(preparation) = &planned.preparation else {
        return BTreeSet::new();
    };
    let ticked = |word: &str| preparation.done.contains(word);
    let all = [
        (
            Task::RIDE,
            preparation.ride_confirmed_at(planned.session.at).is_some(),
        ),
        (
            Task::CHANGES,
            preparation.is_done(&ReadinessItem::WhatChanged, planned.session.at),
        ),
        (Task::SUPPORT, ticked(SUPPORT)),
        (Task::GUIDE, ticked(GUIDE)),
    ];
    let done = all.into_iter().filter(|(_, done)| *done);
    done.map(|(task, _)| task).collect()
}

/// A guide that comes once is read for every session.
fn done_by_guides(
    progress: &[GuideProgress],
    session: DocumentId,
    preparing: &BTreeSet<GuideId>,
) -> BTreeSet<Task> {
    let about_it = |it: &&GuideProgress| it.session.is_none_or(|about| about == session);
    let mut done = BTreeSet::new();
    for one in progress.iter().filter(about_it) {
        if !one.finished.is_empty() && preparing.contains(&one.guide) {
            done.insert(Task::GUIDE);
        }
        if one
            .ticked_tasks()
            .any(|task: TaskId| task.as_str() == SUPPORT)
        {
            done.insert(Task::SUPPORT);
        }
    }
    done
}

/// The bundled guides that prepare.
fn preparing() -> BTreeSet<GuideId> {
    let Ok(pack) = Pack::ketamine() else {
        return BTreeSet::new();
    };
    let guides = pack.all().filter(|guide| guide.stage == Stage::Preparation);
    guides.map(|guide| guide.id.clone()).collect()
}

/// Whether an entry looks back on a session.
fn integrates(entry: &Entry, planned: &Planned) -> bool {
    let looks_back = matches!(entry.kind, EntryKind::Integration | EntryKind::AfterSession);
    let about_it = entry.session.is_none_or(|session| session == planned.id);
    looks_back && about_it && entry.at.unix_ms >= planned.day.ends.unix_ms
}
