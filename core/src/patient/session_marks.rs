//! What a patient says on the day of a session: that they are there, that it is over, and before it that the ride
//! home is agreed. Each counts for one session, or is refused in words.

use super::Patient;
use crate::domain::day_word::{DayAct, DayMark};
use crate::domain::session_day::SessionDay;
use crate::domain::{DocumentId, DosingSession, ItemId, SessionPreparation};
use crate::error::{NotNow, Result};

impl Patient {
    /// Says of the day of a session that the patient is there, or that it is over. Of two arrivals the first one
    /// stands, since what was written after it is held back; of two ends the later one, since the quiet hours must
    /// not end too early. What stands already is said again all the same: another phone may have taken it back
    /// meanwhile, and the later word counts.
    ///
    /// # Errors
    ///
    /// [`NotNow::SessionNotBegun`] for an end before the beginning; [`NotNow::SessionTimeOver`] for an arrival after the
    /// planned time, or an end long after it; [`NotNow::NotTheSessionsDay`] on any other day; else as
    /// [`Patient::prepare`].
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// use companion_core::patient::DayMark;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// let unknown = phone.mark_day(session, DayMark::Here);
    /// assert!(matches!(unknown, Err(CoreError::NotFound(_))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn mark_day(&self, session: DocumentId, mark: DayMark) -> Result<SessionPreparation> {
        let it = self.get::<DosingSession>(session)?.content;
        let said = self.preparation(session)?;
        let marks = SessionDay::marks(&it, said.as_ref());
        let now = self.now();
        let counts = match mark {
            DayMark::Here => SessionDay::counts_here(&it, now),
            DayMark::Ended => SessionDay::counts_end(&it, marks, now),
        };
        if !counts {
            let session = (&it).into();
            let here = marks.here.filter(|_| mark == DayMark::Ended);
            let over = SessionDay::time_over_since(&it, here, now);
            // Whoever could say that they are there now can't have it behind them.
            return Err(match (mark, over) {
                (DayMark::Ended, _) if SessionDay::counts_here(&it, now) => {
                    NotNow::SessionNotBegun { session }
                }
                (_, Some(since)) => NotNow::SessionTimeOver { session, since },
                (_, None) => NotNow::NotTheSessionsDay { session },
            }
            .into());
        }
        self.say_of_day(session, (mark, DayAct::Said))
    }

    /// Takes back that the patient is there, or that it is over: it was said by mistake. What was written while it
    /// stood stays held back as it was, and is then to be kept or shared.
    ///
    /// # Errors
    ///
    /// [`NotNow::NothingToTakeBack`] where it does not stand; else as [`Patient::prepare`].
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// use companion_core::patient::DayMark;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// let unknown = phone.unmark_day(session, DayMark::Ended);
    /// assert!(matches!(unknown, Err(CoreError::NotFound(_))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn unmark_day(&self, session: DocumentId, mark: DayMark) -> Result<SessionPreparation> {
        let it = self.get::<DosingSession>(session)?.content;
        let said = self.preparation(session)?;
        if SessionDay::marks(&it, said.as_ref()).of(mark).is_none() {
            let session = (&it).into();
            return Err(NotNow::NothingToTakeBack { mark, session }.into());
        }
        self.say_of_day(session, (mark, DayAct::TakenBack))
    }

    fn say_of_day(
        &self,
        session: DocumentId,
        word: (DayMark, DayAct),
    ) -> Result<SessionPreparation> {
        let (id, now) = (ItemId::random(&*self.replica.ports.rng), self.now());
        self.prepare(session, |said| said.say(id, word, now))
    }

    /// Says that the ride home from a session is agreed, as it is written now.
    ///
    /// # Errors
    ///
    /// [`NotNow::NobodyTakesHome`] as long as nobody is named; else as [`Patient::prepare`].
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// assert!(matches!(phone.confirm_ride(session), Err(CoreError::NotFound(_))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn confirm_ride(&self, session: DocumentId) -> Result<SessionPreparation> {
        let begins = self.get::<DosingSession>(session)?.content.at;
        let said = self.preparation(session)?;
        if said.is_none_or(|said| said.escort_name.is_empty()) {
            return Err(NotNow::NobodyTakesHome.into());
        }
        let now = self.now();
        self.prepare(session, |said| said.confirm_ride(now, begins))
    }
}
