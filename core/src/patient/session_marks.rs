//! What a patient says on the day of a session: that they are there, that it is over, and before it that the ride
//! home is agreed. Each counts for one session, or is refused in words.

use super::Patient;
use crate::domain::session_day::{Marks, SessionDay};
use crate::domain::{DocumentId, DosingSession, Moment, SessionPreparation};
use crate::error::{NotNow, Result};

/// Something that is said of a session's day, and can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayMark {
    /// "I'm here".
    Here,
    /// "It is over".
    Ended,
}

impl Patient {
    /// Says of the day of a session that the patient is there, or that it is over. Of two arrivals the first one
    /// stands, since what was written after it is held back; of two ends the later one, since the quiet hours must
    /// not end too early.
    ///
    /// # Errors
    ///
    /// [`NotNow::NotTheSessionsDay`] where it would count for no session; else as [`Patient::prepare`].
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
        let marks = said.as_ref().map_or(Marks::default(), Marks::from);
        let now = self.now();
        let counts = match mark {
            DayMark::Here => SessionDay::counts_here(&it, now),
            DayMark::Ended => SessionDay::counts_end(&it, marks, now),
        };
        if !counts {
            let session = (&it).into();
            return Err(NotNow::NotTheSessionsDay { session }.into());
        }
        let was_here = |at: &Moment| SessionDay::counts_here(&it, *at);
        self.prepare(session, |said| match mark {
            DayMark::Here => said.here_at = said.here_at.filter(was_here).or(Some(now)),
            DayMark::Ended => said.ended_at = Some(now),
        })
    }

    /// Takes back that the patient is there, or that it is over: it was said by mistake.
    ///
    /// # Errors
    ///
    /// As [`Patient::prepare`].
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// use companion_core::patient::DayMark;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// let alone = phone.unmark_day(session, DayMark::Ended);
    /// assert!(matches!(alone, Err(CoreError::NotPaired)));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn unmark_day(&self, session: DocumentId, mark: DayMark) -> Result<SessionPreparation> {
        self.prepare(session, |said| match mark {
            DayMark::Here => said.here_at = None,
            DayMark::Ended => said.ended_at = None,
        })
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
