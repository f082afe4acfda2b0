//! Who of the clinic is who, and who looked at what: told to patients, each in their own record.

use super::Clinic;
use crate::domain::day::Day;
use crate::domain::{
    Access, ClinicPeople, ClinicWide as _, DocumentId, EmergencyAccess, People, Person,
    RecordSection, nickname,
};
use crate::error::Result;
use crate::records::{PageSize, Query};
use crate::releases;

impl Clinic {
    /// Says who signs in at this clinic, with what each may open. What is said already changes nothing; else patients'
    /// phones are told with the next exchange. Returns whether something changed.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or a role that can't be saved, or too many people;
    /// [`NotNow::Newer`](crate::NotNow::Newer).
    ///
    /// ```
    /// use companion_core::domain::{Person, RecordSections};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let maya = Person {
    ///     name: "Maya".into(),
    ///     role: "therapist".into(),
    ///     sections: RecordSections::all(),
    /// };
    /// assert!(clinic.set_people([maya.clone()])?);
    /// assert!(!clinic.set_people([maya])?);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_people(&self, people: impl IntoIterator<Item = Person>) -> Result<bool> {
        let people = People::of(people, self.now());
        let turn = self.take_register_turn();
        match self.own.newest::<ClinicPeople>()?.or_refuse()? {
            Some(present) if present.content.copy().are_the_same(&people) => return Ok(false),
            Some(present) => {
                let set = ClinicPeople::of(people);
                let edit = |it: &mut ClinicPeople| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(ClinicPeople::of(people))?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(true)
    }

    /// Notes that somebody looked at sections of a patient's record, for the patient to read. The first look of a person
    /// at a section on a day is written down at once, later ones at most every half hour. Returns whether something was
    /// written.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or a role that can't be saved;
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn note_look(
        &self,
        patient: DocumentId,
        by: &str,
        role: &str,
        sections: &[RecordSection],
    ) -> Result<bool> {
        if sections.is_empty() {
            return Ok(false);
        }
        let now = self.now();
        self.note_in_day(patient, by, role, |access| access.note(sections, now))
    }

    /// Notes an emergency in which somebody has a patient's record open, for the patient to read: by whom, and from
    /// when until when. `name` is the same for all looks in it, and another for each emergency. `sections` are those that
    /// were looked at in it and that it alone opened; the first look at each is written down. Returns whether something
    /// was written.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or a role that can't be saved;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{EmergencyAccess, Moment, RecordSection};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let begun = clinic.now();
    /// let until = Moment { unix_ms: begun.unix_ms + 3_600_000, ..begun };
    /// let opened = EmergencyAccess::opened(begun, until);
    /// clinic.note_emergency(ada, "Noor", "coordinator", ("1", &opened), &[])?;
    /// let journal = [RecordSection::Journal];
    /// clinic.note_emergency(ada, "Noor", "coordinator", ("1", &opened), &journal)?;
    /// assert!(clinic.note_emergency_ended(ada, "Noor")?);
    /// let told = &clinic.access_log(ada)?[0].emergencies["1"];
    /// assert!(told.ended.is_some() && told.looks.contains_key(&RecordSection::Journal));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn note_emergency(
        &self,
        patient: DocumentId,
        by: &str,
        role: &str,
        (name, emergency): (&str, &EmergencyAccess),
        sections: &[RecordSection],
    ) -> Result<bool> {
        let now = self.now();
        self.note_in_day(patient, by, role, |access| {
            access.note_emergency(name, emergency, sections, now)
        })
    }

    /// Notes something in somebody's present day, if there is something to write.
    fn note_in_day(
        &self,
        patient: DocumentId,
        by: &str,
        role: &str,
        note: impl FnOnce(&mut Access) -> bool,
    ) -> Result<bool> {
        let Some(day) = Day::of_moment(self.now()) else {
            return Ok(false);
        };
        // Two looks at one instant are not to become two documents.
        let mut noting = self
            .noting
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let records = self.records_of(patient)?;
        if self.sharing_over(patient)?.is_some() {
            // No phone reads it any more.
            return Ok(false);
        }
        let key = (patient, nickname::key(by), day);
        let known = noting.get(&key).copied();
        let present = match known {
            Some(id) => Some(records.get::<Access>(id)?),
            None => {
                let newest = Query::<Access>::all().size(PageSize::LARGEST);
                let mut all = records.page(&newest)?.items.into_iter();
                all.find(|view| view.content.day == day && nickname::key(&view.content.by) == key.1)
            }
        };
        let Some(present) = present else {
            let mut access = Access::on(day, by, role);
            if !note(&mut access) {
                return Ok(false);
            }
            let made = records.create(access)?;
            noting.retain(|(_, _, of), _| *of == day);
            noting.insert(key, made.id);
            return Ok(true);
        };
        noting.insert(key, present.id);
        let mut noted = present.content;
        if !note(&mut noted) {
            return Ok(false);
        }
        records.edit::<Access>(present.id, &present.revision, |access| *access = noted)?;
        Ok(true)
    }

    /// Notes that the emergency was ended in which somebody has a patient's record open, for the patient to read. One
    /// whose time is up stays as it is. Returns whether something was written.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn note_emergency_ended(&self, patient: DocumentId, whose: &str) -> Result<bool> {
        let _noting = self
            .noting
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.sharing_over(patient)?.is_some() {
            // No phone reads it any more.
            return Ok(false);
        }
        let records = self.records_of(patient)?;
        let newest = Query::<Access>::all().size(PageSize::LARGEST);
        let (key, now) = (nickname::key(whose), self.now());
        let mut is_written = false;
        // One that goes on past midnight stands on two days.
        for view in records.page(&newest)?.items {
            let mut noted = view.content;
            if nickname::key(&noted.by) == key && noted.end_emergencies(now) {
                records.edit::<Access>(view.id, &view.revision, |access| *access = noted)?;
                is_written = true;
            }
        }
        Ok(is_written)
    }

    /// Who looked at what of a patient's record and when, the newest day first: what the patient reads.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn access_log(&self, patient: DocumentId) -> Result<Vec<Access>> {
        releases::looks(&self.records_of(patient)?)
    }
}
