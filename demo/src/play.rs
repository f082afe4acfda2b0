//! Tells the story: every row is done through the real core, on the day it belongs to, and travels
//! through the real server.

mod at_the_clinic;
mod humming;
mod on_the_phone;

use std::collections::BTreeMap;

use companion_core::domain::{DocumentId, Moment};
use companion_core::patient::Patient;

use crate::error::DemoError;
use crate::script::{At, PEOPLE, Person, Row};
use crate::stage::Stage;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

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
    /// The phone has no network.
    is_away: bool,
}

/// Tells everything, and ends in the present.
pub(crate) fn tell(stage: &Stage) -> Result<(), DemoError> {
    let mut players: Vec<Player> = Vec::new();
    let mut rest: Vec<Person> = PEOPLE.into();
    let days = |person: &Person| stage.clock.days_to(person.zero);
    let paired = |person: &Person| person.paired.after(days(person));
    rest.sort_by_key(|person| std::cmp::Reverse(paired(person)));
    let mut rows: Vec<(At, &'static str, &'static Row)> = Vec::new();
    for person in &PEOPLE {
        let days = days(person);
        let its = person.rows.iter();
        rows.extend(its.map(|row| (row.at.after(days), person.who.folder, row)));
    }
    rows.sort_by_key(|(at, who, _)| (*at, *who));
    for (at, who, row) in rows {
        while let Some(person) = rest.pop_if(|person| paired(person) <= at) {
            let at = paired(&person);
            players.push(arrive(stage, person, at)?);
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
    // Whatever waited: the phones' words to the clinic, the clinic's to them, and how far things got, so that
    // each phone says it truthfully.
    let there = || players.iter().filter(|player| !player.is_away);
    for player in there() {
        player.phone.sync()?;
    }
    stage.clinic.sync()?;
    for player in there() {
        player.phone.sync()?;
    }
    stage.clock.come_back();
    Ok(())
}

fn arrive(stage: &Stage, person: Person, at: At) -> Result<Player, DemoError> {
    stage.clock.move_to(stage.clock.moment(at));
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
        // What is left of the pairing travels with what is said first.
        unsent: true,
        unheard: false,
        is_away: false,
    })
}

impl Player {
    fn act(&mut self, stage: &Stage, row: &Row) -> Result<(), DemoError> {
        let builds_on_other = row.what.builds_on_other() && !self.is_away;
        if row.what.is_patients() {
            if builds_on_other && self.unheard {
                stage.clinic.sync()?;
                self.phone.sync()?;
                self.unheard = false;
            }
            self.write(stage, &row.what)?;
            self.unsent = true;
            stage.clock.pass_seconds(20);
            // What is said is at the clinic within a minute, as on any day with a network, for a page shows
            // when it came. The rest travels with it: ready sooner.
            match self.is_away || row.what.can_wait() {
                true => Ok(()),
                false => self.deliver(stage),
            }
        } else {
            if builds_on_other {
                self.deliver(stage)?;
            }
            self.answer(stage, &row.what)?;
            // It is heard when the phone needs it, and at the end: no page shows when that was.
            self.unheard = true;
            stage.clock.pass_seconds(20);
            Ok(())
        }
    }

    /// Brings the clinic what the phone has for it.
    fn deliver(&mut self, stage: &Stage) -> Result<(), DemoError> {
        if self.unsent {
            self.phone.sync()?;
            stage.clinic.sync()?;
            self.unsent = false;
        }
        Ok(())
    }

    fn entry(&self, key: &str) -> Result<DocumentId, DemoError> {
        self.entries
            .get(key)
            .copied()
            .ok_or_else(|| DemoError::Script(key.to_owned()))
    }
}

fn missing(what: &str) -> DemoError {
    DemoError::Script(what.to_owned())
}

/// That time so many days later.
fn date_in(moment: Moment, days: i32) -> Moment {
    Moment {
        unix_ms: moment.unix_ms + i64::from(days) * DAY_MS,
        ..moment
    }
}
