//! Whether a programme runs: paused, gone on with, ended, taken up again, and what stays of one that ended. What
//! somebody else said of it meanwhile is never overwritten: whoever is late is told who said what.

use crate::clinic::Clinic;
use crate::domain::programme::{Standing, StandsOtherwise, StillAhead};
use crate::domain::{DocumentId, Programme};
use crate::error::{CoreError, NotNow, Result};
use crate::records::{Seen, View};

/// How a programme stands: which programme it is, and what was last said of it. A page names it, so that nobody
/// pauses, ends or goes on with what they have not read.
pub fn how_it_stands(programme: &View<Programme>) -> Seen {
    Seen::of(&(programme.id, programme.content.standings.last()))
}

/// That it still stands as somebody saw it. Whoever is late is told who said what.
pub(super) fn must_stand_as_seen(programme: &View<Programme>, seen: Seen) -> Result<()> {
    if how_it_stands(programme) == seen {
        return Ok(());
    }
    Err(match programme.content.standings.last() {
        Some(last) => StandsOtherwise::from(last).into(),
        // Another one has begun since.
        None => CoreError::ChangedMeanwhile,
    })
}

/// The same, or that they said the very same already.
fn must_stand_as(
    programme: &View<Programme>,
    seen: Seen,
    (wanted, reason, by): (Standing, &str, &str),
) -> Result<()> {
    let last = programme.content.standings.last();
    let is_said = last.is_some_and(|last| {
        last.standing == wanted && last.reason == reason && last.by == by.trim()
    });
    match is_said {
        true => Ok(()),
        false => must_stand_as_seen(programme, seen),
    }
}

impl Clinic {
    /// How a patient's programme stands now, for whoever pauses, ends or goes on with it.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoProgramme`]; [`Missing::Patient`](crate::Missing::Patient).
    pub fn standing_seen(&self, patient: DocumentId) -> Result<Seen> {
        Ok(how_it_stands(&self.their_programme(patient)?))
    }

    /// Pauses a programme, lets it go on, or ends it. A pause and an end say why, to both sides. None ends while a
    /// session is still to come, and what ended is [taken up again](Clinic::take_up_again) by a verb of its own.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoProgramme`]; [`CoreError::Invalid`](crate::CoreError::Invalid) names the field; [`CoreError::StandsOtherwise`](crate::CoreError::StandsOtherwise) where it
    /// has ended, or does not stand as `seen` any more; [`CoreError::StillAhead`](crate::CoreError::StillAhead) names the sessions that are still to come;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::programme::Standing;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.set_standing(ada, clinic.standing_seen(ada)?, Standing::Paused, "Away in June.", "Maya")?;
    /// assert_eq!(clinic.programme(ada)?.unwrap().content.standing(), Standing::Paused);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_standing(
        &self,
        patient: DocumentId,
        seen: Seen,
        standing: Standing,
        reason: &str,
        by: &str,
    ) -> Result<()> {
        let reason = standing.reason(reason)?;
        let _turn = self.take_register_turn();
        let programme = self.programme_to_lead(patient)?;
        must_stand_as(&programme, seen, (standing, &reason, by))?;
        let programme = programme.content;
        programme.may_be(standing, &reason, by)?;
        match standing {
            Standing::Running => programme.must_not_have_ended()?,
            Standing::Ended if programme.standing() != Standing::Ended => {
                self.nothing_may_be_ahead(patient)?;
            }
            Standing::Paused | Standing::Ended => {}
        }
        self.change_programme(patient, |programme, id| {
            programme.set_standing(id, standing, reason, by, self.now());
        })
    }

    /// Takes a programme up again that had ended, where its phase may begin now. `reason` is for both sides, and
    /// may be empty.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoProgramme`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a reason that is too long; [`CoreError::Gate`](crate::CoreError::Gate) says
    /// what has to be done first; [`CoreError::StandsOtherwise`](crate::CoreError::StandsOtherwise) where somebody took
    /// it up with other words, or paused it since, and [`CoreError::ChangedMeanwhile`] where another one has begun; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::Phase;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.end_programme(ada, clinic.standing_seen(ada)?, "As agreed.", "", "Maya")?;
    /// clinic.take_up_again(ada, clinic.standing_seen(ada)?, "She asked for more time.", "Maya")?;
    /// assert_eq!(clinic.patient(ada)?.phase, Phase::Assessment);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn take_up_again(
        &self,
        patient: DocumentId,
        seen: Seen,
        reason: &str,
        by: &str,
    ) -> Result<()> {
        let reason = Standing::Running.reason(reason)?;
        let _turn = self.take_register_turn();
        let programme = self.programme_to_lead(patient)?;
        must_stand_as(&programme, seen, (Standing::Running, &reason, by))?;
        let programme = programme.content;
        programme.may_be(Standing::Running, &reason, by)?;
        if let Some(paused) = programme.standings.last()
            && paused.standing == Standing::Paused
        {
            // Somebody took it up and paused it meanwhile: that pause is theirs to end.
            return Err(StandsOtherwise::from(paused).into());
        }
        self.must_be_open(patient, programme.last_phase())?;
        self.change_programme(patient, |programme, id| {
            programme.set_standing(id, Standing::Running, reason, by, self.now());
        })
    }

    /// Ends a programme with what stays of it: `summary` is for the patient, and may be empty. Where it has
    /// ended already, [`Clinic::write_closing_summary`] writes another one.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoProgramme`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a reason that is missing, or a summary that is too
    /// long; [`CoreError::StandsOtherwise`](crate::CoreError::StandsOtherwise) where somebody ended it in other words; [`CoreError::StillAhead`](crate::CoreError::StillAhead) names the sessions that are still to come: call them off first;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::Phase;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.end_programme(ada, clinic.standing_seen(ada)?, "As agreed.", "What stays: the lake.", "Maya")?;
    /// let ended = clinic.programme(ada)?.unwrap().content;
    /// assert_eq!((ended.phase(), &*ended.closing_summary), (Phase::Closed, "What stays: the lake."));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn end_programme(
        &self,
        patient: DocumentId,
        seen: Seen,
        reason: &str,
        summary: &str,
        by: &str,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let programme = self.programme_to_lead(patient)?;
        let reason = Standing::Ended.reason(reason)?;
        must_stand_as(&programme, seen, (Standing::Ended, &reason, by))?;
        let programme = programme.content;
        programme.may_be(Standing::Ended, &reason, by)?;
        if programme.standing() == Standing::Ended {
            // Said again in the same words; another summary is not written by the way.
            let is_same = programme.closing_summary.trim() == summary.trim();
            return match is_same {
                true => Ok(()),
                false => Ok(programme.must_not_have_ended()?),
            };
        }
        self.nothing_may_be_ahead(patient)?;
        self.change_programme(patient, |programme, id| {
            programme.set_standing(id, Standing::Ended, reason, by, self.now());
            programme.closing_summary = summary.to_owned();
        })
    }

    /// Writes what stays of a programme that has ended. `change` is given the present words, and gives those that
    /// are to stand, or `None` where nothing is to be written.
    ///
    /// # Errors
    ///
    /// [`NotNow::NoProgramme`]; [`NotNow::NotEnded`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a summary that is too long;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.end_programme(ada, clinic.standing_seen(ada)?, "As agreed.", "The lake.", "Maya")?;
    /// clinic.write_closing_summary(ada, |now| Some(format!("{now} And the boat.")))?;
    /// let ended = clinic.programme(ada)?.unwrap().content;
    /// assert_eq!(ended.closing_summary, "The lake. And the boat.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn write_closing_summary(
        &self,
        patient: DocumentId,
        change: impl FnOnce(&str) -> Option<String>,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let programme = self.their_programme(patient)?.content;
        if programme.standing() != Standing::Ended {
            return Err(NotNow::NotEnded.into());
        }
        match change(&programme.closing_summary) {
            Some(summary) => self.change_programme(patient, |programme, _| {
                programme.closing_summary = summary;
            }),
            None => Ok(()),
        }
    }

    /// That no session and no visit of the present programme is still to come.
    ///
    /// # Errors
    ///
    /// [`CoreError::StillAhead`](crate::CoreError::StillAhead) names them.
    pub(in crate::clinic) fn nothing_may_be_ahead(&self, patient: DocumentId) -> Result<()> {
        let sessions = self.present_sessions(patient)?;
        let visits = self.visits(patient)?;
        let visits = visits.iter().map(|view| &view.content);
        Ok(StillAhead::none_of(&sessions, visits, self.now())?)
    }
}
