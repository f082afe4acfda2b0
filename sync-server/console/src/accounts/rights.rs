//! Who may see and change what: a person has a role, a role has a right to each area, and the clinic decides which.
//!
//! These are rules of the console, kept by the console. The clinic's node can read all that was shared with the clinic,
//! and so can whoever has its folder and its key.

use std::collections::BTreeMap;

use companion_core::domain::{Belongs, DocumentId, Kind, RecordSection};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Accounts, AccountsError, Clinician, ClinicianId, audit, find};

/// How long an emergency lets somebody read a record that their role does not show, in milliseconds: one hour.
pub const EMERGENCY_MS: i64 = 60 * 60 * 1000;
/// The longest reason for one, in characters.
pub const LONGEST_REASON: usize = 500;

/// What somebody may do with an area. Each includes the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Neither see nor change it.
    #[default]
    None,
    /// Read it.
    Read,
    /// Read and change it.
    Change,
}

impl Right {
    /// Each, the least first.
    pub const ALL: [Self; 3] = [Self::None, Self::Read, Self::Change];

    /// The word in the file and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Change => "change",
        }
    }

    /// Reads the word. What nobody knows allows nothing.
    pub fn named(word: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|right| right.as_str() == word).unwrap_or_default()
    }
}

/// Something that a right is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// A section of patients' records.
    Section(RecordSection),
    /// Who the patients are: inviting, comparing words, phones, names, archiving.
    Register,
    /// What is set for all patients or for one: guides, prompts, reminders, questions, monitoring, the support card.
    Settings,
    /// Who works here, with which role, and what each role may do.
    People,
}

impl Area {
    /// Each, in the order in which pages list them.
    pub fn all() -> impl Iterator<Item = Self> {
        let sections = RecordSection::ALL.iter().copied().map(Self::Section);
        sections.chain([Self::Register, Self::Settings, Self::People])
    }

    /// The word in the file and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Section(section) => section.as_str(),
            Self::Register => "register",
            Self::Settings => "settings",
            Self::People => "people",
        }
    }

    /// Reads the word.
    pub fn named(word: &str) -> Option<Self> {
        Self::all().find(|area| area.as_str() == word)
    }

    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Section(section) => section.label(),
            Self::Register => "Register of patients and their phones",
            Self::Settings => "What is set for patients",
            Self::People => "People and roles",
        }
    }
}

/// What somebody is at the clinic, as far as the console goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Leads the clinic: may read and change everything, always. Somebody always is.
    Lead,
    /// Leads programmes and sessions.
    Therapist,
    /// Prescribes, gives the medicine, watches over the body.
    MedicalProvider,
    /// Keeps dates, costs and the register.
    Coordinator,
}

impl Role {
    /// Each.
    pub const ALL: [Self; 4] = [
        Self::Lead,
        Self::Therapist,
        Self::MedicalProvider,
        Self::Coordinator,
    ];

    /// The word in the file, in forms and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Therapist => "therapist",
            Self::MedicalProvider => "medical-provider",
            Self::Coordinator => "coordinator",
        }
    }

    /// Reads the word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Lead => "clinic lead",
            Self::Therapist => "therapist",
            Self::MedicalProvider => "medical provider",
            Self::Coordinator => "coordinator",
        }
    }

    /// What the role may do as long as the clinic says nothing else. Who keeps dates and costs reads nothing of what a
    /// patient wrote for their therapist.
    pub const fn usual(self, area: Area) -> Right {
        match (self, area) {
            (Self::Lead, _)
            | (Self::Coordinator, Area::Section(RecordSection::Programme | RecordSection::Costs)) => {
                Right::Change
            }
            (_, Area::People) | (Self::Coordinator, Area::Section(_)) => Right::None,
            (Self::Coordinator, Area::Settings) => Right::Read,
            _ => Right::Change,
        }
    }
}

/// What somebody may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights(BTreeMap<Area, Right>);

impl Rights {
    /// To read and change everything.
    pub fn all() -> Self {
        Area::all().map(|area| (area, Right::Change)).collect()
    }

    /// What a role may do as long as the clinic says nothing else.
    pub fn usual(role: Role) -> Self {
        Area::all().map(|area| (area, role.usual(area))).collect()
    }

    /// The right to an area. What is not there is no right.
    pub fn to(&self, area: Area) -> Right {
        self.0.get(&area).copied().unwrap_or_default()
    }

    /// Whether an area is shown.
    pub fn may_read(&self, area: Area) -> bool {
        self.to(area) >= Right::Read
    }

    /// Whether an area may be changed.
    pub fn may_change(&self, area: Area) -> bool {
        self.to(area) == Right::Change
    }

    /// Whether a section of the record is shown.
    pub fn shows(&self, section: RecordSection) -> bool {
        self.may_read(Area::Section(section))
    }

    /// Whether things of a kind are shown. What belongs to no section by itself is shown to whoever is shown all.
    pub fn shows_kind(&self, kind: &Kind) -> bool {
        self.to_kind(kind) >= Right::Read
    }

    /// Whether things of a kind may be changed.
    pub fn may_change_kind(&self, kind: &Kind) -> bool {
        self.to_kind(kind) == Right::Change
    }

    fn to_kind(&self, kind: &Kind) -> Right {
        match Belongs::of(kind).and_then(|place| place.section(None)) {
            Some(section) => self.to(Area::Section(section)),
            None => {
                let all = RecordSection::ALL.into_iter();
                let rights = all.map(|section| self.to(Area::Section(section)));
                rights.min().unwrap_or_default()
            }
        }
    }

    /// Whether every section of the record is shown.
    pub fn shows_all_sections(&self) -> bool {
        RecordSection::ALL
            .into_iter()
            .all(|section| self.shows(section))
    }

    /// The sections that are shown.
    pub fn sections(&self) -> impl Iterator<Item = RecordSection> {
        let all = RecordSection::ALL.iter().copied();
        all.filter(|section| self.shows(*section))
    }

    /// The same with every section of the record to read.
    #[must_use]
    pub fn in_an_emergency(mut self) -> Self {
        for section in RecordSection::ALL {
            let right = self.0.entry(Area::Section(section)).or_default();
            *right = (*right).max(Right::Read);
        }
        self
    }
}

impl FromIterator<(Area, Right)> for Rights {
    fn from_iter<T: IntoIterator<Item = (Area, Right)>>(rights: T) -> Self {
        Self(rights.into_iter().collect())
    }
}

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
                role: role(&row.get::<_, String>(2)?),
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
        rights(&self.store(), role)
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
            let before = self::role(&before).label();
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
        let before = self::rights(&change, role)?;
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

/// The role that the file names. One that a later version wrote may do what a coordinator may: as little as there is.
pub(super) fn role(word: &str) -> Role {
    Role::named(word).unwrap_or(Role::Coordinator)
}

pub(super) fn rights(store: &Connection, role: Role) -> Result<Rights, AccountsError> {
    let mut rights = Rights::usual(role);
    if role == Role::Lead {
        return Ok(rights);
    }
    let mut set = store.prepare_cached("SELECT area, allowed FROM role_right WHERE role = ?1")?;
    let rows = set.query_map([role.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for row in rows {
        let (area, allowed) = row?;
        if let Some(area) = Area::named(&area) {
            rights.0.insert(area, Right::named(&allowed));
        }
    }
    Ok(rights)
}
