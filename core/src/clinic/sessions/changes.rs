//! Sessions that are there already: moved, called off, put back, and told more of. Whoever changes one says which
//! version they had before them: where somebody changed it meanwhile, nothing is done, and they are told what it is
//! now. What is so already is not refused.

use super::{Booking, YEAR};
use crate::clinic::Clinic;
use crate::domain::near_session::must_keep_names;
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
    /// has begun: it counts as held until somebody says that it did not take place. Only on its own day, before it
    /// should be over, it begins later: the patient is late. [`NotNow::MovedIntoThePast`] for a time that is past:
    /// [`Clinic::correct_session`] says when a session was held. What [`Clinic::plan_session`] refuses;
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
    /// let in_days = |days: i64| {
    ///     let mut at = clinic.now();
    ///     at.unix_ms += days * 24 * 60 * 60 * 1000;
    ///     at
    /// };
    /// let session = clinic.plan_session(ada, DosingSession::new(1, in_days(7)))?;
    /// let moved = clinic.move_session(ada, session.id, &session.revision, in_days(9), "Maya")?;
    /// assert_eq!(moved.content.moved_from, Some(session.content.at));
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
        // First, so that the time at which it was called off is not one at which it was to take place.
        after.move_to(self.new_item(), at, by, booking.now);
        after.put_back(self.new_item(), by, booking.now);
        if after == before.content {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        if before.content.takes_place() && !before.content.is_ahead(booking.now) {
            must_be_late_alone(&before.content, at, booking.now)?;
        }
        if !after.is_ahead(booking.now) {
            return Err(NotNow::MovedIntoThePast.into());
        }
        booking.must_fit(Some(&before), &after)?;
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| *session = after)
    }

    /// Says that the time of a session was written down wrong, and which it is or was; both sides read it, with the
    /// reason. By this one that was held at another time than planned is put right, and one that counts as held
    /// because of a mistyped day becomes one that is to come. Whether it takes place stays as it was.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a reason or a name that is missing, and for a year that nobody plans;
    /// [`CoreError::SessionChanged`] where `seen` is not the present version. What [`Clinic::plan_session`] refuses;
    /// [`CoreError::NotFound`].
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
    /// let booked = DosingSession {
    ///     therapist: "Maya Lindqvist".into(),
    ///     medical_provider: "Dr. Vega".into(),
    ///     ..DosingSession::new(1, clinic.now())
    /// };
    /// let session = clinic.plan_session(ada, booked)?;
    /// let mut earlier = clinic.now();
    /// earlier.unix_ms -= 7 * 24 * 60 * 60 * 1000;
    /// let unsaid = clinic.correct_session(ada, session.id, &session.revision, earlier, "", "Maya");
    /// assert!(unsaid.is_err(), "both sides read why");
    /// let why = "The day was mistyped.";
    /// let right = clinic.correct_session(ada, session.id, &session.revision, earlier, why, "Maya")?;
    /// assert_eq!(right.content.at, earlier);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn correct_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        at: Moment,
        reason: &str,
        by: &str,
    ) -> Result<View<DosingSession>> {
        self.must_be_planned(at, YEAR)?;
        let _turn = self.take_register_turn();
        let booking = Booking::read(self, patient)?;
        let before = self.get::<DosingSession>(patient, session)?;
        if before.content.at == at {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let mut after = before.content.clone();
        after.correct(self.new_item(), at, reason, by, booking.now);
        if after.takes_place() {
            booking.must_fit(Some(&before), &after)?;
        }
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| *session = after)
    }

    /// Calls a session off: both sides see that it does not take place, who said so and why. Of one that has begun
    /// it says that it did not take place, and needs the reason; what was written in its quiet hours until then
    /// stays held back. Where somebody called it off before, the reason stands beside theirs.
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
        // Where somebody else called it off meanwhile, this is a second reason for the same.
        if before.content.takes_place() {
            must_be_present(&before, seen)?;
        }
        let (id, now) = (self.new_item(), self.now());
        self.records_of(patient)?
            .edit::<DosingSession>(session, &before.revision, |session| {
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

    /// Says anew who is there, where a session is, how long its parts are, and what to know about it. Of another length
    /// both sides read that `by` said so.
    ///
    /// # Errors
    ///
    /// [`CoreError::NamesMissing`] where a session that began, or has readings, would lose the name of its therapist
    /// or of its medical provider; [`CoreError::Invalid`] names the field; [`CoreError::SessionChanged`] where `seen`
    /// is not the present version; [`CoreError::NotFound`].
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
    /// let told = clinic.tell_session(ada, session.id, &session.revision, details, "Maya")?;
    /// assert_eq!(told.content.therapist, "Maya Lindqvist");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn tell_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        details: SessionDetails,
        by: &str,
    ) -> Result<View<DosingSession>> {
        let _turn = self.take_register_turn();
        let before = self.get::<DosingSession>(patient, session)?;
        if SessionDetails::of(&before.content) == details {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let mut after = before.content.clone();
        after.tell(self.new_item(), details, by, self.now());
        if self.names_are_needed(patient, &before)? {
            must_keep_names(&before.content, &after)?;
        }
        // Longer parts may reach into another session.
        if after.takes_place() {
            Booking::read(self, patient)?.must_not_overlap(Some(session), &after)?;
        }
        self.records_of(patient)?
            .edit::<DosingSession>(session, seen, |session| *session = after)
    }

    /// Whether a session counts as held, or has readings: from then on whoever is named stays named, or another is.
    fn names_are_needed(&self, patient: DocumentId, session: &View<DosingSession>) -> Result<bool> {
        let content = &session.content;
        if content.takes_place() && !content.is_ahead(self.now()) {
            return Ok(true);
        }
        let medicine = self.medicine(patient, session.id)?;
        Ok(medicine.is_some_and(|it| !it.record.content.vitals.is_empty()))
    }
}

/// That a session which has begun is moved only because the patient is late: to a later time of its own day, and
/// before it should be over.
fn must_be_late_alone(session: &DosingSession, to: Moment, now: Moment) -> Result<()> {
    let is_later = to.unix_ms > session.at.unix_ms;
    let is_its_day = to.local_date() == session.at.local_date();
    if is_later && is_its_day && !session.is_over(now) {
        return Ok(());
    }
    Err(NotNow::SessionBegan.into())
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
