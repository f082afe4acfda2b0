//! A record that somebody opens in an emergency, though their role does not show all of it.

use companion_core::domain::DocumentId;
use rusqlite::{Connection, OptionalExtension as _, params};

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
    ) -> Result<RunningEmergency, AccountsError> {
        let (now, patient) = (self.now_ms(), patient.to_string());
        let mut store = self.store();
        let change = store.transaction()?;
        change.execute(
            "INSERT INTO emergency (clinician, patient, reason, at_ms) VALUES (?1, ?2, ?3, ?4)",
            params![clinician.0, patient, reason, now],
        )?;
        let id = change.last_insert_rowid();
        audit::append(
            &change,
            now,
            name,
            audit::Action::OpenedInEmergency,
            Some(&patient),
        )?;
        change.commit()?;
        Ok(RunningEmergency { id, at_ms: now })
    }

    /// Ends the emergency in which somebody may read the whole record of a patient, before its hour is up. Returns
    /// whether there was one: one that is over stays as it was.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn end_emergency(
        &self,
        whose: ClinicianId,
        patient: DocumentId,
        by: &str,
    ) -> Result<bool, AccountsError> {
        let (now, patient) = (self.now_ms(), patient.to_string());
        let mut store = self.store();
        let change = store.transaction()?;
        let ended = end_running(&change, now, whose.0, Some(&patient), by)?;
        change.commit()?;
        Ok(ended > 0)
    }

    /// The emergency in which somebody may read the whole record of a patient at the moment; of several the newest.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn running_emergency(
        &self,
        clinician: ClinicianId,
        patient: DocumentId,
    ) -> Result<Option<RunningEmergency>, AccountsError> {
        let now = self.now_ms();
        let found = self
            .store()
            .query_row(
                "SELECT id, at_ms FROM emergency WHERE clinician = ?1 AND patient = ?2 AND at_ms > ?3 AND at_ms <= ?4
                 AND id NOT IN (SELECT emergency FROM emergency_end) ORDER BY id DESC LIMIT 1",
                params![clinician.0, patient.to_string(), begun_after(now), now],
                |row| {
                    Ok(RunningEmergency {
                        id: row.get(0)?,
                        at_ms: row.get(1)?,
                    })
                },
            )
            .optional()?;
        Ok(found)
    }

    /// Every emergency in which somebody opened a record, oldest first: when, whose record, by whom, and why.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn emergencies(&self) -> Result<Vec<Emergency>, AccountsError> {
        let now = self.now_ms();
        let store = self.store();
        let mut all = store.prepare(
            "SELECT emergency.id, emergency.at_ms, emergency.patient, clinician.id, clinician.name, emergency.reason,
                 emergency_end.at_ms, emergency_end.ended_by
             FROM emergency JOIN clinician ON clinician.id = emergency.clinician
             LEFT JOIN emergency_end ON emergency_end.emergency = emergency.id ORDER BY emergency.id",
        )?;
        let rows = all.query_map([], |row| {
            let (at_ms, ended_ms): (i64, Option<i64>) = (row.get(1)?, row.get(6)?);
            let ended_by: Option<String> = row.get(7)?;
            Ok(Emergency {
                id: row.get(0)?,
                at_ms,
                patient: row.get(2)?,
                clinician: ClinicianId(row.get(3)?),
                by: row.get(4)?,
                reason: row.get(5)?,
                is_running: ended_ms.is_none() && at_ms > begun_after(now) && at_ms <= now,
                ended: ended_ms.zip(ended_by),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// One that begun no later is over.
const fn begun_after(now: i64) -> i64 {
    now.saturating_sub(EMERGENCY_MS)
}

/// Ends those that run of one person, of one patient or of all, each with a line in the audit record. Returns how many.
pub(super) fn end_running(
    store: &Connection,
    now: i64,
    whose: i64,
    patient: Option<&str>,
    by: &str,
) -> Result<usize, AccountsError> {
    let mut running = store.prepare(
        "SELECT emergency.id, emergency.patient, clinician.name
         FROM emergency JOIN clinician ON clinician.id = emergency.clinician
         WHERE emergency.clinician = ?1 AND emergency.at_ms > ?2 AND emergency.at_ms <= ?3
             AND (?4 IS NULL OR emergency.patient = ?4)
             AND emergency.id NOT IN (SELECT emergency FROM emergency_end) ORDER BY emergency.id",
    )?;
    let running = running.query_map(params![whose, begun_after(now), now, patient], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    let running = running.collect::<Result<Vec<(i64, String, String)>, _>>()?;
    for (emergency, patient, name) in &running {
        store.execute(
            "INSERT INTO emergency_end (emergency, ended_by, at_ms) VALUES (?1, ?2, ?3)",
            params![emergency, by, now],
        )?;
        let action = audit::Action::EndedEmergency;
        audit::append_about(store, now, by, action, (patient, name))?;
    }
    Ok(running.len())
}

/// An emergency in which somebody may read the whole record of a patient at the moment: what the patient is told of it.
/// It holds no reason, which stays with the clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningEmergency {
    /// Which, in the accounts file.
    pub id: i64,
    /// When it was opened, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// A record that somebody opened in an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// Which, in the accounts file.
    pub id: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Whose record, by id.
    pub patient: String,
    /// Who, by id.
    pub clinician: ClinicianId,
    /// Who.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// Whether they may still read because of it.
    pub is_running: bool,
    /// When and by whom it was ended before its hour was up, if it was.
    pub ended: Option<(i64, String)>,
}
