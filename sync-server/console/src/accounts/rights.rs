//! Who may see and change what: a person has a role, a role has a right to each area, and the clinic decides which.
//!
//! These are rules of the console, kept by the console. The clinic's node can read all that was shared with the clinic,
//! and so can whoever has its folder and its key.

use std::collections::BTreeMap;

use companion_core::domain::{Belongs, Kind, RecordSection};
use rusqlite::Connection;

use super::AccountsError;

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
    /// Taking a record out of the console as a file: to see what can be, and to do it. What is in the file is asked for
    /// besides, section by section.
    Export,
    /// Who works here, with which role, and what each role may do.
    People,
}

impl Area {
    /// Each, in the order in which pages list them.
    pub fn all() -> impl Iterator<Item = Self> {
        let sections = RecordSection::ALL.iter().copied().map(Self::Section);
        sections.chain([Self::Register, Self::Settings, Self::Export, Self::People])
    }

    /// The word in the file and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Section(section) => section.as_str(),
            Self::Register => "register",
            Self::Settings => "settings",
            Self::Export => "export",
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
            Self::Export => "Taking records out as files",
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
    /// patient wrote for their therapist; and a file can be lost, so that only a lead takes one out until the clinic
    /// allows it to others.
    pub const fn usual(self, area: Area) -> Right {
        match (self, area) {
            (Self::Lead, _)
            | (Self::Coordinator, Area::Section(RecordSection::Programme | RecordSection::Costs)) => {
                Right::Change
            }
            (_, Area::People | Area::Export) | (Self::Coordinator, Area::Section(_)) => Right::None,
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
