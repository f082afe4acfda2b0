//! The whole programme in one line, as its patient sees it, and the same as a file for a calendar.

use std::collections::{BTreeMap, BTreeSet};

use super::Patient;
use crate::domain::calendar::{Appointment, Telling, calendar};
use crate::domain::day::Day;
use crate::domain::guide::{Language, Pack, When};
use crate::domain::programme::Standing;
use crate::domain::reminder::{MOST, Preferences, Topic, plan};
use crate::domain::session_day::Offer;
use crate::domain::timeline::{Due, Material, Step, Task};
use crate::domain::{Commitment, DosingSession, Programme, Readiness, Zone};
use crate::error::Result;
use crate::outcome::outcome;
use crate::records::Query;

impl Patient {
    /// Steps that were taken, sessions, visits and what is due in one line, the earliest first. Guides are
    /// named in that language. In the quiet hours of a session nothing is asked for, and nothing is due.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::guide::{Language, Pack};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let line = phone.timeline(&Pack::ketamine().unwrap(), &Language::english())?;
    /// assert!(line.iter().all(|step| step.until.is_none()), "nothing is planned yet");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn timeline(&self, pack: &Pack, language: &Language) -> Result<Vec<Step>> {
        let programme = self
            .records
            .newest::<Programme>()?
            .or_nothing()
            .map(|view| view.content);
        let outcomes = self.contents_of::<Readiness>()?;
        let counts = outcome(&self.records)?.map(|view| view.content);
        let sessions = self.every(&Query::<DosingSession>::all())?.into_iter();
        let sessions: Vec<_> = sessions.map(|view| (view.id, view.content)).collect();
        let visits = self.visits()?.into_iter();
        let visits: Vec<_> = visits.map(|view| (view.id, view.content)).collect();
        let runs = programme
            .as_ref()
            .is_some_and(|programme| programme.standing() == Standing::Running);
        let is_asked = self
            .session_day()?
            .is_none_or(|today| today.stage.offers(Offer::Prompts));
        let due = if runs && is_asked {
            self.due(pack, language)?
        } else {
            Vec::new()
        };
        let material = Material {
            programme: programme.as_ref(),
            outcomes: &outcomes,
            counts: counts.as_ref(),
            sessions: &sessions,
            visits: &visits,
            due: &due,
        };
        Ok(material.for_patient(self.now()))
    }

    /// Sessions and visits as a file for a calendar, those that were called off as canceled.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::calendar::Telling;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.calendar(Telling::Neutral)?.starts_with("BEGIN:VCALENDAR"));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn calendar(&self, telling: Telling) -> Result<String> {
        let sessions = self.every(&Query::<DosingSession>::all())?;
        let sessions = sessions
            .iter()
            .map(|view| Appointment::of_session(view.id, &view.content));
        let visits = self.visits()?;
        let visits = visits
            .iter()
            .map(|view| Appointment::of_visit(view.id, &view.content));
        let all: Vec<Appointment> = sessions.chain(visits).collect();
        Ok(calendar(&all, telling, self.now()))
    }

    fn due(&self, pack: &Pack, language: &Language) -> Result<Vec<Due>> {
        let mut due = Vec::new();
        if let Some(costs) = self
            .plan()?
            .costs
            .filter(crate::costs::Costs::waits_for_the_patient)
        {
            let version = costs.sheet.content.version;
            let what = Task::Costs { version };
            due.push(Due { what, on: None });
        }
        let desk = self.guides(pack, language)?;
        for guide in desk.now.iter().chain(&desk.next) {
            let on = match guide.when {
                When::Now => None,
                When::From(day) => Day::of(day),
                When::InPhase(_) | When::AnyTime => continue,
            };
            let title = guide.shown.guide.title.clone();
            due.push(Due {
                what: Task::Guide { title },
                on,
            });
        }
        let asked = self.questionnaires()?.into_iter();
        due.extend(asked.map(|day| Due {
            what: Task::Questionnaires,
            on: Some(day),
        }));
        let commitments = self.every(&Query::<Commitment>::all())?.into_iter();
        due.extend(commitments.filter_map(|view| Due::commitment(view.content)));
        Ok(due)
    }

    /// The days on which questionnaires are asked for next, by this phone's present clock. By the clinic's
    /// rules alone: somebody who chose silence about them still sees the days.
    fn questionnaires(&self) -> Result<BTreeSet<Day>> {
        let now = self.now();
        let zone = Zone::fixed(now.offset_minutes);
        let (rules, facts) = self.rules_and_facts(&zone)?;
        let planned = plan(&rules, &facts, &Preferences::default(), &zone, now, MOST);
        let mut first = BTreeMap::new();
        for one in planned.notifications {
            if matches!(one.topic, Topic::Measure | Topic::FollowUp)
                && let Some(day) = one.at.local_date().and_then(Day::of)
            {
                // Asked for several times, it is due from the first.
                first.entry((one.rule, one.about)).or_insert(day);
            }
        }
        Ok(first.into_values().collect())
    }
}
