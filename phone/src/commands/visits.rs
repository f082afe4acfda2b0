//! Visits without a dose, as the clinic planned, moved and called them off.

use companion_core::domain::{Moment, Visit};

use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

/// All visits, by time; how many there are.
pub(super) fn list(phone: &mut Phone<'_, '_>) -> Result<usize, PhoneError> {
    let visits = phone.patient.visits()?;
    for view in &visits {
        phone.say(&line(&view.content, phone.now))?;
        for more in more(&view.content) {
            phone.say(&format!("   {more}"))?;
        }
    }
    Ok(visits.len())
}

/// What a glance shows: the next visit, and whatever was called off since it should have been it.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    let now = phone.now;
    let visits = phone.patient.visits()?.into_iter().map(|view| view.content);
    let ahead: Vec<Visit> = visits
        .filter(|visit| visit.at.unix_ms >= now.unix_ms)
        .collect();
    if let Some(next) = ahead.iter().find(|visit| visit.takes_place()) {
        phone.say(&format!("Next visit: {}.", told(next, now)))?;
    }
    for off in ahead.iter().filter(|visit| !visit.takes_place()) {
        let at = format::time(off.at, now);
        phone.say(&format!("The clinic called off the visit of {at}."))?;
    }
    Ok(())
}

/// One visit in a line.
pub(super) fn line(visit: &Visit, now: Moment) -> String {
    format!("Visit: {}", told(visit, now))
}

/// What it is for, when, how it is held and with whom.
fn told(visit: &Visit, now: Moment) -> String {
    let mut told = format!(
        "{}, {}",
        visit.purpose.label().to_lowercase(),
        format::time(visit.at, now)
    );
    if let Some(off) = visit.called_off_at {
        return format!("{told}; called off {}", format::time(off, now));
    }
    let moved = visit
        .moved_from
        .map(|from| format!("moved from {}", format::time(from, now)));
    let with = Some(&visit.with).filter(|with| !with.is_empty());
    let place = Some(visit.place_in_words()).filter(|place| !place.is_empty());
    let parts = [moved, with.map(|with| format!("with {with}")), place];
    for part in parts.into_iter().flatten() {
        told.push_str("; ");
        told.push_str(&part);
    }
    told
}

/// What else there is to know.
fn more(visit: &Visit) -> impl Iterator<Item = &str> {
    let more = [&visit.address, &visit.contact, &visit.note];
    more.into_iter()
        .map(|text| &**text)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use companion_core::domain::visit::{VisitPurpose, VisitWay};

    use super::*;

    const AT: Moment = Moment {
        unix_ms: 1_795_465_113_123,
        offset_minutes: -300,
    };

    #[test]
    fn a_visit_says_when_how_with_whom_and_what_became_of_it() {
        let mut visit = Visit {
            with: "Maya".to_owned(),
            way: VisitWay::Video,
            ..Visit::new(VisitPurpose::CheckUp, AT)
        };
        assert_eq!(
            line(&visit, AT),
            "Visit: check-up, 23 Nov 2026, 15:18; with Maya; by video"
        );
        let mut before = AT;
        before.unix_ms -= 24 * 60 * 60 * 1000;
        visit.moved_from = Some(before);
        assert_eq!(
            line(&visit, AT),
            "Visit: check-up, 23 Nov 2026, 15:18; moved from 22 Nov 2026, 15:18; with Maya; by video"
        );
        visit.called_off_at = Some(before);
        assert_eq!(
            line(&visit, AT),
            "Visit: check-up, 23 Nov 2026, 15:18; called off 22 Nov 2026, 15:18"
        );
    }
}
