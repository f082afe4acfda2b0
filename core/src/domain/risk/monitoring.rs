//! Who reads signals, and when: until a clinic has said so, no measure that asks about thoughts of death
//! is offered there.

use chrono::Weekday;

use super::super::measure::Instrument;
use super::super::text::{Invalid, Named, named};
use super::super::{limits, nickname};

const RESPONSIBLE: Named = named("responsible", "the name of the person responsible");
const MINUTES_OF_A_DAY: u16 = 1440;

/// A time of day in minutes after midnight, 0 to 1440; 1440 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MinuteOfDay(u16);

/// When somebody at the clinic reads what arrives, on one day of the week, by the clinic's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    day: Weekday,
    from: MinuteOfDay,
    to: MinuteOfDay,
}

/// Hours that no clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not a minute of a day.
    #[error("not a minute between 0 and 1440")]
    Minute,
    /// They end before they begin, or as they begin.
    #[error("the hours end before they begin")]
    Empty,
}

/// What a clinic has said about who reads signals. Made empty; each part is set when the clinic says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Monitoring {
    hours: Vec<Hours>,
    responsible: Option<String>,
}

/// What a clinic has not said yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// When somebody reads.
    Hours,
    /// Who is responsible.
    Responsible,
}

/// A measure that asks about thoughts of death, at a clinic that has not said who reads the answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this measure asks about thoughts of death, and the clinic has not set who reads the answers and when"
)]
pub struct NeedsMonitoring {
    /// What is missing; never empty.
    pub missing: Vec<Missing>,
}

impl MinuteOfDay {
    /// That many minutes after midnight.
    ///
    /// # Errors
    ///
    /// More than 1440.
    pub const fn new(minutes: u16) -> Result<MinuteOfDay, HoursError> {
        if minutes > MINUTES_OF_A_DAY {
            return Err(HoursError::Minute);
        }
        Ok(MinuteOfDay(minutes))
    }

    /// Minutes after midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl Hours {
    /// From one minute of that day to another one of it; hours over midnight are two.
    ///
    /// # Errors
    ///
    /// They end before they begin.
    pub fn new(day: Weekday, from: MinuteOfDay, to: MinuteOfDay) -> Result<Hours, HoursError> {
        (from < to)
            .then_some(Hours { day, from, to })
            .ok_or(HoursError::Empty)
    }

    /// The day of the week.
    pub const fn day(&self) -> Weekday {
        self.day
    }

    /// When they begin.
    pub const fn from(&self) -> MinuteOfDay {
        self.from
    }

    /// When they end.
    pub const fn to(&self) -> MinuteOfDay {
        self.to
    }
}

impl Monitoring {
    /// The same with these hours.
    #[must_use]
    pub fn with_hours(self, hours: impl IntoIterator<Item = Hours>) -> Self {
        Self {
            hours: hours.into_iter().collect(),
            ..self
        }
    }

    /// The same with that person responsible.
    ///
    /// # Errors
    ///
    /// The name is empty or longer than a name may be.
    pub fn with_responsible(self, name: &str) -> Result<Self, Invalid> {
        let name = nickname::needed_tidied(name, RESPONSIBLE, limits::NAME)?;
        Ok(Self {
            responsible: Some(name),
            ..self
        })
    }

    /// When somebody reads.
    pub fn hours(&self) -> &[Hours] {
        &self.hours
    }

    /// Who is responsible.
    pub fn responsible(&self) -> Option<&str> {
        self.responsible.as_deref()
    }
}

/// Whether a clinic that has said so much may offer that measure.
///
/// # Errors
///
/// It asks about thoughts of death, and this is missing.
pub fn may_offer(instrument: &Instrument, monitoring: &Monitoring) -> Result<(), NeedsMonitoring> {
    if instrument.harm_item.is_none() {
        return Ok(());
    }
    let mut missing = Vec::new();
    if monitoring.hours.is_empty() {
        missing.push(Missing::Hours);
    }
    if monitoring.responsible.is_none() {
        missing.push(Missing::Responsible);
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(NeedsMonitoring { missing })
    }
}
