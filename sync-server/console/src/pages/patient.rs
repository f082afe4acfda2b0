//! A patient's page.

use companion_core::clinic::{Clinic, PatientView, how_it_stands};
use companion_core::domain::flag::FlagState;
use companion_core::domain::{CheckIn, DocumentId, DosingSession, RecordSection};
use companion_core::ports::Moment;
use companion_core::records::{PageSize, Query};
use companion_core::{Result, StandingWarning};

use super::documents::documents;
use super::glance::glance;
use super::timeline::{self, Position};
use crate::accounts::Rights;
use crate::view::chart::OverTime;
use crate::view::flags::ShownFlag;
use crate::view::glance::Since;
use crate::view::patient::{Other, PatientPage};
use crate::view::shelf::Shelf;
use crate::view::timeline::Filter;

/// How far back the charts reach, in milliseconds: 90 days.
const REACH_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Most check-ins that the charts show.
const CHARTED: i64 = 200;

/// The page of a patient, from a place of the timeline on. Nothing counts as opened by it.
pub(crate) fn page(
    clinic: &Clinic,
    patient: PatientView,
    filter: Filter,
    from: &Position,
    rights: &Rights,
    now: Moment,
) -> Result<PatientPage> {
    let mut over_time = over_time(clinic, patient.id, now)?;
    if !rights.shows(RecordSection::Programme) {
        over_time.sessions.clear();
    }
    let mut check = clinic.check_plan(patient.id)?;
    if !rights.shows(RecordSection::Journal) {
        // It is known of by what the patient wrote.
        check.before_integration.clear();
    }
    let timeline = timeline::page(clinic, patient.id, filter, from, rights)?;
    let sessions = clinic.sessions(patient.id)?;
    let others = others(clinic, patient.id)?;
    let warnings = warnings(clinic, &patient)?;
    let flags = if rights.shows(RecordSection::Safety) {
        flags(clinic, patient.id)?
    } else {
        Vec::new()
    };
    let glance = glance(clinic, patient.id, &sessions, Since::Session, rights, now)?;
    let mut in_two_wordings = clinic.in_two_wordings(patient.id)?;
    in_two_wordings.retain(|one| rights.shows_kind(&one.kind));
    Ok(PatientPage {
        flags,
        glance,
        documents: documents(clinic, patient.id, rights)?,
        stands: clinic.programme(patient.id)?.as_ref().map(how_it_stands),
        count: clinic.session_count(patient.id)?,
        check,
        closed: clinic.before_sessions(patient.id)?,
        screening: clinic.screening(patient.id)?.map(|list| list.content),
        costs: clinic.costs(patient.id)?,
        visits: clinic.visits(patient.id)?,
        in_two_wordings: in_two_wordings.len(),
        patient,
        timeline,
        over_time,
        others,
        sessions,
        warnings,
    })
}

/// What the record noticed about a patient's space, and nobody dismissed.
pub(crate) fn warnings(clinic: &Clinic, patient: &PatientView) -> Result<Vec<StandingWarning>> {
    let mut warnings = clinic.warnings()?;
    warnings.retain(|warning| warning.space == Some(patient.record.care_space));
    Ok(warnings)
}

/// All flags: first what nobody has acknowledged, then what somebody takes care of, each with what has waited
/// longest first; then the closed ones, newest first.
fn flags(clinic: &Clinic, patient: DocumentId) -> Result<Vec<ShownFlag>> {
    let mut flags = Vec::new();
    for view in clinic.flags(patient)? {
        let kind = match view.content.about {
            Some(about) => clinic.kind_of(patient, about)?,
            None => None,
        };
        let shelf = kind.and_then(|kind| Shelf::of(&kind));
        let address = view
            .content
            .about
            .zip(shelf)
            .map(|(about, shelf)| shelf.address(patient, about));
        flags.push(ShownFlag {
            since_ms: clinic.flag_since_ms(&view)?,
            request: clinic.request_of(&view.content)?,
            answered: clinic.answered(&view.content)?,
            address,
            view,
        });
    }
    flags.sort_by_key(|flag| match flag.view.content.state() {
        FlagState::New | FlagState::Reopened(_) => (0, flag.since_ms),
        FlagState::Acknowledged(_) => (1, flag.since_ms),
        FlagState::Closed(step) => (2, step.at.unix_ms.saturating_neg()),
    });
    Ok(flags)
}

/// Whom this entry was merged with, and whom it could be.
fn others(clinic: &Clinic, patient: DocumentId) -> Result<Vec<Other>> {
    let rows = clinic.caseload()?.into_iter();
    let others = rows
        .filter(|row| row.patient != patient)
        .filter(|row| row.record.merged_into.is_none_or(|kept| kept == patient));
    let others = others.map(|row| Other {
        is_merged_here: row.record.merged_into == Some(patient),
        patient: row.patient,
        name: row.record.name,
    });
    Ok(others.collect())
}

fn over_time(clinic: &Clinic, patient: DocumentId, now: Moment) -> Result<OverTime> {
    let query = Query::<CheckIn>::all().size(PageSize::new(CHARTED)?);
    let newest = clinic.page(patient, &query)?.items;
    let since = now.unix_ms.saturating_sub(REACH_MS);
    // Where the phone's clock was ahead, an answer stands at the time when it was received.
    let judged = newest.into_iter().map(|view| {
        let at = view.when.unwrap_or(view.content.at);
        let check_in = CheckIn { at, ..view.content };
        (check_in, view.clock_ahead)
    });
    let mut judged: Vec<(CheckIn, bool)> = judged
        .filter(|(check_in, _)| check_in.at.unix_ms >= since)
        .collect();
    judged.reverse();
    let clock_ahead = judged.iter().filter(|(_, ahead)| *ahead).count() as u64;
    let check_ins: Vec<CheckIn> = judged.into_iter().map(|(check_in, _)| check_in).collect();
    let all = clinic.count(patient, &Query::<CheckIn>::all())?;
    Ok(OverTime {
        older: all.saturating_sub(check_ins.len() as u64),
        check_ins,
        clock_ahead,
        sessions: sessions(clinic, patient)?,
    })
}

/// The dosing sessions of a patient that take place, by number.
pub(crate) fn sessions(clinic: &Clinic, patient: DocumentId) -> Result<Vec<DosingSession>> {
    let sessions = clinic.sessions(patient)?.into_iter();
    let sessions = sessions.map(|session| session.view.content);
    Ok(sessions.filter(DosingSession::takes_place).collect())
}
