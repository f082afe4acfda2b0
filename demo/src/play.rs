//! Tells the story: every row is done through the real core, on the day it belongs to, and travels
//! through the real server.

use std::collections::BTreeMap;

use companion_core::clinic::Shared;
use companion_core::domain::{
    CheckIn, CostAcknowledgement, CostSheet, DocumentId, DosingSession, Entry, Rating, Readiness,
};
use companion_core::patient::Patient;
use companion_core::records::{PageSize, Query};

use crate::error::DemoError;
use crate::script::{self, At, PEOPLE, Person, Row, THERAPIST, What};
use crate::stage::Stage;

/// A patient while the story is told.
struct Player {
    person: Person,
    phone: Patient,
    patient: DocumentId,
    entries: BTreeMap<&'static str, DocumentId>,
    /// Something was written on the phone that the clinic has not got.
    unsent: bool,
    /// Something was said by the clinic that the phone has not got.
    unheard: bool,
}

/// Tells everything, and ends in the present.
pub(crate) fn tell(stage: &Stage) -> Result<(), DemoError> {
    let mut players: Vec<Player> = Vec::new();
    let mut rest: Vec<Person> = PEOPLE.into();
    rest.sort_by_key(|person| std::cmp::Reverse(person.paired));
    let mut rows: Vec<(At, &'static str, &'static Row)> = PEOPLE
        .iter()
        .flat_map(|person| {
            person
                .rows
                .iter()
                .map(|row| (row.at, person.who.folder, row))
        })
        .collect();
    rows.sort_by_key(|(at, who, _)| (*at, *who));
    for (at, who, row) in rows {
        while let Some(person) = rest.pop_if(|person| person.paired <= at) {
            players.push(arrive(stage, person)?);
        }
        let Some(player) = players
            .iter_mut()
            .find(|player| player.person.who.folder == who)
        else {
            return Err(DemoError::Script(who.to_owned()));
        };
        stage.clock.move_to(stage.clock.moment(at));
        player.act(stage, row).map_err(|error| DemoError::Row {
            who: player.person.who.name,
            day: at.0,
            error: Box::new(error),
        })?;
    }
    for player in &mut players {
        player.exchange(stage)?;
        // Hears what the clinic received, so that each phone says truthfully how far things got.
        player.phone.sync()?;
    }
    stage.clock.come_back();
    Ok(())
}

fn arrive(stage: &Stage, person: Person) -> Result<Player, DemoError> {
    stage.clock.move_to(stage.clock.moment(person.paired));
    let invitation = stage.invite(&person.who)?;
    let phone = stage.phone(person.who.folder)?;
    stage.clock.pass_seconds(90);
    stage.pair(&phone, &invitation)?;
    let (patient, entries) = (invitation.patient, BTreeMap::new());
    Ok(Player {
        person,
        phone,
        patient,
        entries,
        unsent: false,
        unheard: false,
    })
}

impl Player {
    fn act(&mut self, stage: &Stage, row: &Row) -> Result<(), DemoError> {
        if row.what.is_patients() {
            if self.unheard {
                self.phone.sync()?;
                self.unheard = false;
            }
            self.write(&row.what)?;
            self.unsent = true;
            stage.clock.pass_seconds(20);
            // Entries are at the clinic within a minute, as on any day with a network, for a page
            // shows when they came. Check-ins travel with the next entry: ready sooner.
            if matches!(row.what, What::CheckIn(_)) {
                Ok(())
            } else {
                self.exchange(stage)
            }
        } else {
            self.answer(stage, &row.what)?;
            self.unheard = true;
            stage.clock.pass_seconds(20);
            stage.clinic.sync()?;
            Ok(())
        }
    }

    fn exchange(&mut self, stage: &Stage) -> Result<(), DemoError> {
        if self.unsent || self.unheard {
            self.phone.sync()?;
        }
        if self.unsent {
            stage.clinic.sync()?;
        }
        (self.unsent, self.unheard) = (false, false);
        Ok(())
    }

    fn write(&mut self, what: &What) -> Result<(), DemoError> {
        match what {
            What::Write(told) => {
                let view = self.phone.create(self.entry_of(told)?)?;
                self.entries.insert(told.key, view.id);
            }
            What::CheckIn(told) => {
                self.phone.create(self.check_in_of(told)?)?;
            }
            What::Share { key, how } => {
                let view = self.phone.share::<Entry>(self.entry(key)?, *how)?;
                self.entries.insert(key, view.id);
            }
            What::Withdraw { key } => {
                let view = self.phone.withdraw::<Entry>(self.entry(key)?)?;
                self.entries.insert(key, view.id);
            }
            What::Acknowledge => {
                let sheets = Query::<CostSheet>::all().size(PageSize::ONE);
                let sheet = self.phone.page(&sheets)?.items.into_iter().next();
                let sheet = sheet.ok_or_else(|| DemoError::Script("costs".to_owned()))?;
                self.phone.create(CostAcknowledgement {
                    about: sheet.id,
                    revision: sheet.revision,
                    by: self.person.who.name.to_owned(),
                    at: self.phone.now(),
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn answer(&self, stage: &Stage, what: &What) -> Result<(), DemoError> {
        let (clinic, patient) = (&stage.clinic, self.patient);
        match what {
            What::Open { key, by } => {
                self.open(stage, key, by)?;
            }
            What::Reply { key, by, body } => {
                let opened = self.open(stage, key, by)?.view;
                stage.clock.pass_seconds(240);
                clinic.reply(patient, opened.id, body, by)?;
                clinic.mark_reviewed(patient, opened.id, &opened.revision, by)?;
            }
            What::Review { key, by } => {
                let opened = self.open(stage, key, by)?.view;
                clinic.mark_reviewed(patient, opened.id, &opened.revision, by)?;
            }
            What::Plan { number, on, note } => {
                let session = DosingSession {
                    note: (*note).to_owned(),
                    ..DosingSession::new(*number, stage.clock.moment(*on))
                };
                clinic.plan_session(patient, session)?;
            }
            What::Ready { by } => {
                clinic.create(patient, Readiness::ready(*by, clinic.now()))?;
            }
            What::Costs { by } => {
                let sheet = clinic.create(patient, stage.costs())?;
                clinic.walk_through_costs(patient, &sheet, by)?;
            }
            What::Phase(phase) => clinic.set_phase(patient, *phase, THERAPIST)?,
            _ => {}
        }
        Ok(())
    }

    fn open(&self, stage: &Stage, key: &str, by: &str) -> Result<Shared<Entry>, DemoError> {
        let entry = self.entry(key)?;
        Ok(stage.clinic.open_shared(self.patient, entry, by)?)
    }

    fn entry(&self, key: &str) -> Result<DocumentId, DemoError> {
        self.entries
            .get(key)
            .copied()
            .ok_or_else(|| DemoError::Script(key.to_owned()))
    }

    fn entry_of(&self, told: &script::Entry) -> Result<Entry, DemoError> {
        let session = match told.session {
            0 => None,
            number => {
                let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
                let sessions = self.phone.page(&sessions)?.items;
                let found = sessions.iter().find(|view| view.content.number == number);
                let missing = || DemoError::Script(format!("session {number}"));
                Some(found.ok_or_else(missing)?.id)
            }
        };
        Ok(Entry {
            title: told.title.to_owned(),
            body: told.body.to_owned(),
            kind: told.kind.clone(),
            mood: rating(told.mood)?,
            session,
            tags: told.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            visibility: told.visibility,
            at: self.phone.now(),
        })
    }

    fn check_in_of(&self, told: &script::CheckIn) -> Result<CheckIn, DemoError> {
        let [valence, energy, anxiety, sleep] = told.ratings;
        let missing = || DemoError::Script("a mood of 0".to_owned());
        let valence = rating(valence)?.ok_or_else(missing)?;
        let feelings = told.feelings.iter().map(|word| (*word).to_owned());
        Ok(CheckIn {
            energy: rating(energy)?,
            anxiety: rating(anxiety)?,
            sleep: rating(sleep)?,
            feelings: feelings.collect(),
            note: told.note.to_owned(),
            visibility: told.visibility,
            ..CheckIn::new(valence, self.phone.now())
        })
    }
}

fn rating(number: u8) -> Result<Option<Rating>, DemoError> {
    if number == 0 {
        return Ok(None);
    }
    Rating::new(number)
        .map(Some)
        .map_err(|_| DemoError::Script(format!("a rating of {number}")))
}
