//! Sessions that are there already: moved, called off, put back, and told more of. Whoever changes one says which
//! version they had before them: where somebody changed it meanwhile, nothing is done, and they are told what it is
//! now. What is so already is not refused.

use super::{Booking, YEAR};
use crate::clinic::Clinic;
use crate::domain::session_details::SessionDetails;
use crate::domain::{DocumentId, DosingSession, Moment, Revision};
use crate::error::{CoreError, NotNow, Result};
use crate::records::View;

impl Clinic {
    /// Moves a session to another time. One that was called off takes place again, as `by` says.
    ///
    /// # Errors
    ///
    /// [`CoreError::SessionChanged`] where `seen` is not the present version. [`NotNow::SessionBegan`] for one that
    /// has begun and would be still to come: it counts as held until somebody says that it did not take place. What
    /// [`Clinic::plan_session`] refuses of one that is still to come or was called off;
    /// [`CoreError::Invalid`] for a year that nobody plans; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    ///
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// let mut later = clinic.now();
    /// later.unix_ms += 7 * 24 * 60 * 60 * 1000;
    /// # let session = clinic.call_off_session(ada, session.id, &session.revision, "Snow.", "Maya")?;
    /// # let session = clinic.put_back_session(ada, session.id, &session.revision, "Maya")?;
    /// # let _ = later;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn move_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        at: Moment,
        by: &str,
    ) -> Result<View<DosingSession>> {
        self.must_be_planned(at, YEAR)?;
        let _turn = self.take_register_turn();
        let booking = Booking::read(self, patient)?;
        let before = self.get::<DosingSession>(patient, session)?;
        let mut after = before.content.clone();
        after.put_back(self.new_item(), by, booking.now);
        if after.at != at {
            after.moved_from = Some(after.at);
            after.at = at;
        }
        if after == before.content {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let has_begun = before.content.takes_place() && !before.content.is_ahead(booking.now);
        let still_counts =
            booking.since.counts_session(&after) == booking.since.counts_session(&before.content);
        if has_begun && (after.is_ahead(booking.now) || !still_counts) {
            return Err(NotNow::SessionBegan.into());
        }
        booking.must_fit(Some(&before), &after)?;
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| *session = after)
    }

    /// Calls a session off: both sides see that it does not take place, who said so and why. Of one that has begun
    /// it says that it did not take place, and needs the reason; what was written in its quiet hours until then
    /// stays held back.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a name that is missing, and for a reason that is missing where the session has
    /// begun; [`CoreError::SessionChanged`] where `seen` is not the present version; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// let unsaid = clinic.call_off_session(ada, session.id, &session.revision, "", "Maya");
    /// assert!(unsaid.is_err(), "it has begun");
    /// let off = clinic.call_off_session(ada, session.id, &session.revision, "She was ill.", "Maya")?;
    /// assert!(!off.content.takes_place());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn call_off_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        reason: &str,
        by: &str,
    ) -> Result<View<DosingSession>> {
        let _turn = self.take_register_turn();
        let before = self.get::<DosingSession>(patient, session)?;
        let said = before.content.called_off();
        if said.is_some_and(|step| step.by == by.trim() && step.reason == reason.trim()) {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let (id, now) = (self.new_item(), self.now());
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| {
                session.call_off(id, reason, by, now);
            })
    }

    /// Puts a session back that was called off: it takes place when it was planned. Who called it off and why stays
    /// written down.
    ///
    /// # Errors
    ///
    /// What [`Clinic::plan_session`] refuses; [`CoreError::SessionChanged`] where `seen` is not the present version;
    /// [`CoreError::Invalid`] for a name that is missing; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    ///
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// let off = clinic.call_off_session(ada, session.id, &session.revision, "Snow.", "Maya")?;
    /// let back = clinic.put_back_session(ada, session.id, &off.revision, "Maya")?;
    /// assert!(back.content.takes_place() && back.content.steps.len() == 2);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn put_back_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<View<DosingSession>> {
        let _turn = self.take_register_turn();
        let before = self.get::<DosingSession>(patient, session)?;
        if before.content.takes_place() {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let booking = Booking::read(self, patient)?;
        let mut after = before.content.clone();
        after.put_back(self.new_item(), by, booking.now);
        booking.must_fit(Some(&before), &after)?;
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| *session = after)
    }

    /// Says anew who is there, where a session is, how long its parts are, and what to know about it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field; [`CoreError::SessionChanged`] where `seen` is not the present
    /// version; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::{DosingSession, session_details::SessionDetails};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// let details = SessionDetails {
    ///     therapist: "Maya Lindqvist".into(),
    ///     ..SessionDetails::of(&session.content)
    /// };
    /// let told = clinic.tell_session(ada, session.id, &session.revision, details)?;
    /// assert_eq!(told.content.therapist, "Maya Lindqvist");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn tell_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        details: SessionDetails,
    ) -> Result<View<DosingSession>> {
        let _turn = self.take_register_turn();
        let before = self.get::<DosingSession>(patient, session)?;
        if SessionDetails::of(&before.content) == details {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| details.put_into(session))
    }
}

/// That a session is still as it was before whoever changes it.
fn must_be_present(present: &View<DosingSession>, seen: &Revision) -> Result<()> {
    if present.revision == *seen {
        return Ok(());
    }
    Err(CoreError::SessionChanged {
        now: (&present.content).into(),
    })
}
