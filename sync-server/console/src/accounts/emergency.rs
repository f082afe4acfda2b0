//! A record that somebody opens in an emergency, though their role does not show all of it.

use companion_core::domain::DocumentId;
use rusqlite::{OptionalExtension as _, params};

use super::{Accounts, AccountsError, ClinicianId, audit};

/// How long an emergency lets somebody read a record that their role does not show, in milliseconds: one hour.
pub const EMERGENCY_MS: i64 = 60 * 60 * 1000;
/// The longest reason for one, in characters.
pub const LONGEST_REASON: usize = 500;

impl Accounts {
    /// Shows somebody the whole record of a patient for an hour, since it is an emergency. Written down first.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn begin_emergency(
        &self,
        clinician: ClinicianId,
        name: &str,
        patient: DocumentId,
        reason: &str,
    ) -> Result<(), AccountsError> {
        let (now, patient) = (self.now_ms(), patient.to_string());
        let mut store = self.store();
        let change = store.transaction()?;
        change.execute(
            "INSERT INTO emergency (clinician, patient, reason, at_ms) VALUES (?1, ?2, ?3, ?4)",
            params![clinician.0, patient, reason, now],
        )?;
        audit::append(
            &change,
            now,
            name,
            audit::Action::OpenedInEmergency,
            Some(&patient),
        )?;
        change.commit()?;
        Ok(())
    }

    /// Whether somebody may read the whole record of a patient at the moment, since it is an emergency.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn is_emergency(
        &self,
        clinician: ClinicianId,
        patient: DocumentId,
    ) -> Result<bool, AccountsError> {
        let since = self.now_ms().saturating_sub(EMERGENCY_MS);
        let found: Option<i64> = self
            .store()
            .query_row(
                "SELECT 1 FROM emergency WHERE clinician = ?1 AND patient = ?2 AND at_ms > ?3 AND at_ms <= ?4",
                params![clinician.0, patient.to_string(), since, self.now_ms()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(found.is_some())
    }

    /// Every emergency in which somebody opened a record, oldest first: when, whose record, by whom, and why.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn emergencies(&self) -> Result<Vec<Emergency>, AccountsError> {
        let store = self.store();
        let mut all = store.prepare(
            "SELECT emergency.at_ms, emergency.patient, clinician.name, emergency.reason
             FROM emergency JOIN clinician ON clinician.id = emergency.clinician ORDER BY emergency.id",
        )?;
        let rows = all.query_map([], |row| {
            Ok(Emergency {
                at_ms: row.get(0)?,
                patient: row.get(1)?,
                by: row.get(2)?,
                reason: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A record that somebody opened in an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Whose record, by id.
    pub patient: String,
    /// Who.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
}
