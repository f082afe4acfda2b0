//! Who works with a patient: people join the care team of a programme and leave it.

use super::Clinic;
use crate::domain::programme::{TeamMember, TeamRole};
use crate::domain::{DocumentId, ItemId};
use crate::error::Result;
use crate::records::Seen;

impl Clinic {
    /// Adds somebody to the care team of a patient's programme. The patient reads the name and the part.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or a part that can't be saved, or a team
    /// that is full; [`NotNow::NoProgramme`](crate::NotNow::NoProgramme); [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::programme::TeamRole;
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.add_to_team(ada, "Dr. Vega", TeamRole::medical_provider())?;
    /// let team = |ada| Ok::<_, companion_core::CoreError>(clinic.programme(ada)?.unwrap().content.team);
    /// let (maya, seen) = team(ada)?.iter().next().map(|(id, one)| (id, Seen::of(one))).unwrap();
    /// // Somebody leads a programme.
    /// assert!(clinic.remove_from_team(ada, maya, seen).is_err());
    /// clinic.add_to_team(ada, "Sam", TeamRole::therapist())?;
    /// clinic.remove_from_team(ada, maya, seen)?;
    /// assert_eq!(team(ada)?.len(), 2);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn add_to_team(&self, patient: DocumentId, name: &str, role: TeamRole) -> Result<()> {
        let name = name.to_owned();
        let _turn = self.take_register_turn();
        self.programme_must_not_have_ended(patient)?;
        let member = TeamMember { name, role };
        self.change_programme(patient, |programme, id| {
            let is_there = |there: &TeamMember| {
                there.role == member.role && there.name.trim() == member.name.trim()
            };
            if !programme.team.iter().any(|(_, there)| is_there(there)) {
                programme.team.push(id, member);
            }
        })
    }

    /// Takes somebody off the care team. `seen` is the member that the person had before them; who is not on it any
    /// more stays so.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`](crate::CoreError::ChangedMeanwhile) for one who has another part by now;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) where no therapist would be left;
    /// [`NotNow::NoProgramme`](crate::NotNow::NoProgramme); [`Missing::Patient`](crate::Missing::Patient).
    pub fn remove_from_team(&self, patient: DocumentId, member: ItemId, seen: Seen) -> Result<()> {
        let _turn = self.take_register_turn();
        if let Some(member) = self.their_programme(patient)?.content.team.get(member) {
            seen.must_be(member)?;
        }
        self.change_programme(patient, |programme, _| {
            programme.team.remove(member);
        })
    }
}
