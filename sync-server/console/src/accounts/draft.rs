//! What somebody is typing: kept for them alone, for each form, until it is sent or emptied.
//!
//! Here and not in the browser, whose storage is clear text on the disk of a shared machine; and not in
//! the record, because nobody has said it yet.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use super::{Accounts, AccountsError, ClinicianId, Token};

/// More drafts than anybody has.
const MOST_LATE: i64 = 200;

/// What was typed, by the names of the fields.
pub type Fields = BTreeMap<String, String>;

impl Accounts {
    /// Keeps what somebody typed into the form at `place`, in place of what was kept before. Nothing
    /// but white space is no draft.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn keep_draft(
        &self,
        whose: ClinicianId,
        place: &str,
        fields: &Fields,
    ) -> Result<(), AccountsError> {
        if fields.values().all(|typed| typed.trim().is_empty()) {
            return self.drop_draft(whose, place);
        }
        // Texts by name can always be written.
        let written = serde_json::to_string(fields).unwrap_or_default();
        self.store().execute(
            "INSERT INTO draft (clinician, place, fields, kept_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (clinician, place)
             DO UPDATE SET fields = excluded.fields, kept_ms = excluded.kept_ms",
            params![whose.0, place, written, self.now_ms()],
        )?;
        Ok(())
    }

    /// Keeps what was typed in a session that ended by itself, for the person whose session it was. Says
    /// whether it did: not of a session that is unknown, nor beyond what anybody leaves half typed, or
    /// somebody with an old cookie could fill the disk.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn keep_late_draft(
        &self,
        token: &Token,
        place: &str,
        fields: &Fields,
    ) -> Result<bool, AccountsError> {
        let Some(whose) = self.ended(token)? else {
            return Ok(false);
        };
        let others: i64 = self.store().query_row(
            "SELECT count(*) FROM draft WHERE clinician = ?1 AND place <> ?2",
            params![whose.0, place],
            |row| row.get(0),
        )?;
        if others >= MOST_LATE {
            return Ok(false);
        }
        self.keep_draft(whose, place, fields)?;
        Ok(true)
    }

    /// What is kept of that form for that person.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn draft(&self, whose: ClinicianId, place: &str) -> Result<Option<Fields>, AccountsError> {
        let written: Option<String> = self
            .store()
            .query_row(
                "SELECT fields FROM draft WHERE clinician = ?1 AND place = ?2",
                params![whose.0, place],
                |row| row.get(0),
            )
            .optional()?;
        Ok(written.and_then(|written| serde_json::from_str(&written).ok()))
    }

    /// Forgets it: it was sent, or thrown away.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn drop_draft(&self, whose: ClinicianId, place: &str) -> Result<(), AccountsError> {
        self.store().execute(
            "DELETE FROM draft WHERE clinician = ?1 AND place = ?2",
            params![whose.0, place],
        )?;
        Ok(())
    }
}
