//! When somebody at the clinic reads what arrives, and who is responsible. Until a clinic has said both,
//! no measure that asks about thoughts of death is offered there; never does it promise day and night.

use std::collections::BTreeMap;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::measure::Instrument;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const HOURS: Named = named("hours", "what is said of a day");
const DAYS: Named = named("hours", "the name of a day");
const ZONE: Named = named("zone", "the time zone");
const RESPONSIBLE: Named = named("responsible", "the name of the person responsible");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of setting the hours");

const A_DAY: Problem = Problem::NotOfForm {
    form: "one from mon to sun",
};
const SPANS: Problem = Problem::NotOfForm {
    form: "a list of times like 09:00-12:30, 14:00-17:00",
};
const A_ZONE: Problem = Problem::NotOfForm {
    form: "a name like America/Denver",
};
/// Most spans of one day.
const MOST_SPANS: usize = 8;
const MINUTES_OF_A_DAY: u16 = 1440;

const WEEK: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// Part of a day, by the clinic's own clock: minutes after midnight, the end not included and up to 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// From when.
    pub from: u16,
    /// Until when.
    pub until: u16,
}

/// What a clinic has not said yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonitoringGap {
    /// When somebody reads.
    Hours,
    /// Who is responsible.
    Responsible,
}

/// Who reads, and when. It lives in the care space, so that the phone can say it wherever somebody could
/// write something urgent; a clinic writes the same into the space of each patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Monitoring {
    /// For a day (`mon` to `sun`) the times of that day: `09:00-12:30, 14:00-17:00`. A day that is not
    /// named, or says nothing, is one on which nobody reads.
    #[serde(default)]
    pub hours: BTreeMap<String, String>,
    /// The clock that they are read by, as IANA calls it: `America/Denver`. Whether there is such a zone is
    /// for whoever plans by it to see.
    #[serde(default)]
    pub zone: String,
    /// Who is responsible, at most 120 characters; empty as long as nobody is.
    #[serde(default)]
    pub responsible: String,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Monitoring {
    /// The times of a day, in order. What this version can't read counts as nobody's reading.
    pub fn spans(&self, day: Weekday) -> Vec<Span> {
        let word = WEEK.iter().find(|(_, weekday)| *weekday == day);
        let text = word.and_then(|(word, _)| self.hours.get(*word));
        text.and_then(|text| spans(text)).unwrap_or_default()
    }

    /// Whether both say that the same person reads at the same times, whoever set it and when.
    pub fn says_the_same(&self, other: &Monitoring) -> bool {
        self.hours == other.hours
            && self.zone == other.zone
            && self.responsible == other.responsible
    }

    /// What is missing before a measure that asks about thoughts of death may be offered; empty when
    /// nothing is.
    pub fn gaps(&self) -> Vec<MonitoringGap> {
        let has_hours = WEEK.iter().any(|(_, day)| !self.spans(*day).is_empty());
        let hours = (!has_hours || self.zone.is_empty()).then_some(MonitoringGap::Hours);
        let responsible = self
            .responsible
            .is_empty()
            .then_some(MonitoringGap::Responsible);
        hours.into_iter().chain(responsible).collect()
    }
}

/// Why a measure is off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this measure asks about thoughts of death, and the clinic has not set who reads the answers and when"
)]
pub struct NeedsMonitoring {
    /// What it has not set.
    pub missing: Vec<MonitoringGap>,
}

/// Whether a measure may be offered: one that asks about thoughts of death is off until the clinic has set who
/// reads the answers, and when.
///
/// # Errors
///
/// What is missing.
pub fn may_offer(
    instrument: &Instrument,
    monitoring: Option<&Monitoring>,
) -> Result<(), NeedsMonitoring> {
    if instrument.harm_item.is_none() {
        return Ok(());
    }
    let all = || vec![MonitoringGap::Hours, MonitoringGap::Responsible];
    let missing = monitoring.map_or_else(all, Monitoring::gaps);
    match missing.is_empty() {
        true => Ok(()),
        false => Err(NeedsMonitoring { missing }),
    }
}

/// Reads the times of one day: in order, none over another, none over midnight.
fn spans(text: &str) -> Option<Vec<Span>> {
    let mut read: Vec<Span> = Vec::new();
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (from, until) = part.split_once('-')?;
        let span = Span {
            from: minutes(from.trim())?,
            until: minutes(until.trim())?,
        };
        let follows = read.last().is_none_or(|last| last.until <= span.from);
        if !follows || span.from >= span.until || read.len() == MOST_SPANS {
            return None;
        }
        read.push(span);
    }
    Some(read)
}

fn minutes(time: &str) -> Option<u16> {
    let (hours, minutes) = time.split_once(':')?;
    let number = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let of_the_day = hours * 60 + minutes;
    (minutes < 60 && of_the_day <= MINUTES_OF_A_DAY).then_some(of_the_day)
}

fn written(spans: &[Span]) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans = spans
        .iter()
        .map(|span| format!("{}-{}", time(span.from), time(span.until)));
    spans.collect::<Vec<_>>().join(", ")
}

fn zone(zone: &str) -> Result<String, Invalid> {
    let zone = text::line(zone, ZONE, limits::ZONE)?;
    let is_name = zone
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    is_name.then_some(zone).ok_or(ZONE.wrong(A_ZONE))
}

impl Content for Monitoring {
    const KIND: Kind = Kind::named("monitoring");
    const SHAPE: Shape = Shape::new(&[
        Field::map("hours"),
        Field::value("zone"),
        Field::value("responsible"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let mut hours = BTreeMap::new();
        for (day, text) in &self.hours {
            if !WEEK.iter().any(|(word, _)| word == day) {
                return Err(DAYS.wrong(A_DAY));
            }
            let spans = spans(text).ok_or(HOURS.wrong(SPANS))?;
            hours.insert(day.clone(), written(&spans));
        }
        let responsible = text::line(&self.responsible, RESPONSIBLE, limits::NAME)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            hours,
            zone: zone(&self.zone)?,
            responsible,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, day: &str, zone: &str| Monitoring {
            hours: [(day.to_owned(), format!("0{n}:00-12:30, 14:00-17:00"))].into(),
            zone: zone.to_owned(),
            responsible: format!("Maya Lindqvist {n}"),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(8, "mon", "America/Denver"),
            example(7, "tue", "Europe/Berlin"),
            example(9, "wed", "Etc/GMT+7"),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn with(hours: &str) -> Monitoring {
        Monitoring {
            hours: [("mon".to_owned(), hours.to_owned())].into(),
            ..Monitoring::examples().remove(0)
        }
    }

    #[test]
    fn hours_are_read_as_they_are_written() {
        let monitoring = with(" 09:00 - 12:30,14:00-24:00 ").checked().unwrap();
        assert_eq!(monitoring.hours["mon"], "09:00-12:30, 14:00-24:00");
        let spans = monitoring.spans(Weekday::Mon);
        assert_eq!(
            spans,
            [
                Span {
                    from: 540,
                    until: 750
                },
                Span {
                    from: 840,
                    until: 1440
                }
            ]
        );
        assert_eq!(monitoring.spans(Weekday::Tue), []);
    }

    #[test]
    fn hours_that_no_clock_shows_are_refused_and_read_as_nobody() {
        for wrong in [
            "9-17",
            "09:00-09:00",
            "17:00-09:00",
            "24:00-25:00",
            "09:00-09:75",
            "10:00-12:00, 11:00-13:00",
            "+9:00-10:00",
            "always",
        ] {
            let monitoring = with(wrong);
            assert_eq!(monitoring.spans(Weekday::Mon), [], "{wrong}");
            assert_eq!(monitoring.gaps(), [MonitoringGap::Hours], "{wrong}");
            let error = monitoring.checked().unwrap_err();
            assert_eq!(
                error.to_string(),
                "what is said of a day is not a list of times like 09:00-12:30, 14:00-17:00"
            );
        }
        let no_day = Monitoring {
            hours: [("someday".to_owned(), "09:00-10:00".to_owned())].into(),
            ..with("")
        };
        assert!(no_day.checked().is_err());
    }

    #[test]
    fn a_clinic_has_said_enough_when_somebody_reads_and_somebody_is_responsible() {
        assert_eq!(with("09:00-17:00").gaps(), []);
        let nobody = Monitoring {
            responsible: String::new(),
            zone: String::new(),
            ..with("09:00-17:00")
        };
        assert_eq!(
            nobody.gaps(),
            [MonitoringGap::Hours, MonitoringGap::Responsible]
        );
        let silent = with("");
        assert_eq!(silent.clone().checked().unwrap(), silent);
        assert_eq!(silent.gaps(), [MonitoringGap::Hours]);
    }

    #[test]
    fn a_measure_with_item_9_is_off_until_somebody_reads_it() {
        let offered = |short_name: &str| {
            let mut all = Instrument::offered();
            all.find(|one| one.short_name == short_name).unwrap()
        };
        let whole = Monitoring::examples().remove(0);
        let nobody = Monitoring {
            responsible: String::new(),
            ..whole.clone()
        };
        let (hours, responsible) = (MonitoringGap::Hours, MonitoringGap::Responsible);
        let missing =
            |set: Option<&Monitoring>| may_offer(offered("PHQ-9"), set).unwrap_err().missing;
        assert_eq!(missing(None), [hours, responsible]);
        assert_eq!(missing(Some(&nobody)), [responsible]);
        assert_eq!(may_offer(offered("PHQ-9"), Some(&whole)), Ok(()));
        for other in ["PHQ-2", "GAD-7", "PCL-5", "AUDIT-C"] {
            assert_eq!(may_offer(offered(other), None), Ok(()), "{other}");
        }
    }
}
