//! Where in a person's days a reminder may stand: never in quiet hours, and not around a session unless
//! it belongs to it. One that may not stand where it was wanted is moved, in one direction, or left out.

use chrono::{Days, NaiveDateTime};

use super::{QuietHours, TimeOfDay, Topic};
use crate::domain::{DocumentId, Moment, Zone};

const MINUTE_MS: i64 = 60_000;
/// How long before quiet hours, or before the day of a session, something is shown that may not wait.
const AHEAD_MS: i64 = 30 * MINUTE_MS;
/// More moves than any real calendar needs; beyond it something is left out.
const MOST_MOVES: usize = 16;

/// The quiet around one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Around {
    pub(super) session: DocumentId,
    /// The beginning of its local day.
    pub(super) from_ms: i64,
    pub(super) starts_ms: i64,
    pub(super) ends_ms: i64,
    /// The end of its local day, or of the quiet after it, whichever is later.
    pub(super) until_ms: i64,
    /// The same two by the clock on the wall.
    pub(super) local: (NaiveDateTime, NaiveDateTime),
}

impl Around {
    pub(super) fn of(
        session: DocumentId,
        starts_ms: i64,
        ends_ms: i64,
        quiet_hours: u16,
        zone: &Zone,
    ) -> Option<Around> {
        let day = zone.local(starts_ms)?.date();
        let midnight = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN);
        let (from, _) = zone.place(midnight(day))?;
        let (next, _) = zone.place(midnight(day.checked_add_days(Days::new(1))?))?;
        let ends_ms = ends_ms.max(starts_ms);
        let quiet_until = ends_ms.checked_add(i64::from(quiet_hours) * 60 * MINUTE_MS)?;
        let until_ms = next.unix_ms.max(quiet_until);
        Some(Around {
            session,
            from_ms: from.unix_ms,
            starts_ms,
            ends_ms,
            until_ms,
            local: (zone.local(from.unix_ms)?, zone.local(until_ms)?),
        })
    }

    fn includes(&self, unix_ms: i64) -> bool {
        (self.from_ms..self.until_ms).contains(&unix_ms)
    }
}

/// Which way something is moved that may not stand around a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It must come before something.
    Earlier,
    /// It can wait.
    Later,
    /// It is of its day and no other, and is left out.
    Nowhere,
}

pub(super) struct FreeTime<'a> {
    pub(super) zone: &'a Zone,
    pub(super) quiet: QuietHours,
    pub(super) around: Vec<Around>,
}

impl FreeTime<'_> {
    /// The time at which something of that topic may be shown, nearest to the wanted one in that
    /// direction; `None` where there is none. `own`: the session that it is about.
    pub(super) fn nearest(
        &self,
        wanted: Moment,
        topic: Topic,
        own: Option<DocumentId>,
        way: Way,
    ) -> Option<Moment> {
        if topic == Topic::Fasting {
            return Some(wanted);
        }
        let mut moment = wanted;
        // Out of quiet hours it goes to the edge on its own day, and from there only on. What is told by
        // the minute before a session can't wait until the quiet is over.
        let mut out_of_quiet = (topic == Topic::Leaving).then_some(Way::Earlier);
        for _ in 0..MOST_MOVES {
            if let Some(around) = self.in_the_way(moment, topic, own) {
                moment = match way {
                    Way::Earlier => self.zone.moment(around.from_ms.checked_sub(AHEAD_MS)?)?,
                    Way::Later => self.zone.moment(around.until_ms)?,
                    Way::Nowhere => return None,
                };
                out_of_quiet = Some(way);
                continue;
            }
            let local = self.zone.local(moment.unix_ms)?;
            if !self.quiet.include(TimeOfDay::of(local)) {
                return Some(moment);
            }
            let earlier = match out_of_quiet {
                Some(way) => way == Way::Earlier,
                None => self.begins_on_the_day(local),
            };
            moment = if earlier {
                // Where the clock skips their beginning, it is open until the clock skips.
                let begins = self.zone.place_before(self.quiet_begins(local)?)?.0;
                self.zone.moment(begins.unix_ms.checked_sub(AHEAD_MS)?)?
            } else {
                self.zone.place(self.quiet_ends(local)?)?.0
            };
            out_of_quiet = Some(if earlier { Way::Earlier } else { Way::Later });
        }
        None
    }

    fn in_the_way(&self, moment: Moment, topic: Topic, own: Option<DocumentId>) -> Option<&Around> {
        let at = moment.unix_ms;
        self.around
            .iter()
            .filter(|around| around.includes(at))
            .find(|around| {
                let of_its_own = own == Some(around.session);
                match topic {
                    Topic::Leaving => false,
                    Topic::Evening => !(of_its_own && at >= around.ends_ms),
                    _ => true,
                }
            })
    }

    /// Whether the quiet hours that include this time began on the same day, after open hours.
    fn begins_on_the_day(&self, local: NaiveDateTime) -> bool {
        self.quiet.over_midnight() && TimeOfDay::of(local) >= self.quiet.from()
    }

    fn quiet_begins(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let began_before = self.quiet.over_midnight() && !self.begins_on_the_day(local);
        let day = local
            .date()
            .checked_sub_days(Days::new(began_before.into()))?;
        Some(day.and_time(self.quiet.from().to_chrono()))
    }

    fn quiet_ends(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let ends_next = self.begins_on_the_day(local);
        let day = local.date().checked_add_days(Days::new(ends_next.into()))?;
        Some(day.and_time(self.quiet.until().to_chrono()))
    }
}
