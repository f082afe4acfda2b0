//! Who is in a patient's care team: the clinic's people with what each may open and when they last looked, and
//! providers outside with what the patient released to them.

use std::collections::BTreeMap;

use super::Patient;
use crate::domain::{Access, Moment, People, Programme, RecordSections, nickname};
use crate::error::Result;
use crate::releases::{self, ReleaseView};

/// What a patient should know about who can read what. Part of it is cryptography, and part is the clinic's word.
pub const WHO_CAN_READ: [&str; 4] = [
    "What is only yours stays on your own devices, sealed: neither the clinic nor the sync server can read it.",
    "What you shared can be read by the clinic's own system as a whole, and by whoever runs it. The sync server can't.",
    "Who of the clinic opens which section is a rule that the clinic's system keeps, and so is this list of looks: your \
     phone shows what the clinic's system wrote down.",
    "Somebody outside the clinic is told only what you release. What was handed over before you took a release back \
     stays with whoever has it.",
];

/// A patient's care team.
#[derive(Debug, Clone, PartialEq)]
pub struct CareTeam {
    /// The clinic's name; `None` where the phone is paired with none.
    pub clinic: Option<String>,
    /// The clinic's people, by name.
    pub people: Vec<TeamPerson>,
    /// Providers outside the clinic, by name.
    pub outside: Vec<OutsideProvider>,
}

/// One of the clinic's people, as a patient sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamPerson {
    /// Their name.
    pub name: String,
    /// What they are at the clinic.
    pub role: String,
    /// What they are in the patient's programme, if they are named there.
    pub part: Option<String>,
    /// What of the record the clinic's system opens to them; `None` where the clinic does not say.
    pub sections: Option<RecordSections>,
    /// When they last looked at something of the record, as the clinic's system wrote it down.
    pub last_looked: Option<Moment>,
    /// Whether the clinic still lists them; also where it never said who its people are.
    pub is_listed: bool,
}

/// Somebody outside the clinic.
#[derive(Debug, Clone, PartialEq)]
pub struct OutsideProvider {
    /// Their name.
    pub name: String,
    /// What they are.
    pub what: String,
    /// How to reach them; may be empty.
    pub contact: String,
    /// What the patient released to them, newest first; may be empty for one whom the programme names alone.
    pub releases: Vec<ReleaseView>,
}

impl Patient {
    /// Who is in the care team. It is what the clinic's system said of its people when this phone last heard of it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let team = phone.care_team()?;
    /// assert!(team.people.is_empty() && team.outside.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn care_team(&self) -> Result<CareTeam> {
        let looks = self.access_log()?;
        let last = last_looks(&looks);
        let programme = self.records.newest::<Programme>()?.or_older();
        let named: Vec<(String, String)> = programme
            .iter()
            .flat_map(|view| view.content.team.iter())
            .map(|(_, member)| (member.name.clone(), member.role.as_str().to_owned()))
            .collect();
        let mut people: BTreeMap<String, TeamPerson> = BTreeMap::new();
        let mut outside: BTreeMap<String, OutsideProvider> = BTreeMap::new();
        let listed = self.records.newest::<People>()?.or_older();
        for (_, person) in listed.iter().flat_map(|view| view.content.people.iter()) {
            people.insert(
                nickname::key(&person.name),
                TeamPerson {
                    name: person.name.clone(),
                    role: person.role.clone(),
                    part: None,
                    sections: Some(person.sections.clone()),
                    last_looked: None,
                    is_listed: true,
                },
            );
        }
        for view in self.releases()? {
            let terms = &view.release.terms;
            let provider = outside
                .entry(nickname::key(&terms.provider))
                .or_insert_with(|| OutsideProvider {
                    name: terms.provider.clone(),
                    what: terms.what.clone(),
                    contact: terms.contact.clone(),
                    releases: Vec::new(),
                });
            provider.releases.push(view);
        }
        for (name, part) in named {
            let key = nickname::key(&name);
            if part.starts_with("outside_") {
                outside.entry(key).or_insert_with(|| OutsideProvider {
                    name,
                    what: part.replace('_', " "),
                    contact: String::new(),
                    releases: Vec::new(),
                });
            } else {
                let person = people
                    .entry(key)
                    .or_insert_with(|| unlisted(name, &part, listed.is_none()));
                person.part = Some(part.replace('_', " "));
            }
        }
        // Whoever looked is told of, also where the clinic lists them no more.
        for look in &looks {
            let key = nickname::key(&look.by);
            if !outside.contains_key(&key) {
                let (name, role) = (look.by.clone(), &look.role);
                people
                    .entry(key)
                    .or_insert_with(|| unlisted(name, role, listed.is_none()));
            }
        }
        for (key, at) in last {
            if let Some(person) = people.get_mut(&key) {
                person.last_looked = Some(at);
            }
        }
        Ok(CareTeam {
            clinic: self.status()?.clinic,
            people: people.into_values().collect(),
            outside: outside.into_values().collect(),
        })
    }

    /// Who looked at what of the record and when, the newest day first, as the clinic's system wrote it down.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn access_log(&self) -> Result<Vec<Access>> {
        releases::looks(&self.records)
    }
}

fn unlisted(name: String, role: &str, is_listed: bool) -> TeamPerson {
    TeamPerson {
        name,
        role: role.replace('_', " "),
        part: None,
        sections: None,
        last_looked: None,
        is_listed,
    }
}

/// When each person last looked, by the key of their name.
fn last_looks(looks: &[Access]) -> BTreeMap<String, Moment> {
    let mut last = BTreeMap::<String, Moment>::new();
    for look in looks {
        if let Some(at) = look.last_look() {
            let there = last.entry(nickname::key(&look.by)).or_insert(at);
            if there.unix_ms < at.unix_ms {
                *there = at;
            }
        }
    }
    last
}
