//! A patient's digest, and since when it tells.

use companion_core::Result;
use companion_core::clinic::{Clinic, PlannedSession};
use companion_core::domain::digest::{Digest, Section};
use companion_core::domain::{DocumentId, ReadReceipt, RecordSection};
use companion_core::ports::Moment;
use companion_core::records::Query;

use crate::accounts::Rights;
use crate::view::glance::{Glance, Since, hidden};

/// The digest since what was asked for. Where there was no such moment, since the beginning.
pub(crate) fn glance(
    clinic: &Clinic,
    patient: DocumentId,
    sessions: &[PlannedSession],
    since: Since,
    rights: &Rights,
    now: Moment,
) -> Result<Glance> {
    let last_session = match rights.shows(RecordSection::Programme) {
        true => last_session(sessions, now),
        false => None,
    };
    let last_look = last_look(clinic, patient, now)?;
    let asked = match since {
        Since::Session => last_session,
        Since::Look => last_look,
        Since::Beginning => None,
    };
    let from = asked.unwrap_or(Moment::utc(0));
    Ok(Glance {
        since: asked.map_or(Since::Beginning, |_| since),
        last_session,
        last_look,
        digest: shown(clinic.digest(patient, from)?, rights),
    })
}

/// What of a digest somebody is shown.
fn shown(mut digest: Digest, rights: &Rights) -> Digest {
    let is_hidden = |section| hidden(section, rights).is_some();
    if is_hidden(Section::Safety) {
        digest.safety.clear();
    }
    if is_hidden(Section::NextSession) {
        digest.next_session = None;
    }
    if is_hidden(Section::Moods) {
        digest.moods.clear();
    }
    if is_hidden(Section::Totals) {
        digest.totals.clear();
    }
    if !rights.shows_all_sections() {
        digest.silence = None;
    }
    for lines in [
        &mut digest.to_talk_about,
        &mut digest.changed,
        &mut digest.left_undone,
    ] {
        lines.retain(|line| rights.shows_kind(&line.kind));
    }
    digest
}

/// When the last session began that was held.
fn last_session(sessions: &[PlannedSession], now: Moment) -> Option<Moment> {
    let sessions = sessions.iter().map(|session| &session.view.content);
    let held = sessions.filter(|session| session.takes_place() && session.at <= now);
    held.map(|session| session.at).max()
}

/// When somebody of the clinic last opened something of the patient's before today: what was opened today
/// is still to be told.
fn last_look(clinic: &Clinic, patient: DocumentId, now: Moment) -> Result<Option<Moment>> {
    let today = now.local_date();
    let mut query = Query::<ReadReceipt>::all();
    loop {
        let page = clinic.page(patient, &query)?;
        let mut looks = page.items.iter().map(|view| view.content.at);
        let is_before_today = |at: &Moment| {
            let here = Moment {
                unix_ms: at.unix_ms,
                offset_minutes: now.offset_minutes,
            };
            here.local_date() < today
        };
        if let Some(at) = looks.find(is_before_today) {
            return Ok(Some(at));
        }
        match page.next {
            Some(next) => query = query.after(next),
            None => return Ok(None),
        }
    }
}
