//! That each of the ten stands where the story says, as the clinic's record tells it.

use companion_core::clinic::{CaseRow, Clinic};
use companion_core::domain::readiness::Outcome;
use companion_core::domain::{Content, Entry, Phase, Response};
use companion_core::records::{PageSize, Query};

use crate::broken::Broken;
use crate::error::DemoError;
use crate::script::{PEOPLE, Person};
use crate::stage::Stage;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// What the clinic knows of somebody. Times are whole hours.
#[derive(Clone, Debug)]
struct Known {
    phase: Phase,
    outcome: Option<Outcome>,
    open_flags: usize,
    next_session_in: Option<i64>,
    last_session_ago: Option<i64>,
    silent_for: i64,
    /// The longest that an entry took from being written to being here.
    latest: i64,
    /// The totals of the measures that were answered, oldest first.
    totals: Vec<u16>,
    has_summary: bool,
}

/// Each of the ten is what the story says.
pub(super) fn stand(stage: &Stage) -> Result<(), DemoError> {
    let rows = stage.clinic.caseload()?;
    for person in &PEOPLE {
        let row = rows.iter().find(|row| row.record.name == person.who.name);
        let known = row.map(|row| known(&stage.clinic, row)).transpose()?;
        if !known.is_some_and(|known| is_told(person, &known)) {
            let (name, is) = (person.who.name, person.is);
            return Err(Broken::NotAsTold { name, is }.into());
        }
    }
    Ok(())
}

fn known(clinic: &Clinic, row: &CaseRow) -> Result<Known, DemoError> {
    let now = clinic.now().unix_ms;
    let hours = |ms: i64| ms.div_euclid(HOUR_MS);
    let patient = row.patient;
    let entries = all::<Entry>();
    let entries = clinic.page(patient, &entries)?.items;
    let took = entries
        .iter()
        .map(|view| hours(view.received_ms - view.content.at.unix_ms));
    let answers = clinic.page(patient, &all::<Response>())?.items;
    let totals = answers
        .iter()
        .rev()
        .filter_map(|view| view.content.score().ok());
    let next = row.next_session.as_ref().map(|next| next.at.unix_ms);
    let last = row.last_session.as_ref().map(|last| last.at.unix_ms);
    let programme = clinic.programme(patient)?;
    Ok(Known {
        phase: row.phase,
        outcome: clinic
            .readiness(patient)?
            .map(|view| view.content.outcome()),
        open_flags: clinic.open_flags(patient)?.len(),
        next_session_in: next.map(|at| hours(at - now)),
        last_session_ago: last.map(|at| hours(now - at)),
        silent_for: row.last_received_ms.map_or(0, |ms| hours(now - ms)),
        latest: took.max().unwrap_or_default(),
        totals: totals.map(|score| score.total()).collect(),
        has_summary: programme.is_some_and(|view| !view.content.closing_summary.is_empty()),
    })
}

fn all<T: Content>() -> Query<T> {
    Query::all().size(PageSize::LARGEST)
}

/// The story is of whole days, so that the hour of the day at which it is told plays no part.
fn is_told(person: &Person, known: &Known) -> bool {
    let ready = known.outcome == Some(Outcome::Ready);
    match person.who.folder {
        "ines" => {
            let is_late = (24..72).contains(&known.latest);
            known.phase == Phase::Assessment && known.outcome.is_none() && is_late
        }
        "june" => known.phase == Phase::Preparation && ready,
        "tomas" => {
            let days = 24..72;
            known.phase == Phase::Session
                && known
                    .last_session_ago
                    .is_some_and(|ago| days.contains(&ago))
        }
        "wren" => known.phase == Phase::Integration && known.open_flags == 0,
        "gideon" => known.outcome == Some(Outcome::NotYet) && known.phase == Phase::Assessment,
        "salome" => known.open_flags == 2,
        "petra" => match &*known.totals {
            [before, best, then, now] => best < then && then < now && now < before,
            _ => false,
        },
        "arlo" => known.silent_for / 24 >= 8 && known.silent_for / 24 <= 9,
        "noor" => {
            let to_come = known.next_session_in;
            ready && to_come.is_some_and(|hours| (24..60).contains(&hours))
        }
        "bea" => known.phase == Phase::Closed && known.has_summary,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_taken_for_what_they_are_not() {
        let nobody = Known {
            phase: Phase::Closed,
            outcome: None,
            open_flags: 1,
            next_session_in: Some(200),
            last_session_ago: None,
            silent_for: 0,
            latest: 0,
            totals: vec![9, 9, 9, 9],
            has_summary: false,
        };
        for person in &PEOPLE {
            assert!(!is_told(person, &nobody), "{}", person.who.name);
        }
        let fading = |totals: [u16; 4]| Known {
            totals: totals.to_vec(),
            ..nobody.clone()
        };
        let petra = &crate::script::PETRA;
        assert!(is_told(petra, &fading([16, 5, 10, 13])));
        assert!(!is_told(petra, &fading([16, 5, 4, 3])), "better and better");
        let ines = &crate::script::INES;
        let late = |latest| Known {
            phase: Phase::Assessment,
            latest,
            ..nobody.clone()
        };
        assert!(is_told(ines, &late(36)) && !is_told(ines, &late(1)));
    }
}
