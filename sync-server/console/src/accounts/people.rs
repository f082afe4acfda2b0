//! Who works here, with which role, and what each role may do: read and changed in the file, with a line in the audit
//! record.

use rusqlite::{Connection, params};

use super::{
    Accounts, AccountsError, Area, Clinician, ClinicianId, Rights, Role, audit, emergency, find,
    rights,
};

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// How the tables name them.
    pub id: ClinicianId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When their access was ended, if it was, in milliseconds since 1970 UTC.
    pub ended_ms: Option<i64>,
}

impl Accounts {
    /// Everybody who may sign in or could once, by name.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn people(&self) -> Result<Vec<Person>, AccountsError> {
        let store = self.store();
        let mut people =
            store.prepare("SELECT id, name, role, ended_ms FROM clinician ORDER BY folded_name")?;
        let rows = people.query_map([], |row| {
            Ok(Person {
                id: ClinicianId(row.get(0)?),
                name: row.get(1)?,
                role: rights::role(&row.get::<_, String>(2)?),
                ended_ms: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a role may do.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn rights_of(&self, role: Role) -> Result<Rights, AccountsError> {
        rights::rights(&self.store(), role)
    }

    /// Gives somebody a role.
    ///
    /// # Errors
    ///
    /// Nobody of that name, the last lead, or the store.
    pub fn set_role(&self, name: &str, role: Role, by: &str) -> Result<(), AccountsError> {
        self.of_somebody(name, by, audit::Action::SetRole, |store, person, _| {
            let before: String = store.query_row(
                "SELECT role FROM clinician WHERE id = ?1",
                [person.id],
                |row| row.get(0),
            )?;
            store.execute(
                "UPDATE clinician SET role = ?2 WHERE id = ?1",
                params![person.id, role.as_str()],
            )?;
            let before = rights::role(&before).label();
            Ok(format!("{}: {before} to {}", person.name, role.label()))
        })
    }

    /// Ends somebody's access, and every session of theirs. Their name stays with what they did.
    ///
    /// # Errors
    ///
    /// As [`Accounts::set_role`].
    pub fn end_access(&self, name: &str, by: &str) -> Result<(), AccountsError> {
        self.of_somebody(
            name,
            by,
            audit::Action::EndedAccess,
            |store, person, now| {
                store.execute(
                    "UPDATE clinician SET ended_ms = ?2 WHERE id = ?1 AND ended_ms IS NULL",
                    params![person.id, now],
                )?;
                store.execute("DELETE FROM session WHERE clinician = ?1", [person.id])?;
                store.execute(
                    "DELETE FROM calendar_feed WHERE clinician = ?1",
                    [person.id],
                )?;
                // Or whoever is let in again within the hour would read on.
                emergency::end_running(store, now, person.id, None, by)?;
                Ok(person.name.clone())
            },
        )
    }

    /// Lets somebody sign in again whose access was ended.
    ///
    /// # Errors
    ///
    /// As [`Accounts::set_role`].
    pub fn give_access_again(&self, name: &str, by: &str) -> Result<(), AccountsError> {
        let action = audit::Action::GaveAccessAgain;
        self.of_somebody(name, by, action, |store, person, _| {
            store.execute(
                "UPDATE clinician SET ended_ms = NULL WHERE id = ?1",
                [person.id],
            )?;
            Ok(person.name.clone())
        })
    }

    /// Sets what a role may do.
    ///
    /// # Errors
    ///
    /// [`AccountsError::LeadMayAll`] for the lead, or the store.
    pub fn set_rights(&self, role: Role, rights: &Rights, by: &str) -> Result<(), AccountsError> {
        if role == Role::Lead {
            return Err(AccountsError::LeadMayAll);
        }
        let now = self.now_ms();
        let mut store = self.store();
        let change = store.transaction()?;
        let before = rights::rights(&change, role)?;
        for area in Area::all() {
            change.execute(
                "INSERT INTO role_right (role, area, allowed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (role, area) DO UPDATE SET allowed = excluded.allowed",
                params![role.as_str(), area.as_str(), rights.to(area).as_str()],
            )?;
        }
        let changed = Area::all().filter(|area| before.to(*area) != rights.to(*area));
        let changed = changed.map(|area| {
            let (before, after) = (before.to(area).as_str(), rights.to(area).as_str());
            format!("{} {before} to {after}", area.as_str())
        });
        let changed: Vec<String> = changed.collect();
        let detail = match changed.is_empty() {
            true => format!("{}: as it was", role.label()),
            false => format!("{}: {}", role.label(), changed.join(", ")),
        };
        audit::append_change(&change, now, by, audit::Action::SetRights, &detail)?;
        change.commit()?;
        Ok(())
    }

    /// Changes something about a person, and takes it back where nobody who may do everything would be left.
    /// `change_it` says whom it changed, from what to what.
    fn of_somebody(
        &self,
        name: &str,
        by: &str,
        action: audit::Action,
        change_it: impl FnOnce(&Connection, &Clinician, i64) -> Result<String, AccountsError>,
    ) -> Result<(), AccountsError> {
        let now = self.now_ms();
        let mut store = self.store();
        let change = store.transaction()?;
        let person = find(&change, name)?.ok_or(AccountsError::NoSuchClinician)?;
        let detail = change_it(&change, &person, now)?;
        let leads: i64 = change.query_row(
            "SELECT count(*) FROM clinician WHERE role = ?1 AND ended_ms IS NULL",
            [Role::Lead.as_str()],
            |row| row.get(0),
        )?;
        if leads == 0 {
            return Err(AccountsError::LastLead);
        }
        audit::append_change(&change, now, by, action, &detail)?;
        change.commit()?;
        Ok(())
    }
}
